"""Finds the derivatives that differ from the finite differences, or that stand at a corner.

A few inputs are moved one by one. Many inputs are first moved together, along random directions, because a derivative
along such a direction contains each single derivative. If it differs from the finite differences by more than their
error, the inputs are moved one by one, and each single derivative is compared with its own finite differences.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import isfinite, prod
from random import Random
from typing import NamedTuple

from ..grad_mode import enable_grad
from ..value import Value
from .analytic_numeric import Derivatives, along, by_each_input
from .corners import corners, jumping, rough
from .directions import FEW, Direction, groups_of_alike_size, random_directions, scale
from .finite_differences import ENOUGH, Estimate, corner, jump
from .points import Flat, Point

__all__ = ["Mismatch", "mismatches"]

FINEST = 6  # the number of scales to try before a mismatch is believed
SHARE = 1e-11  # relative: the tolerance along many inputs, smaller as a single derivative is a small part of the sum
SEED = 1  # of the random directions, so that they are the same at each check

Groups = Sequence[list[int]]


class Mismatch(NamedTuple):
    """One derivative that is wrong or stands at a corner."""

    modes: tuple[str, ...]
    derivative: str
    analytic: float
    numeric: Estimate
    place: tuple[tuple[Direction, ...], int]  # the directions of the derivative, and its position among the results
    sides: tuple[float, float] | None = None  # the slopes on the left and on the right, at a corner or an end
    steps: tuple[float, float] | None = None  # the values on the left and on the right, at a jump
    origins: tuple[Value, ...] = ()  # the operations that have the corner or the jump, if they are known


def mismatches(point: Point, degree: int, modes: tuple[str, ...], tol: float) -> Iterator[Mismatch]:
    """Yields a Mismatch for each derivative of order `degree` that differs from its finite differences.

    They are finite differences of the derivatives of order `degree` − 1. If some of these have a corner at the point,
    it yields only the derivatives at corners. Otherwise a corner or jump is searched for the first wrong derivative.
    """
    check = Check(point, degree, modes, tol)
    if at_corners := check.at_corners():
        yield from at_corners
        return
    random, first = Random(SEED), None
    seen = set()
    for groups in product(groups_of_alike_size(point.at), repeat=check.both.depth):
        for wrong in check.among(groups, random):
            if (wrong.modes, wrong.derivative) not in seen:
                seen.add((wrong.modes, wrong.derivative))
                first = first or check.explained(wrong)
                why = first if wrong.derivative == first.derivative else wrong  # the same derivative in another mode
                yield wrong._replace(sides=why.sides, steps=why.steps, origins=why.origins)


class Check:
    """The check of the derivatives of one order at a point."""

    def __init__(self, point: Point, degree: int, modes: tuple[str, ...], tol: float) -> None:
        self.both = Derivatives(point, degree, modes)
        self.point, self.degree, self.tol = point, degree, tol
        self.every_mode = list(product(modes, repeat=degree))
        self.rough = self._rough()

    def among(self, groups: Groups, random: Random) -> Iterator[Mismatch]:
        """Yields the wrong derivatives along combinations of inputs: direction k is an input of group k.

        If a group is large, derivatives along random directions are compared first, to find suspected inputs.
        """
        *before, last = [sorted(group) for group in groups]
        if any(len(group) > FEW for group in groups):
            rows = {i for together in self._together(groups, random) for i in self._suspects(together, last)}
            if not rows:
                return
            # Second derivatives are symmetric, so the suspected rows serve as the columns to check.
            found = list(self._one_by_one([*before, sorted(rows)]))
            if found:
                yield from found
                return
        yield from self._one_by_one([*before, last])

    def _together(self, groups: Groups, random: Random) -> Iterator[tuple[Direction, ...]]:
        """Yields combinations of directions: random ones for a large group, the inputs one by one for a small group."""
        singly, at = self.both.singly, self.point.at
        return product(
            *(
                random_directions(at, group, random) if len(group) > FEW else [singly[i] for i in group]
                for group in groups
            )
        )

    def _suspects(self, directions: tuple[Direction, ...], moved: list[int]) -> set[int]:
        """Returns the inputs by which a derivative along these directions is wrong; for order 1, all moved inputs."""
        numeric, share = self.both.numeric(directions), min(self.tol, SHARE)
        every = [self.both.analytic(modes, directions) for modes in self.every_mode]
        wrong = {j for analytic in every for j in _unlike(analytic, numeric, share)}
        return {j % len(self.both.singly) for j in wrong} if self.degree > 1 else set(moved if wrong else ())

    # ---- one by one

    def _one_by_one(self, inputs: list[list[int]]) -> Iterator[Mismatch]:
        for directions in product(*([self.both.singly[i] for i in group] for group in inputs)):
            yield from self._singly(directions)

    def _singly(self, directions: tuple[Direction, ...]) -> Iterator[Mismatch]:
        """Yields the wrong derivatives along these directions. From order 2 on, each is also by one more input."""
        both = self.both
        numeric, names = both.numeric(directions), both.names(directions)
        by_modes = {modes: both.analytic(modes, directions) for modes in self.every_mode}
        if any(_unlike(analytic, numeric, self.tol) for analytic in by_modes.values()):
            numeric = both.numeric(directions, FINEST)
        for modes, analytic in by_modes.items():
            for j in _unlike(analytic, numeric, self.tol):
                yield Mismatch(modes, names[j], analytic[j], numeric[j], (directions, j))

    # ---- corners and jumps

    def explained(self, wrong: Mismatch) -> Mismatch:
        """Returns the mismatch with the corner or jump at which it stands, if there is one."""
        directions, j = wrong.place
        line = self.both.line(directions)
        sides, steps = corner(line, j), jump(line, j)
        origins = self.rough if sides else jumping(self.rough) if steps else ()
        return wrong._replace(sides=sides, steps=steps, origins=tuple(origins))

    def _rough(self) -> list[Value]:
        """Returns the operations of the function, or of its lower derivatives too, that stand at a corner or a jump."""
        inputs, results = self.point.graph
        if self.degree == 1:
            return rough(results)
        random, singly = Random(SEED), self.both.singly
        lower: Flat = self.point.flat
        for _ in range(self.degree - 2):
            lower = along(lower, [random.uniform(0.5, 1.5) * scale(one) for one in singly], self.both.modes[0])
        with enable_grad():
            return rough([*results, *by_each_input(lower, "reverse")(inputs)], in_slopes=True)

    def at_corners(self) -> list[Mismatch]:
        """Returns the derivatives at a corner, even if the slopes on its two sides cancel.

        Corners of the function are found in its graph. Corners of derivatives are found by finite differences, because
        the rule for a slope takes one side.
        """
        if not self.rough:
            return []
        found = self._first_corners() if self.degree == 1 else self._further_corners()
        return [wrong._replace(modes=modes) for wrong in found for modes in self.every_mode]

    def _first_corners(self) -> Iterator[Mismatch]:
        for j, i, sides, origins in corners(*self.point.graph, self.rough, max(self.tol, ENOUGH)):
            yield self._at_corner((self.both.singly[i],), j, sides, origins)

    def _further_corners(self) -> Iterator[Mismatch]:
        random, singly = Random(SEED), self.both.singly
        for groups in product(groups_of_alike_size(self.point.at), repeat=self.both.depth):
            together = self._together(groups, random)
            if all(len(group) <= FEW for group in groups) or any(any(self._bent(one)) for one in together):
                for directions in product(*([singly[i] for i in sorted(group)] for group in groups)):
                    for j, sides in enumerate(self._bent(directions)):
                        if sides is not None:
                            yield self._at_corner(directions, j, sides, self.rough)

    def _bent(self, directions: tuple[Direction, ...]) -> list[tuple[float, float] | None]:
        """Returns, for each derivative of one order less, the slopes on both sides of a corner here, or None."""
        line, length = self.both.line(directions), prod(map(scale, directions))
        sizes = [size / length for size in self.point.magnitudes(self.point.at) for _ in self.both.singly]
        every = [corner(line, j, size) for j, size in enumerate(sizes)]
        return [sides if sides is not None and all(map(isfinite, sides)) else None for sides in every]

    def _at_corner(
        self, directions: tuple[Direction, ...], j: int, sides: tuple[float, float], origins: list[Value]
    ) -> Mismatch:
        both, modes = self.both, self.every_mode[0]
        analytic, numeric = both.analytic(modes, directions)[j], both.numeric(directions)[j]
        name = both.names(directions)[j]
        return Mismatch(modes, name, analytic, numeric, (directions, j), sides, origins=tuple(origins))


def _unlike(analytic: list[float], numeric: list[Estimate], tol: float) -> list[int]:
    """Returns the positions where both differ by more than `tol` of their size plus four errors, or do not settle."""
    return [
        j
        for j, (a, n) in enumerate(zip(analytic, numeric, strict=True))
        if not n.settled or not abs(a - n.value) <= tol * max(abs(a), abs(n.value)) + 4 * n.error
    ]
