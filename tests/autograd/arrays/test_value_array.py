"""Claims about arrays of Values: their contents, assignments to them, and conversions to plain arrays."""

import copy
import gc
import pickle
import re
import weakref

import numpy as np
import pytest

import autograd
from autograd import DomainError, Value, array, no_grad, numbers
from autograd.arrays.value_array import ValueArray, shaped


def test_what_leaves_the_graph_is_plain():
    x = array([1.5, 2.5])
    for left in (x.astype(float), np.asarray(x, dtype=float), np.array(x, dtype=np.float32), np.exp(x, dtype=float)):
        assert type(left) is np.ndarray
        assert left.dtype.kind == "f"
    assert x.astype(float).tolist() == [1.5, 2.5]
    assert x.astype(object)[0] is x[0]
    assert type(x.mean(dtype=float)) is np.float64


def test_plain_object_arrays_beside_them_come_into_the_class():
    plain = np.array([Value(1.0), Value(-2.0)])
    for made in (array([1.0, 1.0]) + plain, plain + array([1.0, 1.0]), Value(1.0) + plain, plain * Value(2.0)):
        assert type(made) is ValueArray
    assert type(autograd.maximum(plain, 0.0)) is ValueArray


def test_objects_in_a_shape_stay_what_they_are():
    """Also lists, which NumPy would turn into axes."""
    value = Value(1.0)
    found = shaped([value, [1, 2]], (2, 1))
    assert type(found) is np.ndarray
    assert found.shape == (2, 1)
    assert found[0, 0] is value
    assert found[1, 0] == [1, 2]


def test_a_value_is_asked_too():
    v = Value(2.0)
    for made, number in [
        (np.float64(3) * v, 6.0), (v * np.float64(3), 6.0), (np.int64(3) - v, 1.0), (np.float32(3) ** v, 9.0),
        (np.longdouble(3) / v, 1.5), (np.array(3.0) + v, 5.0), (np.exp(v), np.exp(2.0)), (np.maximum(0.0, v), 2.0),
        (np.clip(v, 0, 1), 1.0), (np.where(v > 0, v, 0.0), 2.0), (np.sign(v), 1.0), (np.mean(v), 2.0),
        (np.tan(v), np.tan(2.0)),
    ]:  # fmt: skip
        assert type(made) is Value
        assert made.data == pytest.approx(number, rel=1e-15)
    assert np.isfinite(v)
    assert np.float64(3) > v
    assert np.allclose(v, 2.0)
    for row in (np.array([1.0, 3.0]) * v, v * np.array([1.0, 3.0]), v ** array([1.0, 2.0]), array([1.0, 2.0]) ** v):
        assert type(row) is ValueArray
    assert (v > array([1.0, 3.0])).tolist() == [True, False]


def test_a_tie_with_0_is_shared():
    z = Value(0.0)
    np.maximum(0, z).backward()
    assert z.grad == 0.5
    row = array([-1.0, 0.0, 2.0])
    np.maximum(0, row).sum().backward()
    assert row.grad.tolist() == [0.0, 0.5, 1.0]


def test_two_values_alone_are_equal_if_they_are_one_node():
    v, same_number = Value(2.0), Value(2.0)
    assert v != same_number
    assert np.float64(2.0) != v
    assert np.not_equal(v, same_number)
    assert np.equal(v, v)
    assert (array([v, v]) == same_number).all()
    assert (array([1.0, 2.0]) == [1.0, 3.0]).tolist() == [True, False]
    assert (array([1.0, 2.0]) == None).tolist() == [False, False]  # noqa: E711  NumPy answers it too
    assert (array([1.0, 2.0]) == "a").tolist() == [False, False]
    assert "a" not in array([1.0, 2.0])
    assert (array([1.0, 2.0]) != np.array(["a", "b"])).all()


def test_scalars_are_values_and_0d_arrays_act_as_numpys():
    x = array([1.0, 2.0, 3.0])
    for made in (x[0], x.sum(), x.max(), x @ x, x.mean(), x.item(1), x[..., 0][()], x.std()):
        assert type(made) is Value
    corner = x[..., 0]
    assert type(corner) is ValueArray
    assert corner.shape == ()
    assert type(np.exp(corner)) is Value
    assert float(corner) == 1.0
    assert f"{corner:.2f}" == "1.00"


def test_empty_arrays():
    e, flat = array([]), array(np.zeros((2, 0)))
    assert e.sum().data == 0.0
    assert e.prod().data == 1.0
    assert (e @ e).data == 0.0
    assert numbers(flat @ flat.T).tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert (flat.T @ flat).shape == (0, 0)
    assert np.logaddexp.reduce(e).data == -np.inf
    assert type(np.exp(e)) is type(np.maximum(e, 0.0)) is ValueArray
    assert np.einsum("ij->", flat).data == 0.0
    with pytest.raises(ValueError, match="zero-size array to reduction operation maximum"):
        e.max()


