"""Mistakes in the softmax, its logarithm and its cross-entropy."""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw, softmax

X, W, b, Z, G = draw(41, (7, 4), (4, 3), 3, (5, 4), (5, 4))
Y = np.eye(3)[[0, 2, 1, 1, 0, 2, 2]]
P = softmax(X @ W + b)
S = softmax(Z)
REGRESSION = {"X": X, "Y": Y, "W": W, "b": b}


def regression(X, Y, W, b):
    z = X @ W + b
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / np.sum(e, axis=1, keepdims=True)
    return -np.sum(Y * np.log(p)) / len(X)


def of_regression(p=P, count=7):
    dz = (p - Y) / count
    return {"W": X.T @ dz, "b": dz.sum(axis=0)}


def over_examples(X, Y, W, b):
    """A softmax that divides by the sum over the examples, as in the question."""
    z = X @ W + b
    a = np.exp(z) / sum(np.exp(z))
    return -np.sum(Y * np.log(a)) / len(X)


def columns():
    e = np.exp(X @ W + b)
    return e / e.sum(axis=0)


def of_regression_over_examples():
    dz = (columns() * Y.sum(axis=0) - Y) / 7
    return {"W": X.T @ dz, "b": dz.sum(axis=0)}


def cost_of_one(z, y):
    s = np.exp(z) / np.sum(np.exp(z))
    return -np.sum(y * np.log(s)) / len(y)


ONE = {"z": np.array([1.1, 2.2, 0.3, -1.7]), "y": np.array([0.0, 0.0, 1.0, 0.0])}


def layer(x):
    shifted = x - np.max(x, axis=1, keepdims=True)
    exps = np.exp(shifted)
    return exps / np.sum(exps, axis=1, keepdims=True)


def log_layer(x):
    shifted = x - np.max(x, axis=1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))


def of_layer():
    return {"x": S * (G - np.sum(G * S, axis=1, keepdims=True))}


def single(x):
    exps = np.exp(x)
    return exps / np.sum(exps)


U, H = draw(42, 5, 5)


def of_single():
    s = np.exp(U) / np.exp(U).sum()
    return {"x": s * (H - H @ s)}


def overwritten():
    """The gradient if self.gradient[i] is overwritten for each j, so that the last one stays."""
    s = np.exp(U) / np.exp(U).sum()
    gradient = -s * U[-1]
    gradient[-1] = s[-1] * (1 - U[-1])
    return {"x": gradient * H}


def case(name, source, says, forward, inputs, right, wrong, upstream=None):
    return Mistake(name, source, forward, inputs, right, wrong, says, upstream)


SUM = ("sum", "diagonal", "Σ", "exps")
CASES = [
    case("not divided by the examples", GIT + "janchorowski/nn_assignments/pull/21",
         ("\\b7\\b", "n times", "mean", "sum"),
         regression, REGRESSION, of_regression, lambda: of_regression(count=1)),
    case("divided by all entries", GIT + "victorlempitsky/Mate/issues/2", ("1/3", "0\\.333", "1/C"), regression,
         REGRESSION, of_regression, lambda: of_regression(count=21)),
    case("normalised over the examples on the way back", GIT + "deeplearning4j/deeplearning4j/issues/345",
         ("axis", "examples"), regression, REGRESSION, of_regression, lambda: of_regression(columns())),
    case("p − y for a softmax over the examples", "https://stackoverflow.com/questions/76450489", ("axis", "examples",
         "sum"), over_examples, REGRESSION, of_regression_over_examples, lambda: of_regression(columns())),
    case("s − y for a mean over the classes", "https://z.id.vn/?p=348969", ("\\b4\\b", "n times", "len", "mean"),
         cost_of_one,
         ONE, lambda: {"z": (softmax(ONE["z"]) - ONE["y"]) / 4}, lambda: {"z": softmax(ONE["z"]) - ONE["y"]}),
    case("the diagonal of the Jacobian alone", GIT + "deeplearning4j/libnd4j/issues/440", SUM, layer, {"x": Z},
         of_layer, lambda: {"x": G * S * (1 - S)}, G),
    case("without the sum over the row", GIT + "HomericIntelligence/Odyssey/issues/2134", SUM, layer, {"x": Z},
         of_layer, lambda: {"x": S * G}, G),
    case("x(p − 1)", GIT + "eriklindernoren/ML-From-Scratch/issues/71", (*SUM, "slope"), layer, {"x": Z}, of_layer,
         lambda: {"x": G * Z * (S - 1)}, G),
    case("the inputs for the values, and the last j alone", "https://readforlearn.com/tags/backpropagation/",
         ("input", "last", *SUM), single, {"x": U}, of_single, overwritten, H),
    case("p added to the gradient of log softmax", GIT + "mlpack/mlpack/issues/2360", (*SUM, "sign"), log_layer,
         {"x": Z}, lambda: {"x": G - S * G.sum(axis=1, keepdims=True)}, lambda: {"x": G + S}, G),
]  # fmt: skip
