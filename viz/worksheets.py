"""`worksheet`: a graph as an exercise on paper, with different numbers for each student, and a sheet of answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from random import Random

from autograd import DomainError, Value, apply, nodes
from nn.arguments import whole

from .look import number
from .page.play import Page
from .pictures.value_graph import draw_parts
from .style import Style
from .wording import named

__all__ = ["Worksheet", "worksheet"]

PAPERS = {"A4": "210mm 297mm", "letter": "215.9mm 279.4mm"}
DRAWN = [step / 2 for step in range(-6, 7) if step]  # numbers for work by hand
TRIES = 200  # draws of numbers for a sheet, until the graph has a value
STYLE = Style(size=13)
OPERATIONS = 2  # in a line; with more, the picture shrinks on paper
LINES = 4  # in a picture; a longer graph has several, which may stand on several pages
SCREEN = '<meta name="viewport" content="width=device-width, initial-scale=1">'
CSS = """
@page { size: $size; margin: 15mm }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 180mm; background: white; color: #1b1f24;
       font: 11pt/1.45 Helvetica, Arial, "Liberation Sans", sans-serif }
section { break-after: page; padding: 6mm 0 }
section:last-child { break-after: auto }
h1 { font-size: 15pt; margin: 0 0 3mm }
.name { display: flex; gap: 8mm; margin: 0 0 5mm }
.name span { flex: 1; border-bottom: 0.3mm solid #656d76 }
.name span + span { flex: 0 0 40mm }
svg { display: block; width: auto; height: auto; max-width: 100%; max-height: 185mm; margin: 3mm 0 }
table { border-collapse: collapse; margin: 4mm 0 }
td, th { border: 0.2mm solid #656d76; padding: 2mm 4mm; text-align: right; min-width: 24mm; height: 9mm }
th:first-child, td:first-child { text-align: left; min-width: 0 }
.blank { min-width: 38mm }
.answers table { font-size: 9.5pt } .answers td, .answers th { padding: 0.8mm 2.5mm; min-width: 0; height: auto }
tr, svg { break-inside: avoid }
@media screen {
  svg { min-width: 34rem }
  section { border-bottom: 1px dashed #b8c0c8; padding: 6mm 4mm; overflow-x: auto }
}
"""
TASK = "Work the gradients out by hand, from the result back to the leaves: one box at a time, then the table."


@dataclass(frozen=True, eq=False)
class Sheet:
    """One student's graph."""

    graph: Value
    leaves: dict[str, Value]  # by their labels

    @property
    def answers(self) -> dict[str, float]:
        """∂C/∂leaf for each leaf, by its label."""
        return {name: leaf.grad for name, leaf in self.leaves.items()}


class Worksheet(Page):
    """Sheets to be printed: `.save("homework.html")` writes them, a notebook shows them in a frame.

    `.answers` is a list with a dictionary for each sheet: ∂C/∂leaf by the leaf's label. Use it to mark the students'
    answers.
    """

    def __init__(self, html: str, answers: list[dict[str, float]]) -> None:
        super().__init__(html, f"{len(answers)} sheets and their answers")
        self.answers = answers  # for each sheet, ∂C/∂leaf by the leaf's label


def worksheet(
    C: Value, *, sheets: int = 1, seed: int = 0, title: str = "Backpropagation", paper: str = "A4", digits: int = 4
) -> Worksheet:
    """Makes an exercise to be printed: a sheet with blanks for each student, and the answers at the end.

    Each sheet has the graph of `C` with other numbers in its labelled leaves, multiples of ½ from −3 to 3. Students
    work out the gradients of these leaves.

    Args:
        C: The result of the graph.
        sheets: The number of sheets.
        seed: Determines the numbers: sheet i of a seed is always the same.
        title: The heading of each sheet.
        paper: "A4" or "letter".
        digits: Decimals of the numbers.
    Returns:
        The sheets and their answers.
    Raises:
        ValueError: If the graph has no labelled leaf, or no value at the numbers drawn.
    Example:
        >>> a, b, c = Value(2.0, "a"), Value(-3.0, "b"), Value(1.0, "c")
        >>> homework = worksheet((a * b + c) * b, sheets=30, seed=7)
        >>> len(homework.answers), sorted(homework.answers[0])
        (30, ['a', 'b', 'c'])
    """
    if not isinstance(C, Value):
        raise TypeError(f"worksheet takes the graph below a Value; got {type(C).__name__} {C!r:.40}")
    if paper not in PAPERS:
        raise ValueError(f"paper is {' or '.join(PAPERS)}; got {paper!r}")
    if not any(value.op is None and value.label for value in nodes(C)):
        raise ValueError("worksheet asks for the gradients of labelled leaves; this graph has none: label(a=a, b=b)")
    count, digits = whole(sheets, "sheets"), whole(digits, "digits", 0, 17)
    drawn = [_drawn(C, Random(f"{seed} {i}")) for i in range(count)]
    pages = [_page(sheet, i, title, digits) for i, sheet in enumerate(drawn, 1)]
    for sheet in drawn:
        sheet.graph.backward()
    answers = [sheet.answers for sheet in drawn]
    css = CSS.replace("$size", PAPERS[paper])
    head = f'<meta charset="utf-8">\n{SCREEN}\n<title>{escape(title)}</title>\n<style>{css}</style>'
    body = "".join(pages) + _answers(drawn, title, digits)
    return Worksheet(f'<!doctype html>\n<html lang="en">\n{head}\n{body}</html>\n', answers)


def _drawn(C: Value, random: Random) -> Sheet:
    """Copies the graph with other numbers in its labelled leaves, drawn until the copy has a value."""
    for _ in range(TRIES):
        made: dict[Value, Value] = {}
        try:
            for value in nodes(C):
                if value.op is None:
                    made[value] = Value(random.choice(DRAWN) if value.label else value.data, value.label)
                else:
                    made[value] = apply(value.op, *(made.get(x, x) for x in value.operands))
                    made[value].label = value.label
        except DomainError:
            continue
        leaves = {value.label: copy for value, copy in made.items() if value.op is None and value.label}
        return Sheet(made[C], leaves)
    raise ValueError(
        f"worksheet draws halves from −3 to 3, and {TRIES} times this graph had no value there: use functions that "
        "take numbers below 0 too"
    )


def _page(sheet: Sheet, i: int, title: str, digits: int) -> str:
    """Writes a student's sheet: the graph without its gradients, and a table with blanks."""
    root = named(nodes(sheet.graph))[sheet.graph]
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{number(leaf.data, digits)}</td><td class='blank'></td></tr>"
        for name, leaf in sheet.leaves.items()
    )
    return (
        f"<section><h1>{escape(title)}, sheet {i}</h1><p class='name'>Name <span></span> Date <span></span></p>"
        f"<p>{TASK}</p>{_pictures(sheet.graph, digits)}"
        f"<table><tr><th></th><th>number</th><th>∂{escape(root)}/∂·</th></tr>{rows}</table></section>\n"
    )


def _pictures(graph: Value, digits: int) -> str:
    """Draws the graph as SVG, with blanks for gradients and slopes, in parts that are legible on paper."""
    hide = ("gradients", "slopes")
    parts = draw_parts(graph, LINES, hide=hide, wrap=OPERATIONS, style=STYLE, digits=digits)
    drawn: list[str] = [picture.pipe(format="svg", encoding="utf-8") for picture in parts]
    return "".join(svg[svg.index("<svg") :] for svg in drawn)


def _answers(sheets: Sequence[Sheet], title: str, digits: int) -> str:
    """Writes the sheet with all answers."""
    names = list(sheets[0].leaves)
    root = named(nodes(sheets[0].graph))[sheets[0].graph]
    head = "".join(f"<th>∂{escape(root)}/∂{escape(name)}</th>" for name in names)
    rows = "".join(
        f"<tr><td>{i}</td><td>{number(sheet.graph.data, digits)}</td>"
        + "".join(f"<td>{number(sheet.answers[name], digits)}</td>" for name in names)
        + "</tr>"
        for i, sheet in enumerate(sheets, 1)
    )
    return (
        f"<section class='answers'><h1>{escape(title)}: answers</h1>"
        f"<table><thead><tr><th>sheet</th><th>{escape(root)}</th>{head}</tr></thead>{rows}</table></section>\n"
    )
