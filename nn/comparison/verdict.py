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
from autograd.checking.verdict import told_for_some
from autograd.mistakes.judged import Given, Reason
from autograd.mistakes.search.reasons import find_reasons

from ..arguments import tolerance
from ..notation import name
from .forward_pass import ForwardPass
from .mistakes.cross_entropy import of_probabilities
from .mistakes.kinds import mistakes
from .mistakes.penalties import why_only_the_penalty
from .mistakes.rounded import why_rounded
from .reading import ReadArray, apart, arrays_by_layer, conventions, read_array, why_as_given
from .whereabouts import where
from .words.network_words import NetworkWords

if TYPE_CHECKING:
    from .result import Comparison

__all__ = ["Verdict", "WrongEntry", "judge"]

Array = NDArray[np.float64]
SECONDS = 4.0  # the time limit of the search for reasons
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
    where: str  # the equations in which the mistake may be; "" if nothing is wrong, or the numbers don't tell
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
        if not self.why and self.where:
            lines.append(self.where)
        return "\n".join(lines)

    __repr__ = __str__

    def _reading(self) -> str:
        if self.convention == "columns":
            return "shapes as for z = W a + b"
        turned = "" if self.told_by_shape else "; for z = W a + b, each matrix would be transposed"
        return f"shapes as for Z = A W + b{turned}"


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
    arrays = {key: arrays_by_layer(key, value, depth) for key, value in given.items() if value is not None}
    if not any(arrays.values()):
        raise ValueError("nothing was given to compare: give dW, db or delta, each a list with one array per layer")
    right = {key: [forward.right(key, layer).T if key == "delta" else forward.right(key, layer) for layer in mine]
             for key, mine in arrays.items()}  # fmt: skip
    readings = [[convention] if convention else conventions([*arrays[key].values()], right[key]) for key in arrays]
    read = []
    for reading in product(*readings):
        yours = [
            read_array(forward, key, layer, array, kind, tol)
            for (key, value), kind in zip(arrays.items(), reading, strict=True)
            for layer, array in value.items()
        ]
        wrong = [entry for mine in yours for entry in _wrong(comparison, mine)]
        kinds = [(kind, len(open_)) for key, kind, open_ in zip(arrays, reading, readings, strict=True) if key != "db"]
        kind, choices = [*kinds, (convention or "columns", 1)][0]
        read.append((yours, Verdict(wrong, "", "", kind, choices == 1, sum(mine.given.array.size for mine in yours))))
    # If the shapes fit both, take the convention with the fewest wrong numbers; of several, one with a known reason.
    fewest = min(len(verdict.wrong) for _, verdict in read)
    likely = sorted((each for each in read if len(each[1].wrong) == fewest), key=lambda each: apart(each[0]))
    some = ""
    for yours, verdict in likely if fewest else []:
        if why := why_as_given(forward, yours):
            return replace(verdict, why=why)
        reasons = _reasons(forward, yours, verdict.convention)
        if why := "; or ".join(dict.fromkeys(reason.text for reason in reasons if not reason.of)):
            return replace(verdict, why=why, where=_where(forward, yours))
        some = some or "".join(map(told_for_some, reasons))
    yours, verdict = next(each for each in read if len(each[1].wrong) == fewest)
    return replace(verdict, where="\n".join(filter(None, (_where(forward, yours), some)))) if fewest else verdict


def _wrong(comparison: "Comparison", mine: ReadArray) -> list[WrongEntry]:
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


def _sides(comparison: "Comparison", mine: ReadArray) -> tuple[Array, Array]:
    row = comparison.row(SYMBOLS[mine.key], mine.layer)
    return row.graph, row.closed_form


def _reasons(forward: ForwardPass, yours: list[ReadArray], convention: str) -> list[Reason]:
    """Returns the known mistakes that explain all given arrays; if there are none, one that explains some, or none.

    For a cost with σ in it, they are sought once more with this σ as the activation of the last layer.
    """
    if any(mine.turned for mine in yours):
        return []
    if why := why_only_the_penalty(forward, [mine.given for mine in yours]):
        return [Reason(why)]
    found = _found(forward, [mine.given for mine in yours], SECONDS, convention)
    if any(not reason.of for reason in found):
        return found
    if why := why_rounded(forward, [mine.given for mine in yours]):
        return [Reason(why)]
    other = of_probabilities(forward)
    if other is None:
        return found
    givens = [_given(other, mine) for mine in yours]
    with_probabilities = [r for r in _found(other, givens, SECONDS / 2, convention) if not r.of]
    last = len(other.layers)
    told = f" (σ of layer {last} is that of the cost, {name('a', last)} = σ({name('z', last)}))"
    return [Reason(f"{reason.text}{told}") for reason in with_probabilities] or found


def _found(forward: ForwardPass, givens: list[Given], seconds: float, convention: str) -> list[Reason]:
    words = NetworkWords(forward, givens, axis=int(convention == "columns"))
    return find_reasons(forward.recorded, givens, seconds, words, partial(mistakes, forward, words))


def _given(forward: ForwardPass, mine: ReadArray) -> Given:
    """Returns one of the user's arrays as that of another forward pass with the same gradients, but for rounding."""
    right, rounding = forward.right(mine.key, mine.layer), forward.rounding(mine.key, mine.layer)
    array = forward.array(mine.key, mine.layer)
    return replace(mine.given, assignment=array, right=right, allowed=np.maximum(mine.given.allowed, rounding))


def _where(forward: ForwardPass, yours: list[ReadArray]) -> str:
    return where(forward, [mine.given for mine in yours])
