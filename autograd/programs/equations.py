"""Writes the equations of a backward pass as text: the gradient that each way between two named arrays passes back.

They look like NumPy code: `dxhat = dout * gamma`, `dW1 += x.T @ dz1`. Arrays without a name are written out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .. import table
from ..formulas.rule_text import SUM
from .array_code import chooses, contracted, spread, summed, unviewed, viewed
from .assignments import Assignment, Constant, Contraction, Fold, Map, View
from .code_text import Code, Factor, Writing, called, code, name
from .recorded import Recorded
from .reverse import Way

__all__ = ["Equations", "NamedWay", "derivative_name"]

LONGEST = 160  # characters of a right side; if it is longer, terms of the sum are left out
LONGEST_TERM = 100  # characters of a term that is then shown
MOST_PLACES = 3  # parts of an array whose equations are written
FOLDS = {"maximum": "max", "minimum": "min", "mul": "prod", "log_sum_exp": "logsumexp"}


@dataclass(frozen=True)
class NamedWay:
    """A way back from a named array to the next named array. Arrays without a name lie between them."""

    above: str  # the array nearer to the result
    below: str
    ways: frozenset[Way]  # the ways of the program on it
    ends: frozenset[Way]  # the ways among them that end at `below`
    equation: str  # for example dxc += dxhat / std


def derivative_name(of: str) -> str:
    """Returns the name of the gradient of an array: dx for x."""
    return f"d{of}"


@dataclass(frozen=True, eq=False)
class Equations:
    """The equations of a recorded backward pass."""

    recorded: Recorded
    _written: dict[int, Code] = field(default_factory=dict)

    @cached_property
    def names(self) -> dict[int, str]:
        """The names of the arrays that get a gradient, by number. The result always has a name."""
        flows = self.recorded.backward.flows
        found = {a.number: called for called, a in reversed(self.recorded.named.items()) if a.number in flows}
        result = self.recorded.result
        return {**found, result.number: found.get(result.number) or self._of_result}

    @property
    def _of_result(self) -> str:
        """The name of a result that no variable holds."""
        return "result" if "out" in self.recorded.named else "out"

    @cached_property
    def named_ways(self) -> list[NamedWay]:
        """The ways between named arrays, from the result to the inputs."""
        pairs = []
        for above in sorted(self.names, reverse=True):
            ways = self._ways_from(above)
            targets = {self._target(way) for way in ways} & set(self.names)
            pairs += [(above, below, ways) for below in sorted(targets, reverse=True)]
        counts = Counter(below for _, below, _ in pairs)
        return [self._named_way(*pair, adds=counts[pair[1]] > 1) for pair in pairs]

    def _target(self, way: Way) -> int:
        return self.recorded.program.assignments[way.number].operands[way.position].number

    def _ways_from(self, above: int) -> list[Way]:
        """Returns a list of the ways from a named array back to the next named arrays."""
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

    def _named_way(self, above: int, below: int, ways: list[Way], adds: bool) -> NamedWay:
        """Returns the way from `above` to `below` with its equation. `adds`: whether other ways add to `below`."""
        leads = {below}
        for way in sorted(ways):
            if self._target(way) in leads and way.number != above:
                leads.add(way.number)
        mine = [way for way in ways if self._target(way) in leads]
        arrives: dict[int, dict[str, list[Code]]] = {above: {"": [name(derivative_name(self.names[above]))]}}
        thin = set[int]()  # arrays whose gradient may be written with fewer entries, to be broadcast
        for way in mine:
            node, here = self.recorded.program.assignments[way.number], arrives[way.number]
            flow = _total(here[""]) if set(here) == {""} else name("…")  # a part of an array without a name
            if way.number in thin and isinstance(node, View) and node.of_one is None:
                flow = called("np.broadcast_to", flow, name(str(node.shape)))
            elif way.number in thin or (isinstance(node, Contraction) and _sums_alone(node, way.position)):
                thin.add(self._target(way))
            gets, place = self.back(node, way.position, flow)
            arrives.setdefault(self._target(way), {}).setdefault(place, []).append(_bounded(gets))
        ends = frozenset(way for way in mine if self._target(way) == below)
        left, repeats = derivative_name(self.names[below]), self._repeats(ends)
        sign = "+=" if adds or len(arrives[below]) > 1 else "="
        equations = [_equation(left, place, sign, terms, place in repeats) for place, terms in arrives[below].items()]
        if len(equations) > MOST_PLACES:
            equations[MOST_PLACES:] = [f"… ({len(equations)} equations)"]
        return NamedWay(self.names[above], self.names[below], frozenset(mine), ends, "; ".join(equations))

    def _repeats(self, ends: frozenset[Way]) -> set[str]:
        """Returns the places with repeated indices, to which NumPy's += would add only once."""
        nodes = [self.recorded.program.assignments[way.number] for way in ends]
        views = [node for node in nodes if isinstance(node, View) and len(np.unique(node.index)) < node.index.size]
        return {unviewed(node, 0, name("…"))[1] for node in views}

    # ---- the forward pass

    def forward(self, node: Assignment) -> Code:
        """Returns an array as code: its name, or the expression that computes it; … if that is far too long."""
        if node.number not in self._written:
            self._written[node.number] = _bounded(self._forward(node))
        return self._written[node.number]

    def _forward(self, node: Assignment) -> Code:
        if node.number in self.names:
            return name(self.names[node.number])
        if isinstance(node, Constant):
            if node.name:
                return name(node.name)
            if node.value.size == 1:
                return code(node.value.item())
            if not node.value.any():
                return name(f"np.zeros({node.shape if len(node.shape) > 1 else node.value.size})")
            is_mask = bool(np.isin(node.value, (0.0, 1.0)).all())
            if is_mask and (mask := self._mask(node.value == 1.0)):
                return name(mask)
            return Code(1.0, (Factor(node.text, SUM),)) if node.text else name("numbers")
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
        """Returns an operand's gradient from `flow` as code, and the index it goes to; "" means the whole operand."""
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
        if node.of_one is None and chooses(node) and (mask := self._mask(node.source == position)):
            return flow * name(mask), ""
        return unviewed(node, position, flow)

    def _mask(self, there: NDArray[np.bool_]) -> str:
        """Returns the mask as a comparison of a named array with 0; "" if there is no such array."""
        if there.all() or not there.any():
            return ""
        for array, named in self.recorded.named.items():
            if named.shape == there.shape:
                for sign, holds in ((">", named.value > 0.0), ("<=", named.value <= 0.0)):
                    if np.array_equal(holds, there):
                        return f"({array} {sign} 0)"
        return ""

    def _slope(self, node: Map, position: int, inputs: list[Code]) -> Code:
        y, op, writing = self.forward(node), node.op, Writing()
        plain = [_number_or_code(x) for x in inputs]
        slope = code(op.slope(writing, y, plain, position))
        if writing.branches and op is table.POW and (formula := op.formulas[position]):  # branches for a power of 0
            return code(formula(Writing(), y, *plain))
        if writing.branches > 1 or op is table.WHERE:
            short = op.write_slope([str(x) for x in inputs], str(y), position)
            return name(f"({short[1:-1]})" if short.startswith("[") else f"({short})")
        return slope


