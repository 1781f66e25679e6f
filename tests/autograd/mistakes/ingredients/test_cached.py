"""Claims about a cache: another array in it, read wherever the backward pass needs the right one, is named."""

import numpy as np

from autograd import check_backward
from autograd.mistakes.ingredients.cached import cached
from tests.helpers.by_hand import NET, NET_OUT, network, normal, recorded, why


def gated(x, w):
    a = np.tanh(x)
    s = a * w
    return np.exp(s) * a


X, W, DOUT = normal(4, 3), normal(3), normal(4, 3)


def by_hand(a):
    """`a` is read from the cache, and exp(s) is computed again from it; the slope of tanh is computed from x."""
    e = np.exp(a * W)
    ds = DOUT * a * e
    da = DOUT * e + ds * W
    return {"x": da * (1 - a**2), "w": (ds * a).sum(axis=0)}


def test_another_array_is_read_everywhere():
    assert check_backward(gated, {"x": X, "w": W}, by_hand(np.tanh(X)), DOUT)
    said = why(gated, {"x": X, "w": W}, by_hand(X), DOUT)
    assert "the backward pass reads x wherever it needs a, also in what it computes from it" in said


def test_inputs_are_read_as_they_are():
    texts = [edit.text(1.0) for edit in cached(recorded(network, NET, NET_OUT))]
    assert texts
    assert not any(f"wherever it needs {name}," in text for text in texts for name in NET)
