"""Makes edits of a single formula: a factor is missing in the gradient of one array alone, or of one term alone.

Such formulas repeat what others have computed. For the gates of an LSTM, each formula has the slope of the cell again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from .. import table
from ..programs.assignments import Array, Assignment, Leaf, Map, broadcasts, summed_to
from ..programs.recorded import Recorded
from ..programs.reverse import Change, Rule, Way
from .edits import Edit, called, fixed, listed, uses
from .operations.functions import Function, functions
from .operations.slopes import words
from .rules import with_operands

__all__ = ["branches"]

LONGEST = 9  # the largest number of links of a chain
MOST_LINKS = 4  # an array of more operands, such as a stack, is not followed
MOST = 4000  # the largest number of chains
ONE = np.ones(())


class Link(NamedTuple):
    """The way back from an array y to an array x that it is made of: an operand, or the argument of a function."""

    y: Assignment
    x: Assignment
    right: Rule  # from the gradient of y to its part of the gradient of x
    left_out: str  # what may be missing, such as "the factor w"; "" if there is nothing
    factor: Array  # what multiplies the gradient, if y is a product, or a quotient with x above; else 1
    ways: tuple[Way, ...]
    function: Function | None = None  # the function y of x, if its slope is what may be missing
    uncentred: Rule | None = None  # the same with a where the factor or the slope is made of a − b
    of: Assignment | None = None  # this difference a − b


Chain = tuple[Link, ...]


def branches(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of one link of a chain of links, which only the gradient that goes along this chain shows.

    If it is the first link, the mistake is in the gradient of the last array alone. If it is the last link, the mistake
    is in the part of the gradient that comes from the first array alone.
    """
    links, to = _links(recorded), uses(recorded)
    first: dict[object, list[Chain]] = {}
    last: dict[object, list[Chain]] = {}
    again: dict[object, list[Chain]] = {}
    slopes: dict[object, list[Chain]] = {}
    for chain in islice(_chains(recorded, links, to), MOST):
        key = tuple(map(_kind, chain))
        forks = [len(links[link.y.number]) > 1 for link in chain[1:]]
        if forks[-1] and not (isinstance(chain[-1].x, Leaf) and len(to[chain[-1].x.number]) == 1):  # else: only for dx
            first.setdefault(key, []).append(chain)
        is_first_to_share = all(len(to[link.x.number]) < 2 for link in chain[1:-1])
        if chain[-1].left_out and len(to[chain[0].x.number]) > 1 and is_first_to_share:
            last.setdefault(key, []).append(chain)
            if chain[-1].function:
                slopes.setdefault((_kind(chain[0]), len(chain)), []).append(chain)
        fits = chain[0].factor.size > 1 and broadcasts(chain[0].factor.shape, chain[-1].x.shape)
        if any(forks) and len(to[chain[-1].x.number]) > 1 and fits:
            again.setdefault(key, []).append(chain)
    for chains in first.values():
        yield from _of_the_first(chains, to)
    several = (chains for chains in slopes.values() if len({_kind(chain[-1]) for chain in chains}) > 1)
    for chains in (*last.values(), *several):
        yield from _of_the_last(chains)
    for chains in again.values():
        text = f"{chains[0][0].left_out} is applied again to the gradient of {_told(chain[-1].x for chain in chains)}"
        text += f" that comes through {_told(chain[-1].y for chain in chains)}"
        yield from _edit(chains, -1, _times_the_first, text)


def _kind(link: Link) -> tuple[object, ...]:
    """Returns a key that links share if one expression made them by one operation. `x.var()` has several operations."""
    place = link.y.place.at if link.y.place else link.y.number
    return place, link.y.op if isinstance(link.y, Map) else type(link.y), link.ways[0].position


def _of_the_first(chains: Sequence[Chain], to: dict[int, list[Way]]) -> Iterator[Edit]:
    link = chains[0][0]
    only = f"but only on the way to {_told(chain[-1].x for chain in chains)}"
    where = f"in the gradient of {_told(chain[0].x for chain in chains)}"
    if link.left_out:
        yield from _edit(chains, 0, partial(_left_out, 0), f"{link.left_out} is missing {where}, {only}")
    if np.any(link.factor != 1.0):
        yield from _edit(chains, 0, _twice, f"{link.left_out} is applied twice {where}, {only}")
        name, divides = link.left_out.removeprefix("the factor "), link.left_out.startswith("the division")
        wrong, right = ("multiplies", "divide") if divides else ("divides", "multiply")
        name = name.removeprefix("the division by ")
        yield from _edit(chains, 0, _inverted, f"{name} {wrong}, but should {right}, {where}, {only}")
    yield from _exponents_alone(chains, 0, only)
    if all(chain[0].uncentred is not None for chain in chains):
        minuends, differences = (_told(of) for of in zip(*map(_difference_of, chains), strict=True))
        text = f"{minuends} {'are' if len(chains) > 1 else 'is'} used instead of {differences}"
        yield from _edit(chains, 0, _uncentred, f"{text} {where}, {only}")
    if len(to[link.x.number]) > 1:
        text = f"the path from {_told(chain[0].x for chain in chains)} to {_told(chain[0].y for chain in chains)}"
        yield from _edit(chains, 0, _nothing, f"{text} is missing, {only}")


def _of_the_last(chains: Sequence[Chain]) -> Iterator[Edit]:
    tops = _told(chain[0].y for chain in chains)
    where = f"in the gradient of {_told(chain[-1].x for chain in chains)}"
    of = [chain[-1].function for chain in chains if chain[-1].function]
    left_out, is_ = itemgetter("d", "d_is")(words(of)) if of else (chains[0][-1].left_out, "is")
    text = f"{left_out} {is_} missing {where}, but only for the part that comes from {tops}"
    yield from _edit(chains, -1, partial(_left_out, -1), text)
    yield from _exponents_alone(chains, -1, f"but only for the part that comes from {tops}")


