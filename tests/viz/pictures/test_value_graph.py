"""Claims about draw: its DOT text, which is always the same for the same graph."""

import math
import re

import pytest

from autograd import ChangedValueWarning, Value, dot
from demos.scalar_chain import chain
from nn import MLP, compare
from viz import draw


def edges(picture):
    """Returns (tail, head, text, attributes) of every edge. The text is in its own node, in the middle of the edge."""
    labels = labels_of(picture)
    found = []
    for tail, head, attributes in re.findall(r"^\t+(\w+) -> (\w+)(?: \[(.*)\])?$", picture.source, re.M):
        if tail not in labels:
            label = labels.get(head, "")
            found.append((tail, head.split("e")[0], label, attributes.replace("arrowhead=none ", "")))
    return found


def labels_of(picture):
    """Returns the text of every edge, by the name of the text's node."""
    rows = re.findall(r"^\t+(o\d+e\d+) \[label=<(.*)> fontsize", picture.source, re.M)
    return {name: text(label).replace(" | ", " ") for name, label in rows}


def boxes(picture):
    """Returns the text of every node, by its name."""
    return {
        name: text(label) for name, label in re.findall(r"^\t+([no]\d+(?:l\d+)?) \[label=<(.*)>", picture.source, re.M)
    }


def text(html):
    cells = re.findall(r">([^<>]+)<", html)
    return " | ".join(cell for cell in cells if cell.strip())


def neuron():
    x, w, b = Value(2.0, "x"), Value(-3.0, "w"), Value(1.0, "b")
    z = w * x + b
    z.label = "z"
    a = z.tanh()
    a.label = "a"
    return a


def test_the_dot_text_of_a_product():
    x, y = Value(2.0, "x"), Value(3.0, "y")
    z = x * y
    z.label = "z"
    z.backward()
    lines = draw(z).source.splitlines()
    assert lines[0] == "digraph {"
    assert lines[-1] == "}"
    assert sum("->" in line for line in lines) == 5, "each local derivative stands in its edge"
    assert boxes(draw(z)) == {"n1": "x | 2 | ∂z/∂x | 3", "n2": "y | 3 | ∂z/∂y | 2", "n3": "z | 6 | ∂z/∂z | 1", "o3": ""}
    assert [edge[:3] for edge in edges(draw(z))] == [("o3", "n3", ""), ("n1", "o3", "y = 3"), ("n2", "o3", "x = 2")]
    assert "o3 [label=<×> shape=ellipse]" in draw(z).source


def test_the_same_graph_gives_the_same_text():
    first, second = neuron(), neuron()
    assert draw(first).source == draw(second).source
    first.backward()
    second.backward()
    assert draw(first).source == draw(second).source == draw(first).source


def test_every_edge_has_its_local_derivative():
    a = neuron()
    a.backward()
    assert [text for tail, _, text, _ in edges(draw(a, wrap=0)) if tail[0] == "n"] == [
        "x = 2",
        "w = −3",
        "1",
        "1",
        "tanh′(z) = 0.000182",
    ]


def test_before_backward_gradients_are_empty_not_zero():
    a = neuron()
    found = boxes(draw(a))
    assert found["n1"] == "w | −3 | ∂a/∂w"
    assert found["n6"] == "a | −0.9999 | ∂a/∂a | saturated | slope 0.000182"
    assert "penwidth" not in draw(a).source
    a.backward()
    assert boxes(draw(a))["n1"] == "w | −3 | ∂a/∂w | 0.000363"
    assert "penwidth" in draw(a).source


def test_drawing_changes_nothing():
    a = neuron()
    draw(a)
    assert a.grad == 0.0
    assert a.parents[0].grad == 0.0


def test_it_shows_this_roots_own_pass_and_what_a_leaf_holds_besides():
    x = Value(3.0, "x")
    y = x * 2
    y.backward()
    y.backward()
    assert boxes(draw(y))["n1"] == "x | 3 | ∂v1/∂x | 2 | its grad now | 4"
    other = x * x
    assert boxes(draw(other))["n1"] == "x | 3 | ∂v1/∂x | its grad now | 4"


