"""Claims about check_grads on many inputs and sums that cancel: one wrong derivative is found, right ones pass."""

import math
import random

import pytest

from autograd import DerivativeError, Value, apply, check_grads, define_operation, dot, floats, functions
from autograd.checking.directions import along_input, groups_of_alike_size, random_directions
from autograd.derivatives.linearize import Linearization
from autograd.table import Op, operation


class OffAtFirst(Op):
    """An operation whose first slope is off by a share."""

    def slope(self, m, y, inputs, position):
        d = self.right.slope(m, y, inputs, position)
        return d * (1 + self.share) if position == 0 else d


class OffAtSecond(Op):
    """An operation whose slopes are right, and the derivatives of these off by a share."""

    def slope(self, m, y, inputs, position):
        d = self.right.slope(m, y, inputs, position)
        if m is floats or not isinstance(d, Value):
            return d
        return d.data + (d - d.data) * (1 + self.share)


def planted(kind, name, share):
    op = operation(name)
    made = kind(*op)
    made.right, made.share = op, share
    return lambda *operands: apply(made, *operands)


def products(v):
    n = len(v)
    return sum(v[i] * v[(i + 1) % n] * v[(7 * i + 3) % n] for i in range(n))


def network(v):
    hidden = [dot(v, [math.sin(3 * i + j) / 3 for i in range(len(v))], 0.1).tanh() for j in range(5)]
    return sum(a * a for a in hidden) + hidden[0] * hidden[1]


def waves(v):
    return (sum(x * x for x in v) + 1).log() * sum(v).sin()


@pytest.mark.parametrize("f", [products, network, waves])
@pytest.mark.parametrize("n", [5, 20, 50])
def test_right_derivatives_by_many_inputs_pass(f, n):
    drawn = random.Random(n)
    check_grads(f, [drawn.gauss(0, 1) for _ in range(n)])
    check_grads(lambda v: [f(v), v[0] * v[n - 1]], [drawn.uniform(-1, 1) for _ in range(n)], modes="forward")


@pytest.mark.no_cover  # it takes several times as long where lines are counted
@pytest.mark.parametrize("seed", range(24))
def test_one_wrong_derivative_among_many_is_found_and_named(seed):
    """One operation on two of up to 50 inputs, off by as little as a hundred-thousandth, at order 1 or 2."""
    drawn = random.Random(seed)
    n = drawn.choice([5, 8, 20, 50])
    f = drawn.choice([products, network, waves])
    i, j = drawn.sample(range(n), 2)
    kind = drawn.choice([OffAtFirst, OffAtSecond])
    name = drawn.choice(["mul", "div"])
    wrong = planted(kind, name, drawn.choice([-1.0, 0.1, 1e-3, 1e-5]))

    def with_mistake(v):
        return f(v) + wrong(v[i], v[j])

    at = [drawn.choice((-1, 1)) * drawn.uniform(0.5, 2) for _ in range(n)]
    with pytest.raises(DerivativeError) as caught:
        check_grads(with_mistake, at)
    message = str(caught.value)
    named = {f"v[{i}]", f"v[{j}]"}
    lines = [line for line in message.splitlines() if line.startswith("  ∂")]
    assert lines
    for line in lines:  # and no other derivative is accused
        assert all(f"v[{by.split(']')[0]}]" in named for by in line.split(":")[0].split("v[")[1:]), line
    assert f"the rule of {name} is wrong at" in message


@pytest.mark.no_cover  # it takes several times as long where lines are counted
@pytest.mark.parametrize("seed", range(6))
def test_one_wrong_derivative_is_found_beside_inputs_of_other_scales(seed):
    drawn = random.Random(seed)
    n = drawn.choice([5, 12, 20])
    scales = [10.0 ** drawn.uniform(-6, 6) for _ in range(n)]
    i, j = drawn.sample(range(n), 2)
    wrong = planted(drawn.choice([OffAtFirst, OffAtSecond]), "mul", 1e-4)
    at = [drawn.uniform(0.5, 2) * scale for scale in scales]

    def scaled(v):
        return [x / scale for x, scale in zip(v, scales, strict=True)]

    check_grads(lambda v: network(scaled(v)), at)
    with pytest.raises(DerivativeError, match="the rule of mul is wrong"):
        check_grads(lambda v: network(scaled(v)) + wrong(scaled(v)[i], scaled(v)[j]), at)


def test_a_derivative_that_is_wrong_in_one_mode_alone_is_found(monkeypatch):
    """A forward sweep over the 20 numbers of a gradient, one of which it gets wrong."""
    push = Linearization.pushforward

    def off(linear, seeds):
        made = push(linear, seeds)
        return [1.001 * t if i == 7 and len(made) == 20 else t for i, t in enumerate(made)]

    monkeypatch.setattr(Linearization, "pushforward", off)
    with pytest.raises(DerivativeError) as caught:
        check_grads(products, [0.1 * (i + 1) for i in range(20)])
    lines = [line for line in str(caught.value).splitlines() if line.startswith("  ∂")]
    assert lines
    assert all("∂v[7]" in line and line.endswith("(forward over reverse)") for line in lines)


def test_many_wrong_results_of_many_inputs_are_counted():
    twice = planted(OffAtFirst, "mul", 1.0)
    with pytest.raises(DerivativeError, match="and 17 more") as caught:
        check_grads(lambda v: [twice(x, 1.0) for x in v], [0.1 * (i + 1) for i in range(25)], order=1)
    assert "∂f[0]/∂v[0]: analytic 2, numeric 1 ±" in str(caught.value)


