"""Claims about a picture in a notebook's cell: nothing is cut, and its type can be read."""

import base64
import re

import pytest

from autograd import Value
from demos import general_network, scalar_chain
from nn import compare
from tests.helpers.browser import Watched
from viz import draw, draw_network
from viz.notebook import in_a_cell

CELLS = (
    1200,
    968,
    620,
    370,
)  # px: of JupyterLab in windows 1700, 1400 and 800 px wide; the last beside its list of files
SHOWN = """all => all.map(one => {
    const style = getComputedStyle(one), cell = one.parentElement;
    const wide = one.getBoundingClientRect().width - parseFloat(style.paddingRight);
    return [wide, one.naturalWidth, cell.scrollWidth - cell.clientWidth, parseFloat(style.paddingRight)];
})"""


def short():
    return draw(Value(2.0, "x") * 3)


def sized():
    picture = draw(scalar_chain.chain()["C"])
    picture.attr("graph", size="4,3!")
    return picture


def network():
    return draw_network(compare(general_network.network(), general_network.x, general_network.y))


@pytest.fixture(scope="module", params=[short, sized, lambda: draw(scalar_chain.chain()["C"]), network])
def picture(request):
    return request.param()


@pytest.fixture(scope="module")
def opened(picture, browser, tmp_path_factory):
    shown = picture._repr_mimebundle_()["text/html"]
    cells = "".join(f'<div style="width: {cell}px">{shown}</div>' for cell in CELLS)
    page = tmp_path_factory.mktemp("cells") / "cells.html"
    page.write_text(f"<!doctype html>{cells}")
    watched = Watched(browser, viewport={"width": 1300, "height": 900})
    yield watched.open(page)
    assert watched.complaints == []
    watched.tab.close()


def test_it_is_the_picture(picture):
    (image,) = re.findall('base64,([^"]+)', picture._repr_mimebundle_()["text/html"])
    assert base64.b64decode(image) == picture.pipe(format="svg")


def test_an_svg_without_a_size_in_points_fills_its_place():
    assert 'style="--own: auto; --least: 0px"' in in_a_cell('<svg viewBox="0 0 10 10"></svg>')


def test_no_text_is_smaller_than_10_px_unless_the_picture_is_drawn_so(picture, opened):
    svg = picture.pipe(encoding="utf-8")
    scale = float(re.search(r"scale\(([\d.]+)", svg)[1])
    smallest = scale * min(map(float, re.findall(r'font-size="([\d.]+)"', svg)))  # points
    own = float(re.search(r'width="(\d+)pt"', svg)[1])
    for wide, *_ in opened.eval_on_selector_all("img", SHOWN):
        assert wide * smallest / own >= min(10, smallest * 4 / 3) - 0.05


def test_it_is_never_enlarged_and_fills_a_cell_that_is_narrower(opened):
    for cell, (wide, own, beyond, _) in zip(CELLS, opened.eval_on_selector_all("img", SHOWN), strict=True):
        assert wide <= own + 1
        if own <= cell:
            assert wide == pytest.approx(own, abs=1)
        elif not beyond:
            assert wide == pytest.approx(cell, abs=1)


def test_a_cell_that_is_too_narrow_says_that_the_picture_goes_on(opened):
    """Its right side fades out. At the end only empty space does."""
    for *_, beyond, padding in opened.eval_on_selector_all("img", SHOWN):
        assert padding == (32 if beyond else 0)
    pictures = opened.query_selector_all(".chalkgrad-picture")
    for picture, cell in zip(pictures, CELLS, strict=True):
        wide = picture.evaluate("one => one.querySelector('img').getBoundingClientRect().width")
        assert picture.evaluate("one => one.scrollWidth") == pytest.approx(max(wide, cell), abs=1)


def test_on_paper_the_whole_picture_is_shown(opened):
    opened.emulate_media(media="print")
    for cell, (wide, _, beyond, padding) in zip(CELLS, opened.eval_on_selector_all("img", SHOWN), strict=True):
        assert wide <= cell
        assert beyond == padding == 0
    opened.emulate_media(media="screen")
