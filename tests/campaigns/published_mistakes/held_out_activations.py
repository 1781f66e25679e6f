"""Held out from the search: activations, gates, and single operations."""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw, sigmoid

X, G = draw(211, (4, 5), (4, 5))


def softplus(x):
    return np.log(1 + np.exp(x))


def elu(x):
    return np.where(x > 0, x, np.exp(x) - 1)


def elu_alpha(x):
    alpha = 1.5
    return np.where(x > 0, x, alpha * (np.exp(x) - 1))


def selu(x):
    lam, alpha = 1.0507, 1.67326
    return np.where(x > 0, lam * x, lam * alpha * (np.exp(x) - 1))


def leaky_relu(x):
    alpha = 0.2
    return np.where(x >= 0, x, alpha * x)


def swish(x):
    return x * sigmoid(x)


def gelu(x):
    u = np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)
    t = np.tanh(u)
    return 0.5 * x * (1 + t)


def of_gelu(fault=""):
    t = np.tanh(np.sqrt(2 / np.pi) * (X + 0.044715 * X**3))
    inner = np.sqrt(2 / np.pi) * (1 if fault == "inner" else 1 + 3 * 0.044715 * X**2)
    return 0.5 * (1 + t) + (0 if fault == "product" else 0.5 * X * (1 - t**2) * inner)


def ramp(x):
    w = 1.5
    return np.where(x < -w, 0.0, np.where(x > w, 1.0, 0.5 * (x / w + 1)))


def cube(x):
    return x**3


def mish(x):
    sp = np.log(1 + np.exp(x))
    return x * np.tanh(sp)


def of_mish(with_chain=True):
    t = np.tanh(softplus(X))
    return t + X * (1 - t**2) * (sigmoid(X) if with_chain else 1)


SWISH = swish(X)
BETA = draw(212, 5)


def swish_beta(x, beta):
    s = sigmoid(beta * x)
    return x * s


def of_swish_beta(fault=""):
    s = sigmoid(BETA * X)
    dbeta = (G * X * (1 if fault == "slope" else X * s * (1 - s))).sum(axis=0)
    if fault == "all":
        dbeta = np.full(5, dbeta.sum())
    return {"x": G * (s + BETA * X * s * (1 - s)), "beta": dbeta}


ALPHA = np.array([0.3, -0.4, 0.2, -0.1, -0.25])


def prelu(x, alpha):
    return np.where(x > 0, x, alpha * x)


def of_prelu(fault=""):
    out = np.where(X > 0, X, ALPHA * X)
    by_x, by_alpha = X > 0, X <= 0
    if "dx" in fault:
        by_x = out > 0
    if "dalpha" in fault:
        by_alpha = out <= 0
    if "positive" in fault:
        by_alpha = X > 0
    return {"x": G * np.where(by_x, 1, ALPHA), "alpha": (G * X * by_alpha).sum(axis=0)}


E, UP_PROJ = draw(213, (4, 5), (4, 5))


def gated(e, g):
    f = e * sigmoid(e)
    return f * g


def of_gated(fault=""):
    s = sigmoid(E)
    de = G * UP_PROJ * (s if "product" in fault else s + E * s * (1 - s))
    dg = G * E * s
    if "no up" in fault:
        de = de / UP_PROJ
    return {"e": dg, "g": de} if "swapped" in fault else {"e": de, "g": dg}


A, B = draw(214, (3, 4), (3, 4))
B = np.abs(B) + 0.5
UP_Q = draw(215, (3, 4))


def quotient(a, b):
    return a / b


def of_quotient(power=2, sign=-1):
    return {"a": UP_Q / B, "b": sign * UP_Q * A / B**power}


def layer(name, where, says, forward, right, wrong):
    return Mistake(name, GIT + where, forward, {"x": X}, lambda: {"x": G * right}, lambda: {"x": G * wrong}, says, G)


def case(name, where, says, forward, inputs, right, wrong, upstream=G):
    return Mistake(name, GIT + where, forward, inputs, right, wrong, says, upstream)


