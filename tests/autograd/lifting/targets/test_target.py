"""Claims about programs for other engines: they compute what the graph computes."""

import random

import pytest

from autograd import Value, apply, dot, lift, where
from autograd.table import TABLE
from tests.campaigns.lifted_targets import of_a_graph, of_a_recurrence, of_vectors
from tests.helpers.lifting import STRUCTURES, leaves_of, note_2
from tests.helpers.targets import RUN, held_to_the_graph

PIECES = {"jax": 10, "torch": 100}  # the number of programs of each kind; JAX compiles each
pytestmark = pytest.mark.filterwarnings("ignore:the graph")  # a warning of random constants


@pytest.mark.parametrize("target", RUN)
@pytest.mark.parametrize("build", STRUCTURES, ids=lambda build: build.__name__)
def test_graphs_that_people_build(target, build):
    held_to_the_graph(target, *build(random.Random(5)))


@pytest.mark.parametrize("build", [of_vectors, of_a_graph, of_a_recurrence], ids=lambda build: build.__name__)
@pytest.mark.parametrize("target", RUN)
def test_random_programs(target, build):
    """`python -m tests.campaigns.lifted_targets` tries thousands of them."""
    for seed in range(PIECES[target] // (4 if build is of_a_recurrence else 1)):
        held_to_the_graph(target, *build(seed), seed)


@pytest.mark.parametrize("target", RUN)
def test_random_whole_graphs(target):
    for seed in range(PIECES[target] // 5):
        for build in (of_vectors, of_a_recurrence):
            cost, parameters, inputs = build(seed)
            held_to_the_graph(target, cost, [*parameters, *inputs], [])


@pytest.mark.parametrize("target", RUN)
@pytest.mark.parametrize("before", [0, 2])
def test_sums_over_all_earlier_steps(target, before):
    """A triangular solve: each step sums the results of all earlier steps, and perhaps a first term."""
    rng, n = random.Random(3), 18
    L = [[Value(rng.uniform(-1, 1)) for _ in range(before + i)] for i in range(n)]
    b, x = [Value(rng.uniform(-1, 1)) for _ in range(n)], [Value(0.5 * k) for k in range(before)]
    for row, right in zip(L, b, strict=True):
        x.append((right - dot(row, x)) / 3 if row else right / 3)
    leaves = [v for row in L for v in row] + b
    held_to_the_graph(target, sum(v * v for v in x), [v for v in leaves if v in set(leaves_of(x[-1] + sum(x)))], [])
    held_to_the_graph(target, sum(v * v for v in x), [v for row in L for v in row], b)


@pytest.mark.parametrize("target", RUN)
def test_what_is_compared_is_chosen_anew(target):
    w, x = [Value(v) for v in (0.7, -0.4, 1.3)], [Value(v) for v in (0.2, -0.1)]
    h = w[0] * x[0] + w[1] * x[1]
    output = where(h > 0.15, h * w[2], w[1] * h * h) + where(h <= 0, 1.0, 0.0) * w[0] + where(x[0] > x[1], 2.0, 3.0) * h
    held_to_the_graph(target, output, w, x)
    held_to_the_graph(target, output, [*w, *x], [])


@pytest.mark.parametrize("target", RUN)
def test_every_operation(target):
    """One program has all operations; it is lifted over examples and as a whole graph."""
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
    with pytest.raises(
        TypeError, match=rf"a program for {target} has one output, the cost; .* has 2 outputs: lift one"
    ):
        program.source_for(target)
