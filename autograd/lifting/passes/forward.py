"""Makes the forward pass as an array program: one assignment for each group of nodes, with a name from the notes.

A sum with weights is the z of a layer, an operation on z is its activation a, the weights are W and the biases b. Any
other sum is called u, any other operation h. A single output is called C.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ... import table
from ...operation import Op
from ...programs.assignments import Assignment, Constant, Contraction, Fold, Leaf, Map, View
from ...programs.roles import Role, code_name
from ..groups.loops import Repetition, all_groups
from ..groups.products import Bundle
from ..groups.recognition import Group
from ..layout import CONSTANTS, FIRST, INPUTS, Ids, Layout, block_shape, full_rank, whole
from .arithmetic import added, broadcast, mapped, negated, number, reshaped, times, unshaped, view
from .loop_forward import add_loop
from .reading import NODES, TERMS, Reader, without_repeats
from .slopes import fold_slopes, operands_used
from .uses import needed

__all__ = ["ForwardPass", "forward_pass"]


@dataclass
class ForwardPass:
    """The assignments in order, and the result. Each assignment has a name, or fills a part of a buffer."""

    parameters: Leaf
    inputs: Leaf
    assignments: list[Assignment] = field(default_factory=list)
    singles: list[Assignment] = field(default_factory=list)  # the single parameters of a program on plain floats
    turned: set[Assignment] = field(default_factory=set)  # differences a − y that stand for y − a
    direction: Leaf | None = None  # the vector v of a program for the Hessian times v
    result: Assignment = field(init=False)


def forward_pass(
    layout: Layout,
    groups: Sequence[Group | Repetition],
    outputs: list[int],
    single: bool,
    places: Mapping[int, int] = {},
) -> ForwardPass:
    """Returns the forward pass of some groups; its result is the single output, or one array of all outputs.

    `places` maps arrays that hold one parameter to the position of that parameter.
    """
    builder = _Builder(layout, groups, outputs, single)
    for array, k in places.items():
        part = view(builder.reader.parameters, np.array(k))
        part.role, part.name = Role("p"), "p"
        builder.reader.arrays[array] = part
        builder.built.singles.append(part)
    for group in groups:
        if isinstance(group, Repetition):
            add_loop(builder, group)
        else:
            builder.add(group)
    built = builder.built
    built.result = (
        builder.reader.arrays[builder.root] if single else builder.reader.read(np.array(outputs), spread=False)
    )
    built.assignments = needed(built.assignments, built.result)
    return built


class _Builder:
    def __init__(self, layout: Layout, groups: Sequence[Group | Repetition], outputs: list[int], single: bool) -> None:
        self.layout = layout
        assignments: list[Assignment] = []
        self.reader = Reader(layout, assignments)
        self.built = ForwardPass(self.reader.parameters, self.reader.inputs, assignments)
        self.root = int(layout.array_of[outputs[0]]) if single else -1
        self.outputs = set(layout.array_of[outputs].tolist())
        self.layers = 0
        self.unnamed = {"u": 0, "h": 0}  # how many sums and operations have no name in the notes
        self.uses: dict[int, list[Bundle | None]] = {}
        for group in all_groups(groups):
            read: list[tuple[Ids, Bundle | None]] = [(ids, None) for ids in group.inputs]
            read += [(ids, bundle) for bundle in group.bundles for ids in bundle.factors]
            for ids, bundle in read:
                for source in layout.sources(ids):
                    self.uses.setdefault(source, []).append(bundle)
        loops = [group for group in groups if isinstance(group, Repetition)]
        read_from = {*self.uses, *self.outputs}.union(*(loop.sources(layout) for loop in loops))
        for loop in loops:
            self.outputs |= loop.needed(layout, read_from)

    def add(self, group: Group) -> None:
        """Adds the assignment of a group, under its name."""
        weights = [bundle for bundle in group.bundles if bundle.weighs(self.layout)]
        layer = 0
        if weights and group.array != self.root:
            self.layers += 1
            layer = self.layers
        if group.op is None:
            made = self._sum(group, layer, weights)
        elif group.reduces:
            read = self.reader.read(np.stack(group.inputs, axis=-1).reshape(*group.shape, -1), spread=False)
            if group.mask is not None:
                read = self.reader.masked(read, group.mask.reshape(read.shape), -np.inf)
            made = Fold(op=group.op, operands=(read,), axis=len(group.shape), extents=group.shape, varies=read.varies)
        else:
            made = _applied(group.op, [self.reader.read(ids.reshape(group.shape)) for ids in group.inputs])
        if made.shape != group.shape or made.name or not made.operands:
            made = _filled(made, group.shape)
        elif isinstance(made, View):  # a new view, because the reader may return the old one again
            made = view(made.operands[0], made.index)
        is_condition = group.op in table.COMPARISONS and group.array not in self.outputs
        is_squared = self._is_plain_difference(group)
        if is_squared and isinstance(made, Map) and made.op is table.SUB and _is_given(made.operands[0]):
            made = negated(made)  # its square is the same, and the gradient has a − y too
            self.built.turned.add(made)
        self.reader.arrays[group.array] = made
        if not is_condition and not is_squared:
            made.role = self._role(group, layer, made)
            made.name = code_name(made.role)
            self.built.assignments.append(made)

    # ---- names

    def _role(self, group: Group, layer: int, made: Assignment) -> Role:
        if group.array == self.root:
            return Role("C")
        if layer:
            return Role("z", layer, True)
        read = [unshaped(x) for x in made.operands if not isinstance(x, Constant)]
        of = read[0].role if len(read) == 1 and group.op is not None and not group.reduces else None
        if of is not None and of.letter == "z":
            activation = Role("a", of.number, True)
            if all(x.role != activation for x in self.built.assignments):
                return activation
        letter = "u" if group.op is None else "h"
        self.unnamed[letter] += 1
        return Role(letter, self.unnamed[letter])

    def _is_plain_difference(self, group: Group) -> bool:
        """Returns whether the group is a difference such as y − a that is only read to be squared and summed."""
        users = self.uses.get(group.array, [])
        if group.op is not None or len(users) != 2 or users[0] is not users[1] or users[0] is None:
            return False
        if group.array in self.outputs or len(group.bundles) + bool(group.constants.any()) != 2:
            return False
        if any(len(b.factors) != 1 or b.terms != 1 or abs(b.coefficient) != 1.0 for b in group.bundles):
            return False
        u, *v = users[0].factors
        each_once = len(np.unique(u)) == u.size == len(group.nodes)
        return len(v) == 1 and len(u) == 1 and np.array_equal(u, v[0]) and each_once

    # ---- sums

    def _sum(self, group: Group, layer: int, weights: list[Bundle]) -> Assignment:
        made: Assignment = number(0.0)
        for bundle in group.bundles:
            roles = self._roles(bundle, layer, weights)
            terms = self._terms(bundle, group.shape, roles)
            made = added(made, times(number(bundle.coefficient), terms))
        constants = group.constants
        if (constants == constants[0]).all():
            return added(made, number(float(constants[0])))
        return added(made, self.reader.constant(constants.reshape(group.shape), Role("y")))

    def _roles(self, bundle: Bundle, layer: int, weights: list[Bundle]) -> list[Role]:
        """Returns a role for each factor. A new view of leaves, or a new constant, gets this role."""
        if layer and any(bundle is one for one in weights):
            letter = "W" if bundle.is_sum else "w"
            letter = letter if bundle is weights[0] else {"W": "U", "w": "v"}[letter]
            return [Role(letter, layer, True), Role("x")]
        if layer and len(bundle.factors) == 1 and bundle.terms == 1:
            return [Role("b", layer, True)]
        read = [int(self.layout.array_of[factor.flat[0]]) for factor in bundle.factors]
        return [Role("y" if source in (CONSTANTS, INPUTS) else "p") for source in read]

    def _terms(self, bundle: Bundle, shape: tuple[int, ...], roles: list[Role]) -> Assignment:
        """Returns the sum, over the terms, of the product of the factors; the coefficient is left out."""
        summed = self._term_axes(bundle)
        axes = NODES[: len(shape)] + TERMS[: len(summed)]
        extent = dict(zip(axes, shape + summed, strict=True))
        parts = [
            without_repeats(ids.reshape(shape + summed), axes, NODES if k == 0 and role.letter in "WU" else "")
            for k, (ids, role) in enumerate(zip(bundle.factors, roles, strict=True))
        ]
        met = "".join(letters for _, letters in parts)
        masked = None if bundle.mask is None else without_repeats(bundle.mask.reshape(shape + summed), axes)
        met += masked[1] if masked else ""
        once = {letter for letter in axes if letter in TERMS and extent[letter] == 1 and not bundle.is_sum}
        count = math.prod(extent[letter] for letter in axes if letter in TERMS and letter not in met)
        if not set(met) & set(TERMS) - once:  # nothing is summed
            made: Assignment = number(count)
            for (ids, letters), role in zip(parts, roles, strict=True):
                spread = tuple(extent[letter] if letter in letters else 1 for letter in axes[: len(shape)])
                made = times(made, self.reader.read(ids.reshape(spread), role))
            return made
        factors: list[Assignment] = []
        written: list[str] = []
        for (ids, letters), role in zip(parts, roles, strict=True):
            order = self.reader.order(ids, letters if written else "")
            factors.append(self.reader.read(ids.transpose(order), role, spread=False))
            written.append("".join(letters[k] for k in order))
        if masked is not None:
            mask, own = masked
            k = next((k for k, letters in enumerate(written) if set(own) <= set(letters)), None)
            if k is None:
                factors.append(self.reader.constant(mask * 1.0, Role("mask")))
                written.append(own)
            else:
                wide = tuple(extent[letter] if letter in own else 1 for letter in written[k])
                turned = mask.transpose([own.index(letter) for letter in written[k] if letter in own])
                factors[k] = self.reader.masked(factors[k], turned.reshape(wide), 0.0)
        out = "".join(letter for letter in axes if letter in met and letter in NODES)
        if not out and len(factors) == 1:  # a sum of all elements needs no particular shape
            factors = [unshaped(factors[0])]
            written = [TERMS[: len(factors[0].shape)]]
        made = Contraction(operands=tuple(factors), letters=tuple(written), out=out,
                           extents=tuple(extent[letter] for letter in out),
                           varies=any(factor.varies for factor in factors))  # fmt: skip
        kept = tuple(extent[letter] if letter in out else 1 for letter in axes[: len(shape)])
        return times(number(count), reshaped(made, kept))

    def _term_axes(self, bundle: Bundle) -> tuple[int, ...]:
        """Returns the shape of one node's terms: several axes if a factor's numbers are a block of their array."""
        layout = self.layout
        for ids in bundle.factors if bundle.terms > 1 else ():
            source = layout.source(ids)
            if source >= FIRST:
                kept = block_shape(layout.position_of[ids[0]], layout.arrays[source].shape)
                if kept is not None and len(kept) > 1:
                    return kept
        return (bundle.terms,)


def _applied(op: Op, inputs: list[Assignment]) -> Assignment:
    """Returns the operation on each element. A branch that is never taken does not count for the shape."""
    uses = operands_used(op, inputs)
    made = _softmax(op, inputs) or mapped(op, *inputs)
    if len(uses) < len(inputs):
        read = [inputs[k] for k in sorted(uses)]
        made.extents, made.varies = broadcast(*read), any(x.varies for x in read)
    return made


def _softmax(op: Op, inputs: list[Assignment]) -> Assignment | None:
    """Returns softmax(a), which has the slopes of y by all a, if the operation is eᵃ⁻ʸ with y = ln Σ eᵃ; else None."""
    if op is not table.EXP or not isinstance(inputs[0], Map) or inputs[0].op is not table.SUB:
        return None
    a, y = inputs[0].operands
    fold = y.operands[0] if isinstance(y, View) else y
    if not isinstance(fold, Fold) or y.shape != (*fold.shape, 1):
        return None
    (x,) = fold.operands
    is_masked = isinstance(x, Map) and x.op is table.WHERE and x.operands[1] is a
    return fold_slopes(fold) if x is a or is_masked else None


def _is_given(x: Assignment) -> bool:
    """Returns whether x is constant or a part of the inputs."""
    if isinstance(x, View):
        return _is_given(x.operands[0])
    return isinstance(x, Constant) or (isinstance(x, Leaf) and x.varies)


def _filled(x: Assignment, shape: tuple[int, ...]) -> Assignment:
    """Returns the array broadcast to this shape, as a new array or view, which can get a name of its own."""
    if isinstance(x, Constant):
        return Constant(value=np.broadcast_to(x.value, shape).copy())
    return view(x, np.broadcast_to(whole(full_rank(x.shape, len(shape))), shape))
