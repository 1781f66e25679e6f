"""Claims about lift of a function: all examples that are tried give one graph, or an error names one that does not."""

import random
import warnings

import numpy as np
import pytest

from autograd import DomainError, Value, array, dot, lift, maximum, no_grad
from nn import MLP, quadratic
from tests.helpers.lifting import assert_equal, eager_mean, values

RNG = np.random.default_rng(0)
X, Y, T = RNG.normal(size=(20, 3)), RNG.uniform(size=(20, 2)), RNG.normal(size=20)


@pytest.fixture
def w():
    return [Value(0.4, "w1"), Value(-0.2, "w2"), Value(0.3, "w3")]


def test_a_network_and_its_cost_are_the_program_of_their_graph():
    model = MLP(3, [4, 2], activation="tanh", output="sigmoid", seed=0)
    program = lift(lambda x, y: quadratic(model(x), y), parameters=model.parameters(), inputs=(X, Y))
    x, y = list(map(Value, X[0])), list(map(Value, Y[0]))
    C = quadratic(model(x), y)
    assert program.source == lift(C, model.parameters(), [*x, *y]).source
    assert_equal(program(np.hstack([X, Y])), eager_mean(C, model.parameters(), [*x, *y], np.hstack([X, Y])))


def test_a_number_an_example_is_a_value(w):
    """Inputs of shapes (n, k) and (n,) are side by side as the program's columns."""

    def cost(x, t):
        assert isinstance(t, Value)
        assert x.shape == (3,)
        return (dot(w, x) - t) ** 2

    program = lift(cost, w, (X, T))
    errors = X @ [0.4, -0.2, 0.3] - T
    C, gradient = program(np.column_stack([X, T]))
    np.testing.assert_allclose(C, np.mean(errors**2), rtol=1e-13)
    np.testing.assert_allclose(gradient, 2 * errors @ X / 20, rtol=1e-12)
    assert lift(lambda t: t * w[0], w, T).forward(T[:, None])[3] == T[3] * 0.4


def test_functions_are_written_with_numpy():
    """On arrays of Values, NumPy's functions follow the table, such as relu, whose slope is 0 below 0."""
    W, b = array(RNG.normal(size=(4, 3))), array(np.zeros(4))
    parameters = [*W.ravel(), *b]
    program = lift(lambda x, y: ((np.maximum(W @ x + b, 0.0)[:2] - y) ** 2).mean(), parameters, (X, Y))
    A = np.maximum(X @ W.data.T + b.data, 0.0)
    delta = np.zeros_like(A)
    delta[:, :2] = (A[:, :2] - Y) * (A[:, :2] > 0) / 20
    cost, gradient = program(np.hstack([X, Y]))
    assert cost == pytest.approx(((A[:, :2] - Y) ** 2).mean(), rel=1e-12)
    np.testing.assert_allclose(gradient, [*(delta.T @ X).ravel(), *delta.sum(axis=0)], rtol=1e-11, atol=1e-14)
    outputs = lift(lambda x: np.tanh(W @ x), parameters, X)
    np.testing.assert_allclose(outputs.forward(X), np.tanh(X @ W.data.T), rtol=1e-12)


def test_several_outputs_are_for_forward_alone(w):
    model = MLP(3, [2], seed=0)
    for made in (model, lambda x: tuple(model(x)), lambda x: np.array(model(x))):
        program = lift(made, model.parameters(), X)
        np.testing.assert_allclose(program.forward(X), [[float(a) for a in model(x)] for x in X], rtol=1e-13)
        with pytest.raises(TypeError, match="this program has 2"):
            program(X)


def test_without_inputs_it_takes_no_arguments(w):
    calls = []
    program = lift(lambda: calls.append(1) or w[0] * w[1], w)
    assert len(calls) == 2
    cost, gradient = program()
    assert cost == -0.4 * 0.2
    np.testing.assert_array_equal(gradient, [-0.2, 0.4, 0.0])


def test_inputs_that_it_does_not_use_are_fine(w):
    """Some inputs, all inputs, and all inputs beside an output that uses them."""
    some = lift(lambda x: w[0] * x[1], w, X)
    np.testing.assert_allclose(some(X)[1], [np.mean(X[:, 1]), 0.0, 0.0])
    none = lift(lambda x: w[0] * w[1].exp(), w, X)
    cost, gradient = none(X)
    np.testing.assert_allclose([cost, *gradient], [0.4 * np.exp(-0.2), np.exp(-0.2), 0.4 * np.exp(-0.2), 0.0])
    np.testing.assert_array_equal(none.forward(X), [cost] * 20)
    assert none.forward(X[0]) == cost
    np.testing.assert_array_equal(lift(lambda x: w[0] * w[1].exp(), (), X).forward(X[:2]), [cost] * 2)
    for others in ([], [lambda x: w[2] * w[2]], [lambda x: x[0] * 2.0]):
        program = lift(lambda x: [w[0] * w[1].exp(), *(other(x) for other in others)], w, X)  # noqa: B023
        made = program.forward(X[:4])
        assert made.shape == (4, 1 + len(others))
        np.testing.assert_array_equal(made[:, 0], [cost] * 4)


