"""Makes edits of sums of products: a product of sums, a dot product, a product element by element in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from ... import table
from ...programs.assignments import Array, Assignment, Contraction, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Rule, Way
from ..anew import Anew
from ..edits import Edit, called, fixed, groups, listed
from .functions import Function
from .teams import teams

__all__ = ["dotted", "products", "slopes_as_products"]

SQUARES = {  # slopes with a matrix product in them
    table.TANH: "the matrix product of y and its transpose",
    table.SIGMOID: "the matrix product of y and the transpose of 1 − y",
}
MOST = 12  # the largest number of products of vectors that are tried as dot products
TURNED = ((False, False), (True, False), (False, True), (True, True))  # which of two factors are transposed


def products(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of the gradients of each product of two arrays, and of the products of one source line together."""
    of_two = [way for way in recorded.backward.passed if _has_two(recorded.node(way))]
    for ways in groups(recorded, of_two):
        targets = listed(called(recorded.target(way)) for way in ways)
        rules: dict[Way, Rule]
        for reduce, text in ((np.sum, "a product of two sums"), (np.mean, "a product of means")):
            change = Change(rules={way: partial(_apart, recorded, way, reduce) for way in ways})
            yield fixed(change, f"the gradient of {targets} is {text}, not a sum of products", 4, ways)
        if all(_is_outer(recorded, way) for way in ways):
            text = f"the gradient of {targets} is the dot product of two vectors, one number, not their outer product"
            yield fixed(Change(rules={way: partial(_dot, recorded, way) for way in ways}), text, 4, ways)
        if all(_is_square(recorded, way) for way in ways):
            text = f"in the gradient of {targets}, the two factors of the matrix product are in the wrong order"
            yield fixed(Change(rules={way: partial(_reversed, recorded, way) for way in ways}), text, 4, ways)
        for axis in (0, 1) if all(_has_sums(recorded, way) for way in ways) else ():
            others = listed(called(_other_operand(recorded, way)) for way in ways)
            text = (
                f"the gradient of {targets} is multiplied by the sums of {others} along axis {axis}, one by one (*): "
                "the sum comes after the product, as in a matrix product (@)"
            )
            rules = {way: partial(_times_sums, recorded, way, axis) for way in ways}
            yield fixed(Change(rules=rules), text, 5, ways)
        for turned in TURNED:
            if all(_fits(recorded, way, turned) for way in ways):
                text = f"the gradient of {targets} is a product element by element (*), not a matrix product (@)"
                rules = {way: partial(_element_by_element, recorded, way, turned) for way in ways}
                yield fixed(Change(rules=rules), text, 4, ways)


