"""Claims about the picture of a verdict: it shows the arrays, the ways between them, and the mistake, also in words."""

import re
from html import unescape

import numpy as np
import pytest

from autograd import check_backward
from autograd.mistakes.judged import Reason
from autograd.programs.reverse import Way
from demos.layers.sequences import RECURRENT
from tests.helpers.verdicts import attention_recorded, batchnorm_recorded, mlp_recorded, recorded, rnn_recorded, verdict
from tests.viz.pictures.test_value_graph import text
from tests.viz.pictures.test_value_graph_lines import A4, LEAST, width
from viz import Style, draw


def nodes(picture):
    return {
        name: unescape(text(label))
        for name, label in re.findall(r"^\t(\w+) \[label=<(<TABLE.*>)>", picture.source, re.M)
    }


def edges(picture):
    """Returns {(from, to): attributes}, with the names of the DOT text."""
    found = re.findall(r"^\t(\w+) -> (\w+) \[(.*)\]", picture.source, re.M)
    return {(tail, head): dict(re.findall(r'(\w+)="?([^" ]+)"?', rest)) for tail, head, rest in found}


def missing_mu():
    found = batchnorm_recorded()
    reason = Reason("the path through mu is missing", (Way(found.named["xc"].number, 1),))
    return verdict(found, reason, x=lambda right: right + 1.0, gamma=None, beta=None)


def way_of(picture, equation):
    """Returns the name of the label with this equation."""
    (name,) = [name for name, told in nodes(picture).items() if told.split(" | ")[0] == equation]
    return name


def test_every_named_array_has_a_box():
    boxes = [
        told for told in nodes(draw(missing_mu())).values() if "(" in told and " = " not in told and "+=" not in told
    ]
    assert boxes == [
        "x | (6, 3) | dx | wrong", "gamma | (3,) | dgamma | right", "beta | (3,) | dbeta | right",
        "mu | (3,) | dmu | not given", "xc | (6, 3) | dxc | not given", "var | (3,) | dvar | not given",
        "std | (3,) | dstd | not given", "xhat | (6, 3) | dxhat | not given", "out | (6, 3) | dout | upstream",
    ]  # fmt: skip


def test_every_way_has_its_equation_and_leads_back():
    told = verdict(mlp_recorded(), W1=None)
    picture = draw(told)
    named = {re.split(r" \| ", box)[0]: name for name, box in nodes(picture).items()}
    for way in told.equations.named_ways:
        label = way_of(picture, way.equation)
        assert edges(picture)[named[way.below], label]["dir"] == "back"
        assert edges(picture)[label, named[way.above]]["arrowhead"] == "none"
    assert "loss | a number | dloss | upstream" in nodes(picture).values()


def test_the_mistake_is_thick_and_dashed_and_says_what_it_is():
    picture = draw(missing_mu())
    label = way_of(picture, "dmu = -dxc.sum(axis=0)")
    assert nodes(picture)[label] == "dmu = -dxc.sum(axis=0) | the path through mu is missing"
    strokes = {pair: drawn for pair, drawn in edges(picture).items() if drawn.get("style") == "dashed"}
    assert {label in pair for pair in strokes} == {True}
    assert len(strokes) == 2
    assert {(drawn["penwidth"], drawn["color"]) for drawn in strokes.values()} == {("3.4", "#c9302c")}
    assert "Thick and dashed: where the mistake is." in picture.source


def test_a_reason_of_several_ways_is_told_once():
    found = rnn_recorded()
    steps = tuple(Way(found.named[f"h({t})"].number, 0) for t in (1, 2, 3))
    told = verdict(found, Reason("tanh′ is missing", steps), Reason("another reason", steps[:1]), W=lambda w: w + 1.0)
    picture = draw(told)
    marked = [box for box in nodes(picture).values() if box.startswith("dz(")]
    assert marked == [
        "dz(3) = dh(3) * (1 - h(3)\u00a0**\u00a02) | tanh′ is missing",
        "dz(2) = dh(2) * (1 - h(2)\u00a0**\u00a02)",
        "dz(1) = dh(1) * (1 - h(1)\u00a0**\u00a02) | another reason",
    ]
    assert "dW is wrong: tanh′ is missing; or another reason" in picture.source


def test_long_texts_are_cut():
    found = batchnorm_recorded()
    told = verdict(
        found, Reason("far too long " * 30, (Way(found.named["xc"].number, 1),)), x=lambda right: right + 1.0
    )
    (box,) = [box for box in nodes(draw(told)).values() if "far too long" in box]
    assert len(box.split(" | ")) == 1 + 6
    assert box.endswith(" …")


