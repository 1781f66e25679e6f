"""Finds matrix products in a graph of Values: those of X.dot(w), where X is a plain array.

NumPy lets no other class run such a call. It multiplies number by Value, and adds the products in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .. import table
from ..value import Value
from .assignments import Place
from .products import Product

__all__ = ["plain_dot"]

LETTERS = ((("b", "b", ""),), (("ab", "b", "a"), ("b", "bc", "c")), (("ab", "bc", "ac"),))  # by the number of axes


def plain_dot(elements: Sequence[Any], shape: tuple[int, ...], places: Mapping[Value, Place]) -> Product | None:
    """Returns the product that made these elements, if one call made all of them; else None."""
    place = places.get(elements[0]) if elements and isinstance(elements[0], Value) else None
    found = [_terms(x, place, places) for x in elements] if place and len(shape) < len(LETTERS) else []
    n = len(found[0]) if found else 0
    if n < 2 or any(len(terms) != n for terms in found):  # a single product is one of numbers
        return None
    factors = np.fromiter((x for terms in found for term in terms for x in term), dtype=object)
    factors = factors.reshape(*shape, n, 2)
    for *letters, out in LETTERS[len(shape)]:
        operands = [_without(factors[..., k], f"{out}b", kept) for k, kept in enumerate(letters)]
        if all(operand is not None for operand in operands):
            plain = operands[0].astype(float)
            return Product((plain, operands[1]), tuple(letters), out)
    return None


def _terms(x: Any, place: Place | None, places: Mapping[Value, Place]) -> list[tuple[Any, ...]]:
    """Returns the factors, number and Value, of each product of a sum that was made at this place; [] for others."""
    found = []
    while isinstance(x, Value) and x.op is table.ADD and places.get(x) == place:
        x, last = x.operands
        found.append(last)
    products = [*reversed([*found, x])]
    if all(_is_product(y) and places.get(y) == place for y in products):
        return [y.operands for y in products]
    return []


def _is_product(x: Any) -> bool:
    return isinstance(x, Value) and x.op is table.MUL and [isinstance(y, Value) for y in x.operands] == [False, True]


def _without(factors: Any, axes: str, kept: str) -> Any:
    """Returns the factors with the kept axes alone, in this order; None if they vary along the other axes."""
    for axis in reversed(range(len(axes))):
        if axes[axis] not in kept:
            first = factors.take([0], axis)
            if not np.all(np.frompyfunc(_is_same, 2, 1)(factors, first)):
                return None
            factors = first.squeeze(axis)
    left = [axis for axis in axes if axis in kept]
    return factors.transpose([left.index(axis) for axis in kept])


def _is_same(x: Any, y: Any) -> bool:
    return x is y or (not isinstance(x, Value) and not isinstance(y, Value) and x == y)
