"""A scalar graph, the matrix equations that `lift` finds in it, and the run times of both."""

import time
from collections.abc import Callable

import numpy as np

from autograd import Value, lift
from demos.general_network import CORNERS, COST, LEARNING_RATE, STEPS, WANTED, learn, network
from demos.report import Code, Report, Table, apart
from nn import MLP, mean, quadratic
from viz import draw


def small() -> tuple[Value, MLP]:
    """Returns one example's cost in a network 2 → 2 → 1, a graph small enough to be drawn, and the network."""
    model = MLP(2, [2, 1], activation="tanh", output="sigmoid", seed=26)  # all its gradients can be seen
    x1, x2, y = Value(1.0, "x₁"), Value(-0.6, "x₂"), Value(0.9, "y")
    C = quadratic(model([x1, x2]), y)
    C.label = "C"
    return C, model


DIALECTS = {"numpy": "NumPy", "jax": "JAX", "torch": "PyTorch"}


def dialects() -> list[tuple[str, ...]]:
    """Returns the equations of note 2's network over rows of examples, as each target writes them."""
    model, x, y = network(), [Value(v) for v in CORNERS[0]], [Value(v) for v in WANTED[0]]
    program = lift(quadratic(model(x), y), model.parameters(), inputs=[*x, *y])
    lines = []
    for target in DIALECTS:
        told = [line.strip() for line in program.source_for(target).splitlines()]
        lines.append({name: line for line in told if (name := _assigned(line))})
    shared = [name for name in lines[1] if all(name in written for written in lines) and "#" not in lines[1][name]]
    return [tuple(DIALECTS.values()), *(tuple(written[name] for written in lines) for name in shared[1:-1])]


def _assigned(line: str) -> str:
    """Returns the name of the array that a line of code sets; "" if it sets none."""
    name, equals, _ = line.partition(" = ")
    if equals:
        return name.removesuffix("[...]")
    return line.partition("out=")[2].removesuffix(")")  # np.matmul(a, b, out=name)


def descent(steps: int = STEPS) -> tuple[float, float, int]:
    """Runs gradient descent with the lifted program; returns (C before, C after, the number of parameters)."""
    model = network()
    x, y = [Value(v) for v in CORNERS[0]], [Value(v) for v in WANTED[0]]
    program = lift(quadratic(model(x), y), model.parameters(), inputs=[*x, *y])
    examples = np.hstack([CORNERS, WANTED])  # a row each: x, then y
    before, _ = program(examples)
    for _ in range(steps):
        _, gradient = program(examples)
        program.parameters -= LEARNING_RATE * gradient
    after, _ = program(examples)
    program.to_values()
    return before, after, len(model.parameters())


def seconds(run: Callable[[], object], repeat: int) -> float:
    """Returns the time of the fastest of `repeat` runs, in seconds."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def run_times(samples: int = 100) -> list[tuple[str, str, str]]:
    """Times a training step of MLP(2, [16, 16, 1]): with a new graph for each step, and with its program."""
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, size=(samples, 2))
    Y = [[float(a * b > 0)] for a, b in X.tolist()]
    model = MLP(2, [16, 16, 1], seed=0)

    def graph() -> Value:
        C = mean([quadratic(model(x), y) for x, y in zip(X.tolist(), Y, strict=True)])
        for parameter in model.parameters():
            parameter.grad = 0.0
        C.backward()
        return C

    C = graph()
    lifted_in = seconds(lambda: lift(C, model.parameters()), 3)
    program = lift(C, model.parameters())
    gradient = program()[1]
    largest = max(abs(p.grad - g) for p, g in zip(model.parameters(), gradient.tolist(), strict=True))
    eager, lifted = seconds(graph, 3), seconds(program, 200)
    return [
        ("a training step, 100 examples", "", ""),
        ("the scalar graph, built and walked back", f"{eager * 1e3:.3f} ms", ""),
        ("its program", f"{lifted * 1e3:.3f} ms", f"{eager / lifted:.0f} times faster"),
        ("lifting it, once", f"{lifted_in * 1e3:.3f} ms", ""),
        ("largest difference of the gradients", apart(largest), ""),
    ]


def run() -> Report:
    report = Report(
        "lifted",
        "Lift: the matrix program that a scalar graph stands for",
        "From thousands of single numbers back to a few lines of matrices, which run hundreds of times faster.",
    )
    C, model = small()
    C.backward()
    report.say(
        "A graph of scalars stands for a matrix program, and lift finds it. It knows neither layers nor matrices, only "
        "the operations that were recorded. Here they are those of one example in a network 2 → 2 → 1:"
    )
    report.show("The graph of scalars, with its gradients.", draw(C, melt=True, wrap=2, digits=3))
    program = lift(C, model.parameters())
    report.head("Its equations")
    report.say("The equations found in it, of vectors and matrices:", program)
    report.say("They run as NumPy, which is this text:", Code(program.source))

    head, *rows = dialects()
    report.say(
        "Note 2's network, 3 → 4 → 2, over examples as rows: the same equations for three engines. NumPy runs here; "
        "JAX and PyTorch run on GPUs, and on many machines.",
        Table(head, rows, code=(0, 1, 2)),
    )

    report.head("As good, and faster")
    before, after, count = descent()
    costs = learn(network())
    report.say(
        f"Gradient descent on the 8 corners of a cube, {count} parameters and {STEPS} steps, as note 2's demo does it "
        "with graphs:",
        f"C = {before:.6f} at first, {after:.6f} at last; with graphs {costs[0]:.6f} and {costs[-1]:.6f} "
        f"(wanted: below {COST})",
    )
    report.say(Table((), run_times()))
    return report


if __name__ == "__main__":
    run()
