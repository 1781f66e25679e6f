"""Makes edits in which the derivative of y = a eˣ + b, as in ELU or SELU, is worked out from y by a wrong formula.

The right one is y − b, which is y + α for ELU's α (eˣ − 1). People write y + 1, say, or λ (y + α) for SELU.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from ... import table
from ...programs.assignments import Array, Assignment, Constant, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, called, fixed, listed, number, uses

__all__ = ["by_outputs"]

HIGHEST = 6  # the largest number of steps from eˣ to y
FEWEST = 3  # numbers of eˣ that tell a and b
MOST = 4  # the largest number of constants that are tried
CLOSE = 1e-9
DIGITS = 9


class _Line(NamedTuple):
    """y = a eˣ + b, where the gradient of eˣ is not 0."""

    y: Assignment
    a: float
    b: float


def by_outputs(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits for each eˣ, in all runs of its line."""
    runs: dict[object, list[tuple[Way, _Line]]] = {}
    for node in recorded.backward.order:
        if isinstance(node, Map) and node.op is table.EXP and node.place is not None:
            for line in _lines(recorded, node)[-1:]:
                runs.setdefault(node.place.at, []).append((Way(node.number, 0), line))
    factors, terms = _numbers(recorded) if runs else ([], [])
    for several in runs.values():
        lines = [line for _, line in several]
        for u in factors:
            for v in terms:
                if abs(u - 1.0) > CLOSE or abs(v + lines[0].b) > CLOSE:
                    rules = {way: partial(_passed, line, u, v) for way, line in several}
                    yield fixed(Change(rules=rules), _told(lines, u, v), 4 + (len(several) > 1), rules)


def _numbers(recorded: Recorded) -> tuple[list[float], list[float]]:
    """Returns the factors and terms of wrong formulas: the numbers of the forward pass, and for terms two of them."""
    arrays = [x for x in recorded.program.assignments if isinstance(x, Constant) and x.value.size == 1]
    found = [float(x.value.item()) for x in arrays]
    constants = [x for x in dict.fromkeys(found) if x not in (0.0, 1.0)][:MOST]
    of_two = [made for x in constants for z in constants for made in ((x * z, x / z) if z else (0.0,))]
    return [1.0, *constants], [*{round(x, DIGITS): x for x in (0.0, 1.0, *constants, *of_two)}.values()]


def _lines(recorded: Recorded, node: Map) -> list[_Line]:
    """Returns the arrays that are made of eˣ, one after the other, as long as they are a eˣ + b with b < 0."""
    to, here = uses(recorded), recorded.backward.flows[node.number] != 0.0
    powers = node.value[here]
    if len(np.unique(powers)) < FEWEST:
        return []
    now: Assignment = node
    found: list[_Line] = []
    for _ in range(HIGHEST):
        above = to.get(now.number, [])
        if len(above) != 1 or recorded.node(above[0]).shape != node.shape:
            break
        now = recorded.node(above[0])
        design = np.stack([powers, np.ones_like(powers)], axis=1)
        (a, b), *_ = np.linalg.lstsq(design, now.value[here], rcond=None)
        if not np.allclose(design @ (a, b), now.value[here], rtol=CLOSE, atol=CLOSE):
            break
        found += [_Line(now, float(a), float(b))] if b < -CLOSE else []
    return found


def _passed(line: _Line, u: float, v: float, flow: Array) -> Array:
    return flow / line.a * u * (line.y.value + v)


def _told(tops: Sequence[_Line], u: float, v: float) -> str:
    y, right = listed(called(line.y) for line in tops), _plus(-tops[0].b)
    wrong = _plus(v) if abs(u - 1.0) < CLOSE else f"{number(u)} ({_plus(v)})" if v else f"{number(u)} y"
    return f"the derivative of {y} is computed from the output y as {wrong}, where it should be {right}"


def _plus(c: float) -> str:
    return f"y {'−' if c < 0 else '+'} {number(abs(c))}" if c else "y"
