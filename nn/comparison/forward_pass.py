"""The forward pass of a network as an array program, with an example per row; the search for mistakes works on it.

Z = A Wᵀ + b    shape (n, nₗ); W has shape (nₗ, nₗ₋₁)
A = σ(Z)        in a linear layer, A is the array Z itself
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from autograd import table
from autograd.arrays.rules import ARRAYS
from autograd.programs.assignments import Assignment, Constant, Contraction, Leaf, Map, Place, Program
from autograd.programs.recorded import Recorded
from autograd.programs.recording import Recorder
from autograd.programs.reverse import BackwardPass
from autograd.programs.rounding import allowed
from autograd.table import OPERATIONS, Op

from ..activations import ACTIVATIONS
from ..closed_form import ClosedForm, Formulas
from ..notation import name
from ..objective import cost_of_values

__all__ = ["ForwardPass", "Layer", "one_or_all"]

Array = NDArray[np.float64]
Item = TypeVar("Item")


@dataclass(frozen=True, eq=False)
class Layer:
    """The assignments of one layer in the array program."""

    number: int  # l, from 1
    before: Assignment  # aˡ⁻¹
    W: Assignment
    b: Assignment
    product: Assignment  # aˡ⁻¹ Wᵀ
    z: Assignment
    a: Assignment  # z itself in a linear layer

    @property
    def slope(self) -> Array:
        """σ′(z), shape (n, nₗ)."""
        if not isinstance(self.a, Map) or self.a is self.z:
            return np.ones(self.z.shape)
        values = [operand.value for operand in self.a.operands]
        return np.broadcast_to(self.a.op.slope(ARRAYS, self.a.value, values, 0), self.z.shape)

    def slope_at(self, x: Array) -> Array:
        """σ′ at other numbers than z."""
        assert isinstance(self.a, Map)
        values = x, *(operand.value for operand in self.a.operands[1:])
        return np.broadcast_to(self.a.op.slope(ARRAYS, self.a.op.forward(ARRAYS, *values), values, 0), x.shape)

    def formula(self, at: Array) -> Array:
        """σ′ by its formula, with other numbers in the place of a and of z, such as at (1 − at) for a sigmoid."""
        assert isinstance(self.a, Map)
        values = at, *(operand.value for operand in self.a.operands[1:])
        return np.broadcast_to(self.a.op.slope(ARRAYS, at, values, 0), at.shape)


def one_or_all(items: Sequence[Item]) -> list[Sequence[Item]]:
    """Returns each layer alone, or each pair of layers, and then all together: they may share a mistake."""
    return [*([item] for item in items), *([items] if len(items) > 1 else [])]


class ForwardPass:
    """A network's forward pass as an array program, with two backward passes.

    `recorded` has the forward pass up to aᴸ and the backward pass from aᴸ to the weights: the search for mistakes works
    on these. `backward` is the backward pass from the cost C. The bounds on rounding errors are made from it, because
    digits can be lost in the cost too, in a − y. The gradients of both passes are equal.
    """

    def __init__(self, closed: ClosedForm) -> None:
        self.closed = closed
        self.x, self.y = _rows(closed.a[0]), _rows(closed.y)  # (n, n₀), (n, nᴸ)
        self._recorder = Recorder(lambda: None)
        self.layers = [*self._layers()]
        outputs = self.layers[-1].a
        program = Program(self._recorder.program.assignments[:])
        self.backward = self._of_the_cost(outputs)
        flow = self.backward.flows[outputs.number]
        inputs = {leaf.name: leaf for layer in self.layers for leaf in (layer.W, layer.b)}
        named = {array.name: array for array in program.assignments if array.name}
        self.recorded = Recorded(program, outputs, inputs, named, BackwardPass(program, outputs, flow))

    def after(self, recorded: Recorded) -> ForwardPass:
        """Returns the same forward pass with another backward pass from aᴸ to the weights."""
        other = copy(self)
        other.recorded = recorded
        return other

    @property
    def n(self) -> int:
        """The number of examples."""
        return len(self.x)

    @property
    def scale(self) -> float:
        """∂C/∂Cₓ: 1/n if C is the mean, 1 if it is the sum."""
        return 1 / self.n if self.closed.over == "mean" else 1.0

    @property
    def nabla(self) -> Array:
        """∇ₐC of each example's own cost, shape (n, nᴸ), whatever the backward pass of `recorded` is."""
        return self.backward.flows[self.layers[-1].a.number] / self.scale

    @property
    def probabilities(self) -> Array:
        """What a cost with a sigmoid or softmax in it makes of its logits, shape (n, nᴸ)."""
        return self.nabla + self.y

    @cached_property
    def allowed(self) -> dict[int, Array]:
        """A dict from the number of each array to a bound on the rounding errors of its gradient."""
        return allowed(self.backward, smallest=0.0)  # the pass squares no number, so that small ones do not underflow

    def array(self, key: str, layer: int) -> Assignment:
        """Returns the array whose gradient in this layer has the name `key`: W for dW, b for db, z for delta."""
        of = self.layers[layer - 1]
        return {"dW": of.W, "db": of.b, "delta": of.z}[key]

    def right(self, key: str, layer: int) -> Array:
        """Returns the right dW, shape (nₗ, nₗ₋₁), db, (nₗ,), or delta, (n, nₗ), without the penalty."""
        return self.recorded.backward.flows[self.array(key, layer).number]

    def penalty(self, key: str, layer: int) -> Array:
        """Returns the part of a layer's gradient that comes from the L2 penalty: l2 · W for dW, 0 for db and delta."""
        return self.closed.l2 * self.closed.weights[layer - 1] if key == "dW" else np.zeros(())

    def rounding(self, key: str, layer: int) -> Array:
        """Returns a bound on the rounding error of dW, db or delta of a layer."""
        return self.allowed[self.array(key, layer).number]

    def _layers(self) -> list[Layer]:
        closed, add = self.closed, self._recorder.program.add
        a: Assignment = add(Constant(value=self.x, name=name("a", 0)))
        layers = []
        for l, (weights, biases, called) in enumerate(
            zip(closed.weights, closed.biases, closed.activations, strict=True), 1
        ):
            last = l == len(closed.weights)
            W, b = add(Leaf(value=weights, name=f"W[{l - 1}]")), add(Leaf(value=biases, name=f"b[{l - 1}]"))
            product = add(Contraction(value=a.value @ weights.T, operands=(a, W), letters=("nk", "jk"), out="nj",
                                      place=_place("a W", last)))  # fmt: skip
            z = add(Map(value=product.value + biases, operands=(product, b), op=table.ADD, name=name("z", l),
                        place=_place("z", last)))  # fmt: skip
            after = z
            if called != "linear":
                op = OPERATIONS[called] if called in ACTIVATIONS else _own(called, closed.own[called])
                operands = (z,) if len(op.slopes) == 1 else (z, add(Constant(value=_below_0(called))))
                after = add(Map(value=_rows(closed.a[l]), operands=operands, op=op, name=name("a", l),
                                place=_place("a", last)))  # fmt: skip
            layers.append(Layer(l, a, W, b, product, z, after))
            a = after
        return layers

    def _of_the_cost(self, outputs: Assignment) -> BackwardPass:
        """Returns the backward pass from C, the mean or the sum of the examples' costs."""
        values = self._recorder.standing_for(outputs)
        costs = [cost_of_values(self.closed.formula, list(a), y) for a, y in zip(values, self.y.tolist(), strict=True)]
        made = self._recorder.array(np.array(costs, dtype=object))
        return BackwardPass(self._recorder.program, made, np.full(self.n, self.scale))


