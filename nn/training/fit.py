"""`fit`: a model learns from examples, batch by batch; the history records how it went."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, Never

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import DomainError, Value
from autograd.grad_mode import paused

from ..arguments import Seed, generator, not_negative, whole
from ..costs import COSTS, Cost, cost_called
from ..keywords import refuse
from ..layers import MLP
from ..module import Module
from ..notation import counted
from ..objective import OutputWarning, listed, misfit
from ..own_activations import never_branches
from ..targets import inputs_of, targets_of
from .diagnosis import NotLearningWarning, diagnose
from .history import DivergedError, Epoch, History
from .optimizers import Adam, Optimizer
from .passes import QUIET, CostOf, Eager, Lifted, Passes

__all__ = ["fit"]

Array = NDArray[np.float64]
Examples = tuple[ArrayLike, ArrayLike]


def fit(
    model: Module,
    X: ArrayLike,
    y: ArrayLike,
    *,
    cost: str | Cost | CostOf = "quadratic",
    optimizer: Optimizer | None = None,
    epochs: int = 10,
    batch_size: int | None = 32,
    validation: Examples | None = None,
    l2: float = 0.0,
    seed: Seed = 0,
    lifted: bool | None = None,
    progress: bool = True,
    **unknown: Never,
) -> History:
    """Trains a model on examples. Ctrl-C ends the training early; the model keeps what it has learnt until then.

    Two warnings are possible. `OutputWarning`: the output layer does not suit the cost. `NotLearningWarning`: nothing
    or too little was learnt, and the reason is known: neurons are dead, saturated or symmetric, gradients vanish, or
    the learning rate is far too low or too high. The `notes` of the history keep these reasons.

    Args:
        model: A module; `model(x)` returns the outputs of one example.
        X: The inputs, shape (n, n₀): an example per row.
        y: The targets, shape (n, nᴸ); (n,) for one output, or for softmax cross-entropy as class numbers from 0.
        cost: A name (see `compare`), a `Cost`, or a function of outputs and targets.
        optimizer: By default Adam with learning rate 0.01.
        epochs: How many times the training goes through all examples.
        batch_size: The number of examples for each step; None takes all at once.
        validation: Another pair (X, y), for costs and accuracies that the history records. It is not learnt from.
        l2: The strength λ, 0 or more, of the penalty λ Σ p² over all parameters.
        seed: The order of the examples is drawn from it, anew in each epoch.
        lifted: True runs both passes as a lifted NumPy program, False builds a graph for each batch; the results are
            equal up to rounding. None lifts where it is safe: for an MLP of operations with a cost of this library.
        progress: Whether long work shows a progress bar, if tqdm is installed.
    Returns:
        The history: costs, accuracies and gradient norms, epoch by epoch.
    Raises:
        ValueError: If something does not fit (TypeError if it is of the wrong kind), with the model as it was; also if
            `lifted` is True and Python code in the model or the cost visibly branches on the data.
        DivergedError: If numbers are no longer finite, with the model as it was one step before.
    """
    refuse(fit, unknown)
    epochs = whole(epochs, "epochs")
    X = inputs_of(X)
    cost = cost if callable(cost) else cost_called(cost)
    record = cost if isinstance(cost, Cost) else None  # nothing is known about any other function
    outputs = _outputs(model, X)
    Y = targets_of(y, len(X), len(outputs), record)
    held_out = None if validation is None else _held_out(validation, model, record)
    optimizer = Adam(model.parameters(), 0.01) if optimizer is None else optimizer
    _check_optimizer(model, optimizer)
    size = len(X) if batch_size is None else whole(batch_size, "batch_size")
    order, penalty = generator(seed), not_negative(l2, "l2")
    if paused():
        raise RuntimeError("fit works on the graph, and inside no_grad() none is recorded: call it outside")
    if lifted is None and not (record in COSTS.values() and _never_branches(model)):
        lifted = False
    if record and (wrong := misfit(record, outputs)):
        warnings.warn(wrong, OutputWarning, stacklevel=2)
    passes, lifted = _passes(model, cost, optimizer.parameters, penalty, (X, Y), lifted)
    history, layers = History(lifted=lifted), _layers(model, optimizer.parameters)

    descent = _Descent(passes, optimizer, history)
    try:
        with _bar(epochs * math.ceil(len(X) / size), progress) as tell:
            for _ in range(epochs):
                total, norms, batches = 0.0, np.zeros(len(layers)), _batches(len(X), size, order)
                for batch in batches:
                    C, gradient = descent.step(X[batch], Y[batch])
                    total += C * len(batch)
                    with np.errstate(**QUIET):
                        norms += [float(np.linalg.norm(gradient[layer])) for layer in layers.values()]
                    tell(C)
                means = dict(zip(layers, (norms / len(batches)).tolist(), strict=True))
                after = (passes.cost(*held_out), _accuracy(passes, *held_out, record)) if held_out else (None, None)
                history.epochs.append(Epoch(total / len(X), means, _accuracy(passes, X, Y, record), *after))
    except KeyboardInterrupt:
        history.interrupted = True
    finally:
        passes.finish(descent.numbers)
    moved = None if optimizer.learning_rate == 0.0 else descent.moved()
    history.notes, learnt = diagnose(model, X, Y, record, history, passes.outputs, moved)
    if history.notes:
        ended = "this training could have learnt more" if learnt else "this training taught the model nothing"
        warnings.warn(f"{ended}: {'; '.join(history.notes)}", NotLearningWarning, stacklevel=2)
    return history


class _Descent:
    """The current parameters, and the steps that change them.

    `numbers` is replaced as a whole after a step, so it stays complete and finite when a step is interrupted.
    """

    def __init__(self, passes: Passes, optimizer: Optimizer, history: History) -> None:
        self._passes, self._optimizer, self._history = passes, optimizer, history
        self.numbers = np.array([parameter.data for parameter in optimizer.parameters])
        self._begin = self.numbers
        self._previous: Array | None = None  # the numbers before the last step

    def step(self, X: Array, Y: Array) -> tuple[float, Array]:
        """Takes a step for one batch, and returns its C and gradient; raises DivergedError for inf or nan."""
        try:
            C, gradient = self._passes.gradient(X, Y)
        except DomainError as error:  # mostly an overflow
            if self._previous is None:  # the cause cannot be a step, as none has been taken
                raise
            raise self._diverged(f"the cost has no value ({error})", back=True) from error
        if not math.isfinite(C):
            raise self._diverged(f"the cost is {C}", back=True)
        moved = self._optimizer.moved(self.numbers, gradient)
        if not np.all(np.isfinite(moved)):
            raise self._diverged("a parameter is no longer finite", back=False)
        self._previous, self.numbers = self.numbers, moved
        self._passes.move(moved)
        return C, gradient

    def moved(self) -> float:
        """Returns the distance of the parameters from their start, divided by the larger of the two norms."""
        size = max(float(np.linalg.norm(self._begin)), float(np.linalg.norm(self.numbers)))
        return float(np.linalg.norm(self.numbers - self._begin)) / (size or 1.0)

    def _diverged(self, what: str, back: bool) -> DivergedError:
        """Makes a DivergedError. `back` undoes the last step, because the cost has no finite value after it."""
        state = "as it was" if self._previous is None else "as it was one step before"
        if back and self._previous is not None:
            self.numbers = self._previous
        remedy = "make an optimizer with a lower learning rate, or scale the inputs"
        return DivergedError(
            f"after {counted(self._optimizer.steps, 'step')} {what}: {remedy}; the model is {state}", self._history
        )


def _outputs(model: Any, X: Array) -> list[Value]:
    """Returns the model's outputs for the first example, after a check that they are Values."""
    if not isinstance(model, Module):
        raise TypeError(f"fit trains an nn.Module, such as an MLP; got {type(model).__name__}")
    if not callable(model):
        raise TypeError(f"fit trains a module that maps an example to outputs; {type(model).__name__} has no __call__")
    outputs = listed(model(X[0].tolist()))
    if not outputs or not all(isinstance(output, Value) for output in outputs):
        raise TypeError(f"the model gives an example's outputs, a Value or a list of them; got {outputs!r:.60}")
    return outputs


