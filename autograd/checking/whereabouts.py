"""Where a mistake must lie: on a way that wrong gradients take back from the result, and no right one does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ..programs.reverse import Change, Way
from .equations import Equations, NamedWay, derivative_name
from .judged import Given

__all__ = ["cleared", "listed", "suspects", "where"]

MOST_EQUATIONS = 8  # that are written out
MOST_REPLAYS = 200  # passes with one way changed, to see whether it shows
SHOWN = 10.0  # times what rounding may do
MOST_NAMED = 4  # gradients that are named; of more, how many


def listed(names: Sequence[str], and_: str = "and") -> str:
    """a, b and c."""
    return f" {and_} ".join([part for part in (", ".join(names[:-1]), names[-1]) if part])


def cleared(equations: Equations, givens: Sequence[Given]) -> set[NamedWay]:
    """The ways that right gradients have come by, and that would show in them if something else came."""
    right = [given for given in givens if given.is_right]
    shown = _shown(equations, right)
    found = {way for way in equations.named_ways if way.ways <= shown}
    return found - set(suspects(equations, givens))


def suspects(equations: Equations, givens: Sequence[Given]) -> list[NamedWay]:
    """The ways, from the result down, that no right gradient has come by, and all wrong ones have.

    If the wrong ones have none in common, those that any of them came by.
    """
    return _suspects(equations, givens)[0]


def _suspects(equations: Equations, givens: Sequence[Given]) -> tuple[list[NamedWay], bool]:
    """And whether all wrong ones have come by them, so that one mistake may be enough."""
    right = [given for given in givens if given.is_right]
    beyond = frozenset(given.assignment.number for given in right)
    came = [_back_to(equations, given, beyond) for given in givens if not given.is_right]
    if not came:
        return [], True
    shown = _shown(equations, right)
    common = set.intersection(*came) - shown
    found = common or set.union(*came) - shown
    came_by = set.union(*came)
    return [way for way in equations.named_ways if way.ways & found and way.ends & came_by], bool(common)


def _shown(equations: Equations, right: Sequence[Given]) -> set[Way]:
    """The ways of the program that would show in right gradients if they passed on twice as much.

    What comes through a mean and a variance may cancel: a right gradient tells nothing of such a way.
    """
    backward = equations.recorded.backward

    def shows(way: Way) -> bool:
        found = backward.replaced(Change({way: lambda flow: 2.0 * backward.through(way, flow)}))
        return any(
            bool(np.any(np.abs(found[given.assignment.number] - given.right) > SHOWN * given.allowed))
            for given in right
            if given.assignment.number in found
        )

    every = sorted(set().union(*(_back_to(equations, given) for given in right)))
    return {way for k, way in enumerate(every) if k >= MOST_REPLAYS or shows(way)}


def _back_to(equations: Equations, given: Given, beyond: frozenset[int] = frozenset()) -> set[Way]:
    """The ways on which a gradient comes back from the result; none beyond these assignments, where it is right."""
    backward, mine = equations.recorded.backward, given.assignment.number
    leads, found = {mine}, set()
    for node in reversed(backward.order):
        for way in backward.ways(node):
            target = node.operands[way.position].number
            if target in leads and (target == mine or target not in beyond):
                leads.add(node.number)
                found.add(way)
    return found


def where(equations: Equations, givens: Sequence[Given]) -> str:
    """The last quantity going back that is right, the first that is wrong, and the ways between; "" if all is right."""
    wrong = [given for given in _going_back(givens) if not given.is_right]
    if not wrong:
        return ""
    found, in_common = _suspects(equations, givens)
    first = derivative_name(wrong[0].name)
    if not found:
        return _contradiction(equations, givens, first)
    lines = [_between(equations, givens, found, first)]
    one = len(found) == 1
    way = "the way" if one else "a way"
    who = f"{_who(wrong)} alone come{'s' * (len(wrong) == 1)} by"
    if in_common:
        lines.append(f"the mistake is on {way} that {who}:" if one or len(wrong) == 1 else
                     f"if it is one mistake, it is on {way} that {who}:")  # fmt: skip
    else:
        lines.append(f"there are two mistakes or more, on ways that {who}:")
    lines += [f"  {way.equation}" for way in found[:MOST_EQUATIONS]]
    if len(found) > MOST_EQUATIONS:
        lines.append(f"  and {len(found) - MOST_EQUATIONS} more")
    between = [name for name in dict.fromkeys(way.above for way in found) if name not in {g.name for g in givens}]
    between = [name for name in between if name != equations.names[equations.recorded.result.number]]
    if between and not one:
        middle = between[len(between) // 2]
        lines.append(f'give {derivative_name(middle)} too ("{middle}": {derivative_name(middle)}) to halve the search')
    return "\n".join(lines)


def _between(equations: Equations, givens: Sequence[Given], found: Sequence[NamedWay], first: str) -> str:
    """The right quantity that the mistake comes right after, and the first that is wrong."""
    going = f"going back from {equations.names[equations.recorded.result.number]}"
    starts = [way.above for way in found]
    right = [given for given in _going_back(givens) if given.is_right]
    after = [given.name for given in right if given.name in starts]
    if after:
        return f"{going}, {derivative_name(after[-1])} is the last that is right and {first} is the first that is wrong"
    if right:
        is_right = f"{_who(right)} {'is' if len(right) == 1 else 'are'} right"
        return f"{going}, {is_right} and {first} is the first that is wrong"
    return f"{going}, {first} is the first that is wrong"


def _contradiction(equations: Equations, givens: Sequence[Given], first: str) -> str:
    """A wrong gradient that right ones have come through."""
    (wrong, *_) = [given for given in _going_back(givens) if not given.is_right]
    ways = equations.named_ways
    mine = {wrong.name}
    for way in ways:
        if way.above in mine:
            mine.add(way.below)
    below = [given for given in _going_back(givens) if given.is_right and given.name in mine]
    if not below:
        return f"{first} is wrong, and it follows from nothing that you gave"
    told = "follows from it and is right" if len(below) == 1 else "follow from it and are right"
    return f"{first} is wrong, but {_who(below)} {told}: {first} as you gave it is not what your pass went on with"


def _going_back(givens: Iterable[Given]) -> list[Given]:
    """From the result down, by the order of the program."""
    return sorted(givens, key=lambda given: -given.assignment.number)


def _who(givens: Sequence[Given]) -> str:
    names = [derivative_name(given.name) for given in givens]
    return listed(names) if len(names) <= MOST_NAMED else f"{len(names)} gradients"
