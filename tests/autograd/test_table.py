"""Claims about the table: every rule is right, in every mathematics, and a wrong one would be noticed."""

import math
import pickle

import numpy as np
import pytest

from autograd import Value, apply, floats, functions
from autograd.table import OPERATIONS, TABLE, operation
from tests.helpers.edges import expected
from tests.helpers.operations import CORNERS, PROBES, TYPED, Planted, in_sympy, name, worth
from tests.helpers.oracle import rise_over_run


def check_slopes(op, at):
    """Raise AssertionError where a slope is not the rise over the run."""
    y = op.forward(floats, *at)
    for i, x in enumerate(at):
        measured = rise_over_run(lambda moved, i=i: op.forward(floats, *at[:i], moved, *at[i + 1 :]), x)
        given = op.slope(floats, y, at, i)
        assert given == pytest.approx(measured, rel=1e-7, abs=1e-7 * max(1.0, abs(y))), (
            op.name,
            at,
            i,
            given,
            measured,
        )


@pytest.mark.parametrize(("op", "at"), PROBES, ids=name)
def test_local_derivative_is_rise_over_run(op, at):
    check_slopes(op, at)


def check_all_slopes(op):
    for at in op.samples:
        check_slopes(op, at)


@pytest.mark.parametrize("op", TABLE, ids=name)
@pytest.mark.parametrize(
    "wrong", [lambda d: d + 1e-3, lambda d: 1.01 * d + 1e-4, lambda d: -d - 1e-3], ids=["shifted", "scaled", "turned"]
)
def test_a_wrong_rule_in_any_row_is_caught(op, wrong):
    for position in range(len(op.samples[0])):
        planted = Planted(*op)
        planted.right, planted.wrong, planted.position = op, wrong, position
        with pytest.raises(AssertionError):
            check_all_slopes(planted)


@pytest.mark.parametrize("op", TABLE, ids=name)
def test_every_row_runs_on_arrays_as_on_floats(op):
    points = [at for at in (*op.samples, *op.edges) if len(at) == len(op.samples[-1])]
    columns = [np.array(column) for column in zip(*points, strict=True)]
    with np.errstate(all="ignore"):
        y = op.forward(np, *columns)
        assert np.shape(y) == columns[0].shape
        np.testing.assert_allclose(y, [op.forward(floats, *at) for at in points], rtol=1e-15)
        for i in range(len(columns)):
            slopes = np.broadcast_to(op.slope(np, y, columns, i), columns[0].shape)
            expected = [op.slope(floats, op.forward(floats, *at), at, i) for at in points]
            np.testing.assert_allclose(slopes, expected, rtol=1e-14)


@pytest.mark.parametrize(("op", "at"), PROBES, ids=name)
def test_every_row_runs_on_values_as_on_floats(op, at):
    values = [Value(x) for x in at]
    y = op.forward(functions, *values)
    assert float(y) == pytest.approx(op.forward(floats, *at), rel=1e-14, abs=1e-14)
    for i in range(len(at)):
        slope = op.slope(functions, y, values, i)
        assert float(slope) == pytest.approx(op.slope(floats, float(y), at, i), rel=1e-12, abs=1e-13)


