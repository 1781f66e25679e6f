"""Claims about the distributions of the first weights."""

import random
import statistics

import pytest

from autograd import Value
from nn import MLP, Layer, Module, Neuron
from nn.initialisation import INITIALISATIONS, initialisation

TORCH = {"xavier_uniform": "xavier_uniform_", "xavier_normal": "xavier_normal_", "he_uniform": "kaiming_uniform_",
         "he_normal": "kaiming_normal_"}  # fmt: skip


def drawn(name, nin=40, nout=60, seed=0):
    return Layer(nin, nout, init=name, seed=seed).parameters()


def test_the_default_draw_is_micrograds():
    """random.seed(1337); MLP(2, [16, 16, 1]): −1 … 1, neuron by neuron, a neuron's weights before the next neuron's."""
    random.seed(1337)
    model = MLP(2, [16, 16, 1])
    random.seed(1337)
    for layer in model.layers:
        for neuron in layer.neurons:
            assert [w.data for w in neuron.weights] == [random.uniform(-1, 1) for _ in neuron.weights]
            assert neuron.bias.data == 0.0


@pytest.mark.parametrize("name", TORCH)
def test_spread_and_bounds_are_pytorchs(name):
    torch = pytest.importorskip("torch", reason="PyTorch's initialisations are what ours are held against")
    torch.manual_seed(0)
    theirs = torch.empty(600, 400, dtype=torch.float64)
    options = {"nonlinearity": "relu"} if name.startswith("he") else {}
    getattr(torch.nn.init, TORCH[name])(theirs, **options)
    seed = random.Random(1)
    ours = [w.data for _ in range(100) for w in Neuron(400, init=name, seed=seed, width=600).weights]
    assert statistics.pstdev(ours) == pytest.approx(theirs.std().item(), rel=0.02)
    assert statistics.fmean(ours) == pytest.approx(0.0, abs=0.01 * theirs.std().item() * 2)
    assert max(map(abs, ours)) <= (theirs.abs().max().item() * (1.001 if name.endswith("uniform") else 1.2))


@pytest.mark.parametrize("name", INITIALISATIONS)
def test_the_same_seed_gives_the_same_weights_and_biases_start_at_zero(name):
    numbers = [[p.data for p in drawn(name, seed=seed)] for seed in (7, 7, 8)]
    assert numbers[0] == numbers[1] != numbers[2]
    assert all(neuron.bias.data == 0.0 for neuron in Layer(4, 3, init=name, seed=0).neurons)
    random.seed(3)
    first = MLP(3, [4, 2], init=name).state()
    random.seed(3)
    assert MLP(3, [4, 2], init=name).state() == first


def test_other_names_for_the_same():
    assert initialisation("glorot_normal") is initialisation("xavier_normal")
    assert initialisation("kaiming_uniform") is initialisation("he_uniform")
    for wrong in ("he", "normal", "glorot", "uniform_", "he__normal", None, ["uniform"]):
        with pytest.raises(ValueError, match=r"no initialisation is called .*; the known ones are uniform, xavier_un"):
            Neuron(2, init=wrong)


def test_a_summary_of_any_module():
    class Mine(Module):
        def __init__(self):
            self.rows = [[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]]
            self.scale, self.name = Value(2.0), "mine"
            self.net, self.more = MLP(2, [1], seed=0), [Layer(2, 2, seed=0)]

    assert repr(Mine()).splitlines() == [
        "Mine, 14 parameters",
        "  rows  (2, 2)  4",
        "  scale  ()  1",
        "  net  MLP  3",
        "  more  (1,) of Layer  6",
    ]


def test_a_summary_of_a_model():
    lines = repr(MLP(2, [16, 16, 1], "tanh", "sigmoid", seed=0)).splitlines()
    assert lines[0] == "MLP 2 → 16 → 16 → 1 (tanh, tanh, sigmoid), 337 parameters"
    assert [line.split() for line in lines[1:]] == [
        ["layer", "σ", "w", "b", "parameters"],
        ["1", "tanh", "(16,", "2)", "(16,)", "48"],
        ["2", "tanh", "(16,", "16)", "(16,)", "272"],
        ["3", "sigmoid", "(1,", "16)", "(1,)", "17"],
    ]
