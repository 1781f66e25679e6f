"""Finds the stack frames of the user's code that run inside a function, and the names of their functions."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import FrameType

from ..diagnostics.lines import is_ours, is_users
from .assignments import Assignment, Place

__all__ = ["functions", "label", "places_in_the_function_itself", "running"]

# From Python 3.12 on, a comprehension runs in its function's frame; before, in a frame of its own.
PARTS_OF_A_FUNCTION = ("<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>")


def running(below: FrameType | None) -> list[FrameType]:
    """Returns a list of the user's frames inside the frame `below`, the outermost first.

    The outermost frame counts as the user's if it is another library's. Returns an empty list if `below` is not
    running.
    """
    found, frame = [], sys._getframe(1)
    while frame is not None and frame is not below:
        found.append(frame)
        frame = frame.f_back  # type: ignore[assignment]
    if frame is None:
        return []  # `below` is not running
    return [frame for frame in reversed(found) if is_users(frame) or (frame is found[-1] and not is_ours(frame))]


def functions(frames: Iterable[FrameType]) -> Iterator[list[FrameType]]:
    """Yields a list of frames for each function: its own frame, then those of its running comprehensions."""
    several: list[FrameType] = []
    for frame in frames:
        if several and frame.f_code.co_name in PARTS_OF_A_FUNCTION:
            several.append(frame)
            continue
        if several:
            yield several
        several = [frame]
    if several:
        yield several


def label(function: FrameType, frames: Iterable[FrameType]) -> str:
    """Returns the name of a function; for a lambda, the name of a variable that holds it, if there is one."""
    code = function.f_code
    if code.co_name == "<lambda>":
        for names in (*(frame.f_locals for frame in frames), function.f_globals):
            for name, held in list(names.items()):
                if getattr(held, "__code__", None) is code:
                    return name
    return code.co_qualname.rpartition("<locals>.")[2]


def places_in_the_function_itself(assignments: Iterable[Assignment], depth: int) -> None:
    """Removes the function's name from places in the `depth` outermost calls, which contain all operations."""
    own: dict[Place, Place] = {}
    for assignment in assignments:
        place = assignment.place
        if place is not None:
            functions = [at for at in place.path if at[1].rpartition(".")[2] not in PARTS_OF_A_FUNCTION]
            if len(functions) <= depth:
                assignment.place = own.setdefault(place, replace(place, function=""))
