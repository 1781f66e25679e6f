"""Mistakes in models of words and factors: embeddings, word2vec, attention, residual blocks, matrix factorisation."""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw, sigmoid, softmax

TABLE, UP_ROWS = draw(81, (6, 3), (5, 3))
IDS = np.array([1, 4, 1, 0, 1])


def lookup(table, ids):
    return table[ids]


def of_lookup(added=True):
    grad = np.zeros_like(TABLE)
    if added:
        np.add.at(grad, IDS, UP_ROWS)
    else:
        grad[IDS] += UP_ROWS
    return {"table": grad}


OUTSIDE, CENTRE = draw(82, (7, 4), 4)
NEGATIVE = np.array([5, 2, 5, 5, 0])


def negative_sampling(outside, v, negative):
    u_o = outside[3]
    u_k = outside[negative]
    return -np.log(sigmoid(np.dot(u_o, v))) - np.sum(np.log(sigmoid(-np.dot(u_k, v))))


def of_negative_sampling(added=True):
    grad = np.zeros_like(OUTSIDE)
    z = sigmoid(OUTSIDE[3] @ CENTRE)
    s = sigmoid(OUTSIDE[NEGATIVE] @ CENTRE)
    rows = np.outer(s, CENTRE)
    if added:
        np.add.at(grad, NEGATIVE, rows)
    else:
        grad[NEGATIVE] += rows
    grad[3] += (z - 1) * CENTRE
    return {"outside": grad, "v": (z - 1) * OUTSIDE[3] + s @ OUTSIDE[NEGATIVE]}


V, N, BATCH = 6, 4, 5
x, W1, W2, b1, b2 = draw(83, (V, BATCH), (N, V), (V, N), (N, 1), (V, 1))
x = np.abs(x) / np.abs(x).sum(axis=0)
y = np.eye(V)[:, [2, 0, 5, 3, 1]]
CBOW = {"x": x, "y": y, "W1": W1, "W2": W2, "b1": b1, "b2": b2}


def cbow(x, y, W1, W2, b1, b2):
    h = np.maximum(0, np.dot(W1, x) + b1)
    z = np.dot(W2, h) + b2
    e_z = np.exp(z)
    yhat = e_z / np.sum(e_z, axis=0)
    return -np.sum(np.log(yhat) * y) / x.shape[1]


def of_cbow(fault=""):
    z1 = W1 @ x + b1
    h = np.maximum(0, z1)
    yhat = softmax((W2 @ h + b2).T).T
    back = W2.T @ (yhat - y)
    l1 = np.maximum(0, back) if fault == "relu of l1" else back * (z1 > 0)
    found = {
        "W1": l1 @ x.T / BATCH,
        "W2": (yhat - y) @ h.T / BATCH,
        "b1": (back if fault == "bias" else l1).sum(axis=1, keepdims=True) / BATCH,
        "b2": (yhat - y).sum(axis=1, keepdims=True) / BATCH,
    }
    if fault == "of the weights":
        for k in "12":
            found["b" + k] = np.sum(found["W" + k], axis=1, keepdims=True)
    return found


Q, K, VALUES, UP = draw(84, (4, 3), (5, 3), (5, 2), (4, 2))


def attention(Q, K, V):
    d_k = Q.shape[-1]
    scores = Q @ K.T / np.sqrt(d_k)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = e / e.sum(axis=1, keepdims=True)
    return weights @ V


def of_attention(with_sum=True):
    A = softmax(Q @ K.T / np.sqrt(3))
    dA = UP @ VALUES.T
    dS = A * (dA - with_sum * (A * dA).sum(axis=1, keepdims=True)) / np.sqrt(3)
    return {"Q": dS @ K, "K": dS.T @ Q, "V": A.T @ UP}


QH, K1, V1, UPH = draw(85, (2, 4, 3), (4, 3), (4, 3), (2, 4, 3))


def grouped(Q, K, V):
    """Grouped attention: two heads of queries share their keys and values."""
    outs = []
    for head in range(2):
        scores = Q[head] @ K.T
        e = np.exp(scores)
        p = e / e.sum(axis=1, keepdims=True)
        outs.append(p @ V)
    return np.stack(outs)


def of_grouped(heads):
    """`heads`: the heads whose gradients arrive at the keys and values."""
    found = {"Q": np.zeros_like(QH), "K": np.zeros_like(K1), "V": np.zeros_like(V1)}
    for head in range(2):
        A = softmax(QH[head] @ K1.T)
        dA = UPH[head] @ V1.T
        dS = A * (dA - (A * dA).sum(axis=1, keepdims=True))
        found["Q"][head] = dS @ K1
        if head in heads:
            found["K"] += dS.T @ QH[head]
            found["V"] += A.T @ UPH[head]
    return found


STREAM, A_1, A_2, UP_S = draw(86, (5, 3), (3, 4), (4, 3), (5, 3))


def block(x, W_attn, W_up, W_down):
    residual1 = x + np.tanh(x @ W_attn)
    ffn = np.maximum(0, residual1 @ W_up) @ W_down
    return residual1 + ffn


