"""Makes the block of a run: the nodes that must be computed step by step."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..recorded.nodes import Applied, Sum
from .growing import past, without_latest
from .steps import Carried, Growing, Numbers, Past, Read, Repeated, Same, Stepped
from .stretches import Flat, Run

__all__ = ["block"]


def block(flat: Flat, run: Run) -> Repeated:
    """Returns the block of a run."""
    width = run.rows.shape[1]
    numbers = np.array(flat.numbers[run.at : run.until])[run.rows - run.at]
    body: dict[int, Sum | Applied | Past] = {}
    read: list[Read] = []
    known: dict[Any, int] = {}

    def outer(key: Any, x: Read) -> int:
        if key not in known:
            known[key] = ~len(read)
            read.append(x)
        return known[key]

    def carried(which: int, behind: int) -> int:
        if behind == 0:
            return which
        return outer((which, behind), Carried(carried(which, behind - 1), run.before[behind, which]))

    def operand(column: Any) -> int:
        if isinstance(column, Same):
            return outer(column, column)
        if isinstance(column, Stepped):
            return outer(column.key, column)
        return carried(column[1], column[0])

    def plain(column: Numbers) -> float | int:
        """Returns a plain number of a sum as a float; if the steps have different numbers, the number of an operand."""
        if (column == column[0]).all():
            return float(column[0])
        return outer((len(column), column.tobytes()), Stepped(None, column.copy()))

    for k in range(width):
        node = flat.form.nodes[int(numbers[0, k])]
        if isinstance(node, Growing):
            grown: Any = [flat.form.nodes[number] for number in numbers[:, k].tolist()]
            behind, which = run.columns[k][0]
            if behind:
                body[k] = past(grown, which)
                continue
            earlier = _next(body, width)
            body[earlier] = past([*map(without_latest, grown)], which)
            weights, latest = (np.array([part[-1] for part in parts]) for parts in [*zip(*grown, strict=True)][1:])
            node = (
                Sum([0], [0], [0.0], [0], [0.0], 0.0) if weights[0] >= 0 else Sum([], [], [], [0, 0], [0.0, 0.0], 0.0)
            )
            reads = [*([operand(Stepped(weights))] if node.u else []), which, earlier]
            body[k] = _sum(node, reads, [plain(latest), 1.0, 0.0], body, width)
            continue
        reads = [operand(column) for column in run.columns[k]]
        if isinstance(node, Applied):
            body[k] = Applied(node.op, reads)
        else:
            n = len(node.u)
            scale = flat.nodes.scale[flat.start[run.rows[:, [k]]] + np.arange(len(reads))]
            mine = np.hstack([scale[:, :n], scale[:, 2 * n :], flat.nodes.constant[run.rows[:, [k]]]])
            body[k] = _sum(node, reads, [*map(plain, mine.T)], body, width)
    return Repeated(numbers, body, read)


def _next(body: dict[int, Any], width: int) -> int:
    """Returns the number for one more node of the body, which the graph does not have."""
    return width + sum(k >= width for k in body)


def _sum(
    node: Sum, reads: list[int], plain: list[float | int], body: dict[int, Sum | Applied | Past], width: int
) -> Sum:
    """Returns a sum of the body, in which plain numbers that differ from step to step are operands.

    It may add further sums to the body.
    """
    n = len(node.u)
    made = Sum([], [], [], [], [], 0.0)
    for u, v, c in zip(reads[:n], reads[n : 2 * n], plain, strict=False):
        if isinstance(c, int):
            extra = _next(body, width)
            body[extra] = Sum([c], [u], [1.0], [], [], 0.0)
            u, c = extra, 1.0
        made.u.append(u)
        made.v.append(v)
        made.c.append(c)
    for w, d in zip(reads[2 * n :], plain[n:], strict=False):
        if isinstance(d, int):
            made.u.append(d)
            made.v.append(w)
            made.c.append(1.0)
        else:
            made.w.append(w)
            made.d.append(d)
    constant = plain[-1]
    if isinstance(constant, int):
        made.w.append(constant)
        made.d.append(1.0)
        return made
    return made._replace(constant=constant)
