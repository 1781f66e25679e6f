"""Claims about lift: a lifted program computes what its graph computes."""

import math
import random

import numpy as np
import pytest

from autograd import DomainError, Value, apply, dot, lift, maximum, minimum
from autograd.table import TABLE, Op
from autograd.value import record
from nn import MLP, mean, quadratic
from tests.campaigns.lifted_programs import checked
from tests.helpers.lifting import (
    STRUCTURES,
    assert_equal,
    convolution,
    eager,
    eager_mean,
    flat,
    leaves_of,
    linear,
    random_graph,
    values,
    w2,
)


def applied(op, operands):
    n = len(operands) // 2
    return dot(operands[:n], operands[n : 2 * n], *operands[2 * n :]) if op.name == "dot" else apply(op, *operands)


def nearby(inputs, rng, n=3):
    """Returns n examples with numbers near those of the inputs."""
    return [[x.data * (1 + 0.01 * rng.uniform(-1, 1)) for x in inputs] for _ in range(n)]


@pytest.mark.filterwarnings("ignore:the graph")  # a warning of random constants
@pytest.mark.parametrize("fifty", range(4))
def test_random_vector_programs(fifty):
    """`python -m tests.campaigns.lifted_programs` tries thousands of them."""
    for seed in range(50 * fifty, 50 * fifty + 50):
        checked(seed)


@pytest.mark.filterwarnings("ignore:the graph")
@pytest.mark.parametrize("seed", [8, 150, 330, 2866, 10922, 12435, 20251])
def test_vector_programs_that_were_wrong_once(seed):
    """They have views that repeat numbers, gradients shared by several arrays, and sums with axes in another order."""
    checked(seed)


@pytest.mark.filterwarnings("ignore:the graph")  # a warning of random constants
@pytest.mark.parametrize("hundred", range(10))
def test_a_thousand_random_graphs(hundred):
    """Each is lifted as a whole graph, and as a function of some of its leaves."""
    for seed in range(100 * hundred, 100 * hundred + 100):
        output, leaves, rng = random_graph(seed)
        parts = [rng.choice(["parameter", "input", "constant"]) for _ in leaves]
        parameters, inputs = ([v for v, part in zip(leaves, parts, strict=True) if part == kind]
                              for kind in ("parameter", "input"))  # fmt: skip
        assert_equal(lift(output, parameters)(), eager(output, parameters))
        if inputs:
            examples = nearby(inputs, rng)
            try:
                expected = eager_mean(output, parameters, inputs, examples)
            except DomainError:
                continue
            assert_equal(lift(output, parameters, inputs)(examples), expected)


@pytest.mark.parametrize("build", STRUCTURES, ids=lambda build: build.__name__)
def test_graphs_that_people_build(build):
    rng = random.Random(5)
    output, parameters, inputs = build(rng)
    assert_equal(lift(output, parameters)(), eager(output, parameters))
    if inputs:
        examples = nearby(inputs, rng)
        program = lift(output, parameters, inputs)
        assert_equal(program(examples), eager_mean(output, parameters, inputs, examples))


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
@pytest.mark.parametrize("count", [1, 5])
def test_every_operation_lifts_alone_and_in_a_group(op, count):
    points = [at for at in op.samples if len(at) == len(op.samples[-1])]
    made = []
    for i in range(count):
        operands = [Value(x) for x in points[i % len(points)]]
        made.append(applied(op, operands))
    output = made[0] if count == 1 else sum(v * (1.0 + i) for i, v in enumerate(made))
    leaves = leaves_of(output)
    assert_equal(lift(output, leaves)(), eager(output, leaves))


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_every_operation_lifts_over_examples(op):
    points = [at for at in op.samples if len(at) == len(op.samples[-1])]
    inputs = [Value(x) for x in points[0]]
    scale = Value(1.5)
    output = applied(op, inputs) * scale + scale
    assert_equal(lift(output, [scale], inputs)(points), eager_mean(output, [scale], inputs, points))


