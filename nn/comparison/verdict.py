"""The verdict on a reader's own matrix backprop: which entries are wrong and, where it can be told, why."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..arguments import tolerance
from ..arrays import real_array
from ..notation import name
from .agreement import agreeing, difference, largest
from .known_mistakes import Gradients, Problem, backward_pass, factors, magnitudes, slips, updated_weights

if TYPE_CHECKING:
    from .result import Comparison

__all__ = ["Verdict", "WrongEntry", "judge"]

Array = NDArray[np.float64]
ROUNDING = 1e3 * float(np.finfo(np.float64).eps)  # of the terms' magnitudes: what sums in another order may differ by
SINGLE = 1e-5  # relative: what numbers worked out in float32 may be off by
SYMBOLS = {"dW": "∂C/∂w", "db": "∂C/∂b", "delta": "δ"}


@dataclass(frozen=True)
class WrongEntry:
    """One number that differs from both the graph's and the closed form's."""

    quantity: str  # dW, db or delta
    name: str  # such as ∂C/∂w¹₂₁
    layer: int  # from 1
    neuron: int  # j, from 1
    example: int | None  # for delta in a batch, from 1
    yours: float  # what was given
    graph: float  # what the graph has
    closed_form: float  # what the equations give

    def __str__(self) -> str:
        of = f" for example {self.example}" if self.example else ""
        return (
            f"layer {self.layer}, neuron {self.neuron}: {self.name}{of} is {self.yours:.9g} in yours, "
            f"{self.closed_form:.9g} by the equations and {self.graph:.9g} in the graph"
        )


@dataclass(frozen=True, repr=False)
class Verdict:
    """What `against` found: the wrong numbers, and why they are wrong. Printing it tells it in words."""

    wrong: list[WrongEntry]  # array by array, in reading order
    why: str  # "" if nothing is wrong, or if no known slip explains it
    convention: str  # "columns" or "rows": how the arrays were read
    told_by_shape: bool  # whether the shapes allow no other reading
    count: int  # of all numbers given

    def agrees(self) -> bool:
        """Whether nothing is wrong."""
        return not self.wrong

    def __str__(self) -> str:
        if not self.wrong:
            return f"yours agrees: all {self.count} numbers equal the graph's and the equations' ({self._reading()})"
        lines = [f"yours differs in {len(self.wrong)} of {self.count} numbers ({self._reading()})"]
        lines.append(f"why: {self.why}" if self.why else "why: none of the known slips explains these numbers")
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
        if self.convention == "rows" and not self.told_by_shape:
            return "rows; read as columns, as from_arrays takes weights, each matrix is transposed"
        return self.convention


@dataclass(frozen=True, eq=False)
class _Given:
    """One of the reader's arrays, in columns: (nₗ, nₗ₋₁), (nₗ,) or (nₗ, n)."""

    key: str
    layer: int
    array: Array
    allowed: float  # the difference that rounding may make
    turned: bool = False  # its shape fits only once it is transposed, unlike its neighbours

    def of(self, gradients: Gradients) -> Array:
        """The array that stands in its place in a pass."""
        array: Array = getattr(gradients, self.key)[self.layer - 1]
        return array

    def equals(self, other: Array, factor: float = 1.0, slack: float = 1.0) -> bool:
        """Whether its numbers are those, times the factor."""
        allowed = self.allowed * max(1.0, abs(factor)) * slack
        return not self.turned and bool(np.all(agreeing(self.array, factor * other, allowed)))

    def is_transposed(self, other: Array) -> bool:
        """Whether its numbers are those, transposed."""
        fits = other.ndim == 2 and self.array.T.shape == other.shape
        return fits and bool(np.all(agreeing(self.array.T, other, self.allowed)))

    def __str__(self) -> str:
        return f"{self.key}[{self.layer - 1}]"


