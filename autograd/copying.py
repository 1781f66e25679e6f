"""Copies and pickles of a graph, laid out flat: a million operations in a row are copied without recursion."""

from typing import TYPE_CHECKING, Any

from .walk import topological

if TYPE_CHECKING:
    from .node import Node
    from .value import Value

__all__ = ["deep", "rebuild", "reduce", "shallow"]


def shallow(value: Any) -> Any:
    """A new node made from the same operands."""
    twin = _filled(object.__new__(type(value)), value, value._left, value._right)
    _set_attributes(twin, _attributes(value))
    return twin


def deep(root: "Node", memo: dict[int, Any]) -> Any:
    """A copy of the whole graph below `root`; what `memo` (copy.deepcopy's) holds already stays shared."""
    from copy import deepcopy  # here, as whoever copies has it already

    for node in reversed(topological(root)):
        for v in (*node.parents, node):  # the parents that are not copied by now are leaves
            if id(v) not in memo:
                memo[id(v)] = twin = _filled(
                    object.__new__(type(v)), v, _copied(v._left, memo), _copied(v._right, memo)
                )
                _set_attributes(twin, deepcopy(_attributes(v), memo))
    return memo[id(root)]


def reduce(root: "Node") -> tuple[Any, ...]:
    """How a pickle keeps the graph below `root`: inner nodes as rows, leaves as objects.

    A leaf that occurs several times in what is pickled (in two results, in a list beside them) is therefore one
    leaf again afterwards. An inner node that is pickled twice becomes two, each with all that is below it.

    No answer given here could change that. A pickler asks an object for its parts once, and does not say whether that
    is by itself or within another. A node that answered with its operands as objects would be remembered, and be one,
    but a pickler descends into parts by recursion: a thousand operations in a row would be too many. So a node answers
    for all that is below it, and of what is in such an answer the pickler remembers only what it asks itself, leaves.
    If each inner node were asked as well, each would answer for all below it: in a chain of n, n² / 2 times. To know
    what was said before, nodes would need a place for it, in themselves or in something that outlives the dump.
    `copy.deepcopy` passes such a place, its memo, and keeps inner nodes one. For a pickle, keep the root and where
    the others stand in `nodes(root)`, whose order a pickle preserves; `nn.Comparison` does so.
    """
    if root.op is None:
        return rebuild_leaf, (type(root), root._data, root._grad, root.label, _attributes(root))
    inner = topological(root)[::-1]
    leaves = list(dict.fromkeys(v for node in inner for v in node.parents if v.op is None))
    number = {v: i for i, v in enumerate((*leaves, *inner))}  # a constant stays a float, a node becomes an int
    rows = []
    for v in inner:
        left, right = _numbered(v._left, number), _numbered(v._right, number)
        rows.append((v.op, v._data, v._grad, v.label, left, v._d_left, right, v._d_right))
    return rebuild, (type(root), leaves, rows)


def rebuild_leaf(kind: type["Value"], data: float, grad: float, label: str, others: dict[str, Any]) -> "Value":
    """A leaf from its pickle, without asking its class to make one."""
    leaf = object.__new__(kind)
    leaf._data, leaf._grad, leaf.label = data, grad, label
    leaf.op = leaf._left = leaf._d_left = leaf._right = leaf._d_right = None
    _set_attributes(leaf, others)
    return leaf


def rebuild(kind: type["Value"], leaves: list["Value"], rows: list[tuple[Any, ...]]) -> "Value":
    """A graph from its pickle; returns its root."""
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
    """What an instance of a subclass holds besides, in its slots and its __dict__."""
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
