"""Claims about p − y: another target, or predictions in the place of the probabilities, is named."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

X, W, V = normal(6, 3), normal(3, 4), normal(3)
LABELS = np.array([1, 3, 0, 2, 2, 1])
ONE_HOT = np.eye(4)[LABELS]
YES = np.array([1.0, 0.0, 0.0, 1.0, 0.0, 1.0])
P = np.exp(X @ W) / np.exp(X @ W).sum(axis=1, keepdims=True)
S = 1 / (1 + np.exp(-(X @ V)))


def cross_entropy(x, W):
    z = x @ W
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -log_p[np.arange(6), LABELS].mean()


def binary(x, v):
    p = 1 / (1 + np.exp(-(x @ v)))
    return -np.mean(3.0 * YES * np.log(p) + (1 - YES) * np.log(1 - p))


def of_classes(dz):
    return {"x": dz @ W.T / 6, "W": X.T @ dz / 6}


def of_two(ds):
    ds = np.where(YES == 1.0, 3.0, 1.0) * ds / 6
    return {"x": np.outer(ds, V), "v": X.T @ ds}


@pytest.mark.parametrize(
    ("dz", "said"),
    [
        (P - 1, "1 is subtracted in every place, as in p − 1 instead of p − y, or in d[:, y] −= 1 instead of"),
        (P - np.roll(ONE_HOT, 1, axis=1), "the labels are off by one, the class above"),
        (P - np.roll(ONE_HOT, -1, axis=1), "the labels are off by one, the class below"),
        (P - np.roll(ONE_HOT, 1, axis=0), "the target is that of the example before"),
        (P - (P.max(axis=1, keepdims=True) == P), "the predicted class is the target"),
        ((P.max(axis=1, keepdims=True) == P) - ONE_HOT, "the predicted labels, 0 and 1, are used instead"),
        ((P - ONE_HOT) ** 2, "the probabilities minus the target, their square is used"),
        (np.abs(P - ONE_HOT), "the probabilities minus the target, only their magnitude is used"),
    ],
)
def test_other_targets_of_a_softmax(dz, said):
    inputs = {"x": X, "W": W}
    assert check_backward(cross_entropy, inputs, of_classes(P - ONE_HOT))
    assert said in why(cross_entropy, inputs, of_classes(dz), None)


@pytest.mark.parametrize(
    ("ones", "said"),
    [
        ([1, 1, 0, 1], "1 is subtracted in every row at the labels of all rows: d[:, y] −= 1 is used instead of"),
        ([1, 1, 1, 1], "1 is subtracted in every place: p − 1 is used instead of p − y"),
    ],
)
def test_ones_for_a_target_that_lacks_a_class(ones, said):
    Y = np.eye(4)[[3, 1, 0, 3, 0, 1]]

    def of_rows(x, W):
        z = x @ W
        return -np.sum(Y * np.log(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True))) / 6

    assert said in why(of_rows, {"x": X, "W": W}, of_classes(P - ones), None)


def smoothed(x, W):
    target = 0.8 * ONE_HOT + 0.2 / 4
    z = x @ W
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -np.sum(target * log_p) / 6


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (ONE_HOT, "the labels are not smoothed"),
        (0.8 * ONE_HOT + 0.2 / 3 * (1 - ONE_HOT), "the smoothing is shared among the k − 1 other classes"),
    ],
)
def test_other_targets_than_smoothed_labels(target, said):
    inputs = {"x": X, "W": W}
    assert check_backward(smoothed, inputs, of_classes(P - 0.8 * ONE_HOT - 0.2 / 4))
    assert said in why(smoothed, inputs, of_classes(P - target), None)


@pytest.mark.parametrize(
    ("ds", "said"),
    [
        (S - 1 + YES, "the labels 0 and 1 are exchanged"),
        (S + YES, "the target is added, not subtracted"),
        (S - 2 * YES + 1, "the target is −1, not 0, for the negative examples"),
        ((S > 0.5) - YES, "the predicted labels, 0 and 1, are used instead"),
    ],
)
def test_other_targets_of_a_sigmoid(ds, said):
    inputs = {"x": X, "v": V}
    assert check_backward(binary, inputs, of_two(S - YES))
    assert said in why(binary, inputs, of_two(ds), None)


def in_steps(x, W):
    cost = 0.0
    for t in range(3):
        before = np.eye(4)[LABELS[t]]
        z = x[t] @ W + before
        p = np.exp(z) / np.exp(z).sum()
        cost = cost - np.log(p[LABELS[t + 1]])
    return cost


@pytest.mark.parametrize(
    ("labels", "said"),
    [([1, 3, 0], "before(1) … before(3) is used instead of the target"),
     ([0, 2, 3], "the target is that of the step after")],
)  # fmt: skip
def test_the_target_of_another_step(labels, said):
    x = X[:3]

    def by_hand(labels):
        e = np.exp(x @ W + ONE_HOT[:3])
        dz = e / e.sum(axis=1, keepdims=True) - np.eye(4)[labels]
        return {"x": dz @ W.T, "W": x.T @ dz}

    assert check_backward(in_steps, {"x": x, "W": W}, by_hand([3, 0, 2]))
    assert said in why(in_steps, {"x": x, "W": W}, by_hand(labels), None)


def of_probabilities(x, W):
    z = x @ W
    a = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(a).sum(axis=1)) - a[np.arange(6), LABELS])


def of_probabilities_of_two(x, v):
    a = 1 / (1 + np.exp(-(x @ v)))
    return np.mean(np.log(1 + np.exp(a)) - YES * a)


def test_a_softmax_that_is_applied_twice():
    q = np.exp(P) / np.exp(P).sum(axis=1, keepdims=True) - ONE_HOT
    inputs = {"x": X, "W": W}
    assert check_backward(of_probabilities, inputs, of_classes(P * (q - (q * P).sum(axis=1, keepdims=True))))
    said = why(of_probabilities, inputs, of_classes(P - ONE_HOT))
    assert "softmax of a, which is a softmax already, so that the softmax is applied twice" in said


def test_a_sigmoid_that_is_applied_twice():
    q = 1 / (1 + np.exp(-S)) - YES
    inputs = {"x": X, "v": V}
    given = [{"x": np.outer(d, V) / 6, "v": X.T @ d / 6} for d in (q * S * (1 - S), S - YES)]
    assert check_backward(of_probabilities_of_two, inputs, given[0])
    assert "so that the sigmoid is applied twice" in why(of_probabilities_of_two, inputs, given[1])


def sigmoid(s):
    return 1 / (1 + np.exp(-s))


@pytest.mark.parametrize("away", [lambda z: sigmoid(-z), lambda z: 1 - sigmoid(z)])
def test_words_that_are_drawn_as_negatives_are_labelled_1(away):
    """The cost is −Σ ln σ(−u v), or −Σ ln (1 − σ(u v)): people see the probability σ(u v) and the label 0 in both."""

    def negatives(v, u):
        z = u @ v
        return -np.sum(np.log(away(z)))

    u = X[:4]
    p = sigmoid(u @ V)
    assert check_backward(negatives, {"v": V, "u": u}, {"v": p @ u, "u": np.outer(p, V)})
    said = why(negatives, {"v": V, "u": u}, {"v": (p - 1) @ u, "u": np.outer(p - 1, V)})
    first = said.split("; or ")[0]
    assert first == "in the gradient of z, the probabilities minus the target, the target is 1 everywhere"


COUNTS = np.array([0.0, 2, 1, 4, 0, 1])
RATES = normal(6)


def poisson(z):
    rate = np.exp(z)
    return np.mean(rate - COUNTS * np.log(rate))


def test_the_exponent_for_its_exp():
    said = why(poisson, {"z": RATES}, {"z": (RATES - COUNTS) / 6})
    assert said == "the gradient of z is that of a linear model: z is used instead of its exp, rate, in rate − COUNTS"
    assert why(poisson, {"z": RATES}, {"z": normal(6)}) == ""


def sigmoid_cost(z):
    p = 1 / (1 + np.exp(-z))
    return -np.mean(LABELS01 * np.log(p) + (1 - LABELS01) * np.log(1 - p))


LABELS01 = np.array([0.0, 1, 1, 0, 1, 0])


def test_logits_for_probabilities():
    said = why(sigmoid_cost, {"z": RATES}, {"z": (RATES - LABELS01) / 6})
    assert "z is used instead of the probabilities" in said


def test_the_number_of_the_class_in_every_place():
    def classes(x, W):
        z = x @ W
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        return -np.log(p[np.arange(6), y]).mean()

    x, W, y = normal(6, 3), normal(3, 4), np.array([0, 3, 1, 2, 2, 1])
    p = np.exp(x @ W) / np.exp(x @ W).sum(axis=1, keepdims=True)

    def by_hand(target):
        dz = (p - target) / 6
        return {"x": dz @ W.T, "W": x.T @ dz}

    assert check_backward(classes, {"x": x, "W": W}, by_hand(np.eye(4)[y]))
    assert "the class's number is subtracted in every place" in why(classes, {"x": x, "W": W}, by_hand(y[:, None]))


WORDS, VOCABULARY = [2, 0, 3, 1], 4


def next_words(h, V):
    cost = 0.0
    for t in range(3):
        scores = h[t] @ V
        p = np.exp(scores) / np.exp(scores).sum()
        cost = cost - np.log(p[WORDS[t + 1]])
    return cost


def all_next_words(h, V):
    e = np.exp(h @ V)
    return -np.log(e / e.sum(axis=1, keepdims=True))[np.arange(3), WORDS[1:]].sum()


@pytest.mark.parametrize("forward", [next_words, all_next_words])
def test_the_input_word_as_target(forward):
    h, V = normal(3, 5), normal(5, VOCABULARY)

    def by_hand(words):
        d = np.exp(h @ V) / np.exp(h @ V).sum(axis=1, keepdims=True) - np.eye(VOCABULARY)[words]
        return {"h": d @ V.T, "V": h.T @ d}

    assert check_backward(forward, {"h": h, "V": V}, by_hand(WORDS[1:]))
    said = why(forward, {"h": h, "V": V}, by_hand(WORDS[:-1]))
    assert "the target is that of the step before: the input word is used as the target" in said
    assert "the target is that of the step after" in why(forward, {"h": h, "V": V}, by_hand([3, 1, 2]))
