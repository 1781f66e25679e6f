"""Directions in which a point is moved: along one input, or along many inputs of alike size at once."""

from collections.abc import Iterator, Sequence
from math import frexp, ldexp, log2
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from random import Random

__all__ = ["FAR", "FEW", "Direction", "alike", "along_input", "drawn", "scale"]

FAR = 1e3  # times: an input so much larger is rounded far more coarsely
FEW = 4  # inputs, which are moved one by one
NEAR_ZERO = 0.5  # the scale of an input that is 0


class Direction(NamedTuple):
    """A direction of unit length, about: a step h along it moves each input by about h, or not at all."""

    along: tuple[float, ...]
    size: float  # how large the inputs are that it moves
    input: int | None = None  # which it is, if it is one


def along_input(at: Sequence[float], i: int) -> Direction:
    """The direction in which the i-th input alone is moved."""
    return Direction(tuple(float(k == i) for k in range(len(at))), abs(at[i]), i)


def scale(direction: Direction) -> float:
    """How large the inputs are that it moves, never 0."""
    return direction.size or NEAR_ZERO


def alike(at: Sequence[float]) -> list[list[int]]:
    """The inputs in groups, in each of which the largest is at most `FAR` times the smallest."""
    sizes = [abs(x) or NEAR_ZERO for x in at]
    groups: list[list[int]] = []
    for i in sorted(range(len(at)), key=lambda i: -sizes[i]):
        if not groups or sizes[groups[-1][0]] > FAR * sizes[i]:
            groups.append([])
        groups[-1].append(i)
    return groups


def drawn(at: Sequence[float], group: list[int], random: "Random") -> Iterator[Direction]:
    """Two random directions, each of all inputs of a group: mistakes that cancel along one do not along the other.

    No input's share is small, so that a mistake in the derivative by a single one shows; and each is a multiple of
    1/512 of a power of two, so that steps of a power of two are exact.
    """
    size = ldexp(1.0, min(frexp(max(abs(at[i]) or NEAR_ZERO for i in group))[1], 1023))
    length = round(log2(len(group)) / 2)  # of as many shares of about 1, as a power of two
    for _ in range(2):
        along = [0.0] * len(at)
        for i in group:
            along[i] = random.choice((-1, 1)) * ldexp(random.randint(256, 768), -9 - length)
        yield Direction(tuple(along), size)
