"""The book: a chapter for each demo, as web pages that open without a server.

A chapter's content is in the demo's report. Its layout is in templates/, which Jinja fills in.
"""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from numpy.typing import NDArray

from autograd import Derivation
from autograd.lifting import Program
from demos.report import Code, Figure, Heading, Report, Sides, Table, apart
from demos.symbols import GLOSSARY, Marker, equations, spelled, terms
from nn import Comparison
from viz import Frames, Page, Picture, Style

__all__ = ["look", "write"]

TEMPLATES = Path(__file__).parent / "templates"
# The macros of templates/parts.html, by the class of a part. The first class that fits counts.
MACROS = ((Heading, "heading"), (Code, "code"), (str, "text"), (Derivation, "derivation"), (Table, "table"),
          (Sides, "sides"), (Comparison, "comparison"), (Program, "program"), (Page, "page"), (Frames, "frames"),
          (Picture, "picture"), (list, "plots"), (Figure, "figure"))  # fmt: skip
NUMBER = re.compile(r"[−-]?[\d.,]+(e[+−-]?\d+)?%?|no value|")
PAPER = (510.0, 581.0)  # points: the room for a picture on a sheet of A4, 180 mm by 205 mm
LONG = 30  # characters; a longer cell wraps


def write(reports: Sequence[Report], folder: Path, reference: str = "") -> Path:
    """Writes the start page, the glossary and a page for each chapter into the folder; returns the start page's path.

    `reference` is the path from the folder to the reference's first page, "" if there is none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    env = environment()

    def page(name: str, template: str, **parts: Any) -> Path:
        path = folder / name
        path.write_text(env.get_template(template).render(reports=reports, reference=reference, **parts), "utf-8")
        return path

    covers = []
    for i, report in enumerate(reports):
        files = Files(folder, report.name)
        around = {"before": reports[i - 1] if i else None, "after": next(iter(reports[i + 1 :]), None)}
        page(f"{report.name}.html", "chapter.html", report=report, number=i + 1, mark=Marker(), files=files, **around)
        covers.append(files.cover)
    told = {"symbols": GLOSSARY.values(), "terms": terms(), "equations": Table(*equations()), "mark": Marker()}
    page("glossary.html", "glossary.html", **told)
    (folder / "book.css").write_text(look() + env.get_template("book.css").render(), "utf-8")
    shutil.copy(TEMPLATES / "book.js", folder)
    return page("index.html", "start.html", covers=covers)


def environment() -> Environment:
    """Returns Jinja's environment, with the filters that the templates use."""
    env = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                      lstrip_blocks=True)  # fmt: skip
    filters = (macro, spelled, minus, numeric, size, matrix, orders, apart, coloured)
    env.filters.update({f.__name__: f for f in filters})
    return env


def look() -> str:
    """Returns the style sheet that the book and the reference share: the colours of pictures, light and dark."""
    style = Style()
    light, dark = style.colours(), style.on_dark().colours()
    return environment().get_template("look.css").render(light=light, dark=dark)


class Image(NamedTuple):
    """A picture in a file, with its size in points and a text for readers who cannot see it."""

    file: str
    width: float
    height: float
    alt: str

    @property
    def scale_on_paper(self) -> float:
        """How large it is on a sheet of A4, as the style sheet has it."""
        return min(PAPER[0] / self.width, PAPER[1] / self.height)


class Files:
    """The files of a chapter's pictures and pages. The templates write them as they use them."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name, self.count = folder, name, 0
        self.cover: Image | None = None  # the last picture of the chapter's first figure

    def pictures(self, figure: Figure) -> list[Image]:
        """Writes a figure's pictures: its plots, or its picture and the one for narrow pages."""
        if isinstance(figure.shown, list):
            images = [self._image(plot, f"{plot.title}. {figure.caption}") for plot in figure.shown]
            self.cover = self.cover or images[-1]
        else:
            images = [self._image(drawn, figure.caption) for drawn in (figure.shown, figure.narrow) if drawn]
            self.cover = self.cover or images[0]
        return images

    def page(self, page: Page) -> str:
        """Writes a page, and returns the name of its file."""
        name = self._name(".html")
        page.save(self.folder / name)
        return name

    def moving(self, steps: Frames) -> str:
        """Writes an animation, and returns the name of its file."""
        name = self._name(".gif")
        steps.gif(self.folder / name)
        return name

    def _image(self, drawn: Any, alt: str) -> Image:
        svg = drawn.pipe(format="svg")
        width, height = (
            float(re.findall(rb'<svg[^>]*? %s="([\d.]+)pt"' % side, svg)[0]) for side in (b"width", b"height")
        )
        name = self._name(".svg")
        (self.folder / name).write_bytes(svg)
        return Image(name, width, height, alt)

    def _name(self, suffix: str) -> str:
        self.count += 1
        return f"{self.name}-{self.count}{suffix}"


# ---- filters of the templates


def macro(part: Any) -> str:
    """Returns the name of the macro that sets a part."""
    return next(name for kind, name in MACROS if isinstance(part, kind))


def minus(text: str) -> str:
    """Returns a number with a minus sign for its hyphen; other texts stay as they are."""
    return text.strip().replace("-", "−") if NUMBER.fullmatch(text.strip()) else text


def numeric(table: Table, column: int) -> bool:
    """Returns whether all cells of a column are numbers."""
    return all(NUMBER.fullmatch(row[column].strip()) for row in table.rows)


def size(table: Table) -> str:
    """Returns the class of a table's width. The style sheet stacks the cells of wide tables on narrow pages."""
    columns = zip(*([table.head] if table.head else []), *table.rows, strict=True)
    wanted = sum(min(max(map(len, column)), LONG) + 2 for column in columns)
    return "large" if wanted > 76 else "middling" if wanted > 50 else "small"


def matrix(array: NDArray[np.float64]) -> list[list[str]]:
    """Returns an array's numbers as rows of texts. A vector becomes a column, as in the notes."""
    rows = array.reshape(-1, 1) if array.ndim < 2 else array
    return [[f"{x:.6f}".replace("-", "−") for x in row] for row in rows.tolist()]


def orders(sides: Any) -> list[list[tuple[str, str]]]:
    """Returns the differences of two matrices, each with a class for its colour: from none over rounding to more."""
    difference = np.abs(sides.graph - sides.closed_form)
    rows = difference.reshape(-1, 1) if difference.ndim < 2 else difference
    return [[(apart(x).replace("-", "−"), f"apart-{_order(x)}") for x in row] for row in rows.tolist()]


def _order(difference: float) -> int:
    return sum(difference > limit for limit in (0.0, 2e-17, 1e-15, 1e-9))


def coloured(code: str) -> Markup:
    """Returns Python code as HTML, with colours if Pygments is installed."""
    try:
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import PythonLexer
    except ImportError:
        return Markup("<code>{}</code>").format(code)
    return Markup("<code>{}</code>").format(Markup(highlight(code, PythonLexer(), HtmlFormatter(nowrap=True))))