@pytest.mark.parametrize(("op", "at"), PROBES, ids=name)
def test_rules_on_values_can_be_differentiated_again(op, at):
    for i in range(len(at)):
        values = [Value(x) for x in at]
        slope = op.slope(functions, apply(op, *values), values, i)
        if isinstance(slope, Value):
            slope.backward()

        def slope_at(x, i=i):
            moved = (*at[:i], x, *at[i + 1 :])
            return op.slope(floats, op.forward(floats, *moved), moved, i)

        assert values[i].grad == pytest.approx(rise_over_run(slope_at, at[i]), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(("op", "at"), PROBES + CORNERS, ids=name)
def test_the_engine_records_what_the_table_says(op, at):
    """Operators and methods have paths of their own; they give the table's very numbers."""
    values = [Value(x) for x in at]
    typed = TYPED[op.name](*values)
    assert typed.op is op
    assert typed.operands == tuple(values)
    assert typed.data == op.forward(floats, *at)
    assert typed.local_grads == tuple(op.slope(floats, typed.data, at, i) for i in range(len(at)))


@pytest.mark.parametrize("op", [op for op in TABLE if hasattr(functions, op.name)], ids=name)
def test_functions_are_the_methods(op):
    for at in op.samples:
        assert getattr(functions, op.name)(*map(Value, at)).data == TYPED[op.name](*map(Value, at)).data
        assert getattr(functions, op.name)(*at).data == op.forward(floats, *at)


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
    assert form("dot", "w₁", "w₂", "a₁", "a₂", "b", position=1) == "a₂"
    assert form("dot", "w₁", "w₂", "a₁", "a₂", "b", position=2) == "w₁"
    assert form("dot", "w₁", "w₂", "a₁", "a₂", "b", position=4) == "1"


@pytest.mark.parametrize(("op", "at"), [probe for probe in PROBES if probe[0].name != "dot"], ids=name)
def test_short_forms_are_the_slopes(op, at):
    y = op.forward(floats, *at)
    for i, slope in enumerate(expected(op, at)[1]):
        form = op.write_slope("ab"[: len(at)], "y", i).replace("leaky_relu′(a)", "leaky_relu′(a, b)")
        assert worth(form, at[0], at[-1], y) == pytest.approx(slope, rel=1e-9, abs=1e-12), form


def test_conventions_at_corners():
    def slopes(op, *at):
        return tuple(operation(op).slope(floats, operation(op).forward(floats, *at), at, i) for i in range(len(at)))

    assert slopes("relu", 0.0) == (0.0,)
    assert slopes("abs", 0.0) == (0.0,)
    assert slopes("maximum", 1.0, 1.0) == (0.5, 0.5)
    assert slopes("minimum", 1.0, 1.0) == (0.5, 0.5)
    assert slopes("leaky_relu", 0.0, 0.01)[0] == 0.01
    assert slopes("sqrt", 0.0) == (math.inf,)
    assert slopes("pow", 0.0, 0.0)[0] == 0.0
    assert slopes("pow", 0.0, 1.0)[0] == 1.0


@pytest.mark.parametrize(("op", "at"), PROBES + CORNERS, ids=name)
def test_slopes_are_pytorchs(op, at):
    torch = pytest.importorskip("torch", reason="PyTorch (the extra 'oracle') is not installed")
    inputs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in at]
    in_torch = {
        "neg": torch.neg,
        "abs": torch.abs,
        "leaky_relu": lambda a, b: torch.where(a > 0, a, b * a),
        "softplus": torch.nn.functional.softplus,
        "relu": torch.relu,
        "mod": torch.remainder,
        "floor_divide": lambda a, b: torch.floor(a / b),
        "dot": lambda *v: weighted_sum(v),
    }.get(op.name) or getattr(torch, op.name)
    y = in_torch(*inputs)
    y.backward()
    assert op.forward(floats, *at) == pytest.approx(y.item(), rel=1e-12, abs=1e-12)
    for i, leaf in enumerate(inputs):
        mine = op.slope(floats, op.forward(floats, *at), at, i)
        if op.name == "softplus" and at[0] > 20:  # PyTorch's softplus is linear there
            assert mine == pytest.approx(leaf.grad.item(), abs=1e-8)
        else:
            assert mine == pytest.approx(leaf.grad.item(), rel=1e-12, abs=1e-12)


def weighted_sum(v):
    n = len(v) // 2
    total = sum(w * a for w, a in zip(v[:n], v[n : 2 * n], strict=True))
    return total + v[-1] if len(v) % 2 else total


