"""Makes arrays of nodes: finds an order in which they are a matrix product, or read views of other arrays."""

from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...operation import Op
from ..layout import CONSTANTS, FIRST, TAPE, Ids, Layout, block_shape
from .bundles import Sums
from .bundles import bundles as bundles_of
from .products import Bundle, Order, by_place, distinct, grid
from .ragged import cells, filled

__all__ = ["Group", "arranged", "arranged_sums"]

Numbers = NDArray[np.float64]

SMALL = 200  # nodes: in a graph so small, each operation may have a line of its own


class Group(NamedTuple):
    """Nodes that are computed together, as one array; sums if `op` is None."""

    op: Op | None
    nodes: Ids
    shape: tuple[int, ...]
    inputs: tuple[Ids, ...]  # of an operation: a column for each input
    bundles: tuple[Bundle, ...] = ()  # of sums: their terms
    constants: Numbers = np.zeros(1)  # of sums: the constant of each node
    mask: NDArray[np.bool_] | None = None  # False for an input that only completes a row
    array: int = -1

    @property
    def reduces(self) -> bool:
        """Whether its operation takes any number of inputs; they are then read along an axis of one array."""
        return self.op is not None and not self.op.slopes

    @property
    def read(self) -> list[Ids]:
        """The nodes that the group reads, in parts; each part is read from one array or from the tape."""
        inputs = [np.stack(self.inputs, axis=-1)] if self.reduces else list(self.inputs)
        return inputs + [ids for bundle in self.bundles for ids in bundle.factors]


def arranged(layout: Layout, op: Op, nodes: Ids, inputs: Ids, mask: NDArray[np.bool_] | None = None) -> list[Group]:
    """Returns groups of nodes of one level that apply one operation; `inputs` has a row for each node.

    `mask` is False for inputs that only complete a row.
    """
    groups = []
    reduces = not op.slopes  # it takes any number of inputs, in any order
    if mask is not None:
        order, shape = _shape_of_totals(layout, inputs)
        return [Group(op, nodes[order], shape, tuple(inputs[order].T), mask=mask[order])]
    if reduces:
        inputs = np.take_along_axis(inputs, np.argsort(layout.keys(inputs), axis=1, kind="stable"), axis=1)
    for part in _by_pattern(layout, inputs):
        read = inputs[part]
        places = None if reduces else cells(layout, tuple(read.T))
        if places is not None:
            (which, *columns), shape = places
            groups.append(Group(op, _completed(layout, nodes[part], which), shape, tuple(columns)))
            continue
        order, shape = _shape_of_totals(layout, read) if reduces else _shape(layout, tuple(read.T))
        groups.append(Group(op, nodes[part][order], shape, tuple(read[order].T)))
    return groups


# ---- nodes whose operands lie in the same arrays


def _turned(layout: Layout, sums: Sums) -> Sums:
    """Returns the sums with the two factors of each product sorted.

    The order is: parameters, constants, other arrays in program order, arrays that vary by example.
    """
    swap = layout.ranks(layout.array_of[sums.u]) > layout.ranks(layout.array_of[sums.v])
    return sums._replace(u=np.where(swap, sums.v, sums.u), v=np.where(swap, sums.u, sums.v)) if swap.any() else sums


def _by_pattern(layout: Layout, ids: Ids) -> list[Ids]:
    """Returns a list of parts, each with the rows that read the same arrays; one part if hardly any two rows agree."""
    n = len(ids)
    if n == 1 or not ids.size:
        return [np.arange(n)]
    arrays = layout.array_of[ids]
    if (arrays == arrays[0]).all():
        return [np.arange(n)]
    _, first, which = distinct(arrays)
    if 4 * len(first) > n and layout.plain > SMALL:
        return [np.arange(n)]
    return [np.flatnonzero(which == i) for i in np.argsort(first)]


# ---- sums


