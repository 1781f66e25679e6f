"""RecordedArray: an array of Values in a run that is recorded. It knows what it was made from, and tells of copies."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from ..arrays.recorder import recording
from ..arrays.value_array import ValueArray

__all__ = ["RecordedArray", "memory"]


def memory(array: Any) -> Any:
    """Returns the array that owns the memory of an array."""
    while getattr(array, "base", None) is not None:  # an np.nditer has no base
        array = array.base
    return array


def _telling(method: Callable[..., Any]) -> Callable[..., Any]:
    """Returns the method, which now tells the recorder when it returns a copy.

    NumPy's own protocols do not reach these methods.
    """

    @wraps(method)
    def told(self: RecordedArray, *args: Any, **kwargs: Any) -> Any:
        result, recorder = method(self, *args, **kwargs), recording.get()
        is_copy = isinstance(result, RecordedArray) and result.dtype == object and memory(result) is not memory(self)
        if recorder is None or not is_copy:
            return result
        return recorder.copied(result, self, method.__name__)

    return told


class RecordedArray(ValueArray):
    """An array of Values in a run that is recorded."""

    made_from: Any = None  # the array that NumPy made this one from, such as y for y.T

    def __array_finalize__(self, made_from: Any) -> None:
        if recording.get() is not None:
            self.made_from = made_from

    __copy__ = _telling(ValueArray.__copy__)
    __getitem__ = _telling(ValueArray.__getitem__)
    astype = _telling(ValueArray.astype)
    compress = _telling(ValueArray.compress)
    copy = _telling(ValueArray.copy)
    flatten = _telling(ValueArray.flatten)
    ravel = _telling(ValueArray.ravel)
    repeat = _telling(ValueArray.repeat)
    reshape = _telling(ValueArray.reshape)
    take = _telling(ValueArray.take)
