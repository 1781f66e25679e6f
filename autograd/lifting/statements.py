"""The program's statements: each group has a name, and its operands are read.

Names are those of the notes: what a layer's weights make is z, its activation a, the weights W and the biases b.
"""

from typing import NamedTuple

import numpy as np

from ..operation import Op
from ..writing import superscript
from .layout import CONSTANTS, FIRST, INPUTS, PARAMETERS, TAPE, Array, Layout, Reading
from .products import Bundle
from .recognition import Group
from .texts import Term, atom, shown_name, times, total
from .views import Ids

__all__ = ["Statement", "Terms", "statements"]


class Terms(NamedTuple):
    """coefficient · Σ of products of factors, as it is read."""

    coefficient: float
    factors: tuple[Reading, ...]
    # What is summed over: "" nothing, "all", "rows", "columns", or "middle", an axis between them. Or what makes a
    # "matrix" product, or a "stack" of them, the right factor having several columns of an example, one above another.
    over: str


class Statement(NamedTuple):
    """A group, ready to be written."""

    op: Op | None
    array: int
    shape: tuple[int, int]
    inputs: tuple[Reading, ...]
    sums: tuple[Terms, ...]
    constant: Term


def statements(layout: Layout, groups: list[Group], outputs: list[int]) -> list[Statement]:
    """Each group as a statement, in the same order."""
    namer = _Namer(layout, groups, outputs)
    return [namer.statement(group) for group in groups]


