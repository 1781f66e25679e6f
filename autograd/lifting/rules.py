"""What a row of the table says in NumPy: its rules are run once, on symbols that write down what is done to them.

A rule that is a single call, such as `np.tanh(a)`, stands where it is used. A longer one becomes a function of its
own at the head of the program, a line for each call.
"""

from functools import partial, reduce
from typing import Any

from .. import floats
from ..formulas.rule_text import ATOM, CONDITION, PRODUCT, SUM, Mathematics, Piece
from ..operation import Op
from ..table import OPERATIONS
from ..vocabulary import WORDS
from .texts import Term, atom, literal, spelled

__all__ = ["Rules"]


# how firmly each side must hold together, and how firmly the whole does
BINDING = {"+": (SUM, SUM, SUM), "-": (SUM, PRODUCT, SUM), "*": (PRODUCT, PRODUCT, PRODUCT),
           "/": (PRODUCT, ATOM, PRODUCT), "**": (ATOM, ATOM, PRODUCT)}  # fmt: skip
BINDING |= dict.fromkeys((">", ">=", "<", "<="), (SUM, SUM, CONDITION))


LOG_SUM_EXP = """(a, axis):
    top = a.max(axis, keepdims=True)
    return top + np.log(np.exp(a - top).sum(axis, keepdims=True))"""


class Symbol(Piece):
    """An array that is only written down."""

    def __init__(self, code: str, uses: frozenset[int], rank: int = ATOM, truth: bool = False) -> None:
        self.code, self.rank, self.truth = code, rank, truth
        self.uses = uses  # which of the rule's arguments have a part in it

    def joined(self, left: Any, sign: str, right: Any) -> Any:
        """Ones are no factors; parentheses are where they must be."""
        if sign in ("*", "/") and _is(right, 1.0):
            return left
        if sign == "*" and _is(left, 1.0):
            return right
        at_left, at_right, rank = BINDING[sign]
        return Symbol(f"{_held(left, at_left)} {sign} {_held(right, at_right)}", _uses(left, right), rank)

    def __pow__(self, other: Any) -> Any:
        return 1.0 if _is(other, 0.0) else self if _is(other, 1.0) else self.joined(self, "**", other)

    def __rpow__(self, other: Any) -> Any:
        return self.joined(other, "**", self)

    def __neg__(self) -> "Symbol":
        return Symbol(f"-{_held(self, PRODUCT)}", self.uses, PRODUCT)


class NumPy(Mathematics):
    """The mathematics of symbols; `calls` has what was called, t1, t2, … stand for the results."""

    def __init__(self, in_place: bool, axis: str = "") -> None:
        self.in_place = in_place  # whether a result is written as the call itself
        self.axis = axis  # along which an only input holds all of them
        self.calls: list[str] = []

    def call(self, name: str, *inputs: Any) -> Any:
        """np.name(…), or the number that it is."""
        if not any(isinstance(x, Symbol) for x in inputs):
            return getattr(floats, name)(*inputs)
        written = [_held(x, CONDITION) if isinstance(x, Symbol) else spelled(float(x)) for x in inputs]
        self.calls.append(f"np.{WORDS[name].in_numpy()}({', '.join(written)})")
        return Symbol(self.calls[-1] if self.in_place else f"t{len(self.calls)}", _uses(*inputs))

    def divide(self, a: Any, b: Any) -> Any:
        """a / b."""
        return a / b if isinstance(a, Symbol) or isinstance(b, Symbol) else floats.divide(a, b)

    def power(self, a: Any, b: Any) -> Any:
        """aᵇ."""
        return a**b if isinstance(a, Symbol) and not isinstance(b, Symbol) else self.call("power", a, b)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """a where the condition holds, b elsewhere; 1 and 0 are the condition itself."""
        if not isinstance(condition, Symbol):
            return a if condition else b
        if _is(a, 1.0) and _is(b, 0.0):
            return Symbol(f"({condition.code})", condition.uses, truth=True)
        return self.call("where", condition, a, b)

    def log_sum_exp(self, *a: Any) -> Any:
        """ln Σ eᵃ."""
        if self.axis:
            return Symbol(f"log_sum_exp({a[0].code}, {self.axis})", a[0].uses)
        return reduce(partial(self.call, "log_sum_exp"), a)


