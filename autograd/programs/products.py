"""Spells products of arrays as `np.einsum` does: letters for the axes of each operand, and of the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

__all__ = ["LETTERS", "Product", "product"]

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
PRODUCTS = {("matmul", "__call__"), ("dot", "routine")}


class Product(NamedTuple):
    """A sum of products of arrays. An axis whose letter `out` lacks is summed over."""

    operands: tuple[Any, ...]
    letters: tuple[str, ...]
    out: str


def product(name: str, method: str, inputs: Sequence[Any], kwargs: Mapping[str, Any]) -> Product | None:
    """Returns the product that a call of einsum, matmul, dot, inner or tensordot computes; None for all others.

    Returns None too for an einsum that takes a diagonal or has an ellipsis, and for stacks that broadcast.
    """
    given = {key for key, x in kwargs.items() if x is not True and x is not None} - {"out"}
    if name == "einsum":
        return None if given - {"optimize", "order", "casting"} else _einsum(*inputs)
    if name == "tensordot" and not given - {"axes"}:
        a, b, *rest = inputs
        return _tensordot(a, b, rest[0] if rest else kwargs.get("axes", 2))
    if given or len(inputs) < 2 or 0 in (np.ndim(inputs[0]), np.ndim(inputs[1])):
        return None
    if (name, method) == ("inner", "routine"):
        return _tensordot(inputs[0], inputs[1], ([-1], [-1]))
    return _matmul(*inputs[:2]) if (name, method) in PRODUCTS else None


def _einsum(written: Any, *operands: Any) -> Product | None:
    if not isinstance(written, str):
        return None
    left, arrow, out = written.replace(" ", "").partition("->")
    letters = left.split(",")
    if not arrow:
        out = "".join(x for x in sorted(left) if x != "," and left.count(x) == 1)
    if "." in written or any(len(set(part)) < len(part) for part in letters):
        return None
    return Product(operands, tuple(letters), out)


def _matmul(a: Any, b: Any) -> Product | None:
    shapes = np.shape(a), np.shape(b)
    stacks = [shape[:-2] for shape in shapes if len(shape) > 2]
    if len(set(stacks)) > 1:
        return None
    first, second = (LETTERS[3 : 3 + len(shape) - 2] if len(shape) > 2 else "" for shape in shapes)
    rows, columns = ("a" if len(shapes[0]) > 1 else ""), ("c" if len(shapes[1]) > 1 else "")
    return Product((a, b), (f"{first}{rows}b", f"{second}b{columns}"), max(first, second, key=len) + rows + columns)


def _tensordot(a: Any, b: Any, axes: Any) -> Product:
    n, m = np.ndim(a), np.ndim(b)
    if isinstance(axes, int):
        axes = range(n - axes, n), range(axes)
    summed, others = ([int(k) % size for k in np.ravel(along)] for along, size in zip(axes, (n, m), strict=True))
    first, second = list(LETTERS[:n]), list(LETTERS[n : n + m])
    for k, other in zip(summed, others, strict=True):
        second[other] = first[k]
    out = "".join(x for x in (*first, *second) if (x in first) != (x in second))
    return Product((a, b), ("".join(first), "".join(second)), out)
