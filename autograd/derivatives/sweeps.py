"""The chain rule over a graph, step by step: in reverse mode, like `backward()`, and in forward mode.

Both sweeps get the local derivatives from a function. `recorded` returns the floats that the graph recorded. A function
that runs the table's rules on Values makes the sweep itself a graph, which can be differentiated again.
"""

from collections.abc import Callable, Container, Iterator
from math import isfinite
from typing import Any, NamedTuple

from ..value import Value, number_of
from ..walk import positions, topological

__all__ = ["Step", "backward_steps", "recorded", "sweep_back", "sweep_forward"]

Slope = Callable[[Value, int, int], Any]  # (node, i, position) -> local derivative by parent i, operand `position`


class Step(NamedTuple):
    """One application of the chain rule: ∂root/∂parent += ∂root/∂node · ∂node/∂parent."""

    node: Value  # the node that passes its gradient on
    upstream: float  # ∂root/∂node, complete when the step is taken
    parent: Value  # the Value among the node's operands that receives the gradient
    local: float  # ∂node/∂parent
    contribution: float  # upstream · local, which this step adds to ∂root/∂parent
    position: int  # the position of the parent among the node's operands


def backward_steps(root: Value, seed: float = 1.0) -> Iterator[Step]:
    """Yields the backward pass from `root`, one Step for each edge of the graph. No `grad` is read or changed.

    Args:
        root: The Value that is differentiated.
        seed: The gradient ∂C/∂root, as for `root.backward(seed)`.
    Raises:
        TypeError: If `root` is no Value.
    Example:
        >>> x = Value(3.0, "x")
        >>> for step in backward_steps(x * x):
        ...     print(step.parent.label, step.upstream, "·", step.local, "=", step.contribution)
        x 1.0 · 3.0 = 3.0
        x 1.0 · 3.0 = 3.0
    """
    return sweep_back(topological(root), {root: seed}, recorded)


def recorded(node: Value, i: int, position: int) -> float:
    """Returns the local derivative that was recorded when the node was made."""
    return node.local_grads[i]


def sweep_back(
    order: list[Value], grads: dict[Value, Any], slope: Slope, wanted: Container[Value] | None = None
) -> Iterator[Step]:
    """Yields, in reverse mode, the steps from the nodes in `grads` back through the nodes in `order`.

    Before the sweep, `grads` holds the seeds of the roots of `order`. After it, `grads` holds the gradients of the
    Values that are not in `order`. If `wanted` is given, steps to other Values are left out, and also steps from nodes
    at which no gradient arrives.
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
    """Yields, in forward mode, the steps from the Values in `tangents` on, through `order` from its end to its start.

    A step adds ∂node/∂parent times the parent's tangent, which is its `upstream`, to the node's tangent. After the
    sweep, `tangents` also holds the tangents of all nodes that depend on the Values that were in it.
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
    """Returns whether the step passes anything on. A branch that was not taken passes nothing on, not even 0.

    A slope that is a Value may be 0 at this point only, so its product matters for second derivatives. It is passed on
    if the upstream gradient is finite.
    """
    op = node.op
    untaken = op is not None and op.is_untaken(number_of(local))
    return not untaken or (isinstance(local, Value) and isfinite(number_of(upstream)))


def _times(local: Any, upstream: Any) -> Any:
    """Returns the product; a factor 1.0 makes no node. (A factor that is a Value does not equal 1.0.)"""
    return upstream if local == 1.0 else local if upstream == 1.0 else local * upstream


def _plus(before: Any, more: Any) -> Any:
    """Returns the sum; adding a Value to the number 0 makes no node. (Floats are added: 0 + −0 is 0.)"""
    return more if type(more) is not float and before == 0.0 else before + more
