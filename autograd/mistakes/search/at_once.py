"""Tries edits that are several mistakes in one formula: wrong parts of a normalisation's gradient.

They come after single mistakes, and after several wrong paths, which say the same in the names of the user.
"""

from __future__ import annotations

from ..judged import Reason
from ..operations.normalised_parts import parts_of_normalisations
from .trials import Trials

__all__ = ["at_once"]


def at_once(trials: Trials) -> list[Reason]:
    """Returns the reasons with the fewest wrong parts; an empty list if no such edit explains every given array."""
    found = []
    for edit in parts_of_normalisations(trials.recorded):
        if trials.is_over():
            break
        if trials.number(edit) is not None:
            found.append((edit.rank, Reason(edit.text(1.0), edit.ways)))
    fewest = min((rank for rank, _ in found), default=0)
    return [reason for rank, reason in found if rank == fewest]
