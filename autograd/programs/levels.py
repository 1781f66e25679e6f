"""The levels of a graph: Values that no array operation was seen to make, grouped so that each group is an array."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from ..value import Value

__all__ = ["levels"]


def levels(elements: Iterable[Any], known: Container[Value]) -> list[list[Value]]:
    """The Values that are not known yet, each level after those it is made of, parted by operation."""
    depth: dict[Value, int] = {}
    stack = [x for x in elements if isinstance(x, Value)]
    while stack:
        node = stack[-1]
        if node in depth or node in known or node.op is None:
            stack.pop()
            continue
        below = [x for x in node.parents if x.op is not None and x not in known]
        new = [x for x in below if x not in depth]
        if new:
            stack += new
        else:
            depth[node] = 1 + max((depth[x] for x in below), default=0)
            stack.pop()
    order = {x: at for at, x in reversed(list(enumerate(elements))) if isinstance(x, Value)}
    groups: dict[Any, list[Value]] = {}
    for node in sorted(depth, key=lambda x: (depth[x], order.get(x, -1))):
        groups.setdefault((depth[node], node.op.name, len(node.operands)), []).append(node)  # type: ignore[union-attr]
    return list(groups.values())
