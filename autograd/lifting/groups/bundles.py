"""Sorts the terms of sums into bundles: the terms of a bundle have one coefficient and read the same arrays."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..layout import Ids, Layout
from .products import FEW, Bundle, distinct

__all__ = ["Sums", "bundles"]

Numbers = NDArray[np.float64]

MANY = 16  # if a sum reads more kinds of terms than this, it reads them from the tape
MIXED = -1  # instead of an array's number: the sums read different arrays here


class Sums(NamedTuple):
    """Sums with equally many terms, as matrices with a row for each sum."""

    nodes: Ids
    u: Ids
    v: Ids
    c: Numbers
    w: Ids
    d: Numbers
    constants: Numbers
    products: NDArray[np.bool_]  # False for a term u·v that only completes a row
    singles: NDArray[np.bool_]  # the same for the terms w

    def of(self, chosen: Ids) -> "Sums":
        """Returns the chosen sums, in this order."""
        return Sums._make(part[chosen] for part in self)


def bundles(layout: Layout, sums: Sums) -> list[Bundle]:
    """Returns a list of bundles that together have all terms of the sums."""
    kinds: tuple[tuple[Any, ...], ...] = (sums.c, sums.products, sums.u, sums.v), (sums.d, sums.singles, sums.w)
    alike = [_alike(layout, *factors) for _, _, *factors in kinds]
    few = sum(map(len, alike)) <= MANY
    made: list[Bundle] = []
    for parts, columns in zip(kinds, alike, strict=True):
        if not parts[1].all():  # rows of different lengths: all terms are of one kind
            made.append(Bundle(float(parts[0][0, 0]), tuple(parts[2:]), mask=parts[1]))
            continue
        for k in columns if few else [slice(None)] * bool(columns):
            for bundle in _with_coefficients(layout, parts[0][:, k], *(part[:, k] for part in parts[2:])):
                one_by_one = few and 1 < bundle.terms <= FEW and len(bundle.factors) == 1
                made += [bundle.pick(slice(None), [i]) for i in range(bundle.terms)] if one_by_one else [bundle]
    return made


def _alike(layout: Layout, *factors: Ids) -> list[Ids]:
    """Returns lists of the terms' positions: one list for each combination of arrays that terms read."""
    if not factors[0].shape[1]:
        return []
    arrays = np.stack([layout.array_of[factor] for factor in factors])
    keys = np.where((arrays == arrays[:, :1]).all(axis=1), arrays[:, 0], MIXED).T
    _, first, which = distinct(keys)
    return [np.flatnonzero(which == i) for i in np.argsort(first)]


def _with_coefficients(layout: Layout, coefficients: Numbers, *factors: Ids) -> list[Bundle]:
    """Returns bundles with one coefficient each.

    If there are many coefficients, or if they differ from sum to sum, the coefficients become a factor.
    """
    distinct = np.unique(coefficients)
    if len(distinct) == 2 and 0.0 in distinct and coefficients.shape[1] > FEW:  # such as one-hot classes
        return [Bundle(float(distinct.sum()), (*factors, layout.numbered((coefficients != 0.0) * 1.0)))]
    if len(distinct) == 1:
        return [Bundle(float(distinct[0]), factors)]
    if len(distinct) <= FEW:
        columns = [np.flatnonzero((coefficients == c).all(axis=0)) for c in distinct]
        if sum(map(len, columns)) == coefficients.shape[1]:
            columns.sort(key=lambda column: int(column[0]))
            return [Bundle(float(coefficients[0, k[0]]), tuple(ids[:, k] for ids in factors)) for k in columns]
    plain = (coefficients == 1.0).all(axis=0)  # a bias among weights times numbers
    if plain.sum() == 1 and len(plain) > 1:
        rest = Bundle(1.0, (*(ids[:, ~plain] for ids in factors), layout.numbered(coefficients[:, ~plain])))
        return [rest, Bundle(1.0, tuple(ids[:, plain] for ids in factors))]
    return [Bundle(1.0, (*factors, layout.numbered(coefficients)))]
