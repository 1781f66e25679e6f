"""Prepares a program for another engine: the text of the program, and the arrays that it needs."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..passes.both import both_passes
from ..printing.jax_code import JaxProgram
from ..printing.torch_code import TorchProgram
from ..recorded.normal_form import NormalForm

__all__ = ["Target", "target"]

PRINTERS = {"jax": JaxProgram, "torch": TorchProgram}


class Target(NamedTuple):
    """All that an engine needs to run a program."""

    source: str  # the text of a module that defines `program`
    arrays: dict[str, NDArray[Any]]  # further arguments of `program`, in this order
    parameters: NDArray[np.float64]
    inputs: int  # the length of an example

    def wrong_shape(self, shape: tuple[int, ...]) -> ValueError:
        """Returns a ValueError for examples of another shape."""
        rule = f"this program takes examples of shape (n, {self.inputs}), a row for each example"
        return ValueError(f"{rule}, or one example ({self.inputs},); got {shape}")

    def check_examples(self, given: int) -> None:
        """Raises TypeError if examples are missing, or are given although `lift` got no inputs."""
        if given != bool(self.inputs):
            rule = "the examples too" if self.inputs else "nothing but the parameters, as lift was given no inputs"
            raise TypeError(f"this program takes {rule}; got {given} {'array' if given == 1 else 'arrays'} of examples")


def target(
    name: str, form: NormalForm, numbers: tuple[list[int], list[int]], parameters: NDArray[np.float64]
) -> Target:
    """Returns the program of a normal form for the engine of this name, "jax" or "torch".

    `numbers` has the node numbers of the parameters and of the inputs.
    """
    if name not in PRINTERS:
        raise ValueError(f"programs are printed for numpy, {' and '.join(PRINTERS)}; got {name!r}")
    forward, back = both_passes(form, numbers, single=True, backward=bool(len(parameters)))
    printed = PRINTERS[name](forward, back, bool(numbers[1]))
    return Target(printed.source, printed.arrays, parameters, len(numbers[1]))
