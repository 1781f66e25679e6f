"""Claims about rounding bounds: every right way to compute a gradient stays inside, and they are hardly wider."""

import numpy as np
import pytest

from autograd import array, relu, sigmoid
from autograd.programs.recording import Recorder
from autograd.programs.reverse import BackwardPass
from autograd.programs.rounding import allowed

rng = np.random.default_rng(7)
EPS = np.finfo(float).eps


def judged(forward, *inputs, upstream=None, single=False):
    """(the graph's gradient, how far it may be off) of each input."""
    recorder = Recorder(lambda: None)
    values = [array(x) for x in inputs]
    leaves = [recorder.leaf(x, f"x{k}") for k, x in enumerate(values)]
    with recorder.running():
        result = recorder.array(forward(*values))
    start = np.ones(result.shape) if upstream is None else upstream
    with np.errstate(divide="ignore"):
        backward = BackwardPass(recorder.program, result, start)
    most = allowed(backward, single)
    assert set(most) == set(backward.flows)
    assert all(most[number].shape == flow.shape for number, flow in backward.flows.items())
    return [(backward.flows[leaf.number], most[leaf.number]) for leaf in leaves]


def by_exp(z):
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize("z", [-40.0, -3.0, 0.1, 3.0, 20.0, 36.0, 40.0])
@pytest.mark.parametrize("function", [sigmoid, by_exp])
def test_the_slope_of_sigmoid_may_be_written_in_any_form(function, z):
    x = np.array([z])
    [(right, most)] = judged(function, x)
    a, e = by_exp(x), np.exp(-np.abs(x))
    for slope in (a * (1 - a), a - a**2, e / (1 + e) ** 2):
        assert np.abs(slope - right) <= most
    assert most <= 1e3 * min(EPS, e[0])
    if abs(z) < 30:
        assert np.abs(right) * 1e-3 > most


@pytest.mark.parametrize("z", [-25.0, -3.0, 1e-9, 3.0, 15.0, 25.0])
def test_the_slope_of_tanh_may_be_written_in_any_form(z):
    x = np.array([z])
    [(right, most)] = judged(np.tanh, x)
    for slope in (1 - np.tanh(x) ** 2, 1 / np.cosh(x) ** 2, (1 - np.tanh(x)) * (1 + np.tanh(x))):
        assert np.abs(slope - right) <= most


@pytest.mark.parametrize("cut", range(13))
def test_zeros_are_wrong_in_every_layer_of_a_deep_network(cut):
    """Bounds that multiply norms over the layers allow them."""
    weights = [rng.normal(size=(4 if k == 0 else 32, 32)) / np.sqrt(4 if k == 0 else 32) for k in range(13)]

    def network(X, *weights):
        for W in weights:
            X = np.tanh(X @ W)
        return (X**2).sum() / 2

    found = judged(network, rng.normal(size=(2, 4)), *weights)
    right, most = found[1 + cut]
    assert (np.abs(right) > 1e6 * most).mean() > 0.99
    assert np.abs(right).max() * 1e-6 > 100 * most.max()


@pytest.mark.parametrize("single", [False, True])
def test_the_closed_formula_of_batch_norm_is_right_and_a_path_left_out_is_not(single):
    x, gamma, dout = rng.normal(size=(30, 4)), rng.normal(size=4), rng.normal(size=(30, 4))

    def batch_norm(x, gamma):
        xc = x - x.mean(axis=0)
        return gamma * (xc / np.sqrt((xc**2).mean(axis=0) + 1e-5))

    def closed(x, gamma, dout, n=30):
        xc = x - x.mean(axis=0)
        std = np.sqrt((xc**2).mean(axis=0) + x.dtype.type(1e-5))
        xhat, g = xc / std, dout * gamma
        return (n * g - g.sum(axis=0) - xhat * (g * xhat).sum(axis=0)) / (n * std), (g - g.mean(axis=0)) / std

    (right, most), _ = judged(batch_norm, x, gamma, upstream=dout, single=single)
    kind = np.float32 if single else float
    given, without = closed(x.astype(kind), gamma.astype(kind), dout.astype(kind))
    assert (np.abs(given - right) <= most).all()
    assert (np.abs(without - right) > most).mean() > 0.95
    if single:
        assert (np.abs(given - right) > judged(batch_norm, x, gamma, upstream=dout)[0][1]).any()


def test_what_is_0_however_it_is_worked_out_must_be_0():
    x, W = rng.normal(size=(3, 2)), rng.normal(size=(2, 2))
    W[:, 1] = -100.0
    (_, to_x), (right, most) = judged(lambda x, W: relu(np.abs(x) @ W), x, W)
    assert (right[:, 1] == 0.0).all()
    assert (most[:, 1] < 1e-100).all()
    assert (to_x > 0.0).all()


def test_what_cancels_may_be_off_by_what_cancels():
    """∂/∂x of Σ (x − mean) is 0; worked out, it is as small as rounding makes it."""
    [(right, most)] = judged(lambda x: ((x - x.mean()) * 1e6).sum(), rng.normal(size=9))
    assert (np.abs(right) <= most).all()
    assert (most > EPS * 1e5).all()
    assert (most < EPS * 1e9).all()


