"""Claims about the JAX code of a program: its lines, and how arrays are built without assignments."""

import ast
import random

import pytest

from autograd import Value, lift
from tests.campaigns.lifted_targets import of_a_graph, of_a_recurrence, of_vectors
from tests.helpers.lifting import STRUCTURES, note_2

NOTE_2_IN_JAX = """\
import jax.numpy as jnp


def program(parameters, inputs):
    # parameters (26,), inputs (n, 5)
    n = len(inputs)
    W1 = parameters[:16].reshape(4, 4)[:, :3]  # (4, 3)
    x = inputs[:, :3]  # (n, 3)
    b1 = parameters[3:16:4]  # (4,)
    W2 = parameters[16:].reshape(2, 5)[:, :4]  # (2, 4)
    b2 = parameters[20::5]  # (2,)
    y = inputs[:, 3:]  # (n, 2)
    z1 = x @ W1.T + b1
    a1 = jnp.tanh(z1)
    z2 = a1 @ W2.T + b2
    a2 = 1 / (1 + jnp.exp(-z2))
    t1 = a2 - y
    C = 0.5 * (t1 ** 2).sum() / n
    delta2 = t1 * a2 * (1 - a2) / n
    dW2 = delta2.T @ a1
    db2 = delta2.sum(axis=0)
    delta1 = (delta2 @ W2) * (1 - a1 * a1)
    dW1 = delta1.T @ x
    db1 = delta1.sum(axis=0)
"""


def test_the_lines_are_those_of_the_notes():
    assert lift(*note_2()).source_for("jax").startswith(NOTE_2_IN_JAX)


@pytest.mark.filterwarnings("ignore:the graph")  # a warning of random constants
@pytest.mark.parametrize("target", ["jax", "torch"])
def test_nothing_is_written_to_an_array(target):
    """Every line makes a new array; in PyTorch's loops, lists grow."""
    programs = [build(random.Random(5)) for build in STRUCTURES]
    programs += [build(seed) for build in (of_vectors, of_a_graph, of_a_recurrence) for seed in range(3)]
    for output, parameters, inputs in programs:
        for node in ast.walk(ast.parse(lift(output, parameters, inputs).source_for(target))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            assert not isinstance(node, ast.AugAssign)
            assert not any(isinstance(part, ast.Subscript) for made in targets for part in ast.walk(made))


def gradient_line(parameters, output):
    source = lift(output, parameters).source_for("jax")
    return next(line.strip() for line in source.splitlines() if line.startswith("    gradient = "))


def test_parts_that_alternate_are_put_side_by_side():
    """The parameters alternate neuron by neuron, weights before bias, so each row has both."""
    line = gradient_line(*_layer())
    assert line == "gradient = jnp.concatenate([dW1, delta1.reshape(2, 1)], -1).reshape(8)"


def _layer():
    w, x = [Value(0.1 * i) for i in range(8)], [0.3, -0.2, 0.9]
    z = [sum((w[4 * j + k] * x[k] for k in range(3)), w[4 * j + 3]) for j in range(2)]
    return w, sum(v.tanh() for v in z)


def test_what_nothing_was_put_into_is_0():
    w, output = _layer()
    unused = [Value(1.0) for _ in range(5)]
    line = gradient_line([*unused, *w], output)
    assert line.startswith("gradient = jnp.concatenate([jnp.full((5,), 0, parameters.dtype), jnp.concatenate([dW1, ")


def test_a_part_over_another_is_added():
    w, output = _layer()
    assert gradient_line(w, output + 0.5 * sum(v * v for v in w)).startswith("gradient = parameters + jnp.concatenate(")
