"""Claims about the view of a page's picture in a real Chromium: zoomed, moved, resized, printed, in dark mode."""

import re

import pytest

from demos import general_network, scalar_chain
from nn import compare
from tests.helpers.browser import Watched
from viz import play

VIEW = "document.getElementById('picture').getAttribute('viewBox').split(' ').map(Number)"
RESIZED = f"""width => new Promise(done => {{
    const look = () => {VIEW}[2] !== width ? done() : requestAnimationFrame(look);
    look();
}})"""


def on_screen(opened, selector):
    """Whether all elements that the selector finds are within the picture's frame."""
    frame = opened.locator("#picture").bounding_box()
    boxes = [found.bounding_box() for found in opened.locator(selector).all()]
    return bool(boxes) and all(
        frame[start] <= box[start] and box[start] + box[size] <= frame[start] + frame[size]
        for box in boxes
        for start, size in (("x", "width"), ("y", "height"))
    )


@pytest.fixture
def phone(browser, tmp_path):
    """The scalar chain on a screen that is too small for it."""
    watched = Watched(browser, viewport={"width": 390, "height": 800})
    play(scalar_chain.chain()["C"]).save(tmp_path / "page.html")
    yield watched.open(tmp_path / "page.html")
    watched.tab.close()
    assert watched.complaints == []


def test_it_begins_at_the_result_and_follows_the_steps(phone):
    assert on_screen(phone, "g.box:has(text:text-is('C'))")
    assert phone.locator("#picture.more-left").count() == 1
    for i in range(1, 19):
        phone.evaluate(f"page.go({i})")
        assert on_screen(phone, "g.to"), i
        assert phone.locator("g.to text").first.is_visible(), "what comes into view is drawn"
    assert phone.locator("#picture.more-right").count() == 1


def test_hints_speak_of_touching_where_there_is_a_finger_and_of_pointing_elsewhere(browser, chain, tmp_path):
    def hint(opened):
        return opened.locator("#looked p").filter(visible=True).all_inner_texts()

    assert [text.split()[0] for text in hint(chain[1])] == ["Point"]
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    touched = context.new_page()
    touched.goto((tmp_path / "page.html").as_uri())
    assert [text.split()[0] for text in hint(touched)] == ["Touch"]
    touched.tap("g.row.data:has-text('C')")
    assert hint(touched)[0].startswith("C = ")
    context.close()


def test_focus_brings_into_view(phone):
    phone.keyboard.press("Tab")
    phone.locator("g.row.data", has_text="z¹").focus()
    assert on_screen(phone, "g.box:has(text:text-is('z¹'))")


def test_zoom_and_pan(chain):
    _, opened = chain
    start = opened.evaluate(VIEW)
    opened.click("#closer")
    closer = opened.evaluate(VIEW)
    assert closer[2] == pytest.approx(0.8 * start[2])
    assert closer[0] + closer[2] / 2 == pytest.approx(start[0] + start[2] / 2)
    box = opened.locator("#picture").bounding_box()
    opened.mouse.move(box["x"] + 200, box["y"] + 4)
    opened.mouse.down()
    opened.mouse.move(box["x"] + 300, box["y"] + 4)
    opened.mouse.up()
    moved = opened.evaluate(VIEW)
    assert moved[0] == pytest.approx(closer[0] - 100 * closer[2] / box["width"])
    opened.keyboard.press("-")
    assert opened.evaluate(VIEW)[2] == pytest.approx(start[2])
    opened.keyboard.press("0")
    assert on_screen(opened, "g.box")
    opened.mouse.move(box["x"] + 200, box["y"] + 50)
    opened.keyboard.down("Control")
    opened.mouse.wheel(0, -300)
    opened.keyboard.up("Control")
    assert opened.evaluate(VIEW)[2] < start[2]


def test_whatever_is_on_the_screen_is_drawn(tab, tmp_path):
    """Also if the picture is narrower than its frame."""
    play(compare(general_network.network(), general_network.x, general_network.y)).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    opened.click("#fit")
    for _ in range(3):
        opened.click("#closer")
    frame = opened.locator("#picture").bounding_box()
    for box in opened.locator("g.box").all():
        tint = box.locator(".tint").first.bounding_box()
        inside = frame["x"] < tint["x"] < frame["x"] + frame["width"] - 20 and frame["y"] < tint["y"] < frame["y"] + 500
        assert not (inside and "away" in box.get_attribute("class"))


