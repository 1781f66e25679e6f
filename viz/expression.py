"""`draw`: a computation graph with each value's gradient, and on each edge the local derivative that made it."""

from dataclasses import dataclass
from math import isfinite

from autograd import Step, Value, backward_steps, floats, nodes
from autograd.table import Op, operation
from autograd.writing import constant, raised
from nn.arguments import whole

from .look import GREY, INK, LINE, RED, accent, edge_label, escape, number, row, table, tint, width
from .rendering import Picture

__all__ = ["draw"]

CAPTION = (
    "On each edge: the local derivative. Colour and width: the gradient that flows back (red above 0, blue below)."
)
STALE = "Some data has been changed since this graph was made; its results and slopes are of the numbers from before."


def draw(value: Value, *, max_nodes: int = 150, direction: str = "LR", digits: int = 4) -> Picture:
    """The graph below `value` as a picture, a `graphviz.Digraph` with `.source`, `.pipe` and `.render`.

    Each value stands with ∂value/∂· from this value's own backward pass; before `backward()` those cells are empty.
    Where a leaf's `grad` holds something else (of another result, of several calls), it is shown below. Values without
    a label are called v1, v2, … `direction` is LR, TB, RL or BT; `digits` are decimals. Raises ValueError for more than
    `max_nodes` values: for a network, `draw_network(compare(...))` shows it by its layers.
    """
    if not isinstance(value, Value):
        raise TypeError(f"draw shows the graph below a Value; got {type(value).__name__} {value!r:.60}")
    if direction not in ("LR", "TB", "RL", "BT"):
        raise ValueError(f"direction is LR, TB, RL or BT; got {direction!r}")
    values = nodes(value)
    if len(values) > whole(max_nodes, "max_nodes"):
        raise ValueError(
            f"this graph has {len(values)} values, more than max_nodes={max_nodes}: draw an earlier value, let "
            "draw_network(compare(model, x, y)) show a network by its layers, or pass a larger max_nodes"
        )
    graph = _Graph.of(value, values, whole(digits, "digits", 0, 17))
    picture = Picture(format="svg")
    picture.attr("graph", rankdir=direction, bgcolor="white", nodesep="0.18", ranksep="0.3")
    picture.attr("graph", fontname="Helvetica", fontsize="10", fontcolor=GREY, label=graph.caption())
    picture.attr("node", shape="plain", fontname="Helvetica", fontsize="12", fontcolor=INK)
    picture.attr("node", color=GREY, margin="0.04", width="0.3", height="0.3")
    picture.attr("edge", fontname="Helvetica", fontsize="10", fontcolor=GREY, color=LINE, arrowsize="0.6")
    for node in values:
        _draw(picture, graph, node)
    return picture


