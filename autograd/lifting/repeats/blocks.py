"""The block of a run: what must be worked out step by step."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..recorded.nodes import Applied, Sum
from .steps import Carried, Numbers, Read, Repeated, Same, Stepped
from .stretches import Flat, Run

__all__ = ["block"]


def block(flat: Flat, run: Run) -> Repeated:
    """What must be worked out step by step."""
    at, period, steps = run.at, run.period, run.steps
    nodes = flat.nodes
    numbers = nodes.numbers[at : run.until].reshape(steps, period)
    constants = nodes.constant[at : run.until].reshape(steps, period)
    outside = {*run.early, *run.late}
    inside = [k for k in range(period) if k not in outside]
    here = {k: i for i, k in enumerate(inside)}
    body: dict[int, Sum | Applied] = {}
    read: list[Read] = []
    known: dict[Any, int] = {}

    def outer(key: Any, x: Read) -> int:
        if key not in known:
            known[key] = ~len(read)
            read.append(x)
        return known[key]

    def carried(which: int, behind: int) -> int:
        if behind == 0:
            return here[which]
        return outer((which, behind), Carried(carried(which, behind - 1), run.before[behind, which]))

    def operand(column: Any) -> int:
        if isinstance(column, Same):
            return outer(column, column)
        if not isinstance(column, Stepped):
            behind, which = column
            if which in here:
                return carried(which, behind)
            first = [run.before[behind - step, which] for step in range(behind)]
            column = Stepped(np.array([*first, *numbers[: steps - behind, which]]))
        return outer(column.nodes.tobytes(), column)

    def plain(column: Numbers) -> float | int:
        """A number of the sums: a float, or the operand that it is where it is another one at each step."""
        if (column == column[0]).all():
            return float(column[0])
        return outer((len(column), column.tobytes()), Stepped(None, column.copy()))

    start = nodes.start[at : at + period + 1] - nodes.start[at]
    scale = nodes.scale[nodes.start[at] : nodes.start[run.until]].reshape(steps, -1)
    for k in inside:
        node, mine = nodes.record(at + k), range(start[k], start[k + 1])
        reads = [operand(run.columns[slot]) for slot in mine]
        if isinstance(node, Applied):
            body[here[k]] = Applied(node.op, reads)
        else:
            n = len(node.u)
            columns = [*scale.T[[*mine[:n], *mine[2 * n :]]], constants[:, k]]
            body[here[k]] = _sum(node, reads, [*map(plain, columns)], body, len(inside))
    return Repeated(numbers[:, inside], body, read)


def _sum(node: Sum, reads: list[int], plain: list[float | int], body: dict[int, Sum | Applied], width: int) -> Sum:
    """A sum of the body; plain numbers that are operands become factors."""
    n = len(node.u)
    made = Sum([], [], [], [], [], 0.0)
    for u, v, c in zip(reads[:n], reads[n : 2 * n], plain, strict=False):
        if isinstance(c, int):
            extra = width + len(body)
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
