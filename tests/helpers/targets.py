"""Compares lifted programs in JAX and PyTorch with their graph. It sets JAX to float64 and two devices."""

import os
import random

import numpy as np
import pytest

os.environ["XLA_FLAGS"] = (
    "--xla_force_host_platform_device_count=2 "
    "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true"  # compiles fast, as it runs once
)
jax = pytest.importorskip("jax", reason="JAX is not installed")
torch = pytest.importorskip("torch", reason="PyTorch is not installed")
jax.config.update("jax_enable_x64", True)

from autograd import DomainError, lift  # noqa: E402  JAX is set up before
from tests.helpers.lifting import assert_equal, eager, eager_mean  # noqa: E402

__all__ = ["RUN", "held_to_the_graph", "jax", "torch"]


def in_jax(program, examples):
    cost, gradient = jax.jit(program.jax())(program.parameters, *examples)
    return float(cost), np.asarray(gradient)


def in_torch(program, examples):
    module = program.torch()
    cost = module(*examples)
    if len(program.parameters):
        cost.backward()
    return cost.item(), np.zeros(0) if module.flat.grad is None else module.flat.grad.numpy()


RUN = {"jax": in_jax, "torch": in_torch}


def held_to_the_graph(target, output, parameters, inputs, seed=0):
    """Raises if the program differs from the graph by more than 1e-12 of the terms, over three similar examples."""
    rng = random.Random(seed)
    examples = [[x.data * (1 + 0.1 * rng.uniform(-1, 1)) for x in inputs] for _ in range(3)] if inputs else None
    try:
        expected = eager_mean(output, parameters, inputs, examples) if inputs else eager(output, parameters)
    except DomainError:
        return
    assert_equal(RUN[target](lift(output, parameters, inputs), [np.array(examples)] if inputs else []), expected)
