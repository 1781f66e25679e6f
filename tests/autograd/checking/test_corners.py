"""Claims about check_grads at corners and jumps: it names them, also if both sides cancel, and names nothing else."""

import math
import random
import re
import sys

import pytest

from autograd import DerivativeError, DomainError, Value, apply, check_grads, define_operation, dot, functions
from autograd.functions import leaky_relu, maximum, minimum, relu
from autograd.table import TABLE

own_abs = define_operation("own_abs", lambda m, a: m.where(a > 0, a, -a), lambda m, y, a: m.sign(a))
huber = define_operation("own_huber", lambda m, a: m.where(m.abs(a) < 1, 0.5 * a * a, m.abs(a) - 0.5),
                         lambda m, y, a: m.where(m.abs(a) < 1, a, m.sign(a)))  # fmt: skip
signed_square = define_operation("signed_square", lambda m, a: a * m.abs(a), lambda m, y, a: 2 * a * m.sign(a))
own_step = define_operation("own_step", lambda m, a: m.where(a >= 0, 1.0, 0.0), lambda m, y, a: 0.0)

CORNERS = [  # a function, where, the slopes on the left and on the right by its first input, and what has the corner
    (abs, (0.0,), -1, 1, "abs(0.0)"),
    (abs, (-0.0,), -1, 1, "abs(-0.0)"),
    (relu, (0.0,), 0, 1, "relu(0.0)"),
    (leaky_relu, (0.0,), 0.01, 1, "leaky_relu(0.0, 0.01)"),
    (maximum, (1.0, 1.0), 0, 1, "maximum(1.0, 1.0)"),
    (minimum, (-2.0, -2.0), 1, 0, "minimum(-2.0, -2.0)"),
    (lambda x: abs(x) + x**2, (0.0,), -1, 1, "abs(0.0)"),
    (lambda x, y: abs(x - y), (0.3, 0.3), -1, 1, "abs(0.0)"),
    (lambda x: maximum(x, x * x), (1.0,), 1, 2, "maximum(1.0, 1.0)"),
    (lambda x: minimum(maximum(x, 0.0), 1.0), (1.0,), 1, 0, "minimum(1.0, 1.0)"),
    (lambda x: minimum(maximum(x, 0.0), 1.0), (0.0,), 0, 1, "maximum(0.0, 0.0)"),
    (lambda x: abs(relu(x)), (0.0,), 0, 1, "relu(0.0)"),
    (lambda x: 1e6 + x * x + 1e-7 * abs(x), (0.0,), -1e-7, 1e-7, "abs(0.0)"),
    (lambda x: own_abs(x - 3) * x, (3.0,), -3, 3, "own_abs(0.0)"),
    (lambda x: abs((x % 2.0) - 1.0), (3.0,), -1, 1, "abs(0.0)"),
    (lambda x: dot([relu(x), 3.0], [2.0, 1.0]), (0.0,), 0, 2, "relu(0.0)"),
]


@pytest.mark.parametrize(("f", "at", "left", "right", "origin"), CORNERS)
def test_a_corner_is_named_with_both_slopes_and_its_operation(f, at, left, right, origin):
    with pytest.raises(DerivativeError) as caught:
        check_grads(f, at)
    *_, said, came = str(caught.value).splitlines()
    assert came == f"the corner is that of {origin}"
    slopes = re.search(r"a corner or an end \(slope (\S+) on its left, (\S+) on its right\): check beside it", said)
    assert [float(slopes[1]), float(slopes[2])] == pytest.approx([left, right])
    for h in (1e-5, -1e-5):
        check_grads(f, tuple(x + h * (1 + abs(x)) * (i == 0) for i, x in enumerate(at)), order=1)