class _Namer:
    def __init__(self, layout: Layout, groups: list[Group], outputs: list[int]) -> None:
        self.layout = layout
        self.root = int(layout.array_of[outputs[0]]) if len(outputs) == 1 else -1
        self.outputs = {int(layout.array_of[output]) for output in outputs}
        self.layers = 0
        self.unnamed = {"u": 0, "h": 0}  # sums and results that the notes have no name for
        self.users: dict[int, list[Bundle | None]] = {}
        for group in groups:
            read: list[tuple[Ids, Bundle | None]] = [(ids, None) for ids in group.inputs]
            read += [(ids, bundle) for bundle in group.bundles for ids in bundle.factors]
            for ids, bundle in read:
                for source in np.unique(layout.array_of[ids]).tolist():
                    self.users.setdefault(source, []).append(bundle)

    def statement(self, group: Group) -> Statement:
        """The group under its name, its operands read."""
        layout, array = self.layout, self.layout.arrays[group.array]
        weights = [bundle for bundle in group.bundles if self._weighs(bundle)]
        layer = 0
        if weights and group.array != self.root:
            self.layers += 1
            layer = self.layers
            array.name, array.shown = layout.named(f"z{layer}"), f"z{superscript(layer)}"
        separate = () if group.reduces else group.inputs
        inputs = tuple(layout.read(ids.reshape(group.rows, -1)) for ids in separate)
        bundles = (Bundle(1.0, tuple(group.read)),) if group.reduces else group.bundles
        sums = tuple(self._terms(bundle, group, layer, weights) for bundle in bundles)
        if not array.name:
            self._name(group, array, inputs)
        constants = group.constants
        constant = Term(float(constants[0]))
        if (constants != constants[0]).any():
            called = layout.constant(constants.reshape(group.rows, -1), "y")
            constant = atom(called, shown_name(called))
        statement = Statement(group.op, group.array, (group.rows, group.columns), inputs, sums, constant)
        if self._is_plain_difference(group, statement):
            array.text = total([*(times(Term(terms.coefficient), terms.factors[0].term) for terms in sums), constant])
        return statement

    def _weighs(self, bundle: Bundle) -> bool:
        """Whether it is weights times something else."""
        if len(bundle.factors) != 2:
            return False
        left, right = (np.unique(self.layout.array_of[factor]) for factor in bundle.factors)
        return list(left) == [PARAMETERS] and PARAMETERS not in right

    def _name(self, group: Group, array: Array, inputs: tuple[Reading, ...]) -> None:
        layout = self.layout
        array.name, array.shown = "C", "C"
        if group.array != self.root:
            read = [reading for reading in inputs if reading.array >= FIRST]
            of = layout.arrays[read[0].array] if len(read) == 1 and read[0].whole else None
            activation = f"a{of.name[1:]}" if of is not None and of.shown.startswith("z") else ""
            if activation and activation not in layout.names:
                array.name, array.shown = activation, f"a{superscript(int(activation[1:]))}"
            else:
                letter = "u" if group.op is None else "h"
                self.unnamed[letter] += 1
                array.name, array.shown = f"{letter}{self.unnamed[letter]}", ""
        array.name = layout.named(array.name)
        array.shown = array.shown or shown_name(array.name)

    def _terms(self, bundle: Bundle, group: Group, layer: int, weights: list[Bundle]) -> Terms:
        layout, rows, columns = self.layout, group.rows, group.columns
        parts = [factor.reshape(rows, columns, -1) for factor in bundle.factors]
        over, spread = "", False
        if bundle.matrix:
            over, read = "matrix", [parts[0][:, 0], parts[1][0].T]
        elif bundle.stack:
            u, v = (part.reshape(bundle.stack, -1, bundle.terms) for part in parts)
            over, read = "stack", [u[0], v[:, 0].reshape(-1, 1)]
        elif bundle.terms == 1 and not group.reduces:
            spread, read = True, [part[..., 0] for part in parts]
        elif rows * columns == 1:
            laid = [self._as_laid(part[0, 0]) for part in parts]
            shapes = {ids.shape for ids in laid if layout.array_of[ids[0, 0]] != CONSTANTS}
            shape = shapes.pop() if len(shapes) == 1 else (-1, 1)
            over, read = "rows" if layout.mapped else "all", [ids.reshape(shape) for ids in laid]
        elif 1 in (rows, columns) and not layout.mapped and TAPE not in map(layout.source, parts):
            upright = rows == 1
            over, read = "rows" if upright else "columns", [p[0].T if upright else p[:, 0] for p in parts]
        else:
            over, read = "middle", [part.transpose(0, 2, 1) for part in parts]
        names = self._roles(bundle, layer, weights)
        factors = (layout.read(ids, *name, spread=spread) for ids, name in zip(read, names, strict=True))
        return Terms(bundle.coefficient, tuple(factors), over)

    def _as_laid(self, ids: Ids) -> Ids:
        """What is summed, in the shape of the array that it is all of; else as a column."""
        source = int(self.layout.array_of[ids[0]])
        if source >= FIRST and not self.layout.mapped:
            array = self.layout.arrays[source]
            if len(ids) == array.rows * array.columns:
                return ids.reshape(array.rows, array.columns)
        return ids.reshape(-1, 1)

    def _roles(self, bundle: Bundle, layer: int, weights: list[Bundle]) -> list[tuple[str, str]]:
        """What new views of leaves would be called: (name, equation's name) for each factor."""
        above = superscript(layer) if layer else ""
        if layer and any(bundle is one for one in weights):
            letter = "W" if bundle.matrix or bundle.stack else "w"
            letter = letter if bundle is weights[0] else {"W": "U", "w": "v"}[letter]
            return [(f"{letter}{layer}", letter + above), ("x", "x")]
        if layer and len(bundle.factors) == 1 and bundle.terms == 1:
            return [(f"b{layer}", "b" + above)]
        read = [int(self.layout.array_of[factor.flat[0]]) for factor in bundle.factors]
        return [("y", "y") if source in (CONSTANTS, INPUTS) else ("p", "p") for source in read]

    def _is_plain_difference(self, group: Group, statement: Statement) -> bool:
        """Whether it is something like y − a whose square, and nothing else, is summed."""
        users = self.users.get(group.array, [])
        if len(users) != 2 or users[0] is not users[1] or users[0] is None or group.array in self.outputs:
            return False
        if len(statement.sums) + (statement.constant.coefficient != 0.0) != 2:
            return False
        if any(len(terms.factors) != 1 or terms.over or abs(terms.coefficient) != 1.0 for terms in statement.sums):
            return False
        factors = users[0].factors
        return (
            len(factors) == 2
            and factors[0].shape[0] == 1
            and bool((factors[0] == factors[1]).all())
            and len(np.unique(factors[0])) == factors[0].size == group.rows * group.columns
        )
