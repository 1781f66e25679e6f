"""The notes' slips: each as it is written and as it is meant, with a number that settles it.

The graph of Values decides: it knows none of the notes' formulas, and gives the number of the meant one.
"""

from dataclasses import dataclass
from textwrap import shorten
from typing import Any

import numpy as np

from demos import batch_network, general_network, scalar_chain
from demos.report import Report, Table, aligned
from nn import Comparison, closed_form, compare
from viz import Style


@dataclass(frozen=True)
class Slip:
    """One slip, and a quantity whose number settles it."""

    note: int
    written: str
    meant: str
    quantity: str  # the name of the number that decides
    as_written: float  # nan if the written formula cannot be computed
    as_meant: float
    graph: float


def note_1() -> list[Slip]:
    """Returns the slips of the batch 1 → 2 → 2 with ReLU. Matrices are as in the note (Z = X W)."""
    comparison = compare(batch_network.network(), batch_network.X, batch_network.Y)
    X, w_h, w_o = batch_network.X, batch_network.W_H, batch_network.W_O
    biases = [batch_network.B_H, batch_network.B_O]
    closed = closed_form.rows([w_h, w_o], biases, X, batch_network.Y, "relu", "relu")
    z, h, o = closed.z[0], closed.a[1], closed.a[2]
    e_o = closed.delta[1]
    alive = z > 0  # R′(Zh)
    c_by_zo = comparison.row("δ", 2).graph
    updated = w_o - batch_network.LEARNING_RATE * closed.dW[1]
    return [
        Slip(1, "(ŷ − y) is the cost", "(ŷ − y) is the derivative of the cost by ŷ; the cost is ½ (ŷ − y)²",
             "the cost of example 1", float(np.sum(o[0] - batch_network.Y[0])),
             float(np.sum((o[0] - batch_network.Y[0]) ** 2) / 2), _cost_of_first()),
        Slip(1, "Zh has shape (1, 2)", "(3, 2): a row for each of the three examples",
             "rows of Zh", 1, len(z), len(comparison.row("z", 1).graph)),
        Slip(1, "Eh = Eo Wo R′(Zh)", "Eh = (Eo Woᵀ) ∘ R′(Zh): transposed, and element by element",
             "Eh of example 1, neuron 1", float(((e_o @ w_o) * alive)[0, 0]), float(((e_o @ w_o.T) * alive)[0, 0]),
             float(comparison.row("δ", 1).graph[0, 0])),
        Slip(1, "C′(w) = error × input", "C′(W) = inputᵀ error: (3, 2) times (3, 2) is no matrix product",
             "C′(Wo) from h₁ to o₂", float("nan"), float((h.T @ e_o)[0, 1]),
             float(comparison.row("∂C/∂w", 2).graph[1, 0])),
        Slip(1, "C′(Zo) is the impact of the last layer's weights on the error",
             "it is that of Zo; the weights' is C′(Wo) = Hᵀ Eo",
             "∂C/∂Wo from h₁ to o₁", float(np.sum(c_by_zo[:, 0])), float((h.T @ e_o)[0, 0]),
             float(comparison.row("∂C/∂w", 2).graph[0, 0])),
        Slip(1, "update the weights along the way", "work out every error first: Eh takes the Wo that made "
             f"the prediction (not the one updated with learning rate {batch_network.LEARNING_RATE})",
             "Eh of example 1, neuron 1", float(((e_o @ updated.T) * alive)[0, 0]),
             float(((e_o @ w_o.T) * alive)[0, 0]),
             float(comparison.row("δ", 1).graph[0, 0])),
        Slip(1, "A(A(X Wh) Wo), no bias", "A(A(X Wh + Bh) Wo + Bo), as its own table of shapes has it",
             "O of example 1, output 1", float(np.maximum(np.maximum(X @ w_h, 0) @ w_o, 0)[0, 0]),
             float(o[0, 0]), float(comparison.row("a", 2).graph[0, 0])),
        Slip(1, "3 equations", "a fourth for the bias: C′(B) is the sum of the error's rows",
             "C′(Bo) of output 1", float("nan"), float(e_o[:, 0].sum()), float(comparison.row("∂C/∂b", 2).graph[0])),
    ]  # fmt: skip