def test_a_resized_window_keeps_its_place(chain):
    _, opened = chain
    opened.click("#closer")
    opened.click("#closer")
    before, width = opened.evaluate(VIEW), opened.locator("#picture").bounding_box()["width"]
    opened.set_viewport_size({"width": 900, "height": 700})
    opened.evaluate(RESIZED, before[2])  # even if the window's event comes late
    after, narrower = opened.evaluate(VIEW), opened.locator("#picture").bounding_box()["width"]
    opened.set_viewport_size({"width": 1280, "height": 900})
    assert after[2] / narrower == pytest.approx(before[2] / width, rel=0.1), "as large as before"
    assert after[0] + after[2] / 2 == pytest.approx(before[0] + before[2] / 2, abs=40)


def test_on_paper_it_is_whole_and_without_controls(chain):
    _, opened = chain
    for _ in range(4):
        opened.click("#closer")
    before = opened.evaluate(VIEW)
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    printed = opened.evaluate(VIEW)
    assert printed[2] > 2 * before[2]
    assert opened.locator("g.away").count() == 0
    opened.emulate_media(media="print", color_scheme="dark")
    assert not opened.locator("#controls, #leaves, #nudge, .hands").filter(visible=True).count()
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    opened.emulate_media(media="screen", color_scheme="light")
    opened.evaluate("dispatchEvent(new Event('afterprint'))")
    assert opened.evaluate(VIEW) == before


def test_it_is_dark_where_that_is_wanted(browser, tmp_path):
    dark = browser.new_page(color_scheme="dark")
    play(scalar_chain.chain()["C"]).save(tmp_path / "page.html")
    dark.goto((tmp_path / "page.html").as_uri())
    assert dark.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 24, 28)"
    assert dark.eval_on_selector("svg .border", "border => getComputedStyle(border).fill") == "rgb(21, 24, 28)"
    dark.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_with_forced_colours_it_takes_the_readers_own(browser, tmp_path, scheme):
    """Texts, boxes and lines have the system's colours; lines and the legend show what red and blue show otherwise."""
    watched = Watched(browser, color_scheme=scheme, forced_colors="active")
    play(scalar_chain.chain()["C"]).save(tmp_path / "page.html")
    opened = watched.open(tmp_path / "page.html")
    canvas, ink, highlight = opened.evaluate("""["Canvas", "CanvasText", "Highlight"].map(name => {
        const probe = document.body.appendChild(document.createElement("i"));
        probe.style.color = name;
        return getComputedStyle(probe).color;
    })""")  # fmt: skip
    assert len({canvas, ink, highlight}) == 3

    def found(selector, style):
        read = f"all => [...new Set(all.map(one => getComputedStyle(one)['{style}']))]"
        return set(opened.eval_on_selector_all(selector, read))

    opened.evaluate("page.go(14)")
    assert found("svg text", "fill") == {ink}
    assert found("svg .box > .border, svg .circle > .border", "fill") == {canvas}
    assert found("svg .border", "stroke") == {ink, highlight, "none"}
    assert found("svg .link:not(.active) .shaft", "stroke") == {ink}
    assert found("svg .link.active .shaft, svg .to > .border", "stroke") == {highlight}
    assert found("svg .tint", "fill") == {"none"}
    (down,), (up,) = found("svg .link.down .shaft", "strokeDasharray"), found("svg .link.up .shaft", "strokeDasharray")
    assert down not in (up, "none")
    assert up == "none"
    told = opened.inner_text("#legend")
    assert "dashes" in told
    assert not re.search("red|blue|amber", told)
    opened.eval_on_selector(
        "#verdict", "it => { it.hidden = false; it.className = 'wrong'; it.textContent = 'differ'; }"
    )
    assert (found("#verdict", "color"), found("#verdict", "backgroundColor")) == ({ink}, {canvas})
    watched.tab.close()
    assert watched.complaints == []


def test_a_tall_picture_is_printed_on_one_page(browser, tmp_path):
    """On A4 in landscape, which the page asks for, it ends on the sheet on which it begins."""
    watched = Watched(browser, viewport={"width": 1032, "height": 733})  # A4 without margins, at 96 px an inch
    both = compare(general_network.network(), general_network.x, general_network.y)
    play(both).save(tmp_path / "page.html")
    opened = watched.open(tmp_path / "page.html")
    opened.emulate_media(media="print")
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    picture = opened.locator("#picture").bounding_box()
    assert picture["y"] + picture["height"] <= 733
    least = opened.eval_on_selector_all(
        "#picture text", "all => Math.min(...all.map(one => parseFloat(getComputedStyle(one).fontSize)))"
    )
    assert 0.75 * least * opened.evaluate("document.getElementById('picture').getScreenCTM().a") >= 7, "points"
    watched.tab.close()
    assert watched.complaints == []
