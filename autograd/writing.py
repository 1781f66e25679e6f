"""Small pieces of mathematical writing that Unicode has characters for."""

import re

__all__ = ["constant", "latex_function", "latex_name", "latex_number", "raised", "superscript"]

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


def latex_name(name: str) -> str:
    """A label in LaTeX: w¹₂₁ as w^{1}_{21}, w1 as w_{1}, loss as a word, anything else as the text it is."""
    found = re.fullmatch(rf"([^\W\d_])(\d*)([{_RAISED}]*)([{_LOWERED}]*)(?:\[([\d,]+)\])?(\(\d+\))?", name)
    if found is None:
        word = "".join(_ESCAPES.get(character, character) for character in name)
        return rf"\mathrm{{{word}}}" if name.isalpha() and name.isascii() else rf"\text{{{word}}}"
    letter, digits, above, below, apart, example = found.groups()
    index = digits or below.translate(_PLAIN) or apart or ""
    return (
        _GREEK.get(letter, letter)
        + (f"^{{{above.translate(_PLAIN)}}}" if above else "")
        + (f"_{{{index}}}" if index else "")
        + (example or "")
    )


def latex_number(number: float) -> str:
    """A number in LaTeX: 1e-07 as 10 to the power −7."""
    text = f"{number:.6g}".replace("inf", r"\infty").replace("nan", r"\mathrm{nan}")
    return re.sub(r"e\+?(-?)0*(\d+)", r" \\cdot 10^{\1\2}", text)


def latex_function(name: str) -> str:
    """A function's name in LaTeX: σ′ as \\sigma'."""
    plain = name.rstrip("′")
    if plain == "σ":
        word = r"\sigma"
    elif plain in ("sin", "cos", "exp", "ln", "tanh", "max", "min"):
        word = "\\" + plain
    else:
        word = rf"\operatorname{{{plain.replace('_', ESCAPED)}}}"
    return word + "'" * (len(name) - len(plain))


ESCAPED = r"\_"
_RAISED, _LOWERED = "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"
_PLAIN = str.maketrans(_RAISED + _LOWERED, "0123456789" * 2)
_GREEK = {"α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "η": r"\eta", "θ": r"\theta",
          "λ": r"\lambda", "μ": r"\mu", "σ": r"\sigma", "φ": r"\varphi", "ω": r"\omega"}  # fmt: skip
_ESCAPES = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
            "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}  # fmt: skip
