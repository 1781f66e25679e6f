"""Tells which operations may turn nan into a finite number."""

import itertools
import math

from ... import floats
from ...operation import Op
from ...table import OPERATIONS

__all__ = ["hides"]


def hides(op: Op) -> bool:
    """Returns whether the result may be finite where an input is nan, as for 1ᵃ and a⁰.

    It is False for operations that choose a branch, and True for all user-defined operations.
    """
    if OPERATIONS.get(op.name) is not op:
        return True
    points = itertools.product((math.nan, 0.0, 1.0), repeat=len(op.slopes))
    return not op.branches and any(math.isfinite(op.forward(floats, *at)) for at in points if math.nan in at)
