"""Claims about the tables of costs, activations and functions of rules: each record has a row."""

import re
from html import unescape

import numpy as np
import pytest

from autograd import vocabulary
from demos import record_tables
from nn import activations, costs


def rows(table):
    """Returns the texts of each row's cells, by the row's name."""
    found = re.findall(r'<tr id="([\w-]+)">(.*?)</tr>', table, re.S)
    return {
        name: [unescape(re.sub(r"<[^>]*>", "", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", cells, re.S)]
        for name, cells in found
    }


def test_every_cost_has_a_row():
    found = rows(record_tables.costs())
    assert list(found) == list(costs.COSTS)
    assert found["quadratic"] == ["quadratic", "½ ‖y − a‖²", "a − y", "any numbers", "any"]
    assert found["softmax_cross_entropy"][-1] == "linear: the cost applies softmax itself"


def test_every_activation_has_a_row():
    found = rows(record_tables.activations())
    assert list(found) == list(activations.ACTIVATIONS)
    assert found["linear"] == ["linear", "z", "1", ""]
    assert found["tanh"] == ["tanh", "tanh(z)", "1−a2", "1"]


def test_every_word_has_a_row():
    found = rows(record_tables.words())
    assert list(found) == [f"m-{name}" for name in vocabulary.WORDS]
    assert found["m-log"] == ["m.log", "log", "ln", "np.log", "Math.log"]


def test_what_is_added_is_listed(monkeypatch):
    quartic = costs.Cost(
        "quartic",
        of=lambda m, a, y: sum((aj - yj) ** 4 for aj, yj in zip(a, y, strict=True)),
        nabla=lambda m, a, y: [4 * (aj - yj) ** 3 for aj, yj in zip(a, y, strict=True)],
        nabla_written="4 (a − y)³",
    )
    monkeypatch.setitem(costs.COSTS, "quartic", quartic)
    monkeypatch.setitem(activations.ACTIVATIONS, "sin", activations.Activation(np.sin, np.cos))
    assert rows(record_tables.costs())["quartic"][2] == "4 (a − y)³"
    assert rows(record_tables.activations())["sin"] == ["sin", "sin(z)", "cos(z)", ""]


@pytest.mark.parametrize("name", activations.ACTIVATIONS)
def test_an_activations_formulas_are_its_numbers(name):
    """The arrays' activation is written by hand, and its formulas come from the table's row."""
    sympy = pytest.importorskip("sympy", reason="sympy is not installed")
    written, slope = record_tables.formulas_of(name)
    z = sympy.Symbol("z", real=True)
    for at in (-1.7, 0.4, 2.5):
        a = sympy.N(written.sympy().subs({z: at}))
        record = activations.ACTIVATIONS[name]
        assert float(a) == pytest.approx(float(record.of(np.array(at))), rel=1e-12)
        found = float(slope.sympy().subs({z: at, sympy.Symbol("a", real=True): a}))
        assert found == pytest.approx(float(record.slope(np.array(at))), rel=1e-12)
