"""Runs reverse mode on a loop: the result is another loop, which begins with the last step.

A backward step gets the gradients by the arrays that the forward step handed on, and by its arrays that were kept. The
backward step hands on the gradients by the arrays that the forward step got. An array that every step reads gets the
sum of the gradients of all steps.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from ...programs.assignments import Assignment, Constant, Contraction, View
from ...programs.backward_kinds import Put, Slope
from ...programs.loops import Carried, Loop, PastSum, Step, leaves
from ...programs.roles import Role, code_name
from ..layout import full_rank, whole
from .arithmetic import added, is_number, number, number_of, placed, reshaped, spread, summed_to

if TYPE_CHECKING:
    from .reverse import BackwardPass

__all__ = ["gradient_role", "through_loop"]

AXES, STEPS = "abcdefgh", "z"  # the letters of the axes of a step's array, and of the steps


def through_loop(back: BackwardPass, loop: Loop) -> None:
    """Passes the gradients of a loop's results back through the loop."""
    arrived = {of: back._flows.pop(kept) for of, kept in loop.kept.items() if kept in back._flows}
    ends = {of: back._flows.pop(last) for of, last in loop.ends.items() if last in back._flows}
    inner = _within(back, loop)
    handed: list[tuple[Carried, Carried]] = []
    for one, after in ((one, after) for one, after in loop.carried if inner._active[one]):
        role = gradient_role(one)
        flow = Carried(operands=(_at_the_end(ends, one, after),), extents=one.shape, varies=one.varies, role=role,
                       name=f"{code_name(role)}_after")  # fmt: skip
        handed.append((flow, one))
        if inner._is_active(after):
            inner._onward(after, flow)
    for of, gradient in arrived.items():
        if inner._is_active(of):
            inner._onward(of, _step_of(gradient, of, (loop.steps, *of.shape)))
    pasts = {x: _passed_back(inner, x, loop.steps) for x in leaves(loop) if isinstance(x, PastSum) and inner._active[x]}
    inner._sweep(loop.body)
    _Result(back, inner, loop, handed, pasts)


def _passed_back(inner: BackwardPass, past: PastSum, steps: int) -> PastSum | None:
    """Returns the gradient that a step's number gets from later steps, whose sums contain this number.

    Returns None if the number depends on no parameter.
    """
    of = past.of
    assert of is not None
    if not inner._is_active(of):
        return None
    matrix, before = past.operands[0], past.before
    turned = placed(matrix, whole(matrix.shape)[:, before : before + steps].T)
    role = gradient_role(past)
    made = PastSum(operands=(turned,), extents=(), varies=past.varies, role=role, name=f"{code_name(role)}_after",
                   backwards=not past.backwards)  # fmt: skip
    inner._onward(of, made)
    return made


def _within(back: BackwardPass, loop: Loop) -> BackwardPass:
    """Returns a backward pass for the loop's body: it knows which arrays depend on parameters, and has no gradients."""
    inner = copy.copy(back)
    inner.assignments, inner._flows, inner._buffers = [], {}, set()
    inner._waiting = {
        *loop.body,
        *(one for one, _ in loop.carried),
        *(x for x in leaves(loop) if not isinstance(x, Constant)),
    }
    pasts = [(x, x.of) for x in leaves(loop) if isinstance(x, PastSum) and x.of is not None]
    handed: list[tuple[Assignment, Assignment]] = [*loop.carried, *pasts]
    active: dict[Assignment, bool] = {one: any(map(back._is_active, one.operands)) for one, _ in handed}
    while True:
        inner._active = {**back._active, **active}
        inner._meet(loop.body)
        found: dict[Assignment, bool] = {one: active[one] or inner._is_active(after) for one, after in handed}
        if found == active:
            return inner
        active = found


def _step_of(flow: Assignment, of: Assignment, shape: tuple[int, ...]) -> Assignment:
    """Returns one step's part of the gradient by an array of all steps; `shape` is the shape of that array."""
    if is_number(flow):
        return flow
    flow, role = spread(flow, shape), gradient_role(of)
    return Step(operands=(flow,), extents=shape[1:], varies=flow.varies, role=role, name=code_name(role))


