"""The frames of the user's code that run below a function, and what these functions are called."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from types import FrameType

from ..diagnostics.lines import is_users

__all__ = ["PARTS_OF_A_FUNCTION", "functions", "label", "running"]

# A comprehension's frame is its function's, as it is from Python 3.12 on.
PARTS_OF_A_FUNCTION = ("<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>")


def running(below: FrameType | None) -> list[FrameType]:
    """The user's frames that run below this one, the outermost first; that one counts wherever its code stands."""
    found, frame = [], sys._getframe(1)
    while frame is not None and frame is not below:
        found.append(frame)
        frame = frame.f_back  # type: ignore[assignment]
    if frame is None:
        return []  # it does not run
    return [frame for frame in reversed(found) if frame is found[-1] or is_users(frame)]


def functions(frames: Iterable[FrameType]) -> Iterator[list[FrameType]]:
    """The frames of each function: its own, and those of its comprehensions that run."""
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
    """What a function is called; a lambda, by the variable that holds it."""
    code = function.f_code
    if code.co_name == "<lambda>":
        for names in (*(frame.f_locals for frame in frames), function.f_globals):
            for name, held in list(names.items()):
                if getattr(held, "__code__", None) is code:
                    return name
    return code.co_qualname.rpartition("<locals>.")[2]
