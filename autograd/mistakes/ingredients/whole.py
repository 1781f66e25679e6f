"""Makes edits of whole matrices: one is transposed wherever it is a factor, or a gradient is made symmetric."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from ...programs.assignments import Array, Assignment, Contraction, View
from ...programs.forward import tangents
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, called, fixed, instead
from ..judged import Given

__all__ = ["jacobians", "symmetric", "transposed_everywhere"]


def transposed_everywhere(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which a square matrix that is a factor several times is transposed each time on the way back."""
    found: dict[tuple[int, int], dict[Way, int]] = {}  # by matrix and source line; 0 stands for all lines
    for way in sorted(recorded.backward.passed):
        node = recorded.program.assignments[way.number]
        for k, operand in enumerate(node.operands) if isinstance(node, Contraction) else ():
            if k != way.position and _is_square(operand):
                of = operand.of_one if isinstance(operand, View) and operand.of_one is not None else operand
                for line in (0, node.place.line if node.place else 0):
                    found.setdefault((of.number, line), {})[way] = k
    for (number, line), ways in found.items():
        if len(ways) > 1:
            name = called(recorded.program.assignments[number])
            rules = {way: partial(_with_transpose, recorded, way, k) for way, k in ways.items()}
            text = f"{name} is transposed wherever a gradient is multiplied by it"
            place = recorded.program.assignments[max(ways).number].place
            if line and place is not None:
                text += f", in `{place.text}`"
            yield fixed(Change(rules=rules), text, 4, ways, "operand", (text,))


def _is_square(array: Assignment) -> bool:
    return len(array.shape) == 2 and array.shape[0] == array.shape[1] > 1


def _with_transpose(recorded: Recorded, way: Way, k: int, flow: Array) -> Array:
    node = recorded.program.assignments[way.number]
    values = [x.value.T if position == k else x.value for position, x in enumerate(node.operands)]
    return node.back(way.position, flow, node.value, values)


PARTS: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("made symmetric: (G + Gᵀ)/2 instead of G", lambda g: (g + g.T) / 2),
    ("made symmetric: G + Gᵀ instead of G", lambda g: g + g.T),
    ("made symmetric: G + Gᵀ − diag(G) instead of G", lambda g: g + g.T - np.diag(np.diag(g))),
    ("cut to its lower triangle: the numbers above the diagonal are missing", np.tril),
    ("cut to its upper triangle: the numbers below the diagonal are missing", np.triu),
    ("cut to its diagonal: all other numbers are missing", lambda g: np.diag(np.diag(g))),
)


def symmetric(givens: Sequence[Given]) -> Iterator[Edit]:
    """Yields edits in which the gradient of a square matrix is made symmetric, or cut to a triangle."""
    for given in givens:
        for text, part in PARTS if _is_square(given.assignment) else ():
            change = Change(at={given.assignment.number: part})
            yield fixed(change, f"d{given.name} is {text}", 3)


def jacobians(recorded: Recorded, givens: Sequence[Given]) -> Iterator[Edit]:
    """Yields edits in which gradients are the Jacobian matrix times the incoming gradient, not its transpose times it.

    So they are what the forward pass makes of the incoming gradient, such as a rotation forwards, not back.
    """
    result, flow = recorded.result, recorded.backward.flows[recorded.result.number]
    alike = [given for given in givens if given.right.shape == result.shape != () and given.right.size > 1]
    several = [[given] for given in alike] + ([alike] if len(alike) > 1 else [])
    made = {given.name: tangents(recorded.backward, given.assignment.number, flow) for given in alike}
    for those in several:
        pushed = {
            given.assignment.number: made[given.name].get(result.number, np.zeros(result.shape)) for given in those
        }
        names = " and ".join(f"d{given.name}" for given in those)
        text = (
            f"{names}: the forward pass is applied to the incoming gradient, which gives J g, with J the Jacobian "
            "matrix and g the incoming gradient; it should be Jᵀ g, for which factors are transposed"
        )
        yield fixed(Change(at={number: partial(instead, by) for number, by in pushed.items()}), text, 4)
