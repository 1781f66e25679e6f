"""Claims about the rounding that is allowed: right passes in many forms agree, planted mistakes do not."""

from tests.campaigns import judge_rounding
from tests.campaigns.judge_rounding import main, survey


def test_right_passes_agree_and_mistakes_do_not():
    """`python -m tests.campaigns.judge_rounding 10000` tries many more."""
    right, wrong, _ = survey(150, first=40)
    assert len(right) > 40
    assert len(wrong) > 15
    assert [name for name, found in right.items() if max(found)[0] > 1.0] == []
    assert [name for name, found in wrong.items() if min(found)[0] <= 1.0] == []


def test_a_bound_that_is_too_small_or_too_large_is_found(monkeypatch, capsys):
    allowed = judge_rounding.allowed
    for factor, reported in ((1e-6, "0 misses"), (1e20, "0 false alarms")):
        monkeypatch.setattr(
            judge_rounding,
            "allowed",
            lambda *given, factor=factor: {key: factor * most for key, most in allowed(*given).items()},
        )
        assert main("20") == 1
        assert reported in capsys.readouterr().out
