"""Mathematical writing in Unicode: superscripts, subscripts, numbers in formulas."""

from collections import Counter
from collections.abc import Iterable
from itertools import count
from math import isclose

__all__ = ["constant", "indexed", "raised", "subscript", "superscript", "told_apart"]

AS_GOOD_AS_EQUAL = 1e-12  # relative: the rounding error of a short calculation with numbers that somebody typed
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def superscript(number: int | str) -> str:
    """Returns the number in superscript: 12 gives ¹²."""
    return str(number).translate(_SUPERSCRIPTS)


def subscript(number: int | str) -> str:
    """Returns the number in subscript: 12 gives ₁₂."""
    return str(number).translate(_SUBSCRIPTS)


def indexed(symbol: str, layer: int | str, indices: Iterable[int]) -> str:
    """Returns a text such as w¹₂₁: symbol, layer, indices. If an index has two digits, the text is like w¹[11,2]."""
    indices = list(indices)
    base = symbol + superscript(layer)
    if all(index < 10 for index in indices):
        return base + "".join(map(subscript, indices))
    return f"{base}[{','.join(map(str, indices))}]"


def constant(number: float) -> str:
    """Returns a number as text for a formula: six significant digits, or more where six would look exact and are not.

    0.333333 looks rounded, so it stays. 1.0000001 would become 1, which looks exact, so it keeps its digits.
    """
    for digits in range(6, 17):
        text = f"{number:.{digits}g}"
        goes_on = text == f"{number:#.{digits}g}"  # all digits are used, so the text looks rounded
        if goes_on or isclose(float(text), number, rel_tol=AS_GOOD_AS_EQUAL):
            break
    return text.replace("-", "−")


def raised(exponent: float) -> str:
    """Returns the text of an exponent after its base: "²" for 2, "" for 1, "^0.5" for 0.5."""
    if exponent == 1:
        return ""
    whole = abs(exponent) < 1000 and exponent == int(exponent)
    return superscript(int(exponent)) if whole else f"^{constant(exponent)}"


def told_apart(names: Iterable[str]) -> list[str]:
    """Returns the names as a list without repetition: equal names are numbered, as in z(1), z(2)."""
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
