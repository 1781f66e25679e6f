"""Claims about explain: the graph writes the notes' own equations, and every number in them is right."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from autograd import Value, backward_steps, dot, explain, expression, floats, label, maximum, nodes
from autograd.explaining import MOST_TERMS
from autograd.stations import MOST_MELTED, Stations
from demos.scalar_chain import chain
from nn import MLP, compare
from tests.edges import expected
from tests.operations import PROBES, TYPED, name, worth
from tests.programs import build, instructions, numbers


def note_3():
    a0, w1, w2, y = Value(0.05), Value(0.15), Value(0.4), Value(0.01)
    z1 = w1 * a0
    a1 = z1.sigmoid()
    z2 = w2 * a1
    a2 = z2.sigmoid()
    C = 0.5 * (y - a2) ** 2
    label(a0=a0, w1=w1, w2=w2, y=y, z1=z1, a1=a1, z2=z2, a2=a2, C=C)
    C.backward()
    return C, w1, w2, y


def test_note_3_a_and_b():
    C, w1, w2, _ = note_3()
    assert explain(C, w1).text == (
        "∂C/∂w1 = ∂z1/∂w1 · ∂a1/∂z1 · ∂z2/∂a1 · ∂a2/∂z2 · ∂C/∂a2\n"
        "       = a0 · σ′(z1) · w2 · σ′(z2) · (a2 − y)\n"
        "       = 0.05 × 0.249996 × 0.4 × 0.247498 × 0.54002\n"
        "       = 0.00066826"
    )
    assert explain(C, w2).text.splitlines()[1] == "       = a1 · σ′(z2) · (a2 − y)"
    assert explain(C, w1).value == pytest.approx(w1.grad, rel=1e-15)


def test_note_3_with_its_own_labels_and_order():
    """(B) is written a⁰ σ′(z¹) (a² − y) σ′(z²) w²; the graph's factors are those, in the chain's order."""
    v = chain()
    v["C"].backward()
    line = explain(v["C"], v["w¹"]).text.splitlines()[1]
    found = line.removeprefix(" " * 7 + "= ").split(" · ")
    assert found == ["a⁰", "σ′(z¹)", "w²", "σ′(z²)", "(a² − y)"]
    assert sorted(found) == sorted(["a⁰", "σ′(z¹)", "(a² − y)", "σ′(z²)", "w²"])


def test_in_latex():
    C, w1, *_ = note_3()

    def partial(above, below):
        return rf"\frac{{\partial {above}}}{{\partial {below}}}"

    lines = explain(C, w1).latex.split(r" \\ ")
    way = ["w_{1}", "z_{1}", "a_{1}", "z_{2}", "a_{2}", "C"]
    chain_rule = r" \cdot ".join(partial(above, below) for below, above in pairwise(way))
    assert lines[0] == f"{partial('C', 'w_{1}')} &= {chain_rule}"
    assert lines[1] == r" &= a_{0} \cdot \sigma'(z_{1}) \cdot w_{2} \cdot \sigma'(z_{2}) \cdot \left(a_{2} - y\right)"
    assert explain(C, w1)._repr_latex_().startswith(r"$\displaystyle \begin{aligned} \frac{\partial C}")
    assert str(explain(C, w1)) == repr(explain(C, w1)) == explain(C, w1).text


@pytest.fixture
def note_2():
    """3 → 4 → 2, tanh and sigmoid, one example, compared."""
    return compare(MLP(3, [4, 2], "tanh", "sigmoid", seed=1), [0.1, 0.2, 0.3], [0.0, 1.0])


def lines_of(comparison, wrt):
    derivation = explain(comparison.graph, wrt, comparison.errors)
    assert derivation.value == pytest.approx(wrt.grad, rel=1e-12)
    return [line.split(" = ")[1] if i == 0 else line.strip()[2:] for i, line in enumerate(derivation.text.splitlines())]


def test_note_2_bp1(note_2):
    z = note_2.traces[0].z[1][0]
    assert lines_of(note_2, z)[:2] == ["∂a²₁/∂z²₁ · ∂C/∂a²₁", "σ′(z²₁) · (a²₁ − y₁)"]
    assert explain(note_2.graph, z, note_2.errors).text.startswith("δ²₁ = ")


def test_note_2_bp2(note_2):
    z = note_2.traces[0].z[0][2]
    assert lines_of(note_2, z)[:2] == [
        "(∂z²₁/∂a¹₃ · δ²₁ + ∂z²₂/∂a¹₃ · δ²₂) · ∂a¹₃/∂z¹₃",
        "(w²₁₃ · δ²₁ + w²₂₃ · δ²₂) · tanh′(z¹₃)",
    ]
    text = explain(note_2.graph, z, note_2.errors).text
    assert "where δ²₁ = ∂a²₁/∂z²₁ · ∂C/∂a²₁" in text
    assert "where δ²₂ = ∂a²₂/∂z²₂ · ∂C/∂a²₂" in text


def test_note_2_bp3(note_2):
    bias = note_2.model.layers[0].neurons[2].bias
    assert lines_of(note_2, bias)[:2] == ["δ¹₃ · ∂z¹₃/∂b¹₃", "δ¹₃"]


def test_note_2_bp4(note_2):
    weight = note_2.model.layers[0].neurons[2].weights[1]
    assert lines_of(note_2, weight)[:2] == ["δ¹₃ · ∂z¹₃/∂w¹₃₂", "δ¹₃ · x₂"]


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_one_activation_in_play_is_sigma_and_it_is_said_which(activation):
    comparison = compare(MLP(1, [2, 1], activation, activation, seed=1), [0.5], [0.1])
    z, weight = comparison.traces[0].z[1][0], comparison.model.layers[0].neurons[0].weights[0]
    found = explain(comparison.graph, z)
    assert found.text.splitlines()[1].strip() == "= σ′(z²₁) · (a²₁ − y₁)"
    assert found.text.splitlines()[-1] == f"where σ = {activation}"
    assert found.latex.endswith(r" \\ \sigma &= " + {"tanh": r"\tanh", "relu": r"\operatorname{relu}"}[activation])
    deep = explain(comparison.graph, weight, comparison.errors).text
    assert deep.count("σ′") == 2
    assert deep.count(activation) == 1


def test_nothing_is_said_of_sigma_where_it_is_the_sigmoid_or_not_written():
    sigmoid = compare(MLP(1, [2, 1], "sigmoid", "sigmoid", seed=1), [0.5], [0.1])
    assert "σ =" not in explain(sigmoid.graph, sigmoid.traces[0].z[0][0]).text
    several = compare(MLP(1, [2, 1], "tanh", "sigmoid", seed=1), [0.5], [0.1])
    assert "σ =" not in explain(several.graph, several.traces[0].z[0][0]).text
    x = Value(0.5, "x")
    t = x.tanh()
    label(t=t, C=(C := 2 * t))
    assert explain(C, t).text == "∂C/∂t = 2"


def test_what_cannot_say_which_activation_is_meant_does_not_say_sigma():
    x, sigma = Value(0.5, "x"), Value(2.0, "σ")
    assert str(expression(x.tanh())) == "tanh(x)"
    assert str(Stations(x.relu()).factors[0].formula) == "relu′(x)"
    assert explain(sigma * x.tanh(), x).text.splitlines()[0].endswith("= tanh′(x) · σ"), "σ is a name here"


@pytest.mark.parametrize("name", ["a+b", "x^2", "3", "loss per example", "−x", "a*b", "∂C/∂w", "1e3", "f(x, y)"])
def test_names_that_are_no_symbols_are_in_parentheses_as_factors(name):
    u, w = Value(2.0, name), Value(3.0, "w")
    word = expression(u).latex()
    assert str(expression(u * w)) == f"({name}) · w"
    assert expression(u * w).latex() == rf"\left({word}\right) \cdot w"
    assert str(expression(w - u)) == f"w − ({name})"
    assert str(expression(w / u**2)) == f"w/({name})²"
    assert expression(u**2).latex() == rf"{{\left({word}\right)}}^{{2}}"
    assert str(expression(u.sqrt())) == f"√({name})"
    assert expression(u.sqrt()).latex() == rf"\sqrt{{{word}}}"
    z = u * w
    z.label = "z"
    C = z.sigmoid()
    C.label = "C"
    assert explain(C, w).text.splitlines()[:2] == ["∂C/∂w = ∂z/∂w · ∂C/∂z", f"      = ({name}) · σ′(z)"]
    assert rf" &= \left({word}\right) \cdot \sigma'(z)" in explain(C, w).latex
    assert explain(C, u).text.startswith(f"∂C/∂({name}) = ∂z/∂({name}) · ∂C/∂z\n")
    assert rf"{{\partial \left({word}\right)}}" in explain(C, u).latex
    assert f"= ({name}) · w\n" in explain(C, u, {z: name}).text


def test_as_terms_and_arguments_they_stand_as_they_are():
    u, w = Value(2.0, "a+b"), Value(3.0, "w")
    assert str(expression((u + w).tanh() + u)) == "tanh(a+b + w) + a+b"


@pytest.mark.parametrize(
    "name", ["w", "w1", "w¹₂₁", "w¹[11,2]", "δ²₃(4)", "loss", "my_weight", "ŷ", "x̂", "w′", "w'", "W[0][1]", "Δz", "_"]
)
def test_symbols_are_not(name):
    assert str(expression(Value(2.0, name) * Value(3.0, "v"))) == f"{name} · v"


@pytest.mark.parametrize(
    ("coefficient", "written"),
    [(1.0000001, "1.0000001"), (0.99999999, "0.99999999"), (1.000000014999, "1.00000001"), (2.0, "2"),
     (1e6, "1e+06"), (1 / 3, "0.333333"), (0.1 + 0.2, "0.3"), (0.25000001, "0.25000001"), (123456.7, "123456.7"),
     (3.14159265358979, "3.14159"), (1e-7, "1e−07"), (1.0000001e-7, "1.0000001e−07"), (1e15 + 1, "1e+15"),
     (1e300, "1e+300"), (5e-324, "4.94066e−324")],
)  # fmt: skip
def test_a_constant_does_not_look_like_a_rounder_one(coefficient, written):
    x = Value(2.0, "x")
    assert str(expression(coefficient * x)) == f"{written} · x"
    assert str(expression(x + coefficient)) == f"x + {written}"
    assert str(expression(x**2 * -coefficient)) == f"−{written} · x²"
    mantissa, _, exponent = written.replace("−", "-").partition("e")
    latex = rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa
    assert expression(coefficient * x).latex() == rf"{latex} \cdot x"


def test_what_rounding_left_of_one_is_one():
    x = Value(2.0, "x")
    assert str(expression((1.0 + 1e-15) * x)) == "x"
    assert expression(-(1.0 + 1e-15) * x).latex() == "-x"
    assert str(expression(x ** (1.0 + 1e-9))) == "x^1.000000001"


def test_what_lies_between_labels_melts_into_one_simplified_factor():
    def factor(make, **values):
        label(**values)
        root = make(**values)
        root.label = "C"
        return {f.below.label: f.formula.text() for f in Stations(root).factors}

    a, b, c = Value(0.75), Value(2.0), Value(-1.5)
    assert factor(lambda a, b: 0.5 * (b - a) ** 2, a=a, b=b) == {"b": "b − a", "a": "a − b"}
    assert factor(lambda a: a * a * a, a=a) == {"a": "3 · a²"}
    assert factor(lambda a: a * a + 2 * a - 7, a=a) == {"a": "2 + 2 · a"}
    assert factor(lambda a, b: a / b, a=a, b=b) == {"a": "1/b", "b": "−a/b²"}
    assert factor(lambda a: 3 - (2 - a), a=a) == {"a": "1"}
    assert factor(lambda a, b, c: a * b * c, a=a, b=b, c=c) == {"a": "b · c", "b": "a · c", "c": "a · b"}
    assert factor(lambda a, b: (a + b) ** 2, a=a, b=b) == {"a": "2 · (a + b)", "b": "2 · (a + b)"}
    assert factor(lambda a: a.exp().log(), a=a) == {"a": "1"}
    assert factor(lambda a, b: dot([a, b], [b, 2.0], 1.0), a=a, b=b) == {"a": "b", "b": "2 + a"}
    assert factor(lambda a: a - a, a=a) == {"a": "0"}


def test_expressions():
    a, b, z = Value(0.75), Value(2.0), Value(3.0)
    label(a=a, b=b, z=z)
    for made, text in (
        (0.5 * (b - a) ** 2, "½ · (b − a)²"),
        (dot([a, b], [z, 2.0], 1.0), "a · z + 2 · b + 1"),
        ((a * b).sigmoid() / (1 + z), "σ(a · b)/(1 + z)"),
        (a.exp() - b.log(), "exp(a) − ln(b)"),
        (a**-2, "1/a²"),
        (a**0.5, "√a"),
        (b.sqrt(), "√b"),
        (a**b, "pow(a, b)"),
        (abs(a) + b.sin() * z.cos(), "abs(a) + sin(b) · cos(z)"),
        (a, "a"),
    ):
        assert str(expression(made)) == text
        assert expression(made).value == pytest.approx(made.data, rel=1e-12)
    assert expression(0.5 * (b - a) ** 2).latex() == r"\tfrac{1}{2} \cdot {\left(b - a\right)}^{2}"


@pytest.mark.parametrize(("op", "at"), PROBES, ids=name)
def test_every_operations_formula_is_its_slope(op, at):
    values = [Value(x, label_) for x, label_ in zip(at, "abcde", strict=False)]
    y = TYPED[op.name](*values)
    y.label = "y"
    for factor in Stations(y).factors:
        i = values.index(factor.below)
        assert factor.value == op.slope(floats, y.data, at, i)
        assert factor.formula.value == pytest.approx(factor.value, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize(("op", "at"), [probe for probe in PROBES if probe[0].name != "dot"], ids=name)
def test_every_operations_formula_says_its_slope(op, at):
    """As it is printed; tests/test_symbolic.py holds the formulas themselves against sympy's derivatives."""
    values = [Value(x, label_) for x, label_ in zip(at, "ab", strict=False)]
    y = TYPED[op.name](*values)
    y.label = "y"
    slopes = dict(zip(values, expected(op, at)[1], strict=True))
    for factor in Stations(y).factors:
        text = factor.formula.text()
        assert worth(text, at[0], at[-1], y.data) == pytest.approx(slopes[factor.below], rel=1e-12, abs=1e-20), text


