"""Makes a program from the arguments of `lift`."""

from __future__ import annotations

import warnings
from typing import Any

from ..diagnostics.changes import WORKED_OUT, warn_of_changes
from ..value import Value
from .program import Program
from .recorded.examples import recorded
from .recorded.frozen import frozen
from .recorded.given import leaf_numbers, listed, worked_out
from .recorded.graph import Graph
from .recorded.misfits import misfits
from .recorded.normal_form import normal_form

__all__ = ["lifted"]


def lifted(output: Any, parameters: Any, inputs: Any) -> Program:
    """Returns the program that `lift` returns, after checks of the arguments and warnings of suspicious constants."""
    named = listed(parameters, "parameters", "a list of leaves")
    if callable(output):
        outputs, single, leaves, tried = recorded(output, named, inputs)
    else:
        single, tried = isinstance(output, Value), 1
        rule = "the Value that the graph works out, or a list of them"
        outputs = worked_out(listed([output] if single else output, "output", rule))
        leaves = listed(inputs, "inputs", "a list of leaves")
    graph = Graph(outputs, (*named, *leaves) if callable(output) else named)
    numbers = leaf_numbers(graph, named, leaves)
    if not callable(output):
        free, suspects = {*named, *leaves}, misfits(graph)
        warn_of_changes("lift", *outputs, shows=WORKED_OUT, free=free, suspects=suspects, stacklevel=4)
    if tried == 1 and leaves and (suspicion := frozen(graph, named, leaves)):
        warnings.warn(suspicion, stacklevel=3)
    return Program(normal_form(graph, outputs), numbers, named, single)
