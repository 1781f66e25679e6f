"""Claims about small graphs without structure: they run on plain floats, and give the numbers of the graph."""

import math
import pickle
import random

import numpy as np
import pytest

from autograd import DomainError, Value, lift, maximum, where
from nn import MLP
from tests.campaigns.lifted_programs import checked
from tests.helpers.lifting import assert_equal, eager


def distance(t, p, u, v):
    """The distance between two points on a sphere."""
    h = ((u - t) / 2).sin() ** 2 + t.cos() * u.cos() * ((v - p) / 2).sin() ** 2
    return 2 * h.sqrt().arcsin()


def determinant(a, b, c, d, e, f, g, h, i):
    return abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)).log()


def pieces(x, y, z):
    chosen = maximum(where(x > y, x * z, y - z), z * z)
    return where(chosen < 1.0, chosen.exp(), 1 + chosen) * x + (y - chosen).relu()


def area(a, b, c):
    s = (a + b + c) / 2
    return (s * (s - a) * (s - b) * (s - c)).sqrt()


def one(x):
    return x.sin() * x + x.exp()


PROGRAMS = [distance, determinant, pieces, area, one]


@pytest.mark.parametrize("f", PROGRAMS)
def test_it_runs_on_plain_floats(f):
    for seed in range(20):
        rng = random.Random(seed)
        leaves = [Value(rng.uniform(0.5, 1.5)) for _ in range(f.__code__.co_argcount)]
        try:
            output = f(*leaves)
        except DomainError:
            continue
        program = lift(output, leaves)
        assert ".tolist()" in program.source
        assert "np.sin" not in program.source
        assert_equal(program(), eager(output, leaves))
        assert program.forward() == pytest.approx(output.data, rel=1e-14)
        assert pickle.loads(pickle.dumps(program))()[0] == program()[0]


def test_moved_parameters_count():
    leaves = [Value(0.4), Value(-0.2), Value(0.9)]
    program = lift(pieces(*leaves), leaves)
    program.parameters = [1.3, 0.8, -0.7]
    moved = [Value(x) for x in (1.3, 0.8, -0.7)]
    assert_equal(program(), eager(pieces(*moved), moved))


def test_the_edges_of_floats_are_the_graphs():
    x = Value(1.0)
    program = lift(x.exp() * x + 1 / x, [x])
    program.parameters = [0.0]
    with pytest.raises(DomainError, match=r"1\.0 / 0\.0 has no value"):
        program()
    program.parameters = [800.0]
    with pytest.raises(DomainError, match=r"exp\(800\.0\) has no value"):
        program()
    program = lift(x * x * x * x + x, [x])
    program.parameters = [1e200]
    assert program()[0] == math.inf


def test_its_hessian_times_a_vector():
    leaves = [Value(0.4), Value(0.5), Value(0.9), Value(1.4)]
    program = lift(distance(*leaves), leaves)
    v, at, sides = np.array([1.0, -0.5, 0.3, 2.0]), program.parameters.copy(), []
    for side in (1e-5, -1e-5):
        program.parameters = at + side * v
        sides.append(program()[1])
    program.parameters = at
    np.testing.assert_allclose(program.hvp(v), (sides[0] - sides[1]) / 2e-5, rtol=1e-6)


@pytest.mark.filterwarnings("ignore:the graph")
def test_a_sum_that_is_read_whole_stays_an_array():
    """A sum from which several nodes are read at once is an array, forward and backward."""
    assert checked(910439) is None


def test_layers_and_large_graphs_stay_arrays():
    model = MLP(2, [2, 1], activation="tanh", seed=0)
    made = model([Value(0.3), Value(-0.7)])
    assert "W1 @ " in lift(made * made, model.parameters()).source
    rng, total, leaves = random.Random(0), Value(1.0), []
    for _ in range(200):
        leaves.append(Value(rng.uniform(0.9, 1.1)))
        total = total * leaves[-1] if rng.random() < 0.5 else total + leaves[-1].sin() * 0.01
    assert_equal(lift(total, leaves)(), eager(total, leaves))