@settings(max_examples=200, deadline=None)
@given(
    st.lists(instructions, min_size=1, max_size=15),
    st.lists(numbers, min_size=1, max_size=4),
    st.sets(st.integers(0, 18), min_size=8),
)
def test_its_value_is_the_gradient(program, xs, labelled):
    leaves = [Value(x) for x in xs]
    root, values = build(program, leaves, Value)
    assume(root.op is not None)
    for i in labelled:
        if i < len(values):
            values[i].label = f"s{i}"
    root.backward()
    for leaf in leaves:
        if leaf not in nodes(root):
            continue
        size = sum(abs(step.contribution) for step in backward_steps(root) if step.parent is leaf)
        try:
            found = explain(root, leaf)
        except ValueError:  # too much between two labels for a page
            reject()
        assert found.value == pytest.approx(leaf.grad, rel=1e-12, abs=1e-12 * max(size, 1e-300))
        assert found.text
        assert found.latex


def test_values_of_the_same_name_are_not_the_same():
    x, other = Value(2.0, "x"), Value(3.0, "x")
    y = x * other - other * other
    y.label = "y"
    assert {f.below: f.formula.value for f in Stations(y).factors} == {x: 3.0, other: -4.0}
    assert str(expression(y)) == "x · x − x²"


def test_a_way_straight_to_the_output_beside_another_is_a_formula():
    """∂C/∂w stands for all ways together, so it cannot stand for one of them."""
    w, x = Value(0.5, "w"), Value(2.0, "x")
    z = w * x
    z.label = "z"
    C = z.tanh() + 0.1 * w**2
    C.label = "C"
    assert explain(C, w).text.splitlines()[0] == "∂C/∂w = (∂z/∂w · ∂C/∂z + 0.2 · w)"
    assert explain(C, w).value == pytest.approx(2 / math.cosh(1.0) ** 2 + 0.1, rel=1e-12)


