"""Computes bounds for the rounding error of gradients: how far a right gradient may differ from the program's.

The bounds come from Monte Carlo arithmetic (D. S. Parker, 1997). The passes run several times, and in each run every
result is moved by a random rounding error. The spread of the gradients shows how large their errors are, also where
terms cancel, neurons saturate or sums have another order. So no worst case is multiplied over the layers.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .assignments import Array, Assignment, Constant, Contraction, Fold, Map, View, summed_to
from .branches import can_flip, decided, has_branches, recorded_slope, rule, through, ties
from .reverse import BackwardPass, Change, Rule, Way
from .shifts import is_shift

__all__ = ["SMALLEST", "allowed"]

RUNS = 16
# The bound is this many times the root mean square of the moves. `python -m tests.campaigns.judge_rounding` measures
# the need: of right passes without a tie, 99.9 % need less than 3, and 99.99 % less than 10.
MULTIPLE = 32.0
# Operations whose slope a reader may compute as a difference from 1, such as 1 − y². Each function gives an x for which
# e⁻ˣ is the size of the slope where the slope goes to 0.
FROM_1: dict[str, Callable[[Array], Array]] = {
    "sigmoid": lambda z: np.maximum(z, 0.0),
    "tanh": lambda z: 2.0 * np.abs(z),
    "softplus": lambda z: np.maximum(-z, 0.0),
    "expm1": lambda z: np.maximum(-z, 0.0),
}
LEAST = 2.0**-1072  # the absolute error of subnormal numbers, which have few digits
SMALLEST = 1e-150  # the square of a smaller number underflows, so a gradient this small may be lost
COPY = "Z"  # the letter of the axis of runs


def allowed(backward: BackwardPass, single: bool = False, smallest: float = SMALLEST) -> dict[int, Array]:
    """Returns a dict from the number of each assignment to the allowed differences of its gradient from the program's.

    Rounding is that of float64, or of float32 if `single`. If the right number is not finite, the bound is 0: only the
    same infinity, or nan, agrees. If it is finite, and rounding may make it infinite or nan, the bound is inf.

    A branch (of relu, of a maximum) is taken as the program takes it. Where rounding may decide the branch, the change
    by the other branch is allowed too. At exactly 0, relu's slope is 0; at a tie, either slope of `maximum` and
    `minimum` is right.
    """
    with np.errstate(all="ignore"):
        runs = Runs(backward, np.finfo(np.float32 if single else np.float64), smallest)
        moves = runs.moves()
        flips = runs.flips()
    return {
        number: np.where(np.isfinite(right), MULTIPLE * moves[number] + flips.get(number, 0.0) + runs.floor, 0.0)
        for number, right in backward.flows.items()
    }


class Runs:
    """Several runs of a program and its backward pass at once. Each array has a first axis for the runs."""

    def __init__(self, backward: BackwardPass, kind: Any, smallest: float = SMALLEST) -> None:
        self.backward = backward
        self.eps, self.floor = float(kind.eps), max(float(kind.tiny), smallest)
        self.single = kind.bits == 32
        self.rng = np.random.default_rng(0)
        self.values: dict[int, Array] = {}
        self.slopes: dict[Way, Array] = {}  # of operations with branches, at the program's own numbers
        self.copies: dict[int, Any] = {}
        self.recovered: dict[int, Array] = {}  # by number: the size of a sum 1 + y from which a reader may recover y
        self.uses = Counter(operand.number for node in backward.order for operand in node.operands)
        for node in reversed(backward.order):
            for given in (node, *node.operands):
                if not given.operands and given.number not in self.values:
                    self.values[given.number] = self._given(given)
            if not node.operands:
                continue
            self.copies[node.number] = copies(node)
            self.values[node.number] = self._worked_out(node)

    # ---- forward

    def _given(self, node: Assignment) -> Array:
        """Returns the numbers of a leaf in all runs. Inputs are moved; constants only if float32 rounds them."""
        value = np.broadcast_to(node.value, (RUNS, *node.shape))
        if isinstance(node, Constant) and not (self.single and (node.value.astype(np.float32) != node.value).any()):
            return value
        return self._moved(value, np.abs(value))

    def _worked_out(self, node: Assignment) -> Array:
        given = self._operands(node)
        if has_branches(node):
            value = np.broadcast_to(node.value, (RUNS, *node.shape))
            for k, operand in enumerate(node.operands):
                slope = self.slopes[Way(node.number, k)] = recorded_slope(node, k)
                moved = np.where(slope == 0.0, 0.0, slope * (given[k] - aligned(operand.value[None], node)))
                value = value + (moved.sum(axis=node.axis + 1) if isinstance(node, Fold) else moved)
            return value
        sums = isinstance(node, Map) and node.op.name in ("add", "sub")
        if sums:
            for operand, other in zip(node.operands, reversed(node.operands), strict=True):
                alone = self.uses[operand.number] == 1  # with another use, the user's pass has y itself
                if isinstance(other, Constant) and other.shape == () and operand.shape == node.shape and alone:
                    self._recover(operand, np.abs(node.value))
        copy = self.copies[node.number]
        value = np.asarray(copy.forward(given))
        if isinstance(node, View) or (isinstance(node, Map | Fold) and node.op.name in ("softplus", "log_sum_exp")):
            return value  # the slope is exp(input − value), in which an error of both cancels
        if isinstance(node, Contraction):
            return self._moved(value, copy.terms(given), math.sqrt(extent(node, node.summed)))
        terms = np.abs(value)
        if sums:  # adding 0 loses no digits, as in 1 + exp(-1000.0)
            terms = np.where((given[0] == 0.0) | (given[1] == 0.0), 0.0, terms)
        if isinstance(node, Map) and node.op.name in ("sigmoid", "tanh"):  # they round to 1 when they are close to it
            terms = terms * self._near_1(node, given[0])
        return self._moved(value, terms)

    def _recover(self, node: Assignment, sizes: Array) -> None:
        """Stores the size of the sum from which an operand may be recovered; for a view, the sizes for its parts."""
        if not isinstance(node, View):
            self.recovered[node.number] = sizes
            return
        for k, operand in enumerate(node.operands):
            if not isinstance(operand, Constant) and self.uses[operand.number] == 1:
                here, of = node.source == k, np.zeros(operand.value.size)
                of[node.index[here]] = sizes[here]
                self._recover(operand, of.reshape(operand.shape))

    def _operands(self, node: Assignment) -> list[Array]:
        return [aligned(self.values[operand.number], node) for operand in node.operands]

    def _moved(self, value: Array, terms: Array, count: float = 1.0) -> Array:
        """Returns the value, in each run moved by a random rounding error relative to these terms."""
        most = np.where((terms > 0.0) & (terms < np.inf), self.eps * count * terms + LEAST, 0.0)
        return value + most * (2.0 * self.rng.random(value.shape) - 1.0)

    # ---- backward

    def moves(self) -> dict[int, Array]:
        """Returns, by number, the root mean square of each gradient's move over the runs; inf if a run is not finite.

        At a tie, it is the larger move of the two conventions: a slope that rounds to 0 hides which one was taken.
        """
        most = self._moves(self.backward.flows, self.slopes)
        for slopes, rules in self._tied():
            right = self.backward.flows | self.backward.replaced(Change(rules))
            moves = self._moves(right, self.slopes | slopes)
            most = {number: np.maximum(move, moves[number]) for number, move in most.items()}
        return most

    def _moves(self, right: Mapping[int, Array], slopes: Mapping[Way, Array]) -> dict[int, Array]:
        start = right[self.backward.result.number]
        start = np.broadcast_to(start, (RUNS, *start.shape))
        flows: dict[int, Array] = {self.backward.result.number: self._moved(start, np.abs(start))}
        sizes: dict[int, Array] = {}  # the magnitude of the terms that a gradient is a sum of
        for node in self.backward.order:
            flow = flows.get(node.number)
            if flow is None:
                continue
            for way in self.backward.ways(node):
                # A reader may compute these ways separately, or leave out one that is zero except for rounding.
                arrived = np.roll(flow, 1, axis=0) if is_shift(node, way.position) else flow
                if way.position and node.number in sizes:
                    arrived = self._moved(arrived, sizes[node.number])
                passed, terms = self._passed(node, way, arrived, slopes)
                target, shape = node.operands[way.position].number, (RUNS, *node.operands[way.position].shape)
                moved = self._moved(passed, terms).reshape(shape)
                flows[target] = flows[target] + moved if target in flows else moved
                sizes[target] = sizes.get(target, 0.0) + terms.reshape(shape)
        return {
            number: spread(flows[number] - flow) if number in flows else np.zeros(flow.shape)
            for number, flow in right.items()
        }

    def _passed(self, node: Assignment, way: Way, flow: Array, slopes: Mapping[Way, Array]) -> tuple[Array, Array]:
        """Returns the gradient that an operand gets, in each run, and the terms that its rounding is relative to."""
        copy, y, given = self.copies[node.number], self.values[node.number], self._operands(node)
        if isinstance(node, Contraction | View):
            passed = copy.back(way.position, flow, y, given)
            terms = copy.back(way.position, np.abs(flow), y, [np.abs(value) for value in given])
            return passed, terms * math.sqrt(self._summed(node, way))
        if node.number in self.recovered:
            y = self._moved(y, np.minimum(self.recovered[node.number], np.abs(y) / self.eps))
        assert isinstance(node, Map | Fold)
        slope = slopes[way] if way in slopes else copy.slope(way.position, y, given)
        if node.op.name == "div":  # the slope may be subnormal, which matters if the flow is large
            slope = self._moved(slope, np.where((slope == 0.0) & (y != 0.0), LEAST, np.abs(slope)))
        passed = through(node, flow, slope)
        terms = np.abs(passed)
        if node.op.name in FROM_1:
            size: Any = 1.0 if node.op.name == "softplus" else np.abs(y)
            terms = np.maximum(terms, np.abs(flow) * size * self._near_1(node, given[0]))
        shape = given[way.position].shape
        if passed.shape == shape:
            return passed, terms
        count = passed.size / math.prod(shape) if math.prod(shape) else 1.0
        return summed_to(passed, shape), summed_to(terms, shape) * math.sqrt(count)

    def _near_1(self, node: Map | Fold, z: Array) -> Array:
        """Returns the absolute error of 1 − a in units of ε: 1, or less where 1 − a itself is smaller than about ε."""
        return np.minimum(1.0, 16.0 * np.exp(-FROM_1[node.op.name](z)) / self.eps)

    def _summed(self, node: Assignment, way: Way) -> float:
        """Returns the number of terms in the sum that gives an operand's gradient."""
        if isinstance(node, Contraction):
            return extent(node, set("".join(node.letters)) - set(node.letters[way.position]))
        return max(1.0, node.value.size / max(1, node.operands[way.position].value.size))

    # ---- branches that rounding decides

    def flips(self) -> dict[int, Array]:
        """Returns, by number, the largest change of each gradient by branches that rounding may decide."""
        most: dict[int, Array] = {}
        for rules in self._rules():
            for number, flow in self.backward.replaced(Change(rules)).items():
                change = np.abs(flow - self.backward.flows[number])
                most[number] = np.maximum(most[number], change) if number in most else change
        return most

    def _rules(self) -> list[dict[Way, Rule]]:
        """Returns dicts of rules with slopes of other branches: for each run and sign, and each convention at ties."""
        found: list[dict[Way, Rule]] = [{} for _ in range(2 * RUNS)]
        for node in self.backward.order:
            if not has_branches(node) or not can_flip(node):
                continue
            assert isinstance(node, Map | Fold)
            tied, copy = ties(node), self.copies[node.number]
            right = [aligned(operand.value[None], node) for operand in node.operands]
            for side, sign in enumerate((1.0, -1.0)):
                moves = [run - value for run, value in zip(self._operands(node), right, strict=True)]
                moved = [value + MULTIPLE * sign * move for value, move in zip(right, moves, strict=True)]
                for way in self.backward.ways(node):
                    own = self.slopes[way]
                    slope = copy.slope(way.position, copy.forward(moved), moved)
                    slope = np.where(tied, own, slope)
                    for run in np.flatnonzero((slope != own).reshape(RUNS, -1).any(axis=1)):
                        found[2 * run + side][way] = rule(node, way, slope[run])
        return [rules for rules in (*found, *(rules for _, rules in self._tied())) if rules]

    def _tied(self) -> list[tuple[dict[Way, Array], dict[Way, Rule]]]:
        """Returns slopes of `maximum` and `minimum` at ties, as arrays and as rules: a pair for each convention."""
        found: list[tuple[dict[Way, Array], dict[Way, Rule]]] = [({}, {}), ({}, {})]
        for node in self.backward.order:
            if not isinstance(node, Map | Fold) or node.op.name not in ("maximum", "minimum"):
                continue
            tied = ties(node)
            for way in self.backward.ways(node) if tied.any() else ():
                for side, (slopes, rules) in enumerate(found):
                    slope = np.where(tied, decided(node, self.slopes[way], way.position, side), self.slopes[way])
                    slopes[way], rules[way] = slope, rule(node, way, slope[0])
        return found if found[0][0] else []


