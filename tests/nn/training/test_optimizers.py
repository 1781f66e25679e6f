"""Claims about optimisers: their steps are PyTorch's, and the learning rate may be a schedule."""

import numpy as np
import pytest

from autograd import Value
from nn import MLP, SGD, Adam, compare
from nn.training.optimizers import Optimizer


def cost(w):
    """Rosenbrock's valley in four variables, a curved cost for Values and for tensors."""
    return sum(100 * (w[i + 1] - w[i] * w[i]) ** 2 + (1 - w[i]) ** 2 for i in range(3))


CHOICES = {
    "SGD": (lambda p, rate: SGD(p, rate), lambda torch, p, rate: torch.optim.SGD(p, lr=rate), 1e-3),
    "SGD with momentum": (
        lambda p, rate: SGD(p, rate, momentum=0.9),
        lambda torch, p, rate: torch.optim.SGD(p, lr=rate, momentum=0.9),
        2e-4,
    ),
    "Adam": (lambda p, rate: Adam(p, rate), lambda torch, p, rate: torch.optim.Adam(p, lr=rate), 0.05),
    "Adam with other betas": (
        lambda p, rate: Adam(p, rate, betas=(0.8, 0.95), epsilon=1e-6),
        lambda torch, p, rate: torch.optim.Adam(p, lr=rate, betas=(0.8, 0.95), eps=1e-6),
        0.05,
    ),
}


@pytest.mark.parametrize("scheduled", [False, True], ids=["constant", "scheduled"])
@pytest.mark.parametrize("name", CHOICES)
def test_fifty_steps_are_pytorchs(name, scheduled):
    torch = pytest.importorskip("torch", reason="PyTorch's optimisers are what ours are held against")
    ours, theirs, rate = CHOICES[name]
    start = [-1.2, 1.0, 0.5, 0.3]
    leaves = [Value(x) for x in start]
    tensors = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in start]
    optimizer = ours(leaves, (lambda k: rate / (1 + 0.1 * k)) if scheduled else rate)
    reference = theirs(torch, tensors, rate)
    for k in range(50):
        optimizer.zero_grad()
        cost(leaves).backward()
        optimizer.step()
        reference.zero_grad()
        reference.param_groups[0]["lr"] = rate / (1 + 0.1 * k) if scheduled else rate
        cost(tensors).backward()
        reference.step()
        assert [v.data for v in leaves] == pytest.approx([t.item() for t in tensors], rel=1e-10, abs=1e-10)
    assert [v.data for v in leaves] != pytest.approx(start, abs=1e-2)


def test_a_networks_fifty_steps_are_pytorchs():
    torch = pytest.importorskip("torch", reason="PyTorch's optimisers are what ours are held against")
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(6, 3)), np.eye(2)[rng.integers(2, size=6)]
    model = MLP(3, [5, 2], "tanh", seed=0)
    arrays = [torch.tensor(a, requires_grad=True) for a in (*model.weights, *model.biases)]
    w1, w2, b1, b2 = arrays
    reference, optimizer = torch.optim.Adam(arrays, lr=0.02), Adam(model.parameters(), 0.02)
    for _ in range(50):
        compare(model, X, Y, "softmax_cross_entropy")
        optimizer.step()
        reference.zero_grad()
        logits = torch.tanh(torch.tensor(X) @ w1.T + b1) @ w2.T + b2
        torch.nn.functional.cross_entropy(logits, torch.tensor(Y)).backward()
        reference.step()
    for mine, other in zip((*model.weights, *model.biases), arrays, strict=True):
        np.testing.assert_allclose(mine, other.detach(), rtol=1e-10, atol=1e-10)


def test_what_is_left_out_is_as_in_the_signature():
    p = [Value(1.0)]
    sgd, adam = SGD(p), Adam(p)
    assert (sgd.learning_rate, sgd.momentum) == (0.1, 0.0)
    assert (adam.learning_rate, adam.betas, adam.epsilon) == (0.001, (0.9, 0.999), 1e-8)  # as Kingma & Ba propose


def test_a_step_is_against_the_gradient_and_zero_grad_clears_it():
    p, q = Value(1.0), Value(2.0)
    (p * p + 3 * q).backward()
    descent = SGD([p, q], learning_rate=0.1)
    descent.step()
    assert (p.data, q.data) == (1.0 - 0.1 * 2, 2.0 - 0.1 * 3)
    descent.zero_grad()
    assert (p.grad, q.grad) == (0.0, 0.0)