def test_what_looks_alike_does_not_cancel():
    c, y = Value(-1.5, "c"), Value(2.0, "y")
    assert explain(c.leaky_relu(0.1) - c.leaky_relu(0.3), c).value == pytest.approx(-0.2)
    assert "0\n" not in explain(c.leaky_relu(0.1) - c.leaky_relu(0.3), c).text
    x1, x2 = Value(1.0, "x"), Value(5.0, "x")
    found = explain(maximum(y, x1) - maximum(y, x2), y)
    assert found.text.splitlines()[0] == "∂v1/∂y = (−[y > x] + [y > x])", "two values called x"
    assert found.value == 1.0
    p, q = Value(2.0, "p"), Value(2.0, "q")
    assert str(Stations(maximum(p, q)).factors[0].formula) == "0.5"
    u, k = Value(3.0), Value(4.0, "v1")
    assert explain(u * k, u).text.splitlines()[0] == "∂v3/∂v2 = v1"


def test_what_is_alike_is_gathered():
    a, b, c = Value(0.75, "a"), Value(2.0, "b"), Value(-1.5, "c")
    assert str(Stations(a * b * c - a * c * b).factors[0].formula) == "0"
    assert str(expression(2 * (a * b).sqrt() * (a * b).sqrt())) == "2 · a · b"