IN_OUT = ("output", "input", "at x", "of x", "slope")
SX, SB, SP, SG = {"x": X}, {"x": X, "beta": BETA}, {"x": X, "alpha": ALPHA}, {"e": E, "g": UP_PROJ}
CASES = [
    layer("softplus's slope at its output", "zserge/nanonn/issues/4", ("output", "log", "slope", "softplus"), softplus,
          sigmoid(X), sigmoid(softplus(X))),
    layer("x + 1 for ELU's exp(x)", "hughperkins/DeepCL/issues/46", ("exp", *IN_OUT), elu,
          np.where(X > 0, 1, np.exp(X)), np.where(X > 0, 1, X + 1)),
    layer("ELU's slope without alpha", "ai-on-browser/ai-on-browser.github.io/issues/773",
          ("1\\.5", "alpha", "⅔", "2/3", "0\\.66", "factor"), elu_alpha, np.where(X > 0, 1, 1.5 * np.exp(X)),
          np.where(X > 0, 1, np.exp(X))),
    layer("SELU's λ missing above 0", "GiorgosXou/NeuralNetworks/issues/51", ("1\\.05", "lam", "λ", "factor"), selu,
          np.where(X > 0, 1.0507, 1.0507 * 1.67326 * np.exp(X)), np.where(X > 0, 1, 1.0507 * 1.67326 * np.exp(X))),
    layer("αx for α", "RoboticsClubIITJ/ML-DL-implementation/pull/126", ("alpha", "0\\.2", "\\bx\\b", "slope", "value"),
          leaky_relu, np.where(X >= 0, 1, 0.2), np.where(X >= 0, 1, 0.2 * X)),
    layer("swish's input for its output", "pjreddie/darknet/pull/252", ("output", "input", "\\bx\\b"), swish,
          SWISH + sigmoid(X) * (1 - SWISH), X + sigmoid(X) * (1 - X)),
    layer("swish's first term alone", "deeplearning4j/nd4j/pull/2194", ("path", "sigmoid", "missing", "product"), swish,
          SWISH + sigmoid(X) * (1 - SWISH), sigmoid(X)),
    layer("GELU without x φ(x)", "tenstorrent/tt-metal/issues/35971", ("path", "\\bt\\b", "\\bu\\b", "tanh", "missing"),
          gelu, of_gelu(), of_gelu("product")),
    layer("GELU without the slope of the cube", "Oneflow-Inc/oneflow/pull/8693", ("path", "\\*\\* ?3", "x³", "0\\.0447",
          "cube"), gelu, of_gelu(), of_gelu("inner")),
    layer("mish without softplus's slope", "mlpack/mlpack/pull/1540", ("exp", "log", "softplus", "slope", "\\bsp\\b"),
          mish, of_mish(), of_mish(with_chain=False)),
    layer("1/w for 1/(2w)", "fangwei123456/spikingjelly/pull/413", ("2 times", "twice", "× 2", "0\\.5", "½",
          "factor 2"), ramp, (np.abs(X) < 1.5) / 3.0, (np.abs(X) < 1.5) / 1.5),
    layer("relu's gradient for a power's", "ahrefs/ocannl/issues/73", ("relu", "\\*\\*", "power", "slope"), cube,
          3 * X**2, X > 0),
    case("swish's β without the slope of σ", "RubixML/ML/pull/437", ("σ′", "slope", "sigmoid", "beta"), swish_beta, SB,
         of_swish_beta, lambda: of_swish_beta("slope")),
    case("β of each column gets the sum of all", "tensorflow/tensorflow/issues/127690", ("axis", "over everything",
         "all", "sum", "columns"), swish_beta, SB, of_swish_beta, lambda: of_swish_beta("all")),
    case("PReLU's slope by the sign of its output", "apache/mxnet/pull/3277", ("output", "mask", "sign", "slope",
         "where"), prelu, SP, of_prelu, lambda: of_prelu("dx")),
    case("α's mask by the sign of the output", "PaddlePaddle/Paddle/pull/12538", ("output", "mask", "sign", "where"),
         prelu, SP, of_prelu, lambda: of_prelu("dalpha")),
    case("α learns from the positive side", "tensorflow/tfjs/issues/1072", ("mask", "where", "branch", "side", "x > 0",
         "other"), prelu, SP, of_prelu, lambda: of_prelu("positive")),
    case("the two gradients of SwiGLU exchanged", "unslothai/unsloth/issues/3314", ("swap", "exchang", "each other"),
         gated, SG, of_gated, lambda: of_gated("swapped")),
    case("swish's first term alone at the gate", "nntrainer/nntrainer/pull/3847", ("path", "sigmoid", "missing",
         "product"), gated, SG, of_gated, lambda: of_gated("product")),
    case("swish's first term alone, and without the other factor", "nntrainer/nntrainer/pull/3847",
         ("(\\bg\\b).*(path|sigmoid)", "(path|sigmoid).*(\\bg\\b)"), gated, SG, of_gated,
         lambda: of_gated("product no up")),
    case("a/b for a/b²", "tqchen/tinyflow/pull/20", ("square", "b²", "\\*\\* ?2", "slope", "\\bb\\b"), quotient,
         {"a": A, "b": B}, of_quotient, lambda: of_quotient(power=1), UP_Q),
    case("no minus in a quotient", "tobegit3hub/miniflow/issues/3", ("sign", "−1", "-1"), quotient,
         {"a": A, "b": B}, of_quotient, lambda: of_quotient(sign=1), UP_Q),
]  # fmt: skip
