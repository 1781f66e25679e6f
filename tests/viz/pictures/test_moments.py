"""Claims about pictures of a step: they show the numbers known by then and those it uses, and nothing moves."""

import re

import pytest

from autograd import Value, backward_steps, label
from demos.scalar_chain import chain
from nn import compare
from tests.helpers.networks import published
from tests.viz.pictures.test_value_graph import boxes
from viz import Style, draw, draw_network, frames
from viz.look import KINDS, Look
from viz.pictures.graph_view import GraphView


def shared():
    """Returns a graph in which a leaf and an inner value are used several times."""
    x, w = Value(0.5, "x"), Value(-1.5, "w")
    h = w * x
    C = (h * x - h.tanh()) ** 2
    label(h=h, C=C)
    C.backward()
    return C


def places(picture):
    """Returns Graphviz's place and size of each box: (name, x, y, width, height)."""
    lines = picture.pipe(format="plain", encoding="utf-8").splitlines()
    return [line.split()[1:6] for line in lines if line.startswith("node")]


def lit(picture):
    """Returns the names of the boxes with amber in them."""
    found = re.findall(r"^\t+(\w+) \[label=(.*)$", picture.source, re.M)
    return {name for name, text in found if f'BGCOLOR="{Style().lit}"' in text}


def test_nothing_is_known_before_it_has_been_worked_out():
    C = shared()
    last = draw(C, step=0).steps
    assert last == 5 + 1 + len(list(backward_steps(C)))
    for step in (0, last):
        found = boxes(draw(C, step=step, wrap=0))
        for i, text in found.items():
            if i[0] == "n":
                numbers = re.findall(r"\| (?=[−\d])", text)
                is_leaf = text.startswith(("x", "w"))
                assert len(numbers) == (2 if step else is_leaf), (step, text)
    with pytest.raises(ValueError, match=rf"step is one of 0 to {last}; got {last + 1}"):
        draw(C, step=last + 1)


def test_gradients_add_up_step_by_step_to_those_of_backward():
    C = shared()
    walk = list(backward_steps(C))
    first = draw(C, step=0).steps - len(walk)
    x = walk[-1].parent if walk[-1].parent.label == "x" else next(s.parent for s in walk if s.parent.label == "x")
    for k in range(len(walk) + 1):
        box = next(text for text in boxes(draw(C, step=first + k, digits=9)).values() if text.startswith("x | "))
        so_far = [step.contribution for step in walk[:k] if step.parent is x]
        shown = box.split("∂C/∂x")[1].strip(" |").replace("−", "-")
        assert (float(shown) if shown else None) == (pytest.approx(sum(so_far)) if so_far else None)
    assert float(shown) == pytest.approx(x.grad)


def test_a_step_lights_what_it_uses_and_makes():
    v = chain()
    picture = draw(v["C"], melt=True, wrap=0, step=3)  # a⁰, w¹, y, … are given; z¹, a¹, z², a², C
    assert "Step 3 of 14: forward, z² = w² · a¹ = 0.2007" in picture.source
    numbers = {text.split(" | ")[0]: name for name, text in boxes(picture).items()}
    assert lit(picture) == {numbers["w²"], numbers["a¹"], numbers["z²"]}
    back = draw(v["C"], melt=True, wrap=0, step=9)
    assert "Step 9 of 14: backward, ∂C/∂z² = σ′(z²) · ∂C/∂a² = 0.2475 × 0.5400 = 0.1337" in back.source
    assert {numbers["z²"], numbers["a²"]} < lit(back)
    assert len(lit(back)) == 3, "and the local derivative between them"


@pytest.mark.parametrize("make", [shared, lambda: chain()["C"]])
@pytest.mark.parametrize("melt", [False, True])
def test_of_a_graph_each_step_uses_what_is_known(make, melt):
    root = make()
    view = (GraphView.of_labels if melt else GraphView.of_operations)(root, 4, "", Look(Style()))
    known = {("value", value) for value in view.names if value.op is None}
    for step in view.steps():
        assert {use for use in step.uses if use[0] != "slope"} <= known
        known |= step.makes
    assert known >= {(kind, value) for kind in ("value", "gradient") for value in view.names}


def test_nothing_moves_from_step_to_step():
    C, both = shared(), compare(*published())
    for what, whole in ((C, draw(C, caption="")), (both, draw_network(both, caption=""))):
        assert len({str(places(picture)) for picture in frames(what)[::3]}) == 1, "the captions have one size"
        assert places(whole) == places(frames(what, caption="")[3])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("melt", [False, True])
def test_blanks_take_the_room_of_the_answers(kind, melt):
    C, both = shared(), compare(*published())
    assert places(draw(C, hide=kind, melt=melt)) == places(draw(C, melt=melt))
    assert places(draw_network(both, hide=kind)) == places(draw_network(both))


def test_what_is_hidden_is_not_in_the_file():
    C = shared()
    whole = [text for name, text in boxes(draw(C, wrap=0)).items() if name[0] == "n"]
    assert all(re.search(r"∂C/∂\w+ \| [−\d.]+$", text) for text in whole)
    exercise = draw(C, hide="gradients", wrap=0)
    left = [text for name, text in boxes(exercise).items() if name[0] == "n"]
    assert [text.rpartition(" | ")[0] for text in whole] == left
    assert "penwidth" not in exercise.source, "its width would tell"
    assert "∂C/∂x" in exercise.source
    assert exercise.source.count('SIDES="B"') == len(whole)
    values = boxes(draw(C, hide="values"))
    assert [text for text in values.values() if text.startswith("h | ∂C")]
    assert [text for text in values.values() if text.startswith("x | 0.5000")], "leaves are given"
    assert "∂C/∂" not in draw(C, hide=("labels", "slopes"), caption="").source
    assert " = " not in draw(C, hide="slopes", caption="").source
    assert "0.0088" not in draw_network(compare(*published()), hide="gradients").source
    assert "0.0088" not in draw_network(compare(*published()), hide="gradients", step=13).source, "nor in its caption"
    with pytest.raises(ValueError, match="hide is one or several of gradients, values, slopes, labels; got 'grads'"):
        draw(C, hide="grads")
