"""Claims about lifted graphs with linear parts, whose gradients are plain numbers."""

import random

import pytest

from autograd import Value, dot, lift
from tests.helpers.lifting import assert_equal, eager, eager_mean, leaves_of, values

ACTIVATIONS = (lambda v: v, lambda v: v.tanh(), lambda v: v * 2.0, lambda v: v.relu(), lambda v: v + 1.0, lambda v: -v)
FACTORS = (1.0, 0.0, -1.0, 2.0, 0.5)


def layers(rng):
    """Returns (output, its leaves): layers of weighted sums, and a sum of some of their results, some repeatedly."""
    k, m = rng.randint(1, 4), rng.randint(1, 4)
    nodes = values(rng, m)
    for _ in range(rng.randint(1, 3)):
        act = rng.choice(ACTIVATIONS)
        h = [act(v) for v in rng.sample(nodes, m)]
        rows = [values(rng, m) for _ in range(k)]
        if rng.random() < 0.2:
            rows = [rows[0]] * k
        biased = rng.random() < 0.5
        sums = []
        for row in rows:
            if rng.random() < 0.5:
                sums.append(dot(row, h, Value(0.3) if biased else None))
            else:
                sums.append(sum([a * b for a, b in zip(row[1:], h[1:], strict=True)], row[0] * h[0]))
        nodes += map(rng.choice(ACTIVATIONS), sums) if rng.random() < 0.4 else sums
    terms = [rng.choice(nodes[-k:] if rng.random() < 0.7 else nodes) for _ in range(rng.randint(1, 5))]
    output = terms[0] * rng.choice(FACTORS)
    for term in terms[1:]:
        output = output + (term * rng.choice(FACTORS) if rng.random() < 0.4 else term)
    return (output + Value(0.7) if rng.random() < 0.5 else output), rng


@pytest.mark.filterwarnings("ignore:the graph")  # a warning of random constants
@pytest.mark.parametrize("hundred", range(6))
def test_random_layers(hundred):
    """Each is lifted as a whole graph, and as a function of some of its leaves."""
    for seed in range(100 * hundred, 100 * hundred + 100):
        output, rng = layers(random.Random(seed))
        leaves = leaves_of(output)
        kinds = [rng.choice("pic") for _ in leaves]
        parameters, inputs = ([v for v, kind in zip(leaves, kinds, strict=True) if kind == one] for one in "pi")
        assert_equal(lift(output, parameters)(), eager(output, parameters))
        if inputs:
            examples = [[rng.uniform(-1, 1) for _ in inputs] for _ in range(3)]
            expected = eager_mean(output, parameters, inputs, examples)
            assert_equal(lift(output, parameters, inputs)(examples), expected)


@pytest.mark.parametrize(
    "made",
    [
        lambda a, b, c, x: (z := a * c.tanh() + b * c.tanh()) + z + x,
        lambda a, b, c, x: (z := a * c.tanh() + b * c.tanh()) - z + x,
        lambda a, b, c, x: (z := dot([a, b], [b, c])) + z + z + x * z,
        lambda a, b, c, x: (z := dot([a, b], [b, c])) * 3.0 + (z + x),
        lambda a, b, c, x: sum([z.tanh() for z in (a * c + b, b * c + a)]) * 2.0 + x,
        lambda a, b, c, x: (z := a * c.tanh() + b * c.tanh()) + z * 0.0 + x,
    ],
)
def test_a_delta_that_is_a_plain_number(made):
    """For example in n + n: a node that does not depend on the example counts once for each use and each example."""
    a, b, c, x = Value(0.3), Value(0.5), Value(0.7), Value(1.25)
    output, parameters = made(a, b, c, x), [a, b, c]
    assert_equal(lift(output, parameters)(), eager(output, parameters))
    examples = [[1.0], [2.0], [-0.5]]
    assert_equal(lift(output, parameters, [x])(examples), eager_mean(output, parameters, [x], examples))
