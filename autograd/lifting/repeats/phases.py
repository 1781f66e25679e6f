"""Chooses where the blocks of a run begin: where the fewest numbers go from one block to the next.

The order of a graph's nodes may cut a step in two: it may put the last gate of an LSTM into the block of the next step.
So nodes are moved to the block before or after, as in the retiming of circuits (C. E. Leiserson and J. B. Saxe, 1991).
A node that is moved makes its operands come from further back, and its own result from less far, or the other way.
Nodes that need no earlier step, or that no later step needs, are taken out of the loop.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layout import Ids
from .steps import Growing
from .stretches import FEWEST, LAGS, Flat, Run

__all__ = ["phased"]


def phased(flat: Flat, run: Run, begin: int, end: int) -> Run | None:
    """Returns the run with better blocks, without the nodes that need no loop; None if no node needs one.

    The nodes from `begin` on and before `end` may belong to the run.
    """
    inside = _in_cycles(run.columns)
    if not inside:
        return None
    steps, period = run.rows.shape
    grows = any(isinstance(flat.form.nodes[flat.numbers[i]], Growing) for i in run.rows[0].tolist())
    moves = {} if grows else _moves(run, inside, flat.keys[run.rows[0]].tolist())
    if moves:
        order = sorted(inside, key=lambda k: (moves[k], k))
        shift = np.array([moves[k] for k in order])
        steps -= shift[-1]
        for first, more in [(-1, 1), (-1, 0), (0, 1), (0, 0)]:  # a block of which the run has a part may be whole now
            rows = run.at + period * (np.arange(first, steps + more)[:, None] + shift) + order
            if len(rows) >= FEWEST and begin <= rows.min() and rows.max() < end and _are_alike(flat, rows):
                found = _with_rows(flat, run, rows)
                if found is not None:
                    return found
    return _with_rows(flat, run, run.rows[:, inside])


def _are_alike(flat: Flat, rows: Ids) -> bool:
    keys = flat.keys[rows]
    return bool((keys == keys[0]).all())


def _with_rows(flat: Flat, run: Run, rows: Ids) -> Run | None:
    """Returns the run with these blocks; None if they do not repeat each other."""
    at, until = min(run.at, int(rows.min())), max(run.until, int(rows.max()) + 1)
    needs = np.zeros(until - at, bool)  # nodes of the blocks, and nodes that read them
    needs[rows - at] = True
    ahead: list[int] = []
    behind: list[int] = []
    for position in (at + np.flatnonzero(~needs)).tolist():
        places = flat.place[flat.start[position] : flat.start[position + 1]] - at
        needs[position - at] = needs[places[places >= 0]].any()
        (behind if needs[position - at] else ahead).append(position)
    found = flat.reads(rows, at, until, ahead)
    return None if found is None else Run(rows, *found, at, until, ahead, behind)


def _in_cycles(columns: list[list[Any]]) -> list[int]:
    """Returns the nodes of a block that need a loop: those that read a cycle and are read by one.

    "Read" includes reading through other nodes.
    """
    reads = [[column[1] for column in own if type(column) is tuple] for own in columns]
    users: list[list[int]] = [[] for _ in columns]
    for k, own in enumerate(reads):
        for x in own:
            users[x].append(k)
    gone: set[int] = set()
    for ways, back in ((reads, users), (users, reads)):
        left = [sum(x not in gone for x in way) for way in ways]
        ready = [k for k in range(len(columns)) if left[k] == 0 and k not in gone]
        while ready:
            k = ready.pop()
            gone.add(k)
            for x in back[k]:
                left[x] -= 1
                if left[x] == 0 and x not in gone:
                    ready.append(x)
    return [k for k in range(len(columns)) if k not in gone]


def _moves(run: Run, inside: list[int], keys: list[int]) -> dict[int, int]:
    """Returns by how many blocks each node is computed earlier; an empty dict if no moves are better than none.

    The block begins as it does, or at another node. Then each node that may come in a later block does, and each that
    may come in an earlier one, if no more numbers go from block to block.
    """
    stays, turned = _Ways(run, inside), _Ways(run, inside)
    cost = stays.cost(keys)
    gains = [0]
    for k in inside:
        gains.append(gains[-1] + turned.moved(k, 1))
    for k in inside[gains.index(max(gains)) :]:
        turned.moved(k, -1)
    for ways in (stays, turned):
        for order, by in ((inside[::-1], -1), (inside, 1)):
            for k in order:
                if ways.can_move(k, by) and ways.moved(k, by) < 0:
                    ways.moved(k, -by)
    best = min(stays, turned, key=lambda ways: ways.cost(keys))
    if best.cost(keys) >= cost:
        return {}
    least = min(best.moves.values())
    return {k: by - least for k, by in best.moves.items()}


class _Ways:
    """How many blocks back each node of a block reads the others. How far back it reads itself never changes."""

    def __init__(self, run: Run, inside: list[int]) -> None:
        self.moves = dict.fromkeys(inside, 0)  # by node: by how many blocks it is computed earlier
        self.reads: dict[int, set[tuple[int, int]]] = {k: set() for k in inside}  # (operand, blocks back before moves)
        self.counts = {k: [0] * (LAGS + 3) for k in inside}  # by node: how many others read it from so many blocks back
        self.own = dict.fromkeys(inside, 0)
        for k in inside:
            for column in run.columns[k]:
                if type(column) is tuple and column[1] == k:
                    self.own[k] = max(self.own[k], column[0])
                elif type(column) is tuple and column[1] in self.moves:
                    self.reads[k].add((column[1], column[0]))
            for x, behind in self.reads[k]:
                self.counts[x][behind] += 1

    def cost(self, keys: list[int]) -> tuple[int, int]:
        """Returns how many numbers go from block to block, and of how many kinds they are."""
        carried = {k: self.most(k) for k in self.moves}
        return sum(carried.values()), len({keys[k] for k, most in carried.items() if most})

    def most(self, k: int) -> int:
        """Returns for how many blocks a node's result is needed."""
        return max(self.own[k], *self._uses(k), 0)

    def _uses(self, k: int) -> list[int]:
        return [behind for behind, count in enumerate(self.counts[k]) if count]

    def _behind(self, k: int) -> list[int]:
        return [behind + self.moves[x] - self.moves[k] for x, behind in self.reads[k]]

    def can_move(self, k: int, by: int) -> bool:
        """Returns whether a node can be computed a block earlier (`by` is 1) or later (−1)."""
        less, more = (self._behind(k), self._uses(k)) if by > 0 else (self._uses(k), self._behind(k))
        return min(less, default=0) >= 1 and max(more, default=0) < LAGS

    def moved(self, k: int, by: int) -> int:
        """Moves a node to the block before (`by` is 1) or after (−1); returns how many fewer numbers go on for that."""
        touched = {k, *(x for x, _ in self.reads[k])}
        before = sum(map(self.most, touched))
        for (x, _), behind in zip(self.reads[k], self._behind(k), strict=True):
            self.counts[x][behind] -= 1
            self.counts[x][behind - by] += 1
        self.moves[k] += by
        self.counts[k] = [*self.counts[k][-by:], *self.counts[k][:-by]]
        return before - sum(map(self.most, touched))
