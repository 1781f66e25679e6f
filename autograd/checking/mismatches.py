"""The derivatives that differ from the finite differences, or that are asked for at a corner.

Few inputs are moved one by one. Many are moved together first, along random directions: a derivative along such
directions has a share of every single derivative. Where it is further from the finite differences than these may be
off, the inputs are moved one by one, and each single derivative is compared with its own differences.
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

FINEST = 6  # scales around an input, before a mismatch is believed
SHARE = 1e-11  # by which derivatives along many inputs may be off, as a single one's share of them may be small
SEED = 1  # of the random directions: the same ones whenever a point is checked

Groups = Sequence[list[int]]


class Mismatch(NamedTuple):
    """One derivative that is wrong, or that is asked for at a corner."""

    modes: tuple[str, ...]
    derivative: str
    analytic: float
    numeric: Estimate
    place: tuple[tuple[Direction, ...], int]  # the directions in which it was taken, and which of the numbers it is
    sides: tuple[float, float] | None = None  # the slopes on the left and on the right, if this is a corner or an end
    steps: tuple[float, float] | None = None  # the values on the left and on the right, if this is a jump
    origins: tuple[Value, ...] = ()  # the operations that have the corner or the jump, as far as they can be told


def mismatches(point: Point, degree: int, modes: tuple[str, ...], tol: float) -> Iterator[Mismatch]:
    """The derivatives of this degree that differ from the rise over the run of those one degree lower.

    If some are asked for at a corner of these, it is those instead. Of the first one, the cause is looked for too.
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
                why = first if wrong.derivative == first.derivative else wrong  # the same in another mode
                yield wrong._replace(sides=why.sides, steps=why.steps, origins=why.origins)


class Check:
    """The derivatives of one degree at a point, along as many directions as they are taken in."""

    def __init__(self, point: Point, degree: int, modes: tuple[str, ...], tol: float) -> None:
        self.both = Derivatives(point, degree, modes)
        self.point, self.degree, self.tol = point, degree, tol
        self.every_mode = list(product(modes, repeat=degree))
        self.rough = self._rough()

    def among(self, groups: Groups, random: Random) -> Iterator[Mismatch]:
        """The mismatches by inputs of these groups, one group for each direction."""
        *before, last = [sorted(group) for group in groups]
        if any(len(group) > FEW for group in groups):
            rows = {i for together in self._together(groups, random) for i in self._suspects(together, last)}
            if not rows:
                return
            found = list(self._one_by_one([*before, sorted(rows)]))  # a row is a column, if all is well
            if found:
                yield from found
                return
        yield from self._one_by_one([*before, last])

    def _together(self, groups: Groups, random: Random) -> Iterator[tuple[Direction, ...]]:
        """The directions in which the groups are moved: each at random, or its few inputs one by one."""
        singly, at = self.both.singly, self.point.at
        return product(
            *(
                random_directions(at, group, random) if len(group) > FEW else [singly[i] for i in group]
                for group in groups
            )
        )

    def _suspects(self, directions: tuple[Direction, ...], moved: list[int]) -> set[int]:
        """The inputs by which a derivative along these directions is wrong; the moved ones, if there are no others."""
        numeric, share = self.both.numeric(directions), min(self.tol, SHARE)
        every = [self.both.analytic(modes, directions) for modes in self.every_mode]
        wrong = {j for analytic in every for j in _unlike(analytic, numeric, share)}
        return {j % len(self.both.singly) for j in wrong} if self.degree > 1 else set(moved if wrong else ())

    # ---- one by one

    def _one_by_one(self, inputs: list[list[int]]) -> Iterator[Mismatch]:
        for directions in product(*([self.both.singly[i] for i in group] for group in inputs)):
            yield from self._singly(directions)

    def _singly(self, directions: tuple[Direction, ...]) -> Iterator[Mismatch]:
        """The derivatives along these directions that are wrong; from degree 2 on, each is by one more input."""
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
        """The mismatch, and whether it is at a corner or a jump."""
        directions, j = wrong.place
        line = self.both.line(directions)
        sides, steps = corner(line, j), jump(line, j)
        origins = self.rough if sides else jumping(self.rough) if steps else ()
        return wrong._replace(sides=sides, steps=steps, origins=tuple(origins))

    def _rough(self) -> list[Value]:
        """The operations in the function, and in its derivatives, that stand at a corner or a jump of their own."""
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
        """The derivatives that are asked for at a corner, even if the slopes on both sides cancel.

        Corners of the function are found in its graph. Those of derivatives are found by finite differences, as a
        rule for a slope takes one side.
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
        """The slopes on both sides, for each derivative one degree lower that has a corner along the last direction."""
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
    """The places where the two differ by more than `tol` of their size and what the finite differences may be off."""
    return [
        j
        for j, (a, n) in enumerate(zip(analytic, numeric, strict=True))
        if not n.settled or not abs(a - n.value) <= tol * max(abs(a), abs(n.value)) + 4 * n.error
    ]