def dotted(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which a product of two vectors is their dot product, as with * between matrices.

    In a pass with many such products, as in a loop, nothing is yielded: each takes a whole pass.
    """
    of_vectors = [node for node in recorded.backward.order if _is_of_vectors(node)]
    for node in of_vectors if len(of_vectors) <= MOST else ():
        rules = Anew(recorded, {}, {node.number: np.full(node.shape, node.value.sum())}).rules()
        text = f"{called(node)} is taken as a dot product, one number for all its elements"
        yield fixed(Change(rules=rules), text, 5, tuple(rules))


def _is_of_vectors(node: Assignment) -> bool:
    is_product = isinstance(node, Map) and node.op is table.MUL and node.value.size > 1
    shapes = {tuple(n for n in array.shape if n > 1) for array in (node, *node.operands)}
    return is_product and shapes == {(node.value.size,)}


def slopes_as_products(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the slope 1 − y² or y (1 − y) of a matrix is made with a matrix product, and applied so."""
    for team in teams(recorded):
        op, is_matrix = team[0].op, all(len(function.y.shape) == 2 for function in team)
        if op is not None and op in SQUARES and is_matrix and all(function.op is op for function in team):
            y = listed(called(function.y) for function in team)
            short = y if len(team) == 1 else "y"
            formula = SQUARES[op].replace("y", short)
            text = (
                f"the slope of {y} is made with {formula}, and multiplied by the incoming gradient in another matrix "
                "product: both products are element by element (*)"
            )
            for first in (True, False):
                change = Change()
                for function in team:
                    change = change.and_also(function.passing(partial(_as_products, function, first)))
                ways = tuple(way for function in team for way in function.inside)
                yield fixed(change, text, 4 + (len(team) > 1), ways)


def _as_products(function: Function, first: bool, flow: Array) -> Array:
    """Returns the flow times the matrix of products of y's rows, or of its columns."""
    y = function.y.value
    other = y if function.op is table.TANH else 1 - y
    product = y @ other.T if first else other.T @ y
    product = 1 - product if function.op is table.TANH else product
    return np.asarray(product.T @ flow if first else flow @ product)


def _has_two(node: Assignment) -> bool:
    return isinstance(node, Contraction) and len(node.operands) == 2


def _apart(recorded: Recorded, way: Way, reduce: Callable[..., Array], flow: Array) -> Array:
    """Returns the sum of the gradient over some axes, times the sum or mean of the other operand over them."""
    node = recorded.node(way)
    assert isinstance(node, Contraction)
    mine, other = node.letters[way.position], node.letters[1 - way.position]
    target, value = node.operands[way.position], node.operands[1 - way.position].value
    first, second = ("".join(letter for letter in letters if letter in mine) for letters in (node.out, other))
    reduced = reduce(value, axis=tuple(k for k, letter in enumerate(other) if letter not in mine))
    product = np.einsum(f"{first},{second}->{mine}", np.einsum(f"{node.out}->{first}", flow), reduced)
    return np.broadcast_to(product, target.shape)


def _is_outer(recorded: Recorded, way: Way) -> bool:
    """Returns whether the gradient is the outer product of two vectors of the same length."""
    node, other = recorded.node(way), _other(recorded, way)
    return len(node.shape) == 1 and node.shape == other.shape and recorded.target(way).shape == 2 * node.shape


def _dot(recorded: Recorded, way: Way, flow: Array) -> Array:
    return np.full(recorded.target(way).shape, np.sum(flow * _other(recorded, way)))


def _fits(recorded: Recorded, way: Way, turned: tuple[bool, bool]) -> bool:
    """Returns whether the gradient and the other operand, perhaps transposed, have a product of the right shape."""
    node, target = recorded.node(way), recorded.target(way)
    assert isinstance(node, Contraction)
    mine, other = node.letters[way.position], node.letters[1 - way.position]
    if not {*node.out, *other} - {*mine}:  # the gradient is no sum
        return False
    shapes = [shape[::-1] if is_turned else shape
              for shape, is_turned in zip((node.shape, _other(recorded, way).shape), turned, strict=True)]  # fmt: skip
    if (
        {len(shape) for shape in (*shapes, target.shape)} != {2}
        or not all(shapes)
        or (set(shapes[0]) == {1} or set(shapes[1]) == {1})
    ):
        return False
    try:
        return np.broadcast_shapes(*shapes) == target.shape
    except ValueError:  # they do not fit
        return False


def _element_by_element(recorded: Recorded, way: Way, turned: tuple[bool, bool], flow: Array) -> Array:
    a, b = (array.T if is_turned else array
            for array, is_turned in zip((flow, _other(recorded, way)), turned, strict=True))  # fmt: skip
    return np.asarray(a * b)


def _is_square(recorded: Recorded, way: Way) -> bool:
    """Returns whether the gradient is a product of two square matrices, whose order is easily mixed up."""
    node, shape = recorded.node(way), recorded.target(way).shape
    return len(shape) == 2 and shape[0] == shape[1] > 1 and node.shape == _other(recorded, way).shape == shape


def _reversed(recorded: Recorded, way: Way, flow: Array) -> Array:
    """Returns the product of the gradient and the other operand, as matrices, in the other order."""
    node = recorded.node(way)
    assert isinstance(node, Contraction)
    mine, other = node.letters[way.position], node.letters[1 - way.position]
    (summed,) = set(node.out) & set(other)
    factors = [(node.out, flow), (other, _other(recorded, way))]
    first, second = sorted(factors, key=lambda factor: mine[0] not in factor[0])
    left = first[1] if first[0][1] == summed else first[1].T
    right = second[1] if second[0][0] == summed else second[1].T
    return np.asarray(right @ left)


def _has_sums(recorded: Recorded, way: Way) -> bool:
    """Returns whether the other operand is a matrix whose sums along an axis can multiply the gradient, one by one."""
    node, target, other = recorded.node(way), recorded.target(way), _other(recorded, way)
    is_even = len(other.shape) == 2 and other.shape[0] == other.shape[1] > 1
    return is_even and node.shape == target.shape and target.shape[-1:] == other.shape[:1]


def _times_sums(recorded: Recorded, way: Way, axis: int, flow: Array) -> Array:
    return np.asarray(flow * _other(recorded, way).sum(axis=axis))


def _other_operand(recorded: Recorded, way: Way) -> Assignment:
    return recorded.node(way).operands[1 - way.position]


def _other(recorded: Recorded, way: Way) -> Array:
    return _other_operand(recorded, way).value
