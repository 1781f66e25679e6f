"""Claims about NumPy's ufuncs on arrays of Values: NumPy's numbers, and gradients as by finite differences."""

import numpy as np
import pytest

from autograd import array
from autograd.table import LOG_SUM_EXP
from tests.helpers.arrays import ROW, STACK, X, agree

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


def test_a_reduction_of_logaddexp_is_one_node_for_each_result():
    x = array(X)
    made = np.logaddexp.reduce(x, axis=1, keepdims=True, initial=0.5)
    assert [y.op for y in made.ravel()] == [LOG_SUM_EXP] * len(X)
    assert [set(y.operands) for y in made.ravel()] == [{0.5, *row} for row in x]
    whole = np.logaddexp.reduce(x, axis=None)
    assert whole.operands == tuple(x.ravel())
    out = array(np.zeros(4))
    assert np.logaddexp.reduce(x, axis=0, out=out) is out
    assert out[1].operands == tuple(x[:, 1])
    masked = np.logaddexp.reduce(x, axis=1, where=np.array([True, False, True, False]))
    assert masked[0].parents == (x[0, 0], x[0, 2])
    np.testing.assert_allclose(masked.data, np.logaddexp(X[:, 0], X[:, 2]), rtol=1e-14)
    with pytest.raises(TypeError, match="an array of float64 holds no Values"):
        np.logaddexp.reduce(x, axis=0, out=np.zeros(4))
