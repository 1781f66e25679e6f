"""Claims about fit: lifted and eager training give the same numbers, those of PyTorch, and the history is right."""

import random

import numpy as np
import pytest

from autograd import Value, dot
from nn import MLP, SGD, Adam, Module, compare, fit, l2
from nn.costs import COSTS
from tests.helpers.learning import TARGETS, X, close, network


def moons():
    datasets = pytest.importorskip("sklearn.datasets", reason="the moons are scikit-learn's (the extra data)")
    np.random.seed(1337)
    points, sides = datasets.make_moons(100, noise=0.1)
    return points, 2 * sides - 1


@pytest.mark.no_cover  # under coverage it takes several times as long
def test_lifted_and_eager_agree_over_twenty_epochs_of_the_moons():
    points, sides = moons()
    found = []
    for lifted in (True, False):
        random.seed(1337)
        model = MLP(2, [16, 16, 1])
        history = fit(model, points, sides, cost="hinge", l2=1e-4, epochs=20, batch_size=16, lifted=lifted,
                      optimizer=SGD(model.parameters(), 0.2, momentum=0.5))  # fmt: skip
        assert history.lifted is lifted
        found.append((history, model))
    (one, lifted), (other, eager) = found
    close(one.cost, other.cost)
    assert one.accuracy == other.accuracy
    assert one.cost[-1] < 0.5 * one.cost[0]
    for name, norms in one.gradient_norms.items():
        close(norms, other.gradient_norms[name])
    close([p.data for p in lifted.parameters()], [p.data for p in eager.parameters()])
    close([p.grad for p in lifted.parameters()], [p.grad for p in eager.parameters()])


@pytest.mark.parametrize("cost", COSTS)
def test_lifted_and_eager_agree_under_every_cost(cost):
    found = []
    for lifted in (True, False):
        model = network()
        history = fit(model, X, TARGETS[cost], cost=cost, l2=1e-3, epochs=5, batch_size=5, lifted=lifted,
                      validation=(X[:4], TARGETS[cost][:4]))  # fmt: skip
        found.append((history, model.state()))
    (one, lifted), (other, eager) = found
    for name in ("cost", "accuracy", "validation_cost", "validation_accuracy"):
        close(getattr(one, name), getattr(other, name))
    close(list(lifted.values()), list(eager.values()))


def test_an_epoch_in_one_batch_is_a_step_along_the_gradient_of_compare():
    model, twin = network(), network()
    fit(model, X, TARGETS["quadratic"], epochs=3, batch_size=None, optimizer=SGD(model.parameters(), 0.1))
    descent = SGD(twin.parameters(), 0.1)
    for _ in range(3):
        compare(twin, X, TARGETS["quadratic"])
        descent.step()
    close([p.data for p in model.parameters()], [p.data for p in twin.parameters()], 1e-12)


def test_what_is_left_out_is_as_documented():
    rng = np.random.default_rng(1)
    points, wanted = rng.normal(size=(40, 3)), rng.normal(size=(40, 2))
    one, other = network(), network()
    fit(one, points, wanted)
    fit(other, points, wanted, cost="quadratic", optimizer=Adam(other.parameters(), 0.01), epochs=10, batch_size=32,
        l2=0.0, seed=0, lifted=True)  # fmt: skip
    assert one.state() == other.state()


def test_batches_go_through_every_example_in_an_order_that_the_seed_draws():
    seen = []

    def watched(a, y):
        seen.append(y[0] if isinstance(y[0], float) else y[0].data)
        return (a - y[0]) ** 2

    def run(seed, size=4):
        seen.clear()
        model = MLP(1, [1], seed=0)
        fit(model, np.arange(10.0)[:, None] / 10, np.arange(10.0), cost=watched, epochs=2, batch_size=size, seed=seed)
        return list(seen)

    first = run(1)
    assert sorted(first[:10]) == sorted(first[10:]) == list(range(10))
    assert first[:10] != first[10:] != list(range(10))
    assert run(1) == first != run(2)
    assert run(1, size=10) == run(2, size=None) == [*range(10), *range(10)]


def test_gradients_of_parameters_that_stay_do_not_pile_up():
    model = network()
    last = SGD(model.layers[1].parameters(), 0.0)
    fit(model, X, TARGETS["quadratic"], epochs=3, batch_size=None, optimizer=last, lifted=False)
    found = [p.grad for p in model.parameters()]
    compare(model, X, TARGETS["quadratic"])
    assert found == pytest.approx([p.grad for p in model.parameters()], rel=1e-12)


@pytest.mark.parametrize(
    ("cost", "a", "y", "share"),
    [
        ("hinge", [[2.0, -0.5], [0.1, 0.1]], [[1, 1], [1, 1]], 0.5),
        ("hinge", [[0.0, 0.0]], [[1, -1]], 0.0),
        ("binary_cross_entropy", [[0.3, -0.3], [-0.3, 0.3]], [[1, 0], [1, 1]], 0.5),
        ("softmax_cross_entropy", [[-1.0, -2.0], [3.0, 4.0]], [0, 0], 0.5),
    ],
)
def test_what_counts_as_right(cost, a, y, share):
    """A network that returns its inputs: every output must have the right sign, or the largest the right place."""
    model = MLP.from_arrays([np.eye(2)], [[0.0, 0.0]], "linear", "linear")
    history = fit(model, a, y, cost=cost, epochs=1, optimizer=SGD(model.parameters(), 0.0))
    assert history.accuracy == [share]


