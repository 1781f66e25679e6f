"""Claims about fit's reasons: it says why nothing was learnt if the reason is known, and gives no other warnings."""

import itertools
import pickle
import warnings

import numpy as np
import pytest

from autograd import Value, define_operation, dot
from nn import MLP, SGD, Adam, DivergedError, History, Layer, Module, Neuron, NotLearningWarning, fit
from tests.helpers.learning import TARGETS, X, network

CORNERS, XOR = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0, 1.0, 0.0])
RNG = np.random.default_rng(5)


def ended(model, why, X=CORNERS, y=XOR, rate=0.05, nothing=True, **options):
    """Returns the only note of such a training, after a check that `fit` warns of it."""
    head = "taught the model nothing" if nothing else "could have learnt more"
    with pytest.warns(NotLearningWarning, match=f"this training {head}: .*{why}") as caught:
        history = fit(model, X, y, optimizer=Adam(model.parameters(), rate), **{"epochs": 60, **options})
    assert caught[0].filename == __file__
    assert repr(history).endswith(f"; {'; '.join(history.notes)}>")
    (note,) = history.notes
    return note


def filled(model, number):
    """Returns the model with the same number for every parameter."""
    for parameter in model.parameters():
        parameter.data = number
    return model


# ---- dead


@pytest.mark.parametrize("seed", range(5))
def test_adam_at_one_kills_every_relu_of_a_layer(seed):
    note = ended(MLP(2, [5, 10, 5, 1], seed=seed), "every relu of layers? .* dead", rate=1.0, epochs=200)
    assert "z is not above 0 for any of the 4 examples" in note
    assert "a lower learning rate" in note


@pytest.mark.parametrize("lifted", [True, False])
@pytest.mark.parametrize(
    ("cost", "y"),
    [
        ("hinge", [1, -1, 1, -1]),
        ("binary_cross_entropy", XOR),
        ("softmax_cross_entropy", [0, 1, 1, 0]),
        ("mean_squared_error", XOR + 7),
    ],
)
def test_the_layer_that_is_dead_is_named_under_every_cost(cost, y, lifted):
    model = MLP(2, [4, 3, 1 + (cost == "softmax_cross_entropy")], seed=2)
    for neuron in model.layers[1].neurons:
        neuron.bias.data = -20.0
    note = ended(model, "", y=y, cost=cost, epochs=3, lifted=lifted)
    assert note.startswith("every relu of layer 2 is dead")


def test_an_output_of_relu_that_is_dead_says_what_relu_cannot_give():
    note = ended(MLP(2, [4, 1], output="relu", seed=0), "layer 2 is dead", y=-1 - XOR)
    assert "as outputs of relu are never below 0, output='linear'" in note


def test_of_many_examples_some_are_looked_at():
    model = MLP(1, [2, 1], seed=0)
    for neuron in model.layers[0].neurons:
        neuron.bias.data = -20.0
    points = np.linspace(-1, 1, 5000)[:, None]
    assert "any of the 200 examples looked at" in ended(model, "", X=points, y=points[:, 0] ** 2, epochs=1)


# ---- saturated and vanished


@pytest.mark.parametrize(("activation", "output", "y"), [("tanh", "tanh", 2 * XOR - 1), ("sigmoid", "sigmoid", XOR),
                                                         ("softplus", "sigmoid", XOR)])  # fmt: skip
def test_saturated_outputs(activation, output, y):
    model = MLP(2, [8, 1], activation, output, seed=1)
    for parameter in model.parameters():
        parameter.data *= 300
    note = ended(model, "saturated in layer", X=CORNERS + 0.5, y=y)
    assert f"{output} is saturated in layer" in note or f"and {output} is saturated in layer" in note
    assert "draw smaller weights" in note


def test_inputs_that_are_not_scaled_saturate_sigmoids():
    points = RNG.uniform(200, 255, size=(60, 4))
    model = MLP(4, [3, 1], "sigmoid", seed=4)
    for neuron in model.layers[0].neurons:
        for weight in neuron.weights:
            weight.data = abs(weight.data)
    y = (points[:, 0] > points[:, 1]) * 1.0
    assert "scale inputs" in ended(model, "sigmoid is saturated in layer 1", X=points, y=y)


