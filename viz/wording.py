"""The names of values and operations in pictures and pages, and formulas of what was computed, not simplified."""

import unicodedata
from collections.abc import Mapping
from itertools import count

from autograd import Value
from autograd.formulas.typesetting import is_symbol
from autograd.operation import Op, parts
from autograd.table import ADD, DOT, MUL
from autograd.writing import constant, raised, told_apart

__all__ = ["computed", "named", "readable", "symbol", "term"]

LONGEST = 48  # letters; a page cuts a longer label
TURNING = range(0x202A, 0x202F), range(0x2066, 0x206A)  # Unicode's controls of text direction


def named(values: list[Value]) -> dict[Value, str]:
    """Names each value by its label, or v1, v2, … if it has none. Values of the same label get different names."""
    numbers = count(1)
    names = told_apart(str(value.label) or f"v{next(numbers)}" for value in values)
    return dict(zip(values, names, strict=True))


def readable(label: str) -> str:
    """Makes a label safe for a page: cut, without lone surrogates, and without effect on the text around it."""
    turned = any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in label)
    plain = "".join("\ufffd" if any(ord(c) in span for span in TURNING) else c for c in label)
    plain = plain.encode("utf-8", "replace").decode()
    short = plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
    return f"\u2068{short}\u2069" if turned else short


def term(name: str) -> str:
    """Returns a name as part of a formula: in parentheses if it is not a symbol."""
    return name if is_symbol(name) else f"({name})"


def symbol(value: Value, op: Op) -> str:
    """Returns the text of an operation's circle: constants are written out, a dot stands for each Value."""
    if op is DOT:
        return op.symbol + " + b" * len(parts(value.operands)[2])
    if all(isinstance(operand, Value) for operand in value.operands):
        return op.symbol
    shown = ["·" if isinstance(operand, Value) else constant(operand) for operand in value.operands]
    if not op.written:
        return f"{op.symbol}({', '.join(shown)})"
    if _raises(op):
        return _power(["(·)" if text == "·" else text for text in shown], value.operands[1])
    if op in (ADD, MUL):  # in either order
        shown.sort(key=lambda text: text != "·")
    return f"{shown[0]} {op.symbol} {shown[1]}".removeprefix("· ")


def computed(value: Value, terms: Mapping[int, str]) -> str:
    """Writes the formula of a node. `terms` has the text of each operand that is a Value, by its position."""
    assert value.op is not None, "leaves compute nothing"
    op = value.op
    inputs = [terms[i] if isinstance(v, Value) else constant(v) for i, v in enumerate(value.operands)]
    if op is DOT:
        weights, others, bias = parts(inputs)
        products = [f"{_factor(w)} · {_factor(a)}" for w, a in zip(weights, others, strict=True)]
        return " + ".join([*products, *map(_factor, bias)])
    if _raises(op):
        return _power([_factor(text) for text in inputs], value.operands[1])
    if op.written:  # between its operands, or before
        text = op.written.replace("*", "·").replace("-", "−")
        return text.format(inputs[0], *map(_factor, inputs[1:]))
    several = ", ".join(inputs)
    return op.symbol.replace("·", several) if "·" in op.symbol else f"{op.symbol}({several})"


def _raises(op: Op) -> bool:
    """Returns whether the operation is a power."""
    return op.written == "{} ** {}"


def _power(texts: list[str], exponent: Value | float) -> str:
    """Writes a base with its exponent: a number is a superscript, a Value follows a ^."""
    return "^".join(texts) if isinstance(exponent, Value) else texts[0] + (raised(exponent) or "¹")


def _factor(text: str) -> str:
    return f"({text})" if text.startswith("−") else text
