"""Claims about the functions that rules call: every mathematics has each of them."""

import numpy as np
import pytest

from autograd import Value, define_operation, explain, floats
from autograd.formulas.algebra import Name
from autograd.formulas.mathematics import FORMULAS
from autograd.operation import Op
from autograd.table import OPERATIONS, TABLE
from autograd.value import apply
from autograd.vocabulary import VALUES, WORDS
from nn.costs import COSTS
from nn.objective import GRAPH


@pytest.mark.parametrize("word", WORDS.values(), ids=lambda word: word.name)
def test_a_word_is_known_to_floats_values_and_numpy(word):
    assert callable(getattr(floats, word.name))
    assert callable(getattr(VALUES, word.name))
    assert word.operation in {"", *OPERATIONS}
    found = np
    for part in word.in_numpy().split("."):
        found = getattr(found, part)
    assert callable(found)


def test_a_word_is_listed_once():
    assert all(name == word.name for name, word in WORDS.items())
    operations = [word.operation for word in WORDS.values() if word.operation]
    assert len(operations) == len(set(operations))


class Listening:
    """A kind of m that records the functions that a rule uses."""

    def __init__(self, m):
        self.m, self.heard = m, set()

    def __getattr__(self, word):
        self.heard.add(word)
        return getattr(self.m, word)


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_every_word_that_a_row_speaks_is_listed(op):
    m, formulas = Listening(floats), Listening(FORMULAS)
    for at in (*op.samples, *op.edges):
        y = op.forward(m, *at)
        for i in range(len(at)):
            op.slope(m, y, at, i)
        names = [Name(f"x{i}", x) for i, x in enumerate(at)]
        for position, rule in enumerate(op.formulas):
            if rule is not None:
                rule(formulas, Name("y", y) if op.slopes else position, *names)
    assert m.heard <= set(WORDS)
    assert formulas.heard <= {*WORDS, "bracket", "call", "softmax"}


@pytest.mark.parametrize("cost", COSTS.values(), ids=lambda cost: cost.name)
def test_every_word_that_a_cost_speaks_is_listed_or_an_operation(cost):
    for a, y in (([0.3, -2.0], [1.0, 0.0]), ([-0.3, 2.0], [1.0, -1.0])):
        m = Listening(GRAPH)
        outputs = [Value(x) for x in a]
        cost.of(m, outputs, y)
        cost.nabla(m, outputs, y)
        assert m.heard <= {*WORDS, *OPERATIONS}


def test_an_operation_that_speaks_another_word_is_told_which_there_are():
    erf = define_operation("erf", lambda m, a: m.erf(a), lambda m, y, a: 1.0)
    with pytest.raises(AttributeError, match=r"^forward of erf uses m's abs, arccos, .* has no attribute 'erf'"):
        erf(Value(0.5))
    late = define_operation("late", lambda m, a: m.tanh(a), lambda m, y, a: m.sech(a) ** 2)
    with pytest.raises(AttributeError, match=r"^the slope of late by input 1 uses m's abs, .* has no attribute 'sech'"):
        late(Value(0.5))


def test_a_row_that_speaks_a_word_without_a_row_is_told_so_by_explain(monkeypatch):
    monkeypatch.setattr(floats, "wide", lambda a: 2.0 * a, raising=False)
    wide = Op("wide", lambda m, a: m.wide(a), (lambda m, y, a: 2.0 * m.wide(a) / m.wide(a),), ("2",), ((1.0,),), "wide")
    monkeypatch.setitem(OPERATIONS, "wide", wide)
    x = Value(0.5, "x")
    with pytest.raises(AttributeError, match=r"^a rule uses .*; got m\.wide, which is no row of autograd"):
        explain(apply(wide, x), x)
