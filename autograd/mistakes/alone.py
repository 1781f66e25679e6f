"""Makes edits in which one of several uses of an array counts alone, or is missing: dW = … in a loop, not dW += ….

The gradients of two uses may be multiplied too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations

from ..programs.assignments import Assignment, Leaf, View
from ..programs.recorded import Recorded
from ..programs.reverse import Change, Way
from .edits import Edit, called, fixed, groups, listed, uses
from .rules import all_multiplied, multiplied, stopped

__all__ = ["alone"]

ADD_UP = "the gradients of all uses add up (+=)"
Uses = Sequence[Way]  # the ways back to one array, in the order of the program


def alone(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which some uses count alone: of one array, of each input, of each part, of each step's arrays."""
    to = {number: sorted(ways) for number, ways in uses(recorded).items()}
    for number, ways in to.items():
        yield from _of_one(recorded, called(recorded.program.assignments[number]), ways)
    yield from _of_inputs(recorded, to)
    yield from _divided_in_a_loop(recorded, to)
    yield from _of_parts(recorded, to)
    yield from _of_steps(recorded, to)
    yield from _of_states(recorded, to)
    yield from _added_to_itself(recorded, to)


def _of_one(recorded: Recorded, name: str, ways: Uses) -> Iterator[Edit]:
    for kept in groups(recorded, ways):
        if len(kept) < len(ways):
            which = {ways[0]: "first", ways[-1]: "last"}.get(kept[0], "") if len(kept) == 1 else ""
            users = _users(recorded, kept)
            only = f"its {which} use, in {users}," if which else f"its use in {users}"
            text = f"{name} is used {len(ways)} times, but only {only} is counted: {ADD_UP}"
            yield _without(recorded, [way for way in ways if way not in kept], text, 3 + (len(kept) > 1))
        if 1 < len(kept) < len(ways):
            yield from _first_or_last(recorded, [sorted(kept)], f"{name} in {users}")
    if len(ways) == 2:
        first, second = ways
        rules = {first: multiplied(recorded, first, recorded.backward.passed[second]), **stopped(recorded, [second])}
        text = f"the gradients of the two uses of {name}, in {_users(recorded, ways)}, are multiplied: they add up (+=)"
        yield fixed(Change(rules=rules), text, 5, ways)


def _of_inputs(recorded: Recorded, to: dict[int, list[Way]]) -> Iterator[Edit]:
    whole = {leaf: [way for way in to.get(leaf.number, []) if not isinstance(recorded.node(way), View)]
             for leaf in recorded.inputs.values()}  # fmt: skip
    several = {leaf: ways for leaf, ways in whole.items() if len(ways) > 1}
    teams = {(*several,)}
    for key in (_beside, _shape):
        alike: dict[object, list[Assignment]] = {}
        for leaf, ways in several.items():
            alike.setdefault(key(recorded, leaf, ways), []).append(leaf)
        teams |= {(*team,) for team in alike.values()}
    for team in sorted(teams, key=lambda team: (-len(team), [leaf.number for leaf in team])):
        if len(team) > 1:
            yield from _first_or_last(
                recorded, [several[leaf] for leaf in team], f"each of {listed(map(called, team))}"
            )


def _beside(recorded: Recorded, leaf: Assignment, ways: Uses) -> object:
    """Returns the numbers of the arrays that stand beside an input in its uses, such as those of the steps' x."""
    nodes = [recorded.node(way) for way in ways]
    return tuple(operand.number for node in nodes for operand in node.operands if operand is not leaf)


def _shape(recorded: Recorded, leaf: Assignment, ways: Uses) -> object:
    return leaf.shape


def _divided_in_a_loop(recorded: Recorded, to: dict[int, list[Way]]) -> Iterator[Edit]:
    """Yields edits in which the gradient of each input is divided by n in every one of the n turns of a loop."""
    turns: dict[int, list[Uses]] = {}
    for leaf in recorded.inputs.values():
        at_places: dict[object, list[Way]] = {}
        for way in to.get(leaf.number, ()):
            if place := recorded.node(way).place:
                at_places.setdefault((place.at, way.position), []).append(way)
        for ways in at_places.values():
            turns.setdefault(len(ways), []).append(ways)
    for n, several in turns.items():
        if n > 1:
            shares = {way: float(n) ** (k + 1 - n) for ways in several for k, way in enumerate(ways)}
            rules = {way: multiplied(recorded, way, share) for way, share in shares.items()}
            names = listed(called(recorded.target(ways[0])) for ways in several)
            text = f"the gradient of {names} is divided by {n} in every turn of the loop, not once after it"
            yield fixed(Change(rules=rules), text, 3, rules)


def _of_parts(recorded: Recorded, to: dict[int, list[Way]]) -> Iterator[Edit]:
    """Yields edits of all parts of an array, such as the rows that a loop takes, and of those that one line uses."""
    for number, ways in to.items():
        parts: dict[object, list[int]] = {}  # the views of the same elements, such as the same row in several turns
        for view in [recorded.view(way) for way in ways if isinstance(recorded.node(way), View)]:
            parts.setdefault((view.shape, view.source.tobytes(), view.index.tobytes()), []).append(view.number)
        of_parts = {views[0]: sorted(way for view in views for way in to.get(view, ())) for views in parts.values()}
        several = {part: uses for part, uses in of_parts.items() if len(uses) > 1}
        if len(parts) > 1 and several:
            used_alike: dict[object, list[int]] = {}
            for part, uses in several.items():
                used_alike.setdefault(frozenset(_uses_at(recorded, uses)), []).append(part)
            assignments = recorded.program.assignments
            teams = {f"each part of {called(assignments[number])}": [*several]}
            if len(used_alike) > 1:
                teams |= {
                    f"each of {listed(called(assignments[k]) for k in some)}": some for some in used_alike.values()
                }
            for what, team in teams.items():
                is_one_line = all(len(_uses_at(recorded, several[part])) == 1 for part in team)
                rank = 1 if is_one_line else 3  # 1: one line uses the part in several turns
                yield from _first_or_last(recorded, [several[part] for part in team], what, rank)


