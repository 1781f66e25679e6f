"""Reads the elements of arrays, as Values and numbers, and finds the levels of the graph of these Values."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..arrays.value_array import asked, plain
from ..value import Value
from .assignments import Array, Place

__all__ = ["copied", "has_values", "is_made_of", "left_out", "levels", "numbers", "overflows", "taken_apart"]

NOWHERE: Mapping[Value, Any] = {}


def has_values(x: Any) -> bool:
    """Returns whether x may contain Values: a Value, an array of objects, or a list or tuple with one of these."""
    return (
        isinstance(x, Value)
        or (isinstance(x, np.ndarray) and x.dtype == object)
        or (isinstance(x, list | tuple) and any(map(has_values, x)))
    )


def taken_apart(given: Any) -> tuple[list[Any], tuple[int, ...]]:
    """Returns the elements as a flat list, and the shape."""
    array = np.asarray(plain(given), dtype=object)
    return array.ravel().tolist(), array.shape


def overflows(x: Any) -> Any:
    """Returns a mask: True where x is finite and eˣ overflows. NumPy gives inf there; a Value raises DomainError."""
    with np.errstate(over="ignore"):
        return np.isinf(np.exp(asked(x))) & ~np.isinf(asked(x))


def copied(x: Any) -> Any:
    """Returns a copy of an array of objects, such as Values. Anything else is returned unchanged."""
    return np.array(plain(x), dtype=object) if isinstance(x, np.ndarray) and x.dtype == object else x


def numbers(elements: Sequence[Any], shape: tuple[int, ...]) -> Array:
    """Returns the numbers of the elements, as an array of floats in this shape."""
    return np.array([x.data if isinstance(x, Value) else float(x) for x in elements], dtype=float).reshape(shape)


def is_made_of(elements: Iterable[Any], known: Container[Value]) -> bool:
    """Returns whether some of the elements are in `known`, or are computed from Values in it."""
    stack = [x for x in elements if isinstance(x, Value)]
    seen = set(stack)
    while stack:
        node = stack.pop()
        if node in known:
            return True
        new = [parent for parent in node.parents if parent not in seen]
        seen.update(new)
        stack += new
    return False


def left_out(places: Mapping[Value, Place], known: Container[Value]) -> list[Value]:
    """Returns the Values of which nothing is made and that are not in `known`, though others of their line are."""
    lines = {place.at for value, place in places.items() if value in known}
    made_of = {parent for value in places for parent in value.parents}
    rest = (value for value in places if value not in known and value not in made_of)
    return [value for value in rest if places[value].at in lines]


def levels(
    elements: Iterable[Any], known: Container[Value], places: Mapping[Value, Any] = NOWHERE
) -> list[list[Value]]:
    """Returns lists of the inner Values that are not in `known`: one per depth, operation and place, parents first."""
    depth: dict[Value, int] = {}  # in the order of the elements
    stack = [x for x in elements if isinstance(x, Value)][::-1]
    while stack:
        node = stack[-1]
        if node in depth or node in known or node.op is None:
            stack.pop()
            continue
        below = [x for x in node.parents if x.op is not None and x not in known]
        new = [x for x in below if x not in depth]
        if new:
            stack += new[::-1]
        else:
            depth[node] = 1 + max((depth[x] for x in below), default=0)
            stack.pop()
    order = {x: at for at, x in reversed(list(enumerate(elements))) if isinstance(x, Value)}
    groups: dict[Any, list[Value]] = {}
    for node in sorted(depth, key=lambda x: (depth[x], order.get(x, -1))):
        assert node.op is not None
        groups.setdefault((depth[node], node.op.name, len(node.operands), places.get(node)), []).append(node)
    return list(groups.values())
