"""Who is told of the array operations that this thread (or task) runs: nobody, or what `autograd.programs` records."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

__all__ = ["recording"]

recording: ContextVar[Any] = ContextVar("chalkgrad recording", default=None)
