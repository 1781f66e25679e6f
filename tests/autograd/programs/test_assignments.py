"""Claims about the kinds of assignments: gradients and tangents agree with finite differences."""

import numpy as np
import pytest

from autograd import Value, apply, floats, table
from autograd.programs.assignments import Assignment, Constant, Contraction, Fold, Leaf, Map, Program, View, summed_to

RNG = np.random.default_rng(5)


def leaf(*shape):
    return Leaf(value=RNG.normal(size=shape))


def made(kind, *operands, **how):
    """An assignment whose value is worked out."""
    assignment = kind(value=np.empty(how.pop("shape", ())), operands=operands, **how)
    assignment.value = assignment.forward([operand.value for operand in operands])
    return assignment


def map_of(op, *operands):
    shape = np.broadcast_shapes(*(operand.shape for operand in operands))
    return made(Map, *operands, op=op, shape=shape)


def of_rows(op, points):
    """The operation at all of its points, as one array."""
    return map_of(op, *(Leaf(value=np.array(column)) for column in zip(*points, strict=True)))


def stack_with_a_gap():
    """Elements of two arrays; one stands twice, one nowhere."""
    source, index = np.array([[0, 1, 0], [0, 1, 1]]), np.array([[2, 0, 2], [0, 3, 1]])
    return made(View, leaf(2, 2), leaf(4), source=source, index=index)


X = Leaf(value=np.array([[0.3, -1.2, 0.8, 2.1], [1.7, 0.4, -0.6, -0.9], [-2.2, 1.1, 0.5, 0.2]]))
EVERY = {
    "transpose": made(View, X, source=np.zeros((4, 3), int), index=np.arange(12).reshape(3, 4).T),
    "broadcast": made(View, leaf(3), source=np.zeros((2, 3), int), index=np.array([[0, 1, 2], [0, 1, 2]])),
    "look-up that repeats": made(View, leaf(5), source=np.zeros(4, int), index=np.array([1, 4, 1, 1])),
    "stack of two": stack_with_a_gap(),
    "sum of one shape": map_of(table.ADD, leaf(2, 3), leaf(2, 3)),
    "sum with a row": map_of(table.ADD, leaf(2, 3), leaf(3)),
    "difference with a column": map_of(table.SUB, leaf(2, 3), leaf(2, 1)),
    "product of row and column": map_of(table.MUL, leaf(3), leaf(2, 1)),
    "quotient by a number": map_of(table.DIV, leaf(2, 3), leaf()),
    "number by an array": map_of(table.DIV, leaf(), leaf(2, 3)),
    "tanh": map_of(table.TANH, leaf(2, 3)),
    "relu": map_of(table.RELU, leaf(2, 3)),
    "where": map_of(table.operation("where"), Leaf(value=np.array([1.0, 0.0, 2.0])), leaf(2, 3), leaf(3)),
    "sum": made(Contraction, leaf(2, 3), letters=("ab",), out=""),
    "sum along an axis": made(Contraction, leaf(2, 3, 4), letters=("abc",), out="ac"),
    "diagonal's product": made(Contraction, leaf(3), leaf(3), letters=("a", "a"), out="a"),
    "matrix product": made(Contraction, leaf(2, 3), leaf(3, 4), letters=("ab", "bc"), out="ac"),
    "matrix and vector": made(Contraction, leaf(2, 3), leaf(3), letters=("ab", "b"), out="a"),
    "batch of products": made(Contraction, leaf(2, 3, 4), leaf(2, 4, 2), letters=("dab", "dbc"), out="dac"),
    "three factors": made(Contraction, leaf(2), leaf(2, 3), leaf(3), letters=("a", "ab", "b"), out=""),
    "outer product": made(Contraction, leaf(2), leaf(3), letters=("a", "b"), out="ab"),
    "sum of an axis of its own": made(Contraction, leaf(2, 3), leaf(4), letters=("ab", "c"), out="c"),
    "largest": made(Fold, X, op=table.MAX, axis=1),
    "smallest": made(Fold, X, op=table.MIN, axis=0),
    "product along an axis": made(Fold, X, op=table.MUL, axis=1),
    "log of a sum of exponentials": made(Fold, X, op=table.LOG_SUM_EXP, axis=-1),
    "of one element": made(Fold, leaf(1, 3), op=table.MAX, axis=0),
}  # fmt: skip
DIRECTIONS = [(name, k) for name, node in EVERY.items() for k in range(len(node.operands))]


def values_of(node):
    return [operand.value for operand in node.operands]


def moved(node, position, by):
    """The array, with the operand at `position` moved."""
    values = values_of(node)
    values[position] = values[position] + by
    return node.forward(values)


