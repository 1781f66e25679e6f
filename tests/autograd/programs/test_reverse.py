"""Claims about backward passes: the right one is the graph's, a changed one what the changed rule gives.

Each changed pass is compared with finite differences of another function. A pass with a cut way, for example, gives the
derivative of the function in which the operand of this way is a constant.
"""

import warnings

import numpy as np
import pytest

from autograd.programs.assignments import Constant, Map
from autograd.programs.reverse import Change, EditedPass, Way
from tests.helpers.by_hand import recorded
from tests.helpers.passes import gradients_by_graph, run_recorded
from tests.helpers.verdicts import batchnorm_recorded, mlp_recorded, rnn_recorded

RNG = np.random.default_rng(11)
X, W, V = RNG.normal(size=(4, 3)), RNG.normal(size=(3, 3)), RNG.normal(size=(3, 2))


def network(x, w, v):
    z = x @ w
    a = np.tanh(z)
    b = a * x  # x is used twice
    return b @ v


RUN = run_recorded(network, X, W, V)
LEAF_X, LEAF_W, LEAF_V = (leaf.number for leaf in RUN.leaves)
PRODUCT, TANH, TIMES, RESULT = (node for node in RUN.program.assignments if node.operands)


def differences(function, at, flow, h=1e-6):
    """Returns ∂⟨flow, function⟩/∂at by central differences."""
    found = np.zeros(at.shape)
    for i in np.ndindex(at.shape):
        moved = at.copy(), at.copy()
        moved[0][i] += h
        moved[1][i] -= h
        found[i] = np.sum(flow * (function(moved[0]) - function(moved[1]))) / (2 * h)
    return found


def test_the_right_pass_has_the_gradient_of_everything():
    for leaf, right in zip(RUN.leaves, gradients_by_graph(RUN), strict=True):
        np.testing.assert_allclose(RUN.backward.flows[leaf.number], right, rtol=1e-12)
    da = differences(lambda a: (a * X) @ V, np.tanh(X @ W), RUN.flow)
    np.testing.assert_allclose(RUN.backward.flows[TANH.number], da, rtol=1e-7)
    np.testing.assert_array_equal(RUN.backward.flows[RESULT.number], RUN.flow)


def test_the_order_is_from_the_result_to_the_inputs():
    numbers = [node.number for node in RUN.backward.order]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] == RESULT.number
    assert set(numbers) >= {LEAF_X, LEAF_W, LEAF_V}


def test_what_the_result_is_not_made_of_has_no_gradient():
    def forward(x, w):
        np.exp(w)
        return x * 2.0

    run = run_recorded(forward, X, W)
    assert run.leaves[1].number not in run.backward.flows
    assert all(not isinstance(node, Constant) for node in run.backward.order)
    constants = [node.number for node in run.program.assignments if isinstance(node, Constant)]
    assert not set(constants) & set(run.backward.flows)


def test_a_gradient_is_the_sum_of_what_its_uses_pass_back():
    ways = [way for way in RUN.backward.passed
            if RUN.program.assignments[way.number].operands[way.position].number == LEAF_X]  # fmt: skip
    assert len(ways) == 2
    np.testing.assert_allclose(sum(RUN.backward.passed[way] for way in ways), RUN.backward.flows[LEAF_X], rtol=1e-14)


def test_a_slope_that_is_infinite_is_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run = run_recorded(np.sqrt, np.array([0.0, 4.0]))
    assert run.backward.flows[0].tolist() == [np.inf, run.flow[1] / 4]


@pytest.mark.parametrize("run", [RUN, batchnorm_recorded(), mlp_recorded(), rnn_recorded()],
                         ids=["network", "batch norm", "mlp", "rnn"])  # fmt: skip
def test_a_change_that_changes_nothing(run):
    backward = run.backward
    assert backward.replaced(Change()) == {}
    same = Change(at=dict.fromkeys(backward.flows, lambda flow: flow))
    again = Change(rules={way: lambda flow, way=way: backward.through(way, flow) for way in backward.passed})
    for change in (same, again):
        for number, flow in backward.replaced(change).items():
            np.testing.assert_allclose(flow, backward.flows[number], rtol=1e-12, atol=1e-15)


def test_a_way_that_is_cut_holds_its_operand_fast():
    """If x in a ∘ x is a constant, the derivative goes through x w alone."""
    change = Change(rules={Way(TIMES.number, 1): lambda flow: np.zeros(X.shape)})
    changed = RUN.backward.replaced(change)
    assert set(changed) == {LEAF_X}
    np.testing.assert_allclose(
        changed[LEAF_X], differences(lambda x: (np.tanh(x @ W) * X) @ V, X, RUN.flow), rtol=1e-6, atol=1e-9
    )


@pytest.mark.parametrize("t", [0.0, 2.0, -1.5])
def test_an_array_whose_gradient_is_scaled(t):
    """f(a₀ + t (a − a₀)) has the slope t by a."""
    a0 = np.tanh(X @ W)
    changed = RUN.backward.replaced(Change(at={TANH.number: lambda flow: t * flow}))
    for number, function, at in (
        (LEAF_W, lambda w: ((a0 + t * (np.tanh(X @ w) - a0)) * X) @ V, W),
        (LEAF_X, lambda x: ((a0 + t * (np.tanh(x @ W) - a0)) * x) @ V, X),
    ):
        np.testing.assert_allclose(changed[number], differences(function, at, RUN.flow), rtol=1e-6, atol=1e-8)
    assert LEAF_V not in changed
    np.testing.assert_allclose(changed[TANH.number], t * RUN.backward.flows[TANH.number])


