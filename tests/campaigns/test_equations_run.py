"""Claims about the equations of the published forward passes: run as NumPy, each gives what its way passes back."""

import pytest

from autograd.checking.forward_pass import forward_pass
from autograd.checking.inputs import Inputs
from tests.campaigns.equations_run import equations_run
from tests.campaigns.published_mistakes import KINDS


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__.rpartition(".")[2])
def test_the_equations_of_published_forward_passes(kind):
    count = 0
    for case in kind.CASES:
        found = forward_pass(case.forward, Inputs(case.inputs, set()), case.upstream).recorded
        closure = case.forward.__closure__ or ()
        cells = {
            name: cell.cell_contents for name, cell in zip(case.forward.__code__.co_freevars, closure, strict=True)
        }
        ran, wrong = equations_run(found, {**case.forward.__globals__, **cells, **case.inputs})
        assert wrong == [], case.name
        count += len(ran)
    assert count > 0