def test_its_caption_explains_what_there_is_to_see():
    x = Value(3.0, "x")
    y = x * 2
    before = draw(y).source
    assert "On each edge: the local derivative. The gradients come with backward()." in before
    assert "red above 0" not in before
    y.backward()
    once = draw(y).source
    assert "red above 0, blue and dashed below" in once
    assert "zero_grad()" not in once
    y.backward()
    assert "Its grad now: what backward() has added up in .grad by now; zero_grad() sets it to 0." in draw(y).source
    assert 'label=""' in draw(x).source  # a single leaf has no edges to explain
    x.grad = 0.0
    y.backward()
    assert boxes(draw(y))["n1"] == "x | 3 | ∂v1/∂x | 2"


def test_a_repeated_operand_has_two_edges():
    x = Value(3.0, "x")
    y = x * x
    y.backward()
    assert [e[:3] for e in edges(draw(y)) if e[0] == "n1"] == [("n1", "o2", "x = 3")] * 2
    assert "∂v1/∂x | 6" in boxes(draw(y))["n1"]


def test_local_derivatives_of_a_fused_neuron():
    z = dot([Value(0.5, "w₁"), Value(-2.0, "w₂")], [Value(3.0, "a₁"), Value(4.0, "a₂")], Value(1.0, "b"))
    found = labels_of(draw(z))
    assert [found[f"o6e{i}"] for i in range(1, 6)] == ["a₁ = 3", "a₂ = 4", "w₁ = 0.5000", "w₂ = −2", "1"]
    assert [e[:2] for e in edges(draw(z))][:3] == [("o6", "n6"), ("n1", "o6"), ("n2", "o6")]


def test_signs_have_colours_and_strokes():
    x, y = Value(3.0, "x"), Value(-1.0, "y")
    z = x - 2 * x.relu() + y.relu()
    z.backward()
    by_text = {text: attributes for _, _, text, attributes in edges(draw(z))}
    assert '"#1f5fb4"' in by_text["relu′(x) = 1"]
    assert "style=dashed" in by_text["relu′(x) = 1"]
    assert '"#c9302c"' in by_text["1"]
    assert "style" not in by_text["1"]
    assert "style=dotted" in by_text["relu′(y) = 0"]


@pytest.mark.parametrize(
    "label",
    [
        'say "hi"',
        "a<b",
        "a>b",
        "a&b",
        "<B>bold</B>",
        "back\\slash",
        "\\N",
        "\\n",
        "<<x>>",
        "a|b{c}",
        "-->",
        "inf",
        "nan",
        "3",
        "\x00",
    ],
)
def test_a_label_is_shown_as_typed(label):
    from xml.etree import ElementTree

    x = Value(2.0, label)
    y = x * 3
    y.label = label
    y.backward()
    image = draw(y).pipe(format="svg").decode()
    shown = "".join(ElementTree.fromstring(image).itertext()).replace("\xa0", " ")
    assert label.replace("\x00", "\ufffd") in shown
    assert "<B>bold" not in draw(y).source


def test_a_tab_is_room():
    assert draw(Value(2.0, "\t").tanh()).pipe(format="svg").startswith(b"<?xml")
    assert "a&#160;&#160;&#160;&#160;b" in draw(Value(2.0, "a\tb")).source


def test_melted_between_labels_there_is_one_edge_with_one_factor():
    v = chain()
    v["C"].backward()
    found = draw(v["C"], melt=True, wrap=0)
    assert [e[2] for e in edges(found) if e[0][0] == "n"] == [
        "a⁰ = 0.0500", "w¹ = 0.1500", "σ′(z¹) = 0.2500", "a¹ = 0.5019", "w² = 0.4000", "σ′(z²) = 0.2475",
        "y − a² = −0.5400", "a² − y = 0.5400",
    ]  # fmt: skip
    assert sorted(name for name in boxes(found) if name[0] == "n") == [f"n{i}" for i in range(1, 10)]
    assert re.search(r"o9 \[label=<.*>½ · \(y − a²\)²<.*> shape=ellipse\]", found.source)
    assert boxes(found)["n1"] == boxes(draw(v["C"]))["n1"]
    assert found.source == draw(v["C"], melt=True, wrap=0).source
    long = Value(1.0, "x")
    for _ in range(150):
        long = long * 1.0
    assert draw(long, melt=True).source.count("->") == 3


