"""Claims about tangents: they agree with finite differences, and weigh changes of a gradient."""

import numpy as np
import pytest

from autograd.programs.forward import tangents
from autograd.programs.reverse import Change
from tests.helpers.verdicts import attention_recorded, batchnorm, batchnorm_recorded, mlp_recorded, rnn_recorded

PASSES = {
    "batch norm": batchnorm_recorded(),
    "mlp": mlp_recorded(),
    "rnn": rnn_recorded(),
    "attention": attention_recorded(),
}
INPUTS = [(name, x) for name, found in PASSES.items() for x in found.inputs]
RNG = np.random.default_rng(2)


def test_they_are_rises_over_runs():
    found = PASSES["batch norm"]
    at = {name: leaf.value for name, leaf in found.inputs.items()}
    direction = RNG.normal(size=at["x"].shape)
    up, down = (batchnorm(**{**at, "x": at["x"] + h * direction}) for h in (1e-6, -1e-6))
    by_number = tangents(found.backward, found.named["x"].number, direction)
    for name in up:
        np.testing.assert_allclose(by_number[found.named[name].number], (up[name] - down[name]) / 2e-6, rtol=1e-5,
                                   atol=1e-7)  # fmt: skip
    assert found.named["gamma"].number not in by_number
    np.testing.assert_array_equal(by_number[found.named["x"].number], direction)


@pytest.mark.parametrize(("name", "x"), INPUTS)
def test_the_change_of_the_result_is_the_gradient_along_the_direction(name, x):
    found = PASSES[name]
    leaf, result = found.inputs[x], found.result
    direction = RNG.normal(size=leaf.shape)
    change = tangents(found.backward, leaf.number, direction)[result.number]
    upstream = found.backward.flows[result.number]
    along = np.sum(found.backward.flows[leaf.number] * direction)
    assert np.sum(upstream * change) == pytest.approx(along, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize(("name", "x"), INPUTS)
def test_they_weigh_what_is_added_to_a_gradient_anywhere(name, x):
    """Δ at an array makes ⟨direction, ∂C/∂x⟩ grow by ⟨Δ, its tangent⟩."""
    found = PASSES[name]
    leaf = found.inputs[x]
    direction = RNG.normal(size=leaf.shape)
    by_number = tangents(found.backward, leaf.number, direction)
    for array in found.named.values():
        more = RNG.normal(size=array.shape)
        changed = found.backward.replaced(Change(at={array.number: lambda flow, more=more: flow + more}))
        grown = np.sum(direction * (changed.get(leaf.number, found.backward.flows[leaf.number])
                                    - found.backward.flows[leaf.number]))  # fmt: skip
        expected = np.sum(more * by_number[array.number]) if array.number in by_number else 0.0
        assert grown == pytest.approx(expected, rel=1e-9, abs=1e-11), array.name


def test_tangents_may_start_at_an_inner_array():
    found = PASSES["batch norm"]
    direction = np.ones(found.named["xc"].shape)
    by_number = tangents(found.backward, found.named["xc"].number, direction)
    assert found.named["x"].number not in by_number
    assert found.named["mu"].number not in by_number
    assert found.named["out"].number in by_number
