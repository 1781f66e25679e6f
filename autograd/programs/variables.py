"""Finds the arrays that the variables of a running function hold, with the names that its reader knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from inspect import CO_VARARGS, CO_VARKEYWORDS
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from ..value import Value

__all__ = ["INDEXED", "KEYED", "LOCAL", "MOST", "PLACED", "Variable", "global_variables", "joined", "variables"]

LOCAL, KEYED, INDEXED = range(3)  # ranks of names, the best first: z, z1 of cache["z1"], hs[0]
PLACED = 9  # the rank of a place in a tuple, such as caches[0][5]: any variable says more, even a helper's
MOST = 1000  # parts of one list, dict or array that are read
DEEPEST = 3  # levels of nesting that are read: lists in dicts in lists
PLAIN = ("builtins", "numpy")  # objects of classes in these modules have no attributes that count as variables


class Variable(NamedTuple):
    """An array, a Value or a float, and the name of the variable or the part that holds it."""

    name: str
    held: Any
    rank: int
    is_from_outside: bool  # an argument, a variable of an enclosing function, or a global
    is_global: bool = False


def variables(frame: FrameType) -> Iterator[Variable]:
    """Yields the arrays, Values and floats in a frame's variables, and arrays and Values in lists, dicts, objects."""
    outside = {*_arguments(frame.f_code), *frame.f_code.co_freevars}
    for name, held in list(frame.f_locals.items()):
        if name.isidentifier() and name.strip("_"):  # a comprehension's iterator is named .0; _ holds what is not used
            yield from _within(name, held, name in outside)


def global_variables(frame: FrameType) -> Iterator[Variable]:
    """Yields the arrays, Values and floats in global variables that a frame's code names, and the parts of these."""
    for name in frame.f_code.co_names:
        if name in frame.f_globals and name not in frame.f_locals:
            yield from (each._replace(is_global=True) for each in _within(name, frame.f_globals[name], True))


def joined(name: str, key: Any) -> str:
    """Returns the name of a part, such as "params.W1" or "hs[0]"."""
    if isinstance(key, str) and key.isidentifier():
        return f"{name}.{key}" if name else key
    return f"{name}[{key!r}]"


def _arguments(code: CodeType) -> Iterable[str]:
    """Returns the names of a function's arguments, including *args and **kwargs."""
    stars = bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + stars]


def _within(name: str, held: Any, is_from_outside: bool) -> Iterator[Variable]:
    if isinstance(held, np.ndarray | Value | float):
        yield Variable(name, held, LOCAL, is_from_outside)
        return
    for (first, *others), array, is_in_tuple in _parts(held, DEEPEST, set()):
        is_keyed = isinstance(first, str) and first.isidentifier()
        called = joined("" if is_keyed else name, first)
        for key in others:
            called = joined(called, key)
        rank = PLACED if is_in_tuple else KEYED if is_keyed else INDEXED
        yield Variable(called, array, rank, is_from_outside)


def _parts(held: Any, depth: int, seen: set[int]) -> Iterator[tuple[tuple[Any, ...], Any, bool]]:
    """Yields the keys of each array or Value in a list, a dict or attributes, `depth` levels deep, and what they hold.

    The boolean says whether a key is a place in a tuple.
    """
    if depth == 0 or id(held) in seen:
        return
    seen.add(id(held))
    is_tuple = isinstance(held, tuple) and not hasattr(held, "_fields")
    for key, part in _items(held):
        if isinstance(part, np.ndarray | Value):
            yield (key,), part, is_tuple
        else:
            for path, array, is_in_tuple in _parts(part, depth - 1, seen):
                yield (key, *path), array, is_tuple or is_in_tuple


def _items(held: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(held, dict):
        return list(held.items())[:MOST]
    if isinstance(held, list | tuple):
        return list(zip(getattr(held, "_fields", range(MOST)), held, strict=False))
    if isinstance(held, type | ModuleType | FunctionType) or type(held).__module__.split(".")[0] in PLAIN:
        return ()
    try:
        return list(object.__getattribute__(held, "__dict__").items())[:MOST]  # no attributes that a class computes
    except AttributeError:
        return ()
