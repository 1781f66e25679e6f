"""Held out from the search: costs, regression, likelihoods, factors, word vectors."""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw, sigmoid, softmax

MATH = "https://huggingface.co/datasets/nvidia/Nemotron-CC-Math-v1: "
N = 7
X, W, B, Y = draw(229, (N, 3), 3, 1, N)
LABELS = (Y > 0) * 1.0
LINEAR = {"X": X, "y": Y, "w": W, "b": B}
BINARY = {"X": X, "y": LABELS, "w": W, "b": B}
H = sigmoid(X @ W + B)
P = X @ W + B


def single_neuron(X, y, w, b):
    z = X @ w + b
    a = sigmoid(z)
    return np.mean((a - y) ** 2)


def log_loss(X, y, w, b):
    a = sigmoid(X @ w + b)
    return -np.mean(y * np.log(a) + (1 - y) * np.log(1 - a))


def mean_square(X, y, w, b):
    y_hat = X @ w + b
    return np.mean((y_hat - y) ** 2)


def mean_absolute(X, y, w, b):
    y_hat = X @ w + b
    return np.mean(np.abs(y_hat - y))


def huber(X, y, w, b):
    delta = 0.6
    r = X @ w + b - y
    return np.sum(np.where(np.abs(r) <= delta, 0.5 * r**2, delta * (np.abs(r) - 0.5 * delta)))


def squared_hinge(X, y, w, b):
    t = 2 * y - 1
    margin = 1 - t * (X @ w + b)
    return np.sum(np.maximum(0, margin) ** 2)


def hinge(X, y, w, b):
    t = 2 * y - 1
    f = X @ w + b
    return np.mean(np.maximum(0, 1 - t * f)) + 0.5 * 0.1 * np.sum(w**2)


def ridge(X, y, w, b):
    alpha = 0.3
    return np.mean((X @ w + b - y) ** 2) + 0.5 * alpha * np.sum(w**2)


def elastic_net(X, y, w, b):
    l1, l2 = 0.2, 0.3
    return 0.5 * np.mean((X @ w + b - y) ** 2) + l1 * np.sum(np.abs(w)) + 0.5 * l2 * np.sum(w**2)


def by_error(d, penalty=0.0, bias=0.0):
    """`d`: the gradient of the cost by X w + b."""
    return {"w": X.T @ d + penalty, "b": d.sum(keepdims=True) + bias}


R = P - Y
T = 2 * LABELS - 1
MARGIN = 1 - T * P
HUBER = np.clip(R, -0.6, 0.6)
BCE = (H - LABELS) / N
L1, L2 = 0.2 * np.sign(W), 0.3 * W
LAST = {"w": (H - LABELS).sum() * X[-1] / N, "b": BCE.sum(keepdims=True)}
DH = -LABELS / H - (1 - LABELS) / (1 - H)

Z, Q = draw(222, (5, 4), (5, 4))
Q = softmax(Q)
SOFT = {"z": Z, "q": Q}


def class_cross_entropy(z, q):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.sum(q * np.log(p)) / len(z)


def distilled(z, q):
    T = 4.0
    s = z / T
    log_p = s - np.log(np.sum(np.exp(s), axis=1, keepdims=True))
    return -np.sum(q * log_p)


def distilled_scaled(z, q):
    T = 4.0
    s = z / T
    log_p = s - np.log(np.sum(np.exp(s), axis=1, keepdims=True))
    return -np.sum(q * log_p) * T**2


def logits(gradient):
    return lambda: {"z": gradient}


SOFT_ERROR = softmax(Z / 4.0) - Q

V, MU, S = draw(223, (4, 3), (4, 3), (4, 3))
NORMAL = {"x": V, "mu": MU, "s": S}


def by_log_variance(x, mu, s):
    return 0.5 * np.sum(s + (x - mu) ** 2 / np.exp(s))


def by_log_sigma(x, mu, s):
    sigma = np.exp(s)
    return np.sum(s + 0.5 * ((x - mu) / sigma) ** 2)


def normal(mu, s):
    return lambda: {"mu": mu, "s": s}


E2, SIG = (V - MU) ** 2, np.exp(S)
OF_LOG_VAR = normal(-(V - MU) / SIG, 0.5 - 0.5 * E2 / SIG)
OF_LOG_SIGMA = normal(-(V - MU) / SIG**2, 1 - E2 / SIG**2)

RATES, PU, QI, BU, BI = draw(224, (4, 4), (4, 3), (4, 3), 4, 4)
RATED = {"R": RATES, "P": PU, "Q": QI, "bu": BU, "bi": BI}


