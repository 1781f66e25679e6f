"""What a row of the table says in NumPy: its rules are run once, on pieces of code.

A rule that is a single call, such as `np.tanh(a)`, stands where it is used. A longer one becomes a function of its
own at the head of the program, a line for each call.
"""

from collections.abc import Callable, Sequence
from functools import partial, reduce
from typing import Any

from ... import floats
from ...formulas.rule_text import ATOM, Mathematics
from ...operation import Op
from ...table import OPERATIONS, WHERE
from ...vocabulary import WORDS
from .pieces import Code, call, held, pieces_of, spelled

__all__ = ["Rules"]

# Along the last axis. The largest are looked for along the first one, as NumPy is slow along a short last one.
LOG_SUM_EXP = """(a):
    top = np.ascontiguousarray(a.T).max(axis=0).T[..., None]
    return np.log(np.einsum("...i->...", np.exp(a - top))) + top[..., 0]"""
WITH_SOFTMAX = """(a):
    top = np.ascontiguousarray(a.T).max(axis=0).T[..., None]
    powers = np.exp(a - top)
    total = np.einsum("...i->...", powers)[..., None]
    return (np.log(total) + top)[..., 0], powers / total"""
SOFTMAX = """(a):
    top = np.ascontiguousarray(a.T).max(axis=0).T[..., None]
    powers = np.exp(a - top)
    return powers / np.einsum("...i->...", powers)[..., None]"""


class NumPy(Mathematics):
    """The mathematics of pieces; `calls` has what was called, t1, t2, … stand for the results."""

    def __init__(self, in_place: bool) -> None:
        self.in_place = in_place  # whether a result is written as the call itself
        self.calls: list[str] = []
        self.made: list[Code] = []

    def call(self, name: str, *inputs: Any) -> Any:
        """np.name(…), or the number that it is."""
        if not any(isinstance(x, Code) for x in inputs):
            return getattr(floats, name)(*inputs)
        written = [held(x, truth=name == "where") if isinstance(x, Code) else spelled(float(x)) for x in inputs]
        self.calls.append(f"np.{WORDS[name].in_numpy()}({', '.join(written)})")
        self.made.append(Code(self.calls[-1] if self.in_place else f"t{len(self.calls)}"))
        self.made[-1].inside = inputs
        return self.made[-1]

    def divide(self, a: Any, b: Any) -> Any:
        """a / b."""
        return a / b if isinstance(a, Code) or isinstance(b, Code) else floats.divide(a, b)

    def power(self, a: Any, b: Any) -> Any:
        """aᵇ."""
        return a**b if isinstance(a, Code) and not isinstance(b, Code) else self.call("power", a, b)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """a where the condition holds, b elsewhere; 1 and 0 are the condition itself."""
        if not isinstance(condition, Code):
            return a if condition else b
        if [a, b] == [1.0, 0.0]:
            truth = Code(condition.text, condition.rank, is_truth=True)
            truth.inside = condition.inside
            return truth
        return self.call("where", condition, a, b)

    def opposite(self, condition: Code) -> Code:
        """Where the condition does not hold."""
        return Code(f"~{held(condition, ATOM, truth=True)}", is_truth=True)

    def log_sum_exp(self, *a: Any) -> Any:
        """ln Σ eᵃ."""
        return reduce(partial(self.call, "log_sum_exp"), a)


class Rules:
    """Writes rules of the table, and keeps the functions that the longer ones need in `functions`."""

    def __init__(self, functions: dict[str, str], mathematics: type[NumPy] = NumPy) -> None:
        self.functions, self.mathematics = functions, mathematics  # name: its definition

    def forward(self, op: Op, inputs: Sequence[Any]) -> Code:
        """op(inputs), which are pieces and numbers."""
        if op is WHERE and _is_truth(inputs[0]):
            made: Code = self.mathematics(in_place=True).where(*inputs)
            return made
        return self._written(_function_name(op), "abcde", inputs, lambda m, a: op.forward(m, *a))

    def slope(self, op: Op, y: Any, inputs: Sequence[Any], position: int, uses: frozenset[int]) -> Code:
        """The slope by the input at `position`; `uses` says which arguments it really reads, y being 0."""
        if op is WHERE and _is_truth(inputs[0]):
            return inputs[0] if position == 1 else self.mathematics(in_place=True).opposite(inputs[0])
        name = f"{_function_name(op)}_slope{position + 1 if len(inputs) > 1 else ''}"
        return self._written(name, "yabcde", [y, *inputs], lambda m, a: op.slope(m, a[0], a[1:], position), uses)

    def along(self, op: Op, x: Any, value: bool, slopes: bool) -> Code:
        """An operation of any number of inputs, which lie along the last axis: its value, all its slopes, or both."""
        if not value:
            return call(self._defined("softmax_of", SOFTMAX), x)
        return call(self._defined(op.name, WITH_SOFTMAX if slopes else LOG_SUM_EXP), x)

    def _written(
        self, name: str, letters: str, inputs: Sequence[Any], rule: Callable[..., Any],
        uses: frozenset[int] | None = None,
    ) -> Code:  # fmt: skip
        """The rule on the inputs: in place if it is one call at most, else a call of a function of this name."""
        m = self.mathematics(in_place=True)
        result = rule(m, inputs)
        if not isinstance(result, Code):
            return call("np.float64", float(result))
        if sum(piece in m.made for piece in pieces_of(result)) <= 1:
            return result
        names = letters if len(inputs) <= len(letters) else [f"a{i}" for i in range(1, len(inputs) + 1)]
        m = self.mathematics(in_place=False)
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
        while self.functions.setdefault(name, text) != text:  # the same rule with other constants
            name += "_"
        return name


def _is_truth(x: Any) -> bool:
    return isinstance(x, Code) and x.is_truth


def _function_name(op: Op) -> str:
    if OPERATIONS.get(op.name) is op:
        return op.name
    return f"op_{op.name}" if op.name.isidentifier() and op.name.isascii() else "op"  # somebody's own
