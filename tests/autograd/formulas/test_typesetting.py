"""Claims about typeset pieces: labels, names of functions, softmax."""

import pytest

from autograd.formulas import typesetting


@pytest.mark.parametrize("symbol", ["w", "w¹₂₁", "w1", "δ", "a′", "w¹[11,2]", "a¹(3)", "ŷ"])
def test_these_read_as_one_symbol(symbol):
    assert typesetting.is_symbol(symbol)


@pytest.mark.parametrize("other", ["a+b", "", "2x", "two words", "(3)"])
def test_these_do_not(other):
    assert not typesetting.is_symbol(other)


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
    assert typesetting.label(name).latex == latex


def test_the_derivative_of_a_function_is_named():
    assert [typesetting.function("f", by).text for by in (None, 0, 2)] == ["f", "f′", "∂₂f"]
