"""Makes edits of a pass with the error y − a in the place of a − y, whose gradients get their sign back at the end.

People who add a step to the weights compute so. For an edit that is linear in the gradients, this is the same edit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TypeVar

import numpy as np

from ...programs.assignments import Array
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Rule
from ..edits import Edit

__all__ = ["also_turned"]

Key = TypeVar("Key")
CLOSE = 1e-9  # relative
KINDS = ("slope", "network")  # the kinds of edits that put other functions or numbers in the place of gradients


def also_turned(recorded: Recorded, edits: Iterable[Edit], addition: str) -> Iterator[Edit]:
    """Yields these edits, and after each that is not linear in the gradients the same for gradients of the other sign.

    `addition` says so in the text; if it is "", only the given edits are yielded.
    """
    for edit in edits:
        yield edit
        if addition and edit.kind in KINDS and not edit.fitted:
            change = edit.change(1.0)
            if any(_differs(rule, recorded.backward.flows[number]) for number, rule in _acting(change)):
                turned = Change(_all_turned(change.rules), _all_turned(change.at), _all_turned(change.jumps))
                yield replace(edit, change=partial(_fixed, turned), rank=edit.rank + 1, addition=addition)


def _acting(change: Change) -> Iterator[tuple[int, Rule]]:
    """Yields the rules of a change, each with the number of the array whose gradient it takes."""
    yield from ((way.number, rule) for way, rule in change.rules.items())
    yield from change.at.items()
    yield from ((number, rule) for (number, _), rule in change.jumps.items())


def _differs(rule: Rule, flow: Array) -> bool:
    here, turned = rule(flow), _turned(rule, flow)
    return bool(np.any(np.abs(here - turned) > CLOSE * np.abs(here)))


def _all_turned(rules: Mapping[Key, Rule]) -> dict[Key, Rule]:
    return {key: partial(_turned, rule) for key, rule in rules.items()}


def _turned(rule: Rule, flow: Array) -> Array:
    return -rule(-flow)


def _fixed(change: Change, t: float) -> Change:
    return change
