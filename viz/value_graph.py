"""`draw`: a computation graph with each value's gradient, and on each edge the local derivative that made it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from autograd import Step, Value, backward_steps, nodes
from autograd.diagnostics.changes import fits, warn_of_changes
from autograd.formulas.labelled_graph import LabelledGraph
from autograd.writing import constant
from nn import Module
from nn.arguments import whole

from .kinds import is_comparison, is_verdict
from .look import Look, escape, number
from .marks import marks
from .rendering import Picture
from .style import STYLE, Style, styled
from .wording import named, symbol

if TYPE_CHECKING:
    from autograd.checking.verdict import Verdict

__all__ = ["draw"]

LOCAL = "On each edge: the local derivative. "
FLOW = "Colour and width: the gradient that flows back (red above 0, blue below)."
BEFORE = "The gradients come with backward()."
ACCUMULATED = "Its grad now: what backward() has added up in .grad by now; zero_grad() sets it to 0."
LINE_OF_WARNING = 80  # characters


def draw(
    value: Value | Verdict,
    *,
    melt: bool = False,
    max_nodes: int = 150,
    direction: str = "LR",
    digits: int = 4,
    style: Style = STYLE,
) -> Picture:
    """The graph below `value` as a picture, a `graphviz.Digraph` with `.source`, `.pipe` and `.render`.

    Each value stands with ∂value/∂· from this value's own backward pass; before `backward()` those cells are empty.
    Where a leaf's `grad` holds something else (of another result, of several calls), it is shown below. Numbers that
    are not finite are marked, and where they begin, and so are dead relus, saturated sigmoids and tanhs. Values
    without a label are called v1, v2, …; with `melt` they are left out, and what lies between two labelled values is
    one edge with one factor, as `explain` writes it. Of a verdict of `check_backward` it shows the named arrays, the
    equations of the ways back between them, and where the mistake is. `direction` is LR, TB, RL or BT; `digits` are
    decimals; `style` has the colours and sizes. Raises ValueError for more than `max_nodes` values: for a network,
    `draw_network(compare(...))` shows it by its layers.

        >>> x = Value(3.0, "x")
        >>> y = x * x
        >>> y.backward()
        >>> picture = draw(y)  # a notebook shows it; picture.render("square.svg") writes a file
    """
    if not (isinstance(value, Value) or is_verdict(value)):
        raise TypeError(f"draw shows the graph below a Value; got {type(value).__name__}{_instead(value)}")
    if direction not in ("LR", "TB", "RL", "BT"):
        raise ValueError(f"direction is LR, TB, RL or BT; got {direction!r}")
    if is_verdict(value):
        from .verdict_graph import draw_verdict  # here, as it needs NumPy

        return draw_verdict(value, whole(max_nodes, "max_nodes"), direction, styled(style))
    values = nodes(value)
    shown = sum(v.op is None or bool(v.label) or v is value for v in values) if melt else len(values)
    if shown > whole(max_nodes, "max_nodes"):
        raise ValueError(
            f"this graph has {shown} values, more than max_nodes={max_nodes}: draw an earlier value, let "
            "draw_network(compare(model, x, y)) show a network by its layers, or pass a larger max_nodes"
        )
    digits, style = whole(digits, "digits", 0, 17), styled(style)
    changed = warn_of_changes("draw", value)
    graph = (_Graph.of_labels if melt else _Graph.of_operations)(value, digits, changed, Look(style))
    small = {"fontname": style.font, "fontsize": f"{style.small:g}", "fontcolor": style.grey}
    picture = Picture(format="svg")
    picture.attr("graph", rankdir=direction, bgcolor=style.paper, nodesep="0.18", ranksep="0.3")
    picture.attr("graph", label=graph.caption(), **small)
    picture.attr("node", shape="plain", fontname=style.font, fontsize=f"{style.size:g}", fontcolor=style.ink)
    picture.attr("node", color=style.grey, margin="0.04", width="0.3", height="0.3")
    picture.attr("edge", color=style.line, arrowsize="0.6", **small)
    for node in graph.names:
        _draw(picture, graph, node)
    return picture


class _Edge(NamedTuple):
    """What leads from an operand's box into a circle."""

    below: Value
    text: str  # the local derivative
    flow: float  # the gradient that comes back along it