def test_without_a_reason_every_suspected_way_is_dashed():
    told = verdict(mlp_recorded(), W1=lambda right: right + 1.0, b1=lambda right: right + 1.0, W2=None, b2=None)
    picture = draw(told)
    dashed = {name for pair, drawn in edges(picture).items() if drawn.get("style") == "dashed" for name in pair}
    assert {nodes(picture)[name] for name in dashed if name.startswith("w")} == {
        "dh = dz2 @ W2.T",
        "dz1 = dh * (z1 > 0)",
    }
    assert "Dashed: where the mistake may be." in picture.source
    green = {name for pair, drawn in edges(picture).items() if drawn["color"] == "#1a7f37" for name in pair}
    assert {nodes(picture)[name] for name in green if name.startswith("w")} == {
        "de = dloss * e / 5", "dz2 = de", "db2 = dz2.sum(axis=0)", "dW2 = h.T @ dz2"
    }  # fmt: skip


def test_all_right_is_green_without_a_dash():
    told = verdict(batchnorm_recorded(), x=None, gamma=None, beta=None)
    source = draw(told).source
    assert "dashed" not in source
    assert "#c9302c" not in source
    assert "dx, dgamma and dbeta are right: all 24 numbers agree" in source


def test_the_same_verdict_gives_the_same_text():
    told = missing_mu()
    assert draw(told).source == draw(told).source


def test_names_and_reasons_are_no_markup():
    found = recorded(lambda **given: {'<B>"y': given["a&b\\N"] * 2.0}, {"a&b\\N": np.ones(3)})
    told = verdict(found, Reason("<i>is</i> \\L missing", tuple(found.backward.passed)), **{"a&b\\N": np.zeros(3)})
    source = draw(told).source
    assert "&lt;B&gt;&quot;y" in source
    assert "a&amp;b\\\\N" in source
    assert "&lt;i&gt;is&lt;/i&gt; \\\\L missing" in source
    assert draw(told).pipe(format="svg").startswith(b"<?xml")


@pytest.mark.parametrize("made", [batchnorm_recorded, mlp_recorded, rnn_recorded, attention_recorded])
def test_it_is_drawn(made):
    found = made()
    told = verdict(found, **dict.fromkeys(found.inputs))
    boxes = [box for box in nodes(draw(told)) if "at" not in box]
    assert len(boxes) == len(told.equations.names) + len(told.equations.named_ways)
    assert draw(told).pipe(format="svg").count(b'class="node"') == len(nodes(draw(told)))


def test_what_every_turn_of_a_loop_uses_has_a_box_at_each():
    """So no way passes the turns between, and the picture is as wide for many turns as for few."""
    told = verdict(rnn_recorded(), x=None, W=None, U=None, b=None, V=None)
    further = {name: box for name, box in nodes(draw(told)).items() if "at" in name}
    assert sorted(further.values()) == ["U", "U", "W", "W", "b", "b", "x", "x"]
    links = edges(draw(told))
    for name in further:
        ((_, label),) = [pair for pair in links if pair[0] == name]
        (turn,) = {head for tail, head in links if tail == label}
        assert re.match(r"z\([23]\) ", nodes(draw(told))[turn])
    assert not [name for name in nodes(draw(missing_mu())) if "at" in name], "x has two uses, at mu and xc"


def recurrent(turns):
    """The verdict on a recurrent net by hand, whose states are its output."""
    inputs = {**RECURRENT.inputs, "x": np.ones((2, turns, 4))}
    upstream = np.ones((2, turns, 5))
    gradients = RECURRENT.backward(upstream, RECURRENT.forward(*inputs.values())[1])
    return check_backward(lambda *given: RECURRENT.forward(*given)[0], inputs, gradients, upstream)


def test_a_loop_of_many_turns_is_no_wider_and_its_type_can_be_read_on_paper():
    short, long = draw(recurrent(3)), draw(recurrent(9))
    assert width(long) < 1.1 * width(short)
    assert 11 * A4 / width(long) >= LEAST
    assert [box for name, box in nodes(long).items() if "at" in name].count("out") == 8


def test_its_size_direction_and_style_are_chosen():
    told = missing_mu()
    with pytest.raises(
        ValueError, match=r"this verdict has 9 named arrays, more than max_nodes=8: print\(verdict.text\)"
    ):
        draw(told, max_nodes=8)
    with pytest.raises(ValueError, match="direction is LR, TB, RL or BT; got 'up'"):
        draw(told, direction="up")
    source = draw(told, direction="BT", style=Style(red="#123456")).source
    assert "rankdir=BT" in source
    assert "#123456" in source
