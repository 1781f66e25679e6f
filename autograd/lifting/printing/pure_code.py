"""Prints programs that do not write into arrays, as far as JAX and PyTorch share the code."""

from __future__ import annotations

import numpy as np

from ...programs.assignments import Assignment, Map, View
from ...programs.backward_kinds import Buffer, Examples, Put
from ...programs.loops import PastSum
from ...programs.roles import Role, code_name
from ..layout import whole
from ..passes.arithmetic import is_number
from ..passes.forward import ForwardPass
from ..passes.mean import only_in_result, summed_over_examples
from ..passes.reverse import BackwardPass
from .dialects import Dialect
from .expressions import Expressions
from .parts import Part, Parts
from .pieces import Code, as_numbers, extents, held, literal

__all__ = ["PureProgram"]


class PureProgram(Expressions):
    """A module that defines `program`, a function of the parameters, the examples and the numbers in `arrays`."""

    def __init__(self, dialect: Dialect, forward: ForwardPass, back: BackwardPass | None, mapped: bool) -> None:
        super().__init__(dialect, forward, back)
        self.mapped = mapped
        self.views: list[str] = []  # lines that name parts of the parameters and of the inputs
        self.parts: dict[Assignment, Parts] = {}
        for taken in (dialect.module, dialect.name, "n", "np", "program", "backward"):
            self.given.free(taken)
        n = back.n if back else Examples(name="n", role=Role("n"), extents=())
        self.names[n] = "n"
        result = forward.result
        inline = only_in_result(result, forward.assignments, back.assignments if back else ())
        self.statements([x for x in forward.assignments if x not in inline or not result.varies])
        cost = self._cost(result, inline, n)
        self.between(cost)
        gradient = dialect.filled("(0,)", "0")
        if back is not None:
            self.statements(back.assignments)
            gradient = self.code(back.gradient).text
        self.body.append(f"return {cost}, {gradient}")
        self.source = self._module(forward)

    def between(self, cost: str) -> None:
        """Writes the lines between the forward and the backward pass."""

    def _cost(self, result: Assignment, inline: set[Assignment], n: Assignment) -> str:
        """Returns the name of the result, or of its mean over the examples, after writing its line if it has none."""
        if not result.varies:
            code = self.code(result)
            if isinstance(code, Code) and code.is_name and not code.is_truth:
                return code.text
            code = as_numbers(code) if isinstance(code, Code) else Code(self.dialect.filled("()", literal(code)))
        else:
            code = as_numbers(self.code(summed_over_examples(result, inline, n))) / Code("n")
        name = self.given.free(result.name or "C")
        self.body.append(f"{name} = {held(code)}")
        return name

    def _module(self, forward: ForwardPass) -> str:
        shapes = {self.names[forward.parameters]: extents(forward.parameters.shape, False)}
        if self.mapped:
            shapes[self.names[forward.inputs]] = extents(forward.inputs.shape, True)
        shapes |= {name: f"{array.shape}" for name, array in self.arrays.items()}
        head = [*self.imports()]
        for name, function in self.rules.functions.items():
            head += ["", "", f"def {name}{function}"]
        count = [f"n = len({self.names[forward.inputs]})"] * self.mapped
        lines = [f"    {line}" if line else "" for line in [*count, *self.views, *self.body]]
        said = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        return "\n".join([*head, "", "", f"def program({', '.join([*shapes, *self.options()])}):", f"    # {said}",
                          *lines, ""])  # fmt: skip

    def imports(self) -> list[str]:
        """Returns the import lines of the module."""
        return ["import numpy as np"] * self.infinite + [*self.dialect.imports]

    def options(self) -> list[str]:
        """Returns the further arguments of `program`, as code."""
        return []

    # ---- buffers, joined from parts

    def put(self, put: Put) -> None:
        """Adds a part to a buffer; a part with the same positions becomes the sum. The gradient by W1 is named dW1."""
        buffer, value = put.operands
        parts = self.parts.setdefault(buffer, Parts(buffer))
        index, code = np.asarray(put.index), self._in_shape(value, put.index.shape, buffer.varies)
        if np.unique(index).size < index.size:
            code, index = self._added_up(code, put, buffer), whole(buffer.shape)
        same = parts.same(index)
        if same is not None:
            code = same.code + code
        is_own = not code.is_name
        if is_own:
            name = str(same.code) if same and same.is_own else self.given.free(self._part_name(put, buffer))
            self.body.append(f"{name} = {held(code)}")
            code = Code(name, is_name=True)
        if same is None:
            parts.add(Part(code, index, is_own))
        else:
            parts.instead(same, Part(code, index))

    def _part_name(self, put: Put, buffer: Assignment) -> str:
        of = self.named_views.get((put.index.shape, put.index.tobytes()))
        if put.role is None:
            return f"{buffer.name}_part"
        return f"d{of}" if of else f"d{code_name(put.role)}"

    def past(self, past: PastSum, steps: int) -> str:
        """Returns code for the array that a sum over earlier steps reads at first, with zeros for steps to come."""
        zeros = self.dialect.filled(extents((steps,), past.varies), "0")
        if not past.before:
            return zeros
        first = held(self._in_shape(past.operands[1], (past.before,), past.varies))
        return f"{self.dialect.module}.concatenate(({first}, {zeros}), -1)"

    def summed(self, past: PastSum) -> str:
        """Returns code for the number that a step adds for the sums of later steps."""
        assert past.of is not None
        return held(self._in_shape(past.of, past.of.shape, past.varies))

    def _in_shape(self, x: Assignment, shape: tuple[int, ...], varies: bool) -> Code:
        """Returns code for an array, broadcast to the shape for which it stands."""
        code = self.code(x)
        if _is_plain(x):
            return Code(self.dialect.filled(extents(shape, varies), held(code)))
        if (x.shape, x.varies) == (shape, varies):
            return as_numbers(code)
        return Code(f"{self.dialect.module}.broadcast_to({held(code)}, {extents(shape, varies)})")

    def _added_up(self, code: Code, put: Put, buffer: Assignment) -> Code:
        """Returns code for a whole buffer into which a part with repeated positions is added."""
        size, varies = int(np.prod(buffer.shape)), buffer.varies
        flat = f".reshape({'n, ' * varies}-1)"
        zeros, index = self.dialect.filled(extents((size,), varies), "0"), self.array(put.index.ravel(), Role("i"))
        made = Code(self.dialect.added_at.format(zeros=zeros, index=index, value=code.then(flat)))
        return made if len(buffer.shape) == 1 else made.then(f".reshape({extents(buffer.shape, varies)})")

    def buffer(self, x: Buffer) -> Code:
        """Returns the name of a buffer. If parts were added since its last line, another line joins the parts first."""
        parts = self.parts.setdefault(x, Parts(x))
        if not parts.name:
            code = parts.together(self)
            parts.name = code.text if code.is_name else self.given.free(x.name)
            self.body += [f"{parts.name} = {code}"] * (not code.is_name)
        return Code(parts.name, is_name=True)

    def expression(self, x: Assignment) -> Code:
        """Returns code for an expression; a view of a buffer reads only the parts that it needs."""
        if isinstance(x, View) and isinstance(x.operands[0], Buffer) and not self._is_together(x.operands[0]):
            found = self.parts[x.operands[0]].reached(x.index) if x.operands[0] in self.parts else []
            if found:
                return self._read_parts(x, found)
        made: Code = super().expression(x)
        return made

    def _is_together(self, buffer: Assignment) -> bool:
        return buffer in self.parts and bool(self.parts[buffer].name)

    def _read_parts(self, x: View, found: list[Part]) -> Code:
        """Returns code for a view of some parts of a buffer; several parts are concatenated first."""
        sizes = np.cumsum([0, *(part.places.size for part in found)])
        at = np.full(int(np.prod(x.operands[0].shape)), -1)
        for part, start in zip(found, sizes, strict=False):
            at[part.places.ravel()] = start + np.arange(part.places.size)
        if len(found) == 1:
            return self.picked(found[0].code, at[x.index], found[0].places.shape, x.varies)
        joined = Buffer(name="", extents=(int(sizes[-1]),), varies=x.varies)
        lie = [Part(part.code, start + whole(part.places.shape))
               for part, start in zip(found, sizes, strict=False)]  # fmt: skip
        return self.picked(Parts(joined, [lie]).together(self), at[x.index], joined.shape, x.varies)

    def leaf_line(self, x: View, line: str) -> None:
        """Adds the line to `views`."""
        self.views.append(line)


def _is_plain(x: Assignment) -> bool:
    """Returns whether x consists of plain numbers and the number of examples, and so is no array."""
    return is_number(x) or isinstance(x, Examples) or (isinstance(x, Map) and all(map(_is_plain, x.operands)))
