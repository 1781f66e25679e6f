"""Tells how buffers are filled: where numbers are set, where they are added, and which buffers begin with zeros."""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import Enum

import numpy as np

from ...programs.assignments import Assignment
from ...programs.backward_kinds import Put

__all__ = ["Filling", "How"]


class How(Enum):
    """The way in which numbers are put into a part of a buffer."""

    SET = "="  # nothing was put there before
    ADD = "+="
    ADD_AT = "at"  # added one by one: some positions of the part occur twice


class Filling:
    """`how[put]` says how each Put fills its part; `zeros` has the buffers that must begin with zeros."""

    def __init__(self, assignments: Iterable[Assignment]) -> None:
        self.how: dict[Assignment, How] = {}
        self.zeros: set[Assignment] = set()
        covered: dict[Assignment, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]] = {}
        for put in assignments:
            if isinstance(put, Put):
                buffer = put.operands[0]
                before = covered.setdefault(buffer, np.zeros(math.prod(buffer.shape), bool))
                self.how[put] = self._how(put, buffer, before)
                before[put.index] = True
        self.zeros |= {buffer for buffer, places in covered.items() if not places.all()}

    def _how(self, put: Put, buffer: Assignment, covered: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> How:
        distinct = np.unique(put.index).size == put.index.size
        if distinct and not covered[put.index].any():
            return How.SET
        if not covered[put.index].all():
            self.zeros.add(buffer)
        return How.ADD if distinct else How.ADD_AT
