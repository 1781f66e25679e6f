"""What an array is in a derivation: the weighted input of layer 1, the error of layer 2, ∂C/∂ of the weights."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Role", "code_name"]


class Role(NamedTuple):
    """A letter of the notes' notation, with the number of its layer, or its own."""

    letter: str  # "z", "a", "δ", "W", "b"; "u" and "h" where the notes have no name; "∂" for a derivative by `of`
    number: int = 0  # 0: none
    of_layer: bool = False  # whether the number is that of a layer, which is written above
    of: Role | None = None  # what the derivative is by


def code_name(role: Role) -> str:
    """What code calls it: z1, delta2, dW1."""
    if role.of is not None:
        return f"d{code_name(role.of)}"
    letter = "delta" if role.letter == "δ" else role.letter
    return f"{letter}{role.number or ''}"
