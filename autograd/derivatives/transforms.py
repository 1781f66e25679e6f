"""Derivatives as functions: `grad(f)` is the function x ↦ ∂f/∂x, which can be differentiated again.

The inputs of f, and its result, are numbers or Values, alone or nested in lists, tuples, dicts and arrays; a derivative
is nested in the same way. Plain numbers as inputs give plain numbers. Values as inputs give Values with a graph, and so
does a call inside another derivative, even in a thread that f starts, if the result depends on the inputs of f. If a
Value becomes a float while f runs, the derivative ignores it, and a `LeftGraphWarning` names the line.
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
    """Returns the gradient of f as a function: `grad(f)(x)` is ∂f(x)/∂x, nested as x is.

    `grad(grad(f))` is the second derivative.

    Args:
        f: A function that returns one number, which may be in an array, as `x.sum(keepdims=True)` is. Its inputs are
            numbers, Values, and lists, tuples, dicts and arrays of them.
        argnum: The positional argument by which f is differentiated, counted from 0. A tuple of several gives a tuple
            of gradients. The other arguments are passed on unchanged.
    Raises:
        TypeError: If f is no function. When the gradient is called: if f returns several numbers, if an input is no
            number, or if there is no argument `argnum`.
    Example:
        >>> grad(lambda x: x**3)(2.0)
        12.0
        >>> grad(lambda v, k: k * v[0] * v[1])([3.0, 5.0], 2.0)
        [10.0, 6.0]
    """
    _check(f, argnum, "grad")

    @_named("gradient", f)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        linear = Linearization(f, argnum, args, kwargs)
        return linear.like_inputs(linear.pullback([(linear.single(), 1.0)]))

    return gradient


def value_and_grad(f: Function, argnum: Argnum = 0) -> Function:
    """Returns f with its gradient: `value_and_grad(f)(x)` is the pair f(x), ∂f(x)/∂x, from one evaluation of f.

    Arguments and errors are those of `grad`.
    """
    _check(f, argnum, "value_and_grad")

    @_named("value and gradient", f)
    def pair(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        linear = Linearization(f, argnum, args, kwargs)
        output = linear.single()
        return linear.output(), linear.like_inputs(linear.pullback([(output, 1.0)]))

    return pair


def jacobian(f: Function, argnum: Argnum = 0, mode: str = "reverse") -> Function:
    """Returns the Jacobian of f as a function: if f(x) and x are lists, a list of rows, J[i][j] = ∂fᵢ/∂xⱼ.

    In general, it is nested as f(x) is, with the gradient of each number, nested as x is, in place of the number.

    Args:
        f: A function that returns any numbers.
        argnum: As for `grad`.
        mode: "reverse", one sweep for each output; or "forward", one sweep for each input.
    Raises:
        ValueError: If the mode is another one.
        TypeError: As for `grad`, but f may return several numbers.
    Example:
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
    """Returns the Hessian of f as a function: if x is a list, a list of rows, H[i][j] = ∂²f/∂xᵢ∂xⱼ.

    In general, it is nested as x is, and each number is replaced by its second derivatives, nested as x again. It is
    computed in forward mode over reverse mode. Arguments and errors are those of `grad`.

    Example:
        >>> hessian(lambda v: v[0] ** 2 * v[1])([3.0, 5.0])
        [[10.0, 6.0], [6.0, 0.0]]
    """
    return jacobian(grad(f, argnum), argnum, mode="forward")


def jvp(f: Function, inputs: Any, tangents: Any) -> tuple[Any, Any]:
    """Returns f's value, and its derivative along `tangents`, the Jacobian-vector product J · tangents (forward mode).

    Args:
        f: A function that returns any numbers.
        inputs: A tuple of f's arguments; or its one argument, if that is no tuple.
        tangents: The direction, a number for each input, nested as `inputs` are.
    Returns:
        The value, and the derivative, nested as the value is.
    Raises:
        ValueError: If `tangents` are not nested as `inputs` are.
    Example:
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
    """Returns f's value, and the function v ↦ vᵀ · J, the vector-Jacobian product (reverse mode).

    Args:
        f: A function that returns any numbers.
        inputs: A tuple of f's arguments; or its one argument, if that is no tuple.
    Returns:
        The value, and a function of cotangents v, nested as the value is. The result of that function is nested as
        `inputs` are. It raises ValueError if v is not nested as the value is.
    Example:
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
    """Returns the arguments as a tuple: `inputs` itself if it is a tuple of arguments, else `(inputs,)`."""
    return tuple(inputs) if _is_several(inputs) else (inputs,)


def _is_several(inputs: Any) -> bool:
    """Returns whether it is a tuple of arguments. A named tuple is one argument."""
    return isinstance(inputs, tuple) and not hasattr(inputs, "_fields")


def _check(f: Any, argnum: Any, name: str) -> None:
    if not callable(f):
        raise TypeError(
            f"{name} takes a function; got {type(f).__name__} {f!r:.60}: for an existing graph, call its backward()"
        )
    if any(type(i) is not int for i in (argnum if isinstance(argnum, tuple) else (argnum,))):
        raise TypeError(f"argnum is a whole number or a tuple of them; got {argnum!r}")


def _named(what: str, f: Function) -> Callable[[Function], Function]:
    """Returns a decorator that gives a derivative the docstring of f, and a name such as "gradient of f"."""

    def renamed(derivative: Function) -> Function:
        derivative = wraps(f)(derivative)
        derivative.__name__ = f"{what} of {getattr(f, '__name__', 'a function')}"
        return derivative

    return renamed
