"""The forward pass, a line for each statement."""

from dataclasses import dataclass, field

from ..formulas.rule_text import ATOM, MATRIX, PRODUCT
from ..operation import Op
from .layout import CONSTANTS, INPUTS, PARAMETERS, Layout, Reading
from .rules import Rules
from .statements import Statement, Terms
from .texts import Term, atom, filled, matrix_product, times, total

AXES = {"all": "None", "rows": "0", "columns": "1", "middle": "1"}  # of what is summed over them

__all__ = ["Lines", "forward", "stacked"]


@dataclass
class Lines:
    """Lines of the program, and the equations they are."""

    code: list[str] = field(default_factory=list)
    equations: list[tuple[str, str]] = field(default_factory=list)  # the equation, and which of the four it is

    def let(self, name: str, shown: str, value: Term, which: str = "") -> None:
        """name = value."""
        self.code.append(f"{name} = {value.code()}")
        self.equations.append((f"{shown} = {value.equation()}", which))

    def add(self, name: str, shown: str, value: Term, which: str = "") -> None:
        """name += value."""
        self.code.append(f"{name} += {value.code()}")
        self.equations.append((f"{shown} += {value.equation()}", which))


def forward(layout: Layout, statements: list[Statement], rules: Rules, root: int) -> Lines:
    """The lines that work out every statement; `root` is the array of a single output, a number."""
    lines = Lines()
    if layout.tape_size:
        lines.code.append(f"v = np.empty({_shape(layout, layout.tape_size)})")
        _leaves_on_tape(layout, lines)
    for statement in statements:
        array = layout.arrays[statement.array]
        if array.text is not None:
            continue
        if statement.op is None:
            value = total(
                [*(_sum(terms, layout, statement.array == root) for terms in statement.sums), statement.constant]
            )
            read = [factor for terms in statement.sums for factor in terms.factors]
        elif statement.sums:
            value = _reduced(statement.op, statement.sums[0], rules)
            read = []
        else:
            inputs = [reading.term for reading in statement.inputs]
            value, uses = rules.forward(statement.op, inputs, [term.equation(PRODUCT) for term in inputs])
            read = [statement.inputs[i] for i in uses]
        if not value.factors or _is_flat(statement, read, array.varies):
            value = filled(value, _shape(layout, *statement.shape) if array.varies else f"{statement.shape}")
        lines.let(array.name, array.shown, value)
        if statement.array in layout.tape:
            start = layout.tape[statement.array]
            size = array.rows * array.columns
            flat = array.name if layout.mapped else f"{array.name}.reshape(-1)"
            lines.code.append(f"v[{start}:{start + size}] = {flat}")
    return lines


def _reduced(op: Op, terms: Terms, rules: Rules) -> Term:
    """An operation of any number of operands, which lie along an axis of one array."""
    (read,) = terms.factors
    value, _ = rules.forward(op, [read.term], [read.term.equation()], AXES[terms.over])
    return atom(f"{value.code()}[:, 0]", value.equation()) if terms.over == "middle" else value


def _shape(layout: Layout, rows: int, columns: int = 0) -> str:
    return f"({rows}, n)" if layout.mapped else f"({rows}, {columns})" if columns else str(rows)


def _leaves_on_tape(layout: Layout, lines: Lines) -> None:
    for source in (PARAMETERS, INPUTS):
        if source in layout.tape:
            start = layout.tape[source]
            size = int((layout.array_of == source).sum())
            turned = "[:, None]" if layout.mapped and source == PARAMETERS else ""
            lines.code.append(f"v[{start}:{start + size}] = {layout.arrays[source].name}{turned}")
    constants = ((layout.array_of == CONSTANTS) & (layout.slots >= 0)).nonzero()[0]
    if len(constants):
        index = layout.constant(layout.slots[constants], "i")
        values = layout.data[constants]
        called = layout.constant(values[:, None] if layout.mapped else values, "k")
        lines.code.append(f"v[{index}] = {called}")


def _is_flat(statement: Statement, read: list[Reading], varies: bool) -> bool:
    """Whether what is written for a statement has fewer rows, columns or examples than it, or is a plain number."""
    if any(terms.over for terms in statement.sums):
        return False
    if varies and not any(reading.varies for reading in read):
        return True
    rows, columns = (max((reading.shape[axis] for reading in read), default=1) for axis in (0, 1))
    return (rows, columns) != statement.shape or not any(reading.term.factors for reading in read)


def stacked(term: Term, size: int, rows: int) -> Term:
    """Several columns of each example, one above another, as a stack of matrices of so many rows."""
    return atom(f"{term.code(ATOM)}.reshape({size // rows}, {rows}, n)", term.equation())


def _sum(terms: Terms, layout: Layout, alone: bool) -> Term:
    """One of the terms of a sum; `alone` if the sum is the program's only result."""
    factors = [reading.term for reading in terms.factors]
    c = Term(terms.coefficient)
    if terms.over == "matrix":
        return times(c, matrix_product(*factors))
    if terms.over == "stack":
        (rows, each), above = terms.factors[0].shape, terms.factors[1].shape[0]
        product = matrix_product(factors[0], stacked(factors[1], above, each))
        flat = f"({product.code()}).reshape({above // each * rows}, n)"
        return times(c, atom(flat, product.equation(), ATOM, MATRIX))
    product = times(*factors)
    square = len(factors) == 2 and factors[0] == factors[1]
    held = factors[0] if square else product
    if square and held.factors and held.factors[0].terms:
        product = atom(f"{held.code(ATOM)} ** 2", f"{held.equation(ATOM)}²", PRODUCT)
    if not terms.over:
        return times(c, product)
    shown = f"‖{held.equation()}‖²" if square else f"Σ {held.equation(PRODUCT)}"
    if terms.over == "all" and alone:
        if len(factors) == 2 and all(term.factors and not term.factors[0].terms for term in factors):
            value = f"np.vdot({factors[0].code()}, {factors[1].code()})"
        else:
            value = f"{product.code(ATOM)}.sum()"
    else:
        where = {"all": "keepdims=True", "rows": "axis=0, keepdims=True", "columns": "axis=1, keepdims=True",
                 "middle": "axis=1"}[terms.over]  # fmt: skip
        value = f"({product.code()}).sum({where})" if len(factors) > 1 else f"{product.code(ATOM)}.sum({where})"
    return times(c, atom(value, shown))
