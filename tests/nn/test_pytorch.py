"""Claims about conversion from and to PyTorch: the numbers are exact, and errors name what does not fit."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nn import MLP, to_torch

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
ROOT = Path(__file__).parents[2]
ACTIVATIONS = ["tanh", "sigmoid", "relu", "leaky_relu", "softplus", "linear"]


def sequential(*modules):
    return torch.nn.Sequential(torch.nn.Linear(3, 4), *modules)


@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("output", ["linear", "sigmoid"])
def test_there_and_back_is_the_same_network(hidden, output):
    model = MLP(3, [4, 5, 2], activation=hidden, output=output, seed=1)
    back = MLP.from_torch(to_torch(model))
    assert back.activations == model.activations
    for mine, other in zip((*model.weights, *model.biases), (*back.weights, *back.biases), strict=True):
        np.testing.assert_array_equal(mine, other)


@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_outputs_and_gradients_are_pytorchs(hidden):
    """At inputs near 0 and far from it, where PyTorch's softplus must not switch to x too early."""
    model = MLP(3, [4, 2], activation=hidden, output="tanh" if hidden != "softplus" else "softplus", seed=2)
    other = to_torch(model)
    for x in ([0.5, -0.3, 0.8], [15.0, 10.0, -20.0]):
        cost = sum(a * a for a in model(x))
        expected = (other(torch.tensor(x, dtype=torch.float64)) ** 2).sum()
        for parameter in (*model.parameters(), *other.parameters()):
            parameter.grad = 0.0 if not isinstance(parameter, torch.Tensor) else None
        cost.backward()
        expected.backward()
        assert cost.data == pytest.approx(expected.item(), rel=1e-13)
        found = [v.grad for layer in model.layers for neuron in layer.neurons for v in neuron.weights]
        wanted = np.concatenate([p.grad.numpy().ravel() for p in other.parameters() if p.ndim == 2])
        np.testing.assert_allclose(found, wanted, rtol=1e-11, atol=1e-15)


def test_float32_numbers_are_read_as_they_are():
    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Tanh(), torch.nn.Linear(2, 1))
    read = MLP.from_torch(model)
    assert read.activations == ["tanh", "linear"]
    np.testing.assert_array_equal(read.weights[0], model[0].weight.detach().numpy())
    np.testing.assert_array_equal(read.biases[1], model[2].bias.detach().numpy())


def test_two_layers_without_an_activation_between_are_linear():
    second, third = torch.nn.Linear(4, 2), torch.nn.Linear(2, 2)
    read = MLP.from_torch(sequential(second, torch.nn.Identity(), third, torch.nn.ReLU()))
    assert read.activations == ["linear", "linear", "relu"]


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: sequential(torch.nn.Dropout(0.5)), r"layer 1 of this Sequential is Dropout.*layers are Linear and"),
        (lambda: sequential(torch.nn.Tanh(), torch.nn.ReLU()), r"layer 2 .* is ReLU\(\), .*an activation follows a"),
        (lambda: torch.nn.Sequential(torch.nn.Tanh()), r"layer 0 .* is Tanh\(\)"),
        (lambda: sequential(torch.nn.LeakyReLU(0.2)), r"layer 1 .*leaky_relu has negative_slope = 0\.01"),
        (lambda: sequential(torch.nn.Softplus(2)), r"layer 1 .*softplus has beta = 1"),
        (lambda: torch.nn.Sequential(torch.nn.Linear(2, 2, bias=False)), r"layer 0 .*bias=True\), with biases of 0"),
        (lambda: torch.nn.Sequential(), r"at least one Linear; this one has none"),
    ],
)
def test_what_is_no_layer_of_an_mlp_is_named(made, message):
    with pytest.raises(ValueError, match=message):
        MLP.from_torch(made())


def test_what_is_no_sequential_is_told():
    with pytest.raises(TypeError, match=r"takes a torch\.nn\.Sequential; got Linear"):
        MLP.from_torch(torch.nn.Linear(2, 2))


def test_an_activation_of_ones_own_is_named_with_its_layer():
    model = MLP(2, [3, 1], activation=["tanh", lambda z: z * z.sigmoid()], seed=1)
    with pytest.raises(ValueError, match=r"layer 2 has .*: write its module by hand"):
        to_torch(model)


def test_without_pytorch_the_extra_is_named():
    code = (
        "import sys; sys.modules['torch'] = None; from nn import MLP, to_torch\n"
        "for attempt in (lambda: to_torch(MLP(2, [1])), lambda: MLP.from_torch(1)):\n"
        "    try: attempt()\n"
        "    except ModuleNotFoundError as error: print(error)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    remedy = "needs PyTorch: pip install 'chalkgrad[torch]'"
    assert ran.stdout == f"nn.to_torch {remedy}\nMLP.from_torch {remedy}\n"
