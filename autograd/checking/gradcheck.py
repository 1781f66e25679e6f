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
    """A derivative that is not the rise over the run; the message has the point and both numbers."""


def check_grads(
    f: Callable[..., Any], inputs: Any, order: int = 2, modes: Iterable[str] = MODES, tol: float = 1e-7
) -> None:
    """Raise DerivativeError unless f's derivatives at `inputs` are right, in each mode, up to `order` (6 at most).

    `inputs` is a tuple of f's arguments, or its one argument if it is no tuple; every number in them is varied. The
    derivatives of order 1 are held against the rise over the run of f, those of order 2 against that of the derivatives
    of order 1, and so on, where a second derivative is tried forward and in reverse over each first one. A derivative
    passes if it differs by less than `tol` of its size and a few times what the finite differences may be off, by what
    rounding does to f and to the numbers it is made from, those inside of its operations too. It is no derivative at a
    corner, where f has one slope on the left and another on the right, be it that both sides cancel as those of |x|.

    Up to four inputs of alike size are varied one by one. More of them are varied together at first, in two random
    directions, which are the same at each call; and one by one where a derivative along these is further off than
    rounding explains. So one wrong derivative among 50 × 50 is found, unless what is wrong about it is less than about
    1e-9 of the others in its row: in a second derivative, of those that share one of its inputs.

    The error names the point, both numbers and, where it can be told, the operation whose rule is wrong, or which has
    the corner. Raises DomainError where f has no value at the point itself (beside it, any ValueError or
    ArithmeticError only means that a step was too long), ValueError if the point, or f there, is not finite, and
    TypeError for results of which there are not always equally many.

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
