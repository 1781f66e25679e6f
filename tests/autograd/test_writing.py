"""Claims about small pieces of mathematical writing."""

import pytest

from autograd import writing


def test_indices_and_exponents():
    assert (writing.superscript(-12), writing.subscript(345)) == ("⁻¹²", "₃₄₅")
    assert [writing.raised(exponent) for exponent in (1, 2, -1.0, 0.5, 1e6)] == ["", "²", "⁻¹", "^0.5", "^1e+06"]


@pytest.mark.parametrize(
    ("number", "written"),
    [(1 / 3, "0.333333"), (-2.0, "−2"), (1.0000001, "1.0000001"), (0.1 + 0.2, "0.3"), (1e-7, "1e−07")],
)
def test_a_constant_is_as_long_as_it_must_be(number, written):
    assert writing.constant(number) == written


@pytest.mark.parametrize("symbol", ["w", "w¹₂₁", "w1", "δ", "a′", "w¹[11,2]", "a¹(3)", "ŷ"])
def test_these_read_as_one_symbol(symbol):
    assert writing.is_symbol(symbol)


@pytest.mark.parametrize("other", ["a+b", "", "2x", "two words", "(3)"])
def test_these_do_not(other):
    assert not writing.is_symbol(other)


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("w¹₂₁", "w^{1}_{21}"),
        ("w1", "w_{1}"),
        ("δ²", r"\delta^{2}"),
        ("cost", r"\mathrm{cost}"),
        ("a_b", r"\text{a\_b}"),
    ],
)
def test_a_label_in_latex(name, latex):
    assert writing.latex_name(name) == latex


def test_the_derivative_of_a_function_is_named():
    assert [writing.derivative_name("f", 0, 1), writing.derivative_name("f", 1, 2)] == ["f′", "∂₂f"]
