"""`check_grads`: derivatives held against finite differences, which know nothing of any rule."""

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
HIGHEST = 6  # there are as many derivatives as inputs, to the power of their order


class DerivativeError(AssertionError):
    """A derivative that is not the rise over the run. The message has the point and both numbers."""


def check_grads(
    f: Callable[..., Any], inputs: Any, order: int = 2, modes: Iterable[str] = MODES, tol: float = 1e-7
) -> None:
    """Raise DerivativeError unless f's derivatives at `inputs` are right, in each mode, up to `order` (6 at most).

    `inputs` is a tuple of f's arguments, or its one argument if it is no tuple; every number in them is varied.
    Derivatives of order 1 are compared with the rise over the run of f, those of order 2 with the rise over the run of
    those of order 1, and so on. A second derivative is taken forward and in reverse over each first one.

    A derivative passes if it differs by less than `tol` of its size plus a few times the error of the finite
    differences: that is what rounding does to f and to the numbers it is made from, inside of operations too. At a
    corner there is no derivative, and the check fails there: f has one slope on the left and another on the right,
    even if they cancel, as those of |x| do.

    Up to four inputs of alike size are varied one by one. More of them are first varied together, in two random
    directions (the same ones at each call). They are varied one by one where a derivative along these is further off
    than rounding explains. So one wrong derivative among 50 × 50 is found, unless its mistake is less than about 1e-9
    of the others in its row: of the second derivatives that share one of its inputs.

    The error names the point, both numbers and, where it can be told, the operation whose rule is wrong or which has
    the corner. Raises DomainError where f has no value at the point itself (beside it, a ValueError or ArithmeticError
    means that a step was too long), ValueError if the point, or f there, is not finite, and TypeError if f does not
    always return equally many numbers.

        >>> check_grads(lambda x, y: x * y.exp(), (2.0, 0.5))  # silence: all of them are right
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
    with varying():  # one warning a line for all the derivatives that are taken
        point = Point(f, as_arguments(inputs))
        for degree in range(1, order + 1):
            wrong = list(mismatches(point, degree, modes, tol))
            if wrong:
                raise DerivativeError(report(point, wrong, degree, modes, tol))
