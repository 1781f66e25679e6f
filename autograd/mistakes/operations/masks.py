"""Makes edits of operations that choose between two branches: the mask is missing or wrong, or a slope is wrong.

A wrong mask may be used for all gradients, or for the gradient of one array alone, such as the slope of a PReLU.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from ...programs.assignments import Array, Assignment, Constant, Map, summed_to
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, called, fixed, listed, uses
from .choices import Choice, Mask, choices

__all__ = ["masks"]

CLOSE = 1e-12  # relative tolerance for numbers that are computed in two ways
MOST = 12  # the largest number of arrays, and of numbers, with which wrong masks are made
HIGHEST = 6  # the largest number of operations from a branch down to an array with several operands

Test = Callable[[Array], Mask]  # an array -> where the first branch is taken


def masks(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of each choice, and of the choices of one source line together."""
    together: dict[object, list[Choice]] = {}
    for choice in choices(recorded):
        if not choice.is_relu:  # `slopes` treats relu as a function, whose slope is its mask
            yield from _of_team([choice])
        yield from _of_any(recorded, choice)
        yield from _missing_for_one(recorded, choice)
        if choice.node.place is not None and not choice.is_relu:
            for key in (choice.node.place.at, choice.node.place.path):
                together.setdefault(key, []).append(choice)
    for team in {tuple(team) for team in together.values() if len(team) > 1}:
        yield from _of_team(team)


# ---- one mistake in choices of one line


def _of_team(team: Sequence[Choice]) -> Iterator[Edit]:
    ys = listed(called(choice.node) for choice in team)
    whole = [Change(rules={way: partial(_whole, choice, way) for way in choice.ways}) for choice in team]
    yield _edit(team, whole, f"the mask of {ys} is missing: each branch gets the whole gradient", 2)
    reversed_ = [choice.masked(~choice.first) for choice in team]
    yield _edit(team, reversed_, f"the mask of {ys} is reversed: each branch gets the gradient of the other", 2)
    for position in (0, 1) if all(len(choice.ways) == 2 for choice in team) else ():
        always = [choice.masked(np.full_like(choice.first, position == 0)) for choice in team]
        branches = listed(called(choice.node.operands[position]) for choice in team)
        yield _edit(team, always, f"every element of {ys} takes the branch {branches} in the backward pass", 2)
    for orientation in (True, False):
        changes = [Change(rules={way: partial(_by_gradient, choice, way.position, orientation) for way in choice.ways})
                   for choice in team]  # fmt: skip
        text = (
            f"the mask of {ys} is computed from the incoming gradient: "
            f"{_where(team[0], 'the incoming gradient', 0.0, orientation)}"
        )
        yield _edit(team, changes, text, 3)
    yield from _at_their_own(team, ys)
    if all(choice.x is not None and len(choice.ways) == len(team[0].ways) for choice in team):
        yield from _slopes(team, ys)


def _edit(team: Sequence[Choice], changes: Sequence[Change], text: str, rank: int) -> Edit:
    change = Change()
    for each in changes:
        change = change.and_also(each)
    ways = [way for choice in team for way in choice.ways]
    return fixed(change, text, rank + (len(team) > 1), ways, "choice", team)


def _whole(choice: Choice, way: Way, flow: Array) -> Array:
    return summed_to(flow, choice.node.operands[way.position].shape)


def _by_gradient(choice: Choice, position: int, is_first: bool, flow: Array) -> Array:
    return choice.by(position, (flow > 0) == is_first, flow)


def _at_their_own(team: Sequence[Choice], ys: str) -> Iterator[Edit]:
    """Yields edits whose masks are made of the signs of the outputs, or of the inputs."""
    inputs = [choice.x for choice in team if choice.x]
    for kind, arrays in (("output", [choice.node for choice in team]), ("input", inputs)):
        for text, test in _tests(team[0], f"the {kind}", (0.0,)):
            found = [test(array.value) for array in arrays]
            if len(found) == len(team) and not all(map(_is_told, team, found)):
                changes = [choice.masked(mask) for choice, mask in zip(team, found, strict=True)]
                names = listed(map(called, arrays))
                yield _edit(team, changes, f"the mask of {ys} is computed from the {kind} {names}: {text}", 3)


