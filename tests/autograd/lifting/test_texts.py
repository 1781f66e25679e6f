"""Claims about what a lifted program says: its equations and its names."""

import html
import random
import re

import numpy as np
import pytest

from autograd import Value, lift
from autograd.lifting import Program
from nn import MLP, mean, quadratic
from tests.helpers.lifting import convolution, flat, linear, note_2, recurrent, values

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


def test_a_notebook_shows_its_equations():
    """A label that is no plain name stays out of the equations, and what stands there cannot end the element."""
    x, w = Value(2.0, "</pre><b>x"), Value(3.0, "a<b")
    shown = lift((w * x).tanh(), [w], [x])._repr_html_()
    cost, parameters, inputs = note_2()
    program = lift(cost, parameters, inputs)
    assert html.unescape(program._repr_html_()) == f"<pre>{program}</pre>"
    assert "δ² (a¹)ᵀ" in program._repr_html_()
    assert shown.startswith("<pre>")
    assert "<" not in shown.removeprefix("<pre>").removesuffix("</pre>")


def test_a_notebook_shows_the_first_lines_of_a_long_program():
    x = y = Value(0.5, "x")
    for _ in range(100):
        y = y.sin().exp()
    program = lift(y, [x])
    lines = str(program).splitlines()
    shown = program._repr_html_().removeprefix("<pre>").removesuffix("</pre>").splitlines()
    assert len(lines) > 200
    assert list(map(html.unescape, shown)) == [*lines[:100], f"and {len(lines) - 100} lines more: print(program)"]
