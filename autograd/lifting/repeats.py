"""Blocks of a graph that repeat, each reading what the one before it made: the steps of a recurrence.

The nodes stand in the order in which they are worked out. A run is a stretch of it in which the same operations come
again after every P nodes. Candidates for P come from nodes that agree in their operation and in how far behind them
their operands stand; where operands stand further away than a few blocks, they say nothing about the block.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .layout import Ids
from .normal_form import Applied, NormalForm, Sum

__all__ = ["Carried", "Repeated", "Same", "Stepped", "operands", "rolled"]

Numbers = NDArray[np.float64]

FEWEST = 6  # repetitions: fewer are written out, as the notes write z¹, z², …
TRIED = 3  # lengths of a block, of each order of magnitude
LAGS = 4  # blocks that an operand may lie behind
LEAST = 12  # nodes: a shorter run stays as it is


class Same(NamedTuple):
    """What every step reads."""

    node: int


class Carried(NamedTuple):
    """What the step before made, or carried: an operand of the body; the first step reads the node `first`."""

    of: int
    first: int


class Stepped(NamedTuple):
    """Another node, or another plain number, at each step."""

    nodes: Ids | None
    numbers: Numbers | None = None


class Repeated(NamedTuple):
    """A block of nodes, repeated. An operand k of the body is its node k, of the same step; or, below 0, `read[~k]`."""

    nodes: Ids  # (steps, width): the numbers of the first nodes of the body, at each step
    body: dict[int, Sum | Applied]  # each after what it is made of; some may be beyond the width
    read: list[Same | Carried | Stepped]

    @property
    def kind(self) -> tuple[Any, ...]:
        """Loops of one kind can be worked out side by side."""
        body = [
            (id(x.op), len(x.inputs)) if isinstance(x, Applied) else (0, len(x.u), len(x.w)) for x in self.body.values()
        ]
        return len(self.nodes), tuple(body)

    @property
    def outside(self) -> list[int]:
        """The nodes that it needs."""
        found: list[int] = []
        for x in self.read:
            if isinstance(x, Stepped):
                found += [] if x.nodes is None else x.nodes.tolist()
            else:
                found.append(x.node if isinstance(x, Same) else x.first)
        return found


def operands(node: Sum | Applied | Repeated) -> list[int]:
    """The numbers of what a node is made of, or the nodes of a loop."""
    if isinstance(node, Repeated):
        return node.outside
    return [*node.u, *node.v, *node.w] if isinstance(node, Sum) else node.inputs


def rolled(form: NormalForm) -> dict[int, Sum | Applied | Repeated]:
    """The nodes of a graph, each after what it is made of, those of a run made one: it has the number of its first."""
    if len(form.nodes) < LEAST:
        return dict(form.nodes)
    numbers = _deepest_first(form)
    flat = _Flat(form, numbers)
    taken = np.zeros(len(numbers), bool)
    found: dict[int, _Run] = {}
    for start, period, steps in _candidates(flat):
        for at, until in flat.sequences(start, period, steps):
            free = ~taken[at:until].reshape(-1, period).any(axis=1)
            for begin, end in _stretches(np.append(free, False)):
                run = flat.run(at + begin * period, period, end - begin) if end - begin >= FEWEST else None
                if run is not None:
                    taken[run.at : run.until] = True
                    found[run.at] = run
    made: dict[int, Sum | Applied | Repeated] = {}
    at = 0
    while at < len(numbers):
        run = found.get(at)
        if run is None:
            made[numbers[at]] = form.nodes[numbers[at]]
            at += 1
            continue
        stretch = np.array(numbers[run.at : run.until]).reshape(run.steps, run.period)
        made |= {k: form.nodes[k] for k in stretch[:, run.early].ravel().tolist()}
        repeated = _block(flat, run)
        made[int(repeated.nodes[0, 0])] = repeated
        made |= {k: form.nodes[k] for k in stretch[:, run.late].ravel().tolist()}
        at = run.until
    return made


def _deepest_first(form: NormalForm) -> list[int]:
    """The nodes, each after what it is made of, of which the longest chain comes first.

    So what is made of the steps of a chain, and is needed at the end, stands behind the chain and not in between.
    """
    height = [0] * form.size
    below: dict[int, list[int]] = {}
    for number, node in form.nodes.items():
        inner = below[number] = [x for x in reversed(operands(node)) if x in below]
        inner.sort(key=height.__getitem__)
        height[number] = 1 + height[inner[-1]] if inner else 1
    order: dict[int, None] = {}
    stack = sorted(dict.fromkeys(form.outputs), key=height.__getitem__)
    while stack:
        number = stack[-1]
        if number in order:
            stack.pop()
            continue
        missing = [x for x in below[number] if x not in order]
        if missing:
            stack += missing
        else:
            stack.pop()
            order[number] = None
    return list(order)


class _Run(NamedTuple):
    """A stretch of nodes that repeats, and what its block reads."""

    at: int
    period: int
    steps: int
    columns: list[Any]  # of each operand: how many blocks behind, and which node of the block; or Same, or Stepped
    before: dict[tuple[int, int], int]  # the node that stands for one of a block before the first
    early: list[int]  # nodes of the block that need no step before
    late: list[int]  # and those that no later step needs

    @property
    def until(self) -> int:
        """Where it ends."""
        return self.at + self.period * self.steps


class _Flat:
    """A normal form as arrays: the operands of all nodes one after another, and their plain numbers."""

    def __init__(self, form: NormalForm, numbers: list[int]) -> None:
        self.form, self.numbers = form, numbers
        kinds: dict[tuple[Any, ...], int] = {}
        keys, operands, plain, counts, plains = [], [], [], [], []
        apart = form.outputs if len(form.outputs) == 1 else []  # it stands for itself
        for number in numbers:
            node = form.nodes[number]
            key: tuple[Any, ...]
            if isinstance(node, Sum):
                key = 0, len(node.u), len(node.w)
                operands += node.u + node.v + node.w
                counts.append(2 * len(node.u) + len(node.w))
                plain += node.c + node.d
                plain.append(node.constant)
                plains.append(len(node.c) + len(node.d) + 1)
            else:
                key = id(node.op), *(i in form.constants for i in node.inputs)
                operands += node.inputs
                counts.append(len(node.inputs))
                plains.append(0)
            if number in apart:
                key = (number, *key)
            keys.append(kinds.setdefault(key, len(kinds)))
        self.keys = np.array(keys)
        self.operands, self.plain = np.array(operands, int), np.array(plain, float)
        self.start, self.plain_start = (np.concatenate([[0], np.cumsum(part)]) for part in (counts, plains))
        place = np.full(form.size, -1)
        place[numbers] = np.arange(len(numbers))
        self.place = place[self.operands]  # of each operand in the order; −1 for leaves and plain numbers
        self.owner = np.repeat(np.arange(len(numbers)), counts)
        self.slot = np.arange(len(operands)) - self.start[self.owner]

    def hashed(self, reach: int) -> Ids:
        """A number for each node's operation and operands, those at most `reach` behind it by their distance."""
        distance = np.where(self.place < 0, 0, self.owner - self.place)
        near = np.where(distance <= reach, distance, 0).astype(np.uint64)
        weights = np.random.default_rng(0).integers(1, 2**63, int(self.slot.max()) + 2, dtype=np.uint64)
        mixed = (near + np.uint64(1)) * weights[self.slot]
        mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        return np.add.reduceat(mixed, self.start[:-1]) + self.keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)

    def sequences(self, start: int, period: int, steps: int) -> list[tuple[int, int]]:
        """The parts of a stretch, from where to where, in each of which a step needs the one before.

        Several sequences may stand one after another. The first steps of each read other nodes than most steps do.
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

    def run(self, start: int, period: int, steps: int) -> _Run | None:
        """The run that begins there, or one or a few blocks later; None if no step needs the one before."""
        for skipped in range(min(LAGS, steps - FEWEST) + 1):
            run = self._run(start + skipped * period, period, steps - skipped)
            if run is not None:
                return run
        return None

    def _run(self, at: int, period: int, steps: int) -> _Run | None:
        until = at + period * steps
        begin, end = self.start[at], self.start[until]
        ids, places = (part[begin:end].reshape(steps, -1) for part in (self.operands, self.place))
        within = places[-1] >= at
        relative = places - at - period * np.arange(steps)[:, None]
        behind, which = np.divmod(relative[-1], period)
        behind = np.where(within, -behind, 0)
        first = np.arange(steps)[:, None] < behind  # what is read there is of no block
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
        run = _Run(at, period, steps, columns, before, early, late)
        return run if len(early) + len(late) < period else None


def _apart(period: int, owner: Ids, columns: list[Any]) -> tuple[list[int], list[int]]:
    """The nodes of a block that need no other step: what leads to no circle, and what no circle leads to."""
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


def _candidates(flat: _Flat) -> Iterator[tuple[int, int, int]]:
    """Stretches that may be runs, (start, period, steps), those that cover most first."""
    n = len(flat.keys)
    found: dict[tuple[int, int, int], None] = {}
    reach = 4
    while reach // 4 * FEWEST <= n:
        hashed = flat.hashed(reach)
        order = np.argsort(hashed, kind="stable")
        same = hashed[order[1:]] == hashed[order[:-1]]
        distance = (order[1:] - order[:-1])[same]
        distance = distance[(distance > reach // 4) & (distance <= reach // 2)]
        if reach == 4:
            distance = np.concatenate([distance, np.ones(1, int)])
        lengths, counts = np.unique(distance, return_counts=True)
        for k in np.argsort(-counts, kind="stable")[:TRIED]:
            period = int(lengths[k])
            agree = np.concatenate([hashed[period:] == hashed[:-period], [False]])
            alike = np.concatenate([flat.keys[period:] == flat.keys[:-period], [False]])
            for begin, end in _stretches(alike):
                inside = agree[begin:end]
                if inside.any() and (longest := max(b - a for a, b in _stretches(np.append(inside, False)))) >= period:
                    steps = (end - begin) // period + 1
                    if steps >= FEWEST and longest and steps * period >= LEAST:
                        found[begin, period, steps] = None
        reach *= 2
    return iter(sorted(found, key=lambda x: (-x[1] * x[2], x[1])))


def _stretches(true: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where it is true on end; the last is False."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], true]).astype(np.int8)))
    return [*zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)]


def _block(flat: _Flat, run: _Run) -> Repeated:
    """What must be worked out step by step."""
    at, period, steps = run.at, run.period, run.steps
    numbers = np.array(flat.numbers[at : run.until]).reshape(steps, period)
    outside = {*run.early, *run.late}
    inside = [k for k in range(period) if k not in outside]
    here = {k: i for i, k in enumerate(inside)}
    body: dict[int, Sum | Applied] = {}
    read: list[Same | Carried | Stepped] = []
    known: dict[Any, int] = {}

    def outer(key: Any, x: Same | Carried | Stepped) -> int:
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

    begin = flat.plain_start[at]
    rows = flat.plain[begin : flat.plain_start[run.until]].reshape(steps, -1)
    for k in inside:
        node = flat.form.nodes[int(numbers[0, k])]
        reads = [operand(run.columns[slot]) for slot in range(*(flat.start[at + k : at + k + 2] - flat.start[at]))]
        if isinstance(node, Applied):
            body[here[k]] = Applied(node.op, reads)
        else:
            mine = rows[:, slice(*(flat.plain_start[at + k : at + k + 2] - begin))]
            body[here[k]] = _sum(node, reads, [*map(plain, mine.T)], body, len(inside))
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
