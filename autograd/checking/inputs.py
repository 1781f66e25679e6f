"""The inputs of a forward pass: those that take a gradient, and copies of them as floats and as Values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays.conversions import array, numbers
from ..arrays.value_array import ValueArray
from ..programs.variables import joined
from ..value import Value

__all__ = ["Inputs", "leaves", "numbers_of_tensor", "parts_of", "real_numbers"]


class Inputs:
    """The inputs by name, nested as they were given. Arrays of floats take a gradient.

    A single float takes one if a gradient is given for it. Everything else is passed on: arrays of ints and bools as
    copies, None, text and numbers unchanged.
    """

    def __init__(self, given: Mapping[str, Any], wanted: Collection[str]) -> None:
        self.given = {name: _converted(part) for name, part in given.items()}
        self.arrays: dict[str, NDArray[Any]] = {
            name: part for name, part in leaves(self.given) if _takes_a_gradient(part, name in wanted)
        }

    @property
    def is_single(self) -> bool:
        """Whether some of them are float32 or float16."""
        return any(np.asarray(part).dtype.itemsize < 8 for part in self.arrays.values())

    def kinds(self) -> str:
        """Returns their names with their dtypes or types, as text for an error."""
        named = (f"{name} ({getattr(part, 'dtype', type(part).__name__)})" for name, part in leaves(self.given))
        return ", ".join(named) or "no inputs"

    def on_floats(self) -> list[Any]:
        """Returns a list of copies of the inputs, in order. Arrays of floats become float64."""
        return self._made(lambda name, part: _copy(part))

    def on_values(self, kind: type[ValueArray]) -> tuple[list[Any], dict[str, ValueArray]]:
        """Returns a list of copies with a Value for each number that takes a gradient, and a dict of these arrays.

        The arrays are of the class `kind`.
        """
        of_values: dict[str, ValueArray] = {name: array(part).view(kind) for name, part in self.arrays.items()}
        made = self._made(lambda name, part: _element(of_values[name], part) if name in of_values else _copy(part))
        return made, {name: values.copy() for name, values in of_values.items()}  # forward may write to its arrays

    def _made(self, of: Callable[[str, Any], Any]) -> list[Any]:
        return [_rebuilt(part, name, of) for name, part in self.given.items()]


def leaves(structure: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yields pairs of a name, such as params.W1 or Ws[0], and an entry of nested dicts and lists."""
    for name, part in structure.items():
        yield from _leaves(part, name)


def numbers_of_tensor(given: Any) -> Any:
    """Converts a PyTorch tensor to a NumPy array. Anything else is returned unchanged."""
    if not all(hasattr(given, name) for name in ("detach", "cpu", "numpy")) or isinstance(given, Value):
        return given
    tensor = given.detach().cpu()
    try:
        return tensor.numpy()
    except TypeError:  # NumPy has no bfloat16
        return tensor.float().numpy()


def real_numbers(given: Any, what: str) -> NDArray[Any]:
    """Converts the given numbers to an array. Raises TypeError if they are no real numbers."""
    given = numbers_of_tensor(given)
    if given is None:
        raise TypeError(f"{what} is None: leave it out, if there is none")
    try:
        made = np.asarray(given)
        if made.dtype == object:
            made = numbers(made)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"{what} is an array of numbers, all rows of one length; got {type(given).__name__} {given!r:.60}"
        ) from error
    if made.dtype.kind not in "biuf":
        kind = "complex numbers: take its .real" if made.dtype.kind == "c" else f"{type(given).__name__} {given!r:.60}"
        raise TypeError(f"{what} is an array of real numbers; got {kind}")
    return made


def parts_of(part: Any) -> dict[Any, Any] | None:
    """Returns a dict of the parts of a dict, list or tuple, by key, field or position; None for anything else."""
    if isinstance(part, dict):
        return part
    if isinstance(part, list | tuple):
        return dict(zip(getattr(part, "_fields", range(len(part))), part, strict=True))
    return None


def _converted(part: Any) -> Any:
    parts = parts_of(part)
    if parts is not None:
        return _like(part, {key: _converted(each) for key, each in parts.items()})
    if isinstance(part, Value) or (isinstance(part, np.ndarray) and part.dtype == object):
        return numbers(part)
    return numbers_of_tensor(part)


def _leaves(part: Any, name: str) -> Iterator[tuple[str, Any]]:
    parts = parts_of(part)
    if parts is None:
        yield name, part
    else:
        for key, each in parts.items():
            yield from _leaves(each, joined(name, key))


def _rebuilt(part: Any, name: str, of: Callable[[str, Any], Any]) -> Any:
    parts = parts_of(part)
    if parts is None:
        return of(name, part)
    return _like(part, {key: _rebuilt(each, joined(name, key), of) for key, each in parts.items()})


def _like(structure: Any, parts: dict[Any, Any]) -> Any:
    """Returns a dict, list or tuple of the same kind as `structure`, with these parts."""
    if isinstance(structure, dict):
        return parts
    return structure._make(parts.values()) if hasattr(structure, "_make") else type(structure)(parts.values())


def _takes_a_gradient(part: Any, is_wanted: bool) -> bool:
    if isinstance(part, np.ndarray):
        if part.dtype.kind == "c":
            raise TypeError("inputs are real; got an array of complex numbers: give its .real and its .imag")
        return bool(part.dtype.kind == "f")
    return isinstance(part, float | np.floating) and is_wanted


def _copy(part: Any) -> Any:
    """Copies an array; one of floats to float64, as in the graph. Anything else is returned as it is."""
    if not isinstance(part, np.ndarray):
        return part
    return np.array(part, dtype=float) if part.dtype.kind == "f" else part.copy()


def _element(values: ValueArray, part: Any) -> Any:
    """Returns the array of Values; a single Value if the input is a single number."""
    return values if isinstance(part, np.ndarray) else values[()]