# ---- graphs that depend on the data


def masked(w, x):
    z = dot(w, x)
    return z * (z > 0)


def cut(w, x):
    z = dot(w, x)
    return z * 1.0 if z > 0 else z * 0.0


DEPENDING = {
    "a branch": (lambda w, x: dot(w, x) if x[0] > 0 else dot(w, x).tanh(), "operation 2 is "),
    "a float": (lambda w, x: w[0] * float(x[1]), "operation 1, mul, has the constant "),
    "a number": (lambda w, x: w[0] * x[1].data, "operation 1, mul, has the constant "),
    "a mask": (masked, "operation 2, mul, has the constant "),
    "a case": (cut, "operation 2, mul, has the constant "),
    "a detached node": (lambda w, x: (h := dot(w, x)) * h.detach(), "operation 2, mul, has the constant "),
    "a shift": (lambda w, x: (x[0] * w[0] - max(v.data for v in x)).exp(), "operation 2, sub, has the constant "),
    "a sorted list": (lambda w, x: dot(w, sorted(x)), "operation 1, dot, has other operands "),
    "a length": (lambda w, x: sum((v * w[0] for v in x if v > 0), w[0] * 2.0), "operation "),
    "a place": (lambda w, x: dot(w, x) * x[int(np.argmax([v.data for v in x]))], "operation 2, mul, has other "),
    "a dot of fewer": (lambda w, x: dot(*zip(*((a, v) for a, v in zip(w, x, strict=True) if v > -0.5), strict=True)),
                       "operation 1, dot, has "),
    "how many": (lambda w, x: [w[0] * x[0]] * (1 + int(x[0] > 0)), "what it returns has "),
}  # fmt: skip


@pytest.mark.parametrize("case", DEPENDING)
def test_a_graph_that_depends_on_the_data_is_an_error(case, w):
    made, said = DEPENDING[case]
    with pytest.raises(ValueError, match=r"the graph of this function depends on the data") as caught:
        lift(lambda x: made(w, x), w, X)
    message = str(caught.value)
    assert f"depends on the data: {said}" in message
    assert "(example 1) and" in message or "(example 1) than" in message
    assert "It was tried at example 1, example " in message


@pytest.mark.parametrize("case", DEPENDING)
def test_with_one_example_others_are_made_up(case, w):
    made, _ = DEPENDING[case]
    with pytest.raises(ValueError, match=r"the graph of this function depends on the data.*example 1 ") as caught:
        lift(lambda x: made(w, x), w, X[:1])
    assert "It was tried at example 1, example 1 " in str(caught.value)


def test_a_constant_is_held_to_its_last_bit(w):
    """−0 is not 0, and nan is nan."""
    lift(lambda x: w[0] * x[0] + float("nan"), w, X)
    with pytest.raises(ValueError, match=r"has the constant 0.0 \(example 1\) and -0.0 \(example \d"):
        lift(lambda x: w[0] * x[0] + 0.0 * float(x[0]), w, X)


def test_one_number_is_tried_at_others_too(w):
    for limit in (0.0, 0.6):
        with pytest.raises(ValueError, match="depends on the data"):
            lift(lambda x: w[0] * x if x > limit else w[1] * x, w, [0.7])  # noqa: B023


def test_made_up_examples_need_have_no_value(w):
    """A logarithm is not tried below 0, nor an index outside its table; other examples still show frozen numbers."""
    table = {1.0: w[0]}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        program = lift(lambda x: w[0] * x[0].log(), w, [[2.0]])
        lift(lambda x: table[float(x[0])] * x[1], w, [[1.0, 0.3]])
    assert program([[1.0], [np.e]])[1][0] == pytest.approx(0.5)
    with pytest.warns(UserWarning, match=r"the constant 7.0, which is the number of inputs\[0\]"):
        lift(lambda x: w[0] * {7.0: x[0]}[float(x[0])] * x[0].data, w, [[7.0]])


def test_examples_without_a_value_are_passed_over(w):
    program = lift(lambda x: w[0] * x[0].log(), w, [[-1.0], [2.0], [3.0], [4.0]])
    assert program([[1.0]])[0] == 0.0
    with pytest.raises(DomainError, match="log"):
        lift(lambda x: w[0] * x[0].log(), w, [[-1.0], [-2.0], [-3.0]])


def test_many_alike_examples_are_looked_through_for_others(w):
    """One-hot rows that are sorted by class: evenly spaced rows may all be equal."""
    rows = np.zeros((1000, 1))
    rows[501], rows[502] = 1.0, 2.0
    with pytest.raises(ValueError, match="depends on the data"):
        lift(lambda x: w[0] * x[0] if x[0] < 1.5 else w[1] * x[0], w, rows)


