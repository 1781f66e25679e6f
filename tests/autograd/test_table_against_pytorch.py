"""Claims against PyTorch: a thousand random graphs have its numbers and gradients; a wrong rule would fail."""

import math
from functools import partial

import pytest

from autograd import apply
from tests.campaigns import against_pytorch
from tests.campaigns.against_pytorch import Program, disagreement, main, survey
from tests.helpers.operations import KNOWN, ROWS, name

FLAT = {"floor_divide", "less", "less_equal", "greater", "greater_equal"}  # their slopes are 0


@pytest.fixture(autouse=True)
def _torch():
    pytest.importorskip("torch", reason="PyTorch (the extra 'oracle') is not installed")


@pytest.mark.no_cover  # it takes several times as long where lines are counted
def test_a_thousand_random_graphs():
    """`python -m tests.campaigns.against_pytorch 10000` tries ten thousand."""
    worst, wrong, met = survey(1000)
    assert wrong == []
    assert worst < 1e-12
    assert all(met[op.name] > 15_000 / len(ROWS) for op in ROWS)


def test_corners_and_ties_are_among_them():
    seen = set()
    for seed in range(1000):
        program = Program(seed)
        for op, operands in program.instructions:
            inputs = [program.numbers[k] if type(k) is int else k for k in operands]
            if op in ("relu", "abs", "leaky_relu", "where") and inputs[0] == 0.0:
                seen.add(op)
            if op in ("maximum", "minimum") and inputs[0] == inputs[1]:
                seen.add(op)
            if op == "pow" and inputs[0] <= 0.0:
                seen.add(op)
    assert seen == {"relu", "abs", "leaky_relu", "where", "maximum", "minimum", "pow"}


@pytest.mark.parametrize("op", [op for op in ROWS if op.name not in FLAT], ids=name)
def test_a_rule_that_is_off_by_a_billionth_is_found(op, monkeypatch):

    class Planted(type(op)):
        def slope(self, m, y, inputs, position):
            return op.slope(m, y, inputs, position) * (1 + 1e-9)

    monkeypatch.setitem(against_pytorch.TYPED, op.name, partial(apply, Planted(*op)))
    assert any(disagreement(Program(seed)) > against_pytorch.TOLERANCE for seed in range(300) if uses(seed, op))


def test_a_gradient_that_is_no_number_is_found(monkeypatch):
    monkeypatch.setattr(against_pytorch, "with_values", lambda program: (program.numbers[-1], [math.nan] * 9))
    monkeypatch.setattr(against_pytorch, "sizes", lambda program: [1.0] * 9)
    monkeypatch.setattr(against_pytorch, "with_pytorch", lambda program: (program.numbers[-1], [1.0] * 9))
    assert disagreement(Program(0)) == math.inf
    assert survey(1)[1] == [0]


def uses(seed, op):
    return op.name in {name for name, _ in Program(seed).instructions}


def test_the_command_says_what_it_found(capsys, monkeypatch):
    assert main("20") == 0
    assert "20 graphs of " in capsys.readouterr().out
    monkeypatch.setitem(against_pytorch.TYPED, "neg", lambda a: -a.detach())
    assert main("20", "100") == 1
    printed = capsys.readouterr().out
    assert "python -m tests.campaigns.against_pytorch 1 1" in printed
    counted = next(line for line in printed.splitlines() if line.count(", ") > 10)
    assert set(KNOWN) == {part.split()[0] for part in counted.split(", ")}
