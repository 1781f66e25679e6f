"""Derivatives as functions: `grad(f)` is ∂f as a function, which may be differentiated again.

A function's inputs, and what it returns, may be numbers or Values, alone or in lists, tuples, dicts and arrays, nested
or not; a derivative has the same shape. Give plain numbers and get plain numbers; give Values, or call it inside
another derivative, and get Values that remember how they were made. While a function runs, a thread that it starts
belongs to it: derivatives that are taken there, and hang on its inputs, are Values too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from .runs import Run
from .structures import paths

__all__ = ["grad", "hessian", "jacobian", "jvp", "value_and_grad", "vjp"]

Function = Callable[..., Any]
Argnum = int | tuple[int, ...]


def grad(f: Function, argnum: Argnum = 0) -> Function:
    """The gradient of a function that returns one number: `grad(f)(x)` is ∂f(x)/∂x, in the shape of x.

    `argnum` says by which positional argument, counted from 0; by several, given as a tuple, it is a tuple of
    gradients. The other arguments are passed on as they are. `grad(grad(f))` is the second derivative.
    """
    _check(f, argnum, "grad")

    @_named("gradient", f)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        run = Run(f, argnum, args, kwargs)
        return run.like_inputs(run.pull([(run.single(), 1.0)]))

    return gradient


def value_and_grad(f: Function, argnum: Argnum = 0) -> Function:
    """The same with the value: `value_and_grad(f)(x)` is the pair f(x), ∂f(x)/∂x, from one evaluation."""
    _check(f, argnum, "value_and_grad")

    @_named("value and gradient", f)
    def pair(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        run = Run(f, argnum, args, kwargs)
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
        run = Run(f, argnum, args, kwargs)
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
    run = Run(f, tuple(range(len(args))), args, {}, also=tangents)
    directions = run.seeds(as_arguments(tangents), paths(args, ""), "tangents")
    moved = run.push(list(zip(run.inputs, directions, strict=True)))
    return run.output(), run.like_output(run.finished(moved))


def vjp(f: Function, inputs: Any) -> tuple[Any, Function]:
    """Reverse mode: f's value, and a function that pulls back: of the cotangents v, in the shape of the value, it
    gives vᵀ · J in the shape of the inputs (a tuple, if `inputs` is one: see `jvp`)."""
    _check(f, 0, "vjp")
    args, is_several = as_arguments(inputs), _is_several(inputs)
    run = Run(f, tuple(range(len(args))), args, {})

    def pull_back(cotangents: Any) -> Any:
        weights = run.seeds(cotangents, run.places, "cotangents")
        now = run.now(cotangents)
        pulled = now.like_inputs(now.pull(list(zip(run.outputs, weights, strict=True))))
        return pulled if is_several else pulled[0]

    return run.output(), pull_back


def as_arguments(inputs: Any) -> tuple[Any, ...]:
    """A tuple as the arguments it holds, anything else as the one argument it is."""
    return tuple(inputs) if _is_several(inputs) else (inputs,)


def _is_several(inputs: Any) -> bool:
    """Whether these are arguments, not one: a named tuple is one."""
    return isinstance(inputs, tuple) and not hasattr(inputs, "_fields")


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
