"""The words of the notes for wrong slopes of a layer: kinds of edits, and names for the parts of their texts."""

__all__ = ["NAMES", "SLOPES"]

NAMES = {"x": "z", "y": "a", "p": "σ′", "p_is": "is", "d": "σ′(z)", "d_is": "is"}
NAMES |= {"x_short": "z", "x_with": "", "y_short": "a", "y_with": ""}
SLOPES = {
    "missing": "σ′(z) is missing",
    "at output": "σ′ is evaluated at a, not at z",
    "of input": "the formula for σ′ needs a, but gets z",
    "of gradient": "the formula for σ′ is applied to the error ∂C/∂a, not to a",
    "output": "σ(z) is used instead of σ′(z)",
    "input": "z is used instead of σ′(z)",
    "divided": "the error ∂C/∂a is divided by σ′(z), not multiplied by it",
    "twice": "σ′(z) is applied twice",
    "a: x (1 − x)": "a (1 − a) is the derivative of the sigmoid, not of this layer's σ",
    "squared alone": "−a² is used instead of σ′(z), which is 1 − a²: the 1 is missing",
    "outside": "(1 − a)² is used instead of σ′(z), which is 1 − a²",
    "reversed": "1 − σ′(z) is used instead of σ′(z)",
    "alone": "σ′(z) alone is used as δ, not ∂C/∂a ∘ σ′(z)",
    "gradient twice": "the error ∂C/∂a is multiplied in twice: δ is ∂C/∂a ∘ σ′(z)",
    "inverse alone": "1/σ′(z) is used as δ, not ∂C/∂a ∘ σ′(z)",
    "alone of gradient": "σ′ of the error, σ′(∂C/∂a), is used as δ, not ∂C/∂a ∘ σ′(z)",
    "mask alone": "(z > 0) alone is used as δ, not ∂C/∂a ∘ σ′(z)",
    "half alone": "1 − a alone is used as δ, not ∂C/∂a ∘ σ′(z)",
    "bracketed alone": "σ(1 − σ(e)), with e the error ∂C/∂a, is used as δ, not ∂C/∂a ∘ σ′(z)",
    "alone in one branch": "where σ′(z) is not 1, σ′(z) alone is used as δ, not ∂C/∂a ∘ σ′(z)",
}