def test_powers_at_zero_and_out_of_range():
    z, b, g = Value(0.0, "z"), Value(2.0, "b"), Value(1e-200, "g")
    assert [str(f.formula) for f in Stations(z**b).factors] == ["b · pow(z, b − 1)", "pow(z, b) · ln(z)"]
    assert "inf" not in str(expression((1e200 * g) ** 2))
    assert str(expression(Value(0.5, "a") ** math.inf)) == "a^inf"


def test_minus_signs_are_in_parentheses_and_numbers_in_latex():
    u, b = Value(0.5, "u"), Value(2.0, "b")
    e = -(u.cos())
    e.label = "e"
    C = b * e
    C.label = "C"
    text = explain(C, u).text
    assert "· −" not in text
    assert r"10^{-7}" in expression(1e-7 * u).latex()
    assert expression(u.leaky_relu()).latex() == r"\operatorname{leaky\_relu}(u, 0.01)"
    assert expression(Value(2.0, "w¹") ** 2).latex() == r"{\left(w^{1}\right)}^{2}"


def test_names_of_errors_are_checked():
    C, w1, *_ = note_3()
    with pytest.raises(TypeError, match="errors names the derivatives by a Value; got str 'z'"):
        explain(C, w1, {"z": "δ"})
    with pytest.raises(TypeError, match="errors gives a derivative a name; got int 3"):
        explain(C, w1, {w1: 3})


