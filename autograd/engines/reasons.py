"""Searches for the reasons why an engine is wrong: mistakes that give every number of the engine when planted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import combinations, product

from .candidates import of_numbers, of_walks
from .graphs import Graph
from .planted import ACROSS_CALLS, LEAVES_ONLY, RIGHT, EndlessError, Numbers, Slips, differs, numbers
from .programs import PARTS, RIGHT_HAND, SHAPES, parts_of
from .running import Run, TooLong
from .words import NO_ORDER, ORDERS, REPEATS, words

__all__ = ["convention", "gives", "reason"]

MOST_SLIPS = 6  # mistakes at once
MOST_SAID = 3  # reasons that are given if several give the same numbers
MOST_WALKS = 16000  # comparisons with a graph in one search; then it ends without a reason
MOST_KEPT, MOST_ALIKE = 12, 3  # sets of mistakes that are extended in each round; of them, with the same `_about`
ONCE = {"breadth first", "stack", "depth first", "oldest first", "largest first", "smallest first"}  # visit nodes once
MOST_TURNED = 6  # nodes of one graph for which both orders of the operands are tried


def gives(run: Run, slips: Slips, shape: frozenset[str] | None = None) -> bool:
    """Returns whether a pass with these mistakes gives all numbers that the engine gave on a graph.

    The engine may compose an operation of others, and may visit a set of operands in any order. Any variant will do.
    `shape` names the operations that the engine composes of others; None means that this is not known.
    """
    if run.error is not None and (run.is_beyond or not isinstance(run.error, TooLong)):
        return True  # there is nothing to compare
    return any(_is_same(run, found) for found in _variants(run.graph, slips, shape))


def _variants(graph: Graph, slips: Slips, shape: frozenset[str] | None = None) -> Iterator[Numbers | None]:
    orders = [slips.order]
    if slips.order == "topological" and (slips.overwrites or slips.rules):
        orders += ["tape", "youngest first"]
    for made_of in _shapes(graph, slips) if shape is None else [shape]:
        for order in orders:
            turns = [*_turns(graph, slips)] if order == slips.order else [0]
            is_once, is_often = slips.order in ONCE, slips.order.endswith("every path")
            for turned, is_other in product(turns, (False, True)[: 1 + (is_once or is_often)]):
                try:
                    yield numbers(
                        graph, replace(slips, order=order), made_of, turned, is_other and is_once, is_other and is_often
                    )
                except (EndlessError, ArithmeticError, ValueError):
                    yield None


def _shapes(graph: Graph, slips: Slips) -> Iterator[frozenset[str]]:
    """Returns an iterator over the sets of operations that the engine may compose of others, if this may matter."""
    used = [name for name in (*SHAPES, RIGHT_HAND) if name in parts_of(graph) and _may_matter(name, slips)]
    return (frozenset(shape) for size in range(len(used) + 1) for shape in combinations(used, size))


def _with_constants(graph: Graph) -> frozenset[str]:
    """Returns the set of operations that have a constant operand here. Engines may compute these in separate code."""
    on_constants = {value.op.name for value in graph.values if value.op and len(value.parents) < len(value.operands)}
    return frozenset({RIGHT_HAND, *on_constants})


def _may_matter(name: str, slips: Slips) -> bool:
    """Returns whether a mistake is in the parts of a composed operation. If not, composing it changes no number."""
    named = (*slips.rules, *slips.measured, *slips.unrecorded, *slips.made.computes, *slips.made.measured)
    touched = {name.partition(" ")[0] for name in (*slips.overwrites, *(op for op, *_ in named))} - {""}
    if slips != replace(
        RIGHT,
        again=slips.again,
        overwrites=slips.overwrites,
        rules=slips.rules,
        measured=slips.measured,
        unrecorded=slips.unrecorded,
        made=replace(RIGHT.made, computes=slips.made.computes, measured=slips.made.measured),
    ) or "" in {op for op, *_ in (*slips.rules, *slips.unrecorded)}:
        return True
    inside = {"add", "mul"} if name == RIGHT_HAND else {name}
    for whole, parts in PARTS.items():
        inside |= set(parts) if whole in inside else set()
    return bool(inside & touched)


def _turns(graph: Graph, slips: Slips) -> Iterable[int]:
    """Returns choices of the nodes whose right operand comes first, each choice as bits.

    If this cannot matter, the only choice is no node. In a large graph the choices are no node and all nodes; in a
    small graph they are all sets of nodes with two different operands.
    """
    is_any_right = slips.order in ("topological", "paths", "one step", "unsorted", "of use", "largest first")
    is_late = any("gradient of" in str(rule) for *_, rule in slips.rules)  # depends on the gradients that have arrived
    is_late = is_late or slips.is_cleared or slips.is_by_number
    if is_any_right and not (slips.kept or slips.overwrites or slips.is_shared or is_late):
        return (0,)
    forks = [at for at, value in enumerate(graph.values) if len(set(value.parents)) == 2]
    if len(forks) > MOST_TURNED:
        return (0, -1)
    every = range(len(forks) + 1)
    return [sum(1 << at for at in chosen) for size in every for chosen in combinations(forks, size)]


def _is_same(run: Run, found: Numbers | None) -> bool:
    if found is None or isinstance(run.error, TooLong):
        return found is None and isinstance(run.error, TooLong)
    return _has_numbers(run, found) and not any(
        yours is not None and differs(yours, right[name])
        for read, right in zip(run.grads, found.grads, strict=False)
        for name, yours in read.items()
    )


def _has_numbers(run: Run, found: Numbers | None) -> bool:
    """Returns whether all numbers are equal; gradients are not compared."""
    return found is not None and not any(differs(yours, found.data[name]) for name, yours in run.data.items())


def convention(runs: Sequence[Run]) -> str:
    """Returns the engine's convention for gradients when backward() is called again, one of ACROSS_CALLS."""
    again = [run for run in runs if len(run.grads) > 1]
    return max(ACROSS_CALLS, key=lambda rule: sum(gives(run, replace(RIGHT, again=rule)) for run in again))


