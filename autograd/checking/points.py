"""A function at a point, as one of a flat list of numbers, and how large the numbers are from which it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from math import isfinite
from typing import Any

from .. import floats
from ..derivatives.linearize import real
from ..derivatives.pytrees import flatten, leaves, paths
from ..derivatives.sweeps import backward_steps
from ..grad_mode import enable_grad, no_grad
from ..table import Op
from ..value import Value
from ..vocabulary import VALUES

__all__ = ["Flat", "Function", "Point", "called", "number"]

MOST_SHOWN = 8  # inputs that an error lists

Function = Callable[..., Any]
Flat = Callable[[list[Any]], list[Any]]


class Point:
    """A function at a point, as one of a flat list of numbers that returns a flat list."""

    def __init__(self, f: Function, args: tuple[Any, ...]) -> None:
        self.parts, self.rebuild = flatten(args)
        named = zip(args, _parameters(f, len(args)), strict=True)
        names = [path for arg, name in named for path in paths(arg, name)]
        self.varied = [i for i, part in enumerate(self.parts) if _is_number(part)]
        self.inputs = [names[i] for i in self.varied]
        self.at = [number(self.parts[i], name) for i, name in zip(self.varied, self.inputs, strict=True)]
        self.outputs: list[str] = []  # known once it has been called
        self.called = False
        self.beside: dict[tuple[float, ...], list[float]] = {}  # the sizes at other points
        self.f = f

    def flat(self, numbers: list[Any]) -> list[Any]:
        """The function of the varied numbers."""
        moved = list(self.parts)
        for i, varied in zip(self.varied, numbers, strict=True):
            moved[i] = varied
        result = self.f(*self.rebuild(moved))
        outputs = paths(result, called(self.f))
        if self.called and outputs != self.outputs:
            raise TypeError(
                f"{called(self.f)} returns as many numbers wherever it is called; got {len(outputs)} of them at "
                f"{', '.join(f'{number(x)!r:.20}' for x in numbers[:MOST_SHOWN])}, and {len(self.outputs)} before"
            )
        self.outputs, self.called = outputs, True
        return leaves(result)

    def values(self) -> list[float]:
        """What the function gives at the point."""
        with no_grad():
            results = self.flat([Value(x) for x in self.at])
        return [number(y, name) for y, name in zip(results, self.outputs, strict=True)]

    @cached_property
    def graph(self) -> tuple[list[Value], list[Any]]:
        """The inputs and the results of one call at the point, recorded."""
        return self._recorded(self.at)

    def sizes(self) -> list[float]:
        """How large the numbers are from which each result is made, as far as they count in it: what is rounded."""
        return _sizes(self.graph[1])

    def sizes_beside(self, moved: tuple[float, ...]) -> list[float]:
        """The same at another point; 0 where the function has no value there."""
        if moved not in self.beside:
            try:
                self.beside[moved] = _sizes(self._recorded(moved)[1])
            except (ValueError, ArithmeticError):
                self.beside[moved] = [0.0] * len(self.outputs)
        return self.beside[moved]

    def _recorded(self, at: Sequence[float]) -> tuple[list[Value], list[Any]]:
        inputs = [Value(x) for x in at]
        with enable_grad():
            return inputs, self.flat(inputs)


def _sizes(results: list[Any]) -> list[float]:
    whole: set[Op] = set()
    return [max(abs(number(y)), *_counting(y, whole)) if isinstance(y, Value) else abs(number(y)) for y in results]


def _counting(y: Value, whole: set[Op]) -> Iterator[float]:
    """The numbers that a value is made from, each times the derivative by it, those inside of operations too; 0 first.

    `whole` collects the operations that have nothing inside.
    """
    yield 0.0
    before = None
    for step in backward_steps(y):
        if step.node is not before:  # whose steps follow each other
            before, upstream = step.node, abs(step.upstream)
            if isfinite(size := upstream * _inside(step.node, whole)):
                yield size


def _inside(node: Value, whole: set[Op]) -> float:
    """How large the numbers are from which an operation makes its result, as far as they count in it.

    Its rule for the result, run on Values, shows them. Where it does not run on Values, they are taken to be as large
    as the terms of the result, each operand times the slope by it.
    """
    op = node.op
    assert op is not None, "leaves take no steps"
    size = abs(node.data)
    if op in whole:
        return size
    inputs = [number(operand) for operand in node.operands]
    made: Any = None
    with enable_grad(), suppress(TypeError, AttributeError, ValueError, ArithmeticError):
        made = op.forward(VALUES, *map(Value, inputs))
    if not isinstance(made, Value):
        return max(size, *_terms(op, node.data, inputs), 0.0)
    if made.op is op:
        whole.add(op)
        return size
    seen = (abs(step.upstream * step.node.data) for step in backward_steps(made))
    return max(size, *filter(isfinite, seen), 0.0)


def _terms(op: Op, y: float, inputs: list[float]) -> Iterator[float]:
    """Each operand times the slope by it, where there is one."""
    for i, x in enumerate(inputs):
        with suppress(ValueError, ArithmeticError):
            if isfinite(term := abs(op.slope(floats, y, inputs, i) * x)):
                yield term


def called(f: Function) -> str:
    """The function's name."""
    name = getattr(f, "__name__", "f")
    return name if name.isidentifier() else "f"


def number(y: Any, name: str = "a derivative") -> float:
    """The float that it is; TypeError, with its name, if it is none."""
    return y._data if isinstance(y, Value) else real(y, name)


def _parameters(f: Function, count: int) -> list[str]:
    """What f calls its arguments; x1, x2, … if it does not say, x if there is one."""
    code = getattr(f, "__code__", None)
    names = list(code.co_varnames[: code.co_argcount]) if code is not None else []
    names = names[1:] if getattr(f, "__self__", None) is not None else names  # a method's first is not asked for
    if len(names) >= count:
        return names[:count]
    return ["x"] if count == 1 else [f"x{i + 1}" for i in range(count)]


def _is_number(x: Any) -> bool:
    if isinstance(x, bool | str | bytes | complex) or x is None:
        return False
    return isinstance(x, Value) or (getattr(x, "shape", ()) == () and hasattr(type(x), "__float__"))
