"""The contents of a graph's picture: names, numbers and gradients in boxes, a local derivative on each edge."""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from textwrap import wrap
from typing import NamedTuple

from autograd import Step as WalkStep
from autograd import Value, backward_steps, nodes
from autograd.diagnostics.changes import fits
from autograd.formulas.labelled_graph import LabelledGraph
from autograd.writing import constant

from ..look import Cell, Look, Row, breadth, escape, formula, number
from ..wording import computed, named, symbol, term
from .marks import marks
from .moments import Moment, Step

__all__ = ["Edge", "GraphView"]

LOCAL = "On each edge: the local derivative. "
FLOW = "Width: the gradient that flows back"
BEFORE = "The gradients come with backward()."
ACCUMULATED = "Its grad now: what backward() has added up in .grad by now; zero_grad() sets it to 0."
LINE_OF_WARNING = 80  # characters
MOST_BESIDE = 4  # edges between the same two values; if there are more, one edge stands for their sum
GAPS = 7  # sizes of the text: the widths of the gaps between an operation's label, circle and box
WIDEST_NAME = 18  # characters in a line of a value's name
LONGEST_STEP = 90  # characters of a formula in a step's caption


class Edge(NamedTuple):
    """An edge from an operand (below) into the circle of an operation (above)."""

    above: Value
    below: Value
    form: str  # of the local derivative; "" shows its number alone
    slope: float
    flow: float  # the gradient that comes back along it


