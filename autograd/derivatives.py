"""Derivatives as functions: `grad(f)` is ∂f as a function, which may be differentiated again.

A function's inputs, and what it returns, may be numbers or Values, alone or in lists, tuples, dicts and arrays, nested
or not; a derivative has the same shape. Give plain numbers and get plain numbers; give Values, or call it inside
another derivative, and get Values that remember how they were made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from . import floats, functions
from .errors import DomainError
from .recording import blocks, enable_grad, paused
from .structures import flatten, leaves, paths
from .sweeps import Slope, Step, recorded, sweep_back, sweep_forward
from .value import Value
from .walk import topological
from .watching import watched

__all__ = ["grad", "hessian", "jacobian", "jvp", "value_and_grad", "vjp"]

Function = Callable[..., Any]
Argnum = int | tuple[int, ...]

_inside: ContextVar[bool] = ContextVar("inside a derivative", default=False)


def grad(f: Function, argnum: Argnum = 0) -> Function:
    """The gradient of a function that returns one number: `grad(f)(x)` is ∂f(x)/∂x, in the shape of x.

    `argnum` says by which positional argument, counted from 0; by several, given as a tuple, it is a tuple of
    gradients. The other arguments are passed on as they are. `grad(grad(f))` is the second derivative.
    """
    _check(f, argnum, "grad")

    @_named("gradient", f)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        run = _Run(f, argnum, args, kwargs)
        return run.like_inputs(run.pull([(run.single(), 1.0)]))

    return gradient


def value_and_grad(f: Function, argnum: Argnum = 0) -> Function:
    """The same with the value: `value_and_grad(f)(x)` is the pair f(x), ∂f(x)/∂x, from one evaluation."""
    _check(f, argnum, "value_and_grad")

    @_named("value and gradient", f)
    def pair(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        run = _Run(f, argnum, args, kwargs)
        output = run.single()
        return run.output(), run.like_inputs(run.pull([(output, 1.0)]))

    return pair


def jacobian(f: Function, argnum: Argnum = 0, mode: str = "reverse") -> Function:
    """Every derivative of every output: `jacobian(f)(x)` has the shape of f(x), and in the place of each of its
    numbers that number's gradient, in the shape of x. Of lists it is a list of rows, J[i][j] = ∂fᵢ/∂xⱼ.

    `mode` is "reverse" (a sweep back for each output) or "forward" (a sweep forward for each input).
    """
    _check(f, argnum, "jacobian")
    if mode not in ("reverse", "forward"):
        raise ValueError(f"a Jacobian's mode is 'reverse' or 'forward'; got {mode!r}")

    @_named("Jacobian", f)
    def rows(*args: Any, **kwargs: Any) -> Any:
        run = _Run(f, argnum, args, kwargs)
        if mode == "reverse":
            made = [run.pull([(output, 1.0)]) for output in run.outputs]
        else:
            columns = [run.push([(x, 1.0)]) for x in run.inputs]
            made = [[column[i] for column in columns] for i in range(len(run.outputs))]
        return run.like_output([run.like_inputs(row) for row in made])

    return rows


def hessian(f: Function, argnum: Argnum = 0) -> Function:
    """All second derivatives of a function that returns one number: H[i][j] = ∂²f/∂xᵢ∂xⱼ where x is a list.

    In general it has the shape of x, and in the place of each number the shape of x again. It is worked out forward
    over reverse.
    """
    return jacobian(grad(f, argnum), argnum, mode="forward")


def jvp(f: Function, inputs: Any, tangents: Any) -> tuple[Any, Any]:
    """Forward mode: f's value, and its derivative along `tangents`, J · tangents, in the shape of the value.

    `inputs` is a tuple of f's arguments, or its one argument if it is no tuple; `tangents` has the same shape.
    """
    _check(f, 0, "jvp")
    args = as_arguments(inputs)
    run = _Run(f, tuple(range(len(args))), args, {}, also=tangents)
    directions = run.seeds(as_arguments(tangents), args, "tangents")
    moved = run.push(list(zip(run.inputs, directions, strict=True)))
    return run.output(), run.like_output(run.finished(moved))


def vjp(f: Function, inputs: Any) -> tuple[Any, Function]:
    """Reverse mode: f's value, and a function that pulls back: of the cotangents v, in the shape of the value, it
    gives vᵀ · J in the shape of the inputs (a tuple, if `inputs` is one: see `jvp`)."""
    _check(f, 0, "vjp")
    args = as_arguments(inputs)
    run = _Run(f, tuple(range(len(args))), args, {})

    def pull_back(cotangents: Any) -> Any:
        weights = run.seeds(cotangents, run.raw, "cotangents")
        run.as_values = run.as_values or _inside.get() or _any_values(cotangents)
        pulled = run.like_inputs(run.pull(list(zip(run.outputs, weights, strict=True))))
        return pulled if isinstance(inputs, tuple) else pulled[0]

    return run.output(), pull_back


def as_arguments(inputs: Any) -> tuple[Any, ...]:
    """A tuple as the arguments it holds, anything else as the one argument it is."""
    return tuple(inputs) if isinstance(inputs, tuple) and not hasattr(inputs, "_fields") else (inputs,)


class _Run:
    """A function, run once at a point, and the sweeps between its inputs and its outputs."""

    def __init__(
        self, f: Function, argnum: Argnum, args: tuple[Any, ...], kwargs: Mapping[str, Any], also: Any = None
    ) -> None:
        self.several = isinstance(argnum, tuple)
        places = [_place(i, args) for i in (argnum if isinstance(argnum, tuple) else (argnum,))]
        self.paused = bool(blocks) and paused()
        self.as_values = _inside.get() or _any_values((args, dict(kwargs), also))
        self.inputs: list[Value] = []
        self.rebuilds = []
        given = list(args)
        with _recorded_inside():
            for i in places:
                parts, rebuild = flatten(args[i])
                names = paths(args[i], f"argument {i}")
                fresh = [_fresh(part, name) for part, name in zip(parts, names, strict=True)]
                given[i] = rebuild(fresh)
                self.inputs += fresh
                self.rebuilds.append((len(fresh), rebuild))
            self.raw = f(*given, **kwargs)
        self.outputs, self.like_output = flatten(self.raw)
        for output, name in zip(self.outputs, paths(self.raw, "its result"), strict=True):
            if not isinstance(output, Value):
                _real(output, name)

    def single(self) -> Any:
        """The one number that the function returned."""
        if len(self.outputs) != 1 or self.outputs[0] is not self.raw:
            shown = f"{type(self.raw).__name__} of {len(self.outputs)}"
            raise TypeError(
                f"a gradient is that of a function which returns one number; got a {shown}: jacobian(f) has the "
                "derivatives of them all"
            )
        return self.raw

    def output(self) -> Any:
        """What the function returned: Values, or numbers if its inputs were numbers."""
        return self.like_output(self.finished([_as_number_or_value(output) for output in self.outputs]))

    def like_inputs(self, numbers: list[Any]) -> Any:
        """A number for each input, in the inputs' shape."""
        numbers, made, start = self.finished(numbers), [], 0
        for size, rebuild in self.rebuilds:
            made.append(rebuild(numbers[start : start + size]))
            start += size
        return tuple(made) if self.several else made[0]

    def finished(self, results: list[Any]) -> list[Any]:
        """Results as they are handed out: Values (leaves, inside `no_grad`), or floats."""
        if not self.as_values:
            return [float(x) for x in results]
        return [x.detach() if self.paused else x for x in map(_as_value, results)]

    def seeds(self, given: Any, shape: Any, what: str) -> list[Any]:
        """Numbers given in the shape of something else, one for each of its leaves."""
        found, wanted = paths(given, what), paths(shape, what)
        if found != wanted:
            raise ValueError(f"{what} have the shape of what they belong to: {_listed(wanted)}; got {_listed(found)}")
        return [x if isinstance(x, Value) else _real(x, at) for x, at in zip(leaves(given), found, strict=True)]

    def pull(self, seeds: list[tuple[Any, Any]]) -> list[Any]:
        """The gradient of Σ output · seed by each input."""
        grads: dict[Value, Any] = {}
        for output, seed in seeds:
            if isinstance(output, Value):
                grads[output] = grads[output] + seed if output in grads else seed
        with _recorded_inside():
            order, between = self._between(list(grads))
            _take(sweep_back(order, grads, self._slope, between), "parent")
        return [grads.get(x, 0.0) for x in self.inputs]

    def push(self, seeds: list[tuple[Value, Any]]) -> list[Any]:
        """The derivative of each output along the direction that the seeds give the inputs."""
        tangents = dict(seeds)
        with _recorded_inside():
            order, _ = self._between([output for output in self.outputs if isinstance(output, Value)])
            _take(sweep_forward(order, tangents, self._slope), "node")
        return [tangents.get(output, 0.0) if isinstance(output, Value) else 0.0 for output in self.outputs]

    @property
    def _slope(self) -> Slope:
        """The slopes as recorded if numbers are wanted, as Values if those are to be differentiated again."""
        return _differentiable if self.as_values and not self.paused else recorded

    def _between(self, roots: list[Value]) -> tuple[list[Value], set[Value]]:
        """The nodes on the ways from the inputs to the roots, roots first; and the same with the inputs, as a set."""
        between = set(self.inputs)
        order = topological(*roots, ends=self.inputs)
        for node in reversed(order):
            if not between.isdisjoint(node.parents):
                between.add(node)
        return [node for node in order if node in between], between


