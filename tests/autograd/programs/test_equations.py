"""Claims about the equations of a backward pass: run as NumPy, they give the gradients."""

import numpy as np
import pytest

from autograd import check_backward
from autograd.programs.equations import Equations
from tests.helpers.verdicts import attention_recorded, batchnorm_recorded, mlp_recorded, recorded, rnn_recorded

X = np.array([[0.3, -1.2, 0.8, 2.1], [1.7, 0.4, -0.6, -0.9], [-2.2, 1.1, 0.5, 0.2]])
POSITIVE = np.exp(X)
STACK = np.cos(np.arange(24.0)).reshape(2, 3, 4)


def run(found):
    """Returns the gradients from the equations, by the names of the arrays."""
    equations = Equations(found)
    written = {name: name.replace("(", "_").replace(")", "") for name in equations.names.values()}

    def as_code(text):
        for name, word in written.items():
            text = text.replace(name, word)
        return text

    space = {"np": np, **{as_code(name): array.value for name, array in found.named.items()}}
    for number, name in equations.names.items():
        space[f"d{written[name]}"] = np.zeros(found.program.assignments[number].shape)
    space[f"d{written[equations.names[found.result.number]]}"][...] = found.backward.flows[found.result.number]
    for way in equations.named_ways:
        exec(as_code(way.equation.replace(" = ", "[...] = ")), space)
    return {number: space[f"d{written[name]}"] for number, name in equations.names.items()}


def holds(found):
    for number, gradient in run(found).items():
        np.testing.assert_allclose(gradient, found.backward.flows[number], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("made", [batchnorm_recorded, mlp_recorded, rnn_recorded, attention_recorded])
def test_the_equations_of_a_layer_give_its_gradients(made):
    holds(made())


FUNCTIONS = {
    "exp": lambda x: np.exp(x),
    "tanh": lambda x: np.tanh(x) * x,
    "log of what has no name": lambda x: np.log(x * x + 1),
    "abs": lambda x: np.abs(x - 0.1),
    "a power": lambda x: x**3,
    "a quotient": lambda x: 2.0 / (x - 5.0) - x / (x * x + 1),
    "minus a sum": lambda x: -(x - 2.0 * x**2),
    "maximum": lambda x: np.maximum(x, 0.25),
    "minimum of two": lambda x: np.minimum(x, -x),
    "where": lambda x: np.where(x > 0, x, 0.1 * x),
    "relu by a mask": lambda x: x * (x > 0),
    "a sum": lambda x: x.sum(axis=1),
    "the sum of all": lambda x: x.sum(),
    "a mean that is kept": lambda x: x - x.mean(axis=1, keepdims=True),
    "the largest": lambda x: x.max(axis=0) * 2.0,
    "the largest of the negative": lambda x: (-x).max(axis=1),
    "a product along an axis": lambda x: np.prod(x, axis=1),
    "ln Σ exp": lambda x: np.logaddexp.reduce(x, axis=1),
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(axis=1, keepdims=True),
    "ln of a sigmoid": lambda x: np.log(1 / (1 + np.exp(-x))),
    "a quotient before a product": lambda x: (2.0 / (3.0 + np.exp(x))) @ x.T,
    "minus a quotient below": lambda x: x / -(1 / (x + 9.0)),
    "a power of a difference": lambda x: (9.0 - x) ** np.float64(1.5) * x,
    "two joined": lambda x: np.concatenate([x * x, x], axis=1).sum(axis=1) * 2.0,
    "two stacked": lambda x: np.stack([x * x, x], axis=1).sum(axis=1),
    "a transpose": lambda x: np.exp(x).T @ x,
    "x xᵀ": lambda x: x @ x.T,
    "three in a row": lambda x: (x.T @ x) @ x.T,
    "einsum": lambda x: np.einsum("ij,kj->ik", x, x * 2.0),
    "einsum of no product of matrices": lambda x: np.einsum("ij,ij,ij->i", x, x, x),
    "einsum with an axis moved": lambda x: np.einsum("ij->ji", x),
    "an outer product": lambda x: np.einsum("i,j->ij", x[:, 0], x[1]),
    "a row": lambda x: x[1] * 3.0,
    "a column": lambda x: np.tanh(x[:, 2]),
    "rows": lambda x: x[1:3] * x[0:2],
    "rows that repeat": lambda x: x[np.array([0, 2, 0, 0])],
    "rows in another order": lambda x: x[np.array([2, 0])],
    "rows by a table of numbers": lambda x: x[np.array([[0, 2], [1, 2]])],
    "reshape": lambda x: x.reshape(2, 6) * 2.0,
    "an axis more": lambda x: x[:, None, :] - x[None, :, :],
    "broadcast": lambda x: np.broadcast_to(x[0], (5, 4)) * 2.0,
    "a stack": lambda x: np.stack([x[0] * 2.0, np.exp(x[1])]),
    "a stack of columns": lambda x: np.stack([x[0] * 2.0, np.exp(x[1])], axis=1),
    "a concatenation of columns": lambda x: np.concatenate([x[:, :1] * 2.0, np.exp(x)], axis=1),
    "einsum, element by element": lambda x: np.einsum("ij,ij->ij", x, x * 2.0),
    "a sum of two axes of three": lambda x: (x[:, None, :] * x[None]).sum(axis=(0, 1)),
    "a concatenation": lambda x: np.concatenate([x * 2.0, x[:1] * 3.0]),
}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS.keys())
def test_the_equation_of_a_function_gives_its_gradient(function):
    made = function(X)
    found = recorded(
        lambda x: {"f": function(x)}, {"x": X}, np.cos(np.arange(1.0, np.size(made) + 1)).reshape(made.shape)
    )
    (equation, *_) = [way.equation for way in Equations(found).named_ways]
    assert "…" not in equation
    holds(found)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.where(x[0] > 0, x[1], x[2]) * x,
        lambda x: np.array([x[0, 0] * 2.0, x[1, 1], x[2, 2], x[0, 1]]) * 3.0,
        lambda x: x[None] - (x[:, None, :] * x[None]).sum(axis=(0, 2), keepdims=True),
    ],
)
def test_what_is_long_or_has_no_short_index_is_left_open(function):
    made = function(X)
    found = recorded(lambda x: {"f": function(x)}, {"x": X}, np.ones(made.shape))
    assert "…" in Equations(found).named_ways[0].equation


