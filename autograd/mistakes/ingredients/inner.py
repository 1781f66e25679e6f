"""Makes edits that mix up the gradients of two inner arrays, or of the parts of one array, such as q, k and v."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import permutations

import numpy as np

from ...programs.assignments import Array, Assignment, Constant, Index, Leaf, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Rule, Way
from ..edits import Edit, base, called, fixed, leading, listed, uses
from ..relatives import above, below
from ..rules import instead, of_another

__all__ = ["cut_further", "parts_exchanged", "taken_for_another"]

MOST = 40  # the largest number of arrays of which any two are tried
MOST_PARTS = 4  # the largest number of parts of an array that are tried in every order
Alike = Sequence[Assignment]  # one array, or the parts that one source line takes of an array


def taken_for_another(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits that use the gradient of an array b for an array a, or exchange the two.

    The arrays have the same shape, and a is not made of b. For an exchange, b is not made of a either.
    """
    inside = below(recorded)
    for a, b in permutations([*_named(recorded), *_turns(recorded), *_parts(recorded)], 2):
        if _shapes(a) != _shapes(b) or _are_alike(recorded, a, b):
            continue
        is_above = any(array.number in inside[other.number] for array in b for other in a)
        if is_above:
            continue
        by = _taken(recorded, a, b)
        ways = [way for array in a for way in leading(recorded, array)]
        text = f"the gradient of {_called(b)} is used instead of the gradient of {_called(a)}"
        yield fixed(by, f"{text}{_missing(recorded, a[0], b[0])}", 3, ways)
        if a[0].number < b[0].number and not any(array.number in inside[other.number] for array in a for other in b):
            ways += [way for array in b for way in leading(recorded, array)]
            both = by.and_also(_taken(recorded, b, a))
            yield fixed(both, f"the gradients of {_called(a)} and {_called(b)} are exchanged", 3, ways)


def _missing(recorded: Recorded, a: Assignment, b: Assignment) -> str:
    """Returns an addition that names the one array without a name that is made of a, if b is made of it; or ""."""
    makers = {way.number for way in uses(recorded).get(a.number, ())}
    made = recorded.program.assignments[makers.pop()] if len(makers) == 1 else a
    is_told = made is not a and not made.name and made.number in below(recorded)[b.number]
    return f": the derivative of {called(made)} is missing there" if is_told else ""


def _taken(recorded: Recorded, a: Alike, b: Alike) -> Change:
    flows = recorded.backward.flows
    return Change(at={x.number: partial(instead, flows[y.number]) for x, y in zip(a, b, strict=True)})


def _are_alike(recorded: Recorded, a: Alike, b: Alike) -> bool:
    flows = recorded.backward.flows
    return all(np.array_equal(flows[x.number], flows[y.number]) for x, y in zip(a, b, strict=True))


def _shapes(arrays: Alike) -> list[tuple[int, ...]]:
    return [array.shape for array in arrays]


def _called(arrays: Alike) -> str:
    """Returns the name of the first array; for a part without a name, the whole array's name and the source line."""
    first = arrays[0]
    if len({array.name for array in arrays}) > 1:
        return listed(map(called, arrays))
    if isinstance(first, View) and not first.name and first.place is not None:
        return f"{called(first.operands[0])} in `{first.place.text}`"
    return called(first)


def _named(recorded: Recorded) -> Iterator[Alike]:
    """Yields lists of a single array: the arrays that have a name and a gradient, and are not inputs; at most 40."""
    inner = [array for array in recorded.named.values() if not isinstance(array, Leaf | Constant)]
    yield from ([array] for array in inner[:MOST] if array.number in recorded.backward.flows)


def _turns(recorded: Recorded) -> Iterator[Alike]:
    """Yields lists of the arrays that one variable held in the turns of a loop, such as the q of each head."""
    found: dict[str, list[Assignment]] = {}
    for (array,) in _named(recorded):
        found.setdefault(base(array.name), []).append(array)
    yield from (turns for turns in found.values() if len(turns) > 1)


def _parts(recorded: Recorded) -> Iterator[Alike]:
    """Yields lists of the parts that one source line in a loop takes of an input, in the order of its elements."""
    found: dict[object, list[View]] = {}
    for array in recorded.backward.order:
        if isinstance(array, View) and isinstance(array.of_one, Leaf) and array.place is not None:
            found.setdefault((array.place.at, array.of_one.number, array.shape), []).append(array)
    several = [sorted(views, key=lambda view: int(view.index.flat[0])) for views in found.values() if len(views) > 1]
    yield from several[:MOST]


# ---- parts of one array with exchanged gradients


