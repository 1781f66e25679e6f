"""Writes each kind of assignment as code, as far as NumPy, JAX and PyTorch share this code.

The printers of these targets are subclasses, and write the whole program.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import table
from ...programs.assignments import Assignment, Constant, Contraction, Fold, Leaf, Map, View
from ...programs.backward_kinds import Buffer, Examples, Put, Slope
from ...programs.loops import Kept, Last, Loop, everything
from ...programs.roles import Role
from ..layout import Ids, full_rank, is_spread, whole
from ..passes.arithmetic import is_condition, is_number, number_of
from ..passes.forward import ForwardPass
from ..passes.reverse import BackwardPass
from .contraction_code import ONES, Operand, contracted
from .dialects import Dialect
from .folds import fold_of, folds, named_read
from .names import Names
from .pieces import Code, as_numbers, extents, held, literal, pieces_of
from .places import Place, place
from .rules import Rules

__all__ = ["Expressions"]


class Expressions:
    """Writes the assignments of both passes; `body` has the lines, `arrays` the constant arrays that the code needs."""

    def __init__(self, dialect: Dialect, forward: ForwardPass, back: BackwardPass | None) -> None:
        self.dialect = dialect
        self.rules = Rules({}, dialect)
        self.arrays: dict[str, NDArray[Any]] = {}
        self.names: dict[Assignment, str] = {}
        self.given = Names()
        self.named_views: dict[tuple[object, ...], str] = {}  # names of the parameters' views, by shape and positions
        self.body: list[str] = []
        self.infinite = False  # whether the code contains inf or nan
        self.adds_up = False  # whether the code sums over the examples by a product with ones
        self.direction = [forward.direction] if forward.direction else []
        for leaf in (forward.parameters, forward.inputs, *self.direction):
            self.names[leaf] = self.given.free(leaf.name)
        self.softmaxes: dict[Assignment | None, str] = {}
        both = [*forward.assignments, *(back.assignments if back else ())]
        self.sloped = {fold for x in both for fold in folds(x)}
        self.read = _read([*everything(both)], forward.result)
        if self.read & self.sloped:  # if one value is read, all are computed, by one function
            self.read |= self.sloped

    # ---- statements

    def statements(self, assignments: Sequence[Assignment]) -> None:
        """Writes the lines of these assignments."""
        for x in assignments:
            if isinstance(x, Put):
                self.put(x)
            elif isinstance(x, Loop):
                self.loop(x)
            elif x in self.sloped and isinstance(x, Fold):
                is_read = x in self.read
                value = self.rules.along(x.op, self.code(x.operands[0]), is_read, slopes=True)
                names = [self.name(x)] if is_read else []
                self.names[x] = names[0] if names else ""
                self.softmaxes[x] = self.given.free("softmax")
                self.body.append(f"{', '.join([*names, self.softmaxes[x]])} = {held(value)}")
            elif fold_of(x) in self.softmaxes:
                self.names[x] = self.softmaxes[fold_of(x)]
            else:
                value = self.expression(x)
                if x not in self.names:  # a constant has a name already
                    self.body.append(f"{self.name(x)} = {held(value, truth=is_condition(x))}")

    def put(self, put: Put) -> None:
        """Writes the line that sets a part of a buffer, or adds to it."""
        raise NotImplementedError

    def loop(self, loop: Loop) -> None:
        """Writes the lines of a loop."""
        raise NotImplementedError

    # ---- expressions

    def code(self, x: Assignment) -> Any:
        """Returns code for an array: its name or its expression; for a plain number, the number as a float."""
        if is_number(x):
            self.infinite = self.infinite or not math.isfinite(number_of(x))
            return number_of(x)
        if x in self.names:
            return self._named(x)
        if isinstance(x, Buffer):
            return self.buffer(x)
        if isinstance(x, Constant):
            return self._constant(x)
        if isinstance(x, Kept | Last):
            return self.of_loop(x)
        if x.name and isinstance(x, View) and isinstance(x.operands[0], Leaf):
            return self.leaf_view(x)
        return self.expression(x)

    def _named(self, x: Assignment) -> Code:
        code = Code(self.names[x], is_name=True, is_truth=is_condition(x))
        if code.is_truth and self.dialect.truth:
            code.as_numbers = Code(self.dialect.truth.format(code))
        return code

    def expression(self, x: Assignment) -> Any:
        """Returns code for the expression of an assignment."""
        return KINDS[type(x)](self, x)

    def buffer(self, x: Buffer) -> Code:
        """Returns the name of a buffer."""
        return Code(self.name(x), is_name=True)

    def of_loop(self, x: Kept | Last) -> Code:
        """Returns code for a result of a loop."""
        raise NotImplementedError

    def leaf_view(self, x: View) -> Code:
        """Returns the name of a part of the parameters or of the inputs, after writing the line that makes it."""
        code, name = self.expression(x), self.name(x)
        if not x.varies:
            self.named_views[x.index.shape, x.index.tobytes()] = name
        self.leaf_line(x, f"{name} = {code}  # {extents(x.shape, x.varies)}")
        return self._named(x)

    def leaf_line(self, x: View, line: str) -> None:
        """Writes the line that names a part of the parameters or of the inputs."""
        raise NotImplementedError

    def _of_map(self, x: Map) -> Any:
        inputs = [self.code(operand) for operand in x.operands]
        if x.op is table.ADD:
            return inputs[0] + inputs[1]
        if x.op is table.WHERE and isinstance(x.operands[0], Constant) and x.operands[0].shape:
            return self.rules.chosen(*inputs)
        return self.rules.forward(x.op, inputs)

    def _of_slope(self, x: Slope) -> Code:
        fold = fold_of(x)
        if fold in self.softmaxes:
            return Code(self.softmaxes[fold])
        y, *inputs = [self.code(operand) if k in x.uses or is_number(operand) else Code("_")
                      for k, operand in enumerate(x.operands)]  # fmt: skip
        return self.rules.slope(x.op, y, inputs, x.position, x.uses)

    def _of_fold(self, x: Fold) -> Code:
        return self.rules.along(x.op, self.code(x.operands[0]), value=True, slopes=False)

    def _of_contraction(self, x: Contraction) -> Code:
        extents: dict[str, int | str] = {"n": "n"}
        operands = []
        for letters, operand in zip(x.letters, x.operands, strict=True):
            extents |= dict(zip(letters, operand.shape, strict=True))
            code = self.code(operand)
            if is_number(operand) and not self.dialect.has_numbers:
                code = Code(self.dialect.filled("()", literal(code)))
            operands.append(Operand(operand, as_numbers(code), "n" * operand.varies + letters))
        made = self._sum_of_rows(operands, x.out) if self.dialect.for_blas else None
        if made is None:
            made = contracted(operands, "n" * x.varies + x.out, extents, self.dialect)
        self.adds_up = self.adds_up or ONES in pieces_of(made)
        return made

    def _sum_of_rows(self, operands: Sequence[Operand], out: str) -> Code | None:
        """Returns code for the row sums of a matrix as a product with ones, which is faster; None for other sums."""
        ((of, code, axes), *others) = operands
        if others or of.varies or len(axes) != 2 or out != axes[0]:
            return None
        return code @ Code(self.array(np.ones(of.shape[1]), Role("ones")))

    def _of_examples(self, x: Examples) -> Code:
        return Code("n")

    def _of_constant(self, x: Constant) -> Any:
        if x.value.size and (x.value == x.value.flat[0]).all():
            return Code(self.dialect.filled(f"{x.shape}", literal(float(x.value.flat[0]))))
        return Code(self.array(x.value, Role("k")))

    def _of_view(self, x: View) -> Code:
        (source,) = x.operands
        shape, code = source.shape, self.code(source)
        if not isinstance(code, Code):
            return Code(self.dialect.filled(f"{x.shape}", literal(code)))
        code = as_numbers(code)
        if x.index.shape != (full := full_rank(shape, x.index.ndim)) and is_spread(x.index, shape):
            lead = place(whole(full), shape, source.varies) if x.varies else None
            return Code(
                f"{self.dialect.module}.broadcast_to({code.then(lead.text if lead else '')}, "
                f"{extents(x.shape, x.varies)})"
            )
        return self.picked(code, x.index, shape, source.varies, self._by_strides(source))

    def picked(self, code: Code, index: Ids, shape: tuple[int, ...], varies: bool, flat: bool = False) -> Code:
        """Returns code for the elements at these positions of an array of this shape."""
        found = place(index, shape, varies, flat, self.dialect)
        if found is not None:
            return self.viewed(code, found, index.shape)
        name = self.array(index, Role("i"))
        if self.dialect.for_blas and not varies and len(shape) > 1:
            return code.then(f".take({name})")
        flattened = "" if len(shape) == 1 else f".reshape({'n, ' * varies}-1)"
        return code.then(f"{flattened}[{':, ' * varies}{name}]")

    def _by_strides(self, x: Assignment) -> bool:
        """Returns whether strides may reach the elements of x: in NumPy, for the flat parameters."""
        return self.dialect.for_blas and isinstance(x, Leaf) and not x.varies

    def viewed(self, x: Code, found: Place, shape: tuple[int, ...]) -> Code:
        """Returns code for a view of an array."""
        return x.then(found.text)

    # ---- names

    def _constant(self, x: Constant) -> Code:
        self.names[x] = self.array(x.value, x.role or Role("k"))
        return Code(self.names[x], is_name=True)

    def array(self, values: NDArray[Any], role: Role) -> str:
        """Returns the name of an array of constants, which is added to `arrays` at first use."""
        name = self.given.numbers(values, role).code
        self.arrays.setdefault(name, np.array(values, order="C"))
        return name

    def name(self, x: Assignment) -> str:
        """Returns the name of an array, given at first use."""
        return self.names.setdefault(x, self.given.give(x).code)


KINDS: Mapping[type, Callable[..., Any]] = {
    Map: Expressions._of_map,
    Slope: Expressions._of_slope,
    Fold: Expressions._of_fold,
    Contraction: Expressions._of_contraction,
    View: Expressions._of_view,
    Constant: Expressions._of_constant,
    Examples: Expressions._of_examples,
}


def _read(made: Iterable[Assignment], result: Assignment) -> set[Assignment]:
    """Returns the named arrays that some assignment, or the result, reads."""
    found = {y for x in [*made, result] for y in named_read(x)} | {result}
    for loop in made:
        if isinstance(loop, Loop):
            found |= {*loop.operands, *loop.kept, *loop.ends, *(after for _, after in loop.carried)}
    return found
