"""Conversions: from numbers to an array of Values, and from such an array to its numbers and its gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .. import floats
from ..value import Value, number_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .value_array import ValueArray

__all__ = ["array", "gradients", "numbers", "truth"]


def array(data: Any) -> ValueArray:
    """Returns an array of Values of the shape of `data`. Each number becomes a leaf; a Value stays the same object.

    NumPy's functions of the result apply the operations of the table, and return such arrays again. Comparisons, also
    `==`, compare the numbers. `x.data` and `x.grad` are float arrays, and may be assigned: `x.data -= 0.1 * x.grad`.
    `np.array(x)` and `np.asarray(x)` return a plain object array, on which np.maximum and others do not record their
    operation: use `array(x)` or `np.asanyarray(x)`.

    Args:
        data: An array, or numbers and Values in (nested) lists.
    Raises:
        TypeError: If an element is no real number.
        ValueError: If rows have different lengths.
    Example:
        >>> from autograd import array
        >>> import numpy as np
        >>> x = array([[1.0, 2.0], [3.0, 4.0]])
        >>> C = np.maximum(x - 2.0, 0.0).sum()
        >>> C.backward()
        >>> x.grad
        array([[0. , 0.5],
               [1. , 1. ]])
    """
    from .value_array import of_values

    return of_values(_array_of(data))


def numbers(data: Any) -> NDArray[np.float64]:
    """Returns the numbers of an array of Values as a new float array of the same shape.

    The result is outside the graph, like `v.data`; there is no LeftGraphWarning.

    Args:
        data: An array, or Values and plain numbers in (nested) lists.
    Raises:
        TypeError: If an element is no real number.
    """
    return _floats(data, number_of)


def gradients(data: Any) -> NDArray[np.float64]:
    """Returns the gradients of an array of Values as a new float array of the same shape; 0 for a plain number.

    Args:
        data: As for `numbers`.
    Raises:
        TypeError: If an element is no real number.
    """
    return _floats(data, _gradient)


def _gradient(x: Any) -> float:
    if isinstance(x, Value):
        return x.grad
    floats.as_float(x)  # raises TypeError if it is no number
    return 0.0


def _floats(data: Any, read: Callable[[Any], float]) -> NDArray[np.float64]:
    import numpy as np

    given = _array_of(data)
    return np.array([read(x) for x in given.ravel().tolist()], dtype=float).reshape(given.shape)


def _array_of(data: Any) -> NDArray[Any]:
    """Returns the elements as a plain array."""
    import numpy as np

    if isinstance(data, np.ma.MaskedArray):
        raise TypeError("an array of Values has a number in each place; got a masked array: give .filled(...) instead")
    return np.asarray(data)


def truth(holds: bool, dtype: Any = None) -> NDArray[Any]:
    """Returns a bool as a 0-d array."""
    import numpy as np

    return np.array(holds, dtype)
