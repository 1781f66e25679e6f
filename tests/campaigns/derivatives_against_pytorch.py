"""Random programs at edges and ties, compared with PyTorch: values and the first three derivatives.

`python -m tests.campaigns.derivatives_against_pytorch 10000`. A program is a few operations on a few numbers. Most
numbers are like 0, 2 and −0.5, so that zeros, ties, whole exponents and infinite slopes are frequent. Derivatives are
taken along fixed directions: g₁ = ∇f, g₂ = ∇(v·g₁), g₃ = ∇(u·g₂). PyTorch computes them twice: as it is, and with
Python's `if` for each choice, since in chalkgrad a branch that is not taken gets no gradient. A difference from the
second is a fault, except the errors in `ERRORS`. A difference from the first alone is intended.
"""

import math
import random
import re
import sys
from collections import Counter

from autograd import DomainError, Value, apply, grad
from tests.campaigns.against_pytorch import number, run
from tests.helpers.operations import ROWS, TYPED, in_torch

EXACT = (0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 3.0, 4.0)
TOLERANCE = 1e-9  # relative to the largest number on either side
LARGEST = 1e4
V, U = (1.0, -0.75, 0.5, 1.25), (0.5, 1.0, -1.5, 0.25)  # the directions

# errors in chalkgrad where PyTorch gives a number that is not finite
ERRORS = {
    "cannot be differentiated again": "a further derivative where a slope is infinite, or has no limit",
}
# the same, where PyTorch may drop that number later, in a whole quotient
EXPONENT = (
    re.compile(r"^\(-\S*\) \*\* .* has no derivative by its operand 2"),
    "a slope by the exponent of a negative base",
)
PASSED_ON = "a branch that was not taken, through which PyTorch passes a 0 on"
NANS = {  # operations where PyTorch's nan is mathematically wrong: (for which operands, the reason)
    "pow": (lambda a, b: a == 0, "a power of 0, where PyTorch multiplies 0 by ln 0"),
    "leaky_relu": (lambda a, b: b == 0, "leaky relu with a slope of 0 that has a gradient: PyTorch multiplies by it"),
}


class Program:
    """Leaves and instructions. An instruction is (operation, operands); an operand is a value's number, or a float."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.leaves = [self.number() for _ in range(self.rng.randint(1, 4))]
        self.numbers = list(self.leaves)
        self.instructions = []
        wanted = self.rng.randint(1, 8)
        while len(self.instructions) < wanted:
            self.add(self.rng.choice(ROWS))

    def number(self):
        return self.rng.choice(EXACT) if self.rng.random() < 0.8 else self.rng.uniform(-3, 3)

    def add(self, op):
        """Adds an operation, if it has a value here."""
        count = len(op.slopes) or self.rng.choice((2, 4, 5))
        operands = [self.rng.randrange(len(self.numbers)) for _ in range(count)]
        operands = [self.number() if i and self.rng.random() < 0.3 else k for i, k in enumerate(operands)]
        inputs = [self.numbers[k] if type(k) is int else k for k in operands]
        try:
            y = apply(op, *inputs).data
        except DomainError:
            return
        if abs(y) <= LARGEST and not is_left_out(op.name, *inputs):
            self.instructions.append((op.name, operands))
            self.numbers.append(y)


def is_left_out(name, a, b=0.0, *_):
    """Whether rounding or the sign of a zero decides the result, or PyTorch has another rule."""
    if name == "arctan2":  # at the origin its slopes are an error here, and 0 in PyTorch
        return a == 0.0 and b <= 0.0
    if name == "mod":  # the remainder 0 has the divisor's sign here
        return a % b == 0.0 and b < 0.0
    return name in ("arcsin", "arccos") and 0.99 < abs(a) < 1.0


def ours(program):
    """Returns the value and the derivatives of each order as lists of numbers; at the end a DomainError, if raised."""

    def f(x):
        return run(program, x, TYPED, float)

    def along(g, direction):
        return lambda x: sum((d * part for d, part in zip(direction, g(x), strict=False)), Value(0.0))

    second = along(grad(f), V)
    third = along(grad(second), U)
    found = [[f([Value(x) for x in program.leaves]).data]]
    for function in (f, second, third):
        try:
            found.append(grad(function)(list(program.leaves)))
        except DomainError as error:
            return [*found, error]
    return found


def pytorchs(program, chosen):
    """Returns the same by PyTorch: as it is, or with branches `chosen` by Python's `if`."""
    import torch

    how = in_torch() | {"pow": _power} | (CHOSEN if chosen else {})
    leaves = [number(x, requires_grad=True) for x in program.leaves]
    y = run(program, leaves, how, number)
    found = [[y.item()]]
    for direction in (V, U, V):
        made = [None] * len(leaves)
        if y.requires_grad:
            made = torch.autograd.grad(y, leaves, create_graph=True, allow_unused=True)
        made = [number(0.0) if g is None else g for g in made]
        found.append([g.item() for g in made])
        y = sum(d * g for d, g in zip(direction, made, strict=False))
    return found


