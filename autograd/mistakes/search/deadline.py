"""Limits the processor time of a search."""

from __future__ import annotations

import time

__all__ = ["Deadline"]


class Deadline:
    """A limit of the processor time of this thread: `seconds` from now on.

    To ask for the processor time may take a millisecond, as on a virtual machine. It never grows faster than the time
    on the wall, so it is asked again only when as much time has gone by as was left.
    """

    def __init__(self, seconds: float) -> None:
        self._end, self._ask = time.thread_time() + seconds, 0.0

    def is_over(self) -> bool:
        """Returns whether the time is over."""
        now = time.perf_counter()
        if now < self._ask:
            return False
        left = self.left()
        self._ask = now + left
        return left < 0.0

    def left(self) -> float:
        """Returns the seconds of processor time that are left."""
        return self._end - time.thread_time()