def test_a_label_that_is_a_number_is_no_constant():
    assert "2·x^(2−1)" in draw(Value(3.0, "x") ** Value(2.0, "2")).source
    assert "o2 [label=<× inf> shape=ellipse]" in draw(Value(2.0) * math.inf).source
    assert "o2 [label=<+ nan> shape=ellipse]" in draw(Value(2.0) + math.nan).source
    a = Value(2.0)
    a.label = 5
    assert boxes(draw(a * 2))["n1"].startswith("5 | 2")


def test_edges_of_changed_data_name_no_operands():
    w, x = Value(2.0, "w"), Value(3.0, "x")
    y = w * x
    assert [e[2] for e in edges(draw(y)) if e[0][0] == "n"] == ["x = 3", "w = 2"]
    w.data = 5.0
    with pytest.warns(ChangedValueWarning):
        assert [e[2] for e in edges(draw(y)) if e[0][0] == "n"] == ["3", "2"]


def test_a_line_break_in_a_label_is_a_line_break():
    y = Value(2.0, "two\nlines") * 3
    assert 'two<BR ALIGN="LEFT"/>lines<BR ALIGN="LEFT"/>' in draw(y).source


def test_labels_cannot_add_to_the_graph():
    y = Value(2.0, '"]; evil [label="x') * 3
    assert draw(y).source.count("->") == 3
    assert "evil [label=" not in re.sub(r"<.*>", "", draw(y).source)


def test_graphs_too_big_to_read():
    y = Value(1.0)
    for _ in range(10_000):
        y = y * 1.0
    with pytest.raises(ValueError, match=r"this graph has 10001 values, more than max_nodes=150: draw an earlier"):
        draw(y)
    small = Value(1.0) * 2 * 3
    with pytest.raises(ValueError, match="has 3 values, more than max_nodes=2"):
        draw(small, max_nodes=2)
    assert len(boxes(draw(small, max_nodes=3))) == 5


def test_what_draw_takes():
    with pytest.raises(TypeError, match=r"draw shows the graph below a Value; got float 2\.0"):
        draw(2.0)
    model = MLP(1, [1])
    with pytest.raises(TypeError, match=r"got MLP: draw\(model\(x\)\) shows one example's"):
        draw(model)
    with pytest.raises(TypeError, match=r"got Comparison: draw_network\(comparison\) shows it"):
        draw(compare(model, [1.0], [1.0]))
    for wrong in (1.5, "9", None, True):
        with pytest.raises(TypeError, match="digits is one of 0 to 17; got"):
            draw(Value(2.0), digits=wrong)
    with pytest.raises(ValueError, match="digits is one of 0 to 17; got 18"):
        draw(Value(2.0), digits=18)
    with pytest.raises(TypeError, match="max_nodes is a whole number, 1 or more; got float nan"):
        draw(Value(2.0), max_nodes=math.nan)
    with pytest.raises(ValueError, match="direction is LR, TB, RL or BT; got 'left'"):
        draw(Value(2.0), direction="left")


def test_a_leaf_alone():
    assert boxes(draw(Value(2.0, "x"))) == {"n1": "x | 2 | ∂x/∂x"}


def test_numbers_that_are_not_finite():
    x = Value(float("inf"), "x")
    y = x * 0
    y.backward()
    assert boxes(draw(y))["n1"].startswith("x | ∞ | ∂v1/∂x | 0")
    assert boxes(draw(y))["n2"].startswith("v1 | nan | ∂v1/∂v1 | 1")


def test_more_digits():
    y = Value(1 / 3, "x") * 1
    assert "0.33333333" in draw(y, digits=8).source


def test_the_direction_is_graphvizs_rankdir():
    assert "rankdir=LR" in draw(neuron()).source
    assert "rankdir=TB" in draw(neuron(), direction="TB").source