class Rules:
    """Writes rules of the table, and keeps the functions that the longer ones need in `functions`."""

    def __init__(self) -> None:
        self.functions: dict[str, str] = {}  # name: its definition

    def forward(self, op: Op, inputs: list[Term], shown: list[str], axis: str = "") -> tuple[Term, frozenset[int]]:
        """op(inputs), and which of them it depends on; the equation calls it by its name.

        Inputs are names and numbers, or one array and the axis along which it holds them all.
        """
        if axis:
            self.functions["log_sum_exp"] = LOG_SUM_EXP
        equation = op.written.format(*shown) if op.written else f"{op.called or op.name}({', '.join(shown)})"
        rank = PRODUCT if op.written else ATOM
        return self._written(_function_name(op), "abcde", inputs, lambda m, a: op.forward(m, *a), equation, rank, axis)

    def slope(
        self, op: Op, y: Term, inputs: list[Term], position: int, shown_y: str, shown: list[str]
    ) -> tuple[Term, frozenset[int]]:
        """The slope by the input at `position`, and what it depends on: 0 is y, 1 the first input.

        The equation has the slope's short form.
        """
        name = f"{_function_name(op)}_slope{position + 1 if len(inputs) > 1 else ''}"
        short = op.write_slope(list(shown), shown_y, position)
        rank = PRODUCT if "·" in short or "/" in short or short.startswith("−") else ATOM
        return self._written(name, "yabcde", [y, *inputs], lambda m, a: op.slope(m, a[0], a[1:], position), short, rank)

    def _written(
        self, name: str, letters: str, inputs: list[Term], rule: Any, shown: str, shown_rank: int, axis: str = ""
    ) -> tuple[Term, frozenset[int]]:
        """The rule on the inputs, and which of them it uses: in place if it is one call at most, else a call of a
        function of this name; a number if it is the same for all."""
        m = NumPy(in_place=True, axis=axis)
        arguments = [Symbol(t.code(), frozenset([i])) if t.factors else t.coefficient for i, t in enumerate(inputs)]
        result = rule(m, arguments)
        if not isinstance(result, Symbol):
            return Term(float(result)), frozenset()
        uses = result.uses
        if not m.calls or (len(m.calls) == 1 and result.code.count(m.calls[0]) == 1):
            return atom(result.code, shown, result.rank, shown_rank, result.truth), uses
        names = letters if len(inputs) <= len(letters) else [f"a{i}" for i in range(1, len(inputs) + 1)]
        m = NumPy(in_place=False)
        result = rule(m, [Symbol(letter, uses) if term.factors else term.coefficient
                          for letter, term in zip(names, inputs, strict=False)])  # fmt: skip
        lines = [f"    t{i} = {line}" for i, line in enumerate(m.calls, 1)]
        last = lines.pop().split(" = ", 1)[1] if result.code == f"t{len(lines)}" else result.code
        text = "\n".join([f"({', '.join(names[i] for i in sorted(uses))}):", *lines, f"    return {last}"])
        while self.functions.setdefault(name, text) != text:  # the same rule with other constants
            name += "_"
        return atom(f"{name}({', '.join(inputs[i].code() for i in sorted(uses))})", shown, ATOM, shown_rank), uses


def _function_name(op: Op) -> str:
    if OPERATIONS.get(op.name) is op:
        return op.name
    return f"op_{op.name}" if op.name.isidentifier() and op.name.isascii() else "op"  # somebody's own


def _uses(*arguments: Any) -> frozenset[int]:
    return frozenset().union(*(x.uses for x in arguments if isinstance(x, Symbol)))


def _held(x: Any, at_least: int) -> str:
    if not isinstance(x, Symbol):
        text = literal(float(x))
        return f"({text})" if text.startswith("-") and at_least == ATOM else text
    text = f"1.0 * {x.code}" if x.truth and at_least != CONDITION else x.code
    return f"({text})" if (x.rank if text == x.code else PRODUCT) < at_least else text


def _is(x: Any, value: float) -> bool:
    return isinstance(x, float | int) and x == value
