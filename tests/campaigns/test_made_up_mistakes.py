"""Claims about the made-up mistakes: the right gradients agree, and the reasons name the mistakes."""

import numpy as np
import pytest

from autograd import check_backward
from tests.campaigns.judge_published import judge
from tests.campaigns.made_up_mistakes import CASES

UNEXPLAINED = {
    "softmax of the emissions for the marginals",
    "filtered, not smoothed marginals",
    "the slope at the end of the step",
    "dz for u in va's gradient",
    "F P Fᵀ on the way back too",
    "factors in the other order",
    "no gamma on the way back",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_right_gradients_agree_and_the_wrong_ones_differ(case):
    right, wrong = case.right(), case.wrong()
    assert check_backward(case.forward, case.inputs, right, upstream=case.upstream).agrees()
    assert any(np.abs(wrong[name] - right[name]).max() > 1e-3 * np.abs(right[name]).max() for name in right)


@pytest.mark.parametrize("case", [c for c in CASES if c.name not in UNEXPLAINED], ids=lambda case: case.name)
def test_the_reason_names_the_mistake(case):
    found = judge(check_backward, case)
    assert found.is_explained(case.says), found.why


def test_each_has_its_own_name():
    assert len({case.name + case.forward.__name__ for case in CASES}) == len(CASES)
    assert {case.name for case in CASES} > UNEXPLAINED
