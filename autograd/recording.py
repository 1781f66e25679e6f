"""Whether operations are recorded: `no_grad` pauses it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ContextDecorator
from contextvars import ContextVar
from typing import Any, TypeVar

__all__ = ["no_grad", "paused", "pauses"]

pauses: list[None] = []  # one entry a block open anywhere: while it is empty, nobody need ask further


F = TypeVar("F", bound=Callable[..., Any])


class Block:
    """An open `with no_grad():`, inside another one or none. A task may inherit it, and outlive it."""

    __slots__ = ("open", "outer")

    def __init__(self, outer: Block | None) -> None:
        self.open = True
        self.outer = outer


_innermost: ContextVar[Block | None] = ContextVar("no_grad", default=None)


def paused() -> bool:
    """Whether this thread (or task) is inside a `no_grad` block that is still open."""
    block = _innermost.get()
    while block is not None and not block.open:
        block = block.outer
    return block is not None


class no_grad(ContextDecorator):  # noqa: N801  a context manager is used like a keyword
    """Inside `with no_grad():`, or in a function under `@no_grad()`, results are plain leaves.

    They hold numbers and remember nothing, so prediction costs no memory. Blocks nest, and each thread or task has
    its own.
    """

    def __init__(self, *wrong: object) -> None:
        if wrong:
            raise TypeError("no_grad takes no arguments: @no_grad() before a function, with no_grad(): for a block")
        self._blocks: list[Block] = []

    def __call__(self, function: F) -> F:
        """The function, run inside a block of its own at each call."""
        if getattr(getattr(function, "__code__", None), "co_flags", 0) & RUNS_LATER:
            raise TypeError(
                f"@no_grad() ends when the call does, and {function.__name__} runs after that, being a generator or a "
                "coroutine: write with no_grad(): inside it"
            )
        return super().__call__(function)

    def _recreate_cm(self) -> no_grad:
        return no_grad()  # contextlib asks at each call of a decorated function, which may call itself

    def __enter__(self) -> None:
        block = Block(_innermost.get())
        self._blocks.append(block)
        pauses.append(None)
        _innermost.set(block)

    def __exit__(self, *_: object) -> None:
        block = _innermost.get()
        while block is not None and block not in self._blocks:  # one instance may serve several threads
            block = block.outer
        block = self._blocks[-1] if block is None else block
        self._blocks.remove(block)
        block.open = False
        pauses.pop()
        if _innermost.get() is block:
            _innermost.set(block.outer)


RUNS_LATER = 0x20 | 0x80 | 0x200  # code flags of generators, coroutines and asynchronous generators (module inspect)
