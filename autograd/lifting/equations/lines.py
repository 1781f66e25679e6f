"""Writes the lines of a program's equations as text, as LaTeX and as MathML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...formulas import typesetting

__all__ = ["Equation", "Line", "Steps", "aligned", "mathml"]


class Equation(NamedTuple):
    """An equation, left = right or left += right; `which` names an equation of the notes, BP1 to BP4, or is ""."""

    left: typesetting.Piece
    adds: bool
    right: typesetting.Piece
    which: str = ""

    @property
    def text(self) -> str:
        """The line in Unicode."""
        return f"{self.left.text} {'+=' if self.adds else '='} {self.right.text}"

    @property
    def latex(self) -> str:
        """The line as a row of LaTeX's `aligned`."""
        sign = r"\mathrel{+}=" if self.adds else "="
        which = rf" && \text{{{self.which}}}" if self.which else ""
        return f"{self.left.latex} &{sign} {self.right.latex}{which}"

    @property
    def cells(self) -> tuple[str, str, str]:
        """The cells of a row in MathML: the left side, the sign with the right side, and the name of the equation."""
        right = f"<mrow><mo>{'+=' if self.adds else '='}</mo>{self.right.element}</mrow>"
        return self.left.element, right, f"<mtext>{self.which}</mtext>"


class Steps(NamedTuple):
    """The line before the equations of a loop's step; with 0 steps, the line after them."""

    steps: int
    backwards: bool
    which: str = ""

    @property
    def text(self) -> str:
        """The line in Unicode."""
        return f"for t = {self._bounds('…')}:" if self.steps else "end"

    @property
    def latex(self) -> str:
        """The line as a row of LaTeX's `aligned`."""
        return rf"&\text{{for }} t = {self._bounds(chr(92) + 'ldots')}\text{{:}}" if self.steps else r"&\text{end}"

    @property
    def cells(self) -> tuple[str, str, str]:
        """The cells of a row in MathML."""
        return "<mrow></mrow>", f"<mtext>{self.text}</mtext>", "<mrow></mrow>"

    def _bounds(self, between: str) -> str:
        first, last = (self.steps, 1) if self.backwards else (1, self.steps)
        return f"{first}, {between}, {last}"


Line = Equation | Steps


def aligned(passes: Sequence[Sequence[Line]]) -> str:
    """Returns the equations in LaTeX, aligned at their signs, with more space between the passes."""
    blocks = [" \\\\\n".join(equation.latex for equation in lines) for lines in passes if lines]
    return "\\begin{aligned}\n" + " \\\\[1ex]\n".join(blocks) + "\n\\end{aligned}"


def mathml(passes: Sequence[Sequence[Line]]) -> str:
    """Returns the equations in MathML, aligned at their signs, a formula for each pass."""
    tables = ("".join(f"<mtr>{_row(line)}</mtr>" for line in lines) for lines in passes if lines)
    return "".join(f'<math display="block"><mtable displaystyle="true">{rows}</mtable></math>' for rows in tables)


def _row(line: Line) -> str:
    return "".join(f"<mtd {side}>{cell}</mtd>" for side, cell in zip(_SIDES, line.cells, strict=True))


_SIDES = (typesetting.TO_THE_RIGHT, typesetting.TO_THE_LEFT, typesetting.TO_THE_LEFT)
