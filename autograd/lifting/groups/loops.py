"""Makes loops of steps that repeat: finds the arrays that a step makes, and those that it reads.

Loops of one kind, such as those of a batch of sequences, run side by side as one loop. A loop that is too small for
arrays works on single numbers: on plain floats, unless they vary by example.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from ...operation import Op
from ..layout import CONSTANTS, Ids, Laid, Layout
from ..recorded.nodes import Applied, Nodes, Sum
from ..repeats.steps import Carried, Past, Read, Repeated, Same, Stepped
from .hiding import hides
from .levels import levels, worked_out
from .recognition import Group

__all__ = ["Repetition", "all_groups", "needs_arrays", "repetition"]

SMALL = 8  # nodes in a group: with fewer, a step works on single numbers


class Repetition(NamedTuple):
    """A loop: the groups of a step, and where the arrays that they read come from."""

    steps: int
    groups: list[Group]  # of one step
    carried: list[tuple[int, Ids, Ids]]  # an array, its nodes at the first step, and the nodes the next step gets
    stepped: list[tuple[int, Ids]]  # an array, and its nodes at each step
    same: list[tuple[int, int]]  # an array of one number, and the node that it is at every step
    kept: list[tuple[int, int]]  # an array of all steps, and the array of one step
    last: list[tuple[int, int]]  # an array of the last step, if only that is read, and the array of one step
    floats: bool  # whether it runs on plain floats
    pasts: list[tuple[int, int, Past]]  # an array that is a sum over earlier steps, the node summed, and the terms

    def needed(self, layout: Layout, read: set[int]) -> set[int]:
        """Returns the arrays of a step that a later step reads, or whose array of all steps is in `read`."""
        handed = {array for _, _, after in self.carried for array in layout.sources(after)}
        handed |= {int(layout.array_of[of]) for _, of, _ in self.pasts}
        return handed | {one for every, one in self.kept if every in read}

    def sources(self, layout: Layout) -> set[int]:
        """Returns the numbers of the arrays outside the loop that the loop reads."""
        read = [np.array([node]) for _, node in self.same] + [ids for _, ids in self.stepped]
        read += [first for _, first, _ in self.carried]
        for _, _, past in self.pasts:
            read += [np.array(ids) for ids in (past.first, past.weights[past.weights >= 0]) if len(ids)]
        return {array for ids in read for array in layout.sources(ids)}


def all_groups(groups: Sequence[Group | Repetition]) -> Iterator[Group]:
    """Yields all groups, including those inside loops."""
    for group in groups:
        yield from group.groups if isinstance(group, Repetition) else [group]


def repetition(layout: Layout, alike: Sequence[Repeated], used: set[int]) -> Repetition:
    """Returns one loop made of several that run side by side; `used` are the nodes that are read outside the loop."""
    block = _side_by_side(alike)
    steps, width = block.nodes.shape
    base = int(layout.fresh(len(block.body) + len(block.read))[0])

    def number(k: int) -> int:
        """Returns the node number that stands for an operand of the body."""
        if k >= 0:
            return base + k
        read = block.read[~k]
        if isinstance(read, Same) and (not single or layout.array_of[read.node] == CONSTANTS):
            return read.node
        return base + len(block.body) + ~k

    varying = _varying(layout, block)
    ranks = _ranks(layout, block)
    single = len(block.body) < SMALL * len(ranks) or bool(block.pasts)
    floats = (
        single
        and not any(varying)
        and not any(needs_arrays(node.op) for node in block.sums.values() if isinstance(node, Applied))
    )
    # arrays that a step reads
    same = [(layout.place(np.array([number(~k)]), Laid((), varying[~k], layout.is_active(np.array([x.node])))), x.node)
            for k, x in enumerate(block.read) if isinstance(x, Same) and number(~k) != x.node]  # fmt: skip
    stepped = []
    for columns in _sources(layout, block, single):
        ids = np.stack([rows for _, rows in columns], axis=1)
        fresh = np.array([number(~k) for k, _ in columns])
        varies, shape = any(varying[~k] for k, _ in columns), () if single else (len(columns),)
        array = layout.place(fresh, Laid(shape, varies, layout.is_active(ids)))
        stepped.append((array, ids[:, 0] if single else ids))
    carried = []
    for members in _classes(block, ranks, varying, single):
        fresh = np.array([number(~k) for k, _ in members])
        shape = () if single else (len(members),)
        array = layout.place(fresh, Laid(shape, varying[~members[0][0]], active=True))
        first, after = (np.array([x.first for _, x in members]), np.array([number(x.of) for _, x in members]))
        carried.append((array, first[0] if single else first, after[0] if single else after))
    pasts = []
    for k, past in block.pasts.items():
        array = layout.place(np.array([base + k]), Laid((), varying[k], active=True))
        pasts.append((array, number(past.of), past))
    # arrays that a step makes
    body, row = Nodes.of(_renumbered(block, number)), {k: row for row, k in enumerate(block.sums)}
    ordered = [[k] for k in row.values()] if single else [[row[k] for k in members] for members in ranks]
    groups = [group for members in ordered for group in worked_out(layout, body, members)]
    kept, last = [], []
    extra = layout.fresh(steps * (len(block.body) - width)).reshape(steps, -1)
    nodes = np.concatenate([block.nodes, extra], axis=1)
    handed = [after.tolist() for _, _, after in carried]
    for group in groups:
        laid, which = layout.arrays[group.array], group.nodes - base
        rows = np.where(
            which < nodes.shape[1],
            nodes[:, np.minimum(which, nodes.shape[1] - 1)],
            layout.unread(steps * len(which)).reshape(steps, -1),
        )
        mine = group.nodes.tolist()
        if used.isdisjoint(rows[:-1].ravel().tolist()) and (mine[0] if single else mine) in handed:
            last.append((layout.place(rows[-1], laid), group.array))
        else:
            kept.append((layout.place(rows, laid._replace(shape=(steps, *laid.shape))), group.array))
    return Repetition(steps, groups, carried, stepped, same, kept, last, floats, pasts)


def _classes(
    block: Repeated, ranks: list[list[int]], varying: list[bool], single: bool
) -> list[list[tuple[int, Carried]]]:
    """Returns lists of the carried operands, as (position, operand); each list becomes one array.

    Operands that are made in one group are in one list, unless each number stands alone (`single`).
    """
    rank: dict[int, Any] = {k: i for i, members in enumerate(ranks) for k in members}
    classes: dict[Any, list[tuple[int, Carried]]] = {}
    for k, x in enumerate(block.read):
        if isinstance(x, Carried):
            rank[~k] = "carried", rank[x.of]
            classes.setdefault(k if single else (rank[x.of], varying[~k]), []).append((k, x))
    return [sorted(members, key=lambda member: member[1].of) for members in classes.values()]


def _ranks(layout: Layout, block: Repeated) -> list[list[int]]:
    """Returns lists of the body's nodes: one for each kind on each level, from the lowest level up."""
    count = len(block.body)
    is_plain = [(isinstance(x, Stepped) and x.nodes is None)
                or (isinstance(x, Same) and x.node >= layout.plain and bool(layout.array_of[x.node] == CONSTANTS))
                for x in block.read]  # fmt: skip
    body = Nodes.of(_renumbered(block, lambda k: k if k >= 0 else count + ~k))
    found = levels(body, np.array([*[False] * count, *is_plain]), range(len(body.numbers)))
    return [body.numbers[rows].tolist() for rows in found]


