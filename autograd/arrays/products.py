"""Matrix products of arrays of Values: each number of the result is one node, a weighted sum of the table."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..weighted_sums import dots
from .value_array import in_class, plain, shaped, writable

__all__ = ["matmul"]


def matmul(a: Any, b: Any, out: NDArray[Any] | None = None) -> Any:
    """Returns `np.matmul` of two arrays of Values and numbers, shapes (…, n, k) and (…, k, m); either may be (k,)."""
    a, b = np.asarray(plain(a)), np.asarray(plain(b))
    shape = np.matmul(
        np.broadcast_to(0.0, a.shape), np.broadcast_to(0.0, b.shape)
    ).shape  # raises NumPy's error if the shapes do not fit
    left, right = (a if a.ndim > 1 else a[None, :]), (b if b.ndim > 1 else b[:, None])
    stack = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
    (n, k), m = left.shape[-2:], right.shape[-1]
    count = math.prod(stack)
    rows = np.broadcast_to(left, (*stack, n, k)).reshape(count, n, k).tolist()
    columns = np.broadcast_to(right, (*stack, k, m)).swapaxes(-1, -2).reshape(count, m, k).tolist()
    made = [
        z
        for matrix, others in zip(rows, columns, strict=True)
        for column in others
        for z in dots([(row, None) for row in matrix], column)
    ]  # (…, m, n), flat
    result = shaped(made, (*stack, m, n)).swapaxes(-1, -2).reshape(shape)
    if out is None:
        return in_class(result) if shape else result.item()
    written = writable(out)
    if out.shape != shape:
        raise ValueError(f"a product of shape {shape} is written to an array of its shape; got shape {out.shape}")
    written[...] = result
    return out
