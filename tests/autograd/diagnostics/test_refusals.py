"""Claims about refusals: arguments that are no numbers, and inputs at which an operation has no value."""

import pytest

import autograd
from autograd import DomainError, Value


@pytest.mark.parametrize("wrong", ["2", b"2", None, 2j])
def test_what_is_no_number_is_refused_in_every_operator(wrong):
    x = Value(3.0)
    for combine in (lambda: x + wrong, lambda: wrong + x, lambda: x - wrong, lambda: wrong - x, lambda: x * wrong,
                    lambda: wrong * x, lambda: x / wrong, lambda: wrong / x, lambda: x**wrong, lambda: wrong**x,
                    lambda: autograd.maximum(x, wrong), lambda: Value(wrong), lambda: x.backward(wrong)):  # fmt: skip
        with pytest.raises(TypeError, match="a Value holds one real number; got"):
            combine()
    assert (x.data, x.grad) == (3.0, 0.0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: autograd.log(-2), r"^log\(-2\.0\) has no value: log needs a positive input$"),
        (lambda: autograd.log(0), r"^log\(0\.0\) has no value"),
        (lambda: autograd.sqrt(-1), r"^sqrt\(-1\.0\) has no value: sqrt needs an input that is not negative$"),
        (lambda: 1 / Value(0.0, "x"), r"^1\.0 / \(x = 0\.0\) has no value: / needs a divisor other than 0"),
        (lambda: Value(1e300) / 1e-300, r"^1e\+300 / 1e-300 has no value: .* a quotient that a float can hold$"),
        (lambda: Value(1000.0).exp(), r"^exp\(1000\.0\) has no value: exp needs an input below 709\.79"),
        (lambda: Value(-8.0) ** (1 / 3), r"^\(-8\.0\) \*\* 0\.333.* has no value: \*\* needs a base above 0"),
        (lambda: Value(0.0) ** -1, r"^0\.0 \*\* \(-1\.0\) has no value"),
        (lambda: Value(10.0) ** 400, r"^10\.0 \*\* 400\.0 has no value: .* a power that a float can hold$"),
    ],
)
def test_outside_the_domain(wrong, message):
    with pytest.raises(DomainError, match=message):
        wrong()
