"""What pictures and pages look like: colours, a font, widths and sizes, all in one record."""

import re
from dataclasses import dataclass, field, fields, replace
from typing import Any

__all__ = ["STYLE", "Palette", "Style", "styled"]


@dataclass(frozen=True)
class Palette:
    """The colours of one scheme: each is #rrggbb, or white, or black. ValueError for any other."""

    paper: str = "white"  # what everything stands on
    card: str = "#f5f7f9"  # on a page, behind texts and controls
    ink: str = "#1b1f24"
    grey: str = "#656d76"  # texts of less weight
    line: str = "#b8c0c8"  # borders, and edges along which nothing flows
    red: str = "#c9302c"  # a gradient above 0, and what is wrong
    blue: str = "#1f5fb4"  # a gradient below 0
    green: str = "#1a7f37"  # agreement
    amber: str = "#9a6700"  # a warning; on a page, what the step touches
    dead: str = "#d8dde2"  # behind the δ of a relu that lets nothing through
    tint: float = 0.62  # how much of its colour the largest gradient's background has

    def __post_init__(self) -> None:
        for name, colour in self.colours().items():
            if not re.fullmatch(r"#[0-9a-fA-F]{6}|white|black", colour):
                raise ValueError(f"{name} is a colour such as #c9302c, or white or black; got {colour!r}")

    def colours(self) -> dict[str, str]:
        """Each colour by its name."""
        return {part.name: str(getattr(self, part.name)) for part in fields(Palette) if part.name != "tint"}


# fmt: off
DARK = Palette(paper="#15181c", card="#1e2329", ink="#e6e9ec", grey="#a0a9b2", line="#4a535c", red="#ff7b72",
               blue="#6cb0ff", green="#56d364", amber="#ffb340", dead="#343b43", tint=0.5)
# fmt: on


@dataclass(frozen=True, repr=False)
class Style(Palette):
    """What a picture or a page looks like: `draw`, `draw_network`, `play` and the plots take one as `style=`.

    Its colours are those of pictures, of paper, and of pages on a light screen; `dark` has those on a dark screen.
    Captions speak of red and blue, so a shade of each does best. Lengths are in points in pictures, in px on pages.
    Raises ValueError for what is no colour, and for a font whose name has more than letters, digits, blanks and
    hyphens.

        >>> from autograd import Value
        >>> from viz import Style, draw, play
        >>> x = Value(3.0, "x")
        >>> y = x * x
        >>> calm = Style(red="#b4472a", blue="#3f4d9a", size=14)
        >>> picture, page = draw(y, style=calm), play(y, style=calm)
        >>> for_a_dark_slide = draw(y, style=calm.on_dark())
    """

    dark: Palette = field(default_factory=lambda: DARK)  # the colours of a dark screen
    font: str = "Helvetica"  # Graphviz knows the widths of Helvetica, Arial, Times and Courier
    size: float = 12  # of texts
    small: float = 10  # of remarks, and of texts on edges
    thinnest: float = 0.8  # the least width of an edge, along which nearly nothing flows back
    widest: float = 3.4  # the width of the edge along which the largest gradient flows back
    neuron: float = 112  # the least width of a neuron's box in a picture

    def __post_init__(self) -> None:
        super().__post_init__()
        if not re.fullmatch(r"[\w -]+", self.font):
            raise ValueError(f"font is the name of one font, such as Helvetica; got {self.font!r}")
        for name in ("size", "small", "thinnest", "widest", "neuron"):
            length = getattr(self, name)
            if not isinstance(length, int | float) or not 0 < length < float("inf"):
                raise ValueError(f"{name} is a length above 0; got {length!r:.40}")

    def __repr__(self) -> str:
        given = {part.name: getattr(self, part.name) for part in fields(self)}
        told = (f"{name}={value!r}" for name, value in given.items() if value != getattr(STYLE, name))
        return f"Style({', '.join(told)})"  # what differs from the default

    def on_dark(self) -> "Style":
        """The same with the colours of `dark`; colours of your own for it are given as dark=Palette(...)."""
        return replace(self, **vars(self.dark))


STYLE = Style()


def styled(given: Any) -> Style:
    """The style that was given. Raises TypeError for what is none."""
    if not isinstance(given, Style):
        raise TypeError(f"style is a viz.Style, as Style(size=14) or Style().on_dark(); got {given!r:.40}")
    return given
