"""Claims about save and load: every digit comes back, nothing is half written, and no file makes anything run."""

import json
import math
import os
import random
import signal
import stat
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest

from autograd import Value
from nn import MLP, Module, Neuron, load, save, saving

ROOT = Path(__file__).parent.parent
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and permissions are those of POSIX")


def model(seed=0):
    return MLP(3, [4, 2], "tanh", "sigmoid", seed=seed)


def test_a_model_comes_back_with_every_digit(tmp_path):
    made = model()
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


class Scaled(Module):
    def __init__(self):
        self.scale, self.net = Value(2.0), model()


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


def test_shared_weights_are_kept_as_parameters_alone(tmp_path):
    made = model()
    made.layers[0].neurons[1].weights = made.layers[0].neurons[0].weights
    save(made, tmp_path / "m.json")
    with pytest.raises(ValueError, match="no architecture to build it by"):
        load(tmp_path / "m.json")
    assert load(tmp_path / "m.json", into=made).state() == made.state()


def test_a_neuron_of_another_kind_is_no_architecture(tmp_path):
    """Built anew from the layer's name, it would compute something else."""
    made = model()
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
    save(model(), tmp_path / "m.json")
    for other in (MLP(2, [3, 1], seed=5), MLP(3, [4, 2], "relu", "sigmoid", seed=5)):
        before = other.state()
        message = r"holds an MLP of sizes \[3, 4, 2\] with tanh and sigmoid; got one of sizes \[\d.* with relu and"
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
                continue  # what stands between the parts is no part
            with pytest.raises(ValueError, match=r"m\.json is "):
                load(path)


def document(**change):
    """A document whose checksum is right, whatever it holds."""
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
        (document(version=2), "is of version 2, and this chalkgrad reads version 1"),
        (document(version="__import__('os').system('true')"), "is of version"),
        ({**document(), "checksum": "0"}, "is damaged: its checksum"),
        ({"format": "chalkgrad model", "version": 1}, "is damaged: its checksum"),
        (document(architecture={"sizes": [10**9, 10**9], "activations": ["relu", "linear"]}), "do not fit each other"),
        (document(architecture={"sizes": [1, 1], "activations": ["relu", "__class__"]}), "do not fit each other"),
        (document(architecture={"sizes": [1, 1], "activations": ["relu", ["linear"]]}), "do not fit each other"),
        (document(architecture={"sizes": [1, True], "activations": ["relu", "linear"]}), "do not fit each other"),
        (document(architecture={"sizes": [2], "activations": ["relu", "linear"]}), "do not fit each other"),
        (document(architecture=[1, 1]), "do not fit each other"),
        (document(kind=["MLP"]), "do not fit each other"),
        (document(state={"a": 1.0, "b": "2"}), "do not fit each other"),
        (document(state=[1.0, 2.0]), "do not fit each other"),
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
        save(model(), tmp_path)
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "nothing.json")
    with pytest.raises(ValueError, match="save writes one file; got"):
        save(model(), tmp_path / "new" / "..")
    assert list(tmp_path.iterdir()) == []
    save(model(), tmp_path / "a" / "b" / "m.json")
    assert load(tmp_path / "a" / "b" / "m.json").state() == model().state()


def test_a_save_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "m.json"
    save(model(1), path)

    def full(*_):
        raise OSError(28, "No space left on device")

    for name in ("fsync", "replace"):
        with monkeypatch.context() as patched:
            patched.setattr(os, name, full)
            with pytest.raises(OSError, match="No space left"):
                save(model(2), path)
        assert load(path).state() == model(1).state()
        assert [entry.name for entry in tmp_path.iterdir()] == ["m.json"]


@POSIX
def test_a_pipe_is_neither_replaced_nor_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ValueError, match="save writes one file; got"):
        save(model(), tmp_path / "pipe")
    with pytest.raises(ValueError, match="is no file that save wrote: it is a device or a pipe"):
        load(tmp_path / "pipe")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_what_is_too_large_is_neither_read_nor_written(tmp_path, monkeypatch):
    path = tmp_path / "m.json"
    save(model(1), path)
    size = path.stat().st_size
    monkeypatch.setattr(saving, "MOST_BYTES", size)
    assert load(path).state() == model(1).state()
    monkeypatch.setattr(saving, "MOST_BYTES", size - 1)
    with pytest.raises(ValueError, match=f"is no file that save wrote: it has more than {size - 1:,} bytes"):
        load(path)
    with pytest.raises(ValueError, match=f"a file holds at most {size - 1:,} bytes; got a model of {size:,}"):
        save(model(1), path)
    monkeypatch.undo()
    assert load(path).state() == model(1).state()


def test_of_a_file_without_end_only_a_part_is_read(tmp_path, monkeypatch):
    """A terabyte that is a hole in the disk."""
    monkeypatch.setattr(saving, "MOST_BYTES", 2**20)
    with open(tmp_path / "m.json", "wb") as file:
        try:
            file.truncate(2**40)
        except OSError:
            pytest.skip("this file system has no files with holes")
    tracemalloc.start()
    with pytest.raises(ValueError, match="is no file that save wrote: it has more than"):
        load(tmp_path / "m.json")
    assert tracemalloc.get_traced_memory()[1] < 2**22
    tracemalloc.stop()


@POSIX
def test_permissions_are_those_of_any_new_file_and_a_link_stays_one(tmp_path):
    (tmp_path / "plain").write_text("")
    save(model(), tmp_path / "m.json")
    assert stat.S_IMODE((tmp_path / "m.json").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)
    (tmp_path / "link.json").symlink_to("m.json")
    save(model(3), tmp_path / "link.json")
    assert (tmp_path / "link.json").is_symlink()
    assert load(tmp_path / "m.json").state() == model(3).state()


SAVE_AND_DIE = """
import os, signal, sys
from nn import MLP, save
real, stop = getattr(os, sys.argv[2]), sys.argv[3]
def die(*args):
    if stop == "after": real(*args)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(os, sys.argv[2], die)
save(MLP(3, [4, 2], "tanh", "sigmoid", seed=2), sys.argv[1])
"""


@POSIX
@pytest.mark.parametrize(
    ("call", "stop", "seed"),
    [("fsync", "before", 1), ("fsync", "after", 1), ("replace", "before", 1), ("replace", "after", 2)],
)
def test_a_process_killed_during_save_loses_nothing(call, stop, seed, tmp_path):
    """Killed before or after the file is on the disk: the old model; after it took its place: the new one, whole."""
    path = tmp_path / "m.json"
    save(model(1), path)
    command = [sys.executable, "-c", SAVE_AND_DIE, str(path), call, stop]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert load(path).state() == model(seed).state()
    save(model(3), path)
    assert load(path).state() == model(3).state()


SAVE_FOR_EVER = """
import itertools, sys
from nn import MLP, save
models = [MLP(6, [30, 30, 2], seed=seed) for seed in range(2)]
for made in itertools.cycle(models):
    save(made, sys.argv[1])
"""


@POSIX
def test_a_process_killed_at_any_moment_leaves_one_of_its_models(tmp_path):
    path = tmp_path / "m.json"
    states = [MLP(6, [30, 30, 2], seed=seed).state() for seed in range(2)]
    for delay in (0.01, 0.03, 0.05, 0.08):
        process = subprocess.Popen([sys.executable, "-c", SAVE_FOR_EVER, str(path)], cwd=ROOT)
        while not path.exists():
            time.sleep(0.005)
        time.sleep(delay)
        process.kill()
        process.wait()
        assert load(path).state() in states
        path.unlink()