def test_every_input_has_a_share_of_the_directions():
    at = [0.0, 3.0, -1e-2, 2.0, -0.3, 0.5, 1e-7, 5e5, 1e6, -3e4, 2e5, 7e5, 4e4]
    groups = groups_of_alike_size(at)
    assert sorted(i for group in groups for i in group) == list(range(len(at)))
    for group in groups:
        sizes = [abs(at[i]) or 0.5 for i in group]
        assert max(sizes) <= 1e3 * min(sizes)
    assert [len(group) for group in groups] == [6, 6, 1]
    for group in groups[:2]:
        first, second = random_directions(at, group, random.Random(0))
        assert first != second
        for direction in (first, second):
            assert {i for i, share in enumerate(direction.along) if share} == set(group)
            shares = [abs(share) for share in direction.along if share]
            assert max(shares) <= 3 * min(shares)
    assert along_input(at, 2).along == tuple(float(i == 2) for i in range(len(at)))


# ---- sums that cancel inside one operation


def test_a_weighted_sum_that_cancels_is_no_mistake():
    check_grads(lambda v: dot([v, 3.0], [2.0, -1.0], 3.0), 0.00010855929172121816)
    drawn = random.Random(5)
    for _ in range(60):
        n = drawn.randint(1, 6)
        w = [drawn.gauss(0, 1) * 10 ** drawn.uniform(-3, 6) for _ in range(n)]
        a = [drawn.gauss(0, 1) * 10 ** drawn.uniform(-3, 3) for _ in range(n)]
        bias, slope = -sum(x * y for x, y in zip(w, a, strict=True)), drawn.gauss(0, 1)
        f = drawn.choice(
            [
                lambda v, w=w, a=a, b=bias, s=slope: dot([*w, v], [*a, s], b),
                lambda v, w=w, a=a, b=bias: dot([*w, v], [*a, v], b).tanh(),
                lambda v, w=w, a=a, b=bias: dot([*w, v], [*a, v.sin()], b) * v,
            ]
        )
        check_grads(f, drawn.choice((-1, 1)) * 10 ** drawn.uniform(-9, 2))


def test_a_wrong_slope_of_a_sum_that_cancels_is_found():
    wrong = planted(OffAtFirst, "dot", 1e-3)
    with pytest.raises(DerivativeError, match="the rule of dot is wrong"):
        check_grads(lambda v: wrong(v, 3.0, 2.0, -1.0, 3.0), 0.00010855929172121816, order=1)


def test_an_operation_of_ones_own_that_cancels_inside_is_no_mistake():
    shifted = define_operation("shifted", lambda m, a: (a + 1e6) - 1e6, lambda m, y, a: 1.0)
    for x in (0.3, 1e-4, -7.0):
        check_grads(shifted, x)
    slopes = (lambda m, y, a, b: 1.0, lambda m, y, a, b: -(a - y) / b)
    remainder = define_operation("own_remainder", lambda m, a, b: math.fmod(a, b), slopes)
    for at in ((7.3, 2.0), (1e3 + 0.3, 1.0), (1e-3 + 5.0, 5.0)):
        check_grads(remainder, at)
        check_grads(lambda a, b: a % b, at)
    check_grads(lambda a, b: a % b, (1e6 + 0.3, 1.0))


# ---- smooth functions of every kind

INNER = [functions.sin, functions.cos, functions.tanh, functions.sigmoid, functions.softplus, lambda a: a * a,
         lambda a: a**3, lambda a: a.tanh().exp(), lambda a: (a * a + 1).log(), lambda a: (a * a + 1).sqrt(),
         lambda a: 1 / (a * a + 0.5), lambda a: (a.sin() + 2) ** a.tanh()]  # fmt: skip
OUTER = [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / (1 + b * b),
         lambda a, b: (a * a + b * b + 0.1).sqrt(), lambda a, b: dot([a, b, 3.0], [b, a, 0.5], 1.0),
         lambda a, b: dot([a, b], [1e3, -1e3])]  # fmt: skip


def composed(drawn):
    """A random smooth function, and a point: inputs, output and what is added to it of any scale from 1e-6 to 1e6."""
    n = drawn.randint(1, 6)
    scales = [10.0 ** drawn.uniform(-6, 6) for _ in range(n)]
    out, offset = 10.0 ** drawn.uniform(-6, 6), drawn.choice([0.0, 1.0, -1e3, 1e6])
    program = []
    for k in range(n, n + drawn.randint(1, 7)):
        kind = drawn.choice([INNER, OUTER])
        program.append((drawn.choice(kind), [drawn.randrange(k) for _ in range(1 if kind is INNER else 2)]))

    def f(v):
        made = [x / scale for x, scale in zip(v, scales, strict=True)]
        for op, places in program:
            made.append(op(*(made[i] for i in places)))
        return out * (sum(made[n:]) + offset)

    return f, [scale * drawn.gauss(0, 1.5) if drawn.random() < 0.9 else 0.0 for scale in scales]


@pytest.mark.parametrize("seed", range(0, 100, 10))
def test_random_smooth_functions_pass_at_every_scale(seed):
    for k in range(seed, seed + 10):
        check_grads(*composed(random.Random(k)))
