"""The lines of a program's equations, as text and as LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...formulas import typesetting

__all__ = ["Equation", "Line", "Steps", "aligned"]


class Equation(NamedTuple):
    """left = right, or left += right; `which` of the four equations of backpropagation it is."""

    left: typesetting.Piece
    adds: bool
    right: typesetting.Piece
    which: str = ""

    @property
    def text(self) -> str:
        """In Unicode."""
        return f"{self.left.text} {'+=' if self.adds else '='} {self.right.text}"

    @property
    def latex(self) -> str:
        """A row of LaTeX's aligned."""
        sign = r"\mathrel{+}=" if self.adds else "="
        which = rf" && \text{{{self.which}}}" if self.which else ""
        return f"{self.left.latex} &{sign} {self.right.latex}{which}"


class Steps(NamedTuple):
    """What stands in front of the equations of a loop's steps; behind them, without any steps."""

    steps: int
    backwards: bool
    which: str = ""

    @property
    def text(self) -> str:
        """In Unicode."""
        return f"for t = {self._bounds('…')}:" if self.steps else "end"

    @property
    def latex(self) -> str:
        """A row of LaTeX's aligned."""
        return rf"&\text{{for }} t = {self._bounds(chr(92) + 'ldots')}\text{{:}}" if self.steps else r"&\text{end}"

    def _bounds(self, between: str) -> str:
        first, last = (self.steps - 1, 0) if self.backwards else (0, self.steps - 1)
        return f"{first}, {between}, {last}"


Line = Equation | Steps


def aligned(passes: Sequence[Sequence[Line]]) -> str:
    """Equations in LaTeX, their signs under each other, with more space between the passes."""
    blocks = [" \\\\\n".join(equation.latex for equation in lines) for lines in passes if lines]
    return "\\begin{aligned}\n" + " \\\\[1ex]\n".join(blocks) + "\n\\end{aligned}"
