"""The costs: how far the outputs of an example are from its targets, and the derivative by each output.

Throughout:

    a      the outputs of one example, [a₁, …, aₙ]; n is nᴸ
    y      the targets, one for each output
    m      the mathematical functions that a rule uses. Those for Values build a graph; those for arrays compute the
           closed form, for many examples at once; those for JavaScript write the program of a page.

`m` has the functions of `autograd.vocabulary`, and the operations of `autograd.table` by their names. The closed form
uses this file and must not depend on autograd. Therefore autograd is imported only when a cost is called, as a call
makes Values.
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
    """Returns a list with the rule's result for each output and its target."""
    return [rule(aj, yj) for aj, yj in zip(a, y, strict=True)]


def total(terms: Iterable[Any]) -> Any:
    """Returns the sum of one or more terms; unlike `sum` it does not start from 0, which would add a node."""
    return reduce(add, terms)


@dataclass(frozen=True, repr=False)
class Cost:
    """The cost Cₓ of one example, with its derivative and what else the library needs to know about it.

    A Cost is called with outputs and targets and returns Cₓ as a Value. A Cost of your own can be passed wherever the
    name of a cost can. Its rules are functions of m, a and y: `m` has the functions of `autograd.vocabulary`, such as
    m.exp and m.log_sum_exp(*a), and the operations of `autograd.table` by their names, such as m.relu; a and y are
    lists with an entry for each output. A rule should not branch on numbers with `if`, as one graph then does not hold
    for all examples. Therefore `fit` lifts a cost of your own only with `lifted=True`.

    Example:
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

    name: str  # the name in errors and tables
    of: Rule  # (m, a, y) -> Cₓ
    nabla: Rule  # (m, a, y) -> [∂Cₓ/∂a₁, …, ∂Cₓ/∂aₙ]
    written: str = "Cₓ(a, y)"  # the formula of Cₓ, for people to read
    nabla_written: str = "∂Cₓ/∂a"  # the formula of ∇ₐCₓ, for people to read
    _: KW_ONLY
    takes: str = "any numbers"  # the targets it takes, in words
    suits: Callable[[Array], bool] | None = None  # whether targets of shape (n, nᴸ) are of that kind
    right: Callable[[Array, Array], NDArray[np.bool_]] | None = None  # (a, y), each (n, nᴸ) -> which examples are right
    best: Callable[[Array], Array] | None = None  # the mean target, (nᴸ,) -> the constant outputs with the least cost
    squash: str = ""  # σ or softmax, if the cost applies it to the outputs; the outputs are logits then
    squashed: Squash | None = None  # (m, a) -> σ or softmax of the outputs: the probabilities

    def __call__(self, a: Any, y: Any) -> Any:
        """Returns Cₓ as a Value.

        Args:
            a: The outputs of one example, Values or numbers: a list of nᴸ, or a single one.
            y: The targets, as many.
        Raises:
            ValueError: If the numbers of outputs and targets differ.
        """
        from .objective import cost_of_values  # imported late, as nothing else here needs autograd

        return cost_of_values(self, a, y)

    def costs(self, a: Array, y: Array) -> Array:
        """Returns Cₓ of each example, shape (n,). a and y have shape (nᴸ, n): an example is a column."""
        return np.broadcast_to(self.of(ARRAYS, list(a), list(y)), a.shape[1:])

    def gradients(self, a: Array, y: Array) -> Array:
        """Returns ∇ₐCₓ of each example, shape (nᴸ, n). a and y have this shape too.

        Raises:
            TypeError: If `nabla` does not return a list with an entry for each output.
        """
        slopes = self.nabla(ARRAYS, list(a), list(y))
        if not hasattr(slopes, "__len__") or len(slopes) != len(a):
            raise TypeError(
                f"nabla of the {self.name} cost gives a list with ∂Cₓ/∂aⱼ for each of the {len(a)} outputs; got "
                f"{type(slopes).__name__} {slopes!r:.60}"
            )
        return np.array([np.broadcast_to(slope, a.shape[1:]) for slope in slopes])

    def squashes(self, a: Array) -> Array | None:
        """Returns σ or softmax of the outputs a, shape (nᴸ, n); None if the cost applies neither to them."""
        return None if self.squashed is None else np.array(self.squashed(ARRAYS, list(a)))

    def __repr__(self) -> str:
        return f"<cost {self.name}: {self.written}>"

    def __reduce__(self) -> str | tuple[Any, ...]:
        return (cost_called, (self.name,)) if COSTS.get(self.name) is self else super().__reduce__()


SAME = {"sub": "subtract", "mul": "multiply", "div": "divide", "neg": "negative"}  # the table's name: NumPy's name


class _Arrays:
    """The functions `m` for arrays: NumPy's, and those that NumPy lacks. They share no code with the graph."""

    def __getattr__(self, name: str) -> Any:
        return ACTIVATIONS[name].of if name in ACTIVATIONS else getattr(np, SAME.get(name, name))

    @staticmethod
    def power(a: Any, b: Any) -> Any:
        """Returns aᵇ; nan for a fractional power of a number below 0, also of −inf, where NumPy gives a number."""
        return np.where((a == -np.inf) & (np.mod(b, 1.0) > 0.0), np.nan, np.power(a, b))

    pow = power

    @staticmethod
    def leaky_relu(a: Any, slope: Any = LEAK) -> Any:
        """Returns a where a > 0, and slope · a elsewhere."""
        return np.where(a > 0, a, slope * a)

    @staticmethod
    def dot(*inputs: Any) -> Any:
        """Returns Σ w a + b. The inputs are w₁ … wₙ, then a₁ … aₙ, then b if there is one."""
        n = len(inputs) // 2
        return total([*map(mul, inputs[:n], inputs[n : 2 * n]), *inputs[2 * n :]])

    @staticmethod
    def log_sum_exp(*a: Any) -> Any:
        """Returns ln Σ eᵃ, computed without overflow."""
        return np.logaddexp.reduce(np.broadcast_arrays(*a))