def _is_told(choice: Choice, mask: Mask) -> bool:
    """Returns whether a mask is the right one, or the right one reversed."""
    return np.array_equal(choice.first, mask) or np.array_equal(~choice.first, mask)


def _tests(choice: Choice, of: str, numbers: Sequence[float]) -> Iterator[tuple[str, Test]]:
    """Yields texts with tests of an array: the first branch is taken where it is above a number, or elsewhere."""
    for at in numbers:
        for is_first in (True, False):
            yield _where(choice, of, at, is_first), partial(_above, at, is_first)


def _above(at: float, is_first: bool, of: Array) -> Mask:
    return np.asarray((of > at) == is_first)


def _where(choice: Choice, of: str, at: float, is_first: bool) -> str:
    """Returns a text such as "x gets the gradient where z > 0", for the branch x itself, or the one made first."""
    operands = {way.position: choice.node.operands[way.position] for way in choice.ways}
    position = min(operands, key=lambda k: (operands[k] is not choice.x, operands[k].number))
    sign = ">" if is_first == (position == 0) else "≤"
    return f"{called(operands[position])} gets the gradient where {of} is {sign} " + f"{at:.6g}".replace("-", "−")


# ---- the slope of a branch


def _slopes(team: Sequence[Choice], ys: str) -> Iterator[Edit]:
    """Yields edits that use a wrong slope for one branch."""
    xs = listed(called(choice.x) for choice in team if choice.x)
    for position in sorted({way.position for way in team[0].ways}):
        branches = listed(called(choice.node.operands[position]) for choice in team)
        alone = [_with_slope(choice, position, choice.branch_slope(position), is_alone=True) for choice in team]
        said = f"the derivative of the branch {branches} of {ys} is used alone, without the incoming gradient"
        yield _edit(team, alone, said, 3)
        found = [_other_slopes(choice, position) for choice in team]
        for text in found[0]:
            if all(text in each for each in found):
                changes = [_with_slope(choice, position, each[text]) for choice, each in zip(team, found, strict=True)]
                used = text.format(x=xs, b=branches)
                said = f"{used} is used instead of the derivative of the branch {branches} of {ys}"
                yield _edit(team, changes, said, 2 + (text == "1"))


def _other_slopes(choice: Choice, position: int) -> dict[str, Array]:
    assert choice.x is not None
    x, b, slope = choice.x.value, choice.branch(position), choice.branch_slope(position)
    found = {"{x}": x}
    if choice.node.operands[position] is choice.x:
        return found
    found |= {"{b}": b, "1": np.ones_like(x)}
    rest = float(np.mean(slope - b))
    if np.ptp(slope) > 0.0 and np.allclose(slope, b + rest, rtol=CLOSE, atol=CLOSE * np.abs(slope).max()):
        found[f"{{x}} + {rest:.6g}, a formula that needs the output but gets the input,"] = x + rest
        found |= {"{b} + 1": b + 1} if abs(rest - 1.0) > CLOSE else {}
    return found


def _with_slope(choice: Choice, position: int, slope: Array, is_alone: bool = False) -> Change:
    """Returns the change that uses this slope for a branch, times the incoming gradient or alone."""
    assert choice.x is not None
    return choice.instead(choice.x, partial(_passed_with, choice, position, slope, is_alone))


def _passed_with(choice: Choice, position: int, slope: Array, is_alone: bool, flow: Array) -> Array:
    assert choice.x is not None
    here = choice.first if position == 0 else ~choice.first
    right = choice.passed(choice.x, choice.first, np.where(here, 0.0, flow))
    return right + np.where(here, slope if is_alone else flow * slope, 0.0)


