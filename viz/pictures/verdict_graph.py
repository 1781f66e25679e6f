"""A verdict on a backward pass as a picture: the named arrays, the ways back between them, and the mistake's place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from textwrap import wrap

from autograd.checking.verdict import Verdict
from autograd.programs.equations import NamedWay, derivative_name

from ..look import Look, Row, breadth, escape
from ..rendering import Picture
from ..style import Style

__all__ = ["draw_verdict"]

WIDEST_EQUATION = 34  # characters in a line
MOST_LINES = 5  # of an equation, or of a reason
WIDEST_CAPTION = 80
UNBROKEN = "\N{NO-BREAK SPACE}"
HOW = "Arrows: the ways that gradients go back, each with its equation. "


def draw_verdict(verdict: Verdict, max_nodes: int, direction: str, style: Style, caption: str | None) -> Picture:
    """Draws a verdict on a backward pass, for `draw`."""
    names = verdict.equations.names
    if len(names) > max_nodes:
        raise ValueError(
            f"this verdict has {len(names)} named arrays, more than max_nodes={max_nodes}: print(verdict.text) tells "
            "it in words, or pass a larger max_nodes"
        )
    view = _View(verdict, Look(style))
    small = {"fontname": style.font, "fontsize": f"{style.small:g}", "fontcolor": style.grey}
    picture = Picture(format="svg")
    picture.attr(
        "graph", rankdir=direction, bgcolor=style.paper, nodesep=view.look.gap(0.2), ranksep=view.look.gap(0.35)
    )
    picture.attr(
        "graph", label=view.caption() if caption is None else view.look.caption(escape(caption), style.ink, ""), **small
    )
    picture.attr("node", shape="plain", fontname=style.font, fontsize=f"{style.size:g}", fontcolor=style.ink)
    picture.attr("edge", color=style.line, arrowsize=view.look.gap(0.7), **small)
    for number in sorted(names):
        picture.node(view.boxes[names[number]], label=view.box(number))
    for i, way in enumerate(verdict.equations.named_ways, 1):
        below, above, drawn = view.boxes[way.below], view.boxes[way.above], view.edge(way)
        picture.node(f"w{i}", label=view.label(way), fontsize=f"{style.small:g}")
        picture.edge(below, f"w{i}", dir="back", **drawn)
        picture.edge(f"w{i}", above, arrowhead="none", **drawn)
    return picture


@dataclass(frozen=True, eq=False)
class _View:
    """The contents of the picture: boxes of arrays, and labels and strokes of ways."""

    verdict: Verdict
    look: Look

    @cached_property
    def boxes(self) -> dict[str, str]:
        """The name of each named array's box in the DOT text."""
        return {name: f"n{i}" for i, (_, name) in enumerate(sorted(self.verdict.equations.names.items()), 1)}

    @cached_property
    def reasons(self) -> dict[NamedWay, str]:
        """The ways that reasons name. Each reason's text stands at the first of its ways; the others have ""."""
        found: dict[NamedWay, str] = {}
        for reason in self.verdict.reasons:
            ways = [way for way in self.verdict.equations.named_ways if way.ways & set(reason.ways)]
            for way in ways:
                told = reason.text if way is ways[0] else ""
                found[way] = found.get(way) or told  # the simplest of several reasons; the caption has all
        return found

    @cached_property
    def suspects(self) -> set[NamedWay]:
        """The edges of the backward pass that may hold the mistake."""
        if self.reasons:
            return set(self.reasons)
        return set(self.verdict.whereabouts.suspects)

    def box(self, number: int) -> str:
        """Makes an array's box: its name and shape, and whether its gradient is right, wrong or not given."""
        style, name = self.look.style, self.verdict.equations.names[number]
        assignment = self.verdict.recorded.program.assignments[number]
        given = {given.assignment.number: given for given in self.verdict.givens}.get(number)
        told = "not given" if given is None else "right" if given.is_right else "wrong"
        if given is None and assignment is self.verdict.recorded.result:
            told = "upstream"
        shape = str(assignment.shape) if assignment.shape else "a number"
        colour = {"right": style.green, "wrong": style.red}.get(told, style.grey)
        rows = [
            self.look.row(escape(name), escape(shape), bold=True),
            self.look.row(escape(derivative_name(name)), told, colour=colour, bold=given is not None),
        ]
        border = colour if given is not None else style.line
        return self.look.table(rows, border, thickness={"right": 2, "wrong": 4}.get(told, 1))

    def edge(self, way: NamedWay) -> dict[str, str]:
        """Returns the stroke of a way: red and dashed for a mistake, narrower for a possible one; green if right."""
        style = self.look.style
        if way in self.reasons:
            return {"color": style.red, "penwidth": f"{style.widest:g}", "style": "dashed"}
        if way in self.suspects:
            return {"color": style.red, "penwidth": f"{style.widest / 2:g}", "style": "dashed"}
        if way in self.verdict.whereabouts.cleared:
            return {"color": style.green, "penwidth": f"{style.widest / 2:g}"}
        return {"color": style.line}

    def label(self, way: NamedWay) -> str:
        """Makes a way's label: its equation and, if a reason names the way, the reason."""
        style = self.look.style
        colour = (
            style.red if way in self.suspects else style.ink if way in self.verdict.whereabouts.cleared else style.grey
        )
        equation = way.equation.replace(" ** ", f"{UNBROKEN}**{UNBROKEN}")
        rows = [self._line(line, colour) for line in _lines(equation)]
        if way not in self.reasons:
            return self.look.plain(rows)
        rows += [self._line(line, colour, bold=True) for line in _lines(self.reasons[way])]
        return self.look.table(rows, colour, thickness=2)

    def _line(self, text: str, colour: str, bold: bool = False) -> Row:
        shown = f"<B>{escape(text)}</B>" if bold else escape(text)
        width = breadth(escape(text)) * self.look.style.small
        return Row(f'<FONT COLOR="{colour}">{shown}</FONT>', width)

    def caption(self) -> str:
        """Returns the text below: the verdict, and how to read the picture."""
        style = self.look.style
        told = "<BR/>".join(map(escape, wrap(str(self.verdict), WIDEST_CAPTION)))
        how = HOW
        if self.reasons:
            how += "Thick and dashed: where the mistake is."
        elif self.suspects:
            how += "Dashed: where the mistake may be."
        return self.look.caption(told, style.green if self.verdict.agrees() else style.red, how)


def _lines(text: str) -> list[str]:
    return wrap(text, WIDEST_EQUATION, break_long_words=False, max_lines=MOST_LINES, placeholder=" …")
