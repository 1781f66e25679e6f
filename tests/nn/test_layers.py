"""Claims about networks built of Values."""

import random

import numpy as np
import pytest

from autograd import Value, no_grad, nodes
from nn import MLP, Layer, Neuron, mean, quadratic
from nn.activations import ACTIVATIONS
from nn.notation import name


def test_names_are_the_notes():
    assert name("w", 1, 2, 1) == "w¹₂₁"
    assert name("z", 12, 3) == "z¹²₃"
    assert name("w", 1, 11, 2) == "w¹[11,2]"
    assert name("b", 3, 10) == "b³[10]"
    assert name("x", None, 4) == "x₄"
    assert name("C") == "C"


def test_a_neuron():
    n = Neuron(3, "tanh", seed=1)
    a = n([0.1, Value(0.2), np.float64(0.3)])
    assert [w.label for w in n.weights] == ["w₁", "w₂", "w₃"]
    assert (n.bias.label, a.label, a.parents[0].label) == ("b", "a", "z")
    z = sum(w.data * x for w, x in zip(n.weights, (0.1, 0.2, 0.3), strict=True))
    assert a.data == pytest.approx(np.tanh(z), rel=1e-15)
    assert n.parameters() == [*n.weights, n.bias]


def test_a_layer():
    layer = Layer(2, 3, "relu", seed=1)
    assert [a.label for a in layer([1.0, 2.0])] == ["a₁", "a₂", "a₃"]
    assert isinstance(Layer(2, 1)([1.0, 2.0]), Value)


def test_every_node_of_a_network_is_named():
    model = MLP(2, [2, 1], activation="tanh", output="sigmoid", seed=0)
    labels = [v.label for v in nodes(model([0.5, -0.5]))]
    assert sorted(labels) == sorted(
        ["x₁", "x₂", "w¹₁₁", "w¹₁₂", "w¹₂₁", "w¹₂₂", "b¹₁", "b¹₂", "z¹₁", "z¹₂", "a¹₁", "a¹₂",
         "w²₁₁", "w²₁₂", "b²₁", "z²₁", "a²₁"]
    )  # fmt: skip


def test_a_linear_layers_a_is_its_z():
    model = MLP(2, [1], seed=0)
    trace = model.trace([1.0, 2.0])
    assert trace.a[0] == trace.z[0]
    assert trace.a[0][0].label == "a¹₁"


def test_a_seed_gives_the_same_network():
    numbers = [p.data for p in MLP(2, [3, 1], seed=7).parameters()]
    assert [p.data for p in MLP(2, [3, 1], seed=7).parameters()] == numbers
    assert [p.data for p in MLP(2, [3, 1], seed=8).parameters()] != numbers
    random.seed(7)
    assert [p.data for p in MLP(2, [3, 1]).parameters()] == numbers
    assert [p.data for p in MLP(2, [3, 1], seed=random.Random(7)).parameters()] == numbers


def test_micrograds_calls_work():
    model = MLP(2, [16, 16, 1])
    out = model([Value(1.0), Value(-2.0)])
    assert isinstance(out, Value)
    assert len(model.parameters()) == 337
    model.zero_grad()
    out.backward()
    assert any(p.grad for p in model.parameters())
    model.zero_grad()
    assert not any(p.grad for p in model.parameters())


def test_arrays_in_and_out():
    weights, biases = [np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([[0.5, -0.5]])], [[0.1, 0.2], [0.3]]
    model = MLP.from_arrays(weights, biases, "relu", "linear")
    assert model.sizes == [3, 2, 1]
    assert model.layers[0].neurons[1].weights[2].data == 6.0
    for mine, given in zip((*model.weights, *model.biases), (*weights, *biases), strict=True):
        np.testing.assert_array_equal(mine, given)
    model.weights[0][0, 0] = 99.0
    assert model.layers[0].neurons[0].weights[0].data == 1.0
    assert model.title == "MLP 3 → 2 → 1 (relu, linear), 11 parameters"


