"""Describes a mistake as an edit: a change of the right backward pass at some of its ways.

The functions here name arrays in texts, and find the ways that may share a mistake.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..programs.assignments import Assignment, Constant, Contraction, Leaf, Map, Place, View
from ..programs.recorded import Recorded
from ..programs.reverse import Change, Way
from .levels import levels

__all__ = [
    "Edit", "axes_told", "base", "called", "fixed", "form", "gradient_told", "groups", "leading", "listed", "names_of",
    "number", "uses",
]  # fmt: skip


NUMBERS = re.compile(r"(?<=[^\W\d])\d+")  # at the end of a name, as in w1
MOST_LISTED = 6  # names of one base that are told one by one
LONGEST = 40  # the largest number of characters of an expression that is told instead of a name


@dataclass(frozen=True, eq=False)
class Edit:
    """A change of the backward pass, with its description in words.

    `change` and `text` take a number t, such as the factor of a path. In a fitted edit, least squares find t, and the
    gradients are linear in t unless the edit bends. In all other edits, t is 1.
    """

    change: Callable[[float], Change]
    text: Callable[[float], str]
    rank: int  # of several edits that explain the same numbers, those with the lowest rank are told
    ways: tuple[Way, ...] = ()  # the ways that it changes
    fitted: bool = False
    bends: bool = False  # fitted and not linear in t, because its places lie one after the other on a path
    about: str = ""  # the name of the array that a path leads through; paths with the same numbers are told as one
    what: str = ""  # for a path: the words for what is multiplied by t
    kind: str = ""  # the kind of mistake, for a subclass of Words
    data: tuple[Any, ...] = ()  # the parts of the mistake, for a subclass of Words
    addition: str = ""  # words to be added to the text


def fixed(
    change: Change, text: str, rank: int, ways: Iterable[Way] = (), kind: str = "", data: Iterable[Any] = ()
) -> Edit:
    """Returns an edit whose change and text do not depend on t."""
    return Edit(lambda t: change, lambda t: text, rank, tuple(ways), kind=kind, data=tuple(data))


def called(array: Assignment) -> str:
    """Returns the name of an array for a text.

    If the array has none, the text is its number or text as an operand, a view such as "W.T", its source line, its
    expression or its shape.
    """
    if array.name:
        return array.name
    if isinstance(array, Constant) and (array.text or array.shape == ()):
        return f"`{array.text}`" if array.text else number(float(array.value))
    if isinstance(array, View) and array.of_one is not None:
        return _view(array)
    if array.place and array.place.text:
        return f"`{array.place.text}`"
    return _written(array) or (f"an array of shape {array.shape}" if array.shape else "a number")


def number(value: float) -> str:
    """Returns a number as text with six digits; as 1/n, such as "1/7", if it equals 1/n and the other text is long."""
    written, inverse = f"{value:.6g}", round(1 / value) if value else 0
    return f"1/{inverse}" if value > 0 and len(written) > 7 and abs(value * inverse - 1) < 1e-12 else written


def _written(array: Assignment) -> str:
    """Returns an operation as a call or an expression, in backticks, or as "the sum of x".

    Returns "" if it is too long, if it contains words such as "the sum of x", or if it is another kind of operation.
    """
    if isinstance(array, Contraction) and len(array.operands) == 1:
        return f"the sum of {called(array.operands[0])}"
    if not isinstance(array, Map):
        return ""
    operands = [called(operand) for operand in array.operands]
    written = array.op.write([operand.strip("`") for operand in operands])
    is_code = all(operand.startswith("`") or " " not in operand for operand in operands)
    return f"`{written}`" if is_code and len(written) <= LONGEST else ""


def _view(view: View) -> str:
    of = view.of_one
    assert of is not None
    if view.value.size == of.value.size:
        places = np.arange(of.value.size).reshape(of.shape)
        if view.shape == places.T.shape and len(of.shape) > 1 and np.array_equal(view.index, places.T):
            return f"{called(of)}.T"
        if np.array_equal(view.index.ravel(), places.ravel()):
            return called(of)
        if np.array_equal(np.sort(view.index, axis=None), places.ravel()):
            return f"the rearranged {called(of).removeprefix('an ')}"
    if view.text:
        return f"`{view.text}`"
    return f"{'a part of' if view.value.size <= of.value.size else 'the values taken from'} {called(of)}"


def base(name: str) -> str:
    """Returns a name without the number of its turn: h for h(2), hs for hs[2]."""
    return name.partition("(")[0].partition("[")[0]


def listed(names: Iterable[str]) -> str:
    """Returns names as one text: "a, b and c". More than two turns of one variable are shortened: "h(1) … h(3)".

    The turns of a part, such as a[1](1) … a[1](3), are told as the part, a[1].
    """
    by_base: dict[str, list[str]] = {}
    each = list(dict.fromkeys(names))
    parts = {name: name.partition("(")[0] for name in each if "[" in name.partition("(")[0]}
    turns = Counter(parts.values())
    told = dict.fromkeys(parts[name] if name in parts and turns[parts[name]] > 2 else name for name in each)
    for name in _in_order([*told]):
        by_base.setdefault(base(name), []).append(name)
    several = []
    for alike in by_base.values():
        alike.sort(key=_turn)
        several += _shortened(alike)
    return " and ".join(filter(None, (", ".join(several[:-1]), several[-1] if several else "")))


def names_of(arrays: Iterable[Assignment]) -> str:
    """Returns the names of arrays as one text, as `listed` does."""
    return listed(map(called, arrays))


def _shortened(names: Sequence[str]) -> list[str]:
    """Returns names of one base, in order, with runs of more than two turns as "h(1) … h(3)".

    Many names with gaps between them are one text, from the first to the last.
    """
    runs: list[list[str]] = []
    for name in names:
        before = _turn(runs[-1][-1])[0] if runs else math.inf
        if runs and (before == -math.inf or _turn(name)[0] - before <= 1):  # h comes before h(1)
            runs[-1].append(name)
        else:
            runs.append([name])
    told = [text for run in runs for text in ([f"{run[0]} … {run[-1]}"] if len(run) > 2 else run)]
    return told if len(told) <= MOST_LISTED else [f"{names[0]} … {names[-1]}"]


def _in_order(names: Sequence[str]) -> Sequence[str]:
    """Returns more than two names that differ in a number at their end, such as w6, w5 and w7, by their numbers."""
    ends = [re.fullmatch(r"([^\W\d]+)(\d+)", name) for name in names]
    is_one = len(names) > 2 and len({end[1] if end else "" for end in ends}) == 1 and all(ends)
    return sorted(names, key=lambda name: (len(name), name)) if is_one else names


def axes_told(axes: Sequence[int]) -> str:
    """Returns a text such as "axis 0" or "axes 0 and 2"."""
    return f"{'axis' if len(axes) == 1 else 'axes'} {listed(map(str, axes))}"


def _turn(name: str) -> tuple[float, int, str]:
    """Returns a sort key for the names of one base: h, h[-1], h[0], … h[10]."""
    number = re.search(r"-?\d+", name[len(base(name)) :])
    return (int(number[0]) if number else -math.inf, len(name), name)


def form(place: Place) -> tuple[Any, ...]:
    """Returns what is equal for lines of one function that differ only in numbers of names: w1 * h1, w2 * h2.

    Lines without a known source, as in a cell that was executed, have nothing in common.
    """
    return (place.function, NUMBERS.sub("", place.text)) if place.text else place.at


def groups(recorded: Recorded, ways: Iterable[Way], alike: bool = False) -> Iterator[tuple[Way, ...]]:
    """Yields groups of ways that may share a mistake, because one line of source made them; the largest come first.

    There are eight kinds of groups: all runs of the line; the runs reached by the same calls; the runs that lead to an
    input, and those that do not; the runs with constants as the same operands; the runs of one level, of the last level
    and of all others; the runs of all lines of the same form; the ways to one array through operations of one kind
    in several lines; a single way. With `alike`, all ways of a group have arrays of the same shapes.
    """
    found: dict[tuple[Way, ...], None] = {}
    by_place: dict[object, list[Way]] = {}
    to_one: dict[object, dict[object, list[Way]]] = {}  # by the array to which the ways lead, and by line
    of_level = levels(recorded)
    for way in ways:
        node = recorded.node(way)
        place, target = node.place, node.operands[way.position]
        shapes = (node.shape, *(operand.shape for operand in node.operands)) if alike else ()
        if place is not None:
            is_leaf = isinstance(target, Leaf)
            given = tuple(isinstance(operand, Constant) for operand in node.operands)  # a first step may differ in this
            level, is_last = of_level[node.number]
            at = place.at
            of_line = (at,), (place.path,), (at, is_leaf), (at, given), (at, "level", level), (at, "last", is_last)
            kind = type(node), getattr(node, "op", None), getattr(node, "letters", ())
            for key in (*of_line, (form(place), *kind)):
                by_place.setdefault((*key, way.position, shapes), []).append(way)
            to_one.setdefault((target.number, *kind, way.position, shapes), {}).setdefault(place.at, []).append(way)
        by_place.setdefault(way, []).append(way)
    of_several_lines = ([way for ways in lines.values() for way in ways] for lines in to_one.values() if len(lines) > 1)
    for several in (*by_place.values(), *of_several_lines):
        found.setdefault(tuple(dict.fromkeys(several)))
    yield from sorted(found, key=len, reverse=True)


def gradient_told(recorded: Recorded, to: dict[int, list[Way]], ways: Sequence[Way]) -> str:
    """Returns the words for what these ways pass back: "the gradient of x", and "… through y" if x has other uses.

    `to` is the result of `uses`.
    """
    nodes = [recorded.node(way) for way in ways]
    targets = [recorded.target(way) for way in ways]
    told = f"the gradient of {listed(map(called, targets))}"
    is_whole = all(len(to[target.number]) == 1 for target in targets)
    return told if is_whole else f"{told} through {listed(map(called, nodes))}"


def leading(recorded: Recorded, array: Assignment) -> tuple[Way, ...]:
    """Returns the ways back from an array to its operands."""
    return tuple(way for way in recorded.backward.passed if way.number == array.number)


def uses(recorded: Recorded) -> dict[int, list[Way]]:
    """Returns a dict from the number of each assignment that is used to the ways back to it, one for each use."""
    found: dict[int, list[Way]] = {}
    for way in recorded.backward.passed:
        target = recorded.target(way)
        found.setdefault(target.number, []).append(way)
    return found