def _held_out(validation: Any, model: Module, cost: Cost | None) -> tuple[Array, Array]:
    if not isinstance(validation, tuple | list) or len(validation) != 2:
        raise TypeError(f"validation is a pair of examples, (X, y); got {type(validation).__name__}")
    X = inputs_of(validation[0])
    return X, targets_of(validation[1], len(X), len(_outputs(model, X)), cost)


def _passes(
    model: Any, cost_of: Any, parameters: list[Value], l2: float, examples: tuple[Array, Array], lifted: bool | None
) -> tuple[Passes, bool]:
    """Returns the passes, and whether they are lifted. If `lifted` is None, they are lifted if that is possible."""
    if lifted is not False:
        try:
            return Lifted(model, cost_of, parameters, model.parameters(), l2, *examples), True
        except (TypeError, ValueError):  # the rules of an operation take floats only, or the graph depends on the data
            if lifted:
                raise
    return Eager(model, cost_of, parameters, model.parameters(), l2), False


def _check_optimizer(model: Module, optimizer: Any) -> None:
    if not isinstance(optimizer, Optimizer):
        called = str(getattr(optimizer, "__name__", optimizer)).lower()
        raise TypeError(
            f"optimizer is an nn.Optimizer of this model's parameters, such as SGD or Adam; got {optimizer!r:.60}: "
            f"optimizer={'SGD' if called == 'sgd' else 'Adam'}(model.parameters(), learning_rate=0.01)"
        )
    strange = set(optimizer.parameters) - set(model.parameters())
    if strange:
        raise ValueError(
            f"optimizer moves parameters of this model; of its {len(optimizer.parameters)}, {len(strange)} are not in "
            "it: make it from model.parameters()"
        )