@pytest.mark.parametrize(
    ("f", "at", "left", "right"),
    [
        (lambda x: x * abs(x), 0.0, -2, 2),
        (lambda x: relu(x) ** 2, 0.0, 0, 2),
        (lambda x: x * maximum(x, -x), 0.0, -2, 2),
        (huber, 1.0, 1, 0),
        (signed_square, 0.0, -2, 2),
    ],
)
def test_a_corner_of_the_first_derivative_is_one_for_the_second(f, at, left, right):
    check_grads(f, at, order=1)
    with pytest.raises(DerivativeError, match=r"∂².*is asked for at a corner") as caught:
        check_grads(f, at)
    slopes = re.search(r"\(slope (\S+) on its left, (\S+) on its right\)", str(caught.value))
    assert [float(slopes[1]), float(slopes[2])] == pytest.approx([left, right], abs=1e-6)


def test_a_corner_is_named_among_many_inputs():
    def f(v):
        return sum(a * a for a in v) + abs(v[3] - v[17]) + sum(relu(a) for a in v)

    at = [1.5 if i in (3, 17) else 0.1 * (i + 1) for i in range(20)]
    with pytest.raises(DerivativeError) as caught:
        check_grads(f, at)
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0].strip() for line in lines[1:3]] == ["∂f/∂v[3]", "∂f/∂v[17]"]
    assert "analytic 4, numeric 3 on its left, 5 on its right  (in every mode)" in lines[1]
    assert lines[-1] == "the corner is that of abs(0.0)"


