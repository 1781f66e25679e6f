"""Claims about the parts of arrays in equations: they have names, and no equation contains code."""

import random
import re
from itertools import pairwise

import numpy as np
import pytest

from autograd import dot, lift
from tests.helpers.equations import as_said
from tests.helpers.lifting import attention, flat, gates, linear, normalised, recurrent, soft_k_means, values, w2
from tests.helpers.recurrences import random_recurrence, triangular


def test_parts_have_names_and_sizes():
    """Two heads of attention: each is two rows of queries and two of keys."""
    rng = random.Random(0)
    x, (wq, wk) = values(rng, 3, 4), (values(rng, 4, 4) for _ in range(2))
    q, k = ([linear(w, token) for token in x] for w in (wq, wk))
    scores = [dot(a[h : h + 2], b[h : h + 2]).tanh() for h in (0, 2) for a in q for b in k]
    program = lift(sum(scores), flat([wq, wk]))
    lines = [line.split("    ")[0] for line in str(program).splitlines()]
    assert lines[:3] == ["z¹ = W¹ x", "(z¹ᵃ, z¹ᵇ) = z¹, each of size 2 × 2 × 3", "u₁ = (z¹ᵃ)ᵀ z¹ᵇ"]
    assert lines[-4:] == ["δ¹ᵃ = z¹ᵇ (∂C/∂u₁)ᵀ", "δ¹ᵇ = z¹ᵃ ∂C/∂u₁", "δ¹ = (δ¹ᵃ, δ¹ᵇ)", "∂C/∂W¹ = δ¹ xᵀ"]
    assert r"(z^{1a}, z^{1b}) &= z^{1}\text{, each of size 2 $\times$ 2 $\times$ 3}" in program.latex
    assert "<msup><mi>z</mi><mn>1a</mn></msup>" in program.mathml


@pytest.mark.parametrize(
    "graph",
    [
        lambda: attention(random.Random(0)),
        lambda: attention(random.Random(0), causal=True)[:2],
        lambda: gates(random.Random(0)),
        lambda: recurrent(random.Random(0))[:2],
        lambda: soft_k_means(),
        lambda: normalised(random.Random(0))[:2],
        lambda: w2(),
        lambda: triangular(9),
        lambda: random_recurrence(1000)[:2],
    ],
    ids=[
        "attention",
        "causal attention",
        "gates",
        "recurrent",
        "k-means",
        "normalised",
        "w2",
        "triangular",
        "irregular",
    ],
)
def test_no_equation_contains_code(graph):
    """A slice has a colon, and a method has a point in front of its name."""
    program = lift(*graph())
    assert not re.search(r":|\.[A-Za-z]", re.sub("for t = .*:", "", str(program)))
    assert "reshape" not in program.latex + program.mathml
    assert not re.search(r"\[[^]]*:", program.latex + program.mathml)


def test_an_array_in_another_shape_says_its_size():
    said = str(lift(*soft_k_means()))
    assert said.startswith("u₁ = p + y, of size 7 × 3 × 2\nu₂ = −½ Σ u₁²\n")


@pytest.mark.parametrize("graph", [attention, gates])
def test_worked_out_with_their_parts_they_are_the_program(graph):
    said, wanted = as_said(lift(*graph(random.Random(1))[:2]))
    assert "∂C/∂W¹" in wanted
    for name, x in wanted.items():
        np.testing.assert_allclose(said[name], x, rtol=1e-12, atol=1e-15, err_msg=name)


def test_axes_that_are_written_out_stand_on_both_sides():
    """Heads that lie side by side: for each head j, queries and keys of two tokens are multiplied."""
    rng = random.Random(0)
    x, (wq, wk) = values(rng, 3, 4), (values(rng, 4, 4) for _ in range(2))
    q, k = ([linear(w, token) for token in x] for w in (wq, wk))
    scores = [dot(a[h : h + 2], b[h : h + 2]).tanh() for a in q for b in k for h in (0, 2)]
    sides = [
        line.split("    ")[0].split(" = ") for line in str(lift(sum(scores), flat([wq, wk]), flat(x))).splitlines()
    ]
    written_out = [side for side in sides if "[" in side[-1]]
    assert written_out
    for left, right in written_out:
        letters = {letter for axes in re.findall(r"\[([a-z,]+)\]", right) for letter in axes.split(",")}
        assert re.findall(r"\[(.*)\]", left) == [",".join(sorted(letters & {*"ijklm"}))]


def test_parts_that_overlap_have_their_bounds_counted_from_1():
    """Σ xᵢ · tanh(xᵢ₊₁ + xᵢ) reads the first three and the last three of four numbers."""
    x = [one.sin() for one in values(random.Random(0), 4)]
    program = lift(sum(a * (a + b).tanh() for a, b in pairwise(x)), flat([v.operands[0] for v in x]))
    assert "h₁[1…3] + h₁[2…4]" in str(program)
    assert r"h_{1}[1\ldots 3] + h_{1}[2\ldots 4]" in program.latex
    assert "<mtext>1…3</mtext>" in program.mathml