def _batches(n: int, size: int, order: Any) -> list[list[int]]:
    """Returns a list of batches, each a list of indices of examples; shuffled unless there is only one batch."""
    numbers = list(range(n))
    if size < n:
        order.shuffle(numbers)
    return [numbers[start : start + size] for start in range(0, n, size)]


def _never_branches(model: Module) -> bool:
    """Returns whether a graph recorded for one example is known to hold for all examples."""
    return type(model) is MLP and all(never_branches(n.function) for layer in model.layers for n in layer.neurons)


def _layers(model: Module, parameters: list[Value]) -> dict[str, list[int]]:
    """Returns a dict from "layer 1", …, or in other models an attribute's name, to the positions of the parameters."""
    place = {parameter: i for i, parameter in enumerate(parameters)}
    found: dict[str, list[int]] = {}
    for path, parameter in model.named_parameters():
        first, _, rest = path.partition(".")
        number = rest.partition(".")[0]
        name = f"layer {int(number) + 1}" if first == "layers" and number.isdigit() else first
        if parameter in place:
            found.setdefault(name, []).append(place[parameter])
    return found


def _accuracy(passes: Passes, X: Array, Y: Array, cost: Cost | None) -> float | None:
    with np.errstate(**QUIET):
        return float(np.mean(cost.right(passes.outputs(X), Y))) if cost and cost.right else None


@contextmanager
def _bar(steps: int, wanted: bool) -> Iterator[Callable[[float], None]]:
    """Yields a function that takes the cost after each step and moves a progress bar.

    The bar appears after a second. If it is not wanted, or tqdm is not installed, the function does nothing.
    """
    if not (wanted and find_spec("tqdm")):
        yield lambda cost: None
        return
    from tqdm import tqdm

    with tqdm(total=steps, disable=None, delay=1.0, unit="step", leave=False) as bar:

        def tell(cost: float) -> None:
            bar.set_postfix_str(f"C = {cost:.4g}", refresh=False)
            bar.update()

        yield tell
