"""Corners of a graph: operations that stand at a tie, where their slope on one side is another than on the other.

There, finite differences may agree with a derivative that is neither: |x| at 0 has the slopes −1 and 1, the central
difference 0, and the derivative 0 by convention. So the slopes on both sides are worked out, by a sweep forward that
takes the slope of such an operation beside its operands, on the side to which these move.
"""

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from typing import Any, NamedTuple

from .. import floats
from ..table import OPERATIONS, Op
from ..value import Value
from ..walk import positions, topological
from .directions import along_input
from .finite_differences import corner

__all__ = ["Corner", "corners", "jumps", "tied"]

BESIDE = 2.0**-40  # relative: how far beside its operands an operation is asked for its slopes
NEARER = 2.0**-6  # times: and once more, as what is smooth comes closer together there
ROUNDED = 1e-13  # relative: what rounding leaves of a sum of slopes
SAME = 1e-7  # relative: slopes of one operation that differ by less are the same
SMOOTH = {"cos", "divide", "exp", "log", "log1p", "power", "sin", "sqrt", "tanh"}  # of what rules speak

Tangents = tuple[float, float, float]  # to the right, to the left, and the magnitude of the terms they are sums of


class Corner(NamedTuple):
    """The slopes of one output by one input, where they differ."""

    left: float
    right: float
    origins: list[Value]  # the operations from which it comes


def tied(results: Sequence[Any], in_slopes: bool = False) -> list[Value]:
    """The nodes below the results that stand at a corner or a jump, by whichever operand.

    With `in_slopes` those as well that have a rule of their own for a slope that has a corner there.
    """
    may_be: dict[Op, bool] = {}
    found = []
    for node in _order(results):
        op = node.op
        assert op is not None, "leaves are left out"
        inputs = _numbers(node)
        if op not in may_be:
            may_be[op] = _may_branch(op, inputs)
        if not may_be[op]:
            continue
        if any(_bends(op, inputs, i) or _jumps(op, inputs, i) for i in positions(node)) or (
            in_slopes and OPERATIONS.get(op.name) is not op and _bends_next(op, inputs, positions(node))
        ):
            found.append(node)
    return found


def _order(results: Sequence[Any]) -> list[Value]:
    """The operations below the results, in the order in which they are worked out."""
    nodes = topological(*(y for y in results if isinstance(y, Value)))
    return [node for node in reversed(nodes) if node.op is not None]


def jumps(nodes: list[Value]) -> list[Value]:
    """Those of the nodes that stand at a jump."""
    return [node for node in nodes if node.op and any(_jumps(node.op, _numbers(node), i) for i in positions(node))]


def corners(
    inputs: list[Value], results: Sequence[Any], ties: list[Value], tol: float
) -> Iterator[tuple[int, int, Corner]]:
    """The outputs j and inputs i between which there is a corner."""
    order = _order(results)
    for i, x in enumerate(inputs):
        tangents = _swept(x, order, set(ties))
        for j, y in enumerate(results):
            if y in tangents and _is_kink(tangents[y], tol):
                right, left, _ = tangents[y]
                yield j, i, Corner(0.0 - left, right, _origins(y, tangents, tol))


def _swept(x: Value, order: list[Value], ties: set[Value]) -> dict[Value, Tangents]:
    """How each node moves as x moves to the right, and to the left."""
    tangents: dict[Value, Tangents] = {x: (1.0, -1.0, 1.0)}
    for node in order:
        moved = [tangents.get(parent, (0.0, 0.0, 0.0)) for parent in node.parents]
        if any(terms for _, _, terms in moved):
            slopes = node.local_grads
            if node in ties:
                right = _one_sided(node, [to_right for to_right, _, _ in moved])
                left = _one_sided(node, [to_left for _, to_left, _ in moved])
            else:
                right = _sum(slopes, [to_right for to_right, _, _ in moved])
                left = _sum(slopes, [to_left for _, to_left, _ in moved])
            terms = _sum(map(abs, slopes), [size for _, _, size in moved])
            tangents[node] = right, left, max(terms, abs(right), abs(left))
    return tangents


def _is_kink(tangents: Tangents, tol: float) -> bool:
    right, left, terms = tangents
    return isfinite(right + left) and abs(right + left) > max(tol * max(abs(right), abs(left)), ROUNDED * terms)


