"""Makes edits in which the slope of f(A w) is taken at A, entry by entry, in the gradient of w."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ...arrays.rules import ARRAYS
from ...programs.assignments import Contraction
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, called, fixed, listed
from ..rules import stopped, with_operands
from .functions import Function
from .slopes import words
from .teams import teams

__all__ = ["at_factors"]


def at_factors(recorded: Recorded) -> Iterator[Edit]:
    """Yields these edits for each function of a product, and for those that may share a mistake."""
    for team in teams(recorded):
        if not team[0].is_softmax:
            yield from _of_team(recorded, team)


def _of_team(recorded: Recorded, team: Sequence[Function]) -> Iterator[Edit]:
    """Yields edits that take the slopes not at x = A w, but at A, one by one, as factors in the gradient of w."""
    products = [next((node for node in (function.x, *function.x.operands) if isinstance(node, Contraction)), None)
                for function in team]  # fmt: skip
    for position in (0, 1):
        change, names = Change(), list[str]()
        for function, node in zip(team, products, strict=True):
            if function.op is None or node is None or node.shape != function.x.shape or len(node.operands) != 2:
                return
            way, a = Way(node.number, position), node.operands[1 - position]
            with np.errstate(all="ignore"):
                slope = function.op.slope(ARRAYS, function.op.forward(ARRAYS, a.value), (a.value,), 0)
            jump = {(function.y.number, node.operands[position].number): with_operands(
                recorded, way, {1 - position: a.value * slope})}  # fmt: skip
            change, names = change.and_also(Change(rules=stopped(recorded, [way]), jumps=jump)), [*names, called(a)]
        said = words(team)
        at = f"{listed(names)}, one by one, not at {said['x']}"
        text = f"{said['p']} {said['p_is']} evaluated at {at}, in the gradient of the other factor"
        yield fixed(change, text, 4 + (len(team) > 1), change.rules)
