"""Claims about derivatives of array functions: PyTorch's, also at ties and edges, and those of course code."""

import numpy as np
import pytest

from autograd import Value, array, check_grads, grad, hessian, jacobian, jvp, value_and_grad, vjp  # fmt: skip
from autograd.arrays.value_array import ValueArray
from tests.helpers.arrays import ROW, X

ONE = X[:2, :3]


def softmax(x, of):
    e = of.exp(x - (x.max() if of is np else x.max().detach()))
    return (e / e.sum()) ** 2


def spread(function, x, axis, ddof):
    """Of NumPy or PyTorch, which call the degrees of freedom lost by other names."""
    return function(x, axis, ddof=ddof) if isinstance(x, np.ndarray) else function(x, axis, correction=ddof)


def log_sum_exp(x, of, axis):
    return of.logaddexp.reduce(x, axis) if of is np else of.logsumexp(x, axis)


# each function of x, written with `of`, which is NumPy or torch
BOTH = {
    "logaddexp": (lambda x, of: of.logaddexp(x[0], x[1]), ONE),
    "logaddexp at a tie": (lambda x, of: of.logaddexp(x[0], x[1]), [1.0, 1.0]),
    "logaddexp2 at a tie": (lambda x, of: of.logaddexp2(x[0], x[1]), [-3.0, -3.0]),
    "maximum at a tie": (lambda x, of: of.maximum(x[0], x[1]) ** 2, [1.5, 1.5]),
    "minimum at a tie": (lambda x, of: of.minimum(x[0], x[1]) ** 2, [1.5, 1.5]),
    "maximum with 0 at a tie": (lambda x, of: of.maximum(x, x * 0) ** 2 + of.maximum(x, x * 0), [0.0, 1.0, -1.0]),
    "fmax": (lambda x, of: of.fmax(x[0], x[1]) ** 3, ONE),
    "clip": (lambda x, of: of.clip(x, -0.5, 0.5) ** 3, X),
    "absolute at 0": (lambda x, of: of.abs(x) ** 3 + of.abs(x), [0.0, -1.0, 2.0]),
    "hypot": (lambda x, of: of.hypot(x[0], x[1]), [3.0, -4.0]),
    "log1p": (lambda x, of: of.log1p(x), [0.0, 1e-12, -0.4, 3.0]),
    "expm1": (lambda x, of: of.expm1(x), [0.0, 1e-12, -0.4, 3.0, -30.0]),
    "sinh and cosh": (lambda x, of: of.sinh(x) + of.cosh(x) ** 2, [0.0, 1e-12, -0.4, 3.0]),
    "tan": (lambda x, of: of.tan(x), [0.0, 1.5, -2.0]),
    "powers of 2": (lambda x, of: of.exp2(x) * of.log2(x + 5) + of.log10(x + 5), [0.0, 3.5, -2.0]),
    "reciprocal": (lambda x, of: of.reciprocal(x) + of.square(x), [0.3, -2.0]),
    "remainder": (lambda x, of: (x % 0.7) ** 2, X),
    "floor": (lambda x, of: of.floor(x) * x + of.ceil(x) + of.sign(x) * x**2, X),
    "a branch that is not taken": (lambda x, of: of.sqrt(of.clip(x, 0.0, 9.0)), [-1.0, 4.0]),
    "sinc": (lambda x, of: of.sinc(x), [0.5, -1.3]),
    "a product of matrices": (lambda x, of: of.tanh(x @ x.T), ONE),
    "einsum": (lambda x, of: of.einsum("ij,kj->ik", x, x) ** 2, ONE),
    "cumprod": (lambda x, of: of.cumprod(x, 1), ONE),
    "cumsum": (lambda x, of: of.cumsum(x, 0) ** 3, ONE),
    "covariance": (lambda x, of: of.cov(x) ** 2 + of.corrcoef(x) ** 3, X),
    "quantile": (lambda x, of: of.quantile(x, 0.3) ** 2, X),
    "norm": (lambda x, of: of.linalg.norm(x) ** 3, X),
    "softmax": (softmax, [1.0, 1.0, 3.0, -1.0]),
    "where": (lambda x, of: of.where(x > 0, x**2, -x), X),
    "outer": (lambda x, of: of.outer(x[0], x[1]) ** 2, ONE),
    "standard deviation": (lambda x, of: x.std() if of is not np else x.std(ddof=1), X),
    "variances": (lambda x, of: spread(of.var, x, 0, 1) ** 2 - spread(of.std, x, 0, 0) ** 3, X),
    "arcsin and arccos": (lambda x, of: of.arcsin(x) * of.arccos(x) ** 2, [0.0, -0.8, 0.3]),
    "arctan": (lambda x, of: of.arctan(x) ** 2, [0.0, 1e-9, -0.4, 30.0]),
    "arctan2": (lambda x, of: of.arctan2(x[0], x[1]) ** 2, ONE),
    "log_sum_exp": (lambda x, of: log_sum_exp(x, of, 1) ** 2 + log_sum_exp(x.T, of, 0), X),
    "log_sum_exp beside -inf": (lambda x, of: log_sum_exp(of.where(x > 0, x, -np.inf), of, 1) ** 2, ONE),
}


