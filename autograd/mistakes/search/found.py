"""Explanations that the search has found, and their text: those of the lowest rank are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

from ...programs.recorded import Recorded
from ...programs.reverse import Change
from ..causes import cause
from ..edits import Edit, listed
from ..factors import Factors
from ..judged import Reason
from ..paths import scaled
from ..words import Words

__all__ = ["AND_ALSO", "SAID", "Edits", "Found", "changed_by", "joined", "told"]

AND_ALSO = ", and also "  # between the texts of two mistakes
SAID = 3  # the largest number of reasons that are told
LONG = 60  # characters of the words for a path; a longer one is told by a shorter expression that it goes through


Edits = Sequence[tuple[Edit, float]]  # several edits, each with its number t


def changed_by(edits: Edits) -> Change:
    """Returns the change that these edits make together."""
    return reduce(Change.and_also, (edit.change(t) for edit, t in edits))


def joined(texts: Sequence[str]) -> str:
    """Returns the texts of mistakes as one; one that is made at both operands of w * w is told once, with "twice"."""
    counts = Counter(texts)
    times = {1: "", 2: ", twice"}
    return AND_ALSO.join(f"{text}{times.get(n, f', {n} times')}" for text, n in counts.items())


class Found(NamedTuple):
    """An explanation: its rank, its number t, its edit if it consists of one edit, and its reason."""

    rank: int
    t: float
    edit: Edit | None
    reason: Reason


def told(found: list[Found], recorded: Recorded, words: Words, factors: Factors) -> list[Reason]:
    """Returns at most three reasons of the lowest rank. Paths through arrays with the same t are told as one.

    Of such paths through expressions without a name, the first is told that is not long.
    """
    best = min((each.rank for each in found), default=0)
    said: dict[str, Reason] = {}
    together: dict[float, list[Found]] = {}
    unnamed: dict[str, Edit] = {}
    for each in sorted(found, key=lambda each: each.rank):
        if each.rank > best:
            break
        if each.edit is not None and each.edit.about:
            together.setdefault(round(each.t, 9), []).append(each)
            said.setdefault(f"path {round(each.t, 9)}", each.reason)
        elif each.edit is not None and each.edit.kind == "path" and len(each.edit.data) == 1:
            key = f"path without a name {round(each.t, 9)}"
            before = unnamed.setdefault(key, each.edit)
            if key not in said or len(each.edit.what) < len(before.what) > LONG:
                unnamed[key], said[key] = each.edit, each.reason
        else:
            said.setdefault(" & ".join(sorted(each.reason.text.split(AND_ALSO))), each.reason)
    for t, several in together.items():
        numbers = {name: recorded.named[name].number for each in several if each.edit and (name := each.edit.about)}
        text = f"the path through {listed(sorted(numbers, key=lambda name: numbers[name]))}"
        ways = tuple(way for each in several for way in each.reason.ways)
        of = [each.edit for each in several if each.edit]
        because = cause(recorded, [array for edit in of for array in edit.data], several[0].t)
        text = scaled(several[0].t, factors, text, because)
        said[f"path {t}"] = Reason(words.together(of, several[0].t, factors, text), ways)
    return list({reason.text: reason for reason in reversed(said.values())}.values())[::-1][:SAID]
