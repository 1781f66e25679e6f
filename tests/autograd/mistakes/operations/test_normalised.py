"""Claims about normalisations: mistakes in their one-line gradient are named."""

import numpy as np
import pytest

from autograd import check_backward
from autograd.mistakes.operations.normalised import normalisations
from tests.helpers.by_hand import BN, BN_OUT, NET, NET_OUT, batchnorm, network, normal, recorded, why

X, GAMMA, BETA = BN.values()


def parts(axis):
    xc = X - X.mean(axis=axis, keepdims=True)
    s = 1 / np.sqrt((xc**2).mean(axis=axis, keepdims=True) + 1e-5)
    return xc, s, xc * s


def layernorm(x, gamma, beta):
    mu = x.mean(axis=1, keepdims=True)
    xhat = (x - mu) / np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
    return gamma * xhat + beta


def checked(forward, axis, dx):
    _, _, xhat = parts(axis)
    gradients = {"x": dx, "gamma": (BN_OUT * xhat).sum(axis=0), "beta": BN_OUT.sum(axis=0)}
    return forward, BN, gradients, BN_OUT


@pytest.mark.parametrize(("forward", "axis"), [(batchnorm, 0), (layernorm, 1)], ids=["batch norm", "layer norm"])
def test_the_line_is_right(forward, axis):
    _, s, xhat = parts(axis)
    g, n = BN_OUT * GAMMA, X.shape[axis]
    dx = s / n * (n * g - g.sum(axis=axis, keepdims=True) - xhat * (g * xhat).sum(axis=axis, keepdims=True))
    assert check_backward(*checked(forward, axis, dx))


# (n, g, the sum along the axis, xhat, x − mean, s) -> dx with the mistake; and the reason
MISTAKES = [
    (lambda n, g, tot, xhat, xc, s: s * g, "both means are missing"),
    (lambda n, g, tot, xhat, xc, s: s / n * (g - tot(g) - xhat * tot(g * xhat)), "g is not multiplied by n"),
    (lambda n, g, tot, xhat, xc, s: s * (g - tot(g) - xhat * tot(g * xhat)), "both means are sums"),
    (lambda n, g, tot, xhat, xc, s: s * (g - tot(g) / n - tot(g * xhat) / n),
     "the factor xhat is missing before mean(g xhat)"),
    (lambda n, g, tot, xhat, xc, s: s * (g - tot(g) / n - xhat * tot(g) / n),
     "the factor xhat is missing inside mean(g xhat)"),
    (lambda n, g, tot, xhat, xc, s: s * (g - tot(g) / n + xhat * tot(g * xhat) / n), "sign"),
    (lambda n, g, tot, xhat, xc, s: s * (g + tot(g) / n - xhat * tot(g * xhat) / n), "sign"),
    (lambda n, g, tot, xhat, xc, s: s * (g + tot(g) / n + xhat * tot(g * xhat) / n), "both means are added"),
    (lambda n, g, tot, xhat, xc, s: g - tot(g) / n - xhat * tot(g * xhat) / n, "1/√(variance + ε) is missing"),
    (lambda n, g, tot, xhat, xc, s: s**2 * (g - tot(g) / n - xhat * tot(g * xhat) / n), "is applied twice"),
    (lambda n, g, tot, xhat, xc, s: s * (g - tot(g) / n - xc * tot(g * xc) / n),
     "x − mean is used instead of xhat"),
    (lambda n, g, tot, xhat, xc, s: s * (g - tot(g) / n - X * tot(g * xhat) / n),
     "x is used instead of the xhat before the mean"),
    (lambda n, g, tot, xhat, xc, s: s * (g - tot(g) / n - xhat * tot(g * X) / n),
     "x is used instead of the xhat inside the mean"),
    (lambda n, g, tot, xhat, xc, s: s * (g - tot(g) / (n - 1) - xhat * tot(g * xhat) / (n - 1)),
     "n − 1 is used instead of n in both means"),
    (lambda n, g, tot, xhat, xc, s: s * (g - tot(g / GAMMA) / n - xhat * tot(g * xhat) / n),
     "the factor gamma is missing in the mean of g,"),
    (lambda n, g, tot, xhat, xc, s: s * (g - tot(g * GAMMA) / n - xhat * tot(g * xhat) / n),
     "the factor gamma is applied twice in the mean of g,"),
    (lambda n, g, tot, xhat, xc, s: s * (g - tot(g) / n - xhat * tot(g * GAMMA * xhat) / n),
     "the factor gamma is applied twice in the mean of g xhat,"),
    (lambda n, g, tot, xhat, xc, s: s * (g - tot(g) - xhat * tot(g * xhat) / n), ""),
]  # fmt: skip


