"""Solvers of differential equations: Runge-Kutta, Euler, leapfrog."""

import numpy as np

from tests.campaigns.invented_mistakes.record import case
from tests.campaigns.record import draw

y0, Wy, by, UPY = draw(405, 3, (3, 3), 3, 3)
FLOW = {"y0": y0, "W": Wy, "b": by}
STEP = 0.2


def rk4(y0, W, b):
    def f(y):
        return np.tanh(W @ y + b)

    y, h = y0, 0.2
    for _ in range(3):
        k1 = f(y)
        k2 = f(y + h / 2 * k1)
        k3 = f(y + h / 2 * k2)
        k4 = f(y + h * k3)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return y


def of_rk4(fault=""):
    h, y, steps = STEP, y0, []
    for _ in range(3):
        at, k = [y], []
        for c in (h / 2, h / 2, h, None):
            k.append(np.tanh(Wy @ at[-1] + by))
            if c is not None:
                at.append(y + c * k[-1])
        steps.append((at, k))
        y = y + h / 6 * (k[0] + 2 * k[1] + 2 * k[2] + k[3])
    dW, db, dy = np.zeros_like(Wy), np.zeros_like(by), UPY
    for at, k in reversed(steps):
        dk = [dy * h / 6 * w for w in ((1, 1, 1, 1) if fault == "weights" else (1, 2, 2, 1))]
        back = np.zeros(3) if fault == "no identity" else dy
        for j in (3, 2, 1, 0):
            dz = dk[j] * (1 - k[j] ** 2)
            dW += np.outer(dz, at[0] if fault == "at y" else at[j])
            db += dz
            arrives = Wy.T @ dz
            back = back + arrives
            if j and fault != "intuitive":
                step = h if j == 3 or fault == "whole steps" else h / 2
                dk[j - 1] = dk[j - 1] + step * arrives
        dy = back
    return {"y0": dy, "W": dW, "b": db}


z0, A, UPZ = draw(406, 3, (3, 3), (5, 3))
EULER = {"z0": z0, "A": A}


def euler(z0, A):
    z = z0
    path = [z]
    for _ in range(4):
        z = z + 0.1 * np.tanh(A @ z)
        path.append(z)
    return np.stack(path)


def of_euler(fault=""):
    path = [z0]
    for _ in range(4):
        path.append(path[-1] + 0.1 * np.tanh(A @ path[-1]))
    a, dA = UPZ[4], np.zeros_like(A)
    for k in (3, 2, 1, 0):
        slope = 1 - np.tanh(A @ path[k + 1 if fault == "end of the step" else k]) ** 2
        dz = 0.1 * a * slope
        dA += np.outer(dz, path[k])
        a = a + A.T @ dz
        if fault != "final only" and not (k == 0 and fault == "not the start"):
            a = a + UPZ[k]
    if fault == "no step size":
        dA = dA / 0.1
    return {"z0": a, "A": dA}


q0, v0, UPQ = draw(407, 4, 4, (2, 4))
SPRINGS = {"x": q0, "v": v0, "k": np.array([1.5, 0.7, 2.0, 1.1])}


def leapfrog(x, v, k):
    dt = 0.1
    for _ in range(3):
        v = v - 0.5 * dt * k * np.sin(x)
        x = x + dt * v
        v = v - 0.5 * dt * k * np.sin(x)
    return np.stack([x, v])


def of_leapfrog(fault=""):
    dt, x, v, k, kicks = 0.1, q0, v0, SPRINGS["k"], []
    for _ in range(3):
        before = x
        v = v - 0.5 * dt * k * np.sin(x)
        x = x + dt * v
        v = v - 0.5 * dt * k * np.sin(x)
        kicks.append((before, x))
    dx, dv, dk = UPQ[0], UPQ[1], np.zeros(4)
    for before, after in reversed(kicks):
        slope = np.sin if fault == "sine" else np.cos
        dk = dk - 0.5 * dt * dv * np.sin(after)
        dx = dx - 0.5 * dt * k * slope(after) * dv
        dv = dv + dt * dx
        dk = dk - 0.5 * dt * dv * np.sin(before)
        dx = dx - 0.5 * dt * k * slope(before) * dv * (0 if fault == "first kick" else 1)
    return {"x": dx, "v": dv, "k": dk}


CASES = [
    case("whole steps on the way back", ("2 times|twice|factor|h / 2|0\\.1|0\\.2",), rk4, FLOW, of_rk4,
         "whole steps", UPY),
    case("equal weights for the four slopes", ("factor 2|½|1/2|0\\.5",), rk4, FLOW, of_rk4, "weights", UPY),
    case("the stages' slopes all at y", ("\\by\\b",), rk4, FLOW, of_rk4, "at y", UPY),
    case("no way around the step", ("\\by\\b.*missing|path",), rk4, FLOW, of_rk4, "no identity", UPY),
    case("the slope at the end of the step", ("tanh′.*at|slope.*next|of the next",), euler, EULER, of_euler,
         "end of the step", UPZ),
    case("dA without the step size", ("0\\.1|10",), euler, EULER, of_euler, "no step size", UPZ),
    case("sine for cosine", ("sin",), leapfrog, SPRINGS, of_leapfrog, "sine", UPQ),
    case("the first kick constant", ("path|missing",), leapfrog, SPRINGS, of_leapfrog, "first kick", UPQ),
]  # fmt: skip
