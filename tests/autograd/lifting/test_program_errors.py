"""Claims about the errors and warnings of lift, and about the errors of a program outside a domain."""

import numpy as np
import pytest

from autograd import DomainError, Value, define_operation, lift
from tests.helpers.lifting import note_2


def raises(error, said, *arguments, **named):
    with pytest.raises(error) as caught:
        lift(*arguments, **named)
    assert said in str(caught.value)


def test_what_cannot_be_lifted():
    w, x, other = Value(2.0, "w"), Value(3.0, "x"), Value(1.0, "other")
    z = w * x
    output = z.tanh()
    raises(ValueError, "output is worked out from other Values; got the leaf Value(data=2.0, grad=0.0, label='w')", w)
    raises(ValueError, "got nothing", [])
    raises(TypeError, "output is the Value that the graph works out, or a list of them; got float 3.0", 3.0)
    raises(TypeError, "parameters is a list of leaves; got float 2.0", output, [2.0])
    raises(TypeError, "parameters is a list of leaves; got Value Value(data=2.0", output, w)
    raises(ValueError, "inputs[1], Value(data=1.0, grad=0.0, label='other'), is not in it", output, [w], [x, other])
    raises(ValueError, "inputs[0] is Value(data=6.0, grad=0.0), which <operation mul> made", output, [w], [z])
    raises(ValueError, "each leaf is named once; Value(data=2.0, grad=0.0, label='w') is parameters[0] and inputs[0]",
           output, [w], [w])  # fmt: skip
    raises(ValueError, "is parameters[0] and parameters[1]", output, [w, w])


def test_inputs_of_the_wrong_shape():
    cost, parameters, inputs = note_2()
    program, whole = lift(cost, parameters, inputs), lift(cost, parameters)
    rule = r"this program takes inputs of shape \(n, 5\), a row for each example"
    for wrong, got in ((None, "got none"), (np.zeros((2, 4)), r"got \(2, 4\)"), (np.zeros((0, 5)), r"got \(0, 5\)"),
                       (np.zeros((1, 2, 5)), r"got \(1, 2, 5\)"), (1.0, r"got \(\)")):  # fmt: skip
        with pytest.raises(ValueError, match=f"{rule}.*{got}"):
            program(wrong)
    with pytest.raises(TypeError, match=f"{rule}; got str that is no array of real numbers"):
        program("abc")
    with pytest.raises(ValueError, match="this program has no inputs, as none were named"):
        whole(np.zeros((2, 5)))


def test_what_is_no_array_of_numbers():
    """NumPy by itself would parse text, drop an imaginary part with a warning, and turn None into nan."""
    cost, parameters, inputs = note_2()
    program = lift(cost, parameters, inputs)
    for wrong, got in (([["1.0"] * 5], "list"), ([[None] * 5], "list"), ([[1.0], [2.0, 3.0]], "list"),
                       (np.ones((1, 5), complex), "ndarray"), (np.ones((1, 5), "M8[s]"), "ndarray"),
                       ({1.0}, "set")):  # fmt: skip
        with pytest.raises(
            TypeError, match=rf"shape \(n, 5\), a row for each example; got {got} that is no array of real"
        ):
            program(wrong)
    with pytest.raises(TypeError, match=r"parameters are an array of shape \(26,\); got list that is no array of real"):
        program.parameters = [None] * 26
    expected = program([[1.0, 0.0, 1.0, 0.0, 1.0]])[0]
    for right in ([[1, 0, 1, 0, 1]], np.array([[1, 0, 1, 0, 1]], bool), [[Value(1.0), 0.0, True, np.int8(0), 1.0]],
                  np.float32([1, 0, 1, 0, 1]), [(1, 0, 1, 0, 1)], np.array([[1, 0, 1, 0, 1.0]], object)):  # fmt: skip
        assert program(right)[0] == expected


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_arrays_with_rules_of_their_own_are_refused():
    """For np.matrix, * is the matrix product, and a masked number would count as a number."""
    x, w = [Value(1.0), Value(2.0)], Value(3.0)
    program = lift(w * x[0] * x[1], [w], x)
    masked = np.ma.masked_array([[1.0, 2.0]], [[False, True]])
    for wrong, name in ((np.matrix([[1.0, 2.0]]), "matrix"), (masked, "MaskedArray"),
                        (np.ma.masked_array([[1.0, 2.0]]), "MaskedArray"), ([masked[0]], "MaskedArray"),
                        ([[1.0, np.ma.masked]], "MaskedConstant")):  # fmt: skip
        for call in (program, program.forward, lambda X: lift(lambda x: w * x[0], [w], X)):
            with pytest.raises(TypeError, match=rf"got a {name}, which is no plain array: give "):
                call(wrong)
    for wrong in (np.matrix([1.0]), np.ma.masked_array([1.0])):
        with pytest.raises(TypeError, match=r"parameters are an array of shape \(1,\); got a .* no plain array"):
            program.parameters = wrong
    assert program.parameters.tolist() == [3.0]


