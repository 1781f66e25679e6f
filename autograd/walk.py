"""The backward pass: from a result to all nodes that it depends on, by the chain rule."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .node import Node
    from .value import Value

NOTHING = 0.0  # compared by identity: the gradient to which nothing has been added, not even 0

__all__ = ["backward", "nodes", "positions", "topological"]


def topological(*roots: "Node", ends: Iterable["Value"] = ()) -> list["Value"]:
    """Returns the inner nodes that the roots depend on, roots included, each before its parents.

    This is the reverse of the order of computation, in which operands come from left to right. No node is changed.

    Args:
        roots: Values or other nodes.
        ends: Values at which the search stops. They are left out, and so are nodes that only they depend on.
    Raises:
        TypeError: If a root is no Value.
    """
    for root in roots:
        if not hasattr(type(root), "local_grads"):
            from .diagnostics.refusals import no_graph

            raise no_graph(root)
    entered: set[Value] = set(ends)
    path: list[Value] = []  # nodes entered but not finished: their ancestors are placed first
    order: list[Value] = []
    stack: list[Any] = list(roots)
    while stack:
        node = stack.pop()
        if node is None:  # all ancestors of the last node on the path are placed
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
    """Runs the backward pass of `Value.backward`. `sweeps.backward_steps` makes the same sums in the same order."""
    if root.op is None:
        root._grad += seed
        return
    order = topological(root)
    for node in order:
        node._grad = NOTHING
    root._grad = seed
    for node in order:
        upstream = node._grad
        if upstream is NOTHING:  # every way from the root to this node leads through a branch that was not taken
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
    """Returns the positions of the node's parents among its operands."""
    return [i for i, operand in enumerate(node.operands) if type(operand) is not float]


def nodes(root: "Node") -> list["Value"]:
    """Returns every node of the graph of `root` once, leaves and root included, each after its parents.

    Raises:
        TypeError: If `root` is no Value.
    """
    found: dict[Value, None] = {}
    for node in reversed(topological(root)):
        found |= dict.fromkeys(node.parents)  # a parent that is not found yet is a leaf
        found[node] = None
    return list(found)
