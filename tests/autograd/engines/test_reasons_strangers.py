"""Claims about engines in other styles: right engines are accepted, and mistakes in them are named."""

import pytest

from autograd import check_engine
from tests.helpers.strangers import STYLES, stranger
from tests.helpers.strangers_tried import TRIED
from tests.helpers.strangers_unseen import UNSEEN

CASES = {
    f"{half}: {name}": case for half, cases in (("tried", TRIED), ("unseen", UNSEEN)) for name, case in cases.items()
}
NOT_NAMED: set[str] = set()

OF_TWO_PARTS = {
    "tried: the logarithm of the exponent",
    "unseen: the result for its gradient in *",
    "unseen: both to the left in +",
}


@pytest.mark.parametrize("way", STYLES)
def test_right_engines_of_strangers_are_accepted(way):
    verdict = check_engine(stranger(way))
    assert verdict.agrees(), verdict.text
    assert verdict.why == ""


@pytest.mark.parametrize("case", CASES)
def test_what_strangers_do_wrong_is_found_and_named(case):
    """No other mistake is named: only OF_TWO_REASONS have two reasons, and only OF_TWO_PARTS a reason in two parts."""
    way, changes, said = CASES[case]
    verdict = check_engine(stranger(way, *changes))
    assert not verdict
    assert said in verdict.why
    assert "; or " not in verdict.why
    assert bool(verdict.why) is (case not in NOT_NAMED)
    assert verdict.why.count("; and ") == (case in OF_TWO_PARTS)


def test_nine_of_ten_are_named():
    assert len(NOT_NAMED) <= len(CASES) / 10
    assert min(len(TRIED), len(UNSEEN)) >= 15
