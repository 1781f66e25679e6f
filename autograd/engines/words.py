"""The text for each mistake of an engine. It says what is wrong, and never gives the right code away."""

from __future__ import annotations

from collections.abc import Iterable

from .. import floats
from ..table import OPERATIONS
from .planted import Slips, differs
from .rules import RULES

__all__ = ["KEPT", "ORDERS", "words"]

WRITTEN = {"add": "+", "sub": "−", "mul": "*", "div": "/", "pow": "**", "neg": "the sign change"}

# The wrong orders of backward passes, and the text for each.
NO_ORDER = "a number passes its gradient on before all of it has arrived: the walk back has no topological order"
ORDERS = {
    "depth first": f"{NO_ORDER}, it goes depth first",
    "stack": f"{NO_ORDER}, it goes depth first",
    "breadth first": f"{NO_ORDER}, it goes breadth first",
    "depth first along every path": f"{NO_ORDER}, it comes to a number as often as there are paths to it, each time "
    "with all that has arrived by then",
    "breadth first along every path": f"{NO_ORDER}, it comes to a number as often as there are paths to it, each time "
    "with all that has arrived by then",
    "arrivals": f"{NO_ORDER}, it comes to a number as often as there are paths to it, each time with all that has "
    "arrived by then",
    "one step": "only the operands of the result get a gradient: the walk back stops there, or begins at the wrong end",
    "unsorted": "only the operands of the result get a gradient: the walk back stops there, or begins at the wrong end",
    "of use": "the walk finds the operands of all numbers at each of them: they share one list",
    "paths": "the walk takes every path by itself, and a ladder of 24 rungs has millions of them",
}
KEPT = {
    "visited": "what one backward() has visited, the next one takes for done: the set lives on between the calls",
    "order": "the next backward() walks over the graphs of the earlier ones again: their list lives on between calls",
    "both": "the next backward() walks over the earlier graph, not over its own: the list and the set of what has "
    "been visited live on between the calls",
}


def words(slips: Slips) -> str:
    """The mistakes in words. They say what is wrong, and never what would be right."""
    told: list[str] = []
    if slips.overwrites:
        everywhere = slips.overwrites == frozenset(OPERATIONS)
        where = "" if everywhere else f" in {_listed(map(_place, sorted(slips.overwrites)))}"
        told.append(f"a gradient replaces what has arrived before{where} (=): of two uses of a number, one is lost")
    if slips.order != "topological":
        told.append(ORDERS[slips.order])
    if slips.is_merged:
        told.append("a number that is both operands of one operation is kept once, as in a set: a gradient is lost")
    if slips.is_shared:
        told.append("all numbers share one gradient")
    if slips.seed != 1.0:
        told.append(_seed(slips.seed))
    if slips.kept:
        told.append(KEPT[slips.kept])
    told += [f"a constant {_written(op)} a number is worked out the other way round" for op in slips.is_reflected]
    if slips.unrecorded[0]:
        op, at = slips.unrecorded
        told.append(f"{_written(op)} does not remember its {_operand(op, at)}: the walk never comes there")
    told += [
        RULES[rule].says.format(op=_written(op) if op else "every operation", operand=f"its {_operand(op, at)}")
        for op, at, rule in slips.rules
    ]
    first = {(op, at): (inputs, read) for op, at, inputs, read in reversed(slips.measured)}
    for (op, at), (inputs, read) in first.items():
        at_inputs = " and ".join(f"{x:g}" for x in inputs)
        y = OPERATIONS[op].forward(floats, *inputs)
        if differs(read, float(OPERATIONS[op].slope(floats, y, inputs, at))):
            told.append(
                f"the derivative of {_written(op)} by its {_operand(op, at)} is wrong: {read:.6g} at {at_inputs}"
            )
    return "; and ".join(told)


def _seed(seed: str | float) -> str:
    if seed == "adds":
        return "the result's own gradient is added to what is there, at each backward()"
    if seed == "data":
        return "the walk begins with the result's number"
    if seed == 0.0:
        return (
            "the walk begins with 0 (nothing is put into the result's own gradient), or clears all of them as it goes"
        )
    return f"the walk begins with {seed:g}"


def _place(overwritten: str) -> str:
    """The operation, or the operation and one of its operands, in words."""
    op, _, at = overwritten.partition(" ")
    return f"{_written(op)}, for its {_operand(op, int(at))}" if at else _written(op)


def _written(op: str) -> str:
    return WRITTEN.get(op, op)


def _operand(op: str, at: int) -> str:
    """The name of an operand: the left one, the right one, the only one; for −1, all of them."""
    if at < 0:
        return "operands"
    return ("left operand", "right operand")[at] if len(OPERATIONS[op].slopes) == 2 else "operand"


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
