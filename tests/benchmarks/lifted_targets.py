"""Lifted programs in JAX and PyTorch, beside JAX by an expert: `python -m tests.benchmarks.lifted_targets`.

With a name, it prints the time of every round of each as JSON. They take turns, on one thread. On a machine with a GPU
JAX and PyTorch use it, and the time is the clock's, as the processor waits; elsewhere it is the processor's.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")  # before NumPy is loaded
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax
import jax.numpy as jnp
import numpy as np
import torch

from autograd import lift
from nn import MLP, quadratic
from tests.benchmarks.lifted_names import by_hand as by_hand_anywhere
from tests.benchmarks.lifted_names import names

jax.config.update("jax_enable_x64", True)
torch.set_num_threads(1)
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
now = time.perf_counter if DEVICE == "cuda" else time.process_time

Timed = dict[str, Callable[[], Any]]


def network(n: int) -> Timed:
    """MLP 64-32-10, sigmoid, quadratic cost, over n examples."""
    model = MLP(64, [32, 10], activation="sigmoid", output="sigmoid", seed=0)
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(n, 64)), rng.uniform(size=(n, 10))
    program = lift(lambda x, y: quadratic(model(x), y), model.parameters(), (X, Y))
    examples = np.hstack([X, Y])

    @jax.jit
    def by_hand(arrays: Any, examples: Any) -> Any:
        (W1, W2), (b1, b2) = arrays
        X, Y = examples[:, :64], examples[:, 64:]
        A1 = 1 / (1 + jnp.exp(-(X @ W1.T + b1)))  # jax.nn.sigmoid is slower
        A2 = 1 / (1 + jnp.exp(-(A1 @ W2.T + b2)))
        E = A2 - Y
        C = (E * E).sum() / (2 * n)
        D2 = E * A2 * (1 - A2) / n
        D1 = (D2 @ W2) * A1 * (1 - A1)
        return C, [D1.T @ X, D1.sum(axis=0), D2.T @ A1, D2.sum(axis=0)]

    given = jax.tree.map(jnp.asarray, ((model.weights, model.biases), examples))
    return timed(program, examples, lambda: by_hand(*given))


def transformer(n: int) -> Timed:
    """The transformer of the first names, over names of seven letters."""
    both = names(n)

    @jax.jit
    def by_hand(arrays: Any, examples: Any) -> Any:
        X, Y = (part.reshape(n, 8, 27) for part in jnp.split(examples, 2, axis=1))
        return by_hand_anywhere(jnp, arrays, X, Y)

    given = jax.tree.map(jnp.asarray, (both["arrays"], both["examples"]))
    return timed(both["program"], both["examples"], lambda: by_hand(*given))


def timed(program: Any, examples: Any, by_hand: Callable[[], Any]) -> Timed:
    """Returns the programs that take turns: both in JAX, and the lifted ones in NumPy and in PyTorch."""
    function, parameters, rows = jax.jit(program.jax()), jnp.asarray(program.parameters), jnp.asarray(examples)
    cost, gradient = program(examples)
    start = now()
    in_jax = jax.block_until_ready(function(parameters, rows))
    print(f"compiled in {now() - start:.2f} s for {jax.default_backend()}", file=sys.stderr)
    assert abs(in_jax[0] - cost) < 1e-10
    assert abs(by_hand()[0] - cost) < 1e-10
    assert np.allclose(in_jax[1], gradient, rtol=1e-9, atol=1e-12)
    module, tensor = program.torch().to(DEVICE), torch.from_numpy(examples).to(DEVICE)

    def in_torch() -> None:
        module.flat.grad = None
        module(tensor).backward()
        if DEVICE == "cuda":
            torch.cuda.synchronize()

    in_torch()
    assert np.allclose(module.flat.grad.cpu(), gradient, rtol=1e-9, atol=1e-12)
    return {
        "lifted": lambda: jax.block_until_ready(function(parameters, rows)),
        "by hand": lambda: jax.block_until_ready(by_hand()),
        "numpy": lambda: program(examples),
        "torch": in_torch,
    }


PROGRAMS: dict[str, Callable[[], Timed]] = {
    **{f"mlp_{n}": partial(network, n) for n in (256, 65_536, 1_048_576)},
    **{f"names_{n}": partial(transformer, n) for n in (256, 8192)},
}


def main(name: str, rounds: int, repeat: int) -> None:
    programs = PROGRAMS[name]()
    seconds: dict[str, list[float]] = {who: [] for who in programs}
    for i in range(rounds):
        for who in [*programs][:: 1 if i % 2 else -1]:
            start = now()
            for _ in range(repeat):
                programs[who]()
            seconds[who].append((now() - start) / repeat)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