def aligned(value: Array, node: Assignment) -> Array:
    """Returns an operand of several runs, reshaped so that a map broadcasts it as it does the operand of one run."""
    if not isinstance(node, Map):
        return value
    return value.reshape((len(value), *(1,) * (len(node.shape) - value.ndim + 1), *value.shape[1:]))


def copies(node: Assignment) -> Assignment:
    """Returns an Assignment that computes the array for all runs at once, along a new first axis."""
    shape = (RUNS, *node.shape)
    if isinstance(node, View):
        sizes = np.array([operand.value.size for operand in node.operands])
        offsets = sizes[node.source] * np.arange(RUNS).reshape(RUNS, *(1,) * len(node.shape))
        return replace(node, value=node.value, source=np.broadcast_to(node.source, shape), index=node.index + offsets)
    if isinstance(node, Contraction):
        return replace(node, letters=tuple(COPY + letters for letters in node.letters), out=COPY + node.out)
    if isinstance(node, Fold):
        return replace(node, axis=node.axis + 1)
    return replace(node, value=np.broadcast_to(node.value, shape))


def extent(node: Contraction, letters: Sequence[str] | set[str]) -> float:
    """Returns the product of the lengths of these axes of a contraction."""
    sizes = {
        letter: size
        for written, operand in zip(node.letters, node.operands, strict=True)
        for letter, size in zip(written, operand.shape, strict=True)
    }
    return float(math.prod(sizes[letter] for letter in letters))


def spread(moves: NDArray[np.float64]) -> Array:
    """Returns the root mean square over the runs; inf if one is not finite."""
    size = np.abs(moves).max(axis=0, initial=0.0)
    scaled = moves / np.where(size == 0.0, 1.0, size)
    root = np.sqrt(np.mean(scaled * scaled, axis=0)) * size
    return np.where(np.isfinite(root), root, np.inf)
