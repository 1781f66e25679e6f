"""Turns a function at a point into a function from a flat list of numbers to a flat list of numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from math import isfinite
from typing import Any

from ..derivatives.linearize import real
from ..derivatives.pytrees import flatten, leaves, paths
from ..grad_mode import enable_grad, no_grad
from ..value import Value
from .rounding import magnitudes

__all__ = ["Flat", "Function", "Point"]

MOST_SHOWN = 8  # inputs listed in an error

Function = Callable[..., Any]
Flat = Callable[[Sequence[Any]], list[Any]]


class Point:
    """A function at a point. Raises ValueError if an input or a result there is not finite."""

    def __init__(self, f: Function, args: tuple[Any, ...]) -> None:
        self.f, self.args = f, args
        self.name = _name(f)
        self.parts, self.rebuild = flatten(args)
        named = zip(args, _parameters(f, len(args)), strict=True)
        names = [path for arg, name in named for path in paths(arg, name)]
        self.varied = [i for i, part in enumerate(self.parts) if _is_number(part)]
        self.inputs = [names[i] for i in self.varied]
        self.at = tuple(real(self.parts[i], name) for i, name in zip(self.varied, self.inputs, strict=True))
        _check_finite("an input", self.at)
        with no_grad():
            result = self._result([Value(x) for x in self.at])
        self.outputs = paths(result, self.name)
        self.values = [real(y, name) for y, name in zip(leaves(result), self.outputs, strict=True)]
        _check_finite("a result", self.values)
        self._magnitudes: dict[tuple[float, ...], list[float]] = {}

    def _result(self, numbers: Sequence[Any]) -> Any:
        """Calls the function with these numbers as its varied inputs, and returns its result as it is."""
        moved = list(self.parts)
        for i, varied in zip(self.varied, numbers, strict=True):
            moved[i] = varied
        return self.f(*self.rebuild(moved))

    def flat(self, numbers: Sequence[Any]) -> list[Any]:
        """Calls the function with these numbers as its varied inputs, and returns its results as a flat list.

        Raises TypeError if the results have another structure than at the point.
        """
        result = self._result(numbers)
        outputs = paths(result, self.name)
        if outputs != self.outputs:
            raise TypeError(
                f"{self.name} returns the same number of results at every point; got {len(outputs)} at "
                f"{', '.join(f'{real(x, self.name)!r:.20}' for x in numbers[:MOST_SHOWN])}, and {len(self.outputs)} "
                "before"
            )
        return leaves(result)

    def recorded(self, at: Sequence[float]) -> tuple[list[Value], list[Any]]:
        """Records a call of the function on new Values of these numbers; returns the Values and a list of results."""
        inputs = [Value(x) for x in at]
        with enable_grad():
            return inputs, self.flat(inputs)

    @cached_property
    def graph(self) -> tuple[list[Value], list[Any]]:
        """The inputs and results of one recorded call at the point."""
        return self.recorded(self.at)

    def magnitudes(self, at: tuple[float, ...]) -> list[float]:
        """Returns, for each result, the size of the numbers inside its computation here; 0 if f has no value here."""
        if at not in self._magnitudes:
            try:
                self._magnitudes[at] = magnitudes(self.recorded(at)[1])
            except (ValueError, ArithmeticError):
                self._magnitudes[at] = [0.0] * len(self.outputs)
        return self._magnitudes[at]


def _check_finite(what: str, numbers: Sequence[float]) -> None:
    if not all(map(isfinite, numbers)):
        raise ValueError(f"finite differences need finite numbers; {what} is not finite: {list(numbers)!r:.100}")


def _name(f: Function) -> str:
    name = getattr(f, "__name__", "f")
    return name if name.isidentifier() else "f"


def _parameters(f: Function, count: int) -> list[str]:
    """Returns the names of f's arguments; if they are not known, x1, x2, …, or x if there is one."""
    code = getattr(f, "__code__", None)
    names = list(code.co_varnames[: code.co_argcount]) if code is not None else []
    names = names[1:] if getattr(f, "__self__", None) is not None else names  # without self
    if len(names) >= count:
        return names[:count]
    return ["x"] if count == 1 else [f"x{i + 1}" for i in range(count)]


def _is_number(x: Any) -> bool:
    if isinstance(x, bool | str | bytes | complex) or x is None:
        return False
    return isinstance(x, Value) or (getattr(x, "shape", ()) == () and hasattr(type(x), "__float__"))
