"""Claims about mathematical writing in Unicode."""

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
