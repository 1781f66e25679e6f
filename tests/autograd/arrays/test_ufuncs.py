"""Claims about NumPy's functions of arrays of Values: NumPy's numbers, and the gradients that differences give."""

import numpy as np
import pytest

from autograd import Value, array, numbers
from autograd.arrays.mathematics import MATHEMATICS
from tests.helpers.arrays import ROW, STACK, X, agree

FAR = np.array([[0.3, -1.2, 2.5, 7.0], [1e-9, -0.4, 0.9, -6.0]])
ABOVE = np.abs(X) + 1.2
INSIDE = np.tanh(X)

UNARY = {
    "square": FAR, "reciprocal": X, "negative": X, "positive": X, "conjugate": X, "sqrt": ABOVE, "cbrt": X, "exp": FAR,
    "exp2": FAR, "expm1": FAR, "log": ABOVE, "log2": ABOVE, "log10": ABOVE, "log1p": ABOVE - 2, "sin": FAR, "cos": FAR,
    "tan": X, "sinh": FAR, "cosh": FAR, "tanh": FAR, "arcsinh": FAR, "arccosh": ABOVE, "arctanh": INSIDE, "deg2rad": X,
    "radians": X, "rad2deg": X, "degrees": X, "absolute": X, "fabs": X, "sign": X, "floor": X, "ceil": X, "trunc": X,
    "rint": X, "modf": X,
}  # fmt: skip
BINARY = ("add", "subtract", "multiply", "divide", "true_divide", "maximum", "minimum", "fmax", "fmin", "logaddexp",
          "logaddexp2", "hypot", "copysign", "heaviside", "floor_divide", "remainder", "divmod")  # fmt: skip
POWERS = ("power", "float_power")


@pytest.mark.parametrize("name", UNARY)
def test_a_function_of_one_array(name):
    agree(getattr(np, name), UNARY[name])


@pytest.mark.parametrize("name", BINARY)
def test_a_function_of_two_arrays(name):
    function = getattr(np, name)
    agree(lambda x: function(x, ROW))
    agree(lambda x: function(ROW, x))
    agree(lambda x: function(x[:2], x[1:] * 0.9))


@pytest.mark.parametrize("name", POWERS)
def test_powers(name):
    function = getattr(np, name)
    agree(lambda x: function(x, 3.0))
    agree(lambda x: function(1.7, x))
    agree(lambda x: function(x, x[::-1]), ABOVE)


def test_every_function_that_has_a_meaning_is_tried_here():
    tried = {*UNARY, *BINARY, *POWERS, "clip", "expit"}
    assert set(MATHEMATICS) == tried


def test_accuracy_near_0():
    tiny = np.array([1e-20, -1e-12, 1e-9, 1e-5, 0.1])
    for name in ("log1p", "expm1", "sinh", "arcsinh", "arctanh", "tanh", "sin"):
        x = array(tiny)
        y = getattr(np, name)(x)
        np.testing.assert_allclose(numbers(y), getattr(np, name)(tiny), rtol=1e-15 if name != "arctanh" else 1e-14)
        y.sum().backward()
        np.testing.assert_allclose(x.grad[:3], 1.0, rtol=1e-8)


def test_sizes_whose_squares_overflow_or_vanish():
    for unit in (1e-200, 1e200):
        x = array([3.0 * unit, -4.0 * unit])
        y = np.hypot(x[0], x[1])
        y.backward()
        assert y.data == pytest.approx(5.0 * unit, rel=1e-15)
        assert x.grad == pytest.approx([0.6, -0.8], rel=1e-15)


def test_infinities_in_logaddexp():
    inf = np.inf
    for a, b in [(-inf, -inf), (inf, 1.0), (-inf, 2.0), (inf, inf)]:
        assert np.logaddexp(Value(a), b).data == np.logaddexp(a, b)
    x = array([-inf, 2.0])
    np.logaddexp.reduce(x).backward()
    assert x.grad.tolist() == [0.0, 1.0]


