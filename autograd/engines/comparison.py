"""Tells whether mistakes, when planted, give the numbers that an engine gave on a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import combinations, product
from math import isnan
from typing import Any

from .graphs import Graph
from .planted import RIGHT, EndlessError, Numbers, Slips, differs, numbers
from .programs import PARTS, RIGHT_HAND, SHAPES, bare, parts_of
from .running import Run, TooLong

__all__ = [
    "gives", "has_nothing", "has_numbers", "is_same", "may_matter", "only", "operations", "shapes", "variants",
    "with_constants", "within",
]  # fmt: skip

ONCE = {"breadth first", "stack", "depth first", "oldest first", "largest first", "smallest first"}  # visit nodes once
MOST_TURNED = 6  # nodes of one graph for which both orders of the operands are tried
MOST_ORDERS = 48  # orders of one graph that are tried if any order will do


def gives(run: Run, slips: Slips, shape: frozenset[str] | None = None) -> bool:
    """Returns whether a pass with these mistakes gives all numbers that the engine gave on a graph.

    The engine may compose an operation of others, and may visit a set of operands in any order. Any variant will do.
    `shape` names the operations that the engine composes of others; None means that this is not known.
    """
    return has_nothing(run) or any(is_same(run, found) for found in variants(run.graph, slips, shape))


def has_nothing(run: Run) -> bool:
    """Returns whether there is nothing to compare, because the graph raised an error."""
    return run.error is not None and (run.is_beyond or not isinstance(run.error, TooLong))


def variants(graph: Graph, slips: Slips, shape: frozenset[str] | None = None) -> Iterator[Numbers | None]:
    """Yields the numbers of each variant of an engine with these mistakes; None if its pass fails or does not end."""
    orders = [slips.order]
    if slips.order == "topological" and (slips.overwrites or slips.rules):
        orders += ["tape", "youngest first"]
    for made_of in shapes(graph, slips) if shape is None else [shape]:
        for order in orders:
            walked = slips if order == slips.order else replace(slips, order=order)
            turns = [*_turns(graph, slips)] if order == slips.order else [0]
            is_once, is_often = slips.order in ONCE or slips.made.shared, slips.order.endswith("every path")
            for turned, is_other in product(turns, (False, True)[: 1 + bool(is_once or is_often)]):
                try:
                    yield numbers(graph, walked, made_of, turned, is_other and bool(is_once), is_other and is_often)
                except (EndlessError, ArithmeticError, ValueError):
                    yield None


def shapes(graph: Graph, slips: Slips) -> Iterator[frozenset[str]]:
    """Returns an iterator over the sets of operations that the engine may compose of others, if this may matter."""
    used = [name for name in (*SHAPES, RIGHT_HAND) if name in parts_of(graph) and may_matter(name, slips)]
    return (frozenset(shape) for size in range(len(used) + 1) for shape in combinations(used, size))


def with_constants(graph: Graph) -> frozenset[str]:
    """Returns the set of operations that have a constant operand here. Engines may compute these in separate code."""
    on_constants = {value.op.name for value in graph.values if value.op and len(value.parents) < len(value.operands)}
    return frozenset({RIGHT_HAND, *on_constants})


def may_matter(name: str, slips: Slips) -> bool:
    """Returns whether a mistake may be in the parts of a composed operation. If not, composing it changes no number."""
    rest = only(slips, lambda op: False)
    if replace(rest, again=RIGHT.again, aside=RIGHT.aside) != RIGHT or "" in operations(slips):
        return True
    inside = {"add", "mul"} if name == RIGHT_HAND else {name}
    for whole, parts in PARTS.items():
        inside |= set(parts) if whole in inside else set()
    return bool(inside & operations(slips))


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
    if slips.order == "some":
        has_choice = any(sum(x.op is not None for x in set(value.parents)) == 2 for value in graph.values)
        return range(MOST_ORDERS if has_choice else 1)
    forks = [at for at, value in enumerate(graph.values) if len(set(value.parents)) == 2]
    if len(forks) > MOST_TURNED:
        return (0, -1)
    every = range(len(forks) + 1)
    return [sum(1 << at for at in chosen) for size in every for chosen in combinations(forks, size)]


def is_same(run: Run, found: Numbers | None) -> bool:
    """Returns whether all numbers and gradients that were read equal those in `found`; None is a pass that failed."""
    if found is None or isinstance(run.error, TooLong):
        return found is None and isinstance(run.error, TooLong)
    return has_numbers(run, found) and not any(
        yours is not None and differs(yours, right[name]) and not (yours != yours and isnan(right[name]))
        for read, right in zip(run.grads, found.grads, strict=False)
        for name, yours in read.items()
    )


def has_numbers(run: Run, found: Numbers | None) -> bool:
    """Returns whether all numbers that were read equal those in `found`; gradients are not compared."""
    return found is not None and not any(differs(yours, found.data[name]) for name, yours in run.data.items())


def within(graph: Graph, slips: Slips) -> Slips:
    """Returns the mistakes without those in operations that the graph does not have."""
    parts = {"", *parts_of(graph)}
    return slips if operations(slips) <= parts else only(slips, parts.__contains__)


def operations(slips: Slips) -> set[str]:
    """Returns the set of operations that have a mistake of their own."""
    made = slips.made
    named = (*slips.rules, *slips.measured, *slips.unrecorded, *made.computes, *made.measured)
    return {bare(op) for op in (*slips.overwrites, *(op for op, *_ in named))}


def only(slips: Slips, keeps: Callable[[str], bool]) -> Slips:
    """Returns the mistakes without the mistakes of operations for which `keeps` returns False."""

    def kept(rows: Any) -> Any:
        return type(rows)(row for row in rows if keeps(bare(row if isinstance(row, str) else row[0])))

    made = replace(slips.made, computes=kept(slips.made.computes), measured=kept(slips.made.measured))
    return replace(slips, overwrites=kept(slips.overwrites), unrecorded=kept(slips.unrecorded),
                   rules=kept(slips.rules), measured=kept(slips.measured), made=made)  # fmt: skip
