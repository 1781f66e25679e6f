"""Small pieces of mathematical writing that Unicode has characters for."""

from math import isclose

__all__ = ["constant", "raised", "subscript", "superscript"]

AS_GOOD_AS_EQUAL = 1e-12  # relative: what arithmetic leaves of a number that somebody typed
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def superscript(number: int | str) -> str:
    """12 as ¹²."""
    return str(number).translate(_SUPERSCRIPTS)


def subscript(number: int | str) -> str:
    """12 as ₁₂."""
    return str(number).translate(_SUBSCRIPTS)


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
