"""Claims about the recorder: one array operation is one assignment, in its thread alone, only while it records."""

import gc
import threading
import weakref

import numpy as np
import pytest

from autograd import Value, array, define_operation, numbers, sigmoid
from autograd.arrays.recorder import recording
from autograd.programs.assignments import Constant, Contraction, Fold, Leaf, Map, Place, View
from autograd.programs.recording import Recorder
from tests.helpers.expressions import ROW, W, X
from tests.helpers.passes import gradients_by_graph, kinds, run_recorded


def alone(run, kind):
    """Returns the only assignment of a kind."""
    (found,) = [node for node in run.program.assignments if isinstance(node, kind)]
    return found


def test_a_matrix_product_is_one_contraction_of_its_operands():
    run = run_recorded(lambda x, w: x @ w, X, W)
    product = alone(run, Contraction)
    assert run.result is product
    assert product.operands == tuple(run.leaves)
    assert (product.letters, product.out) == (("ab", "bc"), "ac")
    assert len(run.program.assignments) == 3


def test_a_transpose_in_a_product_is_a_view_of_the_input():
    product = alone(run_recorded(lambda x, w: x.T @ w, X, X), Contraction)
    assert isinstance(product.operands[0], View)
    assert isinstance(product.operands[0].of_one, Leaf)


def test_a_stack_of_products_knows_its_rows_and_columns():
    run = run_recorded(lambda a, b: a @ b, np.ones((2, 3, 4)), np.ones((2, 4, 5)))
    assert alone(run, Contraction).letters == ("dab", "dbc")
    assert alone(run, Contraction).out == "dac"


@pytest.mark.parametrize(
    ("axis", "out"), [(None, ""), (0, "bc"), (-1, "ab"), ((0, 2), "b"), ((-1, -2), "a"), ((0, 1, 2), "")]
)
@pytest.mark.parametrize("keep", [False, True])
def test_the_axes_of_a_sum_are_its_letters(axis, out, keep):
    run = run_recorded(lambda x: x.sum(axis=axis, keepdims=keep), np.arange(24.0).reshape(2, 3, 4))
    assert (alone(run, Contraction).letters, alone(run, Contraction).out) == (("abc",), out)
    assert isinstance(run.result, View if keep else Contraction)


def test_a_mean_is_a_sum_and_a_quotient():
    run = run_recorded(lambda x: x.mean(axis=0), X)
    quotient = alone(run, Map)
    assert quotient.op.name == "div"
    assert quotient.operands[0] is alone(run, Contraction)
    assert quotient.operands[1].value == 3.0


def test_the_largest_along_an_axis_is_a_fold():
    fold = alone(run_recorded(lambda x: x.max(axis=-1), X), Fold)
    assert (fold.op.name, fold.axis, fold.shape) == ("maximum", 1, (3,))


def test_what_is_broadcast_is_an_operand_as_it_was_given():
    sum_ = alone(run_recorded(lambda x, b: x + b, X, ROW), Map)
    assert [operand.shape for operand in sum_.operands] == [(3, 4), (4,)]
    product = alone(run_recorded(lambda x: 2.0 * x, X), Map)
    assert [operand.shape for operand in product.operands] == [(), (3, 4)]
    column = alone(run_recorded(lambda x, b: x * b, X, ROW[:3, None].copy()), Map)
    assert [operand.shape for operand in column.operands] == [(3, 4), (3, 1)]


def test_the_same_part_of_an_array_is_one_view():
    run = run_recorded(lambda x: x[0] * x[0] + np.exp(x[0]) * x[1], X)
    assert sum(isinstance(node, View) for node in run.program.assignments) == 2


def test_a_transpose_twice_is_the_array():
    run = run_recorded(lambda x: x.T.T * 1.5, X)
    assert alone(run, Map).operands[0] is run.leaves[0]


