"""Matrix products among sums: which order of the nodes makes one, if any does.

A group of sums Σₖ uᵢₖ vₖⱼ is a matrix product if its nodes are all the pairs (i, j) of its distinct rows u and its
distinct columns v. Over examples, where a column is an example's, one that has several is multiplied as a stack.
"""

from typing import NamedTuple

import numpy as np

from .layout import CONSTANTS, PARAMETERS, Layout
from .views import Ids

__all__ = ["FEW", "Bundle", "by_place", "distinct", "grid", "is_matrix", "key", "stack"]

FEW = 3  # so many terms, or products side by side, are written one by one


class Bundle(NamedTuple):
    """Terms of a sum that are alike: coefficient · Σₖ of the product of one to three factors, each (nodes, terms)."""

    coefficient: float
    factors: tuple[Ids, ...]
    matrix: bool = False  # whether it is a matrix product
    stack: int = 0  # or so many of them, of one matrix with one column after another of each example

    @property
    def terms(self) -> int:
        """How many terms each node has."""
        return int(self.factors[0].shape[1])

    def pick(self, nodes: Ids | slice, terms: Ids | slice | list[int]) -> "Bundle":
        """Some of it."""
        return self._replace(factors=tuple(factor[nodes][:, terms] for factor in self.factors))


def grid(layout: Layout, bundle: Bundle) -> tuple[Ids, int, int] | list[Ids] | None:
    """The order, rows and columns in which the nodes are a matrix product; or the parts to try one by one."""
    if len(bundle.factors) != 2:
        return None
    u, v = bundle.factors
    n = len(u)
    if _varies(layout, u):
        return None  # a product for each example is no product of matrices
    _, first_u, row = distinct(u)
    _, first_v, column = distinct(v)
    rows, columns = len(first_u), len(first_v)
    if layout.mapped and rows * columns == n and columns > 1 < rows and bundle.terms > 1 and _varies(layout, v):
        down, across = _sorted(key(layout, u[first_u, 0])), _sorted(key(layout, v[first_v, 0]))
        return np.argsort(across[column] * rows + down[row], kind="stable"), n, 1
    if layout.mapped and columns > 1:
        return [np.flatnonzero(column == i) for i in range(columns)] if rows > 1 and bundle.terms > 1 else None
    if bundle.terms == 1 and not _is_outer(layout, u, v, rows):
        return None
    if rows * columns != n or len(np.unique(row * columns + column)) != n:
        parts = _components(row, column, rows, columns) if bundle.terms > 1 else []
        return parts if 1 < len(parts) <= max(FEW, n // 16) else None
    down = _sorted(key(layout, u[first_u, 0]))
    as_met = layout.array_of[v[0, 0]] == CONSTANTS  # they lie nowhere yet
    across = _sorted(first_v if as_met else key(layout, v[first_v, 0]))
    return np.argsort(down[row] * columns + across[column], kind="stable"), rows, columns


def _sorted(keys: Ids) -> Ids:
    """Which place each key has when they are sorted."""
    return np.argsort(np.argsort(keys, kind="stable"), kind="stable")


def _is_outer(layout: Layout, u: Ids, v: Ids, rows: int) -> bool:
    """Whether products of single numbers are better read as a matrix product than one by one."""
    weights = layout.array_of[u[0, 0]] == PARAMETERS and layout.array_of[v[0, 0]] != PARAMETERS
    return bool(weights and rows > 1)


def by_place(layout: Layout, bundle: Bundle) -> Bundle:
    """The bundle with the factor that lies first in the arrays on the left, whichever way each product was written."""
    u, v = bundle.factors
    swap = key(layout, u) > key(layout, v)
    return bundle._replace(factors=(np.where(swap, v, u), np.where(swap, u, v)))


def _components(row: Ids, column: Ids, rows: int, columns: int) -> list[Ids]:
    """The nodes, those together whose rows and columns hang together."""
    label = np.arange(rows)
    while True:
        through = np.full(columns, rows)
        np.minimum.at(through, column, label[row])
        lower = label.copy()
        np.minimum.at(lower, row, through[column])
        if (lower == label).all():
            return [np.flatnonzero(label[row] == i) for i in np.unique(label)]
        label = lower


def is_matrix(layout: Layout, bundle: Bundle, rows: int, columns: int) -> bool:
    """Whether, the nodes being rows × columns, one factor goes with the row and the other with the column."""
    if len(bundle.factors) != 2:
        return False
    u, v = (factor.reshape(rows, columns, -1) for factor in bundle.factors)
    if rows * columns == 1 and (bundle.terms == 1 or layout.array_of[u[0, 0, 0]] != PARAMETERS or (u == v).all()):
        return False
    if _varies(layout, u):
        return False
    if layout.mapped and rows == 1 and bundle.terms == 1:
        return False
    outer = bundle.terms > 1 or _is_outer(layout, *bundle.factors, rows)
    return outer and bool((u == u[:, :1]).all() and (v == v[:1]).all())


def stack(layout: Layout, bundle: Bundle) -> int:
    """How many columns one matrix is multiplied by in each example, the nodes being column after column; 0 if not."""
    if not layout.mapped or len(bundle.factors) != 2 or bundle.terms == 1:
        return 0
    u, v = bundle.factors
    rows = int((v == v[0]).all(axis=1).sum())
    if len(u) % rows or not 1 < rows < len(u) or _varies(layout, u) or not _varies(layout, v):
        return 0
    us, vs = (factor.reshape(-1, rows, bundle.terms) for factor in (u, v))
    return len(us) if (us == us[0]).all() and (vs == vs[:, :1]).all() else 0


def _varies(layout: Layout, ids: Ids) -> bool:
    return layout.arrays[layout.source(ids)].varies


def distinct(rows: Ids) -> tuple[Ids, Ids, Ids]:
    """The distinct rows of a matrix, where each is first, and which of them each row is."""
    rng = np.random.default_rng(0)
    weights = rng.integers(-(2**62), 2**62, rows.shape[1]) | 1
    _, first, which = np.unique(rows @ weights, return_index=True, return_inverse=True)
    found = rows[first]
    if (found[which] != rows).any():  # two rows of one sum, which a random weighting all but rules out
        found, first, which = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return found, first, which.reshape(-1)


def key(layout: Layout, ids: Ids) -> Ids:
    """Numbers in the order in which nodes lie in the program's arrays."""
    return layout.array_of[ids] * len(layout.array_of) + layout.position_of[ids]
