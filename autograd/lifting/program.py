"""Defines `Program`, the matrix program that a graph of Values stands for: it runs, and prints itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from html import escape
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..value import Value
from .careful import Careful
from .equations.equations import equations
from .equations.lines import aligned, mathml
from .floating_point_errors import ALERT, QUIET
from .groups.grouping import grouped
from .loading import loaded
from .passes.both import both_passes
from .passes.forward import forward_pass
from .passes.reverse import backward_pass
from .passes.tangents import hessian_times_direction
from .passes.uses import numbers_of_an_example
from .printing.numpy_code import NumPyProgram
from .recorded.given import examples, real
from .recorded.normal_form import NormalForm
from .targets.target import Target, target

__all__ = ["Program"]

Numbers = NDArray[np.float64]

CACHE = 2**21  # bytes of all arrays of a program, for the examples that run together
ARRAY = 2**17  # bytes of the largest array: the operating system must allocate larger ones each time
FEWEST = 16  # examples at a time
MOST_LINES = 100  # lines that a notebook shows


class Program:
    """A lifted graph: NumPy code that computes the output and the gradient. `lift` makes it.

    `source` is the code that runs; `arrays` has its constants. `print(program)` shows the equations; `latex` and
    `mathml` have the same equations. To move the parameters, write to `parameters`, a flat array; assigning to the
    parameters' Values has no effect. Programs can be copied and pickled. A program keeps the parameters' Values, not
    the graph. Several threads may call one program: calls share only `parameters`, and the gradient for `to_values`.
    """

    def __init__(
        self, form: NormalForm, numbers: tuple[list[int], list[int]], values: list[Value], single: bool
    ) -> None:
        """Makes the program of a normal form; `numbers` has the node numbers of the parameters and of the inputs."""
        forward, back = both_passes(form, numbers, single, bool(values), floats=True)
        written = NumPyProgram(forward, back, bool(numbers[1]), single)
        self._values, self._single = values, single
        self._both = back is not None  # whether the code has a backward pass
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
        self._form, self._numbers = form._replace(apart=None), numbers  # for `hvp` and `source_for`
        self._parameters = np.array([value.data for value in values])
        self._gradient: Numbers | None = None
        self.source: str = written.source  # the NumPy code that runs
        self.arrays: dict[str, NDArray[Any]] = {}  # its constants and the parameters, by name
        self.arrays |= {"parameters": self._parameters, **written.arrays}
        self._load()

    def _load(self) -> None:
        self._program = loaded(self.source, self.arrays)
        self._times_hessian: Callable[..., Numbers] | None = None  # made at first use

    def __getstate__(self) -> dict[str, Any]:
        """Returns the state for copies and pickles: all but the functions, which read the arrays of this program."""
        return {name: held for name, held in vars(self).items() if name not in ("_program", "_times_hessian")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._load()

    @property
    def parameters(self) -> Numbers:
        """The parameters in the order given to `lift`, an array (n_parameters,) that may be written to."""
        return self._parameters

    @parameters.setter
    def parameters(self, numbers: ArrayLike) -> None:
        self._parameters[...] = self._like_parameters(numbers, "parameters are an array of shape {}")

    def _like_parameters(self, numbers: ArrayLike, rule: str) -> Numbers:
        """Returns an array of the shape of the parameters; raises an error, with the rule, for any other argument."""
        rule = rule.format(self._parameters.shape)
        array = real(numbers, rule)
        if array.shape != self._parameters.shape:
            raise ValueError(f"{rule}; got {array.shape}")
        return array

    def __call__(self, inputs: ArrayLike | None = None) -> tuple[float, Numbers]:
        """Returns the output and its gradient; with inputs, both are means over the examples.

        Args:
            inputs: The examples, shape (n, n_inputs), or (n_inputs,) for one example. None if `lift` got no inputs.
        Returns:
            The output, a float, and the gradient, a new array (n_parameters,).
        Raises:
            ValueError: If `inputs` have another shape.
            TypeError: If the program has several outputs.
            DomainError: If an operation has no value; the error names the example.
        """
        if not self._single:
            raise TypeError(
                f"a gradient is of one output; this program has {self._outputs}: call program.forward(), or lift one"
            )
        given = examples(inputs, self._inputs)
        if not self._values:
            return float(np.mean(self._run(given, False))), np.zeros(0)
        cost, gradient = self._run(given, True)
        self._gradient = gradient.copy()
        return float(cost), gradient

    def forward(self, inputs: ArrayLike | None = None) -> Any:
        """Returns the output of each example, without a gradient. Inputs and errors are the same as for a call.

        Returns:
            A float, or an array (n,) for n examples. With several outputs an array (n_outputs,) or (n, n_outputs).
        """
        made = self._run(examples(inputs, self._inputs), False)
        if inputs is not None and np.ndim(inputs) == 1:
            made = made[0]
        return np.array(made) if np.ndim(made) else float(made)  # no view of the parameters, or of the inputs

    def hvp(self, v: ArrayLike, inputs: ArrayLike | None = None) -> Numbers:
        """Returns the Hessian times v, H v: the rate at which the gradient changes as the parameters move along v.

        H has the second derivatives of the output, or of its mean over the examples. H itself is never computed:
        forward mode over reverse mode costs two to four gradients. The first call takes longer, because it makes the
        code. At corners, as in relu, the slope is that of one side, and its change is 0. Where a second derivative is
        infinite, as for x^1.5 at 0, the result has inf or nan. Inputs and errors are the same as for a call.

        Args:
            v: The direction, shape (n_parameters,).
            inputs: The examples.
        Returns:
            H v, shape (n_parameters,).
        """
        if not self._single:
            raise TypeError(f"a Hessian is of one output; this program has {self._outputs}: lift one")
        direction = self._like_parameters(v, "v is an array of shape {}, a number for each parameter")
        given = examples(inputs, self._inputs)
        if not self._values:
            return np.zeros(0)
        if self._times_hessian is None:
            self._times_hessian = self._second_order(loops=True)
        arguments = [direction] if given is None else [given, direction]
        if self._careful is not None and self._careful.alert:
            self._run(given, True)  # raises DomainError: the code of H v may leave out the operation
        with np.errstate(all="ignore"):
            try:
                made = self._times_hessian(*arguments)
            except (ArithmeticError, ValueError):  # plain floats raise where arrays have inf
                made = self._second_order(loops=False)(*arguments)
        return np.array(made)

    def _second_order(self, loops: bool) -> Callable[..., Numbers]:
        """Returns a function that takes the examples, if there are inputs, and a direction v, and returns H v."""
        layout, groups = grouped(self._form, *self._numbers, loops=loops)
        forward = forward_pass(layout, groups, self._form.outputs, single=True)
        times = hessian_times_direction(forward, backward_pass(forward))
        written = NumPyProgram(times, None, bool(self._inputs), single=False)
        made: Callable[..., Numbers] = loaded(written.source, {"parameters": self._parameters, **written.arrays})
        return made

    def source_for(self, target: str) -> str:
        """Returns the text of a module that defines `program`, for the target "numpy", "jax" or "torch".

        For JAX and PyTorch `program` takes the flat parameters, the examples if there are inputs, and the constant
        arrays that a comment in the text lists.

        Raises:
            ValueError: If the target is another one.
            TypeError: If the target is JAX or PyTorch, and the program has several outputs.
        """
        return self.source if target == "numpy" else self._target(target).source

    def jax(self) -> Callable[..., tuple[Any, Any]]:
        """Returns the program as a function of JAX arrays: `cost, gradient = f(parameters, examples)`.

        The function is pure: it works under `jax.jit` and `vmap`, on sharded arrays, in the precision of `parameters`.
        `jax.grad` of the cost gives this program's gradient. If `lift` got no inputs, f takes the parameters alone.

        Raises:
            ModuleNotFoundError: If JAX is not installed; the extra "jax" installs it.
            TypeError: If the program has several outputs.
        """
        from .targets.jax_function import jax_function

        return jax_function(self._target("jax"))

    def torch(self) -> Any:
        """Returns the program as a `torch.nn.Module`; called with examples, it returns the cost, a tensor.

        Its only parameter, `flat`, is a copy of `parameters`. `loss.backward()` uses this program's gradient. If `lift`
        got no inputs, the module is called without arguments.

        Raises:
            ModuleNotFoundError: If PyTorch is not installed; the extra "torch" installs it.
            TypeError: If the program has several outputs.
        """
        from .targets.extras import needed

        needed("torch", "program.torch()")
        from .targets.torch_module import LiftedModule

        return LiftedModule(self._target("torch"))

    def _target(self, name: str) -> Target:
        if not self._single:
            raise TypeError(
                f"a program for {name} has one output, the cost; this program has {self._outputs} outputs: lift one"
            )
        return target(name, self._form, self._numbers, self._parameters)

    def to_values(self) -> None:
        """Writes the parameters, and the gradient of the last call if there was one, to the parameters' Values."""
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
        """Returns the equations as HTML for a notebook, at most the first `MOST_LINES` lines of them."""
        lines = str(self).splitlines()
        more = [f"and {len(lines) - MOST_LINES} lines more: print(program)"] if len(lines) > MOST_LINES else []
        return f"<pre>{escape(chr(10).join(lines[:MOST_LINES] + more))}</pre>"

    def _run(self, inputs: Numbers | None, backward: bool) -> Any:
        """Returns the results of the program's code; where that code may be wrong, those of `Careful`."""
        careful, which = self._careful, [backward] * self._both
        if inputs is None or len(inputs) <= self._at_once:
            code, given = self._program, which if inputs is None else [inputs, *which]
        else:
            code, given = self._in_blocks, [inputs, *which]
        if careful is None:
            return QUIET.copy().run(code, *given)
        try:
            made, finite = (ALERT if careful.alert else QUIET).copy().run(_and_whether_finite, backward, code, given)
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

    def _in_blocks(self, inputs: Numbers, *which: bool) -> Any:
        """Returns the results of the program's code, run for as many examples at a time as fit into a cache."""
        n = len(inputs)
        blocks = np.array_split(inputs, -(-n // self._at_once))
        made = [self._program(block, *which) for block in blocks]
        if which != (True,):
            return np.concatenate(made)
        shares = [len(block) / n for block in blocks]
        return tuple(sum(share * part[k] for share, part in zip(shares, made, strict=True)) for k in (0, 1))

    def _gets_infinite(self, inputs: Numbers | None) -> bool:
        return not (_is_finite(self._parameters) and (inputs is None or _is_finite(inputs)))


def _is_finite(numbers: Any) -> bool:
    """Returns whether the sum of squares is finite, a cheap test. An overflow of finite numbers only costs time."""
    return math.isfinite(np.vdot(numbers, numbers))


def _and_whether_finite(backward: bool, code: Callable[..., Any], given: list[Any]) -> tuple[Any, bool]:
    """Returns what the code returns, and whether it is finite: the cost and the gradient, or the outputs."""
    made = code(*given)
    if backward:
        return made, math.isfinite(made[0]) and math.isfinite(made[1].dot(made[1]))
    return made, _is_finite(made)
