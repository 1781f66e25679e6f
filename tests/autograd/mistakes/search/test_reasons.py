"""Claims about the search: the simplest reason comes first, random numbers have no reason, and it ends in time."""

import time

import numpy as np
import pytest

from autograd import check_backward
from autograd.mistakes.judged import Reason
from autograd.mistakes.search import deadline
from autograd.mistakes.search.reasons import find_reasons
from tests.helpers.by_hand import (
    BN,
    BN_OUT,
    NET,
    NET_OUT,
    RNN,
    RNN_OUT,
    batchnorm,
    batchnorm_by_hand,
    first_layer,
    given,
    network,
    network_by_hand,
    normal,
    recorded,
    recurrent,
    recurrent_by_hand,
    why,
)

P = network_by_hand()
RIGHT = first_layer(P, P.dz1)
FOUND = recorded(network, NET, NET_OUT)


def reasons_for(**changed):
    """Returns the reasons that explain all gradients."""
    givens = [given(FOUND, name, {**RIGHT, **changed}[name]) for name in RIGHT]
    return [reason for reason in find_reasons(FOUND, givens) if not reason.of]


def test_right_gradients_have_none():
    assert reasons_for() == []
    assert find_reasons(FOUND, []) == []


def test_numbers_that_are_not_finite_and_zeros_are_called_so():
    assert reasons_for(W1=RIGHT["W1"] * np.nan) == [Reason("dW1 has numbers that are not finite: inf or nan")]
    assert reasons_for(W1=np.zeros((3, 4)), b1=np.zeros(4)) == [Reason("dW1 and db1 are all zeros")]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"W1": 2 * RIGHT["W1"]}, "dW1 is 2 times what it should be"),
        ({"W1": -RIGHT["W1"]}, "dW1 has the wrong sign"),
        ({"W1": RIGHT["W1"] / 5}, "dW1 is 1/5 of what it should be"),
        ({"W1": 1.2345 * RIGHT["W1"]}, "dW1 is 1.2345 times what it should be"),
        ({name: 5 * RIGHT[name] for name in RIGHT}, "are 5 times what they should be"),
    ],
)
def test_a_factor_of_the_arrays_is_the_simplest(changed, said):
    assert said in reasons_for(**changed)[0].text


def test_a_factor_for_each_array():
    (reason,) = reasons_for(W2=2 * RIGHT["W2"], b1=4 * RIGHT["b1"])
    assert reason.text in (
        "db1 is 4 times what it should be, and dW2 is 2 times what it should be",
        "dW2 is 2 times what it should be, and db1 is 4 times what it should be",
    )


def test_a_factor_again_and_again():
    """2, 3 and 5 rows or columns are known sizes: 1/125 is told as 1/5 three times."""
    changed = {"W2": RIGHT["W2"] / 5, "b1": RIGHT["b1"] / 25, "W1": RIGHT["W1"] / 125}
    told = "the gradient is multiplied by 1/5 again and again on its way back: "
    assert [reason.text for reason in reasons_for(**changed)] == [
        f"{told}dW2 has it once, db1 has it twice, dW1 has it 3 times"
    ]
    changed["W1"] = RIGHT["W1"] / 124
    assert reasons_for(**changed) == []


def test_unknown_factors_of_several_arrays_are_no_reason():
    assert reasons_for(W2=1.234 * RIGHT["W2"], b1=0.777 * RIGHT["b1"]) == []


def test_an_edit_but_for_a_factor():
    """A factor 1/n and a missing slope."""
    dz1 = P.da1
    changed = {name: part / 5 for name, part in first_layer(P, dz1).items() if name in ("x", "W1", "b1")}
    texts = [reason.text for reason in reasons_for(**changed)]
    assert any("tanh′(z1) is missing" in text and "1/5" in text for text in texts)


def test_two_edits():
    """The slope is taken as 1, and db2 is that of the first example alone."""
    (reason, *_) = reasons_for(**{**first_layer(P, P.da1), "b2": NET_OUT[0]})
    assert "tanh′(z1) is missing" in reason.text
    assert ", and also " in reason.text
    assert "b2" in reason.text