def _uses_at(recorded: Recorded, ways: Uses) -> set[tuple[object, int]]:
    """Returns the places of some uses in the source, each with the position of the operand."""
    return {(place.at, way.position) for way in ways if (place := recorded.node(way).place)}


def _of_steps(recorded: Recorded, to: dict[int, list[Way]]) -> Iterator[Edit]:
    """Yields edits of all arrays that one line made, in the steps of a loop or the calls of a helper.

    Other edits are of all arrays that every turn of a loop uses.
    """
    teams: dict[object, list[Assignment]] = {}
    for number, ways in to.items():
        array = recorded.program.assignments[number]
        if array.place is not None and not isinstance(array, Leaf) and len(ways) > 1:
            teams.setdefault(array.place.at, []).append(array)
            lines = {(place.at, way.position) for way in ways if (place := recorded.node(way).place)}
            if len(lines) == 1:  # each turn of a loop uses it once
                teams.setdefault(len(ways), []).append(array)
    for key, team in [each for each in teams.items() if len(each[1]) > 1]:
        several, what = [to[array.number] for array in team], f"each of {listed(map(called, team))}"
        yield from _first_or_last(recorded, several, what, 6)
        if isinstance(key, int):
            text = f"the gradients of the {key} uses of {what} are averaged, not summed"
            lost = [way for ways in several for way in ways]
            yield fixed(all_multiplied(recorded, lost, 1 / key), text, 4, lost)
        for k, which in ((0, "first"), (-1, "last")):
            if any(len(ways) > 2 for ways in several):  # else one use is missing if the other counts alone
                lost = [ways[k] for ways in several]
                yield _without(recorded, lost, f"the {which} use of {what} is missing: {ADD_UP}", 6)


def _of_states(recorded: Recorded, to: dict[int, list[Way]]) -> Iterator[Edit]:
    """Yields edits in which only the use in one line counts, of arrays that the same lines use, such as h0 and h(1)."""
    alike: dict[frozenset[tuple[object, int]], list[int]] = {}
    for number, ways in to.items():
        if len(lines := _uses_at(recorded, ways)) == len(ways) > 2:
            alike.setdefault(frozenset(lines), []).append(number)
    for alike_lines, team in alike.items():
        for line in alike_lines if len(team) > 1 else ():
            kept = {way for number in team for way in to[number] if _uses_at(recorded, [way]) == {line}}
            lost = [way for number in team for way in to[number] if way not in kept]
            names = listed(called(recorded.program.assignments[number]) for number in sorted(team))
            text = f"of the uses of {names}, only that in {_users(recorded, kept)} is counted: {ADD_UP}"
            yield _without(recorded, lost, text, 4)


def _added_to_itself(recorded: Recorded, to: dict[int, list[Way]]) -> Iterator[Edit]:
    """Yields edits in which one of two uses of the arrays of a line counts twice, and the other is missing."""
    lines: dict[object, dict[object, list[Way]]] = {}
    for number, ways in to.items():
        array = recorded.program.assignments[number]
        for way in ways if array.place is not None and not isinstance(array, Leaf | View) else ():
            if (place := recorded.node(way).place) and array.place is not None:
                lines.setdefault(array.place.at, {}).setdefault((place.at, way.position), []).append(way)
    for of_line in lines.values():
        for kept, lost in permutations(of_line.values()) if len(of_line) == 2 else ():
            if len(kept) > 1 and len(lost) > 1:
                rules = {way: multiplied(recorded, way, 2.0) for way in kept} | stopped(recorded, lost)
                whose = f"the gradient of {listed(called(recorded.target(way)) for way in kept)}"
                text = f"{whose} through {_users(recorded, kept)} is added to itself, not to that through"
                yield fixed(Change(rules=rules), f"{text} {_users(recorded, lost)}", 5, rules)


def _first_or_last(recorded: Recorded, several: Sequence[Uses], what: str, rank: int = 3) -> Iterator[Edit]:
    """Yields edits in which the first, or the last, of each of these uses counts alone."""
    for k, which in ((0, "first"), (-1, "last")):
        kept = {ways[k] for ways in several}
        lost = [way for ways in several for way in ways if way not in kept]
        text = f"only the {which} use of {what} is counted"
        if (users := _users(recorded, lost)) != _users(recorded, kept):
            text += f", and {f'that in {users} is' if len(lost) == 1 else f'those in {users} are'} missing"
        yield _without(recorded, lost, f"{text}: {ADD_UP}", rank)


def _without(recorded: Recorded, lost: Uses, text: str, rank: int) -> Edit:
    return fixed(Change(rules=stopped(recorded, lost)), text, rank, lost)


def _users(recorded: Recorded, ways: Iterable[Way]) -> str:
    """Returns the names of the arrays that these uses make; for a view with one use and no name, of what uses it."""
    to, names = uses(recorded), []
    for way in sorted(ways):
        array = recorded.node(way)
        while isinstance(array, View) and not array.name and len(above := to.get(array.number, [])) == 1:
            array = recorded.node(above[0])
        names.append(called(array))
    return listed(names)
