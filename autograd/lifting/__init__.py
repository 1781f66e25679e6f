"""The scalar graph, turned back into the matrix program it stands for: `lift`.

The way there, in reading order, each room with a map of its own:

    recorded    the graph that was recorded, and its normal form: sums of products, and operations on them
    layout      where each number lies in the program's arrays
    repeats     steps that repeat
    groups      nodes that can be worked out together, as arrays and as loops
    passes      the forward and the backward pass as typed assignments, and what is done to those
    printing    the program in NumPy, in plain floats, in JAX and PyTorch, and as equations
    loading     functions, loaded from that text
    floating_point_errors  what NumPy does about them while a program runs
    careful     the same numbers group by group, at the edges of floats
    targets     the program for engines that run on other devices, and on many machines
    program     what runs it
    lifted      what users hand to `lift`, read and made a program

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
    """Turn a recorded graph, or the graph that a function records, into the matrix program it stands for.

    Without `inputs` the program is the whole graph, a batch and all:

        program = lift(C, parameters=model.parameters())
        cost, gradient = program()  # a float, and an array in the order of the parameters

    With them the graph is one example's, and a function of those leaves. Called with an array of shape
    (n, len(inputs)), an example a row, the program averages over the examples, C = (1/n) Σₓ Cₓ:

        program = lift(C, parameters=model.parameters(), inputs=[*x, *y])
        cost, gradient = program(examples)

    `output` is a Value that was worked out from others. It may be several of them; such a program has `forward` alone.
    Leaves that are named neither as parameters nor as inputs are constants, with the numbers they have now. Where that
    is another number than the graph was recorded with, a ChangedValueWarning says so. Parameters begin with their
    numbers of now. Those that the output does not depend on have the gradient 0.

    The program does what the graph recorded. Whatever Python decided while it was recorded is part of it for good: `if
    x > 0`, the length of a loop, a number taken out by `float(x)` or `x.data`. What `where(x > 0, a, b)` compares is
    recorded, and so chosen anew. A UserWarning says so in two cases. A constant equals the number of an input, or of a
    node that depends on one. Or such a node is multiplied by a plain 1 or 0, or chosen by it, as a mask does.

    **Lift a function** where that may happen. It takes one example's Values and returns a Value, or a list of them.
    `inputs` are examples: an array for each of its arguments, in a tuple if there are several. Of an array (n, k) it
    gets k Values in an array, of an array (n,) one Value. The program then takes the same columns side by side:

        program = lift(lambda x, y: quadratic(model(x), y), parameters=model.parameters(), inputs=(X, Y))
        cost, gradient = program(np.hstack([X, Y]))

    The function is called at up to eight of the examples: some evenly spread, and those with the least and the largest
    numbers. If fewer than three differ, others are made up. Without `inputs` it takes no arguments, and is called
    twice. A ValueError says where its graphs differ. What it does only at other examples is not seen.

    Infinities and NaN, in the numbers given or on the way, give what they give in the graph.
    Sums are added up in another order than in the graph. Results agree within rounding: to 1e-12 of the sum of the
    terms' magnitudes. A number that ought to be 0 may be rounded to the other side of a corner, as in relu of a sum;
    its slope is that side's then. Squares and quotients by a plain number are products here: where they are too large,
    they are inf, and the graph would raise DomainError. Plain numbers are multiplied out where a float holds their
    product.

    Raises TypeError for what is no Value. Raises ValueError for an input that the graph does not contain, a leaf that
    is named twice, an inner node that is named as a leaf, an output that is a leaf, and for a function whose graph
    depends on the data, on random numbers or on what it keeps from call to call.
    """
    from .lifted import lifted

    return lifted(output, parameters, inputs)


def __getattr__(name: str) -> Any:
    if name == "Program":  # it needs NumPy
        from .program import Program

        return Program
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
