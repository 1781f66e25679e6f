"""Where derivatives and finite differences disagree.

Few inputs are moved one by one. Many are moved together first, along random directions: each mode's derivative along
them, in one direction less than its degree, is a vector that has a share of every single derivative. Where one of its
numbers is further from the finite differences than these may be off, the inputs are moved one by one after all, and the
single derivatives are held against their own differences.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import product
from math import isfinite, prod
from operator import mul
from random import Random
from typing import Any, NamedTuple

from ..grad_mode import enable_grad
from ..value import Value
from ..writing import superscript
from .corners import corners, jumps, tied
from .directions import FAR, FEW, Direction, alike, along_input, drawn, scale
from .finite_differences import ENOUGH, ONE, Estimate, Size, Vector, corner, estimates, jump
from .points import Flat, Point, number
from .tangents import along, derived, remembered, values

__all__ = ["Disagreement", "disagreements"]

FINEST = 6  # scales around an input, before a disagreement is believed
SHARE = 1e-11  # by which derivatives along many inputs may be off
SEED = 1  # of the random directions: the same ones whenever a point is checked


class Disagreement(NamedTuple):
    """One derivative that is not what it ought to be."""

    modes: tuple[str, ...]
    derivative: str
    analytic: float
    numeric: Estimate
    sides: tuple[float, float] | None = None  # the slopes on the left and on the right, if this is a corner or an end
    steps: tuple[float, float] | None = None  # the values on the left and on the right, if this is a jump
    origins: tuple[Value, ...] = ()  # the operations that have the corner, as far as they can be told


def disagreements(point: Point, degree: int, modes: tuple[str, ...], tol: float) -> Iterator[Disagreement]:
    """The derivatives of this degree that differ from the rise over the run of those one degree lower, or that are
    asked for at a corner of these."""
    check = Check(point, degree, modes, tol)
    if check.at_corners:
        yield from check.at_corners
        return
    random, told = Random(SEED), set()
    for groups in product(alike(point.at), repeat=check.depth):
        for wrong in check.among(groups, random):
            if (wrong.modes, wrong.derivative) not in told:
                told.add((wrong.modes, wrong.derivative))
                yield wrong


class Check:
    """The derivatives of one degree at a point, along directions that are as many as they can be."""

    def __init__(self, point: Point, degree: int, modes: tuple[str, ...], tol: float) -> None:
        self.point, self.degree, self.modes, self.tol = point, degree, modes, tol
        self.depth = max(degree - 1, 1)  # how many directions: one derivative of a higher degree is taken by all inputs
        self.values, self.sizes = [abs(y) for y in point.values()], point.sizes()
        self.singly = [along_input(point.at, i) for i in range(len(point.at))]
        self.first = ""  # of the derivatives that are wrong
        self.looked: tuple[Any, Any, tuple[Value, ...]] | None = None  # its sides, its steps, where they come from

    def among(self, groups: tuple[list[int], ...], random: Random) -> Iterator[Disagreement]:
        """Those by inputs of these groups, one group for each direction."""
        *before, last = [sorted(group) for group in groups]
        if any(len(group) > FEW for group in groups):
            rows = self._suspects(groups, random)
            if not rows:
                return
            found = list(self._singly([*before, sorted(rows)]))  # a row is a column, if all is well
            if found:
                yield from found
                return
        yield from self._singly([*before, last])

    def _singly(self, inputs: list[list[int]]) -> Iterator[Disagreement]:
        for directions in product(*([self.singly[i] for i in group] for group in inputs)):
            yield from self._one_by_one(directions)

    def _suspects(self, groups: tuple[list[int], ...], random: Random) -> set[int]:
        """The inputs of which a derivative differs from the finite differences, along random directions of groups."""
        every = product(*self._choices(groups, random))
        return {i for directions in every for i in self._differing(directions, groups[-1], random)}

    def _choices(self, groups: tuple[list[int], ...], random: Random) -> list[list[Direction]]:
        """The directions in which each group is moved: at random, or its few inputs one by one."""
        at = self.point.at
        return [
            list(drawn(at, group, random)) if len(group) > FEW else [self.singly[i] for i in group] for group in groups
        ]

    def _differing(self, directions: tuple[Direction, ...], moved: list[int], random: Random) -> set[int]:
        """The inputs by which a derivative differs along these directions; those moved, if that cannot be told."""
        measured = self._measured(directions)
        share = min(self.tol, SHARE)  # as a single derivative's share of the sum may be small
        differing: set[int] = set()
        unclear: set[int] = set()
        for chosen in product(self.modes, repeat=self.degree):
            if self.degree > 1 and "reverse" in chosen:
                pairs = enumerate(zip(self._analytic(chosen, directions, None), measured, strict=True))
                differing.update(j % len(self.singly) for j, (a, n) in pairs if not _agree(a, n, share))
                continue
            numeric, last = measured, None
            if self.degree > 1:
                last = [random.uniform(0.5, 1.5) * random.choice((-1, 1)) * scale(one) for one in self.singly]
                numeric = [_sum(last, row) for row in _rows(measured, len(last))]
            analytic = self._analytic(chosen, directions, last)
            if not all(_agree(a, n, share) for a, n in zip(analytic, numeric, strict=True)):
                unclear.update(moved)
        return differing or unclear

    def _one_by_one(self, directions: tuple[Direction, ...]) -> Iterator[Disagreement]:
        """The derivatives by these inputs, and where there is one more by any input, that are not as they should be."""
        measured, names = self._measured(directions), self._names(directions)
        every = list(product(self.modes, repeat=self.degree))
        by_modes = {chosen: self._analytic(chosen, directions, None) for chosen in every}
        pairs = [pair for analytic in by_modes.values() for pair in zip(analytic, measured, strict=True)]
        if not all(_agree(a, n, self.tol) for a, n in pairs):
            measured = self._measured(directions, FINEST)
        for chosen, analytic in by_modes.items():
            for j, (name, a, numeric) in enumerate(zip(names, analytic, measured, strict=True)):
                if not _agree(a, numeric, self.tol):
                    yield self._explained(Disagreement(chosen, name, a, numeric), directions, j)

    def _explained(self, wrong: Disagreement, directions: tuple[Direction, ...], j: int) -> Disagreement:
        """The disagreement, and whether it is at a corner or a jump; only the first is looked at so closely."""
        self.first = self.first or wrong.derivative
        if wrong.derivative != self.first:
            return wrong
        if self.looked is None:
            lower, at, last = self._numbers(directions[:-1]), self.point.at, directions[-1]
            sides, steps = corner(lower, at, last, j), jump(lower, at, last, j)
            self.looked = sides, steps, tuple(self.ties if sides else jumps(self.ties) if steps else ())
        sides, steps, origins = self.looked
        return wrong._replace(sides=sides, steps=steps, origins=origins)

    @cached_property
    def ties(self) -> list[Value]:
        """The operations in the function, and in its derivatives, that stand at a corner or a jump of their own."""
        inputs, results = self.point.graph
        if self.degree == 1:
            return tied(results)
        random = Random(SEED)
        lower: Flat = self.point.flat
        for _ in range(self.degree - 2):
            lower = along(lower, [random.uniform(0.5, 1.5) * scale(one) for one in self.singly], self.modes[0])
        with enable_grad():
            return tied([*results, *derived(lower, "reverse")(inputs)], in_slopes=True)

    @cached_property
    def at_corners(self) -> list[Disagreement]:
        """What is asked for at a corner, be it that both sides cancel: by the graph, or in derivatives by differences,
        as the rules of slopes take sides."""
        if not self.ties:
            return []
        found = self._first_corners() if self.degree == 1 else self._further_corners()
        every = list(product(self.modes, repeat=self.degree))
        return [wrong._replace(modes=modes) for wrong in found for modes in every]

    def _first_corners(self) -> Iterator[Disagreement]:
        for j, i, seen in corners(*self.point.graph, self.ties, max(self.tol, ENOUGH)):
            yield self._at_corner((self.singly[i],), j, (seen.left, seen.right), seen.origins)

    def _further_corners(self) -> Iterator[Disagreement]:
        random = Random(SEED)
        for groups in product(alike(self.point.at), repeat=self.depth):
            together = product(*self._choices(groups, random))
            if all(len(group) <= FEW for group in groups) or any(any(self._bent(one)) for one in together):
                for directions in product(*([self.singly[i] for i in sorted(group)] for group in groups)):
                    for j, sides in enumerate(self._bent(directions)):
                        if sides is not None:
                            yield self._at_corner(directions, j, sides, self.ties)

    def _bent(self, directions: tuple[Direction, ...]) -> list[tuple[float, float] | None]:
        """The slopes on both sides, of those derivatives one degree lower that have a corner along the last."""
        n, length = len(self.singly), prod(map(scale, directions))
        lower = remembered(self._numbers(directions[:-1]))
        found = []
        for j in range(len(self.sizes) * n):
            sides = corner(lower, self.point.at, directions[-1], j, self.sizes[j // n] / length)
            found.append(sides if sides is not None and all(map(isfinite, sides)) else None)
        return found

    def _at_corner(
        self, directions: tuple[Direction, ...], j: int, sides: tuple[float, float], origins: list[Value]
    ) -> Disagreement:
        modes = (self.modes[0],) * self.degree
        analytic, numeric = self._analytic(modes, directions, None)[j], self._measured(directions)[j]
        return Disagreement(modes, self._names(directions)[j], analytic, numeric, sides, origins=tuple(origins))

    # ---- both numbers, and the name

    def _numbers(self, inner: tuple[Direction, ...]) -> Vector:
        """The derivatives one degree lower, in numbers: along the inner directions, and by each input."""
        lower: Flat = self.point.flat
        if self.degree == 1:
            return lambda x: values(lower, x)
        for direction in inner:
            lower = along(lower, direction.along, self.modes[0])
        rows = derived(lower, self.modes[0])
        return lambda x: [number(y) for y in rows(x)]

    def _measured(self, directions: tuple[Direction, ...], finest: int = 4) -> list[Estimate]:
        """The rise over the run along the last direction."""
        floor = self._seen(directions, self.values)
        rounded = self._seen(directions, self.sizes, self._growth(directions[-1]))
        return estimates(self._numbers(directions[:-1]), self.point.at, directions[-1], floor, rounded, finest)

    def _growth(self, direction: Direction) -> list[float]:
        """By how much larger the numbers are from which the results are made, for each unit of a run."""
        h = direction.size / 4 or ONE
        moved = tuple(x + h * share for x, share in zip(self.point.at, direction.along, strict=True))
        return [size / h / 2 if isfinite(size) else 0.0 for size in self.point.sizes_beside(moved)]

    def _seen(self, directions: tuple[Direction, ...], terms: list[float], growth: list[float] | None = None) -> Size:
        """Derivatives may be small differences: f over the run, once for each time it has been differentiated."""
        *inner, last = directions
        shared = prod(_ratio(direction, last) for direction in inner)
        shares = [shared * _ratio(direction, last) for direction in self.singly] if self.degree > 1 else [1.0]
        over = [
            (term / share, more / share)
            for term, more in zip(terms, growth or [0.0] * len(terms), strict=True)
            for share in shares
        ]

        def seen(j: int, run: float) -> float:
            term, more = over[j]
            size = term + more * run
            for _ in range(self.degree - 1):
                size /= run
            return size

        return seen

    def _analytic(
        self, modes: tuple[str, ...], directions: tuple[Direction, ...], last: list[float] | None
    ) -> list[float]:
        """The derivative along the directions, and by each input, or along `last`.

        The order in which a derivative is taken does not count. So it is taken by each input where this costs least: in
        the last of the reverse modes, if there is one.
        """
        flat: Flat = self.point.flat
        if self.degree == 1:
            return [number(y) for y in along(flat, directions[0].along, modes[0])(self.point.at)]
        each = max((level for level, mode in enumerate(modes) if mode == "reverse"), default=self.degree - 1)
        remaining = iter(directions)
        for level, mode in enumerate(modes):
            if level != each:
                flat = along(flat, next(remaining).along, mode)
            elif last is None:
                flat = derived(flat, mode)
            else:
                flat = along(flat, last, mode)
        return [number(y) for y in flat(self.point.at)]

    def _names(self, directions: tuple[Direction, ...]) -> list[str]:
        """∂²f/∂x∂y, for each of the numbers."""
        by = [self.point.inputs[one.input] for one in directions if one.input is not None]
        if self.degree == 1:
            return [_quotient(output, *by) for output in self.point.outputs]
        return [_quotient(output, *by[:-1], x, by[-1]) for output in self.point.outputs for x in self.point.inputs]


def _rows(entries: list[Estimate], n: int) -> list[list[Estimate]]:
    return [entries[start : start + n] for start in range(0, len(entries), n)]


def _sum(weights: list[float], row: list[Estimate]) -> Estimate:
    """What is known of a weighted sum."""
    value = sum(weight * e.value for weight, e in zip(weights, row, strict=True))
    sizes = [abs(weight) for weight in weights]
    spread, noise, size = (sum(map(mul, sizes, parts)) for parts in list(zip(*row, strict=True))[1:])
    return Estimate(value, spread, noise, size)


def _ratio(other: Direction, moved: Direction) -> float:
    """How much longer a run along one direction is than along another: as often as its inputs are larger, if far."""
    larger = other.size / scale(moved)
    return larger if larger > FAR else 1.0


def _agree(analytic: float, numeric: Estimate, tol: float) -> bool:
    if not numeric.settled:
        return False
    return abs(analytic - numeric.value) <= tol * max(abs(analytic), abs(numeric.value)) + 4 * numeric.error


def _quotient(output: str, *by: str) -> str:
    degree = superscript(len(by)) if len(by) > 1 else ""
    return f"∂{degree}{output}/" + "".join(f"∂{name}" for name in by)
