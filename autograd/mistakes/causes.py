"""Finds a possible cause of a wrong factor of a path: a number on the path was left out or applied twice, or a loop's
sum was cut off.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations, product

import numpy as np

from .. import table
from ..programs.assignments import Assignment, Constant, Map
from ..programs.recorded import Recorded, once
from ..programs.reverse import Way
from .edits import axes_told, base, called, groups, number, uses
from .factors import SMALL

__all__ = ["cause", "cause_of_all"]

CLOSE = 1e-9  # relative
SHORT = 4  # the digits of a short number
MOST = 12  # the largest number of ways of which any two may have the cause together


def cause(recorded: Recorded, arrays: Sequence[Assignment], t: float, counts: bool = True) -> str:
    """Returns a possible cause of the factor t of a path through these arrays, as a text to add; "" if none is known.

    The path through each of the arrays is the same. The text is, for example, ", as if the factor 3 in y were missing".
    With `counts`, a sum may be divided by another count too.
    """
    to = uses(recorded)
    if t == 0.0:
        return next((said for array in arrays if (said := _last_term(recorded, to, array))), "")
    if meant := next((said for array in arrays if (said := _mean_for_sum(recorded, to, array, t))), ""):
        return meant
    ways = dict.fromkeys(way for array in arrays for way in _in_one_line(recorded, to, array))
    found = [[*_factors(recorded.node(way), way.position)] for way in ways]
    missing = [[each for each in several if each[1].endswith("missing")] for several in found[:MOST]]
    for several in (*([each] for each in found), *combinations(missing, 2)):
        for chosen in product(*several):
            if _is_near(math.prod(factor for factor, _ in chosen), t):
                return f", as if {' and '.join(text for _, text in chosen)}"
    halved = (node for way in ways if _has_half(node := recorded.node(way), way.position))
    if _is_near(t, 2.0) and (scaled := next(halved, None)):
        return f", as if a factor 1/2 in {called(scaled)} were missing"
    others = (text for way in ways if counts for text in _of_another_count(recorded, way, t))
    return next((f", as if {text}" for text in others), "")


def _mean_for_sum(recorded: Recorded, to: dict[int, list[Way]], array: Assignment, t: float) -> str:
    """Returns a text if the gradient of an array that was broadcast is the mean, not the sum; else ""."""
    node = recorded.node(to[array.number][0]) if len(to.get(array.number, ())) == 1 else array
    shape = (1,) * (len(node.shape) - len(array.shape)) + array.shape
    axes = [k for k, (size, own) in enumerate(zip(node.shape, shape, strict=False)) if own < size]
    if not isinstance(node, Map) or not axes or not _is_near(t * math.prod(node.shape[k] for k in axes), 1.0):
        return ""
    return f", as if the sum over {axes_told(axes)} were a mean"


def cause_of_all(recorded: Recorded, wrong: Sequence[Assignment], t: float) -> str:
    """Returns a possible cause of the factor t of several gradients: a number that all of them go through."""
    for giving in (_giving, _of_another_count):
        ways = [way for way in recorded.backward.passed if any(giving(recorded, way, t))]
        for team in groups(recorded, ways):
            flows = recorded.backward.without(team).flows
            if not any(np.any(flows.get(array.number, 0.0)) for array in wrong):
                return f", as if {next(giving(recorded, team[0], t))}"
    return ""


def _giving(recorded: Recorded, way: Way, t: float) -> Iterator[str]:
    """Yields the texts of mistakes with the number of a product or quotient that give this factor: two for −1."""
    return (text for factor, text in _factors(recorded.node(way), way.position) if _is_near(factor, t))


def _of_another_count(recorded: Recorded, way: Way, t: float) -> Iterator[str]:
    """Yields a text if the size of an array instead of a divisor gives this factor, such as 8 places for 5 words."""
    node = recorded.node(way)
    other = node.operands[1 - way.position] if len(node.operands) == 2 else None
    if isinstance(node, Map) and node.op is table.DIV and way.position == 0 and isinstance(other, Constant):
        values = np.unique(other.value)
        count = values[0] / t if values.size == 1 else 0.0
        is_size = any(_is_near(count, size) for size in (*_sizes(recorded), *SMALL))
        if is_size and count > 1.5 and values[0] > 1.0 and _is_near(values[0], round(values[0])):
            yield f"{called(node)} were divided by {round(count)}, not by {called(other)}"


@once
def _sizes(recorded: Recorded) -> set[int]:
    """Returns the numbers of entries of all arrays along each axis and in all."""
    return {size for node in recorded.program.assignments for size in (*node.shape, node.value.size)}


def _is_near(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=CLOSE)


def _has_half(node: Assignment, position: int) -> bool:
    """Returns whether a product has a number that may be half of a short one, or of one divided by it."""
    factors = [c for c, _ in _factors(node, position)] if isinstance(node, Map) and node.op is table.MUL else []
    return any(_is_near(u, float(f"{u:.{SHORT}g}")) for c in factors for u in (2 * c, 0.5 / c))


def _in_one_line(recorded: Recorded, to: dict[int, list[Way]], array: Assignment) -> Iterator[Way]:
    """Yields the ways that carry the whole gradient of an array and nothing else: each scales the whole path."""
    backward = recorded.backward
    node = array
    while len(ways := list(backward.ways(node))) == 1:
        yield ways[0]
        node = node.operands[ways[0].position]
        if len(to[node.number]) > 1:
            break
    node = array
    while len(above := to.get(node.number, [])) == 1:
        yield above[0]
        node = recorded.node(above[0])
        if len(list(backward.ways(node))) > 1:
            break


def _factors(node: Assignment, position: int) -> Iterator[tuple[float, str]]:
    """Yields pairs of a factor and its text: a number in a product, quotient or power is missing, or applied twice."""
    if not isinstance(node, Map) or len(node.operands) != 2:
        return
    other = node.operands[1 - position]
    if node.op is table.MUL and isinstance(other, Map) and other.op is table.MUL:  # 0.5 in 0.5 * z * x
        other = next((inner for inner in other.operands if isinstance(inner, Constant)), other)
    if not isinstance(other, Constant) or other.value.size != 1 or not other.value.all():
        return
    c, name = float(other.value.item()), called(other)
    if node.op is table.MUL:
        yield 1 / c, f"the factor {name} in {called(node)} were missing"
        yield c, f"the factor {name} in {called(node)} were applied twice"
        yield from _of_a_share(c, called(node), divides=False)
    elif node.op is table.DIV and position == 0:
        yield c, f"the division by {name} in {called(node)} were missing"
        yield 1 / c, f"the division by {name} in {called(node)} were applied twice"
        yield from _of_a_share(c, called(node), divides=True)
    elif node.op is table.POW and position == 0:
        yield 1 / c, f"the factor {name} in the derivative of {called(node)} were missing"


def _of_a_share(c: float, y: str, divides: bool) -> Iterator[tuple[float, str]]:
    """Yields pairs as `_factors` does, for a number between 0 and 1, such as the share that a dropout keeps."""
    if 0.0 < c < 1.0:
        right = f"divided by {number(c)}" if divides else f"multiplied by {number(c)}"
        for wrong, by in ((f"multiplied by {number(1 - c)}", 1 - c), (f"divided by {number(1 - c)}", 1 / (1 - c)),
                          (f"multiplied by {number(c)}", c), (f"divided by {number(c)}", 1 / c)):  # fmt: skip
            if wrong != right:
                yield by * c if divides else by / c, f"{y} were {wrong}, not {right}"


def _last_term(recorded: Recorded, to: dict[int, list[Way]], array: Assignment) -> str:
    """Returns a text that says that a loop's running sum is cut off at this array; "" if it is not such a sum."""
    ways = to.get(array.number, [])
    above = recorded.node(ways[0]) if len(ways) == 1 else None
    if not _adds(array) or above is None or not _adds(above) or not _is_next(array, above):
        return ""
    further = [recorded.node(way) for way in to.get(above.number, [])]
    which = "terms after it are" if any(_is_next(above, node) for node in further) else "last term is"
    return f": of the sum in the loop, only the {which} counted"


def _adds(node: Assignment) -> bool:
    return isinstance(node, Map) and node.op is table.ADD


def _is_next(before: Assignment, node: Assignment) -> bool:
    """Returns whether the node is the sum of the next turn: it has the name, or the source line, of `before`."""
    if base(before.name) and base(before.name) == base(node.name):
        return True
    return before.place is not None and node.place is not None and before.place.at == node.place.at
