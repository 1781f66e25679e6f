"""Claims about names: an array has the same name in code and in equations."""

import random
import re

import numpy as np
import pytest

from autograd import Value, lift
from autograd.lifting.printing.names import Names
from autograd.programs.assignments import Map
from autograd.programs.roles import Role
from autograd.table import TANH
from tests.helpers.lifting import convolution, note_2, recurrent

LETTERS = {letter: letter for letter in "zauh"} | {f"d{letter}": f"∂C/∂{letter}" for letter in "WUb"} | {"delta": "δ"}
ABOVE, BELOW = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"), str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def array(letter, number):
    return Map(op=TANH, name=f"{letter}{number or ''}", role=Role(letter, number, letter in "zaW"))


def test_a_second_array_of_a_role_has_the_number_2():
    names = Names()
    given = [names.give(array(*role)) for role in (("x", 0), ("x", 0), ("W", 1), ("W", 1), ("W", 2), ("x", 0))]
    assert [name.code for name in given] == ["x", "x2", "W1", "W1_2", "W2", "x3"]
    assert [name.copy for name in given] == [1, 2, 1, 2, 1, 3]


def test_an_array_keeps_its_name():
    names, z = Names(), array("z", 1)
    assert names.give(z) is names.give(z)
    assert names.of == {z: names.give(z)}


def test_equal_numbers_have_one_name():
    names = Names()
    first = names.numbers(np.array([1.0, 2.0]), Role("y"))
    assert names.numbers(np.array([1.0, 2.0]), Role("k")) is first
    assert names.numbers(np.array([1, 2]), Role("i")).code == "i"  # positions, not numbers
    assert names.numbers(np.array([1.0, 3.0]), Role("y")).code == "y2"


def test_a_taken_name_is_given_to_nobody():
    names = Names()
    assert [names.free("n"), names.free("n"), names.give(array("n", 0)).code] == ["n", "n2", "n3"]


@pytest.mark.parametrize(
    "graph", [note_2()[:2], note_2(), recurrent(random.Random(0))[:2], convolution(random.Random(0))]
)
def test_each_line_of_code_has_its_equation(graph):
    """z1 = … is z¹ = …, delta2 is δ², dW1 += is ∂C/∂W¹ +=, and out=dW1 is ∂C/∂W¹ =."""
    program = lift(*graph)
    source = re.sub(r"np\.matmul\(.*, out=(.*)\)", r"\1 = ", program.source)
    lines = re.findall(r"^    ([zauh]|delta|d[WUb])(\d)(?:\[\.\.\.\])? (\+?=) (?!gradient)", source, re.MULTILINE)
    wanted = [f"{LETTERS[letter]}{number.translate(BELOW if letter in 'uh' else ABOVE)} {sign}"
              for letter, number, sign in lines]  # fmt: skip
    found = [line.rsplit("=", 1)[0] + "=" for line in str(program).splitlines() if line and line[0] != "C"]
    assert len(wanted) > 8
    assert found == wanted


def test_copies_of_a_name_have_the_same_number_in_an_equation():
    w, v, x, y = (Value(0.1 * i) for i in range(1, 5))
    program = lift((w * x - v * y).tanh(), [w, v], [x, y])
    assert "z1 = w1 * x - v1 * x2\n" in program.source
    assert "z¹ = w¹ ∘ x − v¹ ∘ x₂\n" in str(program)
