"""Makes edits of slopes: a slope is missing, is evaluated at the output or another array, or is another function's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from ... import table
from ...programs.assignments import Array, Assignment, Constant, Map, summed_to
from ...programs.recorded import Recorded
from ...programs.reverse import Change
from ..edits import Edit, called, listed, number
from ..relatives import above, relatives
from ..rules import instead
from .functions import Function, LogSoftmax, Written, inner
from .softmaxes import log_softmax_mistakes, softmax_mistakes, softmaxes_of_others
from .some_uses import for_some_uses
from .teams import teams
from .wrong_slopes import BY_OUTPUT, EVALUATED, GETS, NOTHING, Slope, slopes_of_others, wrong_slopes

__all__ = ["elsewhere", "other_functions", "slopes", "words"]

DIGITS = 9  # the digits of slopes that are compared
INNER = 2  # added to the rank of a mistake inside a function that is written out
MOST_NAMED = 3  # derivatives of a team that are named one by one
MOST_ADDED = 3  # the largest number of constants that may be added to the input of a slope by mistake
MOST = 40  # the largest number of arrays at which a slope may be taken by mistake
CLOSE = 1e-12  # relative tolerance for numbers that are computed in two ways


def slopes(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of the slope of each function, and of the functions of one source line together."""
    inside = inner(recorded)
    for team in teams(recorded):
        is_inner = all(function.y.number in inside for function in team)
        is_even = all(np.ptp(recorded.backward.flows[function.y.number]) == 0.0 for function in team)
        yield from _of_team(team, is_inner, is_even)


def other_functions(recorded: Recorded, in_one_run: bool = False) -> Iterator[Edit]:
    """Yields edits that use the slope of another function: in all runs of a line, or, `in_one_run`, in one of several.

    Those in one run are rare, and many. Of slopes that are equal here, such as (x > 0) and (y > 0), the first is used,
    and of those that are one number, none.
    """
    inside, flows = inner(recorded), recorded.backward.flows
    for team in teams(recorded, in_one_run):
        if not team[0].is_softmax:
            more = INNER if all(function.y.number in inside for function in team) else 0
            seen = set()
            for rank, kind, text, slope in slopes_of_others(team[0].op):
                with np.errstate(all="ignore"):
                    values = [slope(flows[f.y.number], f.x.value, f.y.value, f) for f in team]
                numbers = tuple(np.round(value, DIGITS).tobytes() for value in values)
                if numbers in seen or (_are_one_number(values) and kind != NOTHING):
                    continue
                seen.add(numbers)
                yield _edit(team, rank + more, text, slope, kind)


def _are_one_number(values: Sequence[Array]) -> bool:
    """Returns whether slopes are one number, such as −1 for sign(x) where every x is negative: any may be."""
    every = np.concatenate([value.ravel() for value in values])
    return every.size > 1 and bool(np.all(every == every[0]))


def elsewhere(recorded: Recorded, in_one_run: bool = False) -> Iterator[Edit]:
    """Yields edits that take a slope at another array, or skip it for some uses of the function's output.

    They change all runs of a line, or, `in_one_run`, one of several.
    """
    for team in teams(recorded, in_one_run):
        if team[0].is_softmax:
            yield from softmaxes_of_others(team)
        else:
            yield from _at_relatives(recorded, team)
            yield from _beside(recorded, team)
            yield from for_some_uses(recorded, team)
            if len(team) == 1:
                yield from _at_others(recorded, team[0])


def _of_team(team: Sequence[Function], is_inner: bool, is_even: bool) -> Iterator[Edit]:
    if team[0].is_softmax:
        known = log_softmax_mistakes if isinstance(team[0], LogSoftmax) else softmax_mistakes
        for rank, text, wrong in known(team[0].axis):
            yield _edit(team, rank, text, partial(_without_function, wrong))
    else:
        is_seen = any(called(f.x) != called(f.y) for f in team)  # not inside a call, such as np.linalg.norm(x)
        for rank, kind, text, slope in wrong_slopes(team[0].op):
            if kind == "of gradient" and is_even:  # a gradient of equal numbers, such as 1, tells nothing
                continue
            if kind == "missing" and any(isinstance(f, Written) and f.chooses for f in team):  # the branches tell it
                continue
            if is_seen or kind not in ("at output", "of input"):
                yield _edit(team, rank + INNER * is_inner, text, slope, kind)
        for rule, of, slope in BY_OUTPUT:
            if is_seen and all(np.allclose(of(f.x.value), f.y.value, rtol=CLOSE, atol=CLOSE) for f in team):
                text = f"the formula {rule} for {{p}} needs the output y = {{y}}, but gets the input {{x}}"
                yield _edit(team, 2, text, slope, "of input")


