"""Makes edits of sums: over another axis, over too much, one element alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations
from math import prod

import numpy as np

from ...programs.assignments import Array, Assignment, Constant, Contraction, Map, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, axes_told, called, fixed, groups, listed

__all__ = ["sums"]

Shape = tuple[int, ...]
Reduce = Callable[[Array], Array]
Reductions = dict[str, tuple[str, Reduce]]  # from the kind of each, such as "mean", to its text and its function
DIGITS = 12  # the digits of results that are compared
CLOSE = 1e-9  # relative tolerance
ONE_NUMBER = ("div", "mul", "neg")  # operations that may scale a sum before it is broadcast, as in a mean


def sums(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of the sums in a backward pass."""
    yield from _broadcast(recorded)
    yield from _other_axes(recorded)


# ---- the gradient of an array that was broadcast is a sum


def _broadcast(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits that put another reduction in the place of the sum over the broadcast axes."""
    spread = [way for way in recorded.backward.passed if _is_broadcast(recorded.node(way), way.position)]
    for ways in groups(recorded, spread):
        nodes = [recorded.node(way) for way in ways]
        targets = [recorded.target(way) for way in ways]
        found = [_reductions(node.shape, target.shape) for node, target in zip(nodes, targets, strict=True)]
        for kind, (text, _) in _different(found[0], recorded, ways[0]).items():
            if all(kind in known for known in found):
                names = listed(map(called, targets))
                one = f"the gradient of {names}, which was broadcast, is {text}"
                each = f"the gradient of each of {names}, which were broadcast, is {text}"
                said = one if len(set(targets)) == 1 else each
                by = {way: known[kind][1] for way, known in zip(ways, found, strict=True)}
                change = Change(rules={way: partial(_reduced, recorded, way, reduce) for way, reduce in by.items()})
                yield fixed(change, said, 3 + (len(ways) > 1), ways, "sum", (kind,))


def _different(known: Reductions, recorded: Recorded, way: Way) -> Reductions:
    """Returns the reductions without those whose result is finite and that of an earlier one: of equal terms, say."""
    flow, told = recorded.backward.flows[way.number], dict[bytes, str]()
    for kind, (_, reduce) in known.items():
        told.setdefault(np.round(_reduced(recorded, way, reduce, flow), DIGITS).tobytes(), kind)
    return {kind: known[kind] for kind in told.values()}


def _is_broadcast(node: Assignment, position: int) -> bool:
    return isinstance(node, Map) and node.operands[position].shape != node.shape


def _spread(recorded: Recorded, way: Way, flow: Array) -> Array:
    """Returns the gradient that goes back along a way, before it is summed over the broadcast axes."""
    node = recorded.node(way)
    assert isinstance(node, Map)
    return flow * node.slope(way.position, node.value, [operand.value for operand in node.operands])


def _reduced(recorded: Recorded, way: Way, reduce: Reduce, flow: Array) -> Array:
    shape = recorded.target(way).shape
    return np.broadcast_to(reduce(_spread(recorded, way, flow)), shape)


def _reductions(shape: Shape, target: Shape) -> Reductions:
    """Returns the wrong reductions."""
    extra = len(shape) - len(target)
    axes = (*range(extra), *(extra + k for k, n in enumerate(target) if n == 1 and shape[extra + k] > 1))
    n = prod(shape[axis] for axis in axes)
    if n == 1:
        return {}
    over, along = f"over {axes_told(axes)}", f"along {axes_told(axes)}"
    known = {kind: (text, partial(_reshaped, target, reduce)) for kind, text, reduce in _wrong(axes)}
    found: Reductions = {
        "mean": known.pop("mean"),
        "whole": (f"summed over the whole array, not {over} only", np.sum),
        "once": (
            f"one of the terms {along}, not their sum: count the terms that are not 0",
            partial(_once, axes, target),
        ),
        "once everywhere": (
            f"one of the terms {along} in every place, not their sum: count the terms that are not 0",
            partial(_once_everywhere, target),
        ),
        **known,
    }
    for others in combinations(range(len(shape)), len(axes)):
        rest = tuple(size for axis, size in enumerate(shape) if axis not in others)
        if others != axes and prod(rest) == prod(target):
            found[axes_told(others)] = f"summed over {axes_told(others)}, not {over}", partial(_summed, others, target)
    return found


def _reshaped(target: Shape, reduce: Reduce, passed: Array) -> Array:
    return reduce(passed).reshape(target)


def _once(axes: tuple[int, ...], target: Shape, passed: Array) -> Array:
    """Returns the term that all terms equal which are not 0; nan where they differ."""
    term = _term(passed, axes)
    differs = np.any((passed != 0.0) & ~np.isclose(passed, term, rtol=CLOSE, atol=0.0), axis=axes, keepdims=True)
    return np.where(differs, np.nan, term).reshape(target)


def _term(passed: Array, axes: tuple[int, ...] | None) -> Array:
    most = passed.max(axis=axes, keepdims=True)
    return np.asarray(np.where(most > 0.0, most, passed.min(axis=axes, keepdims=True)))


def _once_everywhere(target: Shape, passed: Array) -> Array:
    term, there = _term(passed, None).item(), passed[passed != 0.0]
    return np.full(target, term if np.allclose(there, term, rtol=CLOSE, atol=0.0) else np.nan)


def _summed(axes: tuple[int, ...], target: Shape, passed: Array) -> Array:
    return np.asarray(passed.sum(axis=axes)).reshape(target)


# ---- wrong reductions


def _wrong(axes: tuple[int, ...]) -> Iterator[tuple[str, str, Reduce]]:
    """Yields the kind, the text and the function of each wrong reduction over these axes."""
    whole = axes_told(axes)
    yield "mean", f"a mean over {whole}, not a sum", partial(_mean, axes)
    yield "largest", f"the largest number along {whole}, not the sum", partial(_largest, axes)
    for count in range(len(axes)):
        for summed in combinations(axes, count):
            rest = tuple(axis for axis in axes if axis not in summed)
            along = axes_told(rest)
            for k, which in ((0, "first"), (-1, "last")):
                text = f"only the {which} one along {along}, not the sum"
                if summed:
                    text = f"summed over {axes_told(summed)} alone: along {along}, only the {which} one is taken"
                yield f"{which} along {along}", text, partial(_one, summed, rest, k)


def _mean(axes: tuple[int, ...], passed: Array) -> Array:
    return np.asarray(passed.mean(axis=axes))


def _largest(axes: tuple[int, ...], passed: Array) -> Array:
    found = np.asarray(passed.max(axis=axes))
    return found if np.any(found) else np.full(found.shape, np.nan)  # all zeros have another cause


def _one(summed: tuple[int, ...], rest: tuple[int, ...], k: int, passed: Array) -> Array:
    """Returns the sum over some axes, at the first or last place along the rest."""
    at = tuple(slice(k, k + 1 or None) if axis in rest else slice(None) for axis in range(passed.ndim))
    return np.asarray(passed[at].sum(axis=(*summed, *rest)))


# ---- a sum or mean that was subtracted or multiplied again


def _other_axes(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits that sum the gradient of a sum or mean along one axis; each axis is tried."""
    for way in recorded.backward.passed:
        node = recorded.node(way)
        name = node.operands[way.position]
        source = _source(name) if _is_broadcast(node, way.position) else None
        if source is not None and source.shape == node.shape:
            of = (*(1,) * (len(node.shape) - len(name.shape)), *name.shape)
            for axis in (axis for axis, n in enumerate(node.shape) if of[axis] == n):  # over other axes, it is right
                text = f"the gradient of {called(name)} is summed over axis {axis}, the wrong axis"
                change = partial(_along_change, recorded, way, source, axis)
                yield Edit(change, lambda t, text=text: text, 3, (way,), fitted=True)  # type: ignore[misc]


def _source(array: Assignment) -> Assignment | None:
    """Returns the array whose sum an array is, up to a factor; None if it is not a sum."""
    while not isinstance(array, Contraction):
        varying = [operand for operand in array.operands if not isinstance(operand, Constant)]
        passes = isinstance(array, View) or (isinstance(array, Map) and array.op.name in ONE_NUMBER)
        if len(varying) != 1 or not passes:
            return None
        (array,) = varying
    return array.operands[0] if len(array.operands) == 1 else None


def _along_change(recorded: Recorded, way: Way, source: Assignment, axis: int, t: float) -> Change:
    zeros = np.zeros(recorded.target(way).shape)

    def along(flow: Array) -> Array:
        return np.broadcast_to(t * _spread(recorded, way, flow).sum(axis=axis, keepdims=True), source.shape)

    return Change(rules={way: lambda flow: zeros}, jumps={(way.number, source.number): along})
