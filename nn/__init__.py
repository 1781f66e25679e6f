"""Networks built of Values, and the matrix equations that check them.

    >>> from nn import MLP, compare
    >>> model = MLP(3, [4, 2], activation="tanh", output="sigmoid", seed=1)
    >>> both = compare(model, x=[0.5, -0.3, 0.8], y=[1.0, 0.0])
    >>> both.agrees()
    True
    >>> both.row("δ", 1).graph.shape, both.row("∂C/∂w", 1).closed_form.shape
    ((4,), (4, 3))

The files, in reading order:

    module           `Module`: an object that holds parameters
    activations      σ and σ′ of the activations that have a name
    own_activations  activations that the user gives as a function or an operation
    initialisation   how the weights are drawn at the start
    layers           neurons, layers, and networks of layers, built of Values
    costs            each cost and its derivative, defined once
    objective        the cost of a batch, as one Value
    closed_form      the same networks as matrix equations, BP1 to BP4, with no graph and no autograd
    comparison/      graph and equations compared number by number; the user's own matrix code checked
    training/        fit, optimisers, history
    saving           a model in a file
    pytorch          conversion from and to PyTorch

These files check and name what the user passes in:

    arrays           arrays of real numbers
    numpy_later      NumPy, imported when it is first used
    targets          examples as rows, and targets in the form that a cost takes
    arguments        arguments that several functions share
    keywords         keyword arguments that a function does not have
    choices          look-up by name, with an error that lists the names
    notation         the names of the notes, such as wˡⱼₖ
    installation     a check that the package called autograd is chalkgrad's own

The public names:

- Networks: `MLP`, its `Layer` and `Neuron`; a `Trace` holds one forward pass; a `Module` holds parameters
- Graph beside equations: `compare` returns a `Comparison`; it has a `Row` for each quantity and an `Entry` for each
  number; the equations alone are in `nn.closed_form`
- Your own matrix code checked: `Comparison.against` returns a `Verdict`, which lists each `WrongEntry`
- Costs: `quadratic`, `mean_squared_error`, `hinge`, `binary_cross_entropy`, `softmax_cross_entropy`, each a `Cost`;
  a `Cost` of your own works like these; `mean` averages over a batch; `l2` penalises large parameters
- Training: `fit` returns a `History` with an `Epoch` for each pass over the examples, or raises `DivergedError`; an
  `Optimizer` (`SGD`, `Adam`) takes the steps
- Warnings: `NotLearningWarning`, the model learnt nothing; `OutputWarning`, the output layer does not suit the cost
- Files: `save`, `load`; PyTorch: `to_torch`, and `MLP.from_torch`
"""

from .installation import wrong_autograd

if _wrong := wrong_autograd():  # before any other import, so that a foreign autograd is reported as such
    raise ImportError(_wrong)

from typing import TYPE_CHECKING

from .costs import Cost, binary_cross_entropy, hinge, mean_squared_error, quadratic, softmax_cross_entropy
from .layers import MLP, Layer, Neuron, Trace
from .module import Module
from .numpy_later import names_later
from .objective import OutputWarning, l2, mean
from .pytorch import to_torch
from .saving import load, save
from .training.history import DivergedError, Epoch, History
from .training.optimizers import SGD, Adam, Optimizer

if TYPE_CHECKING:
    from . import closed_form
    from .comparison.compare import compare
    from .comparison.result import Comparison, Entry, Row
    from .comparison.verdict import Verdict, WrongEntry
    from .training.diagnosis import NotLearningWarning
    from .training.fit import fit

__all__ = ["MLP", "SGD", "Adam", "Comparison", "Cost", "DivergedError", "Entry", "Epoch", "History", "Layer", "Module",
           "Neuron", "NotLearningWarning", "Optimizer", "OutputWarning", "Row", "Trace", "Verdict", "WrongEntry",
           "binary_cross_entropy", "closed_form", "compare", "fit", "hinge", "l2", "load", "mean",
           "mean_squared_error", "quadratic", "save", "softmax_cross_entropy", "to_torch"]  # fmt: skip

# The names that need NumPy, each with its file; the file is imported when the name is first used.
LATE = {
    "closed_form": "closed_form", "compare": "comparison.compare",
    "Comparison": "comparison.result", "Entry": "comparison.result", "Row": "comparison.result",
    "Verdict": "comparison.verdict", "WrongEntry": "comparison.verdict",
    "NotLearningWarning": "training.diagnosis", "fit": "training.fit",
}  # fmt: skip
__getattr__ = names_later(__name__, globals(), LATE)


def __dir__() -> list[str]:
    return sorted({*globals(), *LATE})
