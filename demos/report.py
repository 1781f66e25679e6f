"""What a demo has to say and to show; it is printed as it is said, and the book sets it as a chapter."""

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
    """A matplotlib figure as the book shows pictures."""

    def __init__(self, figure: Any) -> None:
        self.figure = figure

    @property
    def title(self) -> str:
        """What it shows: the title of its axes, or what they are called."""
        (axes,) = self.figure.axes
        return str(axes.get_title() or f"{axes.get_ylabel()} by {axes.get_xlabel()}")

    def pipe(self, format: str) -> bytes:
        """The figure as bytes; the same figure gives the same ones."""
        import matplotlib

        out = io.BytesIO()
        with matplotlib.rc_context({"svg.hashsalt": "chalkgrad"}):
            self.figure.savefig(out, format=format, metadata={"Date": None} if format == "svg" else None)
        return out.getvalue()


@dataclass(frozen=True)
class Table:
    """Rows under a head, which may be missing; a cell is a word, a number or a sentence."""

    head: tuple[str, ...]
    rows: list[tuple[str, ...]]
    code: tuple[int, ...] = ()  # the columns that are code
    printed: str = ""  # how it is printed; without it in columns

    def __str__(self) -> str:
        return self.printed or aligned([*([self.head] if self.head else []), *self.rows])


def sentences(head: tuple[str, ...], rows: list[tuple[str, ...]], code: tuple[int, ...] = ()) -> Table:
    """A table whose cells are long; printed, a row has a line or more for each cell."""
    wide = max(map(len, head[1:])) + 2
    blocks = []
    for first, *others in rows:
        lines = [fill(cell, WIDTH, initial_indent=f"  {name:<{wide}}", subsequent_indent=" " * (wide + 2),
                      break_long_words=False) for name, cell in zip(head[1:], others, strict=True)]  # fmt: skip
        blocks.append("\n".join([first, *lines]))
    return Table(head, rows, code, "\n\n".join(blocks))


def layers(model: MLP) -> Table:
    """A network's layers, printed as the network shows itself."""
    rows = []
    for number, layer in enumerate(model.layers, 1):
        w, b = np.shape(model.weights[number - 1]), np.shape(model.biases[number - 1])
        rows.append((str(number), layer.activation, " × ".join(map(str, w)), str(b[0]), str(len(layer.parameters()))))
    return Table(("layer", "σ", "w", "b", "parameters"), rows, printed=repr(model))


@dataclass(frozen=True, eq=False)
class Sides:
    """A matrix from the graph, and the same by a formula."""

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
    """A text that is Python."""


class Heading(str):
    """What a part of a chapter is about; it is not printed."""


Shown = Picture | Page | Table | Frames | list[Plot]


@dataclass(frozen=True)
class Figure:
    """What is shown, under a caption."""

    caption: str
    shown: Shown
    narrow: Picture | None = None  # what stands in its place on a narrow page, and on paper


Part = str | Derivation | Comparison | Program | Table | Sides | Figure


@dataclass
class Report:
    """A demo's texts, derivations, tables, pictures and pages, in order: printed at once, and set by the book."""

    name: str  # of the demo's file, and of its chapter's
    title: str
    about: str = ""  # the chapter in a line
    parts: list[Part] = field(default_factory=list)

    def __post_init__(self) -> None:
        tell(f"\n{self.title}\n{'═' * len(self.title)}")

    def say(self, *parts: Part) -> None:
        """Print texts, tables, derivations and whatever else has a text, without a gap, and keep them for the book."""
        self.parts += parts
        text = "\n".join(map(str, parts))
        tell(f"\n{text if chr(10) in text else fill(text, WIDTH, break_long_words=False)}")

    def head(self, heading: str) -> None:
        """Begin a part of the chapter."""
        self.parts.append(Heading(heading))

    def show(self, caption: str, shown: Shown, narrow: Picture | None = None) -> None:
        """Keep a picture, a page, a long table or some plots for the book, and say that it is there.

        `narrow` is the same picture for a page that is too narrow for it.
        """
        first = not any(isinstance(part, Figure) for part in self.parts)
        self.parts.append(Figure(caption, shown, narrow))
        tell(f"\n{fill(f'[gallery: {caption}]', WIDTH)}")
        if first:
            tell("(python -m demos draws what stands in brackets into gallery/index.html)")

    def move(self, caption: str, steps: Frames) -> None:
        """Keep the steps of a computation for the book, as a picture that moves."""
        if not self.lacks("Pillow"):
            self.show(caption, steps)

    def plot(self, caption: str, *draw: Callable[[Any], Any], size: tuple[float, float] = (5.6, 3.8)) -> None:
        """Keep figures for the book, each of `draw` being given axes of that size (in inches).

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