def note_2() -> list[Slip]:
    """Returns the slips of the general network 3 → 4 → 2."""
    model = general_network.network()
    comparison = compare(model, general_network.x, general_network.y)
    (w1, w2), (b1, _) = model.weights, model.biases
    a0, a1, a2 = comparison.closed_form.a
    z1 = comparison.closed_form.z[0]
    delta2 = comparison.closed_form.delta[1]
    slope1, slope2 = 1 - np.tanh(z1) ** 2, a2 * (1 - a2)
    back = w2.T @ delta2
    y = np.array(general_network.y)
    return [
        Slip(2, "aˡⱼ = σ(Σₖ wˡⱼₖ aˡⱼ + bˡⱼ)", "aˡⱼ = σ(Σₖ wˡⱼₖ aˡ⁻¹ₖ + bˡⱼ): the activations before, not its own",
             "a¹₁", float(np.tanh(w1[0].sum() * a1[0] + b1[0])), float(np.tanh(w1[0] @ a0 + b1[0])),
             _of(comparison, "a", 1, 0)),
        Slip(2, "zˡⱼ = (wˡⱼ)ᵀ aˡ⁻¹ⱼ + bˡⱼ", "zˡⱼ = (wˡⱼ)ᵀ aˡ⁻¹ + bˡⱼ: the whole vector, not its entry j",
             "z¹₁", float(w1[0].sum() * a0[0] + b1[0]), float(w1[0] @ a0 + b1[0]), _of(comparison, "z", 1, 0)),
        Slip(2, "wˡ is n × m, after n was the number of neurons in layer l−1",
             "n now counts layer l and m layer l−1 (and in the cost n counts examples)",
             "rows of w¹", w1.shape[1], w1.shape[0], len(comparison.row("∂C/∂w", 1).graph)),
        Slip(2, "∇ₐ begins ∂/∂a₁, ∂/∂a₁", "∂/∂a₁, ∂/∂a₂",
             "δ²₂", float((a2[0] - y[0]) * slope2[1]), float((a2[1] - y[1]) * slope2[1]), _of(comparison, "δ", 2, 1)),
        Slip(2, "BP2's last row ends in σ′(zₖ)", "σ′(zₘ): row m has its own slope",
             "δ¹₄ with k = 3", float(back[3] * slope1[2]), float(back[3] * slope1[3]), _of(comparison, "δ", 1, 3)),
        Slip(2, "BP4 stops at δⱼ ∂/∂wⱼₖ (wⱼ₁a₁ + … + bⱼ)", "only the term with wⱼₖ depends on it: ∂C/∂wˡⱼₖ = δˡⱼ aˡ⁻¹ₖ",
             "∂C/∂w²₂₃", float("nan"), float(delta2[1] * a1[2]), _of(comparison, "∂C/∂w", 2, (1, 2))),
    ]  # fmt: skip


def note_3() -> list[Slip]:
    """Returns the slips of the scalar chain."""
    v = scalar_chain.chain()
    v["C"].backward()
    z1, a1, a2, y = (v[name].data for name in ("z¹", "a¹", "a²", "y"))
    slope = scalar_chain.slope
    a_equation = a1 * slope(v["z²"].data) * (a2 - y)
    return [
        Slip(3, "∂aˡ/∂zˡ = σ′(aˡ)", "σ′(zˡ): the slope is taken where σ was",
             "∂a¹/∂z¹", slope(a1), slope(z1), scalar_chain.local(v["a¹"], v["z¹"])),
        Slip(3, "σ′ is the derivative of the sigmoid with respect to the weight", "with respect to its input z",
             "∂a¹/∂w¹", slope(z1), slope(z1) * v["a⁰"].data, scalar_chain.derivative(v["a¹"], v["w¹"])),
        Slip(3, "putting 1.1, 2.1 & 3.1 together gives (A)", "1.1, 1.2 and 1.3 do (2.1 is a⁰, there is no 3.1)",
             "(A)", float("nan"), a_equation, v["w²"].grad),
        Slip(3, "x → a¹ → a² → y, y is the output", "the output is a²; y is what it is compared with",
             "the output", y, a2, v["a²"].data),
    ]  # fmt: skip


def _cost_of_first() -> float:
    return compare(batch_network.network(), batch_network.X[0], batch_network.Y[0]).cost


def _of(comparison: Comparison, symbol: str, layer: int, index: int | tuple[int, int]) -> float:
    return float(comparison.row(symbol, layer).graph[index])


def run() -> Report:
    report = Report(
        "slips",
        "The notes' slips, and the numbers that settle them",
        "Where the notes do not say what they mean: as written, as meant, and by the graph.",
    )
    report.say(
        "Each note is right in what it teaches, and in some places does not say what it means. For each of them here "
        "is one number: as it is written, as it is meant, and from the graph, which knows none of the formulas."
    )
    for slips in (note_1(), note_2(), note_3()):
        report.head(f"Note {slips[0].note}")
        report.say(settled(slips))
    report.head("How far off")
    caption = "How far each number is off as it is written, as a share of what it ought to be. As meant, none is off."
    report.plot(caption, draw_off, size=(7.4, 4.2))
    return report


def draw_off(axes: Any) -> None:
    """Draws a bar for each slip whose written formula can be computed."""
    off = {slip.written: abs(slip.as_written / slip.graph - 1) for slip in (*note_1(), *note_2(), *note_3())}
    shown = {written: share for written, share in reversed(off.items()) if share == share}
    axes.barh(range(len(shown)), shown.values(), color=Style.red)
    axes.set_yticks(range(len(shown)), [shorten(written, 42, placeholder=" …") for written in shown], fontsize=8)
    axes.set_xscale("log")
    axes.set_xlabel("off by this share")
    axes.set_title("as written")
    axes.spines[["top", "right"]].set_visible(False)


def settled(slips: list[Slip]) -> Table:
    """Makes a table of a note's slips with their numbers. When it is printed, each slip has three lines."""
    rows, blocks = [], [f"Note {slips[0].note}"]
    for slip in slips:
        sides = [
            ("written", _number(slip.as_written), slip.written),
            ("meant", _number(slip.as_meant), slip.meant),
            ("the graph", _number(slip.graph), slip.quantity),
        ]
        blocks.append(aligned(sides))
        (_, written, _), (_, meant, _), (_, graph, _) = sides
        rows.append((slip.written, slip.meant, slip.quantity, written, meant, graph))
    head = ("it says", "it means", "the number that settles it", "as written", "as meant", "by the graph")
    return Table(head, rows, printed="\n\n".join(blocks))


def _number(x: float) -> str:
    return "no value" if np.isnan(x) else f"{x:.8g}"


if __name__ == "__main__":
    run()
