"""Note 3: the scalar chain a⁰ → a¹ → a² → C, and its equations (1.1) to (B), each from the graph and by its formula."""

from math import exp

from autograd import Value, backward_steps, explain
from demos.report import Report, Table, apart
from viz import draw, frames, play


def chain(a0: float = 0.05, w1: float = 0.15, w2: float = 0.40, y: float = 0.01) -> dict[str, Value]:
    """Returns the note's network, each node by its name. As in the note's (1.1) and (2.1), there are no biases."""
    v = {"a⁰": Value(a0), "w¹": Value(w1), "w²": Value(w2), "y": Value(y)}
    v["z¹"] = v["w¹"] * v["a⁰"]
    v["a¹"] = v["z¹"].sigmoid()
    v["z²"] = v["w²"] * v["a¹"]
    v["a²"] = v["z²"].sigmoid()
    v["C"] = 0.5 * (v["y"] - v["a²"]) ** 2
    for label, value in v.items():
        value.label = label
    return v


def local(node: Value, parent: Value) -> float:
    """Returns the local derivative ∂node/∂parent, from the edges between them."""
    return sum(slope for v, slope in zip(node.parents, node.local_grads, strict=True) if v is parent)


def derivative(of: Value, by: Value) -> float:
    """Returns ∂of/∂by along all paths between them, from the steps of a backward pass."""
    return sum(step.contribution for step in backward_steps(of) if step.parent is by)


def slope(z: float) -> float:
    """Returns σ′(z), by its formula."""
    return exp(-z) / (1 + exp(-z)) ** 2


def equations(v: dict[str, Value]) -> list[tuple[str, str, str, float, float]]:
    """Returns (number, derivative, formula, value from the graph, value by the formula). Call backward() first."""
    a0, a1, a2, w2, y = (v[name].data for name in ("a⁰", "a¹", "a²", "w²", "y"))
    s1, s2 = slope(v["z¹"].data), slope(v["z²"].data)
    return [
        ("(1.1)", "∂z²/∂w²", "a¹", local(v["z²"], v["w²"]), a1),
        ("(1.2)", "∂a²/∂z²", "σ′(z²)", local(v["a²"], v["z²"]), s2),
        ("(1.3)", "∂C/∂a²", "a² − y", v["a²"].grad, a2 - y),
        ("(A)", "∂C/∂w²", "a¹ · σ′(z²) · (a² − y)", v["w²"].grad, a1 * s2 * (a2 - y)),
        ("(2.1)", "∂z¹/∂w¹", "a⁰", local(v["z¹"], v["w¹"]), a0),
        ("(2.2)", "∂a¹/∂z¹", "σ′(z¹)", local(v["a¹"], v["z¹"]), s1),
        ("(2.3.1)", "∂C/∂a²", "a² − y", v["a²"].grad, a2 - y),
        ("(2.3.2)", "∂a²/∂a¹", "σ′(z²) · w²", derivative(v["a²"], v["a¹"]), s2 * w2),
        ("(B)", "∂C/∂w¹", "a⁰ · σ′(z¹) · (a² − y) · σ′(z²) · w²", v["w¹"].grad, a0 * s1 * (a2 - y) * s2 * w2),
    ]


def run() -> Report:
    report = Report(
        "scalar_chain",
        "Note 3: the scalar chain a⁰ → a¹ → a² → C",
        "One neuron a layer. Nine equations lead back from the cost to both weights.",
    )
    v = chain()
    v["C"].backward()
    report.say(
        "One neuron a layer, sigmoids, no biases: a⁰ = 0.05 goes in, w¹ = 0.15 and w² = 0.4 are the weights, y = 0.01 "
        "is wanted, and C = ½ (y − a²)². (The raised number is that of the layer: a² is no square.)"
    )
    report.say("Forward: " + ", ".join(f"{name} = {v[name].data:.6g}" for name in ("z¹", "a¹", "z²", "a²", "C")))
    report.head("The note's equations")
    report.say("Each equation of the note: its number from the graph, and by the note's formula.")
    head = ("", "derivative", "formula", "from the graph", "by the formula", "difference")
    rows = []
    for number, left, formula, graph, closed in equations(v):
        rows.append((number, left, formula, f"{graph:.12f}", f"{closed:.12f}", apart(abs(graph - closed))))
    report.say(Table(head, rows))
    report.head("Derived by the graph")
    report.say("The graph's own derivation of (A) and (B):")
    for weight in ("w²", "w¹"):
        report.say(explain(v["C"], v[weight]))
    caption = "The factors of (B) stand on the edges that lead back from C to w¹: (a² − y), σ′(z²), w², σ′(z¹), a⁰."
    report.show(caption, draw(v["C"], melt=True), draw(v["C"], melt=True, wrap=1))
    caption = "Operation by operation, as the graph recorded them."
    report.show(caption, draw(v["C"]), draw(v["C"], wrap=1))
    report.head("Step by step")
    report.move("Both passes as a picture that moves, one step after the other.", frames(v["C"], direction="TB"))
    report.show("Step through both passes, and drag any leaf.", play(v["C"]))
    return report


if __name__ == "__main__":
    run()
