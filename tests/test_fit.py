"""Claims about fit: lifted and eager learn the same, the history is true, and nothing that was learnt is lost."""

import math
import pickle
import random
import signal
import sys

import numpy as np
import pytest

from autograd import DomainError, Value, dot, no_grad
from nn import MLP, SGD, Adam, DivergedError, Module, compare, fit, l2
from nn.costs import COSTS

RNG = np.random.default_rng(0)
X = RNG.normal(size=(12, 3))
TARGETS = {
    "quadratic": RNG.normal(size=(12, 2)),
    "mean_squared_error": RNG.normal(size=(12, 2)),
    "hinge": RNG.choice([-1.0, 1.0], size=(12, 2)),
    "binary_cross_entropy": RNG.choice([0.0, 1.0], size=(12, 2)),
    "softmax_cross_entropy": RNG.integers(2, size=12),
}


def network(activation="tanh", nout=2):
    return MLP(3, [4, nout], activation, seed=3)


def moons():
    datasets = pytest.importorskip("sklearn.datasets", reason="the moons are scikit-learn's (the extra data)")
    np.random.seed(1337)
    points, sides = datasets.make_moons(100, noise=0.1)
    return points, 2 * sides - 1


def close(a, b, rel=1e-9):
    assert a == pytest.approx(b, rel=rel, abs=0)


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
    points, wanted = RNG.normal(size=(40, 3)), RNG.normal(size=(40, 2))
    one, other = network(), network()
    fit(one, points, wanted)
    fit(other, points, wanted, cost="quadratic", optimizer=Adam(other.parameters(), 0.01), epochs=10, batch_size=32,
        l2=0.0, seed=0, lifted=True)  # fmt: skip
    assert one.state() == other.state()


def test_the_history_is_what_happened():
    model = network()
    Y = TARGETS["softmax_cross_entropy"]
    before = compare(model, X, np.eye(2)[Y], "softmax_cross_entropy")
    history = fit(model, X, Y, cost="softmax_cross_entropy", epochs=1, batch_size=None, validation=(X[:5], Y[:5]))
    assert history.cost == pytest.approx([before.cost], rel=1e-13)
    for l in (1, 2):
        squares = sum(np.sum(before.row(symbol, l).graph ** 2) for symbol in ("∂C/∂b", "∂C/∂w"))
        assert history.gradient_norms[f"layer {l}"] == pytest.approx([math.sqrt(squares)], rel=1e-12)
    with no_grad():
        right = [np.argmax([a.data for a in model(x)]) == y for x, y in zip(X, Y, strict=True)]
    assert history.accuracy == [np.mean(right)]
    assert history.validation_accuracy == [np.mean(right[:5])]
    after = compare(model, X[:5], np.eye(2)[Y[:5]], "softmax_cross_entropy")
    assert history.validation_cost == pytest.approx([after.cost], rel=1e-13)
    assert repr(history).startswith(f"<History: 1 epoch, C {before.cost:.4g} → {before.cost:.4g}, accuracy ")


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


def test_a_history_tells_the_first_cost_and_the_last():
    history = fit(network(), X, TARGETS["quadratic"], epochs=3)
    assert repr(history) == f"<History: 3 epochs, C {history.cost[0]:.4g} → {history.cost[2]:.4g}>"
    assert history.cost[0] > 1.01 * history.cost[2]


def test_norms_are_the_mean_of_the_batches():
    def run(size):
        model = network()
        still = SGD(model.parameters(), 0.0)
        return fit(model, X, TARGETS["quadratic"], epochs=1, batch_size=size, optimizer=still)

    norms = []
    for x, y in zip(X, TARGETS["quadratic"], strict=True):
        model = network()
        compare(model, x, y)
        norms.append(math.hypot(*(p.grad for p in model.layers[0].parameters())))
    assert run(1).gradient_norms["layer 1"] == pytest.approx([np.mean(norms)], rel=1e-12)


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
    """A network that hands its inputs on: every output has to be on its side, or the largest in its place."""
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
    """A module of one's own: two numbers, and a decision on data."""

    def __init__(self):
        self.slope, self.start = Value(0.5), Value(0.0)

    def __call__(self, x):
        return dot([self.slope], x, self.start) if x[0] > 0 else self.start * 1.0


