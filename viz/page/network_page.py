"""A network on a page: a column for each layer, a box for each neuron, an equation for each step."""

from itertools import accumulate, chain, product
from typing import Any

import numpy as np

from autograd import Value, nodes
from autograd.operation import parts
from nn import Comparison
from nn.notation import name

from ..pictures.network import MOST_LABELS, squashed
from ..style import Style
from .javascript import activation_rule, cost_rules
from .layout import Box, Column, Link, Row, is_legible, lay_out
from .page_graph import PageGraph

__all__ = ["NetworkPage"]


class NetworkPage:
    """A comparison's graph with the role of each node, with the numbers of the time of the comparison."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        first = comparison.traces[0]
        self.sizes = [len(first.inputs), *map(len, first.z)]
        self.depth = len(first.z)
        self.weights = [[_weights(z) for z in layer] for layer in first.z]  # [l-1][j-1][k-1]
        self.biases = [[z.operands[-1] for z in layer] for layer in first.z]
        self.is_linear = [z[0] is a[0] for z, a in zip(first.z, first.a, strict=True)]
        _check_cost(comparison)
        _check_activations(comparison)
        self.z: dict[Value, int] = {}  # each z and its layer
        self.a: dict[Value, int] = {}
        self.parts: dict[Value, str] = {  # the role of a leaf: weight, bias or target
            **{w: "weight" for layer in self.weights for of_neuron in layer for w in of_neuron},
            **{bias: "bias" for layer in self.biases for bias in layer},
            **{value: "target" for wanted in comparison.targets for value in wanted},
        }
        self.of_targets = {value for wanted in comparison.targets for value in wanted}  # and nodes made of them alone
        self.example: dict[Value, int] = {}  # from 0, of nodes that belong to one example alone
        for x, (trace, wanted) in enumerate(zip(comparison.traces, comparison.targets, strict=True)):
            for l, (z, a) in enumerate(zip(trace.z, trace.a, strict=True), 1):
                self.z |= dict.fromkeys(z, l)
                self.a |= dict.fromkeys(a, l)
            own = [*trace.inputs, *wanted, *(v for layer in (*trace.z, *trace.a) for v in layer)]
            self.example |= dict.fromkeys(own, x)
        for node in nodes(comparison.graph):  # a node of the cost belongs to the example of all its operands
            if node.parents and self.of_targets.issuperset(node.parents):
                self.of_targets.add(node)
            examples = {self.example.get(parent) for parent in node.parents}
            if node not in self.example and len(examples) == 1 and (x_ := examples.pop()) is not None:
                self.example[node] = x_
        self.squashed = [squashed(comparison, j) for j in range(1, self.sizes[-1] + 1)]
        self.graph = PageGraph(comparison.graph, comparison.errors, self._tell, self._compared())
        self.graph.steps.sort(key=_by_layer)
        self.number = self.graph.number
        self.numbers: dict[str, Any] = {  # of the nodes, by their role; a list for each layer, or for each example
            "weights": self._numbered(self.weights),
            "biases": self._numbered(self.biases),
            "inputs": self._numbered(trace.inputs for trace in comparison.traces),
            "targets": self._numbered(comparison.targets),
            "z": self._numbered(trace.z for trace in comparison.traces),
            "a": self._numbered(trace.a for trace in comparison.traces),
        }

    def data(self, style: Style, digits: int, beside: float = 0.0) -> dict[str, Any]:
        """Returns the page's data: the picture, and the node numbers that the closed form needs.

        `beside` is the width of what stands beside the picture, in px.
        """
        boxes, links, columns = self._picture(self.depth)
        picture = lay_out(boxes, links, style, digits, columns)
        for longest in range(self.depth - 1, 0, -1):
            if is_legible(picture, beside):
                break
            boxes, links, columns = self._picture(longest)
            picture = lay_out(boxes, links, style, digits, columns)
        home: dict[int, int] = {}
        for i, box in enumerate(boxes):
            for node in chain.from_iterable(row.nodes for row in box.rows):
                home.setdefault(node, i)
        for value, node in self.number.items():  # a node without a row of its own belongs to the cost's box
            if value not in self.parts:
                home.setdefault(node, len(boxes) - 1)
        activations = ", ".join(self.comparison.closed_form.activations)
        return {
            "title": f"{' → '.join(map(str, self.sizes))} ({activations})",
            "picture": picture,
            "learning": [node for value, node in self.number.items() if self.parts.get(value) in ("weight", "bias")],
            "home": [home.get(node) for node in self.number.values()],
            "examples": len(self.comparison.traces),
            "equations": [{"name": key, "text": text} for key, text in self.comparison.equations.items()],
            "network": {**self.numbers, "linear": self.is_linear, "squashed": self.squashed},
        }

    def rules(self) -> str:
        """Writes the layers' activations and the cost in JavaScript."""
        pairs = zip(self.is_linear, (layer[0] for layer in self.comparison.traces[0].a), strict=True)
        sigma = [activation_rule(None if is_linear else a.op, a.operands[1:]) for is_linear, a in pairs]
        cost = cost_rules(self.comparison.closed_form.formula, self.sizes[-1])
        return f"const SIGMA = [{', '.join(sigma)}];\nconst COST = {cost};\n"

    def _numbered(self, values: Any) -> Any:
        """Returns the node numbers of Values, in the same nested lists."""
        return self.number[values] if isinstance(values, Value) else [self._numbered(part) for part in values]

    def _compared(self) -> dict[Value, float]:
        """Returns the leaves' numbers at the time of the comparison; the model may have others now."""
        of, closed = self.comparison, self.comparison.closed_form
        weights, biases = (chain.from_iterable(layers) for layers in (self.weights, self.biases))
        found: list[tuple[Any, Any]] = [
            (chain.from_iterable(weights), chain.from_iterable(matrix.flat for matrix in closed.weights)),
            (biases, chain.from_iterable(closed.biases)),
            (chain.from_iterable(trace.inputs for trace in of.traces), np.ravel(of.x)),
            (chain.from_iterable(of.targets), np.ravel(of.y)),
        ]
        return {value: float(x) for values, numbers in found for value, x in zip(values, numbers, strict=True)}

    # ---- steps

    def _tell(self, node: Value, parent: Value | None) -> dict[str, Any]:
        """Returns the equation, the layer and the example of a step."""
        told: dict[str, Any] = {
            "equation": self._forward(node) if parent is None else self._backward(node, parent),
            "layer": self._layer(node if parent is None or not parent.parents else parent),
        }
        if node in self.example:
            told["example"] = self.example[node]
        return told

    def _layer(self, node: Value) -> int:
        """Returns the layer of a z or an a; other nodes belong to the cost and get the number after the last layer."""
        return self.z.get(node) or self.a.get(node) or len(self.sizes)

    def _forward(self, node: Value) -> str:
        return "z = W a + b" if node in self.z else "a = σ(z)" if node in self.a else "C"

    def _backward(self, node: Value, parent: Value) -> str:
        """Returns the equation of a backward step: BP2 from a z to an a, as from an a to its z; "" to x or y."""
        if node in self.z:
            equation = {"weight": "BP4", "bias": "BP3"}.get(self.parts.get(parent, ""), "")
            return equation or "BP2" * (parent in self.a)
        if node in self.a:
            return "BP1" if self.a[node] == len(self.sizes) - 1 else "BP2"
        return "" if parent in self.of_targets else "BP1"

    # ---- picture

    def _picture(self, longest: int) -> tuple[list[Box], list[Link], list[Column]]:
        """Returns boxes (the cost's last), links, and the columns of boxes, with up to `longest` layers in a line.

        A further line begins with the activations that it takes from the line before.
        """
        columns = [Column("input", [self._input(k) for k in range(self.sizes[0])])]
        links: list[Link] = []
        for l, activation in enumerate(self.comparison.closed_form.activations, 1):
            if l > 1 and (l - 1) % longest == 0:
                columns.append(Column(columns[-1].title, [self._again(l - 1, k) for k in range(self.sizes[l - 1])]))
            before, after = columns[-1].boxes, [self._neuron(l, j) for j in range(self.sizes[l])]
            between: list[Box] = []
            for j, k in product(range(len(after)), range(len(before))):
                weight = self.numbers["weights"][l - 1][j][k]
                own, back = self._edges(l, j, k)
                both = [one + other for one, other in zip(own, back, strict=True)]
                if len(before) * len(after) > MOST_LABELS:
                    links.append(Link(before[k], after[j], both, weight))
                    continue
                between.append(self._weight(l, j, k))
                links.append(Link(before[k], between[-1], back, weight, arrow=False))
                links.append(Link(between[-1], after[j], both, weight))
            columns += [Column("", between)] if between else []
            columns.append(Column(f"layer {l} · {activation}", after))
        for column, line in zip(columns, accumulate(column.boxes[0].again for column in columns), strict=True):
            for box in column.boxes:
                box.line = line
        C = self.graph.root
        cost = Box([Row(self.graph.names[C], [self.number[C]], "data")], line=columns[-1].boxes[0].line)
        shown = {
            (row.shows, node) for column in columns for box in column.boxes for row in box.rows for node in row.nodes
        }
        cost.rows.append(Row(self._longest_beside(shown), [], "step"))
        links += [Link(box, cost, self._to_cost(j)) for j, box in enumerate(columns[-1].boxes)]
        return [*(box for column in columns for box in column.boxes), cost], links, columns

    def _longest_beside(self, shown: set[tuple[str, int]]) -> str:
        """Returns the longest name of a number without a row. The cost's box shows such a number at its step."""
        told = [self.graph.names[v] for v, i in self.number.items() if v.parents and ("data", i) not in shown]
        told += [self.graph.derivatives[v] for v, i in self.number.items() if ("gradient", i) not in shown]
        return max(told, key=len)

    def _of(self, kind: str, l: int, j: int) -> list[int]:
        """Returns the node numbers of zˡⱼ or aˡⱼ in each example; j counts from 0."""
        return [layers[l - 1][j] for layers in self.numbers[kind]]

    def _input(self, k: int) -> Box:
        x, symbol = [inputs[k] for inputs in self.numbers["inputs"]], name("x", None, k + 1)
        return Box([Row(symbol, x, "data"), Row(self._by(symbol), x, "gradient")], leaf=True)

    def _neuron(self, l: int, j: int) -> Box:
        z, a, bias = self._of("z", l, j), self._of("a", l, j), [self.numbers["biases"][l - 1][j]]
        last = l == len(self.sizes) - 1
        rows = [Row(name("z", l, j + 1), z, "data"), Row(name("a", l, j + 1), a, "data")]
        if last and self.squashed[j]:
            rows.append(Row(self.squashed[j], a, "squashed"))
        if last:
            rows.append(Row(name("y", None, j + 1), [targets[j] for targets in self.numbers["targets"]], "data"))
        if not self.is_linear[l - 1]:
            rows.append(Row(self._by(name("a", l, j + 1)), a, "gradient"))
        rows.append(Row(name("δ", l, j + 1), z, "gradient"))
        rows.append(Row("BP1" if last else "BP2", z, "equations"))
        rows.append(Row(name("b", l, j + 1), bias, "data"))
        rows.append(Row(self._by(name("b", l, j + 1)), bias, "gradient"))
        return Box(rows)

    def _again(self, l: int, j: int) -> Box:
        """Returns the box that repeats a neuron's activation in a further line."""
        a, symbol = self._of("a", l, j), name("a", l, j + 1)
        gradient = name("δ", l, j + 1) if self.is_linear[l - 1] else self._by(symbol)
        return Box([Row(symbol, a, "data"), Row(gradient, a, "gradient")], again=True)

    def _weight(self, l: int, j: int, k: int) -> Box:
        symbol, number = name("w", l, j + 1, k + 1), [self.numbers["weights"][l - 1][j][k]]
        rows = [Row(symbol, number, "data"), Row(self._by(symbol), number, "gradient")]
        return Box(rows, leaf=True)

    def _by(self, symbol: str) -> str:
        return f"∂{self.graph.terms[self.graph.root]}/∂{symbol}"

    def _edges(self, l: int, j: int, k: int) -> tuple[list[Any], list[Any]]:
        """Returns the graph's edges into zˡⱼ, for each example: from wˡⱼₖ, and from aˡ⁻¹ₖ."""
        z = self._of("z", l, j)
        return [[(node, k)] for node in z], [[(node, self.sizes[l - 1] + k)] for node in z]

    def _to_cost(self, j: int) -> list[list[tuple[int, int]]]:
        """Returns the graph's edges from aᴸⱼ into the cost, for each example."""
        found = []
        for trace in self.comparison.traces:
            output = trace.a[-1][j]
            users = (node for node in self.graph.values if node not in self.z and node not in self.a)
            found.append([(self.number[node], i) for node in users for i, v in enumerate(node.operands) if v is output])
        return found