def test_products_of_stacks_of_matrices():
    for function in (lambda x, w: x @ w, lambda x, w: np.tanh(x) @ (w * 2.0)):
        for w in (np.sin(np.arange(8.0)).reshape(4, 2), np.sin(np.arange(16.0)).reshape(2, 4, 2)):
            found = recorded(
                lambda x, w, f=function: {"f": f(x, w)}, {"x": STACK, "w": w}, np.ones((2, 3, 2)) + STACK[..., :2]
            )
            holds(found)
            assert " @ " in next(way.equation for way in Equations(found).named_ways if way.below == "x")


def test_transposes_of_more_axes():
    found = recorded(lambda x: {"f": x.transpose(2, 0, 1) * 2.0}, {"x": STACK}, STACK.transpose(2, 0, 1))
    assert Equations(found).named_ways[0].equation == "dx = 2 * df.transpose(1, 2, 0)"
    holds(found)


def test_batch_norm_as_it_is_written_by_hand():
    assert {way.equation for way in Equations(batchnorm_recorded()).named_ways} == {
        "dxhat = dout * gamma",
        "dgamma = (dout * xhat).sum(axis=0)",
        "dbeta = dout.sum(axis=0)",
        "dxc += dxhat / std",
        "dstd = -(dxhat * xhat / std).sum(axis=0)",
        "dvar = 0.5 * dstd / std",
        "dxc += 2 * dvar * xc / 6",
        "dmu = -dxc.sum(axis=0)",
        "dx += dxc",
        "dx += dmu / 6",
    }


def test_two_layers_as_they_are_written_by_hand():
    assert [way.equation for way in Equations(mlp_recorded()).named_ways] == [
        "de = dloss * e / 5", "dz2 = de", "dy = -de", "dh = dz2 @ W2.T", "db2 = dz2.sum(axis=0)", "dW2 = h.T @ dz2",
        "dz1 = dh * (z1 > 0)", "db1 = dz1.sum(axis=0)", "dW1 = x.T @ dz1", "dx = dz1 @ W1.T",
    ]  # fmt: skip


