"""Choosing one of several things by its name."""

from collections.abc import Mapping
from typing import Any, TypeVar

__all__ = ["chosen"]

Thing = TypeVar("Thing")


def chosen(name: Any, kind: str, known: Mapping[str, Thing], besides: str = "") -> Thing:
    """The thing of this name. Raises ValueError for another one: it lists the known names, and tells which is near.

    `besides` says what else will do.
    """
    if isinstance(name, str) and name in known:
        return known[name]
    from autograd.diagnostics.refusals import unknown  # here, as the closed form takes nothing from autograd

    raise ValueError(unknown(name, kind, known, besides))