def biased_factors(R, P, Q, bu, bi):
    lam = 0.4
    cost = 0.0
    for u in range(4):
        for i in range(4):
            err = R[u, i] - (np.dot(P[u], Q[i]) + bu[u] + bi[i])
            cost += 0.5 * err**2
    return cost + 0.5 * lam * (np.sum(P**2) + np.sum(Q**2) + np.sum(bu**2) + np.sum(bi**2))


def of_biased(fault=""):
    err = RATES - (PU @ QI.T + BU[:, None] + BI)
    found = {"P": -err @ QI + 0.4 * PU, "Q": -err.T @ PU + 0.4 * QI}
    found |= {"bu": -err.sum(axis=1) + 0.4 * BU, "bi": -err.sum(axis=0) + 0.4 * BI}
    if fault == "item":
        found["P"] = -err @ QI + 0.4 * QI
    if fault == "axis":
        found["bu"] = -err.sum(axis=0) + 0.4 * BU
    if fault == "no penalty":
        found |= {"bu": -err.sum(axis=1), "bi": -err.sum(axis=0)}
    return found


W_IN, W_OUT = draw(225, (6, 3), (3, 6))
CONTEXT = np.array([0, 2, 3, 5])


def context_mean(W_in, W_out, context):
    h = np.mean(W_in[context], axis=0)
    u = h @ W_out
    return np.log(np.sum(np.exp(u))) - u[1]


def of_context(divided=True, from_input=True):
    u = W_IN[CONTEXT].mean(axis=0) @ W_OUT
    e = softmax(u) - np.eye(6)[1]
    d_in = np.zeros_like(W_IN)
    d_in[CONTEXT] = W_OUT @ e / (4 if divided else 1)
    return {"W_in": d_in, "W_out": np.outer(W_IN[CONTEXT].mean(axis=0) if from_input else W_IN[1], e)}


def case(name, where, says, forward, right, wrong, inputs=LINEAR):
    source = where if where.startswith("https") else GIT + where
    right, wrong = (g if callable(g) else (lambda g=g: g) for g in (right, wrong))
    return Mistake(name, source, forward, inputs, right, wrong, says)


