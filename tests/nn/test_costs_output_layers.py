"""Claims about output layers: fit and compare warn of one that does not suit its cost."""

import warnings

import numpy as np
import pytest

from autograd import Value
from nn import MLP, Adam, Layer, Module, OutputWarning, binary_cross_entropy, compare, fit, softmax_cross_entropy
from nn.costs import COSTS
from tests.helpers.learning import TARGETS, X
from tests.helpers.networks import ACTIVATIONS

CORNERS, XOR = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0]
LOGITS = ["binary_cross_entropy", "softmax_cross_entropy"]
SQUASHES = [name for name in ACTIVATIONS if name != "linear"]


@pytest.mark.parametrize("lifted", [True, False])
@pytest.mark.parametrize("cost", LOGITS)
@pytest.mark.parametrize("output", SQUASHES)
def test_a_cost_that_takes_logits_wants_a_linear_output(output, cost, lifted):
    model = MLP(3, [4, 2], "tanh", output, seed=3)
    own = {"binary_cross_entropy": "σ", "softmax_cross_entropy": "softmax"}[cost]
    message = f"those of {output}, and {cost} takes logits, as it applies {own} itself: .*output='linear'$"
    with pytest.warns(OutputWarning, match=message) as by_fit:
        fit(model, X, TARGETS[cost], cost=cost, epochs=1, lifted=lifted)
    with pytest.warns(OutputWarning, match=message) as by_compare:
        compare(model, X, TARGETS[cost], cost)
    assert [warned.filename for warned in (*by_fit, *by_compare)] == [__file__] * 2


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("output", ACTIVATIONS)
def test_every_other_pair_is_as_people_like(output, cost):
    if cost in LOGITS:
        output = "linear"
    model = MLP(3, [4, 2], "sigmoid", output, seed=3)
    fit(model, X, TARGETS[cost], cost=cost, epochs=1)
    y = TARGETS[cost]
    compare(model, X, y, cost)


def test_what_it_is_about():
    """On XOR, a sigmoid before the cost's own σ is right for half of the examples, as σ(z) > 0 is always true."""
    shares = {}
    for output in ("sigmoid", "linear"):
        model = MLP(2, [8, 1], "tanh", output, seed=1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", OutputWarning)
            history = fit(model, CORNERS, XOR, cost="binary_cross_entropy", optimizer=Adam(model.parameters(), 0.05),
                          epochs=200)  # fmt: skip
        shares[output] = history.accuracy[-1]
    assert shares == {"sigmoid": 0.5, "linear": 1.0}


def test_a_cost_given_as_the_function_is_the_cost_of_its_name():
    model = MLP(3, [4, 2], "tanh", "sigmoid", seed=3)
    with pytest.warns(OutputWarning, match="those of sigmoid, and binary_cross_entropy takes logits"):
        history = fit(model, X, TARGETS["binary_cross_entropy"], cost=binary_cross_entropy, epochs=1)
    assert history.lifted
    one, other = MLP(3, [4, 2], "tanh", seed=3), MLP(3, [4, 2], "tanh", seed=3)
    y = TARGETS["softmax_cross_entropy"]
    by_function = fit(one, X, y, cost=softmax_cross_entropy, epochs=2)
    assert by_function == fit(other, X, y, cost="softmax_cross_entropy", epochs=2)


class Probabilities(Module):
    """A module whose outputs are a hand-written softmax, with a division or a product."""

    def __init__(self, divided):
        self.layer, self.divided = Layer(3, 2, "linear", seed=1), divided

    def __call__(self, x):
        powers = [z.exp() for z in self.layer(x)]
        total = powers[0] + powers[1]
        return [p / total for p in powers] if self.divided else [p * (1 / total) for p in powers]


@pytest.mark.parametrize("divided", [True, False])
@pytest.mark.parametrize("cost", LOGITS)
def test_a_softmax_by_hand_is_recognised(cost, divided):
    with pytest.warns(OutputWarning, match=f"those of softmax, and {cost} takes logits"):
        fit(Probabilities(divided), X, TARGETS[cost], cost=cost, epochs=1)


class Last(Module):
    def __init__(self, function):
        self.layer, self.function = Layer(3, 2, "linear", seed=1), function

    def __call__(self, x):
        return [self.function(z) for z in self.layer(x)]


def test_a_module_is_told_by_the_operation_that_made_its_outputs():
    y = TARGETS["binary_cross_entropy"]
    with pytest.warns(OutputWarning, match="those of tanh, and"):
        fit(Last(Value.tanh), X, y, cost="binary_cross_entropy", epochs=1)
    for function in (lambda z: z, lambda z: z * 2, lambda z: 5 * (z / 5).tanh()):
        fit(Last(function), X, y, cost="binary_cross_entropy", epochs=1)


def test_logits_that_happen_to_add_up_to_one_are_logits():
    model = MLP.from_arrays([np.eye(2)], [[0.0, 0.0]])
    fit(model, [[0.25, 0.75], [1.0, 0.0]], [1, 0], cost="softmax_cross_entropy", epochs=1)
    compare(model, [[0.25, 0.75], [1.0, 0.0]], [1, 0], "softmax_cross_entropy")


def test_a_refusal_comes_without_a_warning():
    model = MLP(3, [4, 1], output="sigmoid", seed=3)
    with pytest.raises(ValueError, match="are numbers from 0 to 1"):
        fit(model, X, np.full(12, 3.0), cost="binary_cross_entropy")
    with pytest.raises(TypeError, match="optimizer is an nn"):
        fit(model, X, np.zeros(12), cost="binary_cross_entropy", optimizer="adam")
