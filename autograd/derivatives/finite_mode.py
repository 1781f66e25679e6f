"""`only_finite`: the first NaN or infinity raises an error that names the operation and the line of code."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..diagnostics.lines import as_in_a_traceback, users_frame
from ..diagnostics.refusals import shown
from ..grad_mode import Mode, watching
from ..value import Value, number_of
from .sweeps import Step, backward_steps

__all__ = ["NotFiniteError", "check_seeds", "only_finite", "take"]

MOST_SHOWN = 6  # inputs of an operation


class NotFiniteError(FloatingPointError):
    """A number became NaN or infinite inside `only_finite`."""


class only_finite(Mode):  # noqa: N801  a context manager is used like a keyword
    """Raises NotFiniteError at the first NaN or infinity inside `with only_finite():`.

    In a forward pass, it raises when an operation gives NaN or infinity. In a backward pass or a derivative, it raises
    before such a number is passed on; no gradient has been changed then. The error names the operation, its inputs with
    their labels, and the line of code that made it. Blocks nest, and each thread or task has its own. If a generator
    yields inside a block, the block stays open until the generator goes on. Lifted programs are NumPy code, and are not
    checked: use `np.errstate` for them. Operations take several times as long inside a block.

    Example:
        >>> with only_finite():
        ...     C = Value(1e200, "w") * 1e200
        Traceback (most recent call last):
        ...
        autograd.derivatives.finite_mode.NotFiniteError: mul of (w = 1e+200), 1e+200 is inf:
        ...
    """

    def __init__(self, *wrong: object) -> None:
        super().__init__(*wrong)
        # The line that made each node, by the node's id. The node's operation and first operand are stored too: the id
        # of a deleted node may be that of a copy later, which no line made, and they tell the two apart.
        self._lines: dict[int, tuple[Any, ...]] = {}

    def check(self, node: Value) -> None:
        """Stores the line that made a node; raises NotFiniteError if its number is not finite."""
        line = as_in_a_traceback(users_frame())
        self._lines[id(node)] = line, node.op, id(node._left)
        if not math.isfinite(node.data):
            raise NotFiniteError(f"{_made(node)} is {node.data}:\n{line}")

    def check_backward(self, root: Value, seed: float) -> None:
        """Runs the steps of a backward pass; raises NotFiniteError if a step or a leaf's gradient is not finite."""
        if not math.isfinite(seed):
            raise NotFiniteError(f"the seed of a backward pass from {_called(root)} is {seed!r}")
        if root.op is None and not math.isfinite(root.grad + seed):
            raise NotFiniteError(f"the gradient of {_called(root)} is {root.grad!r}, and {seed!r} is added to it")
        take(backward_steps(root, seed), "parent", before=lambda v: v.grad if v.op is None else 0.0)

    def check_step(self, step: Step, total: float) -> None:
        """Raises NotFiniteError if `total`, the sum of a sweep after this step, is not finite."""
        node, parent = step.node, step.parent
        if math.isfinite(total):
            return
        slope, upstream = number_of(step.local), number_of(step.upstream)
        contribution = number_of(step.contribution)
        if math.isfinite(contribution):
            what = f"the derivatives that add up at {_called(parent)} are {total!r} together: the last is from"
        else:
            made_so = contribution != contribution and slope == slope and upstream == upstream  # it is 0 · inf
            told = f"indeterminate, {slope:g} · {upstream:g}" if made_so else repr(contribution)
            what = f"the derivative by {_called(parent)} is {told}: it comes from"
        line, *made = self._lines.get(id(node), ("",))
        is_known = made == [node.op, id(node._left)]
        where = f". It was made here:\n{line}" if is_known else ". The line that made it is not known"
        raise NotFiniteError(
            f"{what} {_made(node)} = {node.data}, with slope {slope!r} and arriving gradient {upstream!r}{where}"
        )


def check_seeds(seeds: Mapping[Value, Any]) -> None:
    """Raises NotFiniteError if a seed of a sweep is not finite and an `only_finite` block is open."""
    for value, seed in seeds.items() if watching() is not None else ():
        if not math.isfinite(number_of(seed)):
            raise NotFiniteError(f"the seed of a derivative at {_called(value)} is {number_of(seed)!r}")


def take(steps: Iterable[Step], adds_to: str, before: Callable[[Value], float] = lambda _: 0.0) -> None:
    """Runs all steps of a sweep. In an `only_finite` block, raises NotFiniteError at the first sum that is not finite.

    Each step adds its contribution to the sum of one Value: of the step's node if `adds_to` is "node", of its parent if
    `adds_to` is "parent". `before(value)` is the number at which the sum of a Value starts.
    """
    watch = watching()
    totals: dict[Value, float] = {}
    for step in steps:
        if watch is not None:
            value = getattr(step, adds_to)
            totals[value] = totals.get(value, before(value)) + number_of(step.contribution)
            watch.check_step(step, totals[value])


def _made(node: Value) -> str:
    """Returns a node as text, by its operation and inputs: `C = exp of z = 800.0`."""
    assert node.op is not None, "leaves are given, not made"
    inputs = [_called(operand) for operand in node.operands]
    told = ", ".join(inputs[:MOST_SHOWN])
    if len(inputs) > MOST_SHOWN:
        odd = [_called(v) for v in node.operands[MOST_SHOWN:] if not math.isfinite(getattr(v, "data", v))]
        told += f", … ({len(inputs)} inputs" + (f", among them {', '.join(odd[:MOST_SHOWN])})" if odd else ")")
    return f"{node.label} = {node.op.name} of {told}" if node.label else f"{node.op.name} of {told}"


def _called(operand: Any) -> str:
    return f"({shown(operand)})" if getattr(operand, "label", "") else shown(operand)
