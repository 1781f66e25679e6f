"""Claims about the book that `python -m demos` makes: complete, linked, for screens and paper, without requests."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from autograd import Value, explain
from demos import __main__ as everything
from demos import book, scalar_chain
from demos.report import Code, Report, Sides, Table
from nn import MLP, compare
from tests.helpers.browser import Watched
from tests.helpers.sites import Site

ROOT = Path(__file__).parents[2]
HAS = {package: find_spec(package) is not None for package in ("matplotlib", "sklearn", "faker", "pdoc", "PIL")}
FEWER = """\
from demos import digits, first_names, layers_by_hand as by_hand
digits.EPOCHS, first_names.EPOCHS = 20, 1
by_hand.LAYERS = [layer for layer in by_hand.LAYERS if layer.name == "batch norm"]
import runpy
runpy.run_module("demos", run_name="__main__")
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Makes the folder of a book and of the reference, with fewer epochs and layers, and without `dot` on the PATH."""
    folder = tmp_path_factory.mktemp("site")
    environment = {**os.environ, "PATH": str(folder / "empty"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", FEWER]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, env=environment)
    assert ran.stderr == ""
    assert f"The gallery, with the pictures: {folder / 'gallery' / 'index.html'}" in ran.stdout
    return folder


@pytest.fixture(scope="module")
def pages(site):
    """Returns the pages of the book, without those inside its frames."""
    return [site / "gallery" / f"{name}.html" for name in ("index", "glossary", *NAMES)]


NAMES = [demo.__name__.split(".")[1] for demo in everything.DEMOS]


def test_every_demo_has_its_chapter_and_every_picture_its_file(site):
    gallery = site / "gallery"
    pages = {path.stem for path in gallery.glob("*.html") if not path.stem[-1].isdigit()}
    assert pages == {"index", "glossary", *NAMES}
    plots = 1 + 2 + (2 + 7) * HAS["sklearn"] + HAS["faker"]  # of slips and vanishing, moons and digits, names
    assert len([*gallery.glob("*-*.svg")]) == 17 + plots * HAS["matplotlib"]
    assert len([*gallery.glob("*-*.html")]) == 3 + HAS["sklearn"]  # the playground
    moving = [path.read_bytes() for path in gallery.glob("*-*.gif")]
    assert len(moving) == 3 * HAS["PIL"]
    assert all(gif.startswith(b"GIF89a") and len(gif) < 1_000_000 for gif in moving)
    formulas = {
        "scalar_chain": 2,
        "batch_network": 1,
        "general_network": 1,
        "lifted": 2,
        "first_names": 2 * HAS["faker"],
    }
    for name in NAMES:
        text = (gallery / f"{name}.html").read_text(encoding="utf-8")
        assert text.count("<math display") == formulas.get(name, 0)


def test_every_link_leads_somewhere(site):
    """Also the links between the book and the reference."""
    assert [*Site(site).broken("https://pdoc.dev")] == []
    start, *_ = (page for path, page in Site(site / "gallery").pages.items() if path.stem == "index")
    assert ("../reference/index.html" in start.links) == HAS["pdoc"]
    if HAS["pdoc"]:
        assert all("gallery/index.html" in " ".join(page.links) for page in Site(site / "reference").pages.values())


def test_nothing_is_loaded_from_anywhere(site):
    assert [*Site(site / "gallery").outside()] == []


def test_the_chapters_follow_each_other_as_one_learns(site):
    pages = {path.stem: page for path, page in Site(site / "gallery").pages.items()}
    start = [link.removesuffix(".html") for link in pages["index"].links if link.removesuffix(".html") in NAMES]
    assert start == [*NAMES, *NAMES]  # once in the bar, and once as pictures
    for before, after in zip([None, *NAMES], [*NAMES, None], strict=True):
        for name, rel, other in ((before, "next", after), (after, "prev", before)):
            if name:
                found = [e["href"] for _, e in pages[name].elements if e.get("rel") == rel]
                assert found == [f"{other}.html"] * 2 * (other is not None)


def test_a_screen_reader_finds_its_way(pages):
    site = Site(pages[0].parent)
    for path in pages:
        page = site.pages[path]
        tags = [tag for tag, _ in page.elements]
        assert dict(page.elements)["html"] == {"lang": "en"}
        assert tags.count("main") == tags.count("header") == page.headings.count(1) == 1
        assert page.headings[0] == 1
        assert all(b - a <= 1 for a, b in zip(page.headings, page.headings[1:], strict=False)), path.name
        assert all(image["alt"].strip() for image in page.images), path.name
        assert all(e.get("aria-label") for tag, e in page.elements if tag == "nav")
        assert all(e.get("title") for tag, e in page.elements if tag == "iframe")
        assert next(e["href"] for tag, e in page.elements if tag == "a") == "#page"
    assert len(site.pages[pages[0]].images) >= 7


# ---- typeset text


def test_what_is_said_is_escaped(tmp_path, capsys):
    report = Report("x", "a <b> & c")
    report.say("<script>alert(1)</script>", Table(("<i>",), [("<u>",)]), Code("1 < 2"))
    book.write([report], tmp_path)
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert not re.search("<(b|i|u)>|<script>", page)
    for text in ("a &lt;b&gt; &amp; c", "&lt;script&gt;", "&lt;i&gt;", "&lt;u&gt;", "&lt;"):
        assert text in page


def test_a_derivation_is_printed_as_text_and_shown_as_equations(tmp_path, capsys):
    x = Value(2.0, "<script>")
    C = x * x
    C.label = "C"
    report = Report("x", "x")
    report.say(explain(C, x))
    assert capsys.readouterr().out.endswith(f"\n{explain(C, x).text}\n")
    book.write([report], tmp_path)
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    unmarked = re.sub(r' class="symbol" data-symbol="[\w-]+"', "", page)
    assert explain(C, x).mathml in unmarked
    assert "<script>" not in page


def test_matrices_stand_side_by_side_with_their_difference_as_colour(tmp_path, capsys):
    graph = np.array([[1.0, 2.0], [3.0, 4.0]])
    other = graph + np.array([[0.0, 0.0], [1e-12, 0.5]])
    report = Report("x", "x")
    report.say(Sides("W", "V", graph, other))
    assert "W = V, largest difference 5e-01" in capsys.readouterr().out
    book.write([report], tmp_path)
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert re.findall(r'<td class="apart-(\d)">([^<]*)</td>', page) == [
        ("0", "0"),
        ("0", "0"),
        ("3", "1e−12"),
        ("4", "5e−01"),
    ]
    assert page.count("<td>3.000000</td>") == 2


def test_a_comparison_shows_every_number_twice_and_each_difference(tmp_path, capsys):
    both = compare(MLP(2, [3, 1], "tanh", "sigmoid", seed=0), [[0.5, 0.1], [0.2, 0.3]], [[1.0], [0.0]])
    report = Report("x", "x")
    report.say(both)
    assert capsys.readouterr().out.endswith(f"\n{both}\n")
    book.write([report], tmp_path)
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    numbers = sum(row.graph.size for row in both.rows)
    assert len(re.findall(r"<td>[−\d.]+</td>", page)) == 2 * numbers
    assert len(re.findall(r'<td class="apart-[012]">', page)) == numbers
    assert f"{numbers} numbers, largest difference" in page


def test_numbers_stand_under_each_other_and_sentences_do_not(tmp_path, capsys):
    report = Report("x", "x")
    report.say(Table(("name", "number"), [("one", "-1.5"), ("two", "1e-17"), ("three", "no value")]))
    book.write([report], tmp_path)
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert re.findall(r'class="number">([^<]*)<', page) == ["number", "−1.5", "1e−17", "no value"]


def test_without_jinja_the_demos_say_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(everything, "DEMOS", [])
    monkeypatch.setattr(everything, "find_spec", lambda name: None)
    everything.main()
    assert "pip install jinja2" in capsys.readouterr().out


# ---- in a browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 800, 390])
def test_every_page_fits_the_screen(pages, browser, width, scheme):
    """Nothing is wider than the screen, no frame has a scroll bar, and scrollable parts show that they continue."""
    watched = Watched(browser, viewport={"width": width, "height": 900}, color_scheme=scheme)
    for path in pages:
        tab = watched.open(path)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, path.name
        for frame in tab.query_selector_all("iframe"):
            within = frame.content_frame()
            within.wait_for_selector(":is(#where, #epochs):not(:empty):visible")
            tab.wait_for_function("f => f.contentDocument.documentElement.scrollHeight <= f.clientHeight", arg=frame)
            assert within.evaluate("document.documentElement.scrollWidth <= innerWidth")
        silent = (
            "all => all.filter(b => b.scrollWidth > b.clientWidth + 1 && !b.nextSibling.matches('.sideways')).length"
        )
        assert tab.eval_on_selector_all(".push", silent) == 0, path.name
        cut = "all => all.filter(e => e.getBoundingClientRect().right > innerWidth && !e.closest('.push')).length"
        assert tab.eval_on_selector_all("main *", cut) == 0, path.name
        red = int(re.search(r"\d+", tab.evaluate("getComputedStyle(document.body).backgroundColor"))[0])
        assert red < 60 if scheme == "dark" else red > 240
    assert watched.complaints == []
    watched.tab.close()


A4 = 680  # px: 180 mm, the width between the margins


def test_every_page_fits_paper(pages, browser):
    """The whole page is on the paper, including parts that scroll sideways or were folded."""
    watched = Watched(browser, viewport={"width": A4, "height": 1000})
    watched.tab.emulate_media(media="print")
    for path in pages:
        tab = watched.open(path)
        cut = "all => all.filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML)"
        assert tab.eval_on_selector_all("main *", cut) == [], path.name
        assert tab.eval_on_selector_all("header, iframe, .sideways", "all => all.every(e => !e.offsetHeight)")
        assert tab.eval_on_selector_all("details table", "all => all.every(e => e.offsetHeight > 50)")
        sizes = "all => all.filter(e => e.offsetWidth).map(e => e.offsetWidth / e.style.getPropertyValue('--points'))"
        assert all(12 * scale * 0.75 > 5.9 for scale in tab.eval_on_selector_all(".picture img", sizes)), path.name
    assert watched.complaints == []
    watched.tab.close()


def test_a_symbol_is_explained_where_it_is_touched(site, browser):
    watched = Watched(browser, viewport={"width": 390, "height": 800}, has_touch=True)
    tab = watched.open(site / "gallery" / "scalar_chain.html")
    told = tab.locator("#told")
    assert not told.is_visible()
    for part, said in (
        ("p a.symbol >> text=w¹", "weight to neuron j"),
        ("math .symbol >> text=σ", "activation function"),
    ):
        symbol = tab.locator(part).first
        symbol.tap()
        assert said in told.inner_text()
        assert tab.url.endswith("scalar_chain.html")
        box, beside = told.bounding_box(), symbol.bounding_box()
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 390
        assert not (box["y"] < beside["y"] + beside["height"] and beside["y"] < box["y"] + box["height"])
        tab.keyboard.press("Escape")
        assert not told.is_visible()
    tab.locator("a.symbol").nth(1).focus()
    assert told.is_visible()
    tab.keyboard.press("Enter")  # the Enter key follows the link to the end of the page
    assert "#symbol-" in tab.url
    assert watched.complaints == []
    watched.tab.close()


def test_the_keyboard_reaches_what_goes_on_sideways(site, browser):
    watched = Watched(browser, viewport={"width": 390, "height": 800})
    tab = watched.open(site / "gallery" / "general_network.html")
    pushed = tab.locator(".push.more-right").first
    pushed.focus()
    assert pushed.get_attribute("aria-label").startswith("The picture goes on")
    tab.keyboard.press("End")
    tab.keyboard.press("ArrowRight")
    tab.wait_for_function("document.activeElement.scrollLeft > 0")
    assert watched.complaints == []
    watched.tab.close()


def test_a_page_in_a_frame_can_be_stepped(tmp_path, browser, capsys):
    book.write([scalar_chain.run()], tmp_path)
    watched = Watched(browser, viewport={"width": 1400, "height": 900})
    tab = watched.open(tmp_path / "scalar_chain.html")
    within = tab.frame_locator("iframe")
    within.locator("#start").click()
    within.locator("#next").click()
    assert "1 of" in within.locator("#where").inner_text()
    assert watched.complaints == []
    watched.tab.close()
