"""Claims about formulas: their parts, their simplification, and their text."""

import math

import pytest

from autograd import Value, dot, explain, expression, floats, label
from autograd.formulas.labelled_graph import LabelledGraph
from tests.helpers.edges import expected
from tests.helpers.operations import PROBES, TYPED, name, worth


@pytest.mark.parametrize("name", ["a+b", "x^2", "3", "loss per example", "−x", "a*b", "∂C/∂w", "1e3", "f(x, y)"])
def test_names_that_are_no_symbols_are_in_parentheses_as_factors(name):
    u, w = Value(2.0, name), Value(3.0, "w")
    word = expression(u).latex
    assert str(expression(u * w)) == f"({name}) · w"
    assert expression(u * w).latex == rf"\left({word}\right) \cdot w"
    assert str(expression(w - u)) == f"w − ({name})"
    assert str(expression(w / u**2)) == f"w/({name})²"
    assert expression(u**2).latex == rf"{{\left({word}\right)}}^{{2}}"
    assert str(expression(u.sqrt())) == f"√({name})"
    assert expression(u.sqrt()).latex == rf"\sqrt{{{word}}}"
    z = u * w
    z.label = "z"
    C = z.sigmoid()
    C.label = "C"
    assert explain(C, w).text.splitlines()[:2] == ["∂C/∂w = ∂z/∂w · ∂C/∂z", f"      = ({name}) · σ′(z)"]
    assert rf" &= \left({word}\right) \cdot \sigma'(z)" in explain(C, w).latex
    assert explain(C, u).text.startswith(f"∂C/∂({name}) = ∂z/∂({name}) · ∂C/∂z\n")
    assert rf"{{\partial \left({word}\right)}}" in explain(C, u).latex
    assert f"= ({name}) · w\n" in explain(C, u, {z: name}).text


def test_as_terms_and_arguments_they_stand_as_they_are():
    u, w = Value(2.0, "a+b"), Value(3.0, "w")
    assert str(expression((u + w).tanh() + u)) == "tanh(a+b + w) + a+b"


@pytest.mark.parametrize(
    "name", ["w", "w1", "w¹₂₁", "w¹[11,2]", "δ²₃(4)", "loss", "my_weight", "ŷ", "x̂", "w′", "w'", "W[0][1]", "Δz", "_"]
)
def test_symbols_are_not(name):
    assert str(expression(Value(2.0, name) * Value(3.0, "v"))) == f"{name} · v"


@pytest.mark.parametrize(
    ("coefficient", "written"),
    [(1.0000001, "1.0000001"), (0.99999999, "0.99999999"), (1.000000014999, "1.00000001"), (2.0, "2"),
     (1e6, "1e+06"), (1 / 3, "0.333333"), (0.1 + 0.2, "0.3"), (0.25000001, "0.25000001"), (123456.7, "123456.7"),
     (3.14159265358979, "3.14159"), (1e-7, "1e−07"), (1.0000001e-7, "1.0000001e−07"), (1e15 + 1, "1e+15"),
     (1e300, "1e+300"), (5e-324, "4.94066e−324")],
)  # fmt: skip
def test_a_constant_does_not_look_like_a_rounder_one(coefficient, written):
    x = Value(2.0, "x")
    assert str(expression(coefficient * x)) == f"{written} · x"
    assert str(expression(x + coefficient)) == f"x + {written}"
    assert str(expression(x**2 * -coefficient)) == f"−{written} · x²"
    mantissa, _, exponent = written.replace("−", "-").partition("e")
    latex = rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa
    assert expression(coefficient * x).latex == rf"{latex} \cdot x"


def test_what_rounding_left_of_one_is_one():
    x = Value(2.0, "x")
    assert str(expression((1.0 + 1e-15) * x)) == "x"
    assert expression(-(1.0 + 1e-15) * x).latex == "-x"
    assert str(expression(x ** (1.0 + 1e-9))) == "x^1.000000001"


def test_what_lies_between_labels_melts_into_one_simplified_factor():
    def factor(make, **values):
        label(**values)
        root = make(**values)
        root.label = "C"
        return {f.below.label: f.formula.text for f in LabelledGraph(root).factors}

    a, b, c = Value(0.75), Value(2.0), Value(-1.5)
    assert factor(lambda a, b: 0.5 * (b - a) ** 2, a=a, b=b) == {"b": "b − a", "a": "a − b"}
    assert factor(lambda a: a * a * a, a=a) == {"a": "3 · a²"}
    assert factor(lambda a: a * a + 2 * a - 7, a=a) == {"a": "2 + 2 · a"}
    assert factor(lambda a, b: a / b, a=a, b=b) == {"a": "1/b", "b": "−a/b²"}
    assert factor(lambda a: 3 - (2 - a), a=a) == {"a": "1"}
    assert factor(lambda a, b, c: a * b * c, a=a, b=b, c=c) == {"a": "b · c", "b": "a · c", "c": "a · b"}
    assert factor(lambda a, b: (a + b) ** 2, a=a, b=b) == {"a": "2 · (a + b)", "b": "2 · (a + b)"}
    assert factor(lambda a: a.exp().log(), a=a) == {"a": "1"}
    assert factor(lambda a, b: dot([a, b], [b, 2.0], 1.0), a=a, b=b) == {"a": "b", "b": "2 + a"}
    assert factor(lambda a: a - a, a=a) == {"a": "0"}


