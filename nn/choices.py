"""Look-up of a thing by its name, with an error that lists the known names."""

from collections.abc import Mapping
from typing import Any, TypeVar

__all__ = ["chosen"]

Thing = TypeVar("Thing")


def chosen(name: Any, kind: str, known: Mapping[str, Thing], besides: str = "") -> Thing:
    """Returns the thing that has this name.

    An unknown name raises ValueError, which lists the known names and the most similar one. `besides` is added to the
    list: it says what else may be given instead of a name.
    """
    if isinstance(name, str) and name in known:
        return known[name]
    from autograd.diagnostics.refusals import unknown  # imported late, so that the closed form imports no autograd

    raise ValueError(unknown(name, kind, known, besides))
