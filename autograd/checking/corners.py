"""Operations of a graph at a corner or a jump, and the slopes on both sides of a corner.

At a corner, finite differences may agree with a derivative that is neither: |x| at 0 has the slopes −1 and 1, the
central difference 0, and the derivative 0 by convention. So the slopes on both sides are worked out, by a sweep forward
that takes the slope of such an operation beside its operands, on the side to which these move.
"""

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from typing import Any, NamedTuple

from .. import floats
from ..table import OPERATIONS, Op
from ..value import Value, number_of
from ..vocabulary import WORDS
from ..walk import positions, topological
from .directions import along_input
from .finite_differences import Line, corner, jump

__all__ = ["Corner", "cornered", "corners", "jumping"]

BESIDE = 2.0**-46  # relative: how far beside its operands an operation is asked for its slopes
ROUNDED = 1e-13  # relative: what rounding leaves of a sum of slopes

Tangents = tuple[float, float, float]  # to the right, to the left, and the magnitude of the terms they are sums of


class Corner(NamedTuple):
    """The slopes of one output by one input, where they differ."""

    left: float
    right: float
    origins: list[Value]  # the operations from which it comes


def cornered(results: Sequence[Any], in_slopes: bool = False) -> list[Value]:
    """The nodes below the results that stand at a corner or a jump, by whichever operand.

    With `in_slopes`, also the operations of a user's own whose slope stands at a corner there.
    """
    smooth: dict[Op, bool] = {}
    found = []
    for node in _order(results):
        op = node.op
        assert op is not None, "leaves are left out"
        if op not in smooth:
            smooth[op] = _is_smooth(op, _numbers(node))
        if not smooth[op] and (
            any(map(_is_rough, _lines(node))) or (in_slopes and not _is_of_the_table(op) and _has_rough_slope(node))
        ):
            found.append(node)
    return found


def jumping(nodes: list[Value]) -> list[Value]:
    """Those of the nodes that stand at a jump."""
    return [node for node in nodes if any(jump(line, 0) for line in _lines(node))]


def corners(
    inputs: list[Value], results: Sequence[Any], at_corners: list[Value], tol: float
) -> Iterator[tuple[int, int, Corner]]:
    """The outputs j and inputs i between which there is a corner, of the nodes `at_corners`."""
    order = _order(results)
    for i, x in enumerate(inputs):
        tangents = _swept(x, order, set(at_corners))
        for j, y in enumerate(results):
            if y in tangents and _is_kink(tangents[y], tol):
                right, left, _ = tangents[y]
                yield j, i, Corner(0.0 - left, right, _origins(y, tangents, tol))


def _order(results: Sequence[Any]) -> list[Value]:
    """The operations below the results, in the order in which they are worked out."""
    return topological(*(y for y in results if isinstance(y, Value) and y.op is not None))[::-1]


def _swept(x: Value, order: list[Value], at_corners: set[Value]) -> dict[Value, Tangents]:
    """How each node moves as x moves to the right, and to the left."""
    tangents: dict[Value, Tangents] = {x: (1.0, -1.0, 1.0)}
    for node in order:
        *sides, sizes = zip(*(tangents.get(parent, (0.0, 0.0, 0.0)) for parent in node.parents), strict=True)
        if any(sizes):
            slopes = node.local_grads
            right, left = (_beside(node, moves) if node in at_corners else _sum(slopes, moves) for moves in sides)
            tangents[node] = right, left, max(_sum(map(abs, slopes), sizes), abs(right), abs(left))
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


def _beside(node: Value, moves: Sequence[float]) -> float:
    """How a node at a corner moves as its parents move like this: by its slopes a little way along."""
    op, inputs = node.op, _numbers(node)
    assert op is not None, "leaves are at no corner"
    if not any(moves):
        return 0.0
    direction = [0.0] * len(inputs)
    for i, move in zip(positions(node), moves, strict=True):
        direction[i] = move
    h = BESIDE * (max(map(abs, inputs)) or 1.0) / max(map(abs, direction))
    there = [x + h * move for x, move in zip(inputs, direction, strict=True)]
    y = op.forward(floats, *there)
    return _sum((op.slope(floats, y, there, i) if move else 0.0 for i, move in enumerate(direction)), direction)


def _sum(slopes: Any, moves: Sequence[float]) -> float:
    """Σ slope · move, in which what does not move has no share."""
    return sum((slope * move for slope, move in zip(slopes, moves, strict=True) if slope and move), 0.0)


# ---- one operation, by itself


def _lines(node: Value) -> list[Line]:
    """The operation in floats, along each of its operands that is a Value."""
    op, inputs = node.op, _numbers(node)
    assert op is not None, "leaves are no operations"

    def made(x: tuple[float, ...]) -> list[float]:
        return [op.forward(floats, *x)]

    return [Line(made, inputs, along_input(inputs, i)) for i in positions(node)]


def _is_rough(line: Line) -> bool:
    """Whether it has a corner or a jump; an end, which has one side alone, is neither."""
    sides = corner(line, 0) or jump(line, 0)
    return sides is not None and all(map(isfinite, sides))


def _has_rough_slope(node: Value) -> bool:
    """Whether one of the operation's slopes stands at a corner."""
    op, places = node.op, positions(node)
    assert op is not None, "leaves are no operations"

    def slopes(x: tuple[float, ...]) -> list[float]:
        y = op.forward(floats, *x)
        return [op.slope(floats, y, x, i) for i in places]

    try:
        lines = [line._replace(f=slopes) for line in _lines(node)]
        return any(corner(line, j) is not None for line in lines for j in range(len(places)))
    except (ValueError, ArithmeticError):
        return False


def _numbers(node: Value) -> list[float]:
    return [number_of(x) for x in node.operands]


def _is_of_the_table(op: Op) -> bool:
    return OPERATIONS.get(op.name) is op


def _is_smooth(op: Op, inputs: list[float]) -> bool:
    """Whether it has no corners anywhere: it is of the table, and its rule speaks smooth words alone."""
    if not _is_of_the_table(op):
        return False
    words = _Words()
    op.forward(words, *inputs)
    return words.smooth


class _Words:
    """The mathematics of floats, which notes whether the words that a rule speaks are smooth."""

    def __init__(self) -> None:
        self.smooth = True

    def __getattr__(self, name: str) -> Callable[..., Any]:
        self.smooth = self.smooth and WORDS[name].smooth
        function: Callable[..., Any] = getattr(floats, name)
        return function
