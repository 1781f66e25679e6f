"""Blocks of code in which something holds: nothing is recorded (`no_grad`), or everything is watched."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ContextDecorator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

if TYPE_CHECKING:
    from .value import Value

__all__ = ["Mode", "blocks", "differentiating", "enable_grad", "is_differentiating", "no_grad", "observe",
           "paused", "varied", "watching"]  # fmt: skip

blocks: list[None] = []  # one entry a block open anywhere that pauses or watches; empty means that none does
varied: set[Value] = set()  # the inputs of all functions that are being differentiated now, in whatever thread


F = TypeVar("F", bound=Callable[..., Any])


class Block:
    """An open block of a mode, inside another one or none. A task may inherit it, and outlive it."""

    __slots__ = ("mode", "open", "outer")

    def __init__(self, mode: Mode, outer: Block | None) -> None:
        self.mode = mode
        self.open = True
        self.outer = outer


_innermost: ContextVar[Block | None] = ContextVar("chalkgrad blocks", default=None)


def open_modes() -> list[Any]:
    """The modes of the blocks that are open around this place, in this thread (or task), the innermost first."""
    block, found = _innermost.get(), []
    while block is not None:
        if block.open:
            found.append(block.mode)
        block = block.outer
    return found


def paused() -> bool:
    """Whether nothing is recorded here: whether the innermost block that has a say in it is `no_grad`."""
    return next((mode.pauses for mode in open_modes() if mode.pauses is not None), False)


def is_differentiating() -> bool:
    """Whether this thread (or task) is at work on a derivative."""
    return any(isinstance(mode, differentiating) for mode in open_modes())


def watching() -> Any:
    """The mode of the outermost open block that watches what is made, if there is one: it has seen the most."""
    return next(reversed([mode for mode in open_modes() if mode.watches]), None)


def observe(node: Value) -> None:
    """A node has been made while blocks are open: what the modes around it say happens to it."""
    pauses = None
    for mode in open_modes():
        if pauses is None:
            pauses = mode.pauses
        if mode.watches:
            mode.check(node)
    if pauses:
        node.op = node._left = node._d_left = node._right = node._d_right = None


class Mode(ContextDecorator):
    """What holds inside a `with` block, or in a function it decorates. Blocks nest; each thread or task has its own."""

    pauses: ClassVar[bool | None] = None  # recording; None if it leaves that as it is
    watches: ClassVar[bool] = False  # what is made, by its `check`, and backward passes, by its `check_backward`
    is_observed: ClassVar[bool] = True  # whether nodes ask for it when they are made

    def __init__(self, *wrong: object) -> None:
        name = type(self).__name__
        if wrong:
            raise TypeError(f"{name} takes no arguments: @{name}() before a function, with {name}(): for a block")
        self._blocks: list[Block] = []

    def __call__(self, function: F) -> F:
        """The function, run inside a block of its own at each call."""
        if getattr(getattr(function, "__code__", None), "co_flags", 0) & RUNS_LATER:
            name = type(self).__name__
            raise TypeError(
                f"@{name}() ends when the call does, and {function.__name__} runs after that, being a generator or a "
                f"coroutine: write with {name}(): inside it"
            )
        return super().__call__(function)

    def _recreate_cm(self) -> Mode:
        return type(self)()  # contextlib asks at each call of a decorated function, which may call itself

    def __enter__(self) -> None:
        block = Block(self, _innermost.get())
        self._blocks.append(block)
        if self.is_observed:
            blocks.append(None)
        _innermost.set(block)

    def __exit__(self, *_: object) -> None:
        block = _innermost.get()
        while block is not None and block not in self._blocks:  # one instance may serve several threads
            block = block.outer
        block = self._blocks[-1] if block is None else block
        self._blocks.remove(block)
        block.open = False
        if self.is_observed:
            blocks.pop()
        if _innermost.get() is block:
            _innermost.set(block.outer)


class no_grad(Mode):  # noqa: N801  a context manager is used like a keyword
    """Inside `with no_grad():`, or in a function under `@no_grad()`, results are plain leaves.

    They hold numbers and remember nothing, so prediction costs no memory. Blocks nest, and each thread or task has
    its own; a generator that yields inside one leaves it open meanwhile. TypeError where it would end too soon: as
    the decorator of a generator or a coroutine.

        >>> from autograd import Value
        >>> w = Value(2.0)
        >>> with no_grad():
        ...     y = w * 3
        >>> y.data, y.parents
        (6.0, ())
    """

    pauses = True


class enable_grad(Mode):  # noqa: N801  a context manager is used like a keyword
    """Inside, operations are recorded in spite of any `no_grad` block around: derivatives need them."""

    pauses = False


class differentiating(enable_grad):  # noqa: N801
    """Inside, a derivative is worked out: operations are recorded, and derivatives asked for are Values."""

    is_observed = False  # a block that pauses is asked for in any case


RUNS_LATER = 0x20 | 0x80 | 0x200  # code flags of generators, coroutines and asynchronous generators (module inspect)