W_ATTN = draw(87, (3, 3))
BLOCK = {"x": STREAM, "W_attn": W_ATTN, "W_up": A_1, "W_down": A_2}


def of_block(skip):
    """`skip`: how many times the gradient goes past the second part."""
    t = np.tanh(STREAM @ W_ATTN)
    r = STREAM + t
    up = r @ A_1
    dup = UP_S @ A_2.T * (up > 0)
    dr = skip * UP_S + dup @ A_1.T
    dz = dr * (1 - t**2)
    return {
        "x": dr + dz @ W_ATTN.T,
        "W_attn": STREAM.T @ dz,
        "W_up": r.T @ dup,
        "W_down": np.maximum(0, up).T @ UP_S,
    }


P, R = draw(88, (4, 2), (4, 3))
ITEMS = draw(89, (3, 2))
SEEN = np.array([[1, 0, 1], [0, 1, 1], [1, 1, 1], [0, 0, 1]])
RATINGS = {"R": R, "seen": SEEN, "P": P, "Q": ITEMS}


def factors(R, seen, P, Q):
    e = seen * (R - P @ Q.T)
    return 0.5 * np.sum(e**2) + 0.05 * (np.sum(P**2) + np.sum(Q**2))


def of_factors(fault=""):
    dP = -(SEEN * (R - P @ ITEMS.T)) @ ITEMS + 0.1 * P
    dQ = -(SEEN * (R - P @ ITEMS.T)).T @ P + 0.1 * ITEMS
    if fault == "updated":
        dQ = -(SEEN * (R - P @ ITEMS.T)).T @ (P - 0.1 * dP) + 0.1 * ITEMS
    if fault == "once a rating":
        dP += 0.1 * P * (SEEN.sum(axis=1, keepdims=True) - 1)
        dQ += 0.1 * ITEMS * (SEEN.sum(axis=0)[:, None] - 1)
    return {"P": dP, "Q": dQ}


def case(name, where, says, forward, inputs, right, wrong, upstream=None):
    return Mistake(name, GIT + where, forward, inputs, right, wrong, says, upstream)


AGAIN = ("repeat", "last", "add", "more than once", "twice", "ids", "negative")
CASES = [
    case("rows of ids that repeat", "HIPS/autograd/issues/39", AGAIN, lookup, {"table": TABLE, "ids": IDS}, of_lookup,
         lambda: of_lookup(False), UP_ROWS),
    case("words that are drawn twice", "ZacBi/CS224n-2019-solutions/issues/5", AGAIN, negative_sampling,
         {"outside": OUTSIDE, "v": CENTRE, "negative": NEGATIVE}, of_negative_sampling,
         lambda: of_negative_sampling(False)),
    case("a bias's gradient from the weights'", "rust0258/Deeplearning.ai-Natural-Language-Processing-Specialization/"
         "issues/62", ("b2", "bias", "\\bh\\b"), cbow, CBOW, of_cbow, lambda: of_cbow("of the weights")),
    case("no mask for the bias", "amanchadha/coursera-natural-language-processing-specialization/issues/4",
         ("mask", "relu", "slope", "maximum"), cbow, CBOW, of_cbow, lambda: of_cbow("bias")),
    case("relu of the gradient", "FahdSeddik/DeepLearning.AI-Natural-Language-Processing-Specialization/issues/1",
         ("incoming", "mask", "relu", "maximum"), cbow, CBOW, of_cbow, lambda: of_cbow("relu of l1")),
    case("the gradients of keys and values exchanged", "ooples/AiDotNet.Tensors/issues/49",
         ("swap", "exchang", "\\bK\\b", "\\bV\\b"), grouped, {"Q": QH, "K": K1, "V": V1}, lambda: of_grouped((0, 1)),
         lambda: (lambda g: {"Q": g["Q"], "K": g["V"], "V": g["K"]})(of_grouped((0, 1))), UPH),
    case("keys that two heads share learn from one", "marin-community/levanter/pull/449",
         ("head", "p\\(", "\\buse", "alone", "scores", "outs\\[1\\]"), grouped, {"Q": QH, "K": K1, "V": V1},
         lambda: of_grouped((0, 1)),
         lambda: of_grouped((0,)), UPH),
    # published of the softmax alone; here it stands between the scores and the values
    case("softmax's sum left out of attention", "HomericIntelligence/Odyssey/issues/2134",
         ("sum", "Σ", "diagonal"), attention, {"Q": Q, "K": K, "V": VALUES}, of_attention,
         lambda: of_attention(with_sum=False), UP),
    case("the second way around missing", "paiml/entrenar/issues/313", ("residual1",), block, BLOCK,
         lambda: of_block(1), lambda: of_block(0), UP_S),
    case("updated users for the items", "albertauyeung/matrix-factorization-in-python/pull/3",
         ("updated", "P ?[−-]"), factors, RATINGS, of_factors, lambda: of_factors("updated")),
    case("the penalty once a rating", "NicolasHug/Surprise/issues/372",
         ("penalty", "P ?\\*\\* ?2", "Q ?\\*\\* ?2", "row"),
         factors, RATINGS, of_factors, lambda: of_factors("once a rating")),
]  # fmt: skip
