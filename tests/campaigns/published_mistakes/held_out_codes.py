"""Held out from the search: autoencoders, generators, policies, distances."""

import numpy as np

from tests.campaigns.record import case, draw, parted, sigmoid, softmax

# ---- autoencoders

XA, NOISY, WA, BA, CA = draw(807, (6, 4), (6, 4), (4, 4), 4, 4)


def tied_autoencoder(W, b, c):
    h = sigmoid(NOISY @ W + b)
    z = sigmoid(h @ W.T + c)
    return np.mean(np.sum((z - XA) ** 2, axis=1))


def of_tied(fault=""):
    h = sigmoid(NOISY @ WA + BA)
    z = sigmoid(h @ WA.T + CA)
    dz = 2 / 6 * (z - (NOISY if fault == "noisy" else XA)) * z * (1 - z)
    dh = dz @ WA * h * (1 - h)
    decoder = h.T @ dz if fault == "untransposed" else dz.T @ h
    return {"W": NOISY.T @ dh + decoder, "b": dh.sum(axis=0), "c": dz.sum(axis=0)}


# ---- a variational autoencoder, by columns, in a class

XB = (draw(821, (4, 5)) > 0) * 1.0
WE, WMU, WLV, WD, EPS = draw(822, (3, 4), (2, 3), (2, 3), (4, 2), (2, 5))
CODER = {"We": WE, "Wmu": WMU, "Wlv": WLV, "Wd": WD}


class VAE:
    def __init__(self, **params):
        self.params = params
        self.cache = {}

    def forward(self, X):
        p, c = self.params, self.cache
        c["H"] = np.tanh(p["We"] @ X)
        c["mu"], c["logvar"] = p["Wmu"] @ c["H"], p["Wlv"] @ c["H"]
        c["Z"] = c["mu"] + np.exp(0.5 * c["logvar"]) * EPS
        c["Xhat"] = 1 / (1 + np.exp(-p["Wd"] @ c["Z"]))
        return c["Xhat"]

    def loss(self, X):
        m = X.shape[1]
        Xhat = self.forward(X)
        bce = -np.sum(X * np.log(Xhat) + (1 - X) * np.log(1 - Xhat)) / m
        kl = -0.5 * np.sum(1 + self.cache["logvar"] - self.cache["mu"] ** 2 - np.exp(self.cache["logvar"])) / m
        return bce + kl


def vae(We, Wmu, Wlv, Wd):
    return VAE(We=We, Wmu=Wmu, Wlv=Wlv, Wd=Wd).loss(XB)


def of_vae(fault=""):
    H = np.tanh(WE @ XB)
    mu, logvar = WMU @ H, WLV @ H
    Z = mu + np.exp(0.5 * logvar) * EPS
    d = (sigmoid(WD @ Z) - XB) / 5
    dZ, m = WD.T @ d, 1 if fault == "kl summed" else 5
    dmu = dZ + (0 if fault == "no kl at mu" else mu / m)
    dlogvar = dZ * EPS * 0.5 * np.exp(0.5 * logvar) + 0.5 * (np.exp(logvar) - 1) / m
    dH = WMU.T @ dmu + WLV.T @ dlogvar
    return {"We": dH * (1 - H**2) @ XB.T, "Wmu": dmu @ H.T, "Wlv": dlogvar @ H.T, "Wd": d @ Z.T}


# ---- a discriminator on both batches

REAL, FAKE, WD1, WD2 = draw(823, (4, 3), (4, 3), (3, 5), (5, 1))


def discriminate(x, W1, W2):
    h = np.maximum(0.2 * (x @ W1), x @ W1)
    return sigmoid(h @ W2)


def discriminator(W1, W2):
    d_real, d_fake = discriminate(REAL, W1, W2), discriminate(FAKE, W1, W2)
    return -np.mean(np.log(d_real)) - np.mean(np.log(1 - d_fake))


def of_discriminator(fault=""):
    found = {"W1": 0, "W2": 0}
    for x, target in ((REAL, 1), (FAKE, 0)):
        z = x @ WD1
        h = np.maximum(0.2 * z, z)
        d = (sigmoid(h @ WD2) - target) / (8 if fault == "both batches" else 4)
        found["W2"] = found["W2"] + h.T @ d
        found["W1"] = found["W1"] + x.T @ (d @ WD2.T * np.where(z > 0, 1, 0.2))
    return found


# ---- an actor and a critic; a policy in a loop

STATES, WP, WV = draw(824, (5, 3), (3, 2), 3)
ACTIONS, RETURNS = np.array([0, 1, 1, 0, 1]), np.array([1.0, 0.5, -0.3, 0.8, 0.2])


def actor_critic(W, v):
    probs = np.exp(STATES @ W) / np.sum(np.exp(STATES @ W), axis=1, keepdims=True)
    values = STATES @ v
    advantage = RETURNS - values
    actor_loss = -np.mean(np.log(probs[np.arange(5), ACTIONS]) * advantage)
    critic_loss = 0.5 * np.mean(advantage**2)
    return actor_loss + critic_loss


