"""Defines `check_engine`, which compares an engine that somebody wrote with this one on graphs of growing size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from .graphs import GRAPHS, Graph, at_others
from .running import Run, TooLong, run
from .verdict import EngineVerdict

__all__ = ["check_engine"]

MOST_HANGING = 1  # graphs that may run without end; after that many, no further graph is tried


def check_engine(kind: Any, *, needs: Sequence[str] = (), until: str = "") -> EngineVerdict:
    """Judges an engine that you wrote: it finds the graphs on which the engine is wrong, and names the mistake.

    A mistake is named only if a backward pass with it gives every number that your engine gave on all graphs, and
    on the same graphs with other numbers. Gradients that add up over calls, and gradients that start over, both
    count as right, and so do results of operations that keep no gradient (None); `verdict.differences` says what
    your engine does. An operation for which no mistake is known is set aside, and `verdict.why` says so. The output
    of your class is not shown, and a graph that takes 500,000 lines of Python is stopped.

    Args:
        kind: Your class of numbers, with micrograd's interface: `kind(2.0)` makes a number, arithmetic and methods such
            as `tanh()` make more, `v.backward()` fills in `grad` of the numbers that v depends on, and `v.data` is the
            number of v. What the class lacks is skipped and listed. Without `backward`, its numbers alone are judged.
        needs: The methods that it must have, such as ("__rmul__", "tanh").
        until: The name of the last graph to judge, such as "a diamond"; "" means all.
    Returns:
        The verdict. It is true if every graph that the class can build is right and no method in `needs` is missing,
        so `assert check_engine(Number)` is a test. `verdict.why` says what the mistake is.
    Raises:
        TypeError: If `kind` is no class.
        ValueError: If no graph has the name `until`.
    Example:
        >>> from autograd import check_engine
        >>> class Number:
        ...     def __init__(self, data, parents=()):
        ...         self.data, self.grad, self.parents = data, 0.0, parents
        ...     def __add__(self, other):
        ...         return Number(self.data + other.data, ((self, 1.0), (other, 1.0)))
        ...     def backward(self):
        ...         self.grad = 1.0
        ...         for parent, slope in self.parents:
        ...             parent.grad = slope * self.grad
        >>> verdict = check_engine(Number, until="a number added to itself")
        >>> print(verdict)
        Number is wrong on a number added to itself: a gradient replaces what has arrived before...
    """
    if not isinstance(kind, type):
        raise TypeError(f"check_engine takes the class of your numbers, as check_engine(Value); got {kind!r:.60}")
    graphs = _until(until)
    runs: list[Run] = []
    for graph in graphs:
        if all(hasattr(kind, name) for name in graph.needs) and _hanging(runs) < MOST_HANGING:
            runs.append(run(graph, kind, hasattr(kind, "backward")))
    wanted = dict.fromkeys(name for graph in graphs for name in (*graph.needs, "backward"))
    lacks = [name for name in wanted if not hasattr(kind, name)]
    is_kept = any(found is not None for made in runs for found in made.within)
    for made in runs:
        made.settle(is_kept)
    verdict = EngineVerdict(kind.__name__, runs, lacks, [name for name in needs if not hasattr(kind, name)])
    if verdict or _hanging(runs):
        return verdict
    again = [at_others(made.graph) for made in runs if made.error is None]
    others = [run(graph, kind, hasattr(kind, "backward")) for graph in again if graph]
    for made in others:
        made.settle(is_kept)
    return replace(verdict, others=others)


def _until(name: str) -> Sequence[Graph]:
    names = [graph.name for graph in GRAPHS]
    if name and name not in names:
        raise ValueError(f"until is the name of a graph: {', '.join(names)}; got {name!r}")
    return GRAPHS[: names.index(name) + 1] if name else GRAPHS


def _hanging(runs: Sequence[Run]) -> int:
    return sum(isinstance(made.error, TooLong) for made in runs)
