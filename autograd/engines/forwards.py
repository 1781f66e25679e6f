"""Lists wrong computations, composed of other operations, that an operation may do instead of the right one."""

from __future__ import annotations

from collections.abc import Callable
from math import log
from typing import Any, NamedTuple

__all__ = ["WAYS", "Way", "way_of"]


class Way(NamedTuple):
    """A wrong computation: its text, its number of operands (0: any), and a function that makes it."""

    says: str  # {op} stands for the operation as it is written
    arity: int
    of: Callable[..., Any]  # takes make, the name of the operation, and its operands


def _another(name: str) -> Callable[..., Any]:
    return lambda make, op, *operands: make(name, *operands)


def _to_the_base(base: float, make: Callable[..., Any], op: str, x: Any) -> Any:
    if op not in ("exp", "log"):
        raise ValueError(f"{op} has no base")
    return make("exp", make("mul", x, log(base))) if op == "exp" else make("div", make("log", x), log(base))


def way_of(way: str | float) -> Way:
    """Returns the computation with this name in WAYS; for a number, the one that multiplies the right result by it."""
    if isinstance(way, str):
        return WAYS[way]
    return Way(f"{{op}} gives {way:.6g} times its result", 0, lambda make, op, *x: make("mul", make(op, *x), way))


# The simplest first. a and b are the operands of an operation on two numbers, x is that of an operation on one number.
WAYS = {
    "swapped": Way("{op} takes its operands the other way round", 2, lambda make, op, a, b: make(op, b, a)),
    "left": Way("{op} gives the number of its left operand", 2, lambda make, op, a, b: make("add", a, 0.0)),
    "right": Way("{op} gives the number of its right operand", 2, lambda make, op, a, b: make("add", b, 0.0)),
    "left twice": Way("{op} computes with its left operand twice", 2, lambda make, op, a, b: make(op, a, a)),
    "right twice": Way("{op} computes with its right operand twice", 2, lambda make, op, a, b: make(op, b, b)),
    "operand": Way("{op} gives the number of its operand unchanged", 1, lambda make, op, x: make("add", x, 0.0)),
    "left itself": Way("{op} gives back its left operand itself", 2, lambda make, op, a, b: a),
    "right itself": Way("{op} gives back its right operand itself", 2, lambda make, op, a, b: b),
    "below": Way("{op} gives the smaller of x and 0", 1, lambda make, op, x: make("minimum", x, 0.0)),
    "base 10": Way("{op} is taken to the base 10", 1, lambda make, op, x: _to_the_base(10.0, make, op, x)),
    "base 2": Way("{op} is taken to the base 2", 1, lambda make, op, x: _to_the_base(2.0, make, op, x)),
    "negative": Way("{op} gives its result with the other sign", 0, lambda make, op, *x: make("neg", make(op, *x))),
    "of minus": Way("{op} is computed at −x (x is its operand)", 1, lambda make, op, x: make(op, make("neg", x))),
    "of half": Way("{op} is computed at x/2 (x is its operand)", 1, lambda make, op, x: make(op, make("mul", x, 0.5))),
    "of double": Way("{op} is computed at 2x (x is its operand)", 1, lambda make, op, x: make(op, make("mul", x, 2.0))),
    "of size": Way("{op} is computed at |x| (x is its operand)", 1, lambda make, op, x: make(op, make("abs", x))),
    "inverse": Way("{op} gives 1/y instead of its result y", 0, lambda make, op, *x: make("div", 1.0, make(op, *x))),
    "rest": Way("{op} gives 1 − y instead of its result y", 0, lambda make, op, *x: make("sub", 1.0, make(op, *x))),
    "size": Way("{op} gives |y| instead of its result y", 0, lambda make, op, *x: make("abs", make(op, *x))),
    "square": Way("{op} gives x² (x is its operand)", 1, lambda make, op, x: make("mul", x, x)),
    "one less": Way("{op} gives y − 1 instead of its result y", 0, lambda make, op, *x: make("sub", make(op, *x), 1.0)),
    "one more": Way("{op} gives y + 1 instead of its result y", 0, lambda make, op, *x: make("add", make(op, *x), 1.0)),
}  # fmt: skip
for name, written in {"add": "+", "sub": "−", "mul": "*", "div": "/", "pow": "**", "floor_divide": "//", "mod": "%",
                      "maximum": "max", "minimum": "min"}.items():  # fmt: skip
    WAYS[name] = Way(f"{{op}} gives what {written} should give", 2, _another(name))
for name in ("exp", "log", "sin", "cos", "tan", "tanh", "sigmoid", "relu", "sqrt", "softplus", "sinh", "cosh", "abs",
             "neg", "log1p", "expm1"):  # fmt: skip
    written = "the number with its sign changed" if name == "neg" else f"what {name} should give"
    WAYS[name] = Way(f"{{op}} gives {written}", 1, _another(name))
