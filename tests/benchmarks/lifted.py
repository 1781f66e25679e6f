"""Lifted programs beside other implementations, both timed in one process: `python -m tests.benchmarks.lifted NAME`.

It prints the seconds of every round of each as JSON. The two take turns, on one thread, with the garbage collector on.
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")  # before NumPy is loaded

import numpy as np

from autograd import Value, apply, lift, topological
from autograd.table import OPERATIONS
from nn import MLP, quadratic, softmax_cross_entropy
from tests.benchmarks import engines
from tests.helpers import recurrences
from tests.helpers.lifting import attention, leaves_of, w2

Timed = dict[str, Callable[[], Any]]


def hand_written_w2(model: MLP) -> Callable[[], Any]:
    """Returns both passes of W2 as people write them by hand, with examples as rows."""
    points, labels = engines.data()
    X, y = np.array(points), np.array(labels, float)[:, None]
    (W1, W2, W3), (b1, b2, b3) = model.weights, model.biases
    n = len(X)

    def step() -> Any:
        Z1 = X @ W1.T + b1
        A1 = np.maximum(Z1, 0)
        Z2 = A1 @ W2.T + b2
        A2 = np.maximum(Z2, 0)
        margin = 1 - y * (A2 @ W3.T + b3)
        C = np.maximum(margin, 0).mean() + 1e-4 * sum((p * p).sum() for p in (W1, b1, W2, b2, W3, b3))
        D3 = -y * (margin > 0) / n
        D2 = (D3 @ W3) * (Z2 > 0)
        D1 = (D2 @ W2) * (Z1 > 0)
        return C, [D1.T @ X + 2e-4 * W1, D1.sum(axis=0) + 2e-4 * b1, D2.T @ A1 + 2e-4 * W2,
                   D2.sum(axis=0) + 2e-4 * b2, D3.T @ A2 + 2e-4 * W3, D3.sum(axis=0) + 2e-4 * b3]  # fmt: skip

    return step


def w2_program() -> Timed:
    cost, parameters = w2()
    program = lift(cost, parameters)
    model = MLP(2, [16, 16, 1], seed=1337)
    by_hand = hand_written_w2(model)
    dW1, db1, *_ = by_hand()[1]
    rows = np.column_stack([dW1, db1]).ravel()  # neuron by neuron, weights before bias
    assert abs(program()[0] - by_hand()[0]) < 1e-12
    assert np.allclose(program()[1][:48], rows, rtol=1e-10, atol=1e-14)
    return {"lifted": program, "by hand": by_hand}


def over_examples() -> Timed:
    """MLP 64-32-10, sigmoid, quadratic cost, batch 256."""
    model = MLP(64, [32, 10], activation="sigmoid", output="sigmoid", seed=0)
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(256, 64)), rng.uniform(size=(256, 10))
    x, y = [Value(v) for v in X[0].tolist()], [Value(v) for v in Y[0].tolist()]
    program = lift(quadratic(model(x), y), model.parameters(), [*x, *y])
    examples = np.hstack([X, Y])
    (W1, W2), (b1, b2) = model.weights, model.biases
    n = len(X)

    def by_hand() -> Any:
        A1 = 1 / (1 + np.exp(-(X @ W1.T + b1)))
        A2 = 1 / (1 + np.exp(-(A1 @ W2.T + b2)))
        E = A2 - Y
        C = (E * E).sum() / (2 * n)
        D2 = E * A2 * (1 - A2) / n
        D1 = (D2 @ W2) * A1 * (1 - A1)
        return C, [D1.T @ X, D1.sum(axis=0), D2.T @ A1, D2.sum(axis=0)]

    assert abs(program(examples)[0] - by_hand()[0]) < 1e-12
    return {"lifted": lambda: program(examples), "by hand": by_hand}


def classifier_over_examples(n: int, inputs: int = 64, hidden: int = 32, classes: int = 10) -> Timed:
    """An MLP, tanh, softmax cross-entropy, n examples."""
    model = MLP(inputs, [hidden, classes], activation="tanh", seed=0)
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(n, inputs)), np.eye(classes)[rng.integers(0, classes, n)]
    program = lift(lambda x, y: softmax_cross_entropy(model(x), y), model.parameters(), (X, Y))
    examples = np.hstack([X, Y])
    (W1, W2), (b1, b2) = model.weights, model.biases

    def by_hand() -> Any:
        A1 = np.tanh(X @ W1.T + b1)
        Z2 = A1 @ W2.T + b2
        top = Z2.max(axis=1, keepdims=True)
        powers = np.exp(Z2 - top)
        S = powers.sum(axis=1, keepdims=True)
        C = ((np.log(S) + top).sum() - (Y * Z2).sum()) / n
        D2 = (powers / S - Y) / n
        D1 = (D2 @ W2) * (1 - A1 * A1)
        return C, [D1.T @ X, D1.sum(axis=0), D2.T @ A1, D2.sum(axis=0)]

    assert abs(program(examples)[0] - by_hand()[0]) < 1e-12
    return {"lifted": lambda: program(examples), "by hand": by_hand}


def attention_over_examples(tokens: int, width: int) -> Timed:
    """Softmax attention on tokens × width numbers per example, batch 256; by hand, with stacks of matrices."""
    cost, parameters, inputs = attention(random.Random(0), tokens, width)
    program = lift(cost, parameters, inputs)
    n, scale = 256, 0.4
    examples = np.random.default_rng(0).normal(size=(n, len(inputs)))
    x = examples.reshape(n, tokens, width)
    Wq, Wk, Wv = program.parameters.reshape(3, width, width)

    def by_hand() -> Any:
        q, k, v = x @ Wq.T, x @ Wk.T, x @ Wv.T
        powers = np.exp(scale * q @ k.transpose(0, 2, 1))
        a = powers / powers.sum(axis=2, keepdims=True)
        E = a @ v - 0.1
        C = (E * E).sum() / (2 * n)
        da = E @ v.transpose(0, 2, 1) / n
        ds = scale * a * (da - (da * a).sum(axis=2, keepdims=True))
        parts = ds @ k, ds.transpose(0, 2, 1) @ q, a.transpose(0, 2, 1) @ E / n
        rows = x.reshape(-1, width)
        return C, np.concatenate([(part.reshape(-1, width).T @ rows).ravel() for part in parts])

    assert abs(program(examples)[0] - by_hand()[0]) < 1e-10
    assert np.allclose(program(examples)[1], by_hand()[1], rtol=1e-10, atol=1e-12)
    return {"lifted": lambda: program(examples), "by hand": by_hand}


def no_structure(size: int = 100_000) -> Timed:
    """Random operations, with parents drawn uniformly from all earlier nodes."""
    rng = random.Random(1)
    names = (
        "add",
        "sub",
        "mul",
        "tanh",
        "sigmoid",
        "relu",
        "sin",
        "cos",
        "maximum",
        "minimum",
        "softplus",
        "neg",
        "abs",
    )
    nodes = [Value(rng.uniform(-1.5, 1.5)) for _ in range(100)]
    while len(nodes) < size:
        op = OPERATIONS[rng.choice(names)]
        made = apply(op, *(rng.choice(nodes) for _ in op.samples[0]))
        nodes.append(made if abs(made.data) < 50 else made.tanh())
    used = {parent for node in nodes for parent in node.parents}
    ends = [node for node in nodes if node not in used]
    cost = sum(ends[1:], ends[0])
    leaves = leaves_of(cost)
    program = lift(cost, leaves)
    order = topological(cost)[::-1]

    def eager() -> None:
        made: dict[Value, Value] = {}
        for node in order:
            made[node] = apply(node.op, *(made.get(v, v) for v in node.parents))  # type: ignore[arg-type]
        made[cost].backward()
        for leaf in leaves:
            leaf.grad = 0.0

    cost.backward()
    assert np.allclose(program()[1], [leaf.grad for leaf in leaves], rtol=1e-9, atol=1e-9)
    return {"lifted": program, "eager": eager}


def beside_eager(build: Callable[[], tuple[Value, list[Value]]]) -> Timed:
    """A lifted graph of repeated steps, beside the eager graph: built again, with a backward pass."""
    cost, parameters = build()
    program = lift(cost, parameters)

    def eager() -> None:
        made, leaves = build()
        made.backward()
        for leaf in leaves:
            leaf.grad = 0.0

    cost.backward()
    assert np.allclose(program()[1], [leaf.grad for leaf in parameters], rtol=1e-9, atol=1e-12)
    return {"lifted": program, "eager": eager}


def lifting() -> Timed:
    """The lifting of W2's fused graph, beside a step of the eager graph: built, with a backward pass."""
    cost, parameters = w2()

    def eager() -> None:
        made, leaves = w2.__wrapped__()
        made.backward()
        for leaf in leaves:
            leaf.grad = 0.0

    return {"lifted": lambda: lift(cost, parameters), "eager": eager}


