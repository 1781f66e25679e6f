"""The names of the notes: wˡⱼₖ is the weight to neuron j of layer l from neuron k of layer l−1.

Layers and neurons count from 1. With an index of two digits or more, the indices stand in brackets: w¹[11,2].
"""

from autograd.writing import indexed

__all__ = ["EQUATIONS", "counted", "name"]

EQUATIONS = {
    "z = W a + b": "zˡⱼ = Σₖ wˡⱼₖ aˡ⁻¹ₖ + bˡⱼ",
    "a = σ(z)": "aˡⱼ = σ(zˡⱼ)",
    "C": "C = (1/n) Σₓ Cₓ",
    "BP1": "δᴸ = ∇ₐC ∘ σ′(zᴸ)",
    "BP2": "δˡ = ((wˡ⁺¹)ᵀ δˡ⁺¹) ∘ σ′(zˡ)",
    "BP3": "∂C/∂bˡⱼ = δˡⱼ",
    "BP4": "∂C/∂wˡⱼₖ = δˡⱼ aˡ⁻¹ₖ",
}


def name(symbol: str, layer: int | None = None, *indices: int) -> str:
    """Returns a symbol with its layer and indices: `name("w", 1, 2, 1)` is w¹₂₁, `name("x", None, 3)` is x₃."""
    return indexed(symbol, "" if layer is None else layer, indices)


def counted(number: int, thing: str) -> str:
    """Returns a number with its noun, singular or plural: 1 step, 2 steps."""
    return f"{number} {thing}{'s' * (number != 1)}"
