"""Describes the verdict on an engine: the passed graphs, the first failed graph, and the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from typing import Any, NamedTuple

from .graphs import Graph
from .planted import RIGHT, Numbers, differs, numbers
from .reasons import convention, gives, reason
from .running import LINES, Run, TooLong

__all__ = ["EngineVerdict", "Reading"]

HEAD = ("", "", "yours", "ours", "gradient", "yours", "ours")
OFFERED = {
    "inner ones mix": "gradients of inner numbers add up over calls of backward() too, not those of leaves alone: "
    "clear all of them, or build the graph again, before the next call on it",
    "all of them add up": "the gradients of all numbers add up over calls of backward(), not those of leaves alone",
    "all start over": "each backward() starts over: gradients do not add up over calls",
    "everything starts over": "each backward() starts over, and clears the gradients of other graphs too",
}  # fmt: skip

UNKEPT = "the results of operations have the gradient None after backward(): only the numbers at the start keep theirs"


class Reading(NamedTuple):
    """One number of the graph, as the engine and as this library computed it."""

    name: str
    data: Any  # yours
    right_data: float
    grad: Any  # yours, after the pass that is shown; None if there was none
    right_grad: float

    @property
    def is_right(self) -> tuple[bool, bool]:
        """Whether the number is right, and whether its gradient is right."""
        return not differs(self.data, self.right_data), self.grad is None or not differs(self.grad, self.right_grad)


@dataclass(frozen=True, eq=False, repr=False)
class EngineVerdict:
    """The result of `check_engine`. It is true if `agrees()` is true. Printing it shows one line.

    `.text` is the full report, which a notebook shows too. `viz.draw` draws the first graph that fails.
    """

    name: str  # of the class
    runs: Sequence[Run]  # the result of each graph
    lacks: Sequence[str]  # methods that the class lacks; the graphs that need them were skipped
    missing: Sequence[str]  # methods in `needs` that the class lacks
    others: Sequence[Run] = ()  # the graphs with other numbers, if one is wrong: a reason must hold there too

    def agrees(self) -> bool:
        """Returns whether all graphs that the class can build, at least one, are right, and `missing` is empty."""
        return self.first is None and not self.missing and bool(self.passed)

    __bool__ = agrees

    @cached_property
    def failed(self) -> list[Run]:
        """The results of the graphs that are wrong, in the order in which they were judged."""
        return [run for run in self.runs if self._is_wrong(run)]

    @cached_property
    def passed(self) -> list[str]:
        """The names of the graphs that are right."""
        return [run.graph.name for run in self.runs if run.error is None and run not in self.failed]

    @property
    def first(self) -> Run | None:
        """The result of the first graph that is wrong, or None."""
        return self.failed[0] if self.failed else None

    def _is_wrong(self, run: Run) -> bool:
        if run.error is not None:
            return not run.skipped and not run.is_beyond
        return not gives(run, replace(RIGHT, again=self.again))

    @cached_property
    def again(self) -> str:
        """The convention for gradients when backward() is called again, one of `ACROSS_CALLS`."""
        return convention(self.runs)

    @cached_property
    def why(self) -> str:
        """The mistake or the error in words; "" if nothing is wrong, or if no known mistake gives every number."""
        blank = next((name for run in self.failed for name in _blanks(run)), "")
        if blank:
            return f"{blank} is `...`, a blank that is not filled in yet"
        told = []
        if self.missing:
            told.append(f"{self.name} has no {' and no '.join(self.missing)}")
        if any(run.error is None or isinstance(run.error, TooLong) for run in self.failed):
            told.append(reason([*self.runs, *self.others]))
        told += [raised for run in self.failed[:1] if (raised := _raised(run))]
        return "; and ".join(filter(None, told))

    @property
    def differences(self) -> list[str]:
        """A list of sentences that say how the engine differs from this library and is still right."""
        found = []
        if any(len(run.grads) > 1 for run in self.runs) and self.again != "leaves add up":
            found.append(OFFERED[self.again])
        if any(None in grads.values() for run in self.runs for grads in run.grads):
            found.append(UNKEPT)
        for run in filter(lambda run: run.is_beyond, self.runs):
            is_deep = isinstance(run.error, RecursionError)
            why = "ends in a RecursionError: the backward pass calls itself at each number"
            found.append(f"{run.graph.name} {why}" if is_deep else f"{run.graph.name}: {_told(run)}")
        return found

    @property
    def skipped(self) -> list[str]:
        """The names of the methods that the class lacks, and of the graphs that it refuses."""
        refused = [run.graph.name for run in self.runs if run.skipped]
        return [*self.lacks, *refused]

    @property
    def readings(self) -> list[Reading]:
        """The numbers of the first failed graph, each with its gradient after the first wrong pass; [] without data."""
        run = self.first
        if run is None or not run.data:
            return []
        right = self._right(run.graph)
        wrong = (i for i, read in enumerate(run.grads) for n, g in read.items()
                 if g is not None and differs(g, right.grads[i][n]))  # fmt: skip
        at = next(wrong, 0)
        mine = run.grads[at] if at < len(run.grads) else {}
        return [
            Reading(name, run.data[name], right.data[name], mine.get(name), right.grads[at][name])
            for name in run.graph.named
        ]

    def _right(self, graph: Graph) -> Numbers:
        return numbers(graph, replace(RIGHT, again=self.again))

    def __str__(self) -> str:
        run = self.first
        if run is None:
            if self.missing:
                return self.why
            if not self.passed:
                return f"nothing could be judged: {self.name} has no {', no '.join(self.lacks)}"
            forward = "" if any(r.grads for r in self.runs) else ", going forward; there is no backward() yet"
            return f"{self.name} is right on {len(self.passed)} graphs{forward}"
        told = self.why or (_told(run) if run.error is not None else self._where())
        return f"{self.name} is wrong on {run.graph.name}: {told}"

    def _where(self) -> str:
        wrong = next((reading.name for reading in self.readings if not reading.is_right[0]), "")
        return f"the number {wrong} itself is wrong" if wrong else "no reason is known that gives all its numbers"

    def __repr__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The full report, in lines of text."""
        lines = [str(self)]
        if self.first is not None:
            lines += ["", *(f"    {line}" for line in self._code())]
            if self.first.error is not None:
                lines += ["", _told(self.first)]
            elif self.readings:
                rows = [HEAD, *map(_cells, self.readings)]
                wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
                lines += ["", *("  ".join(c.ljust(w) for c, w in zip(r, wide, strict=True)).rstrip() for r in rows)]
        lines += ["", *self._remarks()] if self._remarks() else []
        return "\n".join(lines)

    def _code(self) -> list[str]:
        """Returns the lines of the first failed graph, as far as the class can run them."""
        assert self.first is not None
        lines = [*self.first.graph.code(self.name, self.first.cleared)]
        return lines if "backward" not in self.lacks else lines[: -len(self.first.graph.passes)]

    def _remarks(self) -> list[str]:
        told = [f"Accepted, though it differs: {difference}." for difference in self.differences if self.agrees()]
        if self.first is not None and self.passed:
            told.append(f"Right before it: {_before(self)}.")
        if self.skipped:
            told.append(f"Not judged, as {self.name} has none or refuses: {', '.join(self.skipped)}.")
        return told

    def _repr_html_(self) -> str:
        """Returns the verdict as HTML, for notebooks."""
        colour = "#1a7f37" if self.agrees() else "#c9302c"
        head = f"<p style='color:{colour}'><b>{escape(str(self))}</b></p>"
        if self.first is not None:
            head += f"<pre>{escape(chr(10).join(self._code()))}</pre>"
            if self.first.error is not None:
                head += f"<p>{escape(_told(self.first))}</p>"
            elif self.readings:
                top = "".join(f"<th style='text-align:left'>{cell}</th>" for cell in HEAD)
                head += f"<table><tr>{top}</tr>{''.join(map(_row, self.readings))}</table>"
        return head + "".join(f"<p>{escape(line)}</p>" for line in self._remarks())


