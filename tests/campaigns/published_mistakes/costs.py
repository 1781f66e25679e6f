"""Mistakes in costs: Huber, likelihoods, divergences, triplets, focal loss, and dropout beside them."""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw, sigmoid, softmax

A, B, G = draw(91, (5, 3), (5, 3), 5)
MEAN, LOG_VAR, X = draw(92, (4, 3), (4, 3), (4, 3))
ANCHOR, POS, NEG = draw(93, (5, 4), (5, 4), (5, 4))
LOGITS, LABELS = draw(94, 7), np.array([0, 1, 1, 0, 1, 0, 0])


def huber(x, t):
    delta = 0.8
    diff = x - t
    small = np.abs(diff) <= delta
    y = np.where(small, 0.5 * diff**2, delta * (np.abs(diff) - 0.5 * delta))
    return y.sum(axis=1)


def of_huber(gy):
    g = gy * np.clip(A - B, -0.8, 0.8)
    return {"x": g, "t": -g}


def gaussian_nll(x, mean, log_var):
    error = (x - mean) ** 2 / (2 * np.exp(log_var))
    return np.sum(0.5 * (np.log(2 * np.pi) + log_var) + error)


def of_gaussian(constant):
    d = X - MEAN
    return {"mean": -d / np.exp(LOG_VAR), "log_var": constant - d**2 / (2 * np.exp(LOG_VAR))}


def categorical_kl(logits):
    """The KL divergence from the uniform distribution over k classes."""
    k = logits.shape[1]
    e = np.exp(logits)
    q = e / e.sum(axis=1, keepdims=True)
    return np.sum(q * (np.log(q) - np.log(1 / k)))


def of_kl(sign):
    q = softmax(A)
    g = np.log(q) + 1 - np.log(1 / 3)
    return {"logits": sign * q * (g - (g * q).sum(axis=1, keepdims=True))}


def triplet(anchor, positive, negative):
    d_pos = np.sum((anchor - positive) ** 2, axis=1)
    d_neg = np.sum((anchor - negative) ** 2, axis=1)
    return np.sum(np.maximum(0, d_pos - d_neg + 2.0)) / len(anchor)


def dot_triplet(anchor, positive, negative):
    close = np.sum(anchor * positive, axis=1)
    far = np.sum(anchor * negative, axis=1)
    return np.sum(np.maximum(0, far - close + 2.0)) / len(anchor)


def of_triplet(factor):
    on = np.sum((ANCHOR - POS) ** 2 - (ANCHOR - NEG) ** 2, axis=1) + 2 > 0
    on = factor * on[:, None] / 5
    return {"anchor": on * (NEG - POS), "positive": on * (POS - ANCHOR), "negative": on * (ANCHOR - NEG)}


def of_dot_triplet(as_distances):
    on = (np.sum(ANCHOR * (NEG - POS), axis=1) + 2 > 0)[:, None] / 5
    if as_distances:
        return {"anchor": on * (NEG - POS), "positive": on * (POS - ANCHOR), "negative": on * (ANCHOR - NEG)}
    return {"anchor": on * (NEG - POS), "positive": -on * ANCHOR, "negative": on * ANCHOR}


SAME = np.array([1, 0, 0, 1, 0])


def contrastive(a, b, same):
    """The contrastive loss with a margin for the squared distance, as an old version has it."""
    diff = a - b
    dist_sq = np.sum(diff**2, axis=1)
    return np.sum(np.where(same == 1, dist_sq, np.maximum(0, 12.0 - dist_sq))) / (2 * len(a))


def of_contrastive(has_diff=True):
    """`has_diff`: whether dissimilar pairs are moved along their difference."""
    diff = ANCHOR - NEG
    near = np.sum(diff**2, axis=1, keepdims=True) < 12
    apart = near * (-diff if has_diff else -np.ones_like(diff))
    g = np.where(SAME[:, None] == 1, diff, apart) / 5
    return {"a": g, "b": -g}


def focal(z, y):
    p = sigmoid(z)
    pt = np.where(y == 1, p, 1 - p)
    return -np.sum((1 - pt) ** 2 * np.log(pt))


def of_focal(weight_learns=True, sign=1):
    p = sigmoid(LOGITS)
    pt = np.where(LABELS == 1, p, 1 - p)
    dpt = -((1 - pt) ** 2) / pt + weight_learns * 2 * (1 - pt) * np.log(pt)
    return {"z": sign * dpt * p * (1 - p) * np.where(LABELS == 1, 1, -1)}


