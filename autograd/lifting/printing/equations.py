"""The printer of array programs that writes equations, as text and as LaTeX: z¹ = W¹ x + b¹, δ² = (a² − y) ∘ σ′(z²).

They are those of one example: the number of examples is 1 in them, though Σ stands where a sum over the examples is.
Views that only add or drop axes of length 1, or spread an array along an axis, are not written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ... import table
from ...formulas import typesetting
from ...operation import LogSumExp
from ...programs.assignments import Assignment, Constant, Contraction, Fold, Map, View
from ...programs.backward_kinds import Buffer, Put, Slope
from ...programs.loops import Last, Loop, PastSum, Step, everything, leaves
from ...programs.roles import Role
from ..layout import Ids
from ..passes.arithmetic import is_number, number_of
from ..passes.filling import Filling, How
from ..passes.forward import ForwardPass
from ..passes.reverse import BackwardPass
from .lines import Equation, Line, Steps
from .names import Name, Names
from .places import place
from .shown import Shown, atom, named, outer_product, shown, summed
from .shown_parts import Split, block, sizes, splits, without_copies
from .shown_products import Operand, contracted
from .shown_rules import applied, slope

__all__ = ["equations"]

WEIGHTS, BIASES = "WUwv", "b"
SHORT = 6  # operations


def equations(forward: ForwardPass, back: BackwardPass | None, names: Names) -> tuple[list[Line], list[Line]]:
    """The equations of both passes, with the names that other printers use."""
    writer = _Writer(forward, back, names)
    of_back = back.assignments if back is not None else []
    passes = [[*writer.lines(assignments)] for assignments in (forward.assignments, of_back)]
    writer.asked |= {forward.result, *forward.result.operands}
    first, second = ([line for x, line in found if isinstance(x, Put | Loop) or x in writer.asked] for found in passes)
    return first, second


class _Writer:
    def __init__(self, forward: ForwardPass, back: BackwardPass | None, names: Names) -> None:
        self.names, self.result = names, forward.result
        self.asked: set[Assignment | Split] = set()  # arrays that some equation reads, or whose parts it reads
        taken = {name.role.letter for name in names.of.values()}
        self.written: dict[Assignment, Shown] = {}
        for leaf, letter in ((forward.parameters, "p"), (forward.inputs, "x")):  # all of them; p₀ where a part is p
            self.written[leaf] = named(letter, below="0" if letter in taken else "")
        if back is not None:
            self.written[back.n] = shown(1.0)
            self.written[back.gradient] = self._derivative(self.written[forward.parameters])
        self.views = {(x.index.shape, x.index.tobytes()): name for x, name in names.of.items()
                      if isinstance(x, View) and not x.varies}  # fmt: skip
        all_of_it = [*everything([*forward.assignments, *(back.assignments if back is not None else ())])]
        self.filling = Filling(all_of_it)
        self.splits = {x: split for x, split in splits(all_of_it).items() if not _is_written_out(x)}
        self.last_put = {x.operands[0]: x for x in all_of_it if isinstance(x, Put)}
        self.in_parts: dict[Assignment, bool] = {}  # whether what was put into a buffer so far stands in its parts
        self.behind_errors: set[Assignment] = set()  # that an error δ has a part in

    def lines(self, assignments: Sequence[Assignment]) -> Iterator[tuple[Assignment | Split, Line]]:
        """The lines of assignments, each with the array that it defines.

        The lines of a loop stand once, with what it begins with and what it hands on.
        """
        for x in assignments:
            if isinstance(x, Loop):
                for one, _ in x.carried:
                    yield x, Equation(self._of(one).piece, False, self._of(one.operands[0]).piece)
                yield x, Steps(x.steps, x.backwards)
                for step in leaves(x):
                    if isinstance(step, Step):
                        yield x, Equation(self._of(step).piece, False, self._at_step(step.operands[0]).piece)
                    elif isinstance(step, PastSum):
                        yield x, Equation(self._of(step).piece, False, self._over_past(step).piece)
                yield from ((key if isinstance(key, Split) else x, line) for key, line in self.lines(x.body))
                for made, kept in x.kept.items():
                    yield x, Equation(self._at_step(kept).piece, False, self._of(made).piece)
                for one, after in x.carried:
                    yield x, Equation(self._of(one).piece, False, self._of(after).piece)
                yield x, Steps(0, False)
            elif isinstance(x, Put) and x.role is None:
                yield from self._filled(x)
            elif not _is_written_out(x):
                yield x, self.equation(x)
                yield from self._apart(x)

    def _filled(self, put: Put) -> Iterator[tuple[Assignment | Split, Line]]:
        """A line that fills a buffer or a part of it, and those that split the buffer before or put it together."""
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
        """(zᵃ, zᵇ) = z, each of size 3 × 4."""
        if (split := self.splits.get(x)) is not None and not split.blocks[0].is_whole:
            right = typesetting.joined(self._named(x).piece, sizes(split.blocks))
            yield split, Equation(self._parts(split), False, right)

    def _together(self, x: Assignment) -> Iterator[tuple[Assignment | Split, Line]]:
        """δ = (δᵃ, δᵇ)."""
        if (split := self.splits.get(x)) is not None:
            yield x, Equation(self._named(x).piece, False, self._parts(split))

    def _parts(self, split: Split) -> typesetting.Piece:
        name = self.names.give(split.of)
        return typesetting.call(_place(""), [self._symbol(name, split.letter(x)).piece for x in split.blocks])

    def _at_step(self, x: Assignment) -> Shown:
        return self._of(x).placed(_place("[t]"))

    def _over_past(self, x: PastSum) -> Shown:
        """Σ L[t, :t] ∘ x[:t]: the row of the matrix, times what there is by now."""
        matrix, *first = x.operands
        assert x.of is not None
        until = "t + 1:" if x.backwards else f":t + {x.before}" if first else ":t"
        rows = matrix.operands[0] if isinstance(matrix, View) else matrix  # the transpose has its columns
        row = self._of(rows).placed(_place(f"[{until}, t]" if x.backwards else f"[t, {until}]"))
        return summed(row * self._of(x.of).placed(_place(f"[{until}]")))

    def equation(self, x: Assignment) -> Equation:
        """An assignment's line."""
        if isinstance(x, Put):
            return self._put(x)
        assert x.role is not None
        value, split = self._expression(x).piece, self.splits.get(x)
        if split is not None and split.blocks[0].is_whole:
            value = typesetting.joined(value, sizes(split.blocks))
        return Equation(self._named(x).piece, False, value, self._which(x, x.operands))

    def _which(self, of: Assignment, made: Sequence[Assignment]) -> str:
        """BP1 or BP2 for an error, which is made of these: that of the output comes of no other error."""
        is_behind = any(map(self._is_behind, made))
        assert of.role is not None
        is_error = of.role.letter == "δ"
        if is_behind or is_error:
            self.behind_errors.add(of)
        return ("BP2" if is_behind else "BP1") if is_error else ""

    def _is_behind(self, x: Assignment) -> bool:
        return x in self.behind_errors or ((not x.name or _is_written_out(x)) and any(map(self._is_behind, x.operands)))

    def _put(self, put: Put) -> Equation:
        buffer, part = put.operands
        if put.role is not None:
            name = self.views.get((put.index.shape, put.index.tobytes()), Name(put.role, 1, ""))
            left, which = self._derivative(self._symbol(name)), ""
            if put.role.of_layer:
                which = "BP4" if put.role.letter in WEIGHTS else "BP3" if put.role.letter in BIASES else ""
        else:
            left, which = self._part(buffer, put.index), self._which(buffer, [part])
        return Equation(left.piece, self.filling.how[put] is not How.SET, self._of(part).piece, which)

    # ---- names

    def _of(self, x: Assignment) -> Shown:
        """What stands for an array: its name, or the expression that it is."""
        self.asked.add(x)
        if isinstance(x, Last):
            return self._of(x.of)
        if x not in self.written:
            is_expression = not x.name or _is_written_out(x)
            self.written[x] = self._expression(x) if is_expression else self._named(x)
        return self.written[x]

    def _named(self, x: Assignment) -> Shown:
        if isinstance(x, Constant):
            return self._symbol(self.names.numbers(x.value, x.role or Role("k")))
        return self._symbol(self.names.give(x))

    def _symbol(self, name: Name, part: str = "") -> Shown:
        """A name, that of a part of the array with the part's letter."""
        role, copy = name.role, name.copy
        if role.of is not None:
            return self._derivative(self._symbol(Name(role.of, copy, ""), part))
        above = str(role.number) if role.of_layer else ""
        below = [str(role.number)] if role.number and not role.of_layer else []
        return named(role.letter, above, ",".join([*below, *([str(copy)] if copy > 1 else [])]), part)

    def _derivative(self, by: Shown) -> Shown:
        return atom(typesetting.ratio(self._of(self.result).piece, by.piece), is_raised=True)

    # ---- expressions

    def _expression(self, x: Assignment) -> Shown:
        if is_number(x):
            return shown(number_of(x))
        return KINDS[type(x)](self, x)

    def _of_constant(self, x: Constant) -> Shown:
        values = x.value
        return shown(float(values.flat[0])) if values.size and (values == values.flat[0]).all() else self._named(x)

    def _of_map(self, x: Map) -> Shown:
        if x.op is table.MUL and _lie_apart(*x.operands):
            return outer_product(*map(self._of, x.operands))
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

    def _of_fold(self, x: Fold) -> Shown:
        """An operation of each row; of each column, if they are the rows of a transpose."""
        rows = self._of(x.operands[0])
        return shown(applied(x.op, rows if rows.turned is None else rows.turned))

    def _of_contraction(self, x: Contraction) -> Shown:
        extents: dict[str, int] = {}
        for letters, operand in zip(x.letters, x.operands, strict=True):
            extents |= dict(zip(letters, operand.shape, strict=True))
        operands = [Operand(self._of(operand), letters, operand.varies)
                    for letters, operand in zip(x.letters, x.operands, strict=True)]  # fmt: skip
        first, last = x.operands[0], x.operands[-1]
        if isinstance(last, Constant) and first.role and first.role.letter not in WEIGHTS:  # in front, as a number is
            operands = [operands[-1], *operands[:-1]]
        return contracted(operands, x.out, x.varies, extents)

    def _of_view(self, x: View) -> Shown:
        (source,) = x.operands
        return self._part(source, x.index)

    def _part(self, source: Assignment, index: Ids) -> Shown:
        """Some elements of an array: a block has its name, other parts have their place, and the rest are [i]."""
        found, split = block(index, source.shape), self.splits.get(source)
        letter = split.letter(found) if split is not None and found is not None else ""
        if split is not None and found is not None and letter:
            self.asked |= {split} if isinstance(source, Buffer) else {split, source}
            part = self._symbol(self.names.give(source), letter)
            return part.transposed if found.is_turned else part
        of, full = self._of(source), tuple(k for k in source.shape if k > 1)
        if of.is_number or not full:
            return of
        if found is None:
            is_turned, picked = False, without_copies(index)
        else:
            is_turned, picked = found.is_turned, found.positions(full)
        at = place(picked, full, False, flat=True)
        if at is None or (at.text and not at.is_index):
            part = of.placed(_place(f"[{self._symbol(self.names.numbers(index, Role('i'))).piece.text}]"))
        else:
            part = of.placed(_place(at.text)) if at.text else of
        return part.transposed if is_turned else part


