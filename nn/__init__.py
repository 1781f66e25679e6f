"""Networks built of Values, and the closed form they are held against.

    >>> from nn import MLP, compare
    >>> model = MLP(3, [4, 2], activation="tanh", output="sigmoid", seed=1)
    >>> both = compare(model, x=[0.5, -0.3, 0.8], y=[1.0, 0.0])
    >>> both.agrees()
    True
    >>> both.row("δ", 1).graph.shape, both.row("∂C/∂w", 1).closed_form.shape
    ((4,), (4, 3))

- Networks: `MLP`, its `Layer` and `Neuron`; a `Trace` is one forward pass; `Module` is whatever holds parameters
- Both sides, number by number: `compare` gives a `Comparison`, made of a `Row` a quantity and an `Entry` a number;
  the matrix equations alone are `nn.closed_form`
- Your own matrix code beside them: `Comparison.against` gives a `Verdict` with each `WrongEntry`
- Costs: `quadratic`, `mean_squared_error`, `hinge`, `binary_cross_entropy`, `softmax_cross_entropy`; `mean` of a batch;
  `l2`, of large parameters
- Training: `fit` gives a `History` with each `Epoch`, or raises `DivergedError`; each `Optimizer` (`SGD`, `Adam`) steps
- Files: `save`, `load`
"""

from .installation import wrong_autograd

if _wrong := wrong_autograd():  # first of all, so that a foreign autograd is named as such
    raise ImportError(_wrong)

from . import closed_form
from .comparing import compare
from .comparison import Comparison, Entry, Row
from .costs import binary_cross_entropy, hinge, l2, mean, mean_squared_error, quadratic, softmax_cross_entropy
from .descent import SGD, Adam, Optimizer
from .fitting import fit
from .history import DivergedError, Epoch, History
from .layers import MLP, Layer, Neuron, Trace
from .module import Module
from .saving import load, save
from .verdict import Verdict, WrongEntry

__all__ = ["MLP", "SGD", "Adam", "Comparison", "DivergedError", "Entry", "Epoch", "History", "Layer", "Module",
           "Neuron", "Optimizer", "Row", "Trace", "Verdict", "WrongEntry", "binary_cross_entropy", "closed_form",
           "compare", "fit", "hinge", "l2", "load", "mean", "mean_squared_error", "quadratic", "save",
           "softmax_cross_entropy"]  # fmt: skip
