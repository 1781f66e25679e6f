"""Makes edits of the gradient of a maximum or minimum along an axis: it goes to wrong elements, or in wrong shares."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import partial
from itertools import combinations

import numpy as np

from ... import table
from ...programs.assignments import Array, Assignment, Fold, Index, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, axes_told, called, fixed, groups, listed
from .choices import choices

__all__ = ["folds"]

MOST_AXES = 6  # wrong axes are tried for arrays of at most so many axes
Shares = Callable[[Array, Array, int], Array]  # (the elements, the chosen ones with the axis kept, the axis) -> shares


def folds(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits with wrong shares for the elements of each maximum or minimum, or with elements along other axes."""
    chosen = [way for way in recorded.backward.passed if _chooses(recorded.node(way))]
    for ways in groups(recorded, chosen, alike=True):
        yield from _edits(recorded, ways, _mistakes())
        yield from _along_other_axes(recorded, ways)
    for several in _one_after_another(recorded, chosen):
        yield from _edits(recorded, several, _mistakes())
    yield from _of_relus(recorded, chosen)


def _edits(recorded: Recorded, ways: Sequence[Way], mistakes: Iterable[tuple[str, Shares]]) -> Iterator[Edit]:
    """Yields an edit for each mistake, at all of these ways."""
    first, last = (recorded.program.assignments[way.number] for way in (ways[0], ways[-1]))
    for text, shares in mistakes:
        said = text.format(y=called(first), x=called(last.operands[0]))
        change = Change(rules={way: partial(_passed, recorded, way, shares) for way in ways})
        yield fixed(change, said, 2 + (len(ways) > 1), ways)


def _one_after_another(recorded: Recorded, chosen: Sequence[Way]) -> Iterator[list[Way]]:
    """Yields lists of ways through maxima of maxima, such as x.max(axis=2).max(axis=1), the last maximum first."""
    ways = {way.number: way for way in chosen}
    inner = {recorded.program.assignments[number].operands[0].number for number in ways}
    for way in chosen:
        several = [way]
        while (below := recorded.program.assignments[several[-1].number].operands[0].number) in ways:
            several.append(ways[below])
        if way.number not in inner and len(several) > 1:
            yield several


def _of_relus(recorded: Recorded, chosen: Sequence[Way]) -> Iterator[Edit]:
    """Yields edits that lack relu's mask before a maximum. Without it, the shares of elements that are 0 matter."""
    relus = {choice.node.number: choice for choice in choices(recorded) if choice.is_relu}
    for ways in groups(recorded, chosen, alike=True) if relus else ():
        below = [relus.get(number) for number in _made_of(recorded, ways, relus)]
        found = [choice for choice in below if choice is not None]
        if len(found) == len(below):
            unmasked = {way: np.positive for choice in found for way in choice.ways}
            missing = f"the mask of {listed(called(choice.node) for choice in found)} is missing, and where several"
            for edit in _edits(recorded, ways, _shares_of_equal(f"{missing} elements that {{y}} compares are 0,")):
                change = edit.change(1.0).and_also(Change(rules=unmasked))
                yield fixed(change, edit.text(1.0), 4, [*ways, *unmasked])


def _made_of(recorded: Recorded, ways: Sequence[Way], relus: Container[int]) -> set[int]:
    """Returns the numbers of the arrays whose elements these maxima compare: relus, or arrays that are no views."""
    found, waiting = set[int](), {recorded.target(way).number for way in ways}
    while waiting:
        node = recorded.program.assignments[waiting.pop()]
        if isinstance(node, View) and node.number not in relus:
            waiting |= {operand.number for operand in node.operands}
        else:
            found.add(node.number)
    return found


def _along_other_axes(recorded: Recorded, ways: tuple[Way, ...]) -> Iterator[Edit]:
    """Yields edits that pass the gradient to the largest (or smallest) element along other axes."""
    nodes = [node for way in ways if isinstance(node := recorded.node(way), Fold)]
    bases = [_base(node) for node in nodes]
    axes = _folded_axes(nodes[0], *bases[0])
    largest = "largest" if nodes[0].op is table.MAX else "smallest"
    many = range(len(bases[0][0].shape)) if len(bases[0][0].shape) <= MOST_AXES else ()
    every = (chosen for count in many for chosen in combinations(many, count + 1))
    for others in sorted(every, key=lambda chosen: not set(axes) < set(chosen)):  # first, the whole of a map
        if others != axes and any(bases[0][0].shape[axis] > 1 for axis in set(others) ^ set(axes)):
            rules = {way: partial(_largest_along, node, *base, others)
                     for way, node, base in zip(ways, nodes, bases, strict=True)}  # fmt: skip
            said = (
                f"the gradient of {called(nodes[0])} goes to the {largest} element of {called(bases[0][0])} along "
                f"{axes_told(others)}, not along {axes_told(axes)}"
            )
            is_whole = set(axes) < set(others) and 0 not in others
            yield fixed(Change(rules=rules), said, 2 + (not is_whole) + (len(ways) > 1), ways)


