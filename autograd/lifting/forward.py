"""The forward pass as an array program: an assignment for each group of nodes, under the name that the notes have for it.

What a layer's weights make is z, its activation a, the weights are W and the biases b. Other sums are called u, other
operations h.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..operation import Op
from ..programs.assignments import Assignment, Constant, Contraction, Fold, Leaf
from ..programs.backward_kinds import Buffer, Put
from ..programs.roles import Role, code_name
from .arithmetic import added, broadcast, mapped, number, placed, reshaped, times, view, whole
from .layout import CONSTANTS, FIRST, INPUTS, PARAMETERS, TAPE, Ids, Layout, coordinates
from .loop_forward import add_loop
from .products import Bundle
from .recognition import Group
from .repetition import Repetition, all_groups
from .slopes import operands_used

__all__ = ["ForwardPass", "forward_pass"]

NODES, TERMS = "ijklm", "pqrst"  # the letters of the axes of a group, and of those that are summed


@dataclass
class ForwardPass:
    """The assignments that have a name, or put numbers on the tape, in order; and the result."""

    parameters: Leaf
    inputs: Leaf
    assignments: list[Assignment] = field(default_factory=list)
    result: Assignment = field(init=False)


def forward_pass(layout: Layout, groups: Sequence[Group | Repetition], outputs: list[int], single: bool) -> ForwardPass:
    """The program of these groups; its result is the only output, or an array of several."""
    builder = _Builder(layout, groups, outputs, single)
    for group in groups:
        if isinstance(group, Repetition):
            add_loop(builder, group)
        else:
            builder.add(group)
    built = builder.built
    built.result = builder.arrays[builder.root] if single else builder.read(np.array(outputs), spread=False)
    return built


class _Builder:
    def __init__(self, layout: Layout, groups: Sequence[Group | Repetition], outputs: list[int], single: bool) -> None:
        self.layout = layout
        parameters = Leaf(name="parameters", extents=(layout.parameters,), role=Role("p"))
        inputs = Leaf(name="inputs", extents=(layout.inputs,), varies=True, role=Role("inputs"))
        self.tape = Buffer(name="v", extents=(0,), varies=layout.mapped, role=Role("v"))
        self.built = ForwardPass(parameters, inputs)
        self.arrays: dict[int, Assignment] = {PARAMETERS: parameters, INPUTS: inputs, TAPE: self.tape}
        self.slots = np.full(len(layout.array_of), -1)  # where on the tape a node is
        self.views: dict[tuple[int, tuple[int, ...], bytes], Assignment] = {}
        self.root = int(layout.array_of[outputs[0]]) if single else -1
        self.outputs = set(layout.array_of[outputs].tolist())
        self.layers = 0
        self.unnamed = {"u": 0, "h": 0}  # sums and results that the notes have no name for
        self.uses: dict[int, list[Bundle | None]] = {}
        for group in all_groups(groups):
            read: list[tuple[Ids, Bundle | None]] = [(ids, None) for ids in group.inputs]
            read += [(ids, bundle) for bundle in group.bundles for ids in bundle.factors]
            for ids, bundle in read:
                for source in np.unique(layout.array_of[ids]).tolist():
                    self.uses.setdefault(source, []).append(bundle)
        loops = [group for group in groups if isinstance(group, Repetition)]
        read_from = {*self.uses, *self.outputs}.union(*(loop.sources(layout) for loop in loops))
        for loop in loops:
            self.outputs |= loop.needed(layout, read_from)

    def add(self, group: Group) -> None:
        """Work the group out, under its name."""
        weights = [bundle for bundle in group.bundles if bundle.weighs(self.layout)]
        layer = 0
        if weights and group.array != self.root:
            self.layers += 1
            layer = self.layers
        if group.op is None:
            made = self._sum(group, layer, weights)
        elif group.reduces:
            read = self.read(np.stack(group.inputs, axis=-1).reshape(*group.shape, -1), spread=False)
            made = Fold(op=group.op, operands=(read,), axis=len(group.shape), extents=group.shape, varies=read.varies)
        else:
            made = _applied(group.op, [self.read(ids.reshape(group.shape)) for ids in group.inputs])
        if made.shape != group.shape or made.name or not made.operands:
            made = _filled(made, group.shape)
        self.arrays[group.array] = made
        if not self._is_plain_difference(group):
            made.role = self._role(group, layer, made)
            made.name = code_name(made.role)
            self.built.assignments.append(made)

    # ---- names

    def _role(self, group: Group, layer: int, made: Assignment) -> Role:
        if group.array == self.root:
            return Role("C")
        if layer:
            return Role("z", layer, True)
        (first, *others) = [x for x in made.operands if not isinstance(x, Constant)] or [None]
        plain = group.op is not None and not group.reduces and not others
        if plain and first is not None and first.role and first.role.letter == "z":
            activation = Role("a", first.role.number, True)
            if all(x.role != activation for x in self.built.assignments):
                return activation
        letter = "u" if group.op is None else "h"
        self.unnamed[letter] += 1
        return Role(letter, self.unnamed[letter])

    def _is_plain_difference(self, group: Group) -> bool:
        """Whether it is something like y − a whose square, and nothing else, is summed."""
        users = self.uses.get(group.array, [])
        if group.op is not None or len(users) != 2 or users[0] is not users[1] or users[0] is None:
            return False
        if group.array in self.outputs or len(group.bundles) + bool(group.constants.any()) != 2:
            return False
        if any(len(b.factors) != 1 or b.terms != 1 or abs(b.coefficient) != 1.0 for b in group.bundles):
            return False
        u, *v = users[0].factors
        return len(v) == 1 and len(u) == 1 and np.array_equal(u, v[0]) and len(np.unique(u)) == len(group.nodes)

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
        return added(made, self._constant(constants.reshape(group.shape), Role("y")))

    def _roles(self, bundle: Bundle, layer: int, weights: list[Bundle]) -> list[Role]:
        """What new views of leaves would be called, for each factor."""
        if layer and any(bundle is one for one in weights):
            letter = "W" if bundle.is_sum(self.layout) else "w"
            letter = letter if bundle is weights[0] else {"W": "U", "w": "v"}[letter]
            return [Role(letter, layer, True), Role("x")]
        if layer and len(bundle.factors) == 1 and bundle.terms == 1:
            return [Role("b", layer, True)]
        read = [int(self.layout.array_of[factor.flat[0]]) for factor in bundle.factors]
        return [Role("y" if source in (CONSTANTS, INPUTS) else "p") for source in read]

    def _terms(self, bundle: Bundle, shape: tuple[int, ...], roles: list[Role]) -> Assignment:
        """Σ of the products of the factors."""
        summed = self._term_axes(bundle)
        axes = NODES[: len(shape)] + TERMS[: len(summed)]
        extent = dict(zip(axes, shape + summed, strict=True))
        parts = [
            _without_repeats(ids.reshape(shape + summed), axes, NODES if k == 0 and role.letter in "WU" else "")
            for k, (ids, role) in enumerate(zip(bundle.factors, roles, strict=True))
        ]
        met = "".join(letters for _, letters in parts)
        once = {letter for letter in axes if letter in TERMS and extent[letter] == 1 and not bundle.is_sum(self.layout)}
        count = math.prod(extent[letter] for letter in axes if letter in TERMS and letter not in met)
        if not set(met) & set(TERMS) - once:  # nothing is summed
            made: Assignment = number(count)
            for (ids, letters), role in zip(parts, roles, strict=True):
                spread = tuple(extent[letter] if letter in letters else 1 for letter in axes[: len(shape)])
                made = times(made, self.read(ids.reshape(spread), role))
            return made
        factors, written = [], []
        for (ids, letters), role in zip(parts, roles, strict=True):
            order = self._order(ids, letters) if written else _descending(self._positions(ids))
            factors.append(self.read(ids.transpose(order), role, spread=False))
            written.append("".join(letters[k] for k in order))
        out = "".join(letter for letter in axes if letter in met and letter in NODES)
        made = Contraction(operands=tuple(factors), letters=tuple(written), out=out,
                           extents=tuple(extent[letter] for letter in out),
                           varies=any(factor.varies for factor in factors))  # fmt: skip
        kept = tuple(extent[letter] if letter in out else 1 for letter in axes[: len(shape)])
        return times(number(count), reshaped(made, kept))

    def _term_axes(self, bundle: Bundle) -> tuple[int, ...]:
        """The shape in which the terms of a node lie in the array they are read from."""
        layout = self.layout
        for ids in bundle.factors if bundle.terms > 1 else ():
            source = layout.source(ids)
            if source >= FIRST:
                places = coordinates(layout.position_of[ids[0]], layout.arrays[source].shape)
                extents = tuple(len(np.unique(along)) for along in places)
                kept = tuple(extent for extent in extents if extent > 1)
                if len(kept) > 1 and np.prod(kept) == bundle.terms:
                    return kept
        return (bundle.terms,)

    # ---- reading

    def _positions(self, ids: Ids) -> Ids:
        source = self.layout.source(ids)
        return np.arange(ids.size).reshape(ids.shape) if source in (CONSTANTS, TAPE) else self.layout.position_of[ids]

    def _order(self, ids: Ids, letters: str) -> tuple[int, ...]:
        """The order of axes in which a factor lies in the array it is read from. Constants lie as they are needed."""
        if self.layout.source(ids) == CONSTANTS:
            return tuple(sorted(range(ids.ndim), key=lambda axis: letters[axis] not in TERMS))
        return _descending(self._positions(ids))

    def read(self, ids: Ids, role: Role | None = None, spread: bool = True) -> Assignment:
        """These nodes, as an array; `role` is what a new view of leaves is called.

        Along an axis where they are the same they are read once, to be spread again, if `spread` says so.
        """
        if spread:
            for axis in range(ids.ndim):
                first = ids.take([0], axis)
                ids = first if ids.shape[axis] > 1 and (ids == first).all() else ids
        source = self.layout.source(ids)
        while spread and source < FIRST and ids.shape[:1] == (1,) and not self.layout.arrays[source].varies:
            ids = ids[0]  # broadcasting puts it in front again
        if source == CONSTANTS:
            values = self.layout.data[ids]
            if spread and bool((ids >= self.layout.plain).all()) and (values == values.flat[0]).all():
                return number(float(values.flat[0]))
            return self._constant(values, role or Role("k"))
        if source == TAPE:
            self._put_on_tape(ids)
            return view(self.tape, self.slots[ids])
        positions = self.layout.position_of[ids]
        made = placed(self.arrays[source], positions)
        if source >= FIRST or made is self.arrays[source]:
            return made
        key = source, positions.shape, positions.tobytes()
        known = self.views.setdefault(key, made)
        if known is made:
            known.role = role or Role("p" if source == PARAMETERS else "x")
            known.name = code_name(known.role)
        return known

    def _constant(self, values: np.ndarray, role: Role) -> Assignment:
        key = CONSTANTS, values.shape, values.tobytes()
        if key not in self.views:
            self.views[key] = Constant(value=np.array(values, order="C"), role=role, name=code_name(role))
        return self.views[key]

    def _put_on_tape(self, ids: Ids) -> None:
        """See to it that all arrays in which these nodes lie are on the tape."""
        layout, tape = self.layout, self.tape
        for source in np.unique(layout.array_of[ids]).tolist():
            if source == CONSTANTS:
                members = np.unique(ids[layout.array_of[ids] == CONSTANTS])
                members = members[self.slots[members] < 0]
                array: Assignment = Constant(value=layout.data[members])
            else:
                members = np.flatnonzero(layout.array_of == source)
                members = members[np.argsort(layout.position_of[members])]
                array = self.arrays[source]
            if len(members) and self.slots[members[0]] < 0:
                start = tape.shape[0]
                self.slots[members] = start + np.arange(len(members))
                tape.extents = (start + len(members),)
                index = self.slots[members].reshape(array.shape)
                self.built.assignments.append(Put(operands=(tape, array), index=index, extents=index.shape))


def _applied(op: Op, inputs: list[Assignment]) -> Assignment:
    """The operation on each element. What a choice that is made does not read has no part in it."""
    uses = operands_used(op, inputs)
    made = mapped(op, *inputs)
    if len(uses) < len(inputs):
        read = [inputs[k] for k in sorted(uses)]
        made.extents, made.varies = broadcast(*read), any(x.varies for x in read)
    return made


def _filled(x: Assignment, shape: tuple[int, ...]) -> Assignment:
    """The same in each place of an array of this shape; or another name for the array itself."""
    if isinstance(x, Constant):
        return Constant(value=np.broadcast_to(x.value, shape).copy())
    full = (1,) * (len(shape) - len(x.shape)) + x.shape
    return view(x, np.broadcast_to(whole(full), shape))


def _without_repeats(ids: Ids, axes: str, ones: str) -> tuple[Ids, str]:
    """The ids without the axes along which they are the same, and the letters of the others.

    Of the axes of length 1 those in `ones` stay, and those that are summed over.
    """
    kept = ""
    for letter in axes:
        at = len(kept)
        first = ids.take(0, at)
        alone = ids.shape[at] == 1
        if (letter not in TERMS + ones) if alone else (ids == np.expand_dims(first, at)).all():
            ids = first
        else:
            kept += letter
    return ids, kept


def _descending(positions: Ids) -> tuple[int, ...]:
    """The order of the axes in which what lies further apart comes first."""
    steps, before = [], positions.size * positions.max(initial=0) + 1
    for axis, extent in enumerate(positions.shape):
        if extent > 1:
            before = abs(int(positions.take(1, axis).flat[0]) - int(positions.flat[0]))
        steps.append(before)
    return tuple(sorted(range(len(steps)), key=lambda axis: (-steps[axis], axis)))
