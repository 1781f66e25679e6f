"""Numbers the runs of each source line by the layer, or the turn of a loop, that they belong to."""

from __future__ import annotations

import numpy as np

from ..programs.assignments import View
from ..programs.recorded import Recorded, once

__all__ = ["levels"]


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
