"""Finds the operations of a graph at a corner or a jump, and computes the slopes on both sides of a corner.

At a corner there is no derivative, but finite differences can agree with the library's. |x| at 0 has the slopes −1
and 1; the central difference is 0, and so is the derivative by convention. So this file computes the slope on each
side. It sweeps forward through the graph, and takes the slope of an operation at a corner a little beside its operands.
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

BESIDE = 2.0**-46  # relative: the distance from the operands at which a slope beside them is taken
ROUNDED = 1e-13  # relative: the rounding error of a sum of slopes

Tangents = tuple[float, float, float]  # moves to the right, to the left, and the magnitude of the terms in them


def rough(results: Sequence[Any], in_slopes: bool = False) -> list[Value]:
    """Returns the nodes in the graphs of the results that stand at a corner or a jump in some operand.

    With `in_slopes`, user-defined operations whose slope stands at a corner count too.
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
    """Returns those of the nodes that stand at a jump."""
    return [node for node in nodes if any(jump(line, 0) for line in Alone(node).lines())]


def corners(
    inputs: list[Value], results: Sequence[Any], rough: list[Value], tol: float
) -> Iterator[tuple[int, int, tuple[float, float], list[Value]]]:
    """Yields (j, i, slopes on both sides, nodes that cause it) for each output j with a corner as input i moves.

    The causes are among the `rough` nodes.
    """
    order = _order(results)
    for i, x in enumerate(inputs):
        tangents = _swept(x, order, set(rough))
        for j, y in enumerate(results):
            if y in tangents and _is_kink(tangents[y], tol):
                right, left, _ = tangents[y]
                yield j, i, (0.0 - left, right), _origins(y, tangents, tol)


def _order(results: Sequence[Any]) -> list[Value]:
    """Returns the operations that the results depend on, in the order in which they are computed."""
    return topological(*(y for y in results if isinstance(y, Value) and y.op is not None))[::-1]


def _swept(x: Value, order: list[Value], rough: set[Value]) -> dict[Value, Tangents]:
    """Returns a dict from each node to its movement as x moves to the right and to the left, and the terms' size."""
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
    """Returns the nodes in the graph of y that have a corner while none of their parents has one."""
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
    """Returns Σ slope · move over the terms in which neither is 0, so that 0 · inf adds nothing."""
    return sum((slope * move for slope, move in zip(slopes, moves, strict=True) if slope and move), 0.0)


class Alone:
    """The operation of one node, computed in floats apart from its graph."""

    def __init__(self, node: Value) -> None:
        assert node.op is not None, "leaves are no operations"
        self.op, self.inputs, self.places = node.op, [number_of(x) for x in node.operands], positions(node)
        self.is_of_the_table = OPERATIONS.get(self.op.name) is self.op

    def lines(self) -> list[Line]:
        """Returns a list with a Line for each operand that is a Value: the operation as that operand moves."""
        return [Line(self._value, self.inputs, along_input(self.inputs, i)) for i in self.places]

    def is_smooth_everywhere(self) -> bool:
        """Returns whether it has no corner: it is a row of the table, and its rule calls smooth functions only."""
        words = _Words()
        if self.is_of_the_table:
            self.op.forward(words, *self.inputs)
        return self.is_of_the_table and words.smooth

    def is_rough(self, in_slopes: bool) -> bool:
        """Returns whether it stands at a corner or a jump. An end of its domain, with one side only, does not count."""
        sides = [corner(line, 0) or jump(line, 0) for line in self.lines()]
        at_both = any(pair is not None and all(map(isfinite, pair)) for pair in sides)
        return at_both or (in_slopes and not self.is_of_the_table and self._has_rough_slopes())

    def beside(self, moves: Sequence[float]) -> float:
        """Returns the result's movement for these movements of its Values, by slopes a little beside the operands."""
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
    """The mathematics of floats. It notes whether all functions that a rule calls are smooth."""

    def __init__(self) -> None:
        self.smooth = True

    def __getattr__(self, name: str) -> Callable[..., Any]:
        self.smooth = self.smooth and WORDS[name].smooth
        function: Callable[..., Any] = getattr(floats, name)
        return function
