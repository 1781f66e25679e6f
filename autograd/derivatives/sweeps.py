"""The chain rule over a graph, step by step: backward, as `backward()` does it, and forward.

Both sweeps ask a function for the local derivatives. `recorded` gives the floats that the graph recorded; one that
asks the table's rules in Values makes the sweep itself a graph, which can be differentiated again.
"""

from collections.abc import Callable, Container, Iterator
from math import isfinite
from typing import Any, NamedTuple

from ..value import Value, number_of
from ..walk import positions, topological

__all__ = ["Step", "backward_steps", "recorded", "sweep_back", "sweep_forward"]

Slope = Callable[[Value, int, int], Any]  # of a node, by its i-th parent, which is the operand at that position


class Step(NamedTuple):
    """One application of the chain rule: ∂root/∂parent += ∂root/∂node · ∂node/∂parent."""

    node: Value  # where the gradient comes from
    upstream: float  # ∂root/∂node, complete when the step is taken
    parent: Value  # one of the Values that the node was made from
    local: float  # ∂node/∂parent
    contribution: float  # their product: what this step adds to ∂root/∂parent
    position: int  # which of the node's operands the parent is


def backward_steps(root: Value, seed: float = 1.0) -> Iterator[Step]:
    """The backward pass from `root` as data, step by step; no `grad` is read or changed.

    `seed` is what `root.backward(seed)` takes. The pictures, and whatever explains a gradient, read this record.
    Raises TypeError for what is no Value.

        >>> x = Value(3.0, "x")
        >>> for step in backward_steps(x * x):
        ...     print(step.parent.label, step.upstream, "·", step.local, "=", step.contribution)
        x 1.0 · 3.0 = 3.0
        x 1.0 · 3.0 = 3.0
    """
    return sweep_back(topological(root), {root: seed}, recorded)


def recorded(node: Value, i: int, position: int) -> float:
    """The local derivative as it was when the node was made."""
    return node.local_grads[i]


def sweep_back(
    order: list[Value], grads: dict[Value, Any], slope: Slope, wanted: Container[Value] | None = None
) -> Iterator[Step]:
    """Reverse mode: the steps from the nodes in `grads` down, through the nodes in `order`.

    At first, `grads` holds the seeds of all roots of `order`; in the end, the gradients of what is not in `order`. If
    some values are `wanted`, steps to others are left out, and steps from nodes where nothing arrives.
    """
    for node in order:
        arrives = node in grads
        if not arrives and wanted is not None:
            continue
        upstream = grads.pop(node, 0.0)
        for i, (parent, position) in enumerate(zip(node.parents, positions(node), strict=True)):
            if wanted is None or parent in wanted:
                local = slope(node, i, position)
                contribution = 0.0
                if arrives and (local or _is_taken(node, local, upstream)):
                    contribution = _times(local, upstream)
                    grads[parent] = _plus(grads.get(parent, 0.0), contribution)
                yield Step(node, upstream, parent, local, contribution, position)


def sweep_forward(order: list[Value], tangents: dict[Value, Any], slope: Slope) -> Iterator[Step]:
    """Forward mode: the steps from the nodes in `tangents` up, through the nodes in `order`, last first.

    A step here adds ∂node/∂parent times the parent's tangent, its `upstream`, to the node's own tangent. `tangents`
    holds all of them in the end; what does not depend on those at first has none.
    """
    for node in reversed(order):
        if tangents.keys().isdisjoint(node.parents):
            continue
        for i, (parent, position) in enumerate(zip(node.parents, positions(node), strict=True)):
            if parent in tangents:
                local = slope(node, i, position)
                contribution = 0.0
                if _is_taken(node, local, tangents[parent]):
                    contribution = _times(local, tangents[parent])
                    tangents[node] = _plus(tangents.get(node, 0.0), contribution)
                yield Step(node, tangents[parent], parent, local, contribution, position)


def _is_taken(node: Value, local: Any, upstream: Any) -> bool:
    """Whether anything is passed on: from a branch that was not taken nothing is, not even 0.

    A slope that is a Value may be 0 at this point alone, so that its product counts, unless what arrives is not finite.
    """
    op = node.op
    untaken = op is not None and op.is_untaken(number_of(local))
    return not untaken or (isinstance(local, Value) and isfinite(number_of(upstream)))


def _times(local: Any, upstream: Any) -> Any:
    """Their product; a factor of 1 makes no node. (A Value, which may be a factor, equals no number.)"""
    return upstream if local == 1.0 else local if upstream == 1.0 else local * upstream


def _plus(before: Any, more: Any) -> Any:
    """Their sum; adding a Value to nothing makes no node. (0 + −0 is 0, as in `backward()`.)"""
    return more if type(more) is not float and before == 0.0 else before + more
