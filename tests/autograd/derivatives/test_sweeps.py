"""Claims about sweeps: the steps of a backward pass as data, and those of a forward pass."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, backward_steps, dot, nodes, topological
from autograd.derivatives.sweeps import recorded, sweep_forward
from autograd.functions import relu
from tests.helpers.programs import build, instructions, numbers


@settings(max_examples=100, deadline=None)
@given(st.lists(instructions, min_size=1, max_size=25), st.lists(numbers, min_size=1, max_size=4))
def test_the_steps_are_the_pass(program, xs):
    leaves = [Value(x) for x in xs]
    root, _ = build(program, leaves, Value)
    summed = dict.fromkeys(nodes(root), 0.0)
    summed[root] = 2.0
    before = [node.grad for node in nodes(root)]
    for step in backward_steps(root, seed=2.0):
        assert step.upstream == summed[step.node]
        assert step.contribution == step.local * step.upstream
        assert step.node.operands[step.position] is step.parent
        summed[step.parent] += step.contribution
    assert [node.grad for node in nodes(root)] == before
    root.backward(2.0)
    for node, gradient in summed.items():
        assert node.grad == gradient or (math.isnan(node.grad) and math.isnan(gradient))


def test_the_steps_have_the_passes_signs_of_zero():
    x = Value(1.0)
    y = x * 1.0
    root = y * 0.0
    root.backward(-1.0)
    upstream = [step.upstream for step in backward_steps(root, -1.0) if step.node is y]
    assert [math.copysign(1.0, g) for g in (*upstream, y.grad)] == [1.0, 1.0]


def test_every_operand_is_one_step():
    x = Value(0.5)
    layer = [x] * 30
    for _ in range(30):
        layer = [dot(layer, layer, x) * 1e-3 for _ in range(30)]
    root = dot(layer, layer)
    assert len(topological(root)) == 30 * 30 * 2 + 1
    assert sum(1 for _ in backward_steps(root)) == 30 * 30 * (61 + 1) + 60


def test_the_steps_below_it_are_told_and_add_nothing():
    x, y = Value(4.0), Value(0.5)
    steps = list(backward_steps(relu(x.sqrt() * y - 3.0)))
    assert [(step.upstream, step.contribution) for step in steps] == [(1.0, 0.0)] + [(0.0, 0.0)] * 4
    assert [step.parent.data for step in steps] == [-2.0, 1.0, 2.0, 0.5, 4.0]


def test_the_steps_of_a_forward_sweep_add_nothing_there():
    x = Value(-1.0)
    y = relu(x) + x
    (through, *others) = sweep_forward(topological(y), {x: 2.0}, recorded)
    assert (through.parent, through.contribution) == (x, 0.0)
    assert [step.contribution for step in others] == [2.0]
