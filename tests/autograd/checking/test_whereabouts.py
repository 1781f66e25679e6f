"""Claims about the place of a mistake: it is among the listed ways, and right gradients clear the ways they came by."""

import numpy as np
import pytest

from autograd import check_backward
from autograd.programs.reverse import Change, Way
from tests.helpers.verdicts import attention_recorded, batchnorm_recorded, mlp_recorded, recorded, rnn_recorded, verdict


def with_mistake(found, *ways):
    """Returns the gradients of a pass with a factor of 1.7 at these ways."""
    backward = found.backward
    return backward.replaced(Change({way: lambda flow, way=way: 1.7 * backward.through(way, flow) for way in ways}))


def judged(found, wrong, names):
    """Returns the verdict on the gradients of these arrays, with a mistake in the pass."""
    mine = {name: wrong.get(found.named[name].number) for name in names}
    return verdict(found, **mine)


@pytest.mark.parametrize("made", [batchnorm_recorded, mlp_recorded, rnn_recorded, attention_recorded])
def test_a_mistake_is_on_one_of_the_suspected_ways(made):
    """For a mistake on any way, whether only inputs are given or also some intermediate arrays."""
    found = made()
    inner = [name for name in found.named if name not in found.inputs and found.named[name] is not found.result]
    for node in found.backward.order:
        for way in found.backward.ways(node):
            wrong = with_mistake(found, way)
            for names in (found.inputs, [*found.inputs, inner[0]], [*found.inputs, *inner[::2]], found.named):
                told = judged(found, wrong, names)
                if told.agrees():
                    continue  # the mistake was on a way to an array that is not given
                held = told.whereabouts.suspects
                assert any(way in each.ways for each in held)
                assert not set(held) & told.whereabouts.cleared
                assert any(each.equation in told.where for each in held)


def test_the_more_is_given_the_fewer_ways_are_suspected():
    found = batchnorm_recorded()
    wrong = with_mistake(found, Way(found.named["xc"].number, 1))
    counts = []
    for names in (["x"], ["x", "gamma"], ["x", "xhat"], ["x", "xhat", "xc"], ["x", "xhat", "xc", "mu"]):
        told = judged(found, wrong, names)
        counts.append(len(told.whereabouts.suspects))
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 8
    assert counts[-1] == 1
    assert told.where == (
        "going back from out, dxc is the last right gradient and dmu is the first wrong one\n"
        "if there is one mistake, it is in the step that only dmu and dx depend on:\n"
        "  dmu = -dxc.sum(axis=0)"
    )


def test_inputs_alone():
    found = mlp_recorded()
    wrong = with_mistake(found, Way(found.named["h"].number, 0))
    assert judged(found, wrong, ["W1", "b1", "W2", "b2"]).where == (
        "going back from loss, db2 and dW2 are right and db1 is the first wrong one\n"
        "if there is one mistake, it is in one of the steps that only db1 and dW1 depend on:\n"
        "  dh = dz2 @ W2.T\n"
        "  dz1 = dh * (z1 > 0)\n"
        'give dh too, as "h", to halve the search'
    )


def test_two_mistakes_that_have_no_way_in_common():
    found = mlp_recorded()
    ways = [Way(node.number, k) for name in ("z1", "z2") for node in [found.named[name]] for k in (1,)]
    told = judged(found, with_mistake(found, *ways), ["W1", "b1", "W2", "b2"])
    assert "there are at least two mistakes, in steps that only db2 and db1 depend on:" in told.where
    assert "  db2 = dz2.sum(axis=0)\n  db1 = dz1.sum(axis=0)" in told.where


def test_what_was_not_gone_on_with():
    told = verdict(batchnorm_recorded(), xhat=lambda right: 2.0 * right, x=None, gamma=None)
    assert told.where == (
        "dxhat is wrong, but dx is computed from it and is right: your code computed with another dxhat than you gave"
    )


