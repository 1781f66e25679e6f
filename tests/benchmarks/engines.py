"""The work of one engine, which is timed in a process of its own: `python -m tests.benchmarks.engines NAME STEPS`.

It prints the result of the step, then the seconds of each step, as JSON. The collector is on; NumPy is not used.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from typing import Any

SIZES, SAMPLES = (2, 16, 16, 1), 100


def data() -> tuple[list[list[float]], list[int]]:
    rng = random.Random(0)
    points = [[rng.uniform(-1, 1), rng.uniform(-1, 1)] for _ in range(SAMPLES)]
    return points, [1 if x * y > 0 else -1 for x, y in points]


def w2(model: Any, value: Any) -> Callable[[], float]:
    """Steps of micrograd's demo: hinge loss of 100 samples plus 1e-4 Σ p², forward, zero_grad, backward."""
    X, Y = data()

    def step() -> float:
        scores = [model(list(map(value, x))) for x in X]
        losses = [(1 + -y * score).relu() for y, score in zip(Y, scores, strict=True)]
        total = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
        model.zero_grad()
        total.backward()
        return total.data

    return step


def micrograd() -> Callable[[], float]:
    from micrograd.engine import Value
    from micrograd.nn import MLP

    random.seed(1337)
    return w2(MLP(SIZES[0], list(SIZES[1:])), Value)


def fused() -> Callable[[], float]:
    from autograd import Value
    from nn import MLP

    return w2(MLP(SIZES[0], list(SIZES[1:]), seed=1337), Value)


def elementary() -> Callable[[], float]:
    from autograd import Value
    from nn import MLP

    class Elementary(MLP):
        """The same network, with the sums of its neurons built of single products and sums, as in micrograd."""

        def __call__(self, a):
            for layer in self.layers:
                z = [sum((w * x for w, x in zip(n.weights, a, strict=True)), n.bias) for n in layer.neurons]
                a = z if layer is self.layers[-1] else [v.relu() for v in z]
            return a[0]

    return w2(Elementary(SIZES[0], list(SIZES[1:]), seed=1337), Value)


def plain() -> Callable[[], float]:
    """The steps of `w2` on a plain Value, built of single products and sums: a fair yardstick on any machine."""
    from tests.benchmarks.plain_value import Plain, PlainMLP

    return w2(PlainMLP(SIZES[0], list(SIZES[1:]), seed=1337), Plain)


def chain(length: int = 1_000_000) -> Callable[[], float]:
    """Builds a chain of a million operations, goes back through it, and frees it."""
    from autograd import Value

    def step() -> float:
        x = Value(1.0)
        y = x
        for _ in range(length):
            y = y * 1.0
        y.backward()
        gradient = x.grad
        del x, y
        return gradient

    return step


def bytes_per_node(length: int = 100_000) -> float:
    """Returns the memory of a node in a chain of operations, in bytes of the Python heap."""
    import tracemalloc

    from autograd import Value

    y = Value(0.5)
    tracemalloc.start()
    for _ in range(length):
        y = y * 0.999
    return tracemalloc.get_traced_memory()[0] / length


def names() -> Callable[[], float]:
    """Training steps of the transformer on a name of six letters: cost, backward, Adam."""
    from demos import first_names
    from nn import Adam

    model = first_names.Transformer(seed=1)
    adam = Adam(model.parameters(), lambda k: 0.01, betas=(0.9, 0.99))
    letters, following = (row.tolist() for (row,) in first_names.examples(["sandra"]))

    def step() -> float:
        C = model.cost(letters, following)
        adam.zero_grad()
        C.backward()
        adam.step()
        return C.data

    return step


def plain_names() -> Callable[[], float]:
    """The arithmetic of `names` on a plain Value, whose weighted sums are single products and sums."""
    from demos import first_names
    from tests.benchmarks import plain_value

    model = first_names.Transformer(seed=1)
    parameters = []
    for name, rows in vars(model).items():
        plain = [[plain_value.Plain(v.data) for v in row] for row in rows]
        setattr(model, name, plain)
        parameters += [v for row in plain for v in row]
    for function in ("dot", "dots", "softmax", "log_sum_exp", "mean"):
        setattr(first_names, function, getattr(plain_value, function))
    adam = plain_value.PlainAdam(parameters, lambda k: 0.01, (0.9, 0.99))
    letters, following = (row.tolist() for (row,) in first_names.examples(["sandra"]))

    def step() -> float:
        C = model.cost(letters, following)
        C.backward()
        adam.step()
        return float(C.data)

    return step


def moons() -> Callable[[], float]:
    """The hundred steps of the two moons, lifted; returns the last cost."""
    from demos import moons

    points, sides = moons.examples()
    return lambda: moons.learn(moons.network(), points, sides).cost[-1]


def digits() -> Callable[[], float]:
    """The training of the digits demo; returns the share of test images that are recognised after it."""
    from demos import digits

    learnt, tested = digits.examples()
    return lambda: digits.learn(digits.network(), learnt, tested).validation_accuracy[-1]


LEARNING = {"names": names, "plain_names": plain_names}  # each step goes on from the previous one


def main(name: str, steps: int) -> None:
    if name == "bytes_per_node":
        print(json.dumps([bytes_per_node()]))
        return
    repeated = {"micrograd": micrograd, "fused": fused, "elementary": elementary, "plain": plain, "chain": chain,
                "moons": moons, "digits": digits}  # fmt: skip
    step = {**repeated, **LEARNING}[name]()
    seconds, results = [], []
    for _ in range(steps):
        start = time.perf_counter()
        results.append(step())
        seconds.append(time.perf_counter() - start)
    assert name in LEARNING or len(set(results)) == 1, "every step computes the same"
    print(json.dumps([results[-1], *seconds]))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
