"""Claims about the tables' rules in JavaScript; none of them needs a browser."""

import json
import math
import re
import shutil
import subprocess

import numpy as np
import pytest

from autograd import floats
from autograd.table import OPERATIONS, TABLE, Op
from autograd.vocabulary import WORDS, Word
from nn.costs import COSTS, Cost
from tests.helpers.pages import close
from viz.page.javascript import Code, cost_rules, mathematics, rule

CODE = re.compile(r"[\w\s{}()\[\],:;.+\-*/<>=?]*")
SAID = re.compile(r"\bm\.(\w+)")
NODE = shutil.which("node")


def brackets_match(text):
    left = []
    for character in text:
        if character in "([{":
            left.append(character)
        elif character in ")]}" and (not left or left.pop() + character not in ("()", "[]", "{}")):
            return False
    return not left


@pytest.mark.parametrize("word", WORDS.values(), ids=lambda word: word.name)
def test_every_word_has_its_javascript(word):
    """A row without JavaScript, or with a call of a missing function, fails here under its name."""
    assert re.fullmatch(r"Math\.\w+|\((\.\.\.)?\w+(, \w+)*\) => .+", word.javascript)
    assert brackets_match(word.javascript)
    assert set(SAID.findall(word.javascript)) <= set(WORDS)
    assert f"\n  {word.name}: {word.javascript},\n" in mathematics()


def test_a_word_without_javascript_is_told_by_its_name(monkeypatch):
    monkeypatch.setitem(WORDS, "erf", Word("erf", "", "erf", "", "erf"))
    with pytest.raises(ValueError, match=r"the vocabulary says no JavaScript for m\.erf"):
        mathematics()


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_every_rule_writes_itself(op):
    for at in op.samples:
        text = rule(op, len(at), set(range(len(at))))
        assert text.count("=>") == 1 + len(at)
        assert CODE.fullmatch(text)
        assert brackets_match(text)
        assert set(SAID.findall(text)) <= set(WORDS)


@pytest.mark.parametrize("cost", COSTS.values(), ids=lambda cost: cost.name)
@pytest.mark.parametrize("outputs", [1, 3])
def test_every_cost_writes_itself(cost, outputs):
    text = cost_rules(cost, outputs)
    assert text.count("=>") == 2 + bool(cost.squash)
    assert CODE.fullmatch(text)
    assert brackets_match(text)
    assert set(SAID.findall(text)) <= set(WORDS)


def node(expression):
    """Returns node's results of an expression with m. Numbers come as text, as JSON has no infinity."""
    script = f'"use strict";\n{mathematics()}\nconsole.log(JSON.stringify({expression}, (_, x) => '
    script += 'typeof x === "number" ? String(x) : x))'
    ran = subprocess.run([NODE], input=script, capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)


if NODE is not None:  # test_page.py does the same in a browser; here an error is found sooner, with the row's name

    @pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
    def test_every_rule_computes_what_the_table_does(op):
        for at in (*op.samples, *op.edges):
            x = json.dumps(at)
            written = rule(op, len(at), set(range(len(at))))
            calls = ", ".join(f"r.slopes[{i}](y, {x})" for i in range(len(at)))
            found = node(f"(() => {{ const r = {written}, y = r.forward({x}); return [y, {calls}]; }})()")
            y = op.forward(floats, *at)
            assert close(found, [y, *(op.slope(floats, y, at, i) for i in range(len(at)))])

    @pytest.mark.parametrize("cost", COSTS.values(), ids=lambda cost: cost.name)
    def test_every_cost_computes_what_its_record_does(cost):
        for a, y in (([0.3, -2.0, 50.0], [1.0, 0.0, 0.0]), ([1.0, 1.0], [1.0, -1.0]), ([-800.0], [1.0])):
            found = node(f"(() => {{ const c = {cost_rules(cost, len(a))}, a = {a}, y = {y};"
                         " return [c.of(a, y), ...c.nabla(a, y)]; })()")  # fmt: skip
            outputs, targets = np.array([a]).T, np.array([y]).T
            assert close(found, [*cost.costs(outputs, targets), *cost.gradients(outputs, targets).flat])


def test_a_rule_that_looks_at_its_data_is_told_so():
    looking = Op("looking", lambda m, a: a if a > 0 else -a, (lambda m, y, a: 1.0,), ("1",), ((1.0,),), "?")
    with pytest.raises(TypeError, match=r"use m.where in place of `if`"):
        rule(looking, 1, {0})
    unknown = Op("unknown", lambda m, a: m.erf(a), (lambda m, y, a: 1.0,), ("1",), ((1.0,),), "?")
    with pytest.raises(TypeError, match=r"a page works unknown out in JavaScript by its rules; .*; got m.erf"):
        rule(unknown, 1, {0})
    of_numbers = Cost("of numbers", lambda m, a, y: math.exp(a[0]), lambda m, a, y: a)
    with pytest.raises(TypeError, match=r"a page works of numbers out in JavaScript by its rules; they failed with"):
        cost_rules(of_numbers, 1)


def test_a_row_that_speaks_a_word_without_a_row_is_told_so(monkeypatch):
    """An operation that claims to be a function of the vocabulary, and is not."""
    wide = Op("wide", lambda m, a: m.wide(a), (lambda m, y, a: 1.0,), ("1",), ((1.0,),), "wide")
    monkeypatch.setitem(OPERATIONS, "wide", wide)
    with pytest.raises(TypeError, match=r"a page works wide out in JavaScript .* a rule uses .*; got m\.wide"):
        rule(wide, 1, {0})
    of_wide = Cost("of wide", lambda m, a, y: m.wide(a[0]), lambda m, a, y: a)
    with pytest.raises(TypeError, match=r"a page works of wide out .*; got m\.wide"):
        cost_rules(of_wide, 1)


def test_numbers_as_javascript():
    for x, text in ((0.1, "0.1"), (1e-7, "1e-07"), (-2.0, "(-2)"), (-0.0, "(-0)"), (math.inf, "Infinity"),
                    (-math.inf, "(-Infinity)"), (math.nan, "NaN")):  # fmt: skip
        assert (Code("a") * x).text == f"(a * {text})"