def parts_exchanged(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits that put the gradients of an array's parts, such as q, k and v, together in a wrong order."""
    for team in _split(recorded):
        for order in permutations(range(len(team[0]))):
            moved = [k for k, other in enumerate(order) if k != other]
            if moved:
                rules: dict[Way, Rule] = {
                    parts[k]: partial(_put_at, recorded, parts[k], parts[order[k]]) for parts in team for k in moved
                }
                names = {_use(recorded, parts[k]): None for k in moved for parts in team}
                whole = listed(called(recorded.view(parts[0]).operands[0]) for parts in team)
                of = listed(names) if len(names) > 1 else "the parts"
                text = f"the gradients of {of} are exchanged within the gradient of {whole}"
                yield fixed(Change(rules=rules), text, 3 + (len(team) > 1), rules)
        for k, other in permutations(range(len(team[0])), 2):
            rules = {parts[k]: _of_part(recorded, parts[k], parts[other]) for parts in team}
            part, second = (listed({_use(recorded, parts[at]): None for parts in team}) for at in (k, other))
            if part == second:
                part, second = (listed(called(recorded.view(parts[at])) for parts in team) for at in (k, other))
            whole = listed(called(recorded.view(parts[0]).operands[0]) for parts in team)
            text = f"within the gradient of {whole}, that of {second} also stands in the place of that of {part}"
            yield fixed(Change(rules=rules), text, 3 + (len(team) > 1), rules)


def cut_further(recorded: Recorded) -> Iterator[Edit]:
    """Yields the edits of `parts_exchanged` for parts that have a name and are cut further, such as q into heads."""
    to = uses(recorded)
    alike: dict[tuple[int, tuple[int, ...]], list[View]] = {}
    for view in recorded.named.values():
        if isinstance(view, View) and view.of_one is not None and view.number not in to:
            alike.setdefault((view.of_one.number, view.shape), []).append(view)
    for (number, _), parts in alike.items():
        places = [np.sort(part.index, axis=None) for part in parts]
        taken = np.concatenate(places)
        if number not in recorded.backward.flows or len(np.unique(taken)) < taken.size:
            continue
        for order in permutations(range(len(parts))) if len(parts) <= MOST_PARTS else ():
            moved = [k for k, other in enumerate(order) if k != other]
            names, whole = listed(called(parts[k]) for k in moved), called(parts[0].operands[0])
            change = Change(at={number: partial(_at_others, places, [places[k] for k in order])})
            text = f"the gradients of {names} are exchanged within the gradient of {whole}"
            yield from [fixed(change, text, 3, leading(recorded, parts[0].operands[0]))] if moved else []


def _at_others(places: Sequence[Index], others: Sequence[Index], flow: Array) -> Array:
    passed = np.array(flow)
    for place, other in zip(places, others, strict=True):
        passed.flat[other] = flow.flat[place]
    return passed


def _split(recorded: Recorded) -> Iterator[list[list[Way]]]:
    """Yields lists for arrays of one source line that are split alike: for each array, the ways from its parts.

    The parts are equally large, do not overlap, and stand in the order of the elements.
    """
    by_array: dict[int, list[Way]] = {}
    for way in sorted(recorded.backward.passed):
        view = recorded.node(way)
        if isinstance(view, View) and view.of_one is not None and view.index.size < view.of_one.value.size:
            by_array.setdefault(view.of_one.number, []).append(way)
    teams: dict[object, list[list[Way]]] = {}
    for number, ways in by_array.items():
        ways.sort(key=lambda way: int(recorded.view(way).index.min()))
        taken = np.concatenate([np.sort(recorded.view(way).index, axis=None) for way in ways])
        is_apart = len(np.unique(taken)) == taken.size
        if 1 < len(ways) <= MOST_PARTS and is_apart and len({recorded.view(way).index.size for way in ways}) == 1:
            place = recorded.program.assignments[number].place
            teams.setdefault((place.at if place else number, len(ways), taken.tobytes()), []).append(ways)
    yield from teams.values()


def _of_part(recorded: Recorded, way: Way, other: Way) -> Rule:
    flow = recorded.backward.flows[other.number]
    return of_another(recorded, way, flow.reshape(recorded.view(way).shape))


def _put_at(recorded: Recorded, way: Way, other: Way, flow: Array) -> Array:
    """Returns the gradient of a part, put at the place of another part. A part k.T is put in the order of k first."""
    part, place = recorded.view(way), recorded.view(other)
    passed = np.zeros(part.operands[0].value.size)
    passed[np.sort(place.index, axis=None)] = flow.ravel()[np.argsort(part.index, axis=None)]
    return passed.reshape(part.operands[0].shape)


def _use(recorded: Recorded, way: Way) -> str:
    """Returns the name of a part, or of an array made of it alone; if none has a name, the text of `called`."""
    part = recorded.view(way)
    same = (array for array in recorded.named.values() if isinstance(array, View) and array.operands == part.operands
            and np.array_equal(np.sort(array.index, axis=None), np.sort(part.index, axis=None)))  # fmt: skip
    made = (array for (array,) in above(recorded, [part]))
    return next((array.name for array in (*same, *made) if array.name and "." not in array.name), called(part))
