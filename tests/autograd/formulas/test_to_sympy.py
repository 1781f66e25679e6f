"""Claims about formulas in sympy: they are worth what the graph is worth, and their derivatives are the gradients."""

import sys

import pytest

from autograd import Value, apply, expression, label, nodes
from autograd.formulas.labelled_graph import LabelledGraph
from autograd.table import TABLE, Op
from demos import scalar_chain


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
    assert str(form) == "x"
    assert len(expression(x / other).sympy().free_symbols) == 2


def test_an_operation_of_ones_own_is_written_by_its_rule(sympy):
    cube = Op("cube", lambda m, a: a * a * a, (lambda m, y, a: 3 * a * a,), ("3·{a}²",), ((1.0,),), "cube")
    assert str(expression(apply(cube, Value(2.0, "x"))).sympy()) == "x**3"


def test_without_sympy_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "sympy", None)
    x = Value(2.0)
    label(x=x)
    with pytest.raises(ModuleNotFoundError, match=r"formulas for sympy need sympy: pip install 'chalkgrad\[sympy\]'"):
        expression(x).sympy()
