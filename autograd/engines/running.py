"""Runs a class that may raise, print or loop forever, because somebody is still writing it.

Each graph runs on a thread of its own, under a trace that counts lines of Python and raises at a limit. So an endless
loop ends after the same number of lines on every machine, without signals. A thread that does not end even then is left
behind; it ends with the program. Where there are no threads, as in a browser, the trace works alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from math import nan
from threading import Thread, get_ident
from typing import Any

from .graphs import Graph

__all__ = ["LINES", "Run", "TooLong", "limited", "run"]

LINES, SECONDS = 500_000, 20.0  # lines of Python for one graph; seconds after which a thread is left behind


class TooLong(BaseException):
    """Raised if a graph takes too many lines of Python. A learner's `except Exception` does not catch it.

    A bare `except:` does catch it. Python removes a trace function that raises. So when the caught exception is
    deleted, it sets the trace again: the next line raises again, until a line outside of every `try` does.
    """

    def __init__(self, swallowed: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.swallowed = swallowed

    def __del__(self) -> None:
        self.swallowed()


@dataclass(eq=False)
class Run:
    """The result of one graph: its numbers, and the error if there was one."""

    graph: Graph
    data: dict[str, Any] = field(default_factory=dict)  # by name
    grads: list[dict[str, Any]] = field(default_factory=list)  # by name, after each backward()
    cleared: str = "0.0"  # what clears a gradient: "None" for a class that begins with None
    line: str = ""  # the line that raised or did not end
    error: BaseException | None = None
    count: int = 0  # lines of Python that ran

    @property
    def is_beyond(self) -> bool:
        """Whether the graph is extreme and the error is one that a right engine may have there."""
        return self.graph.is_extreme and isinstance(self.error, RecursionError | TooLong | MemoryError)

    @property
    def within(self) -> list[Any]:
        """The gradients of the results of operations, except those on which backward() was called."""
        named = [name for name, value in self.graph.truth.items() if value.op and name not in self.graph.passes]
        return [grads[name] for grads in self.grads for name in named]

    def settle(self, is_kept: bool) -> None:
        """Replaces the gradients None by 0.0: no gradient has arrived.

        Unless `is_kept`, the class keeps no gradients of results, as in PyTorch: their None says nothing, and stays.
        """
        for grads in self.grads:
            grads |= {name: 0.0 for name, found in grads.items()
                      if found is None and (is_kept or not self.graph.truth[name].op)}  # fmt: skip

    @property
    def skipped(self) -> bool:
        """Whether the class refused an operation that an engine may refuse."""
        return self.graph.may_refuse and isinstance(
            self.error, TypeError | AssertionError | NotImplementedError | AttributeError
        )


def run(graph: Graph, kind: Any, walks: bool) -> Run:
    """Returns the result of building the graph with the class and, if `walks`, of its passes. Output is hidden."""
    made = Run(graph)

    def build() -> None:
        space: dict[str, Any] = {"Value": kind}
        made.line = next(graph.code(kind.__name__))
        made.cleared = str(None if getattr(kind(1.0), "grad", 0.0) is None else 0.0)
        for line in graph.code(cleared=made.cleared):
            made.line = line.replace("Value(", f"{kind.__name__}(")
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

    with redirect_stdout(StringIO()):  # a print in the class would run for each of about a hundred graphs
        made.error, made.count = limited(build)
    return made


def limited(call: Callable[[], None], lines: int = LINES, seconds: float = SECONDS) -> tuple[BaseException | None, int]:
    """Returns the error of a call, or None, and the lines of Python it took. Too many lines or seconds give TooLong."""
    count, outcome, threads, running = 0.0, [TooLong()], True, 0

    def trace(frame: Any, event: str, argument: Any) -> Any:
        nonlocal count
        if frame.f_code.co_filename == __file__:
            return None
        frame.f_trace_opcodes = not threads  # `while True: pass` runs no new line; without threads, count opcodes
        count += {"line": 1.0, "opcode": 0.1}.get(event, 0.0)
        if count > lines:
            raise TooLong(partial(again, frame))
        return trace

    def again(frame: Any) -> None:
        if running == get_ident():  # not after the end, and not if another thread deletes the exception
            frame.f_trace = trace
            sys.settrace(trace)

    def work() -> None:
        nonlocal running
        before, running = sys.gettrace(), get_ident()  # of a debugger or of coverage
        sys.settrace(trace)
        try:
            call()
            raised: Any = None
        except BaseException as error:  # the learner's class may raise anything, even SystemExit
            raised = error
        finally:
            running = 0
            sys.settrace(before)
        outcome[:] = [raised]

    thread = Thread(target=work, daemon=True)
    try:
        thread.start()
    except RuntimeError:  # threads are not available
        threads = False
        work()
    else:
        thread.join(seconds)
    return outcome[0], int(count)


def _read(made: Any, name: str) -> Any:
    """Returns the learner's number as a float, and an object that is no number unchanged."""
    found = getattr(made, name)
    if isinstance(found, type(made)):
        found = found.data  # a gradient that can be differentiated again
    if getattr(found, "size", 0) == 1:
        found = found.item()  # an array of one number
    try:
        return nan if isinstance(found, complex) else found if isinstance(found, str) else float(found)
    except (TypeError, ValueError):
        return found
