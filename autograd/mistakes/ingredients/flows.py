"""Makes edits in which the gradient of one array is passed back, or handed in, as the gradient of another array."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from ... import table
from ...programs.assignments import Array, Assignment, Contraction, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ...programs.shifts import viewed
from ..edits import Edit, called, fixed, gradient_told, groups, names_of, uses
from ..judged import Given
from ..operations.functions import functions
from ..relatives import above, reached, relatives, variables
from ..rules import instead, of_another, stopped

__all__ = ["exchanged", "flows", "flows_of_many"]


def flows(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits that pass back another array's gradient along one way, such as the gradient of the next layer."""
    yield from _flows(recorded, [ways for ways in groups(recorded, recorded.backward.passed) if len(ways) == 1])


def flows_of_many(recorded: Recorded) -> Iterator[Edit]:
    """Yields the edits of `flows` for several ways at once: ways of one source line, or from products to one array."""
    several = [ways for ways in groups(recorded, recorded.backward.passed) if len(ways) > 1]
    yield from _flows(recorded, [*_to_one(recorded), *several])


def _flows(recorded: Recorded, teams: Sequence[tuple[Way, ...]]) -> Iterator[Edit]:
    right, to = recorded.backward.flows, uses(recorded)
    y_of = {function.y.number: function for function in functions(recorded)}
    activations = {function.x.number: function.y for function in y_of.values()}
    for ways in teams:
        nodes = [recorded.node(way) for way in ways]
        for others in _others(recorded, nodes, activations):
            pairs = list(zip(nodes, others, strict=True))
            if any(other.number not in right or other.shape != node.shape for node, other in pairs):
                continue
            if all(np.array_equal(right[other.number], right[node.number]) for node, other in pairs):
                continue
            text = (
                f"{gradient_told(recorded, to, ways)} is computed from the gradient of {names_of(others)}, not from "
                f"the gradient of {names_of(nodes)}"
            )
            if len(pairs) == 1 and (factor := _factor_of(recorded, to, *pairs[0])):
                text += f": {factor} does not belong there"
            elif factor := _factor(pairs):
                text += f": {factor} is missing there{_also_missing(recorded, to, pairs)}"
            elif slopes := [function for other, function in y_of.items() if other in {x.number for x in others}]:
                is_all = np.array_equal(right[slopes[0].x.number], right[nodes[0].number])
                text += f": {slopes[0].prime()} {'is' if is_all else 'and other factors are'} missing there"
            rank = (3 if others[0].name and nodes[0].name else 4) + (len(ways) > 1)
            yield fixed(_change(recorded, ways, others), text, rank, ways, "flow", others)


def _factor(pairs: Sequence[tuple[Assignment, Assignment]]) -> str:
    """Returns a text such as "the factor w" if each array above is the node times or divided by w; else ""."""
    found = [_multiplier(node, above) for node, above in pairs]
    several = [each for each in found if each is not None]
    if len(several) < len(pairs) or len({what for what, _ in several}) > 1:
        return ""
    return f"{several[0][0]} {names_of([array for _, array in several])}"


def _also_missing(recorded: Recorded, to: dict[int, list[Way]], pairs: Sequence[tuple[Assignment, Assignment]]) -> str:
    """Returns an addition that names the other uses of the nodes than the arrays above them; "" if there are none."""
    makers = [recorded.node(way) for node, above in pairs for way in to[node.number] if recorded.node(way) is not above]
    return f", and so is the path through {names_of(makers)}" if makers else ""


def _multiplier(node: Assignment, above: Assignment) -> tuple[str, Assignment] | None:
    if not isinstance(above, Map) or above.op not in (table.MUL, table.DIV) or node not in above.operands:
        return None
    position = above.operands.index(node)
    if above.op is table.DIV:
        return ("the division by", above.operands[1]) if position == 0 else None
    return "the factor", above.operands[1 - position]


def _factor_of(recorded: Recorded, to: dict[int, list[Way]], node: Assignment, below: Assignment) -> str:
    """Returns a text such as "the factor w" if the gradient of the array below is the node's times w; else ""."""
    right, above = (
        recorded.backward.flows,
        [recorded.program.assignments[way.number] for way in to.get(below.number, ())],
    )
    factor = _factor([(below, above[0])]) if len(above) == 1 else ""
    is_of_node = above and np.array_equal(right[above[0].number], right[node.number])
    return factor if is_of_node else ""