class Own(MLP):
    """Its outputs may be worked out in another way, which nobody knows."""


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


@pytest.fixture
def interruptible():
    """What a terminal's programs have; those that a shell starts in the background ignore SIGINT."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("lifted", [True, False])
def test_ctrl_c_keeps_what_was_learnt(lifted):
    """A real SIGINT, sent by the learning rate's schedule at step 7."""
    model, twin = network(), network()

    def rate(step):
        if step == 7:
            signal.raise_signal(signal.SIGINT)
        return 0.1

    Y = TARGETS["quadratic"]
    history = fit(model, X, Y, optimizer=SGD(model.parameters(), rate), epochs=100, batch_size=6, lifted=lifted)
    assert history.interrupted
    assert len(history.epochs) == 3
    assert "3 epochs, interrupted" in repr(history)
    fit(twin, X, Y, optimizer=SGD(twin.parameters(), lambda k: 0.1 if k < 7 else 0.0), epochs=4, batch_size=6)
    close([p.data for p in model.parameters()], [p.data for p in twin.parameters()], 1e-12)


@pytest.mark.parametrize("lifted", [True, False])
def test_a_diverging_run_leaves_the_last_finite_numbers(lifted):
    model = MLP(3, [4, 2], "linear", "linear", seed=3)
    with pytest.raises(DivergedError, match=r"after \d+ steps .* with a lower learning rate") as caught:
        fit(model, X, TARGETS["quadratic"], optimizer=SGD(model.parameters(), 1e3), epochs=500, lifted=lifted)
    assert all(math.isfinite(p.data) for p in model.parameters())
    assert math.isfinite(compare(model, X, TARGETS["quadratic"]).cost)
    assert caught.value.history.cost[-1] > 1e10
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.history) == (str(caught.value), caught.value.history)


@pytest.mark.parametrize("lifted", [True, False])
def test_a_run_that_diverges_at_once_leaves_the_model_as_it_was(lifted):
    model = network()
    before = model.state()
    with pytest.raises(DivergedError, match=r"after 1 step a parameter is no .*; the model is as it was$"):
        fit(model, X, 100 * TARGETS["quadratic"], optimizer=SGD(model.parameters(), 1e308), lifted=lifted)
    assert model.state() == before


def test_a_cost_without_a_value_is_not_blamed_on_a_step_that_was_never_taken():
    model = network(nout=1)
    before = model.state()
    with pytest.raises(DomainError, match="log needs a positive input"):
        fit(model, X, X[:, 0], cost=lambda a, y: (-a * a).log())
    assert model.state() == before


def test_an_error_on_the_way_keeps_what_was_learnt():
    model = network()
    before = model.state()

    def rate(step):
        if step == 3:
            raise RuntimeError("no more")
        return 0.1

    with pytest.raises(RuntimeError, match="no more"):
        fit(model, X, TARGETS["quadratic"], optimizer=SGD(model.parameters(), rate), batch_size=None)
    assert model.state() != before


class Gives(Module):
    """A module that gives the same whatever it is asked."""

    def __init__(self, outputs):
        self.weight, self.outputs = Value(1.0), outputs

    def __call__(self, x):
        return self.outputs