def test_zeros_that_are_right_clear_no_way():
    found = recorded(lambda x, w, v: {"h": np.maximum(x @ w, 0.0), "y": np.maximum(x @ w, 0.0) @ v - x.sum()},
                     {"x": np.array([1.0, 2.0]), "w": -np.ones((2, 2)), "v": np.ones(2)})  # fmt: skip
    told = verdict(found, w=None, v=None, x=np.ones(2))
    assert not told.whereabouts.cleared, "h is dead, and dw and dv are zero whatever is passed on"
    assert len(told.whereabouts.suspects) == len([way for way in told.equations.named_ways if way.below == "x"])


def test_what_cancels_clears_no_way():
    """The gradient from var to xc has the sum 0, so dmu is right for any factor of it."""
    found = batchnorm_recorded()
    told = judged(found, with_mistake(found, Way(found.named["var"].number - 2, 0)), ["x", "mu"])
    assert str(told) == "dmu is right; dx is wrong"
    assert "dxc += 2 * dvar * xc / 6" in told.where


def test_nothing_is_suspected_if_all_is_right():
    told = verdict(batchnorm_recorded(), x=None, gamma=None)
    assert told.where == ""
    assert told.whereabouts.suspects == []


def test_what_several_wrong_gradients_came_by_is_no_way_of_one_of_them():
    """If both dW and db are wrong, the mistake is neither in dW = x.T @ dz(3) nor in db += dz(3)."""
    found = rnn_recorded()
    told = judged(found, with_mistake(found, Way(found.named["h(2)"].number, 0)), found.inputs)
    assert {way.below for way in told.whereabouts.suspects} == {f"{name}({t})" for name in "zh" for t in (1, 2, 3)}


def test_many_equations_are_counted():
    found = rnn_recorded()
    told = verdict(found, W=lambda right: right + 1.0)
    assert told.where.count("\n  ") == 9
    assert "  and 1 more" in told.where
    assert np.isfinite(told.wrong[0].difference)


def test_steps_that_are_written_to_an_array_have_names_and_equations():
    def forward(x, U):
        h = np.zeros((4, 2), dtype=x.dtype)
        for t in range(3):
            h[t + 1] = np.tanh(x[t] + h[t] @ U)
        return h[3]

    x, U, dout = (np.random.default_rng(0).normal(size=shape) for shape in ((3, 2), (2, 2), 2))
    h = np.zeros((4, 2))
    for t in range(3):
        h[t + 1] = np.tanh(x[t] + h[t] @ U)
    dU, dh = np.zeros((2, 2)), dout
    for t in (2, 1, 0):
        dz = dh * (1 - h[t + 1] ** 2)
        dU += np.outer(h[t + 1], dz)  # where h[t] belongs
        dh = dz @ U.T
    verdict = check_backward(forward, {"x": x, "U": U}, {"U": dU}, dout)
    told = "what each turn makes, h[1] … h[3], is used instead of h[0] … h[2] in the gradient of U through `h[t] @ U`"
    assert verdict.why == told
    assert "dU += np.outer(h[1], dh[2] * (1 - h[2] ** 2))" in verdict.where
    assert check_backward(forward, {"x": x, "U": U}, {"h[2]": (dout * (1 - h[3] ** 2)) @ U.T}, dout)


def test_a_step_with_repeated_indices_is_a_step():
    ids, C, dout = np.array([[0, 0], [1, 2]]), np.arange(8.0).reshape(4, 2), np.arange(1.0, 9.0).reshape(2, 2, 2)
    dC = np.zeros_like(C)
    np.add.at(dC, ids, dout)
    assert check_backward(lambda C: C[ids], {"C": C}, {"C": dC}, dout)
    for k in range(2):
        dC[ids[k]] = dout[k]
    assert check_backward(lambda C: C[ids], {"C": C}, {"C": dC}, dout).where.endswith(
        "\n  np.add.at(dC, [[0, 0], [1, 2]], dout)"
    )