def test_parameters_of_the_wrong_shape():
    w = [Value(1.0), Value(2.0)]
    program = lift(w[0] * w[1], w)
    for wrong, got in ((np.zeros(3), r"\(3,\)"), ([[1.0, 2.0]], r"\(1, 2\)"), (0.0, r"\(\)")):
        with pytest.raises(ValueError, match=rf"parameters are an array of shape \(2,\); got {got}"):
            program.parameters = wrong
    assert program.forward() == 2.0
    program.parameters = [3, 4]
    assert program.forward() == 12.0


def test_a_gradient_is_of_one_output():
    x = Value(1.0)
    program = lift([x.exp(), x.sin()], [x])
    with pytest.raises(TypeError, match=r"a gradient is of one output; this program has 2: call program.forward\(\)"):
        program()


def test_an_operation_outside_its_domain_is_named_with_its_example():
    x, w = Value(2.0), Value(1.0)
    program = lift((w * x).log(), [w], [x])
    with pytest.raises(DomainError) as caught:
        program([[1.0], [3.0], [-2.0], [-5.0]])
    assert str(caught.value) == "log(-2.0) has no value: log needs a positive input (example 3 of 4)"
    assert program([[1.0]])[0] == 0.0
    with pytest.raises(DomainError, match=r"log\(-7.0\) .* \(example 150 of 200\)"):
        program([[1.0]] * 149 + [[-7.0]] + [[1.0]] * 50)


@pytest.mark.parametrize(
    ("made", "bad", "said"),
    [
        (lambda v: v.log(), -2.0, "log(-2.0) has no value: log needs a positive input"),
        (lambda v: 1.0 / v, 0.0, "1.0 / 0.0 has no value"),
        (lambda v: v.exp(), 800.0, "exp(800.0) has no value: exp needs an input below 709.79"),
        (lambda v: v.sqrt(), -1.0, "sqrt(-1.0) has no value"),
        (lambda v: v**0.5, -1.0, "(-1.0) ** 0.5 has no value"),
        (lambda v: v.sin(), float("inf"), "sin(inf) has no value"),
    ],
)
def test_each_domain(made, bad, said):
    w = Value(1.0)
    output = made(w) * 2.0
    program = lift(output, [w])
    program.parameters[0] = bad
    for run in (program, program.forward):
        with pytest.raises(DomainError) as caught:
            run()
        assert str(caught.value).startswith(said)
        assert "example" not in str(caught.value)


def test_a_missing_slope_is_nan_beside_another_one_and_an_error_alone():
    """As in the graph, (−2)² has no slope by its exponent, and |x|/x has none at x = 0."""
    base, power = Value(2.0), Value(2.0)
    program = lift(base**power, [base, power])
    program.parameters[0] = -2.0
    cost, (by_base, by_power) = program()
    assert (program.forward(), cost, by_base) == (4.0, 4.0, -4.0)
    assert np.isnan(by_power)
    size = define_operation("size", lambda m, a: m.abs(a), lambda m, y, a: m.divide(y, a), needs="size needs more")
    alone = lift(size(base) * 1.0, [base])
    alone.parameters[0] = 0.0
    assert alone.forward() == 0.0
    with pytest.raises(DomainError, match=r"size\(0.0\) has no derivative by its operand 1 \(0.0\).*size needs more"):
        alone()


def test_a_slope_that_nobody_wants_is_not_missed():
    """Powers of negative numbers have no slope by the exponent; this matters only if the exponent is a parameter."""
    bases, exponent = [Value(-1.5 - i) for i in range(20)], Value(1.5)
    output = sum((b**3.0).tanh() for b in bases) + (2.0 + bases[0].tanh()) ** exponent
    output.backward()
    parameters = [*bases, exponent]
    np.testing.assert_allclose(lift(output, parameters)()[1], [p.grad for p in parameters], rtol=1e-12, atol=1e-15)


def test_sums_and_products_follow_ieee_754():
    w = Value(2.0)
    program = lift(w * w * 1.5, [w])
    program.parameters[0] = 1e200
    assert program()[0] == float("inf")
    program.parameters[0] = float("nan")
    assert np.isnan(program()[0])
