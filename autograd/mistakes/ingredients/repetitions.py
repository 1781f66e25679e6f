"""Makes edits of the gradient of an array whose elements are repeated along axes, as in an upsampling.

The right gradient sums over the repeats. A wrong one reduces them in another way, or finds them in other places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations
from math import prod

import numpy as np

from ...programs.assignments import Array, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Rule
from ..edits import Edit, called, fixed
from ..reductions import Reduce, reductions
from .splits import digits_of

__all__ = ["repetitions"]

Digits = Sequence[tuple[int, int]]  # sizes and steps, the slowest first; the step 0 means repetition
MOST = 3  # the largest number of repetitions of one array


def repetitions(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of each view that repeats all elements of an array equally often."""
    for way in recorded.backward.passed:
        view = recorded.program.assignments[way.number]
        digits = digits_of(view.index) if isinstance(view, View) and view.of_one is not None else []
        target = view.operands[way.position]
        is_whole = prod(size for size, step in digits if step) == target.value.size
        if is_whole and 0 < len(_repeated(digits)) <= MOST:
            name = called(target)
            for text, rule in (*_reduced(view.shape, digits, name), *_misplaced(digits, name)):
                yield fixed(Change(rules={way: partial(_shaped, target.shape, rule)}), text, 4, (way,))


def _reduced(shape: tuple[int, ...], digits: Digits, name: str) -> Iterator[tuple[str, Rule]]:
    repeated = _repeated(digits)
    told = [_axis(shape, prod(size for size, _ in digits[k + 1 :])) for k in repeated]
    for _, text, reduce in reductions(repeated, told):
        yield f"the gradient of {name}, whose elements are repeated, is {text}", partial(_by, digits, reduce)


def _axis(shape: tuple[int, ...], step: int) -> int:
    """Returns the axis of an array of this shape along which elements lie that are `step` apart in the flat array."""
    return next(axis for axis in reversed(range(len(shape))) if prod(shape[axis:]) > step)


def _misplaced(digits: Digits, name: str) -> Iterator[tuple[str, Rule]]:
    """Yields texts and rules that find the repeats as those of np.tile, but np.repeat made them, or reversed."""
    for ahead, made, summed in ((1, "element by element, as by np.repeat", "as a whole, as by np.tile"),
                                (0, "as a whole, as by np.tile", "element by element, as by np.repeat")):  # fmt: skip
        steps = [step for _, step in digits]
        pairs = [k for k in range(1, len(digits)) if steps[k - 1 + ahead] == 0 < steps[k - ahead]]
        for count in range(len(pairs), 0, -1):
            for chosen in combinations(pairs, count):
                moved = list(digits)
                for k in chosen:
                    moved[k - 1], moved[k] = moved[k], moved[k - 1]
                text = f"{name} is repeated {made}, and its gradient is summed as if it were repeated {summed}"
                yield text, partial(_by, moved, partial(np.sum, axis=tuple(_repeated(moved))))


def _repeated(digits: Digits) -> list[int]:
    return [k for k, (_, step) in enumerate(digits) if not step]


def _by(digits: Digits, reduce: Reduce, flow: Array) -> Array:
    """Returns the gradient, reduced over the repeats, with the other axes in the order of the array."""
    reduced = reduce(flow.reshape([size for size, _ in digits]))
    return reduced.transpose(np.argsort([-step for _, step in digits if step]))


def _shaped(shape: tuple[int, ...], rule: Rule, flow: Array) -> Array:
    return rule(flow).reshape(shape)
