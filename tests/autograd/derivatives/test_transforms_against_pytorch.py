"""Claims against PyTorch at edges and ties: values and three derivatives of random programs."""

import pytest

from autograd.derivatives import linearize, sweeps
from tests.campaigns import derivatives_against_pytorch
from tests.campaigns.derivatives_against_pytorch import PASSED_ON, Program, main, survey, verdict


@pytest.fixture(autouse=True)
def _torch():
    pytest.importorskip("torch", reason="PyTorch (the extra 'oracle') is not installed")


def test_six_hundred_random_programs():
    """`python -m tests.campaigns.derivatives_against_pytorch 10000` tries ten thousand."""
    met, wrong = survey(600)
    assert wrong == {}
    assert met["same"] > 550
    assert met["a further derivative where a slope is infinite, or has no limit"] > 3


def test_a_branch_that_passes_a_0_on_is_found(monkeypatch):
    seeds = [1829, 2522, 3564]  # a 0 meets an infinite slope there
    assert [verdict(Program(seed)) for seed in seeds] == [PASSED_ON] * 3
    for module in (sweeps, linearize):
        monkeypatch.setattr(module, "_is_taken", lambda *_: True)
    assert all(not isinstance(verdict(Program(seed)), str) for seed in seeds)


def test_the_command_says_what_it_found(capsys, monkeypatch):
    assert main("30") == 0
    assert "     0 wrong" in capsys.readouterr().out
    monkeypatch.setitem(derivatives_against_pytorch.TYPED, "sin", lambda a: a.cos())
    assert main("30") == 1
    assert "order 0" in capsys.readouterr().out
