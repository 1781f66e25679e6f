"""Makes edits in which a number of the forward pass, such as half a step, is another number on the way back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations

import numpy as np

from ... import table
from ...programs.assignments import Array, Assignment, Constant, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, called, fixed, number
from ..factors import Factors

__all__ = ["exchanged_numbers", "other_numbers"]

FEW_NUMBERS = 6  # the largest number of numbers of which any two are exchanged
MOST = 8  # the largest number of constants that are tried
CLOSE = 1e-9


def other_numbers(recorded: Recorded, factors: Factors) -> Iterator[Edit]:
    """Yields fitted edits: wherever several lines multiply or divide by the same number, the way back has another."""
    by_number: dict[tuple[float, str], list[Way]] = {}
    for way in sorted(recorded.backward.passed):
        node = recorded.program.assignments[way.number]
        if isinstance(node, Map) and (node.op is table.MUL or (node.op is table.DIV and way.position == 0)):
            other = node.operands[1 - way.position]
            if isinstance(other, Constant) and other.value.size == 1:
                by_number.setdefault((float(other.value.item()), node.op.name), []).append(way)
    for (c, op), ways in list(by_number.items())[:MOST]:
        places = {place.at for way in ways if (place := recorded.program.assignments[way.number].place)}
        if len(places) > 1 and c:
            yield Edit(partial(_scaled, recorded, ways), partial(_told, c, op, factors), 4, tuple(ways), fitted=True,
                       bends=True)  # fmt: skip


def _scaled(recorded: Recorded, ways: Sequence[Way], t: float) -> Change:
    return Change(rules={way: partial(_times, recorded, way, t) for way in ways})


def _times(recorded: Recorded, way: Way, t: float, flow: Array) -> Array:
    return t * recorded.backward.through(way, flow)


def _told(c: float, op: str, factors: Factors, t: float) -> str:
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
        node = recorded.program.assignments[way.number]
        other = node.operands[1 - way.position] if isinstance(node, Map) and node.op is table.MUL else node
        if isinstance(other, Constant) and other.value.size == 1:
            by_number.setdefault(float(other.value.item()), {})[way] = other
    for a, b in combinations(list(by_number)[:FEW_NUMBERS], 2):
        names = " and ".join(called(next(iter(by_number[number].values()))) for number in (a, b))
        kept_sign = math.copysign(abs(b), a), math.copysign(abs(a), b)
        for others, how in {kept_sign: ", but for their signs", (b, a): ""}.items():
            rules = {way: partial(_with_number, recorded, way, np.full(of.shape, instead))
                     for number, instead in zip((a, b), others, strict=True)
                     for way, of in by_number[number].items()}  # fmt: skip
            yield fixed(Change(rules=rules), f"the factors {names} are exchanged{how}", 4, rules)


def _with_number(recorded: Recorded, way: Way, by: Array, flow: Array) -> Array:
    node = recorded.program.assignments[way.number]
    values = [operand.value for operand in node.operands]
    values[1 - way.position] = by
    return node.back(way.position, flow, node.value, values)
