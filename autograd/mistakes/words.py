"""How reasons are told in words. A subclass that knows the role of each array can use the words of its field."""

from __future__ import annotations

from collections.abc import Sequence

from .edits import Edit, listed
from .factors import Factors
from .judged import Given

__all__ = ["Words"]


class Words:
    """The words of `check_backward`, for any forward pass in NumPy."""

    def edit(self, edit: Edit, t: float, factors: Factors) -> str:
        """Tells an edit at its number t. A subclass may tell it by its `kind` and `data` instead."""
        return edit.text(t)

    def rank(self, edit: Edit) -> int:
        """Returns the rank of an edit: of several that explain the same numbers, the lowest is told first."""
        return edit.rank

    def gradient(self, given: Given) -> str:
        """Returns the name of a given gradient."""
        return f"d{given.name}"

    def times(self, factor: float, factors: Factors, givens: Sequence[Given]) -> str:
        """Tells by which factor these gradients are wrong."""
        names = listed(map(self.gradient, givens))
        if factor == -1.0:
            return f"{names}: the sign is wrong"
        are, they = ("are", "they") if len(givens) > 1 else ("is", "it")
        return f"{names} {are} {factors.written(factor)} times what {they} should be{factors.amount(factor)}"

    def besides(self, factor: float, factors: Factors, givens: Sequence[Given]) -> str:
        """Tells the same as `times`, as an addition to another mistake."""
        return self.times(factor, factors, givens)

    def times_each(self, times: Sequence[tuple[float, Given]], factors: Factors) -> str:
        """Tells a factor of its own for each gradient."""
        return ", ".join(self.times(factor, factors, [given]) for factor, given in times)

    def together(self, edits: Sequence[Edit], t: float, factors: Factors, text: str) -> str:
        """Tells paths through several arrays that give the same numbers; `text` names all of them."""
        return text
