"""Describes the role of an array in the notes' equations, such as the weighted input of layer 1, or ∂C/∂W."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Role", "code_name"]


class Role(NamedTuple):
    """A letter of the notes' notation with a number, of its layer or its own."""

    letter: str  # "z", "a", "δ", "W", "b"; "u" and "h" if the notes have no letter; "∂" for a derivative
    number: int = 0  # 0: none
    of_layer: bool = False  # whether the number is the layer's, which is written as a superscript
    of: Role | None = None  # the array that the derivative is by


def code_name(role: Role) -> str:
    """Returns the role as a name in code: z1, delta2, dW1."""
    if role.of is not None:
        return f"d{code_name(role.of)}"
    letter = "delta" if role.letter == "δ" else role.letter
    return f"{letter}{role.number or ''}"
