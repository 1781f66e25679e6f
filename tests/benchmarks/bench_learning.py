"""The time of learning: the names model beside a plain Value, and the moons and digits lifted. Run by `make bench`."""

import statistics

import pytest

from tests.benchmarks.bench_engines import report, run

ROUNDS, STEPS = 5, 6


def test_a_step_of_the_names_model_beside_a_plain_value(benchmark):
    """The engines run in turn, each in its own process. Both learn the same, so their last costs agree."""
    costs, seconds = {}, {"names": [], "plain_names": []}

    def one_round():
        for name in seconds:
            costs[name], more = run(name, STEPS)
            seconds[name] += more

    benchmark.pedantic(one_round, rounds=ROUNDS)
    assert costs["names"] == pytest.approx(costs["plain_names"], rel=1e-9)
    ours, plain = (statistics.median(times) for times in seconds.values())
    report(benchmark, ms=ours * 1e3, plain_ms=plain * 1e3, times_faster=plain / ours)
    assert plain / ours >= 3


def test_a_hundred_steps_of_the_moons(benchmark):
    results = []
    benchmark.pedantic(lambda: results.append(run("moons", STEPS)), rounds=ROUNDS)
    assert results[0][0] == pytest.approx(0.010978370135492717, rel=1e-9)
    seconds = [more for _, times in results for more in times]
    report(benchmark, ms=statistics.median(seconds) * 1e3)
    assert statistics.median(seconds) < 1


def test_the_digits(benchmark):
    results = []
    benchmark.pedantic(lambda: results.append(run("digits", 3)), rounds=2)
    seconds = [more for _, times in results for more in times]
    report(benchmark, s=statistics.median(seconds), right=results[0][0])
    assert results[0][0] >= 0.97
    assert statistics.median(seconds) < 30
