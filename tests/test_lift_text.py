"""Claims about what a lifted program says: its equations, its names, its errors and warnings."""

import random
import re
import warnings

import numpy as np
import pytest

from autograd import DomainError, Value, lift
from autograd.lifting import Program
from nn import MLP, mean, quadratic
from tests.lifting import convolution, flat, linear, recurrent, values

NOTE_2 = """\
z¹ = W¹ x + b¹
a¹ = tanh(z¹)
z² = W² a¹ + b²
a² = σ(z²)
C = ½ ‖y − a²‖²

δ² = (a² − y) ∘ σ′(z²)         BP1
∂C/∂W² = δ² (a¹)ᵀ              BP4
∂C/∂b² = δ²                    BP3
δ¹ = ((W²)ᵀ δ²) ∘ tanh′(z¹)    BP2
∂C/∂W¹ = δ¹ xᵀ                 BP4
∂C/∂b¹ = δ¹                    BP3"""

NOTE_2_IN_NUMPY = """\
    z1 = W1 @ x + b1
    a1 = np.tanh(z1)
    z2 = W2 @ a1 + b2
    a2 = 1 / (1 + np.exp(-z2))
    C = 0.5 * ((y - a2) ** 2).sum()
"""

BACKWARD = """\
    delta2 = (a2 - y) * a2 * (1 - a2)
    dW2[...] = delta2 @ a1.T
    db2[...] = delta2
    delta1 = (W2.T @ delta2) * (1 - a1 * a1)
    dW1[...] = delta1 @ x.T
    db1[...] = delta1
"""


def note_2(elementary=False, output="sigmoid"):
    """Note 2's network, 3 → 4 → 2: (cost, parameters, x and y)."""
    model = MLP(3, [4, 2], activation="tanh", output=output, seed=2)
    x, y = [Value(v) for v in (0.5, -0.3, 0.8)], [Value(v) for v in (0.2, 0.9)]
    a = x
    for layer in model.layers:
        z = layer.weighted_inputs(a)
        if elementary:
            z = [sum((w * v for w, v in zip(n.weights, a, strict=True)), n.bias) for n in layer.neurons]
        a = layer.activate(z)
    return quadratic(a, y), model.parameters(), [*x, *y]


@pytest.mark.parametrize("elementary", [False, True])
def test_the_four_equations_are_found_in_the_graph(elementary):
    cost, parameters, _ = note_2(elementary)
    program = lift(cost, parameters)
    assert str(program) == NOTE_2
    assert NOTE_2_IN_NUMPY in program.source
    assert BACKWARD in program.source


def test_over_examples_they_are_the_same():
    program = lift(*note_2())
    summed = NOTE_2.replace("∂b² = δ²  ", "∂b² = Σ δ²").replace("∂b¹ = δ¹  ", "∂b¹ = Σ δ¹")
    assert str(program) == summed
    assert "    delta1 = (W2.T @ delta2) * (1 - a1 * a1)\n" in program.source
    assert "    gradient /= n\n" in program.source


def test_a_batch_is_found_in_the_graph_too():
    model = MLP(3, [4, 2], activation="tanh", output="sigmoid", seed=2)
    rng = np.random.default_rng(0)
    examples = [(rng.normal(size=3).tolist(), rng.uniform(size=2).tolist()) for _ in range(5)]
    program = lift(mean([quadratic(model(x), y) for x, y in examples]), model.parameters())
    for equation in ("z¹ = W¹ x + b¹", "C = 0.1 ‖y − a²‖²", "δ² = 0.2 (a² − y) ∘ σ′(z²)", "δ¹ = ((W²)ᵀ δ²) ∘ tanh′(z¹)",
                     "∂C/∂W¹ = δ¹ xᵀ", "∂C/∂b¹ = Σ δ¹"):  # fmt: skip
        assert equation in str(program)


def test_note_3_has_single_weights():
    x, w1, w2, y = Value(0.05), Value(0.15), Value(0.4), Value(0.01)
    output = 0.5 * (y - (w2 * (w1 * x).sigmoid()).sigmoid()) ** 2
    assert str(lift(output, [w1, w2])).splitlines() == [
        "z¹ = w¹ ∘ x",
        "a¹ = σ(z¹)",
        "z² = w² ∘ a¹",
        "a² = σ(z²)",
        "C = ½ (y − a²)²",
        "",
        "δ² = (a² − y) ∘ σ′(z²)    BP1",
        "∂C/∂w² = δ² ∘ a¹          BP4",
        "δ¹ = δ² ∘ w² ∘ σ′(z¹)     BP2",
        "∂C/∂w¹ = δ¹ ∘ x           BP4",
    ]


