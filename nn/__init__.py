"""Networks built of Values, and the closed form they are held against.

    >>> from nn import MLP, compare
    >>> model = MLP(3, [4, 2], activation="tanh", output="sigmoid", seed=1)
    >>> both = compare(model, x=[0.5, -0.3, 0.8], y=[1.0, 0.0])
    >>> both.agrees()
    True
    >>> both.row("δ", 1).graph.shape, both.row("∂C/∂w", 1).closed_form.shape
    ((4,), (4, 3))

The files, in reading order:

    module           what holds parameters
    activations      σ and σ′ of the activations that have a name
    own_activations  the activations that people give
    initialisation   the numbers that weights start from
    layers           neurons, layers, and networks of layers, built of Values
    costs            each cost, said once
    objective        the cost of a batch, as one Value
    closed_form      the same networks as matrix equations, BP1 to BP4, with no graph and no autograd
    comparison/      both sides, number by number, and one's own matrix code beside them
    training/        fit, optimisers, history
    saving           a model in a file
    pytorch          networks from PyTorch, and for it

What people give is checked and named by these:

    arrays           arrays of real numbers
    numpy_later      NumPy, imported when it is first used
    targets          examples as rows, and targets as a cost takes them
    arguments        arguments that several functions take
    keywords         keyword arguments that a function does not have
    choices          one of several things, chosen by its name
    notation         the names of the notes, such as wˡⱼₖ
    installation     whether the package called autograd is chalkgrad's own

The names:

- Networks: `MLP`, its `Layer` and `Neuron`; a `Trace` is one forward pass; `Module` is whatever holds parameters
- Both sides, number by number: `compare` gives a `Comparison`, made of a `Row` a quantity and an `Entry` a number;
  the matrix equations alone are `nn.closed_form`
- Your own matrix code beside them: `Comparison.against` gives a `Verdict` with each `WrongEntry`
- Costs: `quadratic`, `mean_squared_error`, `hinge`, `binary_cross_entropy`, `softmax_cross_entropy`, each a `Cost`, as
  one of your own is; `mean` of a batch; `l2`, of large parameters
- Training: `fit` gives a `History` with each `Epoch`, or raises `DivergedError`; each `Optimizer` (`SGD`, `Adam`) steps
- What is warned of: `NotLearningWarning`, a model that learns nothing; `OutputWarning`, an output layer that does not
  suit the cost
- Files: `save`, `load`; PyTorch: `to_torch`, and `MLP.from_torch`
"""

from .installation import wrong_autograd

if _wrong := wrong_autograd():  # first of all, so that a foreign autograd is named as such
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

# What needs NumPy, each name beside its file: it is read when one of them is first asked for.
LATE = {
    "closed_form": "closed_form", "compare": "comparison.compare",
    "Comparison": "comparison.result", "Entry": "comparison.result", "Row": "comparison.result",
    "Verdict": "comparison.verdict", "WrongEntry": "comparison.verdict",
    "NotLearningWarning": "training.diagnosis", "fit": "training.fit",
}  # fmt: skip
__getattr__ = names_later(__name__, globals(), LATE)


def __dir__() -> list[str]:
    return sorted({*globals(), *LATE})
