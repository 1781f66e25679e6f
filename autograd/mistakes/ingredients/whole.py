"""Makes edits of whole gradients: one is made symmetric, is not set to zero between examples, or is J g, not Jᵀ g.

In others, several are one number, the sum of all entries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from ...programs.assignments import Array, Assignment, Leaf
from ...programs.forward import tangents
from ...programs.recorded import Recorded
from ...programs.reverse import Change
from ..edits import Edit, fixed
from ..judged import Given
from ..rules import instead

__all__ = ["jacobians", "not_set_to_zero", "summed_over_all", "symmetric"]


def _is_square(array: Assignment) -> bool:
    return len(array.shape) == 2 and array.shape[0] == array.shape[1] > 1


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


def not_set_to_zero(givens: Sequence[Given]) -> Iterator[Edit]:
    """Yields edits in which the gradient of each example also has those of all examples before it, or after it."""
    for given in givens:
        shape, number = given.assignment.shape, given.assignment.number
        for which, step in (("before", 1), ("after", -1)) if len(shape) > 1 and shape[0] > 1 else ():
            change = Change(at={number: partial(_summed_on, step)})
            text = f"each row of d{given.name} also has the gradients of all rows {which} it: begin each with zeros"
            yield fixed(change, text, 3)


def summed_over_all(givens: Sequence[Given]) -> Iterator[Edit]:
    """Yields edits in which every entry of several gradients is the sum of all their entries, or the mean."""
    leaves = [given for given in givens if isinstance(given.assignment, Leaf)]
    if len(leaves) > 1:
        names, size = " and ".join(f"d{given.name}" for given in leaves), sum(given.right.size for given in leaves)
        total = sum(float(given.right.sum()) for given in leaves)
        for what, number in (("sum", total), ("mean", total / size)):
            at = {given.assignment.number: partial(instead, np.full(given.right.shape, number)) for given in leaves}
            text = f"every entry of {names} is the {what} of all their entries: the gradient has one for each parameter"
            yield fixed(Change(at=at), text, 3)


def _summed_on(step: int, flow: Array) -> Array:
    return np.cumsum(flow[::step], axis=0)[::step]


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
            "matrix and g the incoming gradient; it should be Jᵀ g: products are transposed, and a factor that stands "
            "after a sum over g belongs inside the sum"
        )
        yield fixed(Change(at={number: partial(instead, by) for number, by in pushed.items()}), text, 4)
