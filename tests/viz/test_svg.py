"""Claims about SVG: it is smaller than what Graphviz wrote, and looks the same."""

import shutil
from xml.etree import ElementTree

import pytest

from autograd import Value, label
from tests.helpers.browser import Watched
from viz import draw
from viz.svg import FAMILIES, FAMILY, INHERITED, tidied

SVG = "{http://www.w3.org/2000/svg}"
XML = "{http://www.w3.org/XML/1998/namespace}"


def pictured():
    x, w, b, y = Value(0.5), Value(-1.2), Value(0.3), Value(1.0)
    a = (w * x + b).tanh()
    C = 0.5 * (y - a) ** 2
    label(x=x, w=w, b=b, y=y, a=a, C=C)
    C.backward()
    return draw(C, style="dark", caption="½ < 1 & “ok”")


@pytest.fixture(params=["graphviz-pure", "system"])
def both(request, monkeypatch):
    """The SVG as one of the renderers writes it, and tidied."""
    if request.param == "system" and shutil.which("dot") is None:
        pytest.skip("there is no dot on the PATH")
    monkeypatch.setenv("CHALKGRAD_DOT", request.param)
    picture = pictured()
    small = picture.pipe("svg", encoding="utf-8")
    monkeypatch.setattr("viz.rendering.tidied", lambda svg: svg)
    return picture.pipe("svg", encoding="utf-8"), small


def texts(svg):
    """Returns each text with its position and the attributes that apply to it, its own or those of its groups."""

    def walk(element, above):
        own = {name.replace(XML, "xml:"): value for name, value in element.attrib.items()}
        here = {name: own.get(name, above.get(name)) for name in INHERITED}
        if element.tag == f"{SVG}text":
            kept = {name: own[name] for name in ("x", "y", "fill", "font-weight") if name in own}
            yield element.text, kept, here
        for child in element:
            yield from walk(child, here)

    return list(walk(ElementTree.fromstring(svg), {}))


def test_every_text_has_the_attributes_that_graphviz_gave_it(both):
    raw, small = both
    found = texts(small)
    assert len(found) > 40
    assert found == texts(raw.replace(FAMILY, FAMILIES))
    assert all(name in INHERITED or value for _, _, here in found for name, value in here.items())


def test_it_is_smaller_by_a_sixth_at_least_and_says_the_font_once(both):
    raw, small = both
    assert len(small) < 5 / 6 * len(raw)
    assert small.count("font-family") == 1
    assert "<!--" not in small


def test_it_looks_the_same(both, browser, tmp_path):
    watched, shots = Watched(browser), []
    for i, svg in enumerate((both[0].replace(FAMILY, FAMILIES), both[1])):
        (tmp_path / f"{i}.svg").write_text(svg)
        shots.append(watched.open(tmp_path / f"{i}.svg").screenshot())
    watched.tab.close()
    assert shots[0] == shots[1]
    assert len(shots[0]) > 20_000


def test_a_text_without_an_attribute_takes_none_from_the_others():
    svg = '<svg><g id="graph0" class="graph" transform="x">{}</g></svg>'
    texts = '<text font-size="12" x="1">a</text><text font-size="12" x="2">b</text><text x="3">c</text>'
    assert tidied(svg.format(texts)) == svg.format(texts)


def test_texts_of_another_size_keep_it():
    texts = '<text font-size="12" x="1">a</text><text font-size="10" x="2">b</text><text font-size="12" x="3">c</text>'
    assert tidied(f'<svg><g id="graph0" class="graph">{texts}</g></svg>') == (
        '<svg><g id="graph0" class="graph" font-size="12">'
        '<text x="1">a</text><text font-size="10" x="2">b</text><text x="3">c</text></g></svg>'
    )


def test_only_a_shape_and_its_own_border_become_one():
    fill, edge = '<path fill="white" stroke="none" d="M1,2"/>', '<path fill="none" stroke="#aaa" d="M{},2"/>'
    assert tidied(f"{fill}\n{edge.format(1)}") == '<path fill="white" stroke="#aaa" d="M1,2"/>'
    other = f"{fill}\n{edge.format(3)}"
    assert tidied(other) == other
