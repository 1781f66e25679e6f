"""The table's operations on arrays and lists, element by element."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import functions
from ..functions import has_elements
from ..table import Op
from ..value import Value, apply
from .value_array import ValueArray, arranged, of_values

__all__ = ["on_arrays", "softmax"]


def on_arrays(op: Op, operands: tuple[Any, ...]) -> NDArray[Any]:
    """Applies the operation to each element of arrays and lists of one shape; other operands are single numbers.

    The result is an array of Values if there are Values among the operands, else of floats. Raises ValueError if the
    arrays have different shapes.
    """
    parts = [_array(x) if has_elements(x) else x for x in operands]
    shapes = [part.shape for part in parts if isinstance(part, np.ndarray) and part.shape]
    if len(set(shapes)) > 1:
        raise ValueError(
            f"{op.name} pairs arrays of one shape; got {' and '.join(map(str, shapes))}: np.broadcast_arrays makes "
            "them so"
        )
    size = int(np.prod(shapes[0]))
    rows = [part.ravel().tolist() if has_elements(part) else [part] * size for part in parts]
    made = [apply(op, *elements) for elements in zip(*rows, strict=True)]
    return _arranged(made, shapes[0], [*operands, *(x for row in rows for x in row)])


def softmax(values: NDArray[Any]) -> NDArray[Any]:
    """Returns the softmax along the last axis: an array of Values if there are Values in the input, else of floats."""
    rows = values.reshape(math.prod(values.shape[:-1]), values.shape[-1]).tolist()
    made = [p for row in rows for p in functions.softmax(row)]
    return _arranged(made, values.shape, [values, *(x for row in rows for x in row)])


def _array(x: Any) -> NDArray[Any]:
    """Converts to an array. In a list of comparisons of Values, each becomes its node, so that it is recorded."""
    made = np.asarray(x)
    return np.asarray(_recorded(x)) if made.dtype == bool and isinstance(x, list | tuple) else made


def _recorded(x: Any) -> Any:
    return [*map(_recorded, x)] if isinstance(x, list | tuple) else getattr(x, "node", x)


def _arranged(made: list[Value], shape: tuple[int, ...], given: list[Any]) -> NDArray[Any]:
    if any(isinstance(x, ValueArray | Value) for x in given):
        return of_values(arranged(made, shape))
    return arranged([y.data for y in made], shape)
