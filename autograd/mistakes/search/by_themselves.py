"""Explains each of several wrong arrays by an edit of its own gradient alone: that of another array, or turned.

This takes little time, so it comes before the search for one edit that explains all of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...programs.recorded import Recorded
from ...programs.reverse import Change
from ..edits import Edit, called, fixed, listed
from ..ingredients.flows import exchanged
from ..ingredients.orders import turned
from ..judged import Given, are_telling
from .matching import is_explained

__all__ = ["by_themselves", "edits_of_each"]

MOST = 3  # the largest number of different edits


def by_themselves(recorded: Recorded, wrong: Sequence[Given]) -> list[Edit]:
    """Returns edits that explain each of these arrays, of which there are several; [] if there are none for some.

    Arrays that were given the gradient of one other array share an edit.
    """
    if len(wrong) < 2 or not are_telling([*wrong]):
        return []
    edits = edits_of_each(recorded, wrong)
    explained = {number for edit in edits for number in edit.change(1.0).at}
    return edits if len(explained) == len(wrong) and len(edits) <= MOST else []


def edits_of_each(recorded: Recorded, wrong: Sequence[Given]) -> list[Edit]:
    """Returns edits that explain some of these arrays, each by itself; those with the gradient of one share an edit."""
    by_number = {given.assignment.number: given for given in wrong}
    found: dict[Given, Edit] = {}
    for edit in (*turned([*wrong]), *exchanged(recorded, [*wrong])):
        change = edit.change(1.0)
        if len(change.at) == 1 and not change.rules and not change.jumps:
            ((number, rule),) = change.at.items()
            given = by_number[number]
            is_better = given not in found or edit.rank < found[given].rank
            if is_better and is_explained(given, rule(recorded.backward.flows[number])):
                found[given] = edit
    return _shared([found[given] for given in wrong if given in found])


def _shared(edits: Sequence[Edit]) -> list[Edit]:
    """Returns the edits; those in which several arrays are the gradient of one other array are one edit."""
    alike: dict[object, list[Edit]] = {}
    for edit in edits:
        _, *other = edit.data
        alike.setdefault((edit.kind, *other) if edit.kind == "exchanged" else edit, []).append(edit)
    return [several[0] if len(several) == 1 else _one(several) for several in alike.values()]


def _one(several: Sequence[Edit]) -> Edit:
    arrays, (_, other, what) = [edit.data[0] for edit in several], several[0].data
    at = {number: rule for edit in several for number, rule in edit.change(1.0).at.items()}
    each = " each" * bool(what)
    text = (
        f"{listed(f'd{called(array)}' for array in arrays)} are{each} the gradient of {called(other)}{what}, not "
        f"those of {listed(map(called, arrays))}"
    )
    return fixed(Change(at=at), text, several[0].rank + 1)
