"""Finds why a gradient has a wrong shape: it is transposed, not reshaped, not summed, or summed over other axes."""

from __future__ import annotations

import numpy as np

from ...programs.assignments import Array
from ...programs.recorded import Recorded
from ..edits import called, uses
from ..judged import Given
from .matching import is_explained

__all__ = ["misshapen"]


def misshapen(given: Given, recorded: Recorded) -> str:
    """Returns a text that says why a gradient has a wrong shape, or only the two shapes if no reason is known."""
    yours, right = given.array, given.right
    shapes = f"d{given.name} has shape {yours.shape}, but {given.name} has shape {right.shape}"
    if yours.size == right.size and yours.ndim and _is(given, np.reshape(yours, right.shape)):
        return f"{shapes}: its numbers are right, so reshape it"
    if yours.T.shape == right.shape:
        if _is(given, yours.T):
            return f"d{given.name} is transposed: {shapes}"
        return f"{shapes}: it is transposed, and its numbers are wrong too"
    if yours.ndim == right.ndim and all(yours.shape >= np.array(right.shape)):
        starts = (np.array(yours.shape) - right.shape) // 2
        inner = yours[tuple(slice(start, start + n) for start, n in zip(starts, right.shape, strict=True))]
        if _is(given, inner):
            return f"{shapes}: its inner numbers are right, so cut off the border, which the padding has added"
    for axis in range(yours.ndim):
        for what, reduced in (("summed", yours.sum(axis=axis)), ("averaged", yours.mean(axis=axis))):
            if reduced.size == right.size and _is(given, reduced.reshape(right.shape)):
                return f"{shapes}: it is not {what} over axis {axis}, along which {given.name} was broadcast"
    if right.size == 1 and yours.size > 1:
        its = "its sum" if _is(given, yours.sum().reshape(right.shape)) else ""
        if yours.ndim == 2 and len(set(yours.shape)) == 1 and _is(given, np.trace(yours).reshape(right.shape)):
            its = "its trace, the sum of its diagonal,"
        if its:
            return f"{shapes}: {its} is right"
    for what, of in (("summed", np.sum), ("averaged", np.mean)):
        for axis in (None, *range(right.ndim)):
            less = np.asarray(of(right, axis=axis))
            if less.size == yours.size and _close(given, np.reshape(yours, less.shape), less):
                over = "the whole array" if axis is None else f"axis {axis} of {given.name}"
                return f"{shapes}: it is also {what} over {over}"
    another = _over_another_axis(given, recorded) or _broadcast(given, recorded)
    return f"{shapes}: {another}" if another else shapes


def _over_another_axis(given: Given, recorded: Recorded) -> str:
    """Returns a text if the array was broadcast along a new axis 0, but its gradient is a sum over another; or ""."""
    for way in uses(recorded).get(given.assignment.number, ()):
        flow = recorded.backward.flows[way.number]
        for axis in range(1, flow.ndim) if flow.ndim == given.right.ndim + 1 else ():
            for what, of in (("summed", np.sum), ("averaged", np.mean)):
                less = np.asarray(of(flow, axis=axis))
                if less.size == given.array.size and _close(given, np.reshape(given.array, less.shape), less):
                    return f"it is {what} over axis {axis}, not over axis 0, along which {given.name} was broadcast"
    return ""


def _broadcast(given: Given, recorded: Recorded) -> str:
    """Returns a text if the last axis is n long instead of 1, as after h − y with shapes (n, 1) and (n,); or ""."""
    *first, n = given.array.shape or (0,)
    columns = [array for array in recorded.backward.order if array.shape == (n, 1)]
    if n > 1 and (*first, 1) == given.right.shape and columns:
        column = min(columns, key=lambda array: not array.name)
        return (
            f"as if an array of shape ({n},), such as a vector of labels, were subtracted from {called(column)}, of "
            f"shape ({n}, 1), which gives shape ({n}, {n}): reshape it to ({n}, 1)"
        )
    return ""


def _is(given: Given, array: Array) -> bool:
    return is_explained(Given(given.name, given.assignment, array, given.right, given.allowed), given.right)


def _close(given: Given, yours: Array, less: Array) -> bool:
    allowed = float(np.sum(given.allowed)) + 1e-12 * float(np.max(np.abs(less), initial=0.0))
    return bool(np.all(np.abs(yours - less) <= allowed))