@pytest.mark.parametrize("op", [op for op in TABLE if op.edges], ids=lambda op: op.name)
def test_corners_and_ties_have_the_tables_slopes(op):
    for at in op.edges:
        if op.name == "pow" and at[0] == 0.0 and at[1] != 2.0:
            continue
        operands = [Value(at[0]), *at[1:]]
        output = apply(op, *operands) * 1.5 + operands[0] * 2.0
        output.backward()
        cost, gradient = lift(output, operands[:1])()
        assert (cost, gradient[0]) == (output.data, operands[0].grad)


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan, -1e308, 5e-324])
@pytest.mark.parametrize(
    "made",
    [
        lambda v, c: v * c + v,
        lambda v, c: c - v.tanh(),
        lambda v, c: maximum(v, c) * 1.5,
        lambda v, c: minimum(c, v) + minimum(c, v * 2.0),
        lambda v, c: v.leaky_relu(c),
        lambda v, c: (v * c).tanh(),
        lambda v, c: sum(maximum(v * (1.0 + i), Value(c)) for i in range(4)),
        lambda v, c: sum(v.tanh() * (1.0 + i) + c for i in range(4)).tanh(),
    ],
)
def test_numbers_that_a_graph_may_hold(made, number):
    x = Value(2.0)
    output = made(x, number)
    output.backward()
    cost, gradient = lift(output, [x])()
    np.testing.assert_allclose([cost, *gradient], [output.data, x.grad], rtol=1e-14)


def test_an_operation_of_ones_own_lifts():
    """It needs only a row like those of the table, and its rule may use the same functions."""
    cube = Op("cube root", lambda m, a: m.sign(a) * m.exp(m.log(m.abs(a)) / 3), (lambda m, y, a: y / (3 * a),),
              ("∛′({a})",), ((2.0,),), "∛")  # fmt: skip
    x = [Value(0.5), Value(-8.0), Value(27.0)]
    output = sum(apply(cube, v) * v for v in x)
    assert_equal(lift(output, x)(), eager(output, x))


def test_a_rule_that_numpy_has_no_word_for_says_so():
    odd = Op("odd", lambda m, a: m.erf(a), (lambda m, y, a: 1.0,), ("1",), ((1.0,),), "?")
    x = Value(1.0)
    with pytest.raises(TypeError, match=r"a rule uses .*sqrt, tan, tanh, where, .*; got m\.erf"):
        lift(record(odd, 0.8, x, 1.0), [x])


def test_w2_fused_and_elementary_is_one_program():
    fused, parameters = w2()
    elementary, others = w2("elementary")
    program = lift(fused, parameters)
    assert program.source == lift(elementary, others).source
    assert_equal(program(), eager(fused, parameters))
    assert_equal(program(), eager(elementary, others))


def test_w2_becomes_three_matrix_products():
    program = lift(*w2())
    forward = program.source.split("if not backward")[0]
    assert forward.count("@") == 3
    for line in ("z1 = W1 @ x + b1", "a1 = np.maximum(z1, 0.0)", "z2 = W2 @ a1 + b2", "z3 = W3 @ a2 + b3"):
        assert f"    {line}\n" in forward
    assert "take" not in program.source
    assert "as_strided" not in program.source
    assert "[i" not in program.source


def test_weights_that_several_places_of_an_example_share_stay_matrices():
    output, parameters, inputs = convolution(random.Random(5))
    source = lift(output, parameters, inputs).source
    assert "z1 = (x.reshape(-1, 9) @ W1.T).reshape(n, 36, 3) + b1\n" in source
    assert source.count("@") + source.count("np.matmul(") == 5


def test_products_of_activations_may_be_written_either_way_round():
    rng = random.Random(3)
    x, wq, wk = values(rng, 4, 3), values(rng, 3, 3), values(rng, 3, 3)
    q, k = ([linear(w, token) for token in x] for w in (wq, wk))
    scores = [dot(a, b) if rng.random() < 0.5 else dot(b, a) for a in q for b in k]
    output = sum(score.tanh() for score in scores)
    program = lift(output, flat([wq, wk]))
    assert_equal(program(), eager(output, flat([wq, wk])))
    assert "u1 = t2.T @ t1\n" in program.source
    assert "t1 = z1[3:]\n" in program.source


