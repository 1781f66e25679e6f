"""The derivatives that differ from the finite differences, or that are asked for at a corner.

Few inputs are moved one by one. Many are moved together first, along random directions: each mode's derivative along
them, in one direction less than its degree, is a vector that has a share of every single derivative. Where one of its
numbers is further from the finite differences than these may be off, the inputs are moved one by one after all, and the
single derivatives are held against their own differences.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import isfinite, prod
from operator import mul
from random import Random
from typing import NamedTuple

from ..grad_mode import enable_grad
from ..value import Value
from .analytic_numeric import Derivatives, along, by_each_input
from .corners import cornered, corners, jumping
from .directions import FEW, Direction, alike, drawn, scale
from .finite_differences import ENOUGH, Estimate, corner, jump
from .points import Flat, Point

__all__ = ["Mismatch", "mismatches"]

FINEST = 6  # scales around an input, before a mismatch is believed
SHARE = 1e-11  # by which derivatives along many inputs may be off
SEED = 1  # of the random directions: the same ones whenever a point is checked


class Mismatch(NamedTuple):
    """One derivative that is not what it ought to be."""

    modes: tuple[str, ...]
    derivative: str
    analytic: float
    numeric: Estimate
    place: tuple[tuple[Direction, ...], int]  # the directions in which it was taken, and which of the numbers it is
    sides: tuple[float, float] | None = None  # the slopes on the left and on the right, if this is a corner or an end
    steps: tuple[float, float] | None = None  # the values on the left and on the right, if this is a jump
    origins: tuple[Value, ...] = ()  # the operations that have the corner or the jump, as far as they can be told


def mismatches(point: Point, degree: int, modes: tuple[str, ...], tol: float) -> Iterator[Mismatch]:
    """The derivatives of this degree that differ from the rise over the run of those one degree lower, or that are
    asked for at a corner of these. Why the first one differs is looked into."""
    check = Check(point, degree, modes, tol)
    if at_corners := check.at_corners():
        yield from at_corners
        return
    random, first = Random(SEED), None
    seen = set()
    for groups in product(alike(point.at), repeat=check.both.depth):
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

    def among(self, groups: tuple[list[int], ...], random: Random) -> Iterator[Mismatch]:
        """Those by inputs of these groups, one group for each direction."""
        *before, last = [sorted(group) for group in groups]
        if any(len(group) > FEW for group in groups):
            rows = self._suspects(groups, random)
            if not rows:
                return
            found = list(self._one_by_one([*before, sorted(rows)]))  # a row is a column, if all is well
            if found:
                yield from found
                return
        yield from self._one_by_one([*before, last])

    # ---- along random directions

    def _choices(self, groups: tuple[list[int], ...], random: Random) -> Iterator[tuple[Direction, ...]]:
        """The directions in which the groups are moved: each at random, or its few inputs one by one."""
        both, at = self.both, self.point.at
        return product(*(list(drawn(at, g, random)) if len(g) > FEW else [both.singly[i] for i in g] for g in groups))

    def _suspects(self, groups: tuple[list[int], ...], random: Random) -> set[int]:
        """The inputs by which a derivative differs from the finite differences, along random directions of groups."""
        return {i for along in self._choices(groups, random) for i in self._differing(along, groups[-1], random)}

    def _differing(self, directions: tuple[Direction, ...], moved: list[int], random: Random) -> set[int]:
        """The inputs by which a derivative differs along these directions; those moved, if that cannot be told."""
        both, singly = self.both, self.both.singly
        measured = both.numeric(directions)
        share = min(self.tol, SHARE)  # as a single derivative's share of the sum may be small
        differing: set[int] = set()
        unclear: set[int] = set()
        for modes in self.every_mode:
            if self.degree > 1 and "reverse" in modes:
                wrong = _unlike(both.analytic(modes, directions), measured, share)
                differing.update(j % len(singly) for j in wrong)
                continue
            numeric, last = measured, None
            if self.degree > 1:  # forward alone: by each input it would take a sweep each
                last = [random.uniform(0.5, 1.5) * random.choice((-1, 1)) * scale(one) for one in singly]
                numeric = [_sum(last, row) for row in zip(*[iter(measured)] * len(last), strict=True)]
            if _unlike(both.analytic(modes, directions, last), numeric, share):
                unclear.update(moved)
        return differing or unclear

    # ---- one by one

    def _one_by_one(self, inputs: list[list[int]]) -> Iterator[Mismatch]:
        for directions in product(*([self.both.singly[i] for i in group] for group in inputs)):
            yield from self._singly(directions)

    def _singly(self, directions: tuple[Direction, ...]) -> Iterator[Mismatch]:
        """The derivatives by these inputs, and where there is one more by any input, that are not as they should be."""
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
            return cornered(results)
        random = Random(SEED)
        lower: Flat = self.point.flat
        for _ in range(self.degree - 2):
            lower = along(
                lower, [random.uniform(0.5, 1.5) * scale(one) for one in self.both.singly], self.both.modes[0]
            )
        with enable_grad():
            return cornered([*results, *by_each_input(lower, "reverse")(inputs)], in_slopes=True)

    def at_corners(self) -> list[Mismatch]:
        """What is asked for at a corner, be it that both sides cancel.

        First derivatives are told by the graph, those of higher degrees by finite differences, as the rules of slopes
        take sides.
        """
        if not self.rough:
            return []
        found = self._first_corners() if self.degree == 1 else self._further_corners()
        return [wrong._replace(modes=modes) for wrong in found for modes in self.every_mode]

    def _first_corners(self) -> Iterator[Mismatch]:
        for j, i, seen in corners(*self.point.graph, self.rough, max(self.tol, ENOUGH)):
            yield self._at_corner((self.both.singly[i],), j, (seen.left, seen.right), seen.origins)

    def _further_corners(self) -> Iterator[Mismatch]:
        random, singly = Random(SEED), self.both.singly
        for groups in product(alike(self.point.at), repeat=self.both.depth):
            together = self._choices(groups, random)
            if all(len(group) <= FEW for group in groups) or any(any(self._bent(one)) for one in together):
                for directions in product(*([singly[i] for i in sorted(group)] for group in groups)):
                    for j, sides in enumerate(self._bent(directions)):
                        if sides is not None:
                            yield self._at_corner(directions, j, sides, self.rough)

    def _bent(self, directions: tuple[Direction, ...]) -> list[tuple[float, float] | None]:
        """The slopes on both sides, of those derivatives one degree lower that have a corner along the last."""
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


def _sum(weights: list[float], row: tuple[Estimate, ...]) -> Estimate:
    """What is known of a weighted sum."""
    value = sum(weight * e.value for weight, e in zip(weights, row, strict=True))
    sizes = [abs(weight) for weight in weights]
    spread, noise, size = (sum(map(mul, sizes, parts)) for parts in list(zip(*row, strict=True))[1:])
    return Estimate(value, spread, noise, size)


def _unlike(analytic: list[float], numeric: list[Estimate], tol: float) -> list[int]:
    """Where the two differ by more than the share `tol`, and than the finite differences may be off."""
    return [
        j
        for j, (a, n) in enumerate(zip(analytic, numeric, strict=True))
        if not n.settled or not abs(a - n.value) <= tol * max(abs(a), abs(n.value)) + 4 * n.error
    ]
