"""The backward pass: from the cost to every array that a parameter has a part in, a line for each δ and gradient."""

import re
from typing import NamedTuple

from ..formulas.rule_text import ATOM, MATRIX, PRODUCT
from ..operation import Op
from .forward import Lines, stacked
from .gradients import Gradients
from .layout import PARAMETERS, TAPE, Layout, Reading
from .rules import Rules
from .statements import Statement, Terms
from .texts import Term, atom, filled, matrix_product, shown_transpose, times, total

__all__ = ["Backward"]


LONG = 160  # characters: a longer expression gets a name, and a line of its own
MANY = 16  # shares: more of them get a line each


class Share(NamedTuple):
    """What one use of some numbers adds to their gradient; `shape` is that of the array the term makes."""

    term: Term
    shape: tuple[int, ...]
    varies: bool


class Backward:
    """Writes the backward pass from the root, a group of one node."""

    def __init__(self, layout: Layout, statements: list[Statement], rules: Rules, count: int) -> None:
        self.layout, self.rules = layout, rules
        self.lines = Lines()
        self.gradients = Gradients(layout, count, self.lines)
        self.shares: dict[int, list[tuple[Reading, Share]]] = {}
        self.behind_a_layer: set[int] = set()  # arrays whose gradient comes, at least in part, by way of a δ
        self._differentiate(statements[-1], Share(Term(1.0), (1, 1), False))
        for statement in reversed(statements[:-1]):
            if layout.arrays[statement.array].active:
                share = self._gathered(statement)
                if share is not None:
                    self._differentiate(statement, share)
        self.gradients.close()

    # ---- what arrives at an array

    def _gathered(self, statement: Statement) -> Share | None:
        """The gradient of a statement's array: the sum over its uses. None if there are none."""
        layout, array = self.layout, self.layout.arrays[statement.array]
        shares = self.shares.pop(statement.array, [])
        whole = [share for reading, share in shares if reading.whole]
        if statement.array in layout.tape and self.gradients.on_tape:
            start, size = layout.tape[statement.array], array.rows * array.columns
            place = f"g[{start}:{start + size}]"
            if not layout.mapped:
                place += f".reshape({array.rows}, {array.columns})"
            elif not array.varies:
                place += ".sum(axis=1, keepdims=True)"
            whole.append(Share(atom(place, "g"), statement.shape, array.varies))
        parts = [(reading, share) for reading, share in shares if not reading.whole]
        if not shares and not whole:
            return None
        if not parts and len(whole) <= MANY:
            shape = _broadcast(*(share.shape for share in whole))
            return Share(total(share.term for share in whole), shape, any(share.varies for share in whole))
        name, shown = self._name(statement)
        self.lines.code.append(f"{name} = np.zeros(({array.rows}, {'n' if array.varies else array.columns}))")
        for share in whole:
            self.lines.add(name, shown, share.term)
        for reading, share in parts:
            self.gradients.add(name, shown, reading, share.term)
        return Share(atom(name, shown), statement.shape, array.varies)

    # ---- what an array passes on

    def _differentiate(self, statement: Statement, share: Share) -> None:
        """Pass the gradient of a statement on to its operands."""
        uses = [r for r in statement.inputs if r.active]
        uses += [r for terms in statement.sums for r in terms.factors if r.active]
        is_delta = self._name(statement)[0].startswith("delta")  # a z's has a name in the notes
        if is_delta or statement.array in self.behind_a_layer:
            self.behind_a_layer.update(*(self.layout.tape if r.array == TAPE else [r.array] for r in uses))
        heavy = any(terms.over in ("matrix", "stack", "middle") for terms in statement.sums)
        often = len(uses) > 1 or heavy or len(share.term.code()) > LONG
        if (often or is_delta) and not share.term.is_plain and not share.term.is_name:
            share = self._named(statement, share)
        if statement.op is not None:
            through = self._through_reduction if statement.sums else self._through_operation
            through(statement.op, statement, share)
            return
        special = {"matrix": self._through_matrix, "stack": self._through_stack}
        for terms in statement.sums:
            special.get(terms.over, self._through_terms)(statement, terms, share)

    def _named(self, statement: Statement, share: Share) -> Share:
        name, shown = self._name(statement)
        which = ("BP2" if statement.array in self.behind_a_layer else "BP1") if name.startswith("delta") else ""
        self.lines.let(name, shown, share.term, which)
        return share._replace(term=atom(name, shown))

    def _name(self, statement: Statement) -> tuple[str, str]:
        """What the gradient of a statement is called: δ if it is a z."""
        array = self.layout.arrays[statement.array]
        if re.fullmatch(r"z\d+", array.name):
            return f"delta{array.name[1:]}", array.shown.replace("z", "δ")
        return f"d{array.name}", f"∂C/∂{array.shown}"

    def _through_operation(self, op: Op, statement: Statement, share: Share) -> None:
        array = self.layout.arrays[statement.array]
        inputs = [reading.term for reading in statement.inputs]
        shown = [term.equation(ATOM) for term in inputs]
        for position, reading in enumerate(statement.inputs):
            if not reading.active:
                continue
            slope, uses = self.rules.slope(op, array.term, inputs, position, array.shown, shown)
            if not slope.factors and op.is_untaken(slope.coefficient):
                continue
            used = [statement.inputs[i - 1] for i in uses if i]
            whole = [statement.shape] if 0 in uses else []
            shape = _broadcast(share.shape, *(reading.shape for reading in used), *whole)
            varies = share.varies or (0 in uses and array.varies) or any(reading.varies for reading in used)
            self._share(reading, Share(times(share.term, slope), shape, varies), statement.shape, array.varies)

    def _through_reduction(self, op: Op, statement: Statement, share: Share) -> None:
        """An operation of any number of operands: its slopes by all of them are one array."""
        (terms,), array = statement.sums, self.layout.arrays[statement.array]
        (factor,) = terms.factors
        y, term, shape = array.term, share.term, tuple(factor.shape)
        if terms.over == "middle":
            y, term, shape = _within(y), _within(term), (shape[0], 1, shape[1])
        slope, _ = self.rules.slope(op, y, [factor.term], 0, array.shown, [factor.term.equation()])
        self._share(factor, Share(times(term, slope), shape, array.varies), shape, array.varies)

    def _through_matrix(self, statement: Statement, terms: Terms, share: Share) -> None:
        """C = A B: ∂/∂A = δ Bᵀ, ∂/∂B = Aᵀ δ."""
        left, right = terms.factors
        c = Term(terms.coefficient)
        if self.layout.arrays[statement.array].varies and not right.varies:  # one product for all the examples
            share = self._summed(share, statement.shape, True, statement.shape, False)
        full = self._full(share, statement.shape, right.varies).term
        for reading, product in (
            (left, matrix_product(full, right.term.transposed)),
            (right, matrix_product(left.term.transposed, full)),
        ):
            if reading.active:
                self._pass_on(reading, Share(times(c, product), reading.shape, reading.varies))

    def _through_stack(self, statement: Statement, terms: Terms, share: Share) -> None:
        """The same for each column of an example, the weights' gradient being the sum over the columns."""
        left, right = terms.factors
        rows, terms_each = left.shape
        c = Term(terms.coefficient)
        full = self._full(share, statement.shape, True)
        delta = stacked(full.term, statement.shape[0], rows)
        if left.active:
            before = stacked(right.term, right.shape[0], terms_each)
            turned = atom(f"{before.code()}.transpose(0, 2, 1)", shown_transpose(before.equation()))
            product = matrix_product(delta, turned)
            summed = atom(f"({product.code()}).sum(axis=0)", f"Σ {product.equation()}", ATOM, PRODUCT)
            self._pass_on(left, Share(times(c, summed), left.shape, False))
        if right.active:
            product = matrix_product(left.term.transposed, delta)
            flat = atom(f"({product.code()}).reshape({right.shape[0]}, n)", product.equation(), ATOM, MATRIX)
            self._pass_on(right, Share(times(c, flat), right.shape, True))

    def _through_terms(self, statement: Statement, terms: Terms, share: Share) -> None:
        """Σ u v: the share times the other factors, for each one."""
        factors = terms.factors
        square = len(factors) == 2 and factors[0].term == factors[1].term
        c = Term(terms.coefficient), Term(2.0 if square else 1.0)
        term, own = share.term, share.shape
        shape: tuple[int, ...] = statement.shape
        if terms.over == "middle":
            term = _within(term)
            own, shape = (own[0], 1, own[1]), (shape[0], 1, shape[1])
        elif terms.over:
            shape = _broadcast(*(factor.shape for factor in factors))
        varies = self.layout.arrays[statement.array].varies or any(factor.varies for factor in factors)
        for i, factor in enumerate(factors[:1] if square else factors):
            if factor.active:
                others = factors[:i] + factors[i + 1 :]
                made = own if terms.over == "middle" else _broadcast(own, *(other.shape for other in others))
                vary = share.varies or any(other.varies for other in others)
                product = times(*c, term, *(other.term for other in others))
                self._share(factor, Share(product, made, vary), shape, varies)

    def _full(self, share: Share, shape: tuple[int, int], varies: bool) -> Share:
        """The gradient as an array of all rows and columns, for a matrix product."""
        if share.shape == shape and share.varies == varies and not share.term.is_plain:
            return share
        written = f"({shape[0]}, {'n' if varies else shape[1]})"
        return share._replace(term=filled(share.term, written), shape=shape)

    def _summed(
        self, share: Share, shape: tuple[int, ...], varies: bool, wanted: tuple[int, int], wanted_varies: bool
    ) -> Share:
        """The share of something of this shape, summed over the rows or columns that what is wanted has not.

        `shape` is what the share counts for: its own array may be smaller, being the same in each row or column.
        """
        axes, term = [], share.term
        for axis in (0, 1):
            examples = axis == 1 and varies and not wanted_varies
            if not examples and (shape[axis] == wanted[axis] or wanted[axis] != 1):
                continue
            if share.varies if examples else share.shape[axis] == shape[axis]:
                axes.append(axis)
            else:
                term = times(atom("n", "n") if examples else Term(float(shape[axis])), term)
        if axes:
            how = {(0,): "axis=0, keepdims=True", (1,): "axis=1, keepdims=True", (0, 1): "keepdims=True"}[tuple(axes)]
            term = atom(f"{term.code(ATOM)}.sum({how})", f"Σ {term.equation(PRODUCT)}", ATOM, MATRIX)
        left = tuple(1 if axis in axes else n for axis, n in enumerate(share.shape))
        return share._replace(term=term, shape=left, varies=share.varies and 1 not in axes)

    def _share(self, reading: Reading, share: Share, shape: tuple[int, ...], varies: bool) -> None:
        """Hand a share to what was read; `shape` is what it counts for, as above."""
        if len(shape) == 2:
            share = self._summed(share, shape, varies, reading.shape, reading.varies)
        elif share.varies and not reading.varies:
            text = f"{share.term.code(ATOM)}.sum(axis=-1, keepdims=True)"
            share = share._replace(term=atom(text, f"Σ {share.term.equation(PRODUCT)}"), varies=False)
        elif varies and not reading.varies:
            share = share._replace(term=times(atom("n", "n"), share.term))
        self._pass_on(reading, share)

    def _pass_on(self, reading: Reading, share: Share) -> None:
        """Hand a share, added up as far as what was read is smaller, to it."""
        if reading.array == PARAMETERS:
            self.gradients.of_parameters(reading, share.term)
        elif reading.array == TAPE:
            self.gradients.of_tape(reading, share.term)
        else:
            self.shares.setdefault(reading.array, []).append((reading, share))


def _within(term: Term) -> Term:
    """An array of rows and columns with an axis more between them, for what is summed."""
    return term if term.is_plain else atom(f"{term.code(ATOM)}[:, None]", term.equation(ATOM))


def _broadcast(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(max(sizes) for sizes in zip(*shapes, strict=True))
