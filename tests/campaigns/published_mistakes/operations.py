"""Mistakes in single operations of engines that users wrote, in kernels, and in a differential equation."""

from itertools import pairwise

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw

A, B, G = draw(101, (4, 4), (4, 4), (4, 4))
X, U = draw(102, (5, 3), 5)
a, b, c = draw(103, 4, 4, 4)
CENTRES, POINTS, EPSILON, OUT = draw(104, (3, 2), (6, 2), 3, (6, 3))
EPSILON = np.abs(EPSILON)


def product(A, B):
    return A @ B


def of_product(dC=G):
    return {"A": dC @ B.T, "B": A.T @ dC}


def difference(a, b):
    d = a - b
    return np.sum(d**2)


def two_uses(a, b, c):
    left = a * b
    right = a * c
    return np.sum(left + right)


def reused(x):
    """The engine passes the gradient of `doubled` back at each of its uses, so that the first part is passed twice."""
    doubled = 2 * x
    return np.sum(doubled * x + doubled**2)


def row_means(x):
    return x.mean(axis=1)


def centred(x):
    return x - x.mean()


def rbf(x, centres, epsilon):
    diff = x[:, None, :] - centres
    r2 = np.sum(diff**2, axis=2)
    return np.exp(-epsilon * r2)


def of_rbf(widths=EPSILON):
    """`widths`: the widths in the gradient."""
    diff = POINTS[:, None, :] - CENTRES
    r2 = np.sum(diff**2, axis=2)
    g = OUT * np.exp(-EPSILON * r2)
    back = -2 * (g * widths)[:, :, None] * diff
    return {"x": back.sum(axis=1), "centres": -back.sum(axis=0), "epsilon": (-g * r2).sum(axis=0)}


LENGTHS, UP_K = np.array([0.7, 1.6, 2.3]), draw(106, (5, 5))


def kernel(x, length_scale):
    scaled = (x[:, None, :] - x[None, :, :]) / length_scale
    return np.exp(-0.5 * np.sum(scaled**2, axis=2))


def of_kernel(power):
    """`power`: the power of the length in the denominator; 2 gives the gradient by the length's logarithm."""
    d2 = (X[:, None, :] - X[None, :, :]) ** 2
    k = np.exp(-0.5 * np.sum(d2 / LENGTHS**2, axis=2))
    return {"length_scale": np.sum((UP_K * k)[:, :, None] * d2 / LENGTHS**power, axis=(0, 1))}


START, RATE = draw(107, 3, 1)


def euler(y0, k):
    """The sum of a state over its path, including the start."""
    dt = 0.2
    y = y0
    total = np.sum(y0**2)
    for _ in range(4):
        y = y + dt * k * np.sin(y)
        total = total + np.sum(y**2)
    return total


def of_euler(from_start=True):
    """`from_start`: whether the first state's own part of the cost counts."""
    path = [START]
    for _ in range(4):
        path.append(path[-1] + 0.2 * RATE * np.sin(path[-1]))
    g, dk = np.zeros(3), 0.0
    for y, after in reversed(list(pairwise(path))):
        g = g + 2 * after
        dk = dk + np.sum(g * 0.2 * np.sin(y))
        g = g * (1 + 0.2 * RATE * np.cos(y))
    return {"y0": g + (2 * START if from_start else 0), "k": np.array([dk])}


def case(name, where, says, forward, inputs, right, wrong, upstream=None):
    return Mistake(name, GIT + where, forward, inputs, right, wrong, says, upstream)


V = draw(105, 4)
CASES = [
    case("no transposes in the product", "HomericIntelligence/Odyssey/issues/2136", ("transpos",),
         product, {"A": A, "B": B}, of_product, lambda: {"A": G @ B, "B": A @ G}, G),
    case("the product's value for its gradient", "Shubham-cyber-prog/100-Days-Of-Web-Development-ECWoC26/pull/1378",
         ("upstream", "incoming", "output"), product, {"A": A, "B": B}, of_product, lambda: of_product(A @ B), G),
    case("a difference as a sum", "KhawajaAbaid/micrograd_c/issues/1", ("−1", "-1", "sign"), difference,
         {"a": a, "b": b}, lambda: {"a": 2 * (a - b), "b": 2 * (b - a)},
         lambda: {"a": 2 * (a - b), "b": 2 * (a - b)}),
    case("the second use overwrites the first", "karpathy/micrograd/issues/72", ("left", "a \\* b"),
         two_uses, {"a": a, "b": b, "c": c}, lambda: {"a": b + c, "b": a, "c": a}, lambda: {"a": c, "b": a, "c": a}),
    case("what was passed on is passed on again", "karpathy/micrograd/issues/2", ("doubled", "twice"), reused,
         {"x": V}, lambda: {"x": 12 * V}, lambda: {"x": 14 * V}),
    case("a mean divided by the wrong count", "pocketpy/cTensor/pull/24", ("3/5", "0\\.6", "mean"), row_means, {"x": X},
         lambda: {"x": np.repeat(U[:, None], 3, axis=1) / 3}, lambda: {"x": np.repeat(U[:, None], 3, axis=1) / 5}, U),
    case("the diagonal of x − mean(x) alone", "pytorch/pytorch/issues/107007", ("mean", "diagonal"), centred,
         {"x": b}, lambda: {"x": c - c.mean()}, lambda: {"x": 0.75 * c}, c),
    case("a length's gradient by its logarithm", "scikit-learn/scikit-learn/issues/11113", ("length_scale", "slope"),
         kernel, {"x": X, "length_scale": LENGTHS}, lambda: of_kernel(3), lambda: of_kernel(2), UP_K),
    case("the start's own part of the cost", "pymc-devs/sunode/issues/35", ("y0",), euler, {"y0": START, "k": RATE},
         of_euler, lambda: of_euler(from_start=False)),
    case("the first width for every centre", "ooples/AiDotNet.Tensors/issues/145", ("epsilon",), rbf,
         {"x": POINTS, "centres": CENTRES, "epsilon": EPSILON}, of_rbf, lambda: of_rbf(EPSILON[0]), OUT),
]  # fmt: skip
