"""Claims about a row of the table: its texts, its short slopes, its pickle."""

import math
import pickle

import pytest

from autograd import floats, table
from autograd import operation as module
from autograd.operation import LETTERS, Op
from autograd.table import operation
from tests.helpers.edges import expected
from tests.helpers.operations import KNOWN, PROBES, ROWS, name, worth


def test_short_forms_are_what_a_teacher_writes():
    def form(op, *inputs, position=0):
        return operation(op).write_slope(inputs, "y", position)

    assert form("mul", "w", "x") == "x"
    assert form("mul", "w", "x", position=1) == "w"
    assert form("div", "p", "q", position=1) == "−y/q"
    assert form("pow", "x", 3.0) == "3·x²"
    assert form("pow", "x", 2.0) == "2·x"
    assert form("pow", "x", -1.0) == "−1·x⁻²"
    assert form("pow", "x", 0.5) == "0.5·x^−0.5"
    assert form("pow", "x", "n") == "n·x^(n−1)"
    assert form("pow", "x", "3") == "3·x^(3−1)", "a Value may be called 3; a label is no number"
    assert form("pow", "x", math.inf) == "inf·x^inf"
    assert form("pow", "x", 1e300) == "1e+300·x^1e+300"
    assert form("mul", "w", "inf") == "inf"
    assert form("sigmoid", "z") == "σ′(z)"
    assert form("log_sum_exp", "z₁", "z₂", position=1) == "exp(z₂ − y)"
    assert form("log_sum_exp", "z₁", 3.0, position=1) == "exp(3 − y)"
    assert form("log_sum_exp", "z") == "softmax(z)"
    assert form("dot", "w₁", "w₂", "a₁", "a₂", "b", position=1) == "a₂"
    assert form("dot", "w₁", "w₂", "a₁", "a₂", "b", position=2) == "w₁"
    assert form("dot", "w₁", "w₂", "a₁", "a₂", "b", position=4) == "1"


@pytest.mark.parametrize(("op", "at"), PROBES, ids=name)
def test_short_forms_are_the_slopes(op, at):
    y = op.forward(floats, *at)
    for i, slope in enumerate(expected(op, at)[1]):
        form = op.write_slope(LETTERS[: len(at)], "y", i).replace("leaky_relu′(a)", "leaky_relu′(a, b)")
        assert worth(form, at, y) == pytest.approx(slope, rel=1e-9, abs=1e-12), form


@pytest.mark.parametrize("op", ROWS, ids=name)
def test_the_words_of_each_row(op):
    names = ["p", "q", "r"][: len(op.slopes) or 2]
    slopes = [op.write_slope(names, "y", i) for i in range(len(names))]
    told = " | ".join([op.symbol, op.write(names), *slopes, *([op.needs] if op.needs else [])])
    assert told == KNOWN[op.name].words
    assert [form.format(a="p", b="q", c="r", y="y") for form in op.short] == (slopes if op.short else [])
    assert repr(op) == f"<operation {op.name}>"
    assert pickle.loads(pickle.dumps(op)) is op


def test_constants_are_written_as_people_write_them():
    assert operation("dot").write_slope(["w", 3.0, "a", 0.5, "b"], "z", 0) == "a"
    assert operation("dot").write_slope(["w", 3.0, "a", 0.5, "b"], "z", 3) == "3"
    assert operation("mul").write_slope(["w", 2.0], "y", 0) == "2"
    assert operation("mul").write(["w", 2.0]) == "w * 2"
    assert operation("maximum").write([0.25, "b"]) == "maximum(0.25, b)"


def test_what_a_row_is_made_of_is_imported_from_the_table_too():
    assert all(getattr(table, name) is getattr(module, name) for name in module.__all__)


def test_what_a_row_leaves_out():
    cube = Op("cube", lambda m, a: a * a * a, (lambda m, y, a: 3 * a * a,), ("3·{a}²",), ((1.0,),), "cube")
    assert (cube.needs, cube.called, cube.about, cube.edges, cube.branches) == ("", "", "", (), False)
    assert cube.write(["p"]) == "cube(p)"


def test_where_may_be_nan_and_have_chosen():
    assert operation("where").is_undecided(math.nan) is False
    assert operation("maximum").is_undecided(math.nan) is True
