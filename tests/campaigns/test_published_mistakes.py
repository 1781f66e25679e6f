"""Claims about the published mistakes: the right gradients are right, the wrong ones are wrong."""

import copy
import re
from urllib.parse import urlparse

import numpy as np
import pytest

import autograd
from tests.campaigns.published_mistakes import CASES
from tests.campaigns.record import TABLE


def run(case, inputs):
    """Returns the number to differentiate, the result times the upstream gradient; and the cache."""
    out = case.forward(*inputs.values())
    out, cache = out if isinstance(out, tuple) else (out, {})
    return (out if case.upstream is None else np.sum(out * case.upstream)), cache


def differences(case, name):
    """Returns the gradient of an input by central differences."""
    step, found = 1e-5, np.empty(case.inputs[name].shape)
    for at in np.ndindex(found.shape):
        sides = []
        for sign in (1, -1):
            inputs = copy.deepcopy(case.inputs)
            inputs[name][at] += sign * step
            sides.append(run(case, inputs)[0])
        found[at] = (sides[0] - sides[1]) / (2 * step)
    return found


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request):
    return request.param


def test_the_right_gradients_are_rise_over_run(case):
    right = case.right()
    for name in right.keys() & case.inputs.keys():
        np.testing.assert_allclose(right[name], differences(case, name), rtol=1e-6, atol=1e-7, err_msg=name)


def test_the_right_gradients_are_those_of_the_graph(case):
    """This also shows that the forward pass runs on arrays of Values."""
    inputs = {name: autograd.array(x) if x.dtype == float else x for name, x in case.inputs.items()}
    cost, cache = run(case, inputs)
    cost.backward()
    for name, gradient in case.right().items():
        found = autograd.gradients(inputs[name] if name in inputs else cache[name])
        np.testing.assert_allclose(found, gradient, rtol=1e-10, atol=1e-12, err_msg=name)


def test_the_wrong_gradients_are_wrong(case):
    right, wrong = case.right(), case.wrong()
    assert right.keys() == wrong.keys()
    assert any(
        np.shape(wrong[name]) != np.shape(right[name])
        or np.abs(wrong[name] - right[name]).max() > 1e-3 * np.abs(right[name]).max()
        for name in right
    )


def test_each_has_a_name_an_address_and_words_of_a_good_explanation():
    assert len({case.name + case.forward.__name__ for case in CASES}) == len(CASES)
    for case in CASES:
        assert urlparse(case.source).scheme == "https" or (case.in_table and case.source == TABLE)
        assert all(re.compile(pattern) for pattern in case.says)
