"""Claims about repeated steps: they become loops, whose lines do not grow with the steps and compute the graph."""

import math
import random

import numpy as np
import pytest

from autograd import DomainError, Value, lift
from nn import MLP, mean, quadratic
from tests.helpers.lifting import assert_equal, eager, eager_mean, leaves_of
from tests.helpers.recurrences import (
    Tangled,
    equal_layers,
    hidden_markov_model,
    kalman,
    lotka_volterra,
    lstm,
    random_field,
    random_recurrence,
    recurrent_network,
    triangular,
)


def lines(program):
    return program.source.count("\n")


def loops(program):
    return sum(line.strip().startswith("for ") for line in program.source.splitlines())


@pytest.mark.filterwarnings("ignore:the graph")  # a warning of random constants
@pytest.mark.parametrize("fifty", range(6))
def test_random_recurrences(fifty):
    """Each is lifted as a whole graph, and as a function of some of its leaves."""
    rolled = 0
    for seed in range(50 * fifty, 50 * fifty + 50):
        output, leaves, rng = random_recurrence(seed)
        kinds = [rng.choice(["parameter", "parameter", "input", "constant"]) for _ in leaves]
        parameters, inputs = ([v for v, kind in zip(leaves, kinds, strict=True) if kind == wanted]
                              for wanted in ("parameter", "input"))  # fmt: skip
        program = lift(output, parameters)
        rolled += loops(program) > 0
        assert_equal(program(), eager(output, parameters))
        if inputs and parameters and seed % 3 == 0:
            examples = [[x.data * (1 + 0.01 * rng.uniform(-1, 1)) for x in inputs] for _ in range(3)]
            expected = eager_mean(output, parameters, inputs, examples)
            assert_equal(lift(output, parameters, inputs)(examples), expected)
    assert rolled >= 40


