"""Claims about the symbols of a loop's arrays: they have the step as an index, and the step before is t − 1."""

import re

import pytest

from autograd import lift
from tests.helpers.recurrences import equal_layers, kalman, lotka_volterra, recurrent_network

RECURRENT = """\
a¹₀ = k
for t = 1, …, 8:
z¹ₜ = W¹ a¹ₜ₋₁ + U¹ xₜ + b¹
a¹ₜ = tanh(z¹ₜ)
a¹₂,ₜ = a¹ₜ₋₁
end
C = ‖a¹₈‖²

∂C/∂a¹₈ = 2 a¹₈
for t = 8, …, 1:
δ¹ₜ = ∂C/∂a¹ₜ ∘ tanh′(z¹ₜ)    BP2
∂C/∂a¹ₜ₋₁ = (W¹)ᵀ δ¹ₜ
end
∂C/∂W¹ = (δ¹)ᵀ a¹₂            BP4
∂C/∂U¹ = (δ¹)ᵀ x              BP4
∂C/∂b¹ = Σ δ¹                 BP3"""


def test_an_error_comes_from_the_step_behind():
    """As in the notes' BP2, with the next time step in the place of the next layer."""
    assert str(lift(*recurrent_network(8))) == RECURRENT


def test_steps_are_indices_in_latex_and_on_a_page():
    program = lift(*recurrent_network(8))
    assert r"z^{1}_{t} &= W^{1} a^{1}_{t-1} + U^{1} x_{t} + b^{1}" in program.latex
    assert "<msubsup><mi>a</mi><mn>t−1</mn><mn>1</mn></msubsup>" in program.mathml
    assert "<msub><mi>x</mi><mn>t</mn></msub>" in program.mathml


@pytest.mark.parametrize("graph", [recurrent_network, lotka_volterra, kalman, equal_layers])
def test_a_step_gives_each_array_a_symbol_of_its_own(graph):
    """Only sums over all steps are given numbers once more."""
    inside = re.findall("for t = .*?:\\n(.*?)\\nend", str(lift(*graph(12)[:2])), re.DOTALL)
    assert len(inside) > 1
    for lines in inside:
        symbols = [line.split(" = ")[0] for line in lines.splitlines()]
        assert len(set(symbols)) == len(symbols)
