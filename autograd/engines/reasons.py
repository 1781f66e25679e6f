"""Searches for the reasons why an engine is wrong: mistakes that give every number of the engine when planted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import combinations

from . import comparison
from .candidates import of_numbers, of_walks
from .comparison import gives, operations, variants
from .orders import STEPS
from .planted import ACROSS_CALLS, LEAVES_ONLY, RIGHT, Slips
from .programs import SHAPES, bare, parts_of
from .rules import PAIRED
from .running import Run
from .words import NO_ORDER, ORDERS, REPEATS, words

__all__ = ["convention", "gives", "reason"]

MOST_SLIPS = 6  # mistakes at once
MOST_SAID = 3  # reasons that are given if several give the same numbers
MOST_WORK = 400_000  # nodes of the planted passes of one search; then it ends without a reason
MOST_KEPT, MOST_ALIKE = 12, 3  # sets of mistakes that are extended in each round; those of them with equal `_about`
MOST_ASIDE = 3  # operations that may be set aside, for which no mistake is known
BASIC = {"add", "mul"}  # operations that are never set aside: most graphs have them


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
    used = {"", *(value.op.name for run in runs for value in run.graph.values if value.op)}
    for is_preferred in (
        lambda found: found.order != "some",  # some order, but none of those that are known
        lambda found: not found.order.startswith("too early"),  # on small graphs other orders give the same numbers
        lambda found: found.seed == 0.0,  # all gradients are 0
        lambda found: (
            operations(replace(found, overwrites=frozenset())) <= used
        ),  # the others are parts of which an operation may be composed
        lambda found: PAIRED.keys().isdisjoint(rule for *_, rule in found.rules),  # one operation alone is wrong
    ):
        told = {about: found for about, found in told.items() if is_preferred(found)} or told
    unordered = [found for found in told.values() if ORDERS.get(found.order, "").startswith(NO_ORDER)]
    if len({ORDERS[found.order] for found in unordered}) > 1:
        return NO_ORDER  # the numbers do not show which wrong order it is
    if unordered:  # an order with repeats gives the same numbers as a walk along each path, and says no more
        told = {about: found for about, found in told.items() if ORDERS.get(found.order) != REPEATS}
    return "; or ".join(list(dict.fromkeys(map(words, told.values())))[:MOST_SAID])


def _about(slips: Slips) -> object:
    """Returns a key that is equal for mistakes of one kind in the same operations, whatever their rules are."""
    replaced = frozenset(bare(name) for name in slips.overwrites)
    ruled = frozenset(bare(op) for op, *_ in (*slips.rules, *slips.measured))
    computed = frozenset(op for op, *_ in (*slips.made.computes, *slips.made.measured))
    plain = replace(slips.made, computes=(), measured=(), is_unseen=False)
    return replace(slips, rules=(), measured=(), overwrites=replaced, made=plain), ruled, computed


def _is_aside(run: Run, slips: Slips) -> bool:
    return any(value.op and value.op.name in slips.aside for value in run.graph.values)


@dataclass(frozen=True, eq=False)
class _Search:
    """A search that adds one mistake at a time, to give the numbers of the first graph that is not explained yet."""

    runs: Sequence[Run]

    def explanations(self) -> list[Slips]:
        """Returns the smallest sets of mistakes found that give every number; an empty list if none is found.

        Where no mistake gives the numbers of an operation, the graphs with it may be set aside.
        """
        starts = self._by_convention(RIGHT)
        for _ in range(MOST_ASIDE + 1):
            whole, furthest = self._from(starts)
            if whole:
                return whole
            self.__dict__.pop("_gives", None)
            aside = dict.fromkeys(some for slips in furthest for some in self._set_aside(slips))
            starts = [each for some in aside for each in self._by_convention(some)]
            if whole := [slips for slips in starts if self._first_unexplained(slips) is None]:
                return whole
        return []

    def _from(self, reached: list[Slips]) -> tuple[list[Slips], list[Slips]]:
        """Returns two lists of sets of mistakes, which are extended from `reached`.

        The first has the sets that explain all graphs. If there are none, the second has those that explain the most.
        """
        furthest = reached
        for _ in range(MOST_SLIPS):
            found = [each for slips in reached for more in self._extended(slips) for each in self._by_convention(more)]
            whole: dict[object, Slips] = {}  # of rules that give the same numbers everywhere, the simplest
            for slips in found:
                if (_about(slips) not in whole and self._first_unexplained(slips) is None
                        and self._is_of_one_engine(slips)):  # fmt: skip
                    whole[_about(slips)] = slips
            if whole:
                return [self._without_needless(slips) for slips in whole.values()], []
            kept: dict[object, list[Slips]] = {}
            for slips in sorted(found, key=self._explained, reverse=True):
                kept.setdefault(_about(slips), []).append(slips)
            alike = [some[:MOST_ALIKE] for some in kept.values()]
            reached = [slips for some in alike for slips in some][:MOST_KEPT]
            most = max(map(self._explained, (*reached, *furthest)), default=0)
            furthest = [slips for slips in (*furthest, *reached) if self._explained(slips) == most][:MOST_ALIKE]
        return [], furthest

    def _set_aside(self, slips: Slips) -> Iterator[Slips]:
        """Yields the mistakes with one more operation set aside: one of the first graph that is not explained."""
        failing = self._first_unexplained(slips)
        ops = {value.op.name for value in failing.graph.values if value.op} if failing else set()
        for op in sorted(ops - BASIC):
            yield replace(comparison.only(slips, op.__ne__), aside=slips.aside | {op})

    def _by_convention(self, slips: Slips) -> list[Slips]:
        """Returns a list of the mistakes; if the first unexplained graph has several passes, with each convention.

        A convention tells what a second backward() does with the earlier gradients.
        """
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
        return any(comparison.has_numbers(run, found) for found in variants(run.graph, slips))

    def _is_of_one_engine(self, slips: Slips) -> bool:
        """Returns whether one choice of composed operations gives the numbers of all graphs.

        An operation with a constant operand may be composed differently from one on Values.
        """

        @cache
        def given(run: Run, fixed: frozenset[str]) -> bool:
            free = comparison.with_constants(run.graph)
            here = comparison.within(run.graph, slips)
            return any(
                gives(run, here, shape) for shape in comparison.shapes(run.graph, slips) if shape - free == fixed - free
            )

        used = [name for name in SHAPES if comparison.may_matter(name, slips)]
        runs = [run for run in self.runs if not _is_aside(run, slips)]
        every = (frozenset(shape) for size in range(len(used) + 1) for shape in combinations(used, size))
        return any(all(given(run, shape.intersection(parts_of(run.graph))) for run in runs) for shape in every)

    @cached_property
    def _gives(self) -> Callable[[Run, Slips], bool]:
        spent = 0

        @cache
        def bounded(run: Run, slips: Slips) -> bool:
            nonlocal spent
            for found in () if comparison.has_nothing(run) else variants(run.graph, slips):
                spent += 5 + len(run.graph.values) * (1 if found else STEPS)
                if comparison.is_same(run, found):
                    return True
                if spent > MOST_WORK:
                    return False
            return comparison.has_nothing(run)

        def given(run: Run, slips: Slips) -> bool:
            return _is_aside(run, slips) or bounded(run, comparison.within(run.graph, slips))

        return given

    def _first_unexplained(self, slips: Slips) -> Run | None:
        return next((run for run in self.runs if not self._gives(run, slips)), None)