ARRAYS = _Arrays()
TINY = 1e-12  # probabilities nearer to 0 or 1 are clipped; sums nearer to 1 count as 1


def _sigmoid(m: Any, a: Sequence[Any]) -> list[Any]:
    return [m.sigmoid(aj) for aj in a]


def _softmax(m: Any, a: Sequence[Any]) -> list[Any]:
    log = m.log_sum_exp(*a)
    return [m.exp(aj - log) for aj in a]


def _for_all(x: Any, y: Sequence[Any]) -> Any:
    """Returns x Σ y; if the targets are probabilities that add up to 1, x itself, which saves nodes."""
    numbers = [yj.data if hasattr(type(yj), "local_grads") else yj for yj in y]
    if all(isinstance(number, float | int) and 0 <= number <= 1 for number in numbers) and abs(sum(numbers) - 1) < TINY:
        return x
    return x * total(y)


# Each rule stands beside its formula, so the formatter is switched off.
# fmt: off
quadratic = Cost("quadratic",  # the cost of the notes
    of=lambda m, a, y: 0.5 * total(each(lambda aj, yj: (yj - aj) ** 2, a, y)),        written="½ ‖y − a‖²",
    nabla=lambda m, a, y: each(sub, a, y),                                            nabla_written="a − y",
    best=lambda mean: mean)

mean_squared_error = Cost("mean_squared_error",  # the mean over the outputs
    of=lambda m, a, y: total(each(lambda aj, yj: (yj - aj) ** 2, a, y)) / len(y),     written="‖y − a‖² / nᴸ",
    nabla=lambda m, a, y: each(lambda aj, yj: 2 * (aj - yj) / len(y), a, y),          nabla_written="2 (a − y) / nᴸ",
    best=lambda mean: mean)

hinge = Cost("hinge",  # y a has to reach a margin of 1
    of=lambda m, a, y: total(each(lambda aj, yj: m.relu(1 + -yj * aj), a, y)),        written="Σ max(0, 1 − y a)",
    nabla=lambda m, a, y: each(lambda aj, yj: m.where(yj * aj < 1, -yj, 0.0), a, y),  nabla_written="−y where y a < 1",
    takes="1 or −1",
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
    """Returns the cost that has this name, or the given Cost itself; ValueError for an unknown name."""
    return given if isinstance(given, Cost) else chosen(given, "cost", COSTS, "; an nn.Cost will do too")
