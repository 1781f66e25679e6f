"""Where a mistake must lie: on a way that wrong gradients take back from the result, and no right one does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .equations import Equations, NamedWay, derivative_name
from .judged import Given

__all__ = ["cleared", "listed", "suspects", "where"]

MOST_EQUATIONS = 8  # that are written out
MOST_NAMED = 4  # gradients that are named; of more, how many


def listed(names: Sequence[str], and_: str = "and") -> str:
    """a, b and c."""
    return f" {and_} ".join([part for part in (", ".join(names[:-1]), names[-1]) if part])


def cleared(equations: Equations, givens: Sequence[Given]) -> set[NamedWay]:
    """The ways that right gradients have come by; zeros show nothing of the ways they came."""
    right = [given for given in givens if given.is_right and given.right.any()]
    return set().union(*(_back_to(equations, given) for given in right))


def suspects(equations: Equations, givens: Sequence[Given]) -> list[NamedWay]:
    """The ways, from the result down, that no right gradient has come by, and all wrong ones have.

    If the wrong ones have none in common, those that any of them came by.
    """
    return _suspects(equations, givens)[0]


def _suspects(equations: Equations, givens: Sequence[Given]) -> tuple[list[NamedWay], bool]:
    """And whether all wrong ones have come by them, so that one mistake may be enough."""
    right = cleared(equations, givens)
    wrong = [_back_to(equations, given) - right for given in givens if not given.is_right]
    if not wrong:
        return [], True
    common = set.intersection(*wrong)
    found = common or set.union(*wrong)
    return [way for way in equations.named_ways if way in found], bool(common)


def where(equations: Equations, givens: Sequence[Given]) -> str:
    """The last quantity going back that is right, the first that is wrong, and the ways between; "" if all is right."""
    wrong = [given for given in _going_back(givens) if not given.is_right]
    if not wrong:
        return ""
    found, in_common = _suspects(equations, givens)
    first = derivative_name(wrong[0].name)
    if not found:
        return _contradiction(equations, givens, first)
    last = _last_right(equations, givens, found)
    lines = [f"going back from {equations.names[equations.recorded.result.number]}, {last} and {first} is the first "
             "that is wrong"]  # fmt: skip
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


def _back_to(equations: Equations, given: Given) -> set[NamedWay]:
    """The ways on which the gradient of an array comes back from the result."""
    leads, found = {equations.names.get(given.assignment.number, given.name)}, set()
    for way in reversed(equations.named_ways):  # from the inputs up
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