def test_a_remainder_counts_by_its_size():
    """Ten examples in batches of four: the epoch's cost is the mean over examples, not over batches."""
    model = MLP(1, [1], "linear", "linear", seed=0)
    y = np.arange(10.0)
    history = fit(model, np.zeros((10, 1)), y, epochs=1, batch_size=4, optimizer=SGD(model.parameters(), 0.0))
    assert history.cost == pytest.approx([np.mean(y**2 / 2)])


def test_l2_is_part_of_the_cost():
    model = network()
    penalty = float(l2(model.parameters(), 0.1))
    still = SGD(model.parameters(), 0.0)
    with_penalty = fit(model, X, TARGETS["quadratic"], epochs=1, l2=0.1, optimizer=still)
    without = fit(model, X, TARGETS["quadratic"], epochs=1, optimizer=still)
    assert with_penalty.cost[0] - without.cost[0] == pytest.approx(penalty, rel=1e-12)


class Line(Module):
    """A module that a user defines: two parameters, and a branch on data."""

    def __init__(self):
        self.slope, self.start = Value(0.5), Value(0.0)

    def __call__(self, x):
        return dot([self.slope], x, self.start) if x[0] > 0 else self.start * 1.0


class Own(MLP):
    """A subclass, whose outputs may be computed in another way."""


def test_another_module_and_another_cost_learn_without_being_lifted():
    model = Line()
    points = np.linspace(-1, 1, 9)[:, None]
    history = fit(model, points, np.maximum(3 * points, 0) + 1, epochs=300, optimizer=Adam(model.parameters(), 0.1))
    assert not history.lifted
    assert (model.slope.data, model.start.data) == pytest.approx((3.0, 1.0), abs=1e-3)
    assert history.accuracy == []
    assert list(history.gradient_norms) == ["slope", "start"]
    assert not fit(Own(3, [2]), X, TARGETS["quadratic"], epochs=1).lifted
    model = network(nout=1)
    assert not fit(model, X, X[:, 0], cost=lambda a, y: abs(a - y[0]), epochs=1).lifted


@pytest.mark.parametrize("nout", [1, 2])
def test_another_cost_can_be_lifted_by_whoever_knows_that_it_may(nout):
    def cost(a, y):
        outputs = a if isinstance(a, list) else [a]
        return sum(abs(one - other) ** 1.5 for one, other in zip(outputs, y, strict=True))

    found = []
    for lifted in (True, False):
        model = network(nout=nout)
        history = fit(model, X, X[:, :nout], cost=cost, epochs=4, batch_size=5, lifted=lifted)
        found.append((history.cost, [p.data for p in model.parameters()]))
    close(found[0][0], found[1][0])
    close(found[0][1], found[1][1])


def test_thirty_epochs_are_pytorchs():
    torch = pytest.importorskip("torch", reason="PyTorch is what a whole training is held against")
    model = network()
    w1, w2, b1, b2 = tensors = [torch.tensor(a, requires_grad=True) for a in (*model.weights, *model.biases)]
    reference = torch.optim.SGD(tensors, lr=0.2, momentum=0.8)
    inputs, classes, costs = torch.tensor(X), torch.tensor(TARGETS["softmax_cross_entropy"]), []
    for _ in range(30):
        reference.zero_grad()
        logits = torch.tanh(inputs @ w1.T + b1) @ w2.T + b2
        C = torch.nn.functional.cross_entropy(logits, classes) + 1e-3 * sum((t**2).sum() for t in tensors)
        C.backward()
        reference.step()
        costs.append(C.item())
    history = fit(model, X, TARGETS["softmax_cross_entropy"], cost="softmax_cross_entropy", l2=1e-3, epochs=30,
                  batch_size=None, optimizer=SGD(model.parameters(), 0.2, momentum=0.8))  # fmt: skip
    close(history.cost, costs, 1e-10)
    for mine, other in zip((*model.weights, *model.biases), tensors, strict=True):
        np.testing.assert_allclose(mine, other.detach(), rtol=1e-10, atol=1e-12)


def test_an_optimizer_may_move_some_of_the_parameters():
    for lifted in (True, False):
        model = network()
        before = model.state()
        last = model.layers[1].parameters()
        history = fit(model, X, TARGETS["quadratic"], optimizer=SGD(last, 0.1), epochs=2, lifted=lifted)
        assert list(history.gradient_norms) == ["layer 2"]
        changed = {path for path, number in model.state().items() if number != before[path]}
        assert changed == {path for path in before if path.startswith("layers.1")}


def test_training_goes_on_where_it_stopped():
    one, other = network(), network()
    adam, twin = Adam(one.parameters(), 0.01), Adam(other.parameters(), 0.01)
    fit(one, X, TARGETS["quadratic"], optimizer=adam, epochs=4, batch_size=None)
    for _ in range(2):
        fit(other, X, TARGETS["quadratic"], optimizer=twin, epochs=2, batch_size=None)
    close([p.data for p in one.parameters()], [p.data for p in other.parameters()], 1e-12)
