"""Makes edits of the order of elements, which is transposed, reversed or shifted; and edits of single slices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import permutations

import numpy as np

from ...programs.assignments import Array, Assignment, Contraction, Leaf, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Rule, Way
from ..edits import Edit, called, fixed, gradient_told, groups, leading, listed, uses
from ..judged import Given
from .turnings import Turn, one_everywhere, part_along, places, turnings

__all__ = ["orders", "rearranged", "rearranged_again", "slices", "turned", "turned_on_all_ways"]

HIGHEST = 4  # the largest number of operations between a product and the array that it becomes a part of


def turned(givens: list[Given]) -> Iterator[Edit]:
    """Yields edits in which a given gradient has its entries in another order, transposed or reversed for example.

    In other edits, the entries of all matrices are in such an order, or vectors have their sum in every place.
    """
    vectors = [given for given in givens if len(given.right.shape) == 1 and given.right.size > 1]
    for several in (*([given] for given in vectors), *([vectors] if len(vectors) > 1 else [])):
        at = {given.assignment.number: partial(_everywhere, 0, 1.0) for given in several}
        names = listed(f"d{given.name}" for given in several)
        text = f"every entry of {names} is replaced by the sum of all: it is summed over the whole array"
        yield fixed(Change(at=at), text, 4 + (len(several) > 1), kind="one sum", data=several)
    for given in givens:
        for text, turn in turnings(given.right.shape):
            change = Change(at={given.assignment.number: turn})
            yield fixed(change, f"d{given.name} is {text}", 2, kind="turned", data=(given, text))
    matrices = [given for given in givens if len(given.right.shape) == 2]
    orders: list[dict[str, Turn]] = [dict(turnings(given.right.shape)) for given in matrices]
    for text in orders[0] if len(matrices) > 1 else ():
        if all(text in of for of in orders):
            turned = {given.assignment.number: of[text] for given, of in zip(matrices, orders, strict=True)}
            yield fixed(Change(at=turned), f"{listed(f'd{given.name}' for given in matrices)} are {text}", 3)


def orders(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which a contraction or view takes or passes back a gradient with elements in another order."""
    to = uses(recorded)
    shared = {
        number
        for number, ways in to.items()
        if len(ways) > 1 and isinstance(recorded.program.assignments[number], Leaf)
    }
    some = [way for way in recorded.backward.passed
            if isinstance(recorded.node(way), Contraction | View) or recorded.target(way).number in shared]  # fmt: skip
    for ways in groups(recorded, some, alike=True):
        node = recorded.node(ways[0])
        target = node.operands[ways[0].position]
        if node.value.size == target.value.size and max(len(node.shape), len(target.shape)) > 2:
            said = (
                f"for the gradient of {called(target)}, the gradient of {called(node)} is reshaped, but its axes "
                "should be put back in order first"
            )
            rules = dict.fromkeys(ways, partial(_as_it_stands, target.shape))
            yield fixed(Change(rules=rules), said, 4 + (len(ways) > 1), ways)
        for text, turn in turnings(node.shape):
            said = f"for the gradient of {called(target)}, the gradient of {called(node)} is {text}"
            yield _turning(recorded, ways, said, before=turn)
        for text, turn in turnings(target.shape):
            yield _turning(recorded, ways, f"{gradient_told(recorded, to, ways[:1])} is {text}", after=turn)


