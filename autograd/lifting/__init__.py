"""`lift` turns a scalar graph back into the matrix program that it stands for.

In reading order; each folder begins with a map of its files:

    recorded    the recorded graph, and its normal form: sums of products and other operations
    layout      tells in which array of the program each node lies, and at which position
    repeats     finds steps that repeat
    groups      groups nodes that can be computed together, as arrays and as loops
    passes      the forward and the backward pass as typed assignments
    printing    prints the program as code: in NumPy, plain floats, JAX and PyTorch
    equations   prints the program as equations
    loading     loads functions from the printed code
    floating_point_errors  makes NumPy ignore them, or raise them, while a program runs
    careful     computes the graph by the table's rules, for infinities and NaN
    targets     the program for JAX and PyTorch
    program     the class `Program`, which runs it
    lifted      makes a program from the arguments of `lift`

Importing this file loads no NumPy; calling `lift` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..value import Value
    from .program import Program

__all__ = ["Program", "lift"]


def lift(
    output: Value | Sequence[Value] | Callable[..., Any], parameters: Iterable[Value] = (), inputs: Any = ()
) -> Program:
    """Turns a recorded graph, or the graph that a function records, into the matrix program that it stands for.

    Without `inputs` the program is the whole graph, a batch and all:

        program = lift(C, parameters=model.parameters())
        cost, gradient = program()  # a float, and an array in the order of the parameters

    With `inputs` the graph is that of one example. The program takes an array of examples, a row for each, and averages
    over them, C = (1/n) Σₓ Cₓ:

        program = lift(C, parameters=model.parameters(), inputs=[*x, *y])
        cost, gradient = program(examples)  # examples of shape (n, len(inputs))

    **A decision that Python takes while the graph is recorded is fixed.** This holds for `if x > 0`, for the length of
    a loop, and for a number taken out by `float(x)` or `x.data`. The comparison in `where(x > 0, a, b)` is recorded, so
    each example chooses for itself. A UserWarning points out two signs of a fixed decision. First, a constant equals
    the number of an input, or of a node that depends on an input. Second, a plain 1 or 0 multiplies or chooses such a
    node, as a mask does.

    **Lift a function** where this may happen. It takes the Values of one example, and returns a Value or a list of
    Values. `inputs` are then examples: an array for each argument, in a tuple if there are several. An array (n, k)
    gives the function an array of k Values, an array (n,) one Value. The program takes the same columns side by side:

        program = lift(lambda x, y: quadratic(model(x), y), parameters=model.parameters(), inputs=(X, Y))
        cost, gradient = program(np.hstack([X, Y]))

    The function is called at up to eight of the examples: some evenly spread, and some with the smallest and the
    largest numbers. If fewer than three examples differ, `lift` makes up others. Without `inputs` the function takes
    no arguments and is called twice. A decision that changes only at other examples is not noticed.

    **Numbers.** The program adds up in another order than the graph, so results agree within rounding: to 1e-12 of the
    sum of the terms' magnitudes. Infinities and NaN give the same results as in the graph. There are two exceptions.
    A number that should be 0 may be rounded to the other side of a corner, as in relu of a sum; then the slope is that
    of the other side. The program computes squares, and quotients by a plain number, as products. If such a product is
    too large, it is inf, where the graph raises DomainError. Plain numbers are multiplied out if a float can hold their
    product.

    Args:
        output: A Value that was computed from others, or a function that returns one. With several Values in a list
            the program has no gradient, only `forward`.
        parameters: Leaves by which the gradient is taken. The program starts with their present numbers. Parameters
            that the output does not depend on have the gradient 0.
        inputs: Leaves that hold one example; for a function, arrays of examples. All other leaves are constants, with
            their present numbers. A ChangedValueWarning is given if a present number differs from the recorded one.
    Returns:
        The program. Call it for the cost and the gradient, print it for its equations.
    Raises:
        TypeError: If something is not a Value.
        ValueError: If an input is not in the graph, a leaf is named twice, an inner node is named as a leaf, or an
            output is a leaf. Also if a function's graph depends on the data, on random numbers, or on anything that
            the function keeps from call to call.
    """
    from .lifted import lifted

    return lifted(output, parameters, inputs)


def __getattr__(name: str) -> Any:
    if name == "Program":  # it needs NumPy
        from .program import Program

        return Program
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