KINDS: Mapping[type, Callable[[_Writer, Any], Shown]] = {
    Constant: _Writer._of_constant,
    Contraction: _Writer._of_contraction,
    Fold: _Writer._of_fold,
    Map: _Writer._of_map,
    Slope: _Writer._of_slope,
    View: _Writer._of_view,
}


def _is_written_out(x: Assignment) -> bool:
    """Whether it has a name only because code works it out once, and is short enough to stand where it is used."""
    return x.role is not None and x.role.letter == "t" and _size(x) <= SHORT


def _size(x: Assignment) -> int:
    """How many operations it is written with, at most one more than what is short."""
    count = 1
    for operand in x.operands:
        is_part = not operand.name or (operand.role is not None and operand.role.letter == "t")
        count += _size(operand) if is_part and count <= SHORT else 0
    return min(count, SHORT + 1)


def _lie_apart(a: Assignment, b: Assignment) -> bool:
    """Whether the axes of a come before those of b, so that their product is an outer one."""
    shape = np.broadcast_shapes(a.shape, b.shape)
    along = [[k - len(x.shape) for k, extent in enumerate(x.shape) if extent > 1] for x in (a, b)]
    return len(shape) > 1 and bool(along[0] and along[1]) and max(along[0]) < min(along[1])


def _place(text: str) -> typesetting.Piece:
    return typesetting.Piece(text, rf"\text{{{text}}}", (f"<mtext>{text}</mtext>",))
