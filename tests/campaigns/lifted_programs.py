"""Random vector programs, lifted and compared with the eager graph:
`python -m tests.campaigns.lifted_programs N [FIRST]`.

Each program is lifted as a whole and over examples. It applies random steps to a few vectors: layers, activations,
gates, norms, attention with and without a causal mask, recurrences, sums, and choices by comparison. From seed 9000000
on, programs are recurrences of random expressions. The command prints the number of programs, and each that fails or
differs by more than 1e-12 of its terms.

Some graphs do not determine their gradient so precisely, because they subtract numbers that are nearly equal. If the
leaves move by one rounding, the gradient of such a graph moves by more than 1e-12 of its terms. These programs are
counted apart, if the lifted program differs by no more than MOVES times as much.
"""

import operator
import random
import sys
import traceback
import warnings

import numpy as np

from autograd import DomainError, Value, array, dot, lift, log_sum_exp, maximum, softmax, where
from tests.helpers.lifting import (
    TOLERANCE,
    assert_equal,
    eager,
    eager_mean,
    flat,
    leaves_of,
    linear,
    values,
    worked_out,
)  # fmt: skip
from tests.helpers.recurrences import Tangled

__all__ = ["checked", "program"]

EPS = np.finfo(float).eps
TRIES = 8  # how often the leaves are moved
MOVES = 10  # a difference of so many moves is explained by rounding
ACTIVATIONS = (Value.tanh, Value.sigmoid, Value.relu, Value.softplus, lambda v: v * v, lambda v: -v,
               lambda v: v * 0.5 + 1.0)  # fmt: skip


class Program:
    """A few vectors of one width, which each step replaces; `weights` collects the parameters of the steps."""

    def __init__(self, rng):
        self.rng, self.weights = rng, []
        self.x = values(rng, rng.randint(1, 5), rng.randint(1, 5))
        self.inputs = flat(self.x)

    @property
    def width(self):
        return len(self.x[0])

    def matrix(self, rows, columns):
        made = values(self.rng, rows, columns)
        self.weights += flat(made)
        return made

    def layer(self):
        rows = self.rng.randint(1, 5)
        w, b = self.matrix(rows, self.width), self.matrix(1, rows)[0] if self.rng.random() < 0.6 else None
        self.x = [linear(w, v, b) for v in self.x]

    def activation(self):
        f = self.rng.choice(ACTIVATIONS)
        self.x = [[f(v) for v in row] for row in self.x]

    def residual(self):
        w = self.matrix(self.width, self.width)
        self.x = [[a + z.tanh() for a, z in zip(row, linear(w, row), strict=True)] for row in self.x]

    def gate(self):
        w = self.matrix(self.width, self.width)
        self.x = [[a * z.sigmoid() for a, z in zip(row, linear(w, row), strict=True)] for row in self.x]

    def norm(self):
        def normed(row):
            middle = sum(row) / len(row)
            spread = (sum((v - middle) ** 2 for v in row) / len(row) + 0.1).sqrt()
            return [(v - middle) / spread for v in row]

        self.x = [normed(row) for row in self.x]

    def attention(self):
        q, k, v = ([linear(w, row) for row in self.x] for w in (self.matrix(self.width, self.width) for _ in range(3)))
        causal, by_hand = self.rng.random() < 0.5, self.rng.random() < 0.4
        made = []
        for t in range(len(self.x)):
            seen = range(t + 1 if causal else len(self.x))
            scores = [dot(q[t], k[u]) * 0.5 for u in seen]
            if by_hand:
                powers = [score.exp() for score in scores]
                shares = [power / sum(powers) for power in powers]
            else:
                shares = softmax(scores)
            made.append([dot(shares, [v[u][j] for u in seen]) for j in range(self.width)])
        self.x = made

    def recurrence(self):
        w, u = self.matrix(self.width, self.width), self.matrix(self.width, self.width)
        h = [Value(0.0)] * self.width if self.rng.random() < 0.5 else self.x[0]
        made = []
        for row in self.x:
            h = [(a + b).tanh() for a, b in zip(linear(w, row), linear(u, h), strict=True)]
            made.append(h)
        self.x = made

    def sums_so_far(self):
        self.x = [[sum(self.x[u][j] for u in range(t + 1)) for j in range(self.width)] for t in range(len(self.x))]

    def pairs(self):
        rows = self.x
        self.x = [[sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) * 0.2 for other in rows] for one in rows]

    def turned(self):
        self.x = [list(column) for column in zip(*self.x, strict=True)]

    def picked(self):
        self.x = [self.rng.choice(self.x)[::-1] for _ in range(self.rng.randint(1, 4))]

    def chosen(self):
        signs = (operator.gt, operator.ge, operator.lt, operator.le)
        sign, bound, slope = self.rng.choice(signs), self.rng.choice([0.0, 0.25]), self.rng.choice([0.2, 0.3, -1.5])
        if self.rng.random() < 0.5:
            (other,) = self.matrix(1, self.width)
            self.x = [[where(sign(v, u), v * u, slope * v) for v, u in zip(row, other, strict=True)] for row in self.x]
        else:
            x = array(self.x)
            self.x = np.where(sign(x, bound), x * x, slope * x).tolist()

    def cost(self):
        rng, all_of_it = self.rng, flat(self.x)
        how = rng.randint(0, 4)
        if how == 0:
            made = sum(log_sum_exp(row) - row[0] for row in self.x)
        elif how == 1:
            made = sum((v - 0.3) ** 2 for v in all_of_it) * 0.5
        elif how == 2:
            made = sum(maximum(v * rng.choice([1.0, -1.0]) + 1.0, 0.0) for v in all_of_it)
        elif how == 3:
            made = log_sum_exp(all_of_it)
        else:
            made = sum(all_of_it) * 0.25
        return made + 0.01 * sum(w * w for w in self.weights) if self.weights and rng.random() < 0.3 else made * 1.0


