"""Claims about how reasons are told: an edit comes with data, so that a subclass of Words can use its own words."""

import numpy as np

from autograd.mistakes.judged import Given
from autograd.mistakes.search.reasons import find_reasons
from autograd.mistakes.words import Words
from nn import MLP, compare
from nn.comparison.forward_pass import ForwardPass


class Kinds(Words):
    """Words that tell only the kind of each edit."""

    def edit(self, edit, t, factors):
        return f"[{edit.kind}]"

    def times(self, factor, factors, givens):
        return f"[{factor:g} of {len(givens)}]"


def reasons(spoilt, words=None):
    """Returns the reasons for dW and δ of a small network, as `spoilt` gives them."""
    comparison = compare(MLP(3, [4, 2], "tanh", "tanh", seed=1), np.linspace(-1, 1, 15).reshape(5, 3), np.ones((5, 2)))
    forward = ForwardPass(comparison.closed_form)
    keys = [("dW", 1), ("dW", 2), ("delta", 1)]
    givens = [
        Given(f"{key}{l}", forward.array(key, l), spoilt(forward, key, l), forward.right(key, l),
              forward.rounding(key, l)) for key, l in keys
    ]  # fmt: skip
    return [reason.text for reason in find_reasons(forward.recorded, givens, words=words)]


def without_slope(forward, key, l):
    """Returns gradients without σ′(z¹)."""
    first = forward.layers[0]
    delta = forward.right("delta", 1) / (1 - first.a.value**2)
    return {"dW1": delta.T @ forward.x, "delta1": delta}.get(f"{key}{l}", forward.right(key, l))


def times_3(forward, key, l):
    return forward.right(key, l) * (3.0 if (key, l) == ("dW", 2) else 1.0)


def test_other_words_are_asked_for_what_is_found():
    assert "[slope]" in reasons(without_slope, Kinds())
    assert reasons(times_3, Kinds()) == ["[3 of 1]"]


def test_without_them_it_is_told_as_check_backward_tells_it():
    assert any("′(z¹) is missing" in told for told in reasons(without_slope))
    assert reasons(times_3) == ["ddW2 is 3 times what it should be"]