def _differentiable(node: Value, i: int, position: int) -> Any:
    """The local derivative by the table's rule, run on Values."""
    op = node.op
    assert op is not None, "leaves have no operands"
    try:
        return op.slope(functions, node, node.operands, position)
    except DomainError as error:
        raise DomainError(
            f"the slope of {op.name} by operand {position + 1} at {float(node.operands[position])!r} cannot be "
            f"differentiated again ({error})"
        ) from None


def _take(steps: Iterator[Step], adds_to: str) -> None:
    for _ in watched(steps, adds_to):
        pass


@contextmanager
def _recorded_inside() -> Iterator[None]:
    """Operations are recorded, and derivatives asked for are Values."""
    token = _inside.set(True)
    try:
        if blocks and paused():
            with enable_grad():
                yield
        else:
            yield
    finally:
        _inside.reset(token)


def _fresh(x: Any, name: str) -> Value:
    """A value of its own for an input: a Value that occurs elsewhere too counts as a constant there."""
    return x * 1.0 if isinstance(x, Value) else Value(_real(x, name))


def _as_number_or_value(x: Any) -> Any:
    return x if isinstance(x, Value) else floats.as_float(x)


def _as_value(x: Any) -> Value:
    return x if isinstance(x, Value) else Value(x)


def _real(x: Any, name: str) -> float:
    try:
        return floats.as_float(x)
    except TypeError as error:
        raise TypeError(f"{name} is no number: {error}") from None


def _any_values(structure: Any) -> bool:
    return any(isinstance(x, Value) for x in leaves(structure))


def _place(argnum: int, args: tuple[Any, ...]) -> int:
    if not -len(args) <= argnum < len(args):
        raise TypeError(
            f"argnum says which positional argument, counted from 0; got {argnum}, and the function was called "
            f"with {len(args)}"
        )
    return argnum % len(args)


def _check(f: Any, argnum: Any, name: str) -> None:
    if not callable(f):
        raise TypeError(
            f"{name} takes a function; got {type(f).__name__} {f!r:.60}: for a graph that is there already, call "
            "its backward()"
        )
    if any(type(i) is not int for i in (argnum if isinstance(argnum, tuple) else (argnum,))):
        raise TypeError(f"argnum is a whole number or a tuple of them; got {argnum!r}")


def _named(what: str, f: Function) -> Callable[[Function], Function]:
    """The function's own name and text, under what it has become."""

    def renamed(derivative: Function) -> Function:
        derivative = wraps(f)(derivative)
        derivative.__name__ = f"{what} of {getattr(f, '__name__', 'a function')}"
        return derivative

    return renamed


def _listed(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" … ({len(names)})" if len(names) > 8 else "") if names else "nothing"
