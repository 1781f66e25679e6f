"""The verdict on a user's own matrix backprop: which entries are wrong and, if a known mistake explains them, why."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd.checking.under_pytest import print_if_a_test_runs
from autograd.mistakes.edits import listed
from autograd.mistakes.judged import Given
from autograd.mistakes.search.reasons import find_reasons

from ..arguments import tolerance
from ..arrays import real_array
from ..notation import name
from .agreement import difference, largest
from .factors import given_name
from .forward_pass import ForwardPass
from .mistakes import mistakes
from .words import NetworkWords

if TYPE_CHECKING:
    from .result import Comparison

__all__ = ["Verdict", "WrongEntry", "judge"]

Array = NDArray[np.float64]
SECONDS = 4.0  # the time limit of the search for reasons
SINGLE = 1e-5  # the largest relative error that numbers computed in float32 may have
SYMBOLS = {"dW": "∂C/∂w", "db": "∂C/∂b", "delta": "δ"}


@dataclass(frozen=True)
class WrongEntry:
    """One number of the user's that differs from the right one."""

    quantity: str  # dW, db or delta
    name: str  # such as ∂C/∂w¹₂₁
    layer: int  # from 1
    neuron: int  # j, from 1
    example: int | None  # from 1, for delta in a batch
    yours: float  # the number that was given
    graph: float  # the number from the graph
    closed_form: float  # the number by the equations

    def __str__(self) -> str:
        of = f" for example {self.example}" if self.example else ""
        return (
            f"layer {self.layer}, neuron {self.neuron}: {self.name}{of} is {self.yours:.9g} in yours, "
            f"{self.closed_form:.9g} by the equations and {self.graph:.9g} in the graph"
        )


@dataclass(frozen=True, repr=False)
class Verdict:
    """The result of `Comparison.against`: the wrong numbers, and why they are wrong. Printed, it is a text."""

    wrong: list[WrongEntry]  # array by array
    why: str  # "" if nothing is wrong, or if no known mistake explains it
    convention: str  # "columns" or "rows": how the arrays were read
    told_by_shape: bool  # whether the shapes fit this convention alone
    count: int  # the number of all numbers given

    def agrees(self) -> bool:
        """Returns whether all given numbers are right."""
        return not self.wrong

    def __bool__(self) -> bool:
        if self.wrong:
            print_if_a_test_runs(str(self))
        return self.agrees()

    def __str__(self) -> str:
        if not self.wrong:
            return f"yours agrees: all {self.count} numbers equal the graph's and the equations' ({self._reading()})"
        lines = [f"yours differs in {len(self.wrong)} of {self.count} numbers ({self._reading()})"]
        lines.append(f"why: {self.why}" if self.why else "why: no known mistake explains these numbers")
        by_array: dict[tuple[str, int], list[WrongEntry]] = {}
        for entry in self.wrong:
            by_array.setdefault((entry.quantity, entry.layer), []).append(entry)
        for (quantity, layer), entries in by_array.items():
            worst = max(entries, key=lambda entry: abs(entry.yours - entry.closed_form))
            count = "1 entry" if len(entries) == 1 else f"{len(entries)} entries"
            lines.append(f"{quantity}[{layer - 1}], {count}, the worst: {worst}")
        return "\n".join(lines)

    __repr__ = __str__

    def _reading(self) -> str:
        if self.convention == "columns":
            return "shapes as for z = W a + b"
        turned = "" if self.told_by_shape else "; for z = W a + b, each matrix would be transposed"
        return f"shapes as for Z = A W + b{turned}"


@dataclass(frozen=True, eq=False)
class _Given:
    """One of the user's arrays, in our layout: dW (nₗ, nₗ₋₁), db (nₗ,), delta (n, nₗ) with an example per row."""

    key: str
    layer: int
    given: Given  # without the slope of an L2 penalty
    read: Array  # with it
    turned: bool = False  # whether its shape fits the convention only after a transposition

    @property
    def is_right(self) -> bool:
        """Whether its shape is right and its numbers agree."""
        return not self.turned and self.given.is_right

    @property
    def is_transposed(self) -> bool:
        """Whether its numbers are the right ones, transposed."""
        array, right = self.given.array.T, self.given.right
        return right.ndim == 2 and array.shape == right.shape and replace(self.given, array=array).is_right

    def __str__(self) -> str:
        return f"{self.key}[{self.layer - 1}]"


