"""Claims of algebra: on any graph the laws of derivatives hold, except for rounding."""

import math
from itertools import accumulate
from operator import mul

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograd import Value, backward_steps, dot, grad, jvp, nodes
from tests.helpers.programs import build, instructions, near_a_corner, numbers

programs = st.lists(instructions, min_size=1, max_size=10)
points = st.lists(numbers, min_size=1, max_size=3)
factors = st.floats(-8, 8).filter(lambda x: x == 0.0 or abs(x) > 1e-6)  # a dozen of them multiplied lose no digits
near = {"rel": 1e-11, "abs": 1e-11}


def gradient(f, xs):
    """f's value and gradient by `backward()`."""
    leaves = [Value(x) for x in xs]
    root = f(leaves)
    root.backward()
    return root.data, [leaf.grad for leaf in leaves]


def functions(*listed, at):
    """Programs as functions of a list of leaves; examples where rounding picks a side of a corner are left out."""
    assume(not any(near_a_corner(program, at) for program in listed))
    return [lambda leaves, program=program: build(program, leaves, Value)[0] for program in listed]


def law(expected):
    return [pytest.approx(number, **near) for number in expected]


@settings(max_examples=60, deadline=None)
@given(programs, programs, points)
def test_the_sum_rule(first, second, xs):
    f, g = functions(first, second, at=xs)
    (_, df), (_, dg) = gradient(f, xs), gradient(g, xs)
    assert gradient(lambda v: f(v) + g(v), xs)[1] == law([a + b for a, b in zip(df, dg, strict=True)])
    assert gradient(lambda v: f(v) - g(v), xs)[1] == law([a - b for a, b in zip(df, dg, strict=True)])


@settings(max_examples=60, deadline=None)
@given(programs, programs, points)
def test_the_product_and_the_quotient_rule(first, second, xs):
    f, g = functions(first, second, at=xs)
    (y, df), (z, dg) = gradient(f, xs), gradient(g, xs)
    scale = (1 + abs(y)) * (1 + abs(z)) * (1 + max(map(abs, df + dg)))
    product = [a * z + y * b for a, b in zip(df, dg, strict=True)]
    assert gradient(lambda v: f(v) * g(v), xs)[1] == [pytest.approx(p, abs=1e-12 * scale) for p in product]
    assume(abs(z) > 0.1)
    quotient = [(a * z - y * b) / z**2 for a, b in zip(df, dg, strict=True)]
    assert gradient(lambda v: f(v) / g(v), xs)[1] == [pytest.approx(q, abs=1e-10 * scale) for q in quotient]


@settings(max_examples=60, deadline=None)
@given(programs, programs, points)
def test_the_chain_rule(outer, inner, xs):
    """(f ∘ g)′ = f′(g(x)) · g′(x), the factors from two graphs that know nothing of each other."""
    (g,) = functions(inner, at=xs)
    between, dg = gradient(g, xs)
    (f,) = functions(outer, at=[between])
    _, (df,) = gradient(f, [between])
    assert gradient(lambda v: f([g(v)]), xs)[1] == law([df * d for d in dg])


@settings(max_examples=60, deadline=None)
@given(programs, points, factors, factors)
def test_backward_is_linear_in_its_seed(program, xs, s, t):
    leaves = [Value(x) for x in xs]
    root, _ = build(program, leaves, Value)

    def pulled(*seeds):
        for leaf in leaves:
            leaf.grad = 0.0
        for seed in seeds:
            root.backward(seed)
        return [leaf.grad for leaf in leaves]

    one = pulled(1.0)
    sizes = [sum(abs(step.contribution) for step in backward_steps(root) if step.parent is leaf) for leaf in leaves]
    for k, (d, size) in enumerate(zip(one, sizes, strict=True)):
        slack = 1e-12 * (1 + size) * (1 + abs(s) + abs(t))
        assert pulled(s)[k] == pytest.approx(s * d, abs=slack)
        assert pulled(s, t)[k] == pytest.approx(pulled(s + t)[k], abs=slack)
    assert pulled(0.0) == [0.0] * len(xs)
    assert pulled(2.0) == [2 * d for d in one], "a power of two changes no rounding"


