"""Claims about user-defined operations: how the engine runs them, and the errors for mistakes in them."""

import math

import numpy as np
import pytest

from autograd import (
    DerivativeError,
    DomainError,
    LeftGraphWarning,
    Value,
    apply,
    check_grads,
    define_operation,
    grad,
    maximum,
    no_grad,
    nodes,
    table,
)
from tests.helpers.oracle import rise_over_run
from tests.helpers.own_operations import arsinh, erf, graph, length, root


@pytest.mark.parametrize(
    ("needs", "told"),
    [
        ("an input above 0", "own_log needs an input above 0"),
        ("a > 0", "own_log needs a > 0"),
        ("own_log is defined above 0", "own_log is defined above 0"),
    ],
)
def test_what_an_operation_needs_is_said_in_a_sentence(needs, told):
    own_log = define_operation("own_log", lambda m, a: m.log(a), lambda m, y, a: 1 / a, needs=needs)
    with pytest.raises(DomainError, match=rf"own_log\(-1\.0\) has no value: {told}$"):
        own_log(Value(-1.0))


def test_the_engine_differentiates_them():
    x, _, C = graph()
    C.backward()
    assert C.data == pytest.approx(math.asinh(0.6) * math.hypot(0.3, 2, 1) + math.erf(0.3), rel=1e-14)
    moved = lambda x: math.asinh(2 * x) * math.hypot(x, 2, 1) + math.erf(x)  # noqa: E731
    assert x.grad == pytest.approx(rise_over_run(moved, 0.3), rel=1e-9)
    made = [node.op.name for node in nodes(C) if node.op is not None]
    assert made == [
        "mul",
        "arsinh",
        "length",
        "mul",
        "erf",
        "add",
    ]


def test_to_any_order_in_both_modes():
    check_grads(lambda x, z: arsinh(x * z) * length(x, z, 1.0) + erf(x), (0.3, 2.0), order=3)
    sympy = pytest.importorskip("sympy", reason="sympy (the extra 'oracle') is not installed")
    t = sympy.Symbol("t")
    exact = sympy.erf(sympy.asinh(t)).diff(t, 3).subs(t, sympy.Float("0.4", 40)).evalf(30)
    assert grad(grad(grad(lambda x: erf(arsinh(x)))))(0.4) == pytest.approx(float(exact), rel=1e-9)


def test_they_take_numbers_and_arrays():
    assert arsinh(1.0).data == pytest.approx(math.asinh(1.0), rel=1e-15)
    assert arsinh(1.0).op is None
    made = arsinh(np.array([[1.0], [2.0]]))
    assert made.shape == (2, 1)
    assert made[1, 0] == pytest.approx(math.asinh(2.0), rel=1e-15)  # floats give floats, as NumPy's functions do


def test_outside_their_domain():
    for x in (-1.0, Value(-1.0)):
        with pytest.raises(DomainError, match=r"root\(-1\.0\) has no value: root needs an input that is not negative"):
            root(x)
    assert root(Value(4.0)).local_grads == (0.25,)
    with pytest.raises(DomainError, match=r"root\(0\.0\) has no derivative by its operand 1 \(0\.0\): .*; root needs"):
        root(Value(0.0))
    with no_grad():
        assert root(Value(0.0)).data == 0.0


def test_outside_a_domain_that_is_not_told():
    bare = define_operation("bare", lambda m, a: math.sqrt(a), lambda m, y, a: 0.5 / y)
    at = r"forward of bare has no value at -1\.0: it ends in ValueError \((math domain|.*nonnegative).*\(\.\.\., needs"
    with pytest.raises(DomainError, match=at):
        bare(Value(-1.0))
    at = r"the slope of bare by input 1 has no value at 0\.0: it ends in ZeroDivisionError \(float div"
    with pytest.raises(DomainError, match=at):
        bare(Value(0.0))
    check_grads(bare, 0.01)  # whose differences try longer steps too
    spread = define_operation("spread", lambda m, a: m.log(a), lambda m, y, a: m.divide(1.0, a))
    assert (spread(0.0).data, spread(Value(0.0)).local_grads) == (-math.inf, (math.inf,))


