"""Whether operations are recorded: `no_grad` pauses it."""

from contextlib import ContextDecorator
from contextvars import ContextVar

__all__ = ["no_grad", "paused", "pauses"]

pauses: list[None] = []  # one entry a block open anywhere: while it is empty, nobody need ask further
_depth: ContextVar[int] = ContextVar("no_grad depth", default=0)


def paused() -> bool:
    """Whether this thread (or task) is inside a `no_grad` block."""
    return _depth.get() > 0


class no_grad(ContextDecorator):  # noqa: N801  a context manager is used like a keyword
    """Inside `with no_grad():`, or in a function under `@no_grad()`, results are plain leaves.

    They hold numbers and remember nothing, so prediction costs no memory. Blocks nest, and each thread has
    its own.
    """

    def __enter__(self) -> None:
        pauses.append(None)
        _depth.set(_depth.get() + 1)

    def __exit__(self, *_: object) -> None:
        _depth.set(_depth.get() - 1)
        pauses.pop()
