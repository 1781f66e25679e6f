"""Claims about operands in lines that differ only in the numbers of names, as z1 = a @ m1 and z2 = a @ m2."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

SHAPES = {"a": (5, 4), "s1": (4, 3), "u1": (3, 2), "s2": (4, 4), "u2": (4, 2)}
OUT = np.random.default_rng(6).normal(size=(5, 2))


def two_lines(a, s1, u1, s2, u2):
    m1 = s1 @ u1
    m2 = s2 @ u2
    z1 = np.tanh(a @ m1)
    z2 = np.tanh(a @ m2)
    return z1 + 2 * z2


def by_hand(inputs, m_for_z=False):
    a, s1, u1, s2, u2 = inputs.values()
    m1, m2 = s1 @ u1, s2 @ u2
    dz1, dz2 = OUT * (1 - np.tanh(a @ m1) ** 2), 2 * OUT * (1 - np.tanh(a @ m2) ** 2)
    one, two = (m2, m1) if m_for_z else (m1, m2)
    da = dz1 @ one.T + dz2 @ two.T
    return {"a": da, "s1": a.T @ dz1 @ u1.T, "u1": s1.T @ (a.T @ dz1), "s2": a.T @ dz2 @ u2.T, "u2": s2.T @ (a.T @ dz2)}


def test_operands_of_lines_may_be_exchanged():
    inputs = {name: normal(*shape) for name, shape in SHAPES.items()}
    assert check_backward(two_lines, inputs, by_hand(inputs), OUT)
    said = why(two_lines, inputs, by_hand(inputs, m_for_z=True), OUT)
    assert "m1" in said
    assert "m2" in said


@pytest.mark.parametrize("name", SHAPES)
def test_products_of_lines_need_not_be_alike(name):
    """s2 is square, so that its transpose is tried in m2, but s1 in m1 is not."""
    inputs = {name: normal(*shape) for name, shape in SHAPES.items()}
    assert why(two_lines, inputs, {**by_hand(inputs), name: normal(*SHAPES[name])}, OUT) == ""
