"""Prints programs in NumPy; `Program` runs this code."""

from __future__ import annotations

from typing import Any

from ...formulas.rule_text import ATOM, MATRIX
from ...programs.assignments import Assignment, Leaf, Map, View
from ...programs.backward_kinds import Put
from ...programs.loops import Kept, Last, Loop, everything
from ...programs.roles import Role, code_name
from ..layout import Ids, in_order
from ..passes.filling import Filling, How
from ..passes.forward import ForwardPass
from ..passes.mean import only_in_result, summed_over_examples
from ..passes.reverse import BackwardPass
from .dialects import NUMPY
from .expressions import Expressions
from .float_rules import Floats
from .loop_code import of_loop, shape_of, write_loop
from .pieces import Code, as_numbers, held
from .places import Place, place
from .rules import Rules

__all__ = ["NumPyProgram"]

MANY = 8  # the head of a program lists at most so many arrays


class NumPyProgram(Expressions):
    """A module that defines `program`; the parameters and `arrays` are its globals."""

    def __init__(self, forward: ForwardPass, back: BackwardPass | None, mapped: bool, single: bool) -> None:
        super().__init__(NUMPY, forward, back)
        self.float_rules = Rules(self.rules.functions, NUMPY, Floats)
        self.singles = forward.singles
        self.on_floats = bool(self.singles)  # whether the program, or a loop of it, runs on plain floats
        self.adds_products = False  # whether such a loop adds up products of two lists
        self.floats: dict[Assignment, str] = {}  # arrays that such loops read as a float
        self.lists: dict[Assignment, str] = {}  # arrays that such loops read step by step, as a list
        self.head: list[str] = []
        self.strided = False
        self.leaves = 0  # how many lines at the beginning of the body name parts of leaves
        self.parts: dict[tuple[Any, ...], str] = {}  # names of the gradient's views
        self.opened: set[Assignment] = set()  # buffers that have a line already
        self.filling = Filling(everything([*forward.assignments, *(back.assignments if back else ())]))
        for taken in ("n", "np", "math", "mul", "gradient", "program", "backward", "as_strided", *["ones"] * mapped):
            self.given.free(taken)
        if self.singles:
            self.rules, names = self.float_rules, ", ".join(map(self.name, self.singles))
            self.body.append(f"{names}{',' * (len(self.singles) == 1)} = {self.names[forward.parameters]}.tolist()")
        result, varies = forward.result, forward.result.varies
        inline = only_in_result(result, forward.assignments, back.assignments) if back and varies else set()
        self.statements([x for x in forward.assignments if x not in inline])
        code = self.code(result)
        if mapped and not varies and not self.direction:  # all examples have the same output
            output = f"np.repeat({held(code)}, n)" if single else f"np.broadcast_to({code}, (n, {result.shape[0]}))"
        else:
            output = f"float({held(code)})" if single and not mapped else held(code)
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
            self.statements(back.assignments)
            gradient = "np.array(gradient)" if self.singles else "gradient"
            self.body.append(f"return {cost if varies else f'float({held(code)})'}, {gradient}")
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

    def put(self, put: Put) -> None:
        """Writes the line that sets a part of a buffer, or adds to it. The gradient of a view gets a name."""
        buffer, part, index = _without_new_axes(put)
        code, name, how = self.code(part), self.names.get(buffer, ""), self.filling.how[put]
        if buffer not in self.opened and not self.singles and _is_fresh(code, part) and _is_whole(index, buffer):
            self._open(buffer, held(code))
            return
        if buffer not in self.opened:
            name = self._open(buffer)
        found, value = place(index, buffer.shape, buffer.varies, flat=True), held(code)
        if found is None:
            where = self.array(index, Role("i"))
            flat = "" if len(buffer.shape) == 1 else f".reshape({'n, ' * buffer.varies}-1)"
            if how is How.ADD_AT:
                at = f"np.s_[:, {where}]" if buffer.varies else where
                self.body.append(f"np.add.at({name}{flat}, {at}, {value})")
            else:
                self.body.append(f"{name}{flat}[{':, ' * buffer.varies}{where}] {how.value} {value}")
            return
        view = self.viewed(Code(name), found, index.shape)
        is_named = put.role is not None and bool(put.shape)
        if is_named:
            view = self._named_part(put, index, view)
        if how is How.SET and _is_product_of_shape(code, part, index, buffer):  # BLAS writes into the view
            left, right = code.inside
            self.body.append(f"np.matmul({held(left)}, {held(right)}, out={view})")
        elif (found.is_index and not is_named) or (how is How.ADD and is_named):
            self.body.append(f"{view} {how.value} {value}")
        else:
            self.body.append(f"{view}[...] {how.value} {value}")

    def _open(self, buffer: Assignment, whole: str = "") -> str:
        """Writes the line that makes a buffer, and returns its name. `whole` is the code of numbers that fill it."""
        self.opened.add(buffer)
        name = self.names[buffer] if buffer in self.names else self.name(buffer)
        made = f"np.{'zeros' if buffer in self.filling.zeros else 'empty'}({shape_of(buffer)})"
        self.body.append(f"{name} = {whole or (f'[0.0] * {buffer.shape[0]}' if self.singles else made)}")
        return name

    def _named_part(self, put: Put, index: Ids, view: Code) -> Code:
        """Returns the name of the part of the gradient that belongs to a view of the parameters: dW1 for W1."""
        key = index.shape, index.tobytes()
        if key not in self.parts:
            of = self.named_views.get((put.index.shape, put.index.tobytes()))
            self.parts[key] = self.given.free(f"d{of}" if of else f"d{code_name(put.role)}" if put.role else "d")
            self.body.append(f"{self.parts[key]} = {view}")
        return Code(self.parts[key])

    def loop(self, loop: Loop) -> None:
        """Writes the lines of a loop."""
        write_loop(self, loop)

    def of_loop(self, x: Kept | Last) -> Code:
        """Returns code for a result of a loop."""
        return of_loop(self, x)

    def viewed(self, x: Code, found: Place, shape: tuple[int, ...]) -> Code:
        """Returns code for a view of an array, by `as_strided` if only strides reach its elements."""
        if not found.strides:
            return x.then(found.text)
        self.strided = True
        return Code(f"as_strided({x.then(found.text)}, {shape}, {found.strides})")

    def leaf_line(self, x: View, line: str) -> None:
        """Writes the line of a view of the parameters at the head; a copy, or inputs' part, is made in each call."""
        is_view = x.shape and place(x.index, x.operands[0].shape, False, flat=True) is not None
        if x.varies or not is_view:  # a copy must be made in each call
            self.body.insert(self.leaves, line)
            self.leaves += 1
        else:
            self.head.append(line)


