"""Makes edits of whole paths: a path is missing or has a wrong factor, or one use or one example counts alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from ..programs.assignments import Array, Assignment, Leaf, Map, View
from ..programs.recorded import Recorded
from ..programs.reverse import Change, Way
from .causes import cause
from .edits import Edit, base, called, fixed, groups, leading, listed, nothing, uses
from .factors import Factors

__all__ = ["alone", "examples", "paths", "scaled", "turns"]

MOST_EXAMPLES = 64  # in a larger batch, a gradient of one example alone is tried for the first 64 only
CLOSE = 1e-9


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


def paths(recorded: Recorded, factors: Factors) -> Iterator[Edit]:
    """Yields fitted edits that multiply the gradient through some arrays, or along some ways, by t."""
    for arrays in _arrays(recorded):
        yield _through_arrays(recorded, factors, arrays)
    shared = {number for number, ways in uses(recorded).items() if len(ways) > 1}
    assignments = recorded.program.assignments
    for ways in groups(recorded, recorded.backward.passed):
        sources = [assignments[way.number] for way in ways]
        targets = [assignments[way.number].operands[way.position] for way in ways]
        if not any(isinstance(target, Leaf) and target.number not in shared for target in targets):
            is_known = all(x.name for x in (*sources, *targets)) and any(target.number in shared for target in targets)
            what = f"the path from {listed(map(called, targets))} to {listed(map(called, sources))}"
            yield _path(
                factors, partial(_by_ways, recorded, ways), what, (2 if is_known else 4) + (len(ways) > 1), ways
            )

    for target, source, ways in _to_one_name(recorded):
        what = f"the path from {called(target)} to {called(source)}"
        yield _path(factors, partial(_by_ways, recorded, ways), what, 3, ways)


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
    what = f"the path through {listed(names)}"
    edit = _path(factors, partial(_at_arrays, arrays), what, rank, ways, about, arrays)
    if len(arrays) > 1:
        return edit
    return replace(edit, text=lambda t: scaled(t, factors, what, cause(recorded, arrays, t)))


def _at_arrays(arrays: Sequence[Assignment], t: float) -> Change:
    return Change(at={array.number: lambda flow: t * flow for array in arrays})


def _by_ways(recorded: Recorded, ways: tuple[Way, ...], t: float) -> Change:
    return Change(rules={way: partial(_scaled, recorded, way, t) for way in ways})


def _scaled(recorded: Recorded, way: Way, t: float, flow: Array) -> Array:
    return t * recorded.backward.through(way, flow)


def _arrays(recorded: Recorded) -> Iterator[list[Assignment]]:
    """Yields lists of arrays between the result and the inputs: each array alone, then all arrays of a source line."""
    order = [array for array in recorded.backward.order if not isinstance(array, Leaf) and array is not recorded.result]
    together: dict[object, list[Assignment]] = {}
    for array in order:
        if array.place is not None:
            for key in (array.place.at, array.place.path):  # for a helper: all of its calls together, and each call
                together.setdefault((key, array.place.at), []).append(array)
    yield from ([array] for array in order)
    yield from map(list, {tuple(several) for several in together.values() if len(several) > 1})


def turns(recorded: Recorded) -> Iterator[Edit]:
    """Yields an edit in which no gradient goes from a turn of a loop to the turn before, if there are two such ways."""
    assignments = recorded.program.assignments
    ways = [way for way in recorded.backward.passed
            if _crosses(assignments[way.number], assignments[way.number].operands[way.position])]  # fmt: skip
    if len(ways) > 1:
        change = Change(rules={way: partial(_scaled, recorded, way, 0.0) for way in ways})
        targets = listed(base(called(assignments[w.number].operands[w.position])) for w in ways)
        text = f"no gradient goes from a turn of the loop back to the turn before, through {targets}"
        yield fixed(change, text, 2, ways)


def _crosses(node: Assignment, target: Assignment) -> bool:
    """Returns whether an earlier turn of a loop made the target: by a line after the node's, or by the same line."""
    if node.place is None or target.place is None:
        return False
    for (*function, at), (*other, before) in zip(node.place.path, target.place.path, strict=False):
        if (function, at) != (other, before):
            return bool(function == other and before > at)
    return isinstance(node, Map) and isinstance(target, Map) and node.op is target.op  # one line, such as h = tanh(h)


