"""Claims about sums that grow by a term at each step: they are loops, whose lines do not grow with the steps."""

import random

import numpy as np
import pytest

from autograd import Value, dot, lift
from tests.helpers.lifting import assert_equal, eager, eager_mean, leaves_of, values
from tests.helpers.recurrences import triangular


def weighted(rng, steps):
    """Each result is a sum of all earlier results with its own weights."""
    start, made, weights = Value(0.3), [], []
    for _ in range(steps):
        row = values(rng, len(made)) if made else []
        weights += row
        made.append((start + sum((w * h for w, h in zip(row, made, strict=True)), 0.0)).tanh())
    return made, [start, *weights]


def by_numbers(rng, steps):
    """The weights are plain numbers, as in a Volterra equation; the first term is of another kind."""
    a, b = values(rng, 2)
    made = [a * 0.3]
    for t in range(1, steps):
        made.append((sum(0.5 / (1 + t - j) * h for j, h in enumerate(made)) + 0.7 * b).tanh())
    return made, [a, b]


def plain(rng, steps):
    """A plain sum of all earlier results, multiplied by one parameter."""
    a, b = values(rng, 2)
    made = [b.sin()]
    for _ in range(1, steps):
        made.append((a * sum(made) + b).sin())
    return made, [a, b]


def twice(rng, steps):
    """Two such sums at each step."""
    a, b = values(rng, 2)
    made, weights = [], []
    for t in range(steps):
        row = values(rng, len(made)) if made else []
        weights += row
        first = dot(row, made, a) if made else b
        made.append((a * sum(made, 0.0) / (1 + t) + first).tanh())
    return made, [a, b, *weights]


def of_squares(rng, steps):
    """The sum is over the squares of the results, and the results are passed on."""
    a, b = values(rng, 2)
    made, weights = [], []
    for t in range(steps):
        row = values(rng, len(made)) if made else []
        weights += row
        made.append((a + sum((w * (h * h) for w, h in zip(row, made, strict=True)), 0.0) + 0.1 * t * b).tanh())
    return made, [a, b, *weights]


BUILDS = [weighted, by_numbers, plain, twice, of_squares]


def graph(build, steps, seed=0, last=False):
    made, parameters = build(random.Random(seed), steps)
    output = made[-1] * 1.0 if last else sum(v * v for v in made)
    used = {*leaves_of(output)}
    return output, [v for v in parameters if v in used]


@pytest.mark.parametrize("build", [*BUILDS, None], ids=lambda build: build.__name__ if build else "triangular")
def test_lines_do_not_grow_with_the_steps(build):
    counted = []
    for steps in (12, 24):
        output, parameters = triangular(steps) if build is None else graph(build, steps)
        program = lift(output, parameters)
        assert_equal(program(), eager(output, parameters))
        assert "past" in program.source
        counted.append(program.source.count("\n"))
    assert counted[1] <= counted[0] + 2


@pytest.mark.filterwarnings("ignore:the graph")  # a warning of the constants 0 and 1 at the beginning of these graphs
@pytest.mark.parametrize("last", [False, True], ids=["all", "last"])
@pytest.mark.parametrize("build", BUILDS)
def test_a_growing_sum_gives_what_its_graph_gives(build, last):
    """It is lifted as a whole graph, over examples of some leaves, and for its Hessian times a vector."""
    for seed in range(3):
        rng = random.Random(seed)
        output, parameters = graph(build, rng.choice([8, 12, 20]), seed, last)
        program = lift(output, parameters)
        assert_equal(program(), eager(output, parameters))
        inputs = rng.sample(parameters, len(parameters) // 2)
        others = [v for v in parameters if v not in inputs]
        examples = [[x.data * (1 + 0.1 * rng.uniform(-1, 1)) for x in inputs] for _ in range(4)]
        assert_equal(lift(output, others, inputs)(examples), eager_mean(output, others, inputs, examples))
        v, at = np.array([rng.uniform(-1, 1) for _ in parameters]), program.parameters.copy()
        sides = []
        for side in (1e-5, -1e-5):
            program.parameters = at + side * v
            sides.append(program()[1])
        program.parameters = at
        np.testing.assert_allclose(program.hvp(v), (sides[0] - sides[1]) / 2e-5, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("whose", ["right-hand sides", "matrices"])
def test_triangular_systems_of_examples(whose):
    output, parameters = triangular(12)
    right, matrix = parameters[-12:], parameters[:-12]
    others, inputs = (matrix, right) if whose == "right-hand sides" else (right, matrix)
    rng = random.Random(1)
    examples = [[x.data * (1 + 0.2 * rng.uniform(-1, 1)) for x in inputs] for _ in range(5)]
    program = lift(output, others, inputs)
    assert "past" in program.source
    assert_equal(program(examples), eager_mean(output, others, inputs, examples))


def test_the_equations_say_what_is_summed():
    text = str(lift(*triangular(12)))
    assert "= Σ L[t, 1…t−1] ∘ h₁[1…t−1]" in text
    assert "= Σ L[t+1…11, t] ∘ " in text


def test_a_batch_of_systems_is_arrays():
    """A loop for each system would be longer than lines for all systems at once."""
    rng = random.Random(0)
    rows, costs, right = [[*values(rng, i), Value(1.5)] for i in range(10)], [], []
    for _ in range(6):
        b, x = values(rng, 10), []
        for row, other in zip(rows, b, strict=True):
            x.append((other - sum(w * known for w, known in zip(row, x, strict=False))) / row[-1])
        costs.append(sum(v * v for v in x))
        right += b
    output, parameters = sum(costs), [*(v for row in rows for v in row), *right]
    program = lift(output, parameters)
    assert_equal(program(), eager(output, parameters))
    assert "past" not in program.source