def _base(node: Fold) -> tuple[Assignment, Index]:
    """Returns the array whose elements are compared, as it was before a reshape, and each element's place in it."""
    operand = node.operands[0]
    of = operand.of_one if isinstance(operand, View) else None
    if isinstance(operand, View) and of is not None and of.value.size == operand.value.size:
        return of, operand.index
    return operand, np.arange(operand.value.size).reshape(operand.shape)


def _folded_axes(node: Fold, base: Assignment, index: Index) -> tuple[int, ...]:
    """Returns the axes of the base along which the elements are compared."""
    places = np.unravel_index(index, base.shape)
    return tuple(axis for axis, place in enumerate(places) if np.ptp(place, axis=node.axis).any())


def _largest_along(node: Fold, base: Assignment, index: Index, axes: tuple[int, ...], flow: Array) -> Array:
    among = base.value if node.op is table.MAX else -base.value
    mask = among == among.max(axis=axes, keepdims=True)
    return np.asarray(np.expand_dims(flow, node.axis) * mask.ravel()[index])


def _chooses(node: object) -> bool:
    return isinstance(node, Fold) and node.op in (table.MAX, table.MIN)


def _passed(recorded: Recorded, way: Way, shares: Shares, flow: Array) -> Array:
    node = recorded.node(way)
    assert isinstance(node, Fold)
    x, y = node.operands[0].value, np.expand_dims(node.value, node.axis)
    return np.expand_dims(flow, node.axis) * shares(x, y, node.axis)


def _shares_of_equal(where: str) -> Iterator[tuple[str, Shares]]:
    """Yields other shares of elements that are equal."""
    divides = "but the graph divides it"
    yield f"{where} each gets the whole gradient, {divides} among them", lambda v, m, axis: (v == m) * 1.0
    yield f"{where} only the first gets the gradient, {divides} among them", lambda v, m, axis: _first(v == m, axis)
    yield (f"{where} each gets an equal share of the gradient, {divides} pair by pair",
           lambda v, m, axis: (v == m) / (v == m).sum(axis=axis, keepdims=True))  # fmt: skip


def _mistakes() -> Iterator[tuple[str, Shares]]:
    yield "the mask of {y} is missing: each element of {x} gets the whole gradient", lambda v, m, axis: np.ones_like(v)
    yield ("each element of {x} above 0 gets the whole gradient, not only the chosen one",
           lambda v, m, axis: np.where(v > 0, 1.0, 0.0))  # fmt: skip
    yield ("each element of {x} gets an equal share of the gradient, as if {y} were a mean",
           lambda v, m, axis: np.ones_like(v) / v.shape[axis])  # fmt: skip
    yield ("the smallest element of {x} gets the gradient, not the largest",
           lambda v, m, axis: _first(v == v.min(axis=axis, keepdims=True), axis))  # fmt: skip
    yield ("the largest element of {x} gets the gradient, not the smallest",
           lambda v, m, axis: _first(v == v.max(axis=axis, keepdims=True), axis))  # fmt: skip
    yield ("the element of {x} that is largest without its sign, |x|, gets the gradient",
           lambda v, m, axis: _first(np.abs(v) == np.abs(v).max(axis=axis, keepdims=True), axis))  # fmt: skip
    yield from _shares_of_equal("where several elements of {x} are equal,")
    yield "the gradient is multiplied by {y} itself, not only by its mask", lambda v, m, axis: (v == m) * v
    yield "only the largest element of the whole array {x} gets the gradient", lambda v, m, axis: (v == v.max()) * 1.0
    yield (
        "the mask of {y} is reversed: all elements of {x} but the chosen ones get the gradient",
        lambda v, m, axis: (v != m) * 1.0,
    )
    yield "{x} is used instead of the mask of {y}", lambda v, m, axis: v
    yield "the first element of {x} gets the gradient, not the chosen one", lambda v, m, axis: _only(v, axis, 0)
    yield "the last element of {x} gets the gradient, not the chosen one", lambda v, m, axis: _only(v, axis, -1)


def _first(mask: Array, axis: int) -> Array:
    return np.where(np.cumsum(mask, axis=axis) == 1, mask, 0.0)


def _only(value: Array, axis: int, k: int) -> Array:
    made = np.zeros_like(value)
    np.moveaxis(made, axis, 0)[k] = 1.0
    return made
