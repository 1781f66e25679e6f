"""Derivatives as functions: `grad(f)` is ∂f as a function, which may be differentiated again.

A function's inputs, and what it returns, may be numbers or Values, alone or in lists, tuples, dicts and arrays, nested
or not; a derivative has the same shape. Give plain numbers and get plain numbers; give Values, or call it inside
another derivative, and get Values that remember how they were made. While a function runs, a thread that it starts
belongs to it: derivatives that are taken there, and hang on its inputs, are Values too. A Value that becomes a float
while a function runs is lost to its derivative: a `LeftGraphWarning` names the line.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from .linearize import Linearization
from .pytrees import paths

__all__ = ["grad", "hessian", "jacobian", "jvp", "value_and_grad", "vjp"]

Function = Callable[..., Any]
Argnum = int | tuple[int, ...]


def grad(f: Function, argnum: Argnum = 0) -> Function:
    """The gradient of a function that returns one number: `grad(f)(x)` is ∂f(x)/∂x, in the shape of x.

    The one number may stand in an array, as `x.sum(keepdims=True)` gives it. `argnum` says by which positional
    argument, counted from 0; by several, given as a tuple, it is a tuple of gradients. The other arguments are passed
    on as they are. `grad(grad(f))` is the second derivative.

        >>> grad(lambda x: x**3)(2.0)
        12.0
        >>> grad(lambda v, k: k * v[0] * v[1])([3.0, 5.0], 2.0)
        [10.0, 6.0]

    Inputs may be numbers, Values, and lists, tuples, dicts and arrays of them. Calling it raises TypeError if f gives
    more than one number, if an input is no number, or if there is no argument `argnum`.
    """
    _check(f, argnum, "grad")

    @_named("gradient", f)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        linear = Linearization(f, argnum, args, kwargs)
        return linear.like_inputs(linear.pullback([(linear.single(), 1.0)]))

    return gradient


def value_and_grad(f: Function, argnum: Argnum = 0) -> Function:
    """`grad`, and the value with it: `value_and_grad(f)(x)` is the pair f(x), ∂f(x)/∂x, from one evaluation of f."""
    _check(f, argnum, "value_and_grad")

    @_named("value and gradient", f)
    def pair(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        linear = Linearization(f, argnum, args, kwargs)
        output = linear.single()
        return linear.output(), linear.like_inputs(linear.pullback([(output, 1.0)]))

    return pair


def jacobian(f: Function, argnum: Argnum = 0, mode: str = "reverse") -> Function:
    """Every derivative of every output: `jacobian(f)(x)` of lists is a list of rows, J[i][j] = ∂fᵢ/∂xⱼ.

    In general it has the shape of f(x), and in the place of each of its numbers that number's gradient, in the shape
    of x. `mode` is "reverse" (a sweep back for each output) or "forward" (a sweep forward for each input), or
    ValueError. `argnum` and what else is raised are as in `grad`.

        >>> jacobian(lambda v: [v[0] * v[1], v[0] ** 2])([3.0, 5.0])
        [[5.0, 3.0], [6.0, 0.0]]
    """
    _check(f, argnum, "jacobian")
    if mode not in ("reverse", "forward"):
        raise ValueError(f"a Jacobian's mode is 'reverse' or 'forward'; got {mode!r}")

    @_named("Jacobian", f)
    def rows(*args: Any, **kwargs: Any) -> Any:
        linear = Linearization(f, argnum, args, kwargs)
        if mode == "reverse":
            made = [linear.pullback([(output, 1.0)]) for output in linear.outputs]
        else:
            columns = linear.pushforwards([[(x, 1.0)] for x in linear.inputs])
            made = [[column[i] for column in columns] for i in range(len(linear.outputs))]
        return linear.like_output([linear.like_inputs(row) for row in made])

    return rows


def hessian(f: Function, argnum: Argnum = 0) -> Function:
    """All second derivatives of a function that returns one number: H[i][j] = ∂²f/∂xᵢ∂xⱼ where x is a list.

    In general it has the shape of x, and in the place of each number the shape of x again. It is worked out forward
    over reverse. `argnum` and what is raised are as in `grad`.

        >>> hessian(lambda v: v[0] ** 2 * v[1])([3.0, 5.0])
        [[10.0, 6.0], [6.0, 0.0]]
    """
    return jacobian(grad(f, argnum), argnum, mode="forward")


def jvp(f: Function, inputs: Any, tangents: Any) -> tuple[Any, Any]:
    """Forward mode: f's value, and its derivative along `tangents`, J · tangents, in the shape of the value.

    `inputs` is a tuple of f's arguments, or its one argument if it is no tuple; `tangents` has the same shape, or
    ValueError is raised.

        >>> jvp(lambda v: [v[0] * v[1], v[0] ** 2], [3.0, 5.0], [1.0, 0.0])
        ([15.0, 9.0], [5.0, 6.0])
    """
    _check(f, 0, "jvp")
    args = as_arguments(inputs)
    linear = Linearization(f, tuple(range(len(args))), args, {}, also=tangents)
    directions = linear.seeds(as_arguments(tangents), paths(args, ""), "tangents")
    moved = linear.pushforward(list(zip(linear.inputs, directions, strict=True)))
    return linear.output(), linear.like_output(linear.finished(moved))


def vjp(f: Function, inputs: Any) -> tuple[Any, Function]:
    """Reverse mode: f's value, and a function that pulls cotangents back: of v it gives vᵀ · J.

    v has the shape of the value, or ValueError is raised; vᵀ · J has that of the inputs: a tuple, if `inputs` is one
    (see `jvp`).

        >>> value, pull_back = vjp(lambda v: [v[0] * v[1], v[0] ** 2], [3.0, 5.0])
        >>> value, pull_back([1.0, 0.0])
        ([15.0, 9.0], [5.0, 3.0])
    """
    _check(f, 0, "vjp")
    args, is_several = as_arguments(inputs), _is_several(inputs)
    linear = Linearization(f, tuple(range(len(args))), args, {})
    linear.keep_numbers()

    def pull_back(cotangents: Any) -> Any:
        weights = linear.seeds(cotangents, linear.places, "cotangents")
        now = linear.now(cotangents)
        pulled = now.like_inputs(now.pullback(list(zip(linear.outputs, weights, strict=True))))
        return pulled if is_several else pulled[0]

    return linear.output(), pull_back


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
