"""Turns reasons into words. A subclass of `Words` that knows the role of each array can use the words of its field."""

from __future__ import annotations

from collections.abc import Sequence

from ..programs.assignments import Assignment
from .edits import Edit, called, listed
from .factors import Factors
from .judged import Given

__all__ = ["Words"]


class Words:
    """The words of `check_backward`, for any forward pass in NumPy."""

    @property
    def turned(self) -> str:
        """The words to be added for an edit whose gradients have the other sign; "" if such edits are not tried."""
        return ""

    @property
    def nothing_comes_in(self) -> str:
        """The words to be added where all gradients are zeros."""
        return ", as if the gradient of the result did not come in"

    def of(self, givens: Sequence[Given]) -> Words:
        """Returns the words for some of the given gradients alone."""
        return self

    def edit(self, edit: Edit, t: float, factors: Factors) -> str:
        """Returns the text of an edit with its number t. A subclass may write it from its `kind` and `data` instead."""
        return edit.text(t)

    def rank(self, edit: Edit) -> int:
        """Returns the rank of an edit: of several that explain the same numbers, the lowest is told first."""
        return edit.rank

    def gradient(self, given: Given) -> str:
        """Returns the name of a given gradient, such as "dW"."""
        return f"d{given.name}"

    def times(self, factor: float, factors: Factors, givens: Sequence[Given]) -> str:
        """Returns a text that says by which factor these gradients are wrong."""
        names, many = listed(map(self.gradient, givens)), len(givens) > 1
        if factor == -1.0:
            return f"{names} {'have' if many else 'has'} the wrong sign"
        are, should_be = ("are", "they should be") if many else ("is", "it should be")
        return f"{names} {are} {factors.times(factor, should_be)}"

    def because(self, cause: str) -> str:
        """Returns the text of a cause of a wrong factor, to be added to `times`; "" if `times` tells the cause."""
        return cause

    def besides(self, factor: float, factors: Factors, givens: Sequence[Given]) -> str:
        """Returns the text of `times`, as an addition to another mistake."""
        return self.times(factor, factors, givens)

    def times_each(self, times: Sequence[tuple[float, Given]], factors: Factors) -> str:
        """Returns a text that names a factor for each gradient."""
        return ", and ".join(self.times(factor, factors, [given]) for factor, given in times)

    def again(self, factor: float, factors: Factors, by_count: Sequence[Sequence[Given]]) -> str:
        """Returns a text that says how often each gradient has a factor; `by_count[k]` are those that have it k times.

        The list for k = 0 is not told.
        """
        counts = [f"{listed(map(self.gradient, givens))} {'have' if len(givens) > 1 else 'has'} it {_times(k)}"
                  for k, givens in enumerate(by_count) if k and givens]  # fmt: skip
        written = self.factor(factor, factors)
        return f"the gradient is multiplied by {written} again and again on its way back: {', '.join(counts)}"

    def factor(self, factor: float, factors: Factors) -> str:
        """Returns the text of a factor, such as "1/6"."""
        return factors.written(factor)

    def along(self, array: Assignment, axis: int) -> tuple[str, str, int]:
        """Returns words for an axis of an array and for one entry along it, and the number of the first entry."""
        return f"along axis {axis} of {called(array)}", "entry", 0

    def together(self, edits: Sequence[Edit], t: float, factors: Factors, text: str) -> str:
        """Returns the text for paths through several arrays that give the same numbers: here `text`, unchanged."""
        return text


def _times(k: int) -> str:
    return {1: "once", 2: "twice"}.get(k, f"{k} times")