def reason(runs: Sequence[Run]) -> str:
    """Returns the mistakes that explain every number on all graphs, in words; "" if no known ones do.

    If several sets of mistakes do, up to MOST_SAID of them are given.
    """
    told: dict[object, Slips] = {}
    for found in _Search(runs).explanations():
        told.setdefault(_about(found), found)  # of rules that give the same numbers everywhere, keep the simplest
    unordered = [found for found in told.values() if ORDERS.get(found.order, "").startswith(NO_ORDER)]
    if len({ORDERS[found.order] for found in unordered}) > 1:
        return NO_ORDER  # the numbers do not show which wrong order it is
    if unordered:  # an order with repeats gives the same numbers: to walk along each path says as much
        told = {about: found for about, found in told.items() if ORDERS.get(found.order) != REPEATS}
    return "; or ".join(list(dict.fromkeys(map(words, told.values())))[:MOST_SAID])


def _about(slips: Slips) -> object:
    """Returns a key that is equal for mistakes of one kind in the same operations, whatever their rules are."""
    replaced = frozenset(name.partition(" ")[0] for name in slips.overwrites)
    ruled = frozenset(op.partition(" ")[0] for op, *_ in (*slips.rules, *slips.measured))
    computed = frozenset(op for op, *_ in (*slips.made.computes, *slips.made.measured))
    plain = replace(slips.made, computes=(), measured=(), is_unseen=False)
    return replace(slips, rules=(), measured=(), overwrites=replaced, made=plain), ruled, computed


def _within(graph: Graph, slips: Slips) -> Slips:
    """Returns the mistakes without those in operations that the graph does not have."""
    parts = {"", *parts_of(graph)}
    made = slips.made
    return replace(
        slips,
        overwrites=frozenset(name for name in slips.overwrites if name.partition(" ")[0] in parts),
        unrecorded=frozenset(operand for operand in slips.unrecorded if operand[0].partition(" ")[0] in parts),
        rules=tuple(rule for rule in slips.rules if rule[0].partition(" ")[0] in parts),
        measured=tuple(slope for slope in slips.measured if slope[0] in parts),
        made=replace(
            made,
            computes=tuple(way for way in made.computes if way[0] in parts),
            measured=tuple(y for y in made.measured if y[0] in parts),
        ),
    )


