"""Claims about lifted programs at the edges of floats: infinities, NaN, zeros and ties give the graph's numbers."""

import math
import random

import numpy as np
import pytest

from autograd import DomainError, Value, apply, dot, lift, maximum, minimum
from autograd.table import TABLE
from nn import MLP
from tests.helpers.branch_points import INDETERMINATE, NANS, NOT_TAKEN
from tests.helpers.lifting import leaves_of, worked_out

EDGES = (0.0, 0.0, 1.0, 1.0, -1.0, 2.0, -2.5, 0.5, math.inf, -math.inf, math.nan)
NAMES = ("add", "sub", "mul", "neg", "relu", "relu", "maximum", "minimum", "leaky_relu", "tanh", "sigmoid", "softplus",
         "abs", "where", "where", "log_sum_exp", "log_sum_exp", "arctan", "sqrt", "log", "exp", "div", "pow", "sin",
         "mod", "floor_divide", "log1p", "expm1", "tan", "arcsin", "arccos", "arctan2", "sinh", "cosh")  # fmt: skip
ROWS = {op.name: op for op in TABLE}


def edge_graph(rng):
    """Returns (output, its leaves): up to 9 operations, most with corners, on leaves with ordinary numbers."""
    nodes = [Value(rng.uniform(0.5, 1.5)) for _ in range(rng.randint(1, 5))]
    first, wanted = len(nodes), len(nodes) + rng.randint(1, 9)
    names = NAMES if rng.random() < 0.6 else NAMES[:18]  # only operations without a domain

    def operand():
        return rng.choice(nodes) if rng.random() < 0.85 else rng.choice((0.0, 1.0, -1.0, 2.0, 0.5))

    while len(nodes) < wanted:
        op = ROWS[rng.choice(names)]
        try:
            if rng.random() < 0.15:
                k = rng.randint(1, 3)
                made = dot([operand() for _ in range(k)], [operand() for _ in range(k)], operand())
            else:
                made = apply(op, *(operand() for _ in op.slopes or range(rng.randint(1, 4))))
        except DomainError:
            continue
        if made.op is not None:
            nodes.append(made)
    ends = [v for v in nodes[first:] if rng.random() < 0.3] or [nodes[-1]]
    return sum(ends[1:], ends[0]), rng


def eager_at(output, leaves, numbers, parameters):
    """Returns (output, gradient) of a new graph of Values with these numbers."""
    new = {leaf: Value(number) for leaf, number in zip(leaves, numbers, strict=True)}
    (made,) = worked_out([output], new)
    made.backward()
    return made.data, [new[p].grad for p in parameters]


def lifted_at(program, parameters, examples):
    program.parameters = parameters
    return program(*examples)


def same(got, wanted):
    cost, gradient = got
    number, slopes = wanted
    return np.allclose([cost, *gradient], [number, *slopes], rtol=1e-9, atol=1e-12, equal_nan=True)


@pytest.mark.filterwarnings("ignore:the graph")  # a warning of the constants 0 and 1
@pytest.mark.parametrize("hundred", range(4))
def test_a_random_graph_at_the_edges_is_its_program_there(hundred):
    """As a whole graph, and as a function of some leaves: both raise DomainError, or give the same numbers."""
    for seed in range(100 * hundred, 100 * hundred + 100):
        output, rng = edge_graph(random.Random(seed))
        leaves = leaves_of(output)
        inputs = [v for v in leaves if rng.random() < 0.3]
        for varying in ([], inputs) if inputs else ([],):
            parameters = [v for v in leaves if v not in set(varying)]
            program = lift(output, parameters, varying)
            numbers = {v: rng.choice(EDGES) if rng.random() < 0.7 else v.data for v in leaves}
            examples = [[[numbers[v] for v in varying]]] if varying else []
            given = [numbers[v] for v in parameters]
            try:
                wanted = eager_at(output, leaves, list(numbers.values()), parameters)
            except DomainError:
                with pytest.raises(DomainError):
                    lifted_at(program, given, examples)
                continue
            assert same(lifted_at(program, given, examples), wanted), (seed, numbers)


