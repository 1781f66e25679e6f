"""Edits of the other factors of a product: another array, a transposed one, a factor left out or one too many."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .. import table
from ..programs.assignments import Array, Assignment, Constant, Contraction, Map, View
from ..programs.reverse import Change, Rule, Way
from .edits import Edit, called, groups, listed, uses
from .judged import Given, Recorded
from .relatives import above, relatives
from .turnings import turnings

__all__ = ["exchanged", "factors_at", "flows", "substitutes"]

# what stands in the place of an operand: in words, on each way, and the arrays, or the order it is put in
_Instead = tuple[str, dict[Way, Array], tuple[Assignment | str, ...]]
MOST = 60  # arrays of one shape that are tried in the place of another


def substitutes(recorded: Recorded) -> Iterator[Edit]:
    """In a product, what a gradient is multiplied with: left out, or another array of its shape."""
    assignments = recorded.program.assignments
    products = [way for way in recorded.backward.passed if _others(recorded, way)]
    for ways in groups(recorded, products):
        for other in range(len(assignments[ways[0].number].operands)):
            if other not in _others(recorded, ways[0]):
                continue
            first = assignments[ways[0].number]
            right = first.operands[other]
            name, target = called(right), called(first.operands[ways[0].position])
            where = f"on the way from {called(first)} to {target}"
            ones = {way: np.ones(assignments[way.number].operands[other].shape) for way in ways}
            if isinstance(first, Map) and not np.all(right.value == 1.0):
                what = "the division by" if first.op is table.DIV else "the factor"
                yield _edit(recorded, ones, other, f"{what} {name} is missing {where}", 2, ways)
                if first.op is table.MUL:
                    inverse = {way: _inverse(_value(recorded, way, other)) for way in ways}
                    yield _edit(
                        recorded, inverse, other, f"{where} the gradient is divided by {name}, not multiplied", 3, ways
                    )
                else:
                    inverse = {way: _inverse(_value(recorded, way, other)) for way in ways}
                    yield _edit(
                        recorded, inverse, other, f"{where} the gradient is multiplied by {name}, not divided", 3, ways
                    )
                squared = {way: _value(recorded, way, other) ** 2 for way in ways}
                yield _edit(recorded, squared, other, f"the factor {name} comes twice {where}", 3, ways)
            for wrong, instead, arrays in _candidates(recorded, ways, other):
                text = f"{wrong} stands in the place of {name} {where}"
                yield _edit(recorded, instead, other, text, 4, ways, arrays)


def _edit(
    recorded: Recorded, values: dict[Way, Array], other: int, text: str, rank: int, ways: tuple[Way, ...],
    instead: tuple[Assignment | str, ...] = (),
) -> Edit:  # fmt: skip
    def change(t: float) -> Change:
        return Change(rules={way: _with(recorded, way, other, value) for way, value in values.items()})

    return Edit(change, lambda t: text, rank + (len(ways) > 1), ways, kind="operand", data=instead)


def _with(recorded: Recorded, way: Way, other: int, value: Array) -> Rule:
    node = recorded.program.assignments[way.number]

    def rule(flow: Array) -> Array:
        values = [operand.value for operand in node.operands]
        values[other] = value
        with np.errstate(all="ignore"):
            return node.back(way.position, flow, node.value, values)

    return rule


def _others(recorded: Recorded, way: Way) -> list[int]:
    """The operands that a gradient is multiplied with on this way."""
    node = recorded.program.assignments[way.number]
    if isinstance(node, Contraction) or (isinstance(node, Map) and node.op is table.MUL):
        return [k for k in range(len(node.operands)) if k != way.position]
    if isinstance(node, Map) and node.op is table.DIV:
        return [1] if way.position == 0 else [0, 1]
    return []


def _value(recorded: Recorded, way: Way, other: int) -> Array:
    return recorded.program.assignments[way.number].operands[other].value


def _inverse(value: Array) -> Array:
    with np.errstate(all="ignore"):
        return 1 / value


def _candidates(recorded: Recorded, ways: tuple[Way, ...], other: int) -> Iterator[_Instead]:
    """Arrays that may stand in the place of an operand: itself in another order, and others of its shape."""
    assignments = recorded.program.assignments
    rights = {way: assignments[way.number].operands[other] for way in ways}
    right = rights[ways[0]]
    for text, turned in _turned(right.value):
        if turned.shape == right.shape and not np.array_equal(turned, right.value):
            values = {way: dict(_turned(array.value)).get(text) for way, array in rights.items()}
            fitting = {
                way: value for way, value in values.items() if value is not None and value.shape == rights[way].shape
            }
            if len(fitting) == len(ways):
                yield f"{called(right)} {text}", fitting, (text,)
    if isinstance(right, View) and right.of_one is not None and not right.of_one.name == "":
        for text, turned in _turned(right.of_one.value):
            if turned.shape == right.of_one.shape:
                yield (f"{called(right.of_one)} {text}",
                       {way: view.forward([dict(_turned(view.of_one.value))[text]])  # type: ignore[union-attr]
                        for way, view in rights.items() if isinstance(view, View) and view.of_one is not None
                        and view.of_one.shape == right.of_one.shape}, (text,))  # fmt: skip
    ones_and_zeros = {way: right.value for way, right in rights.items()}
    if all(np.all((value == 0.0) | (value == 1.0)) for value in ones_and_zeros.values()):
        yield f"1 − {called(right)}", {way: 1 - value for way, value in ones_and_zeros.items()}, ()
    gradients = {way: recorded.backward.flows.get(right.number) for way, right in rights.items()}
    if all(flow is not None for flow in gradients.values()):
        flows = {way: flow for way, flow in gradients.items() if flow is not None}
        yield f"d{called(right)}, the gradient,", flows, ()
    if len(ways) == 1:
        yield from (
            (called(array), {ways[0]: array.value}, (array,))
            for array in _of_shape(recorded, right.shape)
            if array is not right
        )
        for axis, size in enumerate(right.shape):
            if size > 1:
                first = np.broadcast_to(np.take(right.value, [0], axis=axis), right.shape)
                yield f"the first element of {called(right)} along axis {axis}", {ways[0]: first}, ()
        return
    nodes = [assignments[way.number] for way in ways]
    shapes = [array.shape for array in rights.values()]
    for several in (*relatives(nodes, shapes), *_made_next(recorded, nodes, shapes)):
        if several != list(rights.values()):
            yield (listed(called(array) for array in several),
                   {way: array.value for way, array in zip(ways, several, strict=True)}, tuple(several))  # fmt: skip


def _made_next(
    recorded: Recorded, nodes: list[Assignment], shapes: list[tuple[int, ...]]
) -> Iterator[list[Assignment]]:
    """What is made of these arrays, if it has these shapes."""
    return (several for several in above(recorded, nodes) if [array.shape for array in several] == shapes)


def _turned(value: Array) -> list[tuple[str, Array]]:
    return [(text, turn(value)) for text, turn in turnings(value.shape)]


def _of_shape(recorded: Recorded, shape: tuple[int, ...]) -> list[Assignment]:
    arrays = [a for a in recorded.program.assignments if a.shape == shape and (a.name or not isinstance(a, View))]
    return sorted(arrays, key=lambda a: not a.name)[:MOST]


def factors_at(recorded: Recorded) -> Iterator[Edit]:
    """A factor too many: at an array, its gradient is multiplied with one of its shape, or its slope."""
    for node in recorded.backward.order:
        if not (node.name or node is recorded.result) or isinstance(node, Constant):
            continue
        ways = tuple(way for way in recorded.backward.passed if way.number == node.number)
        for array in _of_shape(recorded, node.shape)[:20]:
            name = called(array)
            for text, value in _from(name, array.value):
                said = f"the gradient of {called(node)} is multiplied with {text}, which is no part of it"
                yield Edit(
                    lambda t, n=node.number, value=value: Change(at={n: lambda flow: flow * value}),
                    lambda t, said=said: said,
                    5,
                    ways,
                )


def _from(name: str, u: Array) -> Iterator[tuple[str, Array]]:
    with np.errstate(all="ignore"):
        yield name, u
        yield f"1 − {name}", 1 - u
        yield f"{name} (1 − {name})", u * (1 - u)
        yield f"1 − {name}²", 1 - u * u
        yield f"({name} > 0)", (u > 0) * 1.0
        yield f"1/{name}", 1 / u


def flows(recorded: Recorded) -> Iterator[Edit]:
    """The gradient of one array in the place of another's: e in the place of δ, the next layer's δ for this one's."""
    assignments, right = recorded.program.assignments, recorded.backward.flows
    arrays = [a for a in recorded.backward.order if a.number in right]
    for ways in (*groups(recorded, recorded.backward.passed), *_to_one(recorded)):
        nodes = [assignments[way.number] for way in ways]
        if len(ways) == 1:
            instead = [[other] for other in arrays if other is not nodes[0] and (other.name or nodes[0].name)]
        else:
            instead = [*above(recorded, nodes), *relatives(nodes, [node.shape for node in nodes])]
        for others in instead:
            if any(other.shape != node.shape for other, node in zip(others, nodes, strict=True)):
                continue
            if all(
                np.array_equal(right.get(other.number), right[node.number])
                for other, node in zip(others, nodes, strict=True)
            ):
                continue
            swapped = {way: right.get(other.number) for way, other in zip(ways, others, strict=True)}
            if any(flow is None for flow in swapped.values()):
                continue
            yield Edit(
                lambda t, swapped=swapped: Change(
                    rules={
                        way: lambda flow, way=way, by=by: recorded.backward.through(way, by)
                        for way, by in swapped.items()
                    }
                ),
                lambda t, nodes=nodes, others=others, ways=ways: (
                    f"on the way from {_names(nodes)} to {_names([node.operands[ways[0].position] for node in nodes])}, "
                    f"the gradient of {_names(others)} is passed back, not that of {_names(nodes)}"
                ),
                (3 if others[0].name and nodes[0].name else 4) + (len(ways) > 1),
                ways,
                kind="flow",
                data=tuple(others),
            )


