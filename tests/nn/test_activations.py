"""Claims about the activations that are known by name: on arrays, by hand, they are the operations of their names."""

import numpy as np
import pytest

from autograd import grad
from autograd.table import OPERATIONS
from autograd.value import apply
from nn.activations import ACTIVATIONS
from tests.helpers.oracle import rise_over_run

Z = np.array([-800.0, -30.0, -2.5, -0.3, 0.4, 1.9, 30.0, 800.0])
NAMED = [name for name in ACTIVATIONS if name != "linear"]


def on_values(name):
    """The operation of that name; of several inputs the others are as the table's edges have them."""
    op = OPERATIONS[name]
    return lambda z: apply(op, z, *op.edges[0][1:])


@pytest.mark.parametrize("name", NAMED)
def test_arrays_and_values_have_the_same_numbers_and_slopes(name):
    activation, function = ACTIVATIONS[name], on_values(name)
    np.testing.assert_allclose(activation.of(Z), [function(z).data for z in Z.tolist()], rtol=1e-14, atol=1e-300)
    np.testing.assert_allclose(activation.slope(Z), [grad(function)(z) for z in Z.tolist()], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_slope_is_the_rise_over_the_run(name):
    activation = ACTIVATIONS[name]
    for z in (-2.5, -0.3, 0.4, 1.9):
        rise = rise_over_run(lambda x: float(activation.of(np.array(x))), z)
        assert float(activation.slope(np.array(z))) == pytest.approx(rise, rel=1e-6)


@pytest.mark.parametrize("name", [name for name, a in ACTIVATIONS.items() if a.steepest is not None])
def test_what_saturates_is_nowhere_steeper_than_is_said(name):
    z = np.linspace(-40.0, 40.0, 4001)
    slopes = ACTIVATIONS[name].slope(z)
    assert slopes.max() == pytest.approx(ACTIVATIONS[name].steepest, rel=1e-12)
    assert slopes.min() < 1e-12
