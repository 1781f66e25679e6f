"""Claims about the lines of long graphs: how deep each value lies, and which line it stands in."""

import pytest

from autograd import Value, nodes
from viz.lines import depths, evenly, lines_of, period


def below(root):
    return {value: list(value.parents) for value in nodes(root)}


def recurrence(steps):
    w, u, b, h = (Value(0.3) for _ in range(4))
    for t in range(steps):
        h = (w * h + u * float(t) + b).tanh()
    return 0.5 * (h - 1.0) ** 2


def test_an_operation_is_as_deep_as_those_that_use_it_allow():
    a, b = Value(2.0), Value(3.0)
    early = a.exp()
    late = b.tanh().tanh().tanh()
    result = early * late
    depth = depths(below(result))
    assert (depth[a], depth[b], depth[late], depth[result]) == (0, 0, 3, 4)
    assert depth[early] == 3, "beside the value that it is multiplied with"


@pytest.mark.parametrize(("count", "longest", "length"), [(3, 3, 0), (4, 3, 2), (7, 3, 3), (8, 3, 3), (9, 4, 3)])
def test_lines_are_about_equally_long(count, longest, length):
    assert evenly(count, longest) == length


def test_a_leaf_stands_where_it_is_first_used():
    C = recurrence(3)
    lines = lines_of(below(C), 4)
    shared = next(value for value in lines if value.op is None)
    assert lines[shared] == 0
    assert lines[C] == max(lines.values()) == 3
    assert set(lines_of(below(C), 0).values()) == {0}


def test_a_recurrence_repeats_after_the_operations_of_a_step():
    assert period(depths(below(recurrence(6)))) == 4
    chain = Value(0.5)
    for _ in range(8):
        chain = chain.tanh().sin()
    assert period(depths(below(chain))) == 2
    assert period(depths(below(chain.tanh().tanh().exp().sin().exp().relu().exp()))) == 0
    assert period(depths(below(Value(1.0) * 2))) == 0
