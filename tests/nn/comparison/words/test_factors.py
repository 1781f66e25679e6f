"""Claims about factors: each is written as a product of n, nᴸ and a small number."""

import pytest

from nn.comparison.forward_pass import ForwardPass
from nn.comparison.words.factors import FactorWords, given_name
from tests.helpers.backprop import Net
from tests.helpers.networks import compared


@pytest.mark.parametrize(
    ("factor", "told"),
    [
        (3.0, "nᴸ = 3"), (7.0, "n = 7"), (14.0, "2n = 14"), (-14.0, "−2n = −14"), (21.0, "n·nᴸ = 21"),
        (42.0, "2·n·nᴸ = 42"), (1 / 7, "1/n = 0.142857"), (0.1 / 7, "0.1/n = 0.0142857"), (2 / 7, "2/n = 0.285714"),
        (1 / 21, "1/(n·nᴸ) = 0.047619"), (49.0, "n² = 49"), (1 / 49, "1/n² = 0.0204082"),
        (0.01, "0.01"), (2.0, "2"), (-2.0, "−2"), (1.234567, "1.23457"),
    ],
)  # fmt: skip
def test_a_factor_is_told_as_a_product(factor, told):
    words = FactorWords(ForwardPass(compared((4, 5, 3), 7).closed_form), [])
    assert words.factor(factor) == told


def test_a_mean_over_the_outputs_is_left_out():
    net = Net((4, 5, 3), "sigmoid", "sigmoid", n=7)
    dW, db = net.backprop()
    why = net.compared().against(dW=[3 * g for g in dW], db=[3 * g for g in db], convention="rows").why
    assert why.endswith("are nᴸ = 3 times what they should be: as if a mean over the nᴸ outputs were left out")


def test_an_array_is_called_as_the_reader_has_it():
    assert [given_name(key, 2) for key in ("dW", "db", "delta")] == ["W[1]", "b[1]", "delta[1]"]
