"""Claims about errors y − a: a mistake that is not linear in them is found with either sign."""

import numpy as np
import pytest

from autograd.mistakes.edits import fixed
from autograd.mistakes.rules import instead
from autograd.mistakes.search.turned import also_turned
from autograd.programs.reverse import Change, Way
from tests.helpers.backprop import Net, at, right_back, right_delta
from tests.helpers.by_hand import NET, NET_OUT, network, recorded


def of_error(function):
    """Returns δ of layer 1 by a function of y − a's e; the step is added, so that the gradient is −δ."""
    return at([1], lambda net, l, e: -function(-e), right_delta)


@pytest.mark.parametrize(
    ("hidden", "function", "said"),
    [
        ("relu", lambda e: np.maximum(e, 0), "in layer 1: relu′ is computed from the incoming gradient, not from z"),
        ("sigmoid", lambda e: e * e * (1 - e), "in layer 1: the formula for σ′ is applied to the error ∂C/∂a, not to"),
        ("sigmoid", lambda e: e * (1 - e), "in layer 1: the formula for σ′ is applied to the error e = ∂C/∂a, not to"),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_function_of_the_error(hidden, function, said, sign):
    net = Net((3, 5, 4), hidden, "linear", n=1)
    delta = of_error(function) if sign < 0 else at([1], lambda net, l, e: function(e), right_delta)
    dW, db = net.backprop(delta=delta)
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert why.startswith(said)
    assert why.endswith(", with the error y − a, not a − y") == (sign < 0)


def test_the_outputs_pass_back_with_the_sign_of_a_step():
    net = Net((3, 4, 2), "sigmoid", "sigmoid", n=5)
    dW, db = net.backprop(back=at([2], lambda net, l, e, delta: -net.a[l] @ net.W[l].T, right_back))
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    said = "in layer 1: BP2 passes the outputs a of the next layer back, not δ, with the error y − a, not a − y"
    assert why.split("; or ")[0] == said


def test_the_sign_is_not_told_twice():
    """The error is y − a, σ′ is taken of it, and the gradients keep its sign: the sign is one mistake, told once."""
    net = Net((3, 5, 4), "sigmoid", "linear", n=1)
    dW, db = net.backprop(error=lambda net: -net.error, delta=at([1], lambda net, l, e: e * e * (1 - e), right_delta))
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert "with the error y − a, not a − y, and also" not in why


def test_what_is_linear_or_of_another_kind_stays_alone():
    found = recorded(network, NET, NET_OUT)
    way = next(iter(found.backward.passed))
    ones = np.ones(found.target(Way(*way)).shape)
    linear = fixed(Change(rules={way: lambda flow: 2 * ones}, at={}), "", 3)
    assert list(also_turned(found, [linear], ", turned")) == [linear]
    double = fixed(Change(at={way.number: lambda flow: 2 * flow}), "", 3, kind="network")
    assert list(also_turned(found, [double], ", turned")) == [double]
    constant = fixed(Change(rules={way: lambda flow: instead(ones, flow)}), "", 3, kind="network")
    assert list(also_turned(found, [constant], "")) == [constant]
    _, turned = also_turned(found, [constant], ", turned")
    assert turned.addition == ", turned"
    assert turned.rank == 4
    assert np.array_equal(turned.change(1.0).rules[way](ones), -ones)
