"""`lift`: the matrix program that a graph of Values stands for, with its text."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from html import escape
from types import FunctionType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..changes import WORKED_OUT, warn_of_changes
from ..floats import as_float
from ..value import Value
from .backward import Backward
from .domains import Domains
from .forward import forward
from .grouping import grouped
from .normal_form import NormalForm, normal_form
from .rules import Rules
from .source import source
from .statements import statements
from .texts import ATOM, code

__all__ = ["Program", "lift"]

Numbers = NDArray[np.float64]

MOST_LINES = 100  # that a notebook shows unasked
TELLING = 6  # characters: shorter numbers, such as 0.5, are met by chance


def lift(output: Value | Sequence[Value], parameters: Iterable[Value] = (), inputs: Iterable[Value] = ()) -> Program:
    """Turn a recorded graph back into the matrix program it stands for.

    Without `inputs` the program is the whole graph, a batch and all:

        program = lift(C, parameters=model.parameters())
        cost, gradient = program()  # a float, and an array in the order of the parameters

    With them the graph is one example's, and a function of those leaves. Called with an array of shape
    (n, len(inputs)), an example a row, the program averages over the examples, C = (1/n) Σₓ Cₓ:

        program = lift(C, parameters=model.parameters(), inputs=[*x, *y])
        cost, gradient = program(examples)

    `output` is a Value that has been worked out from others, or several of them, for `forward` alone. Leaves that are
    named neither as parameters nor as inputs are constants, with the numbers they have now; a ChangedValueWarning says
    so where that is another number than the graph was recorded with. Parameters begin with their numbers of now.

    The program does what the graph recorded. Whatever Python decided while it was recorded (`if x > 0`, the length
    of a loop, a number taken out by `float(x)` or `x.data`) is part of it for good; a UserWarning says so where a
    number in the graph is that of an input. Sums are added up in another order than in the graph, so that results agree
    within rounding: to 1e-12 of the sum of the terms' magnitudes. (Where rounding decides which side of a corner a
    number is on, as in relu of a sum that ought to be 0, the slope may be the other one.) Squares and quotients by a
    plain number are products here: too large, they are inf, where the graph would raise DomainError. Plain numbers are
    multiplied out where a float holds their product.

    Raises TypeError for what is no Value, ValueError for a leaf that the graph does not contain, one that is named
    twice, an inner node that is named as a leaf, or an output that is a leaf.
    """
    single = isinstance(output, Value)
    outputs = _values([output] if single else output, "output", "the Value that the graph works out, or a list of them")
    leaf = next((value for value in outputs if value.op is None), None)
    if leaf is not None or not outputs:
        got = "nothing" if leaf is None else f"the leaf {leaf!r}"
        raise ValueError(f"output is worked out from other Values; got {got}: lift(C, parameters=model.parameters())")
    named = _values(parameters, "parameters", "a list of leaves"), _values(inputs, "inputs", "a list of leaves")
    form = normal_form(outputs)
    numbers = _leaves(form, *named)
    warn_of_changes("lift", *outputs, shows=WORKED_OUT, free={*named[0], *named[1]})
    _warn_of_frozen(form, named, numbers)
    return Program(form, numbers, named[0], single)


class Program:
    """What `lift` makes: NumPy that computes a graph's output and gradient.

    `source` is its text, and that text is what runs, given the arrays in `arrays`; `print(program)` shows the
    equations. Write to `parameters`, a flat array, to move the parameters; what is assigned to their Values later does
    not move them. Copies, deep ones and pickles are programs too. Of the graph it keeps the parameters'
    Values alone. Calls share nothing but `parameters`, so several threads may call one program.
    """

    def __init__(
        self, form: NormalForm, numbers: tuple[list[int], list[int]], values: list[Value], single: bool
    ) -> None:
        """Lift a normal form; `numbers` are the parameters' and the inputs' in it. Users call `lift`."""
        layout, groups = grouped(form, *numbers)
        made = statements(layout, groups, form.outputs)
        rules = Rules()
        if single:
            root = int(layout.array_of[form.outputs[0]])
            result = layout.arrays[root].name
        else:
            root, result = -1, code(layout.read(np.array(form.outputs)[:, None], spread=False).term, ATOM)
        lines = forward(layout, made, rules, root)
        back = Backward(layout, made, rules, len(values)) if single and values else None
        self._values, self._inputs, self._single = values, len(numbers[1]), single
        self._outputs = len(form.outputs)
        self._equations = [*lines.equations, *([("", ""), *back.lines.equations] if back else [])]
        bounded = any(group.op is not None and group.op.needs for group in groups)
        self._domains = Domains(layout, groups, *numbers) if bounded else None
        self._parameters = np.array([value.data for value in values])
        self._gradient: Numbers | None = None
        self.source: str = source(layout, rules, lines, back, result, not single)  # the NumPy that runs
        self.arrays: dict[str, NDArray[Any]] = {  # what it is given, by the names it uses
            "parameters": self._parameters,
            **layout.constants,
        }
        self._load()

    def _load(self) -> None:
        """Make the function that the source defines.

        A function in its own globals would hold itself, and all the arrays beside it, until the collector comes. So
        `program` is taken out of them, and the functions of the longer rules, which speak of nothing but NumPy, have
        globals of their own.
        """
        namespace: dict[str, Any] = dict(self.arrays)
        exec(compile(self.source, "<lifted program>", "exec"), namespace)
        self._program = namespace.pop("program")
        for name, rule in namespace.items():
            if getattr(rule, "__globals__", None) is namespace:
                namespace[name] = FunctionType(rule.__code__, {"np": np}, name)

    def __getstate__(self) -> dict[str, Any]:
        """What copies and pickles hold: all but that function, which reads the arrays of this program."""
        return {name: held for name, held in vars(self).items() if name != "_program"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._load()

    @property
    def parameters(self) -> Numbers:
        """The parameters, flat, in the order given to `lift`: (n_parameters,). What is written to it counts."""
        return self._parameters

    @parameters.setter
    def parameters(self, numbers: ArrayLike) -> None:
        shape = self._parameters.shape
        rule = f"parameters are an array of shape {shape}"
        array = _real(numbers, rule)
        if array.shape != shape:
            raise ValueError(f"{rule}; got {array.shape}")
        self._parameters[...] = array

    def __call__(self, inputs: ArrayLike | None = None) -> tuple[float, Numbers]:
        """The output, and its derivative by each parameter: a float and a new array (n_parameters,).

        `inputs` is an array (n, n_inputs), an example a row, or one example (n_inputs,); both results are then means
        over the examples. Without inputs named to `lift` there are none. Raises ValueError for other shapes, TypeError
        if the program has several outputs, and DomainError, which says at which example, where an operation has no
        value.
        """
        if not self._single:
            raise TypeError(
                f"a gradient is of one output; this program has {self._outputs}: call program.forward(), or lift one"
            )
        given = self._examples(inputs)
        if not self._values:
            return float(np.mean(self._run(given, False))), np.zeros(0)
        cost, gradient = self._run(given, True)
        self._gradient = gradient.copy()
        return float(cost), gradient

    def forward(self, inputs: ArrayLike | None = None) -> Any:
        """The output alone, for each example: a float, or an array (n,) for n examples.

        Of several outputs it is an array (n_outputs,), or (n, n_outputs). Inputs and errors are those of a call.
        """
        made = self._run(self._examples(inputs), False)
        return made[0] if inputs is not None and np.ndim(inputs) == 1 else made

    def to_values(self) -> None:
        """Put the parameters, and the gradient of the last call if there was one, back on the Values."""
        for value, number in zip(self._values, self._parameters.tolist(), strict=True):
            value.data = number
        if self._gradient is not None:
            for value, number in zip(self._values, self._gradient.tolist(), strict=True):
                value.grad = number

    def __str__(self) -> str:
        width = max((len(equation) for equation, which in self._equations if which), default=0) + 4
        return "\n".join(f"{equation:<{width}}{which}".rstrip() for equation, which in self._equations)

    def __repr__(self) -> str:
        of = f", {self._inputs} input{'s' * (self._inputs != 1)}" if self._inputs else ""
        count = f"{len(self._values)} parameter{'s' * (len(self._values) != 1)}"
        return f"<program of {count}{of}: print it for its equations, .source is its NumPy>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the equations as they are printed, of a long program the first."""
        lines = str(self).splitlines()
        more = [f"and {len(lines) - MOST_LINES} lines more: print(program)"] if len(lines) > MOST_LINES else []
        return f"<pre>{escape(chr(10).join(lines[:MOST_LINES] + more))}</pre>"

    def _examples(self, inputs: ArrayLike | None) -> Numbers | None:
        """The examples as columns, (n_inputs, n)."""
        if not self._inputs:
            if inputs is not None:
                raise ValueError("this program has no inputs, as none were named: lift(output, parameters, inputs=x)")
            return None
        if isinstance(inputs, np.ndarray) and inputs.dtype == np.float64 and inputs.ndim == 2:
            examples: Numbers = inputs.T
            if len(examples) == self._inputs and examples.size:
                return examples
        rule = f"this program takes inputs of shape (n, {self._inputs}), an example a row"
        if inputs is None:
            raise ValueError(f"{rule}; got none")
        array = _real(inputs, rule)
        if array.ndim not in (1, 2) or array.shape[-1] != self._inputs or not array.size:
            raise ValueError(f"{rule}, or one example ({self._inputs},); got {array.shape}")
        return array.reshape(-1, self._inputs).T

    def _run(self, inputs: Numbers | None, backward: bool) -> Any:
        arguments = ([] if inputs is None else [inputs]) + ([backward] if self._values and self._single else [])
        if self._domains is not None:
            try:
                with np.errstate(over="raise", divide="raise", invalid="raise"):
                    return self._program(*arguments)
            except FloatingPointError:  # outside a domain, or an overflow in + − ×, which follow IEEE 754
                self._domains.check(self._parameters, inputs, backward)
        with np.errstate(all="ignore"):
            return self._program(*arguments)


