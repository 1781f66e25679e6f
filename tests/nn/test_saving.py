"""Claims about save and load: every digit comes back, any damage is noticed, and loading runs no code of a file."""

import json
import math
import random

import pytest

from autograd import Value
from nn import MLP, Module, Neuron, load, save
from tests.helpers.networks import small


def test_a_model_comes_back_with_every_digit(tmp_path):
    made = small()
    numbers = [0.1, 1 / 3, -0.0, 5e-324, 1.7976931348623157e308, math.inf, -math.inf, math.pi]
    for parameter, number in zip(made.parameters(), numbers, strict=False):
        parameter.data = number
    made.parameters()[-1].data = math.nan
    assert save(made, tmp_path / "model.json") == str(tmp_path / "model.json")
    back = load(tmp_path / "model.json")
    assert repr(back) == repr(made)
    assert list(map(repr, back.state().items())) == list(map(repr, made.state().items()))
    assert [p.label for p in back.parameters()] == [p.label for p in made.parameters()]


@pytest.mark.parametrize("seed", range(20))
def test_any_network_comes_back(seed, tmp_path):
    chosen = random.Random(seed)
    names = ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "softplus"]
    sizes = [chosen.randint(1, 5) for _ in range(chosen.randint(1, 4))]
    made = MLP(chosen.randint(1, 4), sizes, chosen.choice(names), chosen.choice(names), seed=seed)
    save(made, tmp_path / "m.json")
    back = load(tmp_path / "m.json")
    assert (repr(back), back.state()) == (repr(made), made.state())


@pytest.mark.parametrize("sizes", [[1], [2, 1], [3, 2, 1], [4, 3, 2, 1]])
def test_a_file_of_version_1_is_read(sizes, tmp_path):
    """Version 1 had one activation for all hidden layers, and one for the output."""
    made = MLP(2, sizes, "tanh", "sigmoid", seed=1)
    save(made, tmp_path / "m.json")
    content = json.loads((tmp_path / "m.json").read_text())
    content["architecture"]["activations"] = ["tanh" if len(sizes) > 1 else "sigmoid", "sigmoid"]
    old = document(architecture=content["architecture"], state=content["state"])
    (tmp_path / "old.json").write_text(json.dumps(old))
    back = load(tmp_path / "old.json")
    assert (repr(back), back.state()) == (repr(made), made.state())
    assert load(tmp_path / "old.json", into=MLP(2, sizes, "tanh", "sigmoid", seed=2)).state() == made.state()


class Scaled(Module):
    def __init__(self):
        self.scale, self.net = Value(2.0), small()


class Renamed(MLP):
    pass


def test_another_module_is_read_into_one_of_its_kind(tmp_path):
    path, made, other = tmp_path / "m.json", Scaled(), Scaled()
    save(made, path)
    other.scale.data = 7.0
    assert load(path, into=other) is other
    assert other.state() == made.state()
    with pytest.raises(ValueError, match=r"holds the parameters of a Scaled, and no architecture .* load\(path, into="):
        load(path)
    save(Renamed(2, [1], seed=0), path)
    with pytest.raises(ValueError, match="parameters of a Renamed"):
        load(path)


def test_shared_weights_are_read_into_a_network_that_shares_them(tmp_path):
    made = small()
    made.layers[0].neurons[1].weights = made.layers[0].neurons[0].weights
    save(made, tmp_path / "m.json")
    with pytest.raises(ValueError, match="a state fits the module that gave it; of 26 parameters here and 23 there"):
        load(tmp_path / "m.json")
    assert load(tmp_path / "m.json", into=made).state() == made.state()


def test_a_neuron_of_another_kind_is_no_architecture(tmp_path):
    """If it were built from the layer's activation, it would compute something else."""
    made = small()
    made.layers[0].neurons[1] = Neuron(3, "relu", seed=1)
    save(made, tmp_path / "m.json")
    with pytest.raises(ValueError, match="no architecture to build it by"):
        load(tmp_path / "m.json")


class Dotted(Module):
    def __init__(self):
        self.parts = {"a.b": Value(1.0), "a": {"b": Value(2.0)}}


def test_two_parameters_of_one_path_are_not_saved_as_one(tmp_path):
    with pytest.raises(ValueError, match=r"a path of its own; got two at 'parts\.a\.b': use keys without dots"):
        save(Dotted(), tmp_path / "m.json")
    with pytest.raises(ValueError, match="a path of its own"):
        Dotted().load_state({"parts.a.b": 1.0})
    assert list(tmp_path.iterdir()) == []


