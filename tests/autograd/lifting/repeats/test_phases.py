"""Claims about where the blocks of a run begin: where the fewest numbers go from one to the next."""

import pytest

from autograd import Value, lift
from tests.helpers.lifting import assert_equal, eager
from tests.helpers.recurrences import hidden_markov_model, lstm, random_field, recurrent_network


def one_state(steps):
    x, a, b = parameters = [Value(0.3), Value(0.8), Value(0.1)]
    for _ in range(steps):
        x = x + 0.1 * (a * x + b).tanh()
    return x, parameters


@pytest.mark.parametrize(
    ("build", "count"),
    [(lstm, 2), (random_field, 1), (hidden_markov_model, 1), (recurrent_network, 1), (one_state, 1)],
    ids=["lstm", "random_field", "markov", "recurrent_network", "one_state"],
)
def test_a_loop_hands_on_what_a_step_hands_on(build, count):
    """An LSTM hands on h and c, the others one array or number. No gate of a step is computed in the step before."""
    output, parameters = build(14)
    program = lift(output, parameters)
    assert_equal(program(), eager(output, parameters))
    before_the_loop = program.source.partition("gradient = ")[0].partition("    for t in range")[0]
    handed_on = {line.strip().split("_before")[0] for line in before_the_loop.splitlines() if "_before = " in line}
    assert len(handed_on) == count
