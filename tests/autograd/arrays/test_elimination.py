"""Claims about np.linalg's functions that eliminate: they give NumPy's numbers, and gradients of matrix calculus."""

import numpy as np
import pytest

from autograd import DomainError, Value, array, check_backward, check_grads, grad, hessian, lift, numbers
from autograd.arrays.value_array import ValueArray

RNG = np.random.default_rng(7)
A, B, G = RNG.normal(size=(4, 4)), RNG.normal(size=(4, 2)), RNG.normal(size=(4, 4))
STACK = RNG.normal(size=(2, 3, 3, 3))
POSITIVE = A @ A.T + np.eye(4)
CALLS = {
    "inv": (np.linalg.inv, A),
    "inv of a stack": (np.linalg.inv, STACK),
    "solve": (lambda a: np.linalg.solve(a, B), A),
    "solve with a vector": (lambda a: np.linalg.solve(a, B[:, 0]), A),
    "solve with a vector for a stack": (lambda a: np.linalg.solve(a, B[:3, 0]), STACK),
    "solve with a stack": (lambda a: np.linalg.solve(a[0, 0], a), STACK),
    "solve for what is on the right": (lambda b: np.linalg.solve(A, b), B),
    "det": (np.linalg.det, A),
    "det of a stack": (np.linalg.det, STACK),
    "solve with a list": (lambda a: np.linalg.solve(a, [1, 2, 3, 4]), A),
    "det of no rows": (np.linalg.det, np.zeros((0, 0))),
    "inv of no matrices": (np.linalg.inv, np.zeros((0, 3, 3))),
    "solve for no matrices": (lambda a: np.linalg.solve(a, np.ones(3)), np.zeros((2, 0, 3, 3))),
    "slogdet of no matrices": (np.linalg.slogdet, np.zeros((0, 3, 3))),
    "det of matrices of no rows": (np.linalg.det, np.zeros((2, 0, 0))),
    "cholesky of nan": (np.linalg.cholesky, np.array([[4.0, 2.0], [np.nan, 2.0]])),
    "cholesky from nan on": (np.linalg.cholesky, np.array([[np.nan, 2.0], [2.0, 2.0]])),
    "slogdet": (np.linalg.slogdet, A),
    "slogdet of a stack": (np.linalg.slogdet, STACK),
    "slogdet of large numbers": (np.linalg.slogdet, 1e200 * A),
    "cholesky": (np.linalg.cholesky, POSITIVE),
    "cholesky reads one triangle": (np.linalg.cholesky, np.tril(POSITIVE) + np.triu(G, 1)),
    "upper": (lambda a: np.linalg.cholesky(a, upper=True), np.triu(POSITIVE) + np.tril(G, -1)),
}


@pytest.mark.parametrize("name", CALLS)
def test_numbers_are_numpys(name):
    function, a = CALLS[name]
    with np.errstate(invalid="ignore"):  # nan
        ours, theirs = function(array(a)), function(a)
    assert type(ours) is type(theirs) or not isinstance(theirs, tuple)
    for own, other in zip(*(x if isinstance(x, tuple) else (x,) for x in (ours, theirs)), strict=True):
        np.testing.assert_allclose(numbers(own), other, rtol=1e-11, atol=1e-12)
        assert np.shape(own) == np.shape(other)


def test_results_without_elements_are_values_too():
    assert isinstance(np.linalg.det(array(np.zeros((0, 0)))), Value)
    assert isinstance(np.linalg.inv(array(np.zeros((0, 3, 3)))), ValueArray)


@pytest.mark.parametrize("name", [name for name, (_, a) in CALLS.items() if np.all(np.abs(a) < 100) and a.size])
def test_gradients_and_hessians_are_those_of_finite_differences(name):
    function, a = CALLS[name]

    def cost(x):
        result = function(x)
        return np.sum(result[1] if isinstance(result, tuple) else result)

    check_grads(cost, a, order=2)


