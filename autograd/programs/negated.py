"""Reads the product -x @ w as −(x @ w): Python computes (−x) @ w, but its readers see the first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .. import table
from .assignments import Array, Assignment, Constant, Map, Place

__all__ = ["before_the_minus", "without_minus"]


def without_minus(first: Assignment, place: Place | None, constant: Callable[[Array], Constant]) -> Assignment | None:
    """Returns x if the first operand of a product is −x and its text begins with a minus; else None."""
    if place is None or not place.text.startswith("-"):
        return None
    if isinstance(first, Map) and first.op is table.NEG:
        return first.operands[0]
    return constant(-first.value) if isinstance(first, Constant) else None


def before_the_minus(place: Place) -> Place:
    """Returns the place of the product x @ w inside -x @ w."""
    *code, at = place.at
    before = (*code, at - 1)  # between two instructions, as these have even numbers
    return replace(place, text=place.text[1:], at=before, path=(*place.path[:-1], before))
