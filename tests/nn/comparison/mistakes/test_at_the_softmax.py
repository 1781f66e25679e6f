"""Claims about mistakes in the derivative of a softmax, in the cost or before it."""

import numpy as np
import pytest

from nn import MLP, Cost, compare
from tests.helpers.backprop import Net, softmax


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_softmax_divides_by_the_sum_over_all_examples(depth):
    net = Net((*(4, 5, 6)[:depth], 3), "tanh", "linear", "softmax_cross_entropy", n=7)
    powers = np.exp(net.a[-1])
    dW, db = net.backprop(error=lambda net: (powers / powers.sum() - net.Y) / net.n)
    verdict = net.compared().against(dW=dW, db=db, convention="rows")
    assert verdict.why == "the softmax divides by the sum over all examples, not by that of each example"


def test_one_example_has_no_sum_over_all():
    net = Net((4, 3), "tanh", "linear", "softmax_cross_entropy", n=1)
    dW, db = net.backprop()
    assert net.compared().against(dW=dW, db=db, convention="rows")


@pytest.mark.parametrize("depth", [1, 3])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda g, p, z: g * p * ((np.arange(4) == 3) - z[:, -1:]), "only the last column of the Jacobian matrix p_i "
         "(δ_ij − p_j) is kept, and {a} is used instead of p_j, in the gradient through the softmax p"),
        (lambda g, p, z: p * (g + (g * p).sum(axis=1, keepdims=True)), "the sum is added, not subtracted, in the "
         "gradient through the softmax p"),
    ],
)  # fmt: skip
def test_a_wrong_jacobian_of_the_softmax_in_the_cost(depth, wrong, said):
    """Published mistakes: the gradient of −Σ y ln p by p, −y/p, goes through a wrong Jacobian matrix."""
    net = Net((*(5, 6, 3)[:depth], 4), "tanh", "linear", "softmax_cross_entropy", n=7)
    dW, db = net.backprop(error=lambda net: wrong(-net.Y / net.p, net.p, net.a[-1]) / net.n)
    verdict = net.compared().against(dW=dW, db=db, convention="rows")
    assert verdict.why.startswith(said.format(a=f"a{'⁰¹²³'[depth]}"))
    assert "g = −y/p here" in verdict.why


def softmax_of(m, a):
    powers = [m.exp(aj) for aj in a]
    return [power / sum(powers) for power in powers]


def squares(m, a, y):
    return sum((pj - yj) ** 2 for pj, yj in zip(softmax_of(m, a), y, strict=True)) / 2


def binary(m, a, y):
    p = softmax_of(m, a)
    return sum(-yj * m.log(pj) - (1 - yj) * m.log(1 - pj) for pj, yj in zip(p, y, strict=True))


def through_softmax(by_p):
    """Returns ∇ₐC for a cost of p = softmax(a) whose derivative by p is by_p(p, y)."""

    def nabla(m, a, y):
        p = softmax_of(m, a)
        g = [by_p(pj, yj) for pj, yj in zip(p, y, strict=True)]
        total = sum(gj * pj for gj, pj in zip(g, p, strict=True))
        return [pj * (gj - total) for gj, pj in zip(g, p, strict=True)]

    return nabla


@pytest.mark.parametrize(
    ("of", "by_p", "written"),
    [(squares, lambda p, y: p - y, "p − y"), (binary, lambda p, y: (p - y) / (p * (1 - p)), "(p − y)/(p (1 − p))")],
)
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda g, p: g * p * (1 - p), "is computed as g p (1 − p), as for a sigmoid: it should be p (g − Σ g p)"),
        (lambda g, p: g * (1 - p), "is computed as g (1 − p): it should be p (g − Σ g p)"),
    ],
)
def test_a_softmax_in_a_cost_of_the_users_own(of, by_p, written, wrong, said):
    """Published mistakes: softmax, then a squared error, with the diagonal of the Jacobian matrix alone."""
    net = Net((4, 5, 3), "tanh", "linear", "softmax_cross_entropy", n=6)
    model = MLP.from_arrays([W.T for W in net.W[1:]], net.b[1:], "tanh")
    found = compare(model, net.X, net.Y, Cost("own", of, through_softmax(by_p)))
    g, p = by_p(net.p, net.Y), net.p
    dW, db = net.backprop(error=lambda net: p * (g - (g * p).sum(axis=1, keepdims=True)) / net.n)
    assert found.against(dW=dW, db=db, convention="rows")
    dW, db = net.backprop(error=lambda net: wrong(g, p) / net.n)
    why = found.against(dW=dW, db=db, convention="rows").why
    assert said in why
    assert f"g = {written} here" in why


def test_of_two_classes_the_diagonal_alone_is_half_the_gradient():
    """A published mistake: "off by a factor of two"."""
    net = Net((4, 5, 2), "tanh", "linear", "softmax_cross_entropy", n=6)
    model = MLP.from_arrays([W.T for W in net.W[1:]], net.b[1:], "tanh")
    by_p = lambda p, y: (p - y) / (p * (1 - p))  # noqa: E731
    found = compare(model, net.X, net.Y, Cost("own", binary, through_softmax(by_p)))
    dW, db = net.backprop(error=lambda net: by_p(net.p, net.Y) * net.p * (1 - net.p) / net.n)
    factor, diagonal = found.against(dW=dW, db=db, convention="rows").why.split("; or ")
    assert factor.startswith("dW[0], dW[1], db[0] and db[1] are 1/nᴸ = 1/2 of what they should be")
    assert diagonal.startswith("the gradient through the softmax p is computed as g p (1 − p), as for a sigmoid")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (lambda net: softmax(net.p) - net.Y, "the softmax is taken twice, in the forward pass too"),
        (lambda net: -net.Y / net.p * np.exp(net.a[2]), "the gradient through the softmax p is computed as g e^a²"),
    ],
)
def test_the_softmax_is_taken_twice_or_is_taken_for_the_exponential(error, said):
    """Among them a published mistake of a library: dX = dY · exp(x)."""
    net = Net((4, 5, 3), "tanh", "linear", "softmax_cross_entropy", n=6)
    dW, db = net.backprop(error=lambda net: error(net) / net.n)
    assert net.compared().against(dW=dW, db=db, convention="rows").why.startswith(said)