def arranged_sums(layout: Layout, sums: Sums) -> list[Group]:
    """Returns groups of these sums, which are of one level."""
    sums = _turned(layout, sums)
    parts = _by_pattern(layout, np.concatenate([sums.u, sums.v, sums.w], axis=1))
    if len(parts) > 1:
        return [group for part in parts for group in arranged_sums(layout, sums.of(part))]
    bundles = bundles_of(layout, sums)
    for bundle in sorted(bundles, key=lambda bundle: -bundle.terms):
        alone = len(sums.nodes) == 1 or bundle.terms == 1
        if len(bundle.factors) != 2 or (alone and (sums.nodes[0] == layout.root or not bundle.weighs(layout))):
            continue
        found = grid(layout, bundle)
        if not isinstance(found, tuple) and bundle.terms > 1:
            turned = by_place(layout, bundle)
            other = grid(layout, turned)
            if isinstance(other, tuple):
                found = other
                bundles = [turned if one is bundle else one for one in bundles]
        if isinstance(found, list):
            return [group for part in found for group in arranged_sums(layout, sums.of(part))]
        if found is not None:
            layer = bundle.terms == 1 and len(np.unique(bundle.factors[0])) > 1
            bundles = [one._replace(is_layer=layer) if one is bundle else one for one in bundles]
            return [_ordered(layout, sums, bundles, *found)]
    singles = [bundle for bundle in bundles if bundle.terms == 1]
    places = cells(layout, [ids[:, 0] for bundle in singles for ids in bundle.factors])
    if places is not None and len(singles) == len(bundles):
        return [_ordered(layout, sums, bundles, places[0][0], places[1])]
    single = tuple(ids[:, 0] for bundle in bundles if bundle.terms == 1 for ids in bundle.factors)
    if single:
        shape = _shape(layout, single)
    else:
        shape = _shape_of_totals(layout, bundles[0].factors[-1] if bundles else sums.nodes[:, None])
    return [_ordered(layout, sums, bundles, *shape)]


def _completed(layout: Layout, nodes: Ids, which: Ids) -> Ids:
    """Returns the node at each place, `nodes[which]`; where `which` is −1, a new node, which no other node reads."""
    made = np.where(which >= 0, nodes[which], -1)
    made[which < 0] = layout.unread(int((which < 0).sum()))
    return made


def _with_missing(layout: Layout, bundle: Bundle, which: Ids, shape: tuple[int, ...]) -> Bundle | None:
    """Returns the bundle for each place of a completed array; None if the places cannot be filled."""
    factors = []
    for factor in bundle.factors:
        columns = [filled(layout, column, which.reshape(shape)) for column in factor.T]
        if any(column is None for column in columns):
            return None
        factors.append(np.stack([column.ravel() for column in columns if column is not None], axis=1))
    mask = None if bundle.mask is None else bundle.mask[which] & (which >= 0)[:, None]
    return bundle._replace(factors=tuple(factors), mask=mask)


def _ordered(layout: Layout, sums: Sums, bundles: list[Bundle], order: Ids, shape: tuple[int, ...]) -> Group:
    made = []
    missing = bool((order < 0).any())
    if missing:
        complete = [_with_missing(layout, bundle, order, shape) for bundle in bundles]
        if any(bundle is None for bundle in complete) or (sums.constants != sums.constants[0]).any():
            return _ordered(layout, sums, bundles, np.arange(len(sums.nodes)), (len(sums.nodes),))
        bundles = [bundle for bundle in complete if bundle is not None]
    for bundle in bundles:
        bundle = bundle if missing else bundle.pick(order, slice(None))
        for i in (0, -1) if bundle.terms > 1 else ():  # computed arrays are read in the order in which they lie
            ids = bundle.factors[i][0]
            if layout.array_of[ids[0]] != CONSTANTS:  # constants are stored in the order in which they are read
                bundle = bundle.pick(slice(None), np.argsort(layout.keys(ids), kind="stable"))
        made.append(bundle)
    nodes = _completed(layout, sums.nodes, order) if missing else sums.nodes[order]
    return Group(None, nodes, shape, (), tuple(made), sums.constants[order])


