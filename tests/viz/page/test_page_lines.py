"""Claims about graphs that are too long for one line, on a page in a real Chromium."""

import itertools

import pytest

from autograd import Value, label
from nn import MLP, compare
from tests.helpers.pages import data_of, holds
from viz import play

INSIDE = """() => {
    const frame = document.getElementById("picture").getBoundingClientRect();
    return [...document.querySelectorAll("g.to")].every(one => {
        const box = one.getBoundingClientRect();
        return box.top >= frame.top && box.bottom <= frame.bottom && box.left >= frame.left && box.right <= frame.right;
    });
}"""


def recurrence(steps):
    """Returns the cost of hₜ = tanh(w hₜ₋₁ + u xₜ + b). All steps share w, u and b."""
    w, u, b, h = Value(0.7), Value(-0.4), Value(0.1), Value(0.0)
    label(w=w, u=u, b=b, h0=h)
    for t in range(steps):
        h = (w * h + u * Value(float(t % 3)) + b).tanh()
        h.label = f"h{t + 1}"
    C = 0.5 * (h - 1.0) ** 2
    C.label = "C"
    return C


def deep():
    return compare(MLP(2, [2] * 7 + [1], "tanh", output="sigmoid", seed=2), [0.2, -0.7], [1.0])


def gap(one, other, start, size):
    """Returns how far two boxes are apart along an axis; below 0 they overlap."""
    return max(one[start], other[start]) - min(one[start] + one[size], other[start] + other[size])


def pictured(what):
    return data_of(play(what))["picture"]


@pytest.mark.parametrize("make", [lambda: recurrence(6), deep])
def test_lines_fit_a_window_do_not_overlap_and_repeat_what_they_share(make):
    picture = pictured(make())
    assert picture["width"] <= 1370
    boxes = picture["boxes"]
    lines = max(box.get("line", 0) for box in boxes)
    assert lines >= 2
    for one, other in itertools.combinations(boxes, 2):
        beside = gap(one, other, "x", "width") > -1
        assert beside or gap(one, other, "y", "height") > -1
    own = {row["nodes"][0] for box in boxes if not box.get("again") for row in box["rows"] if row.get("nodes")}
    for box in boxes:
        if box.get("again"):
            assert box["line"] > 0
            assert {row["nodes"][0] for row in box["rows"]} <= own
    for link in picture["links"]:
        assert boxes[link["tail"]].get("line") == boxes[link["head"]].get("line")


def test_the_first_line_repeats_nothing_and_short_graphs_have_no_such_boxes():
    assert not any(box.get("again") for box in pictured(recurrence(1))["boxes"])
    assert not any(box.get("again") and not box.get("line") for box in pictured(recurrence(6))["boxes"])


def test_a_shared_leaf_can_be_dragged_in_every_line_and_all_its_boxes_follow(tab, tmp_path):
    C = recurrence(6)
    play(C).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    w = opened.locator("g.knob:has(text:text-is('w'))")
    assert w.count() == 6
    box = w.last.bounding_box()
    opened.mouse.move(box["x"] + 10, box["y"] + 5)
    opened.mouse.down()
    opened.mouse.move(box["x"] + 60, box["y"] + 5)
    opened.mouse.up()
    opened.click("#fit")
    value = opened.evaluate("page.values")[opened.evaluate("page.names.indexOf('w')")]
    assert value == pytest.approx(0.7 + 50 / 200)
    opened.evaluate("page.pace('step'); page.go(page.steps)")
    shown = opened.eval_on_selector_all(
        "g.row.gradient:has(text:text-is('∂C/∂w')) .number", "all => all.map(one => one.textContent)"
    )
    assert len(shown) == 6
    assert len(set(shown)) == 1
    opened.click("#reset")
    holds(opened, C)


@pytest.mark.parametrize("make", [lambda: recurrence(6), deep])
def test_each_step_is_in_sight_in_its_own_line(tab, tmp_path, make):
    """Also a step back to a shared leaf: its box in the line of the operation is marked, not the first."""
    page = play(make())
    page.save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    opened.set_viewport_size({"width": 1300, "height": 560})
    opened.evaluate("page.pace('step')")
    lines = [box.get("line", 0) for box in data_of(page)["picture"]["boxes"]]
    for i in range(1, opened.evaluate("page.steps") + 1, 3):
        opened.evaluate(f"page.go({i})")
        assert opened.evaluate(INSIDE), i
        marked = opened.evaluate("[...marks.to, ...marks.from].filter(box => box !== null && box !== undefined)")
        assert len({lines[box] for box in marked}) == 1, i
    opened.set_viewport_size({"width": 1280, "height": 900})


def test_what_is_asked_is_in_sight_when_the_blanks_open(tab, tmp_path):
    play(recurrence(6)).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    opened.goto(f"{(tmp_path / 'page.html').as_uri()}#mode=blanks&ask=all")
    opened.reload()
    assert opened.inner_text("#question") == "v1 ="
    assert opened.evaluate(INSIDE)
    assert opened.locator("g.to:has(text:text-is('v1'))").count() == 1


def printed(opened):
    """Returns the heights of the picture's parts on paper, and the size of its least text there, in px."""
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    found = opened.eval_on_selector_all(
        "svg.part", "all => all.map(one => [one.getBoundingClientRect().height, one.getScreenCTM().a])"
    )
    return [height for height, _ in found], min((scale * 12 for _, scale in found), default=None)


def wide():
    return compare(MLP(3, [16, 2], seed=2), [0.2, -0.7, 0.4], [1.0, 0.0])


CUT = """() => [...document.querySelectorAll("svg.part")].flatMap(part => {
    const sheet = part.getBoundingClientRect();
    return [...part.querySelectorAll("g.box > .border, g.circle > .border, g.label text")].filter(one => {
        const box = one.getBoundingClientRect();
        return box.top < sheet.top + 1 || box.bottom > sheet.bottom;
    });
}).length"""


@pytest.mark.parametrize("make", [lambda: recurrence(20), deep, wide])
def test_on_paper_a_large_picture_has_parts_that_can_be_read(tab, tmp_path, make):
    page = play(make())
    page.save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    opened.set_viewport_size({"width": 1032, "height": 733})
    opened.emulate_media(media="print")
    heights, least = printed(opened)
    assert len(heights) > 1
    assert all(height <= 733 for height in heights)
    assert least >= 9.3  # px; 7 points
    boxes = opened.eval_on_selector_all("svg.part g.box", "all => all.length")
    assert boxes >= len([box for box in data_of(page)["picture"]["boxes"] if not box.get("shape")])
    assert opened.evaluate(CUT) == 0
    names = "selector => new Set([...document.querySelectorAll(selector)].map(row => row.textContent.slice(0, 6))).size"
    assert opened.evaluate(names, "svg.part g.row") == opened.evaluate(names, "#picture g.row"), "none is left out"
    assert not opened.locator("#picture").is_visible()
    opened.evaluate("dispatchEvent(new Event('afterprint'))")
    opened.emulate_media(media="screen")
    assert opened.locator("svg.part").count() == 0
    assert opened.locator("#picture").is_visible()
    opened.set_viewport_size({"width": 1280, "height": 900})


def test_on_paper_a_small_picture_is_whole(chain):
    _, opened = chain
    assert printed(opened) == ([], None)
    opened.evaluate("dispatchEvent(new Event('afterprint'))")
