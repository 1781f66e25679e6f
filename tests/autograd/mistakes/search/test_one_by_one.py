"""Claims about wrong arrays with a mistake each, in formulas of their own: all mistakes are told."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.backprop import Net
from tests.helpers.by_hand import NET, NET_OUT, first_layer, network, network_by_hand, normal, why


def cell(Wf, Wi, Wc, Wo, h, c):
    f = 1 / (1 + np.exp(-(Wf @ h)))
    i = 1 / (1 + np.exp(-(Wi @ h)))
    g = np.tanh(Wc @ h)
    new = f * c + i * g
    o = 1 / (1 + np.exp(-(Wo @ h)))
    return np.concatenate([o * np.tanh(new), new])


CELL = {name: normal(4, 4) for name in ("Wf", "Wi", "Wc", "Wo")} | {"h": normal(4), "c": normal(4)}
OUT = normal(8)


def cell_by_hand():
    """Returns the gradients, and for each gate the gradient of its activation and the activation."""
    Wf, Wi, Wc, Wo, h, c = CELL.values()
    f, i, o = (1 / (1 + np.exp(-(W @ h))) for W in (Wf, Wi, Wo))
    g = np.tanh(Wc @ h)
    new = f * c + i * g
    dnew = OUT[4:] + OUT[:4] * o * (1 - np.tanh(new) ** 2)
    gates = {"Wf": (dnew * c, f), "Wi": (dnew * g, i), "Wc": (dnew * i, g), "Wo": (OUT[:4] * np.tanh(new), o)}
    slopes = {name: 1 - a**2 if name == "Wc" else a * (1 - a) for name, (_, a) in gates.items()}
    given = {name: np.outer(da * slopes[name], h) for name, (da, _) in gates.items()}
    given["h"] = sum(CELL[name].T @ (da * slopes[name]) for name, (da, _) in gates.items())
    return {**given, "c": dnew * f}, gates


@pytest.mark.all_the_time
def test_each_gate_has_a_mistake_of_its_own():
    given, gates = cell_by_hand()
    assert check_backward(cell, CELL, given, OUT)
    h = CELL["h"]
    for name in ("Wf", "Wi"):
        da, a = gates[name]
        s = 1 / (1 + np.exp(-a))
        given[name] = np.outer(da * s * (1 - s), h)
    (dg, g), (do, o) = gates["Wc"], gates["Wo"]
    given["Wc"] = np.outer(dg * (1 - np.tanh(g) ** 2), h)
    given["Wo"] = np.outer(do * (1 - np.tanh(o) ** 2), h)
    said = why(cell, CELL, given, OUT)
    for mistake in (
        "σ′ is evaluated at the output", "for dWf and dWi", "tanh′ is evaluated at the output g", "for dWc",
        "1 − tanh(o)² is used instead of σ′", "for dWo",
    ):  # fmt: skip
        assert mistake in said


@pytest.mark.all_the_time
def test_one_gradient_without_a_reason_leaves_the_others_to_where():
    given, gates = cell_by_hand()
    (dg, g), (do, o) = gates["Wc"], gates["Wo"]
    given["Wc"] = np.outer(dg * (1 - np.tanh(g) ** 2), CELL["h"])
    given["Wo"] = np.outer(do * (1 - np.tanh(o) ** 2), CELL["h"])
    given["Wf"] = normal(4, 4)
    assert why(cell, CELL, given, OUT) == ""


@pytest.mark.all_the_time
def test_four_mistakes_of_which_one_is_a_factor():
    p = network_by_hand()
    given = first_layer(p, p.dz1)
    given["x"], given["W1"], given["b1"] = p.da1 @ p.W1.T, 3 * given["W1"], (p.da1 * p.a1).sum(axis=0)
    given["W2"] = p.z1.T @ NET_OUT
    said = why(network, NET, given, NET_OUT)
    for mistake in (
        "dW1 is 3 times what it should be, and also", "tanh′(z1) is missing", "for dx",
        "a1 is used instead of tanh′(z1), for db1", "z1 is used instead of a1 in the gradient of W2, for dW2",
    ):  # fmt: skip
        assert mistake in said


@pytest.mark.all_the_time
def test_random_numbers_get_no_such_reason():
    net = Net((4, 5, 3), "tanh", "sigmoid", n=6)
    for _ in range(5):
        dW, db = ([normal(*np.shape(x)) for x in some] for some in net.backprop())
        assert net.compared().against(dW=dW, db=db, convention="rows").why == ""