@pytest.mark.parametrize("inputs", [False, True])
def test_a_product_that_stands_there_both_ways_round_counts_twice(inputs):
    """w · x and x · w are different nodes with the same place in a matrix product."""
    rng = random.Random(0)
    w, x = values(rng, 4, 3), values(rng, 2, 3)
    output = sum(dot(a, b).tanh() * dot(b, a).tanh() for b in x for a in w)
    if inputs:
        example = [v.data for v in flat(x)]
        assert_equal(lift(output, flat(w), flat(x))(example), eager(output, flat(w)))
    else:
        assert_equal(lift(output, flat(w))(), eager(output, flat(w)))


def test_per_example_and_whole_graph_agree():
    rng = np.random.default_rng(1)
    model = MLP(3, [5, 2], activation="sigmoid", output="tanh", seed=4)
    X, Y = rng.normal(size=(20, 3)), rng.uniform(size=(20, 2))
    cost = mean([quadratic(model(x), y) for x, y in zip(X.tolist(), Y.tolist(), strict=True)])
    x, y = [Value(v) for v in X[0].tolist()], [Value(v) for v in Y[0].tolist()]
    per_example = lift(quadratic(model(x), y), model.parameters(), [*x, *y])
    assert_equal(per_example(np.hstack([X, Y])), eager(cost, model.parameters()))
    assert_equal(lift(cost, model.parameters())(), eager(cost, model.parameters()))


def test_what_no_example_changes_is_counted_once():
    """Here a penalty on the parameters; and, conversely, a part of the graph without parameters."""
    w, x = [Value(0.5), Value(-0.3), Value(0.8)], [Value(1.0), Value(2.0), Value(-1.0)]
    output = dot(w, x).tanh() + 0.1 * sum((v.sin() * v.exp() for v in w), Value(0.0)) + x[0].exp()
    examples = [[0.1, 0.2, 0.3], [0.5, -1.0, 2.0]]
    assert_equal(lift(output, w, x)(examples), eager_mean(output, w, x, examples))


def test_sums_of_parameters_count_for_every_example():
    """The sums are irregular, beside a term that varies; their gradient is the same for all examples."""
    w, x = [Value(0.1 * i) for i in range(12)], [Value(0.5), Value(0.7)]
    first = sum((w[i] for i in (0, 3, 4, 9, 11)), x[0])
    second = sum((w[i] for i in (1, 2, 7, 8, 11)), x[1])
    output = first + second + (first + second)
    twice = first * 2.0 + second.tanh() + first.tanh()
    examples = [[0.1, 0.2], [0.3, -0.4], [1.0, 0.6]]
    for result in (output, twice):
        used = [v for v in w if v in set(leaves_of(result))]
        assert_equal(lift(result, used, x)(examples), eager_mean(result, used, x, examples))


def test_far_out_a_sigmoid_is_flat():
    w, x = Value(0.5), Value(1.0)
    z = w * x
    for output in (z.sigmoid(), z.sigmoid() + 1e-300 * (z * 0.01).exp()):  # without a domain, and with one
        program = lift(output, [w], [x])
        assert program([[-4000.0]])[0] == pytest.approx(0.0, abs=1e-300)
        assert program([[4000.0]])[0] == pytest.approx(1.0)


@pytest.mark.no_cover  # under coverage it takes several times as long
def test_a_chain_of_a_million_operations():
    x = Value(0.5)
    y = x
    for _ in range(1_000_000):
        y = y + 1e-6
    cost, gradient = lift(y, [x])()
    assert cost == pytest.approx(1.5)
    assert gradient.tolist() == [1.0]


def test_a_long_chain_that_does_not_melt():
    x = Value(0.5)
    y = x
    for _ in range(2000):
        y = y.sin()
    assert_equal(lift(y, [x])(), eager(y, [x]))


@pytest.mark.no_cover  # under coverage it takes several times as long
def test_a_value_that_thousands_of_lines_use():
    w, x = Value(0.5), Value(0.7)
    first = (w * x).tanh()
    output = first
    for _ in range(3000):
        output = (output + first).sin()
    assert_equal(lift(output, [w])(), eager(output, [w]))
    assert_equal(lift(output, [w], [x])([[0.7]]), eager(output, [w]))
