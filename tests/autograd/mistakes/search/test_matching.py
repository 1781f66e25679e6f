"""Claims about matching: it allows only rounding errors, leaves right arrays alone, and fits numbers to many others."""

from dataclasses import replace

import numpy as np
import pytest

from autograd import check_backward
from autograd.mistakes.edits import Edit
from autograd.mistakes.factors import Factors
from autograd.mistakes.judged import Given
from autograd.mistakes.paths import paths
from autograd.mistakes.search.matching import fitted, gradient, is_explained, multiple
from autograd.mistakes.search.screening import Screen
from autograd.programs.reverse import Change, EditedPass
from tests.helpers.by_hand import BN, BN_OUT, batchnorm, batchnorm_by_hand, given, normal, recorded, why

FOUND = recorded(batchnorm, BN, BN_OUT)
FACTORS = Factors(FOUND)
RIGHT = normal(6, 5)


def given_as(array, right=RIGHT, allowed=1e-14):
    array, right = np.asarray(array, dtype=float), np.asarray(right, dtype=float)
    return Given("x", FOUND.named["x"], array, right, np.full(right.shape, allowed))


def test_numbers_that_are_the_same_to_rounding_are_explained():
    wrong = 2 * RIGHT
    assert is_explained(given_as(wrong), wrong)
    assert is_explained(given_as(wrong * (1 + 1e-14)), wrong)
    assert not is_explained(given_as(wrong * (1 + 1e-9)), wrong)
    off = wrong.copy()
    off[2, 1] += 1e-8
    assert not is_explained(given_as(off), wrong)


def test_another_shape_is_not_explained():
    assert not is_explained(given_as(RIGHT), RIGHT[:2])
    assert multiple(given_as(RIGHT[:2]), RIGHT, FACTORS) is None


def test_infinities_and_nan_are_explained_by_themselves_alone():
    with_inf = np.where(RIGHT > 0, np.inf, np.nan)
    assert is_explained(given_as(with_inf), with_inf)
    assert not is_explained(given_as(with_inf), np.where(RIGHT > 0, -np.inf, np.nan))
    assert not is_explained(given_as(RIGHT), with_inf)


def test_an_explanation_may_not_leave_much_of_a_small_difference():
    """A gradient with an error of 1e-10 is wrong, and an edit that leaves errors of 1e-10 does not explain it."""
    given_ = given_as(RIGHT + 1e-10, allowed=1e-14)
    assert not is_explained(given_, RIGHT)
    assert is_explained(given_, RIGHT + 1e-10 * (1 + 1e-5))


def test_the_gradient_of_an_edited_pass_is_the_right_one_where_nothing_changed():
    given_ = given(FOUND, "x")
    assert gradient(given_, {}) is given_.right
    changed = np.zeros((6, 5))
    assert gradient(given_, {given_.assignment.number: changed}) is changed


# ---- factors of whole arrays


@pytest.mark.parametrize("factor", [2.0, -1.0, 1 / 6, 6 / 5, 0.5])
def test_a_known_factor_of_an_array(factor):
    assert multiple(given_as(factor * RIGHT), RIGHT, FACTORS) == pytest.approx(factor, rel=1e-12)


def test_an_unknown_factor_is_one_only_if_it_may_be_free():
    assert multiple(given_as(1.2345 * RIGHT), RIGHT, FACTORS) is None
    assert multiple(given_as(1.2345 * RIGHT), RIGHT, FACTORS, free=True) == pytest.approx(1.2345, rel=1e-12)


@pytest.mark.parametrize("few", [RIGHT[0, :1], RIGHT[0, :3], np.array(2.0), np.array([1.0, 0, 0, 0, 2.0])])
def test_few_numbers_do_not_free_a_factor(few):
    def forward(x):
        return np.sin(x) * 1.0

    upstream = few / np.cos(0.3)
    x = np.full(few.shape, 0.3)
    for factor in (1.2345, 0.77):
        assert why(forward, {"x": x}, {"x": factor * few}, upstream) == ""
    assert "dx is 2 times what it should be" in why(forward, {"x": x}, {"x": 2 * few}, upstream)


