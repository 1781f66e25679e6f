"""Claims about edits that put a multiple of an array in the place of a gradient."""

import numpy as np
import pytest

from nn.comparison.forward_pass import ForwardPass
from nn.comparison.mistakes.scaled import is_a_multiple, times
from nn.comparison.words.network_words import NetworkWords
from tests.helpers.networks import compared


@pytest.mark.parametrize(
    ("t", "said"),
    [(1.0, "a is wrong"), (-1.0, "a is wrong, with the wrong sign"),
     (7.0, "a is wrong, and also the gradient is multiplied by n = 7")],
)  # fmt: skip
def test_the_factor_is_told_beside_the_mistake(t, said):
    forward = ForwardPass(compared((4, 5, 3), 7).closed_form)
    value = np.arange(6.0)
    edit = times(3, value, "a is wrong", NetworkWords(forward, [], axis=0))
    assert edit.text(t) == said
    assert np.array_equal(edit.change(t).at[3](np.ones(6)), t * value)


def test_what_is_a_multiple_of_another_array():
    nabla = np.array([[0.5, 0.0], [-2.0, 1.0]])
    assert is_a_multiple(3 * nabla, nabla)
    assert not is_a_multiple(nabla**2, nabla)
    assert not is_a_multiple(nabla + np.array([[0.0, 1.0], [0.0, 0.0]]), nabla)
    assert not is_a_multiple(np.array([[2.0]]), np.array([[1.0]]))  # one number is always one
