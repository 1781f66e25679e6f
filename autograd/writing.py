"""Small pieces of mathematical writing that Unicode has characters for."""

__all__ = ["constant", "raised", "superscript"]

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def superscript(number: int) -> str:
    """12 as ¹²."""
    return str(number).translate(_SUPERSCRIPTS)


def constant(number: float) -> str:
    """A number that somebody wrote into a formula: as short as it goes."""
    return f"{number:.6g}".replace("-", "−")


def raised(exponent: float) -> str:
    """What follows a base raised to the exponent: ² for 2, nothing for 1, ^0.5 for 0.5."""
    if exponent == 1:
        return ""
    whole = abs(exponent) < 1000 and exponent == int(exponent)
    return superscript(int(exponent)) if whole else f"^{constant(exponent)}"
