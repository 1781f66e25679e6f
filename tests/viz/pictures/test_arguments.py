"""Claims about the arguments of drawing functions: other libraries' names, sizes, styles, captions."""

import re

import pytest

from autograd import Value, label
from nn import MLP, compare
from tests.viz.pictures.test_value_graph import edges
from viz import Style, draw, draw_network
from viz.style import channels


def neuron():
    """The neuron of demos/guide/slides.md."""
    x, w, b, y = Value(0.5), Value(-1.2), Value(0.3), Value(1.0)
    z = w * x + b
    a = z.tanh()
    C = 0.5 * (y - a) ** 2
    label(x=x, w=w, b=b, y=y, z=z, a=a, C=C)
    C.backward()
    return C


def network():
    return compare(MLP(2, [3, 1], "relu", seed=4), [0.2, -0.7], [1.0])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"rankdir": "TB"}, "draw has no rankdir=: direction= is meant"),
        ({"format": "svg"}, r"draw has no format=: draw\(…\)\.render\('picture\.png'\) takes it from the suffix"),
        ({"captoin": ""}, "draw has no captoin=: caption= is meant"),
        ({"zzz": 1}, "draw has no zzz=; it has melt, step, hide, wrap, size, style, caption, direction, digits, max_"),
    ],
)
def test_an_argument_by_another_name_is_told_its_own(given, says):
    with pytest.raises(TypeError, match=says):
        draw(neuron(), **given)


def test_draw_network_tells_its_own_arguments():
    with pytest.raises(TypeError, match="draw_network has no rankdir=; it has example, step, hide, wrap, size"):
        draw_network(network(), rankdir="TB")


@pytest.mark.parametrize("picture", [lambda **how: draw(neuron(), **how), lambda **how: draw_network(network(), **how)])
def test_size_is_that_of_the_texts_and_of_everything_in_proportion(picture):
    def measures(image):
        return {float(size) for size in re.findall(r'font-size="([\d.]+)"', image)}, [
            float(length) for length in re.search(r'<svg width="(\d+)pt"\s+height="(\d+)pt"', image).groups()
        ]

    small, large = (measures(picture(size=size).pipe(encoding="utf-8")) for size in (12, 36))
    assert small[0] == {11, 12}
    assert large[0] == {33, 36}
    for before, after, near in zip(small[1], large[1], (0.06, 0.15), strict=True):
        assert after == pytest.approx(3 * before, rel=near)
    for wrong in (0, -1, "12", float("nan")):
        with pytest.raises(ValueError, match="size is that of texts, in points, above 0; got"):
            picture(size=wrong)


@pytest.mark.parametrize("picture", [lambda **how: draw(neuron(), **how), lambda **how: draw_network(network(), **how)])
def test_a_caption_can_be_replaced_and_left_out(picture):
    assert "Edges: red" in picture().source or "red above 0" in picture().source
    own = picture(caption="Where does <C> come from?").source
    assert "Where does &lt;C&gt; come from?" in own
    assert "red" not in own
    assert 'label=""' in picture(caption="").source
    assert "Step" not in picture(step=1, caption="").source


def test_a_local_derivative_stands_in_the_edge_of_its_operand():
    found = {tail: text for tail, _, text, _ in edges(draw(neuron(), melt=True)) if text}
    names = {"n1": "x = 0.5000", "n2": "w = −1.2000", "n3": "1"}  # of w, x and b
    assert {tail: found[tail] for tail in names} == names


@pytest.mark.parametrize("style", ["grey", Style(red="#8a3b12").in_grey()])
def test_in_grey_there_is_no_colour_and_the_sign_is_a_stroke(style):
    sources = draw(neuron(), style=style).source, draw(neuron(), step=8, style=style).source
    network_source = draw_network(network(), style=style).source
    for source in (*sources, network_source):
        for colour in set(re.findall(r"#[0-9a-f]{6}\b", source)):
            assert len(set(channels(colour))) == 1, colour
        assert "red" not in source
    flows = [(attributes, text) for *_, text, attributes in edges(draw(neuron(), style=style)) if text]
    assert {"style=dashed" in attributes for attributes, _ in flows} == {True, False}
    colourful = [attributes for *_, text, attributes in edges(draw(neuron())) if text]
    for (grey, _), colour in zip(flows, colourful, strict=True):
        assert ("style=dashed" in grey) == (Style().blue in colour), "blue is below 0"
    assert "solid above 0, dashed below" in sources[0]


def test_styles_have_names():
    for name, style in (("colour", Style()), ("grey", Style().in_grey()), ("dark", Style().on_dark())):
        assert draw(neuron(), style=name).source == draw(neuron(), style=style).source
        assert draw_network(network(), style=name).source == draw_network(network(), style=style).source
