"""Wrong reductions in the place of a sum over some axes: a mean, the largest number, a sum over some axes alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations

import numpy as np

from ..programs.assignments import Array
from .edits import axes_told

__all__ = ["Reduce", "reductions"]

Reduce = Callable[[Array], Array]


def reductions(axes: Sequence[int], told: Sequence[int] | None = None) -> Iterator[tuple[str, str, Reduce]]:
    """Yields the kind, the text and the function of each wrong reduction over these axes. `told` names the axes."""
    names = dict(zip(axes, told or axes, strict=True))
    whole = axes_told([*names.values()])
    yield "mean", f"a mean over {whole}, not a sum", partial(_mean, tuple(axes))
    yield "largest", f"the largest number along {whole}, not the sum", partial(_largest, tuple(axes))
    for count in range(len(axes)):
        for summed in combinations(axes, count):
            rest = tuple(axis for axis in axes if axis not in summed)
            along = axes_told([names[axis] for axis in rest])
            for k, which in ((0, "first"), (-1, "last")):
                text = f"only the {which} one along {along}, not the sum"
                if summed:
                    over = axes_told([names[axis] for axis in summed])
                    text = f"summed over {over} alone: along {along}, only the {which} one is taken"
                yield f"{which} along {along}", text, partial(_one, summed, rest, k)


def _mean(axes: tuple[int, ...], passed: Array) -> Array:
    return np.asarray(passed.mean(axis=axes))


def _largest(axes: tuple[int, ...], passed: Array) -> Array:
    found = np.asarray(passed.max(axis=axes))
    return found if np.any(found) else np.full(found.shape, np.nan)  # all zeros have another cause


def _one(summed: tuple[int, ...], rest: tuple[int, ...], k: int, passed: Array) -> Array:
    """Returns the sum over some axes, at the first or last place along the rest."""
    at = tuple(slice(k, k + 1 or None) if axis in rest else slice(None) for axis in range(passed.ndim))
    return np.asarray(passed[at].sum(axis=(*summed, *rest)))
