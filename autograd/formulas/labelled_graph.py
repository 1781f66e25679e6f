"""The graph of the labelled Values of an output. Each edge has the factor ∂above/∂below as a formula and a number.

The operations between two labelled Values become one factor: a sum over paths of products of slopes.
"""

from collections.abc import Callable
from itertools import count
from typing import Any, NamedTuple

from ..operation import Op, WeightedSum, parts
from ..table import COMPARISONS, OPERATIONS, WHERE
from ..value import Value
from ..walk import nodes, positions, topological
from ..writing import told_apart
from .algebra import Call, Formula, Name, formula, number, tidied, total
from .mathematics import FORMULAS, Choice, compared
from .softmax import by_softmax

__all__ = ["Factor", "LabelledGraph"]

MOST_MELTED = 200  # operations between two labelled Values; with more, nobody could read the factor
MOST_SYMBOLS = 300  # symbols of a formula; more would not fit on a page


class Factor(NamedTuple):
    """∂above/∂below between two labelled Values, as a formula and as a number from the recorded slopes."""

    above: Value
    below: Value
    formula: Formula
    value: float
    is_taken: bool = True  # whether some path from below to above leads through taken branches only

    @property
    def is_one(self) -> bool:
        """Whether the formula is 1, a factor that a product may leave out."""
        return self.formula.key == number(1.0).key


class LabelledGraph:
    """The labelled Values that an output depends on, its leaves and itself, with the factor from each to the next."""

    def __init__(self, output: Value, wrt: Value | None = None) -> None:
        self.output = output
        order = nodes(output)
        self.index = {value: i for i, value in enumerate(order)}
        shown = [value for value in order if value.label or value.op is None or value in (output, wrt)]
        taken = {str(value.label) for value in shown}
        free = (f"v{i}" for i in count(1) if f"v{i}" not in taken)
        names = told_apart(str(value.label) or next(free) for value in shown)
        self.names = {value: Name(name, value.data) for value, name in zip(shown, names, strict=True)}
        self.forwards: dict[Value, Formula] = {}
        self.forms: dict[Value, Formula] = {}  # the formula of each Value in terms of the labelled ones
        for value in order:
            self.forms[value] = self.names[value] if value in self.names else self.forward(value)
        self.factors: list[Factor] = []
        self.users: dict[Value, list[Factor]] = {value: [] for value in self.names}
        self.totals = dict.fromkeys(self.names, 0.0)  # ∂output/∂value
        self.paths = dict.fromkeys(self.names, 0)
        self.totals[output], self.paths[output] = 1.0, 1
        reached = {output}  # through taken branches
        for value in topological(output):
            for factor in self._below(value) if value in self.names else ():
                self.factors.append(factor)
                self.users[factor.below].append(factor)
                if factor.is_taken and value in reached:
                    self.totals[factor.below] += self.totals[value] * factor.value
                    reached.add(factor.below)
                self.paths[factor.below] += self.paths[value]
        for users in self.users.values():
            users.sort(key=lambda factor: self.index[factor.above])

    def _below(self, value: Value) -> list[Factor]:
        """Returns the factors from a labelled Value to the next labelled Values that it depends on."""
        slopes: dict[Value, tuple[Formula, float, bool]] = {value: (number(1.0), 1.0, True)}
        found: dict[Value, tuple[Formula, float, bool]] = {}
        for node in sorted(self._between(value), key=self.index.__getitem__, reverse=True):
            outer, outer_value, outer_taken = slopes[node]
            for i, parent, local in zip(positions(node), node.parents, node.local_grads, strict=True):
                into = found if parent in self.names else slopes
                before, before_value, before_taken = into.get(parent, (number(0.0), 0.0, False))
                made = _readable(before + self.slope(node, i, local) * outer)
                taken = outer_taken and node.op is not None and not node.op.is_untaken(local)
                added = outer_value * local if taken else 0.0
                into[parent] = made, before_value + added, before_taken or taken
        return [Factor(value, below, tidied(made), n, taken) for below, (made, n, taken) in found.items()]

    def _between(self, value: Value) -> list[Value]:
        """Returns a labelled Value and the Values without a label between it and the next labelled ones."""
        between = [value]
        for node in between:  # grows as it is read
            between += [p for p in dict.fromkeys(node.parents) if p not in self.names and p not in between]
            if len(between) > MOST_MELTED:
                raise ValueError(
                    f"more than {MOST_MELTED} operations lie below {self.names[value].text} before the next label: "
                    "label some of the values between, with label(a=a) or value.label = ..."
                )
        return between

    def forward(self, value: Value) -> Formula:
        """Returns the result of a node as a formula, in terms of its operands' formulas."""
        if value.op is None:
            return self.names[value]
        if value not in self.forwards:
            self.forwards[value] = _readable(self._forward(value.op, self._inputs(value), value.data))
        return self.forwards[value]

    def _forward(self, op: Op, inputs: list[Formula], value: float) -> Formula:
        """Returns a call of the operation if formulas call it by name, else the result of its rule."""
        if op is WHERE:
            return Choice(op.called, inputs, value)
        if op.called:
            return Call(op.called, inputs, value)
        if op in COMPARISONS:
            return compared(op, *inputs)
        if isinstance(op, WeightedSum):  # the sum at once, which is faster than term by term
            weights, others, bias = parts(inputs)
            return total([*(w * a for w, a in zip(weights, others, strict=True)), *bias])
        return _by_rule(lambda: op.forward(FORMULAS, *inputs), op, inputs, value)

    def slope(self, node: Value, position: int, local: float) -> Formula:
        """Returns ∂node/∂operand as a formula; `local` is its number."""
        op, inputs = node.op, self._inputs(node)
        assert op is not None, "leaves have no operands"
        rule = op.formulas[position if op.slopes else 0] if op.formulas else None
        if op.called and rule is None:
            return Call(op.called, inputs, local, by=0)
        y = self.forward(node) if op.slopes else number(node.data)  # rules for any number of inputs do not use y
        if rule is not None:
            return formula(rule(FORMULAS, y if op.slopes else position, *inputs))
        by = 0 if len(inputs) == 1 else position + 1
        return _by_rule(lambda: op.slope(FORMULAS, y, inputs, position), op, inputs, local, by)

    def _inputs(self, value: Value) -> list[Formula]:
        return [self.forms[v] if isinstance(v, Value) else number(v) for v in value.operands]


def _by_rule(rule: Callable[[], Any], op: Op, inputs: list[Formula], value: float, by: int | None = None) -> Formula:
    """Runs a rule and returns a formula: for a user's rule that is for floats alone, a call by the operation's name."""
    try:
        return formula(rule())
    except (AttributeError, TypeError, ValueError):
        if op.name in OPERATIONS:
            raise
        return Call(op.name, inputs, value, by, op)


def _readable(made: Formula) -> Formula:
    """Returns the formula, with a softmax named as such. Raises ValueError if it is too long for a page."""
    made = by_softmax(made)
    if made.size > MOST_SYMBOLS:
        raise ValueError(
            f"the formula between two labels has more than {MOST_SYMBOLS} symbols: label some of the "
            "values between, with label(a=a) or value.label = ..."
        )
    return made
