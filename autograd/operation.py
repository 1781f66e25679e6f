"""The type of the table's rows: each row is one operation, and its methods tell about it.

Throughout, as in the table: a, b are the inputs, y is the output, m the mathematics that a rule speaks.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

__all__ = ["LETTERS", "LogSumExp", "Op", "Power", "WeightedSum", "Where", "partner_of", "parts"]

Rule = Callable[..., Any]
Points = tuple[tuple[float, ...], ...]
Inputs = Sequence[str | float]  # inputs as text shows them: the name of a Value, or a constant

LETTERS = "abcdefghijklmnopqrstuvwx"  # the names of the inputs in short forms; y is the output


class Op(NamedTuple):
    """One operation: what it computes, its local derivative by each input, and how people write it."""

    name: str  # its name in code and in errors
    forward: Rule  # (m, a, b) -> y
    slopes: tuple[Rule, ...]  # the local derivative by each input, (m, y, a, b) -> slope; () if it takes any number
    short: tuple[str, ...]  # the slopes as short text for a reader; {a} {b} … and {y} stand for names
    samples: Points  # inputs at which tests compare the slopes with finite differences
    symbol: str  # its symbol in a picture
    written: str = ""  # a call of it in Python; "" means name(a, b)
    needs: str = ""  # the error text that says where it is defined; "" means everywhere
    edges: Points = ()  # corners, ties and extremes, where it has a value and where its slope is a convention
    branches: bool = False  # it chooses among its inputs: a slope of 0 stops any gradient, and nan gives slopes of nan
    called: str = ""  # its name in formulas that do not write its rule out
    formulas: tuple[Rule | None, ...] = ()  # the slopes in formulas; without: tanh′ if `called`, or `slopes`
    about: str = ""  # the text that help() shows

    def slope(self, m: Any, y: Any, inputs: Any, position: int) -> Any:
        """Returns the local derivative by the input at `position`, in the mathematics `m`."""
        return self.slopes[position](m, y, *inputs)

    def is_untaken(self, slope: float) -> bool:
        """Returns whether a slope belongs to a branch that was not taken, so that no gradient passes it."""
        return self.branches and slope == 0.0

    def is_undecided(self, y: float) -> bool:
        """Returns whether the operation chooses and its output y is nan. Then its slopes are nan too."""
        return self.branches and y != y

    def has_second_slopes(self, operands: Sequence[Any]) -> bool:
        """Returns whether the slopes can be differentiated again at these operands (Values and floats)."""
        return True

    def write(self, inputs: Inputs) -> str:
        """Returns a call of this operation as text, such as "a * b". The inputs are names of Values and constants."""
        names = _names(inputs)
        return self.written.format(*names) if self.written else f"{self.name}({', '.join(names)})"

    def write_slope(self, inputs: Inputs, y: str, position: int) -> str:
        """Returns the short form of the slope by the input at `position`; the output is called `y`."""
        return self.short[position].format(**dict(zip(LETTERS, _names(inputs), strict=False)), y=y)

    def __repr__(self) -> str:
        return f"<operation {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        from .table import operation

        return operation, (self.name,)  # rules are code and cannot be pickled, so a pickle holds the name


class Power(Op):
    """aᵇ. Its slope by a is written 3·x² if the exponent is the constant 3, and n·x^(n−1) if it is a Value named n."""

    def has_second_slopes(self, operands: Sequence[Any]) -> bool:
        """Returns False if base and exponent are both Values, a = 0 and b ≤ 1: there aᵇ ln a has no limit."""
        a, b = operands
        return type(a) is float or type(b) is float or a.data != 0.0 or b.data > 1.0

    def write_slope(self, inputs: Inputs, y: str, position: int) -> str:
        """Returns the short form; in the slope by the base, the exponent is lowered by one."""
        from .writing import raised

        if position == 1:
            return super().write_slope(inputs, y, position)
        exponent, (a, b) = inputs[1], _names(inputs)
        return f"{b}·{a}{raised(exponent - 1) if isinstance(exponent, float) else f'^({exponent}−1)'}"


class WeightedSum(Op):
    """z = Σ w a + b. The inputs are w₁ … wₙ, then a₁ … aₙ, then b if there is a bias: see `parts`."""

    def slope(self, m: Any, y: Any, inputs: Any, position: int) -> Any:
        """Returns the slope by one input: ∂z/∂wₖ = aₖ, ∂z/∂aₖ = wₖ, ∂z/∂b = 1."""
        partner = partner_of(position, len(inputs))
        return 1.0 if partner is None else inputs[partner]

    def write_slope(self, inputs: Inputs, y: str, position: int) -> str:
        """Returns the other factor in the product wₖ aₖ as text, its name or a number; "1" for the bias."""
        partner = partner_of(position, len(inputs))
        return "1" if partner is None else _names(inputs)[partner]


class LogSumExp(Op):
    """ln Σ eᵃ. Its slopes are the softmax of its inputs."""

    def slope(self, m: Any, y: Any, inputs: Any, position: int) -> Any:
        """Returns the slope by one input: ∂y/∂aₖ = eᵃᵏ / Σ eᵃ = eᵃᵏ⁻ʸ."""
        return m.exp(inputs[position] - y)

    def write_slope(self, inputs: Inputs, y: str, position: int) -> str:
        """Returns the text "exp(input − output)"; for one input, which may be an array's name, "softmax(input)"."""
        name = _names(inputs)[position]
        return f"softmax({name})" if len(inputs) == 1 else f"exp({name} − {y})"


class Where(Op):
    """A choice between two inputs by a third, the condition. If one of the two is nan, the choice is still defined."""

    def is_undecided(self, y: float) -> bool:
        """Returns False: the output is nan only if the chosen input is nan."""
        return False


def parts(inputs: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any], Sequence[Any]]:
    """Splits the inputs of a weighted sum: the weights w₁ … wₙ, their factors a₁ … aₙ, and (b,) or ()."""
    n = len(inputs) // 2
    return inputs[:n], inputs[n : 2 * n], inputs[2 * n :]


def partner_of(position: int, count: int) -> int | None:
    """Returns the position, among `count` inputs, of the factor of input `position`; None for the bias."""
    n = count // 2
    return None if position == 2 * n else (position + n) % (2 * n)


def _names(inputs: Inputs) -> list[str]:
    from .writing import constant

    return [v if isinstance(v, str) else constant(v) for v in inputs]
