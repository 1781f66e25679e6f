"""Claims about common subexpressions: they are computed once."""

import random

import numpy as np

from autograd import Value, lift
from tests.helpers.lifting import assert_equal, eager, eager_mean, flat, linear, values


def test_a_part_of_an_array_that_is_read_twice_is_named_once():
    rng = random.Random(0)
    x, w = values(rng, 4, 3), values(rng, 6, 3)
    z = [linear(w, row) for row in x]
    scores = [sum(a * b for a, b in zip(one[:3], other[3:], strict=True)) for one in z for other in z]
    cost, parameters = sum(score.tanh() for score in scores), flat(w)
    program = lift(cost, parameters)
    for line in ("t1 = z1[3:]", "t2 = z1[:3]", "u1 = t2.T @ t1"):
        assert program.source.count(f"    {line}\n") == 1
    assert_equal(program(), eager(cost, parameters))


def test_a_square_is_written_once_and_needs_no_name():
    x = [Value(0.1 * i) for i in range(5)]
    program = lift(sum((v.sin() - 0.3) ** 2 for v in x))
    assert "t1" not in program.source
    assert "((h1 - 0.3) ** 2).sum()" in program.source


def test_a_gradient_that_two_sums_share_is_not_added_to():
    """Both terms of a sum get the same gradient array; a gradient that is added to one must not change the other."""
    rng = random.Random(1)
    for seed in range(20):
        rng = random.Random(seed)
        x, w, v = values(rng, 4), values(rng, 4, 4), values(rng, 4, 4)
        a = [z.tanh() for z in linear(w, x)]
        b = [z.tanh() for z in linear(v, a)]
        both = [p + q for p, q in zip(a, b, strict=True)]
        cost = sum(both) + both[0] * 2.0 + sum(z.sin() for z in linear(w, b))
        assert_equal(lift(cost, flat([w, v]))(), eager(cost, flat([w, v])))
        examples = np.array([[p.data * (1 + 0.1 * k) for p in x] for k in range(3)])
        assert_equal(lift(cost, flat([w, v]), x)(examples), eager_mean(cost, flat([w, v]), x, examples))