@pytest.mark.parametrize(("forward", "axis"), [(batchnorm, 0), (layernorm, 1)], ids=["batch norm", "layer norm"])
@pytest.mark.parametrize("mistake", range(len(MISTAKES)))
def test_a_mistake_in_the_line(forward, axis, mistake):
    dx, said = MISTAKES[mistake]
    xc, s, xhat = parts(axis)
    wrong = dx(X.shape[axis], BN_OUT * GAMMA, lambda v: v.sum(axis=axis, keepdims=True), xhat, xc, s)
    found = why(*checked(forward, axis, wrong))
    assert found
    assert said in found


@pytest.mark.parametrize(("forward", "axis"), [(batchnorm, 0), (layernorm, 1)], ids=["batch norm", "layer norm"])
def test_means_along_the_other_axis(forward, axis):
    _, s, xhat = parts(axis)
    g = BN_OUT * GAMMA
    dx = s * (g - g.mean(axis=1 - axis, keepdims=True) - xhat * (g * xhat).mean(axis=1 - axis, keepdims=True))
    assert f"both means are over axis {1 - axis}, not over axis {axis}" in why(*checked(forward, axis, dx))


def test_gamma_after_the_means():
    _, s, xhat = parts(1)
    g = BN_OUT
    dx = GAMMA * s * (g - g.mean(axis=1, keepdims=True) - xhat * (g * xhat).mean(axis=1, keepdims=True))
    assert "the gradient is multiplied by gamma after the means, not before them" in why(*checked(layernorm, 1, dx))


@pytest.mark.parametrize(
    "forward",
    [
        batchnorm,
        layernorm,
        lambda x, gamma, beta: gamma * ((x - x.mean(0)) / np.sqrt(x.var(0) + 1e-5)) + beta,
        lambda x, gamma, beta: (x - x.mean(0)) * (1 / np.sqrt(((x - x.mean(0)) ** 2).mean(0) + 1e-3)) * gamma,
        lambda x, gamma, beta: (x - x.mean()) / x.std(),
        lambda x, gamma, beta: gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-5) + beta,
        lambda x, gamma, beta: np.exp(gamma) * (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True),
    ],
)
def test_a_normalisation_is_recognised_however_it_is_written(forward):
    found = recorded(forward, BN, np.ones((6, 5)))
    assert [edit for edit in normalisations(found) if "both means are missing" in edit.text(1.0)]


# ---- gamma in the same line, so that no array is xhat


def batch_line(x, gamma, beta):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5) + beta


def layer_line(x, gamma, beta):
    xc = x - x.mean(axis=1, keepdims=True)
    return xc * gamma / np.sqrt((xc**2).mean(axis=1, keepdims=True) + 1e-5) + beta


def scaled_line(x, gamma, beta):
    s = 1 / np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
    return (x - x.mean(axis=1, keepdims=True)) * (np.exp(gamma) * s) + beta


LINES = {
    "batch norm": (batch_line, 0, GAMMA, 1.0),
    "layer norm": (layer_line, 1, GAMMA, 1.0),
    "a factor that is worked out": (scaled_line, 1, np.exp(GAMMA), np.exp(GAMMA)),
}