@pytest.mark.parametrize("lifted", [True, False])
def test_gradients_vanish_in_deep_sigmoids(lifted):
    note = ended(MLP(2, [8] * 8 + [1], "sigmoid", seed=1), "vanishes on its way back", epochs=100, lifted=lifted)
    assert "of layer 1 is " in note
    assert "of that of layer 9: take another activation" in note


def test_an_activation_of_ones_own_may_be_flat():
    steps = define_operation("steps", lambda m, a: m.sign(a), lambda m, y, a: 0.0 * a)
    note = ended(MLP(2, [4, 1], steps, seed=0), "steps is flat in layer 1", y=[1.0, -2.0, 0.5, 3.0], epochs=1)
    assert "any of" not in note
    wide = MLP(2, [500, 1], lambda z: z * 0.0, seed=0)
    assert "each of the 4 examples looked at" in ended(wide, "lambda is flat", X=np.tile(CORNERS, (5, 1)),
                                                      y=np.tile(XOR, 5), epochs=1)  # fmt: skip


# ---- symmetric


@pytest.mark.parametrize(("number", "activation"), [(0.0, "tanh"), (0.5, "tanh"), (-0.3, "sigmoid"), (0.5, "sigmoid")])
def test_constant_weights_keep_the_neurons_of_a_layer_alike(number, activation):
    model = filled(MLP(2, [4, 3, 1], activation, seed=0), number)
    note = ended(model, "symmetric")
    assert note.startswith("the neurons of layers 1 and 2 are symmetric")
    assert "draw their weights at random" in note
    for layer in model.layers[:2]:
        np.testing.assert_allclose(*np.broadcast_arrays([[w.data for w in n.weights] for n in layer.neurons],
                                                        [w.data for w in layer.neurons[0].weights]))  # fmt: skip


def test_all_zero_relus_are_symmetric_and_dead():
    model = filled(MLP(2, [4, 1], seed=0), 0.0)
    with pytest.warns(NotLearningWarning):
        symmetric, dead = fit(model, CORNERS, XOR).notes
    assert "of layer 1 are symmetric" in symmetric
    assert "of layer 1 is dead" in dead


def test_symmetric_neurons_that_learn_a_part_could_have_learnt_more():
    ended(filled(MLP(2, [4, 1], "sigmoid", seed=0), 1.0), "", y=CORNERS.max(axis=1), nothing=False, epochs=400)


def test_alike_neurons_with_different_ones_after_them_part():
    model = MLP(2, [4, 1], "tanh", seed=0)
    filled(model.layers[0], 0.3)
    assert fit(model, CORNERS, XOR, optimizer=Adam(model.parameters(), 0.05), epochs=300).notes == []


# ---- gradients of 0


@pytest.mark.parametrize("cost", [lambda a, y: Value(a.data) * 2 + 1, lambda a, y: (Value(a.data) - y[0]) ** 2,
                                  lambda a, y: (a - a) + 3.0, lambda a, y: Value(4.0)])  # fmt: skip
def test_a_cost_that_does_not_depend_on_the_model(cost):
    assert "leaves the graph" in ended(MLP(2, [3, 1], "tanh", seed=0), "every gradient is exactly 0", cost=cost)


@pytest.mark.parametrize("cost", ["hinge", lambda a, y: (1 - y[0] * a).relu()])
def test_a_hinge_that_is_satisfied_is_learnt(cost):
    model = MLP.from_arrays([[[10.0, 0.0]]], [[0.0]])
    assert fit(model, [[1.0, 0.0], [-1.0, 0.0]], [1, -1], cost=cost, epochs=3).notes == []


class Hidden(Module):
    def __init__(self, activation):
        self.hidden, self.out = Layer(2, 4, activation, seed=1), Layer(4, 1, "linear", seed=2)

    def __call__(self, x):
        return self.out(self.hidden(x))


class Rows(Module):
    def __init__(self):
        self.W = [[Value(0.2), Value(0.2)] for _ in range(3)]
        self.v = [Value(1.0) for _ in range(3)]

    def __call__(self, x):
        return dot(self.v, [dot(w, x).tanh() for w in self.W])


class Unused(Module):
    def __init__(self):
        self.weight, self.unused = Value(0.1), Value(1.0)

    def __call__(self, x):
        return self.weight * x[0]


