"""Claims about how operations and their results are written: as they were recorded, without simplification."""

import pytest

from autograd import Value, apply, arctan2, define_operation, dot, expm1, log1p, log_sum_exp, maximum, tan, where
from autograd.table import TABLE
from viz import draw
from viz.look import escape
from viz.wording import computed, symbol, term


@pytest.mark.parametrize(
    ("made", "circle"),
    [
        (lambda x: x * 2, "× 2"),
        (lambda x: 2 * x, "× 2"),
        (lambda x: x + 1, "+ 1"),
        (lambda x: 1 + x, "+ 1"),
        (lambda x: x - 1, "− 1"),
        (lambda x: 1 - x, "1 − ·"),
        (lambda x: x / 3, "÷ 3"),
        (lambda x: 1 / x, "1 ÷ ·"),
        (lambda x: x**3, "(·)³"),
        (lambda x: x**-1, "(·)⁻¹"),
        (lambda x: x**0.5, "(·)^0.5"),
        (lambda x: 2**x, "2^(·)"),
        (lambda x: x**x, "^"),
        (lambda x: -x, "−"),
        (lambda x: maximum(x, 0), "max(·, 0)"),
        (lambda x: x.leaky_relu(), "leaky relu(·, 0.01)"),
        (lambda x: x.sigmoid(), "σ"),
        (lambda x: x.relu(), "relu"),
        (lambda x: dot([x, 2], [1, x], 3), "Σ w·a + b"),
        (lambda x: dot([x], [x]), "Σ w·a"),
        (lambda x: x * 1e-9, "× 1e−09"),
        (lambda x: tan(x), "tan"),
        (lambda x: log1p(x), "ln(1 + ·)"),
        (lambda x: expm1(x), "exp(·) − 1"),
        (lambda x: arctan2(x, -1), "arctan2(·, −1)"),
        (lambda x: where(1.0, x, 2), "where(1, ·, 2)"),
        (lambda x: where(x, x, x), "where"),
        (lambda x: log_sum_exp([x, 1]), "ln Σ exp(·, 1)"),
        (lambda x: log_sum_exp([x, x, x]), "ln Σ exp"),
    ],
)
def test_constants_stand_inside_their_operation(made, circle):
    source = draw(made(Value(0.75, "x"))).source
    assert f"o2 [label=<{circle}> shape=ellipse]" in source


@pytest.mark.parametrize(
    ("made", "written", "numbers"),
    [
        (lambda x, v: x + 0, "x + 0", "x[0] + 0"),
        (lambda x, v: x * 0, "x · 0", "x[0] · 0"),
        (lambda x, v: x / 3, "x / 3", "x[0] / 3"),
        (lambda x, v: 2 / x, "2 / x", "2 / x[1]"),
        (lambda x, v: x**1, "x¹", "x[0]¹"),
        (lambda x, v: x**0.5, "x^0.5", "x[0]^0.5"),
        (lambda x, v: x**-2, "x⁻²", "x[0]⁻²"),
        (lambda x, v: x**v, "x^(a+b)", "x[0]^x[1]"),
        (lambda x, v: x * -1, "x · (−1)", "x[0] · (−1)"),
        (lambda x, v: x - x, "x − x", "x[0] − x[1]"),
        (lambda x, v: v * x, "(a+b) · x", "x[0] · x[1]"),
        (lambda x, v: 0.5 * x, "0.5 · x", "0.5 · x[1]"),
        (lambda x, v: -x, "−x", "−x[0]"),
        (lambda x, v: abs(x), "|x|", "|x[0]|"),
        (lambda x, v: x.sqrt(), "√(x)", "√(x[0])"),
        (lambda x, v: x.log(), "ln(x)", "ln(x[0])"),
        (lambda x, v: x.leaky_relu(), "leaky relu(x, 0.01)", "leaky relu(x[0], 0.01)"),
        (lambda x, v: maximum(x, v), "max(x, (a+b))", "max(x[0], x[1])"),
        (lambda x, v: dot([x, -2], [v, v], x), "x · (a+b) + (−2) · (a+b) + x", "x[0] · x[2] + (−2) · x[3] + x[4]"),
        (lambda x, v: dot([x], [v], -2), "x · (a+b) + (−2)", "x[0] · x[1] + (−2)"),
        (lambda x, v: 2**x, "2^x", "2^x[1]"),
        (lambda x, v: x // v, "x // (a+b)", "x[0] // x[1]"),
        (lambda x, v: tan(x), "tan(x)", "tan(x[0])"),
        (lambda x, v: log1p(v), "ln(1 + (a+b))", "ln(1 + x[0])"),
        (lambda x, v: expm1(x), "exp(x) − 1", "exp(x[0]) − 1"),
        (lambda x, v: where(x, v, -1), "where(x, (a+b), −1)", "where(x[0], x[1], −1)"),
        (lambda x, v: log_sum_exp([x, v, 0]), "ln Σ exp(x, (a+b), 0)", "ln Σ exp(x[0], x[1], 0)"),
    ],
)
def test_what_was_computed_is_written_as_it_was(made, written, numbers):
    """Nothing is simplified: it is the operation in the circle."""
    value = made(Value(2.0, "x"), Value(3.0, "a+b"))
    parents = {i: v for i, v in enumerate(value.operands) if isinstance(v, Value)}
    assert computed(value, {i: term(v.label) for i, v in parents.items()}) == written
    assert computed(value, {i: f"x[{i}]" for i in parents}) == numbers


def test_an_operation_of_ones_own_is_written_by_its_symbol():
    length = define_operation(
        "length",
        lambda m, a, b: m.sqrt(a * a + b * b),
        [lambda m, y, a, b: a / y, lambda m, y, a, b: b / y],
        symbol="‖·‖",
    )
    value = length(Value(3.0, "x"), 4.0)
    assert symbol(value, value.op) == "‖·‖(·, 4)"
    assert computed(value, {0: "x"}) == "‖x, 4‖"


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_every_operation_is_drawn_with_its_slopes_and_melts(op):
    inputs = [Value(x, f"x{i}") for i, x in enumerate(op.samples[-1])]
    y = apply(op, *inputs)
    y.label = "y"
    y.backward()
    whole, melted = (draw(y, melt=melt).source for melt in (False, True))
    assert f"o{len(inputs) + 1} [label=<{escape(symbol(y, op))}> shape=ellipse]" in whole
    for i in range(len(inputs)):
        form = op.write_slope([v.label for v in inputs], "y", i)
        assert escape(form) in whole, form
    assert melted.count(" -> ") >= 1 + sum(v.grad != 0.0 for v in inputs)