def recurrent() -> Timed:
    """A recurrent layer of 12 units and 8 steps, beside loops over the steps in NumPy, written by hand."""
    cost, parameters = recurrences.recurrent_network(8)
    program = lift(cost, parameters)
    rng = random.Random(3)
    for _ in parameters:
        rng.uniform(-1, 1)
    X = np.array([[rng.uniform(-1, 1) for _ in range(6)] for _ in range(8)])
    Wx, Wh, b = np.split(program.parameters, [72, 216])
    Wx, Wh = Wx.reshape(12, 6), Wh.reshape(12, 12)

    def by_hand() -> Any:
        H = [np.zeros(12)]
        for x in X:
            H.append(np.tanh(Wx @ x + Wh @ H[-1] + b))
        dWx, dWh, db, dh = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(12), 2 * H[-1]
        for t in reversed(range(8)):
            delta = dh * (1 - H[t + 1] ** 2)
            dWx += np.outer(delta, X[t])
            dWh += np.outer(delta, H[t])
            db += delta
            dh = Wh.T @ delta
        return H[-1] @ H[-1], np.concatenate([dWx.ravel(), dWh.ravel(), db])

    assert np.allclose(program()[1], by_hand()[1], rtol=1e-10, atol=1e-12)
    return {"lifted": program, "by hand": by_hand}


