"""Lists the graphs on which an engine is judged, from one sum to a chain of thousands. Each is a few lines of Python.

A line computes one number and names it. A pass calls `backward()` on one of them, or clears every gradient.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

from ..value import Value
from ..walk import nodes

__all__ = ["CLEAR", "DEEP", "GRAPHS", "Graph", "at_others"]

CLEAR = ""  # the pass that clears every gradient
OTHER = 1.27  # factor of the leaves when a reason is tried on other numbers
DEEP, RUNGS = 5000, 24  # operations of the deep chain; rungs of the ladder, which has 2²⁴ paths
NUMBERS = {"a": 1.3, "b": -0.7, "c": 2.1, "d": 0.4, "e": -1.6}  # chosen so that no two mistakes give equal numbers


@dataclass(frozen=True, eq=False)
class Graph:
    """A graph that any class can build, and the backward passes on it."""

    name: str
    lines: tuple[str, ...]  # assignments of one number each; a line may be a loop
    needs: tuple[str, ...] = ()  # the methods that the class needs to build the graph
    passes: tuple[str, ...] = ("C",)  # the numbers that backward() is called on, in order; or CLEAR
    numbers: Mapping[str, float] | None = None  # leaves in place of NUMBERS
    may_refuse: bool = False  # whether a right engine may raise here, as micrograd does for Value ** Value
    is_extreme: bool = False  # whether a right engine may raise here or take too long

    @cached_property
    def leaves(self) -> dict[str, float]:
        """The numbers that the graph starts with, by name."""
        return {name: number for name, number in (self.numbers or NUMBERS).items() if name in self._names}

    @cached_property
    def _names(self) -> set[str]:
        return {name for line in self.lines for name in compile(line, self.name, "exec").co_names}

    def code(self, called: str = "Value", cleared: str = "0.0") -> Iterator[str]:
        """Yields the lines that build the graph and run its passes, for a class named `called`.

        `cleared` is the code of the number to which a gradient is cleared.
        """
        yield from (f"{name} = {called}({number!r})" for name, number in self.leaves.items())
        yield from self.lines
        for root in self.passes:
            yield f"{root}.backward()" if root else f"for v in ({', '.join(self.named)}): v.grad = {cleared}"

    @cached_property
    def truth(self) -> dict[str, Value]:
        """The graph built with this library: each number by its name, in the order of the lines."""
        space: dict[str, Any] = {name: Value(number) for name, number in self.leaves.items()}
        for line in self.lines:
            exec(line, {}, space)
        return {name: value for name, value in space.items() if isinstance(value, Value)}

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The names of the numbers that are compared."""
        return tuple(self.truth)

    @cached_property
    def values(self) -> list[Value]:
        """All its numbers, in the order in which they are computed."""
        found: dict[Value, None] = {}
        for value in self.truth.values():
            if value not in found:
                found |= dict.fromkeys(nodes(value) if value.op is not None else [value])
        return list(found)


def _binary(name: str, line: str, *needs: str, **more: Any) -> Graph:
    """Returns a graph with an operation whose result is used again, so that the gradient that arrives is not 1."""
    return Graph(name, (line, "q = p + a", "C = q * c"), (*needs, "__add__", "__mul__"), **more)


def _function(name: str) -> list[Graph]:
    at = {"a": 0.7, "b": 1.9 if name in ("log", "sqrt") else -0.6, "c": -2.1}
    return [
        Graph(f"{name} alone", (f"C = a.{name}()",), (name,), numbers=at),
        Graph(f"{name} of another number", (f"C = b.{name}()",), (name,), numbers=at),
        Graph(f"{name} of a number that is used again", (f"p = a.{name}()", "q = p * c", "C = q + a"),
              (name, "__add__", "__mul__"), numbers=at),
        Graph(f"{name} of two numbers", (f"p = a.{name}()", f"q = b.{name}()", "r = p * c", "C = r + q"),
              (name, "__add__", "__mul__"), numbers=at),
        Graph(f"{name} of a result", ("p = a * b", f"q = p.{name}()", "C = q * c"), (name, "__mul__"), numbers=at),
    ]  # fmt: skip