def of_actor_critic(fault=""):
    probs, advantage = softmax(STATES @ WP), RETURNS - STATES @ WV
    d = (probs - np.eye(2)[ACTIONS]) * advantage[:, None] / 5
    dvalues = -advantage / 5
    if fault != "detached":
        dvalues = dvalues + np.log(probs[np.arange(5), ACTIONS]) / 5
    return {"W": STATES.T @ d, "v": STATES.T @ dvalues}


def reinforce_loop(W):
    loss = 0
    for s, a, G in zip(STATES, ACTIONS, RETURNS, strict=True):
        logits = s @ W
        p = np.exp(logits) / np.exp(logits).sum()
        loss -= np.log(p[a]) * G
    return loss


def of_reinforce_loop(fault=""):
    dW = np.zeros_like(WP)
    for s, a, G in zip(STATES, ACTIONS, RETURNS, strict=True):
        d = softmax(s @ WP)
        d[a] -= 1
        if fault == "chosen alone":
            d = d * (np.arange(2) == a)
        dW += np.outer(s, d) * G
    return {"W": dW}


# ---- two branches with shared weights; two heads on one trunk

LEFT, RIGHT, WS, BS = draw(825, (4, 3), (4, 3), (3, 2), 2)
SAME = np.array([1.0, 0, 1, 0])


def embed(x, W, b):
    return np.tanh(x @ W + b)


def siamese(W, b):
    diff = embed(LEFT, W, b) - embed(RIGHT, W, b)
    dist = np.sum(diff**2, axis=1)
    return np.mean(SAME * dist + (1 - SAME) * np.maximum(0, 2 - dist))


def of_siamese(fault=""):
    left, right = np.tanh(LEFT @ WS + BS), np.tanh(RIGHT @ WS + BS)
    dist = np.sum((left - right) ** 2, axis=1)
    ddist = (SAME - (1 - SAME) * (dist < 2)) / 4
    dl = 2 * ddist[:, None] * (left - right) * (1 - left**2)
    dr = -2 * ddist[:, None] * (left - right) * (1 - right**2) * (0 if fault == "left alone" else 1)
    return {"W": LEFT.T @ dl + RIGHT.T @ dr, "b": (dl + dr).sum(axis=0)}


XH, YH, WT, W_CLASS, W_VALUE = draw(826, (5, 3), 5, (3, 4), (4, 2), (4, 1))
CLASSES, ALPHA = [0, 1, 1, 0, 1], 0.3
HEADS = {"W": WT, "Wc": W_CLASS, "Wv": W_VALUE}


def two_heads(W, Wc, Wv):
    h = np.maximum(0, XH @ W)
    logits = h @ Wc
    log_probs = logits - np.log(np.sum(np.exp(logits), axis=1, keepdims=True))
    class_loss = -np.mean(log_probs[np.arange(5), CLASSES])
    value_loss = np.mean((np.squeeze(h @ Wv) - YH) ** 2)
    return class_loss + ALPHA * value_loss


def of_two_heads(fault=""):
    h = np.maximum(0, XH @ WT)
    dc = (softmax(h @ W_CLASS) - np.eye(2)[CLASSES]) / 5
    dv = (1 if fault == "no alpha" else ALPHA) * 2 / 5 * (h @ W_VALUE - YH[:, None])
    dh = dc @ W_CLASS.T + (0 if fault == "class alone" else dv @ W_VALUE.T)
    return {"W": XH.T @ (dh * (h > 0)), "Wc": h.T @ dc, "Wv": h.T @ dv}


# ---- bumps, neighbours

XR, YR, CENTRES, WR = draw(827, (6, 2), 6, (3, 2), 3)
SIGMAS = np.array([0.8, 1.2, 1.5])


def rbf(centres, sigma, w):
    out = []
    for x in XR:
        phi = np.array([np.exp(-np.sum((x - c) ** 2) / (2 * s**2)) for c, s in zip(centres, sigma, strict=True)])
        out.append(np.dot(phi, w))
    return np.mean((np.array(out) - YR) ** 2)


def of_rbf(fault=""):
    dc, ds, dw = np.zeros_like(CENTRES), np.zeros(3), np.zeros(3)
    for x, y in zip(XR, YR, strict=True):
        phi = np.exp(-np.sum((x - CENTRES) ** 2, axis=1) / (2 * SIGMAS**2))
        e = 2 / 6 * (phi @ WR - y)
        dw += e * phi
        dc += (e * WR * phi / SIGMAS**2)[:, None] * ((CENTRES - x) if fault == "sign" else (x - CENTRES))
        ds += e * WR * phi * np.sum((x - CENTRES) ** 2, axis=1) / SIGMAS ** (2 if fault == "square" else 3)
    return {"centres": dc, "sigma": ds, "w": dw}


