"""The style of pictures and pages: colours, a font, widths and sizes in one record."""

import math
import re
from dataclasses import dataclass, field, fields, replace
from typing import Any

__all__ = ["STYLE", "Palette", "Style", "channels", "mixed", "styled"]


@dataclass(frozen=True)
class Palette:
    """The colours of one scheme: each is #rrggbb, or white, or black. Any other raises ValueError."""

    paper: str = "white"  # the background
    card: str = "#f5f7f9"  # on a page, behind texts and controls
    ink: str = "#1b1f24"
    grey: str = "#656d76"  # texts of less weight
    line: str = "#b8c0c8"  # borders, and edges along which nothing flows
    red: str = "#c9302c"  # a gradient above 0, and mistakes
    blue: str = "#1f5fb4"  # a gradient below 0
    green: str = "#1a7f37"  # agreement
    amber: str = "#9a6700"  # a warning; on a page, the boxes that a step uses
    dead: str = "#d8dde2"  # behind the δ of a relu that lets nothing through
    lit: str = "#ffd791"  # behind the numbers that a step uses, in a picture of a step
    tint: float = 0.62  # the share of red or blue in the background of the largest gradient

    def __post_init__(self) -> None:
        for name, colour in self.colours().items():
            if not re.fullmatch(r"#[0-9a-fA-F]{6}|white|black", colour):
                raise ValueError(f"{name} is a colour such as #c9302c, or white or black; got {colour!r}")

    def colours(self) -> dict[str, str]:
        """Returns each colour by its name."""
        return {part.name: str(getattr(self, part.name)) for part in fields(Palette) if part.name != "tint"}


# fmt: off
DARK = Palette(paper="#15181c", card="#1e2329", ink="#e6e9ec", grey="#a0a9b2", line="#4a535c", red="#ff7b72",
               blue="#6cb0ff", green="#56d364", amber="#ffb340", dead="#343b43", lit="#6a4c0c", tint=0.5)
# in grey, only the strokes of edges show a gradient's sign; mistakes are white on black
GREY = Palette(card="#f4f4f4", ink="#141414", grey="#5e5e5e", line="#b4b4b4", red="#303030", blue="#303030",
               green="#5e5e5e", amber="#5e5e5e", dead="#d8d8d8", lit="#c4c4c4", tint=0.4)
# fmt: on
ACCENTS = ("red", "blue", "green", "amber")


