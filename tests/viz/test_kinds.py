"""Claims about the kinds of things that can be shown."""

import numpy as np

from autograd import Value, check_backward
from nn import MLP, compare
from viz.kinds import is_comparison, is_verdict


def test_what_compare_and_check_backward_return_is_told_apart():
    comparison = compare(MLP(1, [1], seed=1), [0.5], [1.0])
    verdict = check_backward(lambda x: (x * x).sum(), {"x": np.array([1.0, 2.0])}, {"x": [2.0, 4.0]})
    assert [is_comparison(thing) for thing in (comparison, verdict, Value(1.0))] == [True, False, False]
    assert [is_verdict(thing) for thing in (comparison, verdict, Value(1.0))] == [False, True, False]
