"""Groups of alike nodes as arrays: which order of them makes matrix products, views and sums along an axis.

A group of sums Σₖ uᵢₖ vⱼₖ is a matrix product if its nodes are all the pairs (i, j) of its distinct rows u and its
distinct rows v.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..table import Op
from .layout import CONSTANTS, FIRST, PARAMETERS, Layout
from .views import Ids

__all__ = ["Bundle", "Group", "arrange"]

Numbers = NDArray[np.float64]

MANY = 16  # so many arrays in one sum are read from the tape
FEW = 3  # so many terms are written one by one, more as a sum along an axis


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

    def pick(self, nodes: Ids | slice, terms: Ids | slice) -> Bundle:
        """Some of it."""
        return self._replace(factors=tuple(factor[nodes][:, terms] for factor in self.factors))


class Group(NamedTuple):
    """Nodes worked out together, as an array of `rows` × `columns`; a sum if `op` is None."""

    op: Op | None
    nodes: Ids
    rows: int
    columns: int
    inputs: tuple[Ids, ...]  # an operation's, a column each
    bundles: tuple[Bundle, ...] = ()  # a sum's
    constants: Numbers | None = None  # a sum's, one a node
    array: int = -1


class Sums(NamedTuple):
    """Sums of equally many terms, as matrices with a row a node."""

    nodes: Ids
    u: Ids
    v: Ids
    c: Numbers
    w: Ids
    d: Numbers
    constants: Numbers

    def of(self, chosen: Ids) -> Sums:
        """Some of them."""
        return Sums(self.nodes[chosen], self.u[chosen], self.v[chosen], self.c[chosen],
                    self.w[chosen], self.d[chosen], self.constants[chosen])  # fmt: skip


def arrange(layout: Layout, op: Op | None, nodes: Ids, inputs: Ids, sums: Sums | None) -> list[Group]:
    """The groups that these alike nodes of one level make, in the layout from now on."""
    groups: list[Group] = []
    if sums is None:
        for part in _by_pattern(layout, inputs):
            columns = tuple(inputs[part].T)
            order, rows, width = _shape(layout, columns, nodes[part])
            columns = tuple(column[order] for column in columns)
            groups.append(Group(op, nodes[part][order], rows, width, columns))
    else:
        groups += _arranged_sums(layout, _turned(layout, sums))
    for i, group in enumerate(groups):
        read = [*group.inputs, *(ids for bundle in group.bundles for ids in bundle.factors)]
        groups[i] = group._replace(array=layout.add(group.nodes, group.rows, group.columns, read))
    return groups


# ---- alike: the same arrays under the same operands


def _turned(layout: Layout, sums: Sums) -> Sums:
    """Factors of products with the parameters on the left, then constants, what was worked out first, and last what
    varies from example to example."""
    rank = layout.ranks()
    swap = rank[layout.array_of[sums.u]] > rank[layout.array_of[sums.v]]
    return sums._replace(u=np.where(swap, sums.v, sums.u), v=np.where(swap, sums.u, sums.v)) if swap.any() else sums


def _by_pattern(layout: Layout, ids: Ids) -> list[Ids]:
    """The rows of ids, those together that read the same arrays; all together if hardly any do."""
    n = len(ids)
    if n == 1 or not ids.size:
        return [np.arange(n)]
    arrays = layout.array_of[ids]
    if (arrays == arrays[0]).all():
        return [np.arange(n)]
    _, first, which = _distinct(arrays)
    if 4 * len(first) > n and layout.size > SMALL:
        return [np.arange(n)]
    return [np.flatnonzero(which == i) for i in np.argsort(first)]


SMALL = 200  # nodes: a graph so small has every operation on a line of its own, if need be


def _distinct(rows: Ids) -> tuple[Ids, Ids, Ids]:
    """The distinct rows of a matrix, where each is first, and which of them each row is."""
    rng = np.random.default_rng(0)
    weights = rng.integers(-(2**62), 2**62, rows.shape[1]) | 1
    _, first, which = np.unique(rows @ weights, return_index=True, return_inverse=True)
    found = rows[first]
    if (found[which] != rows).any():  # two rows of one sum, which a random weighting all but rules out
        found, first, which = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return found, first, which.reshape(-1)


def _key(layout: Layout, ids: Ids) -> Ids:
    """Numbers in the order in which nodes lie in the program's arrays."""
    places: Ids = layout.array_of[ids] * len(layout.array_of) + layout.position_of[ids]
    return places


# ---- sums


