"""Writes the operations of the table as code, by running their rules on pieces of code.

A rule with a single call, such as `np.tanh(a)`, is written where it is used. A longer rule becomes a function at the
head of the program, with a line for each call.
"""

from collections.abc import Callable, Sequence
from functools import partial, reduce
from typing import Any

from ... import floats
from ...formulas.rule_text import ATOM, Mathematics
from ...operation import Op
from ...table import OPERATIONS, WHERE
from ...vocabulary import WORDS
from .dialects import Dialect
from .pieces import Code, call, held, literal, pieces_of, spelled

__all__ = ["Rules"]

# Functions along the last axis; the dialect fills in {top}, {sums} and {total}.
LOG_SUM_EXP = """(a):
    top = {top}
    return {m}.log({sums}) + top[..., 0]"""
WITH_SOFTMAX = """(a):
    top = {top}
    powers = {m}.exp(a - top)
    total = {total}[..., None]
    return ({m}.log(total) + top)[..., 0], powers / total"""
SOFTMAX = """(a):
    top = {top}
    powers = {m}.exp(a - top)
    return powers / {total}[..., None]"""


class Arrays(Mathematics):
    """The functions that rules call, on pieces of code; `calls` has the calls, whose results are t1, t2, …"""

    def __init__(self, dialect: Dialect, in_place: bool) -> None:
        self.dialect, self.in_place = dialect, in_place  # whether a result is written as the call itself
        self.calls: list[str] = []
        self.made: list[Code] = []

    def call(self, name: str, *inputs: Any) -> Any:
        """Returns code for np.name(…), or the name of its result; a number if all inputs are numbers."""
        if not any(isinstance(x, Code) for x in inputs):
            return getattr(floats, name)(*inputs)
        written = [held(x, truth=name == "where") if isinstance(x, Code) else spelled(float(x)) for x in inputs]
        if not self.dialect.has_numbers:
            written = self._as_arrays(name, inputs, written)
        word = self.dialect.words.get(name, WORDS[name].in_numpy())
        self.calls.append(f"{self.dialect.module}.{word}({', '.join(written)})")
        self.made.append(Code(self.calls[-1] if self.in_place else f"t{len(self.calls)}"))
        self.made[-1].inside = inputs
        return self.made[-1]

    def _as_arrays(self, name: str, inputs: Sequence[Any], written: Sequence[str]) -> list[str]:
        """Returns the inputs as code, with plain numbers among them as tensors of the precision of the other inputs.

        `torch.where` takes one plain number as it is; from two plain numbers it would make a single-precision tensor.
        """
        if len(inputs) < 2 or (name == "where" and any(isinstance(x, Code) for x in inputs[1:])):
            return [*written]
        arrays = (_an_array(x) for x in inputs if isinstance(x, Code))
        like = next((x for x in arrays if not x.is_truth), "parameters")
        last = len(inputs) - 1 if name == "where" else -1
        return [text if isinstance(x, Code) or k == last else f"{like}.new_full((), {text})"
                for k, (x, text) in enumerate(zip(inputs, written, strict=True))]  # fmt: skip

    def divide(self, a: Any, b: Any) -> Any:
        """Returns code for a / b; a number if both are numbers."""
        return a / b if isinstance(a, Code) or isinstance(b, Code) else floats.divide(a, b)

    def power(self, a: Any, b: Any) -> Any:
        """Returns code for aᵇ; a number if both are numbers."""
        return a**b if isinstance(a, Code) and not isinstance(b, Code) else self.call("power", a, b)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """Returns code for a where the condition holds, b elsewhere; for 1 and 0 this is the condition itself."""
        if not isinstance(condition, Code):
            return a if condition else b
        if [a, b] == [1.0, 0.0]:
            truth = Code(condition.text, condition.rank, is_truth=True)
            truth.inside = condition.inside
            if not self.dialect.has_numbers:
                truth.as_numbers = Code(f"({condition}).to({_an_array(condition)}.dtype)")
            return truth
        return self.call("where", condition, a, b)

    def opposite(self, condition: Code) -> Code:
        """Returns code for the negation of a condition."""
        return Code(f"~{held(condition, ATOM, truth=True)}", is_truth=True)

    def log_sum_exp(self, *a: Any) -> Any:
        """Returns code for ln Σ eᵃ."""
        return reduce(partial(self.call, "log_sum_exp"), a)


