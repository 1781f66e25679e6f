"""Finds a factor for each of one or two paths, and one for all other paths, that explain the given gradients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from ...programs.assignments import Array
from ...programs.recorded import Recorded
from ..edits import Edit, listed
from ..factors import Factors
from ..judged import Given, Reason, largest
from ..paths import scaled
from .matching import gradient, is_explained

__all__ = ["combined"]

MOST = 24  # the largest number of paths of which any two are combined


def combined(recorded: Recorded, givens: list[Given], edits: Sequence[Edit], factors: Factors) -> Iterator[Reason]:
    """Yields reasons: the given gradients are t₀ · (the rest) + t₁ · (a path), or this sum + t₂ · (another path).

    Each t is 0, 1 or a known factor. "The rest" are the gradients through all other paths.
    """
    right = _stacked(givens, {})
    yours = np.concatenate([given.array.ravel() for given in givens])
    scales = [largest(given.right) or largest(given.array) or 1.0 for given in givens]
    scale = np.concatenate([np.full(given.right.size, size) for given, size in zip(givens, scales, strict=True)])
    if not np.all(np.isfinite(yours / scale)):
        return
    basis = _basis(recorded, givens, edits, right, scale)
    later: list[Reason] = []  # only two paths are right: such reasons say least, and come last
    for count in (1, 2):
        for chosen in combinations(basis, count):
            columns = [right - sum(column for _, column in chosen), *(column for _, column in chosen)]
            matrix = np.stack(columns, axis=1) / scale[:, None]
            if not np.all(np.isfinite(matrix)):
                continue
            numbers, _, rank, _ = np.linalg.lstsq(matrix, yours / scale, rcond=1e-12)
            if rank < len(columns):
                continue
            known = [factors.nearest(float(t)) for t in numbers]
            if any(t is None for t in known):
                continue
            fits = np.asarray(sum(t * column for t, column in zip(known, columns, strict=True) if t is not None))
            if all(is_explained(given, part) for given, part in zip(givens, _parted(givens, fits), strict=True)):
                texts = [scaled(t, factors, edit.what) for t, (edit, _) in zip(known[1:], chosen, strict=True)
                         if t is not None and t != 1.0]  # fmt: skip
                kept_right = [edit.what for t, (edit, _) in zip(known[1:], chosen, strict=True) if t == 1.0]
                if known[0] == 0.0:
                    kept = "" if texts else f"only {' and '.join(edit.what for edit, _ in chosen)} is counted: "
                    texts.append(f"{kept}every other path is missing")
                elif known[0] is not None and known[0] != 1.0:
                    others = f"every path but {listed(kept_right)}" if kept_right else "every other path"
                    texts.append(scaled(known[0], factors, others))
                reason = Reason(", and ".join(texts), tuple(way for edit, _ in chosen for way in edit.ways))
                if known[0] in (0.0, 1.0) or len(kept_right) < 2:
                    yield reason
                else:
                    later.append(reason)
    yield from later


def _basis(
    recorded: Recorded, givens: list[Given], edits: Sequence[Edit], right: Array, scale: Array
) -> list[tuple[Edit, Array]]:
    """Returns at most 24 pairs of a path's edit and the part of all gradients through the path, as one flat array.

    Of paths with proportional parts, only the first is returned.
    """
    found: list[tuple[Edit, Array]] = []
    directions: list[Array] = [right / scale]
    for edit in sorted(edits, key=lambda edit: edit.rank):
        column = right - _stacked(givens, recorded.backward.replaced(edit.change(0.0)))
        direction = column / scale
        if np.all(np.isfinite(direction)) and not any(_parallel(direction, other) for other in directions):
            found.append((edit, column))
            directions.append(direction)
        if len(found) == MOST:
            break
    return found


def _parallel(a: Array, b: Array) -> bool:
    """Returns whether b is a multiple of a, or a is about zero, up to rounding."""
    size = float(np.max(np.abs(a), initial=0.0))
    if size < 1e-9:
        return True
    t = float(a @ b) / max(float(a @ a), 1e-300)
    return bool(np.max(np.abs(b - t * a), initial=0.0) < 1e-9 * max(float(np.max(np.abs(b), initial=0.0)), 1e-300))


def _stacked(givens: list[Given], changed: dict[int, Array]) -> Array:
    return np.concatenate([gradient(given, changed).ravel() for given in givens])


def _parted(givens: list[Given], stacked: Array) -> list[Array]:
    ends = np.cumsum([given.right.size for given in givens])[:-1]
    return [part.reshape(given.right.shape) for part, given in zip(np.split(stacked, ends), givens, strict=True)]
