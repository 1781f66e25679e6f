"""Makes the program a module of PyTorch; PyTorch uses the backward pass of the program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ..loading import loaded
from .target import Target

__all__ = ["LiftedModule"]


class Cost(torch.autograd.Function):
    """The cost, for PyTorch's autograd. The gradient is computed along with it, by the program's backward pass."""

    generate_vmap_rule = True

    @staticmethod
    def forward(program: Callable[..., Any], flat: Any, *given: Any) -> Any:
        """Returns (cost, gradient) from the printed program."""
        return program(flat, *given)

    @staticmethod
    def setup_context(kept: Any, inputs: Any, output: Any) -> None:
        """Keeps the gradient, and the tensors from which it was computed."""
        program, *tensors = inputs
        kept.program = program
        kept.mark_non_differentiable(output[1])
        kept.save_for_backward(output[1], *tensors)

    @staticmethod
    def backward(kept: Any, seed: Any, _: Any) -> Any:
        """Returns the gradient times `seed`, and None for all other arguments.

        If PyTorch will differentiate the gradient too, the gradient is computed again, and PyTorch records this.
        """
        gradient, *tensors = kept.saved_tensors
        if torch.is_grad_enabled():
            gradient = kept.program(*tensors)[1]
        return None, seed * gradient, *(None for _ in tensors[1:])


class LiftedModule(torch.nn.Module):
    """A lifted program as a module; `flat` has the parameters, `source` is the text that runs. See `Program.torch`."""

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.source, self.target = target.source, target._replace(arrays={})
        self.flat = torch.nn.Parameter(torch.tensor(target.parameters))
        self.given = [f"given_{name}" for name in target.arrays]
        for name, array in zip(self.given, target.arrays.values(), strict=True):
            self.register_buffer(name, torch.tensor(array), persistent=False)
        self._program = loaded(self.source, {})

    def forward(self, *examples: Any) -> Any:
        """Returns the cost, a mean over the examples of shape (n, n_inputs), or (n_inputs,) for one example."""
        self.target.check_examples(len(examples))
        of_examples = self.target.inputs
        rows = [torch.as_tensor(x, dtype=self.flat.dtype, device=self.flat.device) for x in examples]
        for x in rows:
            if x.ndim not in (1, 2) or x.shape[-1] != of_examples or not x.numel():
                raise self.target.wrong_shape(tuple(x.shape))
            if x.requires_grad:
                raise ValueError(
                    "this program has gradients by its parameters alone; the examples require one too: detach them, "
                    "or lift the graph with these numbers as parameters"
                )
        given = [*(x.reshape(-1, of_examples) for x in rows), *(getattr(self, name) for name in self.given)]
        if torch.is_grad_enabled() and self.flat.requires_grad:
            return Cost.apply(self._program, self.flat, *given)[0]  # type: ignore[no-untyped-call]  # PyTorch's
        return self._program(self.flat, *given, backward=False)

    def __getstate__(self) -> dict[str, Any]:
        """Returns the state for pickles: all but the function, which is loaded again from its text."""
        return {name: held for name, held in self.__dict__.items() if name != "_program"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)  # type: ignore[no-untyped-call]  # PyTorch's
        self._program = loaded(self.source, {})