def _by_layer(step: dict[str, Any]) -> tuple[int, int]:
    """Returns a sort key: forward from the first layer to the cost, then back. Each step follows those it needs."""
    passes = ["forward", "seed", "backward"].index(step["phase"])
    return passes, step.get("layer", 0) * (1 if step["phase"] == "forward" else -1)


def _check_cost(comparison: Comparison) -> None:
    """Raises ValueError if the cost does not use every output and target, so that the graph has no node for one."""
    ends = chain.from_iterable((*t.a[-1], *y) for t, y in zip(comparison.traces, comparison.targets, strict=True))
    if not set(ends) <= set(nodes(comparison.graph)):
        name = comparison.closed_form.formula.name
        raise ValueError(f"a page has every output and every target in its graph; the cost {name} leaves some out")


def _check_activations(comparison: Comparison) -> None:
    """Raises ValueError unless each layer's σ is one operation on z, with the same constants in every neuron."""
    for l, called in enumerate(comparison.closed_form.activations):
        nodes_of = [pair for trace in comparison.traces for pair in zip(trace.z[l], trace.a[l], strict=True)]
        rules = {(a.op, a.operands[1:]) for z, a in nodes_of if a is not z}
        linear = all(a is z for z, a in nodes_of)
        of_z = all(a.operands[:1] == (z,) for z, a in nodes_of)
        plain = not any(isinstance(operand, Value) for _, others in rules for operand in others)
        if not linear and not (of_z and plain and len(rules) == 1):
            raise ValueError(
                f"a page works each a out as one operation of its z; the activation of layer {l + 1}, {called}, is "
                f"more than that: autograd.define_operation makes one operation of it"
            )


def _weights(z: Value) -> tuple[Any, ...]:
    """Returns the weights of a neuron, from its z."""
    return tuple(parts(z.operands)[0])
