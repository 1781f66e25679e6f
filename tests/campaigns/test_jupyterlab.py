"""Claims about pages and pictures in a real JupyterLab. `python -m tests.campaigns.jupyterlab 20` tries more runs."""

import pytest

from tests.campaigns import jupyterlab
from tests.campaigns.jupyterlab import LOWEST, PAGES, PICTURES, is_whole


@pytest.fixture(scope="module")
def found():
    pytest.importorskip("jupyterlab", reason="jupyterlab (the extra 'browser') is not installed")
    return list(jupyterlab.survey(2))


def test_every_page_shows_its_picture(found):
    assert [len(pages) for _, pages, _ in found] == [PAGES] * 2
    assert [page for _, pages, _ in found for page in pages if not is_whole(page)] == []
    wide = {width: pages for width, pages, _ in found}[1400]
    assert [page["inside"] for page in wide] == [page["boxes"] for page in wide]


def test_static_pictures_are_as_wide_as_their_cells_or_as_their_type_allows(found):
    for width, _, pictures in found:
        assert len(pictures) == PICTURES
        for picture in pictures:
            assert picture["height"] > LOWEST
            assert 0.65 * picture["natural"] < picture["width"] <= picture["natural"]
            assert width > 800 or picture["width"] < 0.75 * picture["natural"]


def test_a_strip_is_not_whole():
    """The frame of a page had no width, and its picture was 150 px high."""
    whole = {"height": 324, "inside": 2, "boxes": 11, "beyond": 0}
    assert is_whole(whole)
    assert is_whole(whole | {"height": 150, "inside": 11})
    for fault in ({"height": 150}, {"inside": 0}, {"beyond": 3}):
        assert not is_whole(whole | fault)
