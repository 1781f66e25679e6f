"""Why the walk back needs an order: three walks without an order beside the right one, and their wrong numbers."""

from collections.abc import Callable
from dataclasses import dataclass

from autograd import Value, nodes, topological
from demos.report import Report, Table
from viz import Picture, Style
from viz.look import Look, escape, number

FEW, MANY = (1, 2, 3, 5, 10), 20  # diamonds in a chain: for every walk, and for `backward` alone


@dataclass
class Walked:
    """The result of a walk: each node's gradient, and the visits in order, each with the gradient it passed on."""

    grads: dict[Value, float]
    visits: list[tuple[Value, float]]

    def passed_on(self, node: Value) -> float:
        """Returns the gradient that the first visit to a node passed on."""
        return next(gradient for visited, gradient in self.visits if visited is node)

    def visit(self, node: Value) -> int:
        """Returns the number of the first visit to a node, from 1."""
        return 1 + [visited for visited, _ in self.visits].index(node)


def in_order(root: Value) -> Walked:
    """Each node once, after everything that was made from it: by then its gradient is complete."""
    walked = Walked(dict.fromkeys(nodes(root), 0.0), [])
    walked.grads[root] = 1.0
    for node in topological(root):
        walked.visits.append((node, walked.grads[node]))
        for parent, slope in zip(node.parents, node.local_grads, strict=True):
            walked.grads[parent] += slope * walked.grads[node]
    return walked


def queue_once(root: Value) -> Walked:
    """A queue that takes each node once, as soon as it is reached: some of its gradient may come later, and is lost."""
    walked = Walked(dict.fromkeys(nodes(root), 0.0), [])
    walked.grads[root] = 1.0
    queue, reached = [root], {root}
    for node in queue:  # grows as it is read
        walked.visits.append((node, walked.grads[node]))
        for parent, slope in zip(node.parents, node.local_grads, strict=True):
            walked.grads[parent] += slope * walked.grads[node]
            if parent not in reached:
                reached.add(parent)
                queue.append(parent)
    return walked


def queue_again(root: Value) -> Walked:
    """A queue that takes a node whenever it is reached, with all it has by then: what it had before counts again."""
    walked = Walked(dict.fromkeys(nodes(root), 0.0), [])
    walked.grads[root] = 1.0
    queue = [root]
    for node in queue:
        walked.visits.append((node, walked.grads[node]))
        for parent, slope in zip(node.parents, node.local_grads, strict=True):
            walked.grads[parent] += slope * walked.grads[node]
            queue.append(parent)
    return walked


def every_path(root: Value) -> Walked:
    """Recursion along every path, passing on what came along it: right, and the paths double with each diamond."""
    walked = Walked(dict.fromkeys(nodes(root), 0.0), [])

    def visit(node: Value, upstream: float) -> None:
        walked.visits.append((node, upstream))
        walked.grads[node] += upstream
        for parent, slope in zip(node.parents, node.local_grads, strict=True):
            visit(parent, slope * upstream)

    visit(root, 1.0)
    return walked


WALKS: dict[str, Callable[[Value], Walked]] = {
    "in order": in_order,
    "a queue, once": queue_once,
    "a queue, again": queue_again,
    "every path": every_path,
}


def diamond() -> Value:
    """Returns C = s · (s + 1) with s = x². Two paths lead from s to C, one longer than the other."""
    x = Value(3.0, "x")
    s = x * x
    u = s + 1
    C = s * u
    s.label, u.label, C.label = "s", "u", "C"
    return C


def chain(diamonds: int) -> tuple[Value, Value]:
    """Returns x and y with so many diamonds between them, each of slope ½ + ½, so ∂y/∂x = 1."""
    x = y = Value(1.0, "x")
    for _ in range(diamonds):
        y = y * 0.5 + (y * 1.0) * 0.5
    return x, y


