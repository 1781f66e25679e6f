"""A loop of the forward pass: the groups of one step, made assignments, and what it reads and hands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..programs.assignments import Assignment
from ..programs.backward_kinds import Buffer
from ..programs.loops import Carried, Loop, Step, outside
from ..programs.roles import Role, code_name
from .layout import PARAMETERS, TAPE
from .repetition import Repetition

if TYPE_CHECKING:
    from .forward import _Builder

__all__ = ["add_loop"]


def add_loop(builder: _Builder, repetition: Repetition) -> None:
    """Work the steps out, and say where the arrays of all steps are."""
    layout, arrays = builder.layout, builder.arrays
    for array, node in repetition.same:
        arrays[array] = _named(builder, builder.read(np.array(node)))
    for array, ids in repetition.stepped:
        role = Role("p" if layout.source(ids) == PARAMETERS else "x")
        of = builder.read(ids, role, spread=False)
        arrays[array] = Step(operands=(of,), extents=ids.shape[1:], varies=of.varies, role=role, name=code_name(role))
    carried: list[Carried] = []
    for array, first, _ in repetition.carried:
        made = Carried(operands=(builder.read(first, spread=False),), extents=first.shape, varies=layout.arrays[array].varies)
        arrays[array] = made
        carried.append(made)
    body, handed = _body(builder, repetition)
    for one, after in zip(carried, handed, strict=True):
        one.role = after.role or Role("h")
        one.name = f"{code_name(one.role)}_before"
    loop = Loop(steps=repetition.steps, body=body, carried=[*zip(carried, handed, strict=True)],
                floats=repetition.floats)  # fmt: skip
    loop.operands = tuple(outside(loop))
    builder.built.assignments.append(loop)
    for every, one in repetition.kept:
        if one in builder.outputs:
            arrays[every] = loop.keep(arrays[one])
    for end, one in repetition.last:
        arrays[end] = loop.end(arrays[one])


def _named(builder: _Builder, x: Assignment) -> Assignment:
    """The same under a name, that the steps may read it by."""
    if not x.name and x.operands:
        x.role, x.name = Role("p"), "p"
        builder.built.assignments.append(x)
    return x


def _body(builder: _Builder, repetition: Repetition) -> tuple[list[Assignment], list[Assignment]]:
    """The assignments of a step, and what it hands on. It has a tape of its own."""
    built, tape, slots = builder.built, builder.tape, builder.slots
    builder.built = type(built)(built.parameters, built.inputs)
    builder.tape = builder.arrays[TAPE] = Buffer(name="v", extents=(0,), varies=tape.varies, role=Role("v"))
    builder.slots = np.full(len(builder.layout.array_of), -1)
    for group in repetition.groups:
        builder.add(group)
    handed = [builder.read(after, spread=False) for _, _, after in repetition.carried]
    body = builder.built.assignments
    builder.built, builder.tape, builder.slots = built, tape, slots
    builder.arrays[TAPE] = tape
    return body, handed