@pytest.mark.parametrize(("op", "at"), [probe for probe in PROBES if probe[0].name != "dot"], ids=name)
def test_slopes_are_sympys(op, at):
    sympy = pytest.importorskip("sympy", reason="sympy (the extra 'oracle') is not installed")
    a, b = sympy.symbols("a b", real=True)
    formula = in_sympy(op, a, b)
    numbers = {symbol: sympy.Float(x, 40) for symbol, x in zip((a, b), at, strict=False)}
    y = formula.subs(numbers).evalf(40)
    assert op.forward(floats, *at) == pytest.approx(float(y), rel=1e-14, abs=1e-300)
    for i, symbol in enumerate((a, b)[: len(at)]):
        exact = float(formula.diff(symbol).subs(numbers).evalf(40))
        # σ′ = y(1 − y) and tanh′ = 1 − y² lose digits to rounding where y is near 1; absolutely they are right
        assert op.slope(floats, float(y), at, i) == pytest.approx(exact, rel=1e-13, abs=1e-15)


WORDS = {  # a name: how it stands in a picture, in Python, and as a slope by each input; where it is defined
    "add": "+ | p + q | 1 | 1",
    "sub": "− | p - q | 1 | −1",
    "mul": "× | p * q | q | p",
    "div": "÷ | p / q | 1/q | −y/q | / needs a divisor other than 0, and a quotient that a float can hold",
    "pow": "^ | p ** q | q·p^(q−1) | y·ln(p) | ** needs a base above 0 (or below 0 with a whole exponent, or 0 with "
    "one that is not negative), and a power that a float can hold",
    "mod": "mod | p % q | 1 | −floor(p/q) | % needs a divisor other than 0, and an input that is not infinite",
    "floor_divide": "// | p // q | 0 | 0 | // needs a divisor other than 0, and an input that is not infinite",
    "maximum": "max | maximum(p, q) | [p > q] | [q > p]",
    "minimum": "min | minimum(p, q) | [p < q] | [q < p]",
    "neg": "− | -p | −1",
    "abs": "|·| | abs(p) | sign(p)",
    "exp": "exp | exp(p) | exp(p) | exp needs an input below 709.79, as its result is more than a float can hold "
    "otherwise",
    "log": "ln | log(p) | 1/p | log needs a positive input",
    "sqrt": "√ | sqrt(p) | 1/(2√p) | sqrt needs an input that is not negative",
    "sin": "sin | sin(p) | cos(p) | sin needs a finite input",
    "cos": "cos | cos(p) | −sin(p) | cos needs a finite input",
    "tanh": "tanh | tanh(p) | tanh′(p)",
    "sigmoid": "σ | sigmoid(p) | σ′(p)",
    "relu": "relu | relu(p) | relu′(p)",
    "leaky_relu": "leaky relu | leaky_relu(p, q) | leaky_relu′(p) | min(p, 0)",
    "softplus": "softplus | softplus(p) | σ(p)",
    "dot": "Σ w·a | dot(p, q) | q | p",
}


@pytest.mark.parametrize("op", TABLE, ids=name)
def test_the_words_of_each_row(op):
    names = ["p", "q"][: 2 if op.name == "dot" else len(op.slopes)]
    slopes = [op.write_slope(names, "y", i) for i in range(len(names))]
    told = " | ".join([op.symbol, op.write(names), *slopes, *([op.needs] if op.needs else [])])
    assert told == WORDS[op.name]
    assert [form.format(a="p", b="q", y="y") for form in op.short] == (slopes if op.short else [])
    assert repr(op) == f"<operation {op.name}>"
    assert pickle.loads(pickle.dumps(op)) is op


def test_constants_are_written_as_people_write_them():
    assert operation("dot").write_slope(["w", 3.0, "a", 0.5, "b"], "z", 0) == "a"
    assert operation("dot").write_slope(["w", 3.0, "a", 0.5, "b"], "z", 3) == "3"
    assert operation("mul").write_slope(["w", 2.0], "y", 0) == "2"
    assert operation("mul").write(["w", 2.0]) == "w * 2"
    assert operation("maximum").write([0.25, "b"]) == "maximum(0.25, b)"


def test_no_operation_of_that_name():
    with pytest.raises(KeyError, match=r"^.no operation is called 'sinh'; there are add, sub"):
        operation("sinh")


def test_the_table_has_every_operation_once():
    assert len(OPERATIONS) == len(TABLE)
    assert set(OPERATIONS) == set(TYPED)
