"""Slices: positions in an array, written as the view of it that has them, where there is one."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["Ids", "cut", "progression", "stepped"]

Ids = NDArray[np.int64]


def progression(positions: Ids) -> str | None:
    """start:stop:step, if that is what they are."""
    first, n = int(positions[0]), len(positions)
    step = int(positions[1]) - first if n > 1 else 1
    if step == 0 or (n > 2 and (np.diff(positions) != step).any()):
        return None
    last = first + n * step if step == 1 else first + (n - 1) * step + (1 if step > 0 else -1)
    stop = "" if last < 0 else str(last)
    return f"{first}:{stop}" if step == 1 else f"{first}:{stop}:{step}"


def cut(positions: Ids, rows: int, columns: int) -> str | None:
    """The part of an array of so many rows and columns; {} stands for its name.

    `positions` has rows and columns too, and counts the array's places row by row.
    """
    i, j = positions // columns, positions % columns
    if (i != i[:, :1]).any() or (j != j[:1]).any():
        return None
    down, across = progression(i[:, 0]), progression(j[0])
    if down is None or across is None:
        return None
    all_rows, all_columns = down == f"0:{rows}", across == f"0:{columns}"
    if all_columns:
        return "{}" if all_rows else f"{{}}[{down}]"
    return f"{{}}[:, {across}]" if all_rows else f"{{}}[{down}, {across}]"


def stepped(positions: Ids, size: int) -> str | None:
    """The same for an array without columns, of this size; no place is in the view twice."""
    rows, columns = positions.shape
    first = int(positions[0, 0])
    down = int(positions[1, 0]) - first if rows > 1 else columns
    across = int(positions[0, 1]) - first if columns > 1 else 1
    if (positions != first + down * np.arange(rows)[:, None] + across * np.arange(columns)).any():
        return None
    if columns == 1 and down not in (0, 1):
        return f"{{}}[{progression(positions[:, 0])}, None]"
    if across == 1 and down >= columns and first + rows * down <= size:
        block = f"{{}}[{first}:{first + rows * down}].reshape({rows}, {down})"
        return block if down == columns else f"{block}[:, :{columns}]"
    if len(np.unique(positions)) < positions.size:
        return None
    return f"as_strided({{}}[{first}:], ({rows}, {columns}), ({8 * down}, {8 * across}))"