SMOOTH = [
    (lambda x: x**2, 0.0),
    (lambda x: x**3, 0.0),
    (lambda x: abs(x) ** 3, 0.0),
    (lambda x: maximum(x, x), 1.0),
    (lambda x: (1e8 * x).softplus() / 1e8, 0.0),
    (lambda x: (1e8 * x).tanh() / 1e8 + x, 0.0),
    (lambda x: (1e8 * (x - 1)).tanh() / 1e8 + x, 1.0),
    (lambda x: 1e6 + (1e8 * x).softplus() / 1e8, 0.0),
    (lambda x: relu(x * 0.0) + x, 1.0),
    (lambda x: 1e-8 * abs(x - 1e8) + x, 1e8),  # by less than tol
    (lambda x: x % 1.0 + x // 1.0, 3.0),
    (lambda x: abs(x) - abs(-x) + x, 0.0),
    (lambda x: (x + 1e6) - 1e6, 0.3),
    (huber, 0.0),
    (lambda x: functions.log_sum_exp([x, -x, 0.0]), 0.0),
    (lambda x: functions.arctan2(x, 1.0), 0.0),
    (lambda x: functions.where(x > 0, x, 2 * x), 1e-3),
]


@pytest.mark.parametrize(("f", "x"), SMOOTH)
def test_what_is_smooth_is_no_corner(f, x):
    check_grads(f, x)


def test_a_smooth_sum_of_corners_is_wrong_by_convention_and_said_so():
    """relu(x) − relu(−x) is x, and both slopes are taken as 0 at 0."""
    with pytest.raises(
        DerivativeError, match=r"relu\(0\.0\) is at a corner or an end, where its slope is a convention"
    ):
        check_grads(lambda x: relu(x) - relu(-x), 0.0)


def test_branches_in_python_are_told_by_their_slopes():
    with pytest.raises(DerivativeError, match=r"at a corner or an end \(slope -1 on its left, 1 on its right\)"):
        check_grads(lambda x: x if x > 0 else -x, 0.0)
    with pytest.raises(DerivativeError, match=r"at a corner or an end \(slope 0 on its left, 1 on its right\)"):
        check_grads(lambda v: max(v[0], v[1]), [1.0, 1.0])
    with pytest.raises(DerivativeError, match=r"at a corner or an end \(slope -1 on its left, 2 on its right\)"):
        check_grads(lambda x: functions.where(x > 0, 2 * x, -x), 0.0)


def test_ends_are_told_from_wrong_rules():
    with pytest.raises(DerivativeError, match=r"an end \(slope nan on its left"):
        check_grads(functions.sqrt, 0.0)
    with pytest.raises(DerivativeError, match=r"an end \(slope 0\.5 on its left, nan on its right\)"):
        check_grads(lambda x: x * 0.5, sys.float_info.max)
    with pytest.raises(DerivativeError, match=r"a corner .*slope -1 on its left, 1 on its right") as caught:
        check_grads(lambda x: (x * x).sqrt(), 0.0)
    assert "the rule of" not in str(caught.value)


@pytest.mark.parametrize(
    ("f", "x", "left", "right", "origin"),
    [
        (lambda x: x % 1.0, 3.0, 1, 0, "3.0 % 1.0"),
        (lambda x: x // 1, 3.0, 2, 3, "3.0 // 1.0"),
        (lambda x: own_step(x - 2) * x, 2.0, 0, 2, "own_step(0.0)"),
        (lambda x: math.floor(x.data), 1.0, 0, 1, None),
        (lambda x: functions.arctan2(x, -1.0) / math.pi, 0.0, -1, 1, "arctan2(0.0, -1.0)"),
    ],
)
def test_a_jump_is_named_with_both_values_and_its_operation(f, x, left, right, origin):
    with pytest.raises(DerivativeError, match="do not settle mean a jump") as caught:
        check_grads(f, x)
    values = re.search(r"jumps here, from (\S+) on its left to (\S+) on its right: check beside it", str(caught.value))
    assert [float(values[1]), float(values[2])] == pytest.approx([left, right], abs=1e-6)
    assert (f"the jump is that of {origin}" in str(caught.value)) == (origin is not None)
    assert "the rule of" not in str(caught.value)
    check_grads(f, x + 0.25)


def test_corners_in_random_functions_are_found_where_they_are_made():
    """f smooth, c a corner of a known size: f + c passes only where c's input is not at 0."""
    drawn = random.Random(7)
    for _ in range(40):
        x, y = drawn.uniform(-2, 2), drawn.uniform(-2, 2)
        scale = 10.0 ** drawn.uniform(-3, 3)
        cornered = drawn.choice([abs, relu, own_abs, lambda a: leaky_relu(a, 0.2), lambda a: maximum(a, 2 * a)])

        def f(v, x=x, scale=scale, cornered=cornered):
            return (v[0] * v[1]).sin() + v[1].exp() + scale * cornered(v[0] - x)

        check_grads(f, [x + 0.01, y])
        with pytest.raises(DerivativeError, match=r"∂f/∂v\[0\] is asked for at a corner"):
            check_grads(f, [x, y])


@pytest.mark.parametrize("op", [op for op in TABLE if op.edges and op.name in ("abs", "maximum", "minimum", "relu")])
def test_every_tie_of_the_table_is_a_corner(op):
    for at in op.edges:
        if all(map(math.isfinite, at)):
            with pytest.raises(DerivativeError, match=f"the corner is that of {op.name}"):
                check_grads(lambda *v: functions.each(op, *v), at)


FINITE_EDGES = [(op, at) for op in TABLE for at in op.edges if all(map(math.isfinite, at))]


@pytest.mark.parametrize(("op", "at"), FINITE_EDGES)
def test_no_rule_is_blamed_at_an_edge_of_the_table(op, at):
    """It passes there, or a corner, an end or a jump is named; or there is no second derivative."""
    said = "asked for at a corner or an end"
    try:
        check_grads(lambda *v: apply(op, *v), at)
    except (DerivativeError, DomainError) as error:
        said = str(error)
    assert re.search(r"asked for at a corner or an end|it jumps here|cannot be differentiated again", said)
    assert "the rule of" not in said


def test_nothing_is_left_in_the_gradients_of_values_around():
    w = Value(2.0)
    check_grads(lambda v: sum(w * a * a for a in v), [0.1 * (i + 1) for i in range(6)])
    assert w.grad == 0.0