def test_a_program_is_no_longer_than_its_code():
    """A hand-written network of any size has as many assignments as operations and constants."""

    def network(x, w1, b1, w2):
        h = np.tanh(x @ w1 + b1)
        p = np.exp(h @ w2)
        return -np.log(p / p.sum(axis=1, keepdims=True))

    small = run_recorded(network, X, np.ones((4, 3)), np.ones(3), np.ones((3, 2)) / 4)
    large = run_recorded(network, np.ones((20, 9)), np.ones((9, 8)), np.ones(8), np.ones((8, 7)) / 9)
    assert len(small.program.assignments) == len(large.program.assignments) == 4 + 10


def test_loops_on_single_values_make_an_assignment_for_each_level():
    def total(x):
        found = 0.0
        for entry in x.ravel().tolist():
            found = found + entry * entry
        return found

    run = run_recorded(total, X)
    assert kinds(run).count("mul") == 1  # all of the products at once
    assert len(run.program.assignments) < 5 * X.size


def test_an_own_operation_is_a_map():
    swish = define_operation("swish_of_recordings", lambda m, a: a / (1 + m.exp(-a)),
                             lambda m, y, a: y + (1 - y) / (1 + m.exp(-a)))  # fmt: skip
    run = run_recorded(lambda x: np.array([swish(v) for v in x]) * 2, ROW)
    assert kinds(run) == ["swish_of_recordings", "mul"]
    np.testing.assert_allclose(run.backward.flows[0], gradients_by_graph(run)[0], rtol=1e-12)


def test_places_are_those_of_the_running_operation():
    place = Place("", 3, "np.exp(x)", (), ())
    recorder = Recorder(lambda: place)
    x = array(X)
    recorder.leaf(x, "x")
    with recorder.running():
        result = np.exp(x)
    assert recorder.array(result).place is place


def test_operands_are_those_before_an_operation_that_writes_into_them():
    def doubled(x):
        y = x * 1.0
        np.multiply(y, y, out=y)
        return y

    run = run_recorded(doubled, X)
    np.testing.assert_array_equal(run.backward.flows[0], run.flow * 2 * X)


# ---- when operations are recorded, and by which thread


def test_nothing_is_recorded_outside_the_block():
    recorder, x = Recorder(lambda: None), array(X)
    recorder.leaf(x, "x")
    np.exp(x)
    with recorder.running():
        assert recording.get() is recorder
    np.exp(x)
    assert recording.get() is None
    assert len(recorder.program.assignments) == 1
    with pytest.raises(ZeroDivisionError), recorder.running():
        raise ZeroDivisionError
    assert recording.get() is None


def test_a_block_in_a_block_records_for_itself():
    outer, inner, x = Recorder(lambda: None), Recorder(lambda: None), array(X)
    outer.leaf(x, "x")
    inner.leaf(x, "x")
    with outer.running():
        np.exp(x)
        with inner.running():
            np.sin(x)
        np.cos(x)
    assert [node.op.name for node in outer.program.assignments[1:]] == ["exp", "cos"]
    assert [node.op.name for node in inner.program.assignments[1:]] == ["sin"]


def test_another_thread_records_nothing():
    recorder, x = Recorder(lambda: None), array(X)
    recorder.leaf(x, "x")
    with recorder.running():
        thread = threading.Thread(target=lambda: np.exp(x))
        thread.start()
        thread.join()
    assert len(recorder.program.assignments) == 1


def test_nothing_is_kept_after_the_recorder():
    recorder, x = Recorder(lambda: None), array(X)
    recorder.leaf(x, "x")
    with recorder.running():
        y = np.exp(x @ W).sum()
    refs = [weakref.ref(recorder), weakref.ref(recorder.program), weakref.ref(recorder.array(y))]
    del recorder
    gc.collect()
    assert [ref() for ref in refs] == [None, None, None]
    y.backward()


def test_recording_leaves_values_and_results_as_they_are():
    x = array(X)
    plain = np.tanh(x @ W).sum(axis=0)
    recorder = Recorder(lambda: None)
    recorder.leaf(x, "x")
    with recorder.running():
        recorded = np.tanh(x @ W).sum(axis=0)
    assert type(recorded) is type(plain)
    np.testing.assert_array_equal(numbers(recorded), numbers(plain))
    assert [value.op.name for value in recorded] == [value.op.name for value in plain]


