"""Numbers the runs of each source line by the layer, or the turn of a loop, that they belong to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..programs.assignments import Assignment, View
from ..programs.recorded import Recorded, once

__all__ = ["levels", "which_run"]


@once
def levels(recorded: Recorded) -> dict[int, tuple[int, bool]]:
    """Returns a dict from the number of each array to its level, and whether this is the last level of its line.

    The level is the largest number of runs of the line that lie one after the other up to this array. The neurons
    of a layer have one level, though a loop computes them one by one, or once for each example.
    """
    arrays = [array for array in recorded.program.assignments if array.place is not None]
    lines = {place: k for k, place in enumerate(dict.fromkeys(array.place.at for array in arrays if array.place))}
    runs = np.zeros((len(recorded.program.assignments), len(lines)), dtype=np.int16)
    for array in recorded.program.assignments:
        below = [operand.number for operand in array.operands]
        if below:
            runs[array.number] = runs[below].max(axis=0)
        if array.place is not None and not isinstance(array, View):
            runs[array.number, lines[array.place.at]] += 1
    last = runs.max(axis=0)
    found = {}
    for array in arrays:
        if array.place is not None:
            level = int(runs[array.number, lines[array.place.at]])
            found[array.number] = (level, level == int(last[lines[array.place.at]]))
    return found


def which_run(recorded: Recorded, array: Assignment) -> str:
    """Returns words for the run that made an array without a name, such as " in the first call of f"; "" if alone."""
    if array.name or array.place is None:
        return ""
    runs = _runs(recorded)[array.place.at, type(array), len(array.operands)]
    if len(runs) < 2 or array not in runs:
        return ""
    are_calls = array.place.function and len({run.place.path for run in runs if run.place}) == len(runs)
    unit, whole = ("call", array.place.function) if are_calls else ("turn", "the loop")
    k = runs.index(array)
    which = {0: f"the first {unit}", len(runs) - 1: f"the last {unit}"}.get(k, f"{unit} {k + 1}")
    return f" in {which} of {whole}"


@once
def _runs(recorded: Recorded) -> dict[object, Sequence[Assignment]]:
    found: dict[object, list[Assignment]] = {}
    for array in recorded.program.assignments:
        if array.place is not None:
            found.setdefault((array.place.at, type(array), len(array.operands)), []).append(array)
    return dict(found)
