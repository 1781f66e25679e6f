"""Lists the mistakes that only a network with a cost can have, as edits of its backward pass.

The mistakes that any backward pass can have are in `autograd.mistakes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograd.mistakes.edits import Edit
from autograd.mistakes.judged import Given
from autograd.programs.recorded import Recorded

from ..forward_pass import ForwardPass
from ..words.network_words import NetworkWords
from .at_the_cost import at_the_cost
from .at_the_error import at_the_error
from .bp2 import in_bp2
from .bp3 import in_bp3
from .bp4 import in_bp4
from .examples import of_examples
from .forwards import in_the_forward_pass
from .loops import in_loops
from .penalties import of_penalties
from .updates import updated

__all__ = ["mistakes"]


def mistakes(forward: ForwardPass, words: NetworkWords, recorded: Recorded, wrong: Sequence[Given]) -> Iterator[Edit]:
    """Yields an edit of a backward pass for each mistake that only a network can have.

    `recorded` has the right backward pass, or one that is edited already.
    """
    forward = forward.after(recorded)
    yield from at_the_cost(forward, words)
    yield from at_the_error(forward)
    yield from in_bp2(forward)
    yield from in_bp4(forward)
    yield from in_bp3(forward)
    yield from in_loops(forward, words)
    yield from of_penalties(forward, words, wrong)
    yield from of_examples(forward)
    yield from in_the_forward_pass(forward)
    yield from updated(forward, wrong)