def test_no_factor_explains_other_numbers():
    assert multiple(given_as(normal(6, 5)), RIGHT, FACTORS, free=True) is None
    assert multiple(given_as(RIGHT), np.zeros((6, 5)), FACTORS, free=True) is None
    assert multiple(given_as(np.zeros((6, 5))), RIGHT, FACTORS, free=True) is None


def test_an_array_of_one_entry_never_gets_a_free_factor():
    def cost(w, b):
        return ((w * np.array([1.0, 2.0, 3.0]) + b - np.array([1.0, 0.0, 2.0])) ** 2).sum()

    w, b = np.array([0.7]), np.array([0.2])
    e = 0.7 * np.array([1.0, 2.0, 3.0]) + 0.2 - np.array([1.0, 0.0, 2.0])
    right = {"w": np.array([2 * (e * [1, 2, 3]).sum()]), "b": np.array([2 * e.sum()])}
    assert why(cost, {"w": w, "b": b}, {**right, "b": right["b"] * 1.2345}) == ""
    assert "db" in why(cost, {"w": w, "b": b}, {**right, "b": right["b"] / 2})


# ---- factors of paths


def through(name, what=""):
    (edit,) = [edit for edit in paths(FOUND, FACTORS) if edit.about == name]
    return edit


def test_how_much_comes_through_a_path_is_told_by_least_squares():
    for t in (0.0, 2.0, 6 / 5, 0.123456):
        wrong = batchnorm_by_hand(through_mu=t)
        givens = [given(FOUND, name, wrong[name]) for name in BN]
        assert fitted(through("mu"), FOUND, givens, FACTORS) == pytest.approx(t, rel=1e-9, abs=1e-12)


def test_0_times_a_gradient_explains_nothing_unless_the_words_say_that_it_is_missing():
    for t in (0.0, 2.0):
        wrong = batchnorm_by_hand(through_mu=t)
        givens = [given(FOUND, name, wrong[name]) for name in BN]
        without_words = replace(through("mu"), text=lambda t: "another gradient is used")
        assert fitted(without_words, FOUND, givens, FACTORS) == (pytest.approx(t) if t else None)


def test_a_path_that_changes_nothing_that_was_given_tells_nothing():
    givens = [given(FOUND, "beta", 2 * BN_OUT.sum(axis=0))]
    assert fitted(through("mu"), FOUND, givens, FACTORS) is None


def test_numbers_that_are_not_finite_tell_nothing():
    bad = batchnorm_by_hand()["x"].copy()
    bad[0, 0] = np.nan
    assert fitted(through("mu"), FOUND, [given(FOUND, "x", bad)], FACTORS) is None


def test_a_misshapen_array_tells_nothing():
    assert fitted(through("mu"), FOUND, [given(FOUND, "x", np.ones((5, 6)))], FACTORS) is None


def test_behind_one_number_any_factor_fits():
    """In a layer of one neuron, all gradients before it are multiples of the right ones, whatever the mistake is."""

    def narrow(x, u, v):
        z = x @ u
        a = np.tanh(z)
        return a * v

    x, u, v = normal(1, 5), normal(5, 1), normal(1)
    dout = np.array([[1.3]])
    found = recorded(narrow, {"x": x, "u": u, "v": v}, dout)
    dz = dout * v * (1 - np.tanh(x @ u) ** 2)
    factors = Factors(found)
    edits = [edit for edit in paths(found, factors) if edit.about == "z"]
    assert edits
    for t, expected in ((1.2345, None), (2.0, 2.0)):
        givens = [given(found, "u", t * x.T @ dz)]
        assert fitted(edits[0], found, givens, factors) == expected


