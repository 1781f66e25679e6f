"""Claims about further mistakes in engines of strangers: each is found, and named rightly or not at all."""

import re

import pytest

from autograd import check_engine
from tests.helpers.strangers import stranger
from tests.helpers.strangers_anew import ANEW
from tests.helpers.strangers_further import FIRST, SECOND

CASES = {**FIRST, **SECOND, **ANEW}


@pytest.mark.parametrize("case", CASES)
def test_a_further_mistake_is_found_and_named(case):
    way, changes, said = CASES[case]
    verdict = check_engine(stranger(way, *changes))
    assert not verdict
    assert re.search(said, verdict.why) if said else verdict.why == ""


def test_nine_of_ten_are_named():
    assert len(CASES) == len(FIRST) + len(SECOND) + len(ANEW)
    assert sum(not said for *_, said in CASES.values()) <= len(CASES) / 10