def alone(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which some of the uses of an array count alone, such as the last time step, or one tied layer."""
    for number, ways in uses(recorded).items():
        target = recorded.program.assignments[number]
        in_order = sorted(ways)
        for kept in groups(recorded, ways):
            if len(kept) < len(ways):
                lost = [way for way in ways if way not in kept]
                users = listed(called(_user(recorded, way)) for way in kept)
                which = {in_order[0]: "first", in_order[-1]: "last"}.get(kept[0], "") if len(kept) == 1 else ""
                alone = f"its {which} use, in {users}," if which else f"its use in {users}"
                text = (
                    f"{called(target)} is used {len(ways)} times, but only {alone} is counted: "
                    "the gradients of all uses add up"
                )
                change = Change(rules=dict.fromkeys(lost, nothing(target.shape)))
                yield fixed(change, text, 3 + (len(kept) > 1), lost)
            if 1 < len(kept) < len(ways):
                yield from _one_on_a_line(recorded, target, sorted(kept))
    yield from _one_of_each(recorded)


def _one_on_a_line(recorded: Recorded, target: Assignment, ways: list[Way]) -> Iterator[Edit]:
    """Yields edits in which only the first, or only the last, of an array's uses on one line of a loop counts."""
    users = listed(called(recorded.program.assignments[way.number]) for way in ways)
    for way, which in ((ways[0], "first"), (ways[-1], "last")):
        lost = [other for other in ways if other != way]
        text = (
            f"of the {len(ways)} uses of {called(target)} in {users} the {which} one counts alone: the gradients of "
            "several uses add up (+=)"
        )
        yield fixed(Change(rules=dict.fromkeys(lost, nothing(target.shape))), text, 3, lost)


def _one_of_each(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the first or the last use of every input counts alone: dW = … in a loop, instead of +=."""
    assignments, to = recorded.program.assignments, uses(recorded)
    whole = {leaf.number: [way for way in to.get(leaf.number, []) if not isinstance(assignments[way.number], View)]
             for leaf in recorded.inputs.values()}  # fmt: skip
    several = {number: sorted(ways) for number, ways in whole.items() if len(ways) > 1}
    for k, which in ((0, "first"), (-1, "last")) if len(several) > 1 else ():
        rules = {way: nothing(assignments[number].shape)
                 for number, ways in several.items() for way in ways if way != ways[k]}  # fmt: skip
        names = listed(called(assignments[number]) for number in several)
        lost = listed(called(_user(recorded, way)) for way in rules)
        missing = (
            f", and {'that' if len(rules) == 1 else 'those'} in {lost} {'is' if len(rules) == 1 else 'are'} missing"
        )
        text = f"only the {which} use of each of {names} is counted{missing}: the gradients of all uses add up (+=)"
        yield fixed(Change(rules=rules), text, 3, rules)


def examples(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which one of several examples (rows of the arrays) counts alone, for the first 64 examples."""
    batch = _batch(recorded)
    if batch is None:
        return
    n = batch.shape[0]
    for k in range(min(n, MOST_EXAMPLES)):
        for factor, text in ((1.0, "counted: the others are missing"), (float(n), f"used, not the mean over all {n}")):
            change = Change(at={batch.number: partial(_row, k, factor)})
            said = f"only example {k + 1} is {text}"
            yield fixed(change, said, 5, leading(recorded, batch), "example", (k, factor))


def _user(recorded: Recorded, way: Way) -> Assignment:
    """Returns the array that a use makes; for a view with one use and no name, the array that is made of the view."""
    to = uses(recorded)
    array = recorded.program.assignments[way.number]
    while isinstance(array, View) and not array.name and len(above := to.get(array.number, [])) == 1:
        array = recorded.program.assignments[above[0].number]
    return array


def _batch(recorded: Recorded) -> Assignment | None:
    """Returns the first array on the way back that has as many rows as some input; None if there is none."""
    rows = [x.shape[0] for x in recorded.inputs.values() if len(x.shape) > 1 and x.shape[0] > 1]
    inner = (array for array in recorded.backward.order if not isinstance(array, Leaf) and array.shape)
    return next((array for array in inner if array.shape[0] in rows), None)


def _row(k: int, factor: float, flow: Array) -> Array:
    kept = np.zeros_like(flow)
    kept[k] = factor * flow[k]
    return kept
