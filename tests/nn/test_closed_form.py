"""Claims about the closed form: both conventions agree, and its gradients are the derivatives of its cost."""

import numpy as np
import pytest

from nn import closed_form
from tests.helpers.networks import published, random_network
from tests.helpers.oracle import rise_over_run


@pytest.mark.parametrize("seed", range(60))
def test_rows_are_columns_transposed(seed):
    model, x, y = random_network(seed)
    columns = closed_form.columns(model.weights, model.biases, x.T, y.T, model.activations)
    rows = closed_form.rows([w.T for w in model.weights], model.biases, x, y, model.activations)
    assert rows.cost == pytest.approx(columns.cost, rel=1e-13)
    for name in ("z", "a", "delta", "dW"):
        for mine, other in zip(getattr(rows, name), getattr(columns, name), strict=True):
            np.testing.assert_allclose(mine, other.T, rtol=1e-10, atol=1e-13)
    for mine, other in zip(rows.db, columns.db, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("seed", range(40))
def test_gradients_are_rise_over_run_of_the_cost(seed):
    model, x, y = random_network(seed)
    weights, biases = model.weights, model.biases
    found = closed_form.columns(weights, biases, x.T, y.T, model.activations)
    smooth = not set(model.activations) & {"relu", "leaky_relu"}
    for layer in range(len(weights)):
        for arrays, gradient in ((weights, found.dW[layer]), (biases, found.db[layer])):
            index = tuple(int(n) // 2 for n in gradient.shape)
            before = arrays[layer][index]

            def cost(moved, arrays=arrays, layer=layer, index=index, before=before):
                arrays[layer][index] = moved
                result = closed_form.columns(weights, biases, x.T, y.T, model.activations).cost
                arrays[layer][index] = before
                return result

            if smooth:
                assert gradient[index] == pytest.approx(rise_over_run(cost, before), rel=1e-6, abs=1e-7)
            else:  # a step so small that no neuron crosses its corner
                slope = (cost(before + 1e-7) - cost(before - 1e-7)) / 2e-7
                assert gradient[index] == pytest.approx(slope, rel=1e-4, abs=1e-5)


def test_the_published_numbers():
    """The numbers that M. Mazur's example prints."""
    model, x, y = published()
    found = closed_form.columns(model.weights, model.biases, x, y, "sigmoid", "sigmoid")
    assert found.cost == pytest.approx(0.298371109, abs=5e-10)
    assert found.a[2] == pytest.approx([0.75136507, 0.772928465], abs=5e-9)
    assert found.dW[1][0, 0] == pytest.approx(0.082167041, abs=5e-10)
    assert found.dW[0][0, 0] == pytest.approx(0.000438568, abs=5e-10)
    assert model.weights[1] - 0.5 * found.dW[1] == pytest.approx(
        np.array([[0.35891648, 0.408666186], [0.511301270, 0.561370121]]), abs=5e-9
    )
    assert model.weights[0] - 0.5 * found.dW[0] == pytest.approx(
        np.array([[0.149780716, 0.19956143], [0.24975114, 0.29950229]]), abs=5e-9
    )


def test_shapes():
    W, b = [np.ones((4, 3)), np.ones((2, 4))], [np.zeros(4), np.zeros(2)]
    one = closed_form.columns(W, b, np.ones(3), np.ones(2), "tanh", "sigmoid")
    assert [v.shape for v in (*one.z, *one.a, *one.delta)] == [(4,), (2,), (3,), (4,), (2,), (4,), (2,)]
    many = closed_form.columns(W, b, np.ones((3, 5)), np.ones((2, 5)), "tanh", "sigmoid")
    assert [v.shape for v in (*many.delta, *many.dW, *many.db)] == [(4, 5), (2, 5), (4, 3), (2, 4), (4,), (2,)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x": np.ones(4)}, r"x has shape \(3,\) or \(3, n\) and y \(2,\) or \(2, n\); got \(4,\) and \(2,\)"),
        ({"y": np.ones((2, 5))}, r"got \(3,\) and \(2, 5\)"),
        ({"x": np.ones((3, 4)), "y": np.ones((2, 5))}, r"got \(3, 4\) and \(2, 5\)"),
        ({"biases": [np.zeros(4)]}, "got 2 matrices and 1 biases"),
        ({"biases": [np.zeros(3), np.zeros(2)]}, r"got weights \(4, 3\) and biases \(3,\)"),
        ({"weights": [np.ones((4, 3)), np.ones((2, 3))]}, r"layer 2 takes the 4 activations before it"),
        ({"cost": "hinged"}, "no cost is called 'hinged'; the known ones are quadratic, mean_squared_error, hinge"),
        (
            {"activation": "tan"},
            "no activation is called 'tan'; the known ones are linear, sigmoid.*: 'tanh' may be meant",
        ),
        ({"activation": ["tanh"]}, r"each of 2 layers .* got \['tanh'\]"),
    ],
)
def test_what_does_not_fit(change, message):
    right = {"weights": [np.ones((4, 3)), np.ones((2, 4))], "biases": [np.zeros(4), np.zeros(2)], "x": np.ones(3),
             "y": np.ones(2), "activation": "tanh"}  # fmt: skip
    with pytest.raises(ValueError, match=message):
        closed_form.columns(**{**right, **change})
