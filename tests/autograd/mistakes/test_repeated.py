"""Claims about changed passes that read the gradients of the pass before."""

import numpy as np

from autograd.mistakes.repeated import repeated, settled
from autograd.programs.reverse import Change
from tests.helpers.by_hand import normal, recorded

X, W, OUT = normal(4), normal(4, 4), normal(4)


def chain(x, W):
    a = x @ W
    b = np.tanh(a)
    return b @ W


def adding(found, from_, to):
    """Returns a function that adds the gradient of one array to that of another."""
    return lambda flows: Change(at={found.named[to].number: lambda flow: flow + flows[found.named[from_].number]})


def test_a_settled_change_reads_its_own_pass():
    found = recorded(chain, {"x": X, "W": W}, OUT)
    a, b = (found.named[name].number for name in ("a", "b"))
    flows = found.backward.flows | found.backward.replaced(settled(found, adding(found, "b", "a")))
    np.testing.assert_allclose(flows[a], found.backward.flows[a] + flows[b], rtol=1e-12)


def test_passes_are_computed_until_they_stay_the_same():
    found = recorded(chain, {"x": X, "W": W}, OUT)
    none = {node.number: np.zeros(node.shape) for node in found.backward.order}
    changes = list(repeated(found, adding(found, "b", "a"), none))
    a, b = (found.named[name].number for name in ("a", "b"))
    first, *_, last = (found.backward.replaced(change).get(a, found.backward.flows[a]) for change in changes)
    np.testing.assert_array_equal(first, found.backward.flows[a])
    np.testing.assert_allclose(last, found.backward.flows[a] + found.backward.flows[b], rtol=1e-12)