KEEP = 0.8
D1 = draw(95, (4, 6)) < KEEP
W, H, UP = draw(96, (3, 4), (4, 6), (3, 6))
H[0, 1] = 0.0


def dropout(H, W):
    A1 = np.tanh(H)
    A1 = A1 * D1 / KEEP
    return W @ A1


def of_dropout(mask):
    A1 = np.tanh(H)
    return {"H": W.T @ UP * mask * (1 - A1**2), "W": UP @ (A1 * D1 / KEEP).T}


MASK = np.where(draw(97, (4, 6)) > -0.5, 1.6, 0.0)
MASK[0, 1] = 0.0
UP_H = draw(98, (4, 6))


def dropout_layer(x):
    return x * MASK


def by_ratio():
    """The gradient if the ratio of output to input is used as the dropout mask; it is 1 where the input is 0."""
    out = H * MASK
    ratio = np.ones_like(H)
    np.divide(out, H, out=ratio, where=H != 0)
    return {"x": ratio * UP_H}


def case(name, source, says, forward, inputs, right, wrong, upstream=None):
    return Mistake(name, source, forward, inputs, right, wrong, says, upstream)


TRIPLE = {"anchor": ANCHOR, "positive": POS, "negative": NEG}
HALF = ("½", "0\\.5", "half", "1/2", "factor 2")
SIGN = ("−1", "-1", "sign")
DROP = {"H": H, "W": W}
FORUM = "https://community.deeplearning.ai/t/"
CASES = [
    case("Huber's gradient without what comes in", GIT + "chainer/chainer/pull/1178", ("upstream", "incoming", "ones"),
         huber, {"x": A, "t": B}, lambda: of_huber(G[:, None]), lambda: of_huber(1), G),
    case("half of the constant for the log variance", GIT + "y0ast/VAE-Torch/pull/5", (*HALF, "log_var"),
         gaussian_nll, {"x": X, "mean": MEAN, "log_var": LOG_VAR}, lambda: of_gaussian(0.5),
         lambda: of_gaussian(0.25)),
    case("a divergence's gradient reversed", GIT + "Kaixhin/Autoencoders/issues/9", SIGN, categorical_kl, {"logits": A},
         lambda: of_kl(1), lambda: of_kl(-1)),
    case("no 2 of squared distances", GIT + "xiaolonw/caffe-video_triplet/issues/2", HALF, triplet, TRIPLE,
         lambda: of_triplet(2), lambda: of_triplet(1)),
    case("gradients of distances for products", GIT + "luhaofang/tripletloss/issues/41", ("positive", "negative"),
         dot_triplet, TRIPLE, lambda: of_dot_triplet(False), lambda: of_dot_triplet(True)),
    case("dissimilar pairs moved by a constant", GIT + "BVLC/caffe/pull/7100", ("diff", "slope"), contrastive,
         {"a": ANCHOR, "b": NEG, "same": SAME}, of_contrastive, lambda: of_contrastive(has_diff=False)),
    case("the focal weight detached", GIT + "clcarwin/focal_loss_pytorch/issues/5", ("\\bpt\\b",), focal,
         {"z": LOGITS, "y": LABELS}, of_focal, lambda: of_focal(weight_learns=False)),
    case("the focal loss climbs", GIT + "jsboige/CoursIA/pull/16165", SIGN, focal, {"z": LOGITS, "y": LABELS}, of_focal,
         lambda: of_focal(sign=-1)),
    case("dropout multiplied by keep_prob", "https://huggingface.co/datasets/nvidia/Nemotron-CC-Math-v1: "
         "Regularization: the backpropagation with dropout", ("0\\.64", "KEEP", "D1", "keep"), dropout, DROP,
         lambda: of_dropout(D1 / KEEP), lambda: of_dropout(D1 * KEEP), UP),
    case("dropout not applied again", FORUM + "backward-propagation-with-dropout/8920", ("D1", "mask", "KEEP"), dropout,
         DROP, lambda: of_dropout(D1 / KEEP), lambda: of_dropout(1), UP),
    case("dropout's mask, and not its scale", FORUM + "gradients-with-dropout/399291", ("0\\.8", "KEEP", "D1", "keep"),
         dropout, DROP, lambda: of_dropout(D1 / KEEP), lambda: of_dropout(D1), UP),
    case("dropout's mask from output over input", GIT + "kaldi-asr/kaldi/issues/3890", ("MASK", "mask", "\\[0, 1\\]"),
         dropout_layer, {"x": H}, lambda: {"x": UP_H * MASK}, by_ratio, UP_H),
]  # fmt: skip
