"""The claim that each fact has one place: an operation, an activation and a cost are defined here once. The engine,
derivatives, formulas, pictures, pages, comparison, training, lift and the documentation's tables all use them.
"""

import math
import re

import numpy as np
import pytest

from autograd import (
    Value,
    array,
    backward_steps,
    check_grads,
    define_operation,
    explain,
    expression,
    grad,
    hessian,
    label,
    lift,
)
from autograd.table import TABLE
from demos import operation_table, record_tables
from nn import MLP, SGD, Cost, compare, costs, fit, load, save
from tests.helpers.pages import data_of
from viz import draw, draw_network, play

# ---- the three definitions

softsign = define_operation("softsign", lambda m, a: a / (1 + m.abs(a)), lambda m, y, a: (1 - m.abs(y)) ** 2,
                            samples=(0.5, -2.0))  # fmt: skip

log_cosh = Cost(
    "log_cosh",
    of=lambda m, a, y: sum(m.log(m.cosh(aj - yj)) for aj, yj in zip(a, y, strict=True)),
    nabla=lambda m, a, y: [m.tanh(aj - yj) for aj, yj in zip(a, y, strict=True)],
)

X = np.array([[0.5, -0.25], [1.5, 0.75], [-1.0, 2.0]])
Y = np.array([[0.3, -0.1], [0.0, 0.5], [0.25, 0.25]])


def model():
    return MLP(2, [3, 2], activation=softsign, seed=3)  # an operation can be used as an activation


def graph():
    x = Value(0.75, "x")
    C = softsign(2 * x) ** 2
    label(C=C)
    return x, C


# ---- the parts that use them


def test_the_engine_and_derivatives():
    x, C = graph()
    C.backward()
    a = 1.5
    assert C.data == pytest.approx((a / (1 + a)) ** 2, rel=1e-15)
    assert x.grad == pytest.approx(2 * (a / (1 + a)) / (1 + a) ** 2 * 2, rel=1e-14)
    assert [step.node.op.name for step in backward_steps(C)][1] == "softsign"
    assert grad(grad(softsign))(0.5) == pytest.approx(-2 / 1.5**3, rel=1e-14)
    check_grads(softsign, -0.7, order=2)
    np.testing.assert_allclose(softsign(array([0.5, -2.0])).data, [1 / 3, -2 / 3], rtol=1e-15)
    at = np.array([0.4, -0.2])
    second = hessian(lambda a: log_cosh(list(a), [0.1, 0.3]))(at)
    np.testing.assert_allclose(second, np.diag(1 / np.cosh(at - [0.1, 0.3]) ** 2), rtol=1e-12)


def test_explanations():
    x, C = graph()
    assert expression(C).text == "4 · x²/(1 + abs(2 · x))²"
    assert "∂C/∂x" in explain(C, x).text
    pytest.importorskip("sympy", reason="sympy (the extra 'oracle') is not installed")
    form = expression(C).sympy()
    assert float(form.subs(form.free_symbols.pop(), 0.75)) == pytest.approx(C.data, rel=1e-15)


def test_pictures_and_pages():
    _, C = graph()
    assert "label=<softsign>" in draw(C).source
    page = play(C)
    assert [node["data"] for node in data_of(page)["nodes"] if "rule" not in node] == [0.75]
    assert "(1 - m.abs(y))" in page.html  # the slope's rule
    both = compare(model(), X.tolist(), Y.tolist(), cost=log_cosh)
    assert "agree on all 63 numbers" in draw_network(both).source
    assert re.search(r"m\.log\(m\.cosh\(.*m\.tanh\(", play(both).html, re.S)  # C and ∇ₐC as in the record


def test_comparison():
    """The graph agrees with the equations, which take ∇ₐC from the cost's record and σ′ from the operation's rule."""
    both = compare(model(), X.tolist(), Y.tolist(), cost=log_cosh)
    assert both.agrees(), str(both)
    form = both.closed_form
    z = model().weights[0] @ X.T + model().biases[0][:, None]
    np.testing.assert_allclose(form.a[1], z / (1 + np.abs(z)), rtol=1e-14)
    np.testing.assert_allclose(form.nabla, np.tanh(form.a[-1] - Y.T) / len(X), rtol=1e-13)
    assert both.against(dW=form.dW, db=form.db, delta=form.delta).agrees()
    turned = both.against(dW=[-dW for dW in form.dW], db=form.db, delta=form.delta)
    assert not turned.agrees()
    assert turned.why


@pytest.mark.parametrize("lifted", [True, False])
def test_training(lifted):
    learner = model()
    history = fit(learner, X, Y, cost=log_cosh, epochs=60, optimizer=SGD(learner.parameters(), 0.2), lifted=lifted)
    assert history.epochs[-1].cost < 0.5 * history.epochs[0].cost


def test_lift():
    learner = model()
    program = lift(lambda x, y: log_cosh(learner(list(x)), list(y)), parameters=learner.parameters(), inputs=(X, Y))
    cost, gradient = program(np.hstack([X, Y]))
    pairs = zip(X.tolist(), Y.tolist(), strict=True)
    C = costs_mean([log_cosh(learner(x), y) for x, y in pairs])
    C.backward()
    assert cost == pytest.approx(C.data, rel=1e-13)
    np.testing.assert_allclose(gradient, [p.grad for p in learner.parameters()], rtol=1e-11, atol=1e-14)
    assert "np.cosh" in program.source
    assert "np.abs" in program.source


def costs_mean(values):
    return sum(values[1:], values[0]) / len(values)


def test_files(tmp_path):
    save(model(), tmp_path / "model.json")
    again = load(tmp_path / "model.json", activations={"softsign": softsign})
    assert math.isclose(again([0.5, 1.0])[0].data, model()([0.5, 1.0])[0].data, rel_tol=0)


def test_the_tables_of_the_documentation(monkeypatch):
    table = operation_table.html([*TABLE, softsign])
    assert 'id="softsign"' in table
    monkeypatch.setitem(costs.COSTS, "log_cosh", log_cosh)
    assert 'id="log_cosh"' in record_tables.costs()
