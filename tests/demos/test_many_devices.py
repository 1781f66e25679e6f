"""Claims about one program on many devices: the costs are the same, and all started processes end."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from autograd import lift
from nn import MLP, softmax_cross_entropy
from tests.helpers.targets import jax

pytest.importorskip("optax", reason="optax is not installed")
from demos import many_devices
from demos.many_devices import WAYS, Way, learnt_in, placed, shared

ROOT = Path(__file__).parents[2]


def small():
    """Returns a lifted program and 135 examples: a batch of 128, and one of 7."""
    rng, model = np.random.default_rng(0), MLP(4, [6, 3], activation="tanh", seed=1)
    X, Y = rng.normal(size=(135, 4)), np.eye(3)[rng.integers(0, 3, 135)]
    program = lift(lambda x, y: softmax_cross_entropy(model(x), y), model.parameters(), (X, Y))
    return program, np.hstack([X, Y])


def test_batches_that_do_not_divide_evenly():
    """On two devices, also with fewer examples than devices, the mean equals NumPy's to 1e-12."""
    program, rows = small()
    function = jax.jit(shared(program.jax()))
    assert len(jax.devices()) == 2
    for n in (8, 7, 1):
        whole, rest = placed(rows[:n], jax.devices())
        assert len(whole.sharding.device_set) == len(rest.sharding.device_set) == 2
        assert {shard.data.shape[0] for shard in whole.addressable_shards} == {n // 2}
        cost, gradient = function(program.parameters, whole, rest)
        expected = program(rows[:n])
        assert float(cost) == pytest.approx(expected[0], rel=1e-12)
        np.testing.assert_allclose(gradient, expected[1], rtol=1e-12, atol=1e-13)


def test_every_epoch_has_all_rows_once():
    rows = np.arange(300.0).reshape(-1, 1)
    for parts in many_devices.batches(rows, 2):
        assert [len(part) for part in parts] == [128, 128, 44]
        assert sorted(np.concatenate(parts).ravel().tolist()) == rows.ravel().tolist()


def test_all_ways_give_the_same_costs():
    program, rows = small()
    found = {name: learnt_in(way, program, rows, epochs=3) for name, way in WAYS.items()}
    first = found["JAX, one device"]
    assert first[-1] < first[0]
    for costs in found.values():
        np.testing.assert_allclose(costs, first, rtol=0, atol=1e-11)


def workers(folder):
    """Returns the number of processes that use this folder."""
    count = 0
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # the process has ended in the meantime
            text = path.read_bytes()
            count += b"import work;" in text and str(folder).encode() in text
    return count


def test_processes_end_with_the_one_that_started_them(tmp_path):
    """Even if it is killed, and cannot end them."""
    code = "from demos.many_devices import *; import numpy; learnt_in(Way('jax', processes=2), 0, numpy.zeros((1, 1)))"
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", code], env=environment) as parent:
        while workers(tmp_path) < 2 and parent.poll() is None:
            time.sleep(0.02)
        assert workers(tmp_path) == 2
        parent.kill()
    until = time.monotonic() + 60
    while workers(tmp_path) and time.monotonic() < until:
        time.sleep(0.05)
    assert workers(tmp_path) == 0


def test_a_process_that_fails_ends_the_others(monkeypatch, tmp_path):
    """No process and no file is left."""
    program, rows = small()
    monkeypatch.setattr(many_devices, "GIVEN", "elsewhere")  # not where the processes look for it
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(RuntimeError, match=r"(?s)processes=2\): a process failed.*FileNotFoundError"):
        learnt_in(Way("jax", processes=2), program, rows, epochs=1)
    assert workers(tmp_path) == 0
    assert [*tmp_path.iterdir()] == []


def test_what_takes_too_long_is_ended():
    program, rows = small()
    with pytest.raises(RuntimeError, match="it took longer than 0 s"):
        learnt_in(Way("torch"), program, rows, epochs=1, seconds=0.1)
