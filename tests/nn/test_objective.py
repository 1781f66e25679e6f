"""Claims about the minimised function: the mean cost of a batch, and the penalty on large parameters."""

import numpy as np
import pytest

from autograd import Value
from nn import MLP, l2, mean, quadratic


def test_l2_is_a_cost_of_the_parameters():
    model = MLP(2, [3, 1], seed=0)
    C = l2(model.parameters(), 0.1)
    C.backward()
    assert C.data == pytest.approx(0.1 * sum(p.data**2 for p in model.parameters()), rel=1e-14)
    assert [p.grad for p in model.parameters()] == pytest.approx([0.2 * p.data for p in model.parameters()], rel=1e-14)
    assert l2([Value(2.0)]).data == pytest.approx(4e-4)
    with pytest.raises(ValueError, match=r"l2 takes one Value or more: l2\(model\.parameters\(\)\); got \[\]"):
        l2([])


def test_what_is_no_list_is_alone_or_told():
    assert quadratic(Value(1.0), np.array(3.0)).data == 2.0
    assert mean(Value(1.0)).data == 1.0
    with pytest.raises(ValueError, match=r"l2 takes one Value or more: l2\(model\.parameters\(\)\); got MLP 1 → 1"):
        l2(MLP(1, [1], seed=0))
    with pytest.raises(ValueError, match="mean takes one Value or more, the cost of each example; got"):
        mean(3.0)


def test_means():
    with pytest.raises(ValueError, match="mean takes one Value or more"):
        mean([])
    with pytest.raises(ValueError, match="mean takes one Value or more"):
        mean(["a"])
    assert mean(Value(x) for x in (1.0, 3.0)).data == 2.0
