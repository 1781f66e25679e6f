"""Directions in which a point is moved: along one input, or along many inputs of similar size at once."""

from collections.abc import Iterator, Sequence
from math import frexp, ldexp, log2
from random import Random
from typing import NamedTuple

__all__ = ["FAR", "FEW", "Direction", "along_input", "groups_of_alike_size", "random_directions", "scale"]

FAR = 1e3  # an input this many times larger is rounded too coarsely to be moved with the others
FEW = 4  # up to this many inputs are moved one by one
NEAR_ZERO = 0.5  # the scale of an input that is 0


class Direction(NamedTuple):
    """A direction: `along` has one entry for each input, and a step h moves input i by h · along[i].

    The entry is 0 for an input that stays, and 1 for an input that moves alone. If n inputs move together, each has an
    entry of about 1/√n or −1/√n.
    """

    along: tuple[float, ...]
    size: float  # the size of the moved inputs
    input: int | None = None  # the moved input, if it is only one


def along_input(at: Sequence[float], i: int) -> Direction:
    """Returns the direction that moves the i-th input alone."""
    return Direction(tuple(float(k == i) for k in range(len(at))), abs(at[i]), i)


def scale(direction: Direction) -> float:
    """Returns the size of the moved inputs; `NEAR_ZERO` if they are 0."""
    return direction.size or NEAR_ZERO


def groups_of_alike_size(at: Sequence[float]) -> list[list[int]]:
    """Returns lists of input positions. In each list, the largest input is at most `FAR` times the smallest."""
    sizes = [abs(x) or NEAR_ZERO for x in at]
    groups: list[list[int]] = []
    for i in sorted(range(len(at)), key=lambda i: -sizes[i]):
        if not groups or sizes[groups[-1][0]] > FAR * sizes[i]:
            groups.append([])
        groups[-1].append(i)
    return groups


def random_directions(at: Sequence[float], group: list[int], random: Random) -> Iterator[Direction]:
    """Yields two random directions. Each moves all inputs of the group.

    Mistakes that cancel along one direction do not cancel along the other. Each input moves by a similar amount, so a
    mistake in the derivative by one input shows. Each amount is a multiple of 1/512 of a power of two, so steps by a
    power of two are exact.
    """
    size = ldexp(1.0, min(frexp(max(abs(at[i]) or NEAR_ZERO for i in group))[1], 1023))
    length = round(log2(len(group)) / 2)  # log₂ of the length of a vector of len(group) ones, rounded
    for _ in range(2):
        along = [0.0] * len(at)
        for i in group:
            along[i] = random.choice((-1, 1)) * ldexp(random.randint(256, 768), -9 - length)
        yield Direction(tuple(along), size)
