"""How what was found is told: here of a forward pass in NumPy; who knows its arrays better tells it in other words."""

from __future__ import annotations

from collections.abc import Sequence

from .edits import Edit, listed
from .factors import Factors
from .judged import Given

__all__ = ["Words"]


class Words:
    """The words of `check_backward`."""

    def edit(self, edit: Edit, t: float, factors: Factors) -> str:
        """What an edit is, at its number. Its `kind` and its `data` say so to other words."""
        return edit.text(t)

    def rank(self, edit: Edit) -> int:
        """What is said first, of several that explain the same numbers: the lowest."""
        return edit.rank

    def gradient(self, given: Given) -> str:
        """What a gradient that was given is called."""
        return f"d{given.name}"

    def times(self, factor: float, factors: Factors, givens: Sequence[Given]) -> str:
        """What it means that these gradients come times a factor."""
        names = listed(map(self.gradient, givens))
        if factor == -1.0:
            return f"{names}: the sign is wrong"
        are, they = ("are", "they") if len(givens) > 1 else ("is", "it")
        return f"{names} {are} {factors.written(factor)} times what {they} should be{factors.amount(factor)}"

    def besides(self, factor: float, factors: Factors, givens: Sequence[Given]) -> str:
        """The same, after another mistake has been told."""
        return self.times(factor, factors, givens)

    def times_each(self, times: Sequence[tuple[float, Given]], factors: Factors) -> str:
        """The same of gradients that come times a factor each."""
        return ", ".join(self.times(factor, factors, [given]) for factor, given in times)

    def together(self, edits: Sequence[Edit], t: float, factors: Factors, text: str) -> str:
        """Paths through several arrays that give the same numbers; `text` has all of them."""
        return text
