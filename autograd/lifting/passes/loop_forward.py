"""Makes a loop of the forward pass: the assignments of one step, what a step reads, and what it hands on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ...programs.assignments import Assignment, Constant
from ...programs.backward_kinds import Buffer, Put
from ...programs.loops import Carried, Loop, PastSum, Step, outside
from ...programs.roles import Role, code_name
from ..groups.loops import Repetition
from ..layout import PARAMETERS
from .arithmetic import number, times

if TYPE_CHECKING:
    from ..repeats.steps import Past
    from .forward import _Builder
    from .reading import Reader

__all__ = ["add_loop"]

MATRIX, PAST = Role("L"), Role("s")


def add_loop(builder: _Builder, repetition: Repetition) -> None:
    """Adds the loop to the program, and tells the reader in which arrays the loop's results lie."""
    layout, reader = builder.layout, builder.reader
    body: list[Assignment] = []
    inside = reader.inside(body)
    for array, node in repetition.same:
        inside.arrays[array] = _named(builder, reader.read(np.array(node)))
    for array, ids in repetition.stepped:
        role = Role("p" if layout.source(ids) == PARAMETERS else "x")
        of = reader.read(ids, role, spread=False)
        step = Step(operands=(of,), extents=ids.shape[1:], varies=of.varies, role=role, name=code_name(role))
        inside.arrays[array] = step
    carried = []
    for array, first, _ in repetition.carried:
        before = reader.read(first, spread=False)
        one = Carried(operands=(before,), extents=first.shape, varies=layout.arrays[array].varies, name="before")
        inside.arrays[array] = one
        carried.append(one)
    pasts = []
    for array, node, terms in repetition.pasts:
        past = _past(builder, terms, layout.arrays[array].varies)
        inside.arrays[array] = past
        pasts.append((past, int(layout.array_of[node])))
    handed = _steps(builder, repetition, inside)
    for past, source in pasts:
        past.of = inside.arrays[source]
    for one, after in zip(carried, handed, strict=True):  # the final names
        one.role = after.role or Role("h")
        one.name = f"{code_name(one.role)}_before"
    loop = Loop(
        steps=repetition.steps, body=body, carried=[*zip(carried, handed, strict=True)], floats=repetition.floats
    )
    loop.operands = tuple(outside(loop))
    builder.built.assignments.append(loop)
    for every, one_step in repetition.kept:
        if one_step in builder.outputs:
            reader.arrays[every] = loop.keep(inside.arrays[one_step])
    for end, one_step in repetition.last:
        reader.arrays[end] = loop.end(inside.arrays[one_step])


def _past(builder: _Builder, past: Past, varies: bool) -> PastSum:
    """Returns a sum over earlier steps; the weights of its terms become a matrix, which is filled before the loop."""
    reader, numbers = builder.reader, past.numbers
    matrix: Assignment = Constant(value=numbers, role=MATRIX, name=code_name(MATRIX))
    there = past.weights >= 0
    if there.any():
        index = np.flatnonzero(numbers)
        weights = reader.read(past.weights.ravel()[index], Role("p"), spread=False)
        scale = numbers.ravel()[index]
        factor = number(float(scale[0])) if (scale == scale[0]).all() else reader.constant(scale, Role("k"))
        matrix = Buffer(name=code_name(MATRIX), role=MATRIX, extents=numbers.shape, varies=weights.varies)
        put = Put(operands=(matrix, times(factor, weights)), index=index, extents=index.shape)
        builder.built.assignments.append(put)
    first = [reader.read(np.array(past.first), spread=False)] if past.first else []
    return PastSum(operands=(matrix, *first), extents=(), varies=varies, role=PAST, name=code_name(PAST))


def _named(builder: _Builder, x: Assignment) -> Assignment:
    """Returns an expression with a name, so that it is computed once before the loop."""
    if x.name or not x.operands:
        return x
    named = replace(x, role=Role("p"), name="p")
    builder.built.assignments.append(named)
    return named


def _steps(builder: _Builder, repetition: Repetition, inside: Reader) -> list[Assignment]:
    """Makes the assignments of a step; returns a list of the arrays that the step hands on."""
    built, reader = builder.built, builder.reader
    builder.built, builder.reader = replace(built, assignments=inside.assignments), inside
    for group in repetition.groups:
        builder.add(group)
    builder.built, builder.reader = built, reader
    return [inside.read(after, spread=False) for _, _, after in repetition.carried]
