"""Makes edits of penalties: a penalty that the cost lacks is added, or one that it has is missing or counts twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

import numpy as np

from ...programs.assignments import Array, Assignment, Constant, Contraction, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Rule, Way
from ..edits import Edit, called, fixed, listed, uses
from ..judged import Given, are_telling, largest
from ..rules import instead, stopped

__all__ = ["differ", "penalties"]

EXCESS = 3  # with no more entries than this, a multiple of signs or ones may be chance
CLOSE = 1e-9  # relative tolerance
T = TypeVar("T")
Penalty = Callable[[Array], Array]  # an array -> the gradient of its penalty, up to a factor
PENALTIES: tuple[tuple[str, str, Penalty], ...] = (  # the term for an array, the reason, the penalty
    ("{t} · {w}", "an L2 penalty {has}", np.positive),
    ("{t} · sign({w})", "an L1 penalty {has}", np.sign),
    ("{t}", "", np.ones_like),
    ("{t} · {w}²", "", np.square),
)


def penalties(recorded: Recorded, wrong: list[Given]) -> Iterator[Edit]:
    """Yields edits that add a penalty to an array's gradient: t times the array, its signs or ones.

    The last edits add a penalty that the cost has for another array, with its factor.
    """
    wrong = [given for given in wrong if given.right.size > EXCESS or are_telling([given])]
    arrays = [given.assignment for given in wrong if given.name in recorded.inputs]
    for several in [*([array] for array in arrays), *([arrays] if len(arrays) > 1 else [])]:
        names = [called(array) for array in several]
        for term, reason, of in PENALTIES if sum(array.value.size for array in several) > EXCESS else PENALTIES[:1]:
            change = partial(_added, several, of, np.positive)
            said = partial(_filled, term, "", reason, names, _of_cost(recorded, several, of))
            yield Edit(change, said, 3, fitted=True, kind="penalty", data=(of, *several))
            for part, mask in PARTS if any(len(array.shape) > 1 for array in several) else ():
                change = partial(_added, several, of, mask)
                yield Edit(change, partial(_filled, term, f" {part}", reason, names, 0.0), 4, fitted=True)
    yield from _of_others(recorded, arrays)
    yield from _of_a_part(recorded, arrays)
    yield from _on_a_part(recorded, arrays)
    yield from _values_of_sums(recorded, arrays)


def _values_of_sums(recorded: Recorded, arrays: Sequence[Assignment]) -> Iterator[Edit]:
    """Yields edits that add the value of a term such as λ Σ w², or twice or half of it, where its gradient belongs.

    The term is made of one array's own numbers, and the array has other uses.
    """
    own = [(array, *found) for array in arrays if (found := _sum_of_its_own(recorded, array))]
    for several in [*([each] for each in own), *([own] if len(own) > 1 else [])]:
        terms, names = (
            listed(each) for each in zip(*((called(x), f"d{called(w)}") for w, x, _ in several), strict=True)
        )
        for t, times in ((1.0, ""), (2.0, "2 times "), (0.5, "half ")):
            what = "terms of {}, which are numbers, are" if len(several) > 1 else "term of {}, which is one number, is"
            text = f"{times}the {what.format(terms)} added to {names}, not the gradient"
            yield fixed(_with_values(recorded, several, t), f"{text}{'s' * (len(several) > 1)}", 4)


def _sum_of_its_own(recorded: Recorded, array: Assignment) -> tuple[Assignment, list[Way]] | None:
    """Returns a sum of functions of this array alone, and the ways from them to the array; None without one."""
    to = uses(recorded)
    for way in to.get(array.number, ()) if array.value.size > 1 else ():
        node, made = recorded.node(way), {array.number}
        while node.shape and all(x.number in made or isinstance(x, Constant) for x in node.operands):
            made.add(node.number)
            if len({above.number for above in to.get(node.number, ())}) != 1:
                break
            node = recorded.node(to[node.number][0])
        if isinstance(node, Contraction) and not node.shape and all(x.number in made for x in node.operands):
            ways = [each for each in to[array.number] if each.number in made or each.number == node.number]
            return (node, ways) if len(ways) < len(to[array.number]) else None
    return None


def _with_values(recorded: Recorded, sums: Sequence[tuple[Assignment, Assignment, list[Way]]], t: float) -> Change:
    rules: dict[Way, Rule] = {}
    for array, total, (first, *others) in sums:
        value = t * recorded.backward.flows[total.number] * total.value
        rules |= {first: partial(instead, np.broadcast_to(value, array.shape)), **stopped(recorded, others)}
    return Change(rules=rules)


def _of_a_part(recorded: Recorded, arrays: Sequence[Assignment]) -> Iterator[Edit]:
    """Yields edits that put the penalty of a part of an array on the whole of it, such as that of w[1:] on w[0] too.

    The part may have one number, whose gradient is broadcast.
    """
    for array in arrays:
        for way in uses(recorded).get(array.number, ()):
            view, passed = recorded.node(way), recorded.backward.passed[way]
            if not isinstance(view, View):
                continue
            rest = np.ones(array.value.size, dtype=bool)
            rest[view.index[view.source == way.position]] = False
            rest = rest.reshape(array.shape)
            here = passed[~rest]
            if rest.any() and np.any(here) and np.ptp(here) == 0.0:
                text = f"the gradient of {called(view)}, which is one number, is added to all of d{called(array)}"
                yield fixed(Change(at={array.number: partial(np.add, np.where(rest, here[0], 0.0))}), text, 2)
            for (term, _, of), what in zip(PENALTIES, ("L2", "L1"), strict=False):
                t = _multiple(np.where(rest, 0.0, of(array.value)), passed)
                if t and rest.any():
                    told = differ([f"d{called(array)}"], [term.format(t=_number(t), w=called(array))])
                    text = f"{told} in some entries: the {what} penalty of {called(view)} is put on the others too"
                    yield fixed(_added([array], of, partial(np.multiply, rest), t), text, 2)


def _on_a_part(recorded: Recorded, arrays: Sequence[Assignment]) -> Iterator[Edit]:
    """Yields edits that multiply the penalty that the cost has of a part of an array, such as that of w[1:], by t.

    One line of source takes the part, perhaps element by element.
    """
    for array in arrays:
        by_line: dict[object, list[Way]] = {}
        for way in uses(recorded).get(array.number, ()):
            node = recorded.node(way)
            if isinstance(node, View) and node.place is not None:
                by_line.setdefault(node.place.at, []).append(way)
        for ways in by_line.values():
            part = np.zeros(array.value.size, dtype=bool)
            for way in ways:
                view = recorded.view(way)
                part[view.index[view.source == way.position]] = True
            mask, passed = part.reshape(array.shape), sum(recorded.backward.passed[way] for way in ways)
            where = " in all but the first entry" if part[1:].all() else f" in {called(recorded.node(ways[0]))}"
            for term, reason, of in () if part.all() else PENALTIES[:2]:
                of_cost = _multiple(np.where(mask, of(array.value), 0.0), np.asarray(passed))
                if of_cost:
                    added = partial(_added, [array], of, partial(np.multiply, mask))
                    said = partial(_filled, term, where, reason, [called(array)], of_cost)
                    yield Edit(partial(_times, added, of_cost), partial(_times, said, of_cost), 2, fitted=True)


def _times(of: Callable[[float], T], of_cost: float, t: float) -> T:
    """Returns what `of` gives for the term that is added where a penalty with the factor `of_cost` is t times as large.

    So t may be a known factor.
    """
    return of((t - 1.0) * of_cost)


def _added(arrays: Sequence[Assignment], of: Penalty, mask: Callable[[Array], Array], t: float) -> Change:
    return Change(at={array.number: partial(np.add, t * mask(of(array.value))) for array in arrays})


def _part(axis: int, is_first: bool, value: Array) -> Array:
    """Returns the first row or column of a matrix, or all but it, with zeros elsewhere; other arrays unchanged."""
    if value.ndim != 2:
        return value
    first = np.zeros_like(value)
    np.moveaxis(first, axis, 0)[0] = np.moveaxis(value, axis, 0)[0]
    return first if is_first else value - first


PARTS = tuple(
    (f"{'in the first' if is_first else 'in all but the first'} {what}", partial(_part, axis, is_first))
    for axis, what in enumerate(("row", "column"))
    for is_first in (True, False)
)  # the first row or column may hold the biases


def differ(gradients: Sequence[str], terms: Iterable[str]) -> str:
    """Returns a text such as "dW and dV differ from the right gradients by 0.1 · W and 0.1 · V"."""
    differs = "differ from the right gradients" if len(gradients) > 1 else "differs from the right gradient"
    return f"{listed(gradients)} {differs} by {listed(terms)}"


def _filled(term: str, part: str, reason: str, names: Sequence[str], of_cost: float, t: float) -> str:
    """Returns the text of a penalty with the factor t. `of_cost` is the factor of this penalty in the cost, or 0."""
    known = {-1: "of this cost is missing", 1: "of this cost is counted twice", -2: "of this cost is subtracted"}
    share = t / of_cost if of_cost else 0.0
    has = "that this cost does not have" if t > 0 else "is missing, or is subtracted"
    each_turn = (
        ", as where it is added in each turn of a loop" if share > 1 and abs(share - round(share)) < CLOSE else ""
    )
    has = f"that is {_number(1 + share)} times that of this cost{each_turn}" if of_cost else has
    has = next((said for k, said in known.items() if abs(share - k) <= CLOSE), has)
    told = differ([f"d{name}" for name in names], [term.format(t=_number(t), w=name) for name in names])
    everywhere = " in every entry" * ("{w}" not in term)
    return f"{told}{part}: {reason.format(has=has)}" if reason else f"{told}{part or everywhere}"


def _number(t: float) -> str:
    return f"{t:.6g}".replace("-", "−")


def _of_cost(recorded: Recorded, arrays: Sequence[Assignment], of: Penalty) -> float:
    """Returns the factor with which the cost has this penalty; 0 without one, or if it differs between the arrays."""
    found = [_coefficient(recorded, array, of) for array in arrays]
    return found[0] if all(abs(t - found[0]) <= CLOSE * abs(found[0]) for t in found) else 0.0


def _coefficient(recorded: Recorded, array: Assignment, of: Penalty) -> float:
    """Returns how many times the array, its signs or ones are part of its right gradient; 0 for a single number."""
    values, total = of(array.value), 0.0
    for way in uses(recorded).get(array.number, ()):
        total += _multiple(values, recorded.backward.passed[way])
    return total


def _multiple(values: Array, passed: Array) -> float:
    """Returns t if `passed` is t times the values, of which more than one is not 0; else 0."""
    if np.count_nonzero(values) < 2:
        return 0.0
    size = float(np.sum(values * values))
    t = float(np.sum(values * passed)) / size if size else 0.0
    return t if largest(passed - t * values) <= CLOSE * largest(passed) else 0.0


def _of_others(recorded: Recorded, arrays: Sequence[Assignment]) -> Iterator[Edit]:
    """Yields edits that put the penalty of one array on another array too, such as that of weights on biases."""
    for source in recorded.inputs.values():
        for (term, _, of), what in zip(PENALTIES, ("L2", "L1"), strict=False):
            t = _coefficient(recorded, source, of)
            for other in arrays if t else ():
                if source is not other:
                    name = called(other)
                    told = differ([f"d{name}"], [term.format(t=_number(t), w=name)])
                    text = f"{told}: the {what} penalty of {called(source)} is put on {name} too"
                    yield fixed(_added([other], of, np.positive, t), text, 2, kind="penalty of another")
