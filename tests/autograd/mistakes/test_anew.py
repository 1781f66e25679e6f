"""Claims about the numbers of a forward pass with other numbers for some arrays."""

import numpy as np

from autograd.mistakes.anew import Anew
from autograd.programs.reverse import Change, Way
from tests.helpers.by_hand import normal, recorded

X = normal(5)


def forward(x):
    y = np.exp(x)
    z = y + 0.5
    return np.sum(z**2 * x)


def other(x, y):
    return np.sum((y + 0.5) ** 2 * x)


def test_later_arrays_are_computed_from_the_other_numbers():
    found = recorded(forward, {"x": X})
    y, z = (found.named[name].number for name in "yz")
    anew = Anew(found, {}, {y: np.cos(X)})
    assert np.array_equal(anew.values[z], np.cos(X) + 0.5)
    assert np.isclose(anew.values[found.result.number], other(X, np.cos(X)))
    assert found.named["x"].number not in anew.values


def test_gradients_go_back_with_the_other_numbers():
    found = recorded(forward, {"x": X})
    z = found.named["z"]
    (at,) = (k for k, operand in enumerate(z.operands) if operand.value.size == 1)
    anew = Anew(found, {Way(z.number, at): np.array(2.0)})
    changed = found.backward.replaced(Change(rules=anew.rules()))
    right = (np.exp(X) + 2) ** 2 + 2 * (np.exp(X) + 2) * X * np.exp(X)
    assert np.allclose(changed[found.named["x"].number], right)