def test_the_gradient_of_an_inverse_and_of_a_logarithm_is_that_of_the_matrix_cookbook():
    inverse = np.linalg.inv(A)
    assert check_backward(np.linalg.inv, {"A": A}, {"A": -inverse.T @ G @ inverse.T}, upstream=G)
    assert check_backward(lambda A: np.linalg.slogdet(A)[1], {"A": A}, {"A": inverse.T})
    wrong = check_backward(np.linalg.inv, {"A": A}, {"A": inverse.T @ G @ inverse.T}, upstream=G)
    assert wrong.why == "dA has the wrong sign"


@pytest.mark.parametrize("a", [[[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.0, 1.0]], np.outer([1.0, 2, 3], [1.0, 1, 2]),
                               np.zeros((3, 3)), np.diag([0.0, 2.0, 3.0])])  # fmt: skip
def test_a_singular_matrix_has_the_derivatives_of_its_determinant(a):
    a = np.asarray(a)
    found = grad(lambda x: np.linalg.det(x))(a)
    minors = [[np.linalg.det(np.delete(np.delete(a, i, 0), j, 1)) for j in range(3)] for i in range(3)]
    signs = (-1.0) ** np.add.outer(np.arange(3), np.arange(3))
    np.testing.assert_allclose(found, signs * minors, rtol=1e-12, atol=1e-12)
    units = np.eye(9).reshape(9, 3, 3)  # the determinant is linear in each element, so differences are exact
    changes = [[np.linalg.det(a + e + f) - np.linalg.det(a + e) - np.linalg.det(a + f) for f in units] for e in units]
    by_twos = hessian(lambda x: np.linalg.det(x))(a).reshape(9, 9)
    np.testing.assert_allclose(by_twos, np.array(changes) + np.linalg.det(a), rtol=1e-12, atol=1e-12)


def test_errors_are_numpys():
    singular = array(np.ones((2, 2)))
    for function in (np.linalg.inv, lambda a: np.linalg.solve(a, np.ones(2))):
        with pytest.raises(np.linalg.LinAlgError, match="Singular"):
            function(singular)
    with pytest.raises(np.linalg.LinAlgError, match="not positive definite"):
        np.linalg.cholesky(array(-np.eye(2)))
    with pytest.raises(np.linalg.LinAlgError, match="not positive definite"):
        np.linalg.cholesky(singular)
    for shape in ((2, 3), (3,), ()):
        for function in (np.linalg.det, np.linalg.inv):
            with pytest.raises(np.linalg.LinAlgError, match="must be square"):
                function(array(np.ones(shape)))
    for shape in ((3, 2), (3,)):
        with pytest.raises(np.linalg.LinAlgError, match="must be square"):
            np.linalg.solve(array(np.ones(shape)), np.ones(3))
    for b in (np.ones(3), np.ones((3, 2)), 1.0, Value(1.0)):
        with pytest.raises(ValueError, match=r"takes a row of b for each row of A; got shapes \(2, 2\) and \("):
            np.linalg.solve(singular, b)
    with pytest.raises(DomainError, match="log needs a positive input"):  # NumPy gives −inf
        np.linalg.slogdet(singular)


def test_a_graph_with_an_inverse_is_lifted():
    x = array(A[:3, :3])
    program = lift(np.linalg.solve(x, B[:3, 0]).sum(), x.ravel().tolist(), [])
    moved = A[:3, :3] + 0.1 * np.eye(3)
    program.parameters = moved.ravel()
    cost, gradient = program()
    inverse = np.linalg.inv(moved)
    np.testing.assert_allclose(cost, (inverse @ B[:3, 0]).sum(), rtol=1e-12)
    np.testing.assert_allclose(gradient, -np.outer(inverse.T @ np.ones(3), inverse @ B[:3, 0]).ravel(), rtol=1e-11)
    moved[np.unravel_index(np.abs(A[:3, :3]).argmax(), (3, 3))] = 0.0  # the first pivot
    program.parameters = moved.ravel()
    with pytest.raises(DomainError):
        program()
