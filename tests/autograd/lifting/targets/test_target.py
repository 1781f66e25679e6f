"""Claims about programs for other engines: they compute what the graph computes."""

import random

import pytest

from autograd import Value, apply, dot, lift
from autograd.table import TABLE
from tests.campaigns.lifted_targets import of_a_graph, of_a_recurrence, of_vectors
from tests.helpers.lifting import STRUCTURES, leaves_of, note_2
from tests.helpers.targets import RUN, held_to_the_graph

PIECES = {"jax": 10, "torch": 100}  # programs that are tried of each kind; JAX compiles each
pytestmark = pytest.mark.filterwarnings("ignore:the graph")  # of constants that are drawn at random


@pytest.mark.parametrize("target", RUN)
@pytest.mark.parametrize("build", STRUCTURES, ids=lambda build: build.__name__)
def test_graphs_that_people_build(target, build):
    held_to_the_graph(target, *build(random.Random(5)))


@pytest.mark.parametrize("build", [of_vectors, of_a_graph, of_a_recurrence], ids=lambda build: build.__name__)
@pytest.mark.parametrize("target", RUN)
def test_random_programs(target, build):
    """As `python -m tests.campaigns.lifted_targets` has them, which tries thousands."""
    for seed in range(PIECES[target] // (4 if build is of_a_recurrence else 1)):
        held_to_the_graph(target, *build(seed), seed)


@pytest.mark.parametrize("target", RUN)
def test_random_whole_graphs(target):
    for seed in range(PIECES[target] // 5):
        for build in (of_vectors, of_a_recurrence):
            cost, parameters, inputs = build(seed)
            held_to_the_graph(target, cost, [*parameters, *inputs], [])


@pytest.mark.parametrize("target", RUN)
def test_every_operation(target):
    """All of them in one program, over examples and as a whole graph."""
    ends, inputs, scale = [], [], Value(1.5)
    for op in TABLE:
        at = [Value(x) for x in op.samples[-1]]
        inputs += at
        ends.append(dot(at[:2], at[2:4], *at[4:]) if op.name == "dot" else apply(op, *at))
    output = sum(end * scale for end in ends)
    used = [x for x in inputs if x in set(leaves_of(output))]
    held_to_the_graph(target, output, [scale], used)
    held_to_the_graph(target, output, [scale, *used], [])


@pytest.mark.parametrize("target", RUN)
@pytest.mark.parametrize(
    "made",
    [lambda w, x: Value(2.0) * 3.0 + 0.0 * w, lambda w, x: w * 1.0, lambda w, x: x * 1.0 + w * 0.0, lambda w, x: w + x],
    ids=["constant", "a parameter", "an input", "a sum"],
)
def test_programs_of_next_to_nothing(target, made):
    w, x = Value(0.5), Value(0.3)
    output = made(w, x)
    there = [x] if x in leaves_of(output) else []
    held_to_the_graph(target, output, [w], there)
    held_to_the_graph(target, output, [], [])
    if there:
        held_to_the_graph(target, output, [], there)


def test_another_target_is_an_error_that_lists_them():
    program = lift(*note_2())
    with pytest.raises(ValueError, match=r"programs are printed for numpy, jax and torch; got 'julia'"):
        program.source_for("julia")
    assert program.source_for("numpy") == program.source


@pytest.mark.parametrize("target", ["jax", "torch"])
def test_several_outputs_have_no_gradient(target):
    x = Value(0.5)
    program = lift([x.sin(), x.cos()], [x])
    with pytest.raises(TypeError, match=rf"{target} is given a cost and its gradient; .* has 2 outputs: lift one"):
        program.source_for(target)
