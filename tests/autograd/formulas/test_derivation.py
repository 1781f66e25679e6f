"""Claims about explain: the graph writes the notes' equations, and every number in them is right."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from autograd import ChangedValueWarning, Value, backward_steps, explain, expression, label, maximum, nodes
from autograd.formulas.derivation import MOST_TERMS
from autograd.formulas.labelled_graph import MOST_MELTED, LabelledGraph
from demos.scalar_chain import chain
from nn import MLP, compare
from tests.helpers.programs import build, instructions, numbers


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


def test_an_expression_shows_itself():
    C, *_ = note_3()
    error = expression(C.parents[0])
    assert repr(error) == str(error) == error.text == "(y − a2)²"
    assert error._repr_latex_() == rf"$\displaystyle {error.latex}$"


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


@pytest.mark.no_cover  # it takes several times as long where lines are counted
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


def test_a_way_straight_to_the_output_beside_another_is_a_formula():
    """∂C/∂w stands for all ways together, so it cannot stand for one of them."""
    w, x = Value(0.5, "w"), Value(2.0, "x")
    z = w * x
    z.label = "z"
    C = z.tanh() + 0.1 * w**2
    C.label = "C"
    assert explain(C, w).text.splitlines()[0] == "∂C/∂w = ∂z/∂w · ∂C/∂z + 0.2 · w"
    assert explain(C, w).value == pytest.approx(2 / math.cosh(1.0) ** 2 + 0.1, rel=1e-12)


def test_what_looks_alike_does_not_cancel():
    c, y = Value(-1.5, "c"), Value(2.0, "y")
    assert explain(c.leaky_relu(0.1) - c.leaky_relu(0.3), c).value == pytest.approx(-0.2)
    assert "0\n" not in explain(c.leaky_relu(0.1) - c.leaky_relu(0.3), c).text
    x1, x2 = Value(1.0, "x"), Value(5.0, "x")
    found = explain(maximum(y, x1) - maximum(y, x2), y)
    assert found.text.splitlines()[0] == "∂v1/∂y = [y > x(1)] − [y > x(2)]", "two values called x"
    assert found.value == 1.0
    p, q = Value(2.0, "p"), Value(2.0, "q")
    assert str(LabelledGraph(maximum(p, q)).factors[0].formula) == "0.5"
    u, k = Value(3.0), Value(4.0, "v1")
    assert explain(u * k, u).text.splitlines()[0] == "∂v3/∂v2 = v1"


def test_a_sum_by_itself_has_no_parentheses_and_begins_without_a_minus_sign():
    a, b = Value(0.5, "a"), Value(2.0, "b")
    e = a * b - b.exp()
    e.label = "e"
    C = 3 * e
    C.label = "C"
    assert explain(e, b).text.splitlines()[0] == "∂e/∂b = a − exp(b)"
    assert explain(C, b).text.splitlines()[1] == "      = (a − exp(b)) · 3"
    assert explain(C, b).latex.split(r" \\ ")[1] == r" &= \left(a - \exp(b)\right) \cdot 3"
    assert str(expression(-a + b)) == "−a + b", "what somebody wrote stays in its order"


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
    with pytest.raises(
        ValueError, match="the formula between two labels has more than 300 symbols: label some of the values between"
    ):
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
    with pytest.raises(ValueError, match=r"label='C'.* does not depend on Value\(data=9\.0"):
        explain(C, Value(9.0))
    with pytest.raises(ValueError, match=r"does not depend on .*; it is the other way round: explain\(output, wrt\)"):
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


def test_changed_data_does_not_change_the_value():
    C, w1, *_ = note_3()
    before = explain(C, w1).value
    w1.data = 9.0
    with pytest.warns(ChangedValueWarning):
        after = explain(C, w1).value
    assert after == before == pytest.approx(w1.grad, rel=1e-15)


def test_it_is_a_sum_over_examples_in_a_batch():
    model = MLP(1, [1], "sigmoid", "sigmoid", seed=0)
    comparison = compare(model, [[0.1], [0.2]], [[0.0], [1.0]])
    found = explain(comparison.graph, model.layers[0].neurons[0].weights[0], comparison.errors)
    assert found.text.splitlines()[1].strip() == "= x₁(1) · δ¹₁(1) + x₁(2) · δ¹₁(2)"
    assert math.isclose(found.value, float(np.ravel(comparison.row("dW", 1).graph)[0]), rel_tol=1e-12)
