"""Mistakes in linear and logistic regression, in penalties, and in support vector machines."""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw, sigmoid

X, w, b, y_real = draw(31, (7, 4), 4, 1, 7)
y = (draw(32, 7) > 0) * 1.0
sign = 2 * y - 1
LOGISTIC = {"X": X, "y": y, "w": w, "b": b}
LINEAR = {"X": X, "y": y_real, "w": w, "b": b}


def logistic(X, y, w, b):
    z = X @ w + b
    y_pred = sigmoid(z)
    return -np.mean(y * np.log(y_pred) + (1 - y) * np.log(1 - y_pred))


def of_logistic(factor=1 / 7):
    e = (sigmoid(X @ w + b) - y) * factor
    return {"w": X.T @ e, "b": np.array([e.sum()])}


def admissions(X, y, w):
    h = np.dot(X, w)
    output = 1 / (1 + np.exp(-h))
    return 0.5 * np.sum((y - output) ** 2)


def of_admissions(at_input):
    """`at_input`: whether sigmoid_prime is taken of the features x, in the place of h."""
    output = sigmoid(X @ w)
    slope = output * (1 - output)
    at = sigmoid(X) * (1 - sigmoid(X))
    return {"w": ((output - y)[:, None] * (at if at_input else slope[:, None]) * X).sum(axis=0)}


def mean_squares(X, y, w, b):
    y_pred = np.dot(X, w) + b
    return np.mean((y_pred - y) ** 2)


def of_mean_squares(factor=2.0):
    e = factor * (X @ w + b - y_real) / 7
    return {"w": X.T @ e, "b": np.array([e.sum()])}


def lasso(X, y, w, b):
    y_pred = np.dot(X, w) + b
    return np.mean((y_pred - y) ** 2) + 0.3 * np.sum(np.abs(w))


def of_lasso(penalty):
    found = of_mean_squares()
    return {**found, "w": found["w"] + penalty}


def norm_penalty(X, y, w, b):
    gamma = 0.4
    z = X @ w + b
    nll = np.mean(np.log(1 + np.exp(z)) - y * z)
    return nll + gamma * np.sqrt(w @ w)


def of_norm_penalty(penalty):
    found = of_logistic()
    return {**found, "w": found["w"] + penalty}


def hinge(X, y, w, b):
    C = 0.7
    margins = np.maximum(0, 1 - y * (X @ w + b))
    return 0.5 * np.dot(w, w) + C * np.sum(margins)


def of_hinge(samples=7):
    """`samples`: the factor of the mean in the gradient of b."""
    inside = (sign * (X @ w + b) < 1) * 1.0
    g = -sign * inside
    return {"w": w + 0.7 * X.T @ g, "b": np.array([0.7 * g.mean() * samples])}


SCORES_W, ids = draw(33, (4, 3)), np.array([0, 2, 1, 1, 0, 2, 2])


def multiclass_svm(W, X, y):
    reg = 0.3
    num_train = X.shape[0]
    scores = X.dot(W)
    correct = scores[np.arange(num_train), y].reshape(-1, 1)
    margins = np.maximum(0, scores - correct + 1)
    loss = (np.sum(margins) - num_train) / num_train
    return loss + reg * np.sum(W * W)


def of_multiclass_svm(reg, correct_class=True):
    scores = X @ SCORES_W
    mask = (scores - scores[np.arange(7), ids][:, None] + 1 > 0) * 1.0
    mask[np.arange(7), ids] = 0
    if correct_class:
        mask[np.arange(7), ids] = -mask.sum(axis=1)
    return {"W": X.T @ mask / 7 + reg * SCORES_W}


def policy(X, actions, rewards, W):
    """Minus the expected reward, from the log probabilities of the actions."""
    logits = X @ W
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    logp = np.log(p[np.arange(len(actions)), actions])
    return -np.mean(logp * rewards)


def of_policy(sign_of):
    e = np.exp(X @ SCORES_W)
    d = e / e.sum(axis=1, keepdims=True)
    d[np.arange(7), ids] -= 1
    return {"W": sign_of * X.T @ (d * y_real[:, None]) / 7}


SVM = {"W": SCORES_W, "X": X, "y": ids}
SIGN = ("−1", "-1", "sign")


def case(name, where, says, forward, inputs, right, wrong):
    return Mistake(name, GIT + where, forward, inputs, right, wrong, says)


CASES = [
    case("not divided by the examples", "eriklindernoren/ML-From-Scratch/issues/124",
         ("\\b7\\b", "n times", "mean", "sum"),
         logistic, LOGISTIC, of_logistic, lambda: of_logistic(1.0)),
    case("y − p for p − y", "eriklindernoren/ML-From-Scratch/issues/107", SIGN, logistic, LOGISTIC, of_logistic,
         lambda: of_logistic(-1 / 7)),
    case("σ′ of the features", "udacity/deep-learning-v2-pytorch/issues/409", ("slope", "σ′", "at X", "input"),
         admissions,
         {"X": X, "y": y, "w": w}, lambda: of_admissions(False), lambda: of_admissions(True)),
    case("no 2 of the square", "patrickloeber/MLfromscratch/issues/18", ("½", "0\\.5", "half", "1/2", "factor 2"),
         mean_squares, LINEAR, of_mean_squares, lambda: of_mean_squares(1.0)),
    case("the slope of |w| without a sign", "bashardudin/Epita-SCIA-OCVX/issues/1", ("sign", "abs", "slope"), lasso,
         LINEAR, lambda: of_lasso(0.3 * np.sign(w)), lambda: of_lasso(0.3 * np.ones(4))),
    case("the slope of |w| is w", "ufal/npfl114/pull/34", ("sign", "abs", "slope"), lasso, LINEAR,
         lambda: of_lasso(0.3 * np.sign(w)), lambda: of_lasso(0.3 * w)),
    case("the gradient of a norm as of its square", "ddbourgin/numpy-ml/issues/53", ("sqrt", "norm", "slope"),
         norm_penalty, LOGISTIC, lambda: of_norm_penalty(0.4 * w / np.sqrt(w @ w)), lambda: of_norm_penalty(0.4 * w)),
    case("n is missing for b alone", "purushottamkar/ml19-20a/issues/5", ("1/7", "1/n", "0\\.14", "mean", "n times"),
         hinge, {"X": X, "y": sign, "w": w, "b": b}, of_hinge, lambda: of_hinge(1)),
    case("no 2 of the penalty", "jingtinghuang/CS231n-Spring-2017/issues/3",
         ("W \\* W", "penalty", "½", "0\\.3", "half"), multiclass_svm, SVM, lambda: of_multiclass_svm(0.6),
         lambda: of_multiclass_svm(0.3)),
    case("nothing for the right class", "mantasu/cs231n/issues/9", ("correct",), multiclass_svm, SVM,
         lambda: of_multiclass_svm(0.6), lambda: of_multiclass_svm(0.6, correct_class=False)),
    case("a policy's gradient without the minus", "openai/spinningup/issues/436", SIGN, policy,
         {"X": X, "actions": ids, "rewards": y_real, "W": SCORES_W}, lambda: of_policy(1), lambda: of_policy(-1)),
]  # fmt: skip
