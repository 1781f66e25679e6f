"""Where an operation of a lifted graph has no value, or no slope: which one it was, and for which example."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..errors import DomainError, no_derivative, no_value
from .layout import FIRST, Layout
from .recognition import Group

__all__ = ["Domains"]

Numbers = NDArray[np.float64]

AT_ONCE = 64  # examples


class Domains:
    """Works a lifted graph out group by group, by the table's rules, and looks at each operation's result.

    It is asked only after NumPy has met something that is no number.
    """

    def __init__(self, layout: Layout, groups: list[Group], parameters: list[int], inputs: list[int]) -> None:
        self.groups, self.parameters, self.inputs = groups, parameters, inputs
        self.data = layout.data
        active = np.array([layout.is_active(key) for key in range(FIRST + len(layout.arrays))])
        self.slopes = [[active[layout.array_of[ids]] for ids in group.inputs] for group in groups]  # which are wanted

    def check(self, parameters: Numbers, inputs: Numbers | None, slopes: bool) -> None:
        """Raise DomainError at the first operation outside its domain; `inputs` has a row for each input.

        `slopes` says whether the derivatives are wanted too.
        """
        with np.errstate(all="ignore"):
            examples = np.empty((0, 1)) if inputs is None else inputs
            n = examples.shape[1]
            for start in range(0, n, AT_ONCE):
                found = self._outside(parameters, examples[:, start : start + AT_ONCE], slopes)
                if found is not None:
                    error, example = found
                    raise error if inputs is None else DomainError(f"{error} (example {start + example + 1} of {n})")

    def _outside(self, parameters: Numbers, inputs: Numbers, slopes: bool) -> tuple[DomainError, int] | None:
        """The first operation outside its domain: its error, and in which column it is."""
        values = np.repeat(self.data[:, None], inputs.shape[1], axis=1)  # (nodes, examples)
        values[self.parameters] = parameters[:, None]
        values[self.inputs] = inputs
        for group, wanted in zip(self.groups, self.slopes, strict=True):
            if group.op is None:
                values[group.nodes] = _sum(group, values)
                continue
            given = [values[ids] for ids in group.inputs]
            y = np.broadcast_to(group.op.forward(np, *given), given[0].shape)
            values[group.nodes] = y
            if not group.op.needs:
                continue
            finite, known = np.isfinite(given).all(axis=0), ~np.isnan(given).any(axis=0)
            outside = np.where(np.isnan(y), known, ~np.isfinite(y) & finite)
            if outside.any():
                operands, example = _first(outside, given)
                return no_value(group.op, operands), example
            for position, active in enumerate(wanted):
                if slopes and active.any():
                    outside = np.isnan(group.op.slope(np, y, given, position)) & finite & active[:, None]
                    if outside.any():
                        operands, example = _first(outside, given)
                        return no_derivative(group.op, operands, position), example
        return None


def _sum(group: Group, values: Numbers) -> Numbers:
    total = np.zeros((len(group.nodes), values.shape[1]))
    if group.constants is not None:
        total += group.constants[:, None]
    for bundle in group.bundles:
        product = values[bundle.factors[0]]  # (nodes, terms, examples)
        for factor in bundle.factors[1:]:
            product = product * values[factor]
        total += bundle.coefficient * product.sum(axis=1)
    return total


def _first(outside: Numbers, given: list[Numbers]) -> tuple[tuple[float, ...], int]:
    """The operands of the first node that is outside, for the first example with one; and which example."""
    example = int(outside.any(axis=0).argmax())
    node = int(outside[:, example].argmax())
    return tuple(float(x[node, example]) for x in given), example