# ---- the mask is missing on the way to one array


def _missing_for_one(recorded: Recorded, choice: Choice) -> Iterator[Edit]:
    """Yields edits in which the gradient goes unmasked to one operand of the sum or product that a branch is made of.

    For a hinge, max(0, s − s[label] + 1), these operands are s and s[label].
    """
    for way in choice.ways:
        *down, node = _to_several(recorded, choice.node.operands[way.position])
        lasts = list(recorded.backward.ways(node)) if isinstance(node, Map) else []
        for last in lasts if len(lasts) > 1 else ():
            target = node.operands[last.position]
            ways = [*(next(iter(recorded.backward.ways(array))) for array in down), last]
            change = Change(jumps={(choice.node.number, target.number): partial(_unmasked, choice, way, ways)})
            text = f"the mask of {called(choice.node)} is missing in the gradient of {called(target)}"
            yield fixed(change, text, 3, (way, *ways), "choice", (choice,))


def _to_several(recorded: Recorded, array: Assignment) -> list[Assignment]:
    """Returns the arrays from this one down to the first that has several operands; each has a single use."""
    to, down = uses(recorded), [array]
    while len(down) < HIGHEST and isinstance(array, Map) and len(to[array.number]) == 1:
        ways = list(recorded.backward.ways(array))
        if len(ways) != 1:
            break
        array = array.operands[ways[0].position]
        down.append(array)
    return down


def _unmasked(choice: Choice, way: Way, ways: Sequence[Way], flow: Array) -> Array:
    """Returns what goes along these ways if the mask is missing, less what goes there with the mask."""
    passed = choice.by(way.position, ~choice.first, flow)
    for each in ways:
        passed = choice.recorded.backward.through(each, passed)
    return passed


# ---- masks of any array, on all ways or on those to one array


def _of_any(recorded: Recorded, choice: Choice) -> Iterator[Edit]:
    """Yields edits whose mask is reversed, or compares some array with 0 or a number of the forward pass."""
    y, seen = called(choice.node), [choice.first]
    targets = choice.targets if len(choice.targets) > 1 else []
    for text, mask in _masks(recorded, choice):
        if any(np.array_equal(mask, other) for other in seen):
            continue
        seen.append(mask)
        if not _is_told(choice, mask):
            yield fixed(choice.masked(mask), f"the mask of {y} is {text}", 4, choice.ways, "choice", (choice,))
        for target in targets:
            change = choice.instead(target, partial(choice.passed, target, mask))
            said = f"for the gradient of {called(target)}, the mask of {y} is {text}"
            yield fixed(change, said, 3, choice.into(target), "choice", (choice,))


def _masks(recorded: Recorded, choice: Choice) -> Iterator[tuple[str, Mask]]:
    yield "reversed", ~choice.first
    arrays = [*([choice.x] if choice.x else []), choice.node, *choice.node.operands]
    arrays += [recorded.program.assignments[number] for number in sorted(choice.inside, reverse=True)]
    arrays += [array for array in recorded.named.values() if array.value.size > 1]
    alike = [array for array in dict.fromkeys(arrays) if array.shape == choice.node.shape][:MOST]
    for at in (0.0, *_numbers(recorded)):
        for array in alike:
            what = "the output " if array is choice.node else ""
            for text, test in _tests(choice, "the output" if what else called(array), (at,)):
                yield f"computed from {what}{called(array)}: {text}", test(array.value)


def _numbers(recorded: Recorded) -> list[float]:
    """Returns at most twelve numbers for a mask to compare with: constants of the forward pass and their negatives."""
    numbers = [
        float(a.value.item()) for a in recorded.program.assignments if isinstance(a, Constant) and a.value.size == 1
    ]
    return [sign * number for number in dict.fromkeys(numbers) if number for sign in (1.0, -1.0)][:MOST]