class Rules:
    """Writes rules of the table; `functions` has the functions that longer rules become."""

    def __init__(self, functions: dict[str, str], dialect: Dialect, mathematics: type[Arrays] = Arrays) -> None:
        self.functions, self.dialect, self.mathematics = functions, dialect, mathematics  # definitions by name

    def forward(self, op: Op, inputs: Sequence[Any]) -> Code:
        """Returns code for an operation on pieces and numbers."""
        if op is WHERE and _is_truth(inputs[0]):
            made: Code = self.mathematics(self.dialect, in_place=True).where(*inputs)
            return made
        return self._written(_function_name(op), "abcde", inputs, lambda m, a: op.forward(m, *a))

    def chosen(self, condition: Code, a: Any, b: Any) -> Code:
        """Returns code for a choice: elements of a where the array `condition` is not 0, elements of b elsewhere."""
        m = self.mathematics(self.dialect, in_place=True)
        truth = Code(self.dialect.condition.format(condition))
        truth.inside = (condition,)
        made: Code = m.call("where", truth, a, b)
        return made

    def slope(self, op: Op, y: Any, inputs: Sequence[Any], position: int, uses: frozenset[int]) -> Code:
        """Returns code for the slope by the input at `position`.

        `uses` has the operands that the slope reads: 0 is y, k is input k − 1.
        """
        if op is WHERE and _is_truth(inputs[0]):
            return inputs[0] if position == 1 else self.mathematics(self.dialect, in_place=True).opposite(inputs[0])
        name = f"{_function_name(op)}_slope{position + 1 if len(inputs) > 1 else ''}"
        return self._written(name, "yabcde", [y, *inputs], lambda m, a: op.slope(m, a[0], a[1:], position), uses)

    def along(self, op: Op, x: Any, value: bool, slopes: bool) -> Code:
        """Returns code for an operation along the last axis: its value, all its slopes, or both."""
        said = self.dialect
        name, text = ("softmax_of", SOFTMAX) if not value else (op.name, WITH_SOFTMAX if slopes else LOG_SUM_EXP)
        sums = said.sums.format(f"{said.module}.exp(a - top)")
        return call(self._defined(name, text.format(m=said.module, top=said.top, sums=sums,
                                                    total=said.sums.format("powers"))), x)  # fmt: skip

    def _written(
        self, name: str, letters: str, inputs: Sequence[Any], rule: Callable[..., Any],
        uses: frozenset[int] | None = None,
    ) -> Code:  # fmt: skip
        """Returns the code of a rule if it has at most one call; otherwise defines a function, and returns its call."""
        m = self.mathematics(self.dialect, in_place=True)
        result = rule(m, inputs)
        if not isinstance(result, Code):
            return Code(self.dialect.filled("()", literal(float(result))))
        if sum(piece in m.made for piece in pieces_of(result)) <= 1:
            return result
        names = letters if len(inputs) <= len(letters) else [f"a{i}" for i in range(1, len(inputs) + 1)]
        m = self.mathematics(self.dialect, in_place=False)
        arguments = [Code(letter) if isinstance(x, Code) else x for letter, x in zip(names, inputs, strict=False)]
        result = rule(m, arguments)
        read = [i for i, x in enumerate(inputs) if isinstance(x, Code) and (uses is None or i in uses)]
        needed = {*pieces_of(result)}
        steps = [(made, line) for made, line in zip(m.made, m.calls, strict=True) if made in needed]
        last = steps.pop()[1] if steps[-1][0] is result else held(result)
        lines = [f"    {made} = {line}" for made, line in steps]
        text = "\n".join([f"({', '.join(names[i] for i in read)}):", *lines, f"    return {last}"])
        return call(self._defined(name, text), *(inputs[i] for i in read))

    def _defined(self, name: str, text: str) -> str:
        while self.functions.setdefault(name, text) != text:  # a function of this name has other constants
            name += "_"
        return name


def _is_truth(x: Any) -> bool:
    return isinstance(x, Code) and x.is_truth


def _an_array(x: Code) -> Code:
    """Returns an array of numbers inside a piece: the first innermost piece of code."""
    inner = next((part for part in x.inside if isinstance(part, Code)), None)
    return x if inner is None else _an_array(inner)


def _function_name(op: Op) -> str:
    if OPERATIONS.get(op.name) is op:
        return op.name
    return f"op_{op.name}" if op.name.isidentifier() and op.name.isascii() else "op"  # a user-defined operation
