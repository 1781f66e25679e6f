"""Writes NumPy code as text, with the parentheses it needs: `dout * xhat`, `x.T @ dz1`, `-dxc.sum(axis=0)`.

The table's rules run on it as they run on numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .. import floats
from ..formulas.rule_text import ATOM, CONDITION, MATRIX, PRODUCT, SUM, Mathematics, Piece
from ..vocabulary import WORDS
from ..writing import constant

__all__ = ["Code", "Writing", "called", "code", "matrix_product", "name"]

SIDES = {"+": (SUM, SUM, SUM), "-": (SUM, MATRIX, SUM), "**": (ATOM, ATOM, PRODUCT)}  # precedence: left, right, whole
SIDES |= dict.fromkeys((">", ">=", "<", "<=", "=="), (SUM, SUM, CONDITION))

TRANSPOSES = (".T", ".swapaxes(-1, -2)")  # each is its own inverse


class Factor(NamedTuple):
    """A factor and its precedence."""

    text: str
    rank: int = ATOM
    then: Mapping[str, Callable[[], Code]] = {}  # simplifications by the suffix: x.T followed by .T is x
    terms: tuple[str, ...] = ()  # the terms of a sum, with their signs

    def held(self, at_least: int) -> str:
        """Returns the text, in parentheses if its precedence is below `at_least`."""
        return f"({self.text})" if self.rank < at_least else self.text


class Code(Piece):
    """A number times factors, divided by other factors. Numbers are combined where they stay exact."""

    def __init__(self, number: float, above: tuple[Factor, ...] = (), below: tuple[Factor, ...] = ()) -> None:
        self.number, self.above, self.below = number, above, below

    def __str__(self) -> str:
        return self.held(CONDITION)

    def held(self, at_least: int) -> str:
        """Returns the text, in parentheses if its precedence is below `at_least`."""
        if not self.below and len(self.above) == 1 and self.number == 1.0:
            return self.above[0].held(at_least)
        size = abs(self.number)
        top = _gathered(self.above, PRODUCT)
        if size != 1.0 or not top:
            top.insert(0, constant(size).replace("−", "-"))  # 1e-05: the text is code
        text = "-" * (self.number < 0) + " * ".join(top) + "".join(f" / {text}" for text in _gathered(self.below, ATOM))
        alone = not self.above and not self.below and self.number >= 0
        return Factor(text, ATOM if alone else PRODUCT).held(at_least)

    def joined(self, left: Any, sign: str, right: Any) -> Any:
        """Returns two pieces of code with a sign between. Products are merged, and a + −b becomes a − b."""
        a, b = code(left), code(right)
        if sign == "*":
            return Code(a.number * b.number, a.above + b.above, a.below + b.below)
        if sign == "/":
            if b.number in (1.0, -1.0):
                if not b.above:  # 1 / x
                    return Code(a.number * b.number, a.above + b.below, a.below)
                over = b.above if not b.below else (Factor(str(b if b.number > 0.0 else -b), PRODUCT),)
                return Code(a.number * b.number, a.above, a.below + over)
            ratio = a.number / b.number
            if not b.above and not b.below and ratio == int(ratio):
                return Code(ratio, a.above, a.below)
            return Code(a.number, a.above, (*a.below, Factor(str(b), ATOM if b.is_number else PRODUCT)))
        if sign in "+-" and b.number < 0:
            sign, b = "-" if sign == "+" else "+", -b
        if sign in "+-" and 0.0 in [x.number for x in (a, b) if x.is_number]:
            return (b if sign == "+" else -b) if a.is_number and a.number == 0.0 else a
        at_left, at_right, rank = SIDES[sign]
        right = b.terms if sign == "+" else [b.held(at_right)]
        terms = (*a.terms, f"{sign} {right[0]}", *right[1:]) if sign in "+-" else ()
        return Code(1.0, (Factor(f"{a.held(at_left)} {sign} {b.held(at_right)}", rank, terms=terms),))

    @property
    def terms(self) -> list[str]:
        """The terms of a sum, with their signs; the whole code if it is not a sum."""
        is_one = self.number == 1.0 and len(self.above) == 1 and not self.below
        return [*(self.above[0].terms if is_one else ())] or [str(self)]

    @property
    def is_number(self) -> bool:
        """Whether the code is a number without factors."""
        return not self.above and not self.below

    def followed(self, by: str, undone_by: str = "") -> Code:
        """Returns the code with a suffix that commutes with multiplication by a number: `.T`, `[:, None]`."""
        if self.is_number:
            return self
        number, inner = self.apart()
        if len(inner.above) == 1 and not inner.below and by in inner.above[0].then:
            return code(number * inner.above[0].then[by]())
        undone_by = by if by in TRANSPOSES else undone_by
        then = {undone_by: lambda: inner} if undone_by else {}
        return code(number * Code(1.0, (Factor(f"{inner.held(ATOM)}{by}", then=then),)))

    def apart(self) -> tuple[Code, Code]:
        """Returns the code in two parts: its plain numbers, and the other factors."""
        numbers = tuple(factor for factor in self.below if _is_number(factor.text))
        return Code(self.number, (), numbers), Code(1.0, self.above, tuple(f for f in self.below if f not in numbers))

    def reduced(self, call: str, axis: int, ndim: int, keep: bool = False) -> Code:
        """Returns the code with a call along one axis, such as .sum(axis=0). Numbers are moved in front of a sum."""
        number, inner = self.apart() if call == "sum" else (code(1.0), self)
        at = [":"] * ndim
        at[axis] = "0" if keep else "None"
        then = {f"[{', '.join(at)}]": lambda: inner.reduced(call, axis, ndim, not keep)}
        text = f"{inner.held(ATOM)}.{call}(axis={axis}{', keepdims=True' * keep})"
        return code(number * Code(1.0, (Factor(text, then=then),)))

    def __neg__(self) -> Code:
        return Code(-self.number, self.above, self.below)

    def __pow__(self, other: Any) -> Any:
        if isinstance(other, int | float) and other in (0.0, 1.0):
            return code(1.0) if other == 0.0 else self
        return self.joined(self, "**", other)

    def __rpow__(self, other: Any) -> Any:
        return self.joined(other, "**", self)


class Writing(Mathematics):
    """The mathematics of rules as NumPy code. `branches` counts the choices that were written."""

    def __init__(self) -> None:
        self.branches = 0

    def call(self, name: str, *inputs: Any) -> Any:
        """Returns the code of a call of NumPy, such as np.exp(x), or a number if all inputs are numbers."""
        if not any(isinstance(x, Code) for x in inputs):
            return getattr(floats, name)(*inputs)
        return called(f"np.{WORDS[name].in_numpy()}", *inputs)

    def divide(self, a: Any, b: Any) -> Any:
        """Returns the code a / b."""
        return code(a) / b

    def power(self, a: Any, b: Any) -> Any:
        """Returns the code a ** b."""
        return code(a) ** b

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """Returns the code of the choice between a and b. If these are 1 and 0, it is the condition itself."""
        if not isinstance(condition, Code):
            return a if condition else b
        self.branches += 1
        plain = [x for x in (a, b) if isinstance(x, int | float)]
        return condition if plain == [1.0, 0.0] else called("np.where", condition, a, b)


def name(text: str) -> Code:
    """Returns the code of a name, a call or another text that needs no parentheses."""
    return Code(1.0, (Factor(text),))


def code(x: Any) -> Code:
    """Returns the code of a number. Code is returned unchanged."""
    return x if isinstance(x, Code) else Code(float(x))


def called(function: str, *inputs: Any) -> Code:
    """Returns the code of a function call."""
    return name(f"{function}({', '.join(str(code(x)) for x in inputs)})")


def matrix_product(left: Code, right: Code) -> Code:
    """Returns the code left @ right, with plain numbers moved in front. Its transpose is right.T @ left.T."""
    (m, a), (n, b) = left.apart(), right.apart()
    then = {turn: lambda turn=turn: matrix_product(b.followed(turn), a.followed(turn)) for turn in TRANSPOSES}
    return code(m * n * Code(1.0, (Factor(f"{a.held(ATOM)} @ {b.held(ATOM)}", MATRIX, then),)))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _gathered(factors: tuple[Factor, ...], at_least: int) -> list[str]:
    """Returns the texts of the factors, with equal factors joined into a power."""
    counts = Counter(factor.text for factor in factors)
    first = {factor.text: factor for factor in reversed(factors)}
    powers = {text: f"{first[text].held(ATOM)} ** {n}" if n > 1 else "" for text, n in counts.items()}
    return [Factor(powers[text], PRODUCT).held(at_least) if powers[text] else first[text].held(at_least)
            for text in counts]  # fmt: skip