def test_the_schedule_counts_its_own_steps():
    seen = []
    p = Value(1.0)
    descent = SGD([p], lambda k: seen.append(k) or 0.5)
    for _ in range(3):
        p.grad = 1.0
        descent.step()
    assert seen == [0, 1, 2]
    assert p.data == -0.5
    assert descent.steps == 3


def test_a_learning_rate_may_be_changed_on_the_way():
    p = Value(1.0)
    p.grad = 1.0
    descent = SGD([p], 0.5)
    descent.learning_rate = 0.25
    descent.step()
    assert p.data == 0.75


def test_moved_leaves_the_parameters_alone():
    p = Value(1.0)
    descent = SGD([p], 0.5)
    assert descent.moved(np.array([3.0]), np.array([2.0])) == [2.0]
    assert p.data == 1.0


def test_what_diverges_is_infinite_as_floats_are():
    p = Value(1e308)
    p.grad = -1e308
    SGD([p], 10.0).step()
    assert p.data == float("inf")


def test_a_parameter_that_is_there_twice_takes_one_step():
    p = Value(1.0)
    p.grad = 1.0
    descent = SGD([p, p], 0.5)
    descent.step()
    assert descent.parameters == [p]
    assert p.data == 0.5


def test_a_square_below_the_smallest_float_is_infinite_too():
    """The square of 1e-200 is 0, so without ε the division by its root gives inf."""
    p = Value(1.0)
    p.grad = 1e-200
    Adam([p], 0.1, epsilon=0.0).step()
    assert p.data == -float("inf")


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda p: SGD(p, 0.1, momentum=1.0), ValueError, "momentum is a number from 0 up to, but not including, 1"),
        (lambda p: Adam(p, betas=(0.9, 1.5)), ValueError, r"each of betas is a number from 0 .* got 1\.5"),
        (lambda p: Adam(p, betas=0.9), TypeError, r"betas are two numbers, such as \(0\.9, 0\.999\); got 0\.9"),
        (lambda p: Adam(p, "fast"), TypeError, "a learning rate is a finite number, 0 or more; got str 'fast'"),
        (lambda p: Adam(p, -0.1), ValueError, r"a learning rate is a finite number, 0 or more; got -0\.1"),
        (lambda p: SGD(p, float("inf")), ValueError, "a learning rate is .* got inf"),
        (lambda p: SGD(p, lambda k: float("nan")).step(), ValueError, "a learning rate is .* got nan"),
        (lambda p: Adam(p, epsilon=-1e-8), ValueError, "epsilon is a finite number, 0 or more; got -1e-08"),
        (lambda p: SGD([]), ValueError, "SGD moves leaves, one or more; got none"),
        (lambda p: SGD([p[0] * 2]), ValueError, "SGD moves leaves, one or more; got Value.*, which was worked out"),
        (lambda p: SGD(MLP(1, [1])), TypeError, r"SGD takes the Values .* got MLP: SGD\(model\.parameters\(\)\)"),
        (lambda p: SGD(MLP(1, [1]).parameters), TypeError, "SGD takes the Values it is to move; got method"),
        (lambda p: Adam([1.0]), TypeError, r"Adam takes the Values .* got float: Adam\(model\.parameters\(\)\)"),
        (
            lambda p: SGD(p, lambda k: "fast").step(),
            TypeError,
            "a learning rate is a finite number, 0 or more; got str",
        ),
        (lambda p: Optimizer(p, 0.1).step(), NotImplementedError, "Optimizer has no rule for a step: take SGD or Adam"),
    ],
)
def test_what_does_not_fit(make, kind, message):
    p = Value(1.0)
    with pytest.raises(kind, match=message):
        make([p])
    assert p.data == 1.0


def test_a_repr_tells_the_rate_the_steps_and_the_parameters():
    leaf = Value(1.0)
    descent, adam = SGD([leaf], 0.05, momentum=0.9), Adam([leaf, Value(2.0)], lambda step: 0.1 / (1 + step))
    assert repr(SGD([leaf])) == "<SGD: learning rate 0.1, 0 steps taken, 1 parameter>"
    for optimizer in (descent, adam, adam):
        optimizer.step()
    assert repr(descent) == "<SGD: learning rate 0.05, momentum 0.9, 1 step taken, 1 parameter>"
    told = "learning rate a function of the step, betas (0.9, 0.999), 2 steps taken, 2 parameters"
    assert repr(adam) == f"<Adam: {told}>"


def test_an_optimiser_of_ones_own_has_the_same_repr():
    class Signs(Optimizer):
        def _change(self, gradient, step):
            return np.sign(gradient)

    assert repr(Signs([Value(1.0)], 1e-4)) == "<Signs: learning rate 0.0001, 0 steps taken, 1 parameter>"
