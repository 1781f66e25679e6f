"""Claims about reasons without a search: infinities, all zeros, numbers where the gradient is infinite."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why


def root(x):
    return np.sqrt(x)


def lengths(v):
    return np.sqrt(np.sum(v**2, axis=1))


def logarithms(p, W):
    return np.log(p) @ W


P, W, OUT = np.array([[0.0, 0.5], [0.25, 0.0]]), normal(2, 3), normal(2, 3)


@pytest.mark.parametrize(
    ("forward", "inputs", "gradients", "out", "said"),
    [
        (root, {"x": np.array([0.0, 1.0, 4.0])}, {"x": np.array([0.0, 0.5, 0.25])}, np.ones(3),
         "dx is 0 where the right gradient is infinite: a derivative is infinite there"),
        (root, {"x": np.array([0.0, 1.0, 4.0])}, {"x": np.array([7.0, 0.5, 0.25])}, np.ones(3),
         "dx is a finite number where the right gradient is infinite"),
        (lengths, {"v": np.array([[0.0, 0.0], [3.0, 4.0]])}, {"v": np.array([[0.0, 0.0], [0.6, 0.8]])}, np.ones(2),
         "dv is 0 where the right gradient is infinite or nan"),
        (lambda a, b: a / np.sqrt(b), {"a": np.ones(3), "b": np.array([1.0, 0.25, 4.0])},
         {"a": np.array([1.0, np.inf, 0.5]), "b": -0.5 * np.array([1.0, 8.0, 0.125])}, np.ones(3),
         "da has numbers that are not finite"),
    ],
)  # fmt: skip
def test_numbers_where_the_gradient_is_infinite(forward, inputs, gradients, out, said):
    with np.errstate(all="ignore"):
        assert said in why(forward, inputs, gradients, out)


def test_what_is_finite_and_wrong_beside_is_told_as_ever():
    x = np.array([0.0, 1.0, 4.0, 9.0])
    given = {"x": np.array([0.0, 1.0, 0.5, 1 / 3])}  # by chance also twice the slope
    assert "0 where" not in why(root, {"x": x}, given, np.ones(4))


def affine(x, W, b):
    return x @ W + b


def outer(u, v):
    return u[:, None] * v


def summed(a, c):
    return (a * a) @ c


@pytest.mark.parametrize("seed", range(20))
def test_one_wrong_whole_number_of_many_is_no_edit(seed):
    rng = np.random.default_rng(seed)
    x, W, b, out = (rng.integers(-3, 4, shape).astype(float) for shape in ((4, 3), (3, 2), (2,), (4, 2)))
    u, v, dy = (rng.integers(-3, 4, shape).astype(float) for shape in (4, 3, (4, 3)))
    a, c, d = (rng.integers(-3, 4, shape).astype(float) for shape in ((3, 4), 4, 3))
    for forward, inputs, given, upstream in (
        (affine, {"x": x, "W": W, "b": b}, {"x": out @ W.T, "W": x.T @ out, "b": out.sum(axis=0)}, out),
        (outer, {"u": u, "v": v}, {"u": dy @ v, "v": u @ dy}, dy),
        (summed, {"a": a, "c": c}, {"a": 2 * a * np.outer(d, c), "c": d @ (a * a)}, d),
    ):
        assert check_backward(forward, inputs, given, upstream)
        name = rng.choice(list(given))
        given[name] = given[name].copy()
        given[name].flat[rng.integers(given[name].size)] += rng.choice([-3, -2, -1, 1, 2, 3])
        assert why(forward, inputs, given, upstream) == ""


def test_several_wrong_whole_numbers_are_and_so_is_a_whole_array_of_one():
    x, W, b, out = np.arange(12.0).reshape(4, 3), np.ones((3, 2)), np.zeros(2), np.arange(8.0).reshape(4, 2)
    given = {"x": out @ W.T, "W": 2 * x.T @ out, "b": out.sum(axis=0)}
    assert why(affine, {"x": x, "W": W, "b": b}, given, out) == "dW is 2 times what it should be"
    given = {"x": out[:, :1] @ W.T[:1], "W": x.T @ out[:, :1], "b": 3 * out[:, :1].sum(axis=0)}
    assert "db is 3 times" in why(affine, {"x": x, "W": W[:, :1], "b": b[:1]}, given, out[:, :1])


def test_a_whole_number_in_the_place_of_the_only_gradient_that_is_0_is_no_edit():
    """Three in the place of 0 is −3 times a bias of −1, and much else."""
    x, b = np.zeros((4, 1)), np.array([-1.0])

    def dead(x, b):
        return np.maximum(x + b, 0).sum()

    assert check_backward(dead, {"x": x, "b": b}, {"x": np.zeros((4, 1)), "b": np.zeros(1)})
    assert why(dead, {"x": x, "b": b}, {"x": np.zeros((4, 1)), "b": np.array([3.0])}, None) == ""


def test_a_whole_number_in_the_place_of_1_is_no_multiple_of_it():
    x, b, out = normal(4, 3), np.array([2.0]), np.array([0.0, 1.0, 0.0, 0.0])

    def moved(x, b):
        return x.sum(axis=1) - b

    def said(db):
        return why(moved, {"x": x, "b": b}, {"x": np.outer(out, np.ones(3)), "b": np.array([db])}, out)

    assert said(3.0) == said(-4.0) == ""
    assert "2 times" in said(-2.0)
    assert said(1.0) == "db has the wrong sign"


def products(x, A):
    return np.einsum("ni,ijk,nj->nk", x, A, x)


def test_numbers_that_are_lost_beside_huge_gradients_are_no_edit():
    x, A, out = 1e9 * normal(4, 2), normal(2, 2, 2), 1e9 * normal(4, 2)
    gradients = {"x": normal(4, 2), "A": normal(2, 2, 2)}
    assert not check_backward(products, {"x": x, "A": A}, gradients, out)
    assert why(products, {"x": x, "A": A}, gradients, out) == ""


def test_nor_are_numbers_that_are_lost_beside_the_largest_of_them():
    sizes = np.array([[1e9], [1e9], [1e9], [1e3]])
    x, A, out = sizes * normal(4, 2), normal(2, 2, 2), sizes * normal(4, 2)
    gradients = {"x": 0.1 * normal(4, 2), "A": normal(2, 2, 2)}
    assert why(products, {"x": x, "A": A}, gradients, out) == ""


@pytest.mark.parametrize("rounding", [4e-17, -3e-17])
def test_a_sum_over_the_whole_array_that_is_0(rounding):
    """A published mistake: np.sum(p - y) of a softmax adds up over the classes too, for the gradient of the biases."""
    x, W, b, labels = normal(6, 4), normal(4, 3), normal(3), np.eye(3)[[0, 2, 1, 1, 0, 2]]

    def cost(W, b):
        powers = np.exp(x @ W + b)
        p = powers / powers.sum(axis=1, keepdims=True)
        return -np.sum(labels * np.log(p))

    powers = np.exp(x @ W + b)
    dz = powers / powers.sum(axis=1, keepdims=True) - labels
    assert check_backward(cost, {"W": W, "b": b}, {"W": x.T @ dz, "b": dz.sum(axis=0)})
    said = why(cost, {"W": W, "b": b}, {"W": x.T @ dz, "b": np.full(3, rounding)})
    assert said == (
        "db is 0 but for rounding, as is the sum of all entries of the right one: it is summed over the whole array"
    )
    assert why(cost, {"W": W, "b": b}, {"W": x.T @ dz, "b": np.zeros(3)}) == "db is all zeros"


def test_only_an_array_with_new_infinities_is_named():
    x, w = np.array([0.0, 1.0, 4.0]), np.ones(3)
    with np.errstate(all="ignore"):
        root = lambda x, w: (np.sqrt(x) * w).sum()  # noqa: E731
        said = why(root, {"x": x, "w": w}, {"x": np.array([np.inf, 1.0, 0.25]), "w": np.array([0.0, 1.0, 9.0])})
        assert said == ""
        said = why(root, {"x": x, "w": w}, {"x": np.array([np.inf, 1.0, 0.25]), "w": np.array([np.nan, 1.0, 9.0])})
        assert said == "dw has numbers that are not finite: inf or nan"


def test_zeros_alone_say_that_nothing_came_in():
    x, W, b = normal(4, 3), normal(3, 2), normal(2)
    zeros = {"W": np.zeros((3, 2)), "b": np.zeros(2)}
    said = why(affine, {"x": x, "W": W, "b": b}, zeros, normal(4, 2))
    assert said == "dW and db are all zeros, as if the gradient of the result did not come in"


def test_errors_near_rounding_have_no_reason():
    """An ε of 1e-14 in a backward pass is no other formula that happens to be as near."""
    x = normal(5, 4)
    p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)

    def cost(x):
        p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
        return -np.sum((1 - p[:, 0]) ** 2 * np.log(p[:, 0]))

    def by_hand(eps):
        q = p[:, :1] + eps
        onehot = np.eye(4)[:1]
        return (2 * (1 - q) * np.log(q) * q - (1 - q) ** 2) * (onehot - p)

    assert check_backward(cost, {"x": x}, {"x": by_hand(0.0)})
    for eps in (3e-15, 1e-14, 3e-14):
        assert check_backward(cost, {"x": x}, {"x": by_hand(eps)}).why == ""


def softmax(z):
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


def test_the_rows_of_a_softmaxs_jacobian_matrix_sum_to_0():
    z, out = normal(4, 3), normal(4, 3)
    p = softmax(z)
    rows = np.stack([np.diag(row) - np.outer(row, row) for row in p])
    assert check_backward(softmax, {"z": z}, {"z": np.einsum("nij,nj->ni", rows, out)}, out)
    said = why(softmax, {"z": z}, {"z": rows.sum(axis=2) * out}, out)
    assert "dz is 0 but for rounding: each row of the Jacobian matrix p_i (δ_ij − p_j) of a softmax sums to 0" in said
    assert why(softmax, {"z": z}, {"z": 0 * out}, out) == "dz is all zeros"


def test_rounding_alone_is_no_reason_without_a_softmax():
    z, out = normal(4, 3), normal(4, 3)
    assert why(np.tanh, {"z": z}, {"z": 1e-17 * normal(4, 3)}, out) == ""


def test_a_sum_over_the_other_axis_is_not_the_sum_of_a_jacobian_matrix():
    """Rows of ∂C/∂z sum to 0 below a softmax. Where ∂C/∂z is given and right, the Jacobian matrix is right."""
    x, W, b, out = normal(3, 4), normal(4, 3), normal(3), normal(3, 3)

    def layer(x, W, b):
        z = x @ W + b
        return softmax(z)

    p = softmax(x @ W + b)
    dz = p * (out - (out * p).sum(axis=1, keepdims=True))
    given = {"x": dz @ W.T, "W": x.T @ dz, "b": dz.sum(axis=0), "z": dz}
    assert check_backward(layer, {"x": x, "W": W, "b": b}, given, out)
    assert "Jacobian" not in why(layer, {"x": x, "W": W, "b": b}, given | {"b": dz.sum(axis=1)}, out)


def test_a_sum_of_normalised_numbers_without_the_incoming_gradient_cancels():
    def forward(x, gamma):
        xc = x - x.mean(axis=0)
        return gamma * xc / np.sqrt((xc**2).mean(axis=0))

    x, gamma, out = normal(5, 3), normal(3), normal(5, 3)
    xc = x - x.mean(axis=0)
    xhat = xc / np.sqrt((xc**2).mean(axis=0))
    assert check_backward(forward, {"x": x, "gamma": gamma}, {"gamma": (out * xhat).sum(axis=0)}, out)
    said = why(forward, {"x": x, "gamma": gamma}, {"gamma": xhat.sum(axis=0) + 1e-16}, out)
    assert said == (
        "dgamma is 0 but for rounding, as if every incoming gradient were 1: multiply by the incoming gradient"
    )
