"""Claims about the book on paper, in a real Chromium: of two versions of a picture it has the larger one."""

from demos import book, scalar_chain
from demos.report import Report
from nn import MLP, compare
from tests.helpers.browser import Watched
from viz import draw, draw_network

A4 = 680  # px: 180 mm, the width between the margins


def test_of_two_pictures_paper_has_the_larger_and_a_narrow_page_the_narrower(tmp_path, browser, capsys):
    """The taller one may be the smaller on paper, as it must fit on a sheet."""
    report, both = Report("x", "x"), compare(MLP(3, [4, 2], "tanh", seed=0), [0.5, 0.1, -1.0], [1.0, 0.0])
    C = scalar_chain.chain()["C"]
    report.show("a network", draw_network(both), draw_network(both, wrap=1))
    report.show("a chain", draw(C), draw(C, wrap=1))
    book.write([report], tmp_path)
    watched = Watched(browser, viewport={"width": 1400, "height": 900})
    tab = watched.open(tmp_path / "x.html")
    seen = "all => all.map((img, i) => img.offsetWidth ? i : -1).filter(i => i >= 0)"

    def shown():
        return tab.eval_on_selector_all(".picture img", seen)

    assert shown() == [0, 2]
    tab.set_viewport_size({"width": 800, "height": 900})
    assert shown() == [1, 3]
    tab.set_viewport_size({"width": A4, "height": 1000})
    tab.emulate_media(media="print")
    assert shown() == [0, 3]
    watched.tab.close()
