"""Claims against PyTorch at edges and ties: values and three derivatives of random programs."""

from types import SimpleNamespace

import pytest

from autograd.derivatives import linearize, sweeps
from tests.campaigns import derivatives_against_pytorch
from tests.campaigns.derivatives_against_pytorch import PASSED_ON, main, survey, verdict


@pytest.fixture(autouse=True)
def _torch():
    pytest.importorskip("torch", reason="PyTorch (the extra 'oracle') is not installed")


@pytest.mark.no_cover  # under coverage it takes several times as long
def test_six_hundred_random_programs():
    """`python -m tests.campaigns.derivatives_against_pytorch 10000` tries ten thousand."""
    met, wrong = survey(600)
    assert wrong == {}
    assert met["same"] > 550
    assert met["a further derivative where a slope is infinite, or has no limit"] > 3


A_0_MEETS_AN_INFINITE_SLOPE = [  # leaves, and instructions
    ([0.0], [("sqrt", [0]), ("sub", [1, 1.0]), ("relu", [2])]),
    ([0.0, 3.0], [("sqrt", [0]), ("maximum", [2, 1])]),
    ([0.0, 3.0], [("sqrt", [0]), ("where", [1, 1, 2])]),
]


@pytest.mark.parametrize(("leaves", "instructions"), A_0_MEETS_AN_INFINITE_SLOPE)
def test_a_branch_that_passes_a_0_on_is_found(leaves, instructions, monkeypatch):
    program = SimpleNamespace(leaves=leaves, instructions=instructions, numbers=[*leaves, *[1.0] * len(instructions)])
    assert verdict(program) == PASSED_ON
    for module in (sweeps, linearize):
        monkeypatch.setattr(module, "_is_taken", lambda *_: True)
    assert not isinstance(verdict(program), str)


def test_the_command_says_what_it_found(capsys, monkeypatch):
    assert main("30") == 0
    assert "     0 wrong" in capsys.readouterr().out
    monkeypatch.setitem(derivatives_against_pytorch.TYPED, "sin", lambda a: a.cos())
    assert main("30") == 1
    assert "order 0" in capsys.readouterr().out
