"""What pictures and pages call values and operations, and how they write what was computed: nothing is simplified."""

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
TURNING = range(0x202A, 0x202F), range(0x2066, 0x206A)  # characters that turn the direction of all that follows


def named(values: list[Value]) -> dict[Value, str]:
    """Each value's label, and v1, v2, … for those that have none; what has another's label is told apart from it."""
    numbers = count(1)
    names = told_apart(str(value.label) or f"v{next(numbers)}" for value in values)
    return dict(zip(values, names, strict=True))


def readable(label: str) -> str:
    """A label that no page stumbles over: cut, without lone surrogates, and unable to turn the text around it."""
    turned = any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in label)
    plain = "".join("\ufffd" if any(ord(c) in span for span in TURNING) else c for c in label)
    plain = plain.encode("utf-8", "replace").decode()
    short = plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
    return f"\u2068{short}\u2069" if turned else short


def term(name: str) -> str:
    """A name within a formula; in parentheses if it is no symbol."""
    return name if is_symbol(name) else f"({name})"


def symbol(value: Value, op: Op) -> str:
    """The operation as its circle shows it: constants inside, dots for the Values."""
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
    """What a node computes; `terms` says how the operand at each position that is a Value is written."""
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
    """Whether the second operand is written above the first."""
    return op.written == "{} ** {}"


def _power(texts: list[str], exponent: Value | float) -> str:
    """A base with its exponent: a number is raised, ^ stands before a Value."""
    return "^".join(texts) if isinstance(exponent, Value) else texts[0] + (raised(exponent) or "¹")


def _factor(text: str) -> str:
    return f"({text})" if text.startswith("−") else text
