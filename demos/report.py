"""What a demo has to say and to show; it is printed as it is said, and the gallery shows it again."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from textwrap import fill
from typing import Any

from autograd import Derivation
from demos.printing import tell
from viz import Page, Picture

__all__ = ["Plot", "Report", "Table", "aligned", "apart"]

WIDTH = 100  # of a printed line

PACKAGES = {"Faker": "faker", "matplotlib": "matplotlib", "scikit-learn": "sklearn", "torch": "torch"}  # imported as


class Plot:
    """A matplotlib figure as the gallery shows pictures."""

    def __init__(self, figure: Any) -> None:
        self.figure = figure

    def pipe(self, format: str) -> bytes:
        """The figure as bytes; the same figure gives the same ones."""
        import matplotlib

        out = io.BytesIO()
        with matplotlib.rc_context({"svg.hashsalt": "chalkgrad"}):
            self.figure.savefig(out, format=format, metadata={"Date": None} if format == "svg" else None)
        return out.getvalue()


@dataclass(frozen=True)
class Table:
    """Rows whose cells are sentences or code, so that they wrap; printed, a row has a line or more for each cell."""

    head: tuple[str, ...]
    rows: list[tuple[str, ...]]
    code: tuple[int, ...] = ()  # the columns that are code

    def __str__(self) -> str:
        return "\n\n".join(map(self._printed, self.rows))

    def _printed(self, row: tuple[str, ...]) -> str:
        first, *others = row
        wide = max(map(len, self.head[1:])) + 2
        lines = [fill(cell, WIDTH, initial_indent=f"  {name:<{wide}}", subsequent_indent=" " * (wide + 2),
                      break_long_words=False) for name, cell in zip(self.head[1:], others, strict=True)]  # fmt: skip
        return "\n".join([first, *lines])


Shown = Picture | Page | Table | list[Plot]


@dataclass
class Report:
    """A demo's title, texts, derivations, tables, pictures and pages, in order."""

    name: str  # of the demo's file, and of its pictures' files
    title: str
    parts: list[str | Derivation | Table | tuple[str, Shown]] = field(
        default_factory=list
    )  # what is shown has a caption

    def __post_init__(self) -> None:
        tell(f"\n{self.title}\n{'═' * len(self.title)}")

    def say(self, part: str | Derivation | Table) -> None:
        """Print a text, a derivation or a table, and keep it for the gallery, where a derivation becomes equations."""
        self.parts.append(part)
        text = str(part)
        tell(f"\n{text if chr(10) in text else fill(text, WIDTH, break_long_words=False)}")

    def show(self, caption: str, shown: Shown) -> None:
        """Keep a picture, a page, a long table or some plots for the gallery, and say that it is there."""
        first = not any(isinstance(part, tuple) for part in self.parts)
        self.parts.append((caption, shown))
        tell(f"\n{fill(f'[gallery: {caption}]', WIDTH)}")
        if first:
            tell("(python -m demos draws what stands in brackets into gallery/index.html)")

    def plot(self, caption: str, *draw: Callable[[Any], Any], size: tuple[float, float] = (5.6, 3.8)) -> None:
        """Keep figures for the gallery, each of `draw` being given axes of that size (in inches).

        They stand side by side, or one below the other where there is no room for that.
        """
        if self.lacks("matplotlib"):
            return
        from matplotlib.figure import Figure

        figures = [Figure(figsize=size, layout="constrained") for _ in draw]
        for part, figure in zip(draw, figures, strict=True):
            part(figure.subplots())
        self.show(caption, [Plot(figure) for figure in figures])

    def lacks(self, package: str) -> bool:
        """Whether a package is not installed; then it also says what to do."""
        if find_spec(PACKAGES[package]) is not None:
            return False
        self.say(f"What belongs here needs {package}, which is not installed: pip install {package}")
        return True


def apart(difference: float) -> str:
    """A difference of two numbers that ought to be the same."""
    return f"{difference:.0e}" if difference else "0"


def aligned(rows: list[tuple[str, ...]]) -> str:
    """Rows of a table as text, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
