"""Generates wrong derivatives from the parts of a derivative: operands, the result, signs, powers, other functions.

Each is a formula. In it, a and b are the operands of an operation on two numbers, x is the operand of an operation on
one number, y is the result, and g is the gradient that arrives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations_with_replacement, product
from math import nan

from .. import floats
from ..table import OPERATIONS
from .rules import PAIRED, RULES, Arrival, Rule

__all__ = ["SLOPES", "rule_of"]

Formula = Callable[[Arrival], float]
POWERS = {-2: "²", -1: "", 1: "", 2: "²"}
FACTORS = {1.0: "", -1.0: "−", 2.0: "2·", -2.0: "−2·", 0.5: "½·", -0.5: "−½·"}
FUNCTIONS = ("exp", "log", "sin", "cos", "tanh", "sigmoid", "relu", "sqrt", "cosh", "sinh")
PAIRS = {"add": "+", "sub": "−", "mul": "*", "div": "/", "pow": "**"}
MOST_FACTORS = 3  # of a product of the operands and the result


def _is(written: str, of: Formula) -> Rule:
    return Rule(f"the derivative of {{op}} by {{operand}} is {written} in yours", lambda s: of(s) * s.upstream, written)


def _passes(written: str, of: Formula) -> Rule:
    return Rule(f"{{op}} passes {written} on to {{operand}}", of, written)


def _products() -> Iterator[tuple[str, Formula]]:
    """Yields formulas k · x^i · o^j · y^l with their texts, the shortest first.

    x is the operand, o the other operand and y the result. k is ±½, ±1 or ±2; i, j and l are whole numbers.
    """
    found = [powers for powers in product(range(-2, 3), repeat=3) if 0 < sum(map(abs, powers)) <= MOST_FACTORS]
    for powers in sorted(found, key=lambda powers: (sum(map(abs, powers)) + abs(powers[2]), -sum(powers))):
        letters = [(letter, power) for letter, power in zip(("{x}", "{o}", "y"), powers, strict=True) if power]
        above = "·".join(letter + POWERS[power] for letter, power in letters if power > 0) or "1"
        below = "·".join(letter + POWERS[power] for letter, power in letters if power < 0)
        below = f"({below})" if "·" in below else below
        for factor, sign in FACTORS.items():
            yield sign + above + (f"/{below}" if below else ""), _product(factor, powers)


def _product(factor: float, powers: tuple[int, ...]) -> Formula:
    def of(s: Arrival) -> float:
        if powers[1] and len(s.inputs) != 2:
            return nan
        x, o, y = (
            floats.power(number, float(power)) for number, power in zip((s.here, s.other, s.y), powers, strict=True)
        )
        return factor * x * o * y

    return of


def _of_one() -> Iterator[tuple[str, Formula]]:
    """Yields formulas of one number p, the operand or the result, such as 1 − p², sin(p) or the derivative of sin."""
    for letter, of in (("{x}", lambda s: s.here), ("y", lambda s: s.y)):
        forms: list[tuple[str, Callable[[float], float]]] = [
            (f"1 − {letter}", lambda p: 1 - p),
            (f"1 + {letter}", lambda p: 1 + p),
            (f"1 − {letter}²", lambda p: 1 - p * p),
            (f"1 + {letter}²", lambda p: 1 + p * p),
            (f"{letter}·(1 − {letter})", lambda p: p * (1 - p)),
            (f"{letter}·(1 + {letter})", lambda p: p * (1 + p)),
            (f"{letter}²·(1 − {letter})", lambda p: p * p * (1 - p)),
            (f"√(1 − {letter}²)", lambda p: floats.sqrt(1 - p * p)),
        ]
        for name in FUNCTIONS:
            forms.append((f"{name}({letter})", _value(name)))
            forms.append((f"{name}′({letter})", _slope(name)))
        for written, form in forms:
            yield written, _at(form, of, 1.0, is_below=False)
            yield f"−({written})" if " " in written else f"−{written}", _at(form, of, -1.0, is_below=False)
            yield f"1/({written})" if " " in written else f"1/{written}", _at(form, of, 1.0, is_below=True)


def _of_two() -> Iterator[tuple[str, Formula]]:
    """Yields formulas that are products of two factors, with their texts.

    Each factor is p, 1 − p, 1 + p, 1 − p² or 1 + p², where p is an operand or the result.
    """
    forms: list[tuple[str, Callable[[float], float]]] = [
        ("{}", lambda p: p),
        ("(1 − {})", lambda p: 1 - p),
        ("(1 + {})", lambda p: 1 + p),
        ("(1 − {}²)", lambda p: 1 - p * p),
        ("(1 + {}²)", lambda p: 1 + p * p),
    ]
    letters: list[tuple[str, Formula]] = [("{x}", lambda s: s.here), ("y", lambda s: s.y), ("{o}", lambda s: s.other)]
    found = [(written.format(letter), _at(form, of, 1.0, is_below=False)) for letter, of in letters
             for written, form in forms]  # fmt: skip
    for (one, first), (two, second) in combinations_with_replacement(found, 2):
        if "(" in one + two:
            written = f"{one}²" if one == two else f"{one}·{two}"
            yield written, _both(first, second, 1.0)
            yield f"−{written}", _both(first, second, -1.0)


def _both(first: Formula, second: Formula, sign: float) -> Formula:
    return lambda s: sign * first(s) * second(s)


def _of_pair(name: str) -> Formula:
    """Returns the derivative of another operation on two numbers, by the same operand."""
    row = OPERATIONS[name]
    return lambda s: nan if len(s.inputs) != 2 or s.row is row else float(row.slope(floats, s.y, s.inputs, s.position))


def _value(name: str) -> Callable[[float], float]:
    return lambda p: float(OPERATIONS[name].forward(floats, p))


def _slope(name: str) -> Callable[[float], float]:
    return lambda p: float(OPERATIONS[name].slope(floats, OPERATIONS[name].forward(floats, p), (p,), 0))


def _at(form: Callable[[float], float], of: Formula, sign: float, *, is_below: bool) -> Formula:
    return lambda s: sign * (floats.divide(1.0, form(of(s))) if is_below else form(of(s)))


def _of_powers() -> Iterator[tuple[str, Formula]]:
    """Yields formulas for the derivatives of a power.

    By the base, the factor or the exponent may be off, or brackets may be missing. By the exponent, the logarithm may
    be of a wrong number, or multiplied by one.
    """
    for n, x in product((0, 1, -1, None), (-2, -1, 0, 1)):
        factor = "" if n is None else "{o}·" if n == 0 else f"({{o}} {'+' if n > 0 else '−'} 1)·"
        exponent = {0: "{o}", 1: "({o} + 1)", -1: "({o} − 1)", -2: "({o} − 2)"}[x]
        yield f"{factor}{{x}}^{exponent}", _power(n, x)
    yield "{x}·{o}^({o} − 1)", _if_pow(0, lambda s: s.here * floats.power(s.other, s.other - 1))
    yield "{x}·{o}^({x} − 1)", _if_pow(0, lambda s: s.here * floats.power(s.other, s.here - 1))
    yield "{o}·({x}^{o} − 1)", _if_pow(0, lambda s: s.other * (s.y - 1))
    yield "{o}·{x}^{o} − 1", _if_pow(0, lambda s: s.other * s.y - 1)
    for letter, of in (("{x}", lambda s: s.here), ("{o}", lambda s: s.other), ("y", lambda s: s.y)):
        for before, times in (("", lambda s: 1.0), ("y·", lambda s: s.y), ("{x}·", lambda s: s.here),
                              ("{o}·", lambda s: s.other)):  # fmt: skip
            yield f"{before}ln({letter})", _log(of, times)


def _if_pow(position: int, of: Formula) -> Formula:
    return lambda s: of(s) if s.row.name == "pow" and s.position == position else nan


def _power(n: int | None, x: int) -> Formula:
    return _if_pow(0, lambda s: (1.0 if n is None else s.other + n) * floats.power(s.here, s.other + x))


def _log(of: Formula, times: Formula) -> Formula:
    return _if_pow(1, lambda s: times(s) * floats.log(of(s)))


def _times() -> Iterator[tuple[str, Formula]]:
    """Yields the right derivative, multiplied or divided by an operand or by the result."""
    for letter, of in (("{x}", lambda s: s.here), ("y", lambda s: s.y), ("{o}", lambda s: s.other)):
        yield f"multiplied by {letter}", _with(of, is_below=False)
        yield f"divided by {letter}", _with(of, is_below=True)


def _with(of: Formula, *, is_below: bool) -> Formula:
    return lambda s: s.slope * (floats.divide(1.0, of(s)) if is_below else of(s))


# What an operation may multiply by in place of the gradient that arrives.
INSTEAD: dict[str, Formula] = {
    "the number of its result": lambda s: s.y,
    "the gradient of {operand}": lambda s: s.own,
    "the gradient of the other operand": lambda s: s.other_own,
    "the number of {operand}": lambda s: s.here,
    "the number of the other operand": lambda s: s.other,
}


OWN: dict[str, Formula] = {
    "the gradient of the other operand": lambda s: s.other_own,
    "the gradient of {operand}": lambda s: s.own,
}


def _formulas() -> Iterator[tuple[str, Rule]]:
    """Yields each rule with its key, roughly the simplest first."""
    formulas = [*_of_powers(), *_products(), *_of_one(),
                *((f"that of {written}", _of_pair(name)) for name, written in PAIRS.items()), *_of_two()]  # fmt: skip
    yield from ((f"is {written}", _is(written, of)) for written, of in formulas)
    for written, of in _times():
        yield f"right, {written}", Rule(f"the derivative of {{op}} by {{operand}} is {written} in yours too",
                                        lambda s, of=of: of(s) * s.upstream, f": {written[-3:]}")  # type: ignore[misc]  # fmt: skip
    for written, of in INSTEAD.items():
        yield (
            f"instead: {written}",
            Rule(
                f"{{op}} multiplies by {written} where it passes a gradient on to {{operand}}, not by the one that "
                "has arrived",
                lambda s, of=of: s.slope * of(s),  # type: ignore[misc]
            ),
        )
    for written, of in formulas:
        yield f"passes {written}", _passes(f"{written} alone, without the gradient that arrives,", of)
        yield f"passes {written} + g", _passes(f"{written} + g",
                                               lambda s, of=of: of(s) + s.upstream)  # type: ignore[misc]  # fmt: skip
    yield "brackets lost", _passes("1 − q·g, as brackets are missing (its derivative is 1 − q),",
                                   lambda s: 1 - (1 - s.slope) * s.upstream)  # fmt: skip
    yield "brackets lost, y²", _passes("y·(1 − y·g), as brackets are missing,",
                                       lambda s: s.y * (1 - s.y * s.upstream))  # fmt: skip
    yield "brackets lost, power", _passes("{o}·{x}^{o}·g − 1, as brackets are missing,",
                                          _if_pow(0, lambda s: s.other * s.y * s.upstream - 1))  # fmt: skip
    for written, of in OWN.items():
        yield f"is {written}", _is(f"{written}, not its number,", of)
    yield "brackets lost, y", _passes("y − y·g, as brackets are missing,",
                                      lambda s: s.y - s.y * s.upstream)  # fmt: skip


SLOPES = dict(_formulas())


def rule_of(rule: str | float) -> Rule:
    """Returns the rule with this name in RULES, PAIRED or SLOPES; for a number, the rule with this wrong factor."""
    if isinstance(rule, float):
        return Rule(f"{{op}} passes {rule:.6g} times its gradient on to {{operand}}",
                    lambda s: rule * s.slope * s.upstream)  # fmt: skip
    return RULES.get(rule) or PAIRED.get(rule) or SLOPES[rule]