def test_a_wrong_slope_is_found():
    wrong = define_operation("wrong", lambda m, a: a * a, lambda m, y, a: 3 * a)
    with pytest.raises(DerivativeError, match=r"the rule of wrong is wrong at wrong\(2\.0\): it gives 6, .* is 4"):
        check_grads(wrong, 2.0)
    frozen = define_operation("frozen", lambda m, a: a**3, lambda m, y, a: 3 * float(a) ** 2)
    with (
        pytest.raises(DerivativeError, match="the rule of frozen is wrong"),
        pytest.warns(LeftGraphWarning, match=r"of test_own_operations\.py \(<lambda>\)"),
    ):
        check_grads(frozen, 2.0)


def test_one_may_use_another():
    gelu = define_operation(
        "gelu",
        lambda m, a: a * (1 + math.erf(a / math.sqrt(2))) / 2,
        lambda m, y, a: (1 + erf(a / math.sqrt(2))) / 2 + a * m.exp(-a * a / 2) / math.sqrt(2 * math.pi),
    )
    x = Value(0.7)
    gelu(x).backward()
    assert type(x.grad) is float
    check_grads(gelu, 0.7, order=3)


def test_samples_are_points_at_which_it_may_be_tested():
    rules = lambda m, a: a * a, lambda m, y, a: 2 * a
    square = define_operation("square", *rules, short=["2·{y}/{a}"], samples=[1.0, (2.0,), [3.0]])
    assert define_operation("square", *rules, short="").short == ("square′({a})",)
    assert square.samples == ((1.0,), (2.0,), (3.0,))
    assert square in {square}
    for at in square.samples:
        check_grads(square, at)


def test_one_may_have_up_to_24_inputs():
    names = [f"a{i}" for i in range(24)]
    slopes = [eval(f"lambda m, y, {', '.join(names)}: {float(i)}") for i in range(24)]
    weighted = define_operation("weighted", eval(f"lambda m, {', '.join(names)}: a1 + 23 * a23"), slopes)
    x, zero = Value(2.0), Value(0.0)
    C = weighted(*[zero] * 23, x)
    C.backward()
    assert (C.data, x.grad, zero.grad) == (46.0, 23.0, sum(range(23)))


def test_every_operation_counts_its_operands():
    x = Value(1.0)
    with pytest.raises(TypeError, match=r"length takes 3 inputs; got 2: \(Value"):
        length(x, 1.0)
    with pytest.raises(TypeError, match="tanh takes 1 input; got 2"):
        apply(table.TANH, x, x)


TOO_MANY = eval(f"lambda m, {', '.join(f'a{i}' for i in range(25))}: a0")
MISTAKES = [
    (("tanh", lambda m, a: a, lambda m, y, a: 1.0), ValueError, "the name tanh is taken, by an operation"),
    (("two words", lambda m, a: a, lambda m, y, a: 1.0), ValueError, "name is one word.*got 'two words'"),
    ((3, lambda m, a: a, lambda m, y, a: 1.0), ValueError, "one word.*got 3"),
    (("q", 3, lambda m, y, a: 1.0), TypeError, "forward of q is a function of m and the inputs; got int 3"),
    (("q", TOO_MANY, []), ValueError, r"m, then the inputs \(1 to 24\); got a function of \(m, a0"),
    (("q", lambda m: m, lambda m, y, a: 1.0), ValueError, r"forward of q takes m, then the inputs; got .* \(m\)"),
    (("q", lambda m, *a: a, lambda m, y, a: 1.0), ValueError, r"forward of q takes a fixed number of inputs"),
    (("q", lambda m, a, b: a, lambda m, y, a: 1.0), ValueError, r"a slope by each of its 2 inputs \(a, b\); got 1"),
    (("q", lambda m, a: a, lambda m, a: 1.0), ValueError, r"a slope of q takes m, the output y, then .* \(m, a\)"),
    (("q", lambda m, a: a, lambda m, y, a, b: 1.0), ValueError, "a slope of q takes m, y, a: the output y"),
    (("q", lambda m, a: a, [1.0]), TypeError, "a slope of q is a function of m and the inputs; got float"),
    (("q", lambda m, a: a, None), TypeError, r"slopes of q are a rule \(m, y, a\), or a list .*; got NoneType"),
    (("q", lambda m, a: a, {"a": 1.0}), TypeError, r"slopes of q are a rule \(m, y, a\), or a list .*; got dict"),
    (("q", lambda m, a: a, max), TypeError, "a slope of q is a function written in Python.*got <built-in f"),
    (("lambda", lambda m, a: a, lambda m, y, a: 1.0), ValueError, "one word.*got 'lambda'"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "error", "message"), MISTAKES)
