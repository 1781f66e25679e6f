"""Claims about the mutants: each differs in one thing, and all that a module computes is changed in some way."""

import ast

import pytest

from tests.campaigns.mutants import mutants

mutation = pytest.importorskip(
    "tests.campaigns.mutation", reason="each mutant runs in a process of its own, as POSIX forks them"
)

SOURCE = """
PAIRS = (2.0, 3.0)
def f(a: float, b: float = 1.0) -> float:
    '''What it does.'''
    if a < b:
        return g(a, b)
    return -a
"""


def test_a_function_is_changed_in_every_part():
    assert [what for what, _ in mutants(SOURCE)] == [
        "def f(a: float, b: float = 1.0) -> float:: 1.0 → 2.0",
        "if a < b:: if a < b: return g(a, b) → if not a < b: return g(a, b)",
        "if a < b:: a < b → a <= b",
        "if a < b:: a < b → a >= b",
        "return g(a, b): return g(a, b) → return None",
        "return g(a, b): g(a, b) → g(b, a)",
        "return -a: return -a → return None",
        "return -a: -a → a",
    ]


def test_a_mutant_is_the_module_with_that_change_alone():
    whole = ast.unparse(ast.parse(SOURCE)).splitlines()
    for what, tree in mutants(SOURCE):
        changed = ast.unparse(tree).splitlines()
        assert len(changed) == len(whole)
        assert sum(one != other for one, other in zip(changed, whole, strict=True)) == 1, what
        compile(tree, "mutant", "exec")


@pytest.mark.parametrize("module", mutation.TESTS)
def test_its_tests_are_there(module):
    assert len(set(mutation.TESTS[module])) == len(mutation.TESTS[module])
    for test in mutation.TESTS[module]:
        __import__(f"tests.autograd.{test}")


def test_an_explanation_stands_for_a_line_and_for_no_other():
    patterns = mutation.explained()
    fits = [
        what
        for what, pattern in patterns.items()
        if pattern.fullmatch("walk.py: for x in zip(a, b, strict=True): True → False")
    ]
    assert fits == ["walk.py: …strict=True…: True → False"]
    assert not any(pattern.fullmatch("walk.py: y = 1.0: 1.0 → 2.0") for pattern in patterns.values())
