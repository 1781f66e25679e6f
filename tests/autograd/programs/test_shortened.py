"""Claims about chains of views in a program."""

import numpy as np
import pytest

from autograd.programs.assignments import Constant, Contraction, Leaf, Place, Program, View
from autograd.programs.shortened import shortened

PLACES = np.arange(6).reshape(2, 3)


def leaf():
    return Leaf(value=np.arange(6.0).reshape(2, 3), name="x")


def view(of, places=PLACES, line=0):
    place = Place("", line, f"line {line}", (line,), (line,))
    return View(value=of.value.ravel()[places], operands=(of,), source=np.zeros_like(places), index=places, place=place)


def summed(of):
    letters = "abc"[: of.value.ndim]
    return Contraction(
        value=of.value.sum(), operands=(of,), letters=(letters,), out="", place=Place("", 7, "", (7,), (7,))
    )


def program_of(*nodes):
    program = Program()
    for node in nodes:
        program.add(node)
    return program


@pytest.mark.parametrize("is_named", [True, False])
def test_a_chain_of_views_that_are_each_the_only_use_is_one_array(is_named):
    x = leaf()
    first = view(x)
    second = view(first)
    result = summed(second)
    program = program_of(x, first, second, result)
    assert shortened(program, {first, second} if is_named else set(), set(), result) == {first: x, second: x}
    assert program.assignments == [x, result]
    assert (result.operands, result.number) == ((x,), 1)


def test_other_views_stay():
    """One in another shape or order, one beside another use, and the result."""
    for places in (PLACES.T, PLACES[::-1], PLACES.ravel(), PLACES[:1]):
        other = view(x := leaf(), places)
        program = program_of(x, other, result := summed(other))
        assert shortened(program, set(), {*program.assignments}, result) == {}
        assert program.assignments == [x, other, result]
    program = program_of(x := leaf(), one := view(x), summed(one), other := view(x), result := summed(other))
    assert shortened(program, set(), {*program.assignments}, result) == {}
    assert len(program.assignments) == 5
    program = program_of(x := leaf(), result := view(x))
    assert shortened(program, set(), {*program.assignments}, result) == {}
    assert program.assignments == [x, result]


def test_a_view_without_a_name_that_only_another_view_takes_is_a_part_of_that_view():
    x, numbers = leaf(), Constant(value=np.array([7.0, 8.0]))
    turned = view(x, PLACES.T)
    padded = View(value=np.array([7.0, 3.0, 0.0, 8.0]), operands=(numbers, turned),
                  source=np.array([0, 1, 1, 0]), index=np.array([0, 1, 0, 1]))  # fmt: skip
    part = View(value=padded.value[1:], operands=(padded,), source=np.zeros(3, dtype=int), index=np.arange(1, 4))
    for named, left in ((set(), [x, numbers]), ({turned}, [numbers, turned]), ({padded}, [padded])):
        nodes = [x, numbers, turned, padded, part]
        kept = [View(value=n.value, operands=n.operands, source=n.source, index=n.index) if isinstance(n, View) else n
                for n in nodes]  # fmt: skip
        new = dict(zip(nodes, kept, strict=True))
        for node in kept:
            node.operands = tuple(new[operand] for operand in node.operands)
        program = program_of(*kept, result := summed(new[part]))
        assert shortened(program, {new[array] for array in named}, {*kept}, result) == {}
        assert sorted(x.number for x in new[part].operands) == sorted(new[x].number for x in left)
        again = new[part].forward(
            [operand.forward([x.value for x in operand.operands]) for operand in new[part].operands]
        )
        np.testing.assert_array_equal(again, [3.0, 0.0, 8.0])


def test_a_view_without_a_name_that_no_array_is_made_of_is_not_needed():
    x = leaf()
    unused, result = view(x, PLACES[:1]), summed(x)
    program = program_of(x, unused, result)
    assert shortened(program, set(), set(), result) == {}
    assert program.assignments == [x, result]


def test_a_view_without_a_name_is_not_needed_where_a_view_has_more_elements_of_its_array():
    """An example is a stack of windows, some of which have elements of their own."""
    for is_alone in (False, True):
        x = leaf()
        row = view(x, PLACES[1])
        source = np.zeros(3, dtype=int) if is_alone else np.array([0, 1, 1])
        joined = View(value=np.array([3.0, 4.0, 5.0]), operands=(row,) if is_alone else (row, x), source=source,
                      index=np.arange(3) if is_alone else np.array([0, 4, 5]))  # fmt: skip
        result = summed(joined)
        program = program_of(x, row, joined, result)
        assert shortened(program, {joined}, set(), result) == ({joined: row} if is_alone else {})
        assert program.assignments == ([x, row, result] if is_alone else [x, joined, result])
        if not is_alone:
            np.testing.assert_array_equal(joined.forward([x.value]), [3.0, 4.0, 5.0])


def test_a_view_without_a_name_has_the_place_of_the_operation_on_its_line():
    for line, named, expected in ((7, False, 7), (3, False, 3), (7, True, 7)):
        part = view(x := leaf(), PLACES[:1], line)
        before, result = part.place, summed(part)
        program = program_of(x, part, result)
        shortened(program, {part} if named else set(), {part}, result)
        assert part.place.line == expected
        assert (part.place is result.place) == (line == 7 and not named)
        assert part.place in (before, result.place)