def gradient_role(x: Assignment) -> Role:
    """Returns the role of the gradient by an array: the error δ for z, ∂C/∂x for any other x."""
    assert x.role is not None
    return Role("δ", x.role.number, True) if x.role.letter == "z" else Role("∂", of=x.role)


class _Result:
    """Makes the loop of the backward pass, and passes its results on to the arrays outside the loop."""

    def __init__(
        self,
        back: BackwardPass,
        inner: BackwardPass,
        loop: Loop,
        handed: list[tuple[Carried, Carried]],
        pasts: dict[PastSum, PastSum | None],
    ) -> None:
        self.loop, self.inner, self.back = loop, inner, back
        self.own = {
            *loop.body,
            *(one for one, _ in loop.carried),
            *(x.operands[0] for x in loop.body if isinstance(x, Put)),
            *pasts,
        }
        self.again: dict[Assignment, Assignment] = {}  # a memo of `_read`
        after = [(flow, _in_full_rank(inner._flows.pop(one, number(0.0)), one)) for flow, one in handed]
        made = Loop(
            steps=loop.steps, body=inner.assignments, carried=[], backwards=not loop.backwards, floats=loop.floats
        )
        passed: list[tuple[Assignment, Assignment]] = []
        summed = [(x, self._named_flow(x, later)) for x, later in pasts.items()]
        for x in leaves(loop):
            flow = inner._flows.pop(x, None)
            if flow is None or x in self.own or not inner._is_active(x):
                continue
            if isinstance(x, Step):
                passed.append((x.operands[0], self._of_all(made, flow, x)))
            else:
                passed.append((x, self._total(made, flow, x)))
        if not passed and not pasts and not any(back._is_active(one.operands[0]) for _, one in handed):
            return
        made.carried += after
        for assignment in made.body:
            assignment.operands = self._operands(assignment)
        made.carried = [(one, self._read(flow)) for one, flow in made.carried]
        made.operands = (*loop.operands, *(one.operands[0] for one, _ in made.carried))
        back.assignments.append(made)
        for at, flow in passed:
            back._onward(at, flow)
        for past, flow in summed:
            self._through_past(past, made.keep(flow))
        for flow, one in handed:
            if back._is_active(one.operands[0]):
                (first,) = one.operands
                back._onward(first, summed_to(made.end(flow), one.shape, one.varies, first, back.n))

    def _named_flow(self, past: PastSum, later: PastSum | None) -> Assignment:
        """Returns the gradient by a sum over earlier steps, with a name."""
        flow = self.inner._flows.pop(past, number(0.0))
        if not flow.name:
            flow = self.inner._named(reshaped(flow, ()), gradient_role(past))
        if later is not None:
            later.of = flow
        return flow

    def _through_past(self, past: PastSum, flow: Assignment) -> None:
        """Passes the gradient by a sum over earlier steps on to its matrix and to the numbers before the first step."""
        matrix, *first = past.operands
        steps, before, back = self.loop.steps, past.before, self.back
        assert past.of is not None
        index = whole(matrix.shape)
        sides = [(index[:, before : before + steps], self.loop.keep(past.of)), *((index[:, :before], x) for x in first)]
        for places, of in sides if back._is_active(matrix) else ():
            product = Contraction(operands=(flow, of), letters=("a", "b"), out="ab", extents=places.shape,
                                  varies=matrix.varies and (flow.varies or of.varies))  # fmt: skip
            back._arrives(matrix, product, places)
        for x in filter(back._is_active, first):
            rows = placed(matrix, index[:, :before])
            made = Contraction(operands=(flow, rows), letters=("a", "ab"), out="b", extents=(before,),
                               varies=flow.varies or rows.varies)  # fmt: skip
            back._onward(x, summed_to(made, made.shape, made.varies, x, back.n))

    def _of_all(self, made: Loop, flow: Assignment, x: Step) -> Assignment:
        """Returns the gradient by the array of all steps that x is a part of; a plain number stays a plain number."""
        if is_number(flow):
            return flow
        if not flow.name:
            flow = self.inner._named(flow, gradient_role(x))
        kept = made.keep(flow)
        return reshaped(kept, (kept.shape[0], *(1,) * (len(x.shape) - len(flow.shape)), *flow.shape))

    def _total(self, made: Loop, flow: Assignment, x: Assignment) -> Assignment:
        """Returns the gradient by an array that every step reads: the sum over the steps."""
        if is_number(flow):
            return number(made.steps * number_of(flow))
        products = None if made.floats or not x.shape else self._of_all_steps(made, flow)
        if products is not None:
            return products
        role = gradient_role(x)
        total = Carried(operands=(number(0.0),), extents=flow.shape, varies=flow.varies, role=role,
                        name=code_name(role), is_total=True)  # fmt: skip
        made.carried.append((total, added(total, flow)))
        return made.end(total)

    def _read(self, x: Assignment) -> Assignment:
        """Returns an expression of the forward loop as the backward loop reads it.

        An array of a step is kept for all steps, and read step by step.
        """
        if x not in self.again:
            self.again[x] = self._read_anew(x)
        return self.again[x]

    def _of_all_steps(self, made: Loop, flow: Assignment) -> Assignment | None:
        """Returns the sum of a gradient over the steps, as one product after the loop.

        So ∂C/∂W is one product Δᵀ H of matrices with a row for each step. Returns None if the gradient is neither a
        named array nor a product of arrays, or if one of these arrays cannot be kept for all steps.
        """
        axes = AXES[: len(flow.shape)]
        terms = Contraction(operands=(flow,), letters=(axes,), out=axes, extents=flow.shape, varies=flow.varies)
        product = flow if isinstance(flow, Contraction) and not flow.name else terms
        arrays = [self._at_all_steps(made, x) for x in product.operands]
        if any(x is None for x in arrays):
            return None
        return replace(product, operands=tuple(x for x in arrays if x is not None),
                       letters=tuple(STEPS + letters for letters in product.letters))  # fmt: skip

    def _at_all_steps(self, made: Loop, x: Assignment) -> Assignment | None:
        """Returns the array that has x at all steps; None if x is no array of a step."""
        if isinstance(x, Step):
            return x.operands[0]
        if x in self.own:
            return self.loop.keep(x)
        return made.keep(x) if x in made.body and not isinstance(x, Put) else None

    def _operands(self, x: Assignment) -> tuple[Assignment, ...]:
        """Returns the operands of x as the backward loop reads them; a slope reads only those that its rule needs."""
        unread = {*range(len(x.operands))} - x.uses if isinstance(x, Slope) else set()
        return tuple(y if k in unread else self._read(y) for k, y in enumerate(x.operands))

    def _read_anew(self, x: Assignment) -> Assignment:
        if x in self.own:
            return Step(operands=(self.loop.keep(x),), extents=x.shape, varies=x.varies, role=x.role, name=x.name)
        if x.name or not x.operands:
            return replace(x) if isinstance(x, Step) else x
        operands = self._operands(x)
        return x if operands == x.operands else replace(x, operands=operands)


def _at_the_end(ends: dict[Assignment, Assignment], one: Carried, after: Assignment) -> Assignment:
    """Returns the gradient by `after`, the array that the last step hands on, maybe a reshaped array of the step."""
    of = after.operands[0] if isinstance(after, View) and not after.name else after
    flow = ends.pop(of, number(0.0))
    if of is not after and (flow.shape or flow.varies):
        flow = reshaped(spread(flow, of.shape), one.shape)
    return _in_full_rank(flow, one)


def _in_full_rank(flow: Assignment, of: Assignment) -> Assignment:
    """Returns the gradient by `of`; if it varies by example, with all axes of `of`, so that axis n stays in front."""
    return reshaped(flow, full_rank(flow.shape, len(of.shape))) if flow.varies else flow