REDUCTIONS = {
    "all": lambda x: [x.sum(), x.mean(), x.prod(), x.max(), x.min(), x.var(), x.std(), np.ptp(x), np.median(x)],
    "axis 0": lambda x: [f(x, axis=0) for f in (np.sum, np.mean, np.prod, np.max, np.min, np.var, np.std, np.ptp)],
    "keepdims": lambda x: [f(x, axis=1, keepdims=True) for f in (np.sum, np.mean, np.amax, np.var, np.prod, np.min)],
    "two axes": lambda x: [f(x[None] * STACK, axis=(0, 2)) for f in (np.sum, np.mean, np.max, np.min, np.var)],
    "no axes": lambda x: [np.sum(x, axis=()), np.max(x, axis=())],
    "ddof": lambda x: [x.var(ddof=1), x.std(axis=0, ddof=1), np.var(x, axis=1, ddof=2)],
    "where": lambda x: [np.sum(x, where=x > 0), x.mean(where=x > 0, axis=1), np.max(x, where=x < 1, initial=-9.0)],
    "initial": lambda x: [np.sum(x, initial=2.0), np.max(x, initial=0.5, axis=0), np.prod(x, axis=0, initial=3.0)],
    "cumulative": lambda x: [x.cumsum(), np.cumsum(x, axis=1), x.cumprod(axis=0), np.maximum.accumulate(x, axis=1)],
    "reduceat": lambda x: [np.add.reduceat(x, [0, 2], axis=1), np.maximum.reduceat(x, [0, 1], axis=0)],
    "logs of sums": lambda x: [np.logaddexp.reduce(x), np.logaddexp.reduce(x, axis=1), np.hypot.reduce(x, axis=0)],
    "norms": lambda x: [
        np.linalg.norm(x),
        np.linalg.norm(x, axis=1),
        np.linalg.norm(x[0], 1),
        np.linalg.norm(x, "fro"),
    ],
    "norms of other orders": lambda x: [
        *(np.linalg.norm(x[0], order) for order in (2, 3, 0.5, -1, np.inf, -np.inf)),
        *(np.linalg.norm(x, order, keepdims=True) for order in (1, np.inf, "fro")),
        np.linalg.norm(x, 3, axis=-1, keepdims=True),
        np.linalg.norm(STACK * x[None], -1, axis=(0, -1)),
        np.linalg.vector_norm(x, ord=3),
        np.linalg.matrix_norm(x, ord=1, keepdims=True),
    ],
    "with nan": lambda x: [np.nansum(x, axis=0), np.nanmean(x), np.nanmax(x, axis=1), np.nanstd(x), np.nancumsum(x)],
    "order statistics": lambda x: [np.median(x, axis=1), np.quantile(x, 0.3), np.percentile(x, [10, 60], axis=0)],
    "averages": lambda x: [np.average(x, weights=np.abs(ROW), axis=1), *np.average(x, axis=0, returned=True)[:1]],
    "covariance": lambda x: [np.cov(x), np.cov(x, rowvar=False, ddof=0), np.cov(x[0], x[1]), np.corrcoef(x)],
}


@pytest.mark.parametrize("name", REDUCTIONS)
def test_a_reduction(name):
    agree(REDUCTIONS[name])