def _edit(team: Sequence[Function], rank: int, text: str, slope: Slope, kind: str = "", **names: str) -> Edit:
    change = Change()
    for function in team:
        change = change.and_also(function.passing(partial(_passed, function, slope)))
    ways = tuple(way for function in team for way in function.inside)
    return Edit(lambda t: change, lambda t: text.format(**words(team), **names), rank + (len(team) > 1), ways,
                kind="slope", data=(team, kind, text, names))  # fmt: skip


def words(team: Sequence[Function]) -> dict[str, str]:
    """Returns the words for a text about a team, such as d="σ′(z1) and σ′(z2)", with p="σ′" and the verb d_is="are"."""
    in_order = sorted(team, key=lambda function: function.y.number)
    x, y = (listed(called(array) for array in arrays) for arrays in zip(*((f.x, f.y) for f in in_order), strict=True))
    primes = list(dict.fromkeys(function.prime() for function in in_order))
    name = team[0].derivative
    p = name if len({function.derivative for function in team}) == 1 else f"the derivatives of {y}"
    if len(primes) > MOST_NAMED or "…" in x:
        primes = [f"{p}({x})" if p.endswith("′") else p]
    d, p_is = (
        " and ".join(filter(None, (", ".join(primes[:-1]), primes[-1]))),
        "is" if p != f"the derivatives of {y}" else "are",
    )
    words = {"x": x, "y": y, "p": p, "p_is": p_is, "d": d, "d_is": "are" if len(primes) > 1 else p_is}
    words["p_is_y"] = y if y == "p" else f"p = {y}"  # for a softmax
    for letter, names in (("x", x), ("y", y)):  # in a formula, one letter stands for several names
        several = "…" in names or " and " in names
        words[f"{letter}_short"] = letter if several else names
        words[f"{letter}_with"] = f", with {letter} = {names}," if several else ""
    return words


def _passed(function: Function, slope: Slope, flow: Array) -> Array:
    by = slope(flow, function.x.value, function.y.value, function)
    return by if function.is_softmax else summed_to(flow * by, function.x.shape)


def _without_function(
    slope: Callable[[Array, Array, Array], Array], flow: Array, x: Array, y: Array, f: Function
) -> Array:
    return slope(flow, x, y)


# ---- the slope at another array


def _at_relatives(recorded: Recorded, team: Sequence[Function]) -> Iterator[Edit]:
    """Yields edits that take the slopes of a team at related arrays, such as the inputs of the step or layer before.

    Other arrays are those that are made of the outputs.
    """
    shapes = [function.x.shape for function in team]
    made = (several for several in above(recorded, [function.y for function in team]) if _shapes(several) == shapes)
    related = relatives([function.x for function in team], shapes)
    for rank, several in (*((3, arrays) for arrays in related), *((5, arrays) for arrays in made)):
        if not all(map(_may_be_at, team, several)):
            continue
        at = {function: array.value for function, array in zip(team, several, strict=True)}
        in_order = sorted(zip(team, several, strict=True), key=lambda each: each[0].y.number)
        names = listed(called(array) for _, array in in_order)
        yield _edit(team, rank, EVALUATED, partial(_slope_at, at), at=names)
        yield _edit(team, rank, GETS, partial(_of_output, at), at=names)
        if team[0].op is table.SIGMOID:
            yield from _mixed(team, at, rank + 1, names)


def _mixed(team: Sequence[Function], at: Mapping[Function, Array], rank: int, names: str) -> Iterator[Edit]:
    """Yields edits of the slope y (1 − y) of a sigmoid in which another array u stands for one of the two y."""
    for text, slope in (("u (1 − y)", _first_of_other), ("y (1 − u)", _second_of_other)):
        said = f"{text}, with y = {{y}} and u = {{at}}, is used instead of {{d}}, y (1 − y)"
        yield _edit(team, rank, said, partial(slope, at), "mixed", at=names)


def _first_of_other(at: Mapping[Function, Array], flow: Array, x: Array, y: Array, f: Function) -> Array:
    return at[f] * (1 - y)


