"""Note 1: one input, two hidden neurons, two outputs, ReLU throughout, three examples as the rows of X."""

import numpy as np

from autograd import explain
from demos.report import Report, Sides, Table
from nn import MLP, SGD, Comparison, closed_form, compare
from viz import draw_network, frames, play

X = np.array([[1.0], [2.0], [3.0]])
Y = np.array([[1.0, 0.5], [1.5, 1.0], [2.0, 1.5]])
W_H, B_H = np.array([[0.6, -0.4]]), np.array([0.1, 1.0])  # (1, 2), (2,)
W_O, B_O = np.array([[0.5, 0.3], [0.2, -0.6]]), np.array([0.2, 0.4])  # (2, 2), (2,)
STEPS, LEARNING_RATE = 200, 0.1


def network() -> MLP:
    """Returns the note's network. The note writes Z = X W, so its matrices are the transposes of note 2's."""
    return MLP.from_arrays([W_H.T, W_O.T], [B_H, B_O], "relu", "relu")


def shapes(closed: closed_form.ClosedForm) -> list[tuple[str, str, str, str]]:
    """Returns the note's table of shapes, with the actual shapes beside it."""
    (z_h, z_o), (_, h, o) = closed.z, closed.a
    listed = [
        ("X", "input", "(3, 1)", X),
        ("Wh", "hidden weights", "(1, 2)", W_H),
        ("Bh", "hidden bias", "(1, 2)", B_H[None]),
        ("Zh", "hidden weighted input", "(1, 2)", z_h),
        ("H", "hidden activations", "(3, 2)", h),
        ("Wo", "output weights", "(2, 2)", W_O),
        ("Bo", "output bias", "(1, 2)", B_O[None]),
        ("Zo", "output weighted input", "(3, 2)", z_o),
        ("O", "output activations", "(3, 2)", o),
    ]
    return [
        (name, what, noted, f"{array.shape}{'' if noted == str(array.shape) else '  a slip of the note'}")
        for name, what, noted, array in listed
    ]


def quantities(comparison: Comparison) -> list[tuple[str, str, np.ndarray, np.ndarray]]:
    """Returns (name, formula, array from the graph, array by the formula), in the shapes of the note."""
    closed = closed_form.rows([W_H, W_O], [B_H, B_O], X, Y, "relu", "relu")
    graph = {(row.symbol, row.layer): row.graph for row in comparison.rows}
    return [
        ("Zh", "X Wh + Bh", graph["z", 1], closed.z[0]),
        ("H", "R(Zh)", graph["a", 1], closed.a[1]),
        ("Zo", "H Wo + Bo", graph["z", 2], closed.z[1]),
        ("O", "R(Zo)", graph["a", 2], closed.a[2]),
        ("Eo", "(1/n) (O − y) ∘ R′(Zo)", graph["δ", 2], closed.delta[1]),
        ("Eh", "(Eo Woᵀ) ∘ R′(Zh)", graph["δ", 1], closed.delta[0]),
        ("C′(Wh)", "Xᵀ Eh", graph["∂C/∂w", 1].T, closed.dW[0]),
        ("C′(Wo)", "Hᵀ Eo", graph["∂C/∂w", 2].T, closed.dW[1]),
    ]


def run() -> Report:
    report = Report(
        "batch_network",
        "Note 1: a batch through 1 → 2 → 2, ReLU",
        "Three examples at once: the same four equations, with matrices.",
    )
    model = network()
    comparison = compare(model, X, Y)
    closed = closed_form.rows([W_H, W_O], [B_H, B_O], X, Y, "relu", "relu")
    report.say(
        "One input, two hidden neurons, two outputs, ReLU in both layers, and three examples at once, the rows of X. "
        "The note writes Z = A W + B, and R for ReLU. These are its arrays, and their shapes:"
    )
    report.say(Table(("name", "", "in the note", "here"), shapes(closed)))
    report.head("Forward and back, as matrices")
    report.say("C = (1/n) Σ ½ ‖y − O‖² with n = 3, so each row of Eo and Eh carries the factor 1/3.")
    for name, formula, graph, by_formula in quantities(comparison):
        report.say(Sides(name, formula, graph, by_formula))
    report.head("Number by number")
    report.say("The same number by number, named as in note 2; in parentheses stands the example:")
    report.say(comparison)
    report.show(
        "The whole batch: means of z and a, sums of δ.", draw_network(comparison), draw_network(comparison, wrap=1)
    )
    caption = "Its third example alone: the second hidden neuron is inactive, nothing flows through it."
    report.show(caption, draw_network(comparison, example=3), draw_network(comparison, example=3, wrap=1))
    report.move("Both passes as a picture that moves, one step after the other.", frames(comparison))
    report.show("Three examples, one after the other, add to the same ∂C/∂w.", play(comparison))
    report.head("A sum over the examples")
    neuron = model.layers[1].neurons[0]
    report.say("One entry of C′(Wo) = Hᵀ Eo, derived by the graph. In a batch BP4 is a sum over the examples:")
    report.say(explain(comparison.graph, neuron.weights[1], comparison.errors))

    report.head("Descent")
    descent = SGD(model.parameters(), LEARNING_RATE)
    rows = []
    for step in range(STEPS + 1):
        cost = compare(model, X, Y).cost
        if step in (0, 1, 2, 5, 10, 20, 50, 100, STEPS):
            rows.append((str(step), f"{cost:.8f}"))
        descent.step()
    report.say(f"Gradient descent with learning rate {LEARNING_RATE}:", Table(("step", "C"), rows))
    return report


if __name__ == "__main__":
    run()
