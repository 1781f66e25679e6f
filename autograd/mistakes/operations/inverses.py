"""Makes edits of the gradient of an inverse, of the solution of A x = b, of a determinant, or of its logarithm.

The forward pass computes these step by step; here they are recognised by their numbers. Their gradients are those of
The Matrix Cookbook (Petersen and Pedersen 2012), equations 57 to 61.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby, product

import numpy as np

from ...programs.assignments import Array, Assignment, Constant, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change
from ...programs.shifts import viewed
from ..anew import Anew
from ..edits import Edit, called, fixed, leading

__all__ = ["inverses"]

CLOSE = 1e-9  # relative tolerance for numbers that are computed in two ways


@dataclass(frozen=True, eq=False)
class _Made:
    """The inverse of a matrix a, the solution y of a y = b, the determinant of a, or its logarithm."""

    kind: str
    a: Assignment
    y: Assignment
    b: Assignment | None = None


Slope = Callable[[Array, Array, Array, Array], Array]  # (g, A, A⁻¹, y) -> a gradient of A, with g that of y

# kind: the right gradient of A as text and rule, then texts with wrong ones
OF_A: dict[str, tuple[str, Slope, dict[str, Slope]]] = {
    "inverse": ("−A⁻ᵀ G A⁻ᵀ", lambda g, a, i, y: -i.T @ g @ i.T, {
        "−A⁻¹ G A⁻¹, without the transposes": lambda g, a, i, y: -i @ g @ i,
        "−G A⁻ᵀ: a factor A⁻ᵀ is missing": lambda g, a, i, y: -g @ i.T,
        "−A⁻ᵀ G: a factor A⁻ᵀ is missing": lambda g, a, i, y: -i.T @ g,
        "−G: both factors A⁻ᵀ are missing": lambda g, a, i, y: -g,
        "−Aᵀ G Aᵀ: the inverses are missing": lambda g, a, i, y: -a.T @ g @ a.T,
        "−G / A², as for numbers": lambda g, a, i, y: -g / a**2,
    }),
    "solution": ("−A⁻ᵀ G yᵀ", lambda g, a, i, y: -_outer(i.T @ g, y), {
        "−A⁻¹ G yᵀ, without the transpose": lambda g, a, i, y: -_outer(i @ g, y),
        "−G yᵀ: A⁻ᵀ is missing": lambda g, a, i, y: -_outer(g, y),
        "−A⁻ᵀ G bᵀ: it needs the solution y, not b": lambda g, a, i, y: -_outer(i.T @ g, a @ y),
        "A⁻ᵀ G yᵀ: the minus is missing": lambda g, a, i, y: _outer(i.T @ g, y),
    }),
    "determinant": ("det(A) A⁻ᵀ", lambda g, a, i, y: g * y * i.T, {
        "det(A) A⁻¹, without the transpose": lambda g, a, i, y: g * y * i,
        "det(A) A": lambda g, a, i, y: g * y * a,
    }),
    "log determinant": ("A⁻ᵀ", lambda g, a, i, y: g * i.T, {
        "A⁻¹, without the transpose": lambda g, a, i, y: g * i,
        "A: the inverse is missing": lambda g, a, i, y: g * a,
        "Aᵀ: the inverse is missing": lambda g, a, i, y: g * a.T,
        "det(A) A⁻ᵀ, as for the determinant itself": lambda g, a, i, y: g * i.T * np.linalg.det(a),
        "A⁻ᵀ / det(A)": lambda g, a, i, y: g * i.T / np.linalg.det(a),
    }),
}  # fmt: skip

OF_B: tuple[tuple[str, Callable[[Array, Array], Array]], ...] = (  # wrong gradients of b, of which A⁻ᵀ G is right
    ("Aᵀ G: the inverse is missing", lambda a, g: a.T @ g),
    ("A G: the inverse is missing", lambda a, g: a @ g),
    ("A⁻¹ G, without the transpose", lambda a, g: np.asarray(np.linalg.inv(a) @ g, dtype=float)),
    ("G: A⁻ᵀ is missing", lambda a, g: g),
)


def _outer(g: Array, y: Array) -> Array:
    return np.asarray(g.reshape(len(g), -1) @ y.reshape(len(y), -1).T)


def inverses(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of the gradient of A and of b, through each inverse, solution and determinant of one source line."""
    together: dict[object, list[_Made]] = {}
    for made in _made(recorded):
        together.setdefault((made.y.place, made.kind), []).append(made)
    for team in together.values():
        yield from _of_team(recorded, team)


