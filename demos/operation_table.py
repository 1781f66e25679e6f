"""The reference's table of operations: the rules themselves write its formulas, derivatives, domains and corners."""

from collections.abc import Iterable, Sequence
from html import escape
from types import SimpleNamespace
from typing import Any

from autograd import floats
from autograd.formulas.algebra import Call, Formula, Name, formula
from autograd.formulas.mathematics import FORMULAS
from autograd.formulas.typesetting import rounded
from autograd.operation import LETTERS, LogSumExp, Op, WeightedSum, Where

__all__ = ["Cases", "Input", "corners", "formulas", "html", "html_table", "symbolic"]

COLUMNS = ("operation", "y", "derivatives", "defined")
LISTS = {WeightedSum: "dot(w, a, b)", LogSumExp: "log_sum_exp([a, b])"}  # calls of the operations that take lists


class Input(Name):
    """An input's name. Its comparisons return a `Condition`, so that a rule writes all its cases."""

    __slots__ = ()

    def __gt__(self, other: Any) -> "Condition":
        return Condition(self, ">", formula(other))

    def __lt__(self, other: Any) -> "Condition":
        return Condition(self, "<", formula(other))

    def __ge__(self, other: Any) -> "Condition":
        return Condition(self, "≥", formula(other))

    def __le__(self, other: Any) -> "Condition":
        return Condition(self, "≤", formula(other))


class Magnitude(Call):
    """|a|. The comparison |a| ≤ 0 becomes the condition a = 0."""

    __slots__ = ()

    def __le__(self, other: Any) -> Any:
        (a,) = self.parts
        return Condition(a, "=", formula(other)) if isinstance(a, Input) else super().__le__(other)


class Condition:
    """A comparison, such as a > b, that is not yet decided."""

    def __init__(self, one: Formula, sign: str, other: Formula) -> None:
        self.one, self.sign, self.other = one, sign, other

    @property
    def mathml(self) -> str:
        """The condition for a web page."""
        return f"{self.one.mathml} {escape(self.sign)} {self.other.mathml}"

    def sympy(self) -> Any:
        """The condition for sympy."""
        import sympy

        signs = {">": sympy.Gt, "<": sympy.Lt, "≥": sympy.Ge, "≤": sympy.Le, "=": sympy.Eq, "≠": sympy.Ne}
        return signs[self.sign](self.one.sympy(), self.other.sympy())


class Cases:
    """The result of a rule's `where`: a formula for each condition, and one for all other cases."""

    def __init__(self, branches: list[tuple[Condition, Formula]], otherwise: Formula) -> None:
        self.branches, self.otherwise = branches, otherwise

    @property
    def mathml(self) -> str:
        """The cases for a web page, a line for each."""
        lines = [(formula.mathml, f"if {condition.mathml}") for condition, formula in self.branches]
        lines.append((self.otherwise.mathml, "otherwise"))
        cells = "".join(f"<span>{formula}</span><span>{when}</span>" for formula, when in lines)
        return f'<span class="cases">{cells}</span>'

    def sympy(self) -> Any:
        """The cases for sympy."""
        import sympy

        cases = [(formula.sympy(), condition.sympy()) for condition, formula in self.branches]
        return sympy.Piecewise(*cases, (self.otherwise.sympy(), True))


def where(condition: Any, one: Any, other: Any) -> Any:
    """Returns both branches as cases; if the condition is already decided, the branch that it chooses."""
    if not isinstance(condition, Condition):
        return one if condition else other
    first = (condition, formula(one))
    if isinstance(other, Cases):
        return Cases([first, *other.branches], other.otherwise)
    return Cases([first], formula(other))


def magnitude(a: Any) -> Formula:
    """Returns |a|."""
    return Magnitude("abs", (a,), floats.abs(formula(a).value))


def bracket(a: Any, sign: str, b: Any) -> Cases:
    """Returns 1 if the comparison holds, else 0; at a tie of > or <, ½."""
    holds = Condition(a, sign, formula(b)), formula(1.0)
    if sign not in OPPOSITE:
        return Cases([holds], formula(0.0))
    return Cases([holds, (Condition(a, OPPOSITE[sign], formula(b)), formula(0.0))], formula(0.5))


OPPOSITE = {">": "<", "<": ">"}
OURS = {"abs": magnitude, "where": where, "bracket": bracket}
SYMBOLS = SimpleNamespace(**{**vars(FORMULAS), **OURS})


