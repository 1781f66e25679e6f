"""Edits of sums: over another axis, over too much, of one element alone; a product of sums for a sum of products."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ..programs.assignments import Array, Assignment, Constant, Contraction, Map, View, summed_to
from ..programs.reverse import Change, Rule, Way
from .edits import Edit, called, groups, listed
from .judged import Recorded

__all__ = ["sums"]

Reduce = Callable[[Array], Array]


def sums(recorded: Recorded) -> Iterator[Edit]:
    """All of them."""
    yield from broadcast(recorded)
    yield from other_axes(recorded)
    yield from products_of_sums(recorded)


def products_of_sums(recorded: Recorded) -> Iterator[Edit]:
    """The product of the sums in the place of the sum of the products."""
    assignments = recorded.program.assignments
    sums = [way for way in recorded.backward.passed if isinstance(assignments[way.number], Contraction)
            and len(assignments[way.number].operands) == 2]  # fmt: skip
    for ways in groups(recorded, sums, alike=True):
        target = assignments[ways[0].number].operands[ways[0].position]
        yield Edit(
            lambda t, ways=ways: Change(rules={way: _of_sums(recorded, way) for way in ways}),
            lambda t, target=target: f"the gradient of {called(target)} is a product of sums, not the sum of products",
            4,
            ways,
        )


def _of_sums(recorded: Recorded, way: Way) -> Rule:
    node = recorded.program.assignments[way.number]
    assert isinstance(node, Contraction)
    mine, other = node.letters[way.position], node.letters[1 - way.position]
    shape, value = node.operands[way.position].shape, node.operands[1 - way.position].value

    def rule(flow: Array) -> Array:
        first, second = ("".join(x for x in letters if x in mine) for letters in (node.out, other))
        flow, by = np.einsum(f"{node.out}->{first}", flow), np.einsum(f"{other}->{second}", value)
        return np.broadcast_to(np.einsum(f"{first},{second}->{mine}", flow, by), shape)

    return rule


def broadcast(recorded: Recorded) -> Iterator[Edit]:
    """Where an array was broadcast, its gradient is a sum: over another axis, over too much, of one row alone."""
    assignments = recorded.program.assignments
    spread = [way for way in recorded.backward.passed if isinstance(assignments[way.number], Map)
              and assignments[way.number].operands[way.position].shape != assignments[way.number].shape]  # fmt: skip
    for ways in groups(recorded, spread):
        target = assignments[ways[0].number].operands[ways[0].position]
        every = [_reductions(assignments[way.number].shape, operand_shape(recorded, way)) for way in ways]
        for kind, (text, _) in every[0].items():
            if all(kind in known for known in every):
                reduced = {way: known[kind][1] for way, known in zip(ways, every, strict=True)}
                said = f"the gradient of {called(target)}, which was broadcast, is {text}"
                yield Edit(
                    lambda t, reduced=reduced: Change(
                        rules={way: _reduced(recorded, way, reduce) for way, reduce in reduced.items()}
                    ),
                    lambda t, said=said: said,
                    3 + (len(ways) > 1),
                    ways,
                    kind="sum",
                    data=(kind,),
                )


def other_axes(recorded: Recorded) -> Iterator[Edit]:
    """A sum or mean along an axis that was subtracted or multiplied again: its gradient is summed along another one."""
    assignments = recorded.program.assignments
    for way in recorded.backward.passed:
        node = assignments[way.number]
        name: Assignment = node.operands[way.position]
        if not isinstance(node, Map) or name.shape == node.shape:
            continue
        source = name
        while not isinstance(source, Contraction) and source.operands:
            varying = [x for x in source.operands if not isinstance(x, Constant)]
            if len(varying) != 1 or not (
                isinstance(source, View) or (isinstance(source, Map) and source.op.name in ("div", "mul", "neg"))
            ):
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
                lambda t, axis=axis, name=name: (
                    f"the gradient of {called(name)} is summed along axis {axis}, the wrong one"
                ),
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


def _reduced(recorded: Recorded, way: Way, reduce: Reduce) -> Rule:
    node = recorded.program.assignments[way.number]
    assert isinstance(node, Map)

    def rule(flow: Array) -> Array:
        slope = node.slope(way.position, node.value, [operand.value for operand in node.operands])
        return np.broadcast_to(reduce(flow * slope), node.operands[way.position].shape)

    return rule


def _reductions(shape: tuple[int, ...], target: tuple[int, ...]) -> dict[str, tuple[str, Reduce]]:
    """Other ways to come from one shape to the other than by the sum over what was broadcast: in words, and at work."""
    extra = len(shape) - len(target)
    axes = tuple(range(extra)) + tuple(extra + k for k, n in enumerate(target) if n == 1 and shape[extra + k] > 1)
    n = int(np.prod([shape[axis] for axis in axes]))
    if n == 1:
        return {}
    over = f"over axis {listed(map(str, axes))}"
    found: dict[str, tuple[str, Reduce]] = {
        "mean": (f"a mean where it is a sum over {n}", lambda p: summed_to(p, target) / n),
        "whole": (f"summed over the whole array: it is a sum {over} alone", lambda p: p.sum()),
        "largest": ("the largest, not the sum", lambda p: p.max(axis=axes).reshape(target)),
    }
    for k, which in ((0, "first"), (-1, "last")):
        found[which] = (f"taken of the {which} one alone, not summed",
                        lambda p, k=k: summed_to(np.take(p, [k], axis=axes[0]), target))  # fmt: skip
    for axis in range(len(shape)):
        rest = tuple(size for at, size in enumerate(shape) if at != axis)
        if axis not in axes and _fits(rest, target):
            found[f"axis {axis}"] = (f"summed over axis {axis}, not {over}",
                                     lambda p, axis=axis: p.sum(axis=axis).reshape(target))  # fmt: skip
    return found


def _fits(shape: tuple[int, ...], target: tuple[int, ...]) -> bool:
    return int(np.prod(shape)) == int(np.prod(target))
