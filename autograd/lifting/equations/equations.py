"""Prints a program as equations, in text, LaTeX and MathML: z¹ = W¹ x + b¹, δ² = (a² − y) ∘ σ′(z²).

The equations are written as for one example: the number of examples, n, is 1 in them. Sums over the examples have a Σ
all the same. Views that only change the shape of an array, or broadcast it, are not written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ... import table
from ...formulas import typesetting
from ...operation import LogSumExp
from ...programs.assignments import Assignment, Constant, Contraction, Fold, Map, View
from ...programs.backward_kinds import Buffer, Put, Slope
from ...programs.loops import Carried, Last, Loop, PastSum, Step, everything, leaves
from ...programs.roles import Role
from ..layout import Ids
from ..passes.arithmetic import is_number, number_of
from ..passes.filling import Filling, How
from ..passes.forward import ForwardPass
from ..passes.reverse import BackwardPass
from ..printing.names import Name, Names
from .lines import Equation, Line, Steps
from .parts import Split, block, bounds, sizes, splits
from .pieces import Shown, named, outer_product, shown, summed
from .products import Operand, contracted
from .rules import applied, slope
from .symbols import Symbols, after, is_written_out

__all__ = ["equations"]

WEIGHTS, BIASES = "WUwv", "b"
AT_T = typesetting.Piece("ₜ", "_{t}", ("<msub><mrow></mrow><mi>t</mi></msub>",))  # the index of a step


def equations(forward: ForwardPass, back: BackwardPass | None, names: Names) -> tuple[list[Line], list[Line]]:
    """Returns two lists: the lines of each pass. `names` are the names that the other printers use."""
    writer = _Writer(forward, back, names)
    of_back = back.assignments if back is not None else []
    passes = [[*writer.lines(assignments)] for assignments in (forward.assignments, of_back)]
    writer.asked |= {forward.result, *forward.result.operands}
    first, second = ([line for x, line in found if isinstance(x, Put | Loop) or x in writer.asked] for found in passes)
    return first, second


class _Writer:
    def __init__(self, forward: ForwardPass, back: BackwardPass | None, names: Names) -> None:
        self.names = names
        all_of_it = [*everything([*forward.assignments, *(back.assignments if back is not None else ())])]
        self.symbols = Symbols(names, lambda: self._of(forward.result), all_of_it)
        self.asked: set[Assignment | Split] = set()  # arrays that an equation reads, and splits whose parts it reads
        taken = {name.role.letter for name in names.of.values()}
        self.written: dict[Assignment, Shown] = {}
        for leaf, letter in ((forward.parameters, "p"), (forward.inputs, "x")):  # p₀ if a part of it is p
            self.written[leaf] = named(letter, below="0" if letter in taken else "")
        if back is not None:
            self.written[back.n] = shown(1.0)
            self.written[back.gradient] = self.symbols.derivative(self.written[forward.parameters])
        self.views = {(x.index.shape, x.index.tobytes()): name for x, name in names.of.items()
                      if isinstance(x, View) and not x.varies}  # fmt: skip
        self.filling, self.turned = Filling(all_of_it), forward.turned
        self.splits = splits(all_of_it)
        self.last_put = {x.operands[0]: x for x in all_of_it if isinstance(x, Put)}
        self.in_parts: dict[Assignment, bool] = {}  # whether a buffer was last filled part by part
        self.behind_errors: set[Assignment] = set()  # arrays that depend on an error δ
        for x in all_of_it:
            if isinstance(x, Loop):
                self.behind_errors |= {one for one, then in x.carried if _reads_error(then)}

    def lines(self, assignments: Sequence[Assignment]) -> Iterator[tuple[Assignment | Split, Line]]:
        """Yields the lines of assignments, each with the array that it defines."""
        for x in assignments:
            if isinstance(x, Loop):
                yield from self._loop(x)
            elif isinstance(x, Put) and x.role is None:
                yield from self._filled(x)
            elif not is_written_out(x):
                yield x, self.equation(x)
                yield from self._apart(x)

    def _loop(self, loop: Loop) -> Iterator[tuple[Assignment | Split, Line]]:
        """Yields the lines of a loop: the arrays that its first step gets, and then the lines of one step t."""
        ahead, first = (str(loop.steps + 1), str(loop.steps)) if loop.backwards else ("0", "1")
        for one, _ in loop.carried:
            step = "" if one.is_total else first if self.symbols.is_itself(one) else ahead
            yield loop, Equation(self.symbols.of(one, step=step).piece, False, self._of(one.operands[0]).piece)
        yield loop, Steps(loop.steps, loop.backwards)
        for x in leaves(loop):
            if isinstance(x, PastSum):
                yield loop, Equation(self._of(x).piece, False, self._over_past(x, loop.steps).piece)
            elif isinstance(x, Step) and self.symbols.is_itself(x):
                yield loop, Equation(self._of(x).piece, False, self._of(x.operands[0]).placed(AT_T).piece)
        yield from ((key if isinstance(key, Split) else loop, line) for key, line in self.lines(loop.body))
        for made, kept in loop.kept.items():
            if self.symbols.is_itself(kept):
                yield loop, Equation(self.symbols.of(kept, step="t").piece, False, self._of(made).piece)
        for one, then in loop.carried:
            if self.symbols.is_itself(one):
                step = "" if one.is_total else after(loop)
                yield loop, Equation(self.symbols.of(one, step=step).piece, False, self._of(then).piece)
        yield loop, Steps(0, False)

    def _filled(self, put: Put) -> Iterator[tuple[Assignment | Split, Line]]:
        """Yields the line that fills a buffer or a part of it, and lines that split the buffer or join its parts."""
        buffer = put.operands[0]
        found = block(put.index, buffer.shape)
        in_parts, was_in_parts = found is not None and not found.is_whole, self.in_parts.get(buffer)
        if was_in_parts is not None and in_parts != was_in_parts:
            yield from self._apart(buffer) if in_parts else self._together(buffer)
        yield put, self.equation(put)
        self.in_parts[buffer] = in_parts
        if in_parts and self.last_put[buffer] is put:
            yield from self._together(buffer)

    def _apart(self, x: Assignment) -> Iterator[tuple[Assignment | Split, Line]]:
        """Yields the line that splits an array, such as (zᵃ, zᵇ) = z, each of size 3 × 4; nothing without a split."""
        if (split := self.splits.get(x)) is not None and not split.blocks[0].is_whole:
            right = typesetting.joined(self.symbols.of(x).piece, sizes(split.blocks))
            yield split, Equation(self._parts(split), False, right)

    def _together(self, x: Assignment) -> Iterator[tuple[Assignment | Split, Line]]:
        """Yields the line that joins the parts of an array, such as δ = (δᵃ, δᵇ); nothing without a split."""
        if (split := self.splits.get(x)) is not None:
            yield x, Equation(self.symbols.of(x).piece, False, self._parts(split))

    def _parts(self, split: Split) -> typesetting.Piece:
        return typesetting.call(_text(""), [self.symbols.of(split.of, split.letter(x)).piece for x in split.blocks])

    def _over_past(self, x: PastSum, steps: int) -> Shown:
        """Returns a sum over earlier steps, such as Σ L[t, 1…t−1] ∘ x[1…t−1].

        L is the matrix of the weights: its row t is multiplied by the results x of the earlier steps.
        """
        matrix, *first = x.operands
        assert x.of is not None
        last = "t−1" if not first else "t" if x.before == 1 else f"t+{x.before - 1}"
        until = f"t+1…{steps}" if x.backwards else f"1…{last}"
        rows = matrix.operands[0] if isinstance(matrix, View) else matrix  # the transpose has its columns
        row = self._of(rows).placed(_text(f"[{until}, t]" if x.backwards else f"[t, {until}]"))
        past = self.symbols.of(x.of, step="") if x.of.name and not is_written_out(x.of) else self._of(x.of)
        return summed(row * past.placed(_text(f"[{until}]")))

    def equation(self, x: Assignment) -> Equation:
        """Returns the line of an assignment."""
        if isinstance(x, Put):
            return self._put(x)
        assert x.role is not None
        made, split = self._expression(x), self.splits.get(x)
        value, left = made.piece, self.symbols.of(x).indexed(made.axes)
        if split is not None and split.blocks[0].is_whole:
            value = typesetting.joined(value, sizes(split.blocks))
        return Equation(left.piece, False, value, self._which(x, x.operands))

    def _which(self, of: Assignment, made: Sequence[Assignment]) -> str:
        """Returns "BP2" for an error δ that depends on another error, "BP1" for any other error, "" for other arrays.

        `made` are the operands of the array.
        """
        is_behind, is_error = any(map(self._is_behind, made)), of.role is not None and of.role.letter == "δ"
        if is_behind or is_error:
            self.behind_errors.add(of)
        return ("BP2" if is_behind else "BP1") if is_error else ""

    def _is_behind(self, x: Assignment) -> bool:
        is_open = not x.name or is_written_out(x) or isinstance(x, Carried)
        return x in self.behind_errors or (is_open and any(map(self._is_behind, x.operands)))

    def _put(self, put: Put) -> Equation:
        buffer, part = put.operands
        if put.role is not None:
            name = self.views.get((put.index.shape, put.index.tobytes()), Name(put.role, 1, ""))
            left = self.symbols.derivative(self.symbols.symbol(name))
            which = "BP4" if put.role.letter in WEIGHTS else "BP3" if put.role.letter in BIASES else ""
        else:
            left, which = self._part(buffer, put.index), self._which(buffer, [part])
        right = self._of(part)
        return Equation(left.indexed(right.axes).piece, self.filling.how[put] is not How.SET, right.piece, which)

    # ---- names

    def _of(self, x: Assignment) -> Shown:
        """Returns the symbol or the expression of an array."""
        self.asked.add(x)
        if isinstance(x, Last) and (not x.of.name or is_written_out(x.of)):
            return self._of(x.of)
        if x not in self.written:
            is_expression = not x.name or is_written_out(x)
            self.written[x] = self._expression(x) if is_expression else self.symbols.of(x)
        return self.written[x]

    # ---- expressions

    def _expression(self, x: Assignment) -> Shown:
        if is_number(x):
            return shown(number_of(x))
        return KINDS[type(x)](self, x)

    def _of_constant(self, x: Constant) -> Shown:
        values = x.value
        return shown(float(values.flat[0])) if values.size and (values == values.flat[0]).all() else self.symbols.of(x)

    def _of_map(self, x: Map) -> Shown:
        if x.op is table.MUL and not any(map(is_number, x.operands)):
            factors = [self._factor(operand, x) for operand in x.operands]
            return outer_product(*factors) if _lie_apart(*x.operands) else factors[0] * factors[1]
        return shown(applied(x.op, *map(self._argument, x.operands)))

    def _of_slope(self, x: Slope) -> Shown:
        if isinstance(x.op, LogSumExp):
            rows = self._of(x.operands[1])
            columns = rows.turned
            made = shown(slope(x.op, None, [rows if columns is None else columns], x.position))
            return made if columns is None else made.transposed
        y, *inputs = map(self._argument, x.operands)
        return shown(slope(x.op, y, inputs, x.position))

    def _argument(self, x: Assignment) -> Shown | float:
        return number_of(x) if is_number(x) else self._of(x)

    def _factor(self, x: Assignment, of: Assignment) -> Shown:
        """Returns an operand of a product. In a square, a difference a − y that stands for y − a becomes y − a."""
        is_turned = x in self.turned and {*of.operands} == {x}
        return self._expression(replace(x, operands=x.operands[::-1])) if is_turned else self._of(x)

    def _of_fold(self, x: Fold) -> Shown:
        """Returns an operation on each row of an array. For xᵀ it is written with x, whose columns are these rows."""
        rows = self._of(x.operands[0])
        return shown(applied(x.op, rows if rows.turned is None else rows.turned))

    def _of_contraction(self, x: Contraction) -> Shown:
        extents: dict[str, int] = {}
        for letters, operand in zip(x.letters, x.operands, strict=True):
            extents |= dict(zip(letters, operand.shape, strict=True))
        operands = [Operand(self._factor(operand, x), letters, operand.varies)
                    for letters, operand in zip(x.letters, x.operands, strict=True)]  # fmt: skip
        first, last = x.operands[0], x.operands[-1]
        if isinstance(last, Constant) and first.role and first.role.letter not in WEIGHTS:  # constants come first
            operands = [operands[-1], *operands[:-1]]
        return contracted(operands, x.out, x.varies, extents)

    def _of_view(self, x: View) -> Shown:
        (source,) = x.operands
        return self._part(source, x.index)

    def _part(self, source: Assignment, index: Ids) -> Shown:
        """Returns some elements of an array: a block by its name, a slice by its bounds, others by an index array i."""
        found, split = block(index, source.shape), self.splits.get(source)
        letter = split.letter(found) if split is not None and found is not None else ""
        if split is not None and found is not None and letter:
            self.asked |= {split} if isinstance(source, Buffer) else {split, source}
            part = self.symbols.of(source, letter)
            return part.transposed if found.is_turned else part
        of, full = self._of(source), tuple(k for k in source.shape if k > 1)
        if of.is_number or not full:
            return of
        if found is not None and found.is_whole:
            return of.transposed if found.is_turned else of
        ranges = bounds(index, source.shape)
        inside = self.symbols.symbol(self.names.numbers(index, Role("i"))).piece if ranges is None else _text(ranges[0])
        part, is_turned = of.placed(typesetting.enclosed("[", inside, "]")), ranges is not None and ranges[1]
        return part.transposed if is_turned else part


KINDS: Mapping[type, Callable[[_Writer, Any], Shown]] = {
    Constant: _Writer._of_constant,
    Contraction: _Writer._of_contraction,
    Fold: _Writer._of_fold,
    Map: _Writer._of_map,
    Slope: _Writer._of_slope,
    View: _Writer._of_view,
}


def _reads_error(x: Assignment) -> bool:
    """Returns whether an array depends on an error δ."""
    seen, stack = {x}, [x]
    while stack:
        x = stack.pop()
        if x.role is not None and x.role.letter == "δ":
            return True
        stack += [operand for operand in x.operands if operand not in seen]
        seen |= {*x.operands}
    return False


def _lie_apart(a: Assignment, b: Assignment) -> bool:
    """Returns whether all axes of a come before those of b, so that their elementwise product is an outer product."""
    shape = np.broadcast_shapes(a.shape, b.shape)
    along = [[k - len(x.shape) for k, extent in enumerate(x.shape) if extent > 1] for x in (a, b)]
    return len(shape) > 1 and bool(along[0] and along[1]) and max(along[0]) < min(along[1])


def _text(text: str) -> typesetting.Piece:
    latex = text.replace("…", r"\ldots ").replace("·", r"\cdot ").replace("−", "-")
    return typesetting.Piece(text, latex, (f"<mtext>{text}</mtext>",))