@pytest.mark.parametrize(
    ("made", "at", "slope"),
    [
        (lambda x: x.relu().sqrt(), -1.0, 0.0),
        (lambda x: maximum(0.0, x * x - 4.0).sqrt(), 1.0, 0.0),
        (lambda x: minimum(x, 0.0).sqrt() + x, 2.0, 1.0),
        (lambda x: x.leaky_relu(0.0).sqrt(), -1.0, 0.0),
        (lambda x: (x // 2.0).sqrt(), 1.0, 0.0),
        (lambda x: x.sqrt() * x.sqrt(), 0.0, math.nan),  # a factor of 0, times an infinite slope
        (lambda x: x.sqrt() * x.sqrt() + x.sqrt(), 0.0, math.nan),  # although the program has one line for these
        (lambda x: (x * x).tanh() + x * x, math.inf, math.nan),
        (lambda x: x.relu(), math.nan, math.nan),
        (lambda x: maximum(x, 1.0), math.nan, math.nan),
        (lambda x: minimum(1.0, x), math.nan, math.nan),
        (lambda x: x.relu() ** 0.0, math.nan, math.nan),
        (lambda x: (x - 1.0).relu() * math.inf, 1.0, 0.0),
    ],
)
@pytest.mark.filterwarnings("ignore:the graph")
def test_a_branch_that_is_not_taken_passes_nothing_on(made, at, slope):
    """In the graph, in its program, and in a program over examples, one of them ordinary."""
    x, other = Value(at), Value(1.0)
    output = made(x)
    output.backward()
    np.testing.assert_equal(x.grad, slope)
    p = Value(3.0)
    whole, mapped = lift(made(p) * 1.5, [p]), lift(made(p) * other, [p], [other])
    whole.parameters[:] = mapped.parameters[:] = at
    cost, gradient = whole()
    np.testing.assert_allclose([cost, *gradient], [1.5 * output.data, 1.5 * slope])
    np.testing.assert_allclose(mapped([[1.0], [3.0]])[1], [2.0 * slope])
    np.testing.assert_allclose(mapped.forward([[1.0], [3.0]]), [output.data, 3.0 * output.data])


def test_a_layer_whose_neurons_are_off_takes_no_infinite_gradient():
    """√ has an infinite slope at 0; here it is in several matrix products, with more examples than a block has."""
    model = MLP(2, [3, 4, 1], activation="relu", seed=1)
    X = np.random.default_rng(0).normal(size=(150, 2))
    program = lift(lambda x: model(x).relu().sqrt(), model.parameters(), X)
    costs, gradients = [], []
    for row in X.tolist():
        output = model(row).relu().sqrt()
        for parameter in model.parameters():
            parameter.grad = 0.0
        output.backward()
        costs.append(output.data)
        gradients.append([parameter.grad for parameter in model.parameters()])
    assert 0.0 in costs
    assert max(costs) > 0.0
    cost, gradient = program(X)
    assert cost == pytest.approx(np.mean(costs), rel=1e-12)
    np.testing.assert_allclose(gradient, np.mean(gradients, axis=0), rtol=1e-10, atol=1e-12)


def test_a_fractional_power_of_minus_infinity_has_no_value():
    base, exponent = Value(2.0), Value(0.5)
    program = lift((base**exponent).tanh(), [base, exponent])
    program.parameters[0] = -math.inf
    for run in (program, program.forward):
        with pytest.raises(DomainError, match=r"\(-inf\) \*\* 0.5 has no value"):
            run()
    over_examples = lift((base**exponent).tanh(), [exponent], [base])
    with pytest.raises(DomainError, match=r"has no value.*\(example 2 of 2\)"):
        over_examples([[1.0], [-math.inf]])


def test_several_outputs_are_worked_out_by_the_rules_too():
    x, w = Value(1.0), Value(2.0)
    program = lift([(w * x).log(), w * x, (w * x).relu()], [w], [x])
    np.testing.assert_array_equal(program.forward([[1.0], [math.inf]]), [[math.log(2.0), 2, 2], [math.inf] * 3])
    np.testing.assert_array_equal(program.forward([math.inf]), [math.inf] * 3)
    whole = lift([w.log(), w * 3.0], [w])
    whole.parameters[0] = math.inf
    np.testing.assert_array_equal(whole.forward(), [math.inf] * 2)


@pytest.mark.filterwarnings("ignore:the graph")
@pytest.mark.parametrize(("f", "at", "wanted"), [*NOT_TAKEN, *((f, (0.0,), (math.nan,)) for f in INDETERMINATE), *NANS])
def test_the_points_that_everything_is_held_to(f, at, wanted):
    """As a whole graph, and with each input as examples beside an ordinary parameter."""
    leaves = [Value(x) for x in at]
    output = f(*leaves)
    np.testing.assert_array_equal(lift(output, leaves)()[1], wanted)
    one = Value(1.0)
    if len(at) > 1:
        program = lift(output * one, [one, *leaves[1:]], leaves[:1])
        np.testing.assert_array_equal(program([[at[0]]] * 3)[1][1:], wanted[1:])


def test_a_layer_that_is_computed_twice_is_computed_by_the_rules_too():
    weights, x = [[Value(0.5 + i - k) for k in range(3)] for i in range(2)], [Value(float(k)) for k in range(3)]
    first, second = ([dot(row, x).relu() for row in weights] for _ in range(2))
    output = sum(a + b for a, b in zip(first, second, strict=True))
    program = lift(output, [w for row in weights for w in row], x)
    assert program.forward([2.0, math.inf, 1.0]) == math.inf
    output.backward()
    cost, gradient = program._careful.backward(program.parameters, np.array([[0.0], [1.0], [2.0]]))
    assert cost == output.data
    assert gradient.tolist() == [w.grad for row in weights for w in row]
