"""Claims about how the buffers of a program are filled."""

import numpy as np

from autograd.lifting.passes.arithmetic import number
from autograd.lifting.passes.filling import Filling, How
from autograd.programs.backward_kinds import Buffer, Put


def put(buffer, *places):
    return Put(operands=(buffer, number(1.0)), index=np.array(places), extents=(len(places),))


def test_what_is_put_first_is_set_and_what_comes_later_is_added():
    buffer = Buffer(extents=(4,))
    first, second, third = put(buffer, 0, 1), put(buffer, 2, 3), put(buffer, 1, 2)
    filling = Filling([first, second, third])
    assert [filling.how[one] for one in (first, second, third)] == [How.SET, How.SET, How.ADD]
    assert buffer not in filling.zeros


def test_a_buffer_begins_with_zeros_if_something_is_added_to_nothing_or_left_out():
    behind, short = Buffer(extents=(3,)), Buffer(extents=(3,))
    early, late, alone = put(behind, 0), put(behind, 0, 1, 2), put(short, 0, 2)
    filling = Filling([early, late, alone])
    assert filling.how[late] is How.ADD
    assert filling.zeros == {behind, short}


def test_places_that_repeat_are_added_one_by_one():
    buffer = Buffer(extents=(2,))
    repeated = put(buffer, 0, 0, 1)
    assert Filling([repeated]).how[repeated] is How.ADD_AT
