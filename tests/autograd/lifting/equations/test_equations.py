"""Claims about the equations of a lifted program: as text, as LaTeX, and when they are computed."""

import random
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from autograd import Value, dot, lift, maximum, softmax, where
from nn import MLP, mean, quadratic, softmax_cross_entropy
from tests.helpers.equations import as_said
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

IN_LATEX = r"""\begin{aligned}
z^{1} &= W^{1} x + b^{1} \\
a^{1} &= \tanh(z^{1}) \\
z^{2} &= W^{2} a^{1} + b^{2} \\
a^{2} &= \sigma(z^{2}) \\
C &= \tfrac{1}{2} {\left\| y - a^{2} \right\|}^{2} \\[1ex]
\delta^{2} &= \left(a^{2} - y\right) \circ \sigma'(z^{2}) && \text{BP1} \\
\frac{\partial C}{\partial W^{2}} &= \delta^{2} {\left(a^{1}\right)}^{\top} && \text{BP4} \\
\frac{\partial C}{\partial b^{2}} &= \delta^{2} && \text{BP3} \\
\delta^{1} &= \left({\left(W^{2}\right)}^{\top} \delta^{2}\right) \circ \tanh'(z^{1}) && \text{BP2} \\
\frac{\partial C}{\partial W^{1}} &= \delta^{1} {x}^{\top} && \text{BP4} \\
\frac{\partial C}{\partial b^{1}} &= \delta^{1} && \text{BP3}
\end{aligned}"""


@pytest.mark.parametrize("elementary", [False, True])
def test_the_four_equations_are_found_in_the_graph(elementary):
    cost, parameters, _ = note_2(elementary)
    program = lift(cost, parameters)
    assert str(program) == NOTE_2
    assert program.latex == IN_LATEX


def test_over_examples_they_are_the_same():
    summed = NOTE_2.replace("∂b² = δ²  ", "∂b² = Σ δ²").replace("∂b¹ = δ¹  ", "∂b¹ = Σ δ¹")
    assert str(lift(*note_2())) == summed


def batch(cost, output="sigmoid"):
    """Returns a network, its mean cost over five examples, and its parameters."""
    model = MLP(3, [4, 2], activation="tanh", output=output, seed=2)
    rng = np.random.default_rng(0)
    examples = [(rng.normal(size=3).tolist(), rng.dirichlet([1.0, 1.0]).tolist()) for _ in range(5)]
    return mean([cost(model(x), y) for x, y in examples]), model.parameters()


def test_a_batch_is_found_in_the_graph_too():
    for equation in ("z¹ = W¹ x + b¹", "C = 0.1 ‖y − a²‖²", "δ² = 0.2 (a² − y) ∘ σ′(z²)", "δ¹ = ((W²)ᵀ δ²) ∘ tanh′(z¹)",
                     "∂C/∂W¹ = δ¹ xᵀ", "∂C/∂b¹ = Σ δ¹"):  # fmt: skip
        assert equation in str(lift(*batch(quadratic)))


# ---- the equations give the program's numbers


WHOLE = {
    "note 2": lambda: note_2()[:2],
    "note 2, elementary": lambda: note_2(True)[:2],
    "linear output": lambda: note_2(output="linear")[:2],
    "batch": lambda: batch(quadratic),
    "batch of classes": lambda: batch(softmax_cross_entropy, "linear"),
    "recurrent": lambda: recurrent(random.Random(1))[:2],
}


@pytest.mark.parametrize("graph", WHOLE)
def test_worked_out_they_are_the_program(graph):
    said, wanted = as_said(lift(*WHOLE[graph]()))
    assert len(wanted) > 3
    for name, x in wanted.items():
        np.testing.assert_allclose(said[name], x, rtol=1e-12, atol=1e-15, err_msg=name)


def test_worked_out_over_examples_they_are_sums():
    """The program has means instead."""
    cost, parameters, inputs = note_2()
    examples = np.random.default_rng(3).uniform(size=(6, len(inputs)))
    said, wanted = as_said(lift(cost, parameters, inputs), examples, x=examples[:, :3].T, y=examples[:, 3:].T)
    assert len(wanted) == 5
    for name, x in wanted.items():
        np.testing.assert_allclose(said[name] / 6, x, rtol=1e-12, err_msg=name)