def test_another_module_is_told_by_its_parts():
    dead = Hidden("relu")
    for neuron in dead.hidden.neurons:
        neuron.bias.data = -50.0
    assert "look for dead relus" in ended(dead, "no gradient arrives in hidden, where it is exactly 0", epochs=3)
    ended(filled(Hidden("tanh"), 0.0), "the neurons of hidden are symmetric")
    ended(Rows(), "the neurons of W are symmetric", nothing=False, y=CORNERS.max(axis=1))
    assert fit(Hidden("tanh"), CORNERS, XOR, epochs=2).notes == []
    assert fit(Unused(), CORNERS, XOR, epochs=1).notes == []


# ---- silence


def wave(n=40):
    x = np.linspace(-3, 3, n)
    return x[:, None], np.sin(x)


NOISE = RNG.normal(size=(60, 3))
PROBLEMS = {
    "xor": (CORNERS, XOR, "quadratic", 1),
    "xor, logits": (CORNERS, XOR, "binary_cross_entropy", 1),
    "xor, classes": (CORNERS, [0, 1, 1, 0], "softmax_cross_entropy", 2),
    "a wave": (*wave(), "mean_squared_error", 1),
    "sides": (NOISE, np.sign(NOISE[:, 0]), "hinge", 1),
    "nothing but noise": (NOISE, RNG.normal(size=60), "quadratic", 1),
    "noise of three classes": (NOISE, RNG.integers(3, size=60), "softmax_cross_entropy", 3),
    "a constant": (NOISE, np.full(60, 2.0), "quadratic", 1),
    "far from 0": (NOISE, NOISE[:, 0] + 50, "quadratic", 1),
}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_healthy_trainings_are_left_in_peace(problem):
    """Short trainings, long ones, and those whose best fit is a constant."""
    examples, y, cost, nout = PROBLEMS[problem]
    for hidden, activation, epochs, seed in itertools.product(
        [[], [6], [16, 16]], ["relu", "tanh", "sigmoid", "softplus"], [1, 40], range(2)
    ):
        model = MLP(examples.shape[1], [*hidden, nout], activation, seed=seed)
        history = fit(model, examples, y, cost=cost, epochs=epochs)
        assert history.notes == [], (hidden, activation, epochs, seed)
        assert repr(history).count(";") == 0


def test_a_layer_of_mixed_neurons_is_judged_by_its_gradients_alone():
    model = MLP(2, [3, 1], seed=0)
    model.layers[0].neurons[1] = Neuron(2, "tanh", seed=1)
    assert fit(model, CORNERS, XOR, epochs=2).notes == []
    ended(model, "every gradient is exactly 0", cost=lambda a, y: Value(a.data) + 1)


def test_a_training_that_goes_on_after_it_converged_is_no_failure():
    model = network()
    for _ in range(3):
        history = fit(model, X, X[:, :2] * 0.1, optimizer=Adam(model.parameters(), 0.05), epochs=300)
    assert history.notes == []


def test_a_learning_rate_of_zero_is_meant():
    model = network()
    assert fit(model, X, TARGETS["quadratic"], optimizer=SGD(model.parameters(), 0.0)).notes == []


def test_notes_are_plain_data():
    history = History(notes=["why"])
    assert pickle.loads(pickle.dumps(history)) == history
    assert repr(history) == "<History: 0 epochs; why>"


def test_looking_for_reasons_takes_a_fraction_of_an_epoch():
    """Calls are counted: a user's model is called for at most 200 examples, and only in doubtful cases."""
    calls = []

    class Counted(Hidden):
        def __call__(self, x):
            calls.append(x)
            return super().__call__(x)

    many = np.tile(CORNERS, (300, 1))
    fit(Counted("tanh"), many, np.tile(XOR, 300), epochs=1, batch_size=None)
    assert len(calls) == 1 + len(many)
    calls.clear()
    with pytest.warns(NotLearningWarning):
        fit(filled(Counted("tanh"), 0.0), many, np.tile(XOR, 300), epochs=1, batch_size=None)
    assert len(calls) == 1 + len(many) + 200


# ---- numbers that overflow


@pytest.mark.parametrize("activation", ["linear", "relu", "tanh"])
@pytest.mark.parametrize("cost", TARGETS)
def test_what_diverges_says_so_and_numpy_says_nothing(activation, cost):
    model = network(activation)
    descent = SGD(model.parameters(), 1e160)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        warnings.simplefilter("ignore", NotLearningWarning)
        with pytest.raises(DivergedError, match="with a lower learning rate"):
            fit(model, X, TARGETS[cost], cost=cost, optimizer=descent, l2=1e-3, validation=(X, TARGETS[cost]))
