"""Formulas for web pages: the LaTeX that this package writes, written again in MathML, which browsers show unaided.

It reads what `algebra`, `writing` and `explaining` write, not LaTeX at large, and says so where it meets anything
else. It writes MathML Core (https://www.w3.org/TR/mathml-core/), which leaves the sides of a column to CSS.
"""

import re
from html import escape

from ..writing import GREEK, NAMED_IN_LATEX

__all__ = ["aligned", "inline"]


def inline(latex: str) -> str:
    """A formula, to stand in a line of text."""
    return f"<math>{_Reader(latex).row('')}</math>"


def aligned(latex: str) -> str:
    r"""Lines of the form `left &= right \\`, to stand by themselves, with the equals signs under each other."""
    reader = _Reader(latex)
    rows = []
    while reader.unread():
        left, right = reader.row("&"), reader.row(r"\\", "")
        rows.append(f"<mtr><mtd {_TO_THE_RIGHT}>{left}</mtd><mtd {_TO_THE_LEFT}>{right}</mtd></mtr>")
    return f'<math display="block"><mtable displaystyle="true">{"".join(rows)}</mtable></math>'


class _Reader:
    """Reads tokens one after the other; each method takes what it is named after, and returns it as MathML."""

    def __init__(self, latex: str) -> None:
        self.latex = latex
        self.tokens = [token for token in _TOKEN.findall(latex) if not token.isspace()]
        self.tokens.append("")  # the end
        self.tokens.reverse()

    def unread(self) -> bool:
        """Whether anything is left to read."""
        return len(self.tokens) > 1

    def row(self, *ends: str) -> str:
        """What stands before the next of these ends, and the end, which is not returned."""
        found: list[str] = []
        before = ""
        while self.tokens[-1] not in ends:
            token = self.tokens.pop()
            leads = not before or before in _OPERATORS
            found.append('<mo form="prefix">−</mo>' if token == "-" and leads else self.scripted(token))
            before = token
        self.tokens.pop()
        return found[0] if len(found) == 1 else f"<mrow>{''.join(found)}</mrow>"

    def scripted(self, token: str) -> str:
        """What the token begins, with its primes, its superscript and its subscript."""
        base, above, below = self.atom(token), "", ""
        while self.tokens[-1] == "'":
            self.tokens.pop()
            above += "′"
        above = above and f"<mo>{above}</mo>"
        while self.tokens[-1] in ("^", "_"):
            sign = self.tokens.pop()
            if above if sign == "^" else below:
                raise self.error(sign)
            script = self.group()
            above, below = (script, below) if sign == "^" else (above, script)
        if above and below:
            return f"<msubsup>{base}{below}{above}</msubsup>"
        return f"<msup>{base}{above}</msup>" if above else f"<msub>{base}{below}</msub>" if below else base

    def atom(self, token: str) -> str:
        """What the token begins: a letter, a number, a sign, or what a command and its groups make."""
        if token == "{":
            return self.row("}")
        if token in _CLOSING:
            closing = _CLOSING[token]
            inside = self.row(closing)
            mo = "<mo>" if "<mfrac>" in inside else '<mo stretchy="false">'  # they grow around a fraction
            return f"<mrow>{mo}{token[-1]}</mo>{inside}{mo}{closing[-1]}</mo></mrow>"
        if token == r"\frac":
            return f"<mfrac>{self.group()}{self.group()}</mfrac>"
        if token == r"\tfrac":
            return f'<mfrac displaystyle="false">{self.group()}{self.group()}</mfrac>'
        if token == r"\sqrt":
            return f"<msqrt>{self.group()}</msqrt>"
        if token in _OPERATORS:
            return f"<mo>{escape(_OPERATORS[token])}</mo>"
        if token[:1].isdecimal():
            return f"<mn>{token}</mn>"
        if token in _IDENTIFIERS or (len(token) == 1 and token.isalnum()):
            return f"<mi>{_IDENTIFIERS.get(token, token)}</mi>"
        words = _WORDS.fullmatch(token)
        if words is None:
            raise self.error(token)
        tag = "mtext" if words[1] == "text" else "mi"
        return f"<{tag}>{_plain(words[2])}</{tag}>"

    def group(self) -> str:
        """What stands in braces."""
        if self.tokens[-1] != "{":
            raise self.error(self.tokens[-1])
        self.tokens.pop()
        return self.row("}")

    def error(self, token: str) -> ValueError:
        """What to raise about a token that is not of our LaTeX, or not in its place."""
        what = f"has no place for {token!r}" if token else "ends too soon"
        return ValueError(f"mathml reads the LaTeX that formulas are written in, which {what}: {self.latex!r:.200}")


def _plain(words: str) -> str:
    r"""The words that \text holds, without LaTeX's escapes and with XML's; what XML cannot hold is shown as such."""
    read = re.sub(r"\\(text[a-z]+\{\}|.)", lambda found: _ESCAPED.get(found[1], found[1]), words)
    return escape(re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", read))


_INSIDE = r"(?:\\text[a-z]+\{\}|\\[^a-z]|[^\\{}])*"
_WORDS = re.compile(rf"\\(text|mathrm|operatorname)\{{({_INSIDE})\}}")
_TOKEN = re.compile(
    rf"\\(?:text|mathrm|operatorname)\{{{_INSIDE}\}}|\\left\(|\\right\)|\\[A-Za-z]+|\\\\|\d+(?:\.\d+)?|\s+|.", re.S
)
_ESCAPED = {"textbackslash{}": "\\", "textasciicircum{}": "^", "textasciitilde{}": "~"}
_CLOSING = {"(": ")", "[": "]", r"\left(": r"\right)"}
_OPERATORS = {"+": "+", "-": "−", "=": "=", "<": "<", ">": ">", ",": ",", r"\cdot": "·", r"\times": "×",
              r"\cdots": "⋯"}  # fmt: skip
_IDENTIFIERS = {r"\partial": "∂", r"\infty": "∞", **{latex: letter for letter, latex in GREEK.items()},
                **{f"\\{name}": name for name in NAMED_IN_LATEX}}  # fmt: skip
_TO_THE_LEFT = 'style="text-align: left"'
_TO_THE_RIGHT = 'style="text-align: right; text-align: -webkit-right"'  # the second is what Chromium moves formulas by
