"""Claims about the invented mistakes: the right gradients are right, and each wrong one gets its reason."""

import copy

import numpy as np
import pytest

from autograd import check_backward
from tests.campaigns.invented_mistakes import CASES
from tests.campaigns.judge_published import judge

UNEXPLAINED = {
    "softmax of the emissions for the marginals",
    "filtered, not smoothed marginals",
    "the slope at the end of the step",
    "dz for u in va's gradient",
    "F P Fᵀ on the way back too",
    "factors in the other order",
    "no gamma on the way back",
    "the last input at the bias, neurons in dicts",
    "x for x²",
    "σ² for σ³ of a bump",
}

ALL_THE_TIME = [pytest.mark.all_the_time]


def cost(case, inputs):
    return np.sum(case.forward(*inputs.values()) * (1.0 if case.upstream is None else case.upstream))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_right_gradients_are_rise_over_run(case):
    step = 1e-5
    for name, right in case.right().items():
        found = np.empty(case.inputs[name].shape)
        for at in np.ndindex(found.shape):
            sides = [copy.deepcopy(case.inputs) for _ in "+-"]
            for inputs, sign in zip(sides, (1, -1), strict=True):
                inputs[name][at] += sign * step
            found[at] = (cost(case, sides[0]) - cost(case, sides[1])) / (2 * step)
        np.testing.assert_allclose(right, found, rtol=1e-5, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("case", [pytest.param(case, marks=ALL_THE_TIME * (case.name in UNEXPLAINED), id=case.name)
                                  for case in CASES])  # fmt: skip
def test_the_wrong_gradients_get_their_reason(case):
    found = judge(check_backward, case)
    assert found.right_agrees
    assert not found.agrees
    assert found.is_explained(case.says) != (case.name in UNEXPLAINED), found.why


def test_each_has_its_own_name():
    names = [(case.name, case.forward.__name__) for case in CASES]
    assert len({*names}) == len(names)
    assert {name for name, _ in names} > UNEXPLAINED
