"""Makes edits in which a number of the forward pass, such as half a step, is another number on the way back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from ... import table
from ...programs.assignments import Array, Constant, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, number
from ..factors import Factors

__all__ = ["other_numbers"]

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
