"""From numbers to arrays of Values, and from these to their numbers and gradients."""

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
    """An array of Values, in the shape of `data`: each number becomes a leaf, a Value stays what it is.

        >>> from autograd import array
        >>> import numpy as np
        >>> x = array([[1.0, 2.0], [3.0, 4.0]])
        >>> C = np.maximum(x - 2.0, 0.0).sum()
        >>> C.backward()
        >>> x.grad
        array([[0. , 0.5],
               [1. , 1. ]])

    `data` is an array, or numbers and Values in (nested) lists. NumPy's functions of the result mean what the table of
    operations says, and give such arrays again; comparisons, `==` too, compare the numbers. `x.data` and `x.grad` are
    float arrays, and may be assigned: `x.data -= 0.1 * x.grad`. `np.array(x)` and `np.asarray(x)` give a plain object
    array, where NumPy's maximum picks an operand: write `array(x)`, or `np.asanyarray(x)`. Raises TypeError for what
    is no real number, and ValueError for rows of different lengths.
    """
    from .value_array import of_values

    return of_values(_array_of(data))


def numbers(data: Any) -> NDArray[np.float64]:
    """The numbers of an array of Values, as a new float array of the same shape.

    `data` may be any array, or Values and numbers in (nested) lists; a number is itself. The result is outside the
    graph, as `v.data` is, and there is no warning. Raises TypeError for what is no real number.
    """
    return _floats(data, number_of)


def gradients(data: Any) -> NDArray[np.float64]:
    """The gradients of an array of Values, as a new float array of the same shape; 0 where there is a plain number.

    `data` is as in `numbers`. Raises TypeError for what is no real number.
    """
    return _floats(data, _gradient)


def _gradient(x: Any) -> float:
    if isinstance(x, Value):
        return x.grad
    floats.as_float(x)  # a number, or TypeError
    return 0.0


def _floats(data: Any, read: Callable[[Any], float]) -> NDArray[np.float64]:
    import numpy as np

    given = _array_of(data)
    return np.array([read(x) for x in given.ravel().tolist()], dtype=float).reshape(given.shape)


def _array_of(data: Any) -> NDArray[Any]:
    """A plain array of the elements."""
    import numpy as np

    if isinstance(data, np.ma.MaskedArray):
        raise TypeError("an array of Values has a number in each place; got a masked array: give .filled(...) instead")
    return np.asarray(data)


def truth(holds: bool, dtype: Any = None) -> NDArray[Any]:
    """A bool as NumPy has it."""
    import numpy as np

    return np.array(holds, dtype)
