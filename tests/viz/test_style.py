"""Claims about the style: it alone sets the colours, font and sizes of pictures, pages and plots."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from autograd import Value
from nn import MLP, compare
from viz import Style, draw, draw_network, page, play
from viz.style import Palette

OTHER = {name: f"#{i:02x}aa{i:02x}" for i, name in enumerate(Style().colours(), 1)}
DARK = {name: f"#{i:02x}bb{i:02x}" for i, name in enumerate(Style().colours(), 1)}
HERE = Path(page.__file__).parent
STRANGE = Style(**OTHER, dark=Palette(**DARK), font="Arial", size=15, small=9, thinnest=0.5, widest=9.25, neuron=150)


def expression():
    x = Value(-2.0, "x")
    y = x.relu() * 3 + x * x * 0.1 + (x * 1e300).exp() * 0.0 + Value(9.0).sigmoid()
    y.label = "y"
    y.backward()
    return y


def network():
    return compare(MLP(2, [3, 1], "relu", seed=4), [0.2, -0.7], [1.0])


def pictures(style):
    disagreeing = network()
    disagreeing.row("∂C/∂w", 1).closed_form[0, 0] += 1.0
    for value in (expression(), Value(1.0)):
        yield draw(value, style=style).source
    yield draw(expression(), melt=True, style=style).source
    yield draw(expression(), step=1, style=style).source
    for comparison in (network(), disagreeing):
        yield draw_network(comparison, style=style).source


def css_of(page):
    return re.search(r"<style>(.*?)</style>", page.html, re.DOTALL)[1]


def test_in_another_style_nothing_of_the_first_is_left():
    own = {*Style().colours().values(), *Style().dark.colours().values(), "Helvetica", 'POINT-SIZE="10"'}
    sources = list(pictures(STRANGE))
    for source in sources:
        assert not [part for part in own if part in source]
        assert {"Arial"} == set(re.findall(r"fontname=(\w+)", source))
        assert {"15", "9"} == set(re.findall(r"fontsize=(\d+)", source))
    together = "".join(sources)
    assert not [name for name, colour in OTHER.items() if colour not in together and name != "card"]
    assert "penwidth=9.25" in together
    assert 'WIDTH="150"' in together
    for shown in (play(expression(), style=STRANGE), play(network(), style=STRANGE)):
        css = css_of(shown)
        assert not [colour for colour in own if colour.startswith("#") and colour in css]
        assert not [colour for colour in (*OTHER.values(), *DARK.values()) if colour not in css]
        assert "--font: Arial, " in css
        assert "--size: 15px; --small: 12px" in css  # smaller type is not legible on a screen
        assert '"widths":[0.5,9.25]' in shown.html


def test_a_page_has_no_colour_of_its_own_but_greys_on_paper():
    css = (HERE / "page.css").read_text(encoding="utf-8")
    script = "".join(path.read_text(encoding="utf-8") for path in (HERE / "script").glob("*.js"))
    on_screen, on_paper = css.split("@media print")
    assert re.findall(r": [^;]*#[0-9a-fA-F]{3}|rgb|hsl", on_screen) == []
    assert set(re.findall(r"#[0-9a-fA-F]{6}", on_paper)) == {"#444444", "#999999"}
    assert re.findall(r"""["'`]#[0-9a-fA-F]{3}|rgb(?!\(\$\{)|hsl""", script) == []
    given = {f"--{name}" for name in Style().colours()} | {"--font", "--size", "--small"}
    given |= {"--left", "--right", "--above", "--below"}  # shadows
    assert set(re.findall(r"var\((--\w+)\)", css)) <= given


def test_the_default_is_the_same_each_time_and_named_by_no_argument():
    assert draw(expression()).source == draw(expression(), style=Style()).source
    assert draw_network(network()).source == draw_network(network(), style=Style()).source
    assert play(network()).html == play(network(), style=Style()).html