def _number_or_code(x: Code) -> float | Code:
    return x.number if x.is_number else x


def _bounded(x: Code) -> Code:
    """Returns the code, or … if it is far too long to read. Code that uses a long text twice would double it."""
    return x if len(str(x)) <= 4 * LONGEST else name("…")


def _total(terms: list[Code]) -> Code:
    return code(sum(terms[1:], terms[0]))


def _equation(left: str, place: str, sign: str, terms: list[Code], repeats: bool) -> str:
    if repeats and place.startswith("[["):
        return f"np.add.at({left}, {place[1:-1]}, {shortened(terms)})"
    return f"{left}{place} {'+=' if place else sign} {shortened(terms)}"


def _sums_alone(node: Contraction, position: int) -> bool:
    """Returns whether a contraction sums an operand over an axis that no other operand has, so that g is broadcast."""
    others = [letters for k, letters in enumerate(node.letters) if k != position]
    return bool(set(node.letters[position]) - {*node.out}.union(*others))


def shortened(terms: list[Code]) -> str:
    """Returns the sum of the terms as text. If it is too long, "…" stands for the terms that are left out."""
    whole = _total(terms)
    if len(str(whole)) <= LONGEST:
        return str(whole)
    every = whole.terms
    kept, *more = [term for term in every if len(term) <= LONGEST_TERM] or [""]
    for term in more:
        if len(kept) + len(term) > LONGEST_TERM:
            break
        kept += f" {term}"
    count = f"… ({len(every)} terms)" if len(every) > 1 else "… (too long to show)"
    return f"{kept.removeprefix('+ ')} + {count}" if kept else count
