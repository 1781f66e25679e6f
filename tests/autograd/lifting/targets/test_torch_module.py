"""Claims about programs as modules of PyTorch: they work like other modules."""

import copy
import io
import pickle
import random

import numpy as np
import pytest

from autograd import Value, lift
from tests.helpers.lifting import causal_attention, note_2
from tests.helpers.targets import torch

EXAMPLES = np.random.default_rng(0).normal(size=(5, 5))


@pytest.fixture
def program():
    return lift(*note_2())


def gradient_of(module, *examples):
    module.zero_grad()
    module(*examples).backward()
    return module.flat.grad


def test_backward_is_the_programs_pass_and_adds_up(program):
    module = program.torch()
    assert [name for name, _ in module.named_parameters()] == ["flat"]
    np.testing.assert_allclose(gradient_of(module, EXAMPLES), program(EXAMPLES)[1], rtol=1e-13, atol=1e-16)
    (3.0 * module(EXAMPLES)).backward()
    np.testing.assert_allclose(module.flat.grad, 4.0 * program(EXAMPLES)[1], rtol=1e-13, atol=1e-16)
    with torch.no_grad():
        assert not module(EXAMPLES).requires_grad


def test_at_a_corner_the_slope_is_the_tables():
    w = Value(0.0)
    module = lift(abs(w) + w.relu() + 2.0 * w, [w]).torch()
    assert gradient_of(module).tolist() == [2.0]


@pytest.mark.parametrize("optimizer", [torch.optim.SGD, torch.optim.Adam, torch.optim.LBFGS])
def test_any_optimizer_learns(program, optimizer):
    module = program.torch()
    steps = optimizer(module.parameters(), lr=0.05)
    before = module(EXAMPLES).item()

    def closure():
        steps.zero_grad()
        cost = module(EXAMPLES)
        cost.backward()
        return cost

    for _ in range(5):
        steps.step(closure)
    assert module(EXAMPLES).item() < before
    assert program(EXAMPLES)[0] == pytest.approx(before), "the program keeps its own parameters"


def test_float_casts_all_of_it():
    """It casts masks and other numbers too, but indices stay whole numbers."""
    program = lift(*causal_attention(random.Random(5)))
    examples = np.random.default_rng(0).normal(size=(3, 24))
    module = program.torch().float()
    cost = module(examples)
    cost.backward()
    assert cost.dtype == module.flat.grad.dtype == torch.float32
    np.testing.assert_allclose(module.flat.grad, program(examples)[1], rtol=1e-3, atol=1e-5)


def test_state_and_copies(program):
    module, other = program.torch(), program.torch()
    assert [*module.state_dict()] == ["flat"]
    with torch.no_grad():
        module.flat.mul_(0.5)
    saved = io.BytesIO()
    torch.save(module.state_dict(), saved)
    saved.seek(0)
    other.load_state_dict(torch.load(saved))
    expected = module(EXAMPLES).item()
    for copied in (other, copy.deepcopy(module), pickle.loads(pickle.dumps(module))):
        assert copied(EXAMPLES).item() == expected
        np.testing.assert_array_equal(gradient_of(copied, EXAMPLES), gradient_of(module, EXAMPLES))


def test_second_derivatives_are_pytorchs(program):
    module, v = program.torch(), np.linspace(-1, 1, 26)
    (gradient,) = torch.autograd.grad(module(EXAMPLES), module.flat, create_graph=True)
    (found,) = torch.autograd.grad(gradient @ torch.from_numpy(v), module.flat)
    np.testing.assert_allclose(found, program.hvp(v, EXAMPLES), rtol=1e-11, atol=1e-13)


@pytest.mark.filterwarnings("ignore:.*should not be instantiated:DeprecationWarning")  # PyTorch does so itself
def test_it_compiles_without_a_break(program):
    """torch.compile finds a single graph, which runs without machine code, as making that takes long."""
    module = program.torch()
    compiled = torch.compile(module, backend="aot_eager", fullgraph=True)
    cost = compiled(torch.from_numpy(EXAMPLES))
    cost.backward()
    assert cost.item() == pytest.approx(program(EXAMPLES)[0], rel=1e-13)
    np.testing.assert_allclose(module.flat.grad, program(EXAMPLES)[1], rtol=1e-12, atol=1e-15)


def test_what_does_not_fit_is_told(program):
    module = program.torch()
    with pytest.raises(ValueError, match=r"this program takes examples of shape \(n, 5\).*; got \(2, 4\)"):
        module(np.zeros((2, 4)))
    with pytest.raises(TypeError, match="this program takes the examples too; got 0 arrays of examples"):
        module()
    with pytest.raises(ValueError, match="the examples require one too: detach them"):
        module(torch.zeros(2, 5, requires_grad=True))
