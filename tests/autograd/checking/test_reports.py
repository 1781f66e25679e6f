"""Claims about the reports of check_grads: the point, both numbers, and the cause if it is known."""

import math
import random

import pytest

from autograd import DerivativeError, apply, check_grads, functions, no_grad
from autograd.table import TABLE
from tests.helpers.operations import Planted


def test_the_error_prints_the_point_and_both_numbers():
    doubled = Planted(*TABLE[2])
    doubled.right, doubled.wrong, doubled.position = TABLE[2], lambda d: 2 * d, 0

    def area(w, x):
        return apply(doubled, w[0], x) + w[1]

    with pytest.raises(DerivativeError) as caught:
        check_grads(area, ([3.0, 1.0], 0.25))
    lines = str(caught.value).splitlines()
    assert lines[0] == "derivatives of area that are not the rise over the run:"
    assert lines[1].startswith("  ∂area/∂w[0]: analytic 0.5, numeric 0.25 ± ")
    assert lines[1].endswith("(in every mode)")
    assert lines[2] == "at w[0] = 3.0, w[1] = 1.0, x = 0.25"
    assert lines[3] == "the rule of mul is wrong at 3.0 * 0.25: it gives 0.5, where the rise over the run is 0.25"
    assert isinstance(caught.value, AssertionError)


def test_methods_name_their_inputs():
    class Cost:
        def of(self, w, x):
            return w * x.data

    with pytest.raises(DerivativeError) as caught:
        check_grads(Cost().of, (2.0, 3.0), order=1)
    assert str(caught.value).splitlines()[1].startswith("  ∂of/∂x: analytic 0, numeric 2 ")
    with pytest.raises(DerivativeError, match=r"at w = 2\.0, x = 3\.0"):
        check_grads(Cost.of, (Cost(), 2.0, 3.0), order=1)


@pytest.mark.filterwarnings("ignore::autograd.LeftGraphWarning")
@pytest.mark.parametrize(
    "f", [lambda x: x * float(x), lambda x: x * x.detach(), lambda x: math.sin(x) + 0 * x, no_grad()(functions.exp)]
)
def test_what_leaves_the_graph_is_told_from_wrong_rules(f):
    with pytest.raises(DerivativeError, match=r"right by itself: does part of it leave the graph") as caught:
        check_grads(f, 1.5)
    assert "the rule of" not in str(caught.value)


def test_a_function_that_is_another_one_each_time_is_told_so():
    drawn = random.Random(1)
    with pytest.raises(DerivativeError, match="gives other numbers each time it is called") as caught:
        check_grads(lambda x: x * drawn.random(), 1.0)
    assert "corner" not in str(caught.value)


def test_many_wrong_ones_are_counted():
    doubled = Planted(*TABLE[2])
    doubled.right, doubled.wrong, doubled.position = TABLE[2], lambda d: 2 * d, 0
    with pytest.raises(DerivativeError, match="and 4 more"):
        check_grads(lambda v: sum(apply(doubled, x, x) for x in v), [float(i) for i in range(1, 13)], order=1)
