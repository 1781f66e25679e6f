"""Claims about relatives: what stands in one relation to each of several arrays."""

from autograd.mistakes.relatives import above, relatives
from tests.helpers.by_hand import NET, NET_OUT, RNN, RNN_OUT, network, recorded, recurrent

STEPS = recorded(recurrent, RNN, RNN_OUT)
H = [STEPS.named[f"h({t})"] for t in (1, 2, 3)]
Z = [STEPS.named[f"z({t})"] for t in (1, 2, 3)]


def test_what_arrays_are_made_of_in_the_same_way():
    found = list(relatives(H, [(4,)] * 3))
    assert Z in found
    assert all(len(several) == 3 and all(array.shape == (4,) for array in several) for several in found)
    assert H[:2] in list(relatives(H[1:], [(4,)] * 2))  # what each step began with


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
