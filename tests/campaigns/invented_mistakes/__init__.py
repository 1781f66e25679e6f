"""Mistakes in costs and models that nobody published, as people make them; `CASES` has all of them.

Each was written down before the search was tried on it. The files:

margins        hinges, exponentials, log Σ eˣ
likelihoods    mixtures, counts, policies, penalties
costs          regression, penalties, distances between distributions
models         flows, adversaries, factors, centres, thresholds, trees
policies       policies, values, experts
activations    activations and maxout
"""

from tests.campaigns.invented_mistakes import activations, costs, likelihoods, margins, models, policies

KINDS = (margins, likelihoods, costs, models, policies, activations)
CASES = [case for kind in KINDS for case in kind.CASES]

__all__ = ["CASES", "KINDS"]
