"""The stations of a derivation: labelled values, with the factor from each to the next in symbols and as a number."""

import re
from itertools import count
from typing import NamedTuple

from ..table import OPERATIONS, Op, operation
from ..value import Value
from ..walk import nodes, positions, topological
from ..writing import derivative_name
from . import algebra
from .algebra import Call, Compared, Formula, Name, number

__all__ = ["Factor", "Stations", "written"]

MOST_MELTED = 200  # operations between two labelled values, beyond which nobody could read the factor
MOST_SYMBOLS = 300  # in a formula, beyond which no page would hold it
ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu", "softplus")
SIGMAS = {operation("tanh"), operation("relu")}  # may be called σ in a derivation, which says so; the sigmoid always is


class Factor(NamedTuple):
    """∂above/∂below between two stations: in symbols, and the number by the slopes that the graph recorded."""

    above: Value
    below: Value
    formula: Formula
    value: float
    is_taken: bool = True  # whether any way from below to above leads through branches that were taken alone

    @property
    def is_one(self) -> bool:
        """Whether the formula says 1, which a product may leave out."""
        return self.formula.key == number(1.0).key


class Stations:
    """The labelled values below an output, with the factor from each to the next."""

    def __init__(self, output: Value, wrt: Value | None = None) -> None:
        self.output = output
        order = nodes(output)
        ends = {output, wrt}
        taken = {str(value.label) for value in order}
        free = (f"v{i}" for i in count(1) if f"v{i}" not in taken)
        self.names: dict[Value, Name] = {}
        for i, value in enumerate(order, 1):
            if value.label or value.op is None or value in ends:
                self.names[value] = Name(str(value.label) or next(free), value.data, i)
        kinds = {value.op for value in order if value.op is not None and value.op.name in ACTIVATIONS}
        free_sigma = wrt is not None and not any("σ" in name for name in taken)
        self.sigma: Op | None = kinds.pop() if len(kinds) == 1 and kinds <= SIGMAS and free_sigma else None
        self.forwards: dict[Value, Formula] = {}
        self.forms: dict[Value, Formula] = {}
        for value in order:
            self.forms[value] = self.names[value] if value in self.names else self.forward(value)
        self.factors: list[Factor] = []
        self.users: dict[Value, list[Factor]] = {value: [] for value in self.names}
        self.totals = dict.fromkeys(self.names, 0.0)  # ∂output/∂station
        self.paths = dict.fromkeys(self.names, 0)
        self.totals[output], self.paths[output] = 1.0, 1
        reached = {output}  # by ways that were taken
        index = {value: i for i, value in enumerate(order)}
        for station in topological(output):
            if station in self.names:
                for factor in self._below(station, index):
                    self.factors.append(factor)
                    self.users[factor.below].append(factor)
                    if factor.is_taken and station in reached:
                        self.totals[factor.below] += self.totals[station] * factor.value
                        reached.add(factor.below)
                    self.paths[factor.below] += self.paths[station]
        for users in self.users.values():
            users.sort(key=lambda factor: index[factor.above])

    def _below(self, station: Value, index: dict[Value, int]) -> list[Factor]:
        """The factors from a station to those it is made from: sums over what lies between, of products of slopes."""
        between = [station]
        for node in between:  # grows as it is read
            between += [p for p in dict.fromkeys(node.parents) if p not in self.names and p not in between]
            if len(between) > MOST_MELTED:
                raise ValueError(
                    f"more than {MOST_MELTED} operations lie below {self.names[station].text()} before the next label: "
                    "label some of the values between, with label(a=a) or value.label = ..."
                )
        slopes: dict[Value, tuple[Formula, float, bool]] = {station: (number(1.0), 1.0, True)}
        found: dict[Value, tuple[Formula, float, bool]] = {}
        for node in sorted(between, key=index.__getitem__, reverse=True):
            outer, outer_value, outer_taken = slopes[node]
            for i, parent, local in zip(positions(node), node.parents, node.local_grads, strict=True):
                into = found if parent in self.names else slopes
                before, before_value, before_taken = into.get(parent, (number(0.0), 0.0, False))
                made = _readable(before + self.slope(node, i, local) * outer)
                taken = outer_taken and node.op is not None and not node.op.is_untaken(local)
                added = outer_value * local if taken else 0.0
                into[parent] = made, before_value + added, before_taken or taken
        return [Factor(station, below, *found) for below, found in found.items()]

    def forward(self, value: Value) -> Formula:
        """What a node computes, from the forms of its operands."""
        if value.op is None:
            return self.names[value]
        if value not in self.forwards:
            inputs = self._inputs(value)
            symbol = self.called(value.op.symbol, value.op)
            self.forwards[value] = _readable(written(value.op, inputs, value.data, symbol))
        return self.forwards[value]

    def slope(self, node: Value, position: int, local: float) -> Formula:
        """∂node/∂operand in symbols; `local` is its number."""
        op, inputs = node.op, self._inputs(node)
        assert op is not None, "leaves have no operands"
        short = op.short[position] if op.short and op.name in OPERATIONS else ""
        called = re.fullmatch(r"(−?)([^\s(){}]+)\(\{a\}\)", short)
        if called is not None:
            sign = -1.0 if called[1] else 1.0
            return sign * Call(self.called(called[2], op), inputs, sign * local)
        compared = re.fullmatch(r"\[\{(\w)\} ([<>]) \{(\w)\}\]", short)
        if compared is not None:
            one, other = (inputs["ab".index(compared[i])] for i in (1, 3))
            return number(local) if one.value == other.value else Compared(one, compared[2], other, local)
        if op is operation("pow"):  # its rule looks at the point, where a base or an exponent is 0
            a, b = inputs
            return b * algebra.power(a, b - 1.0) if position == 0 else self.forward(node) * algebra.log(a)
        y = number(node.data) if op is operation("dot") else self.forward(node)  # dot's slopes do not ask for it
        try:
            return algebra.formula(op.slope(algebra, y, inputs, position))
        except (AttributeError, TypeError, ValueError):
            if op.name in OPERATIONS:
                raise
            return Call(derivative_name(op.name, position, len(inputs)), inputs, local, op)

    def _inputs(self, value: Value) -> list[Formula]:
        return [self.forms[v] if isinstance(v, Value) else number(v) for v in value.operands]

    def called(self, name: str, op: Op) -> str:
        """σ for the one activation in play, in a derivation; the activation's own symbol otherwise."""
        if op.name not in ACTIVATIONS:
            return name
        if op is self.sigma:
            return "σ" + "′" * name.endswith("′")
        return name.replace(" ", "_")


def written(op: Op, inputs: list[Formula], value: float, symbol: str) -> Formula:
    """What an operation computes, in symbols: an activation as a call by its symbol, anything else by its rule.

    Somebody's own operation is a call by its name, if its rule is for floats alone.
    """
    if op.name in ACTIVATIONS:
        return Call(symbol, inputs, value)
    if op is operation("dot"):  # its sum at once, not term by term
        n = len(inputs) // 2
        products = [w * a for w, a in zip(inputs[:n], inputs[n : 2 * n], strict=True)]
        return algebra.total([*products, *inputs[2 * n :]])
    try:
        return algebra.formula(op.forward(algebra, *inputs))
    except (AttributeError, TypeError, ValueError):
        if op.name in OPERATIONS:
            raise
        return Call(op.name, inputs, value, op)


def _readable(formula: Formula) -> Formula:
    """The formula, if it is one that a page could hold."""
    if formula.size > MOST_SYMBOLS:
        raise ValueError(
            f"what lies between two labels makes a formula of more than {MOST_SYMBOLS} symbols: label some of the "
            "values between, with label(a=a) or value.label = ..."
        )
    return formula
