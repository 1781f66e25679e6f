"""Lists factors of a gradient that are computed from another array by mistake, such as tanh(c_prev) for tanh(c)."""

from __future__ import annotations

from collections.abc import Iterator

from ...programs.assignments import Array, Assignment, Constant, Map, View
from ...programs.recorded import Recorded
from ...programs.reverse import Way
from ..edits import called, listed
from ..relatives import relatives
from .other_turns import Data, Values

__all__ = ["of_other_inputs"]

DEEPEST = 3  # the largest number of steps from the right array to the wrong one


def of_other_inputs(recorded: Recorded, rights: dict[Way, Assignment]) -> Iterator[tuple[str, Values, Data]]:
    """Yields wrong factors: the same function or view of another array that the right one depends on.

    An array without its bias is among these, and the array of the turn before.
    """
    ways = sorted(rights)
    inputs = [_input(rights[way]) for way in ways]
    of = [array for array in inputs if array is not None]
    if len(of) < len(ways) or all(array.value.size == 1 for array in of):
        return
    names = listed(called(rights[way]) for way in ways)
    for others in relatives(of, [array.shape for array in of], deepest=DEEPEST):
        values = {way: _with_input(rights[way], other) for way, other in zip(ways, others, strict=True)}
        instead = f"{listed(map(called, others))} in the place of {listed(map(called, of))}"
        yield f"{names}, with {instead},", values, ()


def _input(array: Assignment) -> Assignment | None:
    """Returns the array that a view, or a function of one array, is made of."""
    if not isinstance(array, View | Map):
        return None
    of = [operand for operand in array.operands if not isinstance(operand, Constant)]
    return of[0] if len(of) == 1 else None


def _with_input(array: Assignment, other: Assignment) -> Array:
    of = _input(array)
    return array.forward([other.value if operand is of else operand.value for operand in array.operands])
