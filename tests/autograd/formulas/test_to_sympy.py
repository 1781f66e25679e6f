"""Claims about formulas in sympy: they have the graph's numbers, and their derivatives are its gradients."""

import sys

import pytest

from autograd import Value, apply, dot, expression, label, log_sum_exp, nodes
from autograd.formulas import to_sympy
from autograd.formulas.labelled_graph import LabelledGraph
from autograd.table import TABLE, Op
from demos import scalar_chain
from tests.helpers.operations import PROBES, in_sympy


@pytest.fixture
def sympy():
    return pytest.importorskip("sympy", reason="sympy (the extra 'sympy') is not installed")


def at(form, values):
    """The number of a sympy expression where each symbol has the value of its label."""
    numbers = {value.label: value.data for value in values}
    return float(form.subs({symbol: numbers[symbol.name] for symbol in form.free_symbols}))


@pytest.mark.parametrize(
    ("op", "point"), [(op, p) for op in TABLE for p in op.samples], ids=lambda x: getattr(x, "name", None)
)
def test_every_operation_and_its_slopes(sympy, op, point):
    inputs = [Value(x, f"x{i}") for i, x in enumerate(point)]
    y = apply(op, *inputs)
    y.label = "y"
    form = expression(y).sympy()
    assert at(form, inputs) == pytest.approx(y.data, rel=1e-12, abs=1e-12)
    y.backward()
    for factor in LabelledGraph(y).factors:
        written = at(factor.formula.sympy(), inputs)
        assert written == pytest.approx(factor.below.grad, rel=1e-9, abs=1e-12)
        if op.name not in ("maximum", "minimum", "abs", "relu", "leaky_relu", "mod", "floor_divide"):
            symbol = sympy.Symbol(factor.below.label, real=True)
            assert at(sympy.diff(form, symbol), inputs) == pytest.approx(factor.below.grad, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("op", "point"), PROBES, ids=lambda x: getattr(x, "name", None))
def test_every_slope_is_what_sympy_says_to_order_3(sympy, op, point):
    """Of the formula of each slope, its derivatives too: those of what another table says that the operation is."""
    inputs = [Value(x, f"x{i}") for i, x in enumerate(point)]
    symbols = [sympy.Symbol(value.label, real=True) for value in inputs]
    y = apply(op, *inputs)
    for factor in LabelledGraph(y).factors:
        symbol = symbols[inputs.index(factor.below)]
        for order in (1, 2, 3) if op.name not in ("mod", "floor_divide") else (1,):  # sympy's floor has no derivative
            right = sympy.diff(in_sympy(op, *symbols), symbol, order)
            found = sympy.diff(factor.formula.sympy(), symbol, order - 1)
            numbers = dict(zip(symbols, map(sympy.Rational, point), strict=True))
            exact = float(sympy.N(right.subs(numbers), 30))
            assert float(sympy.N(found.subs(numbers), 30)) == pytest.approx(exact, rel=1e-10, abs=1e-25)


def test_softmax_and_cross_entropy_are_exact(sympy):
    z = [Value(x, f"z{i}") for i, x in enumerate((0.3, -0.2, 1.0), 1)]
    y = [Value(t, f"y{i}") for i, t in enumerate((0.0, 1.0, 0.0), 1)]
    C = log_sum_exp(z) - dot(y, z)
    form = expression(C).sympy()
    z_, y_ = (sympy.symbols(names, real=True) for names in ("z1:4", "y1:4"))
    assert form == sympy.log(sum(map(sympy.exp, z_))) - sum(a * b for a, b in zip(y_, z_, strict=True))
    for factor in LabelledGraph(C).factors:
        if factor.below in z:
            k = z.index(factor.below)
            error = sympy.exp(z_[k]) / sum(map(sympy.exp, z_)) - y_[k]
            assert sympy.simplify(factor.formula.sympy() - error) == 0
            assert sympy.simplify(sympy.diff(form, z_[k]) - error) == 0


def test_the_chain_of_note_3(sympy):
    v = scalar_chain.chain()
    C = v["C"]
    form = expression(C).sympy()
    assert form == (sympy.Symbol("y", real=True) - sympy.Symbol("a²", real=True)) ** 2 / 2
    for value in v.values():
        if value.op is not None and value is not C:
            value.label = ""
    whole = expression(C).sympy()
    C.backward()
    leaves = [value for value in nodes(C) if value.op is None]
    for leaf in leaves:
        slope = sympy.diff(whole, sympy.Symbol(leaf.label, real=True))
        assert at(slope, leaves) == pytest.approx(leaf.grad, rel=1e-12)


def test_it_simplifies_what_explain_leaves(sympy):
    x = Value(0.7, "x")
    assert sympy.simplify(expression(x.sin() ** 2 + x.cos() ** 2).sympy()) == 1


def test_two_values_of_one_name_are_two_symbols(sympy):
    x, other = Value(2.0, "x"), Value(3.0, "x")
    form = expression(x * other - other * x + x).sympy()
    assert str(form) == "x(1)"
    assert len(expression(x / other).sympy().free_symbols) == 2


def test_an_operation_of_ones_own_is_written_by_its_rule(sympy):
    cube = Op("cube", lambda m, a: a * a * a, (lambda m, y, a: 3 * a * a,), ("3·{a}²",), ((1.0,),), "cube")
    assert str(expression(apply(cube, Value(2.0, "x"))).sympy()) == "x**3"


def test_an_operation_that_formulas_call_is_written_by_its_rule(sympy, monkeypatch):
    """Without a line for it in to_sympy.py."""
    bump = Op("bump", lambda m, a: m.where(a > 0, m.divide(1.0, 1 + m.expm1(a)), 0.5 * m.sqrt(m.abs(a))),
              (lambda m, y, a: m.where(a > 0, -y, m.divide(-0.25, m.sqrt(m.abs(a)))),), ("bump′({a})",), ((1.0,),),
              "bump", called="bump")  # fmt: skip
    monkeypatch.setitem(to_sympy.OPERATIONS, "bump", bump)
    x = sympy.Symbol("x", real=True)
    for at_, rule, slope in ((0.5, sympy.exp(-x), -sympy.exp(-x)), (-4.0, sympy.sqrt(-x) / 2, -1 / sympy.sqrt(-x) / 4)):
        y = apply(bump, Value(at_, "x"))
        y.label = "y"
        (factor,) = LabelledGraph(y).factors
        assert float(expression(y).sympy().subs(x, at_)) == pytest.approx(float(rule.subs(x, at_)), rel=1e-14)
        assert float(factor.formula.sympy().subs(x, at_)) == pytest.approx(float(slope.subs(x, at_)), rel=1e-14)
    assert expression(y).sympy().atoms(sympy.Float) == set(), "whole numbers and halves are exact"


def test_without_sympy_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "sympy", None)
    x = Value(2.0)
    label(x=x)
    with pytest.raises(ModuleNotFoundError, match=r"formulas for sympy need sympy: pip install 'chalkgrad\[sympy\]'"):
        expression(x).sympy()
