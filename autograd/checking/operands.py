"""Edits of the other factors of a product: another array, a transposed one, a factor left out or one too many."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .. import table
from ..programs.assignments import Array, Assignment, Constant, Contraction, Map, View, summed_to
from ..programs.reverse import Change, Rule, Way
from .edits import Edit, called, groups, listed
from .judged import Recorded
from .turnings import turnings

__all__ = ["factors_at", "flows", "order", "substitutes"]

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
                    yield _edit(recorded, inverse, other, f"{where} the gradient is divided by {name}, not multiplied", 3, ways)
                else:
                    inverse = {way: _inverse(_value(recorded, way, other)) for way in ways}
                    yield _edit(recorded, inverse, other, f"{where} the gradient is multiplied by {name}, not divided", 3, ways)
                squared = {way: _value(recorded, way, other) ** 2 for way in ways}
                yield _edit(recorded, squared, other, f"the factor {name} comes twice {where}", 3, ways)
            for wrong, instead in _candidates(recorded, ways, other):
                text = f"{wrong} stands in the place of {name} {where}"
                yield _edit(recorded, instead, other, text, 4, ways)


def _edit(
    recorded: Recorded, values: dict[Way, Array], other: int, text: str, rank: int, ways: tuple[Way, ...]
) -> Edit:
    def change(t: float) -> Change:
        return Change(rules={way: _with(recorded, way, other, value) for way, value in values.items()})

    return Edit(change, lambda t: text, rank + (len(ways) > 1), ways)


def _with(recorded: Recorded, way: Way, other: int, value: Array):  # noqa: ANN202
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


def _candidates(recorded: Recorded, ways: tuple[Way, ...], other: int) -> Iterator[tuple[str, dict[Way, Array]]]:
    """Arrays that may stand in the place of an operand: itself in another order, and others of its shape."""
    assignments = recorded.program.assignments
    rights = {way: assignments[way.number].operands[other] for way in ways}
    right = rights[ways[0]]
    for text, turned in _turned(right.value):
        if turned.shape == right.shape and not np.array_equal(turned, right.value):
            yield f"{called(right)} {text}", {way: dict(_turned(array.value))[text] for way, array in rights.items()}
    if isinstance(right, View) and right.of_one is not None and not right.of_one.name == "":
        for text, turned in _turned(right.of_one.value):
            if turned.shape == right.of_one.shape:
                yield (f"{called(right.of_one)} {text}",
                       {way: view.forward([dict(_turned(view.of_one.value))[text]])  # type: ignore[union-attr]
                        for way, view in rights.items() if isinstance(view, View) and view.of_one is not None
                        and view.of_one.shape == right.of_one.shape})  # fmt: skip
    if len(ways) == 1:
        for array in _of_shape(recorded, right.shape):
            if array is not right:
                yield called(array), {ways[0]: array.value}
        if np.all((right.value == 0.0) | (right.value == 1.0)):
            yield f"1 − {called(right)}", {ways[0]: 1 - right.value}
    else:
        yield from _shifted(recorded, rights)


def _shifted(recorded: Recorded, rights: dict[Way, Assignment]) -> Iterator[tuple[str, dict[Way, Array]]]:
    """For the runs of one line: what stands at the same distance from each operand in its program (its z for its a)."""
    first = next(iter(rights.values()))
    arrays = recorded.program.assignments
    for array in _of_shape(recorded, first.shape):
        shift = array.number - first.number
        places = {way: right.number + shift for way, right in rights.items()}
        if shift and all(0 <= at < len(arrays) and arrays[at].shape == first.shape for at in places.values()):
            yield f"{called(array)}, and the like,", {way: arrays[at].value for way, at in places.items()}


def _turned(value: Array) -> list[tuple[str, Array]]:
    return [(text, turn(value)) for text, turn in turnings(value.shape)]


def _of_shape(recorded: Recorded, shape: tuple[int, ...]) -> list[Assignment]:
    arrays = [a for a in recorded.program.assignments if a.shape == shape and (a.name or not isinstance(a, View))]
    return sorted(arrays, key=lambda a: not a.name)[:MOST]


def order(recorded: Recorded) -> Iterator[Edit]:
    """In sums of products and views: the gradient, or what is passed on of it, with its elements in another order."""
    assignments = recorded.program.assignments
    sums = [way for way in recorded.backward.passed if isinstance(assignments[way.number], Contraction | View)]
    for ways in groups(recorded, sums):
        node = assignments[ways[0].number]
        target = node.operands[ways[0].position]
        for text, turn in turnings(node.shape):
            said = f"the gradient of {called(node)} is taken {text} on the way to {called(target)}"
            yield _turning(recorded, ways, said, before=turn)
        for text, turn in turnings(target.shape):
            yield _turning(recorded, ways, f"the gradient of {called(target)} comes {text}", after=turn)


def _turning(
    recorded: Recorded, ways: tuple[Way, ...], text: str, before: Rule | None = None, after: Rule | None = None
) -> Edit:
    def rule(way: Way) -> Rule:
        def passed(flow: Array) -> Array:
            given = recorded.backward.through(way, flow if before is None else before(flow))
            return given if after is None else after(given)

        return passed

    return Edit(lambda t: Change(rules={way: rule(way) for way in ways}), lambda t: text, 4 + (len(ways) > 1), ways)


def products_of_sums(recorded: Recorded) -> Iterator[Edit]:
    """The product of the sums in the place of the sum of the products."""
    assignments = recorded.program.assignments
    sums = [way for way in recorded.backward.passed if isinstance(assignments[way.number], Contraction)
            and len(assignments[way.number].operands) == 2]  # fmt: skip
    for ways in groups(recorded, sums):
        target = assignments[ways[0].number].operands[ways[0].position]
        yield Edit(
            lambda t, ways=ways: Change(rules={way: _of_sums(recorded, way) for way in ways}),
            lambda t, target=target: f"the gradient of {called(target)} is a product of sums, not the sum of products",
            4,
            ways,
        )


def _of_sums(recorded: Recorded, way: Way):  # noqa: ANN202
    node = recorded.program.assignments[way.number]
    assert isinstance(node, Contraction)
    mine, other = node.letters[way.position], node.letters[1 - way.position]
    shape, value = node.operands[way.position].shape, node.operands[1 - way.position].value

    def rule(flow: Array) -> Array:
        first, second = ("".join(x for x in letters if x in mine) for letters in (node.out, other))
        flow, by = np.einsum(f"{node.out}->{first}", flow), np.einsum(f"{other}->{second}", value)
        return np.broadcast_to(np.einsum(f"{first},{second}->{mine}", flow, by), shape)

    return rule


def sums(recorded: Recorded) -> Iterator[Edit]:
    """Where an array was broadcast, its gradient is a sum: over another axis, over too much, of one row alone."""
    assignments = recorded.program.assignments
    spread = [way for way in recorded.backward.passed if isinstance(assignments[way.number], Map)
              and assignments[way.number].operands[way.position].shape != assignments[way.number].shape]  # fmt: skip
    for ways in groups(recorded, spread):
        node = assignments[ways[0].number]
        target = node.operands[ways[0].position]
        for text, reduce in _reductions(node.shape, target.shape):
            said = f"the gradient of {called(target)}, which was broadcast, is {text}"
            yield Edit(
                lambda t, ways=ways, reduce=reduce: Change(rules={way: _reduced(recorded, way, reduce) for way in ways}),
                lambda t, said=said: said,
                3 + (len(ways) > 1),
                ways,
            )


def other_axes(recorded: Recorded) -> Iterator[Edit]:
    """A sum or mean along an axis that was subtracted or multiplied again: its gradient is summed along another one."""
    assignments = recorded.program.assignments
    for way in recorded.backward.passed:
        node = assignments[way.number]
        operand = node.operands[way.position]
        if not isinstance(node, Map) or operand.shape == node.shape:
            continue
        source, name = operand, operand
        while not isinstance(source, Contraction) and source.operands:
            varying = [x for x in source.operands if not isinstance(x, Constant)]
            if len(varying) != 1 or not (isinstance(source, View) or (isinstance(source, Map) and source.op.name in ("div", "mul", "neg"))):
                break
            (source,) = varying
        if not isinstance(source, Contraction) or len(source.operands) != 1 or source.operands[0].shape != node.shape:
            continue
        target = source.operands[0]
        for axis in range(len(node.shape)):
            yield Edit(
                lambda t, way=way, axis=axis, target=target: Change(
                    rules={way: lambda flow: np.zeros(operand_shape(recorded, way))},
                    jumps={way.number: (target.number, lambda flow: t * _along(recorded, way, flow, axis))},
                ),
                lambda t, axis=axis, name=name: f"the gradient of {called(name)} is summed along axis {axis}, the wrong one",
                3,
                (way,),
                fitted=True,
            )


def operand_shape(recorded: Recorded, way: Way) -> tuple[int, ...]:
    """The shape of what a way leads to."""
    return recorded.program.assignments[way.number].operands[way.position].shape


def _along(recorded: Recorded, way: Way, flow: Array, axis: int) -> Array:
    node = recorded.program.assignments[way.number]
    assert isinstance(node, Map)
    slope = node.slope(way.position, node.value, [operand.value for operand in node.operands])
    return np.broadcast_to((flow * slope).sum(axis=axis, keepdims=True), node.shape)


def _reduced(recorded: Recorded, way: Way, reduce):  # noqa: ANN001, ANN202
    node = recorded.program.assignments[way.number]
    assert isinstance(node, Map)

    def rule(flow: Array) -> Array:
        slope = node.slope(way.position, node.value, [operand.value for operand in node.operands])
        return np.broadcast_to(reduce(flow * slope), node.operands[way.position].shape)

    return rule


def _reductions(shape: tuple[int, ...], target: tuple[int, ...]):  # noqa: ANN202
    """Other ways to come from one shape to the other than by the sum over what was broadcast."""
    extra = len(shape) - len(target)
    axes = tuple(range(extra)) + tuple(extra + k for k, n in enumerate(target) if n == 1 and shape[extra + k] > 1)
    n = int(np.prod([shape[axis] for axis in axes]))
    if n == 1:
        return
    yield f"a mean where it is a sum over {n}", lambda p: summed_to(p, target) / n
    yield f"summed over the whole array: it is a sum over axis {_axes(axes)} alone", lambda p: p.sum()
    yield "the largest, not the sum", lambda p: p.max(axis=axes).reshape(target)
    for k, which in ((0, "first"), (-1, "last")):
        yield f"taken of the {which} one alone, not summed", lambda p, k=k: summed_to(
            np.take(p, [k], axis=axes[0]), target)  # fmt: skip
    for axis in range(len(shape)):
        if axis not in axes:
            rest = tuple(size for at, size in enumerate(shape) if at != axis)
            if _fits(rest, target):
                yield (f"summed over axis {axis}, not over axis {_axes(axes)}",
                       lambda p, axis=axis: p.sum(axis=axis).reshape(target))  # fmt: skip


def _axes(axes: tuple[int, ...]) -> str:
    return listed(map(str, axes))


def _fits(shape: tuple[int, ...], target: tuple[int, ...]) -> bool:
    return int(np.prod(shape)) == int(np.prod(target))


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
    for way in recorded.backward.passed:
        node = assignments[way.number]
        for other in arrays:
            if other is not node and other.shape == node.shape and (other.name or node.name):
                if np.array_equal(right[other.number], right[node.number]):
                    continue
                target = called(node.operands[way.position])
                yield Edit(
                    lambda t, way=way, other=other: Change(
                        rules={way: lambda flow: recorded.backward.through(way, right[other.number])}
                    ),
                    lambda t, target=target, node=node, other=other: (
                        f"on the way from {called(node)} to {target}, the gradient of {called(other)} is passed back, "
                        f"not that of {called(node)}"
                    ),
                    3 if other.name and node.name else 4,
                    (way,),
                )
