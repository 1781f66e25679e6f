"""Claims about modules: their parameters are found and named, saved and loaded, and their gradients cleared."""

import numpy as np
import pytest

from autograd import Value, array
from nn import MLP, Module, Neuron, fit


def test_modules_of_ones_own():
    class Pair(Module):
        def __init__(self):
            self.scale = Value(2.0)
            self.nets = [MLP(1, [1], seed=0), (Neuron(1, seed=1),)]
            self.name = "not a parameter"

    pair = Pair()
    assert [path for path, _ in pair.named_parameters()] == [
        "scale",
        "nets.0.layers.0.neurons.0.weights.0",
        "nets.0.layers.0.neurons.0.bias",
        "nets.1.0.weights.0",
        "nets.1.0.bias",
    ]


def test_arrays_of_values_are_parameters():
    class Hidden(Module):
        def __init__(self):
            self.W, self.v = array([[0.5, -1.0], [0.25, 2.0]]), np.array([Value(1.0), Value(-0.5)])
            self.parts = [self.v, array(3.0), np.array([Neuron(1, seed=0)]), np.ones(2)]

        def __call__(self, x):
            return self.v @ np.tanh(self.W @ np.array(x)) + self.parts[1].item()

    model = Hidden()
    assert [path for path, _ in model.named_parameters()] == [
        "W.0.0", "W.0.1", "W.1.0", "W.1.1", "v.0", "v.1", "parts.1", "parts.2.0.weights.0", "parts.2.0.bias",
    ]  # fmt: skip
    assert "  W  (2, 2)  4\n  v  (2,)  2\n" in repr(model)
    X = np.linspace(-1.0, 1.0, 20).reshape(10, 2)
    twin = Hidden()
    for trained, lifted in ((model, False), (twin, True)):
        history = fit(trained, X, X.sum(axis=1), epochs=5, lifted=lifted, progress=False)
        assert history.cost[-1] < history.cost[0]
    np.testing.assert_allclose(list(model.state().values()), list(twin.state().values()), rtol=1e-9)
    assert (model.W.data != [[0.5, -1.0], [0.25, 2.0]]).all()


def test_state():
    model, other = MLP(2, [2, 1], seed=0), MLP(2, [2, 1], seed=1)
    other.load_state(model.state())
    assert [p.data for p in other.parameters()] == [p.data for p in model.parameters()]
    before = other.state()
    with pytest.raises(ValueError, match="of 9 parameters here and 4 there, 5 are on one side only"):
        other.load_state(MLP(1, [1, 1], seed=0).state())
    with pytest.raises(TypeError, match="one real number"):
        other.load_state({**before, "layers.0.neurons.0.bias": "x"})
    assert other.state() == before


def test_a_parameter_that_is_there_twice_is_one():
    neuron = Neuron(2, seed=0)
    neuron.weights[1] = neuron.weights[0]
    assert neuron.parameters() == [neuron.weights[0], neuron.bias]


def test_modules_may_refer_to_each_other():
    class Node(Module):
        def __init__(self):
            self.me = self
            self.parts = {"w": Value(1.0), "again": [Value(2.0)]}

    assert [path for path, _ in Node().named_parameters()] == ["parts.w", "parts.again.0"]
