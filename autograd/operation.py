"""What an operation is: a row of the table, and what such a row can be asked.

Throughout, as in the table: a, b are the inputs, y is the output, m the mathematics that a rule speaks.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

__all__ = ["LETTERS", "LogSumExp", "Op", "Power", "WeightedSum", "Where", "partner_of", "parts"]

Rule = Callable[..., Any]
Points = tuple[tuple[float, ...], ...]
Inputs = Sequence[str | float]  # as they are written: the name of a Value, or a constant

LETTERS = "abcdefghijklmnopqrstuvwx"  # what short forms call the inputs; y is the output


class Op(NamedTuple):
    """One operation: what it computes, how steep it is in each input, and how people write it."""

    name: str  # what it is called, in code and in errors
    forward: Rule  # (m, a, b) -> y
    slopes: tuple[Rule, ...]  # by each input, (m, y, a, b) -> the local derivative; none, if it takes any number
    short: tuple[str, ...]  # the same for the eye; {a} {b} … and {y} stand for names
    samples: Points  # inputs at which tests hold the slopes against the rise over the run
    symbol: str  # in a picture
    written: str = ""  # a call of it in Python; name(a, b), if nothing is said
    needs: str = ""  # where it is defined; everywhere, if nothing is said
    edges: Points = ()  # corners, ties and extremes: it has a value there, and a slope by convention
    branches: bool = False  # it chooses: a slope of 0 passes nothing on, whatever arrives; a choice by nan is nan
    called: str = ""  # what formulas call it, where they do not write its rule out
    formulas: tuple[Rule | None, ...] = ()  # the slopes as formulas write them; without, a call (tanh′), or as above
    about: str = ""  # what it is, for those who ask for help

    def slope(self, m: Any, y: Any, inputs: Any, position: int) -> Any:
        """The local derivative by the input at `position`, in the mathematics `m`."""
        return self.slopes[position](m, y, *inputs)

    def is_untaken(self, slope: float) -> bool:
        """Whether a slope is that of a branch which was not taken: what arrives there goes no further."""
        return self.branches and slope == 0.0

    def is_undecided(self, y: float) -> bool:
        """Whether it would have to choose by nan, so that its slopes are nan too."""
        return self.branches and y != y

    def has_second_slopes(self, operands: Sequence[Any]) -> bool:
        """Whether the slopes can be differentiated again at these operands: Values, and floats for those that stay."""
        return True

    def write(self, inputs: Inputs) -> str:
        """A call of this operation on these inputs: names of Values, and constants."""
        names = _names(inputs)
        return self.written.format(*names) if self.written else f"{self.name}({', '.join(names)})"

    def write_slope(self, inputs: Inputs, y: str, position: int) -> str:
        """The short form of the slope by the input at `position`; the output is called `y`."""
        return self.short[position].format(**dict(zip(LETTERS, _names(inputs), strict=False)), y=y)

    def __repr__(self) -> str:
        return f"<operation {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        from .table import operation

        return operation, (self.name,)  # rules are code: a pickle holds the name alone


class Power(Op):
    """aᵇ. Its slope by a is written 3·x² where the exponent is the constant 3, n·x^(n−1) where it is called n."""

    def has_second_slopes(self, operands: Sequence[Any]) -> bool:
        """Not by base and exponent where the base is 0 and the exponent at most 1: aᵇ ln a has no limit there."""
        a, b = operands
        return type(a) is float or type(b) is float or a.data != 0.0 or b.data > 1.0

    def write_slope(self, inputs: Inputs, y: str, position: int) -> str:
        """The short form, with the exponent lowered by one."""
        from .writing import raised

        if position == 1:
            return super().write_slope(inputs, y, position)
        exponent, (a, b) = inputs[1], _names(inputs)
        return f"{b}·{a}{raised(exponent - 1) if isinstance(exponent, float) else f'^({exponent}−1)'}"


class WeightedSum(Op):
    """z = Σ w a + b. Its inputs come as w₁ … wₙ, a₁ … aₙ and, if there is one, b: see `parts`."""

    def slope(self, m: Any, y: Any, inputs: Any, position: int) -> Any:
        """∂z/∂wₖ = aₖ, ∂z/∂aₖ = wₖ, ∂z/∂b = 1."""
        partner = partner_of(position, len(inputs))
        return 1.0 if partner is None else inputs[partner]

    def write_slope(self, inputs: Inputs, y: str, position: int) -> str:
        """The name of the weight's input, of the input's weight, or 1."""
        partner = partner_of(position, len(inputs))
        return "1" if partner is None else _names(inputs)[partner]


class LogSumExp(Op):
    """ln Σ eᵃ. Its slopes are the softmax of its inputs."""

    def slope(self, m: Any, y: Any, inputs: Any, position: int) -> Any:
        """∂y/∂aₖ = eᵃᵏ / Σ eᵃ = eᵃᵏ⁻ʸ."""
        return m.exp(inputs[position] - y)

    def write_slope(self, inputs: Inputs, y: str, position: int) -> str:
        """The exponential of the input less the output; the softmax, of an only input, which may stand for an array."""
        name = _names(inputs)[position]
        return f"softmax({name})" if len(inputs) == 1 else f"exp({name} − {y})"


class Where(Op):
    """One of two inputs, by a third: it is chosen by a condition, not by the inputs, which may be nan."""

    def is_undecided(self, y: float) -> bool:
        """Never: the result may be nan, as the input is that was chosen."""
        return False


def parts(inputs: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any], Sequence[Any]]:
    """The weights w₁ … wₙ among a weighted sum's inputs, what they are multiplied with, a₁ … aₙ, and b or nothing."""
    n = len(inputs) // 2
    return inputs[:n], inputs[n : 2 * n], inputs[2 * n :]


def partner_of(position: int, count: int) -> int | None:
    """Where the factor stands that a weighted sum of that many inputs has beside this one; None for b."""
    n = count // 2
    return None if position == 2 * n else (position + n) % (2 * n)


def _names(inputs: Inputs) -> list[str]:
    from .writing import constant

    return [v if isinstance(v, str) else constant(v) for v in inputs]
