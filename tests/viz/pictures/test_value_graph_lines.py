"""Claims about graphs that are long or have many edges: they wrap into lines, and are drawn in seconds."""

import os
import re

import pytest

from autograd import Value, dot, nodes
from demos.scalar_chain import chain
from tests.viz.pictures.test_value_graph import boxes, edges, labels_of
from viz import draw


def recurrent(n):
    """h ← tanh(w h + u x + b), n times: 6 n + 4 values, and every time step uses w, u and b."""
    w, u, b, h = Value(0.5, "w"), Value(-0.3, "u"), Value(0.1, "b"), Value(0.0, "h")
    for t in range(n):
        h = (w * h + u * Value(float(t % 3)) + b).tanh()
    h.backward()
    return h


def lines(picture):
    """Returns the names of the boxes and circles in each line of the graph, from the top."""
    clusters = picture.source.split("subgraph cluster")[1:]
    return [set(re.findall(r"^\t+([no]\d+(?:l\d+)?) \[", cluster, re.M)) for cluster in reversed(clusters)]


def longest_way(picture, names):
    """Returns the length of the longest path, in operations."""
    after = {}
    for tail, head, *_ in edges(picture):
        after.setdefault(tail, set()).add(head)

    def ways(name):
        return (name[0] == "o") + max((ways(head) for head in after.get(name, ()) if head in names), default=0)

    return max(map(ways, names))


def test_a_long_graph_goes_on_in_the_next_line():
    C = chain()["C"]
    assert lines(draw(C, wrap=0)) == []
    for wrap in (1, 2, 3, 6):
        picture = draw(C, wrap=wrap)
        found = lines(picture)
        assert len(found) == -(-7 // wrap)
        assert all(longest_way(picture, names) <= wrap for names in found)
        for tail, head, *_ in edges(picture):
            assert [names for names in found if {tail, head} <= names], "no edge leads from line to line"
    assert len(lines(draw(C))) == 4, "of itself, in lines of two, which are legible on paper"
    assert lines(draw(Value(2.0).tanh().tanh())) == []


def test_each_value_has_one_box_and_further_down_its_name_and_number():
    h = recurrent(3)
    whole, wrapped = boxes(draw(h, wrap=0)), boxes(draw(h))
    again = {name: text for name, text in wrapped.items() if "l" in name}
    assert {name: text for name, text in wrapped.items() if name not in again} == whole
    assert sorted(set(again.values())) == sorted({whole[name.split("l")[0]].split(" | ∂")[0] for name in again})
    assert [text for text in again.values() if text.startswith("b | ")] == ["b | 0.1000"] * 2
    labels = sorted(labels_of(draw(h)).values())
    assert labels == sorted(labels_of(draw(h, wrap=0)).values()), "no local derivative is lost"


def test_a_step_of_a_recurrence_ends_with_a_line():
    """It has four operations one after another, which end with tanh."""
    h = recurrent(6)
    found = lines(draw(h))
    assert [longest_way(draw(h), names) for names in found] == [2] * 12
    results = [f"n{i}" for i, value in enumerate(nodes(h), 1) if value.op is not None and value.op.name == "tanh"]
    assert [result in names for result, names in zip(results, found[1::2], strict=True)] == [True] * 6


def width(picture):
    return int(re.search(r'width="(\d+)pt"', picture.pipe().decode())[1])


def long_names():
    first, second = Value(1.3, "first_parameter"), Value(-0.7, "second_parameter")
    C = ((first * second).sin() + first.exp() * second.tanh()) ** 2 / (1 + first**2)
    C.backward()
    return C


def sentences():
    """Names as long as those of people's own programs."""
    names = ("learning_rate_of_the_encoder", "price_of_the_first_article", "discount_for_members", "value_added_tax")
    rate, price, discount, tax = (Value(0.3 + 0.2 * i, name) for i, name in enumerate(names))
    total = (price * rate - discount) * tax
    total.label = "total_amount_of_the_invoice"
    C = (total - Value(2.0, "budget_of_the_department")) ** 2
    C.label = "squared_overrun"
    C.backward()
    return C


A4, LEAST = 510, 7  # points: a sheet's width inside its margins, and the least type on it


@pytest.mark.parametrize("how", [{}, {"melt": True}, {"step": 3}, {"hide": "slopes"}, {"size": 20}])
@pytest.mark.parametrize("make", [lambda: chain()["C"], lambda: recurrent(2), long_names, sentences])
def test_on_a_sheet_of_paper_its_type_can_be_read(make, how):
    found = draw(make(), **how)
    least = min(float(size) for size in re.findall('font-size="([0-9.]+)"', found.pipe().decode()))
    assert least * min(1, A4 / width(found)) >= LEAST


def test_on_a_sheet_of_paper_a_long_recurrence_can_be_read():
    assert 11 * A4 / width(draw(recurrent(20))) >= LEAST


def test_long_formulas_make_shorter_lines():
    """So the picture is about as wide as others."""
    h, w, u = Value(0.5, "h0"), Value(0.3, "w"), Value(0.3, "u")
    for i in range(1, 7):
        h = (w * h + u * float(i)).tanh()
        h.label = f"h{i}"
    h.backward()
    assert len(lines(draw(h, melt=True))) == 6
    assert width(draw(h, melt=True)) < 1.2 * width(draw(chain()["C"])) < width(draw(h, melt=True, wrap=3))


def test_vertical_graphs_have_up_to_three_lines_beside_each_other():
    assert len(lines(draw(recurrent(8), direction="TB"))) == 3
    assert len(lines(draw(recurrent(8)))) == 16


@pytest.mark.parametrize("direction", ["LR", "RL", "TB", "BT"])
def test_lines_stand_in_reading_order(direction):
    C = chain()["C"]
    plain = draw(C, direction=direction).pipe(format="plain", encoding="utf-8").splitlines()
    places = {line.split()[1]: tuple(map(float, line.split()[2:4])) for line in plain if line.startswith("node")}
    first, last = places["n1"], places["n9"]
    if direction in ("LR", "RL"):
        assert first[1] > last[1], "from above"
    else:
        assert first[0] < last[0], "from the left"


@pytest.mark.parametrize("n", [20, 24])
def test_a_recurrent_network_is_drawn_in_time(n):
    """It once took minutes, as every time step has edges to the same three leaves."""
    picture, before = draw(recurrent(n)), os.times().children_user
    picture.seconds = 100.0  # for a busy machine
    assert picture.pipe().count(b'class="node"') > 6 * n
    assert os.times().children_user - before < 5


def test_edges_between_the_same_two_values_are_one():
    x = Value(0.5, "x")
    y = dot([x] * 2000, [x] * 2000)
    y.backward()
    picture = draw(y)
    assert list(labels_of(picture).values()) == ["sum of 4000 = 2000"]
    assert boxes(picture)["n1"] == "x | 0.5000 | ∂v1/∂x | 2000"
    assert picture.pipe().startswith(b"<?xml")
    assert [text for *_, text, _ in edges(draw(dot([x] * 2, [x] * 2))) if text] == ["x = 0.5000"] * 4