HALF = ("½", "0\\.5", "half", "1/2", "factor 2", "2 times", "twice")
PENALTY = ("penalty", "L2", "w ?\\*\\* ?2", "alpha", "0\\.3", "λ")
EXACT = by_error(2 * R / N)
RIDGE = by_error(2 * R / N, 0.3 * W)
HINGE = by_error(-T * (MARGIN > 0) / N, 0.1 * W)
CASES = [
    case("1/n for 2/n", "Open-Deep-ML/DML-OpenProblem/issues/54", HALF, single_neuron,
         by_error(2 * (H - LABELS) * H * (1 - H) / N), by_error((H - LABELS) * H * (1 - H) / N), BINARY),
    case("the last example's features for everybody's", MATH + "GD for logistic regression isn't stable. Why?",
         ("last", "X\\[", "example", "alone"), log_loss, by_error(BCE), LAST, BINARY),
    case("the sign of the second logarithm", "davharris/mistnet/issues/29", ("sign", "path", "1 ?[−-] ?(a|y)",
         "log\\b"), log_loss, by_error(BCE), by_error(DH * H * (1 - H) / N), BINARY),
    case("a sum for a mean", "patrickloeber/pytorchTutorial/pull/5", ("n times", "7 times", "\\b7\\b", "mean", "1/n"),
         mean_square, EXACT, by_error(2 * R)),
    case("the difference for its sign", "nums-project/nums/pull/212", ("sign", "abs", "slope"), mean_absolute,
         by_error(np.sign(R) / N), by_error(R / N)),
    case("the threshold on the signed difference", "BobMcDear/attorch/issues/13", ("abs", "sign", "mask", "where",
         "negative", "branch"), huber, by_error(HUBER), by_error(np.where(R <= 0.6, R, 0.6))),
    case("no δ outside", "RoboticsClubIITJ/ML-DL-implementation/pull/168", ("delta", "0\\.6", "factor"), huber,
         by_error(HUBER), by_error(np.where(np.abs(R) <= 0.6, R, np.sign(R)))),
    case("no 2 of the squared hinge", "stdlib-js/stdlib/issues/13111", HALF, squared_hinge,
         by_error(-2 * T * np.maximum(0, MARGIN)), by_error(-T * np.maximum(0, MARGIN)), BINARY),
    case("no condition in the hinge", "patrickloeber/MLfromscratch/issues/18", ("mask", "maximum", "slope", "relu",
         "where"), hinge, HINGE, by_error(-T / N, 0.1 * W), BINARY),
    case("no condition in the hinge, and no penalty", "patrickloeber/MLfromscratch/issues/18",
         ("(penalty|w ?\\*\\* ?2|L2).*(mask|maximum|slope)", "(mask|maximum|slope).*(penalty|w ?\\*\\* ?2|L2)"), hinge,
         HINGE, by_error(-T / N), BINARY),
    case("the penalty of one weight for all", "ageron/handson-ml2/issues/510", PENALTY, ridge, RIDGE,
         by_error(2 * R / N, 0.3 * W[1])),
    case("the intercept is penalised", "dask/dask-glm/issues/65", ("0\\.3", "penalty", "L2", "λ"), ridge, RIDGE,
         by_error(2 * R / N, 0.3 * W, 0.3 * B)),
    case("the elastic net's square left out", "nums-project/nums/pull/212", ("l2", *PENALTY), elastic_net,
         by_error(R / N, L1 + L2), by_error(R / N, L1)),
    case("the elastic net's |w| as w, and n missing", "nums-project/nums/pull/212",
         ("(sign|abs|slope).*(7|n times|mean)", "(7|n times|mean).*(sign|abs|slope)"), elastic_net,
         by_error(R / N, L1 + L2), by_error(R, 0.2 * W + L2)),
    case("not divided by the batch", "JohnMachado11/Neural-Networks-from-Scratch-in-Python/pull/15",
         ("n times", "5 times", "\\b5\\b", "len\\(", "1/n", "mean"), class_cross_entropy, logits((softmax(Z) - Q) / 5),
         logits(softmax(Z) - Q), SOFT),
    case("no 1/T", "keras-team/keras-io/issues/869", ("\\bT\\b", "\\b4\\b", "1/4", "¼", "0\\.25"), distilled,
         logits(SOFT_ERROR / 4), logits(SOFT_ERROR), SOFT),
    case("no T²", "IntelLabs/distiller/issues/122", ("T ?\\*\\* ?2", "T²", "16", "0\\.0625"), distilled_scaled,
         logits(SOFT_ERROR * 4), logits(SOFT_ERROR / 4), SOFT),
    case("a softmax without temperature", "keras-team/keras/issues/3092", ("\\bT\\b", "temperature", "\\bs\\b", "exp",
         "\\bz\\b"), distilled, logits(SOFT_ERROR / 4), logits((softmax(Z) - Q) / 4), SOFT),
    case("no ½ of the squared error", "y0ast/VAE-Torch/issues/13", HALF, by_log_variance, OF_LOG_VAR,
         normal(-(V - MU) / SIG, 0.5 - E2 / SIG), NORMAL),
    case("σ's gradient for log σ's", "stanfordmlgroup/ngboost/issues/6", ("sigma", "exp", "slope"), by_log_sigma,
         OF_LOG_SIGMA, normal(-(V - MU) / SIG**2, 1 / SIG - E2 / SIG**3), NORMAL),
    case("σ³ for σ²", "brynhayder/reinforcement_learning_an_introduction/pull/5", ("sigma", "twice"), by_log_sigma,
         OF_LOG_SIGMA, normal(-(V - MU) / SIG**3, 1 - E2 / SIG**2), NORMAL),
    case("an item's penalty for a user's", "muricoca/crab/pull/74", ("penalty", "\\bQ\\b", "L2"), biased_factors,
         of_biased, lambda: of_biased("item"), RATED),
    case("a user's bias summed over the users", "nickgreenquist/cu2rec/pull/13", ("axis", "users", "sum", "bi\\b",
         "transpos"), biased_factors, of_biased, lambda: of_biased("axis"), RATED),
    case("the penalty of the biases forgotten", "nickgreenquist/cu2rec/issues/4", ("penalty", "0\\.4", "lam", "bu",
         "L2"), biased_factors, of_biased, lambda: of_biased("no penalty"), RATED),
    case("the context's mean gives its whole gradient to each", "piskvorky/gensim/issues/697", ("\\b4\\b", "mean", "¼",
         "1/4"), context_mean, of_context, lambda: of_context(divided=False),
         {"W_in": W_IN, "W_out": W_OUT, "context": CONTEXT}),
    case("the target's row for the hidden layer", "dav/word2vec/issues/24", ("W_in", "\\bh\\b"), context_mean,
         of_context, lambda: of_context(from_input=False), {"W_in": W_IN, "W_out": W_OUT, "context": CONTEXT}),
]  # fmt: skip