def test_wrong_inputs():
    model = MLP(2, [3, 1], seed=0)
    with pytest.raises(ValueError, match="this network takes x as 2 numbers; got 3"):
        model([1.0, 2.0, 3.0])
    with pytest.raises(TypeError, match=r"one example at a time; got a batch of 2: \[model\(x\) for x in X\]"):
        model([[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(TypeError, match="takes x as a list of 2 numbers; got float"):
        model(1.0)
    with pytest.raises(TypeError, match="takes x as a list of 2 numbers; got str"):
        model("ab")
    with pytest.raises(TypeError, match="one real number; got str 'a'"):
        model(["a", "b"])
    with pytest.raises(TypeError, match="takes x as a list of 2 numbers; got bytes"):
        model(b"ab")
    assert isinstance(model([np.array(1.0), np.array(2.0)]), Value)
    with pytest.raises(ValueError, match="this neuron takes x as 2 numbers; got 1"):
        Neuron(2)([1.0])
    with pytest.raises(ValueError, match="this layer takes x as 2 numbers; got 1"):
        Layer(2, 2)([1.0])


@pytest.mark.parametrize("make", [lambda a: MLP(2, [2], output=a), lambda a: Layer(1, 1, a), lambda a: Neuron(1, a)])
@pytest.mark.parametrize("unknown", ["sigmoidal", None, 3])
def test_an_unknown_activation(make, unknown):
    known = ", ".join(ACTIVATIONS)
    with pytest.raises(ValueError, match=rf"no activation is called .*; the known ones are {known}"):
        make(unknown)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("rellu", "'relu' may be meant"),
        ("sin", "; autograd.sin itself will do too"),
        ("softmax", "softmax belongs to the cost, 'softmax_cross_entropy', and the output is linear"),
    ],
)
def test_an_activation_that_is_nearly_one(wrong, told):
    with pytest.raises(ValueError, match=f"no activation is {'' if callable(wrong) else '.*'}{told}$"):
        MLP(2, [1], output=wrong)


def test_sizes_that_make_no_network():
    with pytest.raises(ValueError, match=r"nouts lists the layers' sizes.* got 3"):
        MLP(2, 3)
    with pytest.raises(ValueError, match="nouts lists"):
        MLP(2, [])
    with pytest.raises(ValueError, match="the number of inputs, nin, is a whole number, 1 or more; got 0"):
        MLP(0, [1])
    with pytest.raises(ValueError, match="the number of neurons in a layer is a whole number, 1 or more; got 0"):
        MLP(1, [0])
    for wrong in (2.5, "2", None, True):
        with pytest.raises(TypeError, match="is a whole number, 1 or more; got"):
            MLP(wrong, [1])
        with pytest.raises(TypeError, match="is a whole number, 1 or more; got"):
            Layer(1, wrong)
    assert MLP(np.int64(2), np.array([3, 1]), seed=np.int64(1)).sizes == [2, 3, 1]
    with pytest.raises(ValueError, match="no activation is called 'typo'"):
        MLP(2, [1], activation="typo")
    with pytest.raises(TypeError, match="lists with one array per layer; got NoneType"):
        MLP.from_arrays(None, None)


def test_the_quadratic_cost():
    a, y = [Value(0.75), Value(0.25)], [Value(0.0), 1.0]
    C = quadratic(a, y)
    C.backward()
    assert C.data == (0.75**2 + 0.75**2) / 2
    assert [v.grad for v in a] == [0.75, -0.75]
    assert quadratic(Value(3.0), 1).data == 2.0
    assert mean([C]) is C
    assert mean([C, C, C]).data == pytest.approx(C.data)
    with pytest.raises(ValueError, match="pairs each output with one target; got 2 and 1"):
        quadratic(a, [1.0])


def test_prediction_without_recording():
    model = MLP(2, [4, 1], seed=0)
    with no_grad():
        assert model([1.0, 2.0]).op is None
