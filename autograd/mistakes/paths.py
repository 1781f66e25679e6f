"""Makes edits of whole paths: a path is missing or has a wrong factor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from ..programs.assignments import Assignment, Leaf, Place
from ..programs.recorded import Recorded
from ..programs.reverse import Change, Way
from .causes import cause
from .edits import Edit, called, form, groups, leading, listed, uses
from .factors import Factors
from .levels import which_run
from .rules import all_multiplied

__all__ = ["paths", "scaled"]

CLOSE = 1e-9
FEW = 2  # with more runs of a line, a mistake in one of them alone is rare


def scaled(factor: float, factors: Factors, what: str, because: str = "") -> str:
    """Returns the text for a path with a wrong factor, such as "the path through h is missing"; `what` is the path.

    `because` is the text of a cause. With it, nothing is said about the sizes that the factor may come from.
    """
    if abs(factor) < CLOSE:
        return f"{what} is missing{because}"
    if abs(factor - 2.0) < CLOSE:
        return f"{what} is counted twice{because}"
    if abs(factor + 1.0) < CLOSE:
        return f"{what} has the wrong sign{because}"
    return f"{what} is {factors.times(factor, with_sizes=not because)}{because}"


def paths(recorded: Recorded, factors: Factors, in_one_run: bool | None = None) -> Iterator[Edit]:
    """Yields fitted edits that multiply the gradient through some arrays, or along some ways, by t.

    With `in_one_run`, they change one of several runs of a line alone; if it is False, they do not; if None, any.
    """
    runs = Counter(array.place.at for array in recorded.backward.order if array.place is not None)

    def is_asked(places: Sequence[Place | None]) -> bool:
        is_one = len(places) == 1 and places[0] is not None and runs[places[0].at] > FEW
        return in_one_run in (None, is_one)

    for arrays in _arrays(recorded):
        if is_asked([array.place for array in arrays]):
            yield _through_arrays(recorded, factors, arrays)
    shared = {number for number, ways in uses(recorded).items() if len(ways) > 1}
    for ways in groups(recorded, recorded.backward.passed):
        sources = [recorded.node(way) for way in ways]
        targets = [recorded.target(way) for way in ways]
        if not is_asked([source.place for source in sources]):
            continue
        if not any(isinstance(target, Leaf) and target.number not in shared for target in targets):
            is_known = all(x.name for x in (*sources, *targets)) and any(target.number in shared for target in targets)
            what = f"the path from {listed(map(called, targets))} to {listed(map(called, sources))}"
            rank = (2 if is_known else 4) + (len(ways) > 1)
            edit = _path(factors, partial(all_multiplied, recorded, ways), what, rank, ways)
            yield replace(edit, text=_with_cause(recorded, factors, what, sources))

    for target, source, ways in _to_one_name(recorded) if in_one_run is not True else ():
        what = f"the path from {called(target)} to {called(source)}"
        yield _path(factors, partial(all_multiplied, recorded, ways), what, 3, ways)


def _to_one_name(recorded: Recorded) -> Iterator[tuple[Assignment, Assignment, tuple[Way, ...]]]:
    """Yields an array, one with a name that is made of it, and the ways of several uses that lead to it directly.

    No array between them has a name or another use.
    """
    assignments, to = recorded.program.assignments, uses(recorded)
    for number, ways in to.items():
        by_source: dict[int, list[Way]] = {}
        for way in ways:
            node = assignments[way.number]
            while not node.name and len(above := to.get(node.number, [])) == 1:
                node = assignments[above[0].number]
            by_source.setdefault(node.number if node.name else -1, []).append(way)
        for source, several in by_source.items():
            if source >= 0 and 1 < len(several) < len(ways):
                yield assignments[number], assignments[source], tuple(several)


def _path(
    factors: Factors, change: Callable[[float], Change], what: str, rank: int, ways: tuple[Way, ...], about: str = "",
    arrays: Sequence[Assignment] = (),
) -> Edit:  # fmt: skip
    return Edit(change, lambda t: scaled(t, factors, what), rank, ways, fitted=True, about=about, what=what,
                kind="path", data=tuple(arrays))  # fmt: skip


def _through_arrays(recorded: Recorded, factors: Factors, arrays: Sequence[Assignment]) -> Edit:
    names = [called(array) for array in arrays]
    ways = tuple(way for array in arrays for way in leading(recorded, array))
    rank = (1 if all(array.name for array in arrays) else 3) + (len(arrays) > 1)
    about = names[0] if rank == 1 else ""
    what = f"the path through {listed(names)}{which_run(recorded, arrays[0]) if len(arrays) == 1 else ''}"
    edit = _path(factors, partial(_at_arrays, arrays), what, rank, ways, about, arrays)
    if len(arrays) > 1:
        return edit
    return replace(edit, text=_with_cause(recorded, factors, what, arrays))


def _with_cause(
    recorded: Recorded, factors: Factors, what: str, arrays: Sequence[Assignment]
) -> Callable[[float], str]:
    return lambda t: scaled(t, factors, what, cause(recorded, arrays, t))


def _at_arrays(arrays: Sequence[Assignment], t: float) -> Change:
    return Change(at={array.number: lambda flow: t * flow for array in arrays})


def _arrays(recorded: Recorded) -> Iterator[list[Assignment]]:
    """Yields lists of arrays between the result and the inputs: each array alone, then all arrays of a source line."""
    order = [array for array in recorded.backward.order if not isinstance(array, Leaf) and array is not recorded.result]
    together: dict[object, list[Assignment]] = {}
    for array in order:
        if array.place is not None:
            for key in (array.place.at, array.place.path):  # for a helper: all of its calls together, and each call
                together.setdefault((key, array.place.at), []).append(array)
            together.setdefault((form(array.place), type(array), getattr(array, "op", None)), []).append(array)
    yield from ([array] for array in order)
    yield from map(list, dict.fromkeys(tuple(several) for several in together.values() if len(several) > 1))
