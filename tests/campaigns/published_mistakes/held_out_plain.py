"""Held out from the search: plain networks and costs as people write them, example by example and in place."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid

LV, L0, L1 = draw(1301, 4, (5, 5), (3, 6))
LT = np.array([0.0, 1.0, 0.0])


def mnist_one(hidden_weights, output_weights):
    layers = [hidden_weights, output_weights]
    values = [LV]
    for layer in layers:
        values.append(1 / (1 + np.exp(-layer.dot(np.append(values[-1], 1)))))
    return 0.5 * np.sum((values[-1] - LT) ** 2)


def of_mnist_one(fault=""):
    h = sigmoid(L0 @ np.append(LV, 1))
    o = sigmoid(L1 @ np.append(h, 1))
    output_deltas = o * (1 - o) * (o - LT)
    back = o - LT if "slope" in fault else output_deltas
    hidden_deltas = h * (1 - h) * np.dot(np.delete(L1, 5, 1).T, back)
    return {
        "hidden_weights": np.outer(hidden_deltas, np.append(LV, 1)),
        "output_weights": np.outer(output_deltas, np.append(h, 1)),
    }


SX, SW, SB = draw(1302, (8, 2), (2, 1), (1, 1))
SY = np.array([1.0, -1, -1, 1, 1, -1, 1, -1]).reshape(-1, 1)


def linear_svc(w, b):
    hinge_loss = 1 - SY * (SX @ w + b)
    hinge_loss[hinge_loss < 0] = 0
    return 0.5 * np.sum(w**2) + np.sum(hinge_loss) / len(SY)


def of_svc(fault=""):
    hinge = np.maximum(0, 1 - SY * (SX @ SW + SB))
    grad_w, grad_b = np.zeros(SW.shape), np.zeros(SB.shape)
    for i, h in enumerate(hinge):
        if h[0] == 0 and "condition" not in fault:
            grad_w += SW
        else:
            grad_w += SW - (SX[i] * SY[i]).reshape(-1, 1)
            grad_b += SY[i] if "sign" in fault else -SY[i]
    return {"w": grad_w / len(SX), "b": grad_b / len(SX)}


VC, UO = draw(1303, 4, (7, 4))
OUT, NEG = 2, [5, 0, 3, 5]


def neg_sampling(centerWordVec, outsideVectors):
    u_o = outsideVectors[OUT]
    u_k = outsideVectors[NEG]
    z = sigmoid(np.dot(u_o, centerWordVec))
    k = sigmoid(-np.dot(u_k, centerWordVec))
    return -np.log(z) - np.sum(np.log(k))


def of_neg(fault=""):
    z, k = sigmoid(UO[OUT] @ VC), sigmoid(UO[NEG] @ VC)
    gradU = np.zeros_like(UO)
    gradU[OUT] += (z - 1) * VC
    for i, s in zip(NEG, k, strict=True):
        gradU[i] += (s - 1 if "labels" in fault else s) * VC
    gradV = (z - 1) * UO[OUT] + ((k - 1 if "everywhere" in fault else k)[:, None] * UO[NEG]).sum(0)
    return {"centerWordVec": gradV, "outsideVectors": gradU}


GX, GM, GS = draw(1304, (4, 3), (4, 3), (4, 3))


def gaussian(mu, log_sigma2):
    total = -0.5 * np.log(2 * np.pi) - 0.5 * log_sigma2 - (GX - mu) ** 2 / (2 * np.exp(log_sigma2))
    return -total.sum()


def of_gaussian(fault=""):
    e = (GX - GM) ** 2 / (2 * np.exp(GS))
    return {"mu": -(GX - GM) / np.exp(GS), "log_sigma2": (0.25 if "quarter" in fault else 0.5) - e}


MX = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0]]
MY = [1.0, -1.0, -1.0]
MW, MB = np.array([0.2, -0.3, 0.4]), np.array(0.1)


def neuron(w, b):
    loss = 0
    for x, y in zip(MX, MY, strict=True):
        act = b
        for wi, xi in zip(w, x, strict=True):
            act = act + wi * xi
        e = np.exp(2 * act)
        out = (e - 1) * (e + 1) ** -1
        loss = loss + (out - y) ** 2
    return loss


def of_neuron(fault=""):
    dw, db = np.zeros(3), 0.0
    for x, y in zip(MX, MY, strict=True):
        n = MW @ x + MB
        e = np.exp(2 * n)
        out = (e - 1) / (e + 1)
        dout = 2 * (out - y)
        inv = (e + 1) ** -1
        dinv = dout * (e - 1)
        de = dout * inv + dinv * -1 * (e + 1) ** (-1 if "power" in fault else -2)
        dn = 2 * de * (2 * n if "exp" in fault else e)
        dw += dn * np.array(x)
        db += dn
    return {"w": dw, "b": db}


SVM = {"w": SW, "b": SB}
W2V = {"centerWordVec": VC, "outsideVectors": UO}
LABELLED = ("the target is 1 everywhere",)
NEGATIVES = "Rockung/ml"
CASES = [
    case("no slope of the output on the way to the hidden layer", "louisjc/mnist-neural-network/issues/1",
         ("σ′.* is missing",), mnist_one, {"hidden_weights": L0, "output_weights": L1}, of_mnist_one, "slope"),
    case("a hinge's bias with the wrong sign", "https://quabr.com/66324435/beautifulsoup-markup-is-not-defined",
         ("db has the wrong sign",), linear_svc, SVM, of_svc, "sign"),
    case("a hinge without its condition, example by example",
         "https://stats.stackexchange.com/questions/4608/gradient-of-hinge-loss",
         ("relu′.* is missing",), linear_svc, SVM, of_svc, "condition"),
    case("negatives labelled 1, for the outside words", NEGATIVES, LABELLED, neg_sampling, W2V, of_neg, "labels"),
    case("negatives labelled 1", NEGATIVES, LABELLED, neg_sampling, W2V, of_neg, "labels everywhere"),
    case("a quarter for half of the log variance", "y0ast/VAE-Torch/pull/5",
         ("0.5 \\* log_sigma2` is 1/2 of what it should be",), gaussian,
         {"mu": GM, "log_sigma2": GS}, of_gaussian, "quarter"),
    case("exp's slope is its input, neuron by neuron", "karpathy/nn-zero-to-hero/issues/52",
         ("needs e.* but gets the input",), neuron, {"w": MW, "b": MB}, of_neuron, "exp"),
    case("n xⁿ for a power's slope", "karpathy/nn-zero-to-hero/issues/52",
         ("n xⁿ is used",), neuron, {"w": MW, "b": MB}, of_neuron, "power"),
]  # fmt: skip
