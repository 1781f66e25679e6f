"""Checks of arguments that several functions share."""

import math
import random
from operator import index
from typing import Any

from autograd import Value

__all__ = ["Seed", "generator", "not_negative", "tolerance", "whole"]

Seed = int | random.Random | None


def tolerance(tol: Any) -> float:
    """Returns the tolerance as a float; ValueError if it is not a number of at least 0, OverflowError if too large."""
    if isinstance(tol, bool) or not isinstance(tol, float | int) or not tol >= 0:
        raise ValueError(f"tol is a number, 0 or more; got {tol!r:.40}")
    return Value(tol).data


def not_negative(number: Any, what: str) -> float:
    """Returns the number as a float; TypeError if it is not a number, ValueError if it is below 0 or not finite."""
    rule = f"{what} is a finite number, 0 or more"
    try:
        value = Value(number).data
    except TypeError:
        raise TypeError(f"{rule}; got {type(number).__name__} {number!r:.40}") from None
    if not 0 <= value < math.inf:
        raise ValueError(f"{rule}; got {value}")
    return value


def whole(number: Any, what: str, least: int = 1, most: int | None = None) -> int:
    """Returns the number as an int; TypeError if it is not whole, ValueError if out of bounds. Both name `what`."""
    bounds = f"{what} is a whole number, {least} or more" if most is None else f"{what} is one of {least} to {most}"
    try:
        value = index(number)
    except TypeError:
        raise TypeError(f"{bounds}; got {type(number).__name__} {number!r:.40}") from None
    if isinstance(number, bool):
        raise TypeError(f"{bounds}; got bool {number}")
    if value < least or (most is not None and value > most):
        raise ValueError(f"{bounds}; got {value}")
    return value


def generator(seed: Seed) -> Any:
    """Returns the random generator for a seed; for None the module `random`, whose state `random.seed` sets."""
    if seed is None:
        return random
    return seed if isinstance(seed, random.Random) else random.Random(whole(seed, "a seed", least=-(2**63)))