def test_the_least_and_the_largest_numbers_are_tried(w):
    """A branch on a number is found there, even if few examples are beyond the limit."""
    rows = RNG.uniform(size=(1000, 2))
    rows[567, 1] = -1e-6
    with pytest.raises(ValueError, match=r"depends on the data.*example 568"):
        lift(lambda x: w[0] * x[0] if x[1] > 0 else w[1] * x[0], w, rows)


def test_it_is_tried_at_eight_examples_at_most(w):
    calls = []
    lift(lambda x: calls.append(1) or w[0] * x[0], w, RNG.normal(size=(1000, 1)))
    assert len(calls) == 9  # the first example is tried twice


# ---- functions that cannot be lifted


def test_random_numbers_are_told_as_such(w):
    rng = random.Random(0)
    with pytest.raises(ValueError, match=r"records another graph each time .* at example 1: .*draw random numbers"):
        lift(lambda x: w[0] * x[0] * rng.random(), w, X)
    with pytest.raises(ValueError, match=r"records another graph each time .* at the first call"):
        lift(lambda: w[0] * rng.random(), w)


def test_state_that_grows_is_told_as_such(w):
    seen, running = [], Value(0.5)

    def grows(x):
        seen.append(x)
        return w[0] * x[0] * len(seen)

    def averages(x):
        running.data = 0.9 * running.data + 0.1 * x[0].data
        return w[0] * x[0] - running

    def later(x):
        seen.append(x)
        return w[0] * x[0] * (1.5 if len(seen) <= 8 else 2.5)

    for function in (grows, averages, later):
        seen.clear()
        with pytest.raises(ValueError, match=r"records another graph .*let it keep nothing from call to call"):
            lift(function, w, X)


def test_parameters_are_left_as_they_are(w):
    def moves(x):
        w[1].data += 1.0
        return w[0] * x[0]

    with pytest.raises(ValueError, match="leaves its parameters as they are; this one assigns to them"):
        lift(moves, w, X)


def test_plain_numbers_are_no_result(w):
    for made, got in ((lambda x: 3.0, "float 3.0"), (lambda x: None, "NoneType None"), (lambda x: "a", "str 'a'"),
                      (lambda x: [w[0] * x[0], 2.0], "float 2.0"), (lambda x: np.zeros(2), "float64")):  # fmt: skip
        with pytest.raises(TypeError, match=f"returns is a Value, or a list of them.*float.x. and .* leave.*got {got}"):
            lift(made, w, X)
    for made, got in ((lambda x: x[0], "the leaf Value"), (lambda x: Value(1.0), "the leaf Value"),
                      (lambda x: [], "nothing")):  # fmt: skip
        with pytest.raises(ValueError, match=f"output is worked out from other Values; got {got}"):
            lift(made, w, X)


def test_examples_that_are_none(w):
    rule = "inputs of a function are an array of examples"
    for wrong, got in ((3.0, r"got shape \(\)"), (np.zeros((0, 3)), r"got shape \(0, 3\)"),
                       (np.zeros((2, 2, 2)), r"got shape \(2, 2, 2\)"), ((X, T[:3]), "got 20 and 3")):  # fmt: skip
        with pytest.raises(ValueError, match=f"{rule}.*{got}"):
            lift(lambda *x: w[0] * 2.0, w, wrong)
    for wrong in ("abc", [[None]], (X, ["a"] * 20)):
        with pytest.raises(TypeError, match=f"{rule}.*that is no array of real numbers"):
            lift(lambda *x: w[0] * 2.0, w, wrong)


def test_errors_of_the_function_are_its_own(w):
    with pytest.raises(ZeroDivisionError):
        lift(lambda x: w[0] * x[0] / 0, w, X)
    with pytest.raises(IndexError):
        lift(lambda x: w[0] * x[7], w, X)


def test_it_records_inside_no_grad_too(w):
    with no_grad():
        program = lift(lambda x: dot(w, x), w, X)
    np.testing.assert_allclose(program(X)[1], X.mean(axis=0), rtol=1e-12, atol=1e-15)


def test_it_keeps_no_gradients_and_no_graph(w):
    w[0].grad = 5.0
    program = lift(lambda x: maximum(0.0, dot(w, x)), w, X)
    program(X)
    assert [v.grad for v in w] == [5.0, 0.0, 0.0]
    assert {id(v) for v in program._values} == {id(v) for v in w}


def test_random_functions_of_every_shape():
    rng = random.Random(1)
    for k in range(1, 6):
        rows, biases = values(rng, 3, k), values(rng, 3)
        examples = RNG.normal(size=(6, k))
        parameters = [v for row in rows for v in row] + biases

        def cost(x, rows=rows, biases=biases):
            return sum((dot(row, x, b).tanh() for row, b in zip(rows, biases, strict=True)), x[0] * x[-1])

        x = list(map(Value, examples[0]))
        assert_equal(lift(cost, parameters, examples)(examples), eager_mean(cost(x), parameters, x, examples))