def turned_on_all_ways(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the gradient of an array has its elements in another order, on all ways back from it."""
    for node in recorded.backward.order:
        ways = leading(recorded, node)
        if len(ways) > 1 and len(np.unique(recorded.backward.flows[node.number])) > 2:  # else a new order is chance
            for text, turn in turnings(node.shape):
                said = f"the gradient of {called(node)} is {text}"
                yield fixed(Change(at={node.number: turn}), said, 3 if node.name else 4, ways)


def rearranged(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the gradient of a reshaped product is in another order, on the way to one factor alone.

    In a convolution, dW needs `dout` with the filters first. A reshape without the transpose mixes up its elements.
    """
    products = [way for way in recorded.backward.passed if _is_product(recorded.node(way))]
    for ways in groups(recorded, products):
        found = _put_together(recorded, ways)
        if found is not None:
            whole, down = found
            target = called(recorded.target(ways[0]))
            flow = recorded.backward.flows[whole.number]
            for text, turn in (*turnings(whole.shape), *_without_transpose(whole.shape)):
                said = f"for the gradient of {target}, the gradient of {called(whole)} is {text}"
                rules = {way: partial(_by_ways, recorded, down[way], turn(flow)) for way in ways}
                yield fixed(Change(rules=rules), said, 5, ways)


def _is_product(node: Assignment) -> bool:
    return isinstance(node, Contraction) and len(node.operands) > 1


def _put_together(recorded: Recorded, ways: Sequence[Way]) -> tuple[View, dict[Way, list[Way]]] | None:
    """Returns the array of three or more axes that is made of these products, and the ways from it to each.

    Returns None if there is no such array.
    """
    to = uses(recorded)
    down = {way: [way] for way in ways}
    found: dict[Way, View] = {}
    for way in ways:
        for _ in range(HIGHEST):
            above = to.get(down[way][0].number, [])
            if len(above) != 1:
                return None
            down[way] = [above[0], *down[way]]
            node = recorded.node(above[0])
            if isinstance(node, View) and len(node.shape) > 2:
                found[way] = node
                break
    wholes = set(found.values())
    return (wholes.pop(), down) if len(found) == len(ways) and len(wholes) == 1 else None


def _by_ways(recorded: Recorded, down: Sequence[Way], turned: Array, flow: Array) -> Array:
    for way in down:
        turned = recorded.backward.through(way, turned)
    return turned


def _without_transpose(shape: tuple[int, ...]) -> Iterator[tuple[str, Rule]]:
    """Yields texts with rules that reshape an array to the shape of its transpose instead of transposing it."""
    for axes in permutations(range(len(shape))):
        made = tuple(shape[axis] for axis in axes)
        if axes != tuple(range(len(shape))) and made != shape:
            text = f"reshaped to {made}, not transposed to the axis order {', '.join(map(str, axes))}"
            yield text, partial(_reshaped, made, axes)


def _reshaped(made: tuple[int, ...], axes: tuple[int, ...], value: Array) -> Array:
    return value.reshape(made).transpose(np.argsort(axes))


def rearranged_again(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which a gradient is rearranged as the array was, not back, as if np.roll were its own inverse."""
    for way in recorded.backward.passed:
        view = recorded.node(way)
        if isinstance(view, View) and view.of_one is not None and _moves_all(view):
            of = called(view.operands[0])
            text = f"the gradient of {of} is rearranged as {of} is in the forward pass, not put back"
            yield fixed(Change(rules={way: partial(_taken_again, view)}), text, 4, (way,))


def _moves_all(view: View) -> bool:
    """Returns whether a view has each element of its operand once, and is not its own inverse."""
    index, every = view.index.ravel(), np.arange(view.operands[0].value.size)
    return bool(np.array_equal(np.sort(index), every) and not np.array_equal(index[index], every))


def _taken_again(view: View, flow: Array) -> Array:
    return flow.ravel()[view.index.ravel()].reshape(view.operands[0].shape)


def slices(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of a gradient, or of the part that a way passes back: one slice counts alone, or is left out.

    In other edits, the sum, the mean or one slice stands in every place.
    """
    for node in recorded.backward.order:
        ways = leading(recorded, node)
        if ways and (node.name or not isinstance(node, View)):
            for text, kept in _slices(node.shape):
                yield fixed(Change(at={node.number: kept}), text.format(g=f"the gradient of {called(node)}"), 5, ways)
    to = uses(recorded)
    for ways in groups(recorded, recorded.backward.passed, alike=True):
        source = recorded.node(ways[0])
        target = source.operands[ways[0].position]
        for text, kept in _slices(source.shape):
            said = f"for the gradient of {called(target)}, {text.format(g=f'the gradient of {called(source)}')}"
            yield _turning(recorded, ways, said, before=kept)
        part = gradient_told(recorded, to, ways[:1])
        for text, kept in _slices(target.shape):
            yield _turning(recorded, ways, text.format(g=part), after=kept)
        for text, kept in _one_of_each(target.shape) if isinstance(target, Leaf) else ():  # a penalty, for example
            yield _turning(recorded, ways, text.format(g=part), after=kept)


def _turning(
    recorded: Recorded, ways: tuple[Way, ...], text: str, before: Rule | None = None, after: Rule | None = None
) -> Edit:
    def passed(way: Way, flow: Array) -> Array:
        given = recorded.backward.through(way, flow if before is None else before(flow))
        return given if after is None else after(given)

    return fixed(Change(rules={way: partial(passed, way) for way in ways}), text, 4 + (len(ways) > 1), ways)


def _as_it_stands(shape: tuple[int, ...], flow: Array) -> Array:
    return flow.reshape(shape)


def _slices(shape: tuple[int, ...]) -> Iterator[tuple[str, Rule]]:
    """Yields texts with rules that keep, leave out or repeat slices of a gradient, which is called {g} in the text."""
    for axis, size in enumerate(shape):
        if size > 1:
            part, along = part_along(shape, axis)
            for k, which in ((0, "first"), (-1, "last")):
                yield f"only the {which} {part} of {{g}} is used", partial(_kept, axis, k)
                if size > 2:
                    yield f"the {which} {part} of {{g}} is left out", partial(_without, axis, k)
            if axis and shape[0] > 1:
                yield f"only the first slice along axes 0 and {axis} of {{g}} is used", partial(_corner, axis)
            yield f"every entry of {{g}} is replaced by the sum{along}", partial(_everywhere, axis, 1.0)
            yield f"every entry of {{g}} is replaced by the mean{along}", partial(_everywhere, axis, 1.0 / size)


def _one_of_each(shape: tuple[int, ...]) -> Iterator[tuple[str, Rule]]:
    for axis, size in enumerate(shape):
        part, _ = part_along(shape, axis)
        for k, which in places(size) if size > 1 else ():
            yield f"every {part} of {{g}} is replaced by the {which} one", partial(one_everywhere, axis, k)


def _kept(axis: int, k: int, flow: Array) -> Array:
    kept = np.zeros_like(flow)
    np.moveaxis(kept, axis, 0)[k] = np.moveaxis(flow, axis, 0)[k]
    return kept


def _corner(axis: int, flow: Array) -> Array:
    return _kept(0, 0, _kept(axis, 0, flow))


def _without(axis: int, k: int, flow: Array) -> Array:
    return flow - _kept(axis, k, flow)


def _everywhere(axis: int, factor: float, flow: Array) -> Array:
    return np.broadcast_to(flow.sum(axis=axis, keepdims=True) * factor, flow.shape)
