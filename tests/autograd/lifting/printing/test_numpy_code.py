"""Claims about the NumPy code of a lifted program: its lines and its names."""

import html
import random

import pytest

from autograd import Value, lift
from autograd.lifting import Program
from tests.helpers.lifting import note_2

NOTE_2_IN_NUMPY = """\
    z1 = W1 @ x + b1
    a1 = np.tanh(z1)
    z2 = W2 @ a1 + b2
    a2 = 1 / (1 + np.exp(-z2))
    t1 = a2 - y
    C = 0.5 * np.vdot(t1, t1)
"""

BACKWARD = """\
    delta2 = t1 * a2 * (1 - a2)
    gradient = np.empty(26)
    dW2 = gradient[16:].reshape(2, 5)[:, :4]
    dW2[...] = np.outer(delta2, a1)
    db2 = gradient[20::5]
    db2[...] = delta2
    delta1 = (delta2 @ W2) * (1 - a1 * a1)
    dW1 = gradient[:16].reshape(4, 4)[:, :3]
    dW1[...] = np.outer(delta1, x)
    db1 = gradient[3:16:4]
    db1[...] = delta1
"""


@pytest.mark.parametrize("elementary", [False, True])
def test_the_lines_are_those_of_the_notes(elementary):
    cost, parameters, _ = note_2(elementary)
    program = lift(cost, parameters)
    assert NOTE_2_IN_NUMPY in program.source
    assert BACKWARD in program.source


def test_over_examples_a_line_is_all_of_theirs():
    program = lift(*note_2())
    assert "    z2 = a1 @ W2.T + b2\n" in program.source
    assert "    delta1 = (delta2 @ W2) * (1 - a1 * a1)\n" in program.source


def test_a_small_graph_has_a_line_for_each_array():
    """An operation on parameters and on inputs is two lines, instead of one that gathers from both."""
    w, x = [Value(0.3), Value(0.5)], [Value(0.7), Value(-0.2)]
    source = lift(sum((a.sin() * b.sin() for a, b in zip(w, x, strict=True)), Value(0.0)), w, x).source
    assert "    h1 = np.sin(parameters)\n    h2 = np.sin(inputs)\n" in source


def test_its_repr_says_what_to_do():
    cost, parameters, inputs = note_2()
    assert repr(lift(cost, parameters, inputs)) == (
        "<program of 26 parameters, 5 inputs: print it for its equations, .source is its NumPy>"
    )
    assert isinstance(lift(cost, parameters), Program)


def test_a_notebook_shows_its_equations():
    """A label that is not a plain name is left out of the equations, and no label can end the HTML element."""
    x, w = Value(2.0, "</pre><b>x"), Value(3.0, "a<b")
    shown = lift((w * x).tanh(), [w], [x])._repr_html_()
    cost, parameters, inputs = note_2()
    program = lift(cost, parameters, inputs)
    assert html.unescape(program._repr_html_()) == f"<pre>{program}</pre>"
    assert "δ² (a¹)ᵀ" in program._repr_html_()
    assert shown.startswith("<pre>")
    assert "<" not in shown.removeprefix("<pre>").removesuffix("</pre>")


def test_a_notebook_shows_the_first_lines_of_a_long_program():
    x = y = Value(0.5, "x")
    rng = random.Random(0)  # no steps repeat
    for _ in range(200):
        y = rng.choice([Value.sin, Value.cos, Value.tanh, lambda v: (v * 0.5).exp()])(y)
    program = lift(y, [x])
    lines = str(program).splitlines()
    shown = program._repr_html_().removeprefix("<pre>").removesuffix("</pre>").splitlines()
    assert len(lines) > 200
    assert list(map(html.unescape, shown)) == [*lines[:100], f"and {len(lines) - 100} lines more: print(program)"]