STEPS = [Program.layer, Program.layer, Program.activation, Program.activation, Program.residual, Program.gate,
         Program.norm, Program.attention, Program.attention, Program.recurrence, Program.sums_so_far, Program.pairs,
         Program.turned, Program.picked]  # fmt: skip


CHOOSING = 500_000  # from this seed on, programs also have choices by comparison
TANGLED = 9_000_000  # from this seed on, they are recurrences of random expressions


def program(seed):
    """Returns (cost, parameters, inputs, rng) of one random program."""
    rng = random.Random(seed)
    if seed >= TANGLED:
        output = Tangled(seed).output
        leaves = leaves_of(output)
        inputs = set(rng.sample(leaves, len(leaves) // 3))
        return output, [v for v in leaves if v not in inputs], [v for v in leaves if v in inputs], rng
    made = Program(rng)
    for _ in range(rng.randint(1, 5)):
        rng.choice(STEPS if seed < CHOOSING else [*STEPS, Program.chosen])(made)
    cost = made.cost()
    used = set(leaves_of(cost))
    return cost, [w for w in made.weights if w in used], [v for v in made.inputs if v in used], rng


def checked(seed):
    """Raises if a lifted program differs from the graph: as a whole, or over examples."""
    cost, parameters, inputs, rng = program(seed)
    whole = parameters if rng.random() < 0.7 else [*parameters, *inputs]
    assert_equal(lift(cost, whole)(), eager(cost, whole))
    if inputs:
        examples = [[x.data * (1 + 0.2 * rng.uniform(-1, 1)) for x in inputs] for _ in range(3)]
        assert_equal(lift(cost, parameters, inputs)(examples), eager_mean(cost, parameters, inputs, examples))


def is_ill_conditioned(seed):
    """Returns whether the differences of this seed are explained by the rounding of the graph's leaves."""
    cost, parameters, inputs, rng = program(seed)
    whole = parameters if rng.random() < 0.7 else [*parameters, *inputs]
    cases = [(lift(cost, whole)(), whole, leaves_of(cost), [[leaf.data for leaf in leaves_of(cost)]])]
    if inputs:
        examples = [[x.data * (1 + 0.2 * rng.uniform(-1, 1)) for x in inputs] for _ in range(3)]
        others = [leaf for leaf in leaves_of(cost) if leaf not in set(inputs)]
        rows = [[*row, *(leaf.data for leaf in others)] for row in examples]
        cases.append((lift(cost, parameters, inputs)(examples), parameters, [*inputs, *others], rows))
    return all(_is_within_rounding(cost, *case, rng) for case in cases)


def _is_within_rounding(cost, result, parameters, leaves, rows, rng):
    number, gradient, size, sizes = mean_at(cost, parameters, leaves, rows)
    moved = []
    for _ in range(TRIES):
        near = [[x * (1 + EPS * rng.choice((-1, 1))) for x in row] for row in rows]
        moved.append(mean_at(cost, parameters, leaves, near)[:2])
    numbers, gradients = ([case[k] for case in moved] for k in (0, 1))
    allowed = MOVES * np.ptp([number, *numbers]), MOVES * np.ptp([gradient, *gradients], axis=0)
    off = abs(result[0] - number), np.abs(result[1] - gradient)
    return all(np.all(d <= TOLERANCE * s + a) for d, s, a in zip(off, (size, sizes), allowed, strict=True))


def mean_at(cost, parameters, leaves, rows):
    """Returns the means of `eager` over rows of numbers for the leaves; the parameters are among the leaves."""
    parts = []
    for row in rows:
        at = {leaf: Value(number) for leaf, number in zip(leaves, row, strict=True)}
        (made,) = worked_out([cost], at)
        parts.append(eager(made, [at[parameter] for parameter in parameters]))
    return tuple(sum(part) / len(parts) for part in zip(*parts, strict=True))


def main(count, first=0):
    warnings.simplefilter("ignore")
    failed = unsure = 0
    for seed in range(first, first + count):
        try:
            checked(seed)
        except DomainError:
            continue
        except Exception as error:
            if isinstance(error, AssertionError) and is_ill_conditioned(seed):
                unsure += 1
                continue
            failed += 1
            print(f"seed {seed}", traceback.format_exc(limit=-2), sep="\n", flush=True)
    print(f"{count} programs, {failed} wrong, {unsure} ill-conditioned")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
