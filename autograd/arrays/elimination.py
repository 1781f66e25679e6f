"""np.linalg's solve, inv, det, slogdet and cholesky for matrices of Values, by Gaussian elimination.

Each pivot is the largest number that is left, so rows and columns change places by the numbers alone. All else is sums,
products and quotients, through which gradients pass: for a gradient G of A⁻¹, −A⁻ᵀ G A⁻ᵀ goes back to A; for ln |det A|
it is A⁻ᵀ (Petersen and Pedersen, The Matrix Cookbook, 2012, equations 57 and 60).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.linalg import LinAlgError

from .value_array import asked, of_values

__all__ = ["ELIMINATING"]


class _Eliminated(NamedTuple):
    """What is left of [A B] after A was eliminated: X with A X = B, in rows in the order of A's columns in `order`.

    The product of `pivots` is `sign` times the determinant of A. If A is singular, the last one is 0.
    """

    rows: Any
    pivots: Any
    sign: float
    order: list[int]


def _eliminated(rows: Any) -> _Eliminated:
    """Eliminates the matrix A in [A B], shape (n, n + m)."""
    n, sign = len(rows), 1.0
    pivots, order = [], list(range(n))
    for k in range(n):
        left = np.abs(asked(rows[k:, : n - k]))
        i, j = divmod(int(left.argmax()), n - k)
        down, across = np.arange(n), np.arange(rows.shape[1])
        down[[k, k + i]], across[[0, j]] = down[[k + i, k]], across[[j, 0]]
        order[k], order[k + j] = order[k + j], order[k]
        sign *= (-1.0) ** ((i > 0) + (j > 0))
        rows = rows[down][:, across]
        if not left[i, j]:  # all that is left of A is 0
            pivots.append(_without_quotients(rows[k:, : n - k]))
            break
        pivots.append(rows[k, 0])
        row = rows[k, 1:] / rows[k, 0]
        others = rows[:, 1:] - rows[:, :1] * row
        rows = np.concatenate([others[:k], row[None], others[k + 1 :]])
    return _Eliminated(rows, np.stack(pivots) if pivots else np.ones(0, like=rows), sign, order)


def _without_quotients(a: Any) -> Any:
    """Returns the determinant by sums and products alone, which have derivatives of any order where it is 0.

    It is R. S. Bird's algorithm (A simple division-free algorithm for computing determinants, 2011).
    """
    x = a
    for _ in a[1:]:
        below = np.cumsum(np.diagonal(x)[::-1])[::-1]  # the trace of the rows from each one on
        x = (np.triu(x, 1) - np.diag(np.append(below[1:], 0.0))) @ a
    return x[0, 0] if len(a) % 2 else -x[0, 0]


def _solved(a: Any, b: Any) -> Any:
    found = _eliminated(np.concatenate([a, b], axis=1))
    if not np.all(asked(found.pivots)):
        raise LinAlgError("Singular matrix")
    return found.rows[np.argsort(found.order)]


def _determinant(a: Any) -> Any:
    found = _eliminated(a)
    return found.sign * np.prod(found.pivots)


def _log_determinant(a: Any) -> Any:
    return np.log(np.abs(_eliminated(a).pivots)).sum()


def _sign(a: Any) -> Any:
    found = _eliminated(asked(a))
    return found.sign * np.sign(found.pivots).prod()


def _factored(a: Any) -> Any:
    """Returns the lower triangle L with A = L Lᵀ. It reads the lower triangle of A alone, as NumPy does."""
    columns: list[Any] = []
    for k in range(len(a)):
        if asked(a[0, 0]) <= 0:  # nan gives nan, as in NumPy
            raise LinAlgError("Matrix is not positive definite")
        column = a[:, 0] / np.sqrt(a[0, 0])
        columns.append(np.concatenate([np.zeros(k), column]))
        a = a[1:, 1:] - np.outer(column[1:], column[1:])
    return np.stack(columns, axis=1) if columns else a


def _each(function: Callable[..., Any], *arrays: Any) -> Any:
    """Returns the results of a function of matrices for arrays of shape (…, n, m), in an array of shape (…, …)."""
    arrays = tuple(map(np.asanyarray, arrays))
    if arrays[0].ndim < 2 or arrays[0].shape[-1] != arrays[0].shape[-2]:
        raise LinAlgError(f"Last 2 dimensions of the array must be square; got shape {arrays[0].shape}")
    stack = np.broadcast_shapes(*(x.shape[:-2] for x in arrays))
    if not stack:
        return function(*arrays)
    n = math.prod(stack)
    several = [np.broadcast_to(x, (*stack, *x.shape[-2:])).reshape(n, *x.shape[-2:]) for x in arrays]
    alike = [of_values(np.eye(*x.shape[-2:])) for x in arrays]  # tells the shape of a result, if the stack is empty
    found = np.stack([function(*matrices) for matrices in zip(*several, strict=True)] or [function(*alike)])[:n]
    return found.reshape(*stack, *found.shape[1:])


def _solve(a: Any, b: Any) -> Any:
    b = np.asanyarray(b)
    columns = b[:, None] if b.ndim == 1 else b
    if np.ndim(a) > 1 and columns.shape[-2:-1] != np.shape(a)[-2:-1]:
        raise ValueError(f"solve(A, b) takes a row of b for each row of A; got shapes {np.shape(a)} and {b.shape}")
    found = _each(_solved, a, columns)
    return found[..., 0] if b.ndim == 1 else found


def _inv(a: Any) -> Any:
    return _each(lambda a: _solved(a, np.eye(len(a))), a)


def _slogdet(a: Any) -> Any:
    kind: Any = type(np.linalg.slogdet(np.eye(1)))  # a named tuple
    return kind(_each(_sign, a), _each(_log_determinant, a))


def _cholesky(a: Any, /, *, upper: bool = False) -> Any:
    return np.swapaxes(_each(_factored, np.swapaxes(a, -1, -2)), -1, -2) if upper else _each(_factored, a)


# NumPy's functions by their names, for arrays of shape (…, n, n)
ELIMINATING: dict[str, Callable[..., Any]] = {
    "solve": _solve,
    "inv": _inv,
    "det": lambda a: _each(_determinant, a),
    "slogdet": _slogdet,
    "cholesky": _cholesky,
}