def luminance(colour):
    """Returns the relative luminance by WCAG 2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    named = {"white": "#ffffff", "black": "#000000"}
    darker, lighter = sorted(luminance(named.get(colour, colour)) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(paper, colour, share):
    paper = "#ffffff" if paper == "white" else paper
    channels = ([int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (paper, colour))
    return "#" + "".join(f"{round(p + share * (c - p)):02x}" for p, c in zip(*channels, strict=True))


@pytest.mark.parametrize("palette", [Style(), Style().dark, Style().in_grey()], ids=["light", "dark", "grey"])
def test_every_text_can_be_read_on_what_it_stands_on(palette):
    """The contrast is at least 4.5 to 1, as WCAG 2 (1.4.3) demands for small text."""
    for text in ("ink", "grey", "red", "blue", "green", "amber"):
        assert contrast(getattr(palette, text), palette.paper) >= 4.5, text
    for text in ("ink", "grey", "amber"):
        assert contrast(getattr(palette, text), palette.card) >= 4.5, text
    for sign in (palette.red, palette.blue):
        assert contrast(palette.ink, mixed(palette.paper, sign, palette.tint)) >= 4.5
    assert contrast(palette.ink, palette.dead) >= 4.5
    assert contrast(palette.ink, palette.lit) >= 4.5
    assert contrast(palette.lit, palette.paper) >= 1.3, "what a step uses stands out"
    assert contrast(palette.paper, palette.red) >= 4.5


def test_a_picture_for_a_dark_slide_is_in_the_dark_colours():
    dark = Style().on_dark()
    assert {name: getattr(dark, name) for name in dark.colours()} == Style().dark.colours()
    source = draw(expression(), style=dark).source
    assert f'bgcolor="{dark.paper}"' in source
    assert "white" not in source


@pytest.mark.parametrize("name", ["red", "blue", "green", "amber"])
def test_a_colour_of_ones_own_stays_on_a_dark_screen_and_can_be_read_there(name):
    bright, deep = "#ffd7af", "#8a1f12"
    assert getattr(Style(**{name: bright}).on_dark(), name) == bright
    dark = Style(**{name: deep}).on_dark()
    before, after = ([int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in (deep, getattr(dark, name)))
    whiter = [(b - a) / (255 - a) for a, b in zip(before, after, strict=True)]
    assert whiter == pytest.approx([whiter[0]] * 3, abs=0.01)
    assert 4.5 <= contrast(getattr(dark, name), dark.paper) < 5.5
    assert getattr(dark, name) in css_of(play(expression(), style=Style(**{name: deep})))
    assert getattr(Style(**{name: deep}, dark=Palette(**{name: "#aabbcc"})).on_dark(), name) == "#aabbcc"
    assert replace(dark, **{name: getattr(Style().dark, name)}) == Style().on_dark()


def test_paper_of_ones_own_is_no_dark_paper():
    assert Style(paper="#fdf6e3", ink="#222222").on_dark() == Style().on_dark()


def test_remarks_are_as_large_as_texts_let_them():
    assert (Style().size, Style().small) == (12, 11)
    assert Style(size=18).small == 16.5
    assert Style(size=18, small=9).small == 9
    assert repr(Style(size=18)) == "Style(size=18)"
    assert 'POINT-SIZE="22"' in draw_network(network(), style=Style(size=24)).source


def test_a_style_keeps_what_it_is_not_told():
    calm = Style(red="#8a3b12")
    assert replace(calm, red=Style().red) == Style()
    assert calm.dark == Style().dark
    assert repr(calm) == "Style(red='#8a3b12')"
    assert repr(Style()) == "Style()"


def test_what_is_no_colour_and_no_font_is_refused():
    for wrong in ("crimson", "#fff", "#c9302c; } * { color: red", '"/><img>', 3):
        with pytest.raises(ValueError, match=r"red is a colour such as #c9302c, or white or black; got"):
            Style(red=wrong)
        with pytest.raises(ValueError, match=r"paper is a colour such as"):
            Palette(paper=wrong)
    for wrong in ("Helvetica, Arial", 'x"', "a; } * {", ""):
        with pytest.raises(ValueError, match=r"font is the name of one font, such as Helvetica; got"):
            Style(font=wrong)


@pytest.mark.parametrize("shown", [draw, play])
def test_what_is_no_style_is_refused(shown):
    with pytest.raises(TypeError, match=r"style is 'colour', 'grey', 'dark', or a viz.Style, .*got 'neon'"):
        shown(2 * Value(1.0, "x"), style="neon")
    for name in ("size", "widest"):
        for wrong in (0, -1.0, float("nan"), "12"):
            with pytest.raises(ValueError, match=f"{name} is a length above 0; got"):
                Style(**{name: wrong})