@dataclass(frozen=True, eq=False)
class _Graph:
    """What is known of the graph before it is drawn."""

    root: Value
    names: dict[Value, str]  # of the values shown, operands before results: the label, or v1, v2, …
    circles: dict[Value, str]  # what their operations' circles show
    edges: dict[Value, list[_Edge]]  # into their circles
    gradients: dict[Value, float]  # ∂root/∂value, by the root's own pass
    digits: int
    changed: str  # the warning that data has been changed since, if it has
    look: Look

    @classmethod
    def of_operations(cls, root: Value, digits: int, changed: str, look: Look) -> _Graph:
        """Every value, with each operation's own local derivatives."""
        values = nodes(root)
        names = named(values)
        gradients = {**dict.fromkeys(values, 0.0), root: 1.0}
        edges: dict[Value, list[_Edge]] = {value: [] for value in values}
        for step in backward_steps(root):
            gradients[step.parent] += step.contribution
            edges[step.node].append(_Edge(step.parent, _local(step, names, digits), step.contribution))
        circles = {value: symbol(value, value.op) for value in values if value.op is not None}
        return cls(root, names, circles, edges, gradients, digits, changed, look)

    @classmethod
    def of_labels(cls, root: Value, digits: int, changed: str, look: Look) -> _Graph:
        """The labelled values, with the factors into which melts what lies between them."""
        labelled = LabelledGraph(root)
        names = {value: name.text() for value, name in labelled.names.items()}
        circles = {}
        for value in names:
            if value.op is not None:
                alone = all(parent in names for parent in value.parents)
                called = value.op.called or symbol(value, value.op)
                circles[value] = called if alone else labelled.forward(value).text()
        edges: dict[Value, list[_Edge]] = {value: [] for value in names}
        for factor in labelled.factors:
            flow = labelled.totals[factor.above] * factor.value
            form = "" if changed else factor.formula.text()  # it may name what holds another number by now
            edges[factor.above].append(_Edge(factor.below, _equation(form, factor.value, digits), flow))
        return cls(root, names, circles, edges, labelled.totals, digits, changed, look)

    @cached_property
    def numbers(self) -> dict[Value, int]:
        """By which a value is known in the DOT text."""
        return {value: i for i, value in enumerate(self.names, 1)}

    @cached_property
    def largest(self) -> float:
        """The largest magnitude of the gradients."""
        return max((abs(gradient) for gradient in self.gradients.values() if isfinite(gradient)), default=0.0)

    @property
    def walked(self) -> bool:
        """Whether backward() has been called on the root."""
        return self.root.grad != 0.0

    def caption(self) -> str:
        """How to read the picture, and a warning where boxes and edges are of different times."""
        if self.changed:
            lines = "<BR/>".join(map(escape, wrap(self.changed, LINE_OF_WARNING)))
            return f'<<FONT COLOR="{self.look.style.red}">{lines}</FONT>>'
        if self.root.op is None:
            return ""
        told = LOCAL + (FLOW if self.walked else BEFORE)
        return rf"{told}\n{ACCUMULATED}" if any(map(self.accumulated, self.names)) else told

    def accumulated(self, value: Value) -> bool:
        """Whether a leaf's `grad` holds something else than its derivative by this root's own pass."""
        return value.op is None and _differs(value.grad, self.gradients[value] if self.walked else 0.0)

    def table(self, value: Value) -> str:
        """A value's box: its name and number, ∂root/∂· below."""
        look, style = self.look, self.look.style
        name, gradient = escape(self.names[value]), self.gradients[value]
        derivative = f"∂{escape(self.names[self.root])}/∂{name}"
        colour = style.ink if value.label else style.grey
        rows = [look.row(name, number(value.data, self.digits), bold=bool(value.label), colour=colour)]
        if self.walked:
            text = number(gradient, self.digits)
            rows.append(look.row(derivative, f"<B>{text}</B>", fill=look.tint(gradient, self.largest)))
        else:
            rows.append(look.row(derivative, "", colour=style.grey))
        if self.accumulated(value):
            rows.append(look.row("its grad now", number(value.grad, self.digits), colour=style.grey, small=True))
        warnings = marks(value, gradient if self.walked else None, self.digits)
        colours = [style.red if mark.is_error else style.amber for mark in warnings]
        for mark, colour in zip(warnings, colours, strict=True):
            rows.append(look.row(mark.what, mark.detail, colour=colour, small=True))
        return look.table(rows, colours[0] if colours else "", thickness=2 if value.op is None or warnings else 1)


def _instead(shown: object) -> str:
    """What to draw in place of what has no graph of its own."""
    if is_comparison(shown):
        return ": draw_network(comparison) shows it, or draw(comparison.graph)"
    return ": draw(model(x)) shows one example's" if isinstance(shown, Module) else f" {shown!r:.60}"


def _local(step: Step, names: dict[Value, str], digits: int) -> str:
    """The local derivative of a step, as a short form and a number."""
    op = step.node.op
    if op is None or not fits(step.node):
        return number(step.local, digits)  # the form would name operands that hold other numbers by now
    inputs = [names[operand] if isinstance(operand, Value) else operand for operand in step.node.operands]
    return _equation(op.write_slope(inputs, names[step.node], step.position), step.local, digits)


def _equation(form: str, x: float, digits: int) -> str:
    """`form = x`, or the number alone where the form is that number."""
    text = number(x, digits)
    return text if form in ("", text, constant(x)) else f"{form} = {text}"


def _draw(picture: Picture, graph: _Graph, value: Value) -> None:
    """A value's box and, unless it is a leaf, its operation's circle with the edges that lead there."""
    box = f"n{graph.numbers[value]}"
    picture.node(box, label=graph.table(value))
    if value.op is None:
        return
    circle = f"o{graph.numbers[value]}"
    picture.node(circle, label=f"<{escape(graph.circles[value])}>", shape="ellipse")
    picture.edge(circle, box)
    look, edges = graph.look, graph.edges[value]
    for i, edge in enumerate(edges, 1):
        drawn = look.edge(edge.flow, graph.largest) if graph.walked else {"color": look.style.line}
        if graph.walked and edge.flow == 0.0:
            drawn["style"] = "dashed"
        tail, label = f"n{graph.numbers[edge.below]}", look.edge_label(escape(edge.text))
        if len(edges) > 3:  # beside so many edges labels would go astray: let each interrupt its own
            picture.node(f"{circle}e{i}", label=label, fontsize=f"{look.style.small:g}")
            picture.edge(tail, f"{circle}e{i}", arrowhead="none", **drawn)
            picture.edge(f"{circle}e{i}", circle, **drawn)
        else:
            picture.edge(tail, circle, label=label, **drawn)


def _differs(a: float, b: float) -> bool:
    return abs(a - b) > 1e-9 * max(abs(a), abs(b))
