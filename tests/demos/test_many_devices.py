"""Claims about one program on many devices: the same costs and gradients, however the examples are parted; and about the
processes it starts: they end."""

import os
import subprocess
import sys
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
    """A lifted program, and 135 examples for it: a batch of 128, and one of 7."""
    rng, model = np.random.default_rng(0), MLP(4, [6, 3], activation="tanh", seed=1)
    X, Y = rng.normal(size=(135, 4)), np.eye(3)[rng.integers(0, 3, 135)]
    program = lift(lambda x, y: softmax_cross_entropy(model(x), y), model.parameters(), (X, Y))
    return program, np.hstack([X, Y])


def test_batches_that_do_not_divide_evenly():
    """Over two devices, and with fewer examples than devices: equal to NumPy's mean, to 1e-12."""
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


def children():
    """The processes that were started with this room's work."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = path.read_bytes()
        except OSError:  # gone meanwhile
            continue
        if b"from demos.many_devices import work" in text and str(os.getpid()).encode() in text:
            found.append(path)
    return found


def test_a_process_that_fails_ends_the_others(monkeypatch):
    """Here the second of two has no such program to read, and the first would wait for it."""
    program, rows = small()
    monkeypatch.setattr(many_devices, "GIVEN", f"of {os.getpid()}")  # under another name than the processes look for
    start = time.monotonic()
    with pytest.raises(RuntimeError, match=r"(?s)processes=2\): a process failed.*FileNotFoundError"):
        learnt_in(Way("jax", processes=2), program, rows, epochs=1)
    assert time.monotonic() - start < many_devices.SECONDS


def test_what_takes_too_long_is_ended():
    program, rows = small()
    with pytest.raises(RuntimeError, match="it took longer than 0 s"):
        learnt_in(Way("torch"), program, rows, epochs=1, seconds=0.1)
