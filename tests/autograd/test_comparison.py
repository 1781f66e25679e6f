"""Claims about the result of x > 0: it acts as a bool, and `where` records the comparison."""

import copy
import pickle

import numpy as np
import pytest

import autograd
from autograd import Value, explain, expression, grad, hessian, jvp, no_grad, vjp, where
from autograd.comparison import Compared
from autograd.table import COMPARISONS

X, Y = 2.0, 3.0
SIGNS = {"less": lambda a, b: a < b, "less_equal": lambda a, b: a <= b,
         "greater": lambda a, b: a > b, "greater_equal": lambda a, b: a >= b}  # fmt: skip


@pytest.mark.parametrize("op", COMPARISONS, ids=lambda op: op.name)
@pytest.mark.parametrize(("a", "b"), [(1.0, 2.0), (2.0, 1.0), (2.0, 2.0), (float("nan"), 1.0)])
def test_a_comparison_is_pythons_and_its_node_is_1_or_0(op, a, b):
    compared = SIGNS[op.name]
    for found in (compared(Value(a), Value(b)), compared(Value(a), b)):
        assert bool(found) is compared(a, b)
        assert found.node.op is op
        assert found.node.data == float(compared(a, b))
    x = Value(b)
    mirrored = compared(a, x).node  # a > x is x < a
    assert mirrored.data == float(compared(a, b))
    assert mirrored.parents == (x,)


OF_BOOLS = {
    "if": lambda c: 1 if c else 2,
    "not": lambda c: not c,
    "and": lambda c: c and 5,
    "any": lambda c: any([c]),
    "isinstance": lambda c: isinstance(c, bool),
    "equal": lambda c: (c == True, c == True, c == 1, c != False),  # noqa: E712  what is asked here
    "hash": lambda c: {True: "yes", False: "no"}[c],
    "index": lambda c: ["no", "yes"][c],
    "numbers": lambda c: (int(c), float(c), complex(c), -c, 1 - c, c - 1, c * 2.5, 2.5 * c, c + c, 3 / (1 + c), 2**c),
    "sum": lambda c: sum([c, c, c]),
    "bits": lambda c: (c & True, True & c, c | False, False | c, c ^ True, True ^ c),
    "order": lambda c: (c < True, c <= 1, c > False, c >= 0, max(c, False)),
    "text": lambda c: (str(c), repr(c), f"{c}", f"{c:>6}", f"{c:d}", str([c])),
    "copies": lambda c: [type(x) for x in (copy.copy(c), copy.deepcopy(c), pickle.loads(pickle.dumps(c)))],
    "numpy": lambda c: (np.array([c, c]).dtype, np.ones(2)[np.array([c, not c])].tolist(), (c * np.ones(2)).tolist()),
}


@pytest.mark.parametrize("use", OF_BOOLS.values(), ids=OF_BOOLS)
def test_a_comparison_acts_as_a_bool(use):
    found = Value(X) < Value(Y)
    assert type(found) is Compared
    assert use(found) == use(True)
    assert use(Value(X) > Y) == use(False)


def test_values_are_sorted_by_their_numbers():
    values = [Value(x) for x in (3.0, -1.0, 2.0)]
    assert [v.data for v in sorted(values)] == [-1.0, 2.0, 3.0]
    assert max(values) is values[0]


def test_where_records_what_was_compared():
    x, a, b = Value(X), Value(5.0), Value(7.0)
    for condition, chosen in ((x > 1.0, a), (x < 1.0, b)):
        y = where(condition, a, b)
        assert y.operands[0] is condition.node
        assert condition.node.parents == (x,)
        assert y.data == chosen.data
        y.zero_grad()
        y.backward()
        assert (x.grad, a.grad, b.grad) == (0.0, float(chosen is a), float(chosen is b))


def test_a_comparison_stays_what_it_was_found_to_be():
    x = Value(X)
    found = x > 0.0
    x.data = -1.0
    assert where(found, 1.0, 2.0).data == 1.0


def test_nothing_is_recorded_without_grad():
    x = Value(X)
    with no_grad():
        assert where(x > 0.0, x, 1.0).parents == ()


def test_a_comparison_with_an_array_is_the_arrays():
    assert (Value(1.0) > np.array([0.0, 2.0])).tolist() == [True, False]
    assert (np.array([0.0, 2.0]) > Value(1.0)).tolist() == [False, True]


def smaller(v):
    """x² y where x > y, else x y²."""
    x, y = v
    return where(x > y, x * x * y, x * y * y)


@pytest.mark.parametrize(("at", "first", "second"), [
    ([3.0, 2.0], [12.0, 9.0], [[4.0, 6.0], [6.0, 0.0]]),
    ([2.0, 3.0], [9.0, 12.0], [[0.0, 6.0], [6.0, 4.0]]),
])  # fmt: skip
def test_derivatives_are_those_of_the_side_that_was_chosen(at, first, second):
    assert grad(smaller)(at) == first
    assert hessian(smaller)(at) == second
    assert jvp(smaller, (at,), ([1.0, 0.5],))[1] == first[0] + 0.5 * first[1]
    assert vjp(smaller, at)[1](2.0) == [2 * slope for slope in first]
    autograd.check_grads(smaller, at)
    autograd.check_grads(smaller, at, order=2)


def test_a_tie_is_told_as_a_jump():
    with pytest.raises(autograd.DerivativeError, match=r"the jump is that of 2\.0 > 2\.0"):
        autograd.check_grads(lambda v: where(v[0] > v[1], v[0], 3.0 * v[1]), [2.0, 2.0])


def test_copies_of_a_graph_have_the_comparison():
    x = Value(X)
    y = where(x > 1.0, x * x, x)
    for made in (copy.deepcopy(y), pickle.loads(pickle.dumps(y))):
        assert made.operands[0].op.name == "greater"
        made.backward()
        assert made.operands[0].operands[0].grad == 4.0


def test_formulas_say_the_comparison():
    x, a, b = Value(X, "x"), Value(5.0, "a"), Value(7.0, "b")
    y = where(x >= 0.5, a * x, b)
    y.label = "y"
    assert str(expression(y)) == "where(x ≥ 0.5, a · x, b)"
    assert expression(y).latex == r"\operatorname{where}(x \geq 0.5, a \cdot x, b)"
    assert "<mo>≥</mo>" in expression(y).mathml
    assert "∂y/∂a = x · [x ≥ 0.5]" in explain(y, a).text
    assert "∂y/∂b = [x < 0.5]" in explain(y, b).text
    assert str(expression((x < a).node)) == "[x < a]"


def test_sympy_has_its_cases():
    sympy = pytest.importorskip("sympy", reason="sympy (the extra 'oracle') is not installed")
    x, a = Value(X, "x"), Value(5.0, "a")
    y = where(x >= 0.5, a * x, x)
    made = expression(y).sympy()
    one, other = (sympy.Symbol(name, real=True) for name in "xa")
    assert made == sympy.Piecewise((other * one, one >= sympy.Rational(1, 2)), (one, True))
    y.backward()
    assert sympy.diff(made, one).subs({one: X, other: 5.0}) == x.grad


def test_a_list_of_comparisons_is_recorded():
    x = [Value(1.0), Value(-1.0)]
    made = where([v > 0.0 for v in x], [2.0, 3.0], 0.0)
    assert [v.operands[0].operands[0] for v in made] == x