def checked_line(name, dx):
    """Returns the gradients with this one of x; those of gamma and beta are right."""
    forward, axis, _, slope = LINES[name]
    _, _, xhat = parts(axis)
    return forward, BN, {"x": dx, "gamma": slope * (BN_OUT * xhat).sum(axis=0), "beta": BN_OUT.sum(axis=0)}, BN_OUT


def line(name, dx):
    _, axis, factor, _ = LINES[name]
    xc, s, xhat = parts(axis)
    return checked_line(
        name, dx(X.shape[axis], BN_OUT * factor, lambda v: v.sum(axis=axis, keepdims=True), xhat, xc, s)
    )


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("mistake", [1, 2, 3, 4, 7, 8, 10, 11])
def test_a_mistake_in_the_line_beside_gamma(name, mistake):
    dx, said = MISTAKES[mistake]
    assert said in why(*line(name, dx))


@pytest.mark.parametrize("name", LINES)
def test_the_line_beside_gamma_is_right_and_random_numbers_have_no_reason(name):
    right = line(name, lambda n, g, tot, xhat, xc, s: s / n * (n * g - tot(g) - xhat * tot(g * xhat)))
    assert check_backward(*right)
    assert why(*checked_line(name, normal(6, 5))) == ""


def test_gamma_of_the_same_line_after_the_means():
    _, s, xhat = parts(1)
    g = BN_OUT
    dx = GAMMA * s * (g - g.mean(axis=1, keepdims=True) - xhat * (g * xhat).mean(axis=1, keepdims=True))
    said = why(*checked_line("layer norm", dx))
    assert "the gradient is multiplied by gamma after the means, not before them" in said


def test_where_xhat_is_an_array_its_product_with_gamma_is_no_normalisation_of_its_own():
    found = recorded(layernorm, BN, BN_OUT)
    said = [edit.text(1.0) for edit in normalisations(found) if "both means are missing" in edit.text(1.0)]
    assert len(said) == 1


def test_what_is_none_is_not_taken_for_one():
    assert list(normalisations(recorded(network, NET, NET_OUT))) == []
    centred = recorded(lambda x, gamma, beta: (x - x.mean(0)) / 2.0, BN, np.ones((6, 5)))
    assert list(normalisations(centred)) == []
    assert list(normalisations(recorded(lambda x: x / x.std(), {"x": normal(4, 3)}, np.ones((4, 3))))) == []


def groups(x):
    """Group normalisation of a stack of images, in two groups of two channels."""
    g = x.reshape(2, 2, 2, 3, 3)
    xhat = (g - g.mean(axis=(2, 3, 4), keepdims=True)) / np.sqrt(g.var(axis=(2, 3, 4), keepdims=True) + 1e-5)
    return xhat.reshape(2, 4, 3, 3) * 1.0


@pytest.mark.parametrize(
    ("axes", "by", "said"),
    [
        ((2, 3, 4), (9, 9), "both means are divided by 9, not by 18"),
        ((2, 3, 4), (45, 45), "both means are divided by 45, not by 18"),
        ((3, 4), (9, 9), "both means are over axes 3 and 4, not over axes 2, 3 and 4"),
    ],
)
def test_means_divided_by_another_number_or_over_other_axes(axes, by, said):
    x, out = normal(2, 4, 3, 3), normal(2, 4, 3, 3)
    g, own = x.reshape(2, 2, 2, 3, 3), (2, 3, 4)
    std = np.sqrt(g.var(axis=own, keepdims=True) + 1e-5)
    xhat, flow = (g - g.mean(axis=own, keepdims=True)) / std, out.reshape(2, 2, 2, 3, 3)

    def by_hand(axes, first, second):
        means = flow.sum(axis=axes, keepdims=True) / first, (flow * xhat).sum(axis=axes, keepdims=True) / second
        return {"x": ((flow - means[0] - xhat * means[1]) / std).reshape(x.shape)}

    assert check_backward(groups, {"x": x}, by_hand(own, 18, 18), out)
    assert said in why(groups, {"x": x}, by_hand(axes, *by), out)