def test_reasons_know_their_ways():
    reason = reasons_for(**first_layer(P, P.da1))[0]
    assert "tanh′(z1) is missing" in reason.text
    assert reason.ways
    assert all(way in FOUND.backward.passed for way in reason.ways)


def test_several_reasons_that_give_the_same_numbers_are_all_said():
    """With n = 2, a sum in the place of a mean is also a factor 2."""

    def cost(x, w):
        y = np.tanh(x * w)
        return y.mean(axis=0)

    x, w, dout = normal(2, 3), normal(3), normal(3)
    d = dout * (1 - np.tanh(x * w) ** 2)
    said = why(cost, {"x": x, "w": w}, {"x": d * w, "w": (d * x).sum(axis=0)}, dout)
    assert "2" in said


def test_at_most_three_are_said():
    def chain(x):
        for _ in range(6):
            x = np.sin(x)
        return x

    x, dout = normal(5), normal(5)
    found = recorded(chain, {"x": x}, dout)
    right = found.backward.flows[found.named["x"].number]
    assert len(find_reasons(found, [given(found, "x", right * np.array([0, 1, 1, 1, 1]))])) <= 3


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("name", ["batch norm", "network", "recurrent"])
def test_random_arrays_have_none(name, seed):
    forward, inputs, upstream = {"batch norm": (batchnorm, BN, BN_OUT), "network": (network, NET, NET_OUT),
                                 "recurrent": (recurrent, RNN, RNN_OUT)}[name]  # fmt: skip
    rng = np.random.default_rng(seed)
    found = recorded(forward, inputs, upstream)
    wrong = rng.choice(list(inputs), size=rng.integers(1, len(inputs) + 1), replace=False)
    givens = [given(found, each, rng.normal(size=inputs[each].shape) if each in wrong else None) for each in inputs]
    assert find_reasons(found, givens, seconds=0.3) == []


def test_one_wrong_entry_has_none():
    for place in ((0, 0), (1, 2), (2, 3)):
        off = RIGHT["W1"].copy()
        off[place] += 0.1
        assert reasons_for(W1=off) == []


def test_the_search_keeps_its_time():
    def deep(x, W):
        for _ in range(30):
            x = np.tanh(x @ W)
        return x

    x, W, dout = normal(3, 4), normal(4, 4), normal(3, 4)
    found = recorded(deep, {"x": x, "W": W}, dout)
    givens = [given(found, "x", normal(3, 4)), given(found, "W", normal(4, 4))]
    reached = []
    clock = time.thread_time()

    def ticking():
        reached.append(None)
        return clock + 0.1 * len(reached)  # each reading of the clock adds a tenth of a second

    deadline.time = type("", (), {"thread_time": staticmethod(ticking), "perf_counter": staticmethod(ticking)})
    try:
        assert find_reasons(found, givens, seconds=4.0) == []
    finally:
        deadline.time = time
    assert len(reached) < 200


def test_a_wrong_intermediate_narrows_nothing_away():
    z1 = {**RIGHT, "z1": P.dz1, "a1": P.da1}
    assert check_backward(network, NET, z1, NET_OUT)
    wrong = {**first_layer(P, P.da1), "z1": P.da1, "a1": P.da1}
    assert "tanh′(z1) is missing" in why(network, NET, wrong, NET_OUT)


def test_paths_with_the_same_numbers_are_one_reason():
    said = why(batchnorm, BN, batchnorm_by_hand(through_var=0.0), BN_OUT)
    assert said.count("missing") == 1


def test_the_same_mistake_in_every_step_is_one_reason():
    said = why(recurrent, RNN, recurrent_by_hand(slope=lambda z, h: np.ones(4)), RNN_OUT)
    assert said.startswith("tanh′(z(1) … z(3)) is missing")


