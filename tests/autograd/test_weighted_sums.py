"""Claims about weighted sums: one node, its operands in order, plain numbers among them."""

import numpy as np
import pytest

from autograd import Value, dot, dots


def test_dot_is_one_node_with_weights_then_inputs_then_bias():
    w, a, b = [Value(2.0), Value(-1.0)], [Value(3.0), Value(4.0)], Value(0.5)
    z = dot(w, a, b)
    assert z.data == 2.5
    assert z.operands == (*w, *a, b)
    assert z.local_grads == (3.0, 4.0, 2.0, -1.0, 1.0)
    assert dot(w, a).data == 2.0
    assert dot(iter(w), (x for x in a), b).data == 2.5


def test_dot_takes_plain_numbers_too():
    w = Value(2.0)
    z = dot([w, 3], np.array([4.0, 5.0]), 1)
    assert z.data == 24.0
    assert z.operands == (w, 3.0, 4.0, 5.0, 1.0)
    assert z.parents == (w,)
    z.backward()
    assert w.grad == 4.0
    assert dot([], []).data == 0.0


def test_dot_pairs_weights_and_inputs():
    with pytest.raises(ValueError, match="dot pairs each weight with one input; got 2 weights and 3 inputs"):
        dot([1, 2], [1, 2, 3])
    with pytest.raises(TypeError, match="one real number; got str 'a'"):
        dot([Value(1.0)], ["a"])


def test_the_weighted_inputs_of_a_layer_are_those_of_its_neurons():
    w, a, b = [[Value(2.0), Value(-1.0)], [Value(0.5), 3.0]], [Value(3.0), Value(4.0)], [Value(0.5), None]
    layer = dots(zip(w, b, strict=True), a)
    for z, weights, bias in zip(layer, w, b, strict=True):
        alone = dot(weights, a, bias)
        assert (z.data, z.operands, z.local_grads) == (alone.data, alone.operands, alone.local_grads)
