"""Functions that are recorded with the names of their variables."""

from types import SimpleNamespace

import numpy as np

from autograd import array
from autograd.programs.named_recorder import NamedRecorder
from autograd.programs.naming import Names
from autograd.programs.run_arrays import RecordedArray

RNG = np.random.default_rng(3)
X, W, B = RNG.normal(size=(4, 3)), RNG.normal(size=(3, 3)), RNG.normal(size=3)


def recorded(forward, **inputs):
    """Returns the named arrays, the program and the result of a recorded function."""
    names = Names()
    recorder = NamedRecorder(names)
    values = {name: array(given).view(RecordedArray) for name, given in inputs.items()}
    leaves = {name: recorder.leaf(value, name) for name, value in values.items()}
    with recorder.running():
        result = names.run(forward, values.values())
    result = recorder.array(result)
    found = names.finish(recorder, leaves, result)
    return SimpleNamespace(named=found, program=recorder.program, result=result)


def step(h, x):
    z = h + x
    return np.tanh(z)
