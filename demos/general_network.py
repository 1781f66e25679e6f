"""Note 2: a network of any size (here 3 → 4 → 2, tanh and sigmoid), BP1 to BP4, the Δz nudge, gradient descent."""

from itertools import product

import numpy as np

from autograd import explain
from demos.report import Report, Table
from nn import MLP, SGD, compare, mean, quadratic
from nn.notation import name
from viz import draw_network, frames, play

x, y = [0.5, -0.3, 0.8], [0.2, 0.9]
CORNERS = [list(corner) for corner in product((-1.0, 1.0), repeat=3)]  # of a cube
WANTED = [[float(sum(c) > 0), float(np.prod(c) > 0)] for c in CORNERS]  # mostly +1? an even number of −1?
STEPS, LEARNING_RATE, COST = 1500, 3.0, 0.005


def network() -> MLP:
    return MLP(3, [4, 2], activation="tanh", output="sigmoid", seed=2)


def nudges(model: MLP, size: float) -> list[tuple[str, float, float, float]]:
    """Returns (name, δ, δ Δz, ΔC) for each neuron. Since z = w a + b, a nudge of b is an equal nudge of z."""
    comparison = compare(model, x, y)
    found = []
    for l, layer in enumerate(model.layers, 1):
        for j, neuron in enumerate(layer.neurons, 1):
            delta = float(comparison.row("δ", l).graph[j - 1])
            before = neuron.bias.data
            neuron.bias.data = before + size
            outputs = model(x)
            neuron.bias.data = before
            found.append((name("z", l, j), delta, delta * size, float(quadratic(outputs, y)) - comparison.cost))
    return found


def learn(model: MLP) -> list[float]:
    """Runs gradient descent on the corners of the cube; returns the cost before each step, and after the last."""
    descent = SGD(model.parameters(), LEARNING_RATE)
    costs = []
    for _ in range(STEPS + 1):
        C = mean([quadratic(model(corner), wanted) for corner, wanted in zip(CORNERS, WANTED, strict=True)])
        costs.append(C.data)
        descent.zero_grad()
        C.backward()
        descent.step()
    return costs


def run() -> Report:
    report = Report(
        "general_network",
        "Note 2: BP1 to BP4 for a general network, 3 → 4 → 2",
        "A network of any size, and what δ is: a nudge of z moves the cost by δ times it.",
    )
    model = network()
    comparison = compare(model, x, y)
    report.say(
        "Three inputs, four hidden neurons with tanh, two outputs with the sigmoid, and one example, x = (0.5, −0.3, "
        "0.8) and y = (0.2, 0.9). Every number comes from the graph, which knows nothing but the chain rule, and from "
        "the closed form, which is the note's BP1 to BP4."
    )
    report.say(comparison)
    caption = "z, a and δ from the graph; below each δ what the closed form gives."
    report.show(caption, draw_network(comparison), draw_network(comparison, wrap=1))
    report.move("Both passes as a picture that moves, one step after the other.", frames(comparison))
    report.show("BP1 to BP4 step by step; nudge a z, and see what δ foretold.", play(comparison))

    report.head("BP4, and with it BP2 and BP1")
    neuron = model.layers[0].neurons[0]
    report.say("The graph's own derivation of BP4, and with it of BP2 and BP1, for one weight:")
    report.say(explain(comparison.graph, neuron.weights[0], comparison.errors))
    report.head("What δ foretells")
    rows = []
    for size in (0.1, 0.01, 0.001):
        for label, delta, predicted, actual in nudges(model, size):
            ratio = f"{actual / predicted:.5f}"
            rows.append((label, f"{delta: .6f}", f"{size:g}", f"{predicted: .8f}", f"{actual: .8f}", ratio))
    report.say(
        "A nudge Δz changes the cost by about δ Δz; the smaller the nudge, the closer:",
        Table(("nudged", "δ", "Δz", "δ Δz", "ΔC", "ΔC / (δ Δz)"), rows),
    )

    report.head("Descent")
    costs = learn(model)
    shown = [(str(step), f"{costs[step]:.6f}") for step in (0, 1, 10, 100, 500, 1000, STEPS)]
    reached = next(step for step, cost in enumerate(costs) if cost < COST)
    report.say(
        "Gradient descent on the 8 corners of a cube (are most coordinates +1? is the number of −1 even?), "
        f"learning rate {LEARNING_RATE}:",
        Table(("step", "C"), shown),
        f"C < {COST} from step {reached}",
    )
    learned = compare(model, CORNERS, WANTED)
    caption = "The same network after learning, at the corner (1, 1, 1)."
    report.show(caption, draw_network(learned, example=8), draw_network(learned, example=8, wrap=1))
    return report


if __name__ == "__main__":
    run()
