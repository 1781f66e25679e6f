"""Claims about the list of edits: each can be applied, has a text, and changes gradients without an error."""

import numpy as np
import pytest

from autograd.mistakes.factors import Factors
from autograd.mistakes.search.kinds import edits
from tests.helpers.by_hand import (
    BN,
    BN_OUT,
    NET,
    NET_OUT,
    RNN,
    RNN_OUT,
    batchnorm,
    given,
    network,
    normal,
    recorded,
    recurrent,
)


def attention(X, Wq, Wk, Wv, mask):
    Q, K, V = X @ Wq, X @ Wk, X @ Wv
    S = Q @ K.T / np.sqrt(Q.shape[-1]) + mask
    E = np.exp(S - S.max(axis=-1, keepdims=True))
    A = E / E.sum(axis=-1, keepdims=True)
    return A @ V


def pooled(x, ids):
    taken = x[ids]
    y = np.maximum(taken, 0).max(axis=1)
    return y * 2.0


PASSES = {
    "batch norm": (batchnorm, BN, BN_OUT),
    "network": (network, NET, NET_OUT),
    "recurrent": (recurrent, RNN, RNN_OUT),
    "attention": (attention, {"X": normal(4, 3), "Wq": normal(3, 2), "Wk": normal(3, 2), "Wv": normal(3, 2),
                              "mask": np.where(np.tri(4) > 0, 0.0, -10.0)}, normal(4, 2)),
    "pooled": (pooled, {"x": normal(5, 4), "ids": np.array([0, 2, 2, 4])}, normal(4)),
}  # fmt: skip


@pytest.mark.parametrize("name", PASSES)
def test_every_edit_can_be_made_and_says_what_it_is(name):
    forward, inputs, upstream = PASSES[name]
    found = recorded(forward, inputs, upstream)
    wrong = [given(found, each, 2 * found.backward.flows[leaf.number]) for each, leaf in found.inputs.items()]
    right = {number: flow.copy() for number, flow in found.backward.flows.items()}
    count = 0
    with np.errstate(all="ignore"):
        for edit in edits(found, wrong, wrong, Factors(found)):
            count += 1
            assert edit.text(1.0)
            assert "{" not in edit.text(1.0)
            assert edit.rank >= 1
            for number, flow in found.backward.replaced(edit.change(1.0)).items():
                assert flow.shape == found.program.assignments[number].shape, edit.text(1.0)
            assert all(way in found.backward.passed for way in edit.ways), edit.text(1.0)
    assert count > 100
    for number, flow in found.backward.flows.items():
        np.testing.assert_array_equal(flow, right[number])


def test_a_path_times_one_is_the_right_pass():
    found = recorded(batchnorm, BN, BN_OUT)
    for edit in edits(found, [], [], Factors(found)):
        if edit.what:
            for number, flow in found.backward.replaced(edit.change(1.0)).items():
                np.testing.assert_allclose(flow, found.backward.flows[number], rtol=1e-12, atol=1e-12)
