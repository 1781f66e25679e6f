"""What one mistake is: an edit of the right backward pass, that changes it at some of its ways."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ..programs.assignments import Array, Assignment, Constant, Leaf, Map, View
from ..programs.recorded import Recorded
from ..programs.reverse import Change, Rule, Way

__all__ = ["Edit", "base", "called", "fixed", "groups", "instead", "leading", "listed", "nothing", "number", "uses"]


LONGEST = 40  # characters of an expression that stands for a name


@dataclass(frozen=True, eq=False)
class Edit:
    """A change of the pass, and what it is in words.

    `change` and `text` take a number t. Of a fitted edit the number is found by least squares: how much of a path comes
    through, say. What it does is linear in t, unless it bends. For the others the number is 1.
    """

    change: Callable[[float], Change]
    text: Callable[[float], str]
    rank: int  # what is said first, of several that explain the same numbers
    ways: tuple[Way, ...] = ()  # where it is made
    fitted: bool = False
    bends: bool = False  # fitted, and not linear in its number: what it does at one place it does again further on
    about: str = ""  # the array that a path leads through: paths that give the same numbers are one
    what: str = ""  # of a path: what comes t times
    kind: str = ""  # what kind of mistake it is, for words of one's own
    data: tuple[Any, ...] = ()  # and what it is made of


def fixed(
    change: Change, text: str, rank: int, ways: Iterable[Way] = (), kind: str = "", data: Iterable[Any] = ()
) -> Edit:
    """An edit in which no number is open."""
    return Edit(lambda t: change, lambda t: text, rank, tuple(ways), kind=kind, data=tuple(data))


def instead(by: Array, flow: Array) -> Array:
    """`by`, whatever arrives: the rest of a rule, once `by` is given."""
    return by


def nothing(shape: tuple[int, ...]) -> Rule:
    """The rule of a way that is cut."""
    return partial(instead, np.zeros(shape))


def called(array: Assignment) -> str:
    """What an array is called: its name, or the line of source that makes it."""
    if array.name:
        return array.name
    if isinstance(array, Constant) and array.shape == ():
        return number(float(array.value))
    if isinstance(array, View) and array.of_one is not None:
        return _view(array)
    if array.place and array.place.text:
        return f"`{array.place.text}`"
    return _written(array) or (f"an array of shape {array.shape}" if array.shape else "a number")


def number(value: float) -> str:
    """A number, in six digits; 1/7 where they would not tell."""
    written, inverse = f"{value:.6g}", round(1 / value) if value else 0
    return f"1/{inverse}" if value > 0 and len(written) > 7 and abs(value * inverse - 1) < 1e-12 else written


def _written(array: Assignment) -> str:
    """What is made outside of NumPy, as a call or an expression, if it is short."""
    if not isinstance(array, Map):
        return ""
    written = array.op.write([called(operand).strip("`") for operand in array.operands])
    return f"`{written}`" if len(written) <= LONGEST else ""


def _view(view: View) -> str:
    of = view.of_one
    assert of is not None
    places = np.arange(of.value.size).reshape(of.shape)
    if view.shape == places.T.shape and len(of.shape) > 1 and np.array_equal(view.index, places.T):
        return f"{called(of)}.T"
    if view.value.size == of.value.size and np.array_equal(view.index.ravel(), places.ravel()):
        return called(of)
    if np.array_equal(np.sort(view.index, axis=None), places.ravel()):
        return f"the rearranged {called(of)}"
    return f"a part of {called(of)}" if view.value.size <= of.value.size else called(of)


def base(name: str) -> str:
    """The name without the number of its turn: h of h(2), and of hs[2] hs."""
    return name.partition("(")[0].partition("[")[0]


def listed(names: Iterable[str]) -> str:
    """a, b and c; of h(1), h(2) and h(3) the first and the last."""
    by_base: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        by_base.setdefault(base(name), []).append(name)
    several = []
    for alike in by_base.values():
        alike.sort(key=_turn)
        several += [f"{alike[0]} … {alike[-1]}"] if len(alike) > 2 else alike
    return " and ".join(filter(None, (", ".join(several[:-1]), several[-1] if several else "")))


def _turn(name: str) -> tuple[float, int, str]:
    """What names of one base are sorted by: h, h[-1], h[0], … h[10]."""
    number = re.search(r"-?\d+", name[len(base(name)) :])
    return (int(number[0]) if number else -math.inf, len(name), name)


def groups(recorded: Recorded, ways: Iterable[Way], alike: bool = False) -> Iterator[tuple[Way, ...]]:
    """The ways that one line of source may have made alike: all of its runs; those by the same calls; each alone.

    `alike`: only such as lead from arrays of one shape to arrays of one shape.
    """
    assignments = recorded.program.assignments
    found: dict[tuple[Way, ...], None] = {}
    by_place: dict[object, list[Way]] = {}
    for way in ways:
        node = assignments[way.number]
        place, target = node.place, node.operands[way.position]
        shapes = (node.shape, *(operand.shape for operand in node.operands)) if alike else ()
        if place is not None:
            is_leaf = isinstance(target, Leaf)
            given = tuple(isinstance(operand, Constant) for operand in node.operands)  # as a first step's are
            for key in ((place.at,), (place.path,), (place.at, is_leaf), (place.at, given)):
                by_place.setdefault((*key, way.position, shapes), []).append(way)
        by_place.setdefault(way, []).append(way)
    for several in by_place.values():
        found.setdefault(tuple(dict.fromkeys(several)))
    yield from sorted(found, key=len, reverse=True)


def leading(recorded: Recorded, array: Assignment) -> tuple[Way, ...]:
    """The ways back from an array."""
    return tuple(way for way in recorded.backward.passed if way.number == array.number)


def uses(recorded: Recorded) -> dict[int, list[Way]]:
    """The ways that lead to each assignment, by its number."""
    found: dict[int, list[Way]] = {}
    for way in recorded.backward.passed:
        target = recorded.program.assignments[way.number].operands[way.position]
        found.setdefault(target.number, []).append(way)
    return found
