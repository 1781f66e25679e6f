"""The graph of a page: its nodes, and the steps of both passes, each with its rule in symbols."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from autograd import Step, Value, backward_steps, nodes
from autograd.diagnostics.changes import fits
from autograd.operation import Op

from ..wording import computed, named, readable, term
from .javascript import rule

__all__ = ["PageGraph"]

Tell = Callable[[Value, Value | None], Mapping[str, Any]]


class PageGraph:
    """A graph as a page needs it: numbered nodes, operands first; their rules; and the steps of both passes.

    `derivatives` are the names of derivatives by some values, such as δ²₁. `tell(node, parent)` returns more entries
    of a step, such as its equation and its example; in the forward pass the parent is None. `held` are numbers of
    leaves that replace their present `data`.
    """

    def __init__(
        self, root: Value, derivatives: Mapping[Value, str], tell: Tell, held: Mapping[Value, float] | None = None
    ) -> None:
        self.root = root
        self.held = held or {}
        self.values = nodes(root)
        self.number = {value: i for i, value in enumerate(self.values)}
        self.names = {value: readable(name) for value, name in named(self.values).items()}
        self.terms = {value: term(name) for value, name in self.names.items()}
        self.derivatives = {value: derivatives.get(value) or self._quotient(value) for value in self.values}
        self._rules: dict[tuple[Op, int], set[int]] = {}  # each with the positions of the slopes that steps need
        self._numbered: dict[tuple[Op, int], int] = {}
        self.steps = [{**self._forward(value), **tell(value, None)} for value in self.values if value.op is not None]
        self.steps.append({"phase": "seed", "node": self.number[root]})
        for step in backward_steps(root):
            self.steps.append({**self._backward(step), **tell(step.node, step.parent)})

    def nodes(self) -> list[dict[str, Any]]:
        """Returns a record for each node: its name, that of its derivative, and its number or its rule and operands."""
        return [
            {"name": self.names[value], "derivative": self.derivatives[value], **self._made(value)}
            for value in self.values
        ]

    def recorded(self) -> dict[str, Any]:
        """Returns each node's number and each step's slope as recorded; the leaves may have changed since.

        `fits` says of each node whether its number is the one that its operands give now.
        """
        return {
            "recorded": [finite(value.data) for value in self.values],
            "slopes": [finite(step.local) for step in backward_steps(self.root)],  # of the backward steps
            "fits": [value.op is None or fits(value) for value in self.values],
        }

    def rules(self) -> str:
        """Writes the rules of the graph's operations as a JavaScript array."""
        return "[" + ",\n".join(rule(op, arity, at) for (op, arity), at in self._rules.items()) + "]"

    def _quotient(self, value: Value) -> str:
        return f"∂{self.terms[self.root]}/∂{self.terms[value]}"

    def _rule(self, value: Value) -> int:
        """Returns the number of the rule of a value's operation."""
        assert value.op is not None, "leaves have no rule"
        key = value.op, len(value.operands)
        self._rules.setdefault(key, set())
        return self._numbered.setdefault(key, len(self._numbered))

    def _made(self, value: Value) -> dict[str, Any]:
        if value.op is None:
            return {"data": finite(self.held.get(value, value.data))}
        operands = [self.number[v] if isinstance(v, Value) else {"constant": finite(v)} for v in value.operands]
        parents = {i: v for i, v in enumerate(value.operands) if isinstance(v, Value)}
        return {
            "rule": self._rule(value),
            "operands": operands,
            "text": computed(value, {i: self.terms[v] for i, v in parents.items()}),
            "numbers": computed(value, {i: f"x[{i}]" for i in parents}),
            "needs": value.op.needs,
        }

    def _forward(self, value: Value) -> dict[str, Any]:
        self._rule(value)
        return {"phase": "forward", "node": self.number[value]}

    def _backward(self, step: Step) -> dict[str, Any]:
        node, op = step.node, step.node.op
        assert op is not None, "a step starts at an operation"
        self._rules[op, len(node.operands)].add(step.position)
        inputs = [self.terms[v] if isinstance(v, Value) else v for v in node.operands]
        return {
            "phase": "backward",
            "node": self.number[node],
            "parent": self.number[step.parent],
            "position": step.position,
            "slope": op.write_slope(inputs, self.terms[node], step.position),
        }


def finite(number: float) -> float | str:
    """Returns a number as JSON can hold it: infinity and nan become texts."""
    return number if math.isfinite(number) else str(number).replace("inf", "Infinity").replace("nan", "NaN")
