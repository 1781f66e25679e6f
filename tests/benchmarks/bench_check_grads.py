"""The time of check_grads on networks of 20 and 50 inputs, to order 2 and in both modes. Run by `make bench`.

The result is the median processor time of several calls, after a first one for warming up.
"""

import statistics
import time

import pytest

from autograd import check_grads, dot
from tests.benchmarks.bench_engines import report

CALLS = 5


def network(v):
    """Returns the sum of the squares of a layer of five tanh neurons, with fused weighted sums."""
    hidden = [dot(v, [(7 * i + 3 * j) % 11 / 10 - 0.5 for i in range(len(v))], 0.1).tanh() for j in range(5)]
    return sum(a * a for a in hidden)


@pytest.mark.parametrize("n", [20, 50])
def test_check_grads_of_a_network(benchmark, n):
    at = [((13 * i) % 17 - 8.3) / 9 for i in range(n)]
    seconds = []

    def call():
        start = time.process_time()
        check_grads(network, at)
        seconds.append(time.process_time() - start)

    benchmark.pedantic(call, rounds=CALLS, warmup_rounds=1)
    report(benchmark, ms=statistics.median(seconds[1:]) * 1e3)
