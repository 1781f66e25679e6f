"""What a row of the table says in plain Python, of single numbers.

Where NumPy gives inf or nan, Python raises, or gives them too: `Program` works it out by the graph's rules then.
"""

from typing import Any

from ... import floats
from ...formulas.rule_text import ATOM
from .pieces import Code, held
from .rules import Arrays

__all__ = ["Floats"]

# what `math` calls a word, where it has another name for it
MATH = {"abs": "fabs", "arccos": "acos", "arcsin": "asin", "arctan": "atan", "arctan2": "atan2", "power": "pow"}
# what is no single function there; an input stands in it more than once
WRITTEN = {
    "maximum": "({0} if {0} > {1} or {0} != {0} else {1})",
    "minimum": "({0} if {0} < {1} or {0} != {0} else {1})",
    "sign": "(math.copysign(1.0, {0}) if {0} < 0.0 or {0} > 0.0 else {0})",
    "mod": "({0} % {1})",
    "floor_divide": "({0} // {1})",
}


class Floats(Arrays):
    """The mathematics of pieces that are single numbers."""

    def call(self, name: str, *inputs: Any) -> Any:
        """math.name(…), or the number that it is."""
        if not any(isinstance(x, Code) for x in inputs):
            return getattr(floats, name)(*inputs)
        atoms = [held(x, ATOM) for x in inputs]
        if name in WRITTEN:
            text = WRITTEN[name].format(*atoms)
            self.calls += [text, text] if self.in_place else [text]  # not in place, so that inputs are names
        else:
            text = f"math.{MATH.get(name, name)}({', '.join(held(x) for x in inputs)})"
            self.calls.append(text)
        return Code(text if self.in_place else f"t{len(self.calls)}")

    def power(self, a: Any, b: Any) -> Any:
        """aᵇ, which is complex for Python's ** where it is none."""
        return self.call("power", a, b)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """a where the condition holds, else b; 1 and 0 are the condition itself."""
        if not isinstance(condition, Code) or [a, b] == [1.0, 0.0]:
            return super().where(condition, a, b)
        return Code(f"({held(a)} if {condition} else {held(b)})")

    def opposite(self, condition: Code) -> Code:
        """Where the condition does not hold."""
        return Code(f"(not {held(condition, ATOM, truth=True)})", is_truth=True)
