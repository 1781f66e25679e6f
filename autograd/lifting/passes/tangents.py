"""Runs forward mode on array programs. The tangent of an array is its rate of change as the parameters move along v.

There is one rule for each kind of assignment. Run on both passes, it gives the Hessian times v: the tangent of the
gradient. A tangent that is constant along an axis may have length 1 there, or lack the axis. An array that does not
change has no tangent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from ... import table
from ...programs.assignments import Assignment, Constant, Contraction, Fold, Leaf, Map, View
from ...programs.backward_kinds import Buffer, Put, Slope
from ...programs.loops import Carried, Loop, PastSum, Step, leaves, outside
from ...programs.roles import Role
from ..layout import full_rank
from .arithmetic import (
    added,
    is_number,
    mapped,
    number,
    number_of,
    placed,
    reshaped,
    spread,
    subtracted,
    summed_to,
    times,
)
from .common import common_subexpressions_named
from .forward import ForwardPass
from .reverse import BackwardPass
from .slopes import fold_slopes, slope, slope_as_operation
from .uses import needed

__all__ = ["Tangents", "hessian_times_direction"]

V = Role("v")


def hessian_times_direction(forward: ForwardPass, back: BackwardPass) -> ForwardPass:
    """Returns the program of the Hessian times v, the rate at which the gradient changes along v."""
    v = Leaf(name="v", extents=forward.parameters.shape, role=V)
    made = Tangents({forward.parameters: v}, back.n)
    made.sweep([*forward.assignments, *back.assignments])
    result = made.of(back.gradient) or Constant(value=np.zeros(v.shape))
    (assignments,) = common_subexpressions_named(needed(made.assignments, result))
    program = ForwardPass(forward.parameters, forward.inputs, assignments, direction=v)
    program.result = result
    return program


class Tangents:
    """Adds to each assignment, in order, its tangent; the tangents of a loop's arrays are computed in the same loop."""

    def __init__(self, known: Mapping[Assignment, Assignment], n: Assignment, around: Tangents | None = None) -> None:
        """Begins with the tangents in `known`; inside a loop, `around` has the tangents of the arrays outside."""
        self.assignments: list[Assignment] = []
        self.n, self.around = n, around
        self._found: dict[Assignment, Assignment | None] = {**known}
        self._own: set[Assignment] = {*known}  # arrays that are not outside the loop

    def sweep(self, assignments: Iterable[Assignment]) -> None:
        """Goes through the assignments in order, and adds their tangents."""
        assignments = [*assignments]
        self._own |= {*assignments} | {x.operands[0] for x in assignments if isinstance(x, Put)}
        for x in assignments:
            if isinstance(x, Loop):
                self._through_loop(x)
            self.assignments.append(x)
            if isinstance(x, Put):
                self._through_put(x)
            else:
                self.of(x)

    def of(self, x: Assignment) -> Assignment | None:
        """Returns the tangent of an array; None if it does not change."""
        if x in self._found:
            return self._found[x]
        if self.around is not None and (x.name or not x.operands) and x not in self._own and not isinstance(x, Step):
            return self.around.of(x)
        rule = RULES.get(type(x))
        if rule is None:
            return None
        made = rule(self, x)
        self._found[x] = self.named(made, x) if made is not None and x.name else made
        return self._found[x]

    def named(self, tangent: Assignment, of: Assignment) -> Assignment:
        """Returns the tangent with a name, such as z1_v for the tangent of z1."""
        if not tangent.name:
            tangent.name, tangent.role = f"{of.name or 'p'}_v", V
            self.assignments.append(tangent)
        return tangent

    # ---- a rule for each kind of assignment

    def _view(self, x: View) -> Assignment | None:
        (source,) = x.operands
        moved = self.of(source)
        return None if moved is None else placed(spread(moved, source.shape), x.index)

    def _map(self, x: Map) -> Assignment | None:
        if x.op is table.WHERE:
            return self._choice(x)
        total: Assignment | None = None
        for position, operand in enumerate(x.operands):
            moved = self.of(operand)
            if moved is not None:
                total = _plus(total, _times(moved, slope(x.op, position, x, x.operands)))
        return total

    def _choice(self, x: Map) -> Assignment | None:
        """Returns a choice between the tangents of the branches: the one that is not chosen may be infinite."""
        condition, *branches = x.operands
        moved = [self.of(branch) for branch in branches]
        if moved == [None, None]:
            return None
        if is_number(condition):
            return moved[0] if number_of(condition) else moved[1]
        return mapped(x.op, condition, *(number(0.0) if one is None else one for one in moved))

    def _slope(self, x: Slope) -> Assignment | None:
        if not x.op.slopes:
            return self._softmax(x)
        op, total = slope_as_operation(x.op, x.position), None
        for k in sorted(x.uses):
            moved = self.of(x.operands[k])
            if moved is not None:
                total = _plus(total, _times(moved, slope(op, k, x, x.operands)))
        return total

    def _softmax(self, x: Slope) -> Assignment | None:
        """Returns the tangent of p = softmax(a) along the last axis: p ∘ (ȧ − Σ p ∘ ȧ), where ȧ is the tangent of a."""
        y, a = x.operands
        moved = self.of(a)
        if moved is None:
            return None
        moved = spread(moved, a.shape)
        return times(x, subtracted(moved, summed_to(times(x, moved), x.shape, x.varies, y, self.n)))

    def _fold(self, x: Fold) -> Assignment | None:
        """Returns the sum of slope times tangent, along the axis."""
        by = fold_slopes(x)
        y, a = by.operands
        moved = self.of(a)
        if moved is None:
            return None
        return reshaped(summed_to(times(by, spread(moved, a.shape)), a.shape, x.varies, y, self.n), x.shape)

    def _contraction(self, x: Contraction) -> Assignment | None:
        """Returns the tangent by the product rule: a sum of contractions, each with a tangent in an operand's place."""
        total: Assignment | None = None
        squared = len(x.operands) == 2 and x.operands[0] is x.operands[1] and len({*x.letters}) == 1
        over_examples = not x.varies and any(operand.varies for operand in x.operands)
        for position, operand in enumerate(x.operands[:1] if squared else x.operands):
            moved = self.of(operand)
            if moved is None:
                continue
            operands = (*x.operands[:position], spread(moved, operand.shape), *x.operands[position + 1 :])
            varies = any(one.varies for one in operands)
            made: Assignment = Contraction(operands=operands, letters=x.letters, out=x.out, extents=x.shape,
                                           varies=varies and not over_examples)  # fmt: skip
            made = times(self.n, made) if over_examples and not varies else made
            total = _plus(total, times(number(2.0 if squared else 1.0), made))
        return total

    def _step(self, x: Step) -> Assignment | None:
        (every,) = x.operands
        assert self.around is not None
        moved = self.around.of(every)
        if moved is None:
            return None
        moved = self.around.named(spread(moved, every.shape), every)
        return Step(operands=(moved,), extents=x.shape, varies=moved.varies, role=V, name=f"{x.name}_v")

    def _through_put(self, put: Put) -> None:
        buffer, part = put.operands
        moved = self.of(part)
        if moved is None:
            return
        into = self._found.get(buffer)
        if into is None:
            into = Buffer(name=f"{buffer.name}_v", role=V, extents=buffer.shape, varies=buffer.varies)
            self._found[buffer] = into
        if moved.varies:
            moved = reshaped(moved, full_rank(moved.shape, put.index.ndim))
        self.assignments.append(Put(operands=(into, moved), index=put.index, extents=put.index.shape))

    def _through_loop(self, loop: Loop) -> None:
        """Adds the tangents to the loop: each step computes them beside the numbers, and hands on both."""
        moving: set[Assignment] = {one for one, _ in loop.carried if self.of(one.operands[0]) is not None}
        pasts = [x for x in leaves(loop) if isinstance(x, PastSum)]
        while True:
            sums = {x: self._past(x, x in moving) for x in pasts}
            handed: dict[Assignment, Carried] = {one: self._carried(one) for one, _ in loop.carried if one in moving}
            inner = Tangents({**handed, **{x: made for x, (made, _) in sums.items() if made is not None}}, self.n, self)
            inner._own |= {*pasts, *(one for one, _ in loop.carried)}
            inner.sweep(loop.body)
            after: dict[Assignment, Assignment | None] = {one: inner.of(handing) for one, handing in loop.carried}
            found = moving | {one for one, moved in after.items() if moved is not None}
            found |= {x for x in pasts if x.of is not None and inner.of(x.of) is not None}
            if found == moving:
                break
            moving = found
        for x, (_, moved_by_itself) in sums.items():
            if moved_by_itself is not None and x.of is not None:
                moved_by_itself.of = inner.named(spread(inner.of(x.of) or number(0.0), x.of.shape), x.of)
        for made, keep in ((loop.kept, loop.keep), (loop.ends, loop.end)):
            for x, of_loop in [*made.items()]:
                moved = inner.of(x)
                if moved is not None:
                    self._found[of_loop] = keep(inner.named(spread(moved, x.shape), x))
        loop.body = inner.assignments
        for one, flow in handed.items():
            moved = after[one]
            loop.carried.append((flow, number(0.0) if moved is None else spread(moved, one.shape)))
        loop.operands = tuple(outside(loop))

    def _past(self, x: PastSum, moves: bool) -> tuple[Assignment | None, PastSum | None]:
        """Returns the tangent of a sum over earlier steps, and its part that is a sum of tangents; both may be None."""
        matrix, *first = x.operands
        found: Assignment | None = None
        moved = self.of(matrix)
        if moved is not None:
            turned = self.named(spread(moved, matrix.shape), matrix)
            found = replace(x, operands=(turned, *first), role=V, name=f"{x.name}_v")
        begins = [self.of(one) for one in first]
        if not moves and begins in ([], [None]):
            return found, None
        tangents = [number(0.0) if one is None else one for one in begins]
        named = [self.named(spread(one, of.shape), of) for one, of in zip(tangents, first, strict=True)]
        made = replace(x, operands=(matrix, *named), of=None, role=V, name=f"{x.name}_v")
        return _plus(found, made), made

    def _carried(self, one: Carried) -> Carried:
        (first,) = one.operands
        moved = self.of(first)
        begins = number(0.0) if moved is None else self.named(spread(moved, one.shape), one)
        return Carried(operands=(begins,), extents=one.shape, varies=one.varies, role=V, name=f"{one.name}_v")


RULES: Mapping[type, Callable[..., Assignment | None]] = {
    View: Tangents._view,
    Map: Tangents._map,
    Slope: Tangents._slope,
    Fold: Tangents._fold,
    Contraction: Tangents._contraction,
    Step: Tangents._step,
}


def _times(moved: Assignment, by: Assignment | None) -> Assignment | None:
    """Returns tangent times slope; None for a branch that is never taken, and for a slope that is 0 everywhere."""
    return None if by is None or is_number(by, 0.0) else times(moved, by)


def _plus(total: Assignment | None, more: Assignment | None) -> Assignment | None:
    if total is None or more is None:
        return total or more
    return added(total, more)