def test_with_an_edit_before_it():
    before = Change(at={FOUND.named["xhat"].number: lambda flow: 2 * flow})
    edited = replace(FOUND, backward=EditedPass(FOUND.backward, before))
    changed = edited.backward.replaced(through("mu").change(0.0))
    givens = [given(FOUND, "x", changed[FOUND.named["x"].number])]
    assert fitted(through("mu"), edited, givens, FACTORS) == pytest.approx(0.0, abs=1e-12)


def test_an_edit_is_linear_in_its_number():
    screen = Screen(FOUND, [given(FOUND, "x")])
    for edit in paths(FOUND, FACTORS):
        assert isinstance(edit, Edit)
        if screen.effect(edit.change(0.0)) is None:
            continue  # its places depend on each other, so that the gradient has powers of the number
        x = FOUND.named["x"].number
        at = [FOUND.backward.replaced(edit.change(t)).get(x, FOUND.backward.flows[x]) for t in (0.0, 1.0, 3.0)]
        np.testing.assert_allclose(at[2], at[0] + 3 * (at[1] - at[0]), rtol=1e-9, atol=1e-9)


def test_a_number_that_works_on_itself_is_found_step_by_step():
    """Two paths, one behind the other, each with the factor 1 + t."""

    def forward(x):
        a = np.sin(x)
        b = a * a * 0.5
        return b + x

    found = recorded(forward, {"x": normal(4, 3)}, normal(4, 3))
    places = found.named["a"].number, found.named["b"].number

    def change(t):
        return Change(at={number: lambda flow: (1 + t) * flow for number in places})

    bent = Edit(change, str, 1, fitted=True, bends=True)
    for t in (-0.3, 0.3, 1.5):
        wrong = given(found, "x", gradient(given(found, "x"), found.backward.replaced(bent.change(t))))
        assert fitted(bent, found, [wrong], Factors(found)) == pytest.approx(t, rel=1e-12)
        assert fitted(replace(bent, bends=False), found, [wrong], Factors(found)) != pytest.approx(t, rel=1e-3)


def test_behind_one_neuron_an_unknown_factor_tells_nothing():
    """Every mistake above it gives a multiple of the right gradient."""

    def forward(x, W, v):
        z = x @ W
        a = np.tanh(z @ v)
        return a**2

    def by_hand(rows):
        z = inputs["x"] @ inputs["W"]
        a = np.tanh(z @ inputs["v"])
        dz = np.outer((dout * 2 * a * (1 - a**2)) * rows, inputs["v"])
        return dz.sum(axis=0)

    inputs = {"x": normal(4, 3), "W": normal(3, 5), "v": normal(5), "b": normal(5)}
    dout = normal(4)

    def with_bias(x, W, v, b):
        return forward(x, W, v) if b is None else np.tanh((x @ W + b) @ v) ** 2

    inputs["b"] = np.zeros(5)
    one_row = np.array([0.0, 1.0, 0.0, 0.0])
    assert check_backward(with_bias, inputs, {"b": by_hand(1.0)}, dout)
    assert "times what it should be" not in why(with_bias, inputs, {"b": by_hand(one_row)}, dout)
    assert "1.2345 times" in why(
        forward, {name: inputs[name] for name in "xWv"}, {"x": 1.2345 * right_dx(inputs, dout)}, dout
    )


def right_dx(inputs, dout):
    a = np.tanh(inputs["x"] @ inputs["W"] @ inputs["v"])
    return np.outer(dout * 2 * a * (1 - a**2), inputs["W"] @ inputs["v"])


def test_a_factor_of_numbers_in_float32_is_a_known_one():
    x, b, y = (normal(*shape).astype(np.float32) for shape in ((6, 3), (1, 3), (6, 3)))
    slope = np.cos(x + b) * y
    said = why(lambda b: np.sum(np.sin(x + b) * y), {"b": b}, {"b": slope.mean(axis=0, keepdims=True)})
    assert "1/6 of what it should be" in said or "1/(2 · 3) of what it should be" in said
