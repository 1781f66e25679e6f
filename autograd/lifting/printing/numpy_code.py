"""The printer of array programs that writes NumPy, which is what runs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import table
from ...programs.assignments import Assignment, Constant, Contraction, Fold, Leaf, Map, View
from ...programs.backward_kinds import Buffer, Examples, Put, Slope
from ...programs.loops import Kept, Last, Loop, everything
from ...programs.roles import Role, code_name
from ..passes.arithmetic import is_condition, is_number, number_of
from ..passes.filling import Filling, How
from ..passes.forward import ForwardPass
from ..passes.mean import only_in_result, summed_over_examples
from ..passes.reverse import BackwardPass
from .contraction_code import ONES, Operand, contracted
from .float_rules import Floats
from .folds import fold_of, folds, named_read
from .loop_code import of_loop, shape_of, write_loop
from .names import Names
from .pieces import Code, as_numbers, call, held, literal, pieces_of, spelled
from .places import Place, place
from .rules import Rules

__all__ = ["NumPyProgram"]

MANY = 8  # arrays are named in a program's head, and no more


class NumPyProgram:
    """A module that defines `program`; `arrays` has what it is given as globals, besides the parameters."""

    def __init__(self, forward: ForwardPass, back: BackwardPass | None, mapped: bool, single: bool) -> None:
        self.rules = Rules({})
        self.float_rules = Rules(self.rules.functions, Floats)
        self.singles = forward.singles
        self.on_floats = bool(self.singles)  # whether a loop runs on plain floats, or all
        self.adds_products = False  # whether one of these adds up the products of two lists
        self.floats: dict[Assignment, str] = {}  # what loops on floats read, as a float
        self.lists: dict[Assignment, str] = {}  # and step by step, as a list
        self.arrays: dict[str, NDArray[Any]] = {}
        self.names: dict[Assignment, str] = {}
        self.given = Names()
        self.head: list[str] = []
        self.body: list[str] = []
        self.strided = False
        self.adds_up = False  # over the examples, as a product with ones
        self.leaves = 0  # lines at the beginning of the body, which name parts of the leaves
        self.named_leaves: dict[tuple[Any, ...], str] = {}  # the views of the parameters, by shape and positions
        self.parts: dict[tuple[Any, ...], str] = {}  # the same of the gradient
        self.opened: set[Assignment] = set()  # the buffers that there are
        self.filling = Filling(everything([*forward.assignments, *(back.assignments if back else ())]))
        self.direction = [forward.direction] if forward.direction else []
        for leaf in (forward.parameters, forward.inputs, *self.direction):
            self.names[leaf] = self.given.free(leaf.name)
        for taken in ("n", "np", "math", "mul", "gradient", "program", "backward", "as_strided"):
            self.given.free(taken)
        self.sloped = {fold for x in (*forward.assignments, *(back.assignments if back else ())) for fold in folds(x)}
        made = [*everything([*forward.assignments, *(back.assignments if back else ())])]
        self.read = {y for x in [*made, forward.result] for y in named_read(x)} | {forward.result}
        for loop in made:
            if isinstance(loop, Loop):
                self.read |= {*loop.operands, *loop.kept, *loop.ends, *(after for _, after in loop.carried)}
        if self.read & self.sloped:  # one function for all of them
            self.read |= self.sloped
        self.softmaxes: dict[Assignment | None, str] = {}
        if self.singles:
            self.rules, names = self.float_rules, ", ".join(map(self._name, self.singles))
            self.body.append(f"{names}{',' * (len(self.singles) == 1)} = {self.names[forward.parameters]}.tolist()")
        result, varies = forward.result, forward.result.varies
        inline = only_in_result(result, forward.assignments, back.assignments) if back and varies else set()
        self._statements([x for x in forward.assignments if x not in inline])
        written = self.code(result)
        if mapped and not varies and not self.direction:  # it is the same for each example
            output = (
                f"np.repeat({held(written)}, n)" if single else f"np.broadcast_to({written}, (n, {result.shape[0]}))"
            )
        else:
            output = f"float({held(written)})" if single and not mapped else held(written)
        if back is None:
            self.body.append(f"return {output}")
        else:
            self.names[back.gradient], self.names[back.n] = "gradient", "n"
            self.body += ["if not backward:", f"    return {output}", ""]
            if varies:
                cost = self.given.free(result.name) if result in self.names else self.given.give(result).code
                mean = summed_over_examples(result, inline, back.n)
                self.body.append(f"{cost} = {held(as_numbers(self.code(mean)) / Code('n'))}")
            if not any(isinstance(x, Put) and x.operands[0] is back.gradient for x in back.assignments):
                self.body.append(f"gradient = np.zeros({back.gradient.shape[0]})")
            self._statements(back.assignments)
            gradient = "np.array(gradient)" if self.singles else "gradient"
            self.body.append(f"return {cost if varies else f'float({held(written)})'}, {gradient}")
        self.source = self._module(mapped, back is not None)

    def _module(self, mapped: bool, backward: bool) -> str:
        head = ["import math"] * self.on_floats + ["from operator import mul"] * self.adds_products
        head.append("import numpy as np")
        head += ["from numpy.lib.stride_tricks import as_strided"] * self.strided
        count = next(x for x in self.names if x.name == "parameters").shape
        given = {"parameters": f"({count[0]},)"} | {name: f"{array.shape}" for name, array in self.arrays.items()}
        shown = [f"{name} {shape}" for name, shape in given.items()]
        head += ["", f"# given: {', '.join(shown[:MANY])}{', …' if len(shown) > MANY else ''}", *self.head]
        for name, function in self.rules.functions.items():
            head += ["", "", f"def {name}{function}"]
        arguments = ["inputs"] * mapped + ["backward=True"] * backward + [self.names[v] for v in self.direction]
        body = ["n = len(inputs)"] * mapped + ["ones = np.ones(n)"] * self.adds_up + self.body
        lines = [f"    {line}" if line else "" for line in body]
        return "\n".join([*head, "", "", f"def program({', '.join(arguments)}):", *lines, ""])

    # ---- statements

    def _statements(self, assignments: Sequence[Assignment]) -> None:
        for assignment in assignments:
            if isinstance(assignment, Put):
                self._put(assignment)
            elif isinstance(assignment, Loop):
                write_loop(self, assignment)
            elif assignment in self.sloped and isinstance(assignment, Fold):
                is_read = assignment in self.read
                value = self.rules.along(assignment.op, self.code(assignment.operands[0]), is_read, slopes=True)
                names = [self._name(assignment)] if is_read else []
                self.names[assignment] = names[0] if names else ""
                self.softmaxes[assignment] = self.given.free("softmax")
                self.body.append(f"{', '.join([*names, self.softmaxes[assignment]])} = {held(value)}")
            else:
                if fold_of(assignment) in self.softmaxes:
                    self.names[assignment] = self.softmaxes[fold_of(assignment)]
                    continue
                value = self._expression(assignment)
                if assignment not in self.names:  # a constant has a name already
                    self.body.append(f"{self._name(assignment)} = {held(value, truth=is_condition(assignment))}")

    def _put(self, put: Put) -> None:
        """Set a part of a buffer, or add to it. A part that is ∂C/∂ of a view of the parameters gets a name."""
        buffer, part = put.operands
        if buffer not in self.opened:
            self._open(buffer)
        value, name, how = held(self.code(part)), self.names[buffer], self.filling.how[put]
        found = place(put.index, buffer.shape, buffer.varies, flat=True)
        if found is None:
            index = self._array(put.index, Role("i"))
            flat = "" if len(buffer.shape) == 1 else f".reshape({'n, ' * buffer.varies}-1)"
            if how is How.ADD_AT:
                at = f"np.s_[:, {index}]" if buffer.varies else index
                self.body.append(f"np.add.at({name}{flat}, {at}, {value})")
            else:
                self.body.append(f"{name}{flat}[{':, ' * buffer.varies}{index}] {how.value} {value}")
            return
        view = self._viewed(Code(name), found, put.index.shape)
        if put.role is not None and put.shape:
            view = self._named_part(put, view)
        elif found.is_index:
            self.body.append(f"{view} {how.value} {value}")
            return
        self.body.append(f"{view}[...] {how.value} {value}")

    def _open(self, buffer: Assignment) -> None:
        """The line that makes a buffer."""
        self.opened.add(buffer)
        name = self.names[buffer] if buffer in self.names else self._name(buffer)
        made = f"np.{'zeros' if buffer in self.filling.zeros else 'empty'}({shape_of(buffer)})"
        self.body.append(f"{name} = {f'[0.0] * {buffer.shape[0]}' if self.singles else made}")

    def _named_part(self, put: Put, view: Code) -> Code:
        """The part of the gradient that is ∂C/∂ of a view of the parameters: dW1."""
        key = put.index.shape, put.index.tobytes()
        if key not in self.parts:
            of = self.named_leaves.get(key)
            self.parts[key] = self.given.free(f"d{of}" if of else f"d{code_name(put.role)}" if put.role else "d")
            self.body.append(f"{self.parts[key]} = {view}")
        return Code(self.parts[key])

    def _viewed(self, x: Code, found: Place, shape: tuple[int, ...]) -> Code:
        if not found.strides:
            return x.then(found.text)
        self.strided = True
        return Code(f"as_strided({x.then(found.text)}, {shape}, {found.strides})")

    # ---- expressions

    def code(self, x: Assignment) -> Any:
        """What stands for an array: its name, or the expression that it is; a float for a plain number."""
        if is_number(x):
            return number_of(x)
        if x in self.names:
            return Code(self.names[x], is_name=True, is_truth=is_condition(x))
        if isinstance(x, Buffer):
            return Code(self._name(x), is_name=True)
        if isinstance(x, Constant):
            return self._constant(x)
        if isinstance(x, Kept | Last):
            return of_loop(self, x)
        if x.name and isinstance(x, View) and isinstance(x.operands[0], Leaf):
            return self._leaf_view(x)
        return self._expression(x)

    def _expression(self, x: Assignment) -> Any:
        return getattr(self, f"_of_{type(x).__name__.lower()}")(x)

    def _of_map(self, x: Map) -> Any:
        inputs = [self.code(operand) for operand in x.operands]
        if x.op is table.ADD:
            return inputs[0] + inputs[1]
        if x.op is table.WHERE and isinstance(x.operands[0], Constant) and x.operands[0].shape:
            return call("np.where", *(Code(spelled(a)) if isinstance(a, float) else a for a in inputs))
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
            operands.append(Operand(operand, as_numbers(self.code(operand)), "n" * operand.varies + letters))
        made = contracted(operands, "n" * x.varies + x.out, extents)
        self.adds_up = self.adds_up or ONES in pieces_of(made)
        return made

    def _of_examples(self, x: Examples) -> Code:
        return Code("n")

    def _of_constant(self, x: Constant) -> Any:
        if x.shape == ():
            return call("np.float64", float(x.value))
        if x.value.size and (x.value == x.value.flat[0]).all():
            return Code(f"np.full({x.shape}, {literal(float(x.value.flat[0]))})")
        return Code(self._array(x.value, Role("k")))

    def _of_view(self, x: View) -> Code:
        (source,) = x.operands
        shape, full = source.shape, (1,) * (x.index.ndim - len(source.shape)) + source.shape
        code = self.code(source)
        if not isinstance(code, Code):
            return Code(f"np.full({x.shape}, {literal(code)})")
        code = as_numbers(code)
        spreads = len(full) == x.index.ndim and full != x.index.shape and all(
            k in (1, m) for k, m in zip(full, x.index.shape, strict=True)
        )  # fmt: skip
        if spreads and np.array_equal(
            x.index, np.broadcast_to(np.arange(math.prod(full)).reshape(full), x.index.shape)
        ):
            wide = f"(n, {', '.join(map(str, x.shape))})" if x.varies else f"{x.shape}"
            lead = place(np.arange(math.prod(full)).reshape(full), shape, source.varies) if x.varies else None
            return Code(f"np.broadcast_to({code.then(lead.text if lead else '')}, {wide})")
        found = place(x.index, shape, source.varies, isinstance(source, Leaf) and not source.varies)
        if found is None:
            index = self._array(x.index, Role("i"))
            if source.varies:
                return code.then(f"{'' if len(shape) == 1 else '.reshape(n, -1)'}[:, {index}]")
            return code.then(f"[{index}]" if len(shape) == 1 else f".take({index})")
        return self._viewed(code, found, x.index.shape)

    def _leaf_view(self, x: View) -> Code:
        """A part of the parameters or of the inputs, named once and for all."""
        code = self._of_view(x)
        name = self._name(x)
        if not x.varies:
            self.named_leaves[x.index.shape, x.index.tobytes()] = name
        shape = f"({', '.join([*(['n'] * x.varies), *map(str, x.shape)])}{',' * (len(x.shape) + x.varies == 1)})"
        line = f"{name} = {code}  # {shape}"
        is_view = x.shape and place(x.index, x.operands[0].shape, False, flat=True) is not None
        if x.varies or not is_view:  # a copy has the numbers of now
            self.body.insert(self.leaves, line)
            self.leaves += 1
        else:
            self.head.append(line)
        return Code(name)

    # ---- names

    def _constant(self, x: Constant) -> Code:
        self.names[x] = self._array(x.value, x.role or Role("k"))
        return Code(self.names[x], is_name=True)

    def _array(self, values: NDArray[Any], role: Role) -> str:
        """The name under which the program finds these numbers."""
        name = self.given.numbers(values, role).code
        self.arrays.setdefault(name, np.array(values, order="C"))
        return name

    def _name(self, x: Assignment) -> str:
        """A name for an array that is about to be worked out."""
        return self.names.setdefault(x, self.given.give(x).code)