@pytest.mark.parametrize(("name", "position"), DIRECTIONS)
def test_push_is_rise_over_run(name, position):
    node = EVERY[name]
    tangent = RNG.normal(size=node.operands[position].shape)
    rise = (moved(node, position, 1e-6 * tangent) - moved(node, position, -1e-6 * tangent)) / 2e-6
    pushed = node.push(position, tangent, node.value, values_of(node))
    assert pushed.shape == node.shape
    np.testing.assert_allclose(pushed, rise, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(("name", "position"), DIRECTIONS)
def test_back_is_push_the_other_way(name, position):
    """⟨back(flow), tangent⟩ = ⟨flow, push(tangent)⟩."""
    node = EVERY[name]
    flow, tangent = RNG.normal(size=node.shape), RNG.normal(size=node.operands[position].shape)
    back = node.back(position, flow, node.value, values_of(node))
    assert back.shape == tangent.shape
    pushed = node.push(position, tangent, node.value, values_of(node))
    assert np.sum(back * tangent) == pytest.approx(np.sum(flow * pushed), rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("op", [op for op in table.TABLE if op.slopes], ids=repr)
def test_a_map_is_its_operation_at_every_element(op):
    node = of_rows(op, op.samples)
    np.testing.assert_allclose(node.value, [op.forward(floats, *point) for point in op.samples], rtol=1e-14)
    for position in range(len(op.slopes)):
        flow = RNG.normal(size=node.shape)
        got = node.back(position, flow, node.value, values_of(node))
        expected = [f * op.slope(floats, op.forward(floats, *point), point, position)
                    for f, point in zip(flow, op.samples, strict=True)]  # fmt: skip
        np.testing.assert_allclose(got, expected, rtol=1e-13, atol=1e-300)


def test_nothing_flows_through_a_branch_that_was_not_taken():
    """∞ · 0 is nan, and the graph passes nothing on."""
    x = Leaf(value=np.array([-1.0, 2.0]))
    node = map_of(table.RELU, x)
    fold = made(Fold, x, op=table.MAX, axis=0)
    tanh = map_of(table.TANH, Leaf(value=np.array([1000.0])))
    with np.errstate(invalid="ignore"):
        assert node.back(0, np.array([np.inf, 3.0]), node.value, [x.value]).tolist() == [0.0, 3.0]
        assert fold.back(0, np.array(np.inf), fold.value, [x.value]).tolist() == [0.0, np.inf]
        assert np.isnan(tanh.back(0, np.array([np.inf]), tanh.value, values_of(tanh))).all()


@pytest.mark.parametrize("row", [(2.0, 2.0), (1.0, 2.0, 2.0), (2.0, 1.0, 2.0, 2.0), (3.0, 3.0, 3.0, 3.0), (0.0, -0.0)])
@pytest.mark.parametrize("op", [table.MAX, table.MIN], ids=repr)
def test_a_tie_is_shared_as_the_scalar_graph_shares_it(op, row):
    values = [Value(x) for x in row]
    largest = values[0]
    for value in values[1:]:
        largest = apply(op, largest, value)
    largest.backward()
    node = made(Fold, Leaf(value=np.array([row, row])), op=op, axis=1)
    back = node.back(0, np.array([1.0, -3.0]), node.value, values_of(node))
    np.testing.assert_array_equal(back, np.outer([1.0, -3.0], [value.grad for value in values]))


def test_terms_are_the_magnitudes_that_are_added():
    a, b = Leaf(value=np.array([1.0, -5.0])), Leaf(value=np.array([-1.0, 5.0]))
    for op in (table.ADD, table.SUB):
        node = map_of(op, a, b)
        assert node.terms(values_of(node)).tolist() == [2.0, 10.0]
    assert map_of(table.MUL, a, b).terms(values_of(map_of(table.MUL, a, b))).tolist() == [1.0, 25.0]
    product = made(Contraction, a, b, letters=("a", "a"), out="")
    assert product.value == -26.0
    assert product.terms(values_of(product)) == 26.0
    cancelled = made(Contraction, Leaf(value=np.array([3.0, -3.0])), letters=("a",), out="")
    assert cancelled.value == 0.0
    assert cancelled.terms(values_of(cancelled)) == 6.0
    assert Constant(value=np.array([-2.0])).terms([]).tolist() == [2.0]
    view = made(View, a, source=np.zeros(2, int), index=np.array([1, 1]))
    assert view.terms([a.value]).tolist() == [5.0, 5.0]


def test_an_assignment_that_is_none_of_the_kinds_has_no_chain_rule():
    for move in (Assignment(value=np.ones(2)).back, Assignment(value=np.ones(2)).push):
        with pytest.raises(NotImplementedError):
            move(0, np.ones(2), np.ones(2), [])


@pytest.mark.parametrize(
    ("of", "to"),
    [((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 3), (2, 1)), ((2, 3), (1, 3)), ((2, 3), ()), ((4, 2, 3), (2, 1)),
     ((1, 3), (1, 1)), ((2, 1), (1,)), ((1, 1), (1,)), ((0, 3), (3,))],
)  # fmt: skip
def test_summed_to_undoes_broadcasting(of, to):
    """⟨summed(g), x⟩ = ⟨g, broadcast(x)⟩."""
    g, x = RNG.normal(size=of), RNG.normal(size=to)
    summed = summed_to(g, to)
    assert summed.shape == to
    assert np.sum(summed * x) == pytest.approx(np.sum(g * np.broadcast_to(x, of)), rel=1e-12, abs=1e-14)


def test_the_axes_that_a_contraction_sums_over():
    assert EVERY["matrix product"].summed == "b"
    assert EVERY["sum"].summed == "ab"
    assert EVERY["outer product"].summed == ""


def test_a_view_knows_the_one_array_that_it_is_of():
    assert EVERY["transpose"].of_one is X
    assert EVERY["stack of two"].of_one is None


def test_a_program_numbers_its_assignments():
    program = Program()
    first, second = program.add(Constant(value=np.ones(()))), program.add(Leaf(value=np.ones(3)))
    assert program.assignments == [first, second]
    assert (first.number, second.number) == (0, 1)
    assert first != Constant(value=np.ones(()))
