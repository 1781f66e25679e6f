"""Held out from the search: layers as classes and loops of beginners' networks for images and sentences."""

import numpy as np

from tests.campaigns.record import case, draw, softmax

IMAGE, FILTERS, WEIGHTS, BIASES, LABEL = *draw(861, (6, 6), (2, 3, 3), (8, 3), 3), 1
ZHOU = {"image": IMAGE, "filters": FILTERS, "weights": WEIGHTS, "biases": BIASES}


class Conv3x3:
    """A convolution with filters of size 3 × 3, without padding."""

    def iterate_regions(self, image):
        h, w = image.shape
        for i in range(h - 2):
            for j in range(w - 2):
                yield image[i : i + 3, j : j + 3], i, j

    def forward(self, image, filters):
        h, w = image.shape
        output = np.zeros_like(image, shape=(h - 2, w - 2, 2))
        for im_region, i, j in self.iterate_regions(image):
            output[i, j] = np.sum(im_region * filters, axis=(1, 2))
        return output


class MaxPool2:
    def forward(self, x):
        h, w, f = x.shape
        output = np.zeros_like(x, shape=(h // 2, w // 2, f))
        for i in range(h // 2):
            for j in range(w // 2):
                output[i, j] = np.amax(x[i * 2 : i * 2 + 2, j * 2 : j * 2 + 2], axis=(0, 1))
        return output


def small_cnn(image, filters, weights, biases):
    out = Conv3x3().forward(image, filters)
    out = MaxPool2().forward(out)
    flat = out.flatten()
    totals = np.dot(flat, weights) + biases
    exp = np.exp(totals)
    probs = exp / np.sum(exp, axis=0)
    return -np.log(probs[LABEL])


def train_small(fault=""):
    out = np.zeros((4, 4, 2))
    for i in range(4):
        for j in range(4):
            out[i, j] = np.sum(IMAGE[i : i + 3, j : j + 3] * FILTERS, axis=(1, 2))
    pooled = out.reshape(2, 2, 2, 2, 2).max(axis=(1, 3))
    flat = pooled.flatten()
    t_exp = np.exp(flat @ WEIGHTS + BIASES)
    S = np.sum(t_exp)
    gradient = -S / t_exp[LABEL]
    d_out_d_t = -t_exp[LABEL] * t_exp / (S if fault == "S" else S**2)
    d_out_d_t[LABEL] = t_exp[LABEL] * (S - t_exp[LABEL]) / (S if fault == "S" else S**2)
    if fault == "no own":
        d_out_d_t[LABEL] = -(t_exp[LABEL] ** 2) / S**2
    if fault == "sign":
        d_out_d_t = np.abs(d_out_d_t)
    if fault == "own alone":
        d_out_d_t = np.where(np.arange(3) == LABEL, d_out_d_t, 0.0)
    d_L_d_t = gradient * d_out_d_t
    if fault == "log":
        d_L_d_t = -d_out_d_t
    d_flat = (WEIGHTS @ d_L_d_t).reshape(pooled.shape)
    d_pool = np.zeros_like(out)
    for i in range(2):
        for j in range(2):
            region = out[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
            at = np.s_[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
            mask = region == region.max(axis=(0, 1))
            if fault == "max of all":
                mask = region == region.max()
            if fault == "pool":
                mask = np.ones_like(region)
            d_pool[at] = mask * d_flat[i, j]
    d_filters, d_image = np.zeros_like(FILTERS), np.zeros_like(IMAGE)
    for i in range(4):
        for j in range(4):
            for f in range(2):
                piece = d_pool[i, j, f] * IMAGE[i : i + 3, j : j + 3]
                d_filters[f] = piece if fault == "set" else d_filters[f] + piece
                d_image[i : i + 3, j : j + 3] += d_pool[i, j, f] * FILTERS[f]
    d_weights = np.outer(flat, d_L_d_t)
    return {"image": d_image, "filters": d_filters, "weights": d_weights, "biases": d_L_d_t}


SAMPLES, W1, B1, W2, B2 = draw(862, (5, 2), (2, 4), (1, 4), (4, 3), (1, 3))
TRUE = np.array([0, 2, 1, 1, 0])
NNFS = {"X": SAMPLES, "w1": W1, "b1": B1, "w2": W2, "b2": B2}
KEEP = np.array([[1, 0, 1, 1], [1, 1, 1, 0], [0, 1, 1, 1], [1, 1, 0, 1], [1, 1, 1, 1]]) / 0.8


class Dense:
    def __init__(self, weights, biases):
        self.weights, self.biases = weights, biases

    def forward(self, inputs):
        self.output = np.dot(inputs, self.weights) + self.biases
        return self.output


def nnfs(X, w1, b1, w2, b2):
    dense1, dense2 = Dense(w1, b1), Dense(w2, b2)
    dropped = np.maximum(0, dense1.forward(X)) * KEEP
    exp_values = np.exp(dense2.forward(dropped) - np.max(dense2.output, axis=1, keepdims=True))
    probabilities = exp_values / np.sum(exp_values, axis=1, keepdims=True)
    clipped = np.clip(probabilities, 1e-7, 1 - 1e-7)
    negative_log_likelihoods = -np.log(clipped[range(5), TRUE])
    return np.mean(negative_log_likelihoods) + 0.01 * np.sum(w1 * w1) + 0.01 * np.sum(np.abs(w2))


def train_nnfs(fault=""):
    z1 = SAMPLES @ W1 + B1
    dropped = np.maximum(0, z1) * KEEP
    p = softmax(dropped @ W2 + B2)
    dvalues = -np.eye(3)[TRUE] / p / (1 if fault == "samples" else 5)
    dinputs = np.empty_like(p)
    for index, (single, single_dvalues) in enumerate(zip(p, dvalues, strict=True)):
        s = single.reshape(-1, 1)
        jacobian = np.diagflat(s) + np.dot(s, s.T) if fault == "plus" else np.diagflat(s) - np.dot(s, s.T)
        if fault == "diagonal":
            jacobian = np.diagflat(s)
        if fault == "identity":
            jacobian = np.eye(3) - np.dot(s, s.T)
        dinputs[index] = jacobian @ single_dvalues
    if fault == "samples twice":
        dinputs = dinputs / 5
    dw2 = dropped.T @ dinputs + (0 if fault == "l1" else 0.01 * (W2 if fault == "l1 as l2" else np.sign(W2)))
    dw1_back = dinputs @ W2.T
    masked = dw1_back * (KEEP > 0) if fault == "scale" else dw1_back if fault == "dropout" else dw1_back * KEEP
    dz1 = masked.copy()
    dz1[z1 <= 0] = 0
    if fault == "drelu":
        dz1 = np.where(masked <= 0, 0, masked)
    dw1 = SAMPLES.T @ dz1 + (1 if fault == "l2 without 2" else 2) * 0.01 * W1
    return {
        "X": dz1 @ W1.T,
        "w1": dw1,
        "b1": dz1.sum(axis=0, keepdims=True),
        "w2": dw2,
        "b2": dinputs.sum(axis=0, keepdims=True),
    }


WORDS, EMB, KER, OUT, DC = np.array([[3, 1, 4, 1, 5], [2, 6, 5, 3, 5]]), *draw(863, (7, 3), (2, 3, 4), (4, 2), (2, 2))
KIM = {"E": EMB, "K": KER, "W": OUT}


def sentence_cnn(E, K, W):
    """A convolution over the words, relu, and the maximum over all places."""
    x = E[WORDS]
    windows = np.stack([x[:, t : t + 2] for t in range(4)], axis=1)
    c = np.maximum(0, np.tensordot(windows, K, axes=([2, 3], [0, 1])))
    pooled = c.max(axis=1)
    return pooled @ W


def of_sentence(fault=""):
    x = EMB[WORDS]
    windows = np.stack([x[:, t : t + 2] for t in range(4)], axis=1)
    c = np.maximum(0, np.einsum("btkd,kdf->btf", windows, KER))
    pooled = c.max(axis=1)
    d = DC @ OUT.T
    dc = (c == c.max(axis=1, keepdims=True)) * d[:, None, :]
    if fault == "all places":
        dc = np.broadcast_to(d[:, None, :], c.shape)
    if fault == "one place":
        dc = (np.arange(4)[None, :, None] == c.sum(axis=2).argmax(axis=1)[:, None, None]) * d[:, None, :]
    dc = dc * (c > 0)
    dx, dE = np.zeros_like(x), np.zeros_like(EMB)
    for t in range(4):
        piece = np.einsum("bf,kdf->bkd", dc[:, t], KER[::-1] if fault == "order" else KER)
        if fault == "set":
            dx[:, t : t + 2] = piece
        else:
            dx[:, t : t + 2] += piece
    if fault == "E set":
        dE[WORDS] = dx
    else:
        np.add.at(dE, WORDS, dx)
    return {"E": dE, "K": np.einsum("btkd,btf->kdf", windows, dc), "W": pooled.T @ DC}


BAGS, TABLE, DENSE, WANT = [[1, 2], [0, 3, 3, 4], [2]], *draw(864, (5, 3), (3, 2), (3, 2))
FAST = {"E": TABLE, "W": DENSE}


def fast_text(E, W):
    loss = 0.0
    for bag, want in zip(BAGS, WANT, strict=True):
        h = E[bag].mean(axis=0)
        loss = loss + np.sum((h @ W - want) ** 2)
    return loss


def of_bags(fault=""):
    dE, dW = np.zeros_like(TABLE), np.zeros_like(DENSE)
    for bag, want in zip(BAGS, WANT, strict=True):
        h = TABLE[bag].mean(axis=0)
        d = 2 * (h @ DENSE - want)
        if fault == "sum in dW":
            h = TABLE[bag].sum(axis=0)
        dW += np.outer(h, d)
        dh = DENSE @ d / (1 if fault == "whole" else 5 if fault == "vocabulary" else len(bag))
        if fault == "+=":
            dE[bag] += dh
        else:
            np.add.at(dE, bag, dh)
    return {"E": dE, "W": dW}


def small(name, where, says, fault):
    return case(name, where, says, small_cnn, ZHOU, train_small, fault)


def book(name, where, says, fault):
    return case(name, where, says, nnfs, NNFS, train_nnfs, fault)


SOFTMAX = ("softmax", "probs", "sum", "exp")
ALBIRUNI = "mashmawy/AlbiruniML/issues/2"
PULL_30 = "JohnMachado11/Neural-Networks-from-Scratch-in-Python/pull/30"
REPEATS = ("add", "last", "once", "several", "repeat", "set")
CASES = [
    small("S for S²", "pocketpy/cTensor/pull/31", (*SOFTMAX, "times"), "S"),
    small("the label's own slope forgotten", "pocketpy/cTensor/pull/31", SOFTMAX, "no own"),
    small("signs lost in softmax's slope", "RoboticsClubIITJ/ML-DL-implementation/pull/153", SOFTMAX, "sign"),
    small("the label's own slope alone", "RoboticsClubIITJ/ML-DL-implementation/pull/153", SOFTMAX, "own alone"),
    small("no slope of the logarithm", "karpathy/micrograd/pull/100", ("log", "slope", "probs"), "log"),
    small("the largest of all filters", "riccardoandreoni0/CNN-from-scratch/issues/1", ("max", "amax", "largest",
          "axis"), "max of all"),
    small("pooling passes everything back", ALBIRUNI, ("max", "mask", "every", "all"), "pool"),
    small("the filters learn from the last region", "riccardoandreoni0/CNN-from-scratch/issues/1", ("last", "add",
          "set", "alone", "one"), "set"),
    book("plus for minus in the Jacobian", "RoboticsClubIITJ/ML-DL-implementation/pull/153", ("add", "sign", "plus"),
         "plus"),
    book("the Jacobian's diagonal alone", "pocketpy/cTensor/pull/31", ("sum", "diagonal", "softmax"), "diagonal"),
    book("the identity for the diagonal of p", "wkcn/mobula/issues/3", ("softmax", "probabilities"), "identity"),
    book("not divided by the samples", "Kulbear/deep-learning-coursera/pull/34", ("mean", "\\b5\\b"), "samples"),
    book("divided by the samples twice", "markroxor/fromscratchtoml/issues/65", ("mean", "1/5", "0\\.2"),
         "samples twice"),
    book("the penalty of |w| forgotten", PULL_30, ("abs|penalty|w2",), "l1"),
    book("the penalty of |w| as of its square", PULL_30, ("sign|abs|w2",), "l1 as l2"),
    book("the 2 of the penalty forgotten", PULL_30, ("½|0\\.5|1/2|half|penalty|w1",), "l2 without 2"),
    book("dropout without its scale", "NVIDIA/apex/pull/816", ("KEEP|mask|0\\.8|1\\.25|factor",), "scale"),
    book("no dropout on the way back", "ddbourgin/numpy-ml/issues/94", ("KEEP",), "dropout"),
    book("relu's mask by the gradient", PULL_30, ("mask|relu|gradient|maximum",), "drelu"),
    case("every place gets the maximum's gradient", "BVLC/caffe/pull/162", ("mask|max|every|all",), sentence_cnn, KIM,
         of_sentence, "all places", DC),
    case("kernels in reverse order back to the words", "nntrainer/nntrainer/issues/705", ("revers|order",),
         sentence_cnn, KIM, of_sentence, "order", DC),
    case("overlapping windows of words set", "0809zheng/CS231n-assignment2019/issues/19", REPEATS, sentence_cnn, KIM,
         of_sentence, "set", DC),
    case("words' gradients set", "tenstorrent/tt-metal/issues/6232", REPEATS, sentence_cnn, KIM, of_sentence, "E set",
         DC),
    case("a bag's gradient whole to each word", "pytorch/pytorch/issues/190063", ("mean|path|divi|times",), fast_text,
         FAST, of_bags, "whole"),
    case("a bag divided by the vocabulary", "pytorch/pytorch/issues/190063", ("mean|5|divi",), fast_text, FAST, of_bags,
         "vocabulary"),
    case("a word twice in a bag", "karpathy/nn-zero-to-hero/issues/57", REPEATS, fast_text, FAST, of_bags, "+="),
    case("the sum of a bag for its mean", "pytorch/pytorch/issues/190063", ("mean|sum|\\bh\\b|\\bh\\(",), fast_text,
         FAST, of_bags, "sum in dW"),
]  # fmt: skip
