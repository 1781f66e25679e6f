"""Prints the notes' notation on outputs that lack some characters, such as a terminal of code page 1252."""

import sys
from unicodedata import decomposition, name, normalize

__all__ = ["plain", "tell"]

# fmt: off
SIGNS = {"·": "*", "×": "x", "−": "-", "⁄": "/", "∘": "o", "∂": "d", "∇": "grad ", "‖": "||", "′": "'", "→": "->",
         "═": "=", "≠": "!=", "≤": "<=", "≥": ">=", "√": "sqrt", "∞": "inf", "✓": "ok", "ŷ": "yhat"}
# fmt: on
MARKS = {"<super>": "^", "<sub>": "_"}


def tell(text: str) -> None:
    """Prints a text. Characters that the output lacks are written in ASCII."""
    print(plain(text, getattr(sys.stdout, "encoding", None) or "utf-8"))


def plain(text: str, encoding: str) -> str:
    """Replaces the characters that the encoding lacks: in ASCII, σ′(z²) becomes sigma'(z^2)."""
    return "".join(c if c.isascii() or _has(encoding, c) else _written(c) for c in text)


def _has(encoding: str, character: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _written(character: str) -> str:
    """Writes a character in ASCII: a sign as typed, a Greek letter by name, a raised one after ^, no accents."""
    if character in SIGNS:
        return SIGNS[character]
    script, *_, letter = name(character, "?").split()
    if script == "GREEK":
        return letter.lower() if character.islower() else letter.title()
    mark = MARKS.get(decomposition(character).split(" ")[0], "")
    letters = "".join(SIGNS.get(c, c) for c in normalize("NFKD", character))
    return mark + letters.encode("ascii", "ignore").decode() if letters != character else "?"