# ---- the order of nodes that make no matrix product


def _shape(layout: Layout, columns: tuple[Ids, ...]) -> Order:
    """Returns an order and a shape of the nodes in which their operands are views of arrays, as far as possible."""
    n = len(columns[0])
    if n == 1:
        return np.arange(1), ()
    best: Order | None = None
    for ids in columns:
        found = _as_they_lie(layout, ids)
        if found is not None:
            if layout.source(ids) >= FIRST and n == layout.arrays[layout.source(ids)].size:
                return found
            best = found if best is None or len(found[1]) > len(best[1]) else best
    if best is not None:
        return best if len(best[1]) > 1 else (best[0], _rows_and_columns(layout, [ids[best[0]] for ids in columns]))
    for a, b in combinations(columns, 2):
        if layout.source(a) not in (CONSTANTS, TAPE) and layout.source(b) not in (CONSTANTS, TAPE):
            pairs = grid(layout, Bundle(1.0, (a[:, None], b[:, None])))
            if isinstance(pairs, tuple):
                return pairs
    repeated = next((ids for ids in columns if layout.source(ids) not in (CONSTANTS, TAPE)), None)
    return (None if repeated is None else _row_by_row(layout.position_of[repeated])) or (np.arange(n), (n,))


def _rows_and_columns(layout: Layout, columns: list[Ids]) -> tuple[int, ...]:
    """Returns a shape in which a column of operands is the same along each row, or in each row; (n,) if none is."""
    n = len(columns[0])
    for ids in columns:
        count = len(np.unique(ids))
        if layout.source(ids) in (CONSTANTS, TAPE) or not 1 < count < n or n % count:
            continue
        for shape in ((count, n // count), (n // count, count)):
            rows = ids.reshape(shape)
            if (rows == rows[:, :1]).all() or (rows == rows[0]).all():
                return shape
    return (n,)


def _row_by_row(places: Ids) -> Order | None:
    """Returns an order and a shape in which all rows read the same numbers.

    Returns None unless each number is read equally often, more than once, and there are several numbers.
    """
    n, (_, which, count) = len(places), np.unique(places, return_inverse=True, return_counts=True)
    if count[0] == 1 or len(count) == 1 or (count != count[0]).any():
        return None
    together = np.argsort(which, kind="stable")
    time = np.empty(n, int)  # how many nodes before read the same number
    time[together] = np.tile(np.arange(count[0]), len(count))
    return np.lexsort((which, time)), (int(count[0]), len(count))


def _as_they_lie(layout: Layout, ids: Ids) -> Order | None:
    """Returns the order and the shape in which distinct nodes lie in one array; None if they are no part of one."""
    source = layout.source(ids)
    if source in (CONSTANTS, TAPE):
        return None
    places = layout.position_of[ids]
    order = np.argsort(places, kind="stable")
    if (np.diff(places[order]) == 0).any():
        return None
    if source < FIRST:
        return order, (len(ids),)
    shape = layout.arrays[source].shape
    if len(ids) == layout.arrays[source].size:
        return order, shape
    kept = block_shape(places, shape)
    return None if kept is None else (order, kept)


def _shape_of_totals(layout: Layout, ids: Ids) -> Order:
    """Returns the order and the shape for nodes that each reduce a row of numbers."""
    n = len(ids)
    source = layout.source(ids)
    if n == 1:
        return np.arange(1), ()
    if source < FIRST:
        return np.arange(n), (n,)
    places = layout.position_of[ids]
    order = np.argsort(places.min(axis=1), kind="stable")
    kept = block_shape(places.min(axis=1), layout.arrays[source].shape)
    return order, (n,) if kept is None else kept
