"""The verdict on a reader's own matrix backprop: which entries are wrong and, where it can be told, why."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .notation import name
from .slips import Gradients, Problem, backward_pass, slips, updated_weights

if TYPE_CHECKING:
    from .comparing import Comparison

__all__ = ["Verdict", "WrongEntry", "judge"]

Array = NDArray[np.float64]
SYMBOLS = {"dW": "∂C/∂w", "db": "∂C/∂b", "delta": "δ"}


@dataclass(frozen=True)
class WrongEntry:
    """One number that differs from both the graph's and the closed form's."""

    quantity: str  # dW, db or delta
    name: str  # such as ∂C/∂w¹₂₁
    layer: int
    neuron: int
    example: int | None  # for delta in a batch, from 1
    yours: float
    graph: float
    closed_form: float

    def __str__(self) -> str:
        of = f" for example {self.example}" if self.example else ""
        return (
            f"layer {self.layer}, neuron {self.neuron}: {self.name}{of} is {self.yours:.9g} in yours, "
            f"{self.closed_form:.9g} by the equations and {self.graph:.9g} in the graph"
        )


@dataclass(frozen=True)
class Verdict:
    """What `against` found. Printing it tells it in words."""

    wrong: list[WrongEntry]
    why: str  # "" if nothing is wrong, or if no known slip explains it
    convention: str  # "columns" or "rows"
    count: int  # of all numbers given

    def agrees(self) -> bool:
        """Whether nothing is wrong."""
        return not self.wrong

    def __str__(self) -> str:
        if not self.wrong:
            return f"yours agrees: all {self.count} numbers equal the graph's and the equations' ({self.convention})"
        lines = [f"yours differs in {len(self.wrong)} of {self.count} numbers ({self.convention})"]
        lines.append(f"why: {self.why}" if self.why else "why: none of the known slips explains these numbers")
        largest: dict[tuple[str, int], list[WrongEntry]] = {}
        for entry in self.wrong:
            largest.setdefault((entry.quantity, entry.layer), []).append(entry)
        for (quantity, layer), entries in largest.items():
            worst = max(entries, key=lambda entry: abs(entry.yours - entry.closed_form))
            lines.append(f"{quantity}[{layer - 1}], {_entries(len(entries))}, the worst: {worst}")
        return "\n".join(lines)


def judge(
    comparison: "Comparison",
    dW: Sequence[ArrayLike] | None,
    db: Sequence[ArrayLike] | None,
    delta: Sequence[ArrayLike] | None,
    tol: float,
) -> Verdict:
    """See `Comparison.against`."""
    given = {key: arrays for key, arrays in (("dW", dW), ("db", db), ("delta", delta)) if arrays is not None}
    if not given:
        raise ValueError("nothing was given to compare: against(dW=[...]), db=[...] or delta=[...], an array a layer")
    model = comparison.model
    problem = Problem.of(model.weights, model.activations, comparison.closed_form, comparison.y.T)
    right = backward_pass(problem)
    arrays = {key: _arrays(key, value, problem.depth) for key, value in given.items()}
    conventions = [_conventions(arrays[key], getattr(right, key)) for key in arrays]
    # Where the shapes leave it open, the reading with the fewest wrong numbers is meant, then one with a known slip.
    verdicts = [_judged(comparison, problem, right, arrays, reading, tol) for reading in product(*conventions)]
    return min(verdicts, key=lambda verdict: (len(verdict.wrong), not verdict.why))


def _judged(
    comparison: "Comparison",
    problem: Problem,
    right: Gradients,
    arrays: dict[str, list[Array]],
    reading: tuple[str, ...],
    tol: float,
) -> Verdict:
    """The verdict if the arrays of each kind are in these conventions."""
    yours = [
        _given(key, layer, array, ours.shape, convention)
        for (key, value), convention in zip(arrays.items(), reading, strict=True)
        for layer, (array, ours) in enumerate(zip(value, getattr(right, key), strict=True), 1)
    ]
    wrong = [entry for mine in yours for entry in _wrong(comparison, mine, mine.of(right), tol)]
    why = _why(problem, right, yours, tol) if wrong else ""
    matrices = [convention for key, convention in zip(arrays, reading, strict=True) if key != "db"]
    return Verdict(wrong, why, [*matrices, "columns"][0], sum(mine.array.size for mine in yours))


@dataclass(frozen=True, eq=False)
class Given:
    """One of the reader's arrays, in columns: (nₗ, nₗ₋₁), (nₗ,) or (nₗ, n)."""

    key: str
    layer: int
    array: Array
    turned: bool = False  # its shape fits only once it is transposed, unlike its neighbours

    def of(self, gradients: Gradients) -> Array:
        """The array that stands in its place in a pass."""
        array: Array = getattr(gradients, self.key)[self.layer - 1]
        return array

    def equals(self, other: Array, tol: float) -> bool:
        """Whether the numbers are those, within tol of their largest magnitude."""
        return not self.turned and bool(np.all(_within(self.array, other, tol)))

    def __str__(self) -> str:
        return f"{self.key}[{self.layer - 1}]"


def _arrays(key: str, value: Sequence[ArrayLike], depth: int) -> list[Array]:
    if isinstance(value, str) or not hasattr(value, "__len__") or len(value) != depth:
        got = len(value) if hasattr(value, "__len__") else type(value).__name__
        raise ValueError(f"{key} is a list with one array for each of the {depth} layers, layer 1 first; got {got}")
    try:
        return [np.asarray(array, dtype=np.float64) for array in value]
    except (TypeError, ValueError):
        raise TypeError(f"{key} holds arrays of real numbers, one for each layer; got something else") from None