def judge(
    comparison: "Comparison",
    given: Mapping[str, Sequence[ArrayLike] | None],
    tol: float,
    convention: str | None,
) -> Verdict:
    """See `Comparison.against`; `given` has the keys dW, db and delta."""
    if convention not in (None, "columns", "rows"):
        raise ValueError(f"convention is 'columns', 'rows', or None to tell it from the shapes; got {convention!r}")
    tol = tolerance(tol)
    closed = comparison.closed_form
    problem = Problem.of(closed)
    right = backward_pass(problem)
    arrays = {key: _arrays(key, value, problem.depth) for key, value in given.items() if value is not None}
    if not arrays:
        raise ValueError("nothing was given to compare: against(dW=[...]), db=[...] or delta=[...], an array a layer")
    scale = magnitudes(problem)
    readings = [[convention] if convention else _conventions(arrays[key], getattr(right, key)) for key in arrays]
    # Where the shapes leave it open, the reading with the fewest wrong numbers is meant, then one with a known slip.
    verdicts = []
    for reading in product(*readings):
        yours = [
            _given(
                key, layer, array, ours, kind, tol * largest(ours) + ROUNDING * largest(getattr(scale, key)[layer - 1])
            )
            for (key, value), kind in zip(arrays.items(), reading, strict=True)
            for layer, (array, ours) in enumerate(zip(value, getattr(right, key), strict=True), 1)
        ]
        wrong = [entry for mine in yours for entry in _wrong(comparison, mine, mine.of(right))]
        why = _why(problem, closed.biases, right, yours) if wrong else ""
        kinds = [(kind, len(open_)) for key, kind, open_ in zip(arrays, reading, readings, strict=True) if key != "db"]
        kind, choices = [*kinds, (convention or "columns", 1)][0]
        verdicts.append(Verdict(wrong, why, kind, choices == 1, sum(mine.array.size for mine in yours)))
    return min(verdicts, key=lambda verdict: (len(verdict.wrong), not verdict.why))


def _arrays(key: str, value: Sequence[ArrayLike], depth: int) -> list[Array]:
    listed = hasattr(value, "__len__") and not isinstance(value, str | Mapping)
    if not listed or len(value) != depth:
        shape = getattr(value, "shape", None)
        got = f"one array of shape {shape}" if shape else len(value) if listed else type(value).__name__
        raise ValueError(f"{key} is a list with one array for each of the {depth} layers, layer 1 first; got {got}")
    return [real_array(array, f"{key}[{i}]") for i, array in enumerate(value)]


def _conventions(arrays: list[Array], ours: list[Array]) -> list[str]:
    """Columns, rows or both: whichever fits more of the shapes."""
    pairs = list(zip(arrays, ours, strict=True))
    columns = sum(mine.shape == right.shape for mine, right in pairs)
    rows = sum(mine.T.shape == right.shape for mine, right in pairs)
    vectors = all(right.ndim == 1 or 1 in right.shape for right in ours)
    return ["columns"] if columns > rows or vectors else ["rows"] if rows > columns else ["columns", "rows"]


def _given(key: str, layer: int, array: Array, ours: Array, convention: str, allowed: float) -> _Given:
    shape = ours.shape
    upright = array.T if convention == "rows" else array
    if upright.shape == shape:
        return _Given(key, layer, upright, allowed)
    if array.ndim and array.size == ours.size == max(array.shape) == max(shape):
        return _Given(key, layer, array.reshape(shape), allowed)  # a vector, lying or standing
    if upright.T.shape == shape:
        return _Given(key, layer, upright, allowed, turned=True)
    expected = shape[::-1] if convention == "rows" else shape
    raise ValueError(
        f"{key}[{layer - 1}], of layer {layer}, has shape {expected}, examples being {convention}; got {array.shape}. "
        "Layer 1 comes first"
    )


def _wrong(comparison: "Comparison", mine: _Given, ours: Array) -> list[WrongEntry]:
    graph = comparison.row(SYMBOLS[mine.key], mine.layer).graph
    graph = graph.T.reshape(ours.shape) if mine.key == "delta" else graph
    off = np.ones(ours.shape, bool) if mine.turned else ~agreeing(mine.array, ours, mine.allowed)
    wrong = []
    for index in map(tuple, np.argwhere(off).tolist()):
        inside = all(i < extent for i, extent in zip(index, mine.array.shape, strict=True))
        yours = float(mine.array[index]) if inside else math.nan
        example = index[1] + 1 if mine.key == "delta" and ours.shape[1] > 1 else None
        place = [i + 1 for i in (index[:1] if mine.key == "delta" else index)]
        label = name(SYMBOLS[mine.key], mine.layer, *place)
        numbers = yours, float(graph[index]), float(ours[index])
        wrong.append(WrongEntry(mine.key, label, mine.layer, place[0], example, *numbers))
    return wrong