def judge(
    comparison: "Comparison",
    given: Mapping[str, Sequence[ArrayLike | None] | None],
    tol: float,
    convention: str | None,
) -> Verdict:
    """Returns the verdict of `Comparison.against`; `given` maps dW, db and delta to the user's lists of arrays."""
    if convention not in (None, "columns", "rows"):
        raise ValueError(f"convention is 'columns', 'rows', or None to tell it from the shapes; got {convention!r}")
    tol = tolerance(tol)
    with np.errstate(all="ignore"):
        forward = ForwardPass(comparison.closed_form)
    depth = len(forward.layers)
    arrays = {key: _arrays(key, value, depth) for key, value in given.items() if value is not None}
    if not any(arrays.values()):
        raise ValueError("nothing was given to compare: give dW, db or delta, each a list with one array per layer")
    right = {key: [forward.right(key, layer).T if key == "delta" else forward.right(key, layer) for layer in mine]
             for key, mine in arrays.items()}  # fmt: skip
    readings = [[convention] if convention else _conventions([*arrays[key].values()], right[key]) for key in arrays]
    read = []
    for reading in product(*readings):
        yours = [
            _given(forward, key, layer, array, kind, tol)
            for (key, value), kind in zip(arrays.items(), reading, strict=True)
            for layer, array in value.items()
        ]
        wrong = [entry for mine in yours for entry in _wrong(comparison, mine)]
        kinds = [(kind, len(open_)) for key, kind, open_ in zip(arrays, reading, readings, strict=True) if key != "db"]
        kind, choices = [*kinds, (convention or "columns", 1)][0]
        read.append((yours, Verdict(wrong, "", kind, choices == 1, sum(mine.given.array.size for mine in yours))))
    # If the shapes fit both, take the convention with the fewest wrong numbers; of several, one with a known reason.
    fewest = min(len(verdict.wrong) for _, verdict in read)
    likely = sorted((each for each in read if len(each[1].wrong) == fewest), key=lambda each: _apart(each[0]))
    for yours, verdict in likely if fewest else []:
        if why := _why(forward, yours, verdict.convention):
            return replace(verdict, why=why)
    return next(verdict for _, verdict in read if len(verdict.wrong) == fewest)


def _apart(yours: list[_Given]) -> float:
    """Returns −Σ |cosine| of the angles between given and right arrays: the smaller it is, the closer they are.

    Arrays with the wrong shape, zeros alone, or numbers that are not finite are left out.
    """
    total = 0.0
    for mine in yours:
        array, right = mine.given.array.ravel(), mine.given.right.ravel()
        if not mine.turned and np.all(np.isfinite(array)) and array.any() and right.any():
            array, right = array / largest(array), right / largest(right)
            total -= abs(float(array @ right)) / float(np.linalg.norm(array) * np.linalg.norm(right))
    return total


def _arrays(key: str, value: Sequence[ArrayLike | None], depth: int) -> dict[int, Array]:
    """Returns a dict from the number of a layer to its array, without layers for which None is given.

    Raises ValueError if the list does not have one entry per layer.
    """
    is_list = hasattr(value, "__len__") and not isinstance(value, str | Mapping)
    if not is_list or len(value) != depth:
        shape = getattr(value, "shape", None)
        got = f"one array of shape {shape}" if shape else len(value) if is_list else type(value).__name__
        raise ValueError(f"{key} is a list with one array for each of the {depth} layers, layer 1 first; got {got}")
    return {i + 1: real_array(array, f"{key}[{i}]") for i, array in enumerate(value) if array is not None}


def _conventions(arrays: list[Array], ours: list[Array]) -> list[str]:
    """Returns a list: the convention that fits more of the shapes, or both if they fit equally many.

    If all right arrays are vectors, or have a side of 1, it is "columns" alone.
    """
    pairs = list(zip(arrays, ours, strict=True))
    columns = sum(mine.shape == right.shape for mine, right in pairs)
    rows = sum(mine.T.shape == right.shape for mine, right in pairs)
    vectors = all(right.ndim == 1 or 1 in right.shape for right in ours)
    return ["columns"] if columns > rows or vectors else ["rows"] if rows > columns else ["columns", "rows"]


