"""Claims about misuse: whatever is passed to the public API, it ends in a right number or a documented error."""

import pytest

from autograd import value
from tests.campaigns import fuzz
from tests.campaigns.fuzz import CALLS, attempt, main, survey


@pytest.mark.parametrize("call", CALLS)
def test_right_numbers_and_documented_errors(call):
    """`python -m tests.campaigns.fuzz 100000` tries many more."""
    findings, ends = survey(60, only=call)
    assert not findings, "\n".join(finding for _, finding in findings.values())
    assert ends[call, "a right number"] > 0, "a call that never succeeds shows little"


def test_what_is_no_documented_error_is_a_finding(monkeypatch, capsys):
    monkeypatch.setitem(fuzz.CALLS, "leaves", lambda rng: None.missing)
    assert "AttributeError" in attempt(1, "leaves")[2]
    assert main("3", "0", "leaves") == 1
    assert "3 calls, 1 findings" in capsys.readouterr().out


def test_a_wrong_number_is_a_finding(monkeypatch):
    monkeypatch.setattr(value.floats, "tanh", lambda a: 0.5)
    findings, _ = survey(300, only="operations")
    assert {end for _, end, _ in findings} == {"AssertionError"}
