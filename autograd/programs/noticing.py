"""Notices the Values that arithmetic on single Values makes."""

from __future__ import annotations

from collections.abc import Callable

from ..grad_mode import Mode
from ..value import Value

__all__ = ["Noticing"]


class Noticing(Mode):
    """A block in which a function is called with every new Value."""

    def __init__(self, notice: Callable[[Value], None]) -> None:
        super().__init__()
        self.check = notice
