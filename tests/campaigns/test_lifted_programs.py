"""The campaign of lifted programs: what counts as ill-conditioned, and what as wrong."""

import random

import numpy as np
import pytest

from autograd import Value
from tests.campaigns.lifted_programs import _is_within_rounding, is_ill_conditioned


@pytest.mark.parametrize(("factor", "agrees"), [(1.0, True), (1.0 + 1e-9, False)])
def test_a_wrong_gradient_is_not_excused_by_rounding(factor, agrees):
    w, x = Value(0.3), Value(0.7)
    cost = (w * x).tanh()
    slope = 0.7 * (1 - np.tanh(0.21) ** 2) * factor
    found = _is_within_rounding(cost, (cost.data, np.array([slope])), [w], [w, x], [[0.3, 0.7]], random.Random(0))
    assert found is agrees


@pytest.mark.filterwarnings("ignore:the graph multiplies")
@pytest.mark.parametrize("seed", [1501773, 1503108, 1505683])
def test_ill_conditioned_programs_are_told(seed):
    """Against 60 digits the graph of each is off by more than 1e-12 of its terms, as is the lifted program."""
    assert is_ill_conditioned(seed)