def test_formulas_too_long_for_a_page_are_refused_soon():
    y = Value(0.3, "x")
    for _ in range(12):
        y = (y + 0.1) * (y - 0.3)
    with pytest.raises(ValueError, match="a formula of more than 300 symbols: label some of the values between"):
        expression(y)
    for _ in range(10_000):
        y = (y * 1.001).sin()
    with pytest.raises(ValueError, match="label some of the values between"):
        explain(y, nodes(y)[0])


def test_a_wide_network_is_explained():
    comparison = compare(MLP(32, [16, 10], "tanh", seed=0), np.ones(32), np.zeros(10))
    weight = comparison.model.layers[0].neurons[0].weights[0]
    assert explain(comparison.graph, weight, comparison.errors).value == pytest.approx(weight.grad, rel=1e-12)


def test_many_paths_are_counted_not_listed():
    x = Value(1.0, "x")
    parts = [x * k for k in range(1, 31)]
    for k, part in enumerate(parts):
        part.label = f"p{k}"
    total = sum(parts[1:], parts[0])
    found = explain(total, x)
    assert found.value == sum(range(1, 31))
    assert f"{30 - MOST_TERMS} terms more, 30 paths in all" in found.text
    for _ in range(60):  # 2⁶⁰ paths
        left, right = 0.5 * total, 0.5 * total
        left.label, right.label = "l", "r"
        total = left + right
        total.label = "t"
    found = explain(total, x)
    assert found.value == pytest.approx(sum(range(1, 31)))
    assert len(found.text.splitlines()) < 80