def _arranged_sums(layout: Layout, sums: Sums) -> list[Group]:
    parts = _by_pattern(layout, np.concatenate([sums.u, sums.v, sums.w], axis=1))
    if len(parts) > 1:
        return [group for part in parts for group in _arranged_sums(layout, sums.of(part))]
    bundles = _bundles(layout, sums)
    for bundle in sorted(bundles, key=lambda bundle: -bundle.terms):
        found = _grid(layout, bundle)
        if not isinstance(found, tuple) and bundle.terms > 1 and len(bundle.factors) == 2:
            turned = _by_place(layout, bundle)
            other = _grid(layout, turned)
            if isinstance(other, tuple):
                found = other
                bundles = [turned if one is bundle else one for one in bundles]
        if isinstance(found, list):
            return [group for part in found for group in _arranged_sums(layout, sums.of(part))]
        if found is not None:
            return [_ordered(layout, sums, bundles, *found)]
    single = tuple(ids[:, 0] for bundle in bundles if bundle.terms == 1 for ids in bundle.factors)
    if single:
        return [_ordered(layout, sums, bundles, *_shape(layout, single, sums.nodes))]
    if bundles:
        return [_ordered(layout, sums, bundles, *_shape_of_totals(layout, bundles[0].factors[-1]))]
    return [_ordered(layout, sums, bundles, np.arange(len(sums.nodes)), len(sums.nodes), 1)]


def _ordered(layout: Layout, sums: Sums, bundles: list[Bundle], order: Ids, rows: int, columns: int) -> Group:
    made = []
    for bundle in bundles:
        bundle = bundle.pick(order, slice(None))
        if bundle.terms > 1:
            bundle = bundle.pick(slice(None), np.argsort(_key(layout, bundle.factors[-1][0]), kind="stable"))
            bundle = bundle.pick(slice(None), np.argsort(_key(layout, bundle.factors[0][0]), kind="stable"))
        matrix = _is_matrix(layout, bundle, rows, columns)
        made.append(bundle._replace(matrix=matrix, stack=0 if matrix else _stack(layout, bundle)))
    return Group(None, sums.nodes[order], rows, columns, (), tuple(made), sums.constants[order])


def _bundles(layout: Layout, sums: Sums) -> list[Bundle]:
    """The terms, those together that have the same coefficient and read the same arrays."""
    made = []
    if len(_alike(layout, sums.u, sums.v)) + len(_alike(layout, sums.w)) > MANY:
        for factors, coefficients in (((sums.u, sums.v), sums.c), ((sums.w,), sums.d)):
            made += _with_coefficients(layout, coefficients, *factors) if coefficients.shape[1] else []
        return made
    for columns in _alike(layout, sums.u, sums.v):
        made += _with_coefficients(layout, sums.c[:, columns], sums.u[:, columns], sums.v[:, columns])
    for columns in _alike(layout, sums.w):
        made += _with_coefficients(layout, sums.d[:, columns], sums.w[:, columns])
    parted: list[Bundle] = []
    for bundle in made:
        if 1 < bundle.terms <= FEW and len(bundle.factors) == 1:
            parted += (bundle.pick(slice(None), slice(k, k + 1)) for k in range(bundle.terms))
        else:
            parted.append(bundle)
    return parted


def _alike(layout: Layout, *factors: Ids) -> list[Ids]:
    """The terms that read the same arrays, by their positions."""
    if not factors[0].shape[1]:
        return []
    arrays = np.stack([layout.array_of[factor] for factor in factors])
    keys = np.where((arrays == arrays[:, :1]).all(axis=1), arrays[:, 0], MIXED).T
    _, first, which = _distinct(keys)
    return [np.flatnonzero(which == i) for i in np.argsort(first)]


MIXED = -1


def _with_coefficients(layout: Layout, coefficients: Numbers, *factors: Ids) -> list[Bundle]:
    """Bundles in which every term has the same coefficient; where there are many, they become a factor."""
    distinct = np.unique(coefficients)
    if len(distinct) == 1:
        return [Bundle(float(distinct[0]), factors)]
    columns = [np.flatnonzero((coefficients == c).all(axis=0)) for c in distinct]
    if len(distinct) <= FEW and sum(map(len, columns)) == coefficients.shape[1]:
        columns.sort(key=lambda column: int(column[0]))
        return [Bundle(float(coefficients[0, k[0]]), tuple(ids[:, k] for ids in factors)) for k in columns]
    return [Bundle(1.0, (layout.numbered(coefficients), *factors))]


