"""Runs reverse mode on array programs: there is a rule for each kind of assignment. The result is an array program too.

A gradient that is constant along an axis may have length 1 there, or lack the axis; it then stands for a larger array.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ... import table
from ...programs.assignments import Assignment, Constant, Contraction, Fold, Leaf, Map, View
from ...programs.backward_kinds import Buffer, Examples, Put, Slope
from ...programs.loops import Loop
from ...programs.roles import Role, code_name
from ..layout import Ids, in_order, is_spread, whole
from .arithmetic import (
    added,
    in_front,
    is_condition,
    is_number,
    mapped,
    number,
    placed,
    reshaped,
    spread,
    subtracted,
    summed_to,
    times,
)
from .forward import ForwardPass
from .loop_reverse import gradient_role, through_loop
from .slopes import fold_slopes, slope

__all__ = ["BackwardPass", "backward_pass"]

Passed = Iterator[tuple[int, Assignment]]  # the position of an operand, and the gradient it gets

LARGE = 12  # operations: a larger expression gets a name and its own line
MANY = 40  # operations: in a larger sum each term gets its own line


class BackwardPass:
    """The assignments of the backward pass, in order. `gradient` has the derivatives of C, or of the mean C."""

    def __init__(self, forward: ForwardPass) -> None:
        self.assignments: list[Assignment] = []
        self.gradient = Buffer(name="gradient", role=Role("gradient"), extents=forward.parameters.shape)
        self.n = Examples(name="n", role=Role("n"), extents=())
        self._turned = forward.turned
        share = mapped(table.DIV, number(1.0), self.n) if forward.result.varies else number(1.0)
        self._flows: dict[Assignment, Assignment] = {forward.result: share, forward.parameters: self.gradient}
        self._buffers: set[Assignment] = {forward.parameters}  # arrays whose gradient has its own buffer
        self._active: dict[Assignment, bool] = {forward.parameters: True}
        # These arrays pass their gradient on when it is complete.
        self._waiting = {forward.parameters, *forward.assignments}
        self._waiting |= {
            made for x in forward.assignments if isinstance(x, Loop) for made in (*x.kept.values(), *x.ends.values())
        }
        self._meet(forward.assignments)
        self._sweep(forward.assignments)

    def _meet(self, assignments: Sequence[Assignment]) -> None:
        """Records which of these assignments, and which of the buffers that they fill, depend on a parameter."""
        for assignment in assignments:
            self._is_active(assignment)
            if isinstance(assignment, Put) and self._is_active(assignment.operands[1]):
                self._active[assignment.operands[0]] = True

    def _sweep(self, assignments: Sequence[Assignment]) -> None:
        """Passes on the gradients by these assignments, from the last to the first."""
        for assignment in reversed(assignments):
            if isinstance(assignment, Put):
                self._through_put(assignment)
            elif isinstance(assignment, Loop):
                through_loop(self, assignment)
            elif assignment in self._flows and self._active[assignment]:
                self._back(assignment, self._gathered(assignment))

    def _is_active(self, x: Assignment) -> bool:
        """Returns whether x depends on a parameter in a way that can pass on a gradient."""
        if x not in self._active and is_condition(x):
            self._active[x] = False  # its slope is 0 everywhere
        if x not in self._active:
            found = [self._is_active(operand) for operand in x.operands]  # all operands: `_gathered` reads the memo
            self._active[x] = any(found)
        return self._active[x]

    # ---- the gradient of an assignment

    def _gathered(self, of: Assignment) -> Assignment:
        """Returns the complete gradient by an assignment.

        The gradient gets a name if it is an error δ, if it is long, or if it is passed on to several operands or
        through a sum of products.
        """
        flow = self._flows.pop(of)
        assert of.role is not None
        is_error = of.role.letter == "z"
        plain = is_number(in_front(flow)[1])
        if flow.name or isinstance(flow, Leaf) or plain or (isinstance(flow, Constant) and not is_error):
            return flow
        ways = sum(self._active.get(x, False) for x in _leaves(of))
        if is_error or ways > 1 or _has(of, Contraction) or _size(flow) > LARGE:
            flow = self._named(flow, gradient_role(of))
        return flow

    def _named(self, flow: Assignment, role: Role) -> Assignment:
        flow = replace(flow) if flow in self._turned else flow  # the forward pass reads it without a name
        flow.role, flow.name = role, code_name(role)
        self.assignments.append(flow)
        return flow

    def _arrives(self, at: Assignment, flow: Assignment, index: Ids | None = None) -> None:
        """Adds `flow` to the gradient by the assignment `at`, or by its elements at `index`."""
        before = self._flows.get(at)
        own = at in self._buffers  # the flow so far may be another array's buffer, which must not change
        few = before is None or (not own and _size(before) + _size(flow) <= MANY)
        if index is None and few:
            self._flows[at] = flow if before is None else added(before, flow)
            return
        if not own:
            role = gradient_role(at)
            self._flows[at] = Buffer(name=code_name(role), role=role, extents=at.shape, varies=at.varies)
            self._buffers.add(at)
            if before is not None:
                self._put(self._flows[at], before, whole(at.shape))
        self._put(self._flows[at], flow, whole(at.shape) if index is None else index)

    def _put(self, buffer: Assignment, flow: Assignment, index: Ids, role: Role | None = None) -> None:
        self.assignments.append(Put(operands=(buffer, flow), index=index, extents=index.shape, role=role))

    # ---- the gradients that an assignment passes on

    def _back(self, node: Assignment, flow: Assignment) -> None:
        """Passes the gradient by an assignment on to its operands."""
        if isinstance(node, View):
            self._through_view(node, flow)
            return
        passed: dict[Assignment, Assignment] = {}
        for position, more in RULES[type(node)](self, node, flow):
            operand = node.operands[position]
            passed[operand] = added(passed[operand], more) if operand in passed else more
        for operand, more in passed.items():
            self._onward(operand, more)

    def _onward(self, at: Assignment, flow: Assignment) -> None:
        if at in self._waiting:
            self._arrives(at, flow)
        else:
            self._back(at, flow)

    def _through_view(self, node: View, flow: Assignment) -> None:
        (source,), index = node.operands, node.index
        if isinstance(source, Leaf):
            self._put(self.gradient, flow, index, node.role)
        elif isinstance(source, Buffer):
            self._arrives(source, flow, index)
        elif is_spread(index, source.shape):
            self._onward(source, summed_to(flow, index.shape, node.varies, source, self.n))
        elif index.size == math.prod(source.shape) == np.unique(index).size:
            if flow.shape != () or flow.varies:
                back = np.argsort(index.ravel()).reshape(source.shape)
                flow = spread(flow, index.shape)
                flow = reshaped(flow, source.shape) if in_order(back) else placed(flow, back)
            self._onward(source, flow)
        else:
            self._arrives(source, flow, index)

    def _through_put(self, put: Put) -> None:
        tape, array = put.operands
        if tape in self._flows and self._is_active(array):
            gradient = self._flows[tape]
            part = placed(gradient, put.index)
            self._onward(array, summed_to(part, put.index.shape, tape.varies, array, self.n))

    def _ways(self, node: Assignment) -> Iterator[int]:
        return (k for k, operand in enumerate(node.operands) if self._is_active(operand))

    def _through_map(self, node: Map, flow: Assignment) -> Passed:
        masked = node.op is table.WHERE and is_number(node.operands[2], -math.inf)
        for position in self._ways(node):
            if masked:  # masked elements are −∞ and pass on 0 by themselves
                yield position, flow
                continue
            by = slope(node.op, position, node, node.operands)
            if by is not None:
                yield position, summed_to(times(flow, by), node.shape, node.varies, node.operands[position], self.n)

    def _through_fold(self, node: Fold, flow: Assignment) -> Passed:
        """Yields the gradient that an operation along an axis passes on; its slopes by all elements are one array."""
        by = fold_slopes(node)
        yield 0, times(flow if flow.shape == () and not flow.varies else reshaped(flow, by.operands[0].shape), by)

    def _through_softmax(self, node: Slope, flow: Assignment) -> Passed:
        """Yields the gradient by a of p = softmax(a) along the last axis: p ∘ (flow − Σ flow ∘ p)."""
        total = summed_to(times(flow, node), node.shape, node.varies, node.operands[0], self.n)
        yield 1, times(subtracted(flow, total), node)

    def _through_contraction(self, node: Contraction, flow: Assignment) -> Passed:
        """Yields, for each operand, the gradient times the other operands: BP2 and BP4 for a matrix product."""
        scale, flow = in_front(flow)
        out = node.out[len(node.out) - len(flow.shape) :]
        extent = dict(zip(node.out, node.shape, strict=True))
        kept = [(letter, k) for letter, k in zip(out, flow.shape, strict=True) if k == extent[letter]]
        flow = reshaped(flow, tuple(k for _, k in kept))
        given = [] if is_number(flow) else [("".join(letter for letter, _ in kept), flow)]
        ways = [*self._ways(node)]
        twice = len(node.operands) == 2 and node.operands[0] is node.operands[1] and len(set(node.letters)) == 1
        for position in ways[:1] if twice else ways:
            others = [(letters, x) for k, (letters, x) in enumerate(zip(node.letters, node.operands, strict=True))
                      if k != position]  # fmt: skip
            operand, mine = node.operands[position], node.letters[position]
            made = _product([*given, *others], mine, operand, node.varies and not operand.varies, self.n)
            yield position, times(scale, times(number(2.0 if twice else 1.0), made))


RULES: Mapping[type, Callable[..., Passed]] = {
    Map: BackwardPass._through_map,
    Fold: BackwardPass._through_fold,
    Contraction: BackwardPass._through_contraction,
    Slope: BackwardPass._through_softmax,
}


def backward_pass(forward: ForwardPass) -> BackwardPass:
    """Returns the backward pass of a forward pass with a single result."""
    return BackwardPass(forward)


def _product(
    factors: list[tuple[str, Assignment]], mine: str, operand: Assignment, over_examples: bool, n: Assignment
) -> Assignment:
    """Returns the product of the factors, summed over the axes that are not in `mine`.

    With `over_examples`, the product is summed over the examples too.
    """
    if over_examples and not any(x.varies for _, x in factors):
        return times(n, _product(factors, mine, operand, False, n))
    met = "".join(letters for letters, _ in factors)
    out = "".join(letter for letter in mine if letter in met)
    extent = dict(zip(mine, operand.shape, strict=True))
    kept = tuple(extent[letter] if letter in out else 1 for letter in mine)
    if not factors:
        return number(1.0)
    plain = not over_examples and set(met) <= set(mine)
    if plain and not (len(factors) == 2 and not set(factors[0][0]) & set(factors[1][0]) and len(out) == 2):
        made = number(1.0)  # type: Assignment
        for letters, x in factors:
            order = sorted(range(len(letters)), key=lambda k: mine.index(letters[k]))
            turned = x if order == [*range(len(order))] else placed(x, whole(x.shape).transpose(order))
            wide = tuple(extent[letter] if letter in letters else 1 for letter in mine)
            made = times(made, reshaped(turned, wide) if x.shape or x.varies else x)
        return made
    contracted = Contraction(operands=tuple(x for _, x in factors), letters=tuple(letters for letters, _ in factors),
                             out=out, extents=tuple(extent[letter] for letter in out),
                             varies=not over_examples and any(x.varies for _, x in factors))  # fmt: skip
    return reshaped(contracted, kept) if out or contracted.varies else contracted


def _leaves(of: Assignment) -> Iterator[Assignment]:
    """Yields the named arrays, and views of them, that an expression reads, once for each time it reads them."""
    for operand in of.operands:
        if operand.name or isinstance(operand, View):
            yield operand
        else:
            yield from _leaves(operand)


def _has(of: Assignment, kind: type) -> bool:
    return isinstance(of, kind) or any(_has(x, kind) for x in of.operands if not x.name)


def _size(of: Assignment) -> int:
    return 0 if of.name else 1 + sum(map(_size, of.operands))
