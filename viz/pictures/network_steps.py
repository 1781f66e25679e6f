"""The steps of a network's passes forward and back, neuron by neuron, by the equations of the notes."""

from nn.notation import name

from .moments import Step
from .network_view import NetworkView

__all__ = ["network_steps"]


def network_steps(view: NetworkView) -> list[Step]:
    """Returns the steps: forward each neuron's z and a, then the cost; back each neuron's δ and its weights' ∂C/∂w."""
    last = len(view.shown) - 1
    layers = range(1, last + 1)
    forward = [_forward(view, l, j) for l in layers for j in view.shown[l]]
    back = []
    for l in reversed(layers):
        back += [_error(view, l, j) for j in view.shown[l]]
        back += [_weights(view, l, j) for j in view.shown[l]]
    cost = Step(
        f"forward, C = {view.text(view.comparison.cost)}",
        frozenset(("a", last, j) for j in view.shown[last]),
        frozenset({("C",)}),
    )
    return [*forward, cost, *back]


def _forward(view: NetworkView, l: int, j: int) -> Step:
    """Makes the step z = Σ w a + b and a = σ(z)."""
    z, a = name("z", l, j), name("a", l, j)
    before = "xₖ" if l == 1 else f"{name('a', l - 1)}ₖ"
    activation = view.comparison.closed_form.activations[l - 1]
    z_is, a_is = view.text(view.z[l][j - 1]), view.text(view.a[l][j - 1])
    sum_, call = f"Σₖ {name('w', l, j)}ₖ {before} + {name('b', l, j)}", f"{activation}({z})"
    told = f"forward, {z} = {sum_} = {z_is}, {a} = {call} = {a_is}"
    if view.example is None:
        told = f"forward, for each example {z} = {sum_}, {a} = {call}; means {z_is}, {a_is}"
    uses = {part for k in view.shown[l - 1] for part in (("a", l - 1, k), ("w", l, j, k))}
    return Step(told, frozenset(uses), frozenset({("z", l, j), ("a", l, j)}))


def _error(view: NetworkView, l: int, j: int) -> Step:
    """Makes the step δ, by BP1 in the last layer and by BP2 in the others."""
    delta, slope = name("δ", l, j), f"σ′({name('z', l, j)})"
    made: set[tuple[object, ...]] = {("δ", l, j)}
    if l == len(view.shown) - 1:
        told = f"backward, BP1: {delta} = ∂C/∂{name('a', l, j)} · {slope}"
        uses: set[tuple[object, ...]] = {("a", l, j), ("z", l, j)}
        made.add(("∂C/∂a", j))
    else:
        after = name("w", l + 1)
        told = f"backward, BP2: {delta} = (Σₘ {after}ₘ{name('', None, j)} {name('δ', l + 1)}ₘ) · {slope}"
        uses = {part for m in view.shown[l + 1] for part in (("δ", l + 1, m), ("w", l + 1, m, j))} | {("z", l, j)}
    is_ = " =" if view.example is not None else "; its sum over the examples is"
    return Step(f"{told}{is_} {view.text(view.delta[l][j - 1])}", frozenset(uses), frozenset(made))


def _weights(view: NetworkView, l: int, j: int) -> Step:
    """Makes the step ∂C/∂w, by BP4. Its text also gives ∂C/∂b, which is δ by BP3."""
    before = "xₖ" if l == 1 else f"{name('a', l - 1)}ₖ"
    delta = name("δ", l, j)
    over = "Σₓ " if view.example is None else ""
    told = f"backward, BP4: ∂C/∂{name('w', l, j)}ₖ = {over}{delta} {before}; BP3: ∂C/∂{name('b', l, j)} = {over}{delta}"
    uses = {("δ", l, j), *(("a", l - 1, k) for k in view.shown[l - 1])}
    return Step(told, frozenset(uses), frozenset(("∂C/∂w", l, j, k) for k in view.shown[l - 1]))
