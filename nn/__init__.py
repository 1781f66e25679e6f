"""Networks built of Values, and the closed form they are held against."""

try:
    from autograd import Value, backward_steps  # noqa: F401  what tells this package's autograd from another's
except ImportError:
    raise ImportError(
        "the package called autograd that Python finds here is not chalkgrad's (HIPS autograd bears the same name): "
        "install chalkgrad in an environment of its own, or uninstall the other one"
    ) from None

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
