"""The reasons why an engine is wrong: mistakes that, planted in a backward pass, give every number of the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import combinations

from ..table import OPERATIONS
from .graphs import Graph
from .planted import ACROSS_CALLS, RIGHT, EndlessError, Numbers, Slips, differs, numbers
from .programs import PARTS, RIGHT_HAND, SHAPES, parts_of
from .rules import RULES
from .running import Run, TooLong
from .words import KEPT, ORDERS, words

__all__ = ["convention", "gives", "reason"]

MOST_SLIPS = 6  # mistakes at once
MOST_SAID = 3  # reasons that are given if several give the same numbers
MOST_WALKS = 8000  # passes compared in one search; then it ends without a reason
MOST_KEPT = 12  # sets of mistakes that are extended in each round
MOST_TURNED = 6  # nodes of one graph for which both orders of the operands are tried


def gives(run: Run, slips: Slips) -> bool:
    """Whether a pass with these mistakes gives all numbers that the engine gave on a graph.

    The engine may compose an operation of others, and may visit a set of operands in any order. Any variant will do.
    """
    if run.error is not None and (run.is_beyond or not isinstance(run.error, TooLong)):
        return True  # there is nothing to compare
    return any(_is_same(run, found) for found in _variants(run.graph, slips))


def _variants(graph: Graph, slips: Slips) -> Iterator[Numbers | None]:
    used = [name for name in (*SHAPES, RIGHT_HAND) if name in parts_of(graph) and _may_matter(name, slips)]
    for size in range(len(used) + 1):
        for shape in map(frozenset, combinations(used, size)):
            for turned in _turns(graph, slips):
                try:
                    yield numbers(graph, slips, shape, turned)
                except EndlessError:
                    yield None
            if slips.order == "topological" and (slips.overwrites or slips.rules):
                yield numbers(graph, replace(slips, order="tape"), shape)


def _may_matter(name: str, slips: Slips) -> bool:
    """Whether a mistake is in the parts of a composed operation. If not, composing it changes no number."""
    touched = {name.partition(" ")[0] for name in slips.overwrites} | {
        op for op, *_ in (*slips.rules, *slips.measured, slips.unrecorded)
    } - {""}
    if slips != replace(
        RIGHT,
        again=slips.again,
        overwrites=slips.overwrites,
        rules=slips.rules,
        measured=slips.measured,
        unrecorded=slips.unrecorded,
    ) or ("", -1) in {rule[:2] for rule in slips.rules}:
        return True
    inside = {"add", "mul"} if name == RIGHT_HAND else {name}
    for whole, parts in PARTS.items():
        inside |= set(parts) if whole in inside else set()
    return bool(inside & touched)


def _turns(graph: Graph, slips: Slips) -> Iterable[int]:
    """The nodes at which the right operand comes first: none, all, and in a small graph each choice."""
    is_any_right = slips.order in ("topological", "paths", "one step", "unsorted", "of use")
    if is_any_right and not (slips.kept or slips.overwrites or slips.is_shared):
        return (0,)
    forks = [at for at, value in enumerate(graph.values) if len(set(value.parents)) == 2]
    if len(forks) > MOST_TURNED:
        return (0, -1)
    every = range(len(forks) + 1)
    return [sum(1 << at for at in chosen) for size in every for chosen in combinations(forks, size)]


def _is_same(run: Run, found: Numbers | None) -> bool:
    if found is None or isinstance(run.error, TooLong):
        return found is None and isinstance(run.error, TooLong)
    if any(differs(yours, found.data[name]) for name, yours in run.data.items()):
        return False
    return not any(
        differs(yours, right[name])
        for read, right in zip(run.grads, found.grads, strict=False)
        for name, yours in read.items()
    )


def convention(runs: Sequence[Run]) -> str:
    """The engine's convention for gradients when backward() is called again."""
    again = [run for run in runs if len(run.grads) > 1]
    return max(ACROSS_CALLS, key=lambda rule: sum(gives(run, replace(RIGHT, again=rule)) for run in again))


def reason(runs: Sequence[Run]) -> str:
    """The mistakes that explain every number on all graphs; "" if no known ones do. If several do, all are given."""
    told: dict[object, str] = {}
    for found in _Search(runs).explanations():
        replaced = frozenset(name.partition(" ")[0] for name in found.overwrites)
        ruled = frozenset(op for op, *_ in (*found.rules, *found.measured))
        about = replace(found, rules=(), measured=(), overwrites=replaced), ruled
        told.setdefault(about, words(found))  # of rules that give the same numbers everywhere, keep the simplest
    return "; or ".join(list(dict.fromkeys(told.values()))[:MOST_SAID])


