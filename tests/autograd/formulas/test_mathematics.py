"""Claims about the formulas that rules make: softmax, conditions, and slopes as in a calculus book."""

import pytest

from autograd import Value, dot, explain, expression, log_sum_exp, maximum, softplus, where
from autograd.formulas.labelled_graph import LabelledGraph
from autograd.formulas.mathematics import FORMULAS
from autograd.vocabulary import WORDS


def test_every_word_of_rules_is_spoken():
    assert set(WORDS) <= set(vars(FORMULAS))


@pytest.fixture
def cross_entropy():
    """−Σ y ln softmax(z) of so many classes, and its z's."""

    def of(numbers, targets=None):
        z = [Value(x, f"z{i}") for i, x in enumerate(numbers, 1)]
        y = targets or [Value(float(i == 1), f"y{i}") for i in range(1, len(z) + 1)]
        C = log_sum_exp(z) - dot(y, z)
        C.label = "C"
        C.backward()
        return C, z

    return of


def test_the_error_of_softmax_and_cross_entropy_is_softmax_less_the_target(cross_entropy):
    C, z = cross_entropy([0.3, -0.2])
    found = explain(C, z[0], {z[0]: "δ¹₁"})
    assert found.text == "δ¹₁ = ∂C/∂z1\n    = softmax(z1, z2)₁ − y1\n    = −0.377541"
    assert found.latex.split(r" \\ ")[1] == r" &= \operatorname{softmax}(z_{1}, z_{2})_{1} - y_{1}"
    assert found.value == pytest.approx(z[0].grad, rel=1e-15)
    assert explain(C, z[1]).text.splitlines()[0] == "∂C/∂z2 = softmax(z1, z2)₂ − y2"
    assert str(expression(C)) == "ln(exp(z1) + exp(z2)) − (y1 · z1 + y2 · z2)"
    C, z = cross_entropy([0.3, -0.2], [0.0, 1.0])
    assert explain(C, z[0]).text.splitlines()[0] == "∂C/∂z1 = softmax(z1, z2)₁", (
        "a target that is a number is worked out"
    )
    assert explain(C, z[1]).text.splitlines()[0] == "∂C/∂z2 = softmax(z1, z2)₂ − 1"


def test_in_a_mean_over_examples_the_share_stands_in_front_of_the_error(cross_entropy):
    C, z = cross_entropy([0.3, -0.2])
    C.label = ""
    mean = 0.25 * C
    mean.label = "mean"
    assert explain(mean, z[0]).text.splitlines()[0] == "∂mean/∂z1 = 0.25 · (softmax(z1, z2)₁ − y1)"
    assert explain(mean, z[0]).value == pytest.approx(0.25 * z[0].grad, rel=1e-15)


def test_of_many_classes_the_first_and_the_last_are_written(cross_entropy):
    C, z = cross_entropy([0.1 * i for i in range(10)])
    assert explain(C, z[6]).text.splitlines()[0] == "∂C/∂z7 = softmax(z1, …, z10)₇ − y7"
    assert r"\operatorname{softmax}(z_{1}, \ldots, z_{10})_{7}" in explain(C, z[6]).latex
    form = expression(log_sum_exp(z))
    assert str(form) == "ln(exp(z1) + … + exp(z10))"
    assert form.latex == r"\ln(\exp(z_{1}) + \cdots + \exp(z_{10}))"
    assert form.value == log_sum_exp(z).data
    difference = expression(log_sum_exp(z) - log_sum_exp([*z[:5], Value(9.0, "z6"), *z[6:]]))
    assert str(difference) == f"{form} − {form}", "what is not written counts all the same"
    many = [Value(0.0, f"z{i}") for i in range(1, 1001)]
    C = log_sum_exp(many) - many[6]
    assert explain(C, many[6]).text.splitlines()[0] == "∂v1/∂z7 = softmax(z1, …, z1000)₇ − 1"


def test_where_shows_its_condition():
    c, a, b = Value(1.0, "c"), Value(2.0, "a"), Value(3.0, "b")
    C = where(c, a, b) * 2
    C.label = "C"
    assert str(expression(C)) == "2 · where(c, a, b)"
    assert explain(C, a).text == "∂C/∂a = 2 · [c ≠ 0]\n      = 2"
    assert explain(C, a).latex.startswith(r"\frac{\partial C}{\partial a} &= 2 \cdot [c \neq 0]")
    assert explain(C, b).text == "∂C/∂b = 2 · [c = 0]\n      = 0"
    assert explain(C, c).text == "∂C/∂c = 0"
    C = where(a.data < b.data, a, b)
    assert str(expression(C)) == "where(1, a, b)"
    assert [explain(C, v).text for v in (a, b)] == ["∂v1/∂a = 1", "∂v1/∂b = 0"], (
        "a condition that is a number is decided"
    )


def test_slopes_as_formulas_write_them():
    x, y = Value(0.4, "x"), Value(2.0, "y")
    for made, slope in (
        (x.tan(), "1 + tan(x)²"),
        (x.arcsin(), "1/√(1 − x²)"),
        (x.arccos(), "−1/√(1 − x²)"),
        (x.arctan(), "1/(1 + x²)"),
        (x.sinh(), "cosh(x)"),
        (x.cosh(), "sinh(x)"),
        (x.log1p(), "1/(1 + x)"),
        (x.expm1(), "exp(x)"),
        (x.tanh(), "tanh′(x)"),
        (softplus(x), "σ(x)"),
        (x.leaky_relu(0.1), "leaky_relu′(x, 0.1)"),
        (maximum(x, y), "[x > y]"),
        (x**y, "y · x^(y − 1)"),
    ):
        assert str(LabelledGraph(made).factors[0].formula) == slope
