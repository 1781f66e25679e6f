"""The walk back: from a result to everything it was made from, applying the chain rule on the way."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .node import Node
    from .value import Value

NOTHING = 0.0  # the very object: a gradient to which nothing has been added, not even 0

__all__ = ["backward", "nodes", "positions", "topological"]


def topological(*roots: "Node", ends: Iterable["Value"] = ()) -> list["Value"]:
    """The inner nodes that the roots are made of, they included, each before the nodes it was made from.

    It is the order in which they are worked out (operands from left to right), backwards. Nothing is marked on them.
    The `ends`, and what only they are made from, are left out. Raises TypeError for what is no Value.
    """
    for root in roots:
        if not hasattr(type(root), "local_grads"):
            from .diagnostics.refusals import no_graph

            raise no_graph(root)
    entered: set[Value] = set(ends)
    path: list[Value] = []  # the nodes that are entered and not finished: what they are made from comes first
    order: list[Value] = []
    stack: list[Any] = list(roots)
    while stack:
        node = stack.pop()
        if node is None:  # all below the last node of the path is in order
            order.append(path.pop())
        elif node not in entered:
            entered.add(node)
            path.append(node)
            stack.append(None)
            if type(node._d_left) is tuple:
                stack += [v for v in node._left[::-1] if v.op is not None and v not in entered]
                continue
            if node._d_right is not None and node._right.op is not None:
                stack.append(node._right)
            if node._d_left is not None and node._left.op is not None:
                stack.append(node._left)
    order.reverse()
    return order


def backward(root: "Node", seed: float) -> None:
    """The backward pass: see `Value.backward`. The same sums as `sweeps.backward_steps`, in the same order."""
    if root.op is None:
        root._grad += seed
        return
    order = topological(root)
    for node in order:
        node._grad = NOTHING
    root._grad = seed
    for node in order:
        upstream = node._grad
        if upstream is NOTHING:  # it is 0.0, and no way that was taken leads here
            continue
        local = node._d_left
        if type(local) is tuple:
            branches = node.op.branches  # type: ignore[union-attr]  # an inner node has one
            for parent, slope in zip(node._left, local, strict=True):
                if slope or not branches:
                    parent._grad += slope * upstream
            continue
        if local or (local is not None and not node.op.branches):  # type: ignore[union-attr]
            node._left._grad += local * upstream
        local = node._d_right
        if local or (local is not None and not node.op.branches):  # type: ignore[union-attr]
            node._right._grad += local * upstream


def positions(node: "Value") -> list[int]:
    """Where the node's parents stand among its operands."""
    return [i for i, operand in enumerate(node.operands) if type(operand) is not float]


def nodes(root: "Node") -> list["Value"]:
    """The graph below `root`, leaves and itself included, each after what it was made from, and once.

    Raises TypeError for what is no Value.
    """
    found: dict[Value, None] = {}
    for node in reversed(topological(root)):
        found |= dict.fromkeys(node.parents)  # those not found by now are leaves
        found[node] = None
    return list(found)
