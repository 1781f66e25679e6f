"""Loads functions from the text that a printer wrote."""

from __future__ import annotations

from types import FunctionType, ModuleType
from typing import Any

from numpy.typing import NDArray

__all__ = ["loaded"]


def loaded(source: str, arrays: dict[str, NDArray[Any]]) -> Any:
    """Returns the function `program` that a source text defines; the arrays are its globals, by name.

    A function that stands in its own globals is a reference cycle: it and its arrays would live until the garbage
    collector runs. So `program` is taken out of its globals. The functions of longer rules need only modules, and get
    globals of their own with the modules.
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
