"""Operations of a graph at a corner or a jump, and the slopes on both sides of a corner.

At a corner, finite differences may agree with a derivative that is neither: |x| at 0 has the slopes −1 and 1, the
central difference 0, and the derivative 0 by convention. So the slopes on both sides are worked out, by a sweep forward
that takes the slope of such an operation beside its operands, on the side to which these move.
"""

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from typing import Any

from .. import floats
from ..table import OPERATIONS, Op
from ..value import Value, number_of
from ..vocabulary import WORDS
from ..walk import positions, topological
from .directions import along_input
from .finite_differences import Line, corner, jump

__all__ = ["corners", "jumping", "rough"]

BESIDE = 2.0**-46  # relative: how far beside its operands an operation is asked for its slopes
ROUNDED = 1e-13  # relative: what rounding leaves of a sum of slopes

Tangents = tuple[float, float, float]  # to the right, to the left, and the magnitude of the terms they are sums of


def rough(results: Sequence[Any], in_slopes: bool = False) -> list[Value]:
    """The nodes below the results that stand at a corner or a jump, by whichever operand.

    With `in_slopes`, also the operations of a user's own whose slope stands at a corner there.
    """
    smooth: dict[Op | None, bool] = {}
    found = []
    for node in _order(results):
        if node.op not in smooth:
            smooth[node.op] = Alone(node).is_smooth_everywhere()
        if not smooth[node.op] and Alone(node).is_rough(in_slopes):
            found.append(node)
    return found


def jumping(nodes: list[Value]) -> list[Value]:
    """Those of the nodes that stand at a jump."""
    return [node for node in nodes if any(jump(line, 0) for line in Alone(node).lines())]


def corners(
    inputs: list[Value], results: Sequence[Any], rough: list[Value], tol: float
) -> Iterator[tuple[int, int, tuple[float, float], list[Value]]]:
    """Each output j and input i between which there is a corner, the slopes on both sides, and where it comes from.

    It comes from some of the `rough` nodes.
    """
    order = _order(results)
    for i, x in enumerate(inputs):
        tangents = _swept(x, order, set(rough))
        for j, y in enumerate(results):
            if y in tangents and _is_kink(tangents[y], tol):
                right, left, _ = tangents[y]
                yield j, i, (0.0 - left, right), _origins(y, tangents, tol)


def _order(results: Sequence[Any]) -> list[Value]:
    """The operations below the results, in the order in which they are worked out."""
    return topological(*(y for y in results if isinstance(y, Value) and y.op is not None))[::-1]


def _swept(x: Value, order: list[Value], rough: set[Value]) -> dict[Value, Tangents]:
    """How each node moves as x moves to the right, and to the left."""
    tangents: dict[Value, Tangents] = {x: (1.0, -1.0, 1.0)}
    for node in order:
        *sides, sizes = zip(*(tangents.get(parent, (0.0, 0.0, 0.0)) for parent in node.parents), strict=True)
        if any(sizes):
            slopes = node.local_grads
            right, left = (Alone(node).beside(moves) if node in rough else _sum(slopes, moves) for moves in sides)
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


def _sum(slopes: Any, moves: Sequence[float]) -> float:
    """Σ slope · move, in which what does not move has no share."""
    return sum((slope * move for slope, move in zip(slopes, moves, strict=True) if slope and move), 0.0)


class Alone:
    """The operation of a node by itself, in floats, at the numbers of its operands."""

    def __init__(self, node: Value) -> None:
        assert node.op is not None, "leaves are no operations"
        self.op, self.inputs, self.places = node.op, [number_of(x) for x in node.operands], positions(node)
        self.is_of_the_table = OPERATIONS.get(self.op.name) is self.op

    def lines(self) -> list[Line]:
        """The operation along each of the operands that are Values."""
        return [Line(self._value, self.inputs, along_input(self.inputs, i)) for i in self.places]

    def is_smooth_everywhere(self) -> bool:
        """Whether it has no corners: it is of the table, and its rule speaks smooth words alone."""
        words = _Words()
        if self.is_of_the_table:
            self.op.forward(words, *self.inputs)
        return self.is_of_the_table and words.smooth

    def is_rough(self, in_slopes: bool) -> bool:
        """Whether it stands at a corner or a jump; an end, which has one side alone, is neither."""
        sides = [corner(line, 0) or jump(line, 0) for line in self.lines()]
        at_both = any(pair is not None and all(map(isfinite, pair)) for pair in sides)
        return at_both or (in_slopes and not self.is_of_the_table and self._has_rough_slopes())

    def beside(self, moves: Sequence[float]) -> float:
        """How the result moves as the Values among the operands move like this: by its slopes a little way along."""
        if not any(moves):
            return 0.0
        direction = [0.0] * len(self.inputs)
        for i, move in zip(self.places, moves, strict=True):
            direction[i] = move
        h = BESIDE * (max(map(abs, self.inputs)) or 1.0) / max(map(abs, moves))
        there = [x + h * move for x, move in zip(self.inputs, direction, strict=True)]
        return _sum(self._slopes(there, [i for i in self.places if direction[i]]), [move for move in moves if move])

    def _value(self, x: Sequence[float]) -> list[float]:
        return [self.op.forward(floats, *x)]

    def _slopes(self, x: Sequence[float], places: list[int]) -> list[float]:
        (y,) = self._value(x)
        return [self.op.slope(floats, y, x, i) for i in places]

    def _has_rough_slopes(self) -> bool:
        try:
            lines = [line._replace(f=lambda x: self._slopes(x, self.places)) for line in self.lines()]
            return any(corner(line, j) is not None for line in lines for j in range(len(lines)))
        except (ValueError, ArithmeticError):
            return False


class _Words:
    """The mathematics of floats, which notes whether the words that a rule speaks are smooth."""

    def __init__(self) -> None:
        self.smooth = True

    def __getattr__(self, name: str) -> Callable[..., Any]:
        self.smooth = self.smooth and WORDS[name].smooth
        function: Callable[..., Any] = getattr(floats, name)
        return function
