"""A demo's texts, tables and pictures: texts are printed at once, and the book makes a chapter of all."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from textwrap import fill
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Derivation
from autograd.lifting import Program
from demos.printing import tell
from nn import MLP, Comparison
from viz import Frames, Page, Picture

__all__ = ["Code", "Figure", "Heading", "Plot", "Report", "Sides", "Table", "aligned", "apart", "layers", "sentences"]

WIDTH = 100  # of a printed line

PACKAGES = {
    "Faker": "faker",
    "Pillow": "PIL",
    "matplotlib": "matplotlib",
    "scikit-learn": "sklearn",
    "torch": "torch",
}  # imported as


class Plot:
    """A matplotlib figure with the interface of a picture."""

    def __init__(self, figure: Any) -> None:
        self.figure = figure

    @property
    def title(self) -> str:
        """The title of its axes, or else their labels."""
        (axes,) = self.figure.axes
        return str(axes.get_title() or f"{axes.get_ylabel()} by {axes.get_xlabel()}")

    def pipe(self, format: str) -> bytes:
        """Returns the figure as bytes, which are the same for the same figure."""
        import matplotlib

        out = io.BytesIO()
        with matplotlib.rc_context({"svg.hashsalt": "chalkgrad"}):
            self.figure.savefig(out, format=format, metadata={"Date": None} if format == "svg" else None)
        return out.getvalue()


@dataclass(frozen=True)
class Table:
    """Rows under a head, which may be empty. A cell is a word, a number or a sentence."""

    head: tuple[str, ...]
    rows: list[tuple[str, ...]]
    code: tuple[int, ...] = ()  # the columns that are code
    printed: str = ""  # the text to print; by default the table in columns

    def __str__(self) -> str:
        return self.printed or aligned([*([self.head] if self.head else []), *self.rows])


def sentences(head: tuple[str, ...], rows: list[tuple[str, ...]], code: tuple[int, ...] = ()) -> Table:
    """Makes a table of long cells. When it is printed, each cell has a line or more."""
    wide = max(map(len, head[1:])) + 2
    blocks = []
    for first, *others in rows:
        lines = [fill(cell, WIDTH, initial_indent=f"  {name:<{wide}}", subsequent_indent=" " * (wide + 2),
                      break_long_words=False) for name, cell in zip(head[1:], others, strict=True)]  # fmt: skip
        blocks.append("\n".join([first, *lines]))
    return Table(head, rows, code, "\n\n".join(blocks))


def layers(model: MLP) -> Table:
    """Makes a table of a network's layers. When it is printed, it is the network's repr."""
    rows = []
    for number, layer in enumerate(model.layers, 1):
        w, b = np.shape(model.weights[number - 1]), np.shape(model.biases[number - 1])
        rows.append((str(number), layer.activation, " × ".join(map(str, w)), str(b[0]), str(len(layer.parameters()))))
    return Table(("layer", "σ", "w", "b", "parameters"), rows, printed=repr(model))


@dataclass(frozen=True, eq=False)
class Sides:
    """A matrix from the graph, and the same matrix by a formula."""

    name: str
    equation: str
    graph: NDArray[np.float64]
    closed_form: NDArray[np.float64]

    def __str__(self) -> str:
        difference = float(np.max(np.abs(self.graph - self.closed_form)))
        rows = [("", "from the graph", "by the formula")]
        for left, right in zip(self.graph, self.closed_form, strict=True):
            rows.append(("", *("  ".join(f"{x:10.6f}" for x in side) for side in (left, right))))
        return f"{self.name} = {self.equation}, largest difference {apart(difference)}\n{aligned(rows)}"


class Code(str):
    """Python code."""


class Heading(str):
    """The heading of a part of a chapter. It is not printed."""


Shown = Picture | Page | Table | Frames | list[Plot]


@dataclass(frozen=True)
class Figure:
    """A picture, page, table or animation, or plots, with a caption."""

    caption: str
    shown: Shown
    narrow: Picture | None = None  # replaces it on a narrow page, and on paper


Part = str | Derivation | Comparison | Program | Table | Sides | Figure


@dataclass
class Report:
    """A demo's texts, derivations, tables, pictures and pages, in order. Texts are printed at once."""

    name: str  # of the demo's file, and of its chapter's
    title: str
    about: str = ""  # the chapter in a line
    parts: list[Part] = field(default_factory=list)

    def __post_init__(self) -> None:
        tell(f"\n{self.title}\n{'═' * len(self.title)}")

    def say(self, *parts: Part) -> None:
        """Prints texts, tables, derivations and other parts without a gap, and keeps them for the book."""
        self.parts += parts
        text = "\n".join(map(str, parts))
        tell(f"\n{text if chr(10) in text else fill(text, WIDTH, break_long_words=False)}")

    def head(self, heading: str) -> None:
        """Begins a part of the chapter."""
        self.parts.append(Heading(heading))

    def show(self, caption: str, shown: Shown, narrow: Picture | None = None) -> None:
        """Keeps a picture, a page, a long table or some plots for the book, and prints the caption.

        `narrow` is another version of the picture, for narrow pages.
        """
        first = not any(isinstance(part, Figure) for part in self.parts)
        self.parts.append(Figure(caption, shown, narrow))
        tell(f"\n{fill(f'[gallery: {caption}]', WIDTH)}")
        if first:
            tell("(python -m demos draws what stands in brackets into gallery/index.html)")

    def move(self, caption: str, steps: Frames) -> None:
        """Keeps the steps of a computation for the book, as an animation."""
        if not self.lacks("Pillow"):
            self.show(caption, steps)

    def plot(self, caption: str, *draw: Callable[[Any], Any], size: tuple[float, float] = (5.6, 3.8)) -> None:
        """Keeps a figure for the book for each function of `draw`, which gets axes of this size, in inches.

        The figures stand side by side, or below each other on a narrow page.
        """
        if self.lacks("matplotlib"):
            return
        from matplotlib.figure import Figure

        figures = [Figure(figsize=size, layout="constrained") for _ in draw]
        for part, figure in zip(draw, figures, strict=True):
            part(figure.subplots())
        self.show(caption, [Plot(figure) for figure in figures])

    def lacks(self, package: str) -> bool:
        """Returns whether a package is not installed. If so, the report says how to install it."""
        if find_spec(PACKAGES[package]) is not None:
            return False
        self.say(f"What belongs here needs {package}, which is not installed: pip install {package}")
        return True


def apart(difference: float) -> str:
    """Writes the difference of two numbers that should be equal."""
    return f"{difference:.0e}" if difference else "0"


def aligned(rows: list[tuple[str, ...]]) -> str:
    """Writes a table's rows as text, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
