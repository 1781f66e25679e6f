"""Claims about relatives: arrays that have the same relation to each of several arrays."""

import numpy as np

from autograd.mistakes.relatives import above, below, relatives, variables
from tests.helpers.by_hand import NET, NET_OUT, RNN, RNN_OUT, network, normal, recorded, recurrent

STEPS = recorded(recurrent, RNN, RNN_OUT)
H = [STEPS.named[f"h({t})"] for t in (1, 2, 3)]
Z = [STEPS.named[f"z({t})"] for t in (1, 2, 3)]


def test_what_arrays_are_made_of_in_the_same_way():
    found = list(relatives(H, [(4,)] * 3))
    assert Z in found
    assert all(len(several) == 3 and all(array.shape == (4,) for array in several) for several in found)
    assert H[:2] in list(relatives(H[1:], [(4,)] * 2))  # the state before each step


def test_of_the_shape_that_is_asked_for_alone():
    assert list(relatives(H, [(7,)] * 3)) == []
    assert [several for several in relatives(H, [(2,)] * 3) if [array.shape for array in several] != [(2,)] * 3] == []


def test_what_is_made_of_arrays_as_long_as_it_is_one_thing():
    assert next(iter(above(STEPS, Z))) == H
    assert len(list(above(STEPS, Z))) == 1  # h goes to the next step and to the stack
    found = recorded(network, NET, NET_OUT)
    names = [several[0].name for several in above(found, [found.named["z1"]])]
    assert names[0] == "a1"
    assert found.named["z2"] in [several[0] for several in above(found, [found.named["z1"]])]
    assert list(above(found, [found.result])) == []


def test_zeros_that_a_loop_begins_with_are_relatives_too():
    def steps(x, W):
        h = np.zeros(3)
        for t in range(2):
            h = np.tanh(W @ (x[t] * h) + x[t])
        return h

    found = recorded(steps, {"x": normal(2, 3), "W": normal(3, 3)}, normal(3))
    hs = [found.named["h(1)"], found.named["h(2)"]]
    names = [[array.name for array in several] for several in relatives(hs, [(3,)] * 2)]
    assert ["h", "h(1)"] in names


def test_what_an_array_is_made_of():
    found = recorded(network, NET, NET_OUT)
    made = {name: below(found)[found.named[name].number] for name in ("z1", "a1", "z2")}
    assert {found.inputs[name].number for name in ("x", "W1", "b1")} <= made["z1"] < made["a1"] < made["z2"]
    assert found.inputs["W2"].number in made["z2"] - made["a1"]


def test_what_a_variable_holds_in_each_turn():
    """The nodes may come in any order."""

    def steps(x, W):
        h = x
        for _ in range(3):
            a = h @ W
            h = np.tanh(a)
        return h

    found = recorded(steps, {"x": normal(2, 3), "W": normal(3, 3)}, normal(2, 3))
    nodes = [found.named[f"a({k})"] for k in (3, 1, 2)]
    names = [[array.name for array in several] for several in variables(found, nodes)]
    assert names == [["h(3)", "h(1)", "h(2)"]]
