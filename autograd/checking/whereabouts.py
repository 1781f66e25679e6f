"""Where a mistake must lie: on a way that wrong gradients take back from the result, and no right one does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .equations import Equations, NamedWay, derivative_name
from .judged import Given

__all__ = ["listed", "suspects", "where"]

MOST_EQUATIONS = 8  # that are written out
MOST_NAMED = 4  # gradients that are named; of more, how many


def listed(names: Sequence[str], and_: str = "and") -> str:
    """a, b and c."""
    return f" {and_} ".join([part for part in (", ".join(names[:-1]), names[-1]) if part])


def suspects(equations: Equations, givens: Sequence[Given]) -> list[NamedWay]:
    """The named ways, from the result down, that no right gradient has come by, and all wrong ones have.

    If the wrong ones have none in common, those that any of them came by.
    """
    ways = equations.named_ways
    right = set().union(*(_back_to(ways, name) for name in _names(equations, givens, right=True)))
    wrong = [_back_to(ways, name) - right for name in _names(equations, givens, right=False)]
    if not wrong:
        return []
    left = set.intersection(*wrong) or set.union(*wrong)
    return [way for way in ways if way in left]


def where(equations: Equations, givens: Sequence[Given]) -> str:
    """The last quantity going back that is right, the first that is wrong, and what lies between; "" if all is right."""
    wrong = [given for given in _going_back(givens) if not given.is_right]
    if not wrong:
        return ""
    found = suspects(equations, givens)
    first = derivative_name(wrong[0].name)
    if not found:
        return _contradiction(equations, givens, first)
    last = _last_right(equations, givens, found)
    lines = [f"going back from {equations.names[equations.recorded.result.number]}, {last} and {first} is the first "
             "that is wrong"]  # fmt: skip
    one = len(found) == 1
    lines.append(f"the mistake is on {'the way' if one else 'one of the ways'} that {_who(wrong)} alone "
                 f"come{'s' * (len(wrong) == 1)} by:")  # fmt: skip
    lines += [f"  {way.equation}" for way in found[:MOST_EQUATIONS]]
    if len(found) > MOST_EQUATIONS:
        lines.append(f"  and {len(found) - MOST_EQUATIONS} more")
    between = [name for name in dict.fromkeys(way.above for way in found) if name not in {g.name for g in givens}]
    between = [name for name in between if name != equations.names[equations.recorded.result.number]]
    if between and not one:
        middle = between[len(between) // 2]
        lines.append(f'give {derivative_name(middle)} too ("{middle}": {derivative_name(middle)}) to halve the search')
    return "\n".join(lines)


def _last_right(equations: Equations, givens: Sequence[Given], found: Sequence[NamedWay]) -> str:
    """The right quantity that the mistake comes right after."""
    result = equations.names[equations.recorded.result.number]
    starts = [way.above for way in found]
    right = [given for given in _going_back(givens) if given.is_right]
    after = [given.name for given in right if given.name in starts]
    if after:
        return f"{derivative_name(after[-1])} is the last that is right"
    if right:
        return f"{_who(right)} {'is' if len(right) == 1 else 'are'} right"
    return f"{derivative_name(result)} is what you were given" if result else ""


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


def _names(equations: Equations, givens: Iterable[Given], right: bool) -> list[str]:
    return [equations.names.get(given.assignment.number, given.name) for given in givens if given.is_right == right]


def _back_to(ways: Sequence[NamedWay], name: str) -> set[NamedWay]:
    """The ways on which a gradient comes back from the result to a named array."""
    leads, found = {name}, set()
    for way in reversed(ways):  # from the inputs up
        if way.below in leads:
            leads.add(way.above)
            found.add(way)
    return found


def _going_back(givens: Iterable[Given]) -> list[Given]:
    """From the result down, by the order of the program."""
    return sorted(givens, key=lambda given: -given.assignment.number)


def _who(givens: Sequence[Given]) -> str:
    names = [derivative_name(given.name) for given in givens]
    return listed(names) if len(names) <= MOST_NAMED else f"{len(names)} gradients"
