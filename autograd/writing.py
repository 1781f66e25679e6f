"""Small pieces of mathematical writing that Unicode has characters for."""

__all__ = ["less_one", "superscript"]

_SUPERSCRIPTS = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")


def superscript(number: int | str) -> str:
    """12 as ¹²."""
    return str(number).translate(_SUPERSCRIPTS)


def less_one(exponent: str) -> str:
    """What follows the base in a to the power b − 1: ² for a b of 3, nothing for 2, ^(n−1) for n."""
    try:
        number = float(exponent.replace("−", "-")) - 1
    except ValueError:
        return f"^({exponent}−1)"
    if number == 1:
        return ""
    return superscript(int(number)) if number == int(number) else f"^{number:g}".replace("-", "−")
