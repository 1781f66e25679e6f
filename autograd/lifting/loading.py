"""Functions, loaded from the text that a printer wrote."""

from __future__ import annotations

from types import FunctionType, ModuleType
from typing import Any

from numpy.typing import NDArray

__all__ = ["loaded"]


def loaded(source: str, arrays: dict[str, NDArray[Any]]) -> Any:
    """The function `program` that a source defines.

    A function in its own globals would hold itself, and all the arrays beside it, until the collector comes. So
    `program` is taken out of them, and the functions of the longer rules, which speak of nothing but modules, have
    globals of their own.
    """
    namespace: dict[str, Any] = dict(arrays)
    exec(compile(source, "<lifted program>", "exec"), namespace)
    made = namespace.pop("program")
    modules = {name: x for name, x in namespace.items() if isinstance(x, ModuleType)}
    for name, rule in namespace.items():
        if getattr(rule, "__globals__", None) is namespace:
            own = {**modules, "__builtins__": namespace["__builtins__"]}
            namespace[name] = FunctionType(rule.__code__, own, name)
    return made
