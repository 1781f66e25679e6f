"""Claims about stale nodes: an unchanged graph has none, and of a changed graph all are found."""

import random

import pytest

from autograd import Value, dot, topological
from autograd.diagnostics.changes import fits
from autograd.lifting.recorded.graph import Graph
from autograd.lifting.recorded.misfits import misfits
from tests.helpers.lifting import STRUCTURES, random_graph, w2


def suspects(output):
    return set(misfits(Graph([output])))


@pytest.mark.parametrize("build", STRUCTURES, ids=lambda build: build.__name__)
def test_nothing_is_suspected_where_nothing_changed(build):
    output, _, _ = build(random.Random(3))
    assert {node.op.name for node in suspects(output)} <= {"log_sum_exp"}  # its nodes are checked one by one


def test_nothing_is_suspected_of_a_training_step():
    assert suspects(w2(samples=5)[0]) == set()


@pytest.mark.parametrize("fifty", range(4))
def test_what_does_not_fit_is_suspected(fifty):
    found = 0
    for seed in range(50 * fifty, 50 * fifty + 50):
        output, leaves, rng = random_graph(seed)
        for leaf in rng.sample(leaves, rng.randint(1, len(leaves))):
            leaf.data *= 1 + rng.choice([1e-10, 1e-3, -2.0])
        wrong = {node for node in topological(output) if not fits(node)}
        assert wrong <= suspects(output)
        found += len(wrong)
    assert found > 100


def test_a_leaf_outside_of_a_domain_is_suspected():
    a = Value(2.0)
    output = a.log() + 1.0
    a.data = 0.0
    assert {node.op.name for node in suspects(output)} == {"log"}


@pytest.mark.parametrize("position", range(5))
def test_each_operand_of_a_weighted_sum_counts(position):
    leaves = [Value(v) for v in (0.3, -0.2, 1.5, 0.7, 0.1)]
    output = dot(leaves[:2], leaves[2:4], leaves[4])
    leaves[position].data += 1e-6
    assert suspects(output) == {output}