FINE = {"cost": "quadratic", "epochs": 1}


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        ({"X": X[0]}, ValueError, r"X holds the examples as rows; got shape \(3,\)"),
        ({"X": X[:, :2]}, ValueError, "this network takes x as 3 numbers; got 2"),
        ({"X": X * math.inf}, ValueError, "X holds finite numbers; got"),
        ({"X": [["a"]]}, TypeError, "X: real numbers"),
        ({"y": X}, ValueError, r"y has 2 targets for each of 12 examples, shape \(12, 2\); got \(12, 3\)"),
        ({"y": np.arange(12)}, ValueError, r"got \(12,\)"),
        ({"cost": "hinge"}, ValueError, "the targets of hinge are 1 or −1; got"),
        (
            {"cost": "softmax_cross_entropy", "y": np.arange(12)},
            ValueError,
            "0 to 1 as the model has 2 outputs; got 2 among",
        ),
        (
            {"cost": "softmax_cross_entropy", "y": np.full(12, 0.5)},
            ValueError,
            r"the classes, 0 to 1 .* got 0\.5 among",
        ),
        ({"cost": "softmax_cross_entropy", "y": np.zeros((12, 1))}, ValueError, r"shape \(12, 2\); got \(12, 1\)"),
        (
            {"cost": "softmax_cross_entropy", "model": network(nout=1)},
            ValueError,
            "two or more; got a model of one: bin",
        ),
        ({"cost": "softmax_cross_entropy"}, ValueError, "are the number of the class, from 0, or a probability for"),
        ({"cost": "softmax_cross_entropy", "y": [[-1, 2]] * 12}, ValueError, "or a probability for each class; got"),
        ({"cost": "binary_cross_entropy", "y": np.full((12, 2), 1.5)}, ValueError, "are numbers from 0 to 1; got"),
        ({"cost": "squares"}, ValueError, "no cost is called 'squares'; the known ones are quadratic"),
        ({"cost": 3}, ValueError, "no cost is called 3"),
        ({"epochs": 0}, ValueError, "epochs is a whole number, 1 or more; got 0"),
        ({"batch_size": 2.5}, TypeError, "batch_size is a whole number, 1 or more; got float"),
        ({"validation": X}, TypeError, r"validation is a pair of examples, \(X, y\); got ndarray"),
        ({"validation": (X, X)}, ValueError, "y has 2 targets for each of 12 examples"),
        ({"optimizer": "adam"}, TypeError, r"optimizer is one of .* Adam\(model\.parameters\(\)\); got 'adam'"),
        ({"optimizer": Adam([Value(1.0)])}, ValueError, "of its 1, 1 are not in it: make it from model"),
        ({"l2": "much"}, TypeError, "l2 is a finite number, 0 or more; got str 'much'"),
        ({"l2": -1e-4}, ValueError, "l2 is a finite number, 0 or more; got -0.0001"),
        ({"l2": math.nan}, ValueError, "l2 is a finite number, 0 or more; got nan"),
        ({"model": Module()}, TypeError, "maps an example to outputs; Module has no __call__"),
        (
            {"model": Gives(None)},
            TypeError,
            "the model gives an example's outputs, a Value or a list of them; got None",
        ),
        ({"model": Gives([1.0, 2.0])}, TypeError, r"a Value or a list of them; got \[1\.0, 2\.0\]"),
        ({"model": Gives([])}, TypeError, r"a Value or a list of them; got \[\]"),
        ({"seed": 0.5}, TypeError, "a seed is a whole number"),
        ({"model": lambda x: x}, TypeError, r"fit trains an nn\.Module, such as an MLP; got function"),
    ],
)
def test_what_does_not_fit_changes_nothing(change, kind, message):
    model = network()
    before = model.state(), [p.grad for p in model.parameters()]
    arguments = {"model": model, "X": X, "y": TARGETS["quadratic"], **FINE, **change}
    with pytest.raises(kind, match=message):
        fit(**arguments)
    assert (model.state(), [p.grad for p in model.parameters()]) == before


def test_inside_no_grad_there_is_nothing_to_learn_from():
    with no_grad(), pytest.raises(RuntimeError, match=r"inside no_grad\(\) none is recorded"):
        fit(network(), X, TARGETS["quadratic"])


def test_a_missing_progress_bar_is_no_loss(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert len(fit(network(), X, TARGETS["quadratic"], epochs=2).epochs) == 2
    assert capsys.readouterr() == ("", "")


def test_a_progress_bar_counts_the_steps(monkeypatch):
    tqdm = pytest.importorskip("tqdm", reason="the progress bar is tqdm's (the extra progress)")
    bars = []

    class Watched(tqdm.tqdm):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **{**kwargs, "disable": False, "delay": 0, "file": open_null()})
            bars.append(self)

    def open_null():
        import io

        return io.StringIO()

    monkeypatch.setattr(tqdm, "tqdm", Watched)
    fit(network(), X, TARGETS["quadratic"], epochs=3, batch_size=5)
    (bar,) = bars
    assert (bar.n, bar.total) == (9, 9)
    assert bar.postfix.startswith("C = ")
    assert bar.disable  # as close() leaves it
    fit(network(), X, TARGETS["quadratic"], epochs=3, progress=False)
    assert len(bars) == 1
