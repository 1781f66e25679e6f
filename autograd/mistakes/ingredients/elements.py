"""Makes edits for elements that are used several times: by an index that repeats, or by windows that overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ...programs.assignments import Array, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Rule, Way
from ..edits import Edit, called, fixed, uses
from ..rules import multiplied, stopped

__all__ = ["misplaced", "overwritten", "padded", "repeats"]

MOST = 40  # the largest number of unused rows that are tried as the padding row


def repeats(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which only the first or the last use of a repeated index counts, or the mean of its uses."""
    for way in recorded.backward.passed:
        view = recorded.node(way)
        if isinstance(view, View) and _repeats(view, way.position):
            used = f"where an element of {called(view.operands[way.position])} is used several times,"
            counts = _counts(view, way.position)
            for which in ("last", "first"):
                text = (
                    f"{used} only its {which} use is counted: the gradients of all uses add up (np.add.at adds them "
                    "all, dW[ids] += … does not)"
                )
                yield fixed(Change(rules={way: partial(_once, recorded, way, which)}), text, 3, (way,))
            text = (
                f"where one slice of {called(view)}, along axis 0, uses an element of "
                f"{called(view.operands[way.position])} several times, only its last use is counted: the gradients of "
                "all uses add up (np.add.at adds them all, dW[ids] += … does not)"
            )
            yield fixed(Change(rules={way: partial(_once_in_each_slice, recorded, way)}), text, 3, (way,))
            rank = 0 if np.ptp(counts) == 0 else 3  # 0 as for a factor: it is one
            for more, divided, its in ((0, "averaged", rank), (1, "divided by 1 + the number of its uses", 3)):
                mean = Change(rules={way: multiplied(recorded, way, 1 / (np.maximum(counts, 1) + more))})
                yield fixed(mean, f"{used} the gradients of its uses are {divided}, not summed", its, (way,))


def _repeats(view: View, position: int) -> bool:
    index = view.index[view.source == position]
    return bool(len(np.unique(index)) < index.size)


def _counts(view: View, position: int) -> NDArray[np.int64]:
    """Returns how often a view uses each element of an operand."""
    operand, index = view.operands[position], view.index[view.source == position]
    return np.bincount(index, minlength=operand.value.size).reshape(operand.shape)


def _once(recorded: Recorded, way: Way, which: str, flow: Array) -> Array:
    view = recorded.view(way)
    here, operand = view.source == way.position, view.operands[way.position]
    index, given = view.index[here], flow[here]
    if which == "first":
        index, given = index[::-1], given[::-1]
    passed = np.zeros(operand.value.size)
    passed[index] = given  # a later use overwrites an earlier one
    return passed.reshape(operand.shape)


def _once_in_each_slice(recorded: Recorded, way: Way, flow: Array) -> Array:
    view = recorded.view(way)
    passed = np.zeros(view.operands[way.position].value.size)
    for source, index, given in zip(view.source, view.index, flow, strict=True):
        here = source == way.position
        passed[index[here]] += given[here]  # of several uses here, only the last one
    return passed.reshape(view.operands[way.position].shape)


