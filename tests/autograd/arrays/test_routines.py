"""Claims about NumPy's routines on arrays of Values: rearranged elements keep their gradients."""

import numpy as np
import pytest

from autograd import numbers
from tests.helpers.arrays import ROW, STACK, X, agree

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
