"""The equations of a backward pass in text: what each way between two named arrays passes back.

`dxhat = dout * gamma`, `dW1 += x.T @ dz1`: as they would be written in NumPy. What has no name is written out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import permutations

import numpy as np

from .. import table
from ..programs.assignments import Assignment, Constant, Contraction, Fold, Map, View
from ..programs.reverse import Way
from .code_text import Code, Writing, called, code, matrix_product, name
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
            return name("numbers" if node.value.any() else f"np.zeros({node.shape if len(node.shape) > 1 else node.value.size})")
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
            return _viewed(node, inputs)
        return name(node.name or "numbers")

    # ---- the backward pass

    def back(self, node: Assignment, position: int, flow: Code) -> tuple[Code, str]:
        """What an operand gets of what arrives, and in which of its places: "" for all."""
        operand, inputs = node.operands[position], [self.forward(operand) for operand in node.operands]
        if isinstance(node, Map):
            return _summed(flow * self._slope(node, position, inputs), node.shape, operand.shape), ""
        if isinstance(node, Contraction):
            mine, others = node.letters[position], [k for k in range(len(inputs)) if k != position]
            letters = [node.out, *(node.letters[k] for k in others)]
            kept = "".join(letter for letter in mine if letter in "".join(letters))
            passed = contracted(letters, kept, [flow, *(inputs[k] for k in others)])
            return _spread(passed, [letter in kept for letter in mine]), ""
        if isinstance(node, Fold):
            kept = [k != node.axis for k in range(len(operand.shape))]
            y, x = _spread(self.forward(node), kept), inputs[0]
            slope = y / x if node.op is table.MUL else x.joined(x, "==", y)
            if node.op is table.LOG_SUM_EXP:
                slope = called("np.exp", x - y)
            return _spread(flow, kept) * slope, ""
        assert isinstance(node, View), "leaves and constants pass nothing on"
        return _unviewed(node, position, flow)

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


def contracted(letters: Sequence[str], out: str, inputs: Sequence[Code]) -> Code:
    """A sum of products: `.sum(axis=0)`, `x.T @ dz`, `np.outer(x, dz)`, otherwise `np.einsum`."""
    if len(inputs) == 1:
        (mine,), (x,) = letters, inputs
        if mine == out:
            return x
        if "".join(letter for letter in mine if letter in out) == out:
            return _sum(x, [k for k, letter in enumerate(mine) if letter not in out], len(mine))
        if mine[::-1] == out:
            return x.followed(".T")
    elif len(inputs) == 2:
        if letters[0] == letters[1] == out:
            return inputs[0] * inputs[1]
        for i, j in permutations((0, 1)):
            found = _matmul(letters[i], letters[j], out, inputs[i], inputs[j])
            if found is not None:
                return found
    joined = ", ".join(map(str, inputs))
    return name(f'np.einsum("{",".join(letters)}->{out}", {joined})')


def _matmul(first: str, second: str, out: str, a: Code, b: Code) -> Code | None:
    """a @ b, one or both transposed; the outer product of two vectors; None where it is neither."""
    summed = [letter for letter in first if letter in second and letter not in out]
    if not summed:
        return called("np.outer", a, b) if len(first) == len(second) == 1 and first + second == out else None
    (k, *more) = summed
    stack = out[: -2 if len(out) > 2 else 0] if len(out) > 2 else ""
    if more or not (first.startswith(stack) and second.startswith(stack)):
        return None
    left, right = first[len(stack) :], second[len(stack) :]
    if max(len(left), len(right)) > 2 or left.replace(k, "") + right.replace(k, "") != out[len(stack) :]:
        return None
    turned = ".swapaxes(-1, -2)" if stack else ".T"
    a = a if left.endswith(k) else a.followed(turned)
    return matrix_product(a, b if right.startswith(k) else b.followed(turned))


def _sum(x: Code, axes: list[int], ndim: int, keep: bool = False) -> Code:
    """.sum() over all axes or some."""
    if len(axes) == ndim and not keep:
        return x.followed(".sum()")
    if len(axes) == 1:
        return x.reduced("sum", axes[0], ndim, keep)
    return x.followed(f".sum(axis={tuple(axes)}{', keepdims=True' * keep})")


def _summed(x: Code, shape: tuple[int, ...], to: tuple[int, ...]) -> Code:
    """Summed over what was broadcast."""
    extra = len(shape) - len(to)
    ones = [extra + k for k, extent in enumerate(to) if extent == 1 and shape[extra + k] != 1]
    if extra:
        x = _sum(x, list(range(extra)), len(shape))
    return _sum(x, [k - extra for k in ones], len(to), keep=True) if ones else x


def _spread(x: Code, kept: list[bool]) -> Code:
    """Spread over axes that it does not have: an index, unless broadcasting does it."""
    first = kept.index(True) if True in kept else len(kept)
    if all(kept[first:]) or x.is_number:
        return x
    return x.followed(f"[{', '.join(':' if there else 'None' for there in kept[first:])}]")


def _viewed(node: View, inputs: list[Code]) -> Code:
    if node.of_one is None:
        shown = [str(x) for x in inputs]
        return name(f"[{', '.join(shown if len(shown) < 4 else [shown[0], '…', shown[-1]])}]")
    place = _place(node)
    return inputs[0].followed(place)


def _unviewed(node: View, position: int, flow: Code) -> tuple[Code, str]:
    if node.of_one is None:
        here = node.source == position
        rows = [k for k in range(len(here)) if here[k].any()]
        is_rows = all(here[k].all() for k in rows) and rows == list(range(rows[0], rows[-1] + 1))
        return flow.followed(f"[{_span(rows[0], rows[-1] + 1)}]" if is_rows else "[…]"), ""
    place = _place(node)
    if place == ".T":
        return flow.followed(".T"), ""
    if "None" in place:
        return flow.followed(f"[{place[1:-1].replace('None', '0')}]"), ""
    if place.startswith(".reshape"):
        return flow.followed(f".reshape{node.operands[0].shape}"), ""
    return flow, place


def _place(node: View) -> str:
    """How a view of one array is written after its name."""
    shape, places = node.operands[0].shape, np.arange(node.operands[0].value.size).reshape(node.operands[0].shape)
    index = node.index
    if len(shape) > 1 and index.shape == shape[::-1] and np.array_equal(index, places.T):
        return ".T"
    if np.array_equal(index.ravel(), places.ravel()):
        if index.ndim == len(shape) + 1 and 1 in index.shape:
            for k in range(index.ndim):
                if index.shape[:k] + index.shape[k + 1 :] == shape and index.shape[k] == 1:
                    return f"[{', '.join('None' if j == k else ':' for j in range(index.ndim))}]"
        return f".reshape{index.shape}"
    for axis in range(len(shape)):
        if not index.size:
            break
        along = np.moveaxis(places, axis, 0)
        start = int(np.unravel_index(index.flat[0], shape)[axis])
        extent = index.shape[axis] if index.ndim == len(shape) else 0
        part = along[start] if not extent else np.moveaxis(along[start : start + extent], 0, axis)
        if part.shape == index.shape and np.array_equal(part, index):
            return f"[{':, ' * axis}{_span(start, start + extent) if extent else start}]"
    return "[…]"


def _span(start: int, stop: int) -> str:
    return str(start) if stop == start + 1 else f"{start}:{stop}"


def shortened(side: Code) -> str:
    """The side of an equation, its middle left out if it is long."""
    text = str(side)
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} … {text[-LONGEST // 3 :]}"