@pytest.mark.filterwarnings("ignore:the graph")  # a warning of random constants
@pytest.mark.parametrize("twenty", range(4))
def test_tangled_recurrences(twenty):
    """Each is lifted as a whole graph, and as a function of a third of its leaves."""
    rolled = 0
    for seed in range(20 * twenty, 20 * twenty + 20):
        output = Tangled(seed).output
        leaves, rng = leaves_of(output), random.Random(seed)
        program = lift(output, leaves)
        rolled += loops(program) > 0
        assert_equal(program(), eager(output, leaves))
        inputs = rng.sample(leaves, max(1, len(leaves) // 3))
        others = [v for v in leaves if v not in inputs]
        if others:
            examples = [[x.data * (1 + 0.1 * rng.uniform(-1, 1)) for x in inputs] for _ in range(3)]
            assert_equal(lift(output, others, inputs)(examples), eager_mean(output, others, inputs, examples))
    assert rolled >= 10


def test_a_number_that_a_row_of_parameters_is_added_to_is_read_once():
    """Each label's number is added to its row of transitions by broadcasting, and gets a sum of the row back."""
    source = lift(*random_field(12)).source
    assert "_before[:, None] + p" in source
    assert "np.add.at" not in source
    assert "reshape(6, 6).T" not in source


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_lines_do_not_grow_with_the_steps(seed):
    short, long = (lines(lift(*random_recurrence(seed, steps)[:2])) for steps in (12, 24))
    assert long <= short + 12


@pytest.mark.parametrize(
    "build",
    [
        lotka_volterra,
        lambda steps: lotka_volterra(steps, "runge-kutta"),
        kalman,
        recurrent_network,
        lstm,
        random_field,
        hidden_markov_model,
        lambda steps: equal_layers(steps)[:2],
    ],
    ids=["euler", "runge_kutta", "kalman", "recurrent_network", "lstm", "random_field", "markov", "equal_layers"],
)
def test_recurrences_that_people_write(build):
    counted = []
    for steps in (20, 40):
        output, parameters = build(steps)
        program = lift(output, parameters)
        assert_equal(program(), eager(output, parameters))
        assert math.isclose(program.forward(), output.data, rel_tol=1e-12)
        assert loops(program) >= 2
        counted.append(lines(program))
    assert counted[1] <= counted[0] + 2


def test_a_triangular_system_gives_what_its_graph_gives():
    output, parameters = triangular(20)
    assert_equal(lift(output, parameters)(), eager(output, parameters))


def test_small_steps_run_on_plain_floats_and_large_ones_on_arrays():
    small, large = lift(*lotka_volterra(50)), lift(*recurrent_network(8))
    assert "import math" in small.source
    assert "import math" not in large.source
    assert "W1 @ " in large.source


def test_moved_parameters_move_a_loop():
    output, parameters = lotka_volterra(30)
    program = lift(output, parameters)
    program.parameters = [0.7, 0.4, 0.9, 0.6]
    for value, number in zip(parameters, program.parameters.tolist(), strict=True):
        value.data = number
    moved = [Value(number) for number in program.parameters.tolist()]
    x, y, a, b = moved
    for _ in range(30):
        x, y = x + 0.02 * (a * x - b * x * y), y + 0.02 * (b * x * y - y)
    assert_equal(program(), eager(x * x + y * y, moved))


def test_layers_of_equal_width_are_loops_over_examples_too():
    output, weights, x = equal_layers(8)
    program = lift(output, weights, x)
    examples = np.random.default_rng(0).normal(size=(4, len(x)))
    assert loops(program) == 2
    assert_equal(program(examples), eager_mean(output, weights, x, examples.tolist()))


def test_few_layers_keep_their_numbers():
    """Up to five steps are written as lines, like z¹, z², … in the notes."""
    model = MLP(4, [4, 4, 4, 4], activation="tanh", seed=0)
    x = [Value(0.3 * i) for i in range(4)]
    program = lift(quadratic(model(x), [0.2] * 4), model.parameters(), x)
    assert loops(program) == 0
    assert "z⁴ = W⁴ a³ + b⁴" in str(program)


def test_a_batch_is_no_loop():
    """Its examples do not depend on each other, and become rows of arrays."""
    model = MLP(3, [4, 2], activation="tanh", seed=1)
    cost = mean(quadratic(model([Value(0.1 * i + k) for i in range(3)]), [0.2, 0.3]) for k in range(20))
    assert loops(lift(cost, model.parameters())) == 0


def test_sequences_of_a_batch_run_side_by_side():
    """There is one loop, whose arrays have an axis for the sequences."""

    def graph(sequences):
        w, costs = [Value(0.3), Value(-0.4)], []
        for k in range(sequences):
            h = Value(0.1 * k)
            for _ in range(10):
                h = (w[0] * h + w[1]).tanh()
            costs.append(h * h)
        return sum(costs), w

    one, many = lift(*graph(2)), lift(*graph(9))
    assert loops(one) == loops(many) == 2
    assert_equal(many(), eager(*graph(9)))


@pytest.mark.parametrize("place", [0, 7, 19])
def test_a_step_unlike_the_others_is_none_of_the_loop(place):
    x = h = Value(0.4)
    for t in range(20):
        h = (h * 0.9).exp() if t == place else (h * 0.9 + 0.1).tanh()
    output = h * h
    assert_equal(lift(output, [x])(), eager(output, [x]))


def test_a_step_that_reads_far_back_is_none_of_a_loop_that_cannot():
    rng = np.random.default_rng(0)
    x = [Value(v) for v in (0.3, 0.5)]
    made = list(x)
    for t in range(30):
        made.append((made[-1] * made[rng.integers(len(made))] + 0.1 * t).sin())
    output = made[-1] * made[-1]
    assert_equal(lift(output, x)(), eager(output, x))


def test_steps_that_each_are_outputs():
    x = h = Value(0.4)
    outputs = []
    for _ in range(15):
        h = (h * 1.3 + 0.1).sin()
        outputs.append(h)
    made = lift(outputs, [x]).forward()
    np.testing.assert_allclose(made, [v.data for v in outputs], rtol=1e-14)


@pytest.mark.parametrize(
    ("change", "start", "message"),
    [
        (lambda h: (h - 0.5).log() + 1.5, 0.2, r"log needs a positive input"),
        (lambda h: (h * 3.0).exp(), 1.0, r"exp needs an input below 709"),
        (lambda h: 1.0 / (h - h * h), 1.0, r"needs a divisor other than 0"),
    ],
)
def test_a_step_outside_a_domain_raises_as_the_graph_does(change, start, message):
    x = h = Value(1.2 if start == 0.2 else 0.01)
    for _ in range(8):
        h = change(h).tanh() * 0.2 + 0.7 * x
    program = lift(h * 1.0, leaves_of(h))
    program.parameters = [start] * len(program.parameters)
    if message.startswith("exp"):
        program.parameters = [1e4]
    with pytest.raises(DomainError, match=message):
        program()


def test_numbers_that_overflow_give_what_the_graph_gives():
    x = Value(0.5)
    h = x
    for _ in range(12):
        h = h * h + x
    program = lift(h * 1.0, [x])
    program.parameters = [1e40]
    cost, gradient = program()
    assert cost == math.inf
    assert not np.isfinite(gradient).all()


def test_equations_say_what_a_step_does():
    text = str(lift(*recurrent_network(8)))
    assert "for t = 1, …, 8:\n" in text
    assert "for t = 8, …, 1:\n" in text
    assert text.count("tanh(z¹ₜ)") == 1
