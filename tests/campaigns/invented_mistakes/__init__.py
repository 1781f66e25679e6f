"""Mistakes that nobody published, in costs, models and programs, as people make them; `CASES` has all of them.

Each was written down before the search was tried on it. The files:

record         makes the data of a mistake
margins        hinges, exponentials, log Σ eˣ
likelihoods    mixtures, counts, policies, penalties
costs          regression, penalties, distances between distributions
models         flows, adversaries, factors, centres, thresholds, trees
policies       policies, values, experts
activations    activations and maxout
steps          recurrent networks with peepholes, in both directions, stacked; chains of labels
solvers        solvers of differential equations
tokens         attention of other kinds, rotary positions, experts, message passing in graphs
products       bilinear forms, trees, energies, inner gradient steps, Kalman filters
networks       networks and classifiers in loops, classes and dicts
lines          regression, labels, pairs, policies and codes, line by line
plain          plain data, layers as classes, stores by a mask, loops over examples and steps
scratch        networks, factors, margins, autoencoders and policies from scratch
neurons        neurons and layers that are written out line by line
formulas       factorisations, PageRank, quaternions, similarities, polynomials, a soft minimum
"""

from tests.campaigns.invented_mistakes import (
    activations,
    costs,
    formulas,
    likelihoods,
    lines,
    margins,
    models,
    networks,
    neurons,
    plain,
    policies,
    products,
    scratch,
    solvers,
    steps,
    tokens,
)

KINDS = (
    margins,
    likelihoods,
    costs,
    models,
    policies,
    activations,
    steps,
    solvers,
    tokens,
    products,
    formulas,
    networks,
    neurons,
    plain,
    lines,
    scratch,
)
CASES = [case for kind in KINDS for case in kind.CASES]

__all__ = ["CASES", "KINDS"]