@pytest.mark.parametrize("elementary", [False, True])
def test_a_linear_output_keeps_its_z(elementary):
    """The cost's y − z is a difference of two things, not another way to write the weighted input."""
    assert (
        str(lift(*note_2(elementary, output="linear")[:2]))
        == """\
z¹ = W¹ x + b¹
a¹ = tanh(z¹)
z² = W² a¹ + b²
C = ½ ‖y − z²‖²

δ² = z² − y                    BP1
∂C/∂W² = δ² (a¹)ᵀ              BP4
∂C/∂b² = δ²                    BP3
δ¹ = ((W²)ᵀ δ²) ∘ tanh′(z¹)    BP2
∂C/∂W¹ = δ¹ xᵀ                 BP4
∂C/∂b¹ = δ¹                    BP3"""
    )


def test_a_sigmoid_written_out_keeps_its_z():
    w, x, b = Value(0.5), Value(0.7), Value(0.1)
    z = w * x + b
    assert str(lift(1 / (1 + (-z).exp()), [w, b])).startswith("z¹ = w¹ ∘ x + b¹\nu₁ = −z¹\n")


def test_a_difference_of_products_is_one_sum():
    w, v, x, y = (Value(0.1 * i) for i in range(1, 5))
    assert str(lift((w * x - v * y).tanh(), [w, v])).startswith("z¹ = w¹ ∘ x − v¹ ∘ x₂\n")


def test_only_the_last_layers_error_is_bp1():
    """With a skip connection the error of layer 2 reaches layer 1 by two ways, one of them without weights."""
    rng = random.Random(1)
    x, w1, w2 = values(rng, 3), values(rng, 3, 3), values(rng, 3, 3)
    h = [a + z.tanh() for a, z in zip(x, linear(w1, x), strict=True)]
    output = quadratic([a + z.tanh() for a, z in zip(h, linear(w2, h), strict=True)], [0.1] * 3)
    lines = str(lift(output, flat([w1, w2]))).splitlines()
    named = [[line.split()[0], line.split()[-1]] for line in lines if "BP" in line]
    assert named == [["δ²", "BP1"], ["∂C/∂W²", "BP4"], ["δ¹", "BP2"], ["∂C/∂W¹", "BP4"]]
    shared = str(lift(*convolution(rng)[:2]))
    assert [line.split()[-1] for line in shared.splitlines() if line.startswith("δ")] == ["BP1", "BP2"]
    recurring = str(lift(*recurrent(rng)[:2]))
    assert re.search("∂C/∂U¹ \\+= .* BP4", recurring)


def test_what_is_read_one_by_one_is_added_one_by_one():
    """Rows of a table of parameters, one of them looked up twice."""
    rows = [[Value(0.1 * i + j) for j in range(2)] for i in range(4)]
    output = sum(((u.tanh() * v).sin() for i in (2, 0, 3, 2) for u, v in [rows[i]]), Value(0.0))
    assert (
        str(lift(output, flat(rows[:1] + rows[2:])))
        == """\
h₁ = tanh(p)
z¹ = w¹ ∘ h₁
a¹ = sin(z¹)
C = y + Σ a¹[i]

∂C/∂a¹[i] += 1
δ¹ = ∂C/∂a¹ ∘ cos(z¹)    BP1
∂C/∂w¹ = δ¹ ∘ h₁         BP4
∂C/∂p = δ¹ ∘ w¹ ∘ tanh′(p)"""
    )


def test_a_small_graph_has_a_line_for_each_array():
    """The same operation, on parameters and on inputs, is two lines, not one that gathers from both."""
    w, x = [Value(0.3), Value(0.5)], [Value(0.7), Value(-0.2)]
    source = lift(sum((a.sin() * b.sin() for a, b in zip(w, x, strict=True)), Value(0.0)), w, x).source
    assert "    h1 = np.sin(p)\n    h2 = np.sin(x)\n" in source


def test_its_repr_says_what_to_do():
    cost, parameters, inputs = note_2()
    assert repr(lift(cost, parameters, inputs)) == (
        "<program of 26 parameters, 5 inputs: print it for its equations, .source is its NumPy>"
    )
    assert isinstance(lift(cost, parameters), Program)


