"""Claims about screening: it computes the same effect of an edit on the weights as a whole pass."""

import numpy as np
import pytest

from autograd.mistakes.factors import Factors
from autograd.mistakes.search.kinds import edits
from autograd.mistakes.search.screening import WEIGHTS, Screen
from autograd.programs.reverse import Change, Way
from tests.helpers.by_hand import (
    BN,
    BN_OUT,
    NET,
    NET_OUT,
    RNN,
    RNN_OUT,
    batchnorm,
    batchnorm_by_hand,
    first_layer,
    given,
    network,
    network_by_hand,
    recorded,
    recurrent,
    recurrent_by_hand,
)

P = network_by_hand()
PASSES = {
    "batch norm": (batchnorm, BN, BN_OUT, batchnorm_by_hand(through_mu=0.0)),
    "network": (network, NET, NET_OUT, first_layer(P, P.da1)),
    "recurrent": (recurrent, RNN, RNN_OUT, recurrent_by_hand(slope=lambda z, h: np.ones(4))),
}


def screened(name):
    forward, inputs, upstream, wrong = PASSES[name]
    found = recorded(forward, inputs, upstream)
    givens = [given(found, each, wrong[each]) for each in inputs]
    return found, givens, Screen(found, givens)


@pytest.mark.parametrize("name", PASSES)
def test_an_effect_is_that_of_a_whole_pass(name):
    found, givens, screen = screened(name)
    wrong = [each for each in givens if not each.is_right]
    told = 0
    with np.errstate(all="ignore"):
        for edit in list(edits(found, wrong, wrong, Factors(found)))[::7]:
            effect = screen.effect(edit.change(1.0))
            changed = found.backward.replaced(edit.change(1.0))
            if effect is None or not np.all(np.isfinite(effect)):
                continue
            told += 1
            weights = []
            for k, each in enumerate(givens):
                now = changed.get(each.assignment.number, each.right)
                for j in range(WEIGHTS):
                    direction = screen.tangents[WEIGHTS * k + j][each.assignment.number]
                    weights.append(np.sum(direction * (now - each.right)))
            size = max(np.abs(effect).max(), 1.0)
            np.testing.assert_allclose(effect, weights, rtol=1e-7, atol=1e-9 * size, err_msg=edit.text(1.0))
    assert told > 20


def test_what_explains_is_let_through_and_what_does_not_is_kept_out():
    found, givens, screen = screened("network")
    z1 = found.named["a1"].number
    right = Change(rules={Way(z1, 0): lambda flow: flow})
    assert screen.explains(screen.effect(right))
    assert not screen.explains(screen.effect(Change(rules={Way(z1, 0): lambda flow: 2 * flow})))
    assert not screen.explains(screen.effect(Change()))
    assert screen.explained(screen.effect(Change())).tolist() == [each.is_right for each in givens]


def test_a_number_that_fits():
    found, _, screen = screened("batch norm")
    mu = found.named["mu"].number
    none, one = (screen.effect(Change(at={mu: lambda flow, t=t: t * flow})) for t in (0.0, 1.0))
    assert screen.fits(none, one)
    var = found.named["var"].number
    none, one = (screen.effect(Change(at={var: lambda flow, t=t: t * flow})) for t in (0.0, 1.0))
    assert not screen.fits(none, one)
    assert not screen.fits(none, none)
    with np.errstate(invalid="ignore"):
        assert not screen.fits(none, none * np.inf)


def test_places_that_work_on_each_other_want_a_whole_pass():
    found, _, screen = screened("network")
    a1, z2, b2 = (found.named[name].number for name in ("a1", "z2", "b2"))
    double = {number: (lambda flow: 2 * flow) for number in (a1, z2, b2)}
    assert screen.effect(Change(at={a1: double[a1], z2: double[z2]})) is None
    assert screen.effect(Change(at={a1: double[a1], b2: double[b2]})) is not None


def test_an_effect_is_harmless_if_what_is_right_stays():
    found, givens, screen = screened("network")
    is_wrong = np.array([not each.is_right for each in givens])
    W1, W2 = found.named["W1"].number, found.named["W2"].number
    assert screen.is_harmless(screen.effect(Change(at={W1: lambda flow: 3 * flow})), is_wrong)
    assert not screen.is_harmless(screen.effect(Change(at={W2: lambda flow: 3 * flow})), is_wrong)


def test_what_a_whole_pass_does_to_the_weights_is_told_alike():
    found, _, screen = screened("network")
    change = Change(at={found.named["a1"].number: lambda flow: 2 * flow})
    np.testing.assert_allclose(screen.effect_of(found.backward.differences(change)), screen.effect(change), rtol=1e-9)
    assert not screen.effect_of({}).any()


def test_several_effects_are_judged_at_once():
    found, givens, screen = screened("network")
    is_wrong = np.array([not each.is_right for each in givens])
    numbers = [found.named[name].number for name in ("W1", "W2", "x")]
    effects = [screen.effect(Change(at={number: lambda flow: 3 * flow})) for number in numbers]
    alone = [bool(screen.is_harmless(effect, is_wrong)) for effect in effects]
    assert screen.is_harmless(np.stack(effects), is_wrong).tolist() == alone
    assert screen.is_clear(np.stack([effects[0], effects[0] * 0.0])).tolist() == [True, False]
