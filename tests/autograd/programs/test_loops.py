"""Claims about loops as assignments."""

import numpy as np

from autograd import table
from autograd.programs.assignments import Leaf, Map
from autograd.programs.loops import Carried, Loop, Step, everything, leaves, outside


def a_loop():
    """h = h + w · x[t], four times."""
    x, w, start = Leaf(name="x", extents=(4,)), Leaf(name="w", extents=()), Leaf(name="start", extents=())
    h, now = Carried(name="h", operands=(start,), extents=()), Step(name="now", operands=(x,), extents=())
    product = Map(op=table.MUL, operands=(w, now), extents=())
    after = Map(name="after", op=table.ADD, operands=(h, product), extents=())
    return Loop(steps=4, body=[after], carried=[(h, after)]), (x, w, start), (h, now, product, after)


def test_what_is_kept_has_an_axis_of_the_steps_in_front():
    loop, _, (*_, after) = a_loop()
    kept = loop.keep(after)
    assert kept.shape == (4,)
    assert loop.keep(after) is kept
    assert loop.end(after).shape == ()
    assert (loop.kept, list(loop.ends)) == ({after: kept}, [after])


def test_a_loop_reads_what_is_no_part_of_it():
    loop, (x, w, start), (h, now, _, after) = a_loop()
    assert {*outside(loop)} == {x, w, start}
    assert {*leaves(loop)} == {after, h, now, w}
    assert [*everything([loop])] == [loop, after]
    assert np.prod(loop.keep(h).shape) == 4