def _to_one(recorded: Recorded) -> Iterator[tuple[Way, ...]]:
    """The products that an array goes into: the gates of a step, and of every step."""
    assignments = recorded.program.assignments
    found: dict[object, list[Way]] = {}
    for number, ways in uses(recorded).items():
        products = [way for way in ways if isinstance(assignments[way.number], Contraction)]
        place = assignments[number].place
        for key in (number, place.at if place else number):
            found.setdefault(key, []).extend(products)
    yield from {tuple(dict.fromkeys(ways)) for ways in found.values() if len(ways) > 1}


def exchanged(recorded: Recorded, wrong: list[Given]) -> Iterator[Edit]:
    """The gradient of one array is handed in as that of another one, or those of two are exchanged."""
    right = recorded.backward.flows
    pairs = [(given.assignment, array) for given in wrong for array in recorded.named.values()
             if array is not given.assignment and array.shape == given.right.shape and array.number in right]  # fmt: skip
    for array, other in pairs:
        yield Edit(
            lambda t, n=array.number, by=right[other.number]: Change(at={n: lambda flow: by}),
            lambda t, a=array, b=other: f"d{called(a)} is the gradient of {called(b)}",
            2,
            kind="exchanged",
            data=(array, other),
        )
    for array in [given.assignment for given in wrong]:
        for other in recorded.named.values():
            for what, axis, by in _reduced(right.get(other.number), array.shape):
                yield Edit(
                    lambda t, n=array.number, by=by: Change(at={n: lambda flow: by}),
                    lambda t, a=array, b=other, what=what, axis=axis: (
                        f"d{called(a)} is the gradient of {called(b)}, {what} over axis {axis}"
                    ),
                    3,
                )
    wanted = {given.assignment.number for given in wrong}
    for array, other in pairs:
        if other.number in wanted and array.number < other.number:
            yield Edit(
                lambda t, a=array.number, b=other.number: Change(
                    at={a: lambda flow: right[b], b: lambda flow: right[a]}
                ),
                lambda t, a=array, b=other: f"d{called(a)} and d{called(b)} are exchanged",
                2,
            )


def _reduced(flow: Array | None, shape: tuple[int, ...]) -> Iterator[tuple[str, int, Array]]:
    """Sums and means along one axis that have this shape."""
    if flow is not None and flow.ndim == len(shape) + 1:
        for axis in range(flow.ndim):
            for what, reduced in (("summed", flow.sum(axis=axis)), ("averaged", flow.mean(axis=axis))):
                if reduced.shape == shape:
                    yield what, axis, reduced


def _names(arrays: list[Assignment]) -> str:
    return listed(map(called, arrays))
