"""Finds the parts of an array that were assigned one by one, and names them by their places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..arrays.value_array import plain
from .assignments import Assignment, Leaf, View
from .recording import Recorder
from .variables import INDEXED, MOST, Variable

__all__ = ["filled"]


def filled(recorder: Recorder, variable: Variable) -> Iterator[tuple[Variable, Assignment]]:
    """Yields the parts of an array that were assigned one by one, with names: h[t], h[:, t] or h[n, t]."""
    if not recorder.is_whole(variable.held):
        for place, made in _places(recorder, plain(variable.held)):
            yield variable._replace(name=f"{variable.name}[{', '.join(place)}]", rank=INDEXED), made


def _places(recorder: Recorder, array: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for axis in range(np.ndim(array)):
        for k, part in enumerate(list(np.moveaxis(array, axis, 0))[:MOST]):
            made = recorder.known(part)
            if made is not None and not isinstance(made, Leaf | View):
                yield (*before, *[":"] * axis, str(k)), made
            elif axis == 0 and np.ndim(part) > 1:
                yield from _places(recorder, part, (*before, str(k)))
