"""The costs, each said once: how far an example's outputs are from what was wanted, and how steep that is.

Throughout:

    a      the outputs of one example, [a₁, …, aₙ]; n is nᴸ
    y      as many targets
    m      the mathematics that a rule speaks: of Values and it makes a graph, of arrays and it is the closed form, for
           many examples at once, of JavaScript and a page works it out

`m` has the words of `autograd.vocabulary`, and the table's operations by their names. The closed form reads this file,
so it takes nothing from autograd; only a cost that is called makes Values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import KW_ONLY, dataclass
from functools import reduce
from operator import add, mul, sub
from typing import TYPE_CHECKING, Any

from .activations import ACTIVATIONS, LEAK
from .choices import chosen
from .numpy_later import np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["COSTS", "Cost", "binary_cross_entropy", "cost_called", "hinge", "mean_squared_error", "quadratic",
           "softmax_cross_entropy"]  # fmt: skip

Rule = Callable[[Any, Sequence[Any], Sequence[Any]], Any]
Squash = Callable[[Any, Sequence[Any]], list[Any]]


def each(rule: Callable[[Any, Any], Any], a: Sequence[Any], y: Sequence[Any]) -> list[Any]:
    """What a rule says of each output and its target."""
    return [rule(aj, yj) for aj, yj in zip(a, y, strict=True)]


def total(terms: Iterable[Any]) -> Any:
    """Their sum, from the first on."""
    return reduce(add, terms)


def probable_terms(m: Any, a: Sequence[Any], y: Sequence[Any]) -> list[Any]:
    """A function of the output that is as uncertain as it, less the target."""
    return each(lambda aj, yj: m.maximum(aj, 1.0) + yj, a, y)


@dataclass(frozen=True, repr=False)
class Cost:
    """The cost Cₓ of one example, and all that is to be known of it.

    Called with outputs and targets, as many or one of each, it gives Cₓ, a Value; ValueError if they are not equally
    many. A cost of your own is a record like these, and goes wherever a cost's name does. Its rules are functions of m,
    a and y: `m` has the words of `autograd.vocabulary`, such as m.exp and m.log_sum_exp(*a), and the operations of
    `autograd.table` by their names, such as m.relu; a and y are lists, an entry an output. A rule that says `if` about
    numbers is no rule for all examples: `fit` lifts a cost of your own only if it is told to.

        >>> from autograd import Value
        >>> from nn import MLP, compare
        >>> quartic = Cost(
        ...     "quartic",
        ...     of=lambda m, a, y: sum((aj - yj) ** 4 for aj, yj in zip(a, y)),
        ...     nabla=lambda m, a, y: [4 * (aj - yj) ** 3 for aj, yj in zip(a, y)],
        ...     nabla_written="4 (a − y)³",
        ... )
        >>> quartic([Value(3.0)], [1.0])
        Value(data=16.0, grad=0.0)
        >>> both = compare(MLP(2, [3, 1], seed=0), [0.5, -1.0], [1.0], cost=quartic)
        >>> both.agrees(), both.equations["BP1"]
        (True, 'δᴸ = ∇ₐC ∘ σ′(zᴸ), ∇ₐCₓ = 4 (a − y)³')
    """

    name: str  # what errors and tables call it
    of: Rule  # (m, a, y) -> Cₓ
    nabla: Rule  # (m, a, y) -> [∂Cₓ/∂a₁, …, ∂Cₓ/∂aₙ]
    written: str = "Cₓ(a, y)"  # Cₓ for the eye
    nabla_written: str = "∂Cₓ/∂a"  # ∇ₐCₓ for the eye
    _: KW_ONLY
    terms: Rule = probable_terms  # (m, |a|, |y|) -> the sizes of the terms of ∇ₐCₓ, by which its rounding is judged
    takes: str = "any numbers"  # what its targets are
    suits: Callable[[Array], bool] | None = None  # whether targets (n, nᴸ) are that
    right: Callable[[Array, Array], NDArray[np.bool_]] | None = None  # of a and y, (n, nᴸ): which examples are right
    best: Callable[[Array], Array] | None = None  # of the mean target, (nᴸ,): the constant outputs of least cost
    squash: str = ""  # what it applies to the outputs itself, which are logits then: σ or softmax
    squashed: Squash | None = None  # (m, a) -> what comes of that: probabilities

    def __call__(self, a: Any, y: Any) -> Any:
        """Cₓ of outputs and targets, as a Value."""
        from .objective import cost_of_values  # here, as only this needs autograd

        return cost_of_values(self, a, y)

    def costs(self, a: Array, y: Array) -> Array:
        """Cₓ of each example, (n,); a and y have shape (nᴸ, n), an example a column."""
        return np.broadcast_to(self.of(ARRAYS, list(a), list(y)), a.shape[1:])

    def gradients(self, a: Array, y: Array) -> Array:
        """∇ₐCₓ of each example, (nᴸ, n), from a and y of that shape."""
        slopes = self.nabla(ARRAYS, list(a), list(y))
        if not hasattr(slopes, "__len__") or len(slopes) != len(a):
            raise TypeError(
                f"nabla of the {self.name} cost gives a list with ∂Cₓ/∂aⱼ for each of the {len(a)} outputs; got "
                f"{type(slopes).__name__} {slopes!r:.60}"
            )
        return np.array([np.broadcast_to(slope, a.shape[1:]) for slope in slopes])

    def squashes(self, a: Array) -> Array | None:
        """σ or softmax of each example's outputs, (nᴸ, n) as a is; None if the cost takes them as they are."""
        return None if self.squashed is None else np.array(self.squashed(ARRAYS, list(a)))

    def __repr__(self) -> str:
        return f"<cost {self.name}: {self.written}>"

    def __reduce__(self) -> str | tuple[Any, ...]:
        return (cost_called, (self.name,)) if COSTS.get(self.name) is self else super().__reduce__()


