"""Tests quickly, by a few numbers, whether an edit can explain the given arrays, without a whole backward pass.

A weight is the inner product of a gradient with a random direction. An edit changes the gradient at some place of the
pass. The weight then changes by the inner product of this change with the tangent at that place. Forward mode computes
the tangents once for all edits. An edit that passes the test is tried in full.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ...programs.assignments import Array
from ...programs.forward import tangents
from ...programs.recorded import Recorded
from ...programs.reverse import Change
from ..judged import Given, largest
from ..relatives import below

__all__ = ["WEIGHTS", "Screen"]

WEIGHTS = 2  # random directions for each given array
CLOSE = 1e-6  # the relative distance within which two weights count as equal
CLEAR = 100.0  # an effect is clear if it is more than this many times the rounding error of a weight


class Screen:
    """The weights of the right and of the given gradients, and the effects of edits on them."""

    def __init__(self, recorded: Recorded, givens: list[Given]) -> None:
        self.recorded, self.backward, self.givens = recorded, recorded.backward, givens
        random = np.random.default_rng(0)
        self.tangents: list[dict[int, Array]] = []  # for each weight, from the number of an array to its tangent
        right, yours, allowed = [], [], []
        for given in givens:
            unit = 1.0 / max(largest(given.right), largest(given.array), 1e-300)
            for _ in range(WEIGHTS):
                direction = random.normal(size=given.right.shape) * unit
                self.tangents.append(tangents(self.backward, given.assignment.number, direction))
                now = self.backward.flows.get(given.assignment.number, given.right)
                right.append(np.sum(direction * now))
                yours.append(np.sum(direction * given.array))
                allowed.append(np.sum(np.abs(direction) * given.allowed))
        self.right, self.yours = np.array(right), np.array(yours)
        self.wanted = self.yours - self.right
        self.allowed = np.array(allowed) * 4 + 1e-13
        self._slack = self.slack(self.wanted)
        self._below, self._rows = below(recorded), _rows(self.tangents)
        changed = self.backward.changed  # below these, the tangents of the right pass do not count
        self._spoiled = {number for number, under in self._below.items() if changed and not changed.isdisjoint(under)}

    def effect(self, change: Change) -> Array | None:
        """Returns the change of each weight; None if the places of the edit depend on each other or an earlier edit.

        In this case only a whole pass gives the changes; see `effect_of`.
        """
        targets = self.targets(change)
        if not self._spoiled.isdisjoint(targets) or (len(targets) > 1 and self._is_chained(change, targets)):
            return None
        total = np.zeros(len(self.tangents))
        flows, passed = self.backward.flows, self.backward.passed
        for number, rule in change.at.items():
            self._weigh(total, number, rule(flows[number]) - flows[number])
        for (number, target), rule in change.jumps.items():
            self._weigh(total, target, rule(flows[number]))
        for way, rule in change.rules.items():
            self._weigh(total, self._target(way), rule(flows[way.number]) - passed[way])
        return total

    def effect_of(self, differences: Mapping[int, Array]) -> Array:
        """Returns the change of each weight after a whole pass.

        `differences` maps the numbers of arrays to what this pass adds to their gradients.
        """
        total = np.zeros(len(self.tangents))
        for k, of in enumerate(self.tangents):
            number = self.givens[k // WEIGHTS].assignment.number
            if number in differences:
                total[k] = np.sum(of[number] * differences[number])
        return total

    def effect_on(self, change: Change, flows: Mapping[int, Array]) -> Array:
        """Returns the change of each weight for other arriving gradients: `flows` has those that differ."""
        total, right = np.zeros(len(self.tangents)), self.backward.flows
        for number, rule in change.at.items():
            flow = flows.get(number, right[number])
            self._weigh(total, number, rule(flow) - flow)
        for (number, target), rule in change.jumps.items():
            self._weigh(total, target, rule(flows.get(number, right[number])))
        for way, rule in change.rules.items():
            flow = flows.get(way.number, right[way.number])
            self._weigh(total, self._target(way), rule(flow) - self.backward.through(way, flow))
        return total

    def explains(self, effect: Array) -> bool:
        """Returns whether the effect changes each weight to the weight of the given gradient, up to rounding."""
        return bool(np.all(np.abs(effect - self.wanted) <= self._slack))

    def fits(self, none: Array, one: Array) -> bool:
        """Returns whether there is a number t for which the effect none + t (one − none) explains everything."""
        slope = one - none
        size = float(slope @ slope)
        if not size or not np.isfinite(size):
            return False
        return self.explains(none + float(slope @ (self.wanted - none)) / size * slope)

    def explained(self, effects: Array) -> NDArray[np.bool_]:
        """Returns booleans, a row for each effect, a column for each given array: whether the effect explains it.

        An effect explains an array if it explains all weights of this array.
        """
        near = self._near(effects, self.wanted)
        return np.asarray(near.reshape(*near.shape[:-1], near.shape[-1] // WEIGHTS, WEIGHTS).all(axis=-1))

    def is_harmless(self, effects: Array, is_wrong: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Returns a boolean for each effect: whether it leaves the weights of the right arrays unchanged."""
        right = ~np.repeat(is_wrong, WEIGHTS)
        return np.asarray(np.all(np.abs(effects[..., right]) <= self._rounding[right], axis=-1))

    def is_clear(self, effects: Array) -> NDArray[np.bool_]:
        """Returns a boolean for each effect: whether it changes some weight by clearly more than rounding."""
        return np.asarray(np.any(np.abs(effects) > CLEAR * self._rounding, axis=-1))

    @property
    def _rounding(self) -> Array:
        return self.slack(np.zeros(len(self.right)))

    def slack(self, wanted: Array) -> Array:
        """Returns the allowed distance of each weight from the wanted one."""
        return np.asarray(self.allowed + CLOSE * np.abs(wanted) + 1e-11 * np.abs(self.right))

    def _near(self, effect: Array, wanted: Array) -> NDArray[np.bool_]:
        near: NDArray[np.bool_] = np.abs(effect - wanted) <= self.slack(wanted)
        return near

    def _weigh(self, total: Array, number: int, difference: Array) -> None:
        if number in self._rows:
            of, rows, shape = self._rows[number]
            total[of] += rows @ np.broadcast_to(difference, shape).ravel()

    def _target(self, way: tuple[int, int]) -> int:
        return self.recorded.program.assignments[way[0]].operands[way[1]].number

    def reached(self, change: Change) -> set[int]:
        """Returns the numbers of the arrays whose gradients a change may reach."""
        targets = self.targets(change)
        return {*targets, *(number for target in targets for number in self._below[target])}

    def targets(self, change: Change) -> list[int]:
        """Returns the numbers of the arrays whose gradients a change gives directly."""
        return [*change.at, *(target for _, target in change.jumps), *map(self._target, change.rules)]

    def _is_chained(self, change: Change, targets: list[int]) -> bool:
        """Returns whether a change at one place of the edit changes the gradient at another place of the edit."""
        places = change.places()
        return any(places & self._below[target] for target in targets if target not in change.at) or any(
            (places - {number}) & self._below[number] for number in change.at
        )


def _rows(tangents: list[dict[int, Array]]) -> dict[int, tuple[list[int], Array, tuple[int, ...]]]:
    """Returns a dict from the number of each array to the weights that depend on its gradient, tangents and its shape.

    The tangents, one for each of these weights, are the rows of a matrix.
    """
    of: dict[int, list[int]] = {}
    for k, found in enumerate(tangents):
        for number in found:
            of.setdefault(number, []).append(k)
    return {number: (some, np.stack([tangents[k][number].ravel() for k in some]), tangents[some[0]][number].shape)
            for number, some in of.items()}  # fmt: skip
