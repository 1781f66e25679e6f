"""Claims about the marks in pictures: numbers that are not finite, dead relus, saturated sigmoids and tanhs."""

import math

import pytest

from autograd import Value
from tests.viz.pictures.test_value_graph import boxes
from viz import Style, draw


def named(value, label):
    value.label = label
    return value


def last(value):
    """Returns the rest of the last value's box, without its name, number and gradient."""
    *_, number = (name for name in boxes(draw(value)) if name.startswith("n"))
    return boxes(draw(value))[number].split(" | ")[3:]


def border(value, box):
    (line,) = (line for line in draw(value).source.splitlines() if line.startswith(f"\t{box} ["))
    return line.split('BORDER="')[1].split('"')[0], line.split('COLOR="')[1].split('"')[0]


@pytest.mark.parametrize(
    ("make", "z", "mark"),
    [
        (Value.relu, -2.0, ["dead", "slope 0"]),
        (Value.relu, 0.0, ["dead", "slope 0"]),
        (Value.relu, 1e-9, []),
        (Value.sigmoid, -7.0, ["saturated", "slope 0.000910"]),
        (Value.sigmoid, 7.0, ["saturated", "slope 0.000910"]),
        (Value.sigmoid, 5.0, []),
        (Value.tanh, 3.0, ["saturated", "slope 0.0099"]),
        (Value.tanh, -40.0, ["saturated", "slope 0"]),
        (Value.tanh, 2.9, []),
        (Value.softplus, -50.0, []),
        (Value.leaky_relu, -2.0, []),
        (abs, 0.0, []),
    ],
)
def test_activations_that_let_nothing_through(make, z, mark):
    value = make(Value(z))
    assert last(value) == mark
    assert border(value, "n2") == (("2", Style.amber) if mark else ("1", "#b8c0c8"))


def test_where_numbers_stop_being_finite():
    big = Value(1e200, "big")
    q = named(big * big, "q")
    D = named((q - q) * 2, "D")
    found = boxes(draw(D))
    assert found["n1"] == "big | 1.00·10²⁰⁰ | ∂D/∂big"
    assert found["n2"] == "q | ∞ | ∂D/∂q | infinite | begins here"
    assert found["n3"] == "v1 | nan | ∂D/∂v1 | not a number | from its operands"
    assert found["n4"] == "D | nan | ∂D/∂D | not a number | from its operands"
    assert border(D, "n2") == ("2", Style.red)
    assert border(D, "n1") == ("2", "#b8c0c8")
    assert "not a number | given so" in boxes(draw(Value(math.nan, "x") * 1.0))["n1"]


def test_gradients_that_are_not_finite_once_there_are_any():
    a = Value(0.0, "a")
    b = named(a.sqrt(), "b")
    assert boxes(draw(b))["n1"] == "a | 0 | ∂b/∂a"
    b.backward()
    assert boxes(draw(b))["n1"] == "a | 0 | ∂b/∂a | ∞ | gradient infinite"
    assert border(b, "n1") == ("2", Style.red)
    assert draw(b).pipe(format="svg").startswith(b"<?xml")


def test_labelled_values_are_marked_when_the_others_melt():
    z = Value(-3.0, "z")
    a = named(z.relu(), "a")
    C = named(a * 2 + z.sigmoid(), "C")
    found = boxes(draw(C, melt=True))
    assert [text.split(" | ")[0] for text in found.values() if "dead" in text] == ["a"]