SAME = {"sub": "subtract", "mul": "multiply", "div": "divide", "neg": "negative"}  # the table's names, and NumPy's


class _Arrays:
    """The mathematics of arrays, of which the graph knows nothing: NumPy's functions, and by hand what it has not."""

    def __getattr__(self, name: str) -> Any:
        return ACTIVATIONS[name].of if name in ACTIVATIONS else getattr(np, SAME.get(name, name))

    @staticmethod
    def power(a: Any, b: Any) -> Any:
        """aᵇ; a fractional power of a number below 0 has no value, one of −inf neither."""
        return np.where((a == -np.inf) & (np.mod(b, 1.0) > 0.0), np.nan, np.power(a, b))

    pow = power

    @staticmethod
    def leaky_relu(a: Any, slope: Any = LEAK) -> Any:
        """a above 0, slope · a below."""
        return np.where(a > 0, a, slope * a)

    @staticmethod
    def dot(*inputs: Any) -> Any:
        """Σ w a + b of w₁ … wₙ, a₁ … aₙ and, if there is one, b."""
        n = len(inputs) // 2
        return total([*map(mul, inputs[:n], inputs[n : 2 * n]), *inputs[2 * n :]])

    @staticmethod
    def log_sum_exp(*a: Any) -> Any:
        """ln Σ eᵃ, which does not overflow."""
        return np.logaddexp.reduce(np.broadcast_arrays(*a))


ARRAYS = _Arrays()
TINY = 1e-12  # how near to 0 and to 1 a probability counts


def _sigmoid(m: Any, a: Sequence[Any]) -> list[Any]:
    return [m.sigmoid(aj) for aj in a]


def _softmax(m: Any, a: Sequence[Any]) -> list[Any]:
    log = m.log_sum_exp(*a)
    return [m.exp(aj - log) for aj in a]


def _for_all(x: Any, y: Sequence[Any]) -> Any:
    """x Σ y. The targets of one example that are probabilities add up to 1, which is no factor."""
    numbers = [yj.data if hasattr(type(yj), "local_grads") else yj for yj in y]
    if all(isinstance(number, float | int) and 0 <= number <= 1 for number in numbers) and abs(sum(numbers) - 1) < TINY:
        return x
    return x * total(y)


