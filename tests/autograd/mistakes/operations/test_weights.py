"""Claims about the weights of p − y: the reason says that they are missing, in which term, or which others are used."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

Z = normal(6, 4)
MANY = np.array([[1.0, 0, 1, 0], [0, 1, 0, 0], [1, 1, 1, 0], [0, 0, 0, 1], [1, 0, 0, 1], [0, 1, 0, 0]])
P = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
COUNT = MANY.sum(axis=1, keepdims=True)
OF_CLASS = np.array([0.5, 1.0, 2.0, 3.0])
LABELS = np.array([1, 3, 0, 2, 2, 1])
ONE_HOT = np.eye(4)[LABELS]


def several_labels(z):
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -np.sum(MANY * log_p) / 6


def of_classes(z, weights):
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -np.mean(weights[LABELS] * log_p[np.arange(6), LABELS])


@pytest.mark.parametrize(
    ("dz", "said"),
    [
        (P - MANY, "the weights are missing in the first term: w is the sum of the targets of an example"),
        (COUNT * P - MANY / COUNT, "the weights are missing in the second term"),
        (P - MANY / COUNT, "the weights are missing: w is the sum"),
    ],
)
def test_weights_of_examples(dz, said):
    assert check_backward(several_labels, {"z": Z}, {"z": (COUNT * P - MANY) / 6})
    assert said in why(several_labels, {"z": Z}, {"z": dz / 6})


def test_the_weights_of_the_columns():
    inputs = {"z": Z, "weights": OF_CLASS}
    right = OF_CLASS[LABELS][:, None] * (P - ONE_HOT) / 6
    assert check_backward(of_classes, inputs, {"z": right})
    said = why(of_classes, inputs, {"z": OF_CLASS * (P - ONE_HOT) / 6})
    assert "the factor weights is used instead of the weights" in said


def test_the_weight_of_positive_labels():
    def forward(z):
        p = 1 / (1 + np.exp(-z))
        return -np.mean(3.0 * MANY * np.log(p) + (1 - MANY) * np.log(1 - p))

    p = 1 / (1 + np.exp(-Z))
    assert check_backward(forward, {"z": Z}, {"z": (3 * MANY * (p - 1) + (1 - MANY) * p) / 24})
    assert "the weights are missing in the first term: each label" in why(forward, {"z": Z}, {"z": (p - 3 * MANY) / 24})


def test_the_weights_of_both_labels_exchanged():
    y = MANY[:, 0]

    def forward(z):
        p = 1 / (1 + np.exp(-z))
        return -np.sum(0.25 * y * np.log(p) + 0.75 * (1 - y) * np.log(1 - p))

    z = Z[:, 0]
    p = 1 / (1 + np.exp(-z))
    assert check_backward(forward, {"z": z}, {"z": np.where(y == 1, 0.25, 0.75) * (p - y)})
    said = why(forward, {"z": z}, {"z": np.where(y == 1, 0.75, 0.25) * (p - y)})
    assert "the two weights are exchanged" in said


HOT, COUNTED = np.eye(3)[[0, 2, 1, 1, 0]], np.array([True, False, True, True, False])


def counted(z):
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return -np.sum(HOT[COUNTED] * np.log(p[COUNTED])) / 3


def test_a_mask_of_examples():
    z = normal(5, 3)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    assert check_backward(counted, {"z": z}, {"z": (p - HOT) * COUNTED[:, None] / 3})
    for n in (3, 5):
        assert "the mask w is missing: w is 0 where an example" in why(counted, {"z": z}, {"z": (p - HOT) / n})
    assert why(counted, {"z": z}, {"z": normal(5, 3)}) == ""
