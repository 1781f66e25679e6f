"""Edits that add something: a penalty that the cost does not have; an id that counts once; weights that moved."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..programs.assignments import Array, Constant, Contraction, View
from ..programs.reverse import Change, Rule, Way
from .edits import Edit, called, groups, uses
from .judged import Given, Recorded

__all__ = ["penalties", "repeats", "replacements", "updated"]


def penalties(recorded: Recorded, givens: list[Given]) -> Iterator[Edit]:
    """t times the array itself, or its signs, is added to its gradient."""
    wrong = [g.assignment for g in givens if not g.is_right and g.assignment.name in recorded.inputs]
    for several in [*([w] for w in wrong), *([wrong] if len(wrong) > 1 else [])]:
        names = [called(array) for array in several]
        for what, of in (("", lambda v: v), ("np.sign of ", np.sign), ("a constant; not ", np.ones_like)):
            text = {"": "yours − right is {t:.6g} · {w}: an L2 penalty that this cost does not have",
                    "np.sign of ": "yours − right is {t:.6g} · sign({w}): an L1 penalty that this cost does not have",
                    "a constant; not ": "yours − right is {t:.6g} in every place of {w}"}[what]  # fmt: skip
            yield Edit(
                lambda t, of=of, several=tuple(several): Change(
                    at={array.number: _plus(t * of(array.value)) for array in several}
                ),
                lambda t, text=text, names=names: text.format(t=t, w=", ".join(names)),
                3,
                fitted=True,
                kind="penalty",
                data=(what, *several),
            )


def _plus(term: Array) -> Rule:
    return lambda flow: flow + term


def repeats(recorded: Recorded) -> Iterator[Edit]:
    """Where an index occurs several times, one of them counts alone."""
    assignments = recorded.program.assignments
    views = [way for way in recorded.backward.passed if isinstance(assignments[way.number], View)
             and _repeats(assignments[way.number], way.position)]  # type: ignore[arg-type]  # fmt: skip
    for way in views:
        view = assignments[way.number]
        target = called(view.operands[way.position])
        yield Edit(
            lambda t, way=way: Change(rules={way: _mean_of_uses(recorded, way)}),
            lambda t, target=target: (
                f"where an element of {target} is taken several times, its gradient is the mean of "
                "theirs, where it is their sum"
            ),
            3,
            (way,),
        )
        for which in ("last", "first"):
            yield Edit(
                lambda t, way=way, which=which: Change(rules={way: _once(recorded, way, which)}),
                lambda t, which=which, target=target: (
                    f"where an element of {target} is taken several times, the {which} one counts alone: its gradients "
                    "add up (np.add.at does that, dW[ids] += … does not)"
                ),
                3,
                (way,),
            )


def _repeats(view: View, position: int) -> bool:
    index = view.index[view.source == position]
    return len(np.unique(index)) < index.size


def _mean_of_uses(recorded: Recorded, way: Way) -> Rule:
    view = recorded.program.assignments[way.number]
    assert isinstance(view, View)
    operand = view.operands[way.position]
    index = view.index[view.source == way.position]
    count = np.maximum(np.bincount(index, minlength=operand.value.size), 1).reshape(operand.shape)
    return lambda flow: recorded.backward.through(way, flow) / count


def _once(recorded: Recorded, way: Way, which: str) -> Rule:
    view = recorded.program.assignments[way.number]
    assert isinstance(view, View)
    here = view.source == way.position
    shape = view.operands[way.position].shape

    def rule(flow: Array) -> Array:
        passed = np.zeros(int(np.prod(shape)))
        index, given = view.index[here], flow[here]
        if which == "first":
            index, given = index[::-1], given[::-1]
        passed[index] = given  # the last one that is written stays
        return passed.reshape(shape)

    return rule


def overwritten(recorded: Recorded) -> Iterator[Edit]:
    """Windows that overlap, and whose gradients are set, not added: the last one that covers an element counts."""
    assignments = recorded.program.assignments
    for number, ways in uses(recorded).items():
        views = [way for way in ways if isinstance(assignments[way.number], View)]
        for order, which in ((views, "last"), (views[::-1], "first")):
            if len(views) > 1:
                yield Edit(
                    lambda t, order=tuple(order): Change(rules=_written(recorded, order)),
                    lambda t, number=number, which=which: (
                        f"where the parts of {called(assignments[number])} overlap, the {which} one counts alone: their "
                        "gradients add up (+=)"
                    ),
                    3,
                    tuple(views),
                )


def _written(recorded: Recorded, order: tuple[Way, ...]) -> dict[Way, Rule]:
    """Each way, without what a later one covers."""
    covered: Array | None = None
    rules: dict[Way, Rule] = {}
    for way in reversed(order):
        view = recorded.program.assignments[way.number]
        assert isinstance(view, View)
        here = view.back(way.position, np.ones(view.shape), view.value, [x.value for x in view.operands]) > 0
        free = here if covered is None else here & ~covered
        covered = here if covered is None else here | covered
        rules[way] = lambda flow, way=way, free=free: recorded.backward.through(way, flow) * free
    return rules


def without_upstream(recorded: Recorded) -> Iterator[Edit]:
    """The gradient that comes in is taken as 1."""
    result = recorded.result
    yield Edit(
        lambda t: Change(at={result.number: np.ones_like}),
        lambda t: f"the incoming gradient, upstream, is missing: that of {called(result)} is taken as 1",
        3,
        tuple(way for way in recorded.backward.passed if way.number == result.number),
    )
    yield Edit(
        lambda t: Change(at={result.number: lambda flow: t * result.value}),
        lambda t: f"{called(result)} itself stands in the place of the incoming gradient, upstream",
        4,
        fitted=True,
    )


def updated(recorded: Recorded) -> Iterator[Edit]:
    """Weights that were updated before the gradient went back through them: W − t ∂C/∂W in the place of W."""
    assignments, right = recorded.program.assignments, recorded.backward.flows
    sums = [way for way in recorded.backward.passed if isinstance(assignments[way.number], Contraction)]
    for ways in groups(recorded, sums, alike=True):
        for other, operand in enumerate(assignments[ways[0].number].operands):
            leaf = operand.of_one if isinstance(operand, View) else operand
            if other == ways[0].position or leaf is None or leaf.number not in right:
                continue
            if leaf.name not in recorded.inputs:
                continue
            yield Edit(
                lambda t, ways=ways, other=other: Change(rules={way: _moved(recorded, way, other, t) for way in ways}),
                lambda t, leaf=leaf: (
                    f"the gradient goes back through weights {called(leaf)} that were updated already (learning rate "
                    f"{-t:.6g}): work out every gradient first, then update"
                ),
                4,
                ways,
                fitted=True,
            )


def _moved(recorded: Recorded, way: Way, other: int, t: float) -> Rule:
    node = recorded.program.assignments[way.number]

    def rule(flow: Array) -> Array:
        values = [operand.value for operand in node.operands]
        operand = node.operands[other]
        leaf = operand.of_one if isinstance(operand, View) and operand.of_one is not None else operand
        moved = leaf.value + t * recorded.backward.flows[leaf.number]
        values[other] = operand.forward([moved]) if leaf is not operand else moved
        return node.back(way.position, flow, node.value, values)

    return rule


def replacements(recorded: Recorded) -> Iterator[Edit]:
    """At an array near the cost, t times something else of its shape in the place of its gradient: a − y, y − a, a."""
    constants = [a for a in recorded.program.assignments if isinstance(a, Constant) or a.name in recorded.inputs]
    named = [a for a in recorded.program.assignments if a.name and not isinstance(a, Constant)]
    for node in named[::-1][:6]:
        if node.number not in recorded.backward.flows:
            continue
        terms = [(f"{called(a)} − {called(b)}", a.value - b.value) for a in named for b in constants
                 if a.shape == b.shape == node.shape and a is not b]  # fmt: skip
        terms += [(called(a), a.value) for a in (*named, *constants) if a.shape == node.shape]
        for text, value in terms[:40]:
            yield Edit(
                lambda t, n=node.number, value=value: Change(at={n: lambda flow: t * value}),
                lambda t, node=node, text=text: (
                    f"the gradient of {called(node)} is taken as {'' if abs(t - 1) < 1e-9 else f'{t:.6g} · '}({text}), "
                    "which it is not for this cost"
                ),
                6,
                tuple(way for way in recorded.backward.passed if way.number == node.number),
                fitted=True,
            )