def test_relu_at_exactly_0_does_not_pass_a_gradient():
    [(right, most)] = judged(relu, np.array([0.0, -1.0, 1.0]))
    np.testing.assert_array_equal(right, [0.0, 0.0, 1.0])
    assert (most[:2] < 1e-100).all()


def test_a_mask_that_rounding_decides_may_be_either_and_no_more():
    x = np.array([0.1, 0.2])

    def near_the_corner(x):
        return relu(x.sum() - 0.3)  # 5.6e-17

    [(right, most)] = judged(near_the_corner, x)
    assert (most >= 1.0).all()
    assert (most < 1.001).all()
    assert np.isin(right, (0.0, 1.0)).all()


@pytest.mark.parametrize("slopes", [(1.0, 0.0), (0.0, 1.0), (0.5, 0.5)])
def test_at_a_tie_of_maximum_any_share_is_right(slopes):
    for forward, inputs in (
        (np.maximum, (np.array([2.0]), np.array([2.0]))),
        (lambda a, b: np.stack([a, b]).max(axis=0), (np.array([2.0]), np.array([2.0]))),
    ):
        found = judged(forward, *inputs)
        assert all(np.abs(slope - right) <= most for slope, (right, most) in zip(slopes, found, strict=True))
        assert all(most < 0.51 for _, most in found)


def test_where_the_right_number_is_infinite_nothing_else_is_allowed():
    [(right, most)] = judged(np.sqrt, np.array([0.0, 4.0]))
    assert right[0] == np.inf
    assert most[0] == 0.0
    assert 0.0 < most[1] < 1e-12


def test_softmax_may_be_worked_out_without_its_shift():
    x, dout = np.array([[40.0, 1.0, -3.0]]), rng.normal(size=(1, 3))

    def softmax(x):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    [(right, most)] = judged(softmax, x, upstream=dout)
    p = np.exp(x) / np.exp(x).sum()
    assert (np.abs(p * (dout - (dout * p).sum()) - right) <= most).all()
    assert (np.abs(p * dout - right) > most).all()


def test_the_same_program_is_allowed_the_same():
    x = rng.normal(size=5)
    np.testing.assert_array_equal(judged(np.tanh, x)[0][1], judged(np.tanh, x)[0][1])


def test_a_normalisation_s_way_back_may_take_the_mean_of_what_is_normalised_for_0():
    """It is 0 but for rounding, which is large beside what is left, where the rows are nearly the same."""
    w, up = rng.normal(size=(1, 4)) + 30.0, rng.normal(size=(2, 4))
    s = np.array([[1.0], [1.0 + 1e-3]])

    def staged(w):
        x = s * w
        xc = x - x.mean(axis=0)
        return xc / np.sqrt((xc**2).mean(axis=0) + 1e-5)

    [(right, most)] = judged(staged, w, upstream=up)
    xc = s * w - (s * w).mean(axis=0)
    std = np.sqrt((xc**2).mean(axis=0) + 1e-5)
    xhat = xc / std
    closed = ((up - up.mean(axis=0) - xhat * (up * xhat).mean(axis=0)) / std * s).sum(axis=0)
    assert np.all(np.abs(closed - right) <= most)
    assert np.all(most < 1e-4 * np.abs(right))


def test_an_array_that_is_used_besides_is_not_recovered_from_a_sum_with_a_constant():
    """a is at hand, so 1 − a, which keeps one digit of an a of 8e-16, says nothing about a's own slope."""
    z, y = np.array([-34.8]), 0.8
    [(right, most)] = judged(lambda z: -(y * np.log(by_exp(z)) + (1 - y) * np.log(1 - by_exp(z))), z)
    [(once, most_once)] = judged(lambda z: (lambda a: -(y * np.log(a) + (1 - y) * np.log(1 - a)))(by_exp(z)), z)
    assert np.allclose(right, by_exp(z) - y)
    assert np.allclose(once, by_exp(z) - y)
    assert most < 1e-10
    assert most_once < 1e-10


def test_beside_an_infinity_the_slope_of_sigmoid_may_be_written_in_any_form_too():
    z = np.array([-800.0, 41.0])
    with np.errstate(over="ignore"):
        [(right, most)] = judged(by_exp, z)
        a = by_exp(z)
    assert np.all(np.abs(a * (1 - a) - right) <= most)
    assert np.all(most < 1e-15)


@pytest.mark.parametrize("function", [sigmoid, by_exp])
def test_zeros_are_wrong_where_a_sigmoid_is_saturated_at_0_and_its_label_is_1(function):
    """a − y has no digit of an a of 1e-29, but nobody works a out of it."""
    [(right, most)] = judged(lambda z: ((function(z) - np.ones((2, 1))) ** 2).sum(), np.array([[-66.0], [-60.0]]))
    assert np.all(most < 1e-9 * np.abs(right))
