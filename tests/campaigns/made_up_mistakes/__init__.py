"""Mistakes that were made up, in backward passes of programs rather than layers; `CASES` has all of them.

record      the data of a mistake
steps       recurrent networks with peepholes, in both directions, stacked; chains of labels
solvers     solvers of differential equations
tokens      attention of other kinds, rotary positions, experts, message passing in graphs
models      bilinear forms, trees, energies, inner gradient steps, Kalman filters
formulas    factorisations, PageRank, quaternions, similarities, polynomials, a soft minimum
"""

from tests.campaigns.made_up_mistakes import formulas, models, solvers, steps, tokens

CASES = [case for kind in (steps, solvers, tokens, models, formulas) for case in kind.CASES]

__all__ = ["CASES"]