def main(name: str, rounds: int, repeat: int) -> None:
    timed = {
        "w2": w2_program,
        "examples": over_examples,
        "classifier": lambda: classifier_over_examples(256),
        "wide_classifier": lambda: classifier_over_examples(256, 20, 64, 50),
        "small_classifier": lambda: classifier_over_examples(32),
        "attention": lambda: attention_over_examples(4, 6),
        "larger_attention": lambda: attention_over_examples(8, 16),
        "no_structure": no_structure,
        "euler_50": lambda: beside_eager(lambda: recurrences.lotka_volterra(50)),
        "euler_800": lambda: beside_eager(lambda: recurrences.lotka_volterra(800)),
        "runge_kutta": lambda: beside_eager(lambda: recurrences.lotka_volterra(50, "runge-kutta")),
        "kalman": lambda: beside_eager(lambda: recurrences.kalman(20)),
        "triangular": lambda: beside_eager(lambda: recurrences.triangular(20)),
        "recurrent": recurrent,
        "lifting": lifting,
    }[name]()
    seconds: dict[str, list[float]] = {who: [] for who in timed}
    for _ in range(rounds):
        for who, run in timed.items():
            start = time.perf_counter()
            for _ in range(repeat):
                run()
            seconds[who].append((time.perf_counter() - start) / repeat)
    print(json.dumps({who: times[1:] for who, times in seconds.items()}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
