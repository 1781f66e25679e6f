"""Claims about worksheets: each student has other numbers, no answer shows, and a sheet fits on a page."""

import re

import pytest

from autograd import Value, grad, label, nodes
from viz import worksheet


def product():
    a, b, c = Value(2.0, "a"), Value(-3.0, "b"), Value(1.0, "c")
    C = (a * b + c) * b
    label(C=C)
    return C


def sections(made):
    return re.findall(r"<section.*?</section>", made.html, re.S)


def numbers(section):
    return {name: float(number.replace("−", "-")) for name, number in
            re.findall(r"<tr><td>(\w+)</td><td>(.*?)</td><td class='blank'></td></tr>", section)}  # fmt: skip


def test_the_answers_are_the_gradients_at_the_sheets_own_numbers():
    made = worksheet(product(), sheets=30, seed=7)
    *sheets, answers = sections(made)
    assert len(sheets) == len(made.answers) == 30
    for section, answer in zip(sheets, made.answers, strict=True):
        at = numbers(section)
        expected = grad(lambda v: (v["a"] * v["b"] + v["c"]) * v["b"])(at)
        assert answer == pytest.approx(expected)
        assert {number * 2 == int(number * 2) for number in at.values()} == {True}
    assert answers.count("<tr>") == 31
    assert len({tuple(answer.values()) for answer in made.answers}) > 20


def test_a_seed_gives_the_same_sheets_however_many_there_are():
    few, many = (worksheet(product(), sheets=count, seed=3) for count in (2, 5))
    assert sections(few)[:2] == sections(many)[:2]
    assert worksheet(product(), seed=4).answers != worksheet(product(), seed=5).answers


def test_a_students_sheet_shows_no_gradient():
    """Not even the root's gradient is shown, which is 1 in every answer."""
    C = product()
    C.backward()
    sheet, _ = sections(worksheet(C, seed=1))
    boxes = re.findall(r"<text[^>]*>(.*?)</text>", sheet)
    derivatives = [i for i, text in enumerate(boxes) if text.startswith("∂")]
    assert len(derivatives) == 6
    for i in derivatives:
        assert not re.fullmatch(r"[−\d.]+", boxes[i + 1]) if i + 1 < len(boxes) else True
    assert C.grad == 1.0  # the given graph has not changed


@pytest.mark.parametrize(("paper", "size"), [("A4", "210mm 297mm"), ("letter", "215.9mm 279.4mm")])
def test_each_sheet_is_a_page_of_the_paper(paper, size, tab, tmp_path):
    x, w, b, y = (Value(1.0, name) for name in "xwby")
    C = 0.5 * ((w * x + b).tanh() - y) ** 2
    made = worksheet(C, sheets=2, paper=paper, title="<b> & co")
    assert f"size: {size}" in made.html
    assert "<b> & co" not in made.html
    made.save(tmp_path / "sheets.html")
    page = tab.open(tmp_path / "sheets.html")
    width, height = (float(side.removesuffix("mm")) / 25.4 * 96 for side in size.split())
    page.set_viewport_size({"width": round(width - 30 / 25.4 * 96), "height": 900})
    page.emulate_media(media="print")
    for section in page.query_selector_all("section"):
        box = section.bounding_box()
        assert box["height"] <= height - 30 / 25.4 * 96
        assert section.evaluate("e => e.scrollWidth <= e.clientWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(media="screen")


def test_a_long_graph_has_pictures_that_can_be_read_on_paper(tab, tmp_path):
    """Together they have each value's box once, and a picture fits on a page."""
    w, u, b, h = Value(0.7, "w"), Value(-0.4, "u"), Value(0.1, "b"), Value(0.0, "h0")
    for t in range(6):
        h = (w * h + u * float(t % 3) + b).tanh()
    worksheet(h * 2.0).save(tmp_path / "sheets.html")
    page = tab.open(tmp_path / "sheets.html")
    page.set_viewport_size({"width": 680, "height": 1009})  # A4 without margins
    page.emulate_media(media="print")
    pictures = page.locator("section svg").all()
    assert len(pictures) > 2
    for picture in pictures:
        box, scale = picture.bounding_box(), picture.evaluate("svg => svg.getScreenCTM().a")
        assert box["height"] <= 1009
        assert 13 * scale >= 8.5  # px
    texts = page.locator("section svg text").all_text_contents()
    derivatives = [text for text in texts if text.startswith("∂")]
    assert len(derivatives) == len(set(derivatives)) == len(nodes(h * 2.0))
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(media="screen")


def test_functions_that_need_numbers_above_0_get_some_or_say_so():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    assert all(answer["a"] < 3 for answer in worksheet(a.log() * b, sheets=4).answers)
    with pytest.raises(ValueError, match="worksheet draws halves from −3 to 3, and 200 times this graph had no value"):
        worksheet((Value(4.0, "a") - 3.5).log())


def test_it_asks_for_labelled_leaves_of_a_graph():
    with pytest.raises(TypeError, match="worksheet takes the graph below a Value; got float"):
        worksheet(3.0)
    with pytest.raises(ValueError, match=r"asks for the gradients of labelled leaves; this graph has none: label\("):
        worksheet(Value(2.0) * 3)
    with pytest.raises(ValueError, match="paper is A4 or letter; got 'A5'"):
        worksheet(product(), paper="A5")
    assert repr(worksheet(product(), sheets=2)).startswith("<Page, 2 sheets and their answers")
