"""Turns the mistakes of an engine into text. The text says what is wrong, and never gives the right code away."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .. import floats
from ..table import OPERATIONS
from .forwards import way_of
from .planted import LEAVES_ONLY, Slips, differs
from .programs import Made, bare
from .rules import Arrival
from .slopes import rule_of

__all__ = ["HIDDEN", "KEPT", "NO_ORDER", "ORDERS", "REPEATS", "SHARED", "words"]

WRITTEN = {"add": "+", "sub": "−", "mul": "*", "div": "/", "pow": "**", "neg": "the sign change", "": "every operation"}

# The wrong orders of backward passes, and the text for each.
NO_ORDER = "a number passes its gradient on before all of it has arrived: the backward pass has no topological order"
REPEATS = (
    "a number stands in the order as often as there are paths to it, and passes its gradient on each time: what was "
    "visited is not marked"
)
ONE_STEP = "only the operands of the result get a gradient: the backward pass stops there, or begins at the wrong end"
EVERY_PATH = (
    f"{NO_ORDER}, it visits a number once for each path to it, and each time passes on all that has arrived so far"
)
EARLY = f"{NO_ORDER}, it does not wait for the last of its uses"
ORDERS = {
    "depth first": f"{NO_ORDER}, it goes depth first",
    "stack": f"{NO_ORDER}, it goes depth first",
    "breadth first": f"{NO_ORDER}, it goes breadth first",
    "depth first along every path": EVERY_PATH,
    "breadth first along every path": EVERY_PATH,
    "arrivals": EVERY_PATH,
    "sorted with repeats": REPEATS,
    "sorted with repeats of sets": REPEATS,
    "youngest with repeats": REPEATS,
    "one step": ONE_STEP,
    "unsorted": ONE_STEP,
    "two steps": "only the operands of the result and their operands get a gradient: the backward pass stops there",
    "oldest first": f"{NO_ORDER}, it takes the oldest of the numbers that it has reached",
    "largest first": f"{NO_ORDER}, it is sorted by the numbers themselves",
    "smallest first": f"{NO_ORDER}, it is sorted by the numbers themselves",
    "waits for all uses": "a number waits for a gradient from each of its uses, also from those that the result is not "
    "made of, and passes nothing on if one does not come",
    "too early": EARLY,
    "too early, in a queue": EARLY,
    "some": NO_ORDER,
    "of use": "all numbers share one list of operands: the backward pass finds those of all numbers at each of them",
    "paths": "the backward pass follows every path by itself, and a ladder of 24 rungs has millions of them",
}
HIDDEN = {
    "results": "only the numbers one begins with get a gradient: those of the results of operations stay 0",
    "but the last": "of the results of operations only the last gets a gradient: those of the others stay 0",
    "leaves": "the gradients of the numbers that one begins with stay 0: only the results of operations get one",
}
SHARED = {
    "operands": "their operands",
    "all": "their operands and results",
    "numbers": "the numbers for the derivative",
}
KEPT = {
    "visited": "what one backward() has visited counts as visited in the next one: the set is kept between the calls",
    "order": "the next backward() goes through the graphs of the earlier ones again: the list is kept between calls",
    "both": "the next backward() goes through the earlier graph, not through its own: both the list and the set of "
    "visited numbers are kept between the calls",
}


LETTERS = {"a": "its left operand", "b": "its right operand", "x": "its operand", "y": "its result",
           "g": "the gradient that arrives"}  # fmt: skip


def words(slips: Slips) -> str:
    """Returns the mistakes in words. They say what is wrong, and never what would be right."""
    told: list[str] = []
    if slips.overwrites:
        everywhere = slips.overwrites == frozenset(OPERATIONS)
        where = "" if everywhere else f" in {_listed(map(_place, sorted(slips.overwrites)))}"
        told.append(f"a gradient replaces what has arrived before{where} (=): of two uses of a number, one is lost")
    if slips.order != "topological":
        told.append(ORDERS[slips.order])
    if slips.is_merged:
        told.append("a number that is both operands of one operation is kept once, as in a set: a gradient is lost")
    if slips.merged:
        both = _listed(map(_written, sorted(slips.merged)))
        told.append(f"of a number that is both operands of {both} a gradient is lost")
    if slips.is_cleared:
        told.append("the gradients of the operands are cleared when the backward pass comes to a number: what has "
                    "arrived there from other uses is lost")  # fmt: skip
    if slips.is_shared:
        told.append("all numbers share one gradient")
    if slips.seed != 1.0:
        told.append(_seed(slips.seed))
    if slips.kept:
        told.append(KEPT[slips.kept])
    if slips.is_by_number:
        told.append("two numbers of the graph that are equal count as one: the backward pass compares what they hold")
    if slips.again == LEAVES_ONLY:
        told.append("a second backward() starts over at the numbers one begins with, and not at those in between")
    if slips.first:
        told.append(f"the gradient of every number is {slips.first:g} before the backward pass begins")
    if slips.hides:
        told.append(HIDDEN[slips.hides])
    if slips.places is not None:
        told.append(_rounded("gradients", slips.places))
    told += _made(slips.made)
    for op in sorted({op for op, _ in slips.unrecorded}):
        places = [at for name, at in slips.unrecorded if name == op]
        operands = _operand(op, places[0] if len(places) == 1 else -1)
        who = f"{_written(op)} does not remember" if op else "no operation remembers"
        told.append(f"{who} its {operands}: the backward pass never comes there")
    measured = {(op, at) for op, at, *_ in slips.measured}
    told += [_ruled(*rule) for rule in slips.rules if rule[:2] not in measured and not _is_right(*rule)]
    first = {(op, at): (inputs, read) for op, at, inputs, read in reversed(slips.measured)}
    for (op, at), (inputs, read) in first.items():
        at_inputs = " and ".join(f"{x:g}" for x in inputs)
        y = OPERATIONS[op].forward(floats, *inputs)
        if differs(read, float(OPERATIONS[op].slope(floats, y, inputs, at))):
            told.append(
                f"the derivative of {_written(op)} by its {_operand(op, at)} is wrong: {read:.6g} at {at_inputs}"
            )
    if slips.aside:
        ops = _listed(map(_written, sorted(slips.aside)))
        told.append(f"something is wrong with {ops}, and no mistake is known that gives all its numbers: " + (
            "only the graphs without it are explained" if told else "the graphs without it are right"))  # fmt: skip
    return "; and ".join(told)


def _made(wrong: Made) -> list[str]:
    """Returns a list of the mistakes in the forward pass, in words."""
    told = []
    if wrong.is_whole:
        told.append("numbers lose the digits after the point: they are made whole")
    if wrong.places is not None:
        told.append(_rounded("numbers", wrong.places))
    alike: dict[tuple[str | float, bool], list[str]] = {}
    for op, side, way, is_own in wrong.computes:
        called = _written(f"{op} left" if side == "left" else op)
        alike.setdefault((way, is_own), []).append(called)
    for (way, is_own), ops in alike.items():
        slope = ", and its derivative is not the derivative of that" if is_own else ""
        told.append(way_of(way).says.format(op=_listed(ops) if len(ops) == 1 else f"each of {_listed(ops)}") + slope)
    if wrong.shared:
        is_each = wrong.shared == frozenset(OPERATIONS)
        uses = "each operation" if is_each else _listed(map(_written, sorted(wrong.shared)))
        told.append(
            f"all uses of {uses} keep {SHARED[wrong.shared_as]} in one place: the last use overwrites the others"
        )
    for op in sorted(wrong.returned):
        told.append(f"{_written(op)} gives back its own operand with another number in it, and makes no new one")
    for op in sorted(wrong.kept):
        told.append(f"{_written(op)} gives back its own operand as it is, and makes no new number")
    for op in sorted(wrong.overwritten):
        told.append(f"{_written(op)} changes the number of its operand")
    for op in dict.fromkeys(op for op, *_ in wrong.measured):
        inputs, y = next((inputs, y) for name, inputs, y in wrong.measured
                         if name == op and differs(y, float(OPERATIONS[op].forward(floats, *inputs))))  # fmt: skip
        told.append(f"{_written(op)} computes something else: {y:.6g} at {' and '.join(f'{x:g}' for x in inputs)}")
    return told


def _rounded(what: str, places: int) -> str:
    return f"{what} are rounded" + (f" to {places} place{'s' * (places > 1)}" if places else " to whole ones")


def _is_right(op: str, at: int, rule: str | float) -> bool:
    """Returns whether a rule gives the right gradients if the numbers of the operation are right."""
    row = OPERATIONS.get(bare(op))
    if row is None:
        return False
    for inputs in row.samples:
        y = float(row.forward(floats, *inputs))
        for place in range(len(inputs)) if at < 0 else [at]:
            arrival = Arrival(row, y, inputs, place, upstream=1.7, own=0.3, other_own=0.2)
            if differs(float(rule_of(rule).of(arrival)), arrival.slope * arrival.upstream):
                return False
    return True


def _ruled(op: str, at: int, rule: str | float) -> str:
    x, o = (("a", "b"), ("b", "a"))[at == 1] if op and _is_of_two(op) else ("x", "x")
    says, _, formula = rule_of(rule)
    operand = f"its {_operand(op, at)}" if at >= 0 else "each of its operands"
    return says.format(op=_written(op), operand=operand, x=x, o=o) + _legend(formula.format(operand="", x=x, o=o))


def _legend(formula: str) -> str:
    """Returns what the letters of a formula stand for; "" for a text in words."""
    if " the " in f" {formula}" or "that" in formula:
        return ""
    found = [
        f"{letter} is {LETTERS[letter]}" for letter in LETTERS if re.search(rf"(?<![a-zé]){letter}(?![a-z])", formula)
    ]
    return f" ({_listed(found)})" if found else ""


def _seed(seed: str | float) -> str:
    if seed == "adds":
        return "the result's own gradient is added to what is there, at each backward()"
    if seed == "each":
        return "the gradient of every number is set to 1 when the backward pass comes to it"
    if seed == "late":
        return "the result's own gradient is set after the backward pass, or no operation passes on what arrives"
    if seed == "data":
        return "the backward pass begins with the result's number"
    if seed == 0.0:
        return (
            "the backward pass begins with 0 (nothing is put into the result's own gradient), or clears all of them "
            "as it goes, or begins at the wrong end"
        )
    return f"the backward pass begins with {seed:g}"


def _place(overwritten: str) -> str:
    """Returns an operation, or an operation and one of its operands, in words."""
    op, _, at = overwritten.partition(" ")
    return f"{_written(op)}, for its {_operand(op, int(at))}" if at else _written(op)


def _written(op: str) -> str:
    op, _, side = op.partition(" ")
    written = WRITTEN.get(op, op)
    return {"left": f"a constant {written} a number", "right": f"a number {written} a constant"}.get(side, written)


def _is_of_two(op: str) -> bool:
    return len(OPERATIONS[bare(op)].slopes) == 2


def _operand(op: str, at: int) -> str:
    """Returns the name of an operand: the left one, the right one, the only one; for −1, all of them."""
    if at < 0:
        return "operands"
    return ("left operand", "right operand")[at] if not op or _is_of_two(op) else "operand"


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
