"""Copies and pickles of a graph, without recursion: a chain of a million operations can be copied."""

from typing import TYPE_CHECKING, Any

from .walk import topological

if TYPE_CHECKING:
    from .node import Node
    from .value import Value

__all__ = ["deep", "rebuild", "reduce", "shallow"]


def shallow(value: Any) -> Any:
    """Makes a new node with the same operands, numbers and label."""
    twin = _filled(object.__new__(type(value)), value, value._left, value._right)
    _set_attributes(twin, _attributes(value))
    return twin


def deep(root: "Node", memo: dict[int, Any]) -> Any:
    """Copies the whole graph of `root`; returns the new root. Nodes in deepcopy's dict `memo` are not copied again."""
    from copy import deepcopy  # late: whoever copies has imported it already

    for node in reversed(topological(root)):
        for v in (*node.parents, node):  # a parent that is not copied yet is a leaf
            if id(v) not in memo:
                memo[id(v)] = twin = _filled(
                    object.__new__(type(v)), v, _copied(v._left, memo), _copied(v._right, memo)
                )
                _set_attributes(twin, deepcopy(_attributes(v), memo))
    return memo[id(root)]


def reduce(root: "Node") -> tuple[Any, ...]:
    """Returns what pickle stores for the graph of `root`: a function and its arguments. Inner nodes become rows.

    Pickle memoises objects, and here the leaves alone are objects. A leaf that the pickled data hold several times is
    therefore one leaf again after loading. An inner node that they hold twice is duplicated, with its inner ancestors.

    `__reduce__` cannot prevent this. If each node returned its operands as objects, pickle would memoise them, but
    pickle visits them by recursion, and a chain of a thousand nodes is too deep for it. If each node returned its whole
    graph with inner nodes as objects, a chain of n nodes would be pickled as n² / 2 rows. And pickle passes no memo to
    `__reduce__`, in which one call could tell the next what it has written. `copy.deepcopy` does pass its memo, so it
    does not duplicate inner nodes. To pickle several nodes of one graph, pickle the root and their positions in
    `nodes(root)`: a pickle keeps that order. `nn.Comparison` does so.
    """
    if root.op is None:
        return rebuild_leaf, (type(root), root._data, root._grad, root.label, _attributes(root))
    inner = topological(root)[::-1]
    leaves = list(dict.fromkeys(v for node in inner for v in node.parents if v.op is None))
    number = {v: i for i, v in enumerate((*leaves, *inner))}  # in rows a constant is a float, a node an int
    rows = []
    for v in inner:
        left, right = _numbered(v._left, number), _numbered(v._right, number)
        rows.append((v.op, v._data, v._grad, v.label, left, v._d_left, right, v._d_right))
    return rebuild, (type(root), leaves, rows)


def rebuild_leaf(kind: type["Value"], data: float, grad: float, label: str, others: dict[str, Any]) -> "Value":
    """Makes a leaf from its pickle. It does not call `__init__`, which a subclass may have changed."""
    leaf = object.__new__(kind)
    leaf._data, leaf._grad, leaf.label = data, grad, label
    leaf.op = leaf._left = leaf._d_left = leaf._right = leaf._d_right = None
    _set_attributes(leaf, others)
    return leaf


def rebuild(kind: type["Value"], leaves: list["Value"], rows: list[tuple[Any, ...]]) -> "Value":
    """Makes a graph from its pickle and returns its root."""
    nodes = list(leaves)
    for op, data, grad, label, left, d_left, right, d_right in rows:
        node = object.__new__(kind)
        node.op, node._data, node._grad, node.label = op, data, grad, label
        node._left, node._d_left = _looked_up(left, nodes), d_left
        node._right, node._d_right = _looked_up(right, nodes), d_right
        nodes.append(node)
    return nodes[-1]


def _filled(twin: "Value", value: "Value", left: Any, right: Any) -> "Value":
    twin._data, twin._grad, twin.label, twin.op = value._data, value._grad, value.label, value.op
    twin._left, twin._right = left, right
    twin._d_left, twin._d_right = value._d_left, value._d_right
    return twin


def _attributes(value: "Node") -> dict[str, Any]:
    """Returns a dict of the further attributes of a subclass's instance, from its slots and its __dict__."""
    found = dict(getattr(value, "__dict__", ()))
    for kind in type(value).__mro__:
        if kind.__module__ == f"{__package__}.node":
            break
        slots = kind.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in ("__dict__", "__weakref__") and hasattr(value, name):
                found[name] = getattr(value, name)
    return found


def _set_attributes(value: "Value", attributes: dict[str, Any]) -> None:
    for name, attribute in attributes.items():
        setattr(value, name, attribute)


# An operand slot holds a Value, a constant (always a float), a tuple of both (dot's), or None.


def _copied(operand: Any, memo: dict[int, Any]) -> Any:
    if type(operand) is tuple:
        return tuple(_copied(x, memo) for x in operand)
    return operand if operand is None or type(operand) is float else memo[id(operand)]


def _numbered(operand: Any, number: dict["Value", int]) -> Any:
    if type(operand) is tuple:
        return tuple(_numbered(x, number) for x in operand)
    return operand if operand is None or type(operand) is float else number[operand]


def _looked_up(reference: Any, nodes: list["Value"]) -> Any:
    if type(reference) is tuple:
        return tuple(_looked_up(x, nodes) for x in reference)
    return nodes[reference] if type(reference) is int else reference
