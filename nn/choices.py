"""Choosing one of several things by its name."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

__all__ = ["chosen"]

Thing = TypeVar("Thing")


def chosen(name: Any, kind: str, known: Mapping[str, Thing], besides: str = "") -> Thing:
    """The thing of this name. Raises ValueError for another one: it lists the known names, and tells which is near.

    `besides` says what else will do.
    """
    if isinstance(name, str) and name in known:
        return known[name]
    called = name if isinstance(name, str) else str(getattr(name, "__name__", ""))
    got = repr(name) if isinstance(name, str) or not called else f"{type(name).__name__} {called}"
    raise ValueError(f"no {kind} is called {got}; the known ones are {', '.join(known)}{besides}{_near(called, known)}")


def _near(name: str, known: Mapping[str, Any]) -> str:
    """The name that was probably meant: by its initials (mse), or by its letters, large or small."""
    name = name.lower()
    initials = [other for other in known if name == "".join(word[0] for word in other.split("_")) and "_" in other]
    near = initials or get_close_matches(name, known, 2)
    return f": {' or '.join(map(repr, near))} may be meant" if near else ""