PT = np.abs(draw(828, (5, 5)))
PT = (PT + PT.T) * (1 - np.eye(5))
PT = PT / PT.sum()
YT = draw(829, (5, 2))


def tsne(Y):
    D = np.sum((Y[:, None, :] - Y[None, :, :]) ** 2, axis=2)
    num = 1 / (1 + D) * (1 - np.eye(5))
    Q = num / np.sum(num)
    return np.sum(PT * np.log((PT + 1e-12) / (Q + 1e-12)))


def of_tsne(fault=""):
    diff = YT[:, None, :] - YT[None, :, :]
    num = 1 / (1 + np.sum(diff**2, axis=2)) * (1 - np.eye(5))
    Q = num / num.sum()
    dQ = -PT / (Q + 1e-12)
    dnum = (dQ - np.sum(dQ * Q)) / num.sum()
    dD = dnum * -num * (1 if fault == "num once" else num)
    return {"Y": 4 * np.sum(((dD + dD.T) / 2)[:, :, None] * diff, axis=1)}


# ---- a linear system, a kernel

A, BV, XK, YK, AK = draw(830, (3, 3), 3, (5, 2), 5, 5)
A = A + 3 * np.eye(3)


def solved(A, b):
    x = np.linalg.solve(A, b)
    return 0.5 * np.sum(x**2)


def of_solved(fault=""):
    x = np.linalg.solve(A, BV)
    gb = np.linalg.solve(A if fault else A.T, x)
    return {"A": -np.outer(gb, x), "b": gb}


K = np.exp(-0.5 * np.sum((XK[:, None] - XK[None]) ** 2, axis=-1))


def kernel_ridge(alpha):
    f = K @ alpha
    return np.sum((f - YK) ** 2) + 0.1 * alpha @ K @ alpha


def of_kernel_ridge(fault=""):
    return {"alpha": 2 * K @ (K @ AK - YK) + 0.2 * (AK if fault else K @ AK)}


CASES, INVENTED = parted([
    case("the decoder's gradient not transposed", "twitter-archive/torch-autograd/issues/165", ("transpos", "W\\.T"),
         tied_autoencoder, {"W": WA, "b": BA, "c": CA}, of_tied, "untransposed"),
    case("the noisy input as the target", "", ("NOISY", "noisy", "XA"), tied_autoencoder, {"W": WA, "b": BA, "c": CA},
         of_tied, "noisy"),
    case("the divergence not divided by m", "", ("kl.*5", "5 .*kl", "m. .*missing.*kl", "kl.*m. .*missing"), vae, CODER,
         of_vae, "kl summed"),
    case("no divergence at mu", "", ("mu.*missing",), vae, CODER, of_vae, "no kl at mu"),
    case("divided by both batches", "", ("1/2", "0\\.5", "half"), discriminator, {"W1": WD1, "W2": WD2},
         of_discriminator, "both batches"),
    case("the advantage as a constant", "keras-team/keras-io/issues/194", ("advantage.*missing",
         "advantage is used 2 times, but only its last"), actor_critic, {"W": WP, "v": WV}, of_actor_critic,
         "detached"),
    case("1 − p for the chosen action alone", "", ("chosen", "diagonal", "as for a sigmoid"), reinforce_loop, {"W": WP},
         of_reinforce_loop, "chosen alone"),
    case("the second branch of a pair forgotten", "Samsung/ONE/issues/12564", ("first use", "(second|last) call"),
         siamese, {"W": WS, "b": BS}, of_siamese, "left alone"),
    case("the trunk learns from one head", "PaddlePaddle/Paddle/issues/1805", ("h is used 2 times, but only",
         "h.*(value|@ Wv).*missing", "Wv.*missing"), two_heads, HEADS, of_two_heads, "class alone"),
    case("no alpha of a second cost", "", ("ALPHA", "0\\.3"), two_heads, HEADS, of_two_heads, "no alpha"),
    case("centres pushed away", "", ("sign",), rbf, {"centres": CENTRES, "sigma": SIGMAS, "w": WR}, of_rbf, "sign"),
    case("σ² for σ³ of a bump", "", ("σ³", "cube", "missing"), rbf, {"centres": CENTRES, "sigma": SIGMAS, "w": WR},
         of_rbf, "square"),
    case("1/(1 + d²) once", "RubixML/ML/pull/421", ("1 \\+ D", "num", "1/x²"), tsne, {"Y": YT}, of_tsne, "num once"),
    case("A for its transpose in a linear system", "HIPS/autograd/pull/23", ("transpose",), solved, {"A": A, "b": BV},
         of_solved, "A"),
    case("a kernel's penalty without the kernel", "", ("\\bK\\b",), kernel_ridge, {"alpha": AK}, of_kernel_ridge,
         "no K"),
])  # fmt: skip
