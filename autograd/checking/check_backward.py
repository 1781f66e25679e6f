"""Any backward pass that was written by hand, held to the graph of its forward pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .verdict import Verdict

__all__ = ["check_backward"]


def check_backward(
    forward: Callable[..., Any], inputs: Mapping[str, Any], gradients: Any, upstream: Any = None
) -> Verdict:
    """Judge a backward pass that was written by hand: which gradients are wrong, where the mistake is, and what it is.

    `forward` is your own NumPy code. It gets the inputs in the order of the dict, and returns an array, a number
    (the cost), or either of them before a cache. `inputs` has arrays by their names, also in dicts and lists. Arrays of
    floats take a gradient, and so does a float that one is given for; ints, bools, None and text are passed on as they
    are. `upstream` is ∂C/∂ of the array that forward returns, of its shape; a cost needs none.

    `gradients` has your ∂C/∂ of any inputs, each of its input's shape, by the names of the inputs and nested as these
    are, or as a tuple in their order. It may have those of local variables of forward too ("xhat": dxhat), which
    narrows the search: "h(2)" is the second array that a variable held, "step.z" a variable of the function step.
    They are whatever `np.asarray` takes, or PyTorch's tensors; float32 is judged by its own rounding.

        >>> import numpy as np
        >>> from autograd import check_backward
        >>> def batchnorm(x, gamma, beta):
        ...     mu = x.mean(axis=0)
        ...     xc = x - mu
        ...     var = (xc ** 2).mean(axis=0)
        ...     std = np.sqrt(var + 1e-5)
        ...     xhat = xc / std
        ...     return gamma * xhat + beta
        >>> rng = np.random.default_rng(1)
        >>> x, gamma, beta, dout = (rng.normal(size=shape) for shape in ((6, 3), 3, 3, (6, 3)))
        >>> xc = x - x.mean(axis=0)
        >>> std = np.sqrt((xc ** 2).mean(axis=0) + 1e-5)
        >>> dxhat = dout * gamma
        >>> dx = dxhat / std - xc * (dxhat * xc).mean(axis=0) / std ** 3
        >>> verdict = check_backward(batchnorm, {"x": x, "gamma": gamma, "beta": beta},
        ...                          {"x": dx, "gamma": (dout * xc / std).sum(axis=0), "beta": dout.sum(axis=0)},
        ...                          upstream=dout)
        >>> print(verdict)
        dgamma and dbeta are right; dx is wrong: the path through mu is missing...

    The verdict is true if all of them are right, so that `assert check_backward(...)` is a test, which prints it where
    it fails. Its `why` says what the mistake is, `where` between which arrays it must lie, and `wrong` has the entries.

    Raises ValueError for a name that no array has, for an `upstream` that is missing or of another shape than the
    result, and for a forward pass that gives other results each time (draw its random numbers outside, and give them
    as an input). Raises TypeError for gradients that are no real numbers, and where forward makes plain numbers of its
    inputs, as a store to `np.zeros(shape)` does: it names the line, and says what to write. What forward raises
    passes through.
    """
    from .judgement import judgement  # here, as it needs NumPy

    return judgement(forward, inputs, gradients, upstream)