def _exponents_alone(chains: Sequence[Chain], at: int, only: str) -> Iterator[Edit]:
    of = [function for chain in chains if (function := chain[at].function) and function.op is table.POW]
    if len(of) == len(chains):
        text = f"the factor xⁿ⁻¹ is missing in the derivative n xⁿ⁻¹ of {_told(function.y for function in of)}"
        yield from _edit(chains, at, partial(_exponent_alone, at), f"{text}, {only}")


def _told(arrays: Iterable[Assignment]) -> str:
    return listed(map(called, arrays))


def _edit(chains: Sequence[Chain], at: int, wrong: Callable[[Chain, Array], Array], text: str) -> Iterator[Edit]:
    """Yields the edit with a wrong rule for the first or the last link of each chain; none if two begin alike."""
    jumps: dict[tuple[int, int], Rule] = {}
    for chain in chains:
        rules = [link.right for link in chain]
        edited = [*rules]
        edited[at] = partial(wrong, chain)
        jumps[chain[0].y.number, chain[-1].x.number] = partial(_difference, edited, rules)
    if len(jumps) == len(chains):
        ways = dict.fromkeys(way for chain in chains for link in chain for way in link.ways)
        yield fixed(Change(jumps=jumps), text, 4 + (len(chains) > 1) + (len(chains[0]) > 3), ways)


def _left_out(at: int, chain: Chain, flow: Array) -> Array:
    """Returns the gradient that a link passes back if what may be missing is missing."""
    return np.array(summed_to(flow, chain[at].x.shape))


def _exponent_alone(at: int, chain: Chain, flow: Array) -> Array:
    link = chain[at]
    assert link.function is not None
    return np.array(summed_to(flow * link.function.y.operands[1].value, link.x.shape))


def _nothing(chain: Chain, flow: Array) -> Array:
    return np.zeros(chain[0].x.shape)


def _twice(chain: Chain, flow: Array) -> Array:
    return chain[0].right(flow * chain[0].factor)


def _inverted(chain: Chain, flow: Array) -> Array:
    with np.errstate(all="ignore"):
        return chain[0].right(flow / chain[0].factor ** 2)


def _uncentred(chain: Chain, flow: Array) -> Array:
    rule = chain[0].uncentred
    assert rule is not None
    return rule(flow)


def _difference_of(chain: Chain) -> tuple[Assignment, Assignment]:
    """Returns a and a − b for a chain that begins with an operation on a − b."""
    of = chain[0].of
    assert of is not None
    return of.operands[0], of


def _times_the_first(chain: Chain, flow: Array) -> Array:
    return chain[-1].right(flow) * chain[0].factor


def _difference(edited: Sequence[Rule], right: Sequence[Rule], flow: Array) -> Array:
    wrong = flow
    for rule in edited:
        wrong = rule(wrong)
    for rule in right:
        flow = rule(flow)
    return wrong - flow


# ---- links and chains


def _chains(recorded: Recorded, links: dict[int, list[Link]], to: dict[int, list[Way]]) -> Iterator[Chain]:
    """Yields chains of two to nine links, from every link that may be wrong or whose end has several uses."""
    for node in recorded.backward.order:
        for link in links.get(node.number, ()):
            if link.left_out or len(to[link.x.number]) > 1:
                yield from _longer((link,), links)


def _longer(chain: Chain, links: dict[int, list[Link]]) -> Iterator[Chain]:
    for link in links.get(chain[-1].x.number, ()) if len(chain) < LONGEST else ():
        yield (*chain, link)
        yield from _longer((*chain, link), links)


def _links(recorded: Recorded) -> dict[int, list[Link]]:
    """Returns a dict from the number of each array to its links. A function that is written out is one link."""
    found: dict[int, list[Link]] = {}
    for node in recorded.backward.order:
        ways = tuple(recorded.backward.ways(node))
        if len(ways) <= MOST_LINKS:
            found[node.number] = [_link(recorded, node, way) for way in ways]
    for function in functions(recorded):
        if not function.is_softmax and function.op is not None:
            x, y = function.x, function.y
            slope = function.slope(y.value, x.value)
            uncentred = None
            if _is_difference(x):
                a = x.operands[0].value
                uncentred = partial(np.multiply, function.slope(function.of(a), a))
            found[y.number] = [
                Link(y, x, partial(np.multiply, slope), function.prime(), ONE, function.inside, function, uncentred, x)
            ]
    return found


def _link(recorded: Recorded, node: Assignment, way: Way) -> Link:
    left_out, factor, other = "", ONE, node.operands[1 - way.position] if len(node.operands) == 2 else None
    if isinstance(node, Map) and other is not None and not np.all(other.value == 1.0):
        if node.op is table.MUL:
            left_out, factor = f"the factor {called(other)}", other.value
        elif node.op is table.DIV and way.position == 0:
            left_out, factor = f"the division by {called(other)}", 1 / other.value
    right, uncentred = partial(recorded.backward.through, way), None
    if left_out and other is not None and _is_difference(other):
        uncentred = with_operands(recorded, way, {1 - way.position: other.operands[0].value})
    return Link(node, node.operands[way.position], right, left_out, factor, (way,), None, uncentred, other)


def _is_difference(array: Assignment) -> bool:
    """Returns whether an array is a − b, with a of its shape and b broadcast, such as x minus its mean."""
    if not isinstance(array, Map) or array.op is not table.SUB:
        return False
    a, b = array.operands
    return a.shape == array.shape != b.shape