def _change(recorded: Recorded, ways: Sequence[Way], others: Sequence[Assignment]) -> Change:
    """Returns the change in which each way passes back the gradient of another array.

    The ways take the gradients of the edited pass if no two ways take the same array, and if the pass has completed
    every such gradient before it is needed. Otherwise all ways take the gradients of the right pass.
    """
    pairs = list(zip(ways, others, strict=True))
    targets = {way: recorded.target(way) for way in ways}
    is_late = any(other.number <= targets[way].number for way, other in pairs)
    if len({other.number for other in others}) < len(ways) or is_late:
        return Change(rules={way: of_another(recorded, way, recorded.backward.flows[other.number])
                             for way, other in pairs})  # fmt: skip
    return Change(
        rules=stopped(recorded, ways),
        jumps={(other.number, targets[way].number): partial(recorded.backward.through, way) for way, other in pairs},
    )


def _others(
    recorded: Recorded, nodes: Sequence[Assignment], activations: Mapping[int, Assignment]
) -> Iterator[Sequence[Assignment]]:
    """Yields lists of arrays, one for each node, whose gradients may be passed back instead of the nodes' own.

    For a single node, they are any arrays. For several nodes, they have the same relation to each node.
    """
    if len(nodes) == 1:
        arrays = (array for array in recorded.backward.order if array is not nodes[0])
        yield from ([array] for array in arrays if array.name or nodes[0].name)
    else:
        yield from above(recorded, nodes)
        yield from relatives(nodes, [node.shape for node in nodes])
        yield from reached(recorded, nodes, activations)
        yield from variables(recorded, nodes)


def _to_one(recorded: Recorded) -> Iterator[tuple[Way, ...]]:
    """Yields groups of ways from products back to the array that goes into all of them, such as the gates of a step.

    The products may have parts of this array. A group may also have the ways to all arrays that one source line made.
    """
    assignments = recorded.program.assignments
    found: dict[object, list[Way]] = {}
    for number, ways in uses(recorded).items():
        products = [way for way in ways if _is_product(recorded.node(way))]
        array = assignments[number]
        for key in (viewed(array).number, array.place.at if array.place else number):
            found.setdefault(key, []).extend(products)
    yield from {tuple(dict.fromkeys(ways)) for ways in found.values() if len(ways) > 1}


def _is_product(node: Assignment) -> bool:
    return isinstance(node, Contraction) or (isinstance(node, Map) and node.op is table.MUL)


def exchanged(recorded: Recorded, wrong: list[Given]) -> Iterator[Edit]:
    """Yields edits in which the gradient of one array is handed in as another's, or two gradients are exchanged.

    A gradient that is handed in as another's may be summed or averaged over an axis first.
    """
    right, to = recorded.backward.flows, uses(recorded)
    arrays, made = [given.assignment for given in wrong], {(f.x.number, f.y.number) for f in functions(recorded)}
    others = [array for array in recorded.named.values() if array.number in right and array is not recorded.result]
    for array in arrays:
        parts = [recorded.backward.passed[way] for way in to.get(array.number, ())]
        for other in others:
            if len(parts) > 1 and any(np.array_equal(part, right[other.number]) for part in parts):
                continue  # it is the gradient of one of several uses: the other uses are missing
            for what, by in _forms(right[other.number], array.shape):
                if array is not other:
                    change = Change(at={array.number: partial(instead, by)})
                    text = f"d{called(array)} is the gradient of {called(other)}{what}, not that of {called(array)}"
                    is_next = (array.number, other.number) in made or array in other.operands  # better: what is missing
                    yield fixed(change, text, 2 + bool(what) + is_next, kind="exchanged", data=(array, other, what))
    for array in arrays:
        for other in arrays:
            if array.number < other.number and array.shape == other.shape:
                a, b = partial(instead, right[other.number]), partial(instead, right[array.number])
                change = Change(at={array.number: a, other.number: b})
                text = f"d{called(array)} and d{called(other)} are exchanged"
                yield fixed(change, text, 1, kind="exchanged", data=(array, other, "", "exchanged"))


def _forms(flow: Array, shape: tuple[int, ...]) -> Iterator[tuple[str, Array]]:
    """Yields pairs of a text and an array of this shape: a gradient; its sums or means over an axis; one broadcast."""
    if flow.shape == shape:
        yield "", flow
    elif flow.size == 1 < math.prod(shape):
        yield ", broadcast", np.full(shape, flow.item())
    for axis in range(flow.ndim):
        for keeps in (False, True):
            summed = np.asarray(flow.sum(axis=axis, keepdims=keeps))
            if summed.shape == shape != flow.shape:
                yield f", summed over axis {axis}", summed
                yield f", averaged over axis {axis}", summed / flow.shape[axis]
