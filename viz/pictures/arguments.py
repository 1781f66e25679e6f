"""Checks of arguments for functions that draw: the kinds of texts to hide, and arguments with a wrong name."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from inspect import signature
from typing import Any

from ..look import KINDS

__all__ = ["hidden", "misnamed"]

MEANT = {"rankdir": "direction", "fontsize": "size", "title": "caption", "label": "caption"}  # Graphviz's, and ours


def hidden(kinds: str | Iterable[str]) -> frozenset[str]:
    """Returns the kinds of texts to leave blank. Raises ValueError for an unknown kind."""
    found = frozenset([kinds] if isinstance(kinds, str) else kinds)
    if unknown := sorted(map(str, found - set(KINDS))):
        raise ValueError(f"hide is one or several of {', '.join(KINDS)}; got {', '.join(map(repr, unknown))}")
    return found


def misnamed(function: Callable[..., Any], unknown: Iterable[str]) -> None:
    """Raises TypeError for arguments that the function does not have. The error suggests the right name."""
    called = function.__name__
    for name in unknown:
        if name == "format":
            raise TypeError(f"{called} has no format=: {called}(…).render('picture.png') takes it from the suffix")
        known = [key for key, of in signature(function).parameters.items() if of.kind is of.KEYWORD_ONLY]
        meant = [MEANT[name]] if MEANT.get(name) in known else get_close_matches(name, known, 1)
        told = f": {meant[0]}= is meant" if meant else f"; it has {', '.join(known)}"
        raise TypeError(f"{called} has no {name}={told}")
