"""Running a class that somebody is still writing: it may raise, print, or never come back.

Each graph runs on a thread of its own, under a trace that counts lines of Python and raises at the limit: a loop
without an end is left, whatever the machine's speed, and without signals. Should the thread not come back even so,
it is left behind (it ends with the program). Where there are no threads, as in a browser, the trace does it alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from threading import Thread, get_ident
from typing import Any

from .graphs import Graph

__all__ = ["LINES", "Run", "TooLong", "limited", "run"]

LINES, SECONDS = 500_000, 20.0  # of Python for one graph; until a thread is left behind


class TooLong(BaseException):
    """A graph took more lines of Python than it may; no `except Exception` of a learner's catches it.

    A bare `except:` does. Python ends a trace that raises, so the exception starts it again once it is swallowed and
    deleted: the next line raises anew, until one is outside of every `try`.
    """

    def __init__(self, swallowed: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.swallowed = swallowed

    def __del__(self) -> None:
        self.swallowed()


@dataclass(eq=False)
class Run:
    """What came of one graph: its numbers, and what went wrong."""

    graph: Graph
    data: dict[str, Any] = field(default_factory=dict)  # of each name
    grads: list[dict[str, Any]] = field(default_factory=list)  # of each name, after each pass of backward()
    line: str = ""  # the line that raised, or did not come back
    error: BaseException | None = None
    count: int = 0  # lines of Python that were run

    @property
    def is_beyond(self) -> bool:
        """Whether it is too much for an engine that may be right elsewhere."""
        return self.graph.is_extreme and isinstance(self.error, RecursionError | TooLong | MemoryError)

    @property
    def skipped(self) -> bool:
        """Whether the class refused what an engine may refuse."""
        return self.graph.may_refuse and isinstance(
            self.error, TypeError | AssertionError | NotImplementedError | AttributeError
        )


def run(graph: Graph, kind: Any, walks: bool) -> Run:
    """Build the graph with the class, and walk on it, if it has a `backward`. Nothing that the class does gets out."""
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

    with redirect_stdout(StringIO()):  # a hundred graphs would print a hundred times
        made.error, made.count = limited(build)
    return made


def limited(call: Callable[[], None], lines: int = LINES, seconds: float = SECONDS) -> tuple[BaseException | None, int]:
    """Call it; what it raised (TooLong, if it did not end within that many lines), and the lines of Python it took."""
    count, outcome, threads, running = 0.0, [TooLong()], True, 0

    def trace(frame: Any, event: str, argument: Any) -> Any:
        nonlocal count
        if frame.f_code.co_filename == __file__:
            return None
        frame.f_trace_opcodes = not threads  # `while True: pass` runs no new line, and has to be left here
        count += {"line": 1.0, "opcode": 0.1}.get(event, 0.0)
        if count > lines:
            raise TooLong(partial(again, frame))
        return trace

    def again(frame: Any) -> None:
        if running == get_ident():  # neither after the end, nor where the garbage of another thread is collected
            frame.f_trace = trace
            sys.settrace(trace)

    def work() -> None:
        nonlocal running
        before, running = sys.gettrace(), get_ident()  # a debugger's, or that of coverage
        sys.settrace(trace)
        try:
            call()
            raised: Any = None
        except BaseException as error:  # whatever a learner's class raises, sys.exit() too
            raised = error
        finally:
            running = 0
            sys.settrace(before)
        outcome[:] = [raised]

    thread = Thread(target=work, daemon=True)
    try:
        thread.start()
    except RuntimeError:  # there are none
        threads = False
        work()
    else:
        thread.join(seconds)
    return outcome[0], int(count)


def _read(made: Any, name: str) -> Any:
    """A number of the learner's as a float; what it is, if it is none."""
    found = getattr(made, name)
    if isinstance(found, type(made)):
        found = found.data  # a gradient that can be differentiated again
    if getattr(found, "size", 0) == 1:
        found = found.item()  # an array of one number
    if name == "grad" and found is None:
        return 0.0  # no gradient has arrived, as PyTorch says it
    try:
        return found if isinstance(found, str) else float(found)
    except (TypeError, ValueError):
        return found
