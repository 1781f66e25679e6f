"""Recorded forward passes in NumPy: the program of a pass, and its gradients by the scalar graph."""

from types import SimpleNamespace

import numpy as np

from autograd import array, dot
from autograd.arrays.value_array import of_values
from autograd.programs.recording import Recorder
from autograd.programs.reverse import BackwardPass

WEIGHTS = np.cos(np.arange(2000.0))  # the upstream gradient of a result


def run_recorded(forward, *inputs):
    """Returns a recorded run of `forward` on arrays of Values, with its program and its backward pass."""
    recorder = Recorder(lambda: None)
    values = [array(given) for given in inputs]
    leaves = [recorder.leaf(value, f"x{k}") for k, value in enumerate(values)]
    with recorder.running():
        returned = forward(*values)
    result = recorder.array(returned)
    flow = WEIGHTS[: result.value.size].reshape(result.shape)
    backward = BackwardPass(recorder.program, result, flow)
    return SimpleNamespace(recorder=recorder, program=recorder.program, leaves=leaves, values=values, flow=flow,
                           returned=returned, result=result, backward=backward)  # fmt: skip


def gradients_by_graph(run):
    """Returns the gradients of the inputs, by the scalar graph that the run has made."""
    elements = of_values(np.asarray(run.returned, dtype=object)).ravel().tolist()
    dot(run.flow.ravel().tolist(), elements).backward()
    return [value.grad for value in run.values]


def kinds(run):
    """Returns the kinds of assignments in the program, in order and without views; a map is told by its operation."""
    names = {"Contraction": "Σ", "Fold": "fold"}
    return [node.op.name if hasattr(node, "op") and type(node).__name__ == "Map" else
            names.get(type(node).__name__, type(node).__name__)
            for node in reversed(run.backward.order) if type(node).__name__ not in ("View", "Leaf")]  # fmt: skip