@settings(max_examples=60, deadline=None)
@given(programs, points)
def test_a_graph_that_is_shared_counts_for_each_use(program, xs):
    """s·s, s + s and dot([s], [s]) of one shared sub-graph, and of two copies of it."""
    (f,) = functions(program, at=xs)
    y, d = gradient(f, xs)

    def shared(leaves):
        s = f(leaves)
        return s * s + (s + s) + dot([s], [s], s)

    def copied(leaves):
        return f(leaves) * f(leaves) + (f(leaves) + f(leaves)) + dot([f(leaves)], [f(leaves)], f(leaves))

    expected = [(4 * y + 3) * slope for slope in d]
    assert gradient(shared, xs)[1] == law(expected)
    assert gradient(copied, xs)[1] == law(expected)


@settings(max_examples=60, deadline=None)
@given(numbers, st.integers(1, 40))
def test_powers_by_repeated_multiplication(x, n):
    """x·x·…·x has slope n xⁿ⁻¹, whether multiplied from the left or as a tree."""
    leaf = Value(x)
    chain = leaf
    for _ in range(n - 1):
        chain = chain * leaf
    chain.backward()
    assert leaf.grad == pytest.approx(n * x ** (n - 1), rel=1e-13)
    leaf.grad = 0.0
    row = [leaf] * n
    while len(row) > 1:
        row = [a * b for a, b in zip(row[::2], row[1::2], strict=False)] + row[len(row) // 2 * 2 :]
    row[0].backward()
    assert leaf.grad == (1.0 if n == 1 else pytest.approx(n * x ** (n - 1), rel=1e-13))


@settings(max_examples=60, deadline=None)
@given(numbers, st.lists(st.tuples(factors, factors), min_size=1, max_size=12))
def test_diamonds_multiply(x, widths):
    """y ← a y + b y, again and again: two paths each, all of them in the product Π (a + b)."""
    sizes = accumulate((abs(a) + abs(b) for a, b in reversed(widths)), mul)
    assume(all(size == 0.0 or size > 1e-290 for size in sizes))  # below, floats have fewer digits than elsewhere
    leaf = y = Value(x)
    for a, b in widths:
        y = y * a + b * y
    y.backward()
    terms = math.prod(abs(a) + abs(b) for a, b in widths)
    rounding = 1e-13 * terms + 1e-300  # products below 1e-308 lose digits
    assert leaf.grad == pytest.approx(math.prod(a + b for a, b in widths), abs=rounding)
    assert sum(1 for _ in backward_steps(y)) == 4 * len(widths)
    assert len(nodes(y)) == 3 * len(widths) + 1


@settings(max_examples=60, deadline=None)
@given(programs, points, st.lists(factors, min_size=3, max_size=3))
def test_forward_is_reverse_seen_from_the_other_side(program, xs, direction):
    (f,) = functions(program, at=xs)
    direction = direction[: len(xs)]
    rows = grad(f)(xs)
    along = jvp(f, xs, direction)[1]
    terms = sum(abs(d * v) for d, v in zip(rows, direction, strict=True))
    assert along == pytest.approx(sum(d * v for d, v in zip(rows, direction, strict=True)), abs=1e-10 * (1 + terms))


@settings(max_examples=60, deadline=None)
@given(programs, numbers)
def test_even_and_odd(program, x):
    """The derivative of an even function is odd: f(x) + f(−x)."""
    assume(not near_a_corner(program, [x]) and not near_a_corner(program, [-x]))

    def even(leaves):
        return build(program, leaves, Value)[0] + build(program, [-leaves[0]], Value)[0]

    assert gradient(even, [x])[1] == law([-gradient(even, [-x])[1][0]])