# ---- what is given


def _real(given: ArrayLike, rule: str) -> Numbers:
    """An array of floats; TypeError, with the rule, if anything in it is no real number."""
    try:
        array = np.asarray(given)
        if array.dtype.kind == "O":  # Values may be among them
            numbers = [float(x) if isinstance(x, Value) else as_float(x) for x in array.flat]
            array = np.array(numbers).reshape(array.shape)
    except (TypeError, ValueError, OverflowError):
        array = np.array("")
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{rule}; got {type(given).__name__} that is no array of real numbers")
    return array.astype(np.float64, copy=False)


def _values(given: Any, what: str, rule: str) -> list[Value]:
    listed = list(given) if isinstance(given, Iterable) and not isinstance(given, str | Value) else [given]
    strange = [value for value in listed if not isinstance(value, Value)]
    if strange or isinstance(given, Value):
        got = given if isinstance(given, Value) else strange[0]
        raise TypeError(f"{what} is {rule}; got {type(got).__name__} {got!r:.60}")
    return listed


def _leaves(form: NormalForm, parameters: list[Value], inputs: list[Value]) -> tuple[list[int], list[int]]:
    """The numbers of the leaves that are named."""
    number = {leaf: i for i, leaf in enumerate(form.leaves)}
    found: dict[Value, str] = {}
    for what, values in (("parameters", parameters), ("inputs", inputs)):
        for i, value in enumerate(values):
            place = f"{what}[{i}]"
            if value.op is not None:
                raise ValueError(
                    f"parameters and inputs are leaves; {place} is {value!r}, which {value.op!r} made: "
                    "name what it was made from"
                )
            if value not in number:
                raise ValueError(
                    f"parameters and inputs are leaves of the graph; {place}, {value!r}, is not in it: "
                    "leave it out, or see whether Python's control flow did at recording"
                )
            if value in found:
                raise ValueError(f"each leaf is named once; {value!r} is {found[value]} and {place}")
            found[value] = place
    return [number[value] for value in parameters], [number[value] for value in inputs]


def _warn_of_frozen(
    form: NormalForm, named: tuple[list[Value], list[Value]], numbers: tuple[list[int], list[int]]
) -> None:
    """Warn if a constant has the very digits of an input, as `x.data` or `float(x)` leaves it behind."""
    if not named[1]:
        return
    taken = set(numbers[0]) | set(numbers[1])
    constants = {abs(number) for number in form.written}
    constants |= {abs(leaf.data) for i, leaf in enumerate(form.leaves) if i not in taken}
    for i, value in enumerate(named[1]):
        if len(repr(abs(value.data))) > TELLING and abs(value.data) in constants:
            warnings.warn(
                f"the graph has the constant {value.data!r}, which is the number of inputs[{i}]: if it was taken from "
                "it, by float(x), x.data or a copy, it stays as it is for every example",
                stacklevel=3,
            )
            return