def _without_new_axes(put: Put) -> tuple[Assignment, Assignment, Ids]:
    """Returns the buffer, the numbers and their positions, without a view that only adds axes of length 1."""
    buffer, part = put.operands
    index = put.index
    if isinstance(part, View) and not part.name and part.shape == index.shape:
        (source,) = part.operands
        alone = tuple(k for k in source.shape if k > 1) == tuple(k for k in part.shape if k > 1)
        if alone and source.varies == part.varies and in_order(part.index):
            return buffer, source, index.reshape(source.shape)
    return buffer, part, index


def _is_fresh(code: Any, part: Assignment) -> bool:
    """Returns whether the code is known to make a new array of the whole shape."""
    return isinstance(code, Code) and code.rank < ATOM and not code.is_truth and _spans(part)


def _spans(x: Assignment) -> bool:
    """Returns whether the code is known to have the whole shape: a leaf of that shape is among its operands."""
    if isinstance(x, Leaf):
        return not x.varies
    return isinstance(x, Map) and any(operand.shape == x.shape and _spans(operand) for operand in x.operands)


def _is_product_of_shape(code: Any, part: Assignment, index: Ids, buffer: Assignment) -> bool:
    """Returns whether the code is a product of matrices that has the shape of the buffer's part."""
    is_product = isinstance(code, Code) and code.rank == MATRIX
    return is_product and len(part.shape) > 1 and (part.shape, part.varies) == (index.shape, buffer.varies)


def _is_whole(index: Ids, buffer: Assignment) -> bool:
    return index.shape == buffer.shape and in_order(index)
