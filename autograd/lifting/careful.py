"""Computes a lifted graph by the table's rules, group by group, for numbers that the program's own lines get wrong.

For finite numbers, the program's lines are right. But `(W2.T @ delta2) * (z1 > 0)` is nan where delta2 is infinite and
z1 negative, although a branch that is not taken passes on nothing. NumPy also does not say which operation left its
domain. Here every number is that of the graph of Values. The price is arrays of shape (nodes, examples).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays.rules import ARRAYS
from ..diagnostics.refusals import no_derivative, no_value
from ..errors import DomainError
from ..operation import Op
from .groups.grouping import grouped
from .groups.hiding import hides
from .groups.recognition import Group
from .layout import Layout
from .recorded.normal_form import NormalForm

__all__ = ["Careful"]

Numbers = NDArray[np.float64]
# nodes, the numbers that are added to their δ, and whether the branch to them was taken
Passed = tuple[NDArray[np.int64], Numbers, NDArray[np.bool_]]

AT_ONCE = 64  # examples that are computed together


class Careful:
    """Computes the outputs of a graph, and the gradient if there is one output.

    `needed`: whether the program's lines may give wrong results if some number is not finite.
    `hides`: whether the result may be finite although some number is not, as nan⁰ is 1.
    `alert`: whether NumPy must raise an error where a number that is not finite arises.
    """

    def __init__(self, form: NormalForm, parameters: list[int], inputs: list[int]) -> None:
        self.form, self.parameters, self.inputs = form._replace(apart=None), parameters, inputs
        self.outputs = form.outputs
        operations = [op for k in np.unique(form.nodes.kind) if (op := form.nodes.ops[k]) is not None]
        self.hides = any(map(hides, operations))
        self.alert = self.hides or any(op.needs for op in operations)
        self.needed = self.alert or any(op.branches or not op.slopes for op in operations)

    def _prepare(self) -> None:
        """Groups the nodes. It is called at first use, because it takes time."""
        layout, groups = grouped(self.form, self.parameters, self.inputs)
        self.groups = [_of_the_graph(layout, group) for group in groups if isinstance(group, Group)]
        self.data, self.plain = layout.data, layout.plain
        active = np.array([array.active for array in layout.arrays])
        self.active = active[layout.array_of]  # by node: whether it depends on a parameter

    def forward(self, parameters: Numbers, inputs: Numbers | None) -> Numbers:
        """Returns the outputs, (n_outputs, n). Raises DomainError at the first operation outside its domain.

        `inputs` has a row for each input and a column for each example. Without inputs n is 1.
        """
        parts = [values[self.outputs] for values in self._values(parameters, inputs, False)]
        return np.concatenate(parts, axis=1)

    def backward(self, parameters: Numbers, inputs: Numbers | None) -> tuple[float, Numbers]:
        """Returns the mean output over the examples, and its gradient. Raises DomainError as `forward` does."""
        total, gradient, n = 0.0, np.zeros(len(parameters)), 1 if inputs is None else inputs.shape[1]
        for values in self._values(parameters, inputs, True):
            total += values[self.outputs[0]].sum()
            gradient += self._gradient(values).sum(axis=1)
        return float(total / n), gradient / n

    def _values(self, parameters: Numbers, inputs: Numbers | None, slopes: bool) -> Iterator[Numbers]:
        """Yields the numbers of all nodes, (nodes, examples), for 64 examples at a time."""
        if not hasattr(self, "groups"):
            self._prepare()
        examples = np.empty((0, 1)) if inputs is None else inputs
        n = examples.shape[1]
        for start in range(0, n, AT_ONCE):
            some = examples[:, start : start + AT_ONCE]
            values = np.repeat(self.data[:, None], some.shape[1], axis=1)
            values[self.parameters] = parameters[:, None]
            values[self.inputs] = some
            for group in self.groups:
                found = self._work_out(group, values, slopes)
                if found is not None:
                    error, example = found
                    raise error if inputs is None else DomainError(f"{error} (example {start + example + 1} of {n})")
            yield values

    def _work_out(self, group: Group, values: Numbers, slopes: bool) -> tuple[DomainError, int] | None:
        """Computes the numbers of a group. If one is outside the domain, returns the error and the example's column."""
        op = group.op
        if op is None:
            values[group.nodes] = _sum(group, values)
            return None
        given = _given(group, values)
        y = np.broadcast_to(op.forward(ARRAYS, *given), given[0].shape)
        values[group.nodes] = y
        if not op.needs:
            return None
        finite, known = np.isfinite(given).all(axis=0), ~np.isnan(given).any(axis=0)
        outside = np.where(np.isnan(y), known, ~np.isfinite(y) & finite)
        if outside.any():
            operands, example = _first(outside, given)
            return no_value(op, operands), example
        if slopes and self.active[group.nodes].any():
            values_given = [position for position, ids in enumerate(group.inputs) if (ids < self.plain).all()]
            missing = [np.isnan(_slope(op, y, given, position)) for position in values_given]
            outside = np.logical_and.reduce(missing) & finite & self.active[group.nodes][:, None]
            if outside.any():
                operands, example = _first(outside, given)
                return no_derivative(op, operands, values_given[0]), example
        return None

    def _gradient(self, values: Numbers) -> Numbers:
        """Returns the gradient for each example, (n_parameters, examples), from one backward pass over all nodes."""
        deltas, reached = np.zeros_like(values), np.zeros(values.shape, bool)  # through taken branches
        deltas[self.outputs[0]], reached[self.outputs[0]] = 1.0, True
        for group in reversed(self.groups):
            if self.active[group.nodes].any():
                through = self._through_sum if group.op is None else self._through_operation
                for ids, passed, taken in through(group, values, deltas[group.nodes]):
                    taken = np.broadcast_to(reached[group.nodes].reshape(taken.shape) & taken, passed.shape)
                    np.add.at(deltas, ids, np.where(taken, passed, 0.0))
                    np.logical_or.at(reached, ids, taken)
        return deltas[self.parameters]

    def _through_operation(self, group: Group, values: Numbers, arrived: Numbers) -> Iterator[Passed]:
        assert group.op is not None
        y: Any = values[group.nodes]
        op, given = group.op, _given(group, values)
        for position, ids in enumerate(group.inputs):
            if self.active[ids].any():
                slope: Any = _slope(op, y, given, position)
                slope = np.where(op.is_undecided(y), np.nan, slope)  # nan chooses no branch
                taken = np.logical_not(op.is_untaken(slope))
                yield ids, slope * arrived, np.broadcast_to(taken, slope.shape)

    def _through_sum(self, group: Group, values: Numbers, arrived: Numbers) -> Iterator[Passed]:
        for bundle in group.bundles:
            for i, ids in enumerate(bundle.factors):
                if self.active[ids].any():
                    passed = np.broadcast_to(bundle.coefficient * arrived[:, None], (*ids.shape, arrived.shape[1]))
                    for other in bundle.factors[:i] + bundle.factors[i + 1 :]:
                        passed = passed * values[other]
                    taken = np.ones((len(arrived), 1, arrived.shape[1]), bool)
                    yield ids, passed, taken if bundle.mask is None else bundle.mask[..., None] & taken


