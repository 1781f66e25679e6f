"""Lists wrong slopes of a function: its slope at another number, its output, or the slope of another function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from ... import table
from ...arrays.rules import ARRAYS
from ...programs.assignments import Array
from ...table import Op
from .functions import Function

__all__ = ["BY_OUTPUT", "EVALUATED", "GETS", "NOTHING", "UNDIVIDED", "Slope", "slopes_of_others", "wrong_slopes"]

Slope = Callable[[Array, Array, Array, Function], Array]  # (flow, x, y, the function) -> a wrong slope

NOTHING = "e: 1/x"  # the kind of a slope that gives 1, whatever gradient arrives
UNDIVIDED = "the division by the root {y} is missing in {d}"
EVALUATED = "{p} {p_is} evaluated at {at}, not at {x}"
GETS = "the formula for {p} needs {y}, but gets {at}"


def _sigmoid(x: Array) -> Array:
    return np.asarray(table.SIGMOID.forward(ARRAYS, x))


def wrong_slopes(op: Op | None) -> Iterator[tuple[int, str, str, Slope]]:
    """Yields the rank, the kind, the text and the function of each wrong slope of an operation."""
    yield (2, "missing", "{d} {d_is} missing: the gradient of {y} is passed back to {x} unchanged",
           lambda flow, x, y, f: np.ones_like(y))  # fmt: skip
    yield 2, "at output", EVALUATED.replace("{at}", "the output {y}"), lambda flow, x, y, f: f.slope(f.of(y), y)
    yield 2, "of input", GETS.replace("{at}", "the input {x}"), lambda flow, x, y, f: f.slope(x, x)
    yield 3, "negated", EVALUATED.replace("{at}", "−{x_short}{x_with}"), lambda flow, x, y, f: f.slope(f.of(-x), -x)
    if op is table.SQRT:
        yield 3, "undivided", UNDIVIDED, lambda flow, x, y, f: np.full_like(y, 0.5)
        yield 3, "multiplied", "the root {y} multiplies, but should divide, in {d}", lambda flow, x, y, f: 0.5 * y
    yield (2, "of gradient", "{p} {p_is} computed from the incoming gradient, not from {x}",
           lambda flow, x, y, f: f.slope(flow, flow))  # fmt: skip
    yield 2, "output", "{y} is used instead of {d}", lambda flow, x, y, f: y
    yield 3, "input", "{x} is used instead of {d}", lambda flow, x, y, f: x
    yield (3, "divided", "the incoming gradient is divided by {d}, not multiplied by it",
           lambda flow, x, y, f: 1 / f.slope(y, x))  # fmt: skip
    yield 3, "twice", "{d} {d_is} applied twice", lambda flow, x, y, f: f.slope(y, x) ** 2
    yield (3, "gradient twice", "the incoming gradient is multiplied in twice, with {d}",
           lambda flow, x, y, f: flow * f.slope(y, x))  # fmt: skip
    if op is table.POW:
        yield (3, "exponent", "the factor n is missing in the derivative n xⁿ⁻¹ of {y}",
               lambda flow, x, y, f: f.slope(y, x) / f.y.operands[1].value)  # fmt: skip
        yield (3, "base", "the factor xⁿ⁻¹ is missing in the derivative n xⁿ⁻¹ of {y}",
               lambda flow, x, y, f: np.broadcast_to(f.y.operands[1].value, y.shape))  # fmt: skip
        yield (3, "not lowered", "n xⁿ is used instead of the derivative n xⁿ⁻¹ of {y}",
               lambda flow, x, y, f: f.slope(y, x) * x)  # fmt: skip
    if op is table.TANH:
        yield (
            2,
            "squared alone",
            "−y²{y_with} is used instead of {d}, 1 − y²: the 1 is missing",
            lambda flow, x, y, f: -y * y,
        )
        yield 2, "outside", "(1 − y)²{y_with} is used instead of {d}, 1 − y²", lambda flow, x, y, f: (1 - y) ** 2
    if op is not None and op.branches:
        yield (2, "reversed", "1 − {p} is used instead of {p}, as if its condition were reversed",
               lambda flow, x, y, f: 1 - f.slope(y, x))  # fmt: skip


def slopes_of_others(op: Op | None) -> Iterator[tuple[int, str, str, Slope]]:
    """Yields the same of the slopes of other functions than this operation."""
    for written, other, of in OTHERS:
        if of is None or of is not op:
            for rank, at, name in ((3, 0, "{x_short}"), (3, 1, "{y_short}"), (4, 2, "e")):
                what = ("{x_with}", "{y_with}", ", with e the incoming gradient,")[at]
                text = f"{written.replace('x', name)}{what} is used instead of {{d}}"
                if f"{'zae'[at]}: {written}" == NOTHING:
                    text = "the gradient of {x} is 1: the incoming gradient and {d} are missing"
                yield rank, f"{'zae'[at]}: {written}", text, partial(_other, other, at)


def _other(other: Callable[[Array], Any], at: int, flow: Array, x: Array, y: Array, f: Function) -> Array:
    return np.asarray(other((x, y, flow)[at]))


# slopes that people write with the output y, where the table has another rule: (the rule, f, the rule with x for y)
BY_OUTPUT: tuple[tuple[str, Callable[[Array], Array], Slope], ...] = (
    ("y + σ(x) (1 − y)", lambda u: u * _sigmoid(u), lambda flow, x, y, f: x + _sigmoid(x) * (1 - x)),
    ("1 − e^−y", lambda u: np.logaddexp(0.0, u), lambda flow, x, y, f: 1 - np.exp(-x)),
)

# slopes of other functions: (as people write it, the slope, the operation that it belongs to)
OTHERS: tuple[tuple[str, Callable[[Array], Any], Op | None], ...] = (
    ("x (1 − x)", lambda u: u * (1 - u), table.SIGMOID),
    ("x (1 + x)", lambda u: u * (1 + u), None),
    ("x − (1 − x)", lambda u: u - (1 - u), None),
    ("1 − x²", lambda u: 1 - u * u, table.TANH),
    ("(x > 0)", lambda u: np.where(u > 0, 1.0, 0.0), table.RELU),
    ("(x ≥ 0)", lambda u: np.where(u >= 0, 1.0, 0.0), None),
    ("σ(x)", lambda u: table.SIGMOID.forward(ARRAYS, u), table.SOFTPLUS),
    ("σ(x) (1 − σ(x))", lambda u: table.SIGMOID.forward(ARRAYS, u) * table.SIGMOID.forward(ARRAYS, -u), table.SIGMOID),
    ("1 − tanh(x)²", lambda u: 1 - np.tanh(u) ** 2, table.TANH),
    ("tanh(x)", np.tanh, None),
    ("e^x", np.exp, table.EXP),
    ("1 + x²", lambda u: 1 + u * u, None),
    ("1 − x", lambda u: 1 - u, None),
    ("1/x", lambda u: 1 / u, table.LOG),
    ("1 − σ(x)", lambda u: table.SIGMOID.forward(ARRAYS, -u), None),
    ("1/(1 + x²)", lambda u: 1 / (1 + u * u), None),
    ("x²", lambda u: u * u, None),
    ("2 x", lambda u: 2 * u, None),
    ("√x", np.sqrt, None),
    ("1/x²", lambda u: 1 / (u * u), None),
    ("sign(x)", np.sign, table.ABS),
    ("the derivative of a leaky ReLU (0.01) at x", lambda u: np.where(u > 0, 1.0, 0.01), table.LEAKY_RELU),
    ("the derivative of a leaky ReLU (0.1) at x", lambda u: np.where(u > 0, 1.0, 0.1), None),
    ("the derivative of a leaky ReLU (0.2) at x", lambda u: np.where(u > 0, 1.0, 0.2), None),
    ("a leaky ReLU (0.01) of x", lambda u: np.where(u > 0, u, 0.01 * u), None),
    ("a leaky ReLU (0.1) of x", lambda u: np.where(u > 0, u, 0.1 * u), None),
    ("a leaky ReLU (0.2) of x", lambda u: np.where(u > 0, u, 0.2 * u), None),
    ("1/√x", lambda u: 1 / np.sqrt(u), None),
    ("−1/x²", lambda u: -1 / (u * u), None),
    ("e^−x", lambda u: np.exp(-u), None),
    ("e^−x / (1 + e^−2x)", lambda u: np.exp(-u) / (1 + np.exp(-2 * u)), None),
    ("1/cosh(x)", lambda u: 1 / np.cosh(u), None),
    ("the derivative of ELU at x", lambda u: np.where(u > 0, 1.0, np.exp(np.minimum(u, 0.0))), None),
    ("the derivative of swish at x", lambda u: _sigmoid(u) * (1 + u * _sigmoid(-u)), None),
)
