"""Makes edits in which a label y and 1 − y are exchanged: each stands wherever the other one should."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...programs.assignments import Array, Assignment, Constant
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..anew import Anew
from ..edits import Edit, called, fixed, listed

__all__ = ["complements"]

CLOSE = 1e-12


def complements(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which two constants whose sum is 1 are exchanged, also in the turns of a loop."""
    teams = [team for team in _teams(recorded) if _is_varied(team)]
    teams.sort(key=lambda team: not next(iter(team.values())).name)
    tried: set[bytes] = set()
    for team in teams:
        y = _numbers(team)
        others = [other for other in teams if _numbers(other).shape == y.shape and _is_near(_numbers(other), 1 - y)]
        if not others or y.tobytes() in tried:
            continue
        alike = [other for other in teams if _numbers(other).shape == y.shape and _is_near(_numbers(other), y)]
        tried |= {_numbers(each).tobytes() for each in (*alike, *others)}
        of = {way: operand for each in (*alike, *others) for way, operand in each.items()}
        rules = Anew(recorded, {way: 1 - operand.value for way, operand in of.items()}).rules()
        name = listed(map(called, team.values()))
        yield fixed(Change(rules=rules), f"{name} and 1 − {name} are exchanged in the backward pass", 4, rules)


def _teams(recorded: Recorded) -> list[dict[Way, Assignment]]:
    """Returns the constants among the operands, by their ways: those at one place in a line of source together."""
    found: dict[object, dict[Way, Assignment]] = {}
    for node in reversed(recorded.backward.order):
        for k, operand in enumerate(node.operands):
            if isinstance(operand, Constant):
                key = (node.place.at, k) if node.place else (node.number, k)
                found.setdefault(key, {})[Way(node.number, k)] = operand
    return list(found.values())


def _numbers(team: dict[Way, Assignment]) -> Array:
    return np.concatenate([operand.value.ravel() for operand in team.values()])


def _is_varied(team: dict[Way, Assignment]) -> bool:
    numbers = _numbers(team)
    return bool(np.ptp(numbers) > CLOSE and np.all((numbers >= 0.0) & (numbers <= 1.0)))


def _is_near(a: Array, b: Array) -> bool:
    return bool(np.allclose(a, b, rtol=0.0, atol=CLOSE))
