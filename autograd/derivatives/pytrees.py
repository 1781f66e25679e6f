"""Numbers nested in lists, tuples, dicts and arrays, flattened to a list and rebuilt (JAX calls these pytrees)."""

from collections.abc import Callable, Iterator
from copy import copy
from itertools import product
from typing import Any

from ..functions import is_array

__all__ = ["flatten", "leaves", "paths"]

Rebuild = Callable[[Iterator[Any]], Any]


def flatten(structure: Any) -> tuple[list[Any], Callable[[list[Any]], Any]]:
    """Returns the leaves of a structure in order, and a function that builds the same structure from other leaves.

    Lists, tuples (named ones too), dicts of any kind and arrays are structures; anything else is a leaf. An array is
    rebuilt as an array of floats if the new leaves are numbers, and as an array of Values if there are Values. If the
    new leaves are arrays of one shape, they become one larger array. If they are other structures, the array becomes
    nested lists. Raises ValueError for a structure that contains itself, or that is nested too deeply for recursion.
    """
    found: list[Any] = []
    try:
        rebuild = _take_apart(structure, found)
    except RecursionError:
        raise ValueError(
            "numbers may be nested a few hundred levels deep in lists, tuples and dicts; got more levels, or a "
            "structure that holds itself: give a flatter one"
        ) from None
    return found, lambda others: rebuild(iter(others))


def leaves(structure: Any) -> list[Any]:
    """Returns the leaves of a structure, in order."""
    return flatten(structure)[0]


def paths(structure: Any, name: str) -> list[str]:
    """Returns the path to each leaf as Python writes it, x[0] or x['w'][2], in order."""
    if is_array(structure):
        return [f"{name}[{', '.join(map(str, index))}]" for index in product(*map(range, structure.shape))]
    if isinstance(structure, dict):
        return [path for key, part in structure.items() for path in paths(part, f"{name}[{key!r}]")]
    if isinstance(structure, list | tuple):
        return [path for i, part in enumerate(structure) for path in paths(part, f"{name}[{i}]")]
    return [name]


def _take_apart(structure: Any, found: list[Any]) -> Rebuild:
    if is_array(structure):
        found.extend(structure.flat)
        return lambda others: _array([next(others) for _ in range(structure.size)], structure.shape)
    if isinstance(structure, dict):
        parts = {key: _take_apart(part, found) for key, part in structure.items()}
        return lambda others: _filled(structure, {key: part(others) for key, part in parts.items()})
    if isinstance(structure, list | tuple):
        row = [_take_apart(part, found) for part in structure]
        return lambda others: _like([part(others) for part in row], structure)
    found.append(structure.item() if _is_wrapped(structure) else structure)
    return next


def _filled(structure: dict[Any, Any], parts: dict[Any, Any]) -> dict[Any, Any]:
    """Returns the parts in a dict of the same type, such as an OrderedDict, or a defaultdict with its default."""
    made = copy(structure)
    made.update(parts)
    return made


def _like(parts: list[Any], structure: Any) -> Any:
    if hasattr(structure, "_fields"):
        return structure._make(parts)
    return parts if isinstance(structure, list) else tuple(parts)


def _is_wrapped(structure: Any) -> bool:
    """Returns whether x is a 0-d array in which NumPy has put a single object."""
    return getattr(structure, "shape", None) == () and getattr(getattr(structure, "dtype", None), "kind", "") == "O"


def _array(items: list[Any], shape: tuple[int, ...]) -> Any:
    from ..arrays.value_array import arranged  # late: it needs NumPy

    if items and all(is_array(item) and item.shape == items[0].shape for item in items):
        return arranged([x for item in items for x in item.flat], shape + items[0].shape)
    if any(isinstance(item, list | tuple | dict) or is_array(item) for item in items):
        return _nested(iter(items), shape)
    return arranged(items, shape)


def _nested(items: Iterator[Any], shape: tuple[int, ...]) -> Any:
    return next(items) if not shape else [_nested(items, shape[1:]) for _ in range(shape[0])]
