"""`check_backward`: a backward pass that somebody wrote, compared with the graph of its forward pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .verdict import Verdict

__all__ = ["check_backward"]


def check_backward(
    forward: Callable[..., Any], inputs: Mapping[str, Any], gradients: Any, upstream: Any = None
) -> Verdict:
    """Judges a backward pass that was written by hand: which gradients are wrong, where the mistake is, and what it is.

    Args:
        forward: Your NumPy code. It takes the inputs in the order of the dict. It returns an array or a number (the
            cost), alone or as the first part of a tuple (result, cache).
        inputs: Arrays by name, also in dicts and lists. Arrays of floats take a gradient. A single float takes one if
            you give it. Ints, bools, None and text are passed to forward unchanged.
        gradients: Your ∂C/∂input for any of the inputs, each in the shape of its input, by name and nested as the
            inputs are, or as a tuple in their order. Anything that `np.asarray` takes, or tensors of PyTorch. Gradients
            of local variables of forward ("xhat": dxhat) narrow the search: "h(2)" is the second array that the
            variable h held, "step.z" is the variable z of a function step. float32 is judged by its own rounding.
        upstream: ∂C/∂result, in the shape of the array that forward returns. If forward returns the cost, leave it out.
    Returns:
        The verdict. It is true if all gradients are right, so `assert check_backward(...)` is a test, which prints the
        verdict if it fails. `verdict.why` says what the mistake is, `verdict.where` lists the steps it may be in, and
        `verdict.wrong` holds the wrong entries.
    Raises:
        ValueError: If a name belongs to no array, if `upstream` is missing or has another shape than the result, or if
            forward gives other results at each call. Then draw its random numbers outside and pass them as an input.
        TypeError: If gradients are no real numbers, or if forward turns Values into plain numbers, as a store to
            `np.zeros(shape)` does. The message names the line and the remedy. Errors of forward itself pass through.
    Example:
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
    """
    from .judgement import judgement  # late: it needs NumPy

    return judgement(forward, inputs, gradients, upstream)