def picture(root: Value) -> Picture:
    """Draws the graph with each node's gradient by the right walk and by the queue, and the number of the visit."""
    right, wrong = in_order(root), queue_once(root)
    style = Style()
    look = Look(style)
    drawn = Picture(format="svg")
    drawn.attr("graph", rankdir="LR", bgcolor="white", nodesep="0.25", ranksep="0.35", fontname="Helvetica")
    drawn.attr("graph", fontsize="11", fontcolor=style.grey)
    drawn.attr("node", shape="plain", fontname="Helvetica", fontsize="12", fontcolor=style.ink)
    drawn.attr(
        "edge", fontname="Helvetica", fontsize="10", fontcolor=style.grey, color=style.line, arrowsize="0.6", dir="back"
    )
    names = {node: f"n{i}" for i, node in enumerate(nodes(root), 1)}
    for node, name in names.items():
        rows = [look.row(escape(node.label), number(node.data), bold="LEFT RIGHT")]
        numbers = []
        for walked, how in ((right, "in order"), (wrong, "queue")):
            numbers.append(walked.grads[node] if node.op is None else walked.passed_on(node))
            told = how if node.op is None else f"{walked.visit(node)}. {how}"
            colour = style.green if numbers[-1] == numbers[0] else style.red
            rows.append(look.row(told, f"<B>{number(numbers[-1])}</B>", colour=colour))
        spoiled = numbers[0] != numbers[1]
        drawn.node(name, label=look.table(rows, style.red if spoiled else style.line, 2 if spoiled else 1, width=110))
    for node in topological(root):
        for parent, slope in zip(node.parents, node.local_grads, strict=True):
            drawn.edge(
                names[parent],
                names[node],
                label=look.plain([look.row("", number(slope), colour=style.grey, small=True, close=True)]),
            )
    early = next(node for node, passed in right.visits if wrong.passed_on(node) != passed)
    had, whole = number(wrong.passed_on(early)), number(right.passed_on(early))
    verdict = f"The queue comes to {early.label} too early, and passes {had} on where {whole} are due."
    how = "In each box: ∂C/∂· as each of the two walks passes it on, and as which it comes there. On the edges: slopes."
    drawn.attr("graph", label=look.caption([escape(verdict)], style.red, [how]))
    return drawn


def run() -> Report:
    report = Report(
        "wrong_walk",
        "The wrong walk: what becomes of a gradient that is passed on too early",
        "Why the walk back needs an order: three walks without one, and the numbers they spoil.",
    )
    C = diamond()
    report.say(
        "C = s · (s + 1) with s = x² at x = 3. Two ways lead from s to C, so ∂C/∂s = u + s = 19 has two parts, and "
        "∂C/∂x = 19 · 2x = 114. A walk that comes to s before both parts are there spoils it."
    )
    rows: list[tuple[str, ...]] = []
    for name, walk in WALKS.items():
        walked = walk(C)
        passed = ", then ".join(f"{gradient:g}" for node, gradient in walked.visits if node.label == "s")
        (found,) = (gradient for node, gradient in walked.grads.items() if node.label == "x")
        rows.append((name, passed, f"{found:g}", (walk.__doc__ or "").split(": ", 1)[0]))
    report.say(Table(("walk", "s passes on", "∂C/∂x", "what it does"), rows))
    report.show("The right walk, and a queue that takes each node as soon as it is reached.", picture(C))
    report.say(
        "In a chain of diamonds, each with the slope ½ + ½ = 1, the mistakes multiply, and so do the paths. (The first "
        "diamond ends at x, a leaf, which passes nothing on.) Here is ∂y/∂x and, in parentheses, the number of visits."
    )
    rows = []
    for diamonds in FEW:
        x, y = chain(diamonds)
        cells = [f"{walked.grads[x]:.6g} ({len(walked.visits):,})" for walked in (walk(y) for walk in WALKS.values())]
        rows.append((str(diamonds), *cells))
    report.say(Table(("diamonds", *WALKS), rows))
    x, y = chain(MANY)
    y.backward()
    paths = 2**MANY
    report.say(
        f"Through {MANY} diamonds there are {paths:,} paths, and backward() visits {len(topological(y))} nodes: "
        f"∂y/∂x = {x.grad:g}. The order costs one walk before the pass: topological, in autograd/walk.py."
    )
    return report


if __name__ == "__main__":
    run()
