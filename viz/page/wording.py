"""How a page names values, and writes what an operation computes: just as it was recorded, nothing simplified."""

import unicodedata
from collections.abc import Mapping

from autograd import Value
from autograd.formulas.typesetting import is_symbol
from autograd.table import operation
from autograd.writing import constant, raised

from ..value_graph import named

__all__ = ["computed", "names_of", "term"]

LONGEST = 48  # letters; a longer label is cut
TURNING = range(0x202A, 0x202F), range(0x2066, 0x206A)  # characters that turn the direction of all that follows


def names_of(values: list[Value]) -> dict[Value, str]:
    """Each value's name: its label as far as a line can hold it, v1, v2, … for those that have none."""
    return {value: _readable(name) for value, name in named(values).items()}


def term(name: str) -> str:
    """A name within a formula; in parentheses if it is no symbol."""
    return name if is_symbol(name) else f"({name})"


def computed(value: Value, terms: Mapping[int, str]) -> str:
    """What a node computes; `terms` says how the operand at each position that is a Value is written."""
    assert value.op is not None, "leaves compute nothing"
    op = value.op
    inputs = [terms[i] if isinstance(v, Value) else constant(v) for i, v in enumerate(value.operands)]
    if op is operation("dot"):
        n = len(inputs) // 2
        products = [f"{_factor(w)} · {_factor(a)}" for w, a in zip(inputs[:n], inputs[n : 2 * n], strict=True)]
        return " + ".join([*products, *inputs[2 * n :]])
    if op is operation("pow"):
        exponent = value.operands[1]
        return _factor(inputs[0]) + (f"^{_factor(inputs[1])}" if isinstance(exponent, Value) else _raised(exponent))
    if op.written:  # between its operands, or before
        first, *others = inputs
        text = op.written.format(first, *map(_factor, others))
        return (
            text.replace(" * ", " · ").replace(" - ", " − ") if others else op.written.replace("-", "−").format(first)
        )
    if "·" in op.symbol:
        return op.symbol.replace("·", ", ".join(inputs))
    return f"{op.symbol}({', '.join(inputs)})"


def _raised(exponent: float) -> str:
    return raised(exponent) or "¹"


def _factor(text: str) -> str:
    return f"({text})" if text.startswith("−") else text


def _readable(label: str) -> str:
    """A label that no page stumbles over: cut, without lone surrogates, and unable to turn the text around it."""
    turned = any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in label)
    plain = "".join("\ufffd" if any(ord(c) in span for span in TURNING) else c for c in label)
    plain = plain.encode("utf-8", "replace").decode()
    short = plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
    return f"\u2068{short}\u2069" if turned else short
