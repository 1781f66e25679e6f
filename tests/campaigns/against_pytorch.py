"""Random graphs, computed by the engine and by PyTorch: `python -m tests.campaigns.against_pytorch 10000`.

A graph is a program over numbered values, made from a seed. It has every operation of the table, on leaves, constants
and results, also at ties and corners. An instruction is left out only if rounding decides its result: if its number or
slopes jump, or its slopes change by a share of more than STEADY, when its inputs move within their rounding errors or a
zero among them changes its sign.
"""

import math
import random
import sys
from collections import Counter
from itertools import product

from autograd import DomainError, Value, apply, floats
from autograd.table import OPERATIONS
from tests.helpers.operations import ROWS, TYPED, in_torch

TOLERANCE = 1e-10  # relative to the sum of the terms' magnitudes
STEADY = 1e-12
EPSILON = sys.float_info.epsilon
LARGEST = 1e3
SPECIAL = (0.0, -0.0, 1.0, -1.0, 2.0, 3.0, 0.5)  # corners, ties and whole exponents


class Program:
    """Leaves and instructions. An instruction is (operation, operands); an operand is a value's number, or a float."""

    def __init__(self, seed):
        rng = self.rng = random.Random(seed)
        self.leaves = [
            rng.choice(SPECIAL) if rng.random() < 0.3 else rng.uniform(-4, 4) for _ in range(rng.randint(1, 5))
        ]
        self.instructions = []
        self.numbers = list(self.leaves)
        self.moved = [0.0] * len(self.leaves)  # a bound on the rounding error of each number
        for op in rng.choices(ROWS, k=rng.randint(1, 40)):
            for _ in range(5):
                if self.add(op.name, self.pick(op)):
                    break
        used = {k for _, operands in self.instructions for k in operands if type(k) is int}
        loose = [k for k in range(len(self.numbers)) if k not in used]
        self.add("dot", [*loose, *(rng.uniform(0.5, 2) for _ in loose)], anyway=True)

    def pick(self, op):
        rng = self.rng
        count = len(op.slopes) or rng.randint(1, 7)
        recent = max(0, len(self.numbers) - 6)
        operands = [rng.randrange(recent if rng.random() < 0.6 else 0, len(self.numbers)) for _ in range(count)]
        if count > 1:
            operands = [
                (rng.choice(SPECIAL) if rng.random() < 0.5 else rng.uniform(-4, 4)) if rng.random() < 0.2 else k
                for k in operands
            ]
        return operands if any(type(k) is int for k in operands) else [0, *operands[1:]]

    def add(self, name, operands, anyway=False):
        """Appends the instruction, unless rounding decides its result."""
        op = OPERATIONS[name]
        inputs = [self.numbers[k] if type(k) is int else k for k in operands]
        wanted = [i for i, k in enumerate(operands) if type(k) is int]
        try:
            node = apply(op, *(Value(x) if i in wanted else x for i, x in enumerate(inputs)))
        except DomainError:
            return False
        y, slopes = node.data, node.local_grads
        moved = EPSILON * (
            math.fsum(abs(x * s) for x, s in zip((inputs[i] for i in wanted), slopes, strict=True)) + abs(y)
        )
        moved += math.fsum(abs(s) * self.moved[operands[i]] for i, s in zip(wanted, slopes, strict=True))
        if not anyway and not (
            abs(y) <= LARGEST and moved < 1e-11 and self.steady(op, operands, inputs, wanted, slopes)
        ):
            return False
        self.instructions.append((name, operands))
        self.numbers.append(y)
        self.moved.append(moved)
        return True

    def steady(self, op, operands, inputs, wanted, slopes):
        if not all(math.isfinite(s) and abs(s) <= LARGEST for s in slopes):
            return False
        if op.name == "dot":
            return True  # its slopes are its inputs
        number = op.forward(floats, *inputs)
        if op.forward(floats, *(x if x else -x for x in inputs)) != number:
            return False
        sources = sorted({k for k in operands if type(k) is int})
        for signs in product((-1, 1), repeat=len(sources)):
            shift = dict(zip(sources, signs, strict=True))
            near = [
                x + shift[k] * self.moved[k] if type(k) is int else x for x, k in zip(inputs, operands, strict=True)
            ]
            y = op.forward(floats, *near) * (1 + 2 * EPSILON)
            if not abs(y - number) < 1e-6:
                return False
            for i, slope in zip(wanted, slopes, strict=True):
                if not abs(op.slope(floats, y, near, i) - slope) <= STEADY * abs(slope):
                    return False
        return True