def test_expressions():
    a, b, z = Value(0.75), Value(2.0), Value(3.0)
    label(a=a, b=b, z=z)
    for made, text in (
        (0.5 * (b - a) ** 2, "½ · (b − a)²"),
        (dot([a, b], [z, 2.0], 1.0), "a · z + 2 · b + 1"),
        ((a * b).sigmoid() / (1 + z), "σ(a · b)/(1 + z)"),
        (a.exp() - b.log(), "exp(a) − ln(b)"),
        (a**-2, "1/a²"),
        (a**0.5, "√a"),
        (b.sqrt(), "√b"),
        (a**b, "a^b"),
        (abs(a) + b.sin() * z.cos(), "abs(a) + sin(b) · cos(z)"),
        (a, "a"),
    ):
        assert str(expression(made)) == text
        assert expression(made).value == pytest.approx(made.data, rel=1e-12)
    assert expression(0.5 * (b - a) ** 2).latex == r"\tfrac{1}{2} \cdot {\left(b - a\right)}^{2}"


@pytest.mark.parametrize(("op", "at"), PROBES, ids=name)
def test_every_operations_formula_is_its_slope(op, at):
    values = [Value(x, label_) for x, label_ in zip(at, "abcde", strict=False)]
    y = TYPED[op.name](*values)
    y.label = "y"
    for factor in LabelledGraph(y).factors:
        i = values.index(factor.below)
        assert factor.value == op.slope(floats, y.data, at, i)
        assert factor.formula.value == pytest.approx(factor.value, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize(("op", "at"), [p for p in PROBES if p[0].name not in ("dot", "log_sum_exp")], ids=name)
def test_every_operations_formula_says_its_slope(op, at):
    """As it is printed; test_to_sympy.py holds the formulas themselves against sympy's derivatives."""
    values = [Value(x, label_) for x, label_ in zip(at, "abc", strict=False)]
    y = TYPED[op.name](*values)
    y.label = "y"
    slopes = dict(zip(values, expected(op, at)[1], strict=True))
    for factor in LabelledGraph(y).factors:
        text = factor.formula.text
        assert worth(text, at, y.data) == pytest.approx(slopes[factor.below], rel=1e-12, abs=1e-20), text


def test_values_of_the_same_name_are_not_the_same():
    x, other = Value(2.0, "x"), Value(3.0, "x")
    y = x * other - other * other
    y.label = "y"
    assert {f.below: f.formula.value for f in LabelledGraph(y).factors} == {x: 3.0, other: -4.0}
    assert str(expression(y)) == "x(1) · x(2) − x(2)²"


def test_what_is_alike_is_gathered():
    a, b, c = Value(0.75, "a"), Value(2.0, "b"), Value(-1.5, "c")
    assert str(LabelledGraph(a * b * c - a * c * b).factors[0].formula) == "0"
    assert str(expression(2 * (a * b).sqrt() * (a * b).sqrt())) == "2 · a · b"


def test_powers_at_zero_and_out_of_range():
    z, b, g = Value(0.0, "z"), Value(2.0, "b"), Value(1e-200, "g")
    assert [str(f.formula) for f in LabelledGraph(z**b).factors] == ["b · z^(b − 1)", "z^b · ln(z)"]
    assert "inf" not in str(expression((1e200 * g) ** 2))
    assert str(expression(Value(0.5, "a") ** math.inf)) == "a^inf"


def test_minus_signs_are_in_parentheses_and_numbers_in_latex():
    u, b = Value(0.5, "u"), Value(2.0, "b")
    e = -(u.cos())
    e.label = "e"
    C = b * e
    C.label = "C"
    text = explain(C, u).text
    assert "· −" not in text
    assert r"10^{-7}" in expression(1e-7 * u).latex
    assert expression(u.leaky_relu()).latex == r"\operatorname{leaky\_relu}(u, 0.01)"
    assert expression(Value(2.0, "w¹") ** 2).latex == r"{\left(w^{1}\right)}^{2}"


def test_labels_are_data_in_latex_too():
    x, y = Value(2.0, r"evil} \input{x} $&#%_^~"), Value(3.0, "tanh loss")
    C = x * y
    C.label = "w¹₂₁"
    latex = explain(C, x).latex
    assert r"\input" not in latex.replace(r"\textbackslash{}input", "")
    assert r"\text{evil\} \textbackslash{}input\{x\} \$\&\#\%\_\textasciicircum{}\textasciitilde{}}" in latex
    assert r"\partial w^{1}_{21}" in latex
    assert r"\text{tanh loss}" in latex
    assert expression(Value(1.0, "δ²₃")).latex == r"\delta^{2}_{3}"
    assert expression(Value(1.0, "w¹[11,2]")).latex == r"w^{1}_{11,2}"
    assert expression(Value(1.0, "δ²₃(4)")).latex == r"\delta^{2}_{3}(4)"
    assert expression(Value(1.0, "loss")).latex == r"\mathrm{loss}"
