"""A forward pass in NumPy, run on floats and on arrays of Values, and recorded with its right backward pass."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from types import FrameType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays.conversions import array, numbers
from ..arrays.value_array import ValueArray, plain
from ..diagnostics.leaving import LeftGraphWarning, varying
from ..diagnostics.lines import librarys_function
from ..grad_mode import enable_grad
from ..programs.assignments import Array, Assignment, Constant
from ..programs.named_recorder import NamedRecorder
from ..programs.naming import Names
from ..programs.recorded import Recorded
from ..programs.reverse import BackwardPass
from ..programs.run_arrays import RecordedArray
from ..value import Value
from ..weighted_sums import dot
from .inputs import Inputs, numbers_of_tensor, real_numbers

__all__ = ["LESS", "ForwardPass", "forward_pass"]

# The two runs compute the same numbers in float64, except that sums may have another order.
AGREEMENT = 1e-6
AGREEMENT_OF_SINGLES = 1e-3  # if forward itself converts to float32
LESS = 2.0**-600  # scales gradients that overflow; a power of 2, so that their digits stay the same


@dataclass(frozen=True, eq=False)
class ForwardPass:
    """A recorded forward pass, with the gradients from its graph."""

    recorded: Recorded
    names: dict[str, Assignment]  # the arrays by name; an array may have several names
    by_graph: dict[int, Array]  # the gradients from the scalar graph, by the number of the assignment
    of_views: dict[int, Array]  # gradients of arrays made of others' elements: those of the elements, over all uses
    with_less: ForwardPass | None = None  # the same with ∂C/∂result scaled by LESS, if gradients overflowed

    def right(self, assignment: Assignment) -> Array:
        """Returns ∂C/∂array; zeros if the cost does not depend on the array."""
        right = self._own(assignment)
        if self.with_less is None:
            return right
        return np.where(self.overflows(assignment), self.with_less.right(assignment) / LESS, right)

    def overflows(self, assignment: Assignment) -> NDArray[np.bool_]:
        """Returns a mask of the entries where ∂C/∂array is finite but a number on the way to it overflows."""
        right = self._own(assignment)
        if self.with_less is None:
            return np.zeros(right.shape, dtype=bool)
        return np.logical_not(np.isfinite(right)) & np.isfinite(self.with_less.right(assignment) / LESS)

    def _own(self, assignment: Assignment) -> Array:
        for found in (self.by_graph, self.recorded.backward.flows, self.of_views):
            if assignment.number in found:
                return found[assignment.number]
        return np.zeros(assignment.shape)


def forward_pass(forward: Callable[..., Any], inputs: Inputs, upstream: Any = None) -> ForwardPass:
    """Records a run on Values, compares its results with those of a run on floats, and returns it with its gradients.

    Raises ValueError if no input is an array of floats, if the runs differ, if `upstream` is missing or has another
    shape than the result, or if the result depends on no input. Raises TypeError
    if forward turns Values into plain numbers, or if its result is no array.
    """
    if not inputs.arrays:
        raise ValueError(
            f"arrays of floats have gradients, also in dicts and lists; got {inputs.kinds()}: convert ints by "
            "x.astype(float)"
        )
    run, failed = _ran(forward, inputs, RecordedArray)
    try:
        on_floats = _on_floats(forward, inputs)  # an error of forward's own is raised here, unchanged
        if run is None or not _gives(on_floats, run):  # it may need that a copy has the Values of its array
            if run is not None:
                _hold_still(forward, inputs, on_floats)
            run, failed = _ran(forward, inputs, ValueArray)
        if failed is not None:
            raise failed
    finally:
        failed = None  # the error holds this frame: break the cycle
    assert run is not None
    _hold_together(forward, inputs, on_floats, run)
    return run.gone_back(_upstream(upstream, on_floats.shape))


def _ran(forward: Callable[..., Any], inputs: Inputs, kind: type[ValueArray]) -> tuple[_Run | None, Exception | None]:
    """Returns the run on arrays of Values of this class, or the error that it raised."""
    try:
        return _Run(forward, inputs, kind), None
    except Exception as error:
        return None, error


class _Run:
    """A run on arrays of Values that records the operations and the names of variables."""

    def __init__(self, forward: Callable[..., Any], inputs: Inputs, kind: type[ValueArray]) -> None:
        self.names = Names()
        self.recorder = NamedRecorder(self.names, follows_copies=kind is RecordedArray)
        arguments, values = inputs.on_values(kind)
        self.leaves: dict[str, Assignment] = {name: self.recorder.leaf(part, name) for name, part in values.items()}
        varied = {value for part in values.values() for value in part.ravel().tolist()}
        with enable_grad(), varying(varied), warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("ignore")  # the run on floats gives forward's own warnings
            warnings.simplefilter("always", LeftGraphWarning)
            try:
                with self.recorder.running():
                    returned = self.names.run(forward, arguments)
            except Exception as error:
                if told:
                    raise _left(told[0].message) from error
                if called := librarys_function(error):
                    raise _of_floats(*called) from error
                error.add_note(_only_on_values(error))
                raise
        if told:
            raise _left(told[0].message)
        result = _result(returned)
        self.assignment = self.recorder.returned(result)
        self.result = array(plain(result))
        self.recorder.read_unused()
        self.called = self.names.finish(self.recorder, self.leaves, self.assignment)

    def gone_back(self, flow: Array) -> ForwardPass:
        """Runs the backward pass for `flow` = ∂C/∂result, and returns the forward pass with its gradients.

        If some number in them overflows, they are also computed from a smaller flow.
        """
        found = self._gone_back(flow)
        if all(np.isfinite(x).all() for x in found.recorded.backward.flows.values()):
            return found
        return replace(found, with_less=self._gone_back(flow * LESS))

    def _gone_back(self, flow: Array) -> ForwardPass:
        program = self.recorder.program
        backward = BackwardPass(program, self.assignment, flow)
        if not any(leaf.number in backward.flows for leaf in self.leaves.values()):
            raise ValueError(
                f"what forward returns depends on none of its inputs ({', '.join(self.leaves)}), so there is no "
                "gradient to judge; x.data and autograd.numbers(x) are plain numbers, and copy.deepcopy(x) is not "
                "connected to x, as x.copy() is"
            )
        with enable_grad():
            total = dot(flow.ravel().tolist(), self.result.ravel().tolist())
            total.zero_grad()
            total.backward()
        best = {array.name: array for array in program.assignments if array.name and not isinstance(array, Constant)}
        recorded = Recorded(program, self.assignment, self.leaves, best, backward)
        by_graph, elements = self.recorder.gradients()
        return ForwardPass(recorded, self.called, by_graph, elements)


def _left(warning: Any) -> TypeError:
    """Makes a TypeError from a LeftGraphWarning, which says where forward turned a Value into a plain number."""
    return TypeError(f"{warning.told}; autograd.numbers(v) is the plain number, if that is meant")


def _only_on_values(error: Exception) -> str:
    """Returns the note for an error that may come of Values alone, with a remedy if they are in a plain array."""
    told = "forward does so on arrays of Values, on which its graph is recorded, not on floats"
    is_numpys = isinstance(error, TypeError) and ("dtype('O')" in str(error) or "ufunc" in str(error))
    return f"{told}; np.array([...]) makes plain objects of Values: write np.stack([...])" if is_numpys else told


def _of_floats(name: str, frame: FrameType) -> TypeError:
    """Makes a TypeError for a function of another library that failed in a frame of forward."""
    file, line, caller = frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name
    return TypeError(
        f"{name} does not work on arrays of Values, in line {line} of {os.path.basename(file)} ({caller}): write it "
        "with NumPy's functions; if no gradient passes through it, compute it outside and give it as an input"
    )


def _result(returned: Any) -> Any:
    """Returns the array that forward returned, alone or first in a tuple. A number becomes a 0-d array."""
    result = returned[0] if isinstance(returned, tuple) and returned else returned
    result = numbers_of_tensor(result)
    if isinstance(result, list | float | int | Value | np.generic):
        with suppress(ValueError):  # arrays of several shapes are no array
            result = np.asarray(plain(result))
    if not isinstance(result, np.ndarray) or result.dtype.kind not in "biufO":
        raise TypeError(
            f"forward returns an array, a number (the cost), or a tuple that begins with one of them; got "
            f"{type(result).__name__} {result!r:.60}"
        )
    return result


def _on_floats(forward: Callable[..., Any], inputs: Inputs) -> Any:
    """Returns the array of a run on floats; an array of objects as floats."""
    result = _result(forward(*inputs.on_floats()))
    return numbers(result) if result.dtype == object else result


def _hold_together(forward: Callable[..., Any], inputs: Inputs, on_floats: Any, run: _Run) -> None:
    """Raises ValueError unless both runs gave the same numbers."""
    if _gives(on_floats, run):
        return
    _hold_still(forward, inputs, on_floats)
    raise ValueError(
        f"forward gives {_shown(on_floats)} on floats and {_shown(numbers(run.result))} on arrays of Values: something "
        "in it depends on the type of the array, turns Values into plain numbers (x.data), or makes such rounding "
        "errors, as the inverse of a nearly singular matrix does"
    )


def _hold_still(forward: Callable[..., Any], inputs: Inputs, on_floats: Any) -> None:
    """Raises ValueError unless a second run on floats gives the same numbers."""
    again = _on_floats(forward, inputs)
    if not _agree(on_floats, again, 0.0):
        raise ValueError(
            f"forward gives {_shown(on_floats)} in one run and {_shown(again)} in the next one: it draws random "
            "numbers, or keeps something from run to run; draw them outside (mask = rng.random(x.shape) < p) and give "
            "them as an input, {..., 'mask': mask}"
        )


def _gives(on_floats: Any, run: _Run) -> bool:
    """Returns whether a run on Values gave the numbers of the run on floats."""
    largest = max((_size(array.value) for array in run.recorder.program.assignments), default=0.0)
    return _agree(on_floats, numbers(run.result), 1e-10 * largest)


def _agree(one: Any, other: Any, slack: float) -> bool:
    """Returns whether both arrays hold the same numbers, except for rounding."""
    if one.shape != other.shape:
        return False
    relative = AGREEMENT_OF_SINGLES if one.dtype.itemsize < 8 else AGREEMENT
    return bool(np.allclose(one, other, rtol=0.0, atol=relative * _size(one) + slack, equal_nan=True))


def _size(numbers: Any) -> float:
    """Returns the largest finite |x| in an array; 0 if there is none."""
    return float(np.abs(numbers).max(initial=0.0, where=np.isfinite(numbers)))


def _shown(result: Any) -> str:
    flat = result.ravel()
    if flat.size > 1:
        return f"{flat[0]:.6g}, …, of shape {result.shape}"
    return f"{flat[0]:.6g}" if flat.size else "nothing"


def _upstream(given: Any, shape: tuple[int, ...]) -> Array:
    """Returns ∂C/∂result as an array of floats; 1 if the result is a number and none is given. Raises if it misfits."""
    what = f"an array of shape {shape}" if shape else "a number"
    if given is None:
        if shape:
            raise ValueError(
                f"forward returns {what}: give upstream, ∂C/∂result in that shape for a cost C (np.ones({shape}) "
                "if C is the sum of the result)"
            )
        return np.ones(())
    flow = real_numbers(given, "upstream")
    if flow.shape != shape and (shape or flow.size != 1):
        raise ValueError(f"upstream is ∂C/∂result, in its shape; forward returns {what}; got shape {flow.shape}")
    return flow.astype(float).reshape(shape)
