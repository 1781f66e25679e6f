"""Claims about how numbers, colours and widths look."""

import math
import re

import pytest

from viz import Picture, Style
from viz.look import Look, breadth, broken, escape, formula, number

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


def test_long_formulas_and_names_stand_in_several_lines():
    assert broken("w · x + b =", 30) == ["w · x + b ="]
    assert broken("2 · (total − budget) =", 12) == ["2 · (total −", "budget) ="]
    assert broken("value_added_tax", 15) == ["value_added_tax"]
    assert broken("∂squared_overrun/∂value_added_tax", 18) == ["∂squared_overrun/", "∂value_added_tax"]
    assert broken("total_amount_of_the_invoice", 16) == ["total_amount_", "of_the_invoice"]
    assert broken("a" * 40, 16) == ["a" * 40]
    assert formula("two\nlines", 18) == 'two<BR ALIGN="LEFT"/>lines<BR ALIGN="LEFT"/>'


WORDS = ["0123456789", "−0.5000", "∂C/∂w¹₁₁", "softmax(z²)₁", "BP2 agrees", "1.23·10⁻⁵", "abcdefghijklm",
         "nopqrstuvwxyz", "ABCDEFGHIJKLM", "NOPQRSTUVWXYZ", "()[]{}*-+/_,.;:!?@#$%|=~"]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("text", ["{}", "<B>{}</B>", "{}<B> </B>", "i<BR/>{}"])
def test_a_text_has_the_room_that_graphviz_takes(word, text):
    dot = Picture()
    label = f"<TR><TD>{text.format(escape(word))}</TD></TR>"
    dot.node("n", f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">{label}</TABLE>>', shape="plain")
    dot.attr("node", fontname="Helvetica", fontsize="100")
    line = next(line for line in dot.pipe(format="plain", encoding="utf-8").splitlines() if line.startswith("node"))
    taken = 72 * float(line.split()[4]) / 100
    assert taken - 0.001 <= breadth(text.format(escape(word))) <= 1.25 * taken


@pytest.mark.parametrize("text", ["z", "∂C/∂z"])
def test_a_text_beside_a_bold_one_stands_at_its_height(text):
    dot = Picture(format="svg")
    cells = f"<TD>{Look.beside_bold(text)}</TD><TD><B>0.5</B></TD>"
    dot.node("n", f"<<TABLE><TR>{cells}</TR></TABLE>>")
    heights = re.findall(r'<text [^>]*?y="([^"]+)"', dot.pipe(encoding="utf-8"))
    assert len(set(heights)) == 1