def _second_of_other(at: Mapping[Function, Array], flow: Array, x: Array, y: Array, f: Function) -> Array:
    return y * (1 - at[f])


def _beside(recorded: Recorded, team: Sequence[Function]) -> Iterator[Edit]:
    """Yields edits that take the slopes of powers, or of |x|, at x + c or x − c, as if x were another error."""
    if team[0].op not in (table.POW, table.ABS):
        return
    x = listed(called(function.x) for function in team)
    for c in _added(recorded):
        for sign, by in (("−", -c), ("+", c)):
            at = {function: function.x.value + by for function in team}
            yield _edit(team, 4, EVALUATED, partial(_slope_at, at), at=f"{x} {sign} {number(c)}")


def _added(recorded: Recorded) -> list[float]:
    """Returns the numbers that the forward pass adds or subtracts, and 1."""
    sums = [node for node in recorded.program.assignments if isinstance(node, Map) and node.op.name in ("add", "sub")]
    operands = [operand for node in sums for operand in node.operands if isinstance(operand, Constant)]
    found = {abs(float(operand.value.item())) for operand in operands if operand.value.size == 1}
    return [1.0, *sorted(found - {0.0, 1.0}, reverse=True)[:MOST_ADDED]]


def _shapes(arrays: Sequence[Assignment]) -> list[tuple[int, ...]]:
    return [array.shape for array in arrays]


def _at_others(recorded: Recorded, function: Function) -> Iterator[Edit]:
    """Yields edits that take the slope at any other array of this shape, or at differences such as a − y.

    The array may stand for the input, for the output, or for both. A slope at a difference may also be used as the
    whole gradient.
    """
    arrays = [a for a in recorded.program.assignments if a.shape == function.x.shape and a is not function.x]
    arrays = [array for array in arrays if _may_be_at(function, array)]
    arrays = sorted(arrays, key=lambda array: not array.name)[:MOST]
    others = [(called(array), array.value) for array in arrays if array is not function.y]
    differences = [(f"{called(function.y)} − {called(array)}", function.y.value - array.value) for array in arrays
                   if not array.operands]  # fmt: skip
    for name, value in (*others, *differences):
        at = {function: value}
        yield _edit([function], 3, EVALUATED, partial(_slope_at, at), at=name)
        if function.op is not None:
            yield _edit([function], 3, "the formula for {p} is applied to {at}", partial(_formula_at, at), at=name)
            yield _edit([function], 4, GETS, partial(_of_output, at), at=name)
        if function.op is table.SIGMOID:
            yield from _mixed([function], at, 4, name)
    for name, value in _with_another_sign(function.x):
        yield _edit([function], 5, EVALUATED, partial(_slope_at, {function: value}), at=name)
    for name, value in differences:
        text = (
            f"the formula for {function.derivative} is applied to the error {name}, and the result is used as the "
            f"gradient of {called(function.x)}"
        )
        by = np.asarray(function.slope(value, value))
        yield _fitted(partial(_set, function, by), text, function)


def _with_another_sign(x: Assignment) -> list[tuple[str, Array]]:
    """Returns u + v for x = u − v, or u − v for x = u + v, with its text; [] for another x."""
    other = {table.ADD: ("−", np.subtract), table.SUB: ("+", np.add)}.get(x.op) if isinstance(x, Map) else None
    if other is None:
        return []
    sign, of = other
    u, v = x.operands
    return [(f"{called(u)} {sign} {called(v)}", np.broadcast_to(of(u.value, v.value), x.shape))]


def _may_be_at(function: Function, array: Assignment) -> bool:
    """Returns False for a slope of two values, such as relu′, at an array of two values, which would be a label."""
    return function.op is None or not function.op.branches or len(np.unique(array.value)) > 2


def _set(function: Function, by: Array, t: float) -> Change:
    return function.passing(partial(instead, t * by))


def _slope_at(at: Mapping[Function, Array], flow: Array, x: Array, y: Array, f: Function) -> Array:
    return f.slope(f.of(at[f]), at[f])


def _of_output(at: Mapping[Function, Array], flow: Array, x: Array, y: Array, f: Function) -> Array:
    return f.slope(at[f], x)


def _formula_at(at: Mapping[Function, Array], flow: Array, x: Array, y: Array, f: Function) -> Array:
    return f.slope(at[f], at[f])


def _fitted(change: Callable[[float], Change], text: str, function: Function) -> Edit:
    return Edit(change, lambda t: text, 3, function.inside, fitted=True)