ADD, MUL = ("__add__",), ("__mul__",)
BOTH = ADD + MUL
SHARED = ("p = a * b", "C = p * c", "D = p + c")
GRAPHS = (
    Graph("a sum", ("C = a + b",), ADD),
    Graph("a product", ("C = a * b",), MUL),
    Graph("a number added to itself", ("C = a + a",), ADD),
    Graph("a number times itself", ("C = a * a",), MUL),
    Graph("a chain", ("p = a * b", "q = p + c", "C = q * d"), BOTH),
    Graph("a number used by two operations", ("p = a * b", "q = a + c", "C = p * q"), BOTH),
    Graph("a sum of two products", ("p = a * b", "q = a * c", "C = p + q"), BOTH),
    Graph("a diamond", ("p = a * b", "q = p * c", "r = p + d", "C = q * r"), BOTH),
    Graph("a diamond with a long left side", ("p = a * b", "q = p * c", "r = q + d", "C = r * p"), BOTH),
    Graph("a diamond with a long right side", ("p = a * b", "q = p * c", "r = q + d", "C = p * r"), BOTH),
    Graph("a diamond on a diamond",
          ("p = a + b", "q = p * p", "r = q * p", "s = r + q", "t = s * c", "C = t * s"), BOTH),
    Graph("numbers made in another order", ("p = a * b", "q = p + c", "r = a * d", "s = r * q", "C = s + p"), BOTH),
    Graph("a constant on the right", ("p = a + 2.5", "q = p * 3.5", "C = q * a"), BOTH),
    Graph("a constant to the left of a sum", ("p = 2.5 + a", "C = p * a"), (*BOTH, "__radd__")),
    Graph("a constant to the left of a product", ("p = 3.5 * a", "C = p * a"), (*MUL, "__rmul__")),
    Graph("sum() of a list", ("p = sum([a, b, c])", "C = p * a"), (*BOTH, "__radd__")),
    Graph("a whole number, and a constant that is one", ("C = a * 3 + b",), BOTH, numbers={"a": 2, "b": -5}),
    Graph("a number with its sign changed", ("C = -a",), ("__neg__",)),
    _binary("a number with its sign changed, used again", "p = -a", "__neg__"),
    Graph("a difference", ("C = a - b",), ("__sub__",)),
    _binary("a difference, used again", "p = a - b", "__sub__"),
    Graph("a number less itself", ("p = a - a", "C = p * b + a"), ("__sub__", *BOTH)),
    _binary("a number less a constant", "p = a - 2.5", "__sub__"),
    _binary("a constant less a number", "p = 2.5 - a", "__rsub__"),
    Graph("a quotient", ("C = a / b",), ("__truediv__",)),
    _binary("a quotient, used again", "p = a / b", "__truediv__"),
    _binary("a number divided by a constant", "p = a / 2.5", "__truediv__"),
    _binary("a constant divided by a number", "p = 2.5 / a", "__rtruediv__"),
    Graph("a square", ("C = a ** 2",), ("__pow__",)),
    _binary("a square, used again", "p = a ** 2", "__pow__"),
    _binary("a cube of a number below 0", "p = b ** 3", "__pow__"),
    _binary("a power below 0", "p = a ** -1.5", "__pow__"),
    *[Graph(f"{name} of a result", ("p = a * b", f"q = {line}", "C = q * c"), (*MUL, need))
      for name, line, need in (("the sign change", "-p", "__neg__"), ("a difference", "c - p", "__sub__"),
                               ("a quotient", "c / p", "__truediv__"), ("a square", "p ** 2", "__pow__"))],
    _binary("a Value to the power of a Value", "p = a ** c", "__pow__", may_refuse=True),
    _binary("a constant to the power of a Value", "p = 2.5 ** a", "__rpow__", may_refuse=True),
    *[graph for name in ("relu", "tanh", "exp", "sigmoid", "log", "sqrt", "sin", "cos", "softplus")
      for graph in _function(name)],
    Graph("a neuron", ("p = a * b", "q = c * d", "r = p + q", "z = r + e", "C = z.tanh()"), (*BOTH, "tanh"),
          numbers={**NUMBERS, "e": 0.77}),
    Graph("two numbers that are alike", ("p = a * c", "q = b * c", "r = p * d", "C = r + q"), BOTH,
          numbers={**NUMBERS, "b": NUMBERS["a"]}),
    Graph("backward again after every gradient was cleared", ("p = a * b", "q = p + a", "C = q * c"), BOTH,
          ("C", CLEAR, "C")),
    Graph("two results of the same leaves", ("C = a * b", "D = a + b"), BOTH, ("C", "D")),
    Graph("two results of a product they share", SHARED, BOTH, ("C", CLEAR, "D")),
    Graph("backward twice on one product", ("C = a * b",), MUL, ("C", "C")),
    Graph("backward twice", ("p = a * b", "C = p * c"), MUL, ("C", "C")),
    Graph("two results of a product they share, not cleared between", SHARED, BOTH, ("C", "D")),
    Graph("a ladder, which has millions of ways through it", ("C = a + a", f"for _ in range({RUNGS - 1}): C = C + C"),
          ADD),
    Graph("a deep chain", ("C = a + b", f"for _ in range({DEEP}): C = C + b"), ADD, is_extreme=True),
)  # fmt: skip


@cache
def at_others(graph: Graph) -> Graph | None:
    """Returns the graph with other numbers of the same signs; None if it has several passes or a loop."""
    if graph.passes != ("C",) or graph.lines[-1].startswith("for "):
        return None
    return replace(graph, numbers={name: number * OTHER for name, number in graph.leaves.items()})
