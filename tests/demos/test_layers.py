"""Claims about the layers by hand: the right backward passes are right, and the mistakes are wrong."""

import numpy as np
import pytest

from autograd import array, gradients, numbers
from demos.layers import LAYERS
from demos.layers.record import rewritten

BY_NAME = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
MISTAKES = pytest.mark.parametrize(
    ("layer", "backward"),
    [pytest.param(layer, wrong, id=f"{layer.name}: {text}") for layer in LAYERS for text, wrong in layer.mistakes],
)


def differentiated(layer):
    """Returns the names of the inputs that have gradients."""
    return [name for name, x in layer.inputs.items() if x.dtype == float]


def rise_over_run(layer, name, step=1e-4):
    """Returns the gradient of an input by central differences, for C = Σ output · upstream; accurate to about 1e-7."""
    found = np.zeros(layer.inputs[name].shape)
    for place in np.ndindex(found.shape):
        nudge = np.zeros(found.shape)
        nudge[place] = step
        up, down = (
            (layer.forward(*{**layer.inputs, name: layer.inputs[name] + sign * nudge}.values())[0] * layer.upstream)
            for sign in (1, -1)
        )
        found[place] = (up - down).sum() / (2 * step)
    return found


def test_there_are_twelve():
    assert len({layer.name for layer in LAYERS}) == len(LAYERS) == 12


@BY_NAME
def test_each_has_mistakes_enough_and_none_twice(layer):
    assert 4 <= len(layer.edits) <= 8
    assert len({text for text, *_ in layer.edits}) == len(layer.edits)
    wrong = [layer.gradients(backward) for _, backward in layer.mistakes]
    for i, one in enumerate(wrong):
        assert not [other for other in wrong[:i] if all(np.array_equal(one[name], other[name]) for name in one)]


@BY_NAME
def test_the_right_gradients_are_rise_over_run(layer):
    given = layer.gradients(layer.backward)
    assert list(given) == differentiated(layer)
    for name, gradient in given.items():
        assert gradient.shape == layer.inputs[name].shape
        np.testing.assert_allclose(gradient, rise_over_run(layer, name), rtol=1e-6, atol=1e-6)


@BY_NAME
def test_the_right_gradients_are_the_graphs(layer):
    names = differentiated(layer)
    values = {name: array(x) if name in names else x for name, x in layer.inputs.items()}
    out, _ = layer.forward(*values.values())
    np.testing.assert_allclose(numbers(out), layer.forward(*layer.inputs.values())[0], rtol=1e-13, atol=1e-13)
    (out * layer.upstream).sum().backward()
    for name, gradient in layer.gradients(layer.backward).items():
        np.testing.assert_allclose(gradient, gradients(values[name]), rtol=1e-12, atol=1e-12)


@MISTAKES
def test_a_mistake_is_far_from_what_is_right(layer, backward):
    right, wrong = layer.gradients(layer.backward), layer.gradients(backward)
    assert list(wrong) == list(right)
    assert max(np.abs(wrong[name] - right[name]).max() / np.abs(right[name]).max() for name in right) > 1e-3


@BY_NAME
def test_neither_pass_writes_into_what_it_is_given(layer):
    before = {name: x.copy() for name, x in layer.inputs.items()}, layer.upstream.copy()
    for backward in (layer.backward, *(backward for _, backward in layer.mistakes)):
        layer.gradients(backward)
    assert all(np.array_equal(x, before[0][name]) for name, x in layer.inputs.items())
    assert np.array_equal(layer.upstream, before[1])


def test_an_edit_is_of_a_piece_that_stands_there_once():
    backward = LAYERS[0].backward
    with pytest.raises(ValueError, match=r"'dout' stands there \d times: give more of the line"):
        rewritten(backward, "dout", "dx")
    with pytest.raises(ValueError, match=r"'drows\.T' stands there 0 times"):
        rewritten(backward, "drows.T", "drows")
