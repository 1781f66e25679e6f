"""The matrix program that a graph of Values stands for, with its text."""

from __future__ import annotations

import math
from collections.abc import Callable
from html import escape
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..value import Value
from .careful import Careful
from .floating_point_errors import ALERT, QUIET
from .groups.grouping import grouped
from .loading import loaded
from .passes.both import both_passes
from .passes.forward import forward_pass
from .passes.reverse import backward_pass
from .passes.tangents import hessian_times_direction
from .passes.uses import numbers_of_an_example
from .printing.equations import equations
from .printing.lines import aligned, mathml
from .printing.numpy_code import NumPyProgram
from .recorded.given import real
from .recorded.normal_form import NormalForm
from .targets.target import Target, target

__all__ = ["Program"]

Numbers = NDArray[np.float64]

CACHE = 2**21  # bytes of the arrays that a program works out for some examples at a time
ARRAY = 2**17  # bytes of the largest one: larger ones are asked of the operating system each time
FEWEST = 16  # examples at a time
MOST_LINES = 100  # that a notebook shows unasked


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
        forward, back = both_passes(form, numbers, single, bool(values), floats=True)
        written = NumPyProgram(forward, back, bool(numbers[1]), single)
        self._values, self._single = values, single
        self._inputs, self._outputs = len(numbers[1]), len(form.outputs)
        sizes = numbers_of_an_example([*forward.assignments, *(back.assignments if back else ())])
        self._at_once = max(FEWEST, min(CACHE // (8 * sum(sizes, 1)), ARRAY // (8 * max(sizes, default=1))))
        shown = equations(forward, back, written.given)
        first, then = ([(line.text, line.which) for line in half] for half in shown)
        self._equations = first + [("", "")] * bool(then) + then
        self.latex: str = aligned(shown)  # the equations
        self.mathml: str = mathml(shown)  # the same for a web page
        careful = Careful(form.apart or form, *numbers)  # 0 · ∞ + ∞ is nan where (0 + 1) · ∞ is not
        self._careful = careful if careful.needed or form.apart is not None or written.on_floats else None
        self._form, self._numbers = form._replace(apart=None), numbers  # for what comes later
        self._parameters = np.array([value.data for value in values])
        self._gradient: Numbers | None = None
        self.source: str = written.source  # the NumPy that runs
        self.arrays: dict[str, NDArray[Any]] = {}  # what it is given, by the names it uses
        self.arrays |= {"parameters": self._parameters, **written.arrays}
        self._load()

    def _load(self) -> None:
        self._program = loaded(self.source, self.arrays)
        self._times_hessian: Callable[..., Numbers] | None = None  # made when it is asked for

    def __getstate__(self) -> dict[str, Any]:
        """What copies and pickles hold: all but the functions, which read the arrays of this program."""
        return {name: held for name, held in vars(self).items() if name not in ("_program", "_times_hessian")}

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
        array = real(numbers, rule)
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
        if inputs is not None and np.ndim(inputs) == 1:
            made = made[0]
        return np.array(made) if np.ndim(made) else float(made)  # no view of the parameters, or of the inputs

    def hvp(self, v: ArrayLike, inputs: ArrayLike | None = None) -> Numbers:
        """The Hessian times v, H v: how fast the gradient changes as the parameters move by v, (n_parameters,).

        H has all second derivatives of the output, or of its mean over the examples. It is worked out forward over
        reverse, at the price of two to four gradients, and never written down. The first call makes the program for it.

        Inputs and errors are those of a call; `v` is an array (n_parameters,), or ValueError is raised. At corners, as
        in relu, the slope is one side's, and its change is 0. Where no second derivative is finite, as that of x^1.5
        at 0, the result has inf or nan.
        """
        if not self._single:
            raise TypeError(f"a Hessian is of one output; this program has {self._outputs}: lift one")
        shape = self._parameters.shape
        rule = f"v is an array of shape {shape}, a number for each parameter"
        direction = real(v, rule)
        if direction.shape != shape:
            raise ValueError(f"{rule}; got {direction.shape}")
        given = self._examples(inputs)
        if not self._values:
            return np.zeros(0)
        if self._times_hessian is None:
            self._times_hessian = self._second_order(loops=True)
        arguments = [direction] if given is None else [given, direction]
        if self._careful is not None and self._careful.alert:
            self._run(given, True)  # raises outside a domain: H v may need no number of an operation that is there
        with np.errstate(all="ignore"):
            try:
                made = self._times_hessian(*arguments)
            except (ArithmeticError, ValueError):  # plain floats raise where arrays have inf
                made = self._second_order(loops=False)(*arguments)
        return np.array(made)

    def _second_order(self, loops: bool) -> Callable[..., Numbers]:
        """The function of the examples and a direction, made from the normal form."""
        layout, groups = grouped(self._form, *self._numbers, loops=loops)
        forward = forward_pass(layout, groups, self._form.outputs, single=True)
        times = hessian_times_direction(forward, backward_pass(forward))
        written = NumPyProgram(times, None, bool(self._inputs), single=False)
        made: Callable[..., Numbers] = loaded(written.source, {"parameters": self._parameters, **written.arrays})
        return made

    def source_for(self, target: str) -> str:
        """Its text for "numpy", "jax" or "torch": a module that defines `program`.

        In JAX and PyTorch that is a function of the flat parameters, of the examples if there are any, and of the
        numbers that a comment in it lists. Raises ValueError for another target, TypeError for several outputs.
        """
        return self.source if target == "numpy" else self._target(target).source

    def jax(self) -> Callable[..., tuple[Any, Any]]:
        """The program as a function of JAX arrays: `cost, gradient = f(parameters, examples)`.

        It is pure: it works under `jax.jit`, `vmap` and on sharded arrays, in the precision of `parameters`. `jax.grad`
        of the cost gives this program's gradient. Without inputs named to `lift` it takes the parameters alone.
        Raises ModuleNotFoundError without JAX, which is the extra "jax", and TypeError for several outputs.
        """
        from .targets.jax_function import jax_function

        return jax_function(self._target("jax"))

    def torch(self) -> Any:
        """The program as a `torch.nn.Module`: called with examples it gives the cost, a tensor.

        Its one parameter, `flat`, has a copy of `parameters`; `loss.backward()` takes this program's gradient. Without
        inputs named to `lift` it is called with nothing. Raises ModuleNotFoundError without PyTorch, which is the
        extra "torch", and TypeError for several outputs.
        """
        from .targets.extras import needed

        needed("torch", "program.torch()")
        from .targets.torch_module import LiftedModule

        return LiftedModule(self._target("torch"))

    def _target(self, name: str) -> Target:
        if not self._single:
            raise TypeError(
                f"{name} is given a cost and its gradient; this program has {self._outputs} outputs: lift one"
            )
        return target(name, self._form, self._numbers, self._parameters)

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
        """The examples as rows, (n, n_inputs)."""
        if not self._inputs:
            if inputs is not None:
                raise ValueError("this program has no inputs, as none were named: lift(output, parameters, inputs=x)")
            return None
        plain = type(inputs) is np.ndarray and inputs.dtype == np.float64 and inputs.ndim == 2
        if plain and inputs.shape[1] == self._inputs and inputs.size:  # type: ignore[union-attr]  # it is an array
            return inputs  # type: ignore[return-value]
        rule = f"this program takes inputs of shape (n, {self._inputs}), an example a row"
        if inputs is None:
            raise ValueError(f"{rule}; got none")
        array = real(inputs, rule)
        if array.ndim not in (1, 2) or array.shape[-1] != self._inputs or not array.size:
            raise ValueError(f"{rule}, or one example ({self._inputs},); got {array.shape}")
        return array.reshape(-1, self._inputs)

    def _run(self, inputs: Numbers | None, backward: bool) -> Any:
        """What the program's lines give, or the graph's own rules where those do not hold."""
        careful = self._careful
        if careful is None:
            return QUIET.copy().run(self._worked_out, inputs, backward)
        try:
            made, finite = (ALERT if careful.alert else QUIET).copy().run(self._and_whether_finite, inputs, backward)
            if finite and not (careful.hides and self._gets_infinite(inputs)):
                return made
        except (ArithmeticError, ValueError):  # outside a domain, or an overflow in + − ×, which follow IEEE 754
            pass
        columns = None if inputs is None else inputs.T
        with np.errstate(all="ignore"):
            if backward:
                return careful.backward(self._parameters, columns)
            made = careful.forward(self._parameters, columns)
        made = made[0] if self._single else made.T
        return made if inputs is not None else made[0]

    def _and_whether_finite(self, inputs: Numbers | None, backward: bool) -> tuple[Any, bool]:
        made = self._worked_out(inputs, backward)
        if not backward:
            return made, _is_finite(made)
        cost, gradient = made
        return made, math.isfinite(cost) and math.isfinite(gradient.dot(gradient))

    def _worked_out(self, inputs: Numbers | None, backward: bool) -> Any:
        """What the program's lines give, for as many examples at a time as a processor's cache has room for."""
        which = [backward] if self._values and self._single else []
        if inputs is None:
            return self._program(*which)
        n = len(inputs)
        if n <= self._at_once:
            return self._program(inputs, *which)
        blocks = np.array_split(inputs, -(-n // self._at_once))
        made = [self._program(block, *which) for block in blocks]
        if not backward:
            return np.concatenate(made)
        shares = [len(block) / n for block in blocks]
        cost, gradient = (sum(share * part[k] for share, part in zip(shares, made, strict=True)) for k in (0, 1))
        return cost, gradient

    def _gets_infinite(self, inputs: Numbers | None) -> bool:
        return not (_is_finite(self._parameters) and (inputs is None or _is_finite(inputs)))


def _is_finite(numbers: Any) -> bool:
    """Whether the sum of their squares is, which costs little; where it is not, careful work is right too."""
    return math.isfinite(np.vdot(numbers, numbers))
