"""A verdict on a backward pass as a picture: the named arrays, the ways back between them, and the mistake's place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from textwrap import wrap

from autograd.checking.verdict import Verdict
from autograd.programs.equations import NamedWay, derivative_name

from ..lines import depths
from ..look import Look, Row, breadth, broken, escape
from ..rendering import Picture
from ..style import Style

__all__ = ["draw_verdict"]

WIDEST_CAPTION = 80  # characters
WIDEST, NARROW = 34, 16  # characters in a line, and in one of an equation in a turn of a loop
STRAIGHT = "20"  # the weight of ways between boxes that are not repeated, so that these stand below each other
MOST_DEPTHS = 2  # of the arrays that a box is linked to; with more, it is repeated
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
        "graph", rankdir=direction, bgcolor=style.paper, nodesep=view.look.gap(0.12), ranksep=view.look.gap(0.35)
    )
    picture.attr("graph", label=view.caption() if caption is None else view.look.words(caption), **small)
    picture.attr("node", shape="plain", fontname=style.font, fontsize=f"{style.size:g}", fontcolor=style.ink)
    picture.attr("edge", color=style.line, arrowsize=view.look.gap(0.7), **small)
    for number in sorted(names):
        picture.node(view.boxes[names[number]], label=view.box(number))
    drawn_again: set[str] = set()
    for i, way in enumerate(verdict.equations.named_ways, 1):
        below, above, drawn = view.end(way.below, way.above), view.end(way.above, way.below), view.edge(way)
        further = {box: name for box, name in ((below, way.below), (above, way.above)) if box != view.boxes[name]}
        for box, name in further.items():
            if box not in drawn_again:
                picture.node(box, label=view.again(name))
        drawn_again.update(further)
        if not further:
            drawn["weight"] = STRAIGHT
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
    def depth(self) -> dict[str, int]:
        """How many ways lie between the leaves and each array."""
        below: dict[str, list[str]] = {name: [] for name in self.boxes}
        for way in self.verdict.equations.named_ways:
            below[way.above].append(way.below)
        return depths(below)

    @cached_property
    def turns(self) -> dict[str, int]:
        """The arrays that every turn of a loop uses or adds to, and the depth of the turn with the array's own box.

        The other turns have a further box of it, because a way to the one box would pass all turns between.
        """
        found, ways = {}, self.verdict.equations.named_ways
        for name in self.boxes:
            users = {self.depth[way.above] for way in ways if way.below == name}
            parts = {self.depth[way.below] for way in ways if way.above == name}
            if not (users and parts) and len(users | parts) > MOST_DEPTHS:
                found[name] = min(users, default=max(parts, default=0))
        return found

    def end(self, name: str, other: str) -> str:
        """Returns the box of an array in which a way from or to another array ends."""
        depth = self.depth[other]
        return self.boxes[name] + f"at{depth}" * (self.turns.get(name, depth) != depth)

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

    def again(self, name: str) -> str:
        """Makes a further box of an array: its name."""
        return self.look.table([self.look.row("", escape(name), colour=self.look.style.grey, close=True)])

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
        equation = re.sub(
            r" (\*\*) |(?<=,) (?=[^\[\]]*\])", lambda blank: blank[0].replace(" ", UNBROKEN), way.equation
        )
        rows = [
            self._line(line, colour)
            for line in broken(equation, NARROW if {way.below, way.above} & set(self.turns) else WIDEST)
        ]
        if way not in self.reasons:
            return self.look.plain(rows)
        rows += [self._line(line, colour, bold=True) for line in broken(self.reasons[way], WIDEST)]
        return self.look.table(rows, colour, thickness=2)

    def _line(self, text: str, colour: str, bold: bool = False) -> Row:
        shown = f"<B>{escape(text)}</B>" if bold else escape(text)
        width = breadth(escape(text)) * self.look.style.small
        return Row(f'<FONT COLOR="{colour}">{shown}</FONT>', width)

    def caption(self) -> str:
        """Returns the text below: the verdict, and how to read the picture."""
        style = self.look.style
        told = [*map(escape, wrap(str(self.verdict), WIDEST_CAPTION))]
        how = HOW
        if self.reasons:
            how += "Thick and dashed: where the mistake is."
        elif self.suspects:
            how += "Dashed: where the mistake may be."
        return self.look.caption(told, style.green if self.verdict.agrees() else style.red, [how])
