"""Modes that hold inside a block of code: `no_grad` records nothing; others record or watch every operation."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ContextDecorator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

if TYPE_CHECKING:
    from .value import Value

__all__ = ["Mode", "blocks", "differentiating", "enable_grad", "is_differentiating", "no_grad", "observe",
           "paused", "varied", "watching"]  # fmt: skip

# One entry for each open block, in any thread, whose mode a new node must look for. Fast path: empty means none.
blocks: list[None] = []
varied: set[Value] = set()  # the inputs of all functions that are being differentiated now, in any thread


F = TypeVar("F", bound=Callable[..., Any])


class Block:
    """A block of a mode, and the block around it. A task inherits the open blocks, and may still run after they end."""

    __slots__ = ("mode", "open", "outer")

    def __init__(self, mode: Mode, outer: Block | None) -> None:
        self.mode = mode
        self.open = True
        self.outer = outer


_innermost: ContextVar[Block | None] = ContextVar("chalkgrad blocks", default=None)


def open_modes() -> list[Any]:
    """Returns the modes of the blocks that are open here, in this thread or task, the innermost first."""
    block, found = _innermost.get(), []
    while block is not None:
        if block.open:
            found.append(block.mode)
        block = block.outer
    return found


def paused() -> bool:
    """Returns whether operations are not recorded here: the innermost mode that sets `pauses` decides."""
    return next((mode.pauses for mode in open_modes() if mode.pauses is not None), False)


def is_differentiating() -> bool:
    """Returns whether this thread or task is computing a derivative."""
    return any(isinstance(mode, differentiating) for mode in open_modes())


def watching() -> Any:
    """Returns the mode of the outermost open block that watches, or None. The outermost has seen the most nodes."""
    return next(reversed([mode for mode in open_modes() if hasattr(mode, "check_backward")]), None)


def observe(node: Value) -> None:
    """Shows a new node to the open modes: those with a `check` check it, and if recording pauses it becomes a leaf."""
    pauses = None
    for mode in open_modes():
        if pauses is None:
            pauses = mode.pauses
        if mode.check is not None:
            mode.check(node)
    if pauses:
        node.op = node._left = node._d_left = node._right = node._d_right = None


class Mode(ContextDecorator):
    """A context manager and decorator that sets a mode. Blocks nest; each thread or task has its own."""

    pauses: ClassVar[bool | None] = None  # True stops recording, False resumes it, None leaves it as it is
    check: Any = None  # a method that sees every new node; a mode that watches backward passes has `check_backward`
    is_observed: ClassVar[bool] = True  # whether a new node must look for it

    def __init__(self, *wrong: object) -> None:
        name = type(self).__name__
        if wrong:
            raise TypeError(f"{name} takes no arguments: @{name}() before a function, with {name}(): for a block")
        self._blocks: list[Block] = []

    def __call__(self, function: F) -> F:
        """Returns the function, run inside a new block at each call."""
        if getattr(getattr(function, "__code__", None), "co_flags", 0) & RUNS_LATER:
            name = type(self).__name__
            raise TypeError(
                f"@{name}() ends when the call returns, and {function.__name__} is a generator or a coroutine, which "
                f"runs later: write with {name}(): inside it"
            )
        return super().__call__(function)

    def _recreate_cm(self) -> Mode:
        return type(self)()  # contextlib calls this at each call of a decorated function, which may call itself

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
    """Stops recording inside `with no_grad():`, or in a function under `@no_grad()`: results are plain leaves.

    They hold numbers and have no parents, so prediction keeps no graph in memory. Blocks nest, and each thread or task
    has its own. A generator that yields inside a block leaves it open until it goes on.

    Raises:
        TypeError: If it decorates a generator or a coroutine, which would run after the block has ended.
    Example:
        >>> from autograd import Value
        >>> w = Value(2.0)
        >>> with no_grad():
        ...     y = w * 3
        >>> y.data, y.parents
        (6.0, ())
    """

    pauses = True


class enable_grad(Mode):  # noqa: N801  a context manager is used like a keyword
    """Records operations inside, even in a `no_grad` block: derivatives need them."""

    pauses = False


class differentiating(enable_grad):  # noqa: N801
    """Marks a block that computes a derivative: operations are recorded, and nested derivatives are Values."""

    is_observed = False  # it changes something only inside a block that pauses, and nodes look for that one anyway


RUNS_LATER = 0x20 | 0x80 | 0x200  # code flags of generators, coroutines and asynchronous generators (module inspect)
