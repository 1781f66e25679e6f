"""Claims about the size of a picture in a real Chromium: it fills its place, and its type is legible."""

import html

import pytest

from autograd import Value
from demos import general_network, scalar_chain
from nn import MLP, compare
from tests.helpers.browser import Watched
from viz import Style, play

SCALE = "document.getElementById('picture').getScreenCTM().a"
WHOLE = """(() => {
    const svg = document.getElementById("picture"), view = svg.viewBox.baseVal;
    return [svg.clientWidth, Math.round(view.width * svg.getScreenCTM().a),
            svg.querySelectorAll("g.box:not(.away)").length];
})()"""


def until(opened, condition):
    """Waits for a condition; the page's policy does not allow playwright's own waiting."""
    for _ in range(100):
        if opened.evaluate(condition):
            return
        opened.page.wait_for_timeout(50) if hasattr(opened, "page") else opened.wait_for_timeout(50)
    pytest.fail(f"never: {condition}")


@pytest.mark.parametrize("hidden", ["display: none", "width: 0", "width: 0; height: 0"])
def test_a_frame_that_had_no_width_yet_gets_its_whole_picture(tab, tmp_path, hidden):
    """JupyterLab makes the frame of an output before it is visible."""
    page = play(compare(general_network.network(), general_network.x, general_network.y))
    frame = f'<iframe srcdoc="{html.escape(page.html)}" sandbox="allow-scripts" style="{hidden}"></iframe>'
    (tmp_path / "frame.html").write_text(f"<!doctype html>{frame}")
    opened = tab.open(tmp_path / "frame.html")
    opened.wait_for_timeout(300)
    opened.eval_on_selector("iframe", "frame => { frame.style = 'width: 850px; height: 720px; display: block'; }")
    inside = opened.frames[1]
    until(inside, "document.getElementById('picture').clientHeight > 450")
    width, shown, boxes = inside.evaluate(WHOLE)
    assert width == pytest.approx(shown, abs=1)
    assert width > 750
    assert boxes == 30


def test_a_playground_is_drawn_once_its_frame_has_a_width(tab, tmp_path):
    page = play(MLP(2, [3, 1], "tanh", seed=0), [[0.0, 1.0], [1.0, 0.5]], [0.0, 1.0])
    frame = f'<iframe srcdoc="{html.escape(page.html)}" sandbox="allow-scripts" style="display: none"></iframe>'
    (tmp_path / "frame.html").write_text(f"<!doctype html>{frame}")
    opened = tab.open(tmp_path / "frame.html")
    opened.wait_for_timeout(300)
    opened.eval_on_selector("iframe", "frame => { frame.style = 'width: 850px; height: 720px; display: block'; }")
    inside = opened.frames[1]
    until(inside, "document.querySelectorAll('#learning-curve polyline').length === 1")
    until(inside, """(() => {
      const canvas = document.getElementById("plane"), side = canvas.width;
      const { data } = canvas.getContext("2d", { willReadFrequently: true }).getImageData(0, 0, side, side);
      return side > 200 && new Set(data.filter((_, i) => i % 4 === 0)).size > 20;
    })()""")  # fmt: skip


def test_it_is_framed_again_as_often_as_its_place_changes(tab, tmp_path):
    play(scalar_chain.chain()["C"]).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    for width in (700, 0, 1100, 400):
        opened.eval_on_selector("main", f"main => {{ main.style.width = '{width}px'; }}")
        if width:
            shown = f"document.getElementById('picture').viewBox.baseVal.width * {SCALE}"
            until(opened, f"Math.abs({shown} - {width - 2}) < 2")


@pytest.mark.parametrize("style", [Style(), Style(size=10), Style(size=17, small=9)])
def test_no_text_is_smaller_than_12_px(browser, tmp_path, style):
    watched = Watched(browser, viewport={"width": 1400, "height": 900})
    networks = [compare(MLP(2, [n, 1], seed=0), [0.5, 1.0], [1.0]) for n in (3, 8)]
    for i, what in enumerate([scalar_chain.chain()["C"], *networks]):
        play(what, style=style).save(tmp_path / f"{i}.html")
        opened = watched.open(tmp_path / f"{i}.html")
        scale = opened.evaluate(SCALE)
        sizes = opened.eval_on_selector_all(
            "svg text", "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
        )
        assert scale * min(sizes) >= 11.99
    watched.tab.close()
    assert watched.complaints == []


def test_names_of_up_to_28_letters_are_whole(tab, tmp_path):
    names = ["learning_rate_of_the_encoder", "price_of_the_first_article"]
    rate, price = (Value(0.5, name) for name in names)
    play(rate * price).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    labels = opened.eval_on_selector_all("#knobs label[for]", """all => all.map(one =>
        [one.textContent.replaceAll("\u200b", ""), one.scrollWidth <= one.clientWidth])""")  # fmt: skip
    assert sorted(labels) == [[name, True] for name in names]
    shown = opened.eval_on_selector_all("svg .row.data text:first-of-type", "all => all.map(one => one.textContent)")
    assert sorted(shown) == [*names, "v1"]


def test_nothing_on_a_page_has_a_scroll_bar_of_its_own(tab, tmp_path):
    """A long list of leaves has a row of cards to itself."""
    play(compare(MLP(2, [8, 1], seed=0), [0.5, 1.0], [1.0])).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    inner = """() => [...document.querySelectorAll('body *')].filter(one =>
        /auto|scroll/.test(getComputedStyle(one).overflowY) && one.scrollHeight > one.clientHeight + 1)
        .map(one => one.id || one.tagName)"""
    assert opened.evaluate(inner) == []
    width = "id => document.getElementById(id).getBoundingClientRect().width"
    assert opened.evaluate(width, "leaves") == pytest.approx(opened.evaluate(width, "cards"), abs=1)
