"""Claims about the backward pass with planted mistakes: without mistakes it gives the engine's numbers."""

import pytest

from autograd import Value
from autograd.engines.graphs import CLEAR, GRAPHS
from autograd.engines.planted import RIGHT, STEPS, EndlessError, Slips, differs, numbers


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.name)
def test_it_is_the_engines_own_walk_without_a_mistake(graph):
    space = {"Value": Value}
    grads = []
    for line in graph.code():
        exec(line, space)
        if line.endswith(".backward()"):
            grads.append({name: space[name].grad for name in graph.named})
    found = numbers(graph)
    assert found.data == pytest.approx({name: space[name].data for name in graph.named}, rel=1e-12)
    assert len(found.grads) == len(grads) == len(graph.passes) - graph.passes.count(CLEAR)
    for mine, right in zip(found.grads, grads, strict=True):
        assert mine == pytest.approx(right, rel=1e-12)


def graph(name):
    return next(graph for graph in GRAPHS if graph.name == name)


def test_a_planted_mistake_is_in_its_numbers():
    ((_, twice),) = [(g, numbers(g, Slips(overwrites=frozenset({"add"})))) for g in [graph("a number added to itself")]]
    assert twice.grads == [{"a": 1.0, "C": 1.0}]
    once = numbers(graph("a product"), Slips(rules=(("mul", -1, "own number"),)))
    assert once.grads == [{"a": 1.3, "b": -0.7, "C": 1.0}]


def test_a_walk_along_every_path_is_given_up():
    with pytest.raises(EndlessError):
        numbers(graph("a ladder, which has millions of ways through it"), Slips(order="paths"))
    (paths,), (right,) = (numbers(graph("a diamond"), slips).grads for slips in (Slips(order="paths"), RIGHT))
    assert paths == pytest.approx(right, rel=1e-12)
    assert STEPS > 8  # paths of the largest small graph, for each of its nodes


@pytest.mark.parametrize(("yours", "right", "wrong"), [
    (1.0, 1.0 + 1e-7, False), (1e9, 1e9 + 1.0, False), (1.0, 1.0 + 1e-5, True), (float("nan"), 1.0, True),
    (float("nan"), float("nan"), True), (float("inf"), float("inf"), False), (None, 0.0, True), ("1.0", 1.0, True),
])  # fmt: skip
def test_rounding_is_allowed_and_nothing_else(yours, right, wrong):
    assert differs(yours, right) is wrong
