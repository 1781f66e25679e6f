"""The tables' rules in JavaScript: what they write when they are asked for a program instead of a number.

A page works its graph out again with each leaf that is dragged. Nothing that it does so with is written a second time:
the rules of operations and of the cost are run once on pieces of code, and what comes out is their JavaScript. The
words in it, `m.exp` and the like, are those of `autograd.vocabulary`.
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
    """A piece of JavaScript: as a part of more, where it may need parentheses, and by itself."""

    def __init__(self, text: str, alone: str = "") -> None:
        self.text = text
        self.alone = alone or text

    def joined(self, left: Any, sign: str, right: Any) -> "Code":
        """In parentheses, whatever is around them."""
        alone = f"{_text(left)} {sign} {_text(right)}"
        return Code(f"({alone})", alone)

    def __pow__(self, other: Any) -> "Code":
        return Code(f"m.power({self.text}, {_text(other)})")

    def __rpow__(self, other: Any) -> "Code":
        return Code(f"m.power({_text(other)}, {self.text})")

    def __neg__(self) -> "Code":
        return Code(f"(-{self.text})")


class _JavaScript(Mathematics):
    """`m`: a word is the code of a call."""

    def call(self, name: str, *inputs: Any) -> Code:
        return Code(f"m.{name}({', '.join(map(_text, inputs))})")


class _OfCosts(_JavaScript):
    """`m` of costs, which have the operations too: the code of one is that of its own rule."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name in OPERATIONS and name not in WORDS:
            return partial(OPERATIONS[name].forward, _JavaScript())
        return super().__getattr__(name)


def mathematics() -> str:
    """The words that rules speak, as a JavaScript object called m. ValueError for one that has no JavaScript."""
    silent = [word.name for word in WORDS.values() if not word.javascript]
    if silent:
        raise ValueError(f"the vocabulary says no JavaScript for m.{silent[0]}, which pages need: add it to its row")
    return "const m = {\n" + "".join(f"  {word.name}: {word.javascript},\n" for word in WORDS.values()) + "};"


def rule(op: Op, arity: int, positions: set[int]) -> str:
    """An operation on that many inputs x[0], x[1], … as JavaScript: how it is worked out, and its slopes.

    `positions` are the inputs by which slopes are asked for. Raises TypeError if a rule says what cannot be written.
    """
    m, inputs = _JavaScript(), _list("x", arity)

    def write() -> str:
        slopes = [f"{i}: (y, x) => {_alone(op.slope(m, Code('y'), inputs, i))}" for i in sorted(positions)]
        choosing = f"branches: {_bool(op.branches)}, undecided: {_bool(op.is_undecided(math.nan))}"
        return f"{{forward: (x) => {_alone(op.forward(m, *inputs))}, {choosing},\n   slopes: {{{', '.join(slopes)}}}}}"

    return _written(op.name, write)


def activation_rule(op: Op | None, constants: Sequence[float]) -> str:
    """An activation of z, which is its operation's first input, as JavaScript: σ(z), and σ′ by a and z; None is linear.

    Raises TypeError as `rule` does.
    """
    if op is None:
        return "{of: (z) => z, slope: () => 1}"
    m, inputs = _JavaScript(), [Code("z"), *constants]

    def write() -> str:
        slope = op.slope(m, Code("a"), inputs, 0)
        return f"{{of: (z) => {_alone(op.forward(m, *inputs))}, slope: (a, z) => {_alone(slope)}}}"

    return _written(op.name, write)


def cost_rules(cost: Cost, outputs: int) -> str:
    """A cost of so many outputs as JavaScript: Cₓ of a and y, its slopes by a, and what it squashes a to, or null.

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
