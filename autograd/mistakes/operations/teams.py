"""Groups the functions of a forward pass into teams, which may share a mistake: one line, one form, one operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...programs.recorded import Recorded
from ..edits import form
from ..levels import levels
from .functions import Function, functions

__all__ = ["teams"]


def teams(recorded: Recorded, in_one_run: bool | None = None) -> Iterator[Sequence[Function]]:
    """Yields the functions that may share a mistake; those that are one of several runs of a line alone, or not, if
    `in_one_run` is not None.
    """
    found, of_level = list(functions(recorded)), levels(recorded)
    together: dict[object, dict[Function, None]] = {}
    for function in found:
        if function.y.place is not None:
            place = function.y.place
            level, is_last = of_level[function.y.number]
            lines = place.at, place.path, (place.at, "level", level), (place.at, "last", is_last)
            keys = [(key, op) for key in lines for op in (function.op, function.op is None)]
            more = (form(place), function.op), ("everywhere", function.op)
            for key, op in (*keys, *more):  # teams of one operation, and of any operations
                together.setdefault((key, function.position, op, function.is_softmax, function.axis), {})[function] = (
                    None
                )
    several = dict.fromkeys(several for team in together.values() if len(several := _apart(team)) > 1)
    in_runs = {function for team in several for function in team if len({_line(each) for each in team}) == 1}
    for team in (*((function,) for function in found), *several):
        if in_one_run in (None, len(team) == 1 and team[0] in in_runs):
            yield team


def _apart(team: Iterable[Function]) -> tuple[Function, ...]:
    """Returns one function for each output, without those that another one uses on its way, as softplus uses exp."""
    by_output: dict[int, Function] = {}
    for function in team:
        by_output.setdefault(function.y.number, function)
    inner = {number for function in by_output.values() for number in function.between()}
    return tuple(function for number, function in by_output.items() if number not in inner)


def _line(function: Function) -> object:
    return function.y.place.at if function.y.place else function.y.number