def needs_arrays(op: Op | None) -> bool:
    """Returns whether an operation cannot run on plain floats.

    It cannot if it takes any number of inputs, or may turn nan into a finite number.
    """
    return op is not None and (not op.slopes or hides(op))


def _renumbered(block: Repeated, number: Any) -> dict[int, Sum | Applied]:
    made: dict[int, Sum | Applied] = {}
    for k, node in block.sums.items():
        if isinstance(node, Applied):
            made[number(k)] = Applied(node.op, [*map(number, node.inputs)])
        else:
            u, v, w = ([*map(number, part)] for part in (node.u, node.v, node.w))
            made[number(k)] = node._replace(u=u, v=v, w=w)
    return made


def _side_by_side(alike: Sequence[Repeated]) -> Repeated:
    """Returns one block made of several; an operand that they share is read once."""
    if len(alike) == 1:
        return alike[0]
    nodes = np.concatenate([block.nodes for block in alike], axis=1)
    body: dict[int, Sum | Applied | Past] = {}
    read: list[Read] = []
    known: dict[Any, int] = {}
    start, beyond = 0, nodes.shape[1]
    for block in alike:
        width = block.nodes.shape[1]
        place = {k: start + k if k < width else beyond + k - width for k in block.body}
        where: dict[int, int] = {}

        def number(k: int, place: dict[int, int] = place, where: dict[int, int] = where) -> int:
            return place[k] if k >= 0 else where[k]

        for k, x in enumerate(block.read):
            if isinstance(x, Carried):
                x = x._replace(of=number(x.of))
            key = x.key if isinstance(x, Stepped) else x
            if key not in known:
                known[key] = ~len(read)
                read.append(x)
            where[~k] = known[key]
        body |= _renumbered(block, number)
        body |= {number(k): past._replace(of=number(past.of)) for k, past in block.pasts.items()}
        start += width
        beyond += len(block.body) - width
    return Repeated(nodes, body, read)


def _varying(layout: Layout, block: Repeated) -> list[bool]:
    """Returns a list of bools: whether each operand of the body varies by example; `read[k]` is at position ~k."""
    varying = [False] * (len(block.body) + len(block.read))
    while True:
        before = [*varying]
        for k, x in enumerate(block.read):
            if isinstance(x, Stepped):
                varying[~k] = x.nodes is not None and layout.varies(x.nodes)
            else:
                varying[~k] = layout.varies(np.array(x.first if isinstance(x, Carried) else x.node))
                varying[~k] |= isinstance(x, Carried) and varying[x.of]
        for k, past in block.pasts.items():
            outside = np.array([*past.first, *past.weights[past.weights >= 0]], int)
            varying[k] = varying[past.of] or any(layout.varies(np.array([x])) for x in outside.tolist())
        for k, node in block.sums.items():
            operands = node.inputs if isinstance(node, Applied) else (*node.u, *node.v, *node.w)
            varying[k] = any(varying[x] for x in operands)
        if varying == before:
            return varying


def _sources(layout: Layout, block: Repeated, single: bool) -> list[list[tuple[int, Ids]]]:
    """Returns lists of the operands that differ at each step, as (position, the node of each step).

    Operands that lie in one array are in one list, unless each number stands alone (`single`).
    """
    found: dict[Any, list[tuple[int, Ids]]] = {}
    for k, x in enumerate(block.read):
        if isinstance(x, Stepped):
            ids = x.nodes if x.nodes is not None else layout.numbered(x.numbers)  # type: ignore[arg-type]  # one is set
            found.setdefault(k if single else layout.source(ids), []).append((k, ids))
    for columns in found.values():
        columns.sort(key=lambda column: int(layout.keys(column[1][:1])[0]))
    return [*found.values()]
