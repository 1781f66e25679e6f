"""Checks the arguments of `lift` and of its programs."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...floats import as_float
from ...value import Value
from .graph import Graph

__all__ = ["examples", "leaf_numbers", "listed", "real", "worked_out"]

Numbers = NDArray[np.float64]


def real(given: ArrayLike, rule: str) -> Numbers:
    """Returns an array of floats; raises TypeError, with the rule, if a part of it is not a real number.

    `np.matrix` multiplies in its own way, and a masked array may lack numbers. Both are refused, also inside lists.
    """
    for part in _parts(given):
        if isinstance(part, np.matrix | np.ma.MaskedArray):
            remedy = "array.filled(...)" if isinstance(part, np.ma.MaskedArray) else "np.asarray(matrix)"
            raise TypeError(f"{rule}; got a {type(part).__name__}, which is no plain array: give {remedy}")
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


def examples(given: ArrayLike | None, inputs: int) -> Numbers | None:
    """Returns the examples that a program is called with, as rows (n, inputs); None if the program has no inputs.

    Raises ValueError for any other shape.
    """
    if not inputs:
        if given is not None:
            raise ValueError("this program has no inputs, as none were named: lift(output, parameters, inputs=x)")
        return None
    is_plain = type(given) is np.ndarray and given.dtype == np.float64 and given.ndim == 2
    if is_plain and given.shape[1] == inputs and given.size:  # type: ignore[union-attr]  # it is an array
        return given  # type: ignore[return-value]
    rule = f"this program takes inputs of shape (n, {inputs}), a row for each example"
    if given is None:
        raise ValueError(f"{rule}; got none")
    array = real(given, rule)
    if array.ndim not in (1, 2) or array.shape[-1] != inputs or not array.size:
        raise ValueError(f"{rule}, or one example ({inputs},); got {array.shape}")
    return array.reshape(-1, inputs)


def _parts(given: Any) -> Iterator[Any]:
    """Yields the argument itself, and everything in lists and tuples inside it."""
    yield given
    for part in given if isinstance(given, list | tuple) else ():
        yield from _parts(part)


def listed(given: Any, what: str, rule: str) -> list[Value]:
    """Returns a list of Values from any iterable of them; raises TypeError, with the rule, for anything else."""
    values = list(given) if isinstance(given, Iterable) and not isinstance(given, str | Value) else [given]
    strange = [value for value in values if not isinstance(value, Value)]
    if strange or isinstance(given, Value):
        got = given if isinstance(given, Value) else strange[0]
        raise TypeError(f"{what} is {rule}; got {type(got).__name__} {got!r:.60}")
    return values


def worked_out(outputs: list[Value]) -> list[Value]:
    """Returns the outputs; raises ValueError if there are none, or if one is a leaf."""
    leaf = next((value for value in outputs if value.op is None), None)
    if leaf is not None or not outputs:
        got = "nothing" if leaf is None else f"the leaf {leaf!r}"
        raise ValueError(f"output is worked out from other Values; got {got}: lift(C, parameters=model.parameters())")
    return outputs


def leaf_numbers(graph: Graph, parameters: list[Value], inputs: list[Value]) -> tuple[list[int], list[int]]:
    """Returns the node numbers of the parameters and of the inputs.

    Raises ValueError if one of them is no leaf, is not in the graph, or is named twice.
    """
    number = graph.number
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
                    f"inputs are leaves of the graph; {place}, {value!r}, is not in it: "
                    "leave it out, or see whether Python's control flow did at recording"
                )
            if value in found:
                raise ValueError(f"each leaf is named once; {value!r} is {found[value]} and {place}")
            found[value] = place
    return [number[value] for value in parameters], [number[value] for value in inputs]
