"""Writes the message about wrong derivatives: both numbers, the point, and the cause if it is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..value import Value, apply, number_of
from ..walk import nodes, positions
from .mismatches import Mismatch, mismatches
from .points import Point

__all__ = ["report"]

MOST_SHOWN = 8  # wrong derivatives in the message
MOST_NAMED = 3  # operations named as the origin of a corner
MOST_BLAMED = 1000  # operations checked to find the wrong one


def report(point: Point, wrong: list[Mismatch], degree: int, modes: tuple[str, ...], tol: float) -> str:
    """Returns the message: the wrong derivatives, both numbers of each, the point, and the cause if it is known."""
    at = ", ".join(f"{name} = {number!r}" for name, number in zip(point.inputs, point.at, strict=True))
    first = f"derivatives of {point.name} that are not the rise over the run:"
    return "\n".join([first, *_listed(wrong, len(modes) ** degree), f"at {at}", *_cause(point, wrong[0], modes, tol)])


def _listed(wrong: list[Mismatch], every_mode: int) -> Iterator[str]:
    """Yields a line for each of the first 8 wrong derivatives, with the modes that give it; then counts the others."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for one in wrong:
        both = one.derivative, f"{one.analytic:.12g}", _numeric(one)
        alike.setdefault(both, []).append(" over ".join(one.modes[::-1]))
    for (derivative, analytic, numeric), how in list(alike.items())[:MOST_SHOWN]:
        told = "in every mode" if len(how) == every_mode > 1 else ", ".join(how)
        yield f"  {derivative}: analytic {analytic}, numeric {numeric}  ({told})"
    if len(alike) > MOST_SHOWN:
        yield f"  and {len(alike) - MOST_SHOWN} more"


def _numeric(wrong: Mismatch) -> str:
    """Returns the finite difference with its error as text; at a corner, the slopes on both sides."""
    if wrong.sides is not None and all(side == side for side in wrong.sides):
        left, right = wrong.sides
        return f"{left:.9g} on its left, {right:.9g} on its right"
    numeric = wrong.numeric
    return f"{numeric.value:.9g} ± {numeric.error:.0e}" if numeric.settled else "does not settle"


def _cause(point: Point, wrong: Mismatch, modes: tuple[str, ...], tol: float) -> list[str]:
    """Returns the lines of the message about the cause, or about possible causes. The surest are tried first."""
    if Point(point.f, point.args).values != point.values:
        return [f"{point.name} gives other numbers each time it is called: fix its random numbers, or what it keeps"]
    if wrong.sides is not None:
        left, right = wrong.sides
        what = f"slope {left:.6g} on its left, {right:.6g} on its right"
        said = f"{wrong.derivative} is asked for at a corner or an end ({what}): check beside it"
        return [said, *_came_from("corner", wrong)]
    if not wrong.numeric.settled:
        said = "differences that do not settle mean a jump, or a function too rough for floats"
        if wrong.steps is None:
            return [said]
        left, right = (0.0 if abs(y) < 1e-6 * abs(wrong.steps[1] - wrong.steps[0]) else y for y in wrong.steps)
        jumps = f"it jumps here, from {left:.6g} on its left to {right:.6g} on its right: check beside it"
        return [said, jumps, *_came_from("jump", wrong)]
    return list(_blamed(point, len(wrong.modes), modes, tol)) or [
        "each operation in it is right by itself: does part of it leave the graph, by float(x), x.data, "
        "x.detach(), math.sin(x) or no_grad? Or does it change too fast here for differences?"
    ]


def _came_from(what: str, wrong: Mismatch) -> list[str]:
    """Returns a list with one sentence that names the origins of the corner or the jump; [] if none is known."""
    calls = list(dict.fromkeys(map(_call, wrong.origins)))
    return [f"the {what} is that of {', '.join(calls[:MOST_NAMED])}{' …' * (len(calls) > MOST_NAMED)}"] if calls else []


def _call(node: Value) -> str:
    assert node.op is not None, "leaves are no operations"
    return node.op.write([f"{number_of(operand)!r}" for operand in node.operands])


def _blamed(point: Point, degree: int, modes: tuple[str, ...], tol: float) -> Iterator[str]:
    """Yields a sentence for each operation name that fails when it is checked alone, or that stands at a corner.

    Only the first 1000 operations of the graph are checked.
    """
    results = [y for y in point.graph[1] if isinstance(y, Value)]
    told = set()
    for node in [node for node in dict.fromkeys(n for y in results for n in nodes(y)) if node.op][:MOST_BLAMED]:
        op, operands = node.op, node.operands
        assert op is not None, "leaves are left out"
        if op.name in told:
            continue

        def alone(inputs: list[Any], op: Any = op, node: Value = node) -> Any:
            given = dict(zip(positions(node), inputs, strict=True))
            return apply(op, *(given.get(i, operand) for i, operand in enumerate(node.operands)))

        try:
            by_itself = Point(alone, ([operands[i].data for i in positions(node)],))
            failed = next(mismatches(by_itself, degree, modes, tol), None)
        except ValueError:  # at the point or beside it, the operation has no finite value
            continue
        if failed is not None:
            told.add(op.name)
            by = f"{failed.analytic:.12g}, where the rise over the run is {failed.numeric.value:.9g}"
            if failed.sides is None:
                yield f"the rule of {op.name} is wrong at {_call(node)}: it gives {by}"
            else:
                yield f"{_call(node)} is at a corner or an end, where its slope is a convention: check beside it"
