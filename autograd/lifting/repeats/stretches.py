"""Checks which stretches of a graph are runs: blocks of nodes that repeat, each reading results of the block before."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..layout import Ids
from ..recorded.nodes import Applied, Nodes, Sum, hashes
from .steps import Growing, Same, Stepped, Unrolled

__all__ = ["FEWEST", "Flat", "Run"]

FEWEST = 6  # repetitions: fewer are written out, as the notes write z¹, z², …
LAGS = 4  # an operand may lie up to so many blocks back


class Run(NamedTuple):
    """A stretch of nodes in which a block repeats, and what the block reads."""

    at: int
    period: int
    steps: int
    columns: list[Any]  # for each operand (blocks back, node of the block); or Same, or Stepped
    before: dict[tuple[int, int], int]  # (blocks back, node): the graph's node that the first blocks read instead
    early: list[int]  # nodes of the block that need no earlier step
    late: list[int]  # nodes of the block that no later step needs

    @property
    def until(self) -> int:
        """The position after the last node of the run."""
        return self.at + self.period * self.steps


class Flat:
    """The nodes of a normal form as arrays, in a given order. Nodes that repeat each other in a run have equal keys."""

    def __init__(self, form: Unrolled, numbers: list[int]) -> None:
        self.form, self.numbers = form, numbers
        self.nodes = nodes = Nodes.of({number: _as_record(form.nodes[number]) for number in numbers})
        self.start, self.operands, self.owner = nodes.start, nodes.operands, nodes.owner
        place = np.full(form.size, -1)
        place[numbers] = np.arange(len(numbers))
        self.place = place[self.operands]  # each operand's position in the order; −1 for leaves and plain numbers
        self.keys = self._keys()

    def _keys(self) -> Ids:
        """Returns a number for each node, equal for nodes that may repeat each other in a run.

        Such nodes have one operation, as many operands and products, and plain numbers at the same places. A single
        output has a number of its own.
        """
        nodes, constants = self.nodes, self.form.constants
        is_plain = (self.operands >= constants.start) & (self.operands < constants.stop)
        is_plain &= nodes.kind[self.owner] > 0
        counts = np.diff(self.start)
        apart = np.zeros(len(counts), int)
        if len(self.form.outputs) == 1:  # a single output repeats no other node
            apart[nodes.numbers == self.form.outputs[0]] = 1
        where = hashes(apart, self.start, is_plain.astype(int)).view(np.int64)
        columns = np.stack([nodes.kind, nodes.products, counts, where, apart])
        keys: Ids = np.unique(columns, axis=1, return_inverse=True)[1].ravel()
        return keys

    def hashed(self, reach: int) -> NDArray[np.uint64]:
        """Returns a hash of each node's key and its operands' distances, where a distance above `reach` counts as 0."""
        distance = np.where(self.place < 0, 0, self.owner - self.place)
        return hashes(self.keys, self.start, np.where(distance <= reach, distance, 0))

    def sequences(self, start: int, period: int, steps: int) -> list[tuple[int, int]]:
        """Returns the sequences in a stretch, each as (start, end): parts in which each step needs the one before.

        A stretch may hold several sequences. A new one begins where steps read other nodes than most steps do.
        """
        places = self.place[self.start[start] : self.start[start + period * steps]].reshape(steps, -1)
        relative = places - start - period * np.arange(steps)[:, None]
        usual = np.median(relative, axis=0)
        is_usual = (relative == usual) & (places >= start)
        moving = (2 * is_usual.sum(axis=0) > steps) & (usual < period) & (usual >= -LAGS * period)
        if not (moving & (usual < 0)).any():
            return []
        begins = ~is_usual[:, moving].all(axis=1)
        begins[1:] &= ~begins[:-1]
        bounds = np.flatnonzero(np.concatenate([begins, [True]]))
        parts = [(int(a), int(b)) for a, b in pairwise([0, *bounds[bounds > 0].tolist()]) if b - a >= FEWEST]
        return [(start + period * a, start + period * b) for a, b in parts]

    def run(self, start: int, period: int, steps: int) -> Run | None:
        """Returns the run that begins at `start` or a few blocks later; None if there is none."""
        for skipped in range(min(LAGS, steps - FEWEST) + 1):
            run = self._run(start + skipped * period, period, steps - skipped)
            if run is not None:
                return run
        return None

    def _run(self, at: int, period: int, steps: int) -> Run | None:
        until = at + period * steps
        begin, end = self.start[at], self.start[until]
        ids, places = (part[begin:end].reshape(steps, -1) for part in (self.operands, self.place))
        within = places[-1] >= at
        relative = places - at - period * np.arange(steps)[:, None]
        behind, which = np.divmod(relative[-1], period)
        behind = np.where(within, -behind, 0)
        first = np.arange(steps)[:, None] < behind  # these operands lie before the first block
        if behind.max(initial=0) == 0 or behind.max() > LAGS or behind.max() >= steps:
            return None
        if not np.where(within, np.where(first, places < at, relative == relative[-1]), places < at).all():
            return None
        constant = (ids == ids[0]).all(axis=0)
        before: dict[tuple[int, int], int] = {}
        columns: list[Any] = []
        for k in range(ids.shape[1]):
            if not within[k]:
                columns.append(Same(int(ids[0, k])) if constant[k] else Stepped(ids[:, k].copy()))
                continue
            lag, node = int(behind[k]), int(which[k])
            columns.append((lag, node))
            for step in range(lag):
                if before.setdefault((lag - step, node), int(ids[step, k])) != ids[step, k]:
                    return None
        early, late = _apart(period, self.owner[begin : begin + len(columns)] - at, columns)
        run = Run(at, period, steps, columns, before, early, late)
        return run if len(early) + len(late) < period else None


def _as_record(node: Sum | Applied | Growing) -> Sum | Applied:
    """Returns the node itself; for a growing sum, an operation on its latest result."""
    return Applied(Growing, [node.results[-1]]) if isinstance(node, Growing) else node  # type: ignore[arg-type]


def _apart(period: int, owner: Ids, columns: list[Any]) -> tuple[list[int], list[int]]:
    """Returns two lists of nodes of a block that need no loop: nodes that read no cycle, and nodes that no cycle reads.

    "Read" includes reading through other nodes.
    """
    reads: list[list[int]] = [[] for _ in range(period)]
    users: list[list[int]] = [[] for _ in range(period)]
    for k, column in zip(owner.tolist(), columns, strict=True):
        if type(column) is tuple:
            reads[k].append(column[1])
            users[column[1]].append(k)
    gone: set[int] = set()
    found = []
    for ways, back in ((reads, users), (users, reads)):
        left = [sum(x not in gone for x in way) for way in ways]
        ready = [k for k in range(period) if left[k] == 0 and k not in gone]
        peeled = []
        while ready:
            k = ready.pop()
            peeled.append(k)
            for x in back[k]:
                left[x] -= 1
                if left[x] == 0 and x not in gone:
                    ready.append(x)
        gone |= set(peeled)
        found.append(sorted(peeled))
    return found[0], found[1]
