"""Claims about options of compare: a sum over the examples, and a penalty."""

import numpy as np
import pytest

from nn import MLP, compare
from viz import draw_network, play


def test_the_sum_over_the_examples_and_the_cost_of_each():
    model = MLP(3, [4, 2], "tanh", "sigmoid", seed=1)
    X, Y = np.linspace(-1, 1, 15).reshape(5, 3), np.full((5, 2), 0.25)
    mean, total = compare(model, X, Y), compare(model, X, Y, over="sum")
    assert total.agrees()
    assert total.cost == pytest.approx(5 * mean.cost, rel=1e-14)
    np.testing.assert_allclose(total.row("∂C/∂w", 1).graph, 5 * mean.row("∂C/∂w", 1).graph, rtol=1e-13)
    alone = [compare(model, x, y).cost for x, y in zip(X, Y, strict=True)]
    np.testing.assert_allclose(mean.costs, alone, rtol=1e-14)
    assert total.against(dW=total.closed_form.dW).agrees()
    assert (
        "the cost is the sum over the examples, C = Σ Cₓ, not their mean" in total.against(dW=mean.closed_form.dW).why
    )
    with pytest.raises(ValueError, match="the known ones are mean, sum"):
        compare(model, X, Y, over="examples")


def test_an_l2_penalty_of_the_weights():
    model = MLP(2, [3, 1], "tanh", seed=0)
    X, Y = [[1.0, 2.0], [0.5, -1.0]], [[1.0], [0.0]]
    plain, found = compare(model, X, Y), compare(model, X, Y, l2=0.1)
    assert found.agrees()
    squares = sum(float(np.sum(w * w)) for w in found.closed_form.weights)
    assert found.cost == pytest.approx(plain.cost + 0.05 * squares, rel=1e-14)
    for l, w in enumerate(found.closed_form.weights, 1):
        np.testing.assert_allclose(found.row("∂C/∂w", l).graph, plain.row("∂C/∂w", l).graph + 0.1 * w, rtol=1e-13)
    np.testing.assert_array_equal(found.row("∂C/∂b", 1).graph, plain.row("∂C/∂b", 1).graph)
    right, without = found.closed_form, plain.closed_form
    assert found.against(dW=right.dW, db=right.db, delta=right.delta).agrees()
    assert found.against(dW=without.dW).why == "the gradient of the L2 penalty, 0.1 · W[0] and 0.1 · W[1], is missing"
    assert "0.1 · W[0] and 0.1 · W[1]: an L2 penalty that this cost does not have" in plain.against(dW=right.dW).why
    with pytest.raises(ValueError, match="l2 is a finite number, 0 or more; got -1"):
        compare(model, X, Y, l2=-1)


def test_pictures_of_a_sum_say_so_and_the_page_refuses_it():
    model, X, Y = MLP(2, [3, 1], "tanh", seed=0), [[1.0, 2.0], [0.5, -1.0]], [[1.0], [0.0]]
    total = compare(model, X, Y, over="sum")
    source = draw_network(total, example=1).source
    assert "sum of Cₓ" in source
    assert "(a − y)/2" not in source
    with pytest.raises(ValueError, match=r"the page works out the mean of the costs: compare without over=\.\.\. and"):
        play(total)
