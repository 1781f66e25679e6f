"""chalkgrad beside micrograd and a plain engine. They run in turn, each in its own process. Run by `make bench`.

The first step of a process is dropped, as it warms up; ratios are of medians. In one process each engine would pay for
the other's garbage.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROUNDS, STEPS = 5, 6
LENGTH = 1_000_000  # of the chain


def run(name, steps=STEPS):
    command = [sys.executable, "-m", "tests.benchmarks.engines", name, str(steps)]
    result, *seconds = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    return result, seconds[1:]


@pytest.mark.parametrize("other", ["micrograd", "plain"])
def test_w2_beside_another_engine(benchmark, other):
    """MLP(2, [16, 16, 1]), 100 samples, hinge and L2: forward, zero_grad, backward."""
    engines = ("fused", "elementary", other)
    results, seconds = {}, {name: [] for name in engines}

    def one_round():
        for name in engines:
            results[name], more = run(name)
            seconds[name] += more

    benchmark.pedantic(one_round, rounds=ROUNDS)
    for name in engines:
        assert results[name] == pytest.approx(results[other], rel=1e-12)
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    report(benchmark, **{f"{name}_ms": median * 1e3 for name, median in medians.items()},
           fused_times_faster=medians[other] / medians["fused"],
           elementary_times_faster=medians[other] / medians["elementary"])  # fmt: skip


def test_chain_of_a_million(benchmark):
    seconds = []
    benchmark.pedantic(lambda: seconds.extend(run("chain")[1]), rounds=3)
    report(benchmark, us_per_operation=statistics.median(seconds) * 1e6 / LENGTH)


def test_bytes_per_node(benchmark):
    found = []
    benchmark.pedantic(lambda: found.append(run("bytes_per_node")[0]), rounds=1)
    report(benchmark, bytes_per_node=found[0])


OF_OTHERS = (
    "import sys; before = {*sys.modules}; import autograd; "
    "print(*{name for name in sys.modules if not name.startswith('autograd')} - before)"
)


def of_children():
    """Returns the processor time, in seconds, of all processes that were started here."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_import(benchmark):
    """`import autograd` beside a bare interpreter, and beside the parts of the standard library that it imports.

    Milliseconds of the processor, as others may be at work. Bytecode is compiled, as it is after the first time. `-S`
    leaves out what an environment imports at its start.
    """
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def python(code):
        command = [sys.executable, "-S", "-c", code]
        return subprocess.run(command, check=True, env=environment, capture_output=True, text=True)

    library = "import " + ", ".join(python(OF_OTHERS).stdout.split())
    seconds = {"pass": [], library: [], "import autograd": []}

    def one_round():
        for code, times in seconds.items():
            before = of_children()
            python(code)
            times.append(of_children() - before)

    benchmark.pedantic(one_round, rounds=60, warmup_rounds=2)
    bare, of_library, ours = (statistics.median(times) * 1e3 for times in seconds.values())
    report(benchmark, ms_above_bare=ours - bare, ms_of_the_standard_library=of_library - bare)


def report(benchmark, **figures):
    benchmark.extra_info.update(figures)
    print(f"\n{benchmark.name}: " + ", ".join(f"{name} {figure:.4g}" for name, figure in figures.items()))
