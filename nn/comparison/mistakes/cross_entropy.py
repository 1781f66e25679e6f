"""The binary cross-entropy as people often write it, of probabilities a = σ(z), and mistakes in its derivative.

`nn.costs` has it as a cost of logits, with σ in it. Here σ is the activation of the last layer instead, so that all
mistakes that can be made at a layer are sought there too.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ... import closed_form
from ...costs import Cost, each, total
from ..forward_pass import ForwardPass

__all__ = ["CROSS_ENTROPY", "of_probabilities", "terms", "terms_of_softmax"]

Array = NDArray[np.float64]
LEAST = 1e-6  # of a probability, and of 1 minus it: nearer to 0, −y/a + (1 − y)/(1 − a) has lost too many digits

CROSS_ENTROPY = Cost(
    "cross-entropy of probabilities",
    of=lambda m, a, y: -total(each(lambda aj, yj: yj * m.log(aj) + (1 - yj) * m.log(1 - aj), a, y)),
    nabla=lambda m, a, y: each(lambda aj, yj: -yj / aj + (1 - yj) / (1 - aj), a, y),
    written="−Σ [y ln a + (1 − y) ln(1 − a)]",
    nabla_written="−y/a + (1 − y)/(1 − a)",
)


def of_probabilities(forward: ForwardPass) -> ForwardPass | None:
    """Returns the forward pass with σ as the activation of the last layer instead of in the cost.

    It is None for another cost, for another last layer than a linear one, and where probabilities are too near 0 or 1.
    """
    closed = forward.closed
    if closed.formula.squash != "σ" or closed.activations[-1] != "linear":
        return None
    p = forward.probabilities
    if not np.all((p > LEAST) & (p < 1 - LEAST)):
        return None
    activations = [*closed.activations[:-1], "sigmoid"]
    made = closed_form.columns(
        closed.weights, closed.biases, closed.a[0], closed.y, activations, cost=CROSS_ENTROPY, own=closed.own,
        over=closed.over,
    )  # fmt: skip
    return ForwardPass(made)


def terms(p: Array, y: Array) -> Iterator[tuple[str, Array]]:
    """Yields pairs: a text, and ∂C/∂p = −y/p + (1 − y)/(1 − p) with a mistake in one of its terms, or in both.

    The text has {p} for p.
    """
    with np.errstate(all="ignore"):
        first, second, q = -y / p, (1 - y) / (1 - p), 1 - p
        of_first = [
            ("the term of y is missing", np.zeros_like(p)),
            ("the term of y has the wrong sign", -first),
            ("y is not divided by {p}", -y),
            ("y is multiplied by {p}, not divided", -y * p),
            ("y is divided by 1 − {p}, not by {p}", -y / q),
            ("y is missing in its term, −y/{p}", -1 / p),
            ("1 − y is used instead of y", -(1 - y) / p),
        ]
        of_second = [
            ("the term of 1 − y is missing", np.zeros_like(p)),
            ("the term of 1 − y has the wrong sign", -second),
            ("1 − y is not divided by 1 − {p}", 1 - y),
            ("1 − y is multiplied by 1 − {p}, not divided", (1 - y) * q),
            ("1 − y is divided by {p}, not by 1 − {p}", (1 - y) / p),
            ("1 − y is divided by 1 + {p}, not by 1 − {p}", (1 - y) / (1 + p)),
            ("1 − y is missing in its term, (1 − y)/(1 − {p})", 1 / q),
            ("y is used instead of 1 − y", y / q),
            ("−y is used instead of 1 − y", -y / q),
            ("1 + y is used instead of 1 − y", (1 + y) / q),
        ]
        yield from ((text, wrong + second) for text, wrong in of_first)
        yield from ((text, first + wrong) for text, wrong in of_second)
        yield "y and 1 − y are not divided by {p} and 1 − {p}", -y + (1 - y)
        yield "y and 1 − y are multiplied by {p} and 1 − {p}, not divided", -y * p + (1 - y) * q
        yield "{p} and 1 − {p} are exchanged", -y / q + (1 - y) / p
        yield "y and 1 − y are exchanged", -(1 - y) / p + y / q


def terms_of_softmax(p: Array, y: Array) -> Iterator[tuple[str, Array]]:
    """Yields pairs: a text, and what people write for ∂C/∂p = −y/p, with p the softmax. The text has {p} for p."""
    with np.errstate(all="ignore"):
        yield "y is not divided by {p}", -y
        yield "y is multiplied by {p}, not divided", -y * p
        yield "y is missing in −y/{p}", -1 / p
        yield "{p} − y, the error, is used instead", p - y
        yield "ln {p} is used instead of 1/{p}", -y * np.log(p)
        yield "the derivative −y/{p} + (1 − y)/(1 − {p}) of a binary cross-entropy is used", -y / p + (1 - y) / (1 - p)
        yield "1/{p}² is used instead of 1/{p}", -y / p**2
