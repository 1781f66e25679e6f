"""Writes the operations of the table as plain Python, for single numbers.

Where NumPy gives inf or nan, Python may raise an error instead. `Program` then computes the graph by the table's rules.
"""

from typing import Any

from ... import floats
from ...formulas.rule_text import ATOM
from .pieces import Code, held
from .rules import Arrays

__all__ = ["Floats"]

# functions that have another name in `math`
MATH = {"abs": "fabs", "arccos": "acos", "arcsin": "asin", "arctan": "atan", "arctan2": "atan2", "power": "pow"}
# functions that `math` lacks; an input may occur more than once in their code
WRITTEN = {
    "maximum": "({0} if {0} > {1} or {0} != {0} else {1})",
    "minimum": "({0} if {0} < {1} or {0} != {0} else {1})",
    "sign": "(math.copysign(1.0, {0}) if {0} < 0.0 or {0} > 0.0 else {0})",
    "mod": "({0} % {1})",
    "floor_divide": "({0} // {1})",
}


class Floats(Arrays):
    """The functions that rules call, on code of single numbers."""

    def call(self, name: str, *inputs: Any) -> Any:
        """Returns code for a function, mostly math.name(…); a number if all inputs are numbers.

        The code is written in place: no rule becomes a function.
        """
        if not any(isinstance(x, Code) for x in inputs):
            return getattr(floats, name)(*inputs)
        if name in WRITTEN:
            return Code(WRITTEN[name].format(*(held(x, ATOM) for x in inputs)))
        return Code(f"math.{MATH.get(name, name)}({', '.join(held(x) for x in inputs)})")

    def power(self, a: Any, b: Any) -> Any:
        """Returns code for aᵇ by `math.pow`: Python's ** gives complex numbers where there is no real one."""
        return self.call("power", a, b)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """Returns code for a if the condition holds, else b; for 1 and 0 this is the condition itself."""
        if not isinstance(condition, Code) or [a, b] == [1.0, 0.0]:
            return super().where(condition, a, b)
        return Code(f"({held(a)} if {condition} else {held(b)})")

    def opposite(self, condition: Code) -> Code:
        """Returns code for the negation of a condition."""
        return Code(f"(not {held(condition, ATOM, truth=True)})", is_truth=True)