def test_another_rule_on_a_way():
    """σ′ in the place of tanh′."""
    a = np.tanh(X @ W)
    changed = RUN.backward.replaced(Change(rules={Way(TANH.number, 0): lambda flow: flow * a * (1 - a)}))
    dz = (RUN.flow @ V.T) * X * a * (1 - a)
    np.testing.assert_allclose(changed[LEAF_W], X.T @ dz, rtol=1e-12)
    np.testing.assert_allclose(changed[LEAF_X], (RUN.flow @ V.T) * a + dz @ W.T, rtol=1e-12)


def test_a_jump_brings_something_from_one_array_to_another():
    """dW gets the gradient of a, besides its own."""
    jump = Change(jumps={(TANH.number, LEAF_W): lambda flow: flow.sum(axis=0) * np.ones((3, 3))})
    changed = RUN.backward.replaced(jump)
    more = ((RUN.flow @ V.T) * X).sum(axis=0) * np.ones((3, 3))
    assert set(changed) == {LEAF_W}
    np.testing.assert_allclose(changed[LEAF_W], RUN.backward.flows[LEAF_W] + more, rtol=1e-12)


def test_changes_act_on_what_arrives_after_the_changes_before_them():
    """The gradient is doubled at b and halved at a, and the jump from a takes the result of both."""
    change = Change(
        at={TIMES.number: lambda flow: 2 * flow, TANH.number: lambda flow: flow + 1.0},
        jumps={(TANH.number, LEAF_V): lambda flow: flow[:3, :2]},
    )
    changed = RUN.backward.replaced(change)
    da = 2 * (RUN.flow @ V.T) * X + 1.0
    dz = da * (1 - np.tanh(X @ W) ** 2)
    np.testing.assert_allclose(changed[TANH.number], da, rtol=1e-12)
    np.testing.assert_allclose(changed[LEAF_W], X.T @ dz, rtol=1e-12)
    np.testing.assert_allclose(changed[LEAF_V], RUN.backward.flows[LEAF_V] + da[:3, :2], rtol=1e-12)
    np.testing.assert_allclose(changed[LEAF_X], dz @ W.T + 2 * (RUN.flow @ V.T) * np.tanh(X @ W), rtol=1e-12)


def test_two_changes_at_once():
    first = Change(rules={Way(TANH.number, 0): lambda flow: flow}, at={TANH.number: lambda flow: 2 * flow})
    second = Change(rules={Way(TANH.number, 0): lambda flow: 3 * flow}, jumps={(TIMES.number, LEAF_V): lambda flow: V})
    both = first.and_also(second)
    assert both.at == first.at
    assert both.jumps == second.jumps
    assert both.rules[Way(TANH.number, 0)](1.0) == 3.0  # the later rule counts
    np.testing.assert_allclose(RUN.backward.replaced(both)[LEAF_W], X.T @ (6 * (RUN.flow @ V.T) * X), rtol=1e-12)


def test_a_replaced_pass_leaves_the_right_one_as_it_is():
    before = {number: flow.copy() for number, flow in RUN.backward.flows.items()}
    RUN.backward.replaced(Change(at={TIMES.number: lambda flow: flow * 0.0}))
    for number, flow in RUN.backward.flows.items():
        np.testing.assert_array_equal(flow, before[number])


def test_an_edited_pass_can_be_changed_again():
    first = Change(rules={Way(TANH.number, 0): lambda flow: flow})
    second = Change(at={TIMES.number: lambda flow: 3 * flow})
    edited = EditedPass(RUN.backward, first)
    for number, flow in RUN.backward.replaced(first).items():
        np.testing.assert_array_equal(edited.flows[number], flow)
    assert edited.passed[Way(TANH.number, 0)] is edited.flows[TANH.number]
    np.testing.assert_allclose(edited.through(Way(RESULT.number, 0), RUN.flow), RUN.flow @ V.T, rtol=1e-14)
    np.testing.assert_array_equal(
        edited.replaced(second)[LEAF_W], RUN.backward.replaced(first.and_also(second))[LEAF_W]
    )


def test_a_pass_without_a_way():
    run = recorded(lambda x: np.exp(x) * 3 + np.sin(x), {"x": X}, np.ones(X.shape))
    sine = next(node for node in run.program.assignments if isinstance(node, Map) and node.op.name == "sin")
    less = run.backward.without([Way(sine.number, 0)])
    np.testing.assert_allclose(less.flows[run.inputs["x"].number], 3 * np.exp(X))


def test_several_jumps_may_start_from_one_array():
    jump = Change(
        jumps={(TANH.number, LEAF_W): lambda flow: flow[:3], (TANH.number, LEAF_V): lambda flow: flow[:3, 1:]}
    )
    changed, da = RUN.backward.replaced(jump), RUN.backward.flows[TANH.number]
    np.testing.assert_allclose(changed[LEAF_W], RUN.backward.flows[LEAF_W] + da[:3], rtol=1e-12)
    np.testing.assert_allclose(changed[LEAF_V], RUN.backward.flows[LEAF_V] + da[:3, 1:], rtol=1e-12)


def test_two_changes_at_one_array_act_one_after_the_other():
    double, add = (Change(at={TANH.number: rule}) for rule in (lambda flow: 2 * flow, lambda flow: flow + 1.0))
    changed = RUN.backward.replaced(double.and_also(add))
    np.testing.assert_allclose(changed[TANH.number], 2 * RUN.backward.flows[TANH.number] + 1.0, rtol=1e-12)
    after = EditedPass(EditedPass(RUN.backward, double), add)
    np.testing.assert_allclose(after.flows[TANH.number], changed[TANH.number], rtol=1e-12)
    assert after.changed == {TANH.number}
    assert RUN.backward.changed == set()
