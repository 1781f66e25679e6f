"""Claims about the judging of published mistakes: what counts as explained."""

from types import SimpleNamespace

import autograd
from tests.campaigns import judge_published
from tests.campaigns.published_mistakes import CASES

CASE = next(case for case in CASES if case.name == "tanh for its own slope")


def judged(agrees, why):
    def check_backward(forward, inputs, gradients, upstream=None):
        return SimpleNamespace(agrees=lambda: agrees, why=why)

    return judge_published.judge(check_backward, CASE)


def test_a_reason_counts_if_it_says_one_of_the_expected_words():
    assert judged(False, "the slope of TANH at z1 is missing").is_explained(CASE.says)
    assert not judged(False, "W1 is transposed").is_explained(CASE.says)
    assert not judged(False, "").is_explained(CASE.says)


def test_a_wrong_gradient_that_passes_is_not_explained():
    assert not judged(True, "the slope of tanh is missing").is_explained(CASE.says)


def test_an_error_is_told_and_the_rest_goes_on(monkeypatch, capsys):
    def check_backward(forward, inputs, gradients, upstream=None):
        raise ValueError("no such thing")

    monkeypatch.setattr(autograd, "check_backward", check_backward, raising=False)
    judge_published.main("recurrent")
    told = capsys.readouterr().out
    assert "ValueError: no such thing" in told
    assert "others: 0 of 8 explained (0%)" in told
    assert "right gradients said to be wrong: 8" in told
