"""Lists wrong rules: gradients that an operation may pass on to an operand instead of derivative · gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from .. import floats
from ..operation import Op
from ..table import OPERATIONS

__all__ = ["PAIRED", "RULES", "Arrival", "Rule"]


class Arrival(NamedTuple):
    """A gradient that has arrived at an operation, and the operand to which it is to be passed on."""

    row: Op
    y: float
    inputs: tuple[float, ...]
    position: int
    upstream: float
    own: float = 0.0  # the gradient of the operand so far
    other_own: float = 0.0  # the gradient of the other operand so far
    is_alone: bool = False  # whether the other operand is a constant

    @property
    def slope(self) -> float:
        """The right local derivative."""
        return float(self.row.slope(floats, self.y, self.inputs, self.position))

    def slope_by(self, position: int, is_size: bool = False) -> float:
        """Returns the local derivative by the operand at `position`; `slope` if the operation has a single operand.

        By the exponent of a base that is not above 0, it is 0; with `is_size`, it is y ln |base|.
        """
        if len(self.inputs) < 2:
            return self.slope
        if self.row.name == "pow" and position == 1 and self.inputs[0] <= 0:
            return self.y * floats.log(abs(self.inputs[0])) if is_size else 0.0
        return float(self.row.slope(floats, self.y, self.inputs, position))

    @property
    def here(self) -> float:
        """The number of the operand."""
        return self.inputs[self.position]

    @property
    def other(self) -> float:
        """The number of the other operand; of this operand if there is no other."""
        return self.inputs[1 - self.position] if len(self.inputs) == 2 else self.here

    def slope_at(self, number: float, row: Op | None = None) -> float:
        """Returns the local derivative as if the operand were `number`; with `row`, of this other operation.

        Returns nan if the other operation has another number of operands.
        """
        row, inputs = row or self.row, list(self.inputs)
        if len(row.slopes) != len(inputs):
            return floats.divide(0.0, 0.0)
        inputs[self.position] = number
        return float(row.slope(floats, row.forward(floats, *inputs), inputs, self.position))


class Rule(NamedTuple):
    """A wrong rule: its text, and the gradient that it passes on."""

    says: str  # {op} stands for the operation, {operand} for its operand
    of: Callable[[Arrival], float]
    formula: str = ""  # the formula in `says`, if its letters need an explanation


def _slope(written: str, of: Callable[[Arrival], float]) -> Rule:
    return Rule(f"the derivative of {{op}} by {{operand}} is {written} in yours", lambda s: of(s) * s.upstream, written)


# The simplest first. {op} stands for the operation as it is written, {operand} for the operand.
RULES = {
    "nothing": Rule("{op} passes nothing on to {operand}", lambda s: 0.0),
    "no upstream": Rule("{op} passes on its own derivative alone: the gradient that arrives is left out",
                        lambda s: s.slope),
    "sign": Rule("{op} passes a gradient of the wrong sign on to {operand}", lambda s: -s.slope * s.upstream),
    "no slope": _slope("1", lambda s: 1.0),
    "own number": _slope("the number of that same operand", lambda s: s.here),
    "other number": _slope("the number of the other operand", lambda s: s.other),
    "output": _slope("the output y", lambda s: s.y),
    "minus output": _slope("−y", lambda s: -s.y),
    "at output": _slope("taken at the output y", lambda s: s.slope_at(s.y)),
    "other position": _slope("the one by the other operand",
                             lambda s: float(s.row.slope(floats, s.y, s.inputs, 1 - s.position))
                             if len(s.inputs) == 2 else floats.divide(0.0, 0.0)),
    "1 - y": _slope("1 − y", lambda s: 1 - s.y),
    "1 + y²": _slope("1 + y²", lambda s: 1 + s.y * s.y),
    "1 - y²": _slope("1 − y²", lambda s: 1 - s.y * s.y),
    "1 - x²": _slope("1 − {x}²", lambda s: 1 - s.here * s.here),
    "y(1 + y)": _slope("y · (1 + y)", lambda s: s.y * (1 + s.y)),
    "x(1 - x)": _slope("{x} · (1 − {x})", lambda s: s.here * (1 - s.here)),
    "y²": _slope("y²", lambda s: s.y * s.y),
    "x²": _slope("{x}²", lambda s: s.here * s.here),
    "1/y": _slope("1/y", lambda s: floats.divide(1.0, s.y)),
    "1/x": _slope("1/{x}", lambda s: floats.divide(1.0, s.here)),
    "inverse": Rule("{op} divides by its derivative, where it passes a gradient on to {operand}",
                    lambda s: floats.divide(s.upstream, s.slope)),
    "square": Rule("{op} multiplies by its derivative twice, where it passes a gradient on to {operand}",
                   lambda s: s.slope * s.slope * s.upstream),
    "double": Rule("{op} passes twice its gradient on to {operand}", lambda s: 2 * s.slope * s.upstream),
    "half": Rule("{op} passes half its gradient on to {operand}", lambda s: 0.5 * s.slope * s.upstream),
    "sum": Rule("{op} adds its derivative to the gradient that arrives, where it passes it on to {operand}",
                lambda s: s.slope + s.upstream),
    "upstream²": Rule("{op} multiplies by the gradient that arrives twice",
                      lambda s: s.slope * s.upstream * s.upstream),
    "by upstream": Rule("{op} looks at the sign of the gradient that arrives, not at that of its operand",
                        lambda s: s.slope_at(s.upstream) * s.upstream),
    "exponent kept": _slope("{o} · {x}^{o}: the exponent is not lowered",
                            lambda s: s.other * s.y if s.row.name == "pow" and s.position == 0
                            else floats.divide(0.0, 0.0)),
    "no exponent": _slope("{x}^({o} − 1): the factor {o} is missing",
                          lambda s: floats.divide(s.y, s.here) if s.row.name == "pow" and s.position == 0
                          else floats.divide(0.0, 0.0)),
    "exponent − 1": _slope("({o} − 1) · {x}^({o} − 1)",
                           lambda s: (s.other - 1) * floats.divide(s.y, s.here)
                           if s.row.name == "pow" and s.position == 0 else floats.divide(0.0, 0.0)),
    "right": Rule("{op} is right", lambda s: s.slope * s.upstream),
    "no sign": Rule("{op} passes the size of its gradient on to {operand}, without its sign",
                    lambda s: abs(s.slope) * s.upstream),
}  # fmt: skip


def _of_another(name: str) -> Rule:
    return _slope(f"that of {name}", lambda s: s.slope_at(s.here, OPERATIONS[name]))


RULES |= {f"of {name}": _of_another(name) for name in ("sin", "cos", "exp", "log", "tanh", "sigmoid", "relu", "sqrt")}

# Rules that hold in all operations on two numbers.
PAIRED = {
    "exchanged": Rule("{op} passes the gradients of its two operands on the other way round",
                      lambda s: s.slope_by(1 - s.position) * s.upstream),
    "exchanged, of sizes": Rule("{op} passes the gradients of its two operands on the other way round",
                                lambda s: s.slope_by(1 - s.position, is_size=True) * s.upstream),
    "exchanged, of two": Rule("{op} passes the gradients of its two operands on the other way round",
                              lambda s: s.slope_by(s.position if s.is_alone else 1 - s.position) * s.upstream),
    "both left": Rule("{op} passes the gradient of its left operand to both operands",
                      lambda s: s.slope_by(0) * s.upstream),
    "both right": Rule("{op} passes the gradient of its right operand to both operands",
                       lambda s: s.slope_by(1) * s.upstream),
}  # fmt: skip