def _origins(y: Value, tangents: dict[Value, Tangents], tol: float) -> list[Value]:
    """The nodes that have a corner, unlike what they are made from."""
    found: dict[Value, None] = {}
    seen, stack = {y}, [y]
    while stack:
        node = stack.pop()
        bent = [p for p in node.parents if p in tangents and _is_kink(tangents[p], tol)]
        if not bent:
            found[node] = None
        stack += [p for p in bent if p not in seen]
        seen.update(bent)
    return list(found)


def _one_sided(node: Value, moves: list[float]) -> float:
    """How a node at a tie moves, as its parents move like this."""
    op, inputs = node.op, _numbers(node)
    assert op is not None, "leaves are at no tie"
    direction = [0.0] * len(inputs)
    for i, move in zip(positions(node), moves, strict=True):
        direction[i] = move
    return _slope(op, inputs, direction, BESIDE * NEARER)


def _bends(op: Op, inputs: list[float], i: int) -> bool:
    """Whether the slope along one operand is another on the right than on the left, however near."""
    ahead = [float(k == i) for k in range(len(inputs))]
    back = [-move for move in ahead]
    try:
        far = _slope(op, inputs, ahead, BESIDE) + _slope(op, inputs, back, BESIDE)
        right, left = _slope(op, inputs, ahead, BESIDE * NEARER), _slope(op, inputs, back, BESIDE * NEARER)
        usual = abs(op.forward(floats, *inputs)) / _scale(inputs, ahead)
    except (ValueError, ArithmeticError):
        return False  # an end
    near = right + left
    return abs(near) > SAME * max(abs(right), abs(left), usual) and abs(near) > 0.5 * abs(far) and isfinite(near)


def _bends_next(op: Op, inputs: list[float], places: list[int]) -> bool:
    """Whether a slope has a corner, along an operand."""

    def slopes(x: list[float]) -> list[float]:
        y = op.forward(floats, *x)
        return [op.slope(floats, y, x, i) for i in places]

    outputs = range(len(places))
    try:
        return any(corner(slopes, inputs, along_input(inputs, i), j) is not None for i in places for j in outputs)
    except (ValueError, ArithmeticError):
        return False


def _jumps(op: Op, inputs: list[float], i: int) -> bool:
    """Whether the result changes at once as one operand does."""
    step = BESIDE * _scale(inputs, [1.0])
    try:
        far, near = (_across(op, inputs, i, h) for h in (step, step * NEARER))
    except (ValueError, ArithmeticError):
        return False
    return abs(near) > 0.5 * abs(far) and abs(near) > SAME * abs(op.forward(floats, *inputs)) and isfinite(near)


def _across(op: Op, inputs: list[float], i: int, h: float) -> float:
    above, below = ([*inputs[:i], inputs[i] + step, *inputs[i + 1 :]] for step in (h, -h))
    return float(op.forward(floats, *above) - op.forward(floats, *below))


def _slope(op: Op, inputs: list[float], direction: list[float], beside: float) -> float:
    """The slope along a direction, a little way along it."""
    if not any(direction):
        return 0.0
    h = beside * _scale(inputs, direction)
    there = [x + h * move for x, move in zip(inputs, direction, strict=True)]
    y = op.forward(floats, *there)
    return _sum((op.slope(floats, y, there, i) if move else 0.0 for i, move in enumerate(direction)), direction)


def _scale(inputs: list[float], direction: list[float]) -> float:
    """How far the operands may be moved until it counts."""
    return (max(map(abs, inputs)) or 1.0) / max(map(abs, direction))


def _sum(slopes: Any, moves: list[float]) -> float:
    """Σ slope · move, in which what does not move has no share."""
    return sum((slope * move for slope, move in zip(slopes, moves, strict=True) if slope and move), 0.0)


def _numbers(node: Value) -> list[float]:
    return [x._data if isinstance(x, Value) else x for x in node.operands]


def _may_branch(op: Op, inputs: list[float]) -> bool:
    """Whether there may be corners: everywhere but in the table's operations that are made of smooth functions."""
    if OPERATIONS.get(op.name) is not op:
        return True
    asked = _Asked()
    op.forward(asked, *inputs)
    return not asked.names <= SMOOTH


class _Asked:
    """The mathematics of floats, which notes the functions that a rule asks it for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        self.names.add(name)
        function: Callable[..., Any] = getattr(floats, name)
        return function