@dataclass(frozen=True, eq=False)
class _Graph:
    """What is known of the graph before it is drawn."""

    root: Value
    numbers: dict[Value, int]  # by which a node is known in the DOT text
    names: dict[Value, str]  # by which people know it: its label, or v1, v2, …
    gradients: dict[Value, float]  # ∂root/∂node, by the root's own pass
    largest: float  # of their magnitudes
    steps: dict[Value, list[Step]]  # by the node they start from
    walked: bool  # whether backward() has been called on the root
    digits: int

    @classmethod
    def of(cls, root: Value, values: list[Value], digits: int) -> "_Graph":
        unlabelled = (value for value in values if not value.label)
        names = {value: f"v{i}" for i, value in enumerate(unlabelled, 1)}
        gradients = {**dict.fromkeys(values, 0.0), root: 1.0}
        steps: dict[Value, list[Step]] = {value: [] for value in values}
        for step in backward_steps(root):
            gradients[step.parent] += step.contribution
            steps[step.node].append(step)
        return cls(
            root=root,
            numbers={value: i for i, value in enumerate(values, 1)},
            names={value: names.get(value) or str(value.label) for value in values},
            gradients=gradients,
            largest=max((abs(gradient) for gradient in gradients.values() if isfinite(gradient)), default=0.0),
            steps=steps,
            walked=root.grad != 0.0,
            digits=digits,
        )

    def caption(self) -> str:
        """How to read the picture, and a warning where boxes and edges are of different times."""
        if any(value.op is not None and _is_stale(value, value.op) for value in self.numbers):
            return f'<<FONT COLOR="{RED}">{STALE}</FONT>>'
        return CAPTION if self.walked and self.root.op is not None else ""

    def table(self, value: Value) -> str:
        """A value's box: its name and number, ∂root/∂· below."""
        name = escape(self.names[value])
        gradient = self.gradients[value]
        derivative = f"∂{escape(self.names[self.root])}/∂{name}"
        rows = [row(name, number(value.data, self.digits), bold=bool(value.label), colour=INK if value.label else GREY)]
        if self.walked:
            text = number(gradient, self.digits)
            rows.append(row(derivative, f"<B>{text}</B>", fill=tint(gradient, self.largest)))
        else:
            rows.append(row(derivative, "", colour=GREY))
        if value.op is None and _differs(value.grad, gradient if self.walked else 0.0):
            rows.append(row("its grad now", number(value.grad, self.digits), colour=GREY, size=10))
        return table(rows, thickness=2 if value.op is None else 1)

    def symbol(self, value: Value, op: Op) -> str:
        """The operation as its circle shows it: constants inside, dots for the Values."""
        operands = value.operands
        if op is operation("dot"):
            return op.symbol + (" + b" if len(operands) % 2 else "")
        if all(isinstance(operand, Value) for operand in operands):
            return op.symbol
        shown = ["·" if isinstance(operand, Value) else constant(operand) for operand in operands]
        if op is operation("pow"):
            return f"(·){raised(operands[1]) or '¹'}" if shown[0] == "·" else f"{shown[0]}^(·)"
        if op in (operation("add"), operation("mul")):
            return f"{op.symbol} {shown[1] if shown[0] == '·' else shown[0]}"
        if op.written:
            return f"{shown[0]} {op.symbol} {shown[1]}".removeprefix("· ")
        return f"{op.symbol}({', '.join(shown)})"

    def local(self, step: Step, op: Op) -> str:
        """The local derivative, as a short form and a number."""
        text = number(step.local, self.digits)
        if _is_stale(step.node, op):
            return text  # the form would name operands that hold other numbers by now
        inputs = [self.names[operand] if isinstance(operand, Value) else operand for operand in step.node.operands]
        short = op.write_slope(inputs, self.names[step.node], step.position)
        return text if short in (text, constant(step.local)) else f"{short} = {text}"


def _draw(picture: Picture, graph: _Graph, value: Value) -> None:
    """A value's box and, unless it is a leaf, its operation's circle with the edges that lead there."""
    box = f"n{graph.numbers[value]}"
    picture.node(box, label=graph.table(value))
    if value.op is None:
        return
    circle = f"o{graph.numbers[value]}"
    picture.node(circle, label=f"<{escape(graph.symbol(value, value.op))}>", shape="ellipse")
    picture.edge(circle, box)
    for i, step in enumerate(graph.steps[value], 1):
        flow = {"color": LINE}
        if graph.walked:
            flow = {"color": accent(step.contribution), "penwidth": width(step.contribution, graph.largest)}
        if graph.walked and step.contribution == 0.0:
            flow["style"] = "dashed"
        tail, label = f"n{graph.numbers[step.parent]}", edge_label(escape(graph.local(step, value.op)))
        if len(graph.steps[value]) > 3:  # beside so many edges labels would go astray: let each interrupt its own
            picture.node(f"{circle}e{i}", label=label, fontsize="10")
            picture.edge(tail, f"{circle}e{i}", arrowhead="none", **flow)
            picture.edge(f"{circle}e{i}", circle, **flow)
        else:
            picture.edge(tail, circle, label=label, **flow)


def _is_stale(value: Value, op: Op) -> bool:
    """Whether the operands' numbers no longer give the value's, or the slopes it was recorded with."""
    inputs = [operand.data if isinstance(operand, Value) else operand for operand in value.operands]
    at = [i for i, operand in enumerate(value.operands) if isinstance(operand, Value)]
    slopes = [op.slope(floats, value.data, inputs, i) for i in at]
    recorded = zip(slopes, value.local_grads, strict=True)
    return _differs(op.forward(floats, *inputs), value.data) or any(_differs(now, then) for now, then in recorded)


def _differs(a: float, b: float) -> bool:
    return abs(a - b) > 1e-9 * max(abs(a), abs(b))
