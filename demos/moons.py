"""Two moons: micrograd's well-known demo, with its data, its initial weights and its hundred steps."""

import random
import time

import numpy as np
from numpy.typing import NDArray

from demos.report import Report, Table, layers
from nn import MLP, SGD, History, fit
from viz import play, plot_boundary, plot_cost

STEPS = 100


def examples() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Returns 100 points of two interleaved half circles, (100, 2), and the half circle of each, −1 or 1."""
    from sklearn.datasets import make_moons

    np.random.seed(1337)  # micrograd's data come from NumPy's global generator
    points, sides = make_moons(n_samples=100, noise=0.1)
    return points, 2 * sides - 1


def network() -> MLP:
    """Returns the network with micrograd's initial weights: from −1 to 1, neuron by neuron, and biases 0."""
    random.seed(1337)
    return MLP(2, [16, 16, 1])


def learn(model: MLP, points: NDArray[np.float64], sides: NDArray[np.int64], lifted: bool | None = None) -> History:
    """Trains on all points at each step, with hinge + 1e-4 Σ p² and a learning rate that falls from 1 to 0.1."""
    descent = SGD(model.parameters(), lambda k: 1.0 - 0.9 * k / 100)
    return fit(
        model, points, sides, cost="hinge", l2=1e-4, optimizer=descent, epochs=STEPS, batch_size=None, lifted=lifted
    )


def smaller() -> MLP:
    """Returns a network that learns the moons quickly enough to watch, with a graph small enough to read."""
    return MLP(2, [8, 1], activation="tanh", seed=2)


def run() -> Report:
    report = Report(
        "moons",
        "Two moons: 2 → 16 → 16 → 1, hinge cost, 100 steps",
        "micrograd's well-known demo, step by step with its published costs.",
    )
    if report.lacks("scikit-learn"):
        return report
    report.say(
        "100 points on two half circles: which of the two is each on? Data, network, start and steps are those of "
        "micrograd's demo, and so are the costs, 0.8958… at step 0 and 0.01097… at step 99."
    )
    model = network()
    report.say(layers(model))
    points, sides = examples()
    start = time.perf_counter()
    history = learn(model, points, sides)
    seconds = time.perf_counter() - start
    rows = []
    for step in (0, 1, 2, 5, 10, 20, 50, STEPS - 1):
        rows.append((str(step), f"{history.cost[step]:.15f}", f"{history.accuracy[step]:.0%}"))
    report.say(Table(("step", "C", "right after it"), rows))
    report.say(f"{history.accuracy[-1]:.0%} right after {STEPS} steps, which took {seconds:.2f} s.")
    report.plot(
        "The cost at each step (an epoch is one), and the line that the network draws in the end.",
        lambda axes: plot_cost(history, axes),
        lambda axes: plot_boundary(model, points, sides, axes),
    )
    report.head("Watch it learn")
    report.say(
        "The same points, and a network of eight hidden neurons, which learns on the page: Run begins, and after some "
        "sixty epochs the line between red and blue goes between the moons."
    )
    page = play(smaller(), points, sides, cost="hinge", learning_rate=0.3)
    report.show("A playground: start it, click points of your own into the plane, drag a weight.", page)
    return report


if __name__ == "__main__":
    run()
