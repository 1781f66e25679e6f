"""A network on a page: a column a layer, each number in its neuron's box, each step with its equation."""

from collections.abc import Callable
from typing import Any

from autograd import Value, nodes
from nn import Comparison
from nn.notation import EQUATIONS, name

from .layout import Box, Column, Link, Row, lay_out
from .steps import Score

__all__ = ["NetworkStage"]

MOST_LABELS = 16  # weights between two layers that have room for boxes of their own


class NetworkStage:
    """A comparison's graph with the part that each node plays."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        layers = comparison.model.layers
        self.weights = {w for layer in layers for neuron in layer.neurons for w in neuron.weights}
        self.biases = {neuron.bias for layer in layers for neuron in layer.neurons}
        self.z: dict[Value, int] = {}  # the layer of which it is a z
        self.a: dict[Value, int] = {}
        self.targets = {value for wanted in comparison.targets for value in wanted}
        self.example: dict[Value, int] = {}  # from 0, of what belongs to one example alone
        for x, (trace, wanted) in enumerate(zip(comparison.traces, comparison.targets, strict=True)):
            for l, (z, a) in enumerate(zip(trace.z, trace.a, strict=True), 1):
                self.z |= dict.fromkeys(z, l)
                self.a |= dict.fromkeys(a, l)
            own = [*trace.inputs, *wanted, *(v for layer in (*trace.z, *trace.a) for v in layer)]
            self.example |= dict.fromkeys(own, x)
        for node in nodes(comparison.graph):  # the cost's own nodes belong where all that they are made of does
            examples = {self.example.get(parent) for parent in node.parents}
            if node not in self.example and len(examples) == 1 and (x_ := examples.pop()) is not None:
                self.example[node] = x_
        self.score = Score(comparison.graph, comparison.errors, self._tell)
        self.number = self.score.number

    def data(self) -> dict[str, Any]:
        """What the page has to know of the picture, and to work the closed form out."""
        boxes, links, columns = self._picture()
        home: list[int | None] = [None] * len(self.score.values)
        for i, box in enumerate(boxes):
            for row in box.rows:
                for node in row.nodes:
                    home[node] = i if home[node] is None else home[node]
        for value in self.score.values:  # what has no row of its own is the cost's
            if home[self.number[value]] is None and value not in self.weights:
                home[self.number[value]] = len(boxes) - 1
        equations = [{"name": key, "text": text} for key, text in EQUATIONS.items()]
        return {
            "title": f"{self.comparison.model!r}",
            "picture": lay_out(boxes, links, columns),
            "home": home,
            "examples": len(self.comparison.traces),
            "equations": equations,
            "network": self._network(),
        }

    # ---- steps

    def _tell(self, node: Value, parent: Value | None) -> dict[str, Any]:
        """The equation and the example to which a step belongs."""
        told: dict[str, Any] = {"equation": self._forward(node) if parent is None else self._backward(node, parent)}
        if node in self.example:
            told["example"] = self.example[node]
        return told

    def _forward(self, node: Value) -> str:
        return "z = W a + b" if node in self.z else "a = σ(z)" if node in self.a else "C"

    def _backward(self, node: Value, parent: Value) -> str:
        """The part of ∂C/∂a that a layer hands back belongs to BP2, as σ′(z) does; ∂C/∂x and ∂C/∂y to none."""
        if node in self.z:
            return "BP4" if parent in self.weights else "BP3" if parent in self.biases else "BP2" * (parent in self.a)
        if node in self.a:
            return "BP1" if self.a[node] == self.comparison.depth else "BP2"
        return "" if parent in self.targets else "BP1"

    # ---- picture

    def _picture(self) -> tuple[list[Box], list[Link], list[Column]]:
        """Boxes (the cost's last), links, and the columns in which boxes stand."""
        sizes = self.comparison.model.sizes
        of_inputs = [self._input(k) for k in range(sizes[0])]
        columns = [Column("input", of_inputs)]
        links: list[Link] = []
        for l, layer in enumerate(self.comparison.model.layers, 1):
            before = columns[-1].boxes
            neurons = [self._neuron(l, j) for j in range(sizes[l])]
            between: list[Box] = []
            for j, neuron in enumerate(layer.neurons):
                for k, weight in enumerate(neuron.weights):
                    own, back = self._edges(l, j, weight, k)
                    flow = self.number[weight]
                    if sizes[l] * sizes[l - 1] <= MOST_LABELS:
                        between.append(self._weight(l, j, k, weight))
                        both = [one + other for one, other in zip(own, back, strict=True)]
                        links.append(Link(before[k], between[-1], back, flow, arrow=False))
                        links.append(Link(between[-1], neurons[j], both, flow))
                    else:
                        both = [one + other for one, other in zip(own, back, strict=True)]
                        links.append(Link(before[k], neurons[j], both, flow))
            columns += [Column("", between)] if between else []
            columns.append(Column(f"layer {l} · {layer.activation}", neurons))
        cost = Box([Row("C", [self.number[self.comparison.graph]], "data")])
        links += [Link(box, cost, self._to_cost(j)) for j, box in enumerate(columns[-1].boxes)]
        return [*(box for column in columns for box in column.boxes), cost], links, columns

    def _of(self, pick: Callable[[int], Value]) -> list[int]:
        """The numbers of a node's counterparts in each example."""
        return [self.number[pick(x)] for x in range(len(self.comparison.traces))]

    def _input(self, k: int) -> Box:
        x, symbol = self._of(lambda e: self.comparison.traces[e].inputs[k]), name("x", None, k + 1)
        return Box([Row(symbol, x, "data"), Row(f"∂C/∂{symbol}", x, "gradient")], leaf=True)

    def _neuron(self, l: int, j: int) -> Box:
        neuron, linear = self.comparison.model.layers[l - 1].neurons[j], self._is_linear(l)
        z = self._of(lambda e: self.comparison.traces[e].z[l - 1][j])
        a = self._of(lambda e: self.comparison.traces[e].a[l - 1][j])
        bias = [self.number[neuron.bias]]
        rows = [Row(name("z", l, j + 1), z, "data")]
        rows.append(Row(name("a", l, j + 1), a, "data"))
        if l == self.comparison.depth:
            rows.append(Row(name("y", None, j + 1), self._of(lambda e: self.comparison.targets[e][j]), "data"))
        if not linear:
            rows.append(Row(f"∂C/∂{name('a', l, j + 1)}", a, "gradient"))
        rows.append(Row(name("δ", l, j + 1), z, "gradient"))
        rows.append(Row("BP1" if l == self.comparison.depth else "BP2", z, "equations"))
        rows.append(Row(name("b", l, j + 1), bias, "data"))
        rows.append(Row(f"∂C/∂{name('b', l, j + 1)}", bias, "gradient"))
        return Box(rows)

    def _weight(self, l: int, j: int, k: int, weight: Value) -> Box:
        symbol, number = name("w", l, j + 1, k + 1), [self.number[weight]]
        return Box([Row(symbol, number, "data"), Row(f"∂C/∂{symbol}", number, "gradient")], leaf=True)

    def _is_linear(self, l: int) -> bool:
        return self.comparison.traces[0].z[l - 1][0] is self.comparison.traces[0].a[l - 1][0]

    def _edges(self, l: int, j: int, weight: Value, k: int) -> tuple[list[Any], list[Any]]:
        """The graph's edges into zˡⱼ, for each example: from the weight, and from aˡ⁻¹ₖ."""
        own, back = [], []
        for trace in self.comparison.traces:
            z = trace.z[l - 1][j]
            n = len(z.operands) // 2
            own.append([(self.number[z], k)])
            back.append([(self.number[z], n + k)])
        return own, back

    def _to_cost(self, j: int) -> list[list[tuple[int, int]]]:
        """The graph's edges from aᴸⱼ into the cost, for each example."""
        found = []
        for trace in self.comparison.traces:
            output = trace.a[-1][j]
            users = (node for node in self.score.values if node not in self.z and node not in self.a)
            found.append([(self.number[node], i) for node in users for i, v in enumerate(node.operands) if v is output])
        return found

    # ---- the closed form

    def _network(self) -> dict[str, Any]:
        """By which numbers weights, biases, inputs, targets, z and a are known; each layer's activation."""
        model, number = self.comparison.model, self.number
        activations = [
            None if self._is_linear(l) else self.score.rule_of(self.comparison.traces[0].a[l - 1][0])
            for l in range(1, self.comparison.depth + 1)
        ]
        return {
            "weights": [[[number[w] for w in neuron.weights] for neuron in layer.neurons] for layer in model.layers],
            "biases": [[number[neuron.bias] for neuron in layer.neurons] for layer in model.layers],
            "activations": activations,
            "inputs": [[number[v] for v in trace.inputs] for trace in self.comparison.traces],
            "targets": [[number[v] for v in wanted] for wanted in self.comparison.targets],
            "z": [[[number[v] for v in z] for z in trace.z] for trace in self.comparison.traces],
            "a": [[[number[v] for v in a] for a in trace.a] for trace in self.comparison.traces],
        }
