"""Claims about a softmax written out by hand: formulas call it softmax, and call nothing else so."""

import pytest

from autograd import Value, explain, expression, log_sum_exp, maximum, softmax
from autograd.formulas.labelled_graph import LabelledGraph

NUMBERS = (0.3, -1.2, 0.8)


def inputs():
    return [Value(x, f"z{i}") for i, x in enumerate(NUMBERS, 1)]


def quotient(z):
    powers = [x.exp() for x in z]
    total = sum(powers[1:], powers[0])
    return [power / total for power in powers]


def shifted(z):
    largest = maximum(maximum(z[0], z[1]), z[2]).data  # a number, as people write it who know that it cancels
    return quotient([x - largest for x in z])


def less_the_logarithm(z):
    log = log_sum_exp(z)
    return [(x - log).exp() for x in z]


def less_a_logarithm_by_hand(z):
    return [(x - sum(y.exp() for y in z).log()).exp() for x in z]


BY_HAND = [quotient, shifted, less_the_logarithm, less_a_logarithm_by_hand, softmax]


@pytest.mark.parametrize("by_hand", BY_HAND)
def test_it_is_called_softmax(by_hand):
    assert [str(expression(p)) for p in by_hand(inputs())] == [f"softmax(z1, z2, z3){i}" for i in "₁₂₃"]


@pytest.mark.parametrize("by_hand", BY_HAND)
def test_its_derivative_is_softmax_too(by_hand):
    z = inputs()
    p = by_hand(z)
    p[0].label = "p"
    assert "= softmax(z1, z2, z3)₁ − softmax(z1, z2, z3)₁²" in explain(p[0], z[0]).text
    assert "−softmax(z1, z2, z3)₂ · softmax(z1, z2, z3)₁" in explain(p[0], z[1]).text.replace(
        "−softmax(z1, z2, z3)₁ · softmax(z1, z2, z3)₂", "−softmax(z1, z2, z3)₂ · softmax(z1, z2, z3)₁"
    )


@pytest.mark.parametrize("by_hand", BY_HAND)
def test_of_a_cross_entropy_it_is_softmax_less_the_target(by_hand):
    z = inputs()
    C = -by_hand(z)[1].log()
    C.label = "C"
    assert "∂C/∂z2 = softmax(z1, z2, z3)₂ − 1\n" in explain(C, z[1]).text
    assert "∂C/∂z1 = softmax(z1, z2, z3)₁\n" in explain(C, z[0]).text


@pytest.mark.parametrize("by_hand", BY_HAND)
def test_what_is_said_is_what_sympy_finds(by_hand):
    sympy = pytest.importorskip("sympy", reason="sympy is not installed")
    z = inputs()
    y = 3.0 * z[2] * by_hand(z)[0] ** 2 - by_hand(z)[1] / z[0] + (2.0 * z[1] + z[0]).exp()
    symbols = sympy.symbols("z1:4", real=True)
    at = dict(zip(symbols, map(sympy.Rational, NUMBERS), strict=True))
    e = [sympy.exp(s) for s in symbols]
    expected = (
        3 * symbols[2] * (e[0] / sum(e)) ** 2 - e[1] / sum(e) / symbols[0] + sympy.exp(2 * symbols[1] + symbols[0])
    )
    assert float(expression(y).sympy().subs(at)) == pytest.approx(float(expected.subs(at)), rel=1e-12)
    for factor in LabelledGraph(y).factors:
        symbol = sympy.Symbol(factor.below.label, real=True)
        assert factor.formula.value == pytest.approx(factor.value, rel=1e-12)
        found, wanted = factor.formula.sympy().subs(at), sympy.diff(expected, symbol).subs(at)
        assert float(found) == pytest.approx(float(wanted), rel=1e-12)


def test_what_is_no_softmax_is_not_called_so():
    a, b = Value(0.3, "a"), Value(-1.2, "b")
    for y, written in (
        (a.exp() / (1.0 + a.exp()), "exp(a)/(1 + exp(a))"),
        (a.exp() / b.exp(), "exp(a)/exp(b)"),
        (a.exp() / (2.0 * a.exp() + b.exp()), "exp(a)/(2 · exp(a) + exp(b))"),
        (a / (a.exp() + b.exp()), "a/(exp(a) + exp(b))"),
        ((2.0 * a).exp() / (a.exp() + b.exp()), "exp(2 · a)/(exp(a) + exp(b))"),
        ((a - log_sum_exp([b, 1.0])).exp(), "exp(a − ln(exp(b) + exp(1)))"),
        ((a - 2.0 * log_sum_exp([a, b])).exp(), "exp(a − 2 · ln(exp(a) + exp(b)))"),
        ((a + log_sum_exp([a, b])).exp(), "exp(a + ln(exp(a) + exp(b)))"),
    ):
        assert str(expression(y)) == written


def test_powers_and_other_factors_stay():
    a, b = Value(0.3, "a"), Value(-1.2, "b")
    e, total = a.exp(), a.exp() + b.exp()
    assert str(expression(2.0 * b * e**3 / total**2)) == "2 · exp(a) · softmax(a, b)₁² · b"
    assert str(expression(e**2 / total**3)) == "softmax(a, b)₁²/(exp(a) + exp(b))"