def _before(verdict: EngineVerdict) -> str:
    names = [run.graph.name for run in verdict.runs[: verdict.runs.index(verdict.failed[0])] if run.error is None]
    return ", ".join(names[-3:]) + (f" and {len(names) - 3} more" if len(names) > 3 else "") if names else "nothing"


def _number(x: Any) -> str:
    return f"{x:.6g}" if isinstance(x, float) else "" if x is None else f"{x!r:.20}"


def _cells(reading: Reading) -> tuple[str, ...]:
    data, grad = reading.is_right
    mark = "" if reading.grad is None else "✓" if grad else "✗"
    return (reading.name, "✓" if data else "✗", _number(reading.data), _number(reading.right_data),
            mark, _number(reading.grad), _number(reading.right_grad) if mark else "")  # fmt: skip


def _row(reading: Reading) -> str:
    colours = [{True: "#1a7f37", False: "#c9302c"}[is_right] for is_right in reading.is_right]
    cells = zip(_cells(reading), ("", *[colours[0]] * 3, *[colours[1]] * 3), strict=True)
    return "<tr>" + "".join(f"<td style='text-align:left;color:{c}'>{escape(cell)}</td>" for cell, c in cells) + "</tr>"


def _told(run: Run) -> str:
    """Returns the error of a graph as a sentence."""
    error = run.error
    if isinstance(error, TooLong):
        return f"`{run.line}` has not come to an end after {LINES:,} lines of Python"
    said = f": {error}" if str(error) else ""
    return f"`{run.line}` raises {type(error).__name__}{said:.200}"


def _raised(run: Run) -> str:
    """Returns the error as a reason, or the mistake if the error shows it; "" if there is no error."""
    error = run.error
    if isinstance(error, AttributeError) and isinstance(error.obj, int | float):
        return f"a constant among the operands is used as if it were a number of the class: {_told(run)}"
    if isinstance(error, RecursionError):
        return f"something calls itself without an end: {_told(run)}"
    return "" if error is None else _told(run)


def _blanks(run: Run) -> list[str]:
    """Returns the numbers and gradients of a graph that are `...`, as an exercise leaves them, such as ["a.grad"]."""
    numbers = [(f"{name}.data", found) for name, found in run.data.items()]
    numbers += [(f"{name}.grad", found) for grads in run.grads for name, found in grads.items()]
    return [name for name, found in numbers if found is ...]