def test_the_output_by_itself():
    C, *_ = note_3()
    assert explain(C, C).text == "∂C/∂C = 1"
    x = Value(3.0)
    assert explain(x, x).text == "∂v1/∂v1 = 1"


def test_what_explain_takes():
    C, w1, *_ = note_3()
    with pytest.raises(ValueError, match=r"Value\(data=9\.0.*has no part in .*label='C'"):
        explain(C, Value(9.0))
    with pytest.raises(ValueError, match="has no part in"):
        explain(w1, C)
    with pytest.raises(TypeError, match="explain differentiates a Value; got float"):
        explain(2.0, w1)
    with pytest.raises(TypeError, match="explain differentiates by a Value; got str 'w1'"):
        explain(C, "w1")
    with pytest.raises(TypeError, match="expression writes a Value; got int 3"):
        expression(3)
    with pytest.raises(TypeError, match="label names Values, and b is to be a Value; got int 3"):
        label(a=C, b=3)
    assert C.label == "C"
    y = Value(1.0, "x")
    for _ in range(MOST_MELTED + 5):
        y = y * 1.0
    with pytest.raises(ValueError, match=r"more than 200 operations lie below v1 before the next label: label some"):
        explain(y, nodes(y)[0])


def test_labels_are_data_in_latex_too():
    x, y = Value(2.0, r"evil} \input{x} $&#%_^~"), Value(3.0, "tanh loss")
    C = x * y
    C.label = "w¹₂₁"
    latex = explain(C, x).latex
    assert r"\input" not in latex.replace(r"\textbackslash{}input", "")
    assert r"\text{evil\} \textbackslash{}input\{x\} \$\&\#\%\_\textasciicircum{}\textasciitilde{}}" in latex
    assert r"\partial w^{1}_{21}" in latex
    assert r"\text{tanh loss}" in latex
    assert expression(Value(1.0, "δ²₃")).latex() == r"\delta^{2}_{3}"
    assert expression(Value(1.0, "w¹[11,2]")).latex() == r"w^{1}_{11,2}"
    assert expression(Value(1.0, "δ²₃(4)")).latex() == r"\delta^{2}_{3}(4)"
    assert expression(Value(1.0, "loss")).latex() == r"\mathrm{loss}"


def test_changed_data_does_not_change_the_value():
    C, w1, *_ = note_3()
    before = explain(C, w1).value
    w1.data = 9.0
    assert explain(C, w1).value == before == pytest.approx(w1.grad, rel=1e-15)


def test_it_is_a_sum_over_examples_in_a_batch():
    model = MLP(1, [1], "sigmoid", "sigmoid", seed=0)
    comparison = compare(model, [[0.1], [0.2]], [[0.0], [1.0]])
    found = explain(comparison.graph, model.layers[0].neurons[0].weights[0], comparison.errors)
    assert found.text.splitlines()[1].strip() == "= (x₁(1) · δ¹₁(1) + x₁(2) · δ¹₁(2))"
    assert math.isclose(found.value, float(np.ravel(comparison.row("dW", 1).graph)[0]), rel_tol=1e-12)