# ---- errors


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
    raises(ValueError, "parameters[1], Value(data=1.0, grad=0.0, label='other'), is not in it", output, [w, other])
    raises(ValueError, "inputs[0] is Value(data=6.0, grad=0.0), which <operation mul> made", output, [w], [z])
    raises(ValueError, "each leaf is named once; Value(data=2.0, grad=0.0, label='w') is parameters[0] and inputs[0]",
           output, [w], [w])  # fmt: skip
    raises(ValueError, "is parameters[0] and parameters[1]", output, [w, w])


def test_inputs_of_the_wrong_shape():
    cost, parameters, inputs = note_2()
    program, whole = lift(cost, parameters, inputs), lift(cost, parameters)
    rule = r"this program takes inputs of shape \(n, 5\), an example a row"
    for wrong, got in ((None, "got none"), (np.zeros((2, 4)), r"got \(2, 4\)"), (np.zeros((0, 5)), r"got \(0, 5\)"),
                       (np.zeros((1, 2, 5)), r"got \(1, 2, 5\)"), (1.0, r"got \(\)")):  # fmt: skip
        with pytest.raises(ValueError, match=f"{rule}.*{got}"):
            program(wrong)
    with pytest.raises(TypeError, match=f"{rule}; got str that is no array of real numbers"):
        program("abc")
    with pytest.raises(ValueError, match="this program has no inputs, as none were named"):
        whole(np.zeros((2, 5)))


def test_what_is_no_array_of_numbers():
    """NumPy alone would read text, drop an imaginary part with a warning, and take None for nan."""
    cost, parameters, inputs = note_2()
    program = lift(cost, parameters, inputs)
    for wrong, got in (([["1.0"] * 5], "list"), ([[None] * 5], "list"), ([[1.0], [2.0, 3.0]], "list"),
                       (np.ones((1, 5), complex), "ndarray"), (np.ones((1, 5), "M8[s]"), "ndarray"),
                       ({1.0}, "set")):  # fmt: skip
        with pytest.raises(TypeError, match=rf"shape \(n, 5\), an example a row; got {got} that is no array of real"):
            program(wrong)
    with pytest.raises(TypeError, match=r"parameters are an array of shape \(26,\); got list that is no array of real"):
        program.parameters = [None] * 26
    expected = program([[1.0, 0.0, 1.0, 0.0, 1.0]])[0]
    for right in ([[1, 0, 1, 0, 1]], np.array([[1, 0, 1, 0, 1]], bool), [[Value(1.0), 0.0, True, np.int8(0), 1.0]],
                  np.float32([1, 0, 1, 0, 1]), [(1, 0, 1, 0, 1)], np.array([[1, 0, 1, 0, 1.0]], object)):  # fmt: skip
        assert program(right)[0] == expected


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


def test_a_missing_slope_is_named_when_it_is_wanted():
    base, power = Value(2.0), Value(2.0)
    program = lift(base**power, [base, power])
    program.parameters[0] = -2.0
    assert program.forward() == 4.0
    with pytest.raises(DomainError, match="has no derivative by its operand 2"):
        program()


def test_a_slope_that_nobody_wants_is_not_missed():
    """Powers of negative numbers have none by the exponent, which matters only where the exponent is a parameter."""
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


# ---- what is frozen


def test_a_number_taken_out_of_an_input_is_noticed():
    x, w = Value(0.8372911), Value(2.0)
    with pytest.warns(UserWarning, match=r"the constant 0.8372911, which is the number of inputs\[0\]"):
        lift((w * x).tanh() * float(x), [w], [x])
    with pytest.warns(UserWarning, match="it stays as it is for every example"):
        lift((w * x).tanh() * Value(x.data), [w], [x])


def test_numbers_that_agree_by_chance_are_not():
    x, w = Value(0.5), Value(2.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lift((w * x).tanh() * 0.5, [w], [x])


def test_control_flow_is_frozen_at_recording():
    x, w = Value(0.7), Value(2.0)
    program = lift(w * x if x > 0 else w - x, [w], [x])
    assert program([[-1.0]])[0] == -2.0  # w x, though x is below 0 now


def test_an_input_that_control_flow_left_out_is_noticed():
    x, w = Value(-0.7), Value(2.0)
    raises(ValueError, "see whether Python's control flow did at recording", w.exp() if x < 0 else w * x, [w], [x])
