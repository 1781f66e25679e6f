"""Held out from the search: Jacobian matrices of which a part is kept, brackets, indices, and factors of products."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid, softmax

INPUT, UP = draw(2301, (5,), (5,))


def soft(x):
    exps = np.exp(x)
    return exps / np.sum(exps)


def of_soft(fault=""):
    value = soft(INPUT)
    if not fault:
        return {"x": value * (UP - np.sum(UP * value))}
    gradient = np.zeros(5)
    for i in range(5):
        for j in range(5):
            gradient[i] = value[i] * (1 - INPUT[i]) if i == j else -value[i] * INPUT[j]
    return {"x": gradient * UP}


ROWS, ROWS_UP = draw(2302, (3, 4), (3, 4))


def unit(Y):
    norm = np.sqrt(np.sum(Y**2, axis=1, keepdims=True))
    return Y / norm


def of_unit(fault=""):
    norm = np.linalg.norm(ROWS, axis=1, keepdims=True)
    inner = ROWS_UP * ROWS if fault else (ROWS_UP * ROWS).sum(axis=1, keepdims=True)
    return {"Y": ROWS_UP / norm - ROWS * inner / norm**3}


Z, Z_UP = draw(2303, (4, 3), (4, 3))


def hyperbolic(x):
    return np.tanh(x)


def of_hyperbolic(fault=""):
    out = np.tanh(Z)
    return {"x": Z_UP * 1 - out * out if fault else Z_UP * (1 - out * out)}


def of_matrix_slope(fault=""):
    out = np.tanh(Z)
    return {"x": Z_UP @ (1 - out.T @ out) if fault else Z_UP * (1 - out * out)}


IMAGE, POOLED_UP = draw(2304, (4, 6), (2, 3))


def pooled(image):
    return np.stack(
        [np.stack([image[i : i + 2, j : j + 2].mean() for j in range(0, 6, 2)]) for i in range(0, 4, 2)]
    )  # fmt: skip


def of_pooled(fault=""):
    dimage = np.zeros((4, 6))
    for i in range(0, 4 - 2 * bool(fault), 2):
        for j in range(0, 6 - 2 * bool(fault), 2):
            dimage[i : i + 2, j : j + 2] += POOLED_UP[i // 2, j // 2] / 4
    return {"image": dimage}


DEEP, KERNEL, DEEP_UP = draw(2305, (4, 3), (2,), (3, 3))


def along_depth(I, F):
    return np.stack([F[0] * I[m] + F[1] * I[m + 1] for m in range(3)])


def of_along_depth(fault=""):
    dI = np.zeros_like(DEEP)
    for d in range(4):
        last = min(d, 2)
        reached = [(m, d - m) for m in range(3) if 0 <= d - m < 2]
        dI[last if fault else d] = sum(KERNEL[t] * DEEP_UP[m] for m, t in reached)
    return {"I": dI, "F": np.array([(DEEP_UP * DEEP[t : t + 3]).sum() for t in (0, 1)])}


SQUARE, SQUARED, SQUARE_UP = draw(2306, (3, 3), (3, 3), (3, 3))


def product(W, x):
    return np.dot(W, x)


def of_product(fault=""):
    return {"W": SQUARE_UP @ SQUARED.T, "x": SQUARE_UP @ SQUARE.T if fault else SQUARE.T @ SQUARE_UP}


def sigmoid_layer(z):
    return 1 / (1 + np.exp(-z))


def of_sigmoid_layer(fault=""):
    A = sigmoid(Z)
    return {"z": sigmoid(1 - sigmoid(Z_UP)) if fault else Z_UP * A * (1 - A)}


Q, K, V, ATTENDED_UP = draw(2307, (4, 3), (5, 3), (5, 2), (4, 2))
KEPT = (draw(2308, (4, 5)) > -0.5) * 1.0


def attention(Q, K, V):
    scores = np.exp(Q @ K.T)
    weights = scores / scores.sum(axis=1, keepdims=True)
    dropped = weights * KEPT / 0.7
    return dropped @ V


def of_attention(fault=""):
    weights = softmax(Q @ K.T)
    d = ATTENDED_UP @ V.T * KEPT * (0.3 if fault else 1 / 0.7)
    d = weights * (d - (d * weights).sum(axis=1, keepdims=True))
    return {"Q": d @ K, "K": d.T @ Q, "V": (weights * KEPT / 0.7).T @ ATTENDED_UP}


CASES = [
    case("the last entry of each row of a Jacobian matrix, of the input", "https://stackoverflow.com/questions/40575841",
         ("only the last column of the Jacobian matrix.*x is used instead of p_j",), soft, {"x": INPUT}, of_soft,
         "last", UP),
    case("the diagonal of a norm's Jacobian matrix", "https://www.52zhanxing.com/ask/7883826.html",
         ("the sum is missing in the gradient of norm.*only the diagonal",), unit, {"Y": ROWS}, of_unit, "diagonal",
         ROWS_UP),
    case("brackets around 1 − a²", "apache/tvm/pull/7340", ("brackets are missing",), hyperbolic, {"x": Z},
         of_hyperbolic, "brackets", Z_UP),
    case("np.dot for the square in 1 − a²", "https://community.deeplearning.ai/t/402919",
         ("made with the matrix product of .* and its transpose",), hyperbolic, {"x": Z},
         of_matrix_slope, "dot", Z_UP),
    case("the last windows left out", "mlpack/mlpack/pull/2865", ("the wrong entries of dimage are 0",), pooled,
         {"image": IMAGE}, of_pooled, "left out", POOLED_UP),
    case("the index of another loop", "NervanaSystems/neon/issues/111",
         ("index 2 has the numbers of index 3 and index 3 is 0",), along_depth, {"I": DEEP, "F": KERNEL},
         of_along_depth, "index", DEEP_UP),
    case("the factors in the wrong order",
         "https://errorhandle.ai/neural-network-numerical-gradient-check-not-working-with-matrices-using-python-numpy",
         ("two factors of the matrix product are in the wrong order",), product, {"W": SQUARE, "x": SQUARED},
         of_product, "order", SQUARE_UP),
    case("the sigmoid of 1 − a sigmoid, of the error", "yizt/numpy_neural_network/issues/3",
         ("σ\\(1 − σ\\(g\\)\\).*passed back alone",), sigmoid_layer, {"z": Z}, of_sigmoid_layer, "error", Z_UP),
    case("multiplied by the share that is dropped", "NVIDIA/apex/pull/816", ("multiplied by 0.3, not divided by 0.7",),
         attention, {"Q": Q, "K": K, "V": V}, of_attention, "share", ATTENDED_UP),
]  # fmt: skip