def _grid(layout: Layout, bundle: Bundle) -> tuple[Ids, int, int] | list[Ids] | None:
    """The order, rows and columns in which the nodes are a matrix product; or the parts to try one by one."""
    if len(bundle.factors) != 2:
        return None
    u, v = bundle.factors
    n = len(u)
    if _varies(layout, u):
        return None  # a product for each example is no product of matrices
    _, first_u, row = _distinct(u)
    _, first_v, column = _distinct(v)
    rows, columns = len(first_u), len(first_v)
    if layout.mapped and rows * columns == n and columns > 1 < rows and bundle.terms > 1 and _varies(layout, v):
        down, across = _sorted(_key(layout, u[first_u, 0])), _sorted(_key(layout, v[first_v, 0]))
        return np.argsort(across[column] * rows + down[row], kind="stable"), n, 1
    if layout.mapped and columns > 1:
        return [np.flatnonzero(column == i) for i in range(columns)] if rows > 1 and bundle.terms > 1 else None
    if bundle.terms == 1 and not _is_outer(layout, u, v, rows):
        return None
    if rows * columns != n or len(np.unique(row * columns + column)) != n:
        parts = _components(row, column, rows, columns) if bundle.terms > 1 else []
        return parts if 1 < len(parts) <= max(FEW, n // 16) else None
    down = _sorted(_key(layout, u[first_u, 0]))
    as_met = layout.array_of[v[0, 0]] == CONSTANTS  # they lie nowhere yet
    across = _sorted(first_v if as_met else _key(layout, v[first_v, 0]))
    return np.argsort(down[row] * columns + across[column], kind="stable"), rows, columns


def _sorted(keys: Ids) -> Ids:
    """Which place each key has when they are sorted."""
    return np.argsort(np.argsort(keys, kind="stable"), kind="stable")


def _is_outer(layout: Layout, u: Ids, v: Ids, rows: int) -> bool:
    """Whether products of single numbers are better read as a matrix product than one by one."""
    weights = layout.array_of[u[0, 0]] == PARAMETERS and layout.array_of[v[0, 0]] != PARAMETERS
    return bool(weights and rows > 1)


def _by_place(layout: Layout, bundle: Bundle) -> Bundle:
    """The bundle with the factor that lies first in the arrays on the left, whichever way each product was written."""
    u, v = bundle.factors
    swap = _key(layout, u) > _key(layout, v)
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


def _is_matrix(layout: Layout, bundle: Bundle, rows: int, columns: int) -> bool:
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


def _stack(layout: Layout, bundle: Bundle) -> int:
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
    arrays = layout.array_of[ids]
    return layout.mapped and (bool((arrays != arrays.flat[0]).any()) or layout.is_varying(int(arrays.flat[0])))


# ---- the order of nodes that are no matrix product


def _shape(layout: Layout, columns: tuple[Ids, ...], nodes: Ids) -> tuple[Ids, int, int]:
    """The order, rows and columns in which the operands are views of the arrays they lie in, as far as may be."""
    n, best = len(nodes), (np.arange(len(nodes)), len(nodes), 1)
    found = 0
    for ids in columns:
        source = int(layout.array_of[ids[0]])
        if source == CONSTANTS or (layout.array_of[ids] != source).any():
            continue
        places = layout.position_of[ids]
        order = np.argsort(places, kind="stable")
        if n > 1 and (np.diff(places[order]) == 0).any():
            continue
        if source < FIRST:
            if found < 1:
                found, best = 1, (order, n, 1)
            continue
        array = layout.arrays[source]
        rows, across = np.unique(places // array.columns), np.unique(places % array.columns)
        if n == array.rows * array.columns:
            return order, array.rows, array.columns
        if len(rows) * len(across) == n and found < 2:
            found, best = 2, (order, len(rows), len(across))
    return best


def _shape_of_totals(layout: Layout, ids: Ids) -> tuple[Ids, int, int]:
    """The same for nodes that are each a sum over some numbers."""
    n = len(ids)
    source = int(layout.array_of[ids[0, 0]])
    if source < FIRST or (layout.array_of[ids] != source).any():
        return np.arange(n), n, 1
    order = np.argsort(layout.position_of[ids].min(axis=1), kind="stable")
    column = layout.position_of[ids] % layout.arrays[source].columns
    upright = n > 1 and layout.arrays[source].rows > 1 and bool((column == column[:, :1]).all())
    return (order, 1, n) if upright and not layout.mapped else (order, n, 1)