@pytest.mark.parametrize("sizes", [(3, 4), (2, 5), (4, 4)])
def test_two_edits_of_which_both_are_made_in_every_step(sizes):
    """tanh′ is taken at h, and h of the same step is used in the place of h of the step before."""
    n, m = sizes
    x, U, W, dout = normal(4, n), normal(m, n), normal(m, m), normal(m)

    def forward(x, U, W):
        h = np.zeros(m)
        for t in range(4):
            h = np.tanh(U @ x[t] + W @ h)
        return h * 1.0

    def by_hand(slope, shift):
        hs = [np.zeros(m)]
        for t in range(4):
            hs.append(np.tanh(U @ x[t] + W @ hs[-1]))
        dh, dU, dW = dout, np.zeros_like(U), np.zeros_like(W)
        for t in (3, 2, 1, 0):
            dz = dh * slope(hs[t + 1])
            dU += np.outer(dz, x[t])
            dW += np.outer(dz, hs[t + shift])
            dh = W.T @ dz
        return {"U": dU, "W": dW}

    inputs = {"x": x, "U": U, "W": W}
    assert check_backward(forward, inputs, by_hand(lambda h: 1 - h * h, 0), dout)
    said = why(forward, inputs, by_hand(lambda h: 1 - np.tanh(h) ** 2, 1), dout)
    assert ", and also " in said
    assert "tanh′" in said
    assert "is used instead of h(" in said or "is used instead of h" in said
    assert not why(forward, inputs, {"U": normal(m, n), "W": normal(m, m)}, dout)


def test_zeros_are_told_beside_the_reason_of_the_others():
    gradients = {**batchnorm_by_hand(through_mu=0.0), "beta": np.zeros(5)}
    assert why(batchnorm, BN, gradients, BN_OUT) == "dbeta is all zeros, and also the path through mu is missing"


def test_zeros_and_what_is_added_to_them_are_no_two_mistakes():
    """An array of ones could be told as a missing path and an added 1 in every place."""
    inputs = {"x": normal(4, 3), "W": normal(3, 2)}
    ones = {name: np.ones(array.shape) for name, array in inputs.items()}
    assert why(lambda x, W: np.tanh(x @ W).sum(), inputs, ones) == ""


def test_a_mistake_in_the_formula_of_some_arrays_alone():
    """db lacks the weights of the errors, which dw has."""
    x, w, b, weight = normal(6, 4), normal(4, 3), normal(3), np.abs(normal(6, 3))

    def forward(w, b):
        e = x @ w + b
        return np.sum(weight * e**2)

    d = 2 * weight * (x @ w + b)
    inputs = {"w": w, "b": b}
    assert check_backward(forward, inputs, {"w": x.T @ d, "b": d.sum(axis=0)})
    said = why(forward, inputs, {"w": x.T @ d, "b": (d / weight).sum(axis=0)})
    assert "the factor weight is missing in the gradient of `e**2`, but only for db" in said


def test_a_way_whose_terms_cancel_may_be_left_out():
    """The maximum that a softmax subtracts gets no gradient, but it would with the mistake."""
    x, dout = normal(4, 3), normal(4, 3)

    def softmax(x):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        total = e.sum(axis=1, keepdims=True)
        return e / total

    p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
    right, wrong = (p * (dout - t * (dout * p).sum(axis=1, keepdims=True)) for t in (1.0, 2.0))
    assert check_backward(softmax, {"x": x}, {"x": right}, dout)
    assert "the path through total is counted twice" in why(softmax, {"x": x}, {"x": wrong}, dout)


def test_a_factor_that_is_a_number_of_the_pass():
    x, w, dout = normal(4, 3), normal(3, 2), normal(4, 2)

    def forward(x, w):
        return x @ w / np.sum(x**2)

    total, d = np.sum(x**2), dout / np.sum(x**2)
    right = {"x": d @ w.T - 2 * x * np.sum(d * (x @ w)) / total, "w": x.T @ d}
    assert check_backward(forward, {"x": x, "w": w}, right, dout)
    said = why(forward, {"x": x, "w": w}, {name: total * g for name, g in right.items()}, dout)
    assert "dx and dw are `np.sum(x**2)` times what they should be" in said
