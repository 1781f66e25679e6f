"""Printing the notes' notation where the output cannot show all of it, as on a terminal of code page 1252."""

import sys
from unicodedata import decomposition, name, normalize

__all__ = ["plain", "tell"]

# fmt: off
SIGNS = {"·": "*", "×": "x", "−": "-", "⁄": "/", "∘": "o", "∂": "d", "∇": "grad ", "‖": "||", "′": "'", "→": "->",
         "═": "=", "≠": "!=", "≤": "<=", "≥": ">=", "√": "sqrt", "∞": "inf", "✓": "ok", "ŷ": "yhat"}
# fmt: on
MARKS = {"<super>": "^", "<sub>": "_"}


def tell(text: str) -> None:
    """Print it, with every character that the output has, and the others in words."""
    print(plain(text, getattr(sys.stdout, "encoding", None) or "utf-8"))


def plain(text: str, encoding: str) -> str:
    """The text with nothing in it that the encoding lacks: in ASCII, σ′(z²) is sigma'(z^2)."""
    return "".join(c if c.isascii() or _has(encoding, c) else _written(c) for c in text)


def _has(encoding: str, character: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _written(character: str) -> str:
    """In ASCII: a sign as it is typed, a Greek letter by its name, a raised one after ^; else without its accents."""
    if character in SIGNS:
        return SIGNS[character]
    script, *_, letter = name(character, "?").split()
    if script == "GREEK":
        return letter.lower() if character.islower() else letter.title()
    mark = MARKS.get(decomposition(character).split(" ")[0], "")
    letters = "".join(SIGNS.get(c, c) for c in normalize("NFKD", character))
    return mark + letters.encode("ascii", "ignore").decode() if letters != character else "?"
