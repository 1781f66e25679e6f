"""Makes the program a function of JAX arrays; JAX uses the program's own gradient as the derivative of the cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..loading import loaded
from .extras import needed
from .target import Target

__all__ = ["jax_function"]


def jax_function(target: Target) -> Callable[..., tuple[Any, Any]]:
    """Returns the function that `Program.jax` returns: from parameters and examples to the cost and the gradient."""
    needed("jax", "program.jax()")
    import jax
    import jax.numpy as jnp
    from jax.custom_derivatives import SymbolicZero

    program = loaded(target.source, {})
    numbers, of_examples = target.arrays, target.inputs
    count = target.parameters.shape

    def printed(parameters: Any, *examples: Any) -> tuple[Any, Any]:
        """Returns (cost, gradient) from the printed program, called with its arrays in the parameters' precision."""
        given = [x if x.dtype.kind == "i" else jnp.asarray(x, parameters.dtype) for x in numbers.values()]
        made: tuple[Any, Any] = program(parameters, *examples, *given)
        return made

    def changes(primals: Any, tangents: Any) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
        """Returns the results and their tangents, for JAX.

        The cost's tangent along the parameters comes from the program's gradient. JAX itself computes the rest.
        """
        parameters, *examples = primals
        cost, gradient = printed(*primals)
        moved = [_filled(x) if isinstance(x, SymbolicZero) else x for x in tangents]
        rate = jnp.zeros_like(cost) if isinstance(tangents[0], SymbolicZero) else gradient @ moved[0]
        if any(not isinstance(x, SymbolicZero) for x in tangents[1:]):
            rate += jax.jvp(lambda *x: printed(parameters, *x)[0], examples, moved[1:])[1]
        return (cost, gradient), (rate, jax.jvp(printed, primals, tuple(moved))[1][1])

    def _filled(zero: Any) -> Any:
        return jnp.zeros(zero.shape, zero.dtype)

    both = jax.custom_jvp(printed)
    both.defjvp(changes, symbolic_zeros=True)

    def function(parameters: Any, *examples: Any) -> tuple[Any, Any]:
        """Returns the cost, a mean over the examples, and its gradient.

        Args:
            parameters: The flat parameters, shape (n_parameters,).
            examples: If the program has inputs, shape (n, n_inputs), or (n_inputs,) for one example.
        """
        target.check_examples(len(examples))
        flat = jnp.asarray(parameters)
        flat = flat if jnp.issubdtype(flat.dtype, jnp.floating) else flat.astype(float)
        if flat.shape != count:
            raise ValueError(f"parameters are an array of shape {count}; got {flat.shape}")
        rows = [jnp.asarray(x, flat.dtype) for x in examples]
        for x in rows:
            if x.ndim not in (1, 2) or x.shape[-1] != of_examples or not x.size:
                raise target.wrong_shape(x.shape)
        made: tuple[Any, Any] = both(flat, *(x.reshape(-1, of_examples) for x in rows))
        return made

    return function
