"""What is said of derivatives that are wrong: both numbers, the point, and the cause as far as it can be told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..errors import DomainError
from ..value import Value, apply, number_of
from ..walk import nodes
from .disagreements import Disagreement, disagreements
from .points import Function, Point, called

__all__ = ["told"]

MOST_SHOWN = 8  # wrong derivatives that are written out
MOST_NAMED = 3  # operations that a corner is said to come from
MOST_BLAMED = 1000  # operations that are held against finite differences to find the wrong one


def told(
    f: Function, args: tuple[Any, ...], wrong: list[Disagreement], degree: int, modes: tuple[str, ...], tol: float
) -> str:
    """The message: the derivatives, both numbers of each, the point, and what is known of the cause."""
    lines = [f"derivatives of {called(f)} that are not the rise over the run:"]
    alike: dict[tuple[str, str, str], list[str]] = {}
    for one in wrong:
        alike.setdefault((one.derivative, f"{one.analytic:.12g}", _numeric(one)), []).append(
            " over ".join(one.modes[::-1])
        )
    for (derivative, analytic, numeric), how in list(alike.items())[:MOST_SHOWN]:
        told = "in every mode" if len(how) == len(modes) ** degree > 1 else ", ".join(how)
        lines.append(f"  {derivative}: analytic {analytic}, numeric {numeric}  ({told})")
    if len(alike) > MOST_SHOWN:
        lines.append(f"  and {len(alike) - MOST_SHOWN} more")
    point = Point(f, args)
    lines.append("at " + ", ".join(f"{name} = {number!r}" for name, number in zip(point.inputs, point.at, strict=True)))
    if point.values() != point.values():
        lines.append(
            f"{called(f)} gives other numbers each time it is called: fix its random numbers, or what it keeps"
        )
    elif wrong[0].sides is not None:
        left, right = wrong[0].sides
        what = f"slope {left:.6g} on its left, {right:.6g} on its right"
        lines.append(f"{wrong[0].derivative} is asked for at a corner or an end ({what}): check beside it")
        lines += _came_from("corner", wrong[0])
    elif not wrong[0].numeric.settled:
        lines.append("differences that do not settle mean a jump, or a function too rough for floats")
        if wrong[0].steps is not None:
            left, right = wrong[0].steps
            left, right = (0.0 if abs(y) < 1e-6 * abs(right - left) else y for y in (left, right))
            lines.append(f"it jumps here, from {left:.6g} on its left to {right:.6g} on its right: check beside it")
            lines += _came_from("jump", wrong[0])
    else:
        lines += list(_blamed(f, args, degree, modes, tol)) or [
            "each operation in it is right by itself: does part of it leave the graph, by float(x), x.data, "
            "x.detach(), math.sin(x) or no_grad? Or does it change too fast here for differences?"
        ]
    return "\n".join(lines)


def _numeric(wrong: Disagreement) -> str:
    """The finite differences, as they are written out."""
    if wrong.sides is not None and all(side == side for side in wrong.sides):
        left, right = wrong.sides
        return f"{left:.9g} on its left, {right:.9g} on its right"
    numeric = wrong.numeric
    return f"{numeric.value:.9g} ± {numeric.error:.0e}" if numeric.settled else "does not settle"


def _came_from(what: str, wrong: Disagreement) -> list[str]:
    """Which operations have the corner or the jump."""
    calls = list(dict.fromkeys(_call(node) for node in wrong.origins))
    return [f"the {what} is that of {', '.join(calls[:MOST_NAMED])}{' …' * (len(calls) > MOST_NAMED)}"] if calls else []


def _call(node: Value) -> str:
    assert node.op is not None, "leaves are no operations"
    return node.op.write([f"{number_of(operand)!r}" for operand in node.operands])


def _blamed(f: Function, args: tuple[Any, ...], degree: int, modes: tuple[str, ...], tol: float) -> Iterator[str]:
    """Operations in f's graph that fail by themselves, with the inputs they have there."""
    results = [y for y in Point(f, args).graph[1] if isinstance(y, Value)]
    made = [node for node in dict.fromkeys(n for y in results for n in nodes(y)) if node.op is not None]
    told = set()
    for node in made[:MOST_BLAMED]:
        op, operands = node.op, node.operands
        places = [i for i, operand in enumerate(operands) if isinstance(operand, Value)]

        def alone(inputs: list[Any], op: Any = op, operands: Any = operands, places: Any = places) -> Any:
            given = list(operands)
            for i, x in zip(places, inputs, strict=True):
                given[i] = x
            return apply(op, *given)

        if op is None or op.name in told:
            continue
        try:
            failed = next(disagreements(Point(alone, ([operands[i].data for i in places],)), degree, modes, tol), None)
        except DomainError:
            continue
        if failed is not None:
            told.add(op.name)
            by = f"{failed.analytic:.12g}, where the rise over the run is {failed.numeric.value:.9g}"
            if failed.sides is None:
                yield f"the rule of {op.name} is wrong at {_call(node)}: it gives {by}"
            else:
                yield f"{_call(node)} is at a corner or an end, where its slope is a convention: check beside it"
