"""Computes changed passes one after the other. Each change reads the gradients of the pass before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from ..programs.assignments import Array
from ..programs.recorded import Recorded
from ..programs.reverse import Change

__all__ = ["MOST", "repeated", "settled"]

MOST = 40  # the largest number of times that a pass is computed anew
Flows = Mapping[int, Array]  # the gradients of a pass


def repeated(recorded: Recorded, change: Callable[[Flows], Change], flows: Flows) -> Iterator[Change]:
    """Yields change(flows), then the change for the gradients of this changed pass, …, until they stay the same."""
    for _ in range(MOST):
        made = change(flows)
        yield made
        now = recorded.backward.flows | recorded.backward.replaced(made)
        if all(np.array_equal(flow, flows[number]) for number, flow in now.items()):
            return
        flows = now


def settled(recorded: Recorded, change: Callable[[Flows], Change]) -> Change:
    """Returns the change that reads the gradients of its own pass."""
    *_, last = repeated(recorded, change, recorded.backward.flows)
    return last
