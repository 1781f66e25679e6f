"""Makes edits of a normalisation's gradient, s (g − mean g − xhat · mean(g xhat)), with several wrong parts.

The file `normalised` has the mistakes that people make in it one at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product

import numpy as np

from ...programs.assignments import Array
from ...programs.recorded import Recorded
from ..edits import Edit, listed
from .normalised import Mistake, edited
from .norms import Normalised, normalised

__all__ = ["parts_of_normalisations"]

SECOND: tuple[tuple[str, Mistake], ...] = (
    ("the mean of g is missing", lambda b, g: np.zeros_like(g)),
    ("1/n is missing in the mean of g", lambda b, g: b.n * b.mean(g)),
    ("1/n is applied twice in the mean of g", lambda b, g: b.mean(g) / b.n),
    ("mean g is added, not subtracted", lambda b, g: -b.mean(g)),
)
THIRD: tuple[tuple[str, Mistake], ...] = (
    ("the mean of g xhat is missing", lambda b, g: np.zeros_like(g)),
    ("1/n is missing in the mean of g xhat", lambda b, g: b.n * b.xhat * b.mean(g * b.xhat)),
    ("1/n is applied twice in the mean of g xhat", lambda b, g: b.xhat * b.mean(g * b.xhat) / b.n),
    ("mean(g xhat) is added, not subtracted", lambda b, g: -b.xhat * b.mean(g * b.xhat)),
    ("the factor xhat is missing before mean(g xhat)", lambda b, g: b.mean(g * b.xhat)),
    ("the factor xhat is missing inside mean(g xhat)", lambda b, g: b.xhat * b.mean(g)),
    ("both factors xhat are missing", lambda b, g: b.mean(g)),
    ("x − mean is used instead of xhat", lambda b, g: b.xhat / b.s * b.mean(g * b.xhat / b.s)),
    ("x − mean is used instead of the xhat inside the mean", lambda b, g: b.xhat * b.mean(g * b.xhat / b.s)),
    ("x − mean is used instead of the xhat before the mean", lambda b, g: b.xhat / b.s * b.mean(g * b.xhat)),
    ("g xhat is used instead of its mean", lambda b, g: g * b.xhat * b.xhat),
    ("xhat stands alone, without the factor mean(g xhat)", lambda b, g: b.xhat),
    ("mean(g xhat) is halved", lambda b, g: 0.5 * b.xhat * b.mean(g * b.xhat)),
    ("mean(g xhat) is counted twice", lambda b, g: 2.0 * b.xhat * b.mean(g * b.xhat)),
)
FRONT: tuple[tuple[str, Callable[[Normalised], Array]], ...] = (
    ("1/√(variance + ε) is missing", lambda b: 1 / b.s),
    ("1/√(variance + ε) is applied twice", lambda b: b.s),
    ("√(variance + ε) multiplies, but should divide", lambda b: 1 / b.s**2),
)


def parts_of_normalisations(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits with each choice of right and wrong parts."""
    for block in normalised(recorded):
        for second, third, front in product((None, *SECOND), (None, *THIRD), (None, *FRONT)):
            wrong = [part[0] for part in (second, third, front) if part is not None]
            if wrong:
                passed = partial(_of_parts, second and second[1], third and third[1], front and front[1])
                yield edited([block], listed(wrong), [passed], rank=4 + len(wrong))


def _of_parts(
    second: Mistake | None, third: Mistake | None, front: Callable[[Normalised], Array] | None, block: Normalised,
    g: Array,
) -> Array:  # fmt: skip
    first = second(block, g) if second else block.mean(g)
    then = third(block, g) if third else block.xhat * block.mean(g * block.xhat)
    return block.dx(g, first, then) * (front(block) if front else 1.0)
