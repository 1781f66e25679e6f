"""Claims about the backward pass: gradients are right on every graph, and start over where they must."""

import gc
import math
import sys

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograd import Value, backward_steps, dot, grad, jvp, nodes, topological
from tests.helpers.oracle import Dual
from tests.helpers.programs import build, instructions, near_a_corner, numbers

# ---- random graphs, against dual numbers


@settings(max_examples=300, deadline=None)
@given(st.lists(instructions, min_size=1, max_size=25), st.lists(numbers, min_size=1, max_size=4))
def test_random_graphs_agree_with_dual_numbers(program, xs):
    assume(not near_a_corner(program, xs))
    leaves = [Value(x) for x in xs]
    root, _ = build(program, leaves, Value)
    root.backward()
    for k, leaf in enumerate(leaves):
        dual, _ = build(program, [Dual(x, float(i == k)) for i, x in enumerate(xs)], Dual)
        assert root.data == pytest.approx(dual.x, rel=1e-12)
        size = sum(abs(step.contribution) for step in backward_steps(root) if step.parent is leaf)
        assert leaf.grad == pytest.approx(dual.dx, rel=1e-9, abs=1e-10 * max(1.0, size))


# ---- what starts over, and what adds up


def test_a_leafs_gradients_add_up_until_they_are_cleared():
    x = Value(3.0)
    y = x * x
    y.backward()
    y.backward()
    assert x.grad == 12.0
    y.zero_grad()
    assert (x.grad, y.grad) == (0.0, 0.0)
    y.backward()
    assert x.grad == 6.0


def test_gradients_of_inner_nodes_start_over():
    """The second call gives the leaves the same again; inner gradients that piled up would give 2 + 4·2."""
    x = Value(1.0)
    y = x * 2
    z = y * 1
    z.backward()
    z.backward()
    assert (y.grad, z.grad, x.grad) == (1.0, 1.0, 4.0)


def test_two_roots_over_shared_nodes():
    x = Value(2.0)
    shared = x * x
    first, second = shared * 3, shared.exp()
    first.backward()
    assert (shared.grad, x.grad) == (3.0, 12.0)
    second.backward()
    assert shared.grad == pytest.approx(math.exp(4))
    assert x.grad == pytest.approx(12 + 4 * math.exp(4))


def test_users_outside_the_graph_do_not_matter():
    x = Value(2.0)
    shared = x * x
    outside = [shared * k for k in range(5)]
    inside = shared + 1
    inside.backward()
    assert (shared.grad, x.grad) == (1.0, 4.0)
    assert all(v.grad == 0.0 for v in outside)


def test_backward_from_an_inner_node():
    x = Value(2.0)
    y = x * x
    z = y * y
    y.backward()
    assert (x.grad, y.grad, z.grad) == (4.0, 1.0, 0.0)


def test_a_leafs_own_backward_adds_the_seed():
    x = Value(2.0)
    x.backward()
    x.backward(3)
    assert x.grad == 4.0


def test_the_seed_scales_the_pass():
    x = Value(2.0)
    (x * x).backward(seed=0.5)
    assert x.grad == 2.0
    assert [step.contribution for step in backward_steps(x * x, seed=0.5)] == [1.0, 1.0]
    assert [(step.upstream, step.contribution) for step in backward_steps(x * x)] == [(1.0, 2.0), (1.0, 2.0)]


def test_diamonds_and_repeated_operands():
    x = Value(3.0)
    a, b = x * 2, x * 5
    (a * b + a + x).backward()
    assert x.grad == 2 * 10 * 3 + 2 + 1
    x.grad = 0.0
    (x * x * x).backward()
    assert x.grad == 27.0
    x.grad = 0.0
    dot([x, x], [x, x], x).backward()
    assert x.grad == 13.0


def test_an_exponential_number_of_paths_is_one_pass():
    x = Value(1.0)
    y = x
    for _ in range(200):
        y = 0.5 * y + 0.5 * y
    y.backward()
    assert x.grad == 1.0


def test_order():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    z = w * x
    a = z.tanh()
    C = a * z
    assert topological(C) == [C, a, z]
    assert nodes(C) == [w, x, z, a, C]
    assert nodes(x) == [x]
    assert [(s.node, s.parent) for s in backward_steps(C)] == [(C, a), (C, z), (a, z), (z, w), (z, x)]
    assert list(backward_steps(x)) == []


def test_operands_are_worked_out_from_left_to_right():
    x = Value(2.0)
    left, right, third = x.exp(), x.sin(), x.cos()
    both, all_three = left * right, dot([left, right], [third, left])
    assert topological(both) == [both, right, left]
    assert nodes(both) == [x, left, right, both]
    assert topological(all_three) == [all_three, third, right, left]


def test_order_below_several_roots_and_above_an_end():
    x = Value(2.0, "x")
    a = x.exp()
    b = a * 2
    c, d = b + 1, b * b
    assert topological(c, d) in ([c, d, b, a], [d, c, b, a])
    assert topological(c, ends=[a]) == [c, b]
    assert topological(c, d, ends=[b, x]) in ([c, d], [d, c])
    assert topological(b, ends=[b]) == []


def test_a_slope_of_one_makes_no_node():
    """In a derivative that can be differentiated again, in either mode."""
    x = Value(2.0)

    def f(y):
        return (y + 3.0).exp()

    for slope in (grad(f)(x), jvp(f, x, 1.0)[1]):
        assert [node.op.name for node in nodes(slope) if node.op is not None] == ["mul", "add", "exp"]


# ---- size


@pytest.fixture
def shallow_stack():
    depth = len(list(iter_frames()))
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + 60)
    yield
    sys.setrecursionlimit(limit)


def iter_frames():
    frame = sys._getframe()
    while frame is not None:
        yield frame
        frame = frame.f_back


@pytest.mark.no_cover  # it takes several times as long where lines are counted
def test_a_chain_of_a_million_operations(shallow_stack):
    x = Value(1.0)
    y = x
    for _ in range(1_000_000):
        y = y * 1.0
    y.backward()
    assert x.grad == 1.0
    y.zero_grad()
    assert x.grad == 0.0
    del y


def test_nothing_is_left_for_the_collector():
    gc.collect()
    gc.disable()
    try:
        x = [Value(float(i)) for i in range(10)]
        y = dot(x, x, 1)
        for _ in range(1000):
            y = (y * 0.5 + dot(x, [y] * 10, x[0])).tanh() ** 2
        y.backward()
        list(backward_steps(y))
        y.zero_grad()
        del x, y
        assert gc.collect() == 0
    finally:
        gc.enable()


@pytest.mark.parametrize("ask", [nodes, topological, lambda x: list(backward_steps(x))])
@pytest.mark.parametrize("wrong", [2.0, None, "x", [Value(1.0)]])
def test_only_a_value_has_a_graph(ask, wrong):
    with pytest.raises(TypeError, match=r"^a graph begins at a Value; got "):
        ask(wrong)


def test_the_class_of_values_is_no_graph():
    for walk in (topological, nodes):
        with pytest.raises(TypeError, match="a graph begins at a Value; got type <class"):
            walk(Value)
