"""Claims about long pictures that are folded into lines: nothing overlaps, links stay, and the type is larger."""

import itertools

import pytest

from autograd import Value
from demos import scalar_chain
from tests.helpers.pages import data_of
from viz import play
from viz.page.folding import LARGEST, SCREEN, Place, folded


def row(count, step=200.0, width=120.0):
    places = [Place(step * i + width / 2, 30.0, width, 60.0) for i in range(count)]
    return places, [(i, i + 1) for i in range(count - 1)], (step * (count - 1) + width, 60.0)


def scale(size):
    return min(SCREEN[0] / size[0], SCREEN[1] / size[1], LARGEST)


@pytest.mark.parametrize("count", [8, 20, 45])
def test_a_chain_becomes_lines_that_do_not_overlap_and_are_larger(count):
    places, links, size = row(count)
    fold = folded(places, links, size)
    assert sorted(fold.lines) == fold.lines
    assert scale(fold.size) > 1.15 * scale(size)
    moved = [
        (place.x + dx, place.y + dy)
        for place, (dx, dy) in zip(places, (fold.shifts[line] for line in fold.lines), strict=True)
    ]
    for (x, y), (u, v) in itertools.combinations(moved, 2):
        assert abs(x - u) >= 120 or abs(y - v) >= 60
    assert all(60 <= x <= fold.size[0] - 60 and 30 <= y <= fold.size[1] - 30 for x, y in moved)
    assert len(fold.routes) == max(fold.lines)
    for link, route in fold.routes.items():
        tail, head = (moved[i] for i in links[link])
        assert (route[0], route[-1]) == ((tail[0] + 60, tail[1]), (head[0] - 60, head[1]))
        for (x, y), (u, v) in itertools.pairwise(route):
            assert x == u or y == v
            assert not any(
                min(x, u) < p + 59 and max(x, u) > p - 59 and min(y, v) < q + 29 and max(y, v) > q - 29
                for p, q in moved
            ), "through a box"


def test_a_short_one_stays_as_it_is():
    places, links, size = row(3)
    assert folded(places, links, size).size == size


def test_where_a_link_would_run_through_a_box_nothing_is_cut():
    """A leaf that is used at the end: its link would have to pass through all boxes beside it."""
    places, links, size = row(20)
    assert folded(places, [*links, (0, 19)], size).size == size


def test_a_page_says_in_which_line_a_box_is():
    def lines(what):
        return {box.get("line", 0) for box in data_of(play(what))["picture"]["boxes"]}

    assert lines(scalar_chain.chain()["C"]) == {0, 1}
    assert lines(Value(2.0) * 3) == {0}