@pytest.mark.parametrize("name", BOTH)
def test_gradient_and_hessian_are_pytorchs(name):
    torch = pytest.importorskip("torch", reason="torch is not installed")
    function, at = BOTH[name]
    at = np.asarray(at, dtype=float)
    x = torch.tensor(at, dtype=torch.float64)
    expected = torch.autograd.functional.jacobian(lambda t: function(t, torch).sum(), x).numpy()
    second = torch.autograd.functional.hessian(lambda t: function(t, torch).sum(), x).numpy()
    np.testing.assert_allclose(grad(lambda a: np.sum(function(a, np)))(at), expected, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(hessian(lambda a: np.sum(function(a, np)))(at), second, rtol=1e-11, atol=1e-12)


def test_of_three_that_tie_the_last_gets_half():
    """np.max is a chain of maximum."""
    x = array([1.0, 1.0, 1.0, 0.0])
    x.max().backward()
    assert x.grad.tolist() == [0.25, 0.25, 0.5, 0.0]


def test_functions_get_and_give_arrays_of_the_class():
    seen = []

    def f(x):
        seen.append(type(x))
        return np.maximum(0, x)

    plain = np.array([Value(1.0), Value(-1.0)])
    for at in (np.array([1.0, -1.0]), plain, array([1.0, -1.0])):
        assert jacobian(f)(at).shape == (2, 2)
        jvp(f, at, np.ones(2))
        vjp(f, at)
        value_and_grad(lambda x: f(x).sum())(at)
        hessian(lambda x: f(x).sum())(at)
    check_grads(f, np.array([1.0, -1.0]))
    assert set(seen) <= {ValueArray, np.ndarray}
    assert seen.count(ValueArray) > 15
    for at in (plain, array([1.0, -1.0])):
        slopes, pulled = grad(lambda x: f(x).sum())(at), vjp(f, at)[1](np.ones(2))
        given = [slopes, pulled, jacobian(f)(at), *jvp(f, at, np.ones(2))]
        assert {type(result) for result in given} == {ValueArray}
    assert type(grad(lambda x: f(x).sum())(np.array([1.0, -1.0]))) is np.ndarray


def test_an_array_of_one_number_has_a_gradient():
    assert grad(lambda x: x.sum(keepdims=True))(np.ones((2, 2))).tolist() == [[1.0, 1.0], [1.0, 1.0]]
    assert grad(lambda x: x[:1] ** 2)(np.array([3.0, 1.0])).tolist() == [6.0, 0.0]
    assert grad(lambda x: np.array([[x * x]]))(3.0) == 6.0
    value, slope = value_and_grad(lambda x: x[:1] ** 2)(np.array([3.0, 1.0]))
    assert (value.tolist(), slope.tolist()) == ([9.0], [6.0, 0.0])
    assert hessian(lambda x: x[:1] ** 2)(np.array([3.0, 1.0])).tolist() == [[2.0, 0.0], [0.0, 0.0]]
    assert grad(grad(lambda x: array([x**3])))(2.0) == 12.0
    for several in (lambda x: x, lambda x: [x.sum()], lambda x: x[:0]):
        with pytest.raises(TypeError, match="a gradient needs a function that returns one number; got a"):
            grad(several)(np.ones(2))


@pytest.mark.parametrize("refused", [np.isfinite, np.cbrt, lambda x: np.logaddexp(x, x)])
def test_what_numpy_refuses_of_plain_arrays_is_told_with_the_remedy(refused):
    with pytest.raises(TypeError, match="ufunc") as caught:
        grad(lambda x: refused(np.array([x[0], x[1]])).sum())(np.ones(2))
    assert "autograd.array(x)" in caught.value.__notes__[0]
    with pytest.raises(TypeError, match="mine") as caught:
        grad(lambda x: exec("raise TypeError('mine')"))(np.ones(2))
    assert not hasattr(caught.value, "__notes__")


def convolution(x):
    kernel = np.array([[1.0, 2.0], [3.0, -1.0]])
    y = np.zeros_like(x, shape=(x.shape[0] - 1, x.shape[1] - 1))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = np.sum(x[i : i + 2, j : j + 2] * kernel)
    return y


def max_pool(x):
    padded = np.pad(x, ((0, 1), (0, 0)), constant_values=-np.inf)
    return padded.reshape(2, 2, 2, 2).max(axis=(1, 3))


def layer_norm(x):
    mean, variance = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return (x - mean) / np.sqrt(variance + 1e-5) * ROW + 0.1


def cross_entropy(x):
    shifted = x - np.max(x, axis=1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_probabilities[np.arange(len(x)), [0, 2, 1]].mean()


def attention(x):
    scores = x @ x.T / np.sqrt(x.shape[1])
    scores = np.where(np.tril(np.ones((3, 3))) > 0, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True) @ x


def dropout(x):
    mask = np.random.default_rng(0).random(x.shape) > 0.3
    x = x * mask / 0.7
    x[~mask] = 0.0
    return x


def embedding(x):
    rows = x[[0, 2, 2, 1]]
    total = np.zeros_like(x)
    np.add.at(total, [0, 1, 1, 2], rows**2)
    return total


def network(x):
    hidden = np.maximum(0, x @ np.outer(ROW, ROW) + 0.1)
    return 1 / (1 + np.exp(-hidden.sum(axis=1)))


def distances(x):
    squares = np.sum(x**2, axis=1)
    return squares[:, None] - 2 * x @ x.T + squares[None, :]


def recurrent(x):
    h = np.zeros(4)
    for row in x:
        h = np.tanh(row + 0.5 * h)
    return h


def batch_norm_by_hand(x):
    n = x.shape[0]
    mu = 1.0 / n * np.sum(x, axis=0)
    centred = x - mu
    return centred * (1.0 / np.sqrt(1.0 / n * np.sum(centred**2, axis=0) + 1e-5))


def im2col(x):
    windows = np.lib.stride_tricks.sliding_window_view(x, (2, 2)).reshape(6, 4)
    return np.einsum("ij,j->i", windows, ROW)


def smooth_l1(x):
    distance = np.abs(x - 0.2)
    return np.where(distance < 1, 0.5 * distance**2, distance - 0.5).mean(axis=0)


COURSES = [convolution, max_pool, layer_norm, cross_entropy, attention, dropout, embedding, network, distances,
           recurrent, batch_norm_by_hand, im2col, smooth_l1]  # fmt: skip


@pytest.mark.parametrize("function", COURSES, ids=lambda f: f.__name__)
def test_code_as_courses_write_it(function):
    expected = function(X)
    result, slope = value_and_grad(lambda x: np.sum(function(x) ** 2))(X)
    assert result == pytest.approx(np.sum(expected**2), rel=1e-13)
    step, rises = 1e-6, np.zeros(X.shape)
    for i in np.ndindex(X.shape):
        up, down = X.copy(), X.copy()
        up[i] += step
        down[i] -= step
        rises[i] = (np.sum(function(up) ** 2) - np.sum(function(down) ** 2)) / (2 * step)
    np.testing.assert_allclose(slope, rises, rtol=1e-6, atol=1e-7)
    J = jacobian(function)(X)
    assert J.shape == np.shape(expected) + X.shape
    np.testing.assert_allclose(np.tensordot(2 * expected, J, np.ndim(expected)), slope, rtol=1e-12, atol=1e-13)
