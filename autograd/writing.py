"""Small pieces of mathematical writing that Unicode has characters for."""

from collections import Counter
from collections.abc import Iterable
from itertools import count
from math import isclose

__all__ = ["constant", "indexed", "raised", "subscript", "superscript", "told_apart"]

AS_GOOD_AS_EQUAL = 1e-12  # relative: what arithmetic leaves of a number that somebody typed
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def superscript(number: int | str) -> str:
    """12 as ¹²."""
    return str(number).translate(_SUPERSCRIPTS)


def subscript(number: int | str) -> str:
    """12 as ₁₂."""
    return str(number).translate(_SUBSCRIPTS)


def indexed(symbol: str, layer: int | str, indices: Iterable[int]) -> str:
    """w¹₂₁; where an index has two digits, they are set apart: w¹[11,2]."""
    indices = list(indices)
    base = symbol + superscript(layer)
    if all(index < 10 for index in indices):
        return base + "".join(map(subscript, indices))
    return f"{base}[{','.join(map(str, indices))}]"


def constant(number: float) -> str:
    """A number that stands in a formula: six significant digits, and more where six would look exact and are not.

    0.333333 shows by its length that it goes on; 1 would not, if 1.0000001 is meant.
    """
    for digits in range(6, 17):
        text = f"{number:.{digits}g}"
        goes_on = text == f"{number:#.{digits}g}"  # no zeros at its end were left out
        if goes_on or isclose(float(text), number, rel_tol=AS_GOOD_AS_EQUAL):
            break
    return text.replace("-", "−")


def raised(exponent: float) -> str:
    """What follows a base raised to the exponent: ² for 2, nothing for 1, ^0.5 for 0.5."""
    if exponent == 1:
        return ""
    whole = abs(exponent) < 1000 and exponent == int(exponent)
    return superscript(int(exponent)) if whole else f"^{constant(exponent)}"


def told_apart(names: Iterable[str]) -> list[str]:
    """The names, each once: those that are alike get their number among their kind, as in z(1), z(2)."""
    names = list(names)
    often, taken = Counter(names), set(names)
    numbers = {name: count(1) for name in often}
    found = []
    for name in names:
        if often[name] > 1:
            name = next(free for n in numbers[name] if (free := f"{name}({n})") not in taken)
            taken.add(name)
        found.append(name)
    return found
