"""Makes edits in which the slope of f(A w) is taken at A, entry by entry, in the gradient of w."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ...arrays.rules import ARRAYS
from ...programs.assignments import Array, Contraction
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
    products = [_product(function) for function in team]
    for position in (0, 1):
        change, names = Change(), list[str]()
        for function, node in zip(team, products, strict=True):
            if node is None or Way(node.number, position) not in recorded.backward.passed:
                break
            way, a = Way(node.number, position), node.operands[1 - position]
            jump = {(function.y.number, node.operands[position].number): with_operands(
                recorded, way, {1 - position: a.value * _slope(function, a.value)})}  # fmt: skip
            change, names = change.and_also(Change(rules=stopped(recorded, [way]), jumps=jump)), [*names, called(a)]
        else:
            said = words(team)
            at = f"{listed(names)}, one by one, not at {said['x']}"
            text = f"{said['p']} {said['p_is']} evaluated at {at}, in the gradient of the other factor"
            yield fixed(change, text, 4 + (len(team) > 1), change.rules)


def _product(function: Function) -> Contraction | None:
    """Returns the product A w of which the function takes x, perhaps after a bias; None if there is none."""
    for node in (function.x, *function.x.operands):
        if isinstance(node, Contraction) and node.shape == function.x.shape and len(node.operands) == 2:
            return node if function.op is not None and len(function.op.slopes) == 1 else None
    return None


def _slope(function: Function, x: Array) -> Array:
    assert function.op is not None
    with np.errstate(all="ignore"):
        return np.asarray(function.op.slope(ARRAYS, function.op.forward(ARRAYS, x), (x,), 0))
