"""Translates the tables' rules into JavaScript, by running each rule on pieces of code instead of numbers.

A page computes its graph again when a leaf is dragged. The rules of operations and of the cost are not written a
second time for this: each runs once on pieces of code, and its result is its JavaScript. Words in it, such as `m.exp`,
are those of `autograd.vocabulary`.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from autograd.formulas.rule_text import Mathematics, Piece
from autograd.operation import Op
from autograd.table import OPERATIONS
from autograd.vocabulary import WORDS
from nn.costs import Cost

__all__ = ["Code", "activation_rule", "cost_rules", "mathematics", "rule"]


class Code(Piece):
    """A piece of JavaScript: `text` may stand inside a larger expression, `alone` stands by itself."""

    def __init__(self, text: str, alone: str = "") -> None:
        self.text = text
        self.alone = alone or text

    def joined(self, left: Any, sign: str, right: Any) -> "Code":
        """Joins two pieces by an operator, always in parentheses."""
        alone = f"{_text(left)} {sign} {_text(right)}"
        return Code(f"({alone})", alone)

    def __pow__(self, other: Any) -> "Code":
        return Code(f"m.power({self.text}, {_text(other)})")

    def __rpow__(self, other: Any) -> "Code":
        return Code(f"m.power({_text(other)}, {self.text})")

    def __neg__(self) -> "Code":
        return Code(f"(-{self.text})")


class _JavaScript(Mathematics):
    """The vocabulary `m` of a rule. Each word returns the code of its call."""

    def call(self, name: str, *inputs: Any) -> Code:
        return Code(f"m.{name}({', '.join(map(_text, inputs))})")


class _OfCosts(_JavaScript):
    """The vocabulary `m` of a cost. It has the operations too, each with the code of its own rule."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name in OPERATIONS and name not in WORDS:
            return partial(OPERATIONS[name].forward, _JavaScript())
        return super().__getattr__(name)


def mathematics() -> str:
    """Writes the vocabulary of rules as a JavaScript object called m. Raises ValueError if a word has no JavaScript."""
    silent = [word.name for word in WORDS.values() if not word.javascript]
    if silent:
        raise ValueError(f"the vocabulary says no JavaScript for m.{silent[0]}, which pages need: add it to its row")
    return "const m = {\n" + "".join(f"  {word.name}: {word.javascript},\n" for word in WORDS.values()) + "};"


def rule(op: Op, arity: int, positions: set[int]) -> str:
    """Writes an operation's value and slopes in JavaScript, for inputs x[0], x[1], …, as many as `arity`.

    `positions` are those of the inputs by which it writes slopes. Raises TypeError if a rule fails on code.
    """
    m, inputs = _JavaScript(), _list("x", arity)

    def write() -> str:
        slopes = [f"{i}: (y, x) => {_alone(op.slope(m, Code('y'), inputs, i))}" for i in sorted(positions)]
        choosing = f"branches: {_bool(op.branches)}, undecided: {_bool(op.is_undecided(math.nan))}"
        return f"{{forward: (x) => {_alone(op.forward(m, *inputs))}, {choosing},\n   slopes: {{{', '.join(slopes)}}}}}"

    return _written(op.name, write)


def activation_rule(op: Op | None, constants: Sequence[float]) -> str:
    """Writes an activation in JavaScript: σ of z, and σ′ of a and z. None is linear.

    z is the operation's first input; `constants` are the others. Raises TypeError as `rule` does.
    """
    if op is None:
        return "{of: (z) => z, slope: () => 1}"
    m, inputs = _JavaScript(), [Code("z"), *constants]

    def write() -> str:
        slope = op.slope(m, Code("a"), inputs, 0)
        return f"{{of: (z) => {_alone(op.forward(m, *inputs))}, slope: (a, z) => {_alone(slope)}}}"

    return _written(op.name, write)


def cost_rules(cost: Cost, outputs: int) -> str:
    """Writes a cost of so many outputs in JavaScript: Cₓ of a and y, ∂Cₓ/∂a, and the probabilities of a, or null.

    Raises TypeError as `rule` does.
    """
    m, a, y = _OfCosts(), _list("a", outputs), _list("y", outputs)

    def write() -> str:
        slopes = ", ".join(map(_alone, cost.nabla(m, a, y)))
        squashed = "null" if cost.squashed is None else f"(a) => [{', '.join(map(_alone, cost.squashed(m, a)))}]"
        return f"{{of: (a, y) => {_alone(cost.of(m, a, y))},\n  nabla: (a, y) => [{slopes}],\n  squashed: {squashed}}}"

    return _written(cost.name, write)


def _written(name: str, write: Callable[[], str]) -> str:
    try:
        return write()
    except (AttributeError, TypeError, ValueError) as error:
        raise TypeError(f"a page works {name} out in JavaScript by its rules; they failed with: {error}") from error


def _list(name: str, length: int) -> list[Code]:
    return [Code(f"{name}[{i}]") for i in range(length)]


def _bool(x: bool) -> str:
    return str(x).lower()


def _text(piece: Any) -> str:
    if isinstance(piece, Code):
        return piece.text
    number = float(piece)
    if math.isnan(number):
        return "NaN"
    sign = "-" if math.copysign(1.0, number) < 0.0 else ""
    size = "Infinity" if math.isinf(number) else repr(abs(number)).removesuffix(".0")
    return f"({sign}{size})" if sign else size


def _alone(piece: Any) -> str:
    return piece.alone if isinstance(piece, Code) else _text(piece)