@dataclass(eq=False)
class GraphView:
    """The texts and numbers of a graph, before it is drawn."""

    root: Value
    names: dict[Value, str]  # of the values shown, operands before results: the label, or v1, v2, …
    circles: dict[Value, str]  # the texts of their operations' circles
    forms: dict[Value, str]  # their formulas, in names
    edges: list[Edge]  # in the order of the walk back
    gradients: dict[Value, float]  # ∂root/∂value, by the root's own pass
    digits: int
    changed: str  # the warning that data has changed since the recording; "" if it has not
    look: Look
    moment: Moment = field(default_factory=Moment)

    @classmethod
    def of_operations(cls, root: Value, digits: int, changed: str, look: Look) -> "GraphView":
        """Makes a view of every value, with the local derivatives of each operation."""
        values = nodes(root)
        names = named(values)
        gradients = {**dict.fromkeys(values, 0.0), root: 1.0}
        often = {value: Counter(value.parents) for value in values}
        edges: list[Edge] = []
        places: dict[tuple[Value, Value], int] = {}  # in `edges`, of those that stand for a sum
        for step in backward_steps(root):
            gradients[step.parent] += step.contribution
            times = often[step.node][step.parent]
            form = _form(step, names, digits) if times <= MOST_BESIDE else f"sum of {times}"
            edge = Edge(step.node, step.parent, form, step.local, step.contribution)
            place = places.setdefault((step.node, step.parent), len(edges)) if times > MOST_BESIDE else len(edges)
            if place == len(edges):
                edges.append(edge)
            else:
                so_far = edges[place]
                edges[place] = edge._replace(slope=so_far.slope + edge.slope, flow=so_far.flow + edge.flow)
        circles = {value: symbol(value, value.op) for value in values if value.op is not None}
        terms = {value: term(name) for value, name in names.items()}
        forms = {
            value: computed(value, {i: terms[v] for i, v in enumerate(value.operands) if isinstance(v, Value)})
            for value in circles
        }
        return cls(root, names, circles, forms, edges, gradients, digits, changed, look)

    @classmethod
    def of_labels(cls, root: Value, digits: int, changed: str, look: Look) -> "GraphView":
        """Makes a view of the labelled values alone. One factor stands for all operations between two of them."""
        labelled = LabelledGraph(root)
        names = {value: name.text for value, name in labelled.names.items()}
        circles, forms = {}, {}
        for value in names:
            if value.op is not None:
                forms[value] = labelled.forward(value).text
                alone = all(parent in names for parent in value.parents)
                circles[value] = (value.op.called or symbol(value, value.op)) if alone else forms[value]
        edges = []
        for factor in labelled.factors:
            flow = labelled.totals[factor.above] * factor.value
            form = "" if changed else factor.formula.text  # the names in it may have other numbers now
            edges.append(Edge(factor.above, factor.below, _told(form, factor.value, digits), factor.value, flow))
        return cls(root, names, circles, forms, edges, labelled.totals, digits, changed, look)

    @cached_property
    def numbers(self) -> dict[Value, int]:
        """Each value's number in the DOT text."""
        return {value: i for i, value in enumerate(self.names, 1)}

    @cached_property
    def into(self) -> dict[Value, list[int]]:
        """For each value, the places in `edges` of the edges into its circle."""
        found: dict[Value, list[int]] = {value: [] for value in self.names}
        for i, edge in enumerate(self.edges):
            found[edge.above].append(i)
        return found

    @cached_property
    def room(self) -> int:
        """About how wide an operation is with its label and its box, in sizes of the text."""
        labels, circles = [formula(edge.form) for edge in self.edges], map(formula, self.circles.values())
        boxes = [[formula(self.derivative(value)), self.text(self.gradients[value])] for value in self.names]
        widest = max(sum(map(breadth, texts)) for texts in boxes)
        return round(GAPS + widest + sum(max(map(breadth, texts), default=0.0) for texts in (labels, circles)))

    @cached_property
    def largest(self) -> float:
        """The largest magnitude of the gradients."""
        return max((abs(gradient) for gradient in self.gradients.values() if isfinite(gradient)), default=0.0)

    @property
    def walked(self) -> bool:
        """Whether backward() has been called on the root, or its steps are shown."""
        return self.root.grad != 0.0 or self.moment.step is not None

    def text(self, x: float) -> str:
        """Writes a number as the picture shows it."""
        return number(x, self.digits)

    def derivative(self, value: Value) -> str:
        """Returns the text ∂root/∂value, in names."""
        return f"∂{self.names[self.root]}/∂{self.names[value]}"

    # ---- steps

    def steps(self) -> list[Step]:
        """Returns the steps of the passes forward and back, each with the numbers that it uses."""
        return [*map(self._forward, self.circles), self._seed(), *map(self._backward, range(len(self.edges)))]

    def _forward(self, value: Value) -> Step:
        form = self.forms[value]
        told = "" if self.changed or len(form) > LONGEST_STEP else f"{form} = "
        told = f"forward, {self.names[value]} = {told}{self.text(value.data)}"
        uses = (("value", self.edges[i].below) for i in self.into[value])
        return Step(told, frozenset(uses), frozenset({("value", value)}))

    def _seed(self) -> Step:
        return Step(f"backward begins, {self.derivative(self.root)} = 1", makes=frozenset({("gradient", self.root)}))

    def _backward(self, i: int) -> Step:
        edge = self.edges[i]
        earlier = any(before.below is edge.below for before in self.edges[:i])
        outer, inner = self.derivative(edge.above), self.derivative(edge.below)
        form = "" if len(edge.form) > LONGEST_STEP else f"{_factor(edge.form)} · {outer} = " if edge.form else ""
        numbers = " × ".join(
            f"({x})" if x[0] == "−" else x for x in map(self.text, (edge.slope, self.gradients[edge.above]))
        )
        told = f"{form}{numbers} = {self.text(edge.flow)}"
        told = f"backward, to {inner} is added {told}" if earlier else f"backward, {inner} = {told}"
        uses = frozenset({("gradient", edge.above), ("slope", i)})
        return Step(told, uses, frozenset({("gradient", edge.below), ("slope", i)}))

    @cached_property
    def sums(self) -> dict[Value, list[float]]:
        """For each value, ∂root/∂value at the start and after each contribution."""
        found = {value: [float(value is self.root)] for value in self.names}
        for edge in self.edges:
            found[edge.below].append(found[edge.below][-1] + edge.flow)
        return found

    def gradient(self, value: Value) -> float:
        """Returns ∂root/∂value, summed over the steps taken so far."""
        if self.moment.step is None:
            return self.gradients[value]
        added = sum(edge.below is value and self.moment.knows(("slope", i)) for i, edge in enumerate(self.edges))
        return self.sums[value][added]

    # ---- texts and boxes

    def caption(self, own: str | None) -> str:
        """Returns the caption: the user's own, the step, a warning of changed data, or how to read the picture."""
        style = self.look.style
        if own is not None:
            return self.look.words(own)
        if self.moment.step is not None:
            return self.moment.caption(self.look)
        if self.changed:
            lines = map(escape, wrap(self.changed, LINE_OF_WARNING))
            return self.look.caption([], "", [f'<FONT COLOR="{style.red}">{line}</FONT>' for line in lines])
        if self.root.op is None:
            return ""
        told = LOCAL + (f"{FLOW} ({self.look.signs()})." if self.walked else BEFORE)
        if "gradients" in self.look.hidden:
            told = LOCAL
        return self.look.caption([], "", [told, *[ACCUMULATED] * any(map(self.accumulated, self.names))])

    def accumulated(self, value: Value) -> bool:
        """Returns whether a leaf's `grad` is another number than ∂root/∂leaf, as after a second backward pass."""
        if self.moment.step is not None:
            return False
        return value.op is None and _differs(value.grad, self.gradients[value] if self.walked else 0.0)

    def box(self, value: Value) -> str:
        """Makes a value's box: its name and number, and ∂root/∂value below."""
        look, style, moment = self.look, self.look.style, self.moment
        gradient = self.gradient(value)
        has_gradient = self.walked and moment.knows(("gradient", value))
        rows = [self._first_row(value)]
        plain = not has_gradient or "gradients" in look.hidden or (moment.step is not None and look.is_grey)
        fill = "" if plain else look.tint(gradient, self.largest)
        derivative = Cell(look.beside_bold(formula(self.derivative(value))), "labels")
        sums = map(self.text, [*self.sums[value], -0.5])
        shown = Cell(f"<B>{self.text(gradient)}</B>", "gradients", has_gradient, room=max(sums, key=breadth))
        lit = moment.lights(("gradient", value))
        rows.append(look.row(derivative, shown, fill=fill, lit=lit))
        if self.accumulated(value):
            held = Cell(self.text(value.grad), "gradients")
            rows.append(look.row("its grad now", held, colour=style.grey, small=True))
        known = moment.knows(("value", value), given=value.op is None)
        warnings = marks(value, self.gradients[value] if self.walked else None, self.digits)
        colours = [style.red if mark.is_error else style.amber for mark in warnings]
        for mark, colour in zip(warnings, colours, strict=True):
            cells = Cell(mark.what, "", known), Cell(mark.detail, "slopes", known)
            rows.append(look.row(*cells, colour=colour, small=True))
        border = colours[0] if colours and known else ""
        if lit or moment.lights(("value", value)):
            border = style.amber
        return look.table(rows, border, thickness=2 if value.op is None or warnings else 1)

    def circle(self, value: Value) -> str:
        """Makes the label of an operation's circle. A formula with names is blank if labels are hidden."""
        shown, look = formula(self.circles[value]), self.look
        says_names = self.circles[value] == self.forms[value]
        return look.roomy(Cell(shown, "labels")) if says_names else f"<{shown}>"

    def again(self, value: Value) -> str:
        """Makes the box that repeats a value from an earlier line: its name and number."""
        return self.look.table([self._first_row(value, again=True)])

    def _first_row(self, value: Value, again: bool = False) -> Row:
        is_leaf = value.op is None
        name = Cell(formula(self.names[value], WIDEST_NAME), "labels")
        known = self.moment.knows(("value", value), given=is_leaf)
        data = Cell(self.text(value.data), "" if is_leaf else "values", known, self.text(-0.5))
        colour = self.look.style.ink if value.label and not again else self.look.style.grey
        bold = bool(value.label) and not again
        return self.look.row(name, data, bold=bold, colour=colour, lit=self.moment.lights(("value", value)))

    def slope(self, i: int) -> str:
        """Makes the label on an edge: its local derivative, as a short form and a number."""
        edge, look = self.edges[i], self.look
        kinds = look.kinds_of_slopes
        form = Cell(formula(f"{edge.form} =") if edge.form else "", kinds[0])
        room = "" if edge.form else self.text(0.5)
        shown = Cell(self.text(edge.slope), kinds[1], self.moment.knows(("slope", i)), room)
        lit = self.moment.lights(("slope", i))
        return look.slope(form, shown, lit)

    def stroke(self, i: int) -> dict[str, str]:
        """Returns the stroke of an edge: that of its gradient once the gradient has flowed back, else a plain line."""
        if self.moment.lights(("slope", i)):
            return self.look.edge(self.edges[i].flow, self.largest)
        if not self.walked or not self.moment.knows(("slope", i)) or "gradients" in self.look.hidden:
            return {"color": self.look.style.line}
        return self.look.edge(self.edges[i].flow, self.largest)


def _form(step: WalkStep, names: dict[Value, str], digits: int) -> str:
    """Writes the short form of a local derivative; "" if the operands have other numbers now than in the recording."""
    op = step.node.op
    if op is None or not fits(step.node):
        return ""
    inputs = [names[operand] if isinstance(operand, Value) else operand for operand in step.node.operands]
    return _told(op.write_slope(inputs, names[step.node], step.position), step.local, digits)


def _told(form: str, x: float, digits: int) -> str:
    """Returns the form, or "" if it is only the number."""
    return "" if form in (number(x, digits), constant(x)) else form


def _factor(form: str) -> str:
    """Returns a form as the factor before a dot: a sum gets parentheses."""
    outside = re.sub(r"\(.*\)", "", form)
    return f"({form})" if " + " in outside or " − " in outside or form[0] == "−" else form


def _differs(a: float, b: float) -> bool:
    return abs(a - b) > 1e-9 * max(abs(a), abs(b))
