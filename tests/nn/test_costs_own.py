"""Claims about a cost that a user defines: compare, against, fit, lift, pictures and pages take its record."""

import copy
import pickle

import numpy as np
import pytest

from autograd import Value, lift
from nn import MLP, SGD, Cost, closed_form, compare, fit, quadratic
from nn.costs import COSTS
from tests.helpers.learning import TARGETS, X, close, network
from tests.helpers.networks import random_network
from tests.helpers.oracle import rise_over_run
from tests.helpers.pages import in_one_line
from viz import draw_network, play

Y = TARGETS["quadratic"]


def log_cosh_of(m, a, y):
    return sum(m.log(m.cosh(aj - yj)) for aj, yj in zip(a, y, strict=True))


def log_cosh_nabla(m, a, y):
    return [m.tanh(aj - yj) for aj, yj in zip(a, y, strict=True)]


log_cosh = Cost("log_cosh", log_cosh_of, log_cosh_nabla, written="Σ ln cosh(a − y)", nabla_written="tanh(a − y)")
bare = Cost(  # only the required fields; the rules use functions of the vocabulary and operations of the table
    "bare",
    of=lambda m, a, y: m.softplus(-sum(y) * m.log_sum_exp(*a)) + m.divide(m.relu(a[0]), 2.0),
    nabla=lambda m, a, y: [
        -sum(y) * m.sigmoid(-sum(y) * m.log_sum_exp(*a)) * m.exp(aj - m.log_sum_exp(*a))
        + (m.where(aj > 0, 0.5, 0.0) if j == 0 else 0.0)
        for j, aj in enumerate(a)
    ],
)


def test_it_gives_a_value():
    C = log_cosh([Value(0.5), 2.0], [0.0, 1.0])
    assert C.data == pytest.approx(np.log(np.cosh(0.5)) + np.log(np.cosh(1.0)), rel=1e-14)
    assert repr(log_cosh) == "<cost log_cosh: Σ ln cosh(a − y)>"
    with pytest.raises(ValueError, match="the log cosh cost pairs each output with one target; got 1 and 2"):
        log_cosh(Value(0.5), [0.0, 1.0])


@pytest.mark.parametrize("cost", [log_cosh, bare], ids=lambda cost: cost.name)
def test_graph_and_equations_agree(cost):
    for seed in range(20):
        model, x, y = random_network(seed)
        both = compare(model, x, y, cost)
        assert both.agrees(), str(both)
        rows = closed_form.rows([w.T for w in model.weights], model.biases, x, y, model.activations, cost=cost)
        assert rows.cost == pytest.approx(both.cost, rel=1e-12)
    weight = model.layers[0].neurons[0].weights[0]

    def cost_at(number):
        weight.data = number
        return compare(model, x, y, cost).cost

    at = weight.data
    assert both.row("∂C/∂w", 1).closed_form[0, 0] == pytest.approx(rise_over_run(cost_at, at), rel=1e-5, abs=1e-9)


def test_a_nabla_that_is_wrong_shows_in_bp1():
    wrong = Cost("wrong", log_cosh_of, lambda m, a, y: [0.99 * m.tanh(aj - yj) for aj, yj in zip(a, y, strict=True)])
    both = compare(network(), X, Y, wrong)
    assert not both.agrees()
    assert {entry.equation for entry in both.disagreements()} == {"BP1", "BP2", "BP3", "BP4"}
    assert all(row.agrees() for row in both.rows if row.symbol in ("z", "a", "C"))


def test_against_judges_by_it_and_says_it():
    both = compare(network(), X, Y, log_cosh)
    right = both.closed_form
    assert both.against(dW=right.dW, db=right.db, delta=right.delta).agrees()
    verdict = both.against(dW=[-w for w in right.dW])
    assert "the derivative of the cost is tanh(a − y), not −(tanh(a − y))" in verdict.why
    assert both.equations["C"] == "C = (1/n) Σₓ Σ ln cosh(a − y)"
    assert both.equations["BP1"].endswith("∇ₐCₓ = tanh(a − y)")


def test_fit_takes_it_and_lifts_it_when_asked():
    found = []
    for lifted in (None, True):
        model = network()
        history = fit(model, X, Y, cost=log_cosh, optimizer=SGD(model.parameters(), 0.1), epochs=5, lifted=lifted)
        assert history.lifted == bool(lifted)  # a rule that a user defines may branch on data
        assert history.accuracy == []
        assert history.cost[-1] < history.cost[0]
        found.append(history.cost)
    close(*found)


