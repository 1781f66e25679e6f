"""Random programs in JAX and PyTorch, against the graph: `python -m tests.campaigns.lifted_targets TARGET N [FIRST]`.

The programs are those of `lifted_programs`, random graphs, and recurrences. The command prints the number of programs,
and each that fails or differs by more than 1e-12 of its terms.
"""

import sys
import traceback
import warnings

from tests.campaigns.lifted_programs import program
from tests.helpers.lifting import random_graph
from tests.helpers.recurrences import random_recurrence
from tests.helpers.targets import held_to_the_graph

__all__ = ["of_a_graph", "of_a_recurrence", "of_vectors"]


def of_vectors(seed):
    """Returns (cost, parameters, inputs) of a random vector program."""
    cost, parameters, inputs, _ = program(seed)
    return cost, parameters, inputs


def of_a_graph(seed):
    output, leaves, rng = random_graph(seed)
    parts = [rng.choice(["parameter", "input", "constant"]) for _ in leaves]
    return output, *([v for v, part in zip(leaves, parts, strict=True) if part == kind] for kind in
                     ("parameter", "input"))  # fmt: skip


def of_a_recurrence(seed):
    output, leaves, _ = random_recurrence(seed)
    return output, leaves[::2], leaves[1::2]


def main(target, count, first=0):
    warnings.simplefilter("ignore")
    failed = 0
    for seed in range(first, first + count):
        for build in (of_vectors, of_a_graph, of_a_recurrence):
            try:
                held_to_the_graph(target, *build(seed), seed)
            except Exception:
                failed += 1
                print(build.__name__, seed, traceback.format_exc(limit=-2), sep="\n", flush=True)
    print(f"{count} of each kind, {failed} wrong")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
