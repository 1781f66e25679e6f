"""Claims about forward mode on lifted programs: `program.hvp(v)` is the Hessian of the graph times v."""

import copy
import pickle
import random

import numpy as np
import pytest

from autograd import DomainError, Value, apply, dot, grad, hessian, jvp, lift
from autograd.table import TABLE
from tests.helpers.lifting import STRUCTURES, note_2, random_graph, w2, worked_out
from tests.helpers.recurrences import (
    equal_layers,
    kalman,
    lotka_volterra,
    random_recurrence,
    recurrent_network,
    triangular,
)

pytestmark = pytest.mark.filterwarnings("ignore:the graph")  # a warning of constants that equal a number of the graph

TOLERANCE = 1e-9  # relative to the largest number


def eager(output, parameters, v, numbers=()):
    """Returns H v of the graph by forward over reverse on Values, for other numbers of some leaves."""

    def cost(at):
        given = dict(zip(parameters, at, strict=True)) | {leaf: Value(x) for leaf, x in numbers}
        return worked_out([output], given)[0]

    at = [parameter.data for parameter in parameters]
    return np.array(jvp(grad(cost), (at,), ([float(x) for x in v],))[1])


def assert_close(made, expected):
    np.testing.assert_allclose(made, expected, rtol=0, atol=TOLERANCE * (1 + np.abs(expected).max(initial=0)))


def assert_right(output, parameters, inputs=(), seed=0):
    """Asserts H v of the whole graph and, if there are inputs, over examples near their numbers."""
    rng = np.random.default_rng(seed)
    v = rng.normal(size=len(parameters))
    assert_close(lift(output, parameters).hvp(v), eager(output, parameters, v))
    if inputs:
        examples = [[x.data * (1 + 0.01 * rng.uniform(-1, 1)) for x in inputs] for _ in range(3)]
        try:
            rows = [eager(output, parameters, v, zip(inputs, row, strict=True)) for row in examples]
        except DomainError:
            return
        assert_close(lift(output, parameters, inputs).hvp(v, examples), np.mean(rows, axis=0))


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
@pytest.mark.parametrize("count", [1, 5])
def test_every_operation_alone_and_in_a_group(op, count):
    points = [at for at in op.samples if len(at) == len(op.samples[-1])]
    made, leaves = [], []
    for i in range(count):
        operands = [Value(x) for x in points[i % len(points)]]
        n = len(operands) // 2
        leaves += operands
        made.append(dot(operands[:n], operands[n : 2 * n], *operands[2 * n :]) if op.name == "dot"
                    else apply(op, *operands))  # fmt: skip
    output = sum((v * v * (1.0 + i) for i, v in enumerate(made)), 0.5 * made[0])
    program = lift(output, leaves)

    def cost(at):
        return worked_out([output], dict(zip(leaves, at, strict=True)))[0]

    expected = np.array(hessian(cost)([leaf.data for leaf in leaves]))
    assert_close(np.array([program.hvp(one) for one in np.eye(len(leaves))]), expected)
    assert_right(output, leaves[:1], leaves[1:])


@pytest.mark.parametrize("fifty", range(4))
def test_random_graphs(fifty):
    for seed in range(50 * fifty, 50 * fifty + 50):
        output, leaves, _ = random_graph(seed)
        half = (len(leaves) + 1) // 2
        assert_right(output, leaves, seed=seed)
        assert_right(output, leaves[:half], leaves[half:], seed)


def test_random_recurrences():
    for seed in range(0, 160, 8):
        output, leaves, _ = random_recurrence(seed)
        half = (len(leaves) + 1) // 2
        assert_right(output, leaves, seed=seed)
        assert_right(output, leaves[:half], leaves[half:], seed)


@pytest.mark.parametrize("build", STRUCTURES, ids=lambda build: build.__name__)
def test_graphs_that_people_build(build):
    assert_right(*build(random.Random(5)))


@pytest.mark.parametrize(
    "graph",
    [note_2(), note_2(True), w2(samples=10), w2("elementary", samples=10), lotka_volterra(20),
     lotka_volterra(20, "runge-kutta"), kalman(20), triangular(12), recurrent_network(8), equal_layers(8)[:2]],
    ids=["note 2", "note 2 elementary", "w2", "w2 elementary", "euler", "runge-kutta", "kalman", "triangular", "rnn",
         "layers"],
)  # fmt: skip
def test_networks_and_recurrences(graph):
    assert_right(*graph)