def test_a_function_of_scipy_is_not_called_one_of_numpy():
    special = pytest.importorskip("scipy.special")
    with pytest.raises(TypeError, match=r"^erf of Values has no rule"):
        special.erf(array([0.5, 0.2]))


def test_functions_without_a_rule_say_what_to_do():
    for x in (Value(0.5), array([0.5, 0.2])):
        with pytest.raises(
            TypeError, match=r"np\.spacing of Values has no rule: .*spacing = autograd\.define_operation"
        ):
            np.spacing(x)
    with pytest.raises(TypeError, match=r"numpy\.linalg\.pinv works on floats alone: .*autograd\.numbers"):
        np.linalg.pinv(array(np.eye(2)))
    with pytest.raises(TypeError, match=r"numpy\.fft\.fft works on floats alone"):
        np.fft.fft(array([1.0, 2.0]))
    for leaves in (np.linalg.qr, np.linalg.svd, np.linalg.eigh, np.linalg.eig, np.linalg.eigvalsh):
        with pytest.raises(TypeError, match=r"numpy\.linalg\.\w+ works on floats alone"):
            leaves(array(np.eye(2)))
    with pytest.raises(TypeError, match=r"numpy\.interp works on floats alone"):
        np.interp(array([0.5]), [0.0, 1.0], [0.0, 2.0])


def test_attributes_it_lacks_say_what_to_do():
    x = array([1.0, 2.0])
    with pytest.raises(AttributeError, match=r"an array of Values has no backward: write x\.sum\(\)\.backward\(\)"):
        x.backward()
    with pytest.raises(AttributeError, match=r"an array of Values has no tanh: write autograd\.tanh\(x\)"):
        x.tanh()
    for name, written in [("zero_grad", "x.grad = 0"), ("numpy", "x.data"), ("detach", "autograd.array(x.data)")]:
        with pytest.raises(AttributeError, match=f"has no {name}: write {re.escape(written)}$"):
            getattr(x, name)
    with pytest.raises(AttributeError, match=r"an array of Values has no colour$"):
        x.colour  # noqa: B018  the attribute is asked for


def test_domain_errors_come_through_numpys_loops():
    with pytest.raises(DomainError, match=r"log\(-1.0\) has no value"):
        np.log(array([1.0, -1.0]))
    with pytest.raises(DomainError, match=r"1\.0 / 0\.0 has no value"):
        1 / array([1.0, 0.0])


def test_it_is_shown_as_its_numbers():
    x = array([[1.0, 2.5], [-3.0, 4.0]])
    assert repr(x) == "ValueArray([[ 1. ,  2.5],\n            [-3. ,  4. ]])"
    assert str(x) == str(numbers(x))
    assert repr(array(2.0)) == "ValueArray(2.)"


def test_copies_and_pickles_are_arrays_of_values():
    w = array(
        [1.0, 2.0],
    )
    y = w * w
    for twin in (copy.copy(w), w.copy(), +w):
        assert type(twin) is ValueArray
        assert twin[0] is w[0]
    deep = copy.deepcopy([w, y])
    pickled = pickle.loads(pickle.dumps([w, y]))
    for leaves, squares in (deep, pickled):
        assert type(leaves) is type(squares) is ValueArray
        assert leaves[0] is not w[0]
        squares.sum().backward()
        assert leaves.grad.tolist() == [2.0, 4.0]


def test_functions_of_ones_own_run_over_arrays():
    x = array([1.0, -2.0])
    assert type(np.vectorize(lambda t: t * t if t > 0 else 0.0)(x)) is ValueArray
    assert np.vectorize(lambda t: t > 0)(x).tolist() == [True, False]
    assert np.vectorize(lambda t: 1 if t > 0 else 0)(x).dtype.kind == "i"
    assert type(np.frompyfunc(lambda a, b: a * b, 2, 1)(x, x)) is ValueArray


def test_numpys_own_assertions_compare_the_numbers():
    x = array([1.0, 2.0])
    np.testing.assert_allclose(x, [1.0, 2.0], rtol=1e-15)
    np.testing.assert_array_equal(x, [1.0, 2.0])
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(x, [1.0, 2.1])


def test_nothing_is_recorded_inside_no_grad():
    x = array([1.0, 2.0])
    with no_grad():
        for made in (x @ x, np.exp(x).sum(), np.maximum(x, 0.0)[0]):
            assert made.parents == ()


def test_the_graph_dies_with_its_last_reference():
    gc.collect()
    gc.disable()
    try:
        x = array(np.ones(3))
        y = np.exp(x @ np.ones((3, 3))).sum()
        died = weakref.ref(x)
        del x, y
        assert died() is None
    finally:
        gc.enable()


def test_other_classes_may_answer_for_themselves():
    class Other:
        def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
            return "other"

        __array_function__ = None

    assert np.add(array([1.0]), Other()) == "other"
