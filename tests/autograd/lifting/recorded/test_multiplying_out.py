"""Claims about plain numbers in a lifted program: they are multiplied out, but never into inf or 0."""

import math
import random
from fractions import Fraction

import numpy as np
import pytest

from autograd import Value, dot, lift
from autograd.lifting.recorded.multiplying_out import multiply_out

BIG, SMALL = 1e200, 1e-200

# (a function of x whose constants overflow or underflow if they are multiplied out or added, a point where all of its
# numbers are in range)
CASES = {
    "twice times": (lambda x: x * BIG * BIG, 1e-300),
    "twice times a small number": (lambda x: x * SMALL * SMALL, 1e300),
    "negated between": (lambda x: -(x * SMALL) * SMALL, 1e300),
    "twice by": (lambda x: x / BIG / BIG, 1e300),
    "twice by a small number": (lambda x: x / SMALL / SMALL, 1e-300),
    "a sum times": (lambda x: (x + BIG) * BIG, -BIG),
    "a difference times": (lambda x: (BIG - x) * -BIG, BIG),
    "two numbers added": (lambda x: (x + 1e308) + 1e308, -1e308),
    "a sum in a sum": (lambda x: (x * BIG + x.sin()) * BIG + x.exp(), 1e-300),
    "both factors": (lambda x: (x * BIG) * (BIG * x), SMALL),
    "a square": (lambda x: (x * BIG) ** 2 * BIG, 1e-300),
    "a large multiple of a square": (lambda x: 1.5e308 * x**2, 1e-100),
    "in a dot": (lambda x: dot([BIG], [x * BIG]), 1e-300),
    "of a dot": (lambda x: dot([BIG, x], [x, x * BIG], x) * BIG, 1e-300),
    "a bias times": (lambda x: dot([x], [1.0], BIG) * BIG, -BIG),
    "a slope between": (lambda x: (x * BIG).sigmoid() * BIG, -7e-198),
    "a negative slope between": (lambda x: (x * -BIG).sigmoid() * BIG, 7e-198),
    "a large slope between": (lambda x: (x * SMALL).exp() * SMALL, 7e202),
    "two large slopes between": (lambda x: ((x * SMALL).exp() * SMALL) ** 2, 7e202),
}


@pytest.mark.filterwarnings("ignore:the graph")  # an input is multiplied by 0, to be in the graph without an effect
@pytest.mark.parametrize("case", CASES)
def test_the_program_gives_the_numbers_of_the_graph(case):
    f, at = CASES[case]
    x = Value(at, "x")
    y = f(x)
    y.backward()
    assert math.isfinite(y.data)
    for inputs in ([], [Value(1.0, "unused")]):
        z = Value(at, "x")
        program = lift(f(z) * 1.0 + sum(inputs, Value(0.0)) * 0.0, [z], inputs)
        cost, gradient = program([[1.0]]) if inputs else program()
        assert cost == pytest.approx(y.data, rel=1e-12, abs=0)
        assert gradient.tolist() == pytest.approx([x.grad], rel=1e-12, abs=0)


def test_random_chains_of_constants_give_what_exact_arithmetic_gives():
    rng = random.Random(0)
    apart = 0
    for _ in range(200):
        start = rng.uniform(0.5, 2.0) * 10.0 ** rng.randint(-200, 200)
        x = y = Value(start)
        exact, together = Fraction(start), 1.0
        for _ in range(6):
            wanted = 10.0 ** rng.randint(-250, 250)  # the size of the next number
            c = rng.choice([-1, 1]) * float(np.clip(wanted / abs(y.data), 1e-290, 1e290))
            if not 1e-290 < abs(c * y.data) < 1e290:
                continue
            y, exact, together = (
                (y * c, exact * Fraction(c), together * c)
                if rng.random() < 0.5
                else (y / (1 / c), exact / Fraction(1 / c), together * c)
            )
        if y is x:
            continue
        apart += not 1e-300 < abs(together) < 1e300
        assert lift(y, [x]).forward() == pytest.approx(float(exact), rel=1e-13, abs=0)
    assert apart > 20


def test_ordinary_constants_are_still_one():
    x = Value(3.0)
    assert "C = 0.75 * p\n" in lift(-(x * 3.0) / -2.0 * 0.5, [x]).source
    assert lift((x * BIG) * SMALL, [x]).forward() == 3.0


@pytest.mark.parametrize(
    ("a", "b", "whether"),
    [(2.0, 3.0, True), (1e200, 1e200, False), (-1e200, 1e200, False), (1e-200, 1e-200, False), (0.0, 1e300, True),
     (1.0, 5e-324, True), (-1.0, math.inf, True), (math.inf, 0.0, False), (math.nan, 2.0, False)],
)  # fmt: skip
def test_what_is_multiplied_out(a, b, whether):
    assert multiply_out(a, b) is multiply_out(b, a) is whether
