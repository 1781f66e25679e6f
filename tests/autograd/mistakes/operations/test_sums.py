"""Claims about mistakes in sums: another axis, too many axes, a mean for a sum."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import NET, NET_OUT, first_layer, network, network_by_hand, normal, why

P = network_by_hand()
DZ = P.dz1


@pytest.mark.parametrize(
    ("db1", "said"),
    [
        (DZ.mean(axis=0), "db1 is 1/5 of what it should be"),
        (np.full(4, DZ.sum()), "the gradient of b1, which was broadcast, is summed over the whole array"),
        (DZ.max(axis=0), "the largest number along axis 0, not the sum"),
        (DZ[0], "only the first one along axis 0, not the sum"),
        (DZ[-1], "only the last one along axis 0, not the sum"),
    ],
)
def test_a_bias_is_summed_over_the_examples(db1, said):
    given = {**first_layer(P, DZ), "b1": db1}
    assert said in why(network, NET, given, NET_OUT)


def test_a_mean_at_both_layers_where_the_weights_are_right():
    given = {**first_layer(P, DZ), "b1": DZ.mean(axis=0), "b2": NET_OUT.mean(axis=0)}
    assert "db1 and db2 are 1/5 of what they should be" in why(network, NET, given, NET_OUT)


def test_a_sum_over_the_other_axis_of_a_square():
    def forward(x, b):
        return x * 2.0 + b

    x, b, dout = normal(4, 4), normal(4), normal(4, 4)
    given = {"x": 2 * dout, "b": dout.sum(axis=1)}
    assert "summed over axis 1, not over axis 0" in why(forward, {"x": x, "b": b}, given, dout)


def test_a_sum_over_other_axes_of_images():
    def forward(x, gamma):
        return x * gamma[None, :, None, None]

    x, gamma, dout = normal(3, 3, 3, 2), normal(3), normal(3, 3, 3, 2)
    terms = dout * x
    for dgamma, said in (
        (terms.sum(axis=(1, 2, 3)), "summed over axes 1, 2 and 3"),
        (terms.sum(axis=(0, 1, 3)), "summed over axes 0, 1 and 3"),
        (terms.max(axis=(0, 2, 3)), "the largest number along axes 0, 2 and 3, not the sum"),
        (terms[-1].sum(axis=(1, 2)), "summed over axes 2 and 3 alone: along axis 0, only the last one is taken"),
    ):
        given = {"x": dout * gamma[None, :, None, None], "gamma": dgamma}
        assert said in why(forward, {"x": x, "gamma": gamma}, given, dout)


def centred(x):
    mu = x.mean(axis=0)
    return (x - mu) ** 3


def test_the_mean_that_was_subtracted_is_taken_along_the_other_axis():
    x, dout = normal(4, 4), normal(4, 4)
    d = 3 * dout * (x - x.mean(axis=0)) ** 2
    given = {"x": d - d.mean(axis=1, keepdims=True)}
    assert "the gradient of mu is summed over axis 1, the wrong axis" in why(centred, {"x": x}, given, dout)


LABELS = np.array([1, 3, 0, 2, 2, 1])
ONE_HOT = np.eye(4)[LABELS]
OWN = np.random.default_rng(0)  # some example has no violated margin
FEATURES, WEIGHTS = OWN.normal(size=(6, 5)), 3 * OWN.normal(size=(5, 4))


def hinges(W):
    scores = FEATURES @ W
    correct = scores[np.arange(6), LABELS][:, None]
    margins = np.maximum(0, scores - correct + 1)
    margins[np.arange(6), LABELS] = 0
    return margins.sum()


SCORES = FEATURES @ WEIGHTS
VIOLATED = ((SCORES - SCORES[np.arange(6), LABELS][:, None] + 1 > 0) & (ONE_HOT == 0)) * 1.0
COUNT = VIOLATED.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("right_class", "said"),
    [
        (-1.0, "is one of the terms along axis 1 in every place, not their sum: count the terms that are not 0"),
        (-1.0 * (COUNT > 0), "is one of the terms along axis 1, not their sum: count the terms that are not 0"),
    ],
)
def test_terms_that_should_be_counted(right_class, said):
    assert 0 in COUNT
    assert max(COUNT) > 1
    assert check_backward(hinges, {"W": WEIGHTS}, {"W": FEATURES.T @ (VIOLATED - ONE_HOT * COUNT)})
    given = {"W": FEATURES.T @ (VIOLATED + ONE_HOT * right_class)}
    assert f"the gradient of correct, which was broadcast, {said}" in why(hinges, {"W": WEIGHTS}, given)


def test_equal_terms_are_told_as_a_mean():
    def forward(z):
        lse = np.log(np.exp(z).sum(axis=1, keepdims=True))
        return np.sum(lse - z * ONE_HOT)

    p = np.exp(SCORES) / np.exp(SCORES).sum(axis=1, keepdims=True)
    assert check_backward(forward, {"z": SCORES}, {"z": 4 * p - ONE_HOT})
    said = why(forward, {"z": SCORES}, {"z": p - ONE_HOT})
    assert "largest" not in said
    assert "one of the terms" not in said


def test_the_axis_of_the_sum_is_not_called_wrong():
    x, dout = normal(4, 3), normal(4, 3)

    def forward(x):
        p = np.exp(x)
        return p / p.sum(axis=1, keepdims=True)

    p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
    wrong = p * (dout - 1.5 * (dout * p).sum(axis=1, keepdims=True))
    assert "wrong axis" not in why(forward, {"x": x}, {"x": wrong}, dout)
