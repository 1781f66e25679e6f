"""Claims about the table's rules in JavaScript."""

import math
import re

import pytest

from autograd.table import TABLE, Op
from viz.page.javascript import Code, rule


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_every_rule_writes_itself(op):
    arity = len(op.samples[-1])
    text = rule(op, arity, set(range(arity)))
    assert text.count("=>") == 1 + arity
    assert re.fullmatch(r"[\w\s{}()\[\],:;.+\-*/<>=?]*", text)


def test_a_rule_that_looks_at_its_data_is_told_so():
    looking = Op("looking", lambda m, a: a if a > 0 else -a, (lambda m, y, a: 1.0,), ("1",), ((1.0,),), "?")
    with pytest.raises(TypeError, match=r"where it says `if`, let it say m.where"):
        rule(looking, 1, {0})
    unknown = Op("unknown", lambda m, a: m.erf(a), (lambda m, y, a: 1.0,), ("1",), ((1.0,),), "?")
    with pytest.raises(TypeError, match=r"a page works unknown out in JavaScript by its rules; .*, where; got m.erf"):
        rule(unknown, 1, {0})


def test_numbers_as_javascript():
    for x, text in ((0.1, "0.1"), (1e-7, "1e-07"), (-2.0, "(-2)"), (-0.0, "(-0)"), (math.inf, "Infinity"),
                    (-math.inf, "(-Infinity)"), (math.nan, "NaN")):  # fmt: skip
        assert (Code("a") * x).text == f"(a * {text})"
