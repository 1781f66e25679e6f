"""The tables of costs, of activations and of the words of rules: a row for each record of the library."""

from html import escape

from autograd import Value
from autograd.formulas.algebra import Formula, formula
from autograd.vocabulary import WORDS
from demos.operation_table import Cases, Input, html_table, symbolic
from nn.activations import ACTIVATIONS
from nn.costs import COSTS

__all__ = ["activations", "costs", "formulas_of", "words"]


def costs() -> str:
    """The costs: of one example, how steep, of which targets, behind which output layer."""
    rows = []
    for name, cost in COSTS.items():
        output = f"linear: the cost applies {cost.squash} itself" if cost.squash else "any"
        cells = (f"<b>{name}</b>", *map(escape, (cost.written, cost.nabla_written, cost.takes, output)))
        rows.append((name, cells))
    return html_table(("cost", "Cₓ", "∇ₐCₓ", "targets y", "output layer"), rows)


def activations() -> str:
    """The activations that are known by name: σ, its slope, and how steep it is at most."""
    rows = []
    for name, activation in ACTIVATIONS.items():
        steepest = "" if activation.steepest is None else f"{activation.steepest:g}"
        rows.append((name, (f"<b>{name}</b>", *(f.mathml for f in formulas_of(name)), steepest)))
    return html_table(("activation", "a = σ(z)", "σ′(z)", "steepest, if it saturates"), rows)


def formulas_of(name: str) -> tuple[Formula | Cases, Formula | Cases]:
    """σ(z) and σ′(z) of an activation: those of the operation of its name, which linear has none of."""
    z = Input("z", 0.5)
    if name == "linear":
        return z, formula(1.0)
    made = getattr(Value(z.value), name)()
    inputs = [z if isinstance(v, Value) else v for v in made.operands]
    y, (slope, *_) = symbolic(made.op, inputs, "a")
    return y, slope


def words() -> str:
    """The words of rules: what each is on Values, in NumPy, in formulas and on a page."""
    rows = []
    for name, word in WORDS.items():
        operation = f'<a href="#{word.operation}">{word.operation}</a>' if word.operation else ""
        numpy, page = (f"<code>{escape(text)}</code>" for text in (f"np.{word.in_numpy()}", word.javascript))
        rows.append((f"m-{name}", (f"<b>m.{name}</b>", operation, escape(word.formula), numpy, page)))
    return html_table(("word", "on Values", "in formulas", "in NumPy", "on a page"), rows)
