"""Puts a long picture into lines below each other, as in a text, so that it can be read on a screen and on paper."""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

__all__ = ["GAP", "PLANE", "SCREEN", "Fold", "Place", "folded", "stacked"]

SCREEN = (1342.0, 620.0)  # px: the room for the picture in a window 1400 px wide
PLANE = 333.0  # px: less of its width beside the plane of a playground
GAP = 44.0  # px between two lines
STEM, LANE = 12.0, 7.0  # px before a link's first turn, and between two links that turn
LARGEST, WORTH = 1.8, 1.15  # a page's largest scale; the least factor by which another line must enlarge a picture
MOST = 8  # lines


class Place(NamedTuple):
    """A box: its middle and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> float:
        """Its left edge."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width / 2

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height / 2

    def moved(self, by: tuple[float, float]) -> "Place":
        """Returns the same box moved by (x, y)."""
        return self._replace(x=self.x + by[0], y=self.y + by[1])


class Fold(NamedTuple):
    """The places of all boxes and links after folding. Lines are counted from 0."""

    lines: list[int]  # the line of each box
    shifts: list[tuple[float, float]]  # of the boxes of each line
    routes: dict[int, list[tuple[float, float]]]  # the corners of each link that leads to a later line
    size: tuple[float, float]  # of the whole


def folded(places: Sequence[Place], links: Sequence[tuple[int, int]], size: tuple[float, float]) -> Fold:
    """Arranges boxes in one or more lines, so that a screen can show them at the largest scale.

    `links` are pairs (tail, head) from left to right. A cut is allowed only if each link that it cuts can reach the
    end of its line without crossing a box.
    """
    best = Fold([0] * len(places), [(0.0, 0.0)], {}, size)
    usable = _cuts(places, links)
    for count in range(2, MOST + 1):
        cuts = sorted({min(usable, key=lambda c: abs(c - size[0] * i / count), default=0.0) for i in range(1, count)})
        if len(cuts) == count - 1 and usable:
            found = _fold(places, links, cuts)
            if _scale(found.size) > WORTH * _scale(best.size):
                best = found
    return best


def stacked(lines: list[int], sizes: Sequence[tuple[float, float]], gap: float) -> Fold:
    """Puts lines below each other that no link joins. `lines` has the line of each box, `sizes` those of the lines."""
    bottoms = list(accumulate((height + gap for _, height in sizes), initial=0.0))
    return Fold(lines, [(0.0, top) for top in bottoms[:-1]], {}, (max(width for width, _ in sizes), bottoms[-1] - gap))


def _scale(size: tuple[float, float]) -> float:
    return min(SCREEN[0] / size[0], SCREEN[1] / size[1], LARGEST)


def _cuts(places: Sequence[Place], links: Sequence[tuple[int, int]]) -> list[float]:
    """Returns where the picture may be cut: right after a column of boxes."""
    found = []
    for edge in sorted({place.right for place in places})[:-1]:
        if any(place.left <= edge < place.right for place in places):
            continue
        across = [(tail, head) for tail, head in links if places[tail].right <= edge < places[head].left]
        if all(_is_free(places, tail, edge, head) for tail, head in across):
            found.append(edge)
    return found


def _is_free(places: Sequence[Place], tail: int, edge: float, head: int) -> bool:
    """Returns whether no box stands between the tail and the cut, or between the cut and the head, at their heights."""
    begin, end = places[tail], places[head]

    def clear(y: float, start: float, stop: float) -> bool:
        return not any(
            place.right > start and place.left < stop and abs(place.y - y) < place.height / 2 + 2 for place in places
        )

    return clear(begin.y, begin.right + 0.1, edge) and clear(end.y, edge + 0.1, end.left - 0.1)


def _fold(places: Sequence[Place], links: Sequence[tuple[int, int]], cuts: list[float]) -> Fold:
    lines = [sum(place.left >= cut for cut in cuts) for place in places]
    turning = [i for i, (tail, head) in enumerate(links) if lines[tail] != lines[head]]
    into = {n: [i for i in turning if lines[links[i][1]] == n] for n in range(len(cuts) + 1)}
    margin = STEM + LANE * len(turning)  # room for links that turn, left and right
    shifts, ends, bottom = [], [], 0.0
    for n in range(len(cuts) + 1):
        of_line = [place for place, line in zip(places, lines, strict=True) if line == n]
        left, above = min(place.left for place in of_line), min(place.top for place in of_line)
        top = bottom + (GAP + LANE * len(into[n]) if n else 0.0)
        shifts.append(((margin if n else 0.0) - left, top - above))
        ends.append(max(place.right for place in of_line) + shifts[n][0])
        bottom = max(place.bottom for place in of_line) + shifts[n][1]
    routes = {}
    for n, to_line in into.items():
        top = min((place.top for place, line in zip(places, lines, strict=True) if line == n)) + shifts[n][1]
        for lane, link in enumerate(to_line):
            tail, head = (places[i].moved(shifts[lines[i]]) for i in links[link])
            right = max(ends) + STEM + LANE * turning.index(link)
            left = margin - STEM - LANE * turning.index(link)
            routes[link] = _route(tail, head, right, top - GAP / 2 - LANE * lane, left)
    return Fold(lines, shifts, routes, (max(ends) + margin, bottom))


def _route(tail: Place, head: Place, right: float, between: float, left: float) -> list[tuple[float, float]]:
    """Returns a link's corners: out to the right, down between the lines, back to the left, and into the head."""
    return [
        (tail.right, tail.y),
        (right, tail.y),
        (right, between),
        (left, between),
        (left, head.y),
        (head.left, head.y),
    ]