def test_it_is_how_fast_the_gradient_changes():
    """H v equals central differences of the program's gradient, and the Hessian is symmetric."""
    cost, parameters, inputs = note_2()
    program, rng = lift(cost, parameters, inputs), np.random.default_rng(0)
    examples, start, h = rng.uniform(-1, 1, (7, 5)), program.parameters.copy(), 1e-5
    v, w = rng.normal(size=(2, len(start)))
    ends = []
    for sign in (1.0, -1.0):
        program.parameters = start + sign * h * v
        ends.append(program(examples)[1])
    program.parameters = start
    np.testing.assert_allclose(program.hvp(v, examples), (ends[0] - ends[1]) / (2 * h), atol=1e-9)
    assert np.isclose(w @ program.hvp(v, examples), v @ program.hvp(w, examples), rtol=1e-12)
    assert_close(program.hvp(v, examples[0]), program.hvp(v, examples[:1]))


def test_where_the_gradient_is_constant_it_is_0():
    a, b = Value(2.0), Value(3.0)
    assert (lift(2.0 * a + b, [a, b]).hvp([1.0, 1.0]) == 0.0).all()
    x = Value(1.0)
    assert (lift(2.0 * a + b * x, [a, b], [x]).hvp([1.0, 1.0], [[1.0], [2.0]]) == 0.0).all()
    assert lift(a * b, []).hvp([]).shape == (0,)


def test_a_parameter_that_the_graph_lacks_gets_0():
    a, b = Value(2.0), Value(3.0)
    assert lift(a * a * a, [b, a]).hvp([5.0, 1.0]).tolist() == [0.0, 12.0]


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda program: pickle.loads(pickle.dumps(program))])
def test_it_reads_the_parameters_of_now_and_a_copy_has_its_own(copied):
    a = Value(2.0)
    program = lift(a * a * a, [a])
    assert program.hvp([1.0]).tolist() == [12.0]
    other = copied(program)
    other.parameters = [3.0]
    assert other.hvp([1.0]).tolist() == [18.0]
    program.parameters = [1.0]
    assert program.hvp([1.0]).tolist() == [6.0]


def test_of_the_wrong_shape_or_kind():
    cost, parameters, inputs = note_2()
    program, rule = lift(cost, parameters, inputs), r"v is an array of shape \(26,\), a number for each parameter; got"
    for wrong, got in ((np.zeros(25), r"\(25,\)"), (np.zeros((26, 1)), r"\(26, 1\)"), (1.0, r"\(\)")):
        with pytest.raises(ValueError, match=f"{rule} {got}"):
            program.hvp(wrong, np.zeros((2, 5)))
    with pytest.raises(TypeError, match=f"{rule} list that is no array of real numbers"):
        program.hvp([None] * 26, np.zeros((2, 5)))
    with pytest.raises(
        ValueError, match=r"this program takes inputs of shape \(n, 5\), a row for each example; got none"
    ):
        program.hvp(np.zeros(26))
    a = Value(1.0)
    with pytest.raises(TypeError, match="a Hessian is of one output; this program has 2: lift one"):
        lift([a * 2.0, a * a], [a]).hvp([1.0])


def test_outside_a_domain_it_raises_as_a_call_does():
    w, x = Value(1.0), Value(2.0)
    program = lift((w * x).log() * w, [w], [x])
    assert program.hvp([1.0], [[2.0], [3.0]]).tolist() == [1.0]
    with pytest.raises(DomainError, match=r"log needs a positive input.*\(example 2 of 3\)"):
        program.hvp([1.0], [[2.0], [-3.0], [1.0]])


def test_a_loop_on_plain_floats_that_overflows_has_what_arrays_have():
    x = Value(1.0)
    y = x
    for _ in range(8):
        y = (y * y).sin() * 0.1 + y * y * 1e-3
    program = lift(y * 1.0, [x])
    program.parameters = [1e200]
    with pytest.raises(DomainError):
        program()
    with pytest.raises(DomainError):
        program.hvp([1.0])


def test_a_slope_that_is_infinite_makes_no_error():
    x = Value(1.0)
    program = lift(x**1.5, [x])
    program.parameters = [0.0]
    assert program()[1].tolist() == [0.0]
    assert program.hvp([1.0]).tolist() == [np.inf]
