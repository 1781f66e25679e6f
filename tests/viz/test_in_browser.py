"""Claims about drawing in a browser tab that can be tested outside; tests/demos/test_site.py draws in a real one."""

import sys
from types import SimpleNamespace

from autograd import Value
from viz import draw, in_browser


def test_elsewhere_programs_draw():
    assert in_browser.drawing() is None


def test_in_a_tab_the_pages_module_draws(monkeypatch):
    asked = []

    def drawn(*of):
        asked.append(of)
        return "<svg/>"

    monkeypatch.setattr(in_browser, "drawing", lambda: SimpleNamespace(draw=drawn))
    monkeypatch.setattr("viz.rendering.drawing", in_browser.drawing)
    picture = draw(Value(1.0, "x"))
    assert b"<svg/>" in picture.pipe("svg")
    assert asked == [(picture.source, "svg", "dot")]


def test_a_tab_whose_page_brings_no_module_has_none(monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert in_browser.drawing() is None