@pytest.mark.parametrize("gamma_inside", [True, False])
@pytest.mark.parametrize("std_inside", [True, False])
def test_a_sum_over_everything_in_one_line(gamma_inside, std_inside):
    """The factor gamma and 1/√(variance + ε) stand in the sum or before it: over the right axis, both are the same."""
    x, gamma = BN["x"], BN["gamma"]
    std = np.sqrt(x.var(axis=0) + 1e-5)
    xhat = (x - x.mean(axis=0)) / std

    def by_hand(axis):
        inside = (gamma if gamma_inside else 1.0) / (std if std_inside else 1.0)
        total = np.sum(BN_OUT * (x - x.mean(axis=0)) * inside, axis=axis) * gamma / std / inside
        dx = (BN_OUT * gamma - (BN_OUT * gamma).mean(axis=0) - xhat * total / 6) / std
        return {"x": dx, "gamma": (BN_OUT * xhat).sum(axis=0), "beta": BN_OUT.sum(axis=0)}

    assert check_backward(batchnorm, BN, by_hand(0), BN_OUT)
    said = why(batchnorm, BN, by_hand(None), BN_OUT)
    assert "the sum of g xhat is over axes 0 and 1, not over axis 0" in said


@pytest.mark.parametrize(
    ("diagonal", "power", "said"),
    [
        (True, 3, "only the diagonal of the Jacobian matrix is used"),
        (False, 1, "x − mean is used instead of xhat, in the gradient of row(1) … row(4)"),
    ],
)
def test_normalisations_that_one_line_makes_are_one(diagonal, power, said):
    def row_by_row(x):
        out = []
        for row in x:
            out.append((row - row.mean()) / np.sqrt(row.var() + 1e-5))
        return np.stack(out)

    x, dout = normal(4, 3), normal(4, 3)

    def by_hand(diagonal, power):
        dx = np.zeros_like(x)
        for n, row in enumerate(x):
            c, std = row - row.mean(), np.sqrt(row.var() + 1e-5)
            jacobian = (np.eye(3) - 1 / 3) / std - np.outer(c, c) / (3 * std**power)
            dx[n] = (np.diag(np.diag(jacobian)) if diagonal else jacobian) @ dout[n]
        return {"x": dx}

    assert check_backward(row_by_row, {"x": x}, by_hand(False, 3), dout)
    assert said in why(row_by_row, {"x": x}, by_hand(diagonal, power), dout)


def twice(x, g, h):
    def norm(x, gain):
        return gain * (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)

    return norm(np.sin(norm(x, g)), h)


def test_the_same_mistake_in_all_normalisations_of_a_helper():
    x, g, h, out = normal(4, 5), normal(5), normal(5), normal(4, 5)

    def back(d, x, gain):
        s = 1 / np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
        n = s * (x - x.mean(axis=1, keepdims=True))
        d, dgain = d * gain, (d * n).sum(axis=0)
        return s * (d - d.mean(axis=1, keepdims=True) - n * (d * n).mean(axis=1, keepdims=True)), dgain

    def by_hand(first, second):
        s = 1 / np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
        y = g * s * (x - x.mean(axis=1, keepdims=True))
        d, _ = back(out, np.sin(y), second)
        _, dh = back(out, np.sin(y), h)
        _, dg = back(d * np.cos(y), x, g)
        dx, _ = back(d * np.cos(y), x, first)
        return {"x": dx, "g": dg, "h": dh}

    inputs = {"x": x, "g": g, "h": h}
    assert check_backward(twice, inputs, by_hand(g, h), out)
    said = why(twice, inputs, by_hand(np.ones(5), np.ones(5)), out)
    assert "is missing in g itself, the mean of g and the mean of g xhat" in said
    assert "and also" not in said