def run(program, leaves, how, constant):
    values = list(leaves)
    for name, operands in program.instructions:
        values.append(how[name](*(values[k] if type(k) is int else constant(k) for k in operands)))
    return values[-1]


def with_values(program):
    """Returns the root's number and the leaves' gradients, by the engine."""
    leaves = [Value(x) for x in program.leaves]
    root = run(program, leaves, TYPED, float)
    root.backward()
    return root.data, [leaf.grad for leaf in leaves]


def number(x, **more):
    """Returns a PyTorch tensor of one number."""
    import torch

    return torch.tensor(x, dtype=torch.float64, **more)


def with_pytorch(program):
    """Returns the same by PyTorch."""
    how = in_torch()
    leaves = [number(x, requires_grad=True) for x in program.leaves]
    root = run(program, leaves, how, number)
    root.backward()
    return root.item(), [0.0 if leaf.grad is None else leaf.grad.item() for leaf in leaves]


def sizes(program):
    """Returns, for each leaf's gradient, the sum of its terms' magnitudes; a term is the product along one path."""
    leaves = [Value(x) for x in program.leaves]
    made = []
    for name, operands in program.instructions:
        values = [*leaves, *made]
        made.append(apply(OPERATIONS[name], *(values[k] if type(k) is int else k for k in operands)))
    size = [0.0] * len(leaves) + [0.0] * (len(made) - 1) + [1.0]
    for k in range(len(size) - 1, len(leaves) - 1, -1):
        parents = [i for i in program.instructions[k - len(leaves)][1] if type(i) is int]
        for i, slope in zip(parents, made[k - len(leaves)].local_grads, strict=True):
            size[i] += abs(slope) * size[k]
    return size[: len(leaves)]


def disagreement(program):
    """Returns the largest difference relative to the terms' magnitudes; inf if only one side is 0, finite or NaN."""
    mine, grads = with_values(program)
    theirs, expected = with_pytorch(program)
    forward = program.moved[-1] / EPSILON  # the terms of the number itself
    pairs = [(mine, theirs, forward), *zip(grads, expected, sizes(program), strict=True)]
    return max(apart(*pair) for pair in pairs)


def apart(a, b, size):
    if a == b:
        return 0.0
    off = abs(a - b) / size if size > 0 else math.inf
    return off if math.isfinite(off) else math.inf  # max() would pass over NaN


def survey(count, first=0):
    """Returns the largest disagreement over the graphs of `count` seeds, which seeds disagree, and the operations."""
    worst, wrong, met = 0.0, [], Counter()
    for seed in range(first, first + count):
        program = Program(seed)
        met.update(name for name, _ in program.instructions)
        difference = disagreement(program)
        worst = max(worst, difference)
        if not difference <= TOLERANCE:
            wrong.append(seed)
    return worst, wrong, met


def main(count="10000", first="0"):
    worst, wrong, met = survey(int(count), int(first))
    print(f"{count} graphs of {sum(met.values())} operations: {len(wrong)} disagreements over {TOLERANCE} of the sum")
    print(f"of the terms' magnitudes; the largest is {worst:.2g}")
    print(", ".join(f"{name} {n}" for name, n in met.most_common()))
    for seed in wrong[:20]:
        print(f"seed {seed}: {disagreement(Program(seed)):.3g}: python -m tests.campaigns.against_pytorch 1 {seed}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
