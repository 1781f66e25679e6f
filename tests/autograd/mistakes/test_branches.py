"""Claims about mistakes of a single formula, which repeats a part of what other formulas have computed rightly."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import BN, BN_OUT, batchnorm, normal, why


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


DRAW = np.random.default_rng(6)
X, G, DOUT = DRAW.normal(size=(3, 6, 3))


def quotient(x, g):
    s = 1 + x**2
    q = np.sin(x) / s
    return g * q


def of_quotient(for_s=G):
    """`for_s`: what multiplies dout in the formula of ds."""
    s = 1 + X**2
    ds = -DOUT * for_s * np.sin(X) / s**2
    return {"x": DOUT * G * np.cos(X) / s + ds * 2 * X, "g": DOUT * np.sin(X) / s}


@pytest.mark.parametrize(("for_s", "what"), [(1.0, "missing"), (G**2, "applied twice")])
def test_a_factor_is_wrong_in_the_formula_of_one_array_alone(for_s, what):
    assert check_backward(quotient, {"x": X, "g": G}, of_quotient(), DOUT)
    said = why(quotient, {"x": X, "g": G}, of_quotient(for_s), DOUT)
    assert f"the factor g is {what} in the gradient of q, but only on the way to s" in said


WF, WI, XS = DRAW.normal(size=(3, 3, 3))
GATES = {"Wf": WF, "Wi": WI}
DH = DRAW.normal(size=3)


def gated(Wf, Wi):
    c = np.ones(3)
    for x in XS:
        f, i = np.tanh(Wf @ x), np.tanh(Wi @ x)
        c = f * c + i
        h = np.tanh(c)
    return h + c**2


def of_gated(fault=""):
    c, steps = np.ones(3), []
    for x in XS:
        f, i = np.tanh(WF @ x), np.tanh(WI @ x)
        steps.append((x, f, i, c))
        c = f * c + i
    slope = 0 * c + 1 - np.tanh(c) ** 2
    found = {"Wf": np.zeros_like(WF), "Wi": np.zeros_like(WI)}
    through_h, through_c = DH * slope, DH * 2 * c
    for x, f, i, before in reversed(steps):
        dc = through_h + through_c
        di = dc * (1 - i**2)
        if fault == "slope" and np.any(through_h):
            di = through_h * (1 - i**2) + through_c
        for_f = through_c if fault == "path" and np.any(through_h) else dc
        found["Wf"] += np.outer(for_f * before * (1 - f**2), x)
        found["Wi"] += np.outer(di, x)
        through_h, through_c = np.zeros(3), dc * f
    return found


def test_a_slope_is_missing_for_one_term_alone_and_a_path_for_one_array_alone():
    assert check_backward(gated, GATES, of_gated(), DH)
    said = why(gated, GATES, of_gated("slope"), DH)
    assert (
        "tanh′(`Wi @ x`) is missing in the gradient of `Wi @ x`, but only for the part that comes from `c**2`" in said
    )
    said = why(gated, GATES, of_gated("path"), DH)
    assert "the path from c(3) to h(3) is missing, but only on the way to f(3)" in said


def test_a_factor_is_applied_again_behind_a_sum():
    g, x, dout = normal(4), normal(3, 4), normal(3, 4)

    def rms_norm(x, g):
        return x / np.sqrt(np.mean(x**2, axis=-1, keepdims=True)) * g

    def gone_back(again=1.0):
        r = 1 / np.sqrt(np.mean(x**2, axis=-1, keepdims=True))
        second = x * r**3 * np.mean(dout * g * x, axis=-1, keepdims=True) * again
        return {"x": dout * g * r - second, "g": (dout * x * r).sum(axis=0)}

    assert check_backward(rms_norm, {"x": x, "g": g}, gone_back(), dout)
    said = why(rms_norm, {"x": x, "g": g}, gone_back(g), dout)
    assert "the factor g is applied again to the gradient of x that comes through `x**2`" in said


def test_operations_of_one_call_are_told_apart():
    """np.linalg.solve takes parts, multiplies and subtracts: links of other shapes, all made by one line."""
    a, b, dout = normal(3, 3), normal(3), normal(3)
    db = np.linalg.solve(a.T, dout)
    inputs = {"a": a, "b": b}
    right = {"a": -np.outer(db, np.linalg.solve(a, b)), "b": db}
    forward = lambda a, b: np.linalg.solve(a, b)  # noqa: E731
    assert check_backward(forward, inputs, right, dout)
    assert not check_backward(forward, inputs, {"a": right["a"], "b": db * np.cos(b)}, dout)  # no known mistake
    assert why(forward, inputs, {"a": -right["a"], "b": -db}, dout) == "da and db have the wrong sign"


def lstm_step(x, h, c, Wf, Wi, Wc, Wo):
    xh = np.concatenate((h, x))
    ft, it, ot = sigmoid(Wf @ xh), sigmoid(Wi @ xh), sigmoid(Wo @ xh)
    cct = np.tanh(Wc @ xh)
    c_next = ft * c + it * cct
    h_next = ot * np.tanh(c_next)
    return np.stack((h_next, c_next))


def test_the_slopes_of_several_gates_are_missing_for_one_term_alone():
    """A published formula: dc_next * it + ot * (1 - tanh(c_next)**2) * it * dh * (1 - cct**2), without brackets."""
    inputs = {"x": normal(2, 4), "h": normal(3, 4), "c": normal(3, 4)} | {
        k: normal(3, 5) for k in ("Wf", "Wi", "Wc", "Wo")
    }
    x, h, c, Wf, Wi, Wc, Wo = inputs.values()
    out = normal(2, 3, 4)
    xh = np.concatenate((h, x))
    ft, it, ot, cct = sigmoid(Wf @ xh), sigmoid(Wi @ xh), sigmoid(Wo @ xh), np.tanh(Wc @ xh)
    tanh = np.tanh(ft * c + it * cct)
    dh, dc = out
    through = dh * ot * (1 - tanh**2)

    def by_hand(brackets):
        def gate(by, slope):
            return (dc + through) * by * slope if brackets else dc * by + through * by * slope

        df, di, dg = gate(c, ft * (1 - ft)), gate(cct, it * (1 - it)), gate(it, 1 - cct**2)
        do = dh * tanh * ot * (1 - ot)
        back = Wf.T @ df + Wi.T @ di + Wc.T @ dg + Wo.T @ do
        found = {"x": back[3:], "h": back[:3], "c": (dc + through) * ft}
        return found | {key: d @ xh.T for key, d in zip(("Wf", "Wi", "Wc", "Wo"), (df, di, dg, do), strict=True)}

    assert check_backward(lstm_step, inputs, by_hand(brackets=True), out)
    said = why(lstm_step, inputs, by_hand(brackets=False), out)
    assert "but only for the part that comes from" in said
    assert "tanh′(`Wc @ xh`) are missing in the gradient of" in said
    assert said.count("σ′(") == 2


def test_the_power_alone_in_one_branch():
    """A published mistake: a contrastive loss whose pairs of different classes lack the factor a − b."""
    a, b, same = normal(6, 3), normal(6, 3), np.array([1.0, 0, 1, 0, 0, 1])

    def loss(a, b):
        distance = np.sum((a - b) ** 2, axis=1)
        return np.sum(same * distance + (1 - same) * np.maximum(30.0 - distance, 0.0)) / 12

    def by_hand(other):
        da = np.where(same[:, None] > 0, a - b, -other) / 6
        return {"a": da, "b": -da}

    assert check_backward(loss, {"a": a, "b": b}, by_hand(a - b))
    assert why(loss, {"a": a, "b": b}, by_hand(np.ones((6, 3))), None) == (
        "the factor xⁿ⁻¹ is missing in the derivative n xⁿ⁻¹ of `(a - b) ** 2`, but only for the part that comes from "
        "`30.0 - distance`"
    )


def short(direct):
    """Returns the gradient of x in a batch norm by the formula in one line, whose three terms are apart."""
    x, n = BN["x"], len(BN["x"])
    xc = x - x.mean(axis=0)
    var = (xc**2).mean(axis=0) + 1e-5
    dxhat = BN_OUT * BN["gamma"]
    dvar = (dxhat * xc).sum(axis=0) * -0.5 * var**-1.5
    dmu = -dxhat.sum(axis=0) / np.sqrt(var)
    terms = {"right": dxhat / np.sqrt(var) + dvar * 2 * xc / n, "inverted": dxhat * np.sqrt(var) + dvar * 2 * xc / n,
             "mean": dxhat / np.sqrt(var) + dvar * 2 * x / n, "no xc": dxhat / np.sqrt(var) + dvar * 2 / n}  # fmt: skip
    return {"x": terms[direct] + dmu / n}


@pytest.mark.parametrize(
    ("direct", "said"),
    [
        ("inverted", "std multiplies, but should divide, in the gradient of xc, but only on the way to x"),
        ("mean", "x is used instead of xc in the gradient of xc, but only on the way to x"),
        ("no xc", "the factor xⁿ⁻¹ is missing in the derivative n xⁿ⁻¹ of `xc**2`, but only on the way to x"),
    ],
)
def test_a_mistake_in_one_term_of_a_batch_norm(direct, said):
    assert check_backward(batchnorm, BN, short("right"), BN_OUT)
    assert said in why(batchnorm, BN, short(direct), BN_OUT)