def _why(p: Problem, biases: list[Array], right: Gradients, yours: list[_Given]) -> str:
    """The slip that explains every array given, right ones included; "" if there is none."""
    wrong = [mine for mine in yours if not mine.equals(mine.of(right))]
    if all(mine.is_transposed(mine.of(right)) for mine in wrong):
        return f"{_listed(wrong)}: transposed"
    if not all(np.all(np.isfinite(mine.array)) for mine in wrong):
        return f"{_listed([m for m in wrong if not np.all(np.isfinite(m.array))])}: not all of the numbers are finite"
    if not any(np.any(mine.array) for mine in wrong):
        return f"{_listed(wrong)}: all zeros"
    if p.depth > 1 and _in_reverse(right, yours):
        return "the arrays come in reverse order: layer 1 comes first"
    off = max(float(np.max(difference(m.array, m.of(right)))) / (largest(m.of(right)) or 1.0) for m in wrong)
    if off <= SINGLE and not any(mine.turned for mine in wrong):
        return f"right to {off:.0e}, as numbers worked out in float32 are: pass tol={SINGLE:g} if that is meant"
    if reason := _factor(p, right, yours, wrong, named=True):
        return reason
    known = list(slips(p, biases))
    found = [text for text, made in known if all(mine.equals(mine.of(made)) for mine in yours)]
    if found:
        return "; or ".join(found[:3])
    learning_rate = _learning_rate(p, right, wrong)
    made = updated_weights(p, learning_rate)
    if learning_rate > 1e-6 and all(mine.equals(mine.of(made), slack=10.0) for mine in yours):
        return (
            f"BP2 takes weights that were updated already (learning rate {learning_rate:.6g}): "
            "work out every δ first, then update"
        )
    return _factor(p, right, yours, wrong, named=False) or _two_slips(p, known, yours)


def _in_reverse(right: Gradients, yours: list[_Given]) -> bool:
    layers = max(mine.layer for mine in yours)
    mirrored = [(mine, getattr(right, mine.key)[layers - mine.layer]) for mine in yours]
    return all(mine.array.shape == ours.shape and mine.equals(ours) for mine, ours in mirrored)


def _learning_rate(p: Problem, right: Gradients, wrong: list[_Given]) -> float:
    """The rate at which updated weights would explain layer L − 1, whose numbers depend on it linearly.

    0 where the numbers there are a plain multiple of the right ones, to which a rate can be fitted for any reason.
    """
    for mine in wrong:
        if mine.layer == p.depth - 1 and not mine.turned:
            ours = mine.of(right)
            if mine.equals(ours, _multiple(mine.array, ours)):
                return 0.0
            return _multiple(mine.array - ours, mine.of(updated_weights(p, 1.0)) - ours)
    return 0.0


def _factor(p: Problem, right: Gradients, yours: list[_Given], wrong: list[_Given], named: bool) -> str:
    """The one factor by which all the wrong arrays are off, in words; `named`: only one that has a known reason."""
    factor = next((_multiple(m.array, m.of(right)) for m in wrong if not m.turned and np.any(m.of(right))), 0.0)
    if abs(factor - 1) < 1e-6 or not factor or not all(mine.equals(mine.of(right), factor) for mine in wrong):
        return ""
    n = p.y.shape[1]
    others_right = any(np.any(mine.of(right)) for mine in yours if mine not in wrong)
    reasons = [text for known, text in factors(p) if math.isclose(factor, known, rel_tol=1e-9) and not others_right]
    if n > 1 and math.isclose(factor, n, rel_tol=1e-9) and all(mine.key == "delta" for mine in wrong):
        reasons = [f"a factor n = {n}: ∂Cₓ/∂z of each example's own cost; here δ is ∂C/∂z of the mean C = (1/n) Σ Cₓ"]
    if not named:
        reasons.append(f"a factor {factor:g}")
    return f"{_listed(wrong)}: {reasons[0]}" if reasons else ""


def _two_slips(p: Problem, known: list[tuple[str, Gradients]], yours: list[_Given]) -> str:
    """A slip in the pass and a factor on the whole of it."""
    found = [
        f"{text}; and besides {reason}"
        for factor, reason in factors(p)
        for text, made in known
        if all(mine.equals(mine.of(made), factor) for mine in yours)
    ]
    return found[0] if found else ""


def _multiple(mine: Array, ours: Array) -> float:
    """The factor that takes `ours` nearest to `mine`; 0 if there is none."""
    size = largest(ours)
    if not size or mine.shape != ours.shape:
        return 0.0
    scaled = ours / size  # so that squares neither vanish nor overflow
    return float(np.sum(mine / size * scaled)) / float(np.sum(scaled**2))


def _listed(arrays: list[_Given]) -> str:
    return ", ".join(map(str, arrays))
