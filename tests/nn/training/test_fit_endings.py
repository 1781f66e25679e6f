"""Claims about the end of a training: after an interrupt, divergence or an error, what was learnt is kept."""

import math
import pickle
import signal
import sys

import numpy as np
import pytest

from autograd import DomainError, Value, no_grad
from nn import MLP, SGD, Adam, DivergedError, Module, compare, fit
from tests.helpers.learning import TARGETS, X, close, network


@pytest.fixture
def interruptible():
    """Restores the default handler of SIGINT, as programs that a shell starts in the background ignore the signal."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("lifted", [True, False])
def test_ctrl_c_keeps_what_was_learnt(lifted):
    """The learning rate's schedule sends a real SIGINT at step 7."""
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
    """A module that returns the same for every example."""

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
        (
            {"optimizer": "adam"},
            TypeError,
            r"optimizer is an nn\.Optimizer.*; got 'adam': optimizer=Adam\(model\.parameters\(",
        ),
        ({"optimizer": "SGD"}, TypeError, r"; got 'SGD': optimizer=SGD\(model\.parameters\(\), "),
        ({"optimizer": Adam}, TypeError, r"; got <class .*Adam'>: optimizer=Adam\(model\.parameters\(\), "),
        ({"optimizer": "rmsprop"}, TypeError, r"parameters, such as SGD or Adam; got 'rmsprop': optimizer=Adam\(model"),
        ({"optimizer": Adam([Value(1.0)])}, ValueError, "of its 1, 1 are not in it: make it from model"),
        ({"l2": "much"}, TypeError, "l2 is a finite number, 0 or more; got str 'much'"),
        ({"l2": -1e-4}, ValueError, "l2 is a finite number, 0 or more; got -0.0001"),
        ({"l2": math.nan}, ValueError, "l2 is a finite number, 0 or more; got nan"),
        ({"model": Module()}, TypeError, "maps an example to outputs; Module has no __call__"),
        (
            {"model": Gives(None)},
            TypeError,
            r"a Value or a list of them; got \[None\]",
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
