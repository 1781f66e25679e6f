"""Claims about the reference's table of operations: its formulas are right, by sympy and by finite differences."""

import re

import pytest

from autograd import floats
from autograd.table import OPERATIONS, TABLE, Op
from demos.operation_table import Cases, corners, formulas, html
from tests.helpers.oracle import rise_over_run

POINTS = [(op, at) for op in TABLE for at in op.samples[::2] if len(at) == len(op.samples[-1])]


@pytest.mark.parametrize(("op", "at"), POINTS, ids=str)
def test_its_formulas_are_the_numbers(op, at):
    """The written y and each written derivative are evaluated by sympy."""
    sympy = pytest.importorskip("sympy", reason="sympy is not installed")
    written, slopes = formulas(op)
    inputs = {sympy.Symbol(name, real=True): sympy.Rational(number) for name, number in zip(slopes, at, strict=True)}
    y = sympy.N(written.sympy().subs(inputs), 40)  # exact inputs, as sums may cancel
    assert float(y) == pytest.approx(op.forward(floats, *at), rel=1e-12, abs=1e-300)
    for i, slope in enumerate(slopes.values()):
        found = float(slope.sympy().subs({**inputs, sympy.Symbol("y", real=True): y}))
        rise = rise_over_run(lambda x, i=i: op.forward(floats, *at[:i], x, *at[i + 1 :]), at[i])
        assert found == pytest.approx(rise, rel=1e-6, abs=1e-9)


def test_a_where_becomes_cases():
    _, slopes = formulas(OPERATIONS["maximum"])
    assert isinstance(slopes["a"], Cases)
    assert [(c.one.text, c.sign, c.other.text, f.text) for c, f in slopes["a"].branches] == [
        ("a", ">", "b", "1"), ("a", "<", "b", "0")]  # fmt: skip
    assert slopes["a"].otherwise.text == "0.5"
    page = html([OPERATIONS["maximum"]])
    shown = re.findall(r'<span class="cases"><span>(<math>.*?)</span>', page)
    assert shown == [slope.branches[0][1].mathml for slope in slopes.values()]
    assert f"<span>if {slopes['a'].branches[0][0].one.mathml} &gt; " in page


def test_formulas_as_a_student_writes_them():
    def written(name):
        y, slopes = formulas(OPERATIONS[name])
        return [f.text for f in (y, *slopes.values())]

    assert written("pow") == ["a^b", "b · a^(b − 1)", "y · ln(a)"]
    assert written("sigmoid") == ["1/(1 + exp(−a))", "y · (1 − y)"]
    assert written("tanh") == ["tanh(a)", "1 − y²"]
    assert written("dot") == ["w₁ · a₁ + w₂ · a₂ + b", "a₁", "a₂", "w₁", "w₂", "1"]


def test_corners_are_told():
    assert corners(OPERATIONS["relu"]) == ["at a = 0: y = 0, ∂y/∂a = 0"]
    assert corners(OPERATIONS["maximum"]) == ["at a = 1, b = 1: y = 1, ∂y/∂a = 0.5, ∂y/∂b = 0.5"]
    assert corners(OPERATIONS["sqrt"]) == ["at a = 0: y = 0, ∂y/∂a = inf"]


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_zero_has_no_sign(op):
    assert "−0," not in f"{', '.join(corners(op))},"


def test_a_choice_calls_its_condition_so():
    assert corners(OPERATIONS["where"]) == [
        "at condition = 0, a = 2, b = 3: y = 3, ∂y/∂condition = 0, ∂y/∂a = 0, ∂y/∂b = 1"
    ]
    assert "where(condition, a, b)" in html([OPERATIONS["where"]])


def test_calls_are_as_they_are_typed():
    page = html([OPERATIONS["log_sum_exp"], OPERATIONS["sin"], OPERATIONS["exp"], OPERATIONS["log"]])
    assert "<code>log_sum_exp([a, b])</code>" in page
    assert re.findall(r'<b>(\w+)</b>(?: <span class="symbol">(.*?)</span>)?', page) == [
        ("log_sum_exp", "ln Σ exp"), ("sin", ""), ("exp", ""), ("log", "ln")]  # fmt: skip


def test_text_is_data():
    odd = OPERATIONS["add"]._replace(needs="a < b & c", symbol="<b>")
    assert "a &lt; b &amp; c" in html([odd])
    assert "&lt;b&gt;" in html([odd])


def test_a_row_that_is_added_is_listed():
    cube = Op("cube", lambda m, a: a * a * a, (lambda m, y, a: 3 * a * a,), ("3{a}²",), ((2.0,),), "(·)³")
    y, slopes = formulas(cube)
    assert [y.text, slopes["a"].text] == ["a³", "3 · a²"]
    assert '<tr id="cube"><td data-column="operation"><b>cube</b>' in html([*TABLE, cube])