def names(op: Op, count: int) -> list[str]:
    """Names the inputs: a, b, …; for a weighted sum w₁, …, a₁, … and b; for `where` the condition, then a, b."""
    if isinstance(op, Where):
        return ["condition", *LETTERS[: count - 1]]
    if not isinstance(op, WeightedSum):
        return list(LETTERS[:count])
    each = [f"{letter}{'₁₂₃₄₅₆₇₈₉'[i]}" for letter in "wa" for i in range(count // 2)]
    return [*each, "b"][:count]


def formulas(op: Op) -> tuple[Formula | Cases, dict[str, Formula | Cases]]:
    """Returns y as a formula of the inputs, and the derivative by each input, of the inputs and y, from the rules."""
    at = op.samples[1 if isinstance(op, LogSumExp) else -1]  # two inputs stand for any number
    called = names(op, len(at))
    y, slopes = symbolic(op, [Input(name, number) for name, number in zip(called, at, strict=True)], "y")
    return y, dict(zip(called, slopes, strict=True))


def symbolic(op: Op, inputs: Sequence[Any], output: str) -> tuple[Formula | Cases, list[Formula | Cases]]:
    """Returns the operation and its slopes as formulas, given inputs (formulas or numbers) and the output's name."""
    y = _formula(op.forward(SYMBOLS, *inputs))
    named = Input(output, op.forward(floats, *(v.value if isinstance(v, Formula) else v for v in inputs)))
    return y, [_formula(_slope(op, named, inputs, i)) for i in range(len(inputs))]


def corners(op: Op) -> list[str]:
    """Returns a line for each corner, tie and extreme of the row: the value and derivatives that the rule chooses."""
    told = []
    for at in op.edges:
        inputs = names(op, len(at))
        y = op.forward(floats, *at)
        slopes = [f"∂y/∂{name} = {rounded(op.slope(floats, y, at, i) + 0.0)}" for i, name in enumerate(inputs)]  # no −0
        point = ", ".join(f"{name} = {rounded(number)}" for name, number in zip(inputs, at, strict=True))
        told.append(f"at {point}: y = {rounded(y + 0.0)}, {', '.join(slopes)}")
    return told


def html(table: Iterable[Op]) -> str:
    """Writes the operations as an HTML table, a row for each. The formulas are MathML, which browsers can show."""
    return html_table(COLUMNS, ((op.name, _cells(op)) for op in table))


def _cells(op: Op) -> tuple[str, ...]:
    y, slopes = formulas(op)
    inputs = list(slopes)
    call = LISTS.get(type(op)) or op.write(inputs)
    symbol = "" if op.symbol.replace(" ", "_") == op.name else f' <span class="symbol">{escape(op.symbol)}</span>'
    derivatives = []
    for i, (name, slope) in enumerate(slopes.items()):
        short = op.write_slope(inputs, "y", i)
        named = f"{escape(short)} = " if "′" in short else ""
        derivatives.append(f"<p>∂y/∂{name} = {named}{slope.mathml}</p>")
    called = f"<b>{op.name}</b>{symbol}<br><code>{escape(call)}</code>"
    unbroken = (line.replace(" = ", "\u00a0=\u00a0").replace("/", "/\u2060") for line in corners(op))
    domain = [op.needs or "everywhere", *unbroken]
    return called, y.mathml, "".join(derivatives), "".join(f"<p>{escape(line)}</p>" for line in domain)


def html_table(columns: Sequence[str], rows: Iterable[tuple[str, Iterable[str]]]) -> str:
    """Writes an HTML table from its columns' names and, for each row, the id for links and the cells in HTML."""
    head = "".join(f"<th>{column}</th>" for column in columns)
    body = []
    for name, cells in rows:
        told = "".join(f'<td data-column="{column}">{cell}</td>' for column, cell in zip(columns, cells, strict=True))
        body.append(f'<tr id="{name}">{told}</tr>\n')
    return f'<table class="operations">\n<thead><tr>{head}</tr></thead>\n{"".join(body)}</table>'


def _slope(op: Op, y: Formula, inputs: Sequence[Any], position: int) -> Any:
    rule = op.formulas[position] if op.formulas and op.slopes else None
    return rule(SYMBOLS, y, *inputs) if rule is not None else op.slope(SYMBOLS, y, inputs, position)


def _formula(found: Any) -> Formula | Cases:
    return found if isinstance(found, Cases) else formula(found)
