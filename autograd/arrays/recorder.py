"""The recorder of `autograd.programs` that is notified of each array operation of this thread (or task), or None."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

__all__ = ["recording"]

recording: ContextVar[Any] = ContextVar("chalkgrad recording", default=None)