# Each rule stands beside its words, so the formatter keeps out.
# fmt: off
quadratic = Cost("quadratic",  # the notes'
    of=lambda m, a, y: 0.5 * total(each(lambda aj, yj: (yj - aj) ** 2, a, y)),        written="½ ‖y − a‖²",
    nabla=lambda m, a, y: each(sub, a, y),                                            nabla_written="a − y",
    terms=lambda m, a, y: each(add, a, y),                                            best=lambda mean: mean)

mean_squared_error = Cost("mean_squared_error",  # the mean over the outputs
    of=lambda m, a, y: total(each(lambda aj, yj: (yj - aj) ** 2, a, y)) / len(y),     written="‖y − a‖² / nᴸ",
    nabla=lambda m, a, y: each(lambda aj, yj: 2 * (aj - yj) / len(y), a, y),          nabla_written="2 (a − y) / nᴸ",
    terms=lambda m, a, y: each(lambda aj, yj: 2 * (aj + yj) / len(y), a, y),          best=lambda mean: mean)

hinge = Cost("hinge",  # an output has to reach its target by a margin of 1
    of=lambda m, a, y: total(each(lambda aj, yj: m.relu(1 + -yj * aj), a, y)),        written="Σ max(0, 1 − y a)",
    nabla=lambda m, a, y: each(lambda aj, yj: m.where(yj * aj < 1, -yj, 0.0), a, y),  nabla_written="−y where y a < 1",
    terms=lambda m, a, y: y,                                                          takes="1 or −1",
    suits=lambda y: bool(np.all(np.abs(y) == 1)),
    right=lambda a, y: np.all(a * y > 0, axis=1),
    best=lambda mean: np.where(mean >= 0, 1.0, -1.0))

binary_cross_entropy = Cost("binary_cross_entropy",  # −ln σ(a) is softplus(−a), which loses no digits near 0
    of=lambda m, a, y: total(each(lambda aj, yj: yj * m.softplus(-aj) + (1 - yj) * m.softplus(aj), a, y)),
                                                                       written="−Σ [y ln σ(a) + (1 − y) ln(1 − σ(a))]",
    nabla=lambda m, a, y: each(sub, _sigmoid(m, a), y),                               nabla_written="σ(a) − y",
    squash="σ",  squashed=_sigmoid,                                                   takes="numbers from 0 to 1",
    suits=lambda y: bool(np.all((y >= 0) & (y <= 1))),
    right=lambda a, y: np.all((a > 0) == (y > 0.5), axis=1),
    best=lambda mean: np.log(np.clip(mean, TINY, 1) / np.clip(1 - mean, TINY, 1)))

softmax_cross_entropy = Cost("softmax_cross_entropy",  # −ln softmax(a)ⱼ is ln(Σ eᵃ) − aⱼ
    of=lambda m, a, y: _for_all(m.log_sum_exp(*a), y) - total(each(mul, y, a)),       written="−Σ y ln softmax(a)",
    nabla=lambda m, a, y: each(sub, [_for_all(p, y) for p in _softmax(m, a)], y),     nabla_written="softmax(a) − y",
    terms=lambda m, a, y: each(add, [reduce(m.maximum, a, 1.0) * total(y)] * len(a), y),
    squash="softmax",  squashed=_softmax,
    takes="the number of the class, from 0, or a probability for each class",
    suits=lambda y: bool(np.all(y >= 0) and np.allclose(y.sum(axis=1), 1.0)),
    right=lambda a, y: a.argmax(axis=1) == y.argmax(axis=1),
    best=lambda mean: np.log(np.clip(mean, TINY, 1)))
# fmt: on

COSTS = {
    cost.name: cost for cost in (quadratic, mean_squared_error, hinge, binary_cross_entropy, softmax_cross_entropy)
}


def cost_called(given: Any) -> Cost:
    """The cost of this name, or the record itself; a ValueError that lists the known ones, otherwise."""
    return given if isinstance(given, Cost) else chosen(given, "cost", COSTS, "; an nn.Cost will do too")
