"""Edits that put something else in: a penalty that the cost lacks, weights that moved, a − y for ∇C."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from ..programs.assignments import Array, Assignment, Constant, Contraction, View
from ..programs.recorded import Recorded
from ..programs.reverse import Change, Way
from .edits import Edit, called, fixed, groups, leading
from .judged import Given

__all__ = ["penalties", "replacements", "updated", "without_upstream"]

EXCESS = 3  # entries, beyond which signs and constants are no chance
LAST = 6  # named arrays before the result, at which something may stand in the place of the gradient
MOST = 40  # things that are tried there
PENALTIES: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("yours − right is {t} · {w}: an L2 penalty {has}", np.positive),
    ("yours − right is {t} · sign({w}): an L1 penalty {has}", np.sign),
    ("yours − right is {t} in every place of {w}", np.ones_like),
)


def penalties(recorded: Recorded, wrong: list[Given]) -> Iterator[Edit]:
    """t times the array itself, or its signs, or a constant, is added to its gradient."""
    arrays = [given.assignment for given in wrong if given.name in recorded.inputs]
    for several in [*([array] for array in arrays), *([arrays] if len(arrays) > 1 else [])]:
        names = ", ".join(map(called, several))
        for text, of in PENALTIES if sum(array.value.size for array in several) > EXCESS else PENALTIES[:1]:
            change = partial(_added, several, of, np.positive)
            said = partial(_filled, text, names)
            yield Edit(change, said, 3, fitted=True, kind="penalty", data=(of, *several))
            for part, mask in PARTS if any(len(array.shape) > 1 for array in several) else ():
                change = partial(_added, several, of, mask)
                yield Edit(change, partial(_filled, f"{text}, {part}", names), 4, fitted=True)


def _added(
    arrays: Sequence[Assignment], of: Callable[[Array], Array], mask: Callable[[Array], Array], t: float
) -> Change:
    return Change(at={array.number: partial(np.add, t * mask(of(array.value))) for array in arrays})


def _part(axis: int, is_first: bool, value: Array) -> Array:
    """Of a matrix the first row or column alone, or all but it; of other arrays everything."""
    if value.ndim != 2:
        return value
    first = np.zeros_like(value)
    np.moveaxis(first, axis, 0)[0] = np.moveaxis(value, axis, 0)[0]
    return first if is_first else value - first


PARTS = tuple(
    (f"{'in the first' if is_first else 'in all but the first'} {what}", partial(_part, axis, is_first))
    for axis, what in enumerate(("row", "column"))
    for is_first in (True, False)
)  # where the bias stands in the weights


def _filled(text: str, names: str, t: float) -> str:
    has = "that this cost does not have" if t > 0 else "is missing, or is subtracted"
    return text.format(t=f"{t:.6g}".replace("-", "−"), w=names, has=has)


def without_upstream(recorded: Recorded) -> Iterator[Edit]:
    """The gradient that comes in is taken as 1, or as the result."""
    result = recorded.result
    ways, upstream = leading(recorded, result), "the incoming gradient, upstream,"
    ones = Change(at={result.number: np.ones_like})
    yield fixed(ones, f"{upstream} is missing: that of {called(result)} is taken as 1", 3, ways)
    text = f"{called(result)} itself stands in the place of {upstream[:-1]}"
    yield Edit(partial(_set, result, result.value), lambda t: text, 4, ways, fitted=True)


def _set(array: Assignment, value: Array, t: float) -> Change:
    return Change(at={array.number: lambda flow: t * value})


def replacements(recorded: Recorded) -> Iterator[Edit]:
    """At an array near the cost, t times something else of its shape in the place of its gradient: a − y, y − a, a."""
    arrays = recorded.program.assignments
    leaves = [array for array in arrays if isinstance(array, Constant) or array.name in recorded.inputs]
    named = [array for array in arrays if array.name and not isinstance(array, Constant)]
    for node in named[::-1][:LAST]:
        alike = [array for array in named if array.shape == node.shape]
        targets = [array for array in leaves if array.shape == node.shape]
        terms = [(f"{called(a)} − {called(y)}", a.value - y.value) for a in alike for y in targets if a is not y]
        terms += [(called(array), array.value) for array in (*alike, *targets)]
        if node.number in recorded.backward.flows:
            for text, value in terms[:MOST]:
                change, said = partial(_set, node, value), partial(_taken_as, called(node), text)
                yield Edit(change, said, 6, leading(recorded, node), fitted=True)


def _taken_as(name: str, text: str, t: float) -> str:
    factor = "" if abs(t - 1) < 1e-9 else f"{t:.6g} · "
    return f"the gradient of {name} is taken as {factor}({text}), which it is not for this cost"


def updated(recorded: Recorded) -> Iterator[Edit]:
    """Weights that were updated before the gradient went back through them: W + t ∂C/∂W in the place of W."""
    assignments = recorded.program.assignments
    products = [way for way in recorded.backward.passed if isinstance(assignments[way.number], Contraction)]
    for ways in groups(recorded, products, alike=True):
        for other, operand in enumerate(assignments[ways[0].number].operands):
            leaf = _leaf(operand)
            if other != ways[0].position and leaf.name in recorded.inputs and leaf.number in recorded.backward.flows:
                yield Edit(partial(_moved, recorded, ways, other), partial(_rate, called(leaf)), 4, ways, fitted=True)


def _rate(name: str, t: float) -> str:
    return (
        f"the gradient goes back through weights {name} that were updated already (learning rate {-t:.6g}): work out "
        "every gradient first, then update"
    )


def _moved(recorded: Recorded, ways: tuple[Way, ...], other: int, t: float) -> Change:
    return Change(rules={way: partial(_through_moved, recorded, way, other, t) for way in ways})


def _through_moved(recorded: Recorded, way: Way, other: int, t: float, flow: Array) -> Array:
    node = recorded.program.assignments[way.number]
    operand, values = node.operands[other], [operand.value for operand in node.operands]
    leaf = _leaf(operand)
    moved = leaf.value + t * recorded.backward.flows[leaf.number]
    values[other] = moved if leaf is operand else operand.forward([moved])
    return node.back(way.position, flow, node.value, values)


def _leaf(operand: Assignment) -> Assignment:
    """What an operand is a view of; itself, if it is none."""
    return operand.of_one if isinstance(operand, View) and operand.of_one is not None else operand
