"""Small pieces of mathematical writing that Unicode has characters for."""

import re
from math import isclose

__all__ = ["GREEK", "NAMED_IN_LATEX", "constant", "derivative_name", "is_symbol", "latex_function", "latex_name",
           "latex_number", "raised", "rounded", "subscript", "superscript"]  # fmt: skip

AS_GOOD_AS_EQUAL = 1e-12  # relative: what arithmetic leaves of a number that somebody typed
NAMED_IN_LATEX = ("sin", "cos", "exp", "ln", "tanh", "max", "min")  # functions that are LaTeX commands
GREEK = {"α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "η": r"\eta", "θ": r"\theta",
         "λ": r"\lambda", "μ": r"\mu", "σ": r"\sigma", "φ": r"\varphi", "ω": r"\omega"}  # fmt: skip

_RAISED, _LOWERED = "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"
_SUPERSCRIPTS = str.maketrans("0123456789-", f"{_RAISED}⁻")
_SUBSCRIPTS = str.maketrans("0123456789", _LOWERED)
_PLAIN = str.maketrans(_RAISED + _LOWERED, "0123456789" * 2)


def superscript(number: int) -> str:
    """12 as ¹²."""
    return str(number).translate(_SUPERSCRIPTS)


def subscript(number: int | str) -> str:
    """12 as ₁₂."""
    return str(number).translate(_SUBSCRIPTS)


def rounded(number: float) -> str:
    """A result: six significant digits."""
    return f"{number:.6g}".replace("-", "−")


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


def is_symbol(name: str) -> bool:
    """Whether a label reads as one symbol, so that it may stand in a product as it is: w¹₂₁ does, a+b does not."""
    return re.fullmatch(r"[^\W\d][\w\u0300-\u036f]*['′]*(\[[\w,]*\])*(\(\d+\))?", name) is not None


def raised(exponent: float) -> str:
    """What follows a base raised to the exponent: ² for 2, nothing for 1, ^0.5 for 0.5."""
    if exponent == 1:
        return ""
    whole = abs(exponent) < 1000 and exponent == int(exponent)
    return superscript(int(exponent)) if whole else f"^{constant(exponent)}"


def derivative_name(function: str, position: int, count: int) -> str:
    """f′ for a function of one input; ∂₁f, ∂₂f, … for one of several."""
    return f"{function}′" if count == 1 else f"∂{subscript(position + 1)}{function}"


def latex_name(name: str) -> str:
    """A label in LaTeX: w¹₂₁ as w^{1}_{21}, w1 as w_{1}, loss as a word, anything else as the text it is."""
    found = re.fullmatch(rf"([^\W\d_])(\d*)([{_RAISED}]*)([{_LOWERED}]*)(?:\[([\d,]+)\])?(\(\d+\))?", name)
    if found is None:
        word = "".join(_ESCAPES.get(character, character) for character in name)
        return rf"\mathrm{{{word}}}" if name.isalpha() and name.isascii() else rf"\text{{{word}}}"
    letter, digits, above, below, apart, example = found.groups()
    index = digits or below.translate(_PLAIN) or apart or ""
    return (
        GREEK.get(letter, letter)
        + (f"^{{{above.translate(_PLAIN)}}}" if above else "")
        + (f"_{{{index}}}" if index else "")
        + (example or "")
    )


def latex_number(written: str) -> str:
    """A written number in LaTeX: 1e−07 as 10 to the power −7."""
    text = written.replace("−", "-").replace("inf", r"\infty").replace("nan", r"\mathrm{nan}")
    return re.sub(r"e\+?(-?)0*(\d+)", r" \\cdot 10^{\1\2}", text)


def latex_function(name: str) -> str:
    """A function's name in LaTeX: σ′ as \\sigma'."""
    plain = name.rstrip("′")
    if plain == "σ":
        word = GREEK[plain]
    elif plain in NAMED_IN_LATEX:
        word = "\\" + plain
    elif plain.startswith("∂"):  # ∂₁f, the derivative by the first input
        function = plain[1:].lstrip(_LOWERED)
        which = plain[1 : len(plain) - len(function)].translate(_PLAIN)
        word = rf"\partial_{{{which}}}" + latex_function(function)
    else:
        word = rf"\operatorname{{{plain.replace('_', ESCAPED)}}}"
    return word + "'" * (len(name) - len(plain))


ESCAPED = r"\_"
_ESCAPES = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
            "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}  # fmt: skip
