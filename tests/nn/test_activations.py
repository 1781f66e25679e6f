"""Claims about the activations that have a name: σ and σ′ by hand equal the operation of that name."""

import inspect
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograd import Value, functions, table
from nn.activations import ACTIVATIONS, LEAK
from nn.own_activations import FUNCTIONS
from tests.helpers.oracle import rise_over_run

FAR = np.array([-1000.0, -30.0, -2.5, -0.3, 0.7, 1.9, 30.0, 1000.0])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_it_is_the_operation_of_its_name_and_of_its_slope(name):
    sigma = ACTIVATIONS[name]
    values = [Value(x) for x in FAR]
    results = [FUNCTIONS[name](value) for value in values]
    for result in results:
        result.backward()
    np.testing.assert_allclose(sigma.of(FAR), [a.data for a in results], rtol=1e-14)
    np.testing.assert_allclose(sigma.slope(FAR), [z.grad for z in values], rtol=1e-12, atol=1e-15)
    for z in (-2.5, -0.3, 0.7, 1.9):
        rise = rise_over_run(lambda x: float(sigma.of(np.array(x))), z)
        assert float(sigma.slope(np.array(z))) == pytest.approx(rise, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_steepest_slope_is_the_steepest_and_leads_to_a_flat_one(name):
    slopes = ACTIVATIONS[name].slope(np.linspace(-50, 50, 10_001))
    if ACTIVATIONS[name].steepest is not None:
        assert slopes.max() == pytest.approx(ACTIVATIONS[name].steepest, rel=1e-12)
        assert slopes.min() < 1e-9


def test_far_out_activations_do_not_overflow():
    for name in ACTIVATIONS:
        sigma, slope = ACTIVATIONS[name][:2]
        z = np.array([-1000.0, 0.0, 1000.0])
        assert np.all(np.isfinite(sigma(z)))
        assert np.all(np.isfinite(slope(z)))


def test_those_that_die_are_flat_at_0_below_0_and_the_others_are_not():
    below = np.linspace(-20.0, -1e-3, 500)
    for name, sigma in ACTIVATIONS.items():
        assert sigma.dies is not bool(sigma.slope(below).any()), name


def test_the_leak_is_the_engines():
    for function in (Value.leaky_relu, functions.leaky_relu):
        assert inspect.signature(function).parameters["slope"].default == table.LEAK == LEAK
    assert Value(-2.0).leaky_relu().data == ACTIVATIONS["leaky_relu"].of(np.array(-2.0)) == -0.02


def test_a_record_without_an_operation_of_its_name_fails_at_import():
    code = (
        "import sys, types\n"
        "nn = sys.modules['nn'] = types.ModuleType('nn'); nn.__path__ = ['nn']\n"  # as nn/__init__.py imports networks
        "from nn.activations import ACTIVATIONS\n"
        "ACTIVATIONS['tahn'] = ACTIVATIONS['tanh']\n"
        "import nn.own_activations\n"
    )
    root = Path(__file__).parents[2]
    ran = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert "KeyError: \"no operation is called 'tahn'; the known ones are add, " in ran.stderr
    assert "'tanh'" in ran.stderr.rpartition(":")[2]