def test_fit_holds_targets_and_outputs_to_what_it_says():
    words = {"takes": "0 or 1", "suits": lambda y: bool(np.all((y == 0) | (y == 1))), "squash": "σ"}
    words["right"] = lambda a, y: np.all((a > 0) == (y > 0.5), axis=1)
    cost = Cost("own", COSTS["binary_cross_entropy"].of, COSTS["binary_cross_entropy"].nabla, **words)
    with pytest.raises(ValueError, match="the targets of own are 0 or 1; got"):
        fit(network(), X, Y, cost=cost)
    assert compare(network(), X, Y, cost).agrees(), "two sides of a cost that means nothing agree all the same"
    model = MLP(3, [2], output="tanh", seed=1)
    with pytest.warns(UserWarning, match="those of tanh, and own takes logits, as it applies σ itself"):
        history = fit(model, X, TARGETS["binary_cross_entropy"], cost=cost, epochs=1)
    assert len(history.accuracy) == 1


def test_a_lifted_program_has_it():
    model = network()
    x, y = [Value(v) for v in X[0]], [Value(v) for v in Y[0]]
    program = lift(log_cosh(model(x), y), parameters=model.parameters(), inputs=[*x, *y])
    cost, gradient = program(np.hstack([X, Y]))
    both = compare(model, X, Y, log_cosh)
    assert cost == pytest.approx(both.cost, rel=1e-13)
    np.testing.assert_allclose(gradient, [p.grad for p in model.parameters()], rtol=1e-11, atol=1e-15)


def test_a_picture_says_it():
    source = in_one_line(draw_network(compare(network(), X, Y, log_cosh), example=2).source)
    assert "(tanh(a − y))/12 =" in source
    assert "agree on all" in source


@pytest.mark.parametrize("cost", [log_cosh, bare], ids=lambda cost: cost.name)
def test_a_page_works_it_out(cost, tab, tmp_path):
    model = network()
    both = compare(model, X[:2], Y[:2], cost)
    play(both).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    opened.evaluate("page.set('w¹₁₁', -0.75)")
    model.layers[0].neurons[0].weights[0].data = -0.75
    again = compare(model, X[:2], Y[:2], cost)
    count = sum(row.graph.size for row in again.rows)
    assert opened.inner_text("#verdict") == f"graph and equations agree on all {count} numbers"
    assert opened.evaluate("page.values.at(-1)") == pytest.approx(again.cost, rel=1e-12)


def first_of(m, a, y):
    return a[0] * a[0]


def first_nabla(m, a, y):
    return [2 * a[0], *[0.0] * (len(a) - 1)]


def test_a_cost_may_leave_targets_and_outputs_out():
    first = Cost("first", first_of, first_nabla)
    both = compare(network(), X, Y, first)
    assert both.agrees()
    assert not both.row("δ", 2).graph[:, 1].any()
    for twin in (copy.deepcopy(both), pickle.loads(pickle.dumps(both))):
        assert str(twin) == str(both)
        assert twin.targets[1][0].label == "y₁(2)"
    assert "agree on all" in draw_network(both).source
    with pytest.raises(ValueError, match="every target in its graph; the cost first leaves some out"):
        play(both)


def test_copies_and_pickles_keep_it():
    for cost in (log_cosh, quadratic):
        both = compare(network(), X, Y, cost)
        for twin in (copy.deepcopy(both), pickle.loads(pickle.dumps(both))):
            assert str(twin) == str(both)
            assert twin.closed_form.formula == cost
    assert pickle.loads(pickle.dumps(quadratic)) is quadratic


def rule(**rules):
    return Cost("odd", **{"of": log_cosh_of, "nabla": log_cosh_nabla} | rules)


def test_mistakes_in_rules_are_told_with_the_rule():
    for of, told in (
        (lambda m, a, y: m.foo(a[0]), "AttributeError: .*foo"),
        (lambda m, a, y: ((a - y) ** 2).sum(), "TypeError: unsupported operand"),
    ):
        with pytest.raises(TypeError, match=rf"of\(m, a, y\) of the odd cost gives one number from .*{told}"):
            rule(of=of)([Value(1.0)], [0.0])
    with pytest.raises(TypeError, match=r"of the odd cost gives a Value from Values; got 3\.0"):
        rule(of=lambda m, a, y: 3.0)([Value(1.0)], [0.0])
    for nabla in (lambda m, a, y: a[0] - y[0], lambda m, a, y: [a[0] - y[0]]):
        with pytest.raises(TypeError, match=r"nabla of the odd cost gives a list with .* each of the 2 outputs; got"):
            compare(MLP(2, [2], seed=0), [0.5, 1.0], [0.0, 1.0], rule(nabla=nabla))
