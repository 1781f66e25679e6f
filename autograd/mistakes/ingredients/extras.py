"""Makes edits with other wrong ingredients: weights that were updated already, a − y for ∇C, 1 for upstream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from ... import table
from ...programs.assignments import Array, Assignment, Constant, Contraction, Leaf, Map, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..anew import Anew
from ..edits import Edit, called, fixed, groups, leading, listed, number
from ..judged import Given, are_telling, wrong_numbers
from ..rules import instead, with_operands

__all__ = ["replacements", "updated", "updated_in_turn", "values", "without_upstream"]

LAST = 6  # the number of named arrays before the result whose gradients may be replaced
FEW = 3  # wrong numbers: with so few, no replacement is tried
RATES = (1.0, 0.5, 0.1, 0.05, 0.01, 0.005, 0.001, 0.0001)  # learning rates that are tried
ROUGHLY = 1e-6
MOST = 40  # the largest number of replacements that are tried for each


def without_upstream(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the incoming gradient is taken as 1, or as t times the result itself."""
    result = recorded.result
    ways, upstream = leading(recorded, result), "the incoming gradient upstream"
    ones = Change(at={result.number: np.ones_like})
    yield fixed(ones, f"{upstream} is missing: the gradient of {called(result)} is taken as 1", 3, ways)
    text = f"{called(result)} itself is used instead of {upstream}"
    yield Edit(partial(_taken, result, result.value), lambda t: text, 4, ways, fitted=True)


def _taken(array: Assignment, value: Array, t: float) -> Change:
    return Change(at={array.number: partial(instead, t * value)})


def replacements(recorded: Recorded, wrong: list[Given]) -> Iterator[Edit]:
    """Yields edits that replace the gradient of one of the last six named arrays by t times an array of its shape.

    Other edits replace it by t times a difference a − y, where a is a named array and y an input or a constant. With
    few wrong numbers there are none, because some t and some array would give these numbers by chance.
    """
    if wrong_numbers(wrong) <= FEW:
        return
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
                change, said = partial(_taken, node, value), partial(_taken_as, called(node), text)
                yield Edit(change, said, 6, leading(recorded, node), fitted=True)


def values(wrong: list[Given]) -> Iterator[Edit]:
    """Yields edits in which arrays stand where their gradients belong: one array, all of one dimension, or all."""
    leaves = [given for given in wrong if isinstance(given.assignment, Leaf) and are_telling([given])]
    groups = [[given] for given in leaves]
    groups += [[each for each in leaves if each.right.ndim == ndim] for ndim in sorted({g.right.ndim for g in leaves})]
    for several in {tuple(map(id, some)): some for some in (*groups, leaves) if some}.values():
        at = {given.assignment.number: partial(instead, given.assignment.value) for given in several}
        names, own = listed(f"d{given.name}" for given in several), listed(given.name for given in several)
        are, it = ("are", "not their gradients") if len(several) > 1 else ("is", "not its gradient")
        yield fixed(Change(at=at), f"{names} {are} {own} {'themselves' if len(several) > 1 else 'itself'}, {it}", 3)


def _taken_as(name: str, text: str, t: float) -> str:
    factor = "" if abs(t - 1) < 1e-9 else f"{number(t)} · "
    return f"the gradient of {name} is computed as {factor}({text}), which is wrong for this cost"


def updated(recorded: Recorded, wrong: list[Given]) -> Iterator[Edit]:
    """Yields edits in which weights were updated before the gradient went back through them: W + t ∂C/∂W for W.

    The update used the given gradient. This gradient is wrong too if a later layer was updated before.
    """
    yours = {given.assignment.number: given.array for given in wrong}
    steps = {**recorded.backward.flows, **yours}
    products = [
        way
        for way in recorded.backward.passed
        if _is_product(node := recorded.node(way))
        and (node.operands[way.position].number in yours or not isinstance(node.operands[way.position], Leaf))
    ]
    for ways in groups(recorded, products):
        for other in range(len(recorded.node(ways[0]).operands)):
            leaves = [_leaf(recorded.node(way).operands[other]) for way in sorted(ways)]
            are_given = all(leaf.name in recorded.inputs and leaf.number in steps for leaf in leaves)
            if other != ways[0].position and are_given:
                names = list(dict.fromkeys(map(called, leaves)))
                change, bends = partial(_moved, recorded, ways, other, steps), len(ways) > 1
                yield Edit(change, partial(_rate, names), 4, ways, fitted=True, bends=bends)


def _is_product(node: Assignment) -> bool:
    return isinstance(node, Contraction) or (isinstance(node, Map) and node.op is table.MUL)


def updated_in_turn(recorded: Recorded, givens: Sequence[Given]) -> Iterator[Edit]:
    """Yields edits in which each parameter was updated by its given gradient before the next gradient was computed.

    The parameters come in the order of the inputs, or in reverse. The first gradients are right.
    """
    of = {given.assignment.number: given for given in givens if isinstance(given.assignment, Leaf)}
    in_order = [of[number] for number in sorted(of)]
    for several in (in_order, in_order[::-1]):
        first = next((k for k, given in enumerate(several) if not given.is_right), 0)
        if first:
            names = listed(given.name for given in several[:-1])
            for rate in RATES:
                made = _in_turn(recorded, several[first:], {g.assignment.number: g for g in several[:first]}, rate)
                change = Change(at={number: partial(instead, gradient) for number, gradient in made.items()})
                text = (
                    f"the gradients after the first are computed after {names} {{}} updated (learning rate {rate:g}): "
                    "compute all gradients first, then update"
                )
                yield fixed(change, text.format("were" if len(several) > 2 else "was"), 4)


def _in_turn(recorded: Recorded, rest: Sequence[Given], before: dict[int, Given], rate: float) -> dict[int, Array]:
    """Returns the gradients of the rest, each computed after the update of those before it.

    It stops at the first gradient that the given one does not equal: later ones are computed with the given gradients.
    """
    made: dict[int, Array] = {}
    for given in rest:
        moved = {number: each.assignment.value - rate * each.array for number, each in before.items()}
        changed = recorded.backward.replaced(Change(rules=Anew(recorded, {}, moved).rules()))
        made[given.assignment.number] = changed.get(given.assignment.number, given.right)
        if not np.allclose(made[given.assignment.number], given.array, rtol=ROUGHLY, atol=0):
            break
        before = {**before, given.assignment.number: given}
    return made


def _rate(names: list[str], t: float) -> str:
    were = "they were" if len(names) > 1 else f"{names[0]} was"
    return (
        f"the gradient is passed back through {listed(names)} after {were} updated (learning rate {-t:.6g}): compute "
        "all gradients first, then update"
    )


def _moved(recorded: Recorded, ways: tuple[Way, ...], other: int, steps: Mapping[int, Array], t: float) -> Change:
    rules = {}
    for way in ways:
        operand = recorded.node(way).operands[other]
        leaf = _leaf(operand)
        moved = leaf.value + t * steps[leaf.number]
        rules[way] = with_operands(recorded, way, {other: moved if leaf is operand else operand.forward([moved])})
    return Change(rules=rules)


def _leaf(operand: Assignment) -> Assignment:
    """Returns the array that an operand is a view of; the operand itself if it is not a view."""
    return operand.of_one if isinstance(operand, View) and operand.of_one is not None else operand
