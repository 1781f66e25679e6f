"""Claims about copies and pickles: they are equal graphs of their own, of any length."""

import copy
import gc
import pickle

import pytest

from autograd import Value, dot, nodes


def example():
    w, x = Value(2.0, "w"), Value(3.0, "x")
    z = dot([w, 0.5], [x, w], 1.0)
    C = (z * z - 2).tanh() ** 2 + 1 / z + w
    C.label = "C"
    C.backward()
    return w, x, C


def described(root):
    graph = nodes(root)
    number = {v: i for i, v in enumerate(graph)}
    return [(v.data, v.grad, v.label, v.op, v.local_grads, tuple(number.get(o, o) for o in v.operands)) for v in graph]


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, *(lambda v, p=p: pickle.loads(pickle.dumps(v, protocol=p)) for p in range(6))]
)
def test_a_copy_is_the_same_graph_of_its_own(copied):
    w, x, C = example()
    w2, x2, C2 = copied([w, x, C])
    assert described(C2) == described(C)
    assert not set(nodes(C)) & set(nodes(C2))
    assert [v for v in nodes(C2) if v.op is None] == [w2, x2]
    C2.zero_grad()
    C2.backward()
    assert (w2.grad, x2.grad) == (w.grad, x.grad)
    assert w.grad != 0.0


def test_a_deepcopy_keeps_inner_nodes_one():
    x = Value(2.0)
    inner = x * x
    root = inner + 1
    inner2, root2 = copy.deepcopy([inner, root])
    assert root2.parents == (inner2,)


def test_a_shallow_copy_has_the_same_operands():
    w, x = Value(2.0), Value(3.0)
    z = w * x
    twin = copy.copy(z)
    assert twin is not z
    assert (twin.operands, twin.data) == ((w, x), 6.0)
    leaf = copy.copy(w)
    assert leaf is not w
    assert leaf.data == 2.0


def test_two_results_share_their_leaves_in_a_pickle():
    x = Value(2.0)
    first, second = pickle.loads(pickle.dumps([x * x, x.exp()]))
    first.backward()
    second.backward()
    (leaf,) = {v for root in (first, second) for v in nodes(root) if v.op is None}
    assert leaf.grad == pytest.approx(4 + 2.718281828459045**2)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_inner_nodes_are_found_again_by_their_place(protocol):
    """An inner node pickled beside its root is another one afterwards; its place tells which of the root's it was."""
    _, _, C = example()
    inner = [v for v in nodes(C) if v.op is not None]
    places = [nodes(C).index(v) for v in inner]
    C2, places2 = pickle.loads(pickle.dumps((C, places), protocol))
    found = [nodes(C2)[i] for i in places2]
    assert [(v.op, v.data, v.grad, v.label) for v in found] == [(v.op, v.data, v.grad, v.label) for v in inner]
    assert found[-1] is C2
    beside, root = pickle.loads(pickle.dumps((inner[0], C), protocol))
    assert beside not in nodes(root)
    assert described(beside) == described(inner[0])


def test_subclasses_keep_their_class():
    p = Parameter(1.0, "p", note="mine")
    for twin in (pickle.loads(pickle.dumps(p)), copy.deepcopy(p), copy.copy(p)):
        assert (type(twin), twin.data, twin.label, twin.note) == (Parameter, 1.0, "p", "mine")


class Slotted(Value):
    __slots__ = ("history",)


def test_slots_of_subclasses_are_copied_and_deeply_where_asked():
    p = Slotted(1.0)
    p.history = [1]
    assert copy.copy(p).history is p.history
    for twin in (copy.deepcopy(p), pickle.loads(pickle.dumps(p))):
        assert twin.history == [1]
        assert twin.history is not p.history
    assert copy.deepcopy(Slotted(2.0)).data == 2.0


class Parameter(Value):
    def __init__(self, data, name, note="none"):
        super().__init__(data, name)
        self.note = note


@pytest.mark.no_cover  # it takes several times as long where lines are counted
def test_a_million_operations():
    x = Value(1.0, "x")
    y = x
    for _ in range(1_000_000):
        y = y * 1.0
    gc.collect()
    gc.disable()
    try:
        for copied in (copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))):
            x2, y2 = copied([x, y])
            y2.backward()
            assert x2.grad == 1.0
            del x2, y2
            assert gc.collect() == 0
    finally:
        gc.enable()
    assert x.grad == 0.0