# ---- arrays that are asked for


def started(*inputs):
    recorder = Recorder(lambda: None)
    values = [array(given) for given in inputs]
    return (recorder, *(recorder.leaf(value, "x") for value in values), *values)


def test_an_array_that_came_up_is_known_and_none_is_made():
    recorder, leaf, x = started(X)
    with recorder.running():
        y = np.exp(x)
    count = len(recorder.program.assignments)
    assert recorder.known(x) is leaf
    assert recorder.known(y).op.name == "exp"
    assert recorder.known(y[0]) is None
    assert recorder.known(x.T) is None
    assert recorder.known(X) is None
    assert recorder.known(np.empty((0, 3), dtype=object)) is None
    assert len(recorder.program.assignments) == count
    view = recorder.array(y[0])
    assert recorder.known(y[0]) is view


def test_the_same_numbers_are_one_constant_until_they_are_written_to():
    recorder, *_ = started(X)
    given = np.arange(3.0)
    first = recorder.array(given)
    assert recorder.array(given) is first
    assert recorder.known(given) is first
    given[0] = 7.0
    second = recorder.array(given)
    assert second is not first
    assert first.value.tolist() == [0.0, 1.0, 2.0]
    assert second.value.tolist() == [7.0, 1.0, 2.0]
    bad = np.array([np.nan])
    assert recorder.array(bad) is recorder.array(bad)


def test_values_and_numbers_in_one_array_are_a_view_of_both():
    recorder, leaf, x = started(ROW)
    mixed = recorder.array([x[1], 5.0, x[0]])
    assert isinstance(mixed, View)
    assert mixed.operands[0] is leaf
    assert isinstance(mixed.operands[1], Constant)
    assert mixed.value.tolist() == [ROW[1], 5.0, ROW[0]]


def test_values_that_are_no_inputs_are_constants():
    recorder, *_ = started(ROW)
    found = recorder.array(np.array([Value(2.0), Value(3.0)]))
    assert isinstance(found, Constant)
    assert found.value.tolist() == [2.0, 3.0]


def test_what_an_earlier_run_has_left_is_not_recorded():
    recorder, _, x = started(ROW)
    earlier = sigmoid(array(ROW))
    assert not recorder.is_recorded(earlier)
    assert not recorder.is_recorded(ROW)
    assert recorder.is_recorded(x[:1])
    assert recorder.is_recorded(earlier + np.tanh(x * x))


def test_an_empty_array_is_a_constant():
    recorder, _, x = started(ROW)
    empty = recorder.array(x[:0])
    assert isinstance(empty, Constant)
    assert empty.shape == (0,)


def test_two_results_of_one_operation_are_both_recorded():
    run = run_recorded(lambda x: np.divmod(x, 0.7)[1], X)
    assert kinds(run) == ["mod"]


def test_an_exponential_that_overflows_is_infinite_as_on_floats():
    """On Values an overflow of exp is an error, so inf is recorded as a plain number."""
    run = run_recorded(lambda x: 1 / (1 + np.exp(-x)), np.array([-1000.0, 0.0, 2.0]))
    np.testing.assert_allclose(run.result.value, [0.0, 0.5, 1 / (1 + np.exp(-2))], rtol=1e-15)
    s = run.result.value
    np.testing.assert_allclose(run.backward.flows[0], run.flow * s * (1 - s), rtol=1e-14)


def test_new_values_may_stand_for_an_assignment():
    """Operations on them are recorded as operations on the assignment."""
    recorder, leaf, x = started(ROW)
    with recorder.running():
        y = recorder.array(np.exp(x))
        stand_ins = recorder.standing_for(y)
        z = recorder.array(stand_ins * 2.0)
    assert z.operands[0] is y
    np.testing.assert_array_equal(numbers(stand_ins), y.value)
    assert leaf.value.tolist() == ROW.tolist()