@dataclass(frozen=True, eq=False)
class _Search:
    """A search that adds one mistake at a time, to give the numbers of the first graph that is not explained yet."""

    runs: Sequence[Run]

    def explanations(self) -> list[Slips]:
        """Returns the smallest sets of mistakes found that give every number; an empty list if none is found."""
        reached = self._by_convention(RIGHT)
        for _ in range(MOST_SLIPS):
            found = [each for slips in reached for more in self._extended(slips) for each in self._by_convention(more)]
            whole = [slips for slips in found if self._first_unexplained(slips) is None]
            whole = [slips for slips in whole if self._is_of_one_engine(slips)]
            if whole:
                return [self._without_needless(slips) for slips in whole]
            kept: dict[object, list[Slips]] = {}
            for slips in sorted(found, key=self._explained, reverse=True):
                kept.setdefault(_about(slips), []).append(slips)
            alike = [some[:MOST_ALIKE] for some in kept.values()]
            reached = [slips for some in alike for slips in some][:MOST_KEPT]
        return []

    def _by_convention(self, slips: Slips) -> list[Slips]:
        """Returns the mistakes with each convention for a second backward(), once the graphs with one are reached."""
        failing = self._first_unexplained(slips)
        if failing is None or len(failing.graph.passes) == 1 or slips.again == LEAVES_ONLY:
            return [slips]
        return sorted((replace(slips, again=rule) for rule in ACROSS_CALLS), key=self._explained, reverse=True)

    def _without_needless(self, slips: Slips) -> Slips:
        """Returns the mistakes without the rules that are no longer needed since later mistakes were added."""
        for rule in slips.rules:
            fewer = replace(slips, rules=tuple(other for other in slips.rules if other != rule))
            if self._first_unexplained(fewer) is None and self._is_of_one_engine(fewer):
                return self._without_needless(fewer)
        return slips

    def _explained(self, slips: Slips) -> float:
        """Returns the number of graphs before the first that is not explained, plus ½ if its numbers are right."""
        failing = self._first_unexplained(slips)
        if failing is None:
            return len(self.runs)
        return self.runs.index(failing) + 0.5 * self._has_numbers(failing, slips)

    def _extended(self, slips: Slips) -> Iterator[Slips]:
        failing = self._first_unexplained(slips)
        if failing is None:
            return
        before = self.runs[: self.runs.index(failing)]
        has_numbers = self._has_numbers(failing, slips)
        candidates, is_better = (of_walks, self._gives) if has_numbers else (of_numbers, self._has_numbers)
        for candidate in candidates(slips, failing, self.runs):
            if is_better(failing, candidate) and all(self._gives(run, candidate) for run in before):
                yield candidate

    def _has_numbers(self, run: Run, slips: Slips) -> bool:
        return any(_has_numbers(run, found) for found in _variants(run.graph, slips))

    def _is_of_one_engine(self, slips: Slips) -> bool:
        """Returns whether one choice of composed operations gives the numbers of all graphs.

        An operation with a constant operand may be composed differently from one on Values.
        """

        @cache
        def given(run: Run, fixed: frozenset[str]) -> bool:
            free = _with_constants(run.graph)
            within = _within(run.graph, slips)
            return any(gives(run, within, shape) for shape in _shapes(run.graph, slips) if shape - free == fixed - free)

        used = [name for name in SHAPES if _may_matter(name, slips)]
        shapes = [frozenset(shape) for size in range(len(used) + 1) for shape in combinations(used, size)]
        return any(all(given(run, shape.intersection(parts_of(run.graph))) for run in self.runs) for shape in shapes)

    @cached_property
    def _gives(self) -> Callable[[Run, Slips], bool]:
        budget = iter(range(MOST_WALKS))

        @cache
        def bounded(run: Run, slips: Slips) -> bool:
            return next(budget, None) is not None and gives(run, slips)

        return lambda run, slips: bounded(run, _within(run.graph, slips))

    def _first_unexplained(self, slips: Slips) -> Run | None:
        return next((run for run in self.runs if not self._gives(run, slips)), None)