def test_mistakes_in_a_definition(arguments, error, message):
    with pytest.raises(error, match=message):
        define_operation(*arguments)


def test_mistakes_in_short_forms():
    with pytest.raises(ValueError, match=r"a short form of q uses \{a\} and \{y\}; got '\{b\}'"):
        define_operation("q", lambda m, a: a, lambda m, y, a: 1.0, short="{b}")
    with pytest.raises(ValueError, match="q has a short form by each of its 1 inputs; got 2"):
        define_operation("q", lambda m, a: a, lambda m, y, a: 1.0, short=["1", "2"])


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"short": 3}, TypeError, "short forms of q are a list of texts; got int 3"),
        ({"short": [3]}, TypeError, "a short form of q is text; got int 3"),
        ({"symbol": 3}, TypeError, "symbol of q is text; got int 3"),
        ({"needs": True}, TypeError, "needs of q is text; got bool True"),
        ({"samples": [(1.0, 2.0)]}, ValueError, r"a sample of q has a number for each of its 1 inputs; got \(1\.0, 2"),
        ({"samples": "ab"}, TypeError, "holds one real number; got str 'a'"),
        ({"samples": 3.0}, TypeError, "samples of q are a list of points; got float 3.0"),
    ],
)
def test_mistakes_in_what_it_may_be_given_besides(given, error, message):
    with pytest.raises(error, match=message):
        define_operation("q", lambda m, a: a, lambda m, y, a: 1.0, **given)


def test_arrays_are_paired_element_by_element():
    product = define_operation("product", lambda m, a, b: a * b, (lambda m, y, a, b: b, lambda m, y, a, b: a))
    rows = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert product(rows, rows).astype(float).tolist() == [[1.0, 4.0], [9.0, 16.0]]
    assert product(2.0, rows).astype(float).tolist() == [[2.0, 4.0], [6.0, 8.0]]
    assert grad(lambda v: maximum(v, np.array([1.0, 3.0])).sum())(np.array([2.0, 2.0])).tolist() == [1.0, 0.0]
    with pytest.raises(ValueError, match=r"product pairs arrays of one shape; got \(2, 2\) and \(2,\): np\.broad"):
        product(rows, rows[0])


def test_it_is_called_by_its_name():
    assert grad(arsinh).__name__ == "gradient of arsinh"
    with pytest.raises(DerivativeError, match="derivatives of twice that are not"):
        check_grads(define_operation("twice", lambda m, a: 2 * a, lambda m, y, a: 3.0), 1.0)


def test_mistakes_in_rules_are_told_when_they_run():
    tuples = define_operation("tuples", lambda m, a: a, lambda m, y, a: (1.0,))
    with pytest.raises(TypeError, match=r"the slope of tuples by input 1 gives one number.*got tuple"):
        tuples(Value(1.0))
    second = define_operation("second", lambda m, a, b: a, [lambda m, y, a, b: 1.0, lambda m, y, a, b: None])
    with pytest.raises(TypeError, match=r"the slope of second by input 2 gives one number.*got NoneType"):
        second(1.0, Value(1.0))
    nothing = define_operation("nothing", lambda m, a: None, lambda m, y, a: 1.0)
    with pytest.raises(TypeError, match=r"forward of nothing gives one number.*got NoneType"):
        nothing(Value(1.0))
    foreign = define_operation("foreign", lambda m, a: m.erf(a), lambda m, y, a: 1.0)
    with pytest.raises(AttributeError, match=r"forward of foreign uses m's abs, .*, cos, .*, and nothing"):
        foreign(Value(1.0))