def _power(a, b):
    """Returns aᵇ. PyTorch's own loses ∂/∂b of ∂/∂a if b is 0, or becomes 0 by differentiating."""
    if a.item() <= 0 or not b.requires_grad:
        return a**b
    y = (b * a.log()).exp()
    return y + (a**b - y).detach()  # with the number of PyTorch's own power


def _larger(a, b):
    return a if a.item() > b.item() else b if a.item() < b.item() else (a + b) / 2


def _leaky(a, b):
    return a if a.item() > 0 else b * a if b.requires_grad or b.item() != 0 else b * a.detach()


CHOSEN = {
    "relu": lambda a: a if a.item() > 0 else 0 * a.detach(),
    "leaky_relu": _leaky,
    "maximum": _larger,
    "minimum": lambda a, b: -_larger(-a, -b),
    "floor_divide": lambda a, b: a.detach() // b.detach(),
    "where": lambda a, b, c: b if a.item() != 0 else c,
    "less": lambda a, b: number(a.item() < b.item()),
    "less_equal": lambda a, b: number(a.item() <= b.item()),
    "greater": lambda a, b: number(a.item() > b.item()),
    "greater_equal": lambda a, b: number(a.item() >= b.item()),
}  # fmt: skip


def same(mine, theirs, size):
    if math.isnan(mine) or math.isnan(theirs):
        return math.isnan(mine) and math.isnan(theirs)
    return mine == theirs or abs(mine - theirs) <= TOLERANCE * size


def difference(mine, theirs):
    """Returns (order, our numbers, PyTorch's) at the first order at which they differ, or None."""
    for order, expected in enumerate(theirs):
        found = mine[order]
        if isinstance(found, DomainError):
            return order, found, expected
        size = max([1.0, *(abs(x) for x in (*found, *expected) if math.isfinite(x))])
        if not all(same(a, b, size) for a, b in zip(found, expected, strict=True)):
            return order, found, expected
    return None


def verdict(program):
    """Returns the verdict on a program: "same", an intended difference, or a fault: (order, ours, PyTorch's)."""
    mine = ours(program)
    differs = difference(mine, pytorchs(program, chosen=True))
    if differs is None:
        return "same" if difference(mine, pytorchs(program, chosen=False)) is None else PASSED_ON
    _, found, expected = differs
    if EXPONENT[0].match(str(found)):
        return EXPONENT[1]
    if isinstance(found, DomainError) and not all(map(math.isfinite, expected)):
        return next((meaning for text, meaning in ERRORS.items() if text in str(found)), differs)
    if not isinstance(found, DomainError) and all(
        a == b or math.isnan(b) for a, b in zip(found, expected, strict=True)
    ):
        for name, operands in program.instructions:
            hits, meaning = NANS.get(name, (None, ""))
            if hits and hits(*(program.numbers[k] if type(k) is int else k for k in operands)):
                return meaning
    return differs


def survey(count, first=0):
    """Returns the counts of the verdicts, and the programs with faults, by their seeds."""
    met, wrong = Counter(), {}
    for seed in range(first, first + count):
        found = verdict(Program(seed))
        if isinstance(found, str):
            met[found] += 1
        else:
            wrong[seed] = found
    return met, wrong


def main(count="1000", first="0"):
    met, wrong = survey(int(count), int(first))
    print("\n".join(f"{n:6} {what}" for what, n in met.most_common()))
    print(f"{len(wrong):6} wrong")
    for seed, (order, mine, theirs) in list(wrong.items())[:20]:
        program = Program(seed)
        print(f"seed {seed}: {program.leaves} {program.instructions}\n  order {order}: {mine}, PyTorch: {theirs}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
