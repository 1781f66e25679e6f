"""Numbers the runs of each source line by the layer, or the turn of a loop, that they belong to."""

from __future__ import annotations

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
    column = {at: k for k, at in enumerate(at for at, runs in _lines(recorded).items() if len(runs) > 1)}
    levels = np.zeros((len(recorded.program.assignments), len(column) + 1), dtype=np.int16)
    for array in recorded.program.assignments:
        below = [operand.number for operand in array.operands]
        if below:
            levels[array.number] = levels[below].max(axis=0)
        if array.place is not None and array.place.at in column and not isinstance(array, View):
            levels[array.number, column[array.place.at]] += 1
    last, found = levels.max(axis=0), {}
    for array in recorded.program.assignments:
        if array.place is not None:
            k = column.get(array.place.at, -1)
            found[array.number] = (int(levels[array.number, k]), bool(levels[array.number, k] == last[k]))
    return found


def which_run(recorded: Recorded, array: Assignment) -> str:
    """Returns words for the run that made an array without a name, such as " in the first call of f"; "" if alone.

    A view that several turns use, such as theta[1:], is of none of them.
    """
    is_shared = isinstance(array, View) and sum(array in node.operands for node in recorded.program.assignments) > 1
    if array.name or array.place is None or is_shared:
        return ""
    k, n, are_calls = _runs(recorded)[array.number]
    if n < 2:
        return ""
    unit, whole = ("call", array.place.function) if are_calls else ("turn", "the loop")
    which = {0: f"the first {unit}", n - 1: f"the last {unit}"}.get(k, f"{unit} {k + 1}")
    return f" in {which} of {whole}"


@once
def _runs(recorded: Recorded) -> dict[int, tuple[int, int, bool]]:
    """Returns a dict from the number of an array to its place among the runs of its operation.

    This is its index, the number of runs, and whether each is in a call of its own of the function.
    """
    found: dict[int, tuple[int, int, bool]] = {}
    for line in _lines(recorded).values():
        kinds: dict[object, list[Assignment]] = {}
        for array in line:
            kinds.setdefault((type(array), len(array.operands)), []).append(array)
        for runs in kinds.values():
            paths = {run.place.path for run in runs if run.place and run.place.function}
            found |= {run.number: (k, len(runs), len(paths) == len(runs)) for k, run in enumerate(runs)}
    return found


@once
def _lines(recorded: Recorded) -> dict[object, list[Assignment]]:
    """Returns a dict from each place in the source to the arrays that were made there."""
    lines: dict[object, list[Assignment]] = {}
    for array in recorded.program.assignments:
        if array.place is not None:
            lines.setdefault(array.place.at, []).append(array)
    return lines
