"""How far rounding may take a gradient, worked out in any reasonable way, from the one of an array program.

Monte Carlo arithmetic (D. S. Parker, 1997): the passes are run again, and every result is moved by as much as rounding
may move it. How far the gradients move says how much of them rounding decides, whichever way they are worked out: a
term that cancels, a saturated neuron, a sum in another order. Nothing in it is a worst case multiplied over layers.
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
# The root mean square of the moves, this many times. `python -m tests.campaigns.judge_rounding` measures what it takes:
# of right passes without a tie, 99.9 % need less than 3, and 99.99 % less than 10.
MULTIPLE = 32.0
# Slopes that may be worked out as a difference from 1; how fast they vanish where they do, as e to the minus what
FROM_1: dict[str, Callable[[Array], Array]] = {
    "sigmoid": lambda z: np.maximum(z, 0.0),
    "tanh": lambda z: 2.0 * np.abs(z),
    "softplus": lambda z: np.maximum(-z, 0.0),
    "expm1": lambda z: np.maximum(-z, 0.0),
}
LEAST = 2.0**-1072  # numbers near the smallest that there are have few digits
SMALLEST = 1e-150  # the square of less is no float: somewhere on the way it is lost
COPY = "Z"  # the letter of the axis of the runs


def allowed(backward: BackwardPass, single: bool = False, smallest: float = SMALLEST) -> dict[int, Array]:
    """How far each entry of each gradient may be from the program's, by the number of the assignment.

    In units of float64's rounding; of float32's, if `single`. Where the right number is not finite, it is 0: only the
    same infinity, or nan, agrees. Where it is finite, and rounding alone may make it infinite or nan, it is inf.

    A branch (relu's, the largest) is taken as the program takes it. Where rounding may decide which, what the other
    branch would change is allowed too. relu's slope at exactly 0 is 0; of `maximum` and `minimum`, either slope is
    right at a tie.
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
    """Several runs of a program and of its backward pass at once: every array has a first axis more."""

    def __init__(self, backward: BackwardPass, kind: Any, smallest: float = SMALLEST) -> None:
        self.backward = backward
        self.eps, self.floor = float(kind.eps), max(float(kind.tiny), smallest)
        self.single = kind.bits == 32
        self.rng = np.random.default_rng(0)
        self.values: dict[int, Array] = {}
        self.slopes: dict[Way, Array] = {}  # of operations with branches: as the program takes them
        self.copies: dict[int, Any] = {}
        self.recovered: dict[int, Array] = {}  # by number: the sum with a number, 1 + …, that it may be recovered from
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
        """Inputs are moved too: they may come from files, or have been float32. Constants are what they are."""
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
                alone = self.uses[operand.number] == 1  # else its own numbers are at hand
                if isinstance(other, Constant) and other.shape == () and operand.shape == node.shape and alone:
                    self._recover(operand, np.abs(node.value))
        copy = self.copies[node.number]
        value = np.asarray(copy.forward(given))
        if isinstance(node, View) or (isinstance(node, Map | Fold) and node.op.name in ("softplus", "log_sum_exp")):
            return value  # of the latter, the slope is e to the input less this: what both are off by cancels
        if isinstance(node, Contraction):
            return self._moved(value, copy.terms(given), math.sqrt(extent(node, node.summed)))
        terms = np.abs(value)
        if sums:  # nothing is lost where 0 is added, as in 1 + exp(-1000.0)
            terms = np.where((given[0] == 0.0) | (given[1] == 0.0), 0.0, terms)
        if isinstance(node, Map) and node.op.name in ("sigmoid", "tanh"):  # which are 1, as soon as they are near
            terms = terms * self._near_1(node, given[0])
        return self._moved(value, terms)

    def _recover(self, node: Assignment, sizes: Array) -> None:
        """Note the sums; of what consists of other arrays, as e to too much beside infinities does, each one's."""
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
        """The value, by chance a rounding error of these terms away, in each run."""
        most = np.where((terms > 0.0) & (terms < np.inf), self.eps * count * terms + LEAST, 0.0)
        return value + most * (2.0 * self.rng.random(value.shape) - 1.0)

    # ---- backward

    def moves(self) -> dict[int, Array]:
        """The root mean square over the runs of how far each gradient moves; inf where a run is not finite.

        At a tie it is the larger one of both conventions: a slope that rounds to 0 hides which one was taken.
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
        sizes: dict[int, Array] = {}  # the terms that a gradient is a sum of
        for node in self.backward.order:
            flow = flows.get(node.number)
            if flow is None:
                continue
            for way in self.backward.ways(node):
                # Readers may work these ways out apart, or leave out what is nothing, but for rounding.
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
        """What an operand gets, in each run, and the terms that rounding is relative to."""
        copy, y, given = self.copies[node.number], self.values[node.number], self._operands(node)
        if isinstance(node, Contraction | View):
            passed = copy.back(way.position, flow, y, given)
            terms = copy.back(way.position, np.abs(flow), y, [np.abs(value) for value in given])
            return passed, terms * math.sqrt(self._summed(node, way))
        if node.number in self.recovered:
            y = self._moved(y, np.minimum(self.recovered[node.number], np.abs(y) / self.eps))
        assert isinstance(node, Map | Fold)
        slope = slopes[way] if way in slopes else copy.slope(way.position, y, given)
        if node.op.name == "div":  # which may be too small for all its digits, where what arrives is large
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
        """In units of ε: how far 1 − a may be from what it should be. All of it is lost at most."""
        return np.minimum(1.0, 16.0 * np.exp(-FROM_1[node.op.name](z)) / self.eps)

    def _summed(self, node: Assignment, way: Way) -> float:
        """How many terms a gradient is the sum of, on this way."""
        if isinstance(node, Contraction):
            return extent(node, set("".join(node.letters)) - set(node.letters[way.position]))
        return max(1.0, node.value.size / max(1, node.operands[way.position].value.size))

    # ---- branches that rounding decides

    def flips(self) -> dict[int, Array]:
        """What the branches that might be taken change in each gradient, at most."""
        most: dict[int, Array] = {}
        for rules in self._rules():
            for number, flow in self.backward.replaced(Change(rules)).items():
                change = np.abs(flow - self.backward.flows[number])
                most[number] = np.maximum(most[number], change) if number in most else change
        return most

    def _rules(self) -> list[dict[Way, Rule]]:
        """The ways on which other branches are taken: in each run and direction, and at ties by either convention."""
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
        """The slopes of `maximum` and `minimum` where they are tied, by either convention, and the same as rules."""
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
    """An operand of several runs, so that a map broadcasts it as it broadcasts the operand of one."""
    if not isinstance(node, Map):
        return value
    return value.reshape((len(value), *(1,) * (len(node.shape) - value.ndim + 1), *value.shape[1:]))


def copies(node: Assignment) -> Assignment:
    """The assignment, for arrays of all runs."""
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
    """How many elements some of a contraction's axes have together."""
    sizes = {
        letter: size
        for written, operand in zip(node.letters, node.operands, strict=True)
        for letter, size in zip(written, operand.shape, strict=True)
    }
    return float(math.prod(sizes[letter] for letter in letters))


def spread(moves: NDArray[np.float64]) -> Array:
    """The root mean square over the runs; inf where one is not finite."""
    size = np.abs(moves).max(axis=0, initial=0.0)
    scaled = moves / np.where(size == 0.0, 1.0, size)
    root = np.sqrt(np.mean(scaled * scaled, axis=0)) * size
    return np.where(np.isfinite(root), root, np.inf)
