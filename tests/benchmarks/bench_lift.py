"""Lifted programs beside hand-written NumPy, micrograd and the eager graph. Run by `make bench`.

Each pair is timed in one process, taking turns, on one thread and with the garbage collector on; ratios are of medians.
"""

import json
import statistics
import subprocess
import sys

import pytest

from tests.benchmarks.bench_engines import report, run


def timed(name, rounds, repeat, by="lifted"):
    """Returns the median time, in seconds, of each program that `lifted` or another file times under this name."""
    command = [sys.executable, "-m", f"tests.benchmarks.{by}", name, str(rounds), str(repeat)]
    ran = subprocess.run(command, capture_output=True, check=True, text=True)
    return {who: statistics.median(seconds) for who, seconds in json.loads(ran.stdout).items()}


def micrograd():
    return statistics.median(run("micrograd")[1])


@pytest.mark.parametrize(
    ("name", "rounds", "repeat"),
    [
        ("w2", 60, 100),
        ("examples", 60, 100),
        ("classifier", 60, 100),
        ("wide_classifier", 40, 50),
        ("small_classifier", 60, 100),
        ("attention", 30, 10),
        ("larger_attention", 15, 2),
        ("recurrent", 60, 100),
    ],
    ids=[
        "w2",
        "over_examples",
        "classifier",
        "wide_classifier",
        "small_classifier",
        "attention",
        "larger_attention",
        "recurrent",
    ],
)
def test_beside_numpy_written_by_hand(benchmark, name, rounds, repeat):
    """W2's whole graph; and over a batch of 256 MLP 64-32-10, sigmoid, quadratic cost, a
    classifier (20-64-50, and of 32 examples, too), and attention."""
    found = []
    benchmark.pedantic(lambda: found.append(timed(name, rounds, repeat)), rounds=1)
    seconds = found[0]
    figures = {"us": seconds["lifted"] * 1e6, "by_hand_us": seconds["by hand"] * 1e6,
               "ratio": seconds["lifted"] / seconds["by hand"]}  # fmt: skip
    if name == "w2":
        figures["times_faster_than_micrograd"] = micrograd() / seconds["lifted"]
    report(benchmark, **figures)


@pytest.mark.parametrize(
    ("name", "rounds", "repeat"), [("mlp_256", 40, 50), ("mlp_65536", 10, 1), ("names_256", 20, 3)]
)
def test_in_jax_and_pytorch(benchmark, name, rounds, repeat):
    """Processor time in JAX beside JAX written by hand, both jitted, and in PyTorch and NumPy."""
    found = []
    benchmark.pedantic(lambda: found.append(timed(name, rounds, repeat, by="lifted_targets")), rounds=1)
    seconds = found[0]
    report(benchmark, jax_us=seconds["lifted"] * 1e6, by_hand_us=seconds["by hand"] * 1e6,
           ratio=seconds["lifted"] / seconds["by hand"], torch_us=seconds["torch"] * 1e6,
           numpy_us=seconds["numpy"] * 1e6)  # fmt: skip


def test_a_graph_without_structure(benchmark):
    """A graph of 100,000 random operations."""
    found = []
    benchmark.pedantic(lambda: found.append(timed("no_structure", 6, 1)), rounds=1)
    seconds = found[0]
    report(benchmark, ms=seconds["lifted"] * 1e3, eager_ms=seconds["eager"] * 1e3,
           times_faster=seconds["eager"] / seconds["lifted"])  # fmt: skip


def test_turning_a_graph_into_a_program(benchmark):
    """Lifts W2's fused graph."""
    found = []
    benchmark.pedantic(lambda: found.append(timed("lifting", 12, 1)), rounds=1)
    seconds = found[0]
    report(benchmark, ms=seconds["lifted"] * 1e3, eager_steps=seconds["lifted"] / seconds["eager"])


@pytest.mark.parametrize("name", ["euler_50", "euler_800", "runge_kutta", "kalman", "triangular"])
def test_recurrences_of_single_numbers(benchmark, name):
    found = []
    benchmark.pedantic(lambda: found.append(timed(name, 20, 3)), rounds=1)
    seconds = found[0]
    report(benchmark, us=seconds["lifted"] * 1e6, eager_us=seconds["eager"] * 1e6,
           ratio=seconds["lifted"] / seconds["eager"])  # fmt: skip