def _conventions(arrays: list[Array], ours: list[Array]) -> list[str]:
    """Columns, rows or both: whichever fits more of the shapes."""
    pairs = list(zip(arrays, ours, strict=True))
    columns = sum(mine.shape == right.shape for mine, right in pairs)
    rows = sum(mine.T.shape == right.shape for mine, right in pairs)
    return ["columns"] if columns > rows else ["rows"] if rows > columns else ["columns", "rows"]


def _given(key: str, layer: int, array: Array, shape: tuple[int, ...], convention: str) -> Given:
    turned = array.T if convention == "rows" else array
    if turned.shape == shape:
        return Given(key, layer, turned)
    if (key == "db" or shape[1:] == (1,)) and array.size == shape[0] and max(array.shape) == array.size:
        return Given(key, layer, array.reshape(shape))  # a vector, lying or standing
    if turned.T.shape == shape:
        return Given(key, layer, turned, turned=True)
    expected = shape[::-1] if convention == "rows" else shape
    raise ValueError(f"{key}[{layer - 1}] has shape {expected}, examples being {convention}; got {array.shape}")


def _wrong(comparison: "Comparison", mine: Given, ours: Array, tol: float) -> list[WrongEntry]:
    graph = comparison.row(SYMBOLS[mine.key], mine.layer).graph
    graph = graph.T.reshape(ours.shape) if mine.key == "delta" else graph
    wrong = []
    for index in np.ndindex(ours.shape):
        inside = all(i < extent for i, extent in zip(index, mine.array.shape, strict=True))
        yours = float(mine.array[index]) if inside else float("nan")
        if mine.turned or not _within(mine.array, ours, tol)[index]:
            example = index[1] + 1 if mine.key == "delta" and ours.shape[1] > 1 else None
            place = [i + 1 for i in (index[:1] if mine.key == "delta" else index)]
            label = name(SYMBOLS[mine.key], mine.layer, *place)
            numbers = yours, float(graph[index]), float(ours[index])
            wrong.append(WrongEntry(mine.key, label, mine.layer, place[0], example, *numbers))
    return wrong


def _why(p: Problem, right: Gradients, yours: list[Given], tol: float) -> str:
    """The slip that explains every array given, right ones included; "" if there is none."""
    wrong = [mine for mine in yours if not mine.equals(mine.of(right), tol)]
    transposed = [mine for mine in wrong if _is_transposed(mine, mine.of(right), tol)]
    if len(transposed) == len(wrong):
        return f"{_listed(transposed)}: transposed"
    found = [text for text, made in slips(p) if all(mine.equals(mine.of(made), tol) for mine in yours)]
    if found:
        return "; or ".join(found[:3])
    learning_rate = _learning_rate(p, right, wrong)
    if learning_rate > 0:
        made = updated_weights(p, learning_rate)
        if all(mine.equals(mine.of(made), max(tol, 1e-8)) for mine in yours):
            return (
                f"BP2 takes weights that were updated already (learning rate {learning_rate:.6g}): "
                "work out every δ first, then update"
            )
    return _factor(p.y.shape[1], right, wrong, tol)


def _is_transposed(mine: Given, ours: Array, tol: float) -> bool:
    return ours.ndim == 2 and mine.array.T.shape == ours.shape and bool(np.all(_within(mine.array.T, ours, tol)))


def _learning_rate(p: Problem, right: Gradients, wrong: list[Given]) -> float:
    """The rate at which updated weights would explain layer L − 1, whose numbers depend on it linearly."""
    for mine in wrong:
        if mine.layer == p.depth - 1 and not mine.turned:
            direction = mine.of(updated_weights(p, 1.0)) - mine.of(right)
            length = float(np.sum(direction**2))
            return float(np.sum((mine.array - mine.of(right)) * direction)) / length if length else 0.0
    return 0.0


def _factor(n: int, right: Gradients, wrong: list[Given], tol: float) -> str:
    """The one factor by which all the wrong arrays are off, in words."""
    factors = set()
    for mine in wrong:
        ours = mine.of(right)
        length = float(np.sum(ours**2))
        factor = float(np.sum(mine.array * ours)) / length if length and not mine.turned else 0.0
        if not factor or not mine.equals(factor * ours, tol):
            return ""
        factors.add(float(f"{factor:.6g}"))
    if len(factors) > 1:
        return ""
    factor = factors.pop()
    if factor == n and all(mine.key == "delta" for mine in wrong):
        reason = f"a factor n = {n}: ∂Cₓ/∂z of each example's own cost; here δ is ∂C/∂z of the mean C = (1/n) Σ Cₓ"
    elif factor == n:
        reason = f"a factor n = {n}: of the sum over the examples, not of their mean C = (1/n) Σ Cₓ"
    elif factor == float(f"{1 / n:.6g}"):
        reason = f"a factor 1/n = 1/{n} too many: the mean over the examples taken twice"
    else:
        reason = f"a factor {factor:g}"
    return f"{_listed(wrong)}: {reason}"


def _within(mine: Array, ours: Array, tol: float) -> NDArray[np.bool_]:
    within: NDArray[np.bool_] = np.abs(mine - ours) <= tol * float(np.max(np.abs(ours))) + 1e-15
    return within


def _listed(arrays: list[Given]) -> str:
    return ", ".join(map(str, arrays))


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"
