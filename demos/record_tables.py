"""The tables of costs, of activations and of the words that rules use: a row for each record of the library."""

from html import escape

from autograd import Value
from autograd.formulas.algebra import Formula, formula
from autograd.vocabulary import WORDS
from demos.operation_table import Cases, Input, html_table, symbolic
from nn.activations import ACTIVATIONS
from nn.costs import COSTS

__all__ = ["activations", "costs", "formulas_of", "words"]


def costs() -> str:
    """Writes the table of costs: the cost of an example, its slope, its targets, its output layers."""
    rows = []
    for name, cost in COSTS.items():
        output = f"linear: the cost applies {cost.squash} itself" if cost.squash else "any"
        cells = (f"<b>{name}</b>", *map(escape, (cost.written, cost.nabla_written, cost.takes, output)))
        rows.append((name, cells))
    return html_table(("cost", "Cₓ", "∇ₐCₓ", "targets y", "output layer"), rows)


def activations() -> str:
    """Writes the table of activations known by name: σ, σ′, and the largest slope if σ saturates."""
    rows = []
    for name, activation in ACTIVATIONS.items():
        steepest = "" if activation.steepest is None else f"{activation.steepest:g}"
        rows.append((name, (f"<b>{name}</b>", *(f.mathml for f in formulas_of(name)), steepest)))
    return html_table(("activation", "a = σ(z)", "σ′(z)", "steepest, if it saturates"), rows)


def formulas_of(name: str) -> tuple[Formula | Cases, Formula | Cases]:
    """Returns σ(z) and σ′(z) from the operation of an activation's name; "linear" has no operation."""
    z = Input("z", 0.5)
    if name == "linear":
        return z, formula(1.0)
    made = getattr(Value(z.value), name)()
    inputs = [z if isinstance(v, Value) else v for v in made.operands]
    y, (slope, *_) = symbolic(made.op, inputs, "a")
    return y, slope


def words() -> str:
    """Writes the table of the words that rules use: each on Values, in formulas, in NumPy and on a page."""
    rows = []
    for name, word in WORDS.items():
        operation = f'<a href="#{word.operation}">{word.operation}</a>' if word.operation else ""
        numpy, page = (f"<code>{escape(text)}</code>" for text in (f"np.{word.in_numpy()}", word.javascript))
        rows.append((f"m-{name}", (f"<b>m.{name}</b>", operation, escape(word.formula), numpy, page)))
    return html_table(("word", "on Values", "in formulas", "in NumPy", "on a page"), rows)