def _of_the_graph(layout: Layout, group: Group) -> Group:
    """Returns the group without nodes that only complete its array."""
    there = layout.real[group.nodes]
    if there.all():
        return group
    return group._replace(
        nodes=group.nodes[there],
        inputs=tuple(ids[there] for ids in group.inputs),
        bundles=tuple(bundle.pick(there, slice(None)) for bundle in group.bundles),
        constants=group.constants[there] if len(group.constants) == len(there) else group.constants,
        mask=None if group.mask is None else group.mask[there],
    )


def _given(group: Group, values: Numbers) -> list[Numbers]:
    """Returns a list with the numbers of each input; inputs that only complete a row are −∞, which adds e^−∞ = 0."""
    given = [values[ids] for ids in group.inputs]
    if group.mask is None:
        return given
    return [np.where(there[:, None], x, -np.inf) for x, there in zip(given, group.mask.T, strict=True)]


def _slope(op: Op, y: Any, given: list[Numbers], position: int) -> Any:
    return np.broadcast_to(op.slope(ARRAYS, y, given, position), y.shape)


def _sum(group: Group, values: Numbers) -> Numbers:
    total = np.empty((len(group.nodes), values.shape[1]))
    total[...] = np.where(group.constants == 0.0, -0.0, group.constants)[:, None]  # −0 + x is x, also where x is −0
    for bundle in group.bundles:
        product = values[bundle.factors[0]]  # (nodes, terms, examples)
        for factor in bundle.factors[1:]:
            product = product * values[factor]
        if bundle.mask is not None:
            product = np.where(bundle.mask[..., None], product, -0.0)
        total += bundle.coefficient * product.sum(axis=1, initial=-0.0)
    return total


def _first(outside: Numbers, given: list[Numbers]) -> tuple[tuple[float, ...], int]:
    """Returns the operands of a node outside its domain, and its example: the first example that has such a node."""
    example = int(outside.any(axis=0).argmax())
    node = int(outside[:, example].argmax())
    return tuple(float(x[node, example]) for x in given), example