@dataclass(frozen=True, repr=False)
class Style(Palette):
    """The look of a picture or a page. `draw`, `draw_network`, `play` and the plots take one as `style=`.

    Its colours are for pictures, for paper, and for pages on a light screen; `dark` has the colours for a dark screen.
    If you change red, blue, green or amber and not the same colour of `dark`, a dark screen shows your colour, made
    lighter where it would be hard to read. Captions speak of red and blue, so choose shades of these. Lengths are in
    points in pictures, in px on pages. The default style has the name "colour"; its other schemes are "grey" and
    "dark".

    Raises:
        ValueError: If a colour is not #rrggbb, white or black, a length is not above 0, or a font's name has other
            characters than letters, digits, blanks and hyphens.
    Example:
        >>> from autograd import Value
        >>> from viz import Style, draw, play
        >>> x = Value(3.0, "x")
        >>> y = x * x
        >>> calm = Style(red="#b4472a", blue="#3f4d9a", size=14)
        >>> picture, page = draw(y, style=calm), play(y, style=calm)
        >>> for_a_dark_slide = draw(y, style=calm.on_dark())
        >>> for_a_handout = draw(y, style=calm.in_grey())
    """

    dark: Palette = field(default_factory=lambda: DARK)  # the colours of a dark screen
    font: str = "Helvetica"  # Graphviz knows the widths of Helvetica, Arial, Times and Courier
    size: float = 12  # of texts
    small: float = math.nan  # of remarks, and of texts on edges; by default eleven twelfths of `size`
    thinnest: float = 0.8  # the width of an edge along which almost no gradient flows back
    widest: float = 3.4  # the width of the edge along which the largest gradient flows back
    neuron: float = 112  # the least width of a neuron's box in a picture

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.small != self.small and isinstance(self.size, int | float):
            object.__setattr__(self, "small", _small(self.size))
        if not re.fullmatch(r"[\w -]+", self.font):
            raise ValueError(f"font is the name of one font, such as Helvetica; got {self.font!r}")
        for name in ("size", "small", "thinnest", "widest", "neuron"):
            length = getattr(self, name)
            if not isinstance(length, int | float) or not 0 < length < float("inf"):
                raise ValueError(f"{name} is a length above 0; got {length!r:.40}")

    def __repr__(self) -> str:
        given = {part.name: getattr(self, part.name) for part in fields(self)}
        usual = {part.name: getattr(STYLE, part.name) for part in fields(self)} | {"small": _small(self.size)}
        told = (f"{name}={value!r}" for name, value in given.items() if value != usual[name])
        return f"Style({', '.join(told)})"  # the fields that differ from the default

    def in_grey(self) -> "Style":
        """Returns the same style for a printer without colours."""
        return replace(self, **vars(GREY))

    def of_size(self, size: float) -> "Style":
        """Returns the same style with texts of this size, in points, and all other lengths in proportion."""
        grown = {name: getattr(self, name) * (size / self.size) for name in ("small", "thinnest", "widest", "neuron")}
        return replace(self, size=size, **{name: round(length, 1) for name, length in grown.items()})

    def on_dark(self) -> "Style":
        """Returns the same style with the colours of `dark`.

        An accent that was changed, but not in `dark`, stays. It becomes lighter if it would be hard to read.
        """
        own = {name: getattr(self, name) for name in ACCENTS if getattr(self, name) != getattr(STYLE, name)}
        kept = {name: colour for name, colour in own.items() if getattr(self.dark, name) == getattr(DARK, name)}
        lighter = {name: _lightened(colour, self.dark.paper) for name, colour in kept.items()}
        return replace(self, **vars(self.dark) | lighter)


def channels(colour: str) -> list[int]:
    """Returns a colour's red, green and blue, 0 to 255."""
    digits = {"white": "#ffffff", "black": "#000000"}.get(colour, colour)
    return [int(digits[i : i + 2], 16) for i in (1, 3, 5)]


def mixed(one: str, other: str, share: float) -> str:
    """Mixes two colours; `share` is the share of the second, 0 to 1."""
    return "#" + "".join(
        f"{round(a + share * (b - a)):02x}" for a, b in zip(channels(one), channels(other), strict=True)
    )


def _lightened(colour: str, paper: str) -> str:
    """Mixes a colour with white until its contrast with the paper is 4.5 to 1, as texts need (WCAG 2, 1.4.3)."""
    steps = (mixed(colour, "white", step / 20) for step in range(20))
    return next((found for found in steps if _luminance(found) + 0.05 >= 4.5 * (_luminance(paper) + 0.05)), colour)


def _luminance(colour: str) -> float:
    """Returns the relative luminance, as WCAG 2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (c / 255 for c in channels(colour))]
    return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _small(size: float) -> float:
    """Returns the size of remarks beside texts of this size."""
    return round(size * 11 / 12, 1)


STYLE = Style()
NAMED = {"colour": STYLE, "grey": STYLE.in_grey(), "dark": STYLE.on_dark()}


def styled(given: Any, size: float | None = None) -> Style:
    """Returns the style given, by itself or by name, with texts of this size. Raises TypeError if it is not a style."""
    if isinstance(given, str) and given in NAMED:
        given = NAMED[given]
    if not isinstance(given, Style):
        names = ", ".join(map(repr, NAMED))
        raise TypeError(f"style is {names}, or a viz.Style, as Style(font='Times'); got {given!r:.40}")
    if size is None:
        return given
    if not isinstance(size, int | float) or not 0 < size < float("inf"):
        raise ValueError(f"size is that of texts, in points, above 0; got {size!r:.40}")
    return given.of_size(size)
