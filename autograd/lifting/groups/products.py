"""Finds an order of sums in which they are a matrix product, a stack of matrix products, or a table of all pairs.

Sums Σₖ uᵢₖ vₖⱼ are a matrix product if there is one for every pair (i, j) of a distinct row u and a distinct column v.
They are a stack of matrix products if they fall into parts of equal size that are matrix products.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..layout import CONSTANTS, PARAMETERS, Ids, Layout

__all__ = ["FEW", "Bundle", "by_place", "distinct", "grid"]

MOST = 0.4  # a table is completed if at least this share of its products is there
FEW = 3  # up to so many terms, or products side by side, are written one by one

Order = tuple[Ids, tuple[int, ...]]  # the nodes in an order, and the shape that they then have


class Bundle(NamedTuple):
    """Terms of sums: coefficient · Σₖ of the product of one to three factors, each of shape (nodes, terms)."""

    coefficient: float
    factors: tuple[Ids, ...]
    mask: NDArray[np.bool_] | None = None  # False for a term that only completes a row; None without such terms
    is_layer: bool = False  # whether it has one term but is a matrix product, as in a layer with one input

    @property
    def terms(self) -> int:
        """How many terms each node has."""
        return int(self.factors[0].shape[1])

    def pick(self, nodes: Ids | NDArray[np.bool_] | slice, terms: Ids | slice | list[int]) -> "Bundle":
        """Returns the bundle of some nodes and some terms."""
        mask = None if self.mask is None else self.mask[nodes][:, terms]
        return self._replace(factors=tuple(factor[nodes][:, terms] for factor in self.factors), mask=mask)

    def weighs(self, layout: Layout) -> bool:
        """Returns whether there are two factors, the left of parameters alone and the right of none, as in a layer."""
        if len(self.factors) != 2:
            return False
        left, right = map(layout.sources, self.factors)
        return left == [PARAMETERS] and PARAMETERS not in right

    @property
    def is_sum(self) -> bool:
        """Whether the bundle sums over an axis: the axis of the terms, or the axis of a layer's only input."""
        return self.terms > 1 or self.is_layer


def grid(layout: Layout, bundle: Bundle) -> Order | list[Ids] | None:
    """Returns an order and a shape in which the nodes are matrix products, or None.

    Or it returns a list of parts of the nodes, each of which may be a matrix product by itself.
    """
    u, v = bundle.factors
    n = len(u)
    _, first_u, row = distinct(u)
    _, first_v, column = distinct(v)
    rows, columns = len(first_u), len(first_v)
    down = _ranks(layout.keys(u[first_u, 0]))
    as_met = layout.array_of[v[0, 0]] == CONSTANTS  # constants have no place yet
    across = _ranks(first_v if as_met else layout.keys(v[first_v, 0]))
    upright = _is_upright(layout, u, v, first_u, first_v)
    if rows * columns == n and len(np.unique(row * columns + column)) == n:
        i, j = down[row], across[column]
        if upright:
            return np.argsort(i * columns + j, kind="stable"), (rows, columns) if columns > 1 else (rows,)
        return np.argsort(j * rows + i, kind="stable"), (columns, rows) if columns > 1 else (rows,)
    label = _components(row, column, rows, columns)
    which, size = np.unique(label[row], return_counts=True)
    if size.max() == 1 or bundle.terms == 1:
        return None
    whole = _stacked(label[row], down[row], across[column], upright)
    return whole or ([np.flatnonzero(label[row] == i) for i in which] if 1 < len(which) <= max(FEW, n // 16) else None)


def _stacked(part: Ids, row: Ids, column: Ids, upright: bool) -> Order | None:
    """Returns the order and the shape of a stack of matrix products; −1 stands for a missing product.

    Returns None if the parts differ in size, if too many products are missing, or if one occurs twice.
    """
    places, shapes = [], set()
    for one in np.unique(part):
        chosen = np.flatnonzero(part == one)
        i, j = (np.unique(x[chosen], return_inverse=True)[1] for x in ((row, column) if upright else (column, row)))
        where = np.full((int(i.max()) + 1, int(j.max()) + 1), -1)
        where[i, j] = chosen
        there = int((where >= 0).sum())
        if there < len(chosen) or there < MOST * where.size:
            return None
        places.append(where)
        shapes.add(where.shape)
    is_complete = all((where >= 0).all() for where in places)
    if len(shapes) > 1 or (1 in shapes.pop() and not is_complete):
        return None
    first = np.lexsort([[x[where.max()] for where in places] for x in (column, row)])
    stack = np.stack([places[k] for k in first])
    return stack.ravel(), tuple(k for k in stack.shape if k > 1)


def _is_upright(layout: Layout, u: Ids, v: Ids, first_u: Ids, first_v: Ids) -> bool:
    """Returns whether the product is written u vᵀ, not v uᵀ.

    If one factor varies by example, the other stands on the left, as in W x. Otherwise the order is chosen in which the
    arrays can be read as they lie.
    """
    if layout.varies(u) != layout.varies(v):
        return not layout.varies(v)
    return (
        layout.array_of[u[0, 0]] == PARAMETERS or not _lies_down(layout, u, first_u) or _lies_down(layout, v, first_v)
    )


def _lies_down(layout: Layout, ids: Ids, first: Ids) -> bool:
    """Returns whether neighbours along the summed axis lie further apart than neighbouring rows."""
    if len(first) == 1 or ids.shape[1] == 1:
        return False
    a, across, down = layout.keys(np.array([ids[first[0], 0], ids[first[0], 1], ids[first[1], 0]]))
    return bool(abs(across - a) > abs(down - a))


def _ranks(keys: Ids) -> Ids:
    """Returns the position of each key in sorted order."""
    return np.argsort(np.argsort(keys, kind="stable"), kind="stable")


def by_place(layout: Layout, bundle: Bundle) -> Bundle:
    """Returns the bundle with the factors of each product sorted by where they lie in the arrays."""
    u, v = bundle.factors
    swap = layout.keys(u) > layout.keys(v)
    return bundle._replace(factors=(np.where(swap, v, u), np.where(swap, u, v)))


def _components(row: Ids, column: Ids, rows: int, columns: int) -> Ids:
    """Returns an array with a number for each row, equal for rows that are connected through products and columns."""
    label = np.arange(rows)
    while True:
        through = np.full(columns, rows)
        np.minimum.at(through, column, label[row])
        lower = label.copy()
        np.minimum.at(lower, row, through[column])
        if (lower == label).all():
            return label
        label = lower


def distinct(rows: Ids) -> tuple[Ids, Ids, Ids]:
    """Returns the distinct rows of a matrix, the first place of each, and the number of each row's distinct row."""
    rng = np.random.default_rng(0)
    weights = rng.integers(-(2**62), 2**62, rows.shape[1]) | 1
    _, first, which = np.unique(rows @ weights, return_index=True, return_inverse=True)
    found = rows[first]
    if (found[which] != rows).any():  # different rows have equal weighted sums, which is rare: the weights are random
        found, first, which = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return found, first, which.reshape(-1)