def padded(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the gradients of padding places are added to an unused row of the table.

    The forward pass takes rows by their numbers, and constants at padding places. The mask of these places is missing
    in the backward pass.
    """
    for way in recorded.backward.passed:
        view = recorded.node(way)
        table = view.operands[way.position]
        if not isinstance(view, View) or len(view.operands) < 2 or not table.shape:
            continue
        row, n = table.shape[1:], len(table.shape) - 1
        here = (view.source == way.position).reshape(*view.shape[: len(view.shape) - n], -1)
        if view.shape[len(view.shape) - n :] == row and np.array_equal(here.any(axis=-1), here.all(axis=-1)):
            known = np.unique(view.index[view.source == way.position] // max(int(np.prod(row)), 1))
            for k in np.setdiff1d(np.arange(table.shape[0]), known)[:MOST].tolist():
                change = Change(rules={way: partial(_with_padding, recorded, way, ~here.all(axis=-1), k)})
                text = (
                    f"row {k} of {called(table)} also gets the gradients of the padding in {called(view)}: the mask of "
                    "the padding is missing"
                )
                yield fixed(change, text, 2, (way,))


def _with_padding(recorded: Recorded, way: Way, there: NDArray[np.bool_], k: int, flow: Array) -> Array:
    passed = np.array(recorded.backward.through(way, flow))
    passed[k] += flow[there].sum(axis=0)
    return passed


def misplaced(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the gradients of rows that were taken by their numbers are added to other rows.

    They are all added to row 0, or to the first rows in turn, or are taken by these numbers again.
    """
    for way in recorded.backward.passed:
        view = recorded.node(way)
        rows = _rows_taken(view, way.position) if isinstance(view, View) else None
        table = view.operands[way.position]
        if rows is None or len(rows) < 2 or np.all(np.diff(rows) == 1):  # a slice
            continue
        count = table.shape[0]
        if len(rows) == len(np.unique(rows)) == count:  # the rows in another order
            continue
        those, row = f"the gradients of {called(view)}", "entry" if len(table.shape) == 1 else "row"
        turn, taken = np.arange(len(rows)) % count, f"{'entries' if row == 'entry' else 'rows'} that are taken"
        for text, to in ((f"{row} 0 of {called(table)}", np.zeros_like(rows)),
                         (f"{row} 0, 1, 2 … of {called(table)} in turn", turn)):  # fmt: skip
            said = f"{those} are all added to {text}, not to the {taken}"
            yield fixed(Change(rules={way: partial(_added, table.shape, to)}), said, 3, (way,))
        said = f"{those} are taken by the same indices again, not added to the {taken} (np.add.at)"
        yield fixed(Change(rules={way: partial(_taken, table.shape, rows)}), said, 3, (way,))


def _rows_taken(view: View, position: int) -> NDArray[np.int64] | None:
    """Returns the numbers of the rows that a view takes of its operand; None if it takes parts, or has others too."""
    table = view.operands[position]
    if not table.shape or table.shape[0] < 2 or len(view.operands) > 1:
        return None
    width = max(int(np.prod(table.shape[1:])), 1)
    if view.index.size % width or (len(table.shape) == 1 and len(view.shape) > 1):  # the latter is a broadcast
        return None
    index = view.index.reshape(-1, width)
    is_whole = np.all(index == index[:, :1] + np.arange(width)) and np.all(index[:, 0] % width == 0)
    return np.asarray(index[:, 0] // width) if is_whole else None


def _added(shape: tuple[int, ...], rows: NDArray[np.int64], flow: Array) -> Array:
    passed = np.zeros(shape)
    np.add.at(passed, rows, flow.reshape(len(rows), *shape[1:]))
    return passed


def _taken(shape: tuple[int, ...], rows: NDArray[np.int64], flow: Array) -> Array:
    """Returns the gradients taken by `rows`, in turn where there are more rows of the table than indices."""
    given = flow.reshape(len(rows), *shape[1:])
    turn = np.arange(shape[0]) % len(rows)
    return given[rows[turn] % len(rows)]


def overwritten(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the gradients of overlapping windows overwrite each other instead of adding up."""
    assignments, to = recorded.program.assignments, uses(recorded)
    for number, ways in to.items():
        views = sorted(way for way in ways if isinstance(recorded.node(way), View))  # as in the forward pass
        rank = (
            3 if all(getattr(recorded.node(view), "of_one", None) is not None for view in views) else 6
        )  # else: parts of others too
        for order, which in ((views, "last"), (views[::-1], "first")):
            if len(views) > 1:
                text = (
                    f"where the parts of {called(assignments[number])} overlap, only the gradient of the {which} part "
                    "is kept: the gradients of all parts add up (+=)"
                )
                yield fixed(Change(rules=_written(recorded, order, _covered)), text, rank, views)
                yield fixed(Change(rules=_written(recorded, order, _reached)), text, rank, views)
        earlier = [use for way in views for use in sorted(to.get(way.number, []))[:-1]]
        if len(views) > 1 and earlier:  # each filter writes to the window anew
            rules = _written(recorded, views, _covered) | stopped(recorded, earlier)
            text = f"only the gradient that is written last to each element of {called(assignments[number])} is kept"
            yield fixed(Change(rules=rules), f"{text}: the gradients of all uses add up (+=)", 3, views)


def _covered(recorded: Recorded, way: Way) -> Array:
    return np.sign(recorded.backward.through(way, np.ones(recorded.view(way).shape)))


def _reached(recorded: Recorded, way: Way) -> Array:
    """Returns 1 where a gradient arrives, else 0: in the window of a maximum, only the chosen element gets one."""
    return np.where(recorded.backward.passed[way] != 0.0, 1.0, 0.0)


def _written(recorded: Recorded, order: list[Way], where: Callable[[Recorded, Way], Array]) -> dict[Way, Rule]:
    """Returns a rule for each way: it passes the gradient back only to elements that no later way in `order` covers."""
    covered: Array | None = None
    rules: dict[Way, Rule] = {}
    for way in reversed(order):
        here = where(recorded, way)
        free = here if covered is None else here * (1.0 - covered)
        covered = here if covered is None else np.maximum(here, covered)
        rules[way] = multiplied(recorded, way, free)
    return rules