def _of_team(recorded: Recorded, team: list[_Made]) -> Iterator[Edit]:
    kind, a, y, ways = team[0].kind, called(team[0].a), called(team[0].y), leading(recorded, team[0].y)
    rank, of_a, with_a = 3 + (len(team) > 1), *(("A", "") if a == "A" else (f"A = {a}", f", with A = {a},"))
    told, right, wrong = OF_A[kind]
    if all(made.a.number in recorded.backward.flows for made in team):
        for text, slope in wrong.items():
            jumps = {(made.y.number, made.a.number): partial(_difference, made, slope, right) for made in team}
            said = (
                f"the gradient of {of_a}, through its {kind} {y}, is {text} (it should be {told}, with G that of {y})"
            )
            yield fixed(Change(jumps=jumps), said, rank, ways)
    if kind in ("inverse", "solution"):
        others = {made.y.number: made.a.value @ made.b.value if made.b else made.a.value for made in team}
        rules = Anew(recorded, {}, others).rules()
        at = {made.y.number: partial(_before, made.a.value, OF_B[0][1]) for made in team if made.b}
        yield fixed(Change(rules, at), f"{a} is used instead of its inverse on the way back", rank, rules)
    for text, of_b in OF_B if kind == "solution" else ():
        change = Change(at={made.y.number: partial(_before, made.a.value, of_b) for made in team})
        said = f"the gradient of b through the {kind} {y} of A y = b{with_a} is {text} (it should be A⁻ᵀ G)"
        yield fixed(change, said, rank, ways)


def _difference(made: _Made, wrong: Slope, right: Slope, flow: Array) -> Array:
    a, y = made.a.value, made.y.value
    inverse = np.asarray(np.linalg.inv(a), dtype=float)
    return np.asarray(wrong(flow, a, inverse, y) - right(flow, a, inverse, y))


def _before(a: Array, slope: Callable[[Array, Array], Array], flow: Array) -> Array:
    """Returns the gradient of y with which the right pass gives b the wrong one."""
    return np.asarray(a.T @ slope(a, flow))


def _made(recorded: Recorded) -> Iterator[_Made]:
    """Yields what each run of a source line makes of a matrix that it reads, recognised by its numbers."""
    nodes = [node for node in recorded.program.assignments[: recorded.result.number + 1] if node.place is not None]
    views = [node for node in nodes if isinstance(node, View)]
    for _, several in groupby(nodes, key=lambda node: node.place):
        run = list(several)
        own = set(run)
        read = [x for x in {viewed(x): None for node in run for x in node.operands if x not in own} if not _is_eye(x)]
        matrices = [x for x in read if _has_inverse(x.value)]
        if len(run) > 1 and matrices:
            ends = [run[-1], *(view for view in views if view not in own and own.issuperset(view.operands))]
            for y in ends:
                if y.number in recorded.backward.flows:
                    yield from _recognised(matrices, read, y)


def _has_inverse(a: Array) -> bool:
    return a.ndim == 2 and a.shape[0] == a.shape[1] > 1 and bool(np.linalg.slogdet(a)[0])


def _is_eye(x: Assignment) -> bool:
    return isinstance(x, Constant) and len(x.shape) == 2 and np.array_equal(x.value, np.eye(*x.shape))


def _recognised(matrices: list[Assignment], read: list[Assignment], y: Assignment) -> Iterator[_Made]:
    for a in matrices:
        sign, log = np.linalg.slogdet(a.value)
        if y.shape == a.shape and np.allclose(a.value @ y.value, np.eye(len(a.value)), rtol=CLOSE, atol=CLOSE):
            yield _Made("inverse", a, y)
        elif y.shape == () and np.isclose(y.value, sign * np.exp(log), rtol=CLOSE, atol=0):
            yield _Made("determinant", a, y)
        elif y.shape == () and np.isclose(y.value, log, rtol=CLOSE, atol=0):
            yield _Made("log determinant", a, y)
    for a, b in product(matrices, read):
        is_alike = a is not b and y.shape == b.shape and y.shape[:1] == a.shape[:1]
        if is_alike and np.allclose(a.value @ y.value, b.value, rtol=CLOSE, atol=CLOSE * np.abs(b.value).max()):
            yield _Made("solution", a, y, b)
