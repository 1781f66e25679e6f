"""When to update: BP2 needs the weights of the prediction, but a published example uses the new weights."""

import numpy as np

from demos.report import Report, Table
from nn import MLP, Comparison, compare
from viz import draw_network

# C. MacLeod, "An Introduction to Practical Neural Networks and Genetic Algorithms for Engineers and Scientists",
# chapter 3, worked example 3.1: inputs 0.35 and 0.9, target 0.5, sigmoid neurons without biases, learning rate 1.
X, Y = [0.35, 0.9], [0.5]
WEIGHTS = [np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([[0.3, 0.9]])]
# As printed there: the output's new weights, the hidden errors (whose sign is that of −δ), the hidden layer's new
# weights, the error t − o before and after.
PRINTED = {
    "w²₁₁": 0.272392, "w²₁₂": 0.87305, "δ¹₁": 2.406e-3, "δ¹₂": 7.916e-3, "w¹₁₁": 0.09916, "w¹₁₂": 0.7978,
    "w¹₂₁": 0.3972, "w¹₂₂": 0.5928, "y − a before": -0.19, "y − a after": -0.18205,
}  # fmt: skip


def network() -> MLP:
    return MLP.from_arrays(WEIGHTS, [[0.0, 0.0], [0.0]], "sigmoid", "sigmoid")


def step(sequential: bool) -> tuple[Comparison, dict[str, float]]:
    """Takes a step of gradient descent on the weights; returns the comparison before it, and the example's quantities.

    A simultaneous step computes every δ first. A sequential step updates the output's weights before it computes δ¹
    from them, as the example does.
    """
    model = network()
    before = compare(model, X, Y)
    delta1, delta2 = before.row("δ", 1).graph, before.row("δ", 2).graph
    w1, w2 = WEIGHTS
    a1 = before.row("a", 1).graph
    new_w2 = w2 - np.outer(delta2, a1)
    if sequential:
        delta1 = (new_w2.T @ delta2) * a1 * (1 - a1)
    new_w1 = w1 - np.outer(delta1, X)
    after = compare(MLP.from_arrays([new_w1, new_w2], [[0.0, 0.0], [0.0]], "sigmoid", "sigmoid"), X, Y)
    found = {f"w²₁{'₁₂'[k]}": float(new_w2[0, k]) for k in range(2)}
    found |= {f"δ¹{'₁₂'[j]}": float(delta1[j]) for j in range(2)}
    found |= {f"w¹{'₁₂'[j]}{'₁₂'[k]}": float(new_w1[j, k]) for j in range(2) for k in range(2)}
    found["y − a before"] = Y[0] - float(before.row("a", 2).graph[0])
    found["y − a after"] = Y[0] - float(after.row("a", 2).graph[0])
    return before, found


def verdict() -> str:
    """Returns the verdict of `against` on the sequential step's ∂C/∂w."""
    before, found = step(sequential=True)
    delta1 = np.array([found["δ¹₁"], found["δ¹₂"]])
    dW = [np.outer(delta1, X), np.outer(before.row("δ", 2).graph, before.row("a", 1).graph)]
    return str(before.against(dW=dW))


def run() -> Report:
    report = Report(
        "update_order",
        "When to update: all errors first, then all weights",
        "A published example that moves the weights too early, and how it can be told.",
    )
    (before, right), (_, wrong) = step(sequential=False), step(sequential=True)
    report.say(
        "MacLeod's worked example 3.1: 0.35 and 0.9 through two hidden neurons to one output, target 0.5, learning "
        "rate 1. It moves the output's weights, and then works the hidden errors out from the moved ones."
    )
    rows = []
    for name, printed in PRINTED.items():
        rows.append((name, f"{printed:g}", f"{wrong[name]:.6g}", f"{right[name]:.6g}"))
    report.say(Table(("", "printed", "sequential", "simultaneous"), rows))
    report.say(
        "The printed numbers (worked out with rounded ones on the way) are those of the sequential step. The graph and "
        "BP2 agree on the simultaneous one: δ¹ = ((w²)ᵀ δ²) ∘ σ′(z¹), with the w² that made the prediction. Held to "
        "them, the example's ∂C/∂w get this verdict:"
    )
    report.say(verdict())
    caption = "Every δ of the prediction, by the graph and by BP1 and BP2, before any weight moves."
    report.show(caption, draw_network(before), draw_network(before, wrap=1))
    report.say(
        "Either way the error shrinks, so that nobody notices; but only the simultaneous step follows the gradient, "
        "and only it can be checked."
    )
    return report


if __name__ == "__main__":
    run()