PRODUCTS = {
    "matrices": lambda x: [x @ x.T, x @ STACK[0].T, STACK[1].T @ x, np.matmul(x, x.T)],
    "vectors": lambda x: [x @ ROW, ROW @ x.T, x[0] @ x[1], x[0] @ [1.0, 2.0, 3.0, 4.0]],
    "stacks": lambda x: [STACK @ x.T, (x[None] * STACK) @ np.swapaxes(x[None] + STACK, -1, -2), STACK @ x[0]],
    "dot": lambda x: [
        np.dot(x, ROW),
        x.dot(x.T),
        np.dot(2.0, x),
        np.dot(STACK, x.T),
        np.vdot(x, x),
        np.dot(x[0], x[1]),
    ],
    "inner and outer": lambda x: [np.inner(x, x), np.outer(x[0], x[1]), np.multiply.outer(x[0], ROW), np.kron(x, ROW)],
    "tensordot": lambda x: [np.tensordot(x, x, axes=([0], [0])), np.tensordot(STACK, x, axes=2)],
    "einsum": lambda x: [np.einsum("ij,kj->ik", x, x), np.einsum("ij->j", x), np.einsum("bij,kj->bik", STACK, x)],
    "einsum, optimised": lambda x: [np.einsum("bij,kj,k->bi", STACK, x, x[:, 0], optimize=True)],
    "chains": lambda x: [np.linalg.multi_dot([x.T, x, ROW]), np.linalg.matrix_power(x[:, :3], 3)],
    "convolution": lambda x: [np.convolve(x[0], [1.0, 2.0]), np.convolve(x[0], x[1], "same"), np.correlate(x[0], ROW)],
    "cross, trace": lambda x: [np.cross(x[:, :3], x[:, 1:]), np.trace(x), x.trace(offset=1)],
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_product(name):
    agree(PRODUCTS[name])


ARRANGED = {
    "views": lambda x: [x.T, x.reshape(2, 6), x.ravel("F"), x[::2, 1:], x[None], x.swapaxes(0, 1), np.rot90(x)],
    "indices": lambda x: [x[[0, 1, 2], [3, 2, 1]], x[x > 0], x[np.nonzero(x > 0.5)], x[..., 0]],
    "taken": lambda x: [np.take(x, [0, 2], 1), np.take_along_axis(x, x.argmax(1)[:, None], axis=1), x.item(3)],
    "taken across": lambda x: [x[np.ix_([0, 1], [2, 3])], np.compress([True, False, True], x, axis=0), x.take([0, 5])],
    "joined": lambda x: [np.concatenate([x, STACK[0]]), np.stack([x, STACK[1]]), np.vstack([ROW, x])],
    "joined with constants": lambda x: [np.append(x, 1.0), np.insert(x, 1, 5.0, axis=1), np.r_[x[0], 1]],
    "joined beside": lambda x: [np.c_[x, np.ones(3)], np.hstack([x, x])],
    "blocks": lambda x: [np.block([[x, np.zeros((3, 2))], [np.ones((1, 6))]]), np.column_stack([x, np.ones(3)])],
    "padded": lambda x: [np.pad(x, 1), np.pad(x, 1, constant_values=2.0), np.pad(x, ((1, 0), (0, 2)), mode="edge")],
    "padded by itself": lambda x: [np.pad(x, 1, mode=mode) for mode in ("reflect", "wrap", "maximum", "mean")],
    "parts": lambda x: [np.diag(x), np.diag(x[0]), np.tril(x), np.triu(x, 1), x.diagonal(), np.delete(x, 1, axis=0)],
    "split": lambda x: [*np.split(x, 2, axis=1), *np.array_split(x, 2)],
    "repeated": lambda x: [np.repeat(x, 2, axis=0), np.tile(x, (2, 1)), np.broadcast_to(x[0], (2, 4))],
    "moved": lambda x: [np.roll(x, 1, axis=1), np.flip(x), np.moveaxis(x, 0, 1), np.sort(x, axis=0), np.unique(x)],
    "chosen": lambda x: [np.where(x > 0, x, 0.1 * x), np.where(x > 0, x, 0.0), np.choose((x > 0).astype(int), [x, -x])],
    "chosen of several": lambda x: [np.select([x > 1, x > 0], [x, 2 * x], default=0.5)],
    "piece by piece": lambda x: [np.piecewise(x, [x < 0], [lambda t: -t, 1.0])],
    "bounded": lambda x: [np.clip(x, -0.5, 0.5), x.clip(min=0.0), np.clip(x, None, ROW), np.nan_to_num(x)],
    "differences": lambda x: [np.diff(x), np.diff(x, n=2, axis=0), np.ediff1d(x), np.subtract.outer(x[0], x[1])],
    "by functions": lambda x: [np.apply_along_axis(lambda r: r / r.sum(), 1, x), np.vectorize(lambda t: t * t)(x)],
    "polynomials": lambda x: [np.polyval(x[0], 2.0), np.vander(x[0]), np.sinc(x)],
    "rounded": lambda x: [np.round(x, 1), x.round(), np.fix(x)],
    "like": lambda x: [np.ones_like(x) * x, np.full_like(x, 3.0), np.zeros_like(x, shape=(2, 2)) + x[0, 0]],
    "windows": lambda x: [np.lib.stride_tricks.sliding_window_view(x, (2, 2)).max(axis=(-1, -2))],
}  # fmt: skip


@pytest.mark.parametrize("name", ARRANGED)
def test_elements_arranged_anew(name):
    agree(ARRANGED[name])


ASKED = {
    "comparisons": lambda x: [x > 0, x >= ROW, x == x[0], x != 0.64, (x > 0) & (x < 1), np.float64(0.1) < x],
    "finite": lambda x: [np.isfinite(x), np.isnan(x / 3), np.isinf(x), np.signbit(x), np.isneginf(x)],
    "logic": lambda x: [np.logical_and(x, x > 0), np.logical_not(x), x.any(axis=0), np.all(x > 0, axis=1), x.all()],
    "places": lambda x: [
        x.argmax(),
        np.argmax(x, axis=1),
        x.argmin(axis=0),
        np.nanargmin(x),
        np.argmin(x, 0, keepdims=True),
    ],
    "orders": lambda x: [x.argsort(), np.argsort(x, axis=0), np.lexsort((x[0], x[1])), np.argpartition(x[0], 3)[3:]],
    "where": lambda x: [*np.nonzero(x > 0), *x.nonzero(), *np.where(x > 1), np.argwhere(x < 0), np.flatnonzero(x)],
    "counts": lambda x: [np.count_nonzero(x), np.histogram(x.ravel(), bins=3)[0], np.digitize(x, [-1, 0, 1])],
    "places in an order": lambda x: [np.searchsorted([-1.0, 0.0, 1.0], x), np.sort(x[0]).searchsorted(0.0)],
    "nearness": lambda x: [np.allclose(x, X), np.isclose(x, X + 1e-12), np.array_equal(x, X), np.array_equal(x, x + 1)],
    "shapes": lambda x: [np.shape(x), np.size(x), np.ndim(x), len(x), np.isin(x, [0.64])],
    "text": lambda x: [np.array2string(numbers(x)) == np.array2string(x), str(x) == str(numbers(x))],
}


@pytest.mark.parametrize("name", ASKED)
def test_what_is_asked_of_the_numbers_gives_plain_answers(name):
    agree(ASKED[name])