def _given(forward: ForwardPass, key: str, layer: int, array: Array, convention: str, tol: float) -> _Given:
    right, allowed = forward.right(key, layer), forward.rounding(key, layer)
    allowed = allowed + tol * largest(right)
    shape = right.shape

    penalty = forward.penalty(key, layer)
    allowed = allowed + 8 * np.finfo(float).eps * np.abs(penalty)

    def given(read: Array, turned: bool = False) -> _Given:
        plain = read - (penalty.T if turned else penalty)
        named = Given(given_name(key, layer), forward.array(key, layer), plain, right, allowed)
        return _Given(key, layer, named, read, turned)

    turns = convention == ("rows" if key == "dW" else "columns")
    upright = array.T if turns else array
    if upright.shape == shape:
        return given(upright)
    if array.ndim and array.size == right.size == max(array.shape) == max(shape):
        return given(array.reshape(shape))  # a vector, as a row or as a column
    if upright.T.shape == shape:
        return given(upright, turned=True)
    if key == "db" and array.size == 1:
        return given(np.broadcast_to(array.reshape(()), shape))  # one number for all neurons, which NumPy broadcasts
    expected = shape[::-1] if turns else shape
    axis = array.shape.index(forward.n) if array.shape.count(forward.n) == 1 else int(convention == "columns")
    more, examples = "", f" with examples as {convention}" * (key != "db")
    if key == "db" and array.size == forward.n:
        more = f", and there are {array.size} examples: BP3 sums over them, axis {axis}"
    elif key == "db" and array.size == forward.n * right.size:
        more = f", which is δ of each of the {forward.n} examples: BP3 sums over them, axis {axis}"
    raise ValueError(
        f"{key}[{layer - 1}], of layer {layer}, has shape {expected}{examples}; got {array.shape}"
        f"{more or f'. {key}[0] is that of layer 1'}"
    )


def _wrong(comparison: "Comparison", mine: _Given) -> list[WrongEntry]:
    graph, closed = (np.atleast_2d(side) if mine.key == "delta" else side for side in _sides(comparison, mine))
    array, right = mine.read, mine.given.right
    off = np.ones(right.shape, bool) if mine.turned else mine.given.differs(right)
    wrong = []
    for index in map(tuple, np.argwhere(off).tolist()):
        inside = all(i < extent for i, extent in zip(index, array.shape, strict=True))
        yours = float(array[index]) if inside else math.nan
        example = index[0] + 1 if mine.key == "delta" and len(right) > 1 else None
        place = [i + 1 for i in (index[1:] if mine.key == "delta" else index)]
        label = name(SYMBOLS[mine.key], mine.layer, *place)
        numbers = yours, float(graph[index]), float(closed[index])
        wrong.append(WrongEntry(mine.key, label, mine.layer, place[0], example, *numbers))
    return sorted(wrong, key=lambda entry: (entry.neuron, entry.example or 0)) if mine.key == "delta" else wrong


def _sides(comparison: "Comparison", mine: _Given) -> tuple[Array, Array]:
    row = comparison.row(SYMBOLS[mine.key], mine.layer)
    return row.graph, row.closed_form


def _why(forward: ForwardPass, yours: list[_Given], convention: str) -> str:
    """Returns a text: the known mistakes, each of which explains all given arrays; "" if there are none."""
    wrong = [mine for mine in yours if not mine.is_right]
    if all(mine.is_transposed for mine in wrong):
        return f"{listed(map(str, wrong))} {'are' if len(wrong) > 1 else 'is'} transposed"
    if any(mine.turned for mine in wrong):
        return ""
    if len(forward.layers) > 1 and _in_reverse(yours):
        return "the arrays are in reverse order: give layer 1 first"
    off = max(float(np.max(difference(m.given.array, m.given.right))) / (largest(m.given.right) or 1.0) for m in wrong)
    if off <= SINGLE:
        return f"the largest relative error is {off:.0e}, as in float32: pass tol={SINGLE:g} if you compute in float32"
    givens = [mine.given for mine in yours]
    words = NetworkWords(forward, givens, axis=int(convention == "columns"))
    found = find_reasons(forward.recorded, givens, SECONDS, words, partial(mistakes, forward, words))
    return "; or ".join(dict.fromkeys(reason.text for reason in found))


def _in_reverse(yours: list[_Given]) -> bool:
    layers = max(mine.layer for mine in yours)
    by_place = {(mine.key, mine.layer): mine.given for mine in yours}
    if any((mine.key, layers + 1 - mine.layer) not in by_place for mine in yours):
        return False
    mirrored = [(mine.given, by_place[mine.key, layers + 1 - mine.layer]) for mine in yours]
    return all(
        mine.array.shape == other.right.shape and replace(other, array=mine.array).is_right for mine, other in mirrored
    )
