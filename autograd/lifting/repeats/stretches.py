"""Checks which stretches of a graph are runs: blocks of nodes that repeat, each reading results of the block before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..layout import Ids
from ..recorded.nodes import Applied, Nodes, Sum, hashes
from .steps import Growing, Same, Stepped, Unrolled

__all__ = ["FEWEST", "LAGS", "Flat", "Run"]

FEWEST = 6  # repetitions: fewer are written out, as the notes write z¹, z², …
LAGS = 4  # an operand may lie up to so many blocks back


class Run(NamedTuple):
    """Blocks of nodes that repeat, and what they read. A position is a node's place in the order."""

    rows: Ids  # (steps, width): the positions of the nodes of each block, in topological order
    columns: list[list[Any]]  # for each node and operand: (blocks back, node of the block); or Same, or Stepped
    before: dict[tuple[int, int], int]  # (blocks back, node): the graph's node that the first blocks read instead
    at: int
    until: int  # the run is the stretch of positions from `at` to before `until`
    ahead: Sequence[int] = ()  # the positions of its other nodes: those computed before the loop,
    behind: Sequence[int] = ()  # and after it


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
            at, until = start + skipped * period, start + period * steps
            found = self.reads(np.arange(at, until).reshape(-1, period), at, until)
            if found is not None:
                return Run(np.arange(at, until).reshape(-1, period), *found, at, until)
        return None

    def reads(
        self, rows: Ids, at: int, until: int, ahead: Sequence[int] = ()
    ) -> tuple[list[list[Any]], dict[tuple[int, int], int]] | None:
        """Returns what blocks of nodes read, as in `Run`; None if the blocks do not repeat each other.

        `rows` has the positions of the nodes, `ahead` those of nodes of the same stretch that come before the loop.
        """
        steps, width = rows.shape
        counts = np.diff(self.start)[rows[0]]
        owner = np.repeat(np.arange(width), counts)
        here = self.start[rows][:, owner] + np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
        ids, places = self.operands[here], self.place[here]
        row, column, is_ahead = np.full(until - at + 1, -1), np.full(until - at + 1, -1), np.zeros(until - at + 1, bool)
        row[rows - at], column[rows - at] = np.arange(steps)[:, None], np.arange(width)
        is_ahead[np.array(ahead, int) - at] = True
        local = np.where(places < at, until - at, places - at)
        is_ahead[-1] = True
        lags, which = np.arange(steps)[:, None] - row[local], column[local]
        is_inside, is_ahead = which >= 0, is_ahead[local]
        within, behind = is_inside[-1], np.where(is_inside[-1], lags[-1], 0)
        if behind.max(initial=0) == 0 or behind.min(initial=0) < 0 or behind.max() > LAGS or behind.max() >= steps:
            return None
        repeats = is_inside & (lags == behind) & (which == which[-1])
        is_first = np.arange(steps)[:, None] < behind  # these operands lie before the first block
        if not np.where(within & ~is_first, repeats, is_ahead).all():
            return None
        constant = (ids == ids[0]).all(axis=0)
        before: dict[tuple[int, int], int] = {}
        columns: list[list[Any]] = [[] for _ in range(width)]
        for k, of in enumerate(owner.tolist()):
            if not within[k]:
                columns[of].append(Same(int(ids[0, k])) if constant[k] else Stepped(ids[:, k].copy()))
                continue
            lag, node = int(behind[k]), int(which[-1, k])
            columns[of].append((lag, node))
            for step in range(lag):
                if before.setdefault((lag - step, node), int(ids[step, k])) != ids[step, k]:
                    return None
        return columns, before


def _as_record(node: Sum | Applied | Growing) -> Sum | Applied:
    """Returns the node itself; for a growing sum, an operation on its latest result."""
    return Applied(Growing, [node.results[-1]]) if isinstance(node, Growing) else node  # type: ignore[arg-type]