def test_what_does_not_fit_leaves_the_module_as_it_was(tmp_path):
    save(small(), tmp_path / "m.json")
    for other in (MLP(2, [3, 1], seed=5), MLP(3, [4, 2], "relu", "sigmoid", seed=5)):
        before = other.state()
        message = r"holds an MLP of sizes \[3, 4, 2\] with tanh, sigmoid; got one of sizes \[\d.* with relu, "
        with pytest.raises(ValueError, match=message):
            load(tmp_path / "m.json", into=other)
        assert other.state() == before
    with pytest.raises(ValueError, match="a state fits the module that gave it"):
        load(tmp_path / "m.json", into=Scaled())
    with pytest.raises(TypeError, match=r"load reads into an nn\.Module; got dict"):
        load(tmp_path / "m.json", into={})


def test_no_cut_of_the_file_is_taken_for_a_model(tmp_path):
    path = tmp_path / "m.json"
    save(MLP(1, [1], seed=0), path)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"m\.json is (empty|damaged or cut short|no file that save wrote)"):
            load(path)


def test_no_changed_byte_goes_unnoticed(tmp_path):
    path = tmp_path / "m.json"
    made = MLP(1, [1], seed=0)
    save(made, path)
    whole = path.read_bytes()
    for i in range(len(whole)):
        for byte in {ord("7"), ord("}"), whole[i] ^ 1} - {whole[i]}:
            path.write_bytes(whole[:i] + bytes([byte]) + whole[i + 1 :])
            if whole[i : i + 1].isspace() or bytes([byte]).isspace():
                continue  # whitespace is not a part of the content
            with pytest.raises(ValueError, match=r"m\.json is "):
                load(path)


def document(**change):
    """Returns a document with the right checksum for any content."""
    from nn.saving import _checksum

    content = {"kind": "MLP", "architecture": {"sizes": [1, 1], "activations": ["relu", "linear"]},
               "state": {"layers.0.neurons.0.weights.0": 1.0, "layers.0.neurons.0.bias": 0.0}, **change}  # fmt: skip
    return {"format": "chalkgrad model", "version": 1, "checksum": _checksum(content), **content, **change}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\x80\x04\x95 a pickle", "is no file that save wrote: it is not readable as JSON"),
        (b"PK\x03\x04", "is no file that save wrote"),
        (b"[" * 100_000, "is no file that save wrote"),
        (b"[1, 2]", "is no file that save wrote: it does not say"),
        (b'{"format": "other"}', "is no file that save wrote: it does not say"),
        (b"9" * 10_000, "is no file that save wrote"),
        (document(version=3), "is of version 3, and this chalkgrad reads 1 to 2"),
        (document(version=True), "is of version True"),
        (document(version=2), "one for each layer, here 1, or 0 .*; got 2"),
        (document(version=2, architecture={"sizes": [1, 1], "activations": [["relu"]]}), "unhashable"),
        (document(version=2, architecture={"sizes": [1, 1], "activations": ["swish"]}), "called swish, and no code"),
        (document(version="__import__('os').system('true')"), "is of version"),
        ({**document(), "checksum": "0"}, "is damaged: its checksum"),
        ({"format": "chalkgrad model", "version": 1}, "is damaged: its checksum"),
        (document(architecture={"sizes": [10**9, 10**9], "activations": ["relu", "linear"]}), "holds 2 numbers, and"),
        (document(architecture={"sizes": [1, 1], "activations": ["relu", "__class__"]}), "no code for it"),
        (document(architecture={"sizes": [1, 1], "activations": ["relu", ["linear"]]}), "unhashable"),
        (document(architecture={"sizes": [1, True], "activations": ["relu", "linear"]}), "is a whole number, 1 or"),
        (document(architecture={"sizes": [2], "activations": ["relu", "linear"]}), "nouts lists the layers' sizes"),
        (document(architecture=[1, 1]), "must be a mapping"),
        (document(state={"a": 1.0, "b": "2"}), "a state fits the module that gave it"),
        (document(state=[1.0, 2.0]), "a state maps paths to numbers"),
        (document(state={"a": 1.0, "b": 2.0}), "a state fits the module that gave it"),
    ],
)  # fmt: skip
def test_damaged_and_foreign_files(content, message, tmp_path):
    path = tmp_path / "m.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    with pytest.raises(ValueError, match=message):
        load(path)


def test_what_save_takes(tmp_path):
    with pytest.raises(TypeError, match=r"save writes an nn\.Module, such as an MLP; got list"):
        save([1.0], tmp_path / "m.json")
    with pytest.raises(ValueError, match="save writes one file; got"):
        save(small(), tmp_path)
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "nothing.json")
    with pytest.raises(ValueError, match="save writes one file; got"):
        save(small(), tmp_path / "new" / "..")
    assert list(tmp_path.iterdir()) == []
    save(small(), tmp_path / "a" / "b" / "m.json")
    assert load(tmp_path / "a" / "b" / "m.json").state() == small().state()