def test_a_recurrent_net_adds_up_its_steps():
    equations = [way.equation for way in Equations(rnn_recorded()).named_ways]
    assert [text for text in equations if text.startswith("dW ")] == [
        "dW += np.outer(h(2), dz(3))", "dW += np.outer(h(1), dz(2))", "dW += np.outer(np.zeros(4), dz(1))"
    ]  # fmt: skip
    assert "dx[2] += dz(3) @ U.T" in equations
    assert "dh(2) = dz(3) @ W.T" in equations


def test_rows_that_repeat_are_added_one_by_one():
    found = recorded(lambda W: {"out": W[np.array([2, 0, 2])]}, {"W": X})
    assert [way.equation for way in Equations(found).named_ways] == ["np.add.at(dW, [2, 0, 2], dout)"]


def test_a_long_equation_says_how_many_terms_it_has():
    def deep(x):
        y = x
        for k in range(9):
            y = np.tanh(y * x + float(k))
        return {"out": y}

    (way,) = Equations(recorded(deep, {"x": X})).named_ways
    assert way.equation.endswith(" + … (10 terms)"), "x comes in nine products, in the first of them twice"
    assert len(way.equation) < 140


def test_a_long_sum_is_cut_between_two_terms():
    found = recorded(lambda x: {"out": sum(np.sin(x + float(k)) for k in range(1, 13))}, {"x": X})
    (way,) = Equations(found).named_ways
    shown = ["dout * np.cos(x + 12)", "dout * np.cos(x + 11)", "dout * np.cos(x + 10)", "dout * np.cos(x + 9)"]
    assert way.equation == f"dx = {' + '.join(shown)} + … (12 terms)"


def test_a_long_list_of_places_is_cut_and_counted():
    found = recorded(lambda x: {"out": x[0] * 1.0 + x[1] * 2.0 + x[2] * 3.0 + x[3] * 4.0}, {"x": X.T})
    (way,) = Equations(found).named_ways
    assert way.equation == "dx[3] += 4 * dout; dx[2] += 3 * dout; dx[1] += 2 * dout; … (4 equations)"


def test_what_doubles_at_each_step_stays_short():
    def doubling(x):
        y = x
        for _ in range(60):
            y = y * (1.0 - y)
        return {"out": y}

    (way,) = Equations(recorded(doubling, {"x": np.array([0.3, 0.5])})).named_ways
    assert len(way.equation) < 200


def test_a_result_without_a_name_gets_one():
    found = recorded(lambda x: {"": np.exp(x)}, {"x": X})
    found.named.pop("")
    assert [way.equation for way in Equations(found).named_ways] == ["dx = dout * out"]
    found = recorded(lambda x, out: {"": np.exp(x) * out}, {"x": X, "out": X})
    found.named.pop("")
    assert Equations(found).named_ways[0].equation == "dout = dresult * np.exp(x)"


def test_every_way_is_on_a_named_way():
    for made in (batchnorm_recorded, mlp_recorded, rnn_recorded, attention_recorded):
        found = made()
        every = {way for node in found.backward.order for way in found.backward.ways(node)}
        assert set().union(*(way.ways for way in Equations(found).named_ways)) == every


def test_the_gradient_of_a_copy_goes_to_the_whole_array():
    run = check_backward(lambda x: (c := x.copy()).sum() + (x * c).sum(), {"x": X}, {"x": 1 + 2 * X})
    assert "dx += dc" in [way.equation for way in run.equations.named_ways]


def test_what_goes_back_to_the_parts_of_a_product_is_not_broadcast():
    def forward(x, w):
        rows = [x[0] * 2, x[1:3].sum(axis=0), x[2] * 3]
        return np.stack(rows) @ w

    run = check_backward(forward, {"x": X, "w": X.T}, {"w": np.ones((4, 3))}, np.ones((3, 3)))
    written = [way.equation for way in run.equations.named_ways]
    assert "drows[1] = (dout @ w.T)[1]" in written
    assert not any("broadcast_to" in equation for equation in written)
