"""Claims about the names of arrays in code."""

import pytest

from autograd.programs.roles import Role, code_name


@pytest.mark.parametrize(
    ("role", "name"),
    [(Role("z", 1, True), "z1"), (Role("δ", 2, True), "delta2"), (Role("C"), "C"),
     (Role("∂", of=Role("W", 1, True)), "dW1"), (Role("∂", of=Role("u", 3)), "du3")],
)  # fmt: skip
def test_code_calls_an_array_by_its_role(role, name):
    assert code_name(role) == name
