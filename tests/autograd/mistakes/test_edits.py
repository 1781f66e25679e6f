"""Claims about edits: the names of arrays, lists of names, and the ways that one line of source made."""

import numpy as np
import pytest

from autograd import table
from autograd.mistakes.edits import (
    axes_told,
    base,
    called,
    fixed,
    form,
    gradient_told,
    groups,
    leading,
    listed,
    number,
    uses,
)
from autograd.programs.assignments import Constant, Contraction, Map, Place, View
from autograd.programs.reverse import Change
from tests.helpers.by_hand import NET, NET_OUT, RNN, RNN_OUT, network, normal, recorded, recurrent

FOUND = recorded(network, NET, NET_OUT)
STEPS = recorded(recurrent, RNN, RNN_OUT)


@pytest.mark.parametrize(
    ("names", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"), (["a", "a"], "a"),
     (["h(1)", "h(2)", "h(3)"], "h(1) … h(3)"), (["h(10)", "h(9)", "h(11)"], "h(9) … h(11)"),
     (["h(1)", "z(1)"], "h(1) and z(1)"),
     (["h[1]", "h[-1]", "h[0]"], "h[-1] … h[1]"), (["h(2)", "h", "h(1)"], "h … h(2)"),
     (["a[1](1)", "a[1](2)", "a[1](3)", "a[2](1)", "x(1)"], "a[1], a[2](1) and x(1)")],
)  # fmt: skip
def test_names_are_listed(names, text):
    assert listed(names) == text


def test_names_with_numbers_are_told_in_order():
    assert listed(["w6", "w10", "w5"]) == "w5, w6 and w10"
    assert listed(["w6", "w5"]) == "w6 and w5"
    assert listed(["W[0]", "W[2]", "W[3]"]) == "W[0], W[2] and W[3]"
    assert listed([f"h({k})" for k in (1, 2, 3, 5)]) == "h(1) … h(3) and h(5)"
    assert listed([f"h({2 * k})" for k in range(9)]) == "h(0) … h(16)"
    assert listed(["w6", "b", "w5"]) == "w6, b and w5"


def test_a_name_without_the_number_of_its_turn():
    assert base("h(2)") == "h"
    assert base("W") == "W"


def test_what_arrays_are_called():
    def forward(x, W):
        y = x @ W.T
        first = x[0] * 2.0
        return np.exp(y).sum() + np.multiply(*x).sum() + first.sum() + 0.5

    found = recorded(forward, {"x": normal(2, 3), "W": normal(4, 3)})
    names = [called(array) for array in found.program.assignments]
    assert {"x", "W", "y", "first", "W.T", "`x[0]`", "a part of x", "`np.exp(y)`", "0.5"} <= set(names)
    nameless = Constant(value=np.ones((2, 3)))
    assert called(nameless) == "an array of shape (2, 3)"
    reshaped = View(value=np.ones(6), operands=(found.inputs["x"],), source=np.zeros(6, int), index=np.arange(6))
    assert called(reshaped) == "x"
    repeated = View(value=np.ones(8), operands=(found.inputs["x"],), source=np.zeros(8, int), index=np.zeros(8, int))
    assert called(repeated) == "the values taken from x"
    turned = View(value=np.ones(6), operands=(nameless,), source=np.zeros(6, int), index=np.arange(6)[::-1])
    assert called(turned) == "the rearranged array of shape (2, 3)"
    summed = Contraction(value=np.ones(()), operands=(found.inputs["x"],), letters=("ab",), out="")
    root = Map(value=np.ones(()), operands=(summed,), op=table.SQRT)
    assert called(root) == "a number"  # not `sqrt(the sum of …)`


def test_what_a_way_passes_back_is_called():
    """The operation is named only if the array has other uses."""
    inputs = {"x": normal(3, 3), "W": normal(3, 3)}
    found = recorded(lambda x, W: (x @ W) * np.sin(x @ x.T), inputs, normal(3, 3))
    to = uses(found)
    told = {gradient_told(found, to, [way]) for ways in to.values() for way in ways}
    assert "the gradient of W" in told
    assert len({text for text in told if text.startswith("the gradient of x through ")}) > 1
    assert "the gradient of x" not in told


def test_axes_are_told():
    assert axes_told((0,)) == "axis 0"
    assert axes_told((0, 2, 3)) == "axes 0, 2 and 3"


def test_the_ways_of_one_line_are_together_and_each_alone():
    tanhs = [way for way in STEPS.backward.passed
             if isinstance(node := STEPS.program.assignments[way.number], Map) and node.op.name == "tanh"]  # fmt: skip
    assert len(tanhs) == 3
    found = list(groups(STEPS, tanhs))
    assert sorted(map(len, found)) == [1, 1, 1, 2, 3]  # the last turn alone, and all the others
    assert len(found[0]) == 3  # the group of all comes first


def test_the_ways_of_lines_of_one_form_are_together():
    def forward(x, w1, w2, v):
        h1 = np.tanh(w1 * x)
        h2 = np.tanh(w2 * x)
        g = np.tanh(v * x)
        return h1 + h2 + g

    found = recorded(forward, {name: normal(3) for name in ("x", "w1", "w2", "v")}, np.ones(3))
    tanhs = [way for way in found.backward.passed if found.target(way).operands and found.node(way).op.name == "tanh"]
    assert len(tanhs) == 3
    assert sorted(map(len, groups(found, tanhs))) == [1, 1, 1, 2]


def test_groups_of_one_shape_alone():
    def forward(x, W, V):
        for M in (W, V):
            x = x @ M
        return x * 1.0

    found = recorded(forward, {"x": normal(2, 3), "W": normal(3, 4), "V": normal(4, 3)}, np.ones((2, 3)))
    products = [way for way in found.backward.passed if way.position == 0 and
                type(found.program.assignments[way.number]).__name__ == "Contraction"]  # fmt: skip
    assert max(map(len, groups(found, products))) == 2
    assert max(map(len, groups(found, products, alike=True))) == 1


def test_the_ways_from_an_array_and_to_it():
    a1 = FOUND.named["a1"]
    assert [way.number for way in leading(FOUND, a1)] == [a1.number]
    (use,) = uses(FOUND)[a1.number]
    assert FOUND.program.assignments[use.number].operands[use.position] is a1
    assert sum(map(len, uses(FOUND).values())) == len(FOUND.backward.passed)


def test_a_fixed_edit_has_no_number_open():
    change = Change()
    edit = fixed(change, "what it is", 3, iter(()), kind="a kind", data=[1])
    assert edit.change(7.0) is change
    assert edit.text(7.0) == "what it is"
    assert not edit.fitted
    assert (edit.rank, edit.ways, edit.kind, edit.data) == (3, (), "a kind", (1,))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, "0.5"), (1 / 6, "1/6"), (-1 / 3, "-0.333333"), (0.0, "0"), (0.12345678, "0.123457"), (2.0, "2")],
)
def test_a_number_is_written_by_its_inverse_where_six_digits_do_not_tell(value, text):
    assert number(value) == text


def test_lines_without_a_source_have_no_form_in_common():
    one, two = (Place("", line, "", ("code", line), ("code", line)) for line in (1, 2))
    assert form(one) != form(two)
    assert form(one) == form(one)