def _place(text: str, last: bool) -> Place:
    """Returns the place of a layer's equation in the program's text.

    `at` is the same for all layers, so that a mistake can be sought in all of them at once. `path` is that of the last
    layer or of all others.
    """
    return Place("", 0, text, (text,), (text, last))


def _below_0(called: str) -> Array:
    """Returns the second operand of a leaky ReLU: its slope below 0."""
    return np.asarray(ACTIVATIONS[called].slope(np.array(-1.0)))


def _own(called: str, formulas: Formulas) -> Op:
    """Returns an operation, made of σ and σ′, for an activation that the table of operations does not have."""
    of, slope = map(_remembering, formulas[:2])
    return Op(called, lambda m, a: of(a), (lambda m, y, a: slope(a),), ("σ′({a})",), (), "σ", called="σ")


def _remembering(function: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """Returns the function with a memo of its results, because a call may compute number by number on Values."""
    found: dict[tuple[tuple[int, ...], bytes], Array] = {}

    def remembered(a: Array) -> Array:
        array = np.asarray(a, dtype=float)
        key = array.shape, array.tobytes()
        if key not in found:
            found[key] = np.asarray(function(array))
        return found[key]

    return remembered


def _rows(array: Array) -> Array:
    """Returns the closed form's columns as rows; a single example becomes one row."""
    return array[None] if array.ndim == 1 else array.T
