"""A verdict on an engine as a picture: the first graph on which it fails, with its numbers and the right ones."""

from __future__ import annotations

from textwrap import wrap

from autograd import Value
from autograd.engines.verdict import EngineVerdict, Reading

from ..look import Look, escape, number
from ..rendering import Picture
from ..style import Style
from ..wording import symbol

__all__ = ["draw_engine"]

WIDEST_CAPTION = 80
DIGITS = 4


def draw_engine(verdict: EngineVerdict, direction: str, style: Style) -> Picture:
    """Draws a verdict on an engine, for `draw`."""
    small = {"fontname": style.font, "fontsize": f"{style.small:g}"}
    picture = Picture(format="svg")
    picture.attr("graph", rankdir=direction, bgcolor=style.paper, nodesep="0.18", ranksep="0.3")
    colour = style.green if verdict.agrees() else style.red
    told = [*map(escape, wrap(str(verdict), WIDEST_CAPTION))]
    picture.attr("graph", label=Look(style).caption(told, colour), **small)
    picture.attr("node", shape="plain", fontname=style.font, fontsize=f"{style.size:g}", fontcolor=style.ink)
    picture.attr("edge", color=style.line, arrowsize="0.6", **small)
    if verdict.first is None:
        picture.node("n", label=escape(verdict.name), shape="box", color=colour)
        return picture
    truth = verdict.first.graph.truth
    names = {value: name for name, value in truth.items()}
    readings = {reading.name: reading for reading in verdict.readings}
    for name, value in truth.items():
        picture.node(name, label=_box(name, readings.get(name), style))
        if value.op is None:
            continue
        picture.node(f"o{name}", label=f"<{escape(symbol(value, value.op))}>", shape="ellipse", color=style.grey)
        picture.edge(f"o{name}", name)
        for operand in value.operands:
            if isinstance(operand, Value) and operand in names:
                picture.edge(names[operand], f"o{name}")
    return picture


def _box(name: str, reading: Reading | None, style: Style) -> str:
    """Makes a value's box: the engine's numbers on the left, this library's on the right, and a mark on wrong ones."""
    if reading is None:
        return f'<<TABLE BORDER="1" CELLBORDER="0" COLOR="{style.line}"><TR><TD>{name}</TD></TR></TABLE>>'
    data, grad = reading.is_right
    rows = [
        (" ", "yours", "ours", style.grey),
        (_told(name, data), reading.data, reading.right_data, _colour(data, style)),
    ]
    if reading.grad is not None:
        rows.append((_told(f"∂C/∂{name}", grad), reading.grad, reading.right_grad, _colour(grad, style)))
    cells = "".join(
        f'<TR><TD ALIGN="LEFT"><FONT COLOR="{colour}">{left}</FONT></TD>'
        f'<TD ALIGN="RIGHT"><FONT COLOR="{colour}">{_shown(yours)}</FONT></TD>'
        f'<TD ALIGN="RIGHT"><FONT COLOR="{style.ink}">{_shown(ours)}</FONT></TD></TR>'
        for left, yours, ours, colour in rows
    )
    border, thickness = (style.line, 1) if data and grad else (style.red, 3)
    return (
        f'<<TABLE BORDER="{thickness}" COLOR="{border}" STYLE="ROUNDED" CELLBORDER="0" CELLSPACING="2">{cells}</TABLE>>'
    )


def _told(name: str, is_right: bool) -> str:
    return name if is_right else f"{name} wrong"


def _colour(is_right: bool, style: Style) -> str:
    return style.green if is_right else style.red


def _shown(x: object) -> str:
    return number(x, DIGITS) if isinstance(x, float) else escape(f"{x!s:.20}")