def test_the_number_of_examples_is_1_in_them():
    """The part of the cost that does not depend on the example, such as a penalty, is not counted n times."""
    w, x = [Value(0.5), Value(0.3)], [Value(1.0), Value(2.0)]
    program = lift(dot(w, x).tanh() + 0.5 * dot(w, w), w, x)
    assert "∂C/∂p = p" in str(program)
    assert "n" not in re.sub("tanh", "", str(program))


# ---- particular graphs


def test_note_3_has_single_weights():
    x, w1, w2, y = Value(0.05), Value(0.15), Value(0.4), Value(0.01)
    output = 0.5 * (y - (w2 * (w1 * x).sigmoid()).sigmoid()) ** 2
    assert str(lift(output, [w1, w2], [x, y])).splitlines() == [
        "z¹ = w¹ ∘ x",
        "a¹ = σ(z¹)",
        "z² = w² ∘ a¹",
        "a² = σ(z²)",
        "C = ½ (y − a²)²",
        "",
        "δ² = (a² − y) ∘ σ′(z²)    BP1",
        "∂C/∂w² = Σ δ² ∘ a¹        BP4",
        "δ¹ = δ² ∘ w² ∘ σ′(z¹)     BP2",
        "∂C/∂w¹ = Σ δ¹ ∘ x         BP4",
    ]


@pytest.mark.parametrize("elementary", [False, True])
def test_a_linear_output_keeps_its_z(elementary):
    """y − z in the cost is a difference of two arrays, and not another name of the weighted input."""
    lines = str(lift(*note_2(elementary, output="linear")[:2])).splitlines()
    assert [line.split("    ")[0] for line in lines if line[0:1] in ("C", "δ")] == [
        "C = ½ ‖y − z²‖²",
        "δ² = z² − y",
        "δ¹ = ((W²)ᵀ δ²) ∘ tanh′(z¹)",
    ]


def test_a_sigmoid_written_out_keeps_its_z():
    w, x, b = Value(0.5), Value(0.7), Value(0.1)
    z = w * x + b
    assert str(lift(1 / (1 + (-z).exp()), [w, b], [x])).startswith("z¹ = w¹ ∘ x + b¹\nu₁ = −z¹\n")


def test_a_difference_of_products_is_one_sum():
    w, v, x, y = (Value(0.1 * i) for i in range(1, 5))
    assert str(lift((w * x - v * y).tanh(), [w, v], [x, y])).startswith("z¹ = w¹ ∘ x − v¹ ∘ x₂\n")


def test_only_the_last_layers_error_is_bp1():
    """With a skip connection, the error of layer 2 reaches layer 1 on two paths, one of them without weights."""
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
    """Rows of a table of parameters, one of them used twice."""
    rows = [[Value(0.1 * i + j) for j in range(2)] for i in range(4)]
    output = sum(((u.tanh() * v).sin() for i in (2, 0, 3, 2) for u, v in [rows[i]]), Value(0.0))
    assert (
        str(lift(output, flat(rows[:1] + rows[2:])))
        == """\
h₁ = tanh(p)
z¹ = w¹ ∘ h₁
a¹ = sin(z¹)
C = Σ a¹[i]

∂C/∂a¹[i] += 1
δ¹ = ∂C/∂a¹ ∘ cos(z¹)    BP1
∂C/∂w¹ = δ¹ ∘ h₁         BP4
∂C/∂p = δ¹ ∘ w¹ ∘ tanh′(p)"""
    )


def attention():
    """Attention: the shares of each token in the others are a softmax."""
    rng = random.Random(0)
    x, (wq, wk, wv) = values(rng, 5, 3), (values(rng, 3, 3) for _ in range(3))
    q, k, v = ([linear(w, token) for token in x] for w in (wq, wk, wv))
    rows = [softmax([dot(one, other) for other in k]) for one in q]
    outputs = [dot(row, [token[j] for token in v]) ** 2 for row in rows for j in range(3)]
    return sum(outputs), flat([wq, wk, wv]), flat(x)


