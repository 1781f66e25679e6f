"""Claims about how numbers, colours and widths look."""

import math

import pytest

from viz import Style
from viz.look import Look, escape, number

look = Look(Style())


@pytest.mark.parametrize(
    ("x", "text"),
    [(0.0, "0"), (2.0, "2"), (-3.0, "−3"), (0.15, "0.1500"), (-0.5, "−0.5000"), (0.000439, "0.000439"),
     (4.39e-7, "4.39·10⁻⁷"), (1234.5, "1234.5000"), (123456.0, "1.23·10⁵"), (math.inf, "∞"), (-math.inf, "−∞"),
     (math.nan, "nan"), (1e120, "1.00·10¹²⁰")],
)  # fmt: skip
def test_numbers_are_short(x, text):
    assert number(x) == text


def test_more_digits_show_more():
    assert number(1 / 3, 8) == "0.33333333"
    assert number(1 / 3, 0) == "0.33"


def test_a_larger_gradient_is_wider_and_darker():
    sizes = [0.0, 1e-6, 1e-3, 0.1, 0.5, 1.0]
    widths = [float(look.width(x, 1.0)) for x in sizes]
    assert widths == sorted(widths)
    assert widths[0] < widths[2] < widths[-1]
    tints = [int(look.tint(x, 1.0)[3:5], 16) for x in sizes]  # the green channel falls as red grows
    assert tints == sorted(tints, reverse=True)
    assert tints[0] == 255 > tints[3] > tints[-1] > 100, "black text stays readable"
    assert look.width(-0.5, 1.0) == look.width(0.5, 1.0)
    assert look.width(1.0, 0.0) == look.width(0.0, 1.0)


def test_signs_have_their_colours():
    assert (look.accent(1e-9), look.accent(-1e-9), look.accent(0.0)) == (Style.red, Style.blue, Style.line)


def test_what_xml_cannot_hold_is_shown_as_such():
    assert escape("a\x00b\ud800c") == "a\ufffdb\ufffdc"
    assert escape("a\r\nb\rc") == "".join(f'{c}<BR ALIGN="LEFT"/>' for c in "abc")
