"""`check_grads`: derivatives compared with finite differences, which use no rule of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..derivatives.transforms import as_arguments
from ..diagnostics.leaving import varying
from .mismatches import mismatches
from .points import Point
from .reports import report

__all__ = ["DerivativeError", "check_grads"]

MODES = ("reverse", "forward")
HIGHEST = 6  # the number of derivatives grows as inputs to the power of the order


class DerivativeError(AssertionError):
    """Raised for a derivative that differs from the finite differences. The message has the point and both numbers."""


def check_grads(
    f: Callable[..., Any], inputs: Any, order: int = 2, modes: Iterable[str] = MODES, tol: float = 1e-7
) -> None:
    """Raises DerivativeError unless f's derivatives at `inputs` are right, in each mode, up to `order`.

    Derivatives of order 1 are compared with finite differences of f, those of order 2 with finite differences of those
    of order 1, and so on. A second derivative is computed in each mode over each mode: forward over reverse and so on.

    A derivative passes if it differs by less than `tol` of its size plus four times the error of the finite
    differences. That error includes the rounding of f and of the numbers inside its operations. At a corner, f has one
    slope on the left and another on the right, and no derivative. So the check fails there, even if finite differences
    agree with the derivative, as those of |x| at 0 do.

    Up to four inputs of similar size are varied one by one. More inputs are first varied together, in two random
    directions, the same at each call. Where a derivative along these is further off than rounding explains, the inputs
    are varied one by one. So one wrong derivative among 50 × 50 is found, unless its mistake is less than about 1e-9 of
    the other second derivatives by one of its inputs.

    Args:
        f: A function of numbers, arrays, or lists and dicts of them. It returns as many numbers at each call.
        inputs: A tuple of f's arguments, or its only argument. Every number in them is varied.
        order: The highest order that is checked, from 1 to 6.
        modes: "reverse", "forward" or both.
        tol: The allowed relative error.
    Raises:
        DerivativeError: If a derivative is wrong. The message names the point, both numbers and, if it is known, the
            operation whose rule is wrong or which has the corner.
        DomainError: If f has no value at the point. An error at a point nearby only means that a step was too long.
        ValueError: If the point, or f there, is not finite.
        TypeError: If f returns another number of results at another point.
    Example:
        >>> check_grads(lambda x, y: x * y.exp(), (2.0, 0.5))  # no output: all derivatives are right
    """
    if not callable(f):
        raise TypeError(f"check_grads takes a function and its inputs; got {type(f).__name__} {f!r:.60}")
    if type(order) is not int or not 1 <= order <= HIGHEST:
        raise ValueError(f"order is a whole number from 1 to {HIGHEST}; got {order!r:.40}")
    modes = (modes,) if isinstance(modes, str) or not isinstance(modes, Iterable) else tuple(modes)
    if not modes or not all(mode in MODES for mode in modes):
        raise ValueError(f"modes are 'reverse' and 'forward'; got {modes!r}")
    if not isinstance(tol, int | float) or not 0 <= tol < 1:
        raise ValueError(f"tol is the share by which a derivative may be off, from 0 up to 1; got {tol!r}")
    with varying():  # for all these derivatives, a line of code is warned about once
        point = Point(f, as_arguments(inputs))
        for degree in range(1, order + 1):
            wrong = list(mismatches(point, degree, modes, tol))
            if wrong:
                raise DerivativeError(report(point, wrong, degree, modes, tol))
