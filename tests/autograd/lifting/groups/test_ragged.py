"""Claims about groups of different lengths, such as those of a causal mask: they become arrays with a mask."""

import random

import pytest

from autograd import dot, lift, softmax
from tests.helpers.lifting import assert_equal, eager, eager_mean, flat, linear, values


def causal(rng, tokens=5, heads=2, size=2, by_hand=False):
    """Causal attention: for each head, the shares of each token in itself and in the tokens before it."""
    width = heads * size
    x, (wq, wk, wv) = values(rng, tokens, width), (values(rng, width, width) for _ in range(3))
    q, k, v = ([linear(w, token) for token in x] for w in (wq, wk, wv))
    costs = []
    for t in range(tokens):
        for start in range(0, width, size):
            part = slice(start, start + size)
            scores = [dot(q[t][part], k[u][part]) for u in range(t + 1)]
            powers = [score.exp() for score in scores]
            shares = [power / sum(powers) for power in powers] if by_hand else softmax(scores)
            costs += [dot(shares, [v[u][j] for u in range(t + 1)]) ** 2 for j in range(start, start + size)]
    return sum(costs), flat([wq, wk, wv]), flat(x)


@pytest.mark.parametrize("by_hand", [False, True])
@pytest.mark.parametrize("heads", [1, 2])
def test_a_causal_mask_is_one_array(by_hand, heads):
    cost, parameters, inputs = causal(random.Random(0), heads=heads, by_hand=by_hand)
    examples = [[x.data * (1 + 0.1 * i) for x in inputs] for i in range(3)]
    whole, mapped = lift(cost, parameters), lift(cost, parameters, inputs)
    assert_equal(whole(), eager(cost, parameters))
    assert_equal(mapped(examples), eager_mean(cost, parameters, inputs, examples))
    if not by_hand:
        assert mapped.source.count("np.where(mask, ") == 1
    assert "[i" not in mapped.source


def test_the_lines_do_not_grow_with_the_tokens():
    lines = [len(lift(*causal(random.Random(0), tokens)).source.splitlines()) for tokens in (4, 9)]
    assert lines[0] == lines[1]


def test_at_the_edges_the_nodes_that_complete_an_array_say_nothing():
    """The nodes that fill up an array may overflow without an effect on the program's results."""
    cost, parameters, inputs = causal(random.Random(2))
    program = lift(cost, parameters, inputs)
    large = [[x.data * 40.0 for x in inputs], [x.data for x in inputs]]
    assert_equal(program(large), eager_mean(cost, parameters, inputs, large))
