"""The equations of a backward pass in text: what each way between two named arrays passes back.

`dxhat = dout * gamma`, `dW1 += x.T @ dz1`: as they would be written in NumPy. What has no name is written out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from .. import table
from ..programs.assignments import Assignment, Constant, Contraction, Fold, Map, View
from ..programs.reverse import Way
from .array_code import contracted, spread, summed, unviewed, viewed
from .code_text import Code, Writing, called, code, name
from .judged import Recorded

__all__ = ["Equations", "NamedWay", "derivative_name"]

LONGEST = 160  # characters of a side that is written out
FOLDS = {"maximum": "max", "minimum": "min", "mul": "prod", "log_sum_exp": "logsumexp"}


@dataclass(frozen=True)
class NamedWay:
    """From a named array back to another, past what has no name."""

    above: str  # nearer to the result
    below: str
    ways: frozenset[Way]  # of the program
    equation: str  # such as dxc += dxhat / std


def derivative_name(of: str) -> str:
    """What the gradient of an array is called: dx for x, ∂C/∂ before what is no single word."""
    return f"d{of}" if of.replace("(", "").replace(")", "").isidentifier() else f"∂C/∂{of}"


@dataclass(frozen=True, eq=False)
class Equations:
    """Writes the equations of a recorded pass."""

    recorded: Recorded
    _written: dict[int, Code] = field(default_factory=dict)

    @cached_property
    def names(self) -> dict[int, str]:
        """The names of the arrays that a gradient goes to, by their numbers; the result has one always."""
        flows = self.recorded.backward.flows
        found = {a.number: called for called, a in reversed(self.recorded.named.items()) if a.number in flows}
        result = self.recorded.result
        return {**found, result.number: found.get(result.number) or result.name or "result"}

    @cached_property
    def named_ways(self) -> list[NamedWay]:
        """The ways between named arrays, from the result down."""
        found = []
        for above in sorted(self.names, reverse=True):
            ways = self._ways_from(above)
            targets = sorted({self._target(way) for way in ways} & set(self.names), reverse=True)
            found += [self._named_way(above, below, ways) for below in targets]
        several = {way.below for way in found if sum(other.below == way.below for other in found) > 1}
        return [way if way.below in several or "[" in way.equation.split(" += ")[0]
                else NamedWay(way.above, way.below, way.ways, way.equation.replace(" += ", " = ", 1))
                for way in found]  # fmt: skip

    def of_way(self, way: Way) -> str:
        """The equation of a single way of the program: what its operand gets of what arrives."""
        node = self.recorded.program.assignments[way.number]
        gets, place = self.back(node, way.position, self._gradient(node))
        return f"{self._gradient(node.operands[way.position])}{place} += {shortened(gets)}"

    def _gradient(self, node: Assignment) -> Code:
        if node.number in self.names:
            return name(derivative_name(self.names[node.number]))
        return name(f"d({shortened(self.forward(node))})")

    def _target(self, way: Way) -> int:
        return self.recorded.program.assignments[way.number].operands[way.position].number

    def _ways_from(self, above: int) -> list[Way]:
        """The ways from a named array down to the next named ones."""
        found, waiting, seen = [], [above], {above}
        while waiting:
            node = self.recorded.program.assignments[max(waiting)]
            waiting.remove(node.number)
            for way in self.recorded.backward.ways(node):
                found.append(way)
                target = self._target(way)
                if target not in self.names and target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return found

    def _named_way(self, above: int, below: int, ways: list[Way]) -> NamedWay:
        """Those of the ways that lead to `below`, and what it gets."""
        leads = {below}
        for way in sorted(ways):
            if self._target(way) in leads and way.number != above:
                leads.add(way.number)
        mine = [way for way in ways if self._target(way) in leads]
        arrives: dict[int, Code] = {above: name(derivative_name(self.names[above]))}
        places: dict[int, set[str]] = {}
        for way in mine:
            gets, place = self.back(self.recorded.program.assignments[way.number], way.position, arrives[way.number])
            target = self._target(way)
            arrives[target] = arrives[target] + gets if target in arrives else gets
            places.setdefault(target, set()).add(place)
        inner = {place for target, found in places.items() if target != below for place in found} - {""}
        place = places[below].pop() if len(places[below]) == 1 and not inner else "[…]"
        left = f"{derivative_name(self.names[below])}{place}"
        right = shortened(arrives[below])
        return NamedWay(self.names[above], self.names[below], frozenset(mine), f"{left} += {right}")

    # ---- the forward pass

    def forward(self, node: Assignment) -> Code:
        """An array as code: its name, or how it is worked out."""
        if node.number not in self._written:
            self._written[node.number] = self._forward(node)
        return self._written[node.number]

    def _forward(self, node: Assignment) -> Code:
        if node.number in self.names:
            return name(self.names[node.number])
        if isinstance(node, Constant):
            for called_, named in self.recorded.named.items():
                if named is node:
                    return name(called_)
            if node.value.size == 1:
                return code(node.value.item())
            shape = node.shape if len(node.shape) > 1 else node.value.size
            return name("numbers" if node.value.any() else f"np.zeros({shape})")
        inputs = [self.forward(operand) for operand in node.operands]
        if isinstance(node, Map):
            if node.op is table.WHERE:
                return called("np.where", *inputs)
            written = node.op.forward(Writing(), *map(_number_or_code, inputs))
            return code(written)
        if isinstance(node, Contraction):
            return contracted(node.letters, node.out, inputs)
        if isinstance(node, Fold):
            return inputs[0].reduced(FOLDS.get(node.op.name, node.op.name), node.axis, len(node.operands[0].shape))
        if isinstance(node, View):
            return viewed(node, inputs)
        return name(node.name or "numbers")

    # ---- the backward pass

    def back(self, node: Assignment, position: int, flow: Code) -> tuple[Code, str]:
        """What an operand gets of what arrives, and in which of its places: "" for all."""
        operand, inputs = node.operands[position], [self.forward(operand) for operand in node.operands]
        if isinstance(node, Map):
            return summed(flow * self._slope(node, position, inputs), node.shape, operand.shape), ""
        if isinstance(node, Contraction):
            mine, others = node.letters[position], [k for k in range(len(inputs)) if k != position]
            letters = [node.out, *(node.letters[k] for k in others)]
            here = "".join(letter for letter in mine if letter in "".join(letters))
            passed = contracted(letters, here, [flow, *(inputs[k] for k in others)])
            return spread(passed, [letter in here for letter in mine]), ""
        if isinstance(node, Fold):
            kept = [k != node.axis for k in range(len(operand.shape))]
            y, x = spread(self.forward(node), kept), inputs[0]
            slope = y / x if node.op is table.MUL else x.joined(x, "==", y)
            if node.op is table.LOG_SUM_EXP:
                slope = called("np.exp", x - y)
            return spread(flow, kept) * slope, ""
        assert isinstance(node, View), "leaves and constants pass nothing on"
        return unviewed(node, position, flow)

    def _slope(self, node: Map, position: int, inputs: list[Code]) -> Code:
        y, op, writing = self.forward(node), node.op, Writing()
        plain = [_number_or_code(x) for x in inputs]
        slope = code(op.slope(writing, y, plain, position))
        if writing.branches > 1 or op is table.WHERE:
            short = op.write_slope([str(x) for x in inputs], str(y), position)
            return name(f"({short[1:-1]})" if short.startswith("[") else f"({short})")
        return slope


def _number_or_code(x: Code) -> float | Code:
    return x.number if x.is_number else x


def shortened(side: Code) -> str:
    """The side of an equation, its middle left out if it is long."""
    text = str(side)
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} … {text[-LONGEST // 3 :]}"