def test_tokens_are_rows_of_an_examples_matrix():
    said = str(lift(*attention()))
    for equation in ("z¹ = x (W¹)ᵀ", "(z¹ᵃ, z¹ᵇ, z¹ᶜ) = z¹, each of size 5 × 3", "u₁ = z¹ᵃ (z¹ᵇ)ᵀ", "C = ‖u₃‖²",
                     "δ¹ᶜ = h₂ᵀ ∂C/∂u₃", "δ¹ᵇ = (∂C/∂u₁)ᵀ z¹ᵃ", "δ¹ = (δ¹ᵃ, δ¹ᵇ, δ¹ᶜ)",
                     "∂C/∂W¹ = Σ (δ¹)ᵀ x"):  # fmt: skip
        assert equation in said


def test_a_product_of_three_axes_is_an_outer_one():
    whole, mapped = lift(*convolution(random.Random(0))[:2]), lift(*convolution(random.Random(0)))
    assert "∂C/∂W² = δ² ⊗ a¹ " in str(whole)
    assert "∂C/∂W² = Σ δ² ⊗ (a¹)ᵀ " in str(mapped)
    assert r"\delta^{2} \otimes a^{1}" in whole.latex


def test_what_is_no_product_of_matrices_has_its_axes_written_out():
    """The error has the axes of z¹, i for places and j for channels; the sum runs over p."""
    said = lift(*convolution(random.Random(0)))
    assert "δ¹ = (Σ δ²[p] ∘ W²[p,j,i]) ∘ relu′(z¹)" in str(said)
    assert r"\sum \delta^{2}{}_{p} \circ W^{2}{}_{p,j,i}" in said.latex


@pytest.mark.parametrize(
    ("output", "equation", "latex"),
    [
        (lambda p, q: (p / q).tanh(), "h₁ = p/p₂", r"h_{1} &= \frac{p}{p_{2}}"),
        (lambda p, q: (p * q).sqrt().tanh(), "h₁ = √u₁", r"h_{1} &= \sqrt{u_{1}}"),
        (lambda p, q: p.log1p() * q.tanh(), "h₁ = ln(1 + p)", r"h_{1} &= \ln(1 + p)"),
        (lambda p, q: ((p**3.5) * q).sin(), "h₁ = p^3.5", r"h_{1} &= {p}^{3.5}"),
        (lambda p, q: (p**q).sin(), "h₁ = p^p₂", r"h_{1} &= {p}^{p_{2}}"),
        (lambda p, q: maximum(p, q).sin(), "∂C/∂p = ∂C/∂h₁ ∘ [p > p₂]", r"\circ [p > p_{2}]"),
        (lambda p, q: where(p > 1, p * q, p + q), "where(", r"\operatorname{where}("),
    ],
)
def test_operations_are_written_with_the_signs_of_a_page(output, equation, latex):
    p, q = Value(0.5), Value(0.25)
    program = lift(output(p, q), [p, q])
    assert equation in str(program)
    assert latex in program.latex


def test_latex_is_balanced():
    for graph in (attention(), convolution(random.Random(1)), note_2(True), recurrent(random.Random(1))):
        for line in lift(*graph).latex.splitlines():
            assert line.count("{") == line.count("}")
            assert line.count(r"\left") == line.count(r"\right")


@pytest.mark.parametrize("graph", [note_2(True), recurrent(random.Random(1))], ids=["note 2", "recurrent"])
def test_mathml_says_what_the_text_says(graph):
    """Each line is a row, with the same letters in the same order, and the name of its equation."""
    program = lift(*graph)
    page = ElementTree.fromstring(f"<p>{program.mathml}</p>")
    rows = page.findall(".//mtr")
    assert len(page) == 2  # the forward and the backward pass
    lines = [line for line in str(program).splitlines() if line]
    assert len(rows) == len(lines) > 5
    for row, line in zip(rows, lines, strict=True):
        assert re.findall("[A-Za-zδσ∂∘]|BP[1-4]$", "".join(row.itertext())) == re.findall("[A-Za-zδσ∂∘]|BP[1-4]$", line)
