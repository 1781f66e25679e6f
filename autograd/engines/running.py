"""Runs a class that somebody is still writing: it may raise, print, or never end.

Each graph runs in a thread of its own, under a trace function that counts lines of Python and raises at a limit. So an
endless loop is stopped without signals, at the same line on a slow machine. If the thread does not end even then, it is
abandoned (it is a daemon thread). Where there are no threads, as in a browser, the trace function works without one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from threading import Thread
from typing import Any

from .graphs import Graph

__all__ = ["LINES", "Run", "TooLong", "limited", "run"]

LINES, SECONDS = 500_000, 20.0  # the most lines of Python for one graph; seconds after which a thread is abandoned


class TooLong(BaseException):
    """A graph took more than LINES lines of Python. It is a BaseException, which a learner's code rarely catches."""


@dataclass(eq=False)
class Run:
    """The result of running one graph: its numbers, or the error."""

    graph: Graph
    data: dict[str, Any] = field(default_factory=dict)  # the number of each name
    grads: list[dict[str, Any]] = field(default_factory=list)  # the gradient of each name, after each backward()
    line: str = ""  # the line that raised, or that did not end
    error: BaseException | None = None
    count: int = 0  # lines of Python that were run

    @property
    def is_beyond(self) -> bool:
        """Whether the graph is too large for the engine, which may be right on all others."""
        return self.graph.is_extreme and isinstance(self.error, RecursionError | TooLong | MemoryError)

    @property
    def skipped(self) -> bool:
        """Whether the class raised an error that is allowed on this graph."""
        return self.graph.may_refuse and isinstance(
            self.error, TypeError | AssertionError | NotImplementedError | AttributeError
        )


def run(graph: Graph, kind: Any, walks: bool) -> Run:
    """Builds the graph with the class and, if it `walks` (has `backward`), runs the passes.

    No exception and no output of the class gets through to the caller.
    """
    made = Run(graph)

    def build() -> None:
        space: dict[str, Any] = {"Value": kind}
        for line, made.line in zip(graph.code(), graph.code(kind.__name__), strict=True):
            is_pass = line.endswith(".backward()")
            if is_pass and not made.data:
                made.data = {name: _read(space[name], "data") for name in graph.named}
            if (is_pass or line.startswith("for v in ")) and not walks:
                break
            exec(compile(line, f"<{graph.name}>", "exec"), space)
            if is_pass:
                made.grads.append({name: _read(space[name], "grad") for name in graph.named})
            elif line[1:].startswith(" = ") and not hasattr(space[line[0]], "data"):
                raise TypeError(f"an operation gives a new number of the class; this one gives {space[line[0]]!r:.40}")
        made.line = ""

    with redirect_stdout(StringIO()):  # a print in the class would show once for each graph
        made.error, made.count = limited(build)
    return made


def limited(call: Callable[[], None], lines: int = LINES, seconds: float = SECONDS) -> tuple[BaseException | None, int]:
    """Calls a function under limits, and returns what it raised, or None, and the lines of Python that it took.

    If it did not end within `lines` lines or `seconds` seconds, the first is TooLong.
    """
    count, outcome, threads = 0.0, [TooLong()], True

    def trace(frame: Any, event: str, argument: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = not threads  # without a thread to abandon: `while True: pass` counts no new lines
        count += {"line": 1.0, "opcode": 0.1}.get(event, 0.0)
        if count > lines:
            raise TooLong
        return trace

    def work() -> None:
        before = sys.gettrace()  # the trace function of a debugger or of coverage
        sys.settrace(trace)
        try:
            call()
            raised: Any = None
        except BaseException as error:  # anything that a learner's class raises, SystemExit too
            raised = error
        finally:
            sys.settrace(before)
        outcome[:] = [raised]

    thread = Thread(target=work, daemon=True)
    try:
        thread.start()
    except RuntimeError:  # there are no threads
        threads = False
        work()
    else:
        thread.join(seconds)
    return outcome[0], int(count)


def _read(made: Any, name: str) -> Any:
    """Reads a number of the learner's class as a float; what is no number is returned as it is."""
    found = getattr(made, name)
    if name == "grad" and found is None:
        return 0.0  # as in PyTorch, where None means that no gradient has arrived
    try:
        return found if isinstance(found, str) else float(found)
    except (TypeError, ValueError):
        return found
