"""Makes edits in which a number of the forward pass, such as half a step, is another number on the way back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import combinations

import numpy as np

from ... import table
from ...programs.assignments import Array, Assignment, Constant, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, called, fixed, listed, number
from ..rules import all_multiplied, multiplied, with_operands

__all__ = ["exchanged_numbers", "one_number", "other_numbers"]

FEW_NUMBERS = 6  # the largest number of numbers of which any two are exchanged
MOST = 8  # the largest number of constants that are tried
CLOSE = 1e-9


def other_numbers(recorded: Recorded) -> Iterator[Edit]:
    """Yields fitted edits: wherever several lines multiply or divide by the same number, the way back has another."""
    by_number: dict[tuple[float, str], list[Way]] = {}
    for way in sorted(recorded.backward.passed):
        node = recorded.node(way)
        if isinstance(node, Map) and (node.op is table.MUL or (node.op is table.DIV and way.position == 0)):
            other = node.operands[1 - way.position]
            if isinstance(other, Constant) and other.value.size == 1:
                by_number.setdefault((float(other.value.item()), node.op.name), []).append(way)
    for (c, op), ways in list(by_number.items())[:MOST]:
        places = {place.at for way in ways if (place := recorded.node(way).place)}
        if len(places) > 1 and c:
            change, said = partial(all_multiplied, recorded, ways), partial(_told, c, op)
            yield Edit(change, said, 4, tuple(ways), fitted=True, bends=True)


def one_number(recorded: Recorded) -> Iterator[Edit]:
    """Yields fitted edits: a line divides by several counts, such as sizes of windows; the way back by one number."""
    lines: dict[object, dict[Way, Array]] = {}
    for way in sorted(recorded.backward.passed):
        node = recorded.node(way)
        if isinstance(node, Map) and node.op is table.DIV and way.position == 0 and node.place is not None:
            by = node.operands[1]
            if isinstance(by, Constant) and not np.any(by.value % 1.0) and recorded.target(way).shape == node.shape:
                lines.setdefault(node.place.at, {})[way] = by.value
    for counts in lines.values():
        numbers = np.unique(np.concatenate([np.ravel(value) for value in counts.values()]))
        if len(numbers) > 1:
            change, told = partial(_divided, recorded, counts), partial(_divided_told, listed(map(number, numbers)))
            yield Edit(change, told, 3, tuple(counts), fitted=True)


def _divided(recorded: Recorded, counts: Mapping[Way, Array], t: float) -> Change:
    return Change(rules={way: multiplied(recorded, way, value * t) for way, value in counts.items()})


def _divided_told(names: str, t: float) -> str:
    if abs(t - 1.0) < CLOSE:
        return f"the division by {names} is missing"
    return f"every gradient is divided by {number(1 / t) if t else 0}, but the forward pass divides by {names}"


def _told(c: float, op: str, t: float) -> str:
    what = f"the {'factor' if op == 'mul' else 'division by'} {number(c)}"
    instead = c * t if op == "mul" else c / t if t else 0.0
    if abs(instead - 1.0) < CLOSE:
        return f"{what} is missing wherever the forward pass has it"
    if abs(t) < CLOSE:
        return f"no gradient comes back through {what}"
    return f"{number(instead)} is used instead of {what}, wherever the forward pass has it"


def exchanged_numbers(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which two numbers that are factors, such as beta and 1 − beta, are exchanged on the way back."""
    by_number: dict[float, dict[Way, Assignment]] = {}
    for way in recorded.backward.passed:
        node = recorded.node(way)
        other = node.operands[1 - way.position] if isinstance(node, Map) and node.op is table.MUL else node
        if isinstance(other, Constant) and other.value.size == 1:
            by_number.setdefault(float(other.value.item()), {})[way] = other
    for a, b in combinations(list(by_number)[:FEW_NUMBERS], 2):
        names = " and ".join(called(next(iter(by_number[number].values()))) for number in (a, b))
        kept_sign = math.copysign(abs(b), a), math.copysign(abs(a), b)
        for others, how in {kept_sign: ", but for their signs", (b, a): ""}.items():
            rules = {way: with_operands(recorded, way, {1 - way.position: np.full(of.shape, instead)})
                     for number, instead in zip((a, b), others, strict=True)
                     for way, of in by_number[number].items()}  # fmt: skip
            yield fixed(Change(rules=rules), f"the factors {names} are exchanged{how}", 4, rules)
