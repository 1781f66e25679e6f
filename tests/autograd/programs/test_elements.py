"""Claims about the elements of arrays, and the levels of the graph of their Values."""

import numpy as np
import pytest

from autograd import Value, array
from autograd.arrays.value_array import ValueArray
from autograd.programs.elements import copied, has_values, levels, numbers, taken_apart

V = Value(2.0)


@pytest.mark.parametrize(
    ("given", "expected"),
    [(V, True), (array([1.0]), True), ([1.0, V], True), ((1, [2, (V,)]), True), (np.array([None]), True),
     (1.0, False), ([1.0, (2, 3)], False), (np.ones(3), False), ("V", False), ([], False), ({"a": V}, False)],
)  # fmt: skip
def test_where_there_may_be_values(given, expected):
    assert has_values(given) is expected


def test_an_array_is_its_elements_and_its_shape():
    elements, shape = taken_apart([[V, 1.0], [2.0, V]])
    assert shape == (2, 2)
    assert [x is V for x in elements] == [True, False, False, True]
    assert taken_apart(V) == ([V], ())
    x = array(np.arange(6.0).reshape(2, 3))
    elements, shape = taken_apart(x.T)
    assert shape == (3, 2)
    assert elements == [x[0, 0], x[1, 0], x[0, 1], x[1, 1], x[0, 2], x[1, 2]]


def test_numbers_are_those_of_values_and_of_floats():
    found = numbers([V, 3, np.float32(0.5), True], (2, 2))
    assert found.dtype == np.float64
    assert found.tolist() == [[2.0, 3.0], [0.5, 1.0]]
    assert numbers([], (0, 3)).shape == (0, 3)


def test_a_copy_does_not_see_what_is_written_later():
    x = array([1.0, 2.0])
    before, same = copied(x), np.ones(2)
    first = x[0]
    x[0] = V
    assert before[0] is first
    assert not isinstance(before, ValueArray)
    assert copied(same) is same
    assert copied(V) is V


def test_levels_come_after_those_they_are_made_of():
    a, b = Value(1.0), Value(2.0)
    c, d = a * b, a * 3.0
    e, f = c + d, c * d
    g = e * 2.0
    first, second, third, last = levels([g, f, e], ())
    assert set(first) == {c, d}
    assert [second, third] in ([[e], [f]], [[f], [e]])  # a sum and a product are two groups
    assert last == [g]


def test_levels_end_at_what_is_known():
    a = Value(1.0)
    b = a * 2.0
    c = b + a
    d = c * 3.0
    assert levels([d, 1.0, a], {c}) == [[d]]
    assert levels([c], {c}) == []
    assert levels([a, 2.0], ()) == []


def test_a_level_stands_in_the_order_of_the_elements():
    leaves = [Value(float(k)) for k in range(5)]
    doubled = [leaf * 2.0 for leaf in reversed(leaves)]
    assert levels(doubled, ()) == [doubled]
    assert levels(doubled[::-1], ()) == [doubled[::-1]]


def test_a_deep_graph_takes_no_deep_recursion():
    node = Value(1.0)
    for _ in range(5000):
        node = node + 1.0
    assert len(levels([node], ())) == 5000
