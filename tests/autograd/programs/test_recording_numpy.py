"""Claims about recorded programs: they compute NumPy's results on floats, and the graph's gradients."""

import numpy as np
import pytest

from tests.helpers.expressions import EXPRESSIONS, SQUARE
from tests.helpers.passes import gradients_by_graph, kinds, run_recorded

NAMES = [expression[0] for expression in EXPRESSIONS]


@pytest.mark.parametrize(("name", "forward", "made_of", "inputs"),
                         [(n, f, k, i) for n, f, k, *i in EXPRESSIONS], ids=NAMES)  # fmt: skip
def test_a_program_is_what_ran(name, forward, made_of, inputs):
    run = run_recorded(forward, *inputs)
    expected = np.asarray(forward(*(given.copy() for given in inputs)), dtype=float)
    assert run.result.shape == expected.shape
    np.testing.assert_allclose(run.result.value, expected, rtol=1e-12, atol=1e-15)
    for leaf, by_graph in zip(run.leaves, gradients_by_graph(run), strict=True):
        flow = run.backward.flows.get(leaf.number, np.zeros(leaf.shape))
        np.testing.assert_allclose(flow, by_graph, rtol=1e-11, atol=1e-14)
    if made_of is not None:
        assert kinds(run) == made_of


@pytest.mark.parametrize(("name", "forward", "inputs"), [(n, f, i) for n, f, _, *i in EXPRESSIONS], ids=NAMES)
def test_every_assignment_follows_from_its_operands(name, forward, inputs):
    program = run_recorded(forward, *inputs).program
    for number, node in enumerate(program.assignments):
        assert node.number == number
        assert all(operand.number < number for operand in node.operands)
        again = node.forward([operand.value for operand in node.operands])
        np.testing.assert_allclose(again, node.value, rtol=1e-12, atol=1e-15)


def test_solving_a_system_is_read_from_its_graph():
    """No routine of its own: elimination is arithmetic on Values."""

    def solved(a):
        a, b = a.copy(), np.ones(3, dtype=a.dtype) * 1.0
        for k in range(3):
            for i in range(k + 1, 3):
                factor = a[i, k] / a[k, k]
                a[i] = a[i] - factor * a[k]
                b[i] = b[i] - factor * b[k]
        for k in (2, 1, 0):
            b[k] = (b[k] - sum(a[k, j] * b[j] for j in range(k + 1, 3))) / a[k, k]
        return b

    run = run_recorded(solved, SQUARE)
    np.testing.assert_allclose(run.result.value, np.linalg.solve(SQUARE, np.ones(3)), rtol=1e-12)
    inverse = np.linalg.inv(SQUARE)
    by_hand = -np.outer(inverse.T @ run.flow, run.result.value)  # dA = −A⁻ᵀ db xᵀ
    np.testing.assert_allclose(run.backward.flows[0], by_hand, rtol=1e-11)
