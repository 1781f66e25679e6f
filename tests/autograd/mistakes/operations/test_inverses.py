"""Claims about the gradients of inverses, solutions and determinants."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

A = normal(3, 3) + 3 * np.eye(3)
B, G, H = normal(3), normal(3, 3), normal(3)
I = np.linalg.inv(A)


def inverse(A):
    return np.linalg.inv(A)


def solution(A, b):
    y = np.linalg.solve(A, b)
    return y * y


def determinant(A):
    return np.linalg.det(A) + np.sum(G * A)


def log_determinant(A):
    _, log = np.linalg.slogdet(A)
    return log + np.sum(G * A)


def square(A, b):
    inv = np.linalg.inv(A)
    return b @ inv @ b


def test_the_right_gradients_agree():
    g = 2 * H * (I @ B)
    assert check_backward(inverse, {"A": A}, {"A": -I.T @ G @ I.T}, upstream=G)
    assert check_backward(solution, {"A": A, "b": B}, {"A": -np.outer(I.T @ g, I @ B), "b": I.T @ g}, upstream=H)
    assert check_backward(log_determinant, {"A": A}, {"A": I.T + G})


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (-I @ G @ I, "is −A⁻¹ G A⁻¹, without the transposes"),
        (-G @ I.T, "is −G A⁻ᵀ: a factor A⁻ᵀ is missing"),
        (-A.T @ G @ A.T, "is −Aᵀ G Aᵀ: the inverses are missing"),
        (-G / A**2, "is −G / A², as for numbers"),
    ],
)
def test_an_inverse(wrong, text):
    said = why(inverse, {"A": A}, {"A": wrong}, upstream=G)
    assert text in said
    assert "it should be −A⁻ᵀ G A⁻ᵀ" in said


def test_a_solution():
    g, y = 2 * H * (I @ B), I @ B
    for db, dA, text in (
        (I.T @ g, -np.outer(I.T @ g, B), "is −A⁻ᵀ G bᵀ: it needs the solution y, not b"),
        (I @ g, -np.outer(I @ g, y), "is A⁻¹ G, without the transpose"),
        (A.T @ g, -np.outer(A.T @ g, y), "is Aᵀ G: the inverse is missing"),
    ):
        assert text in why(solution, {"A": A, "b": B}, {"A": dA, "b": db}, upstream=H)


def test_a_determinant_and_its_logarithm():
    det = np.linalg.det(A)
    assert check_backward(determinant, {"A": A}, {"A": det * I.T + G})
    assert "is det(A) A⁻¹, without the transpose" in why(determinant, {"A": A}, {"A": det * I + G})
    assert "is A⁻¹, without the transpose" in why(log_determinant, {"A": A}, {"A": I + G})
    assert "is A: the inverse is missing" in why(log_determinant, {"A": A}, {"A": A + G})
    assert "as for the determinant itself" in why(log_determinant, {"A": A}, {"A": det * I.T + G})


def test_a_matrix_for_its_inverse():
    dA = -np.outer(I.T @ B, I @ B)
    said = why(square, {"A": A, "b": B}, {"A": dA, "b": A @ B + A.T @ B})
    assert said == "A is used instead of its inverse on the way back"


@pytest.mark.all_the_time
def test_random_gradients_get_no_reason():
    for forward, upstream in ((inverse, G), (log_determinant, None)):
        assert why(forward, {"A": A}, {"A": normal(3, 3)}, upstream=upstream) == ""


def test_a_matrix_without_an_inverse_has_no_such_mistakes():
    """Its determinant is 0, and the gradient of that is its cofactors."""
    a = np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [0.5, 1.0, 7.0]])

    def forward(a):
        return np.linalg.det(a) + np.sum(a**2)

    cofactors = np.array([[22.0, -11.0, 0.0], [-11.0, 5.5, 0.0], [0.0, 0.0, 0.0]])
    assert check_backward(forward, {"a": a}, {"a": cofactors + 2 * a})
    assert why(forward, {"a": a}, {"a": normal(3, 3)}) == ""


def test_a_matrix_of_another_name_is_told():
    def forward(A, b):
        return np.sum(np.linalg.solve(A, b) ** 2)

    def renamed(K, b):
        return np.sum(np.linalg.solve(K, b) ** 2)

    b, y = G[0], np.linalg.solve(A, G[0])
    right, wrong = (-np.outer(np.linalg.solve(a, 2 * y), y) for a in (A.T, A))
    assert check_backward(forward, {"A": A, "b": b}, {"A": right})
    assert "the gradient of A, through its solution" in why(forward, {"A": A, "b": b}, {"A": wrong})
    assert "the gradient of A = K, through" in why(renamed, {"K": A, "b": b}, {"K": wrong})
