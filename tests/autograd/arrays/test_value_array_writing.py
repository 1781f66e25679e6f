"""Claims about writing to arrays of Values: numbers become Values, and errors where results cannot be written."""

import math

import numpy as np
import pytest

from autograd import Value, array, numbers
from autograd.arrays.value_array import ValueArray
from tests.helpers.arrays import holds_values_alone


def test_data_and_grad_are_float_arrays_that_may_be_assigned():
    w = array([[1.0, 2.0], [3.0, 4.0]])
    for _ in range(2):
        w.grad = 0
        (w * w).sum().backward()
        assert w.grad.tolist() == (2 * w.data).tolist()
        w.data -= 0.25 * w.grad
    assert w.data.tolist() == [[0.25, 0.5], [0.75, 1.0]]
    with pytest.raises(ValueError, match="broadcast"):
        w.data = [1.0, 2.0, 3.0]
    with pytest.raises(TypeError, match="plain numbers"):
        w.data = [[Value(1.0)] * 2] * 2


def test_what_is_written_becomes_values_each_of_its_own():
    x = array(np.ones((2, 3)))
    v = Value(7.0)
    x[0, 0] = v
    x[0, 1:] = 0.0
    x[1] = [1, 2.0, v]
    assert x[0, 0] is v
    assert x[1, 2] is v
    assert x[0, 1] is not x[0, 2]
    x[x.data > 6] = np.float32(0.5)
    x[:, 1] = np.array([8.0, 9.0])
    assert numbers(x).tolist() == [[0.5, 8.0, 0.0], [1.0, 9.0, 0.5]]
    x.fill(2)
    x += 1
    x *= np.array([1.0, 2.0, 3.0])
    x.put([0, 5], -1.0)
    assert numbers(x).tolist() == [[-1.0, 6.0, 9.0], [3.0, 6.0, -1.0]]
    assert holds_values_alone(x)
    for wrong in ("a", None, 1j, ["1", "2", "3"]):
        with pytest.raises(TypeError, match="a Value holds one real number"):
            x[0] = wrong
    with pytest.raises(ValueError, match="broadcast"):
        x[0] = [1.0, 2.0]


@pytest.mark.parametrize(
    "given", [5, 5.0, True, np.float32(5), np.array(5.0), np.array([5.0]), array(5.0), array([5.0])]
)
def test_what_is_written_to_one_place_becomes_one_value(given):
    x, y = array([[1.0, 2.0, 3.0]]), array(1.0)
    x[0, 1] = given
    y[()] = given
    assert holds_values_alone(x)
    assert holds_values_alone(y)
    assert numbers(x).tolist() == [[1.0, float(np.squeeze(numbers(given))), 3.0]]
    (x * x).sum().backward()
    assert x.grad.tolist() == [[2.0, 2 * x[0, 1].data, 6.0]]


def test_one_place_takes_one_number():
    x = array([1.0, 2.0])
    for given in ([3.0, 4.0], array([3.0, 4.0]), []):
        with pytest.raises(ValueError, match="a place of an array holds one number; got"):
            x[0] = given
    for wrong in ("a", None, 1j):
        with pytest.raises(TypeError, match="a Value holds one real number"):
            x[0] = wrong
    assert x.data.tolist() == [1.0, 2.0]


def test_what_numpy_writes_becomes_values():
    writes = [
        lambda x: np.fill_diagonal(x, 0.0), lambda x: np.put(x, [0, 1], [5.0, 6]), lambda x: np.copyto(x, 0),
        lambda x: np.putmask(x, x > 0, 2), lambda x: np.place(x, x > 0, [7.0]),
        lambda x: np.add.at(x, ([0, 0], [1, 1]), 2),
        lambda x: np.put_along_axis(x, np.array([[0], [1]]), 9.0, axis=1), lambda x: np.exp(x, out=x),
        lambda x: np.concatenate([x[:1], [[1.0, 2.0]]], out=x), lambda x: np.sign(x, out=x),
        lambda x: np.maximum.at(x, 0, 3),
        lambda x: np.matmul(x, np.ones((2, 2)), out=x), lambda x: x.sort(axis=0), lambda x: x.round(1, out=x),
        lambda x: x.__setitem__((slice(None), 0), np.zeros(2)),
    ]  # fmt: skip
    for write in writes:
        numbers_too = np.array([[0.4, -1.2], [2.5, 3.0]])
        x = array(numbers_too)
        write(x)
        write(numbers_too)
        assert holds_values_alone(x)
        np.testing.assert_allclose(numbers(x), numbers_too, rtol=1e-15)


def test_new_arrays_like_one_of_values_hold_values():
    x = array(np.ones((2, 2)))
    for made in (
        np.zeros_like(x),
        np.empty_like(x),
        np.ones_like(x),
        np.full_like(x, 2.0),
        np.zeros_like(x, dtype=object),
    ):
        assert type(made) is ValueArray
        assert holds_values_alone(made)
        assert len({id(v) for v in made.ravel().tolist()}) == 4
    assert np.zeros_like(x, shape=3).shape == (3,)
    for made in (np.zeros((3, 2), like=x), np.ones(2, like=x), np.full(2, 1.5, like=x), np.identity(2, like=x)):
        assert holds_values_alone(made)
    for made in (np.zeros_like(x, dtype=float), np.zeros(2, like=x, dtype=float), np.ones_like(x, dtype=int)):
        assert type(made) is np.ndarray
        assert made.dtype != object


def test_float_arrays_cannot_take_results():
    total = np.zeros(2)
    x = array([1.0, 2.0])
    for write in (
        lambda: np.copyto(total, x),
        lambda: np.concatenate([x[:1], x[:1]], out=total),
        lambda: np.add(total, x, out=total),
        lambda: np.exp(x, out=total),
        lambda: np.matmul(x, x, out=total),
    ):
        with pytest.raises(TypeError, match=r"array of float64 holds no Values.*total = total \+ x.*autograd\.array"):
            write()
    with pytest.raises(TypeError, match="holds no Values"):
        total += x
    with pytest.raises(TypeError, match="holds no Values"):
        total *= Value(2.0)


def test_what_is_written_to_its_elements_in_a_row_becomes_values():
    x = array([[1.0, 2.0], [3.0, 4.0]])
    y = x * 2
    y.flat[1] = 7.0
    y.flat[2:] = [8.0, x[0, 0]]
    assert holds_values_alone(y)
    assert y.data.tolist() == [[2.0, 7.0], [8.0, 1.0]]
    assert y[1, 1] is x[0, 0]
    y[0, 1].exp().backward()
    assert y[0, 1].grad == math.exp(7.0)
    y.flat = 3.0
    assert holds_values_alone(y)
    assert len({id(v) for v in y.ravel().tolist()}) == 4
    np.fill_diagonal(y, 0.5)
    assert holds_values_alone(y)
    assert y.data.tolist() == [[0.5, 3.0], [3.0, 0.5]]
    with pytest.raises(TypeError):
        y.flat[0] = "seven"
    with pytest.raises(IndexError):
        y.flat[4] = 1.0


def test_its_elements_in_a_row_are_read_as_those_of_any_array():
    x = array([[1.0, 2.0], [3.0, 4.0]])
    assert [v.data for v in x.flat] == [1.0, 2.0, 3.0, 4.0]
    assert x.flat[3] is x[1, 1]
    assert type(x.flat[1:3]) is ValueArray
    assert (len(x.flat), next(x.flat).data, x.flat.coords) == (4, 1.0, (0, 0))
    assert [v.data for v in np.asarray(x.T.flat)] == [1.0, 3.0, 2.0, 4.0]
