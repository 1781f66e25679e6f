"""Vanishing gradients: almost no gradient flows back through eight layers of sigmoids, but it does through ReLU."""

import random
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demos.report import Report, Table
from nn import MLP, Adam, History, NotLearningWarning, fit
from viz import plot_gradient_norms

DEPTH, WIDTH, EPOCHS = 8, 8, 40
SIGMA_PRIME_MOST = 0.25  # σ′(0), the largest slope a sigmoid has


def rings() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns 100 points, (100, 2), and their classes: 1 inside a circle, −1 outside."""
    draw = random.Random(0)
    points = np.array([[draw.uniform(-1, 1), draw.uniform(-1, 1)] for _ in range(100)])
    return points, np.where(np.hypot(*points.T) < 0.7, 1.0, -1.0)


def network(activation: str) -> MLP:
    """Returns eight layers, with the initialisation that suits the activation: Xavier for sigmoid, He for ReLU."""
    init = "he_normal" if activation == "relu" else "xavier_normal"
    return MLP(2, [WIDTH] * (DEPTH - 1) + [1], activation, seed=1, init=init)


def learn(model: MLP) -> History:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotLearningWarning)  # the demo shows the reason for it
        adam = Adam(model.parameters(), 0.01)
        return fit(model, *rings(), cost="hinge", optimizer=adam, epochs=EPOCHS, batch_size=None)


def draw(history: History, activation: str, axes: Any) -> None:
    """Plots the gradient norms, on the same scale for both networks."""
    plot_gradient_norms(history, axes)
    axes.set_title(activation)
    axes.set_ylim(1e-6, 3.0)


def run() -> Report:
    report = Report(
        "vanishing",
        "Vanishing gradients: sigmoid and ReLU at depth 8",
        "Eight layers of sigmoids hand hardly anything back, and eight of ReLU do.",
    )
    models = {activation: network(activation) for activation in ("sigmoid", "relu")}
    histories = {activation: learn(model) for activation, model in models.items()}
    norms = {activation: history.gradient_norms for activation, history in histories.items()}
    report.say(
        "Two networks of eight layers, one of sigmoids and one of ReLU, learn to tell the points in a circle from "
        "those around it. How much of the gradient arrives in each layer? ‖∂C/∂p‖ is its length, by all of the layer's "
        "parameters."
    )
    rows = [(layer, *(f"{norms[side][layer][0]:.2e}" for side in models)) for layer in norms["relu"]]
    first, last = "layer 1", f"layer {DEPTH}"
    ratios = [norms[side][first][0] / norms[side][last][0] for side in models]
    rows.append(("first / last", *(f"{ratio:.1e}" for ratio in ratios)))
    report.say(Table(("‖∂C/∂p‖ at the start", *models), rows))
    report.say(
        "BP2 multiplies by σ′(z) in every layer. A sigmoid's is 0.25 at most, so that seven of them leave at most "
        f"{SIGMA_PRIME_MOST ** (DEPTH - 1):.6f} of an error, times the weights. ReLU's is 1 wherever a neuron is "
        "active."
    )
    ends = [(side, f"{history.cost[-1]:.4f}", f"{history.accuracy[-1]:.0%}") for side, history in histories.items()]
    told = f"After {EPOCHS} epochs of Adam on 100 points, in or around a circle:"
    report.say(told, Table(("", "C", "right"), ends))
    report.say(f"What fit warns of, and the history notes, for the sigmoids: {'; '.join(histories['sigmoid'].notes)}.")
    report.plot(
        "‖∂C/∂p‖ of each layer by epoch, on one scale: in the first layers of sigmoids hardly anything arrives.",
        *(lambda axes, side=side: draw(histories[side], side, axes) for side in models),
    )
    return report


if __name__ == "__main__":
    run()