@dataclass(frozen=True, eq=False)
class _Search:
    """A search that adds one mistake at a time, to give the numbers of the first graph that is not explained yet."""

    runs: Sequence[Run]

    def explanations(self) -> list[Slips]:
        """The smallest sets of mistakes that give every number."""
        starts = [replace(RIGHT, again=rule) for rule in ACROSS_CALLS]
        starts.sort(key=lambda slips: -sum(self._gives(run, slips) for run in self.runs if len(run.grads) > 1))
        reached = {slips.again: [slips] for slips in starts}
        for _ in range(MOST_SLIPS):
            for again, so_far in reached.items():
                found = [more for slips in so_far for more in self._extended(slips)]
                whole = [slips for slips in found if self._first_unexplained(slips) is None]
                if whole:
                    return whole
                reached[again] = sorted(found, key=self._explained, reverse=True)[:MOST_KEPT]
        return []

    def _explained(self, slips: Slips) -> int:
        """The number of graphs that it explains before the first that it does not."""
        failing = self._first_unexplained(slips)
        return len(self.runs) if failing is None else self.runs.index(failing)

    def _extended(self, slips: Slips) -> Iterator[Slips]:
        failing = self._first_unexplained(slips)
        if failing is None:
            return
        before = self.runs[: self.runs.index(failing)]
        for candidate in self._candidates(slips, failing):
            if self._gives(failing, candidate) and all(self._gives(run, candidate) for run in before):
                yield candidate

    @cached_property
    def _gives(self) -> Callable[[Run, Slips], bool]:
        budget = iter(range(MOST_WALKS))

        @cache
        def bounded(run: Run, slips: Slips) -> bool:
            return next(budget, None) is not None and gives(run, slips)

        return bounded

    def _first_unexplained(self, slips: Slips) -> Run | None:
        return next((run for run in self.runs if not self._gives(run, slips)), None)

    @cached_property
    def _is_arithmetic(self) -> bool:
        """Whether the graphs have no operations except sums and products."""
        return {value.op.name for run in self.runs for value in run.graph.values if value.op} <= {"add", "mul"}

    def _candidates(self, slips: Slips, run: Run) -> Iterator[Slips]:
        """The given mistakes with one more, which may show on this graph."""
        used = {op: count for op, count in parts_of(run.graph).items() if count}
        sides = [frozenset({f"{op} {at}"}) for op, count in used.items() if count == 2 for at in (0, 1)]
        both = () if self._is_arithmetic else (frozenset({"add", "mul"}),)
        for some in (frozenset(OPERATIONS), *both, *(frozenset({op}) for op in used), *sides):
            if not slips.overwrites >= some:
                yield replace(slips, overwrites=slips.overwrites | some)
        if slips.order == "topological":
            yield from (replace(slips, order=order) for order in ORDERS)
        yield replace(slips, is_merged=True)
        yield replace(slips, is_shared=True)
        if slips.seed == 1.0 and run.grads:
            own = run.grads[0].get(run.graph.passes[0])
            yield from (replace(slips, seed=seed) for seed in ("adds", "data", own) if isinstance(seed, str | float))
        yield from (replace(slips, kept=kept) for kept in KEPT)
        for op in used:
            if op in ("sub", "div", "pow"):
                yield replace(slips, is_reflected=slips.is_reflected | {op})
        yield from (replace(slips, unrecorded=(op, at)) for op, count in used.items() for at in range(count))
        for rule in ("no upstream", "upstream²", "double", "sum"):
            yield replace(slips, rules=(*slips.rules, ("", -1, rule)))
        ruled, whole = (
            {op for op, *_ in slips.rules},
            {v.op.name for v in run.graph.values if v.op and len(v.parents) == 2},
        )
        for op, count in used.items():
            places = [-1] * (op in whole and op not in ruled) + [*range(count)]
            yield from (replace(slips, rules=(*slips.rules, (op, at, rule))) for rule in RULES for at in places)
        yield from self._measured(slips, run)

    def _measured(self, slips: Slips, run: Run) -> Iterator[Slips]:
        """One more mistake: an operation with the slopes that were read where it stands alone in a graph.

        Other graphs must have the same slopes. Once an operation is known to be wrong, its slopes at other numbers are
        read from larger graphs too.
        """
        if not run.grads or differs(run.grads[0].get(run.graph.passes[0]), 1.0):
            return
        known = {(op, at) for op, at, _, _ in slips.measured}
        called = {value: name for name, value in run.graph.truth.items()}
        made = [value for value in run.graph.values if value.op]
        tables = []
        for value in made:
            inputs = tuple(round(float(getattr(x, "data", x)), 9) for x in value.operands)
            for at, operand in enumerate(value.operands):
                uses = sum(other.parents.count(operand) for other in made)
                op = value.op.name if value.op else ""
                if uses == 1 and value in called and operand in called and (len(made) == 1 or (op, at) in known):
                    read, upstream = run.grads[0][called[operand]], run.grads[0][called[value]]
                    if isinstance(read, float) and isinstance(upstream, float) and upstream:
                        tables.append((op, at, inputs, read / upstream))
        if tables:
            yield replace(slips, measured=(*slips.measured, *tables))
