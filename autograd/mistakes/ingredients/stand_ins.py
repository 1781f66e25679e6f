"""Makes edits in which an array itself stands in for a gradient, such as a(l) for δ(l) in a product.

The gradient may be that of an array which is made of the product. Another array's gradient may stand in for it too, or
what another product passes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ...programs.assignments import Array, Assignment, Contraction, Leaf
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, called, fixed, gradient_told, groups, names_of, uses
from ..operations.errors import errors
from ..operations.functions import functions
from ..relatives import above, reached
from ..rules import of_another
from .replacements import of_shape

__all__ = ["stand_ins"]


def stand_ins(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of the ways back from products, and of those to the inputs: another array stands in for a gradient.

    In several products at once, the arrays are the products, or their activations. On a single way, they are any with
    a name.
    """
    to, beside = uses(recorded), _passed_on(recorded)
    activations = {function.x.number: function.y for function in functions(recorded)}
    teams = [ways for ways in groups(recorded, recorded.backward.passed) if _is_of_products(recorded, ways)]
    for ways in teams:
        nodes, told = [recorded.node(way) for way in ways], gradient_told(recorded, to, ways)
        own = [nodes, *reached(recorded, nodes, activations)]
        for arrays in own:
            if all(array.shape == node.shape for array, node in zip(arrays, nodes, strict=True)):
                values = [array.value for array in arrays]
                yield _edit(recorded, ways, values, told, names_of(arrays), names_of(nodes), 5 + (len(ways) > 1))
        several = [beside.get(node.number, {}) for node in nodes]
        for key in (key for key in several[0] if all(key in of for of in several)):
            which, passed = zip(*(of[key] for of in several), strict=True)
            what = f"what {names_of(product for product, _ in which)} passes back to {names_of(x for _, x in which)}"
            yield _edit(recorded, ways, passed, told, what, names_of(nodes), 5 + (len(ways) > 1))
    for way in (ways[0] for ways in teams if len(ways) == 1):
        yield from _any(recorded, way, gradient_told(recorded, to, [way]))


def _is_of_products(recorded: Recorded, ways: Sequence[Way]) -> bool:
    return all(isinstance(recorded.node(way), Contraction) for way in ways) or (
        len(ways) == 1 and isinstance(recorded.target(ways[0]), Leaf)
    )


def _passed_on(recorded: Recorded) -> dict[int, dict[object, tuple[tuple[Assignment, Assignment], Array]]]:
    """Returns a dict from the number of each array to what products with the same gradient pass on, in its shape.

    It is found by the line of the product and the position of the operand. An entry has the product, the operand, and
    its gradient. The operand is not an input; the first state of a loop may be a constant.
    """
    flows, by_flow = recorded.backward.flows, dict[bytes, list[Assignment]]()
    for node in recorded.backward.order:
        if isinstance(node, Contraction) and node.place is not None:
            by_flow.setdefault(flows[node.number].tobytes(), []).append(node)
    found: dict[int, dict[object, tuple[tuple[Assignment, Assignment], Array]]] = {}
    for node in recorded.backward.order:
        flow = flows[node.number]
        for product in by_flow.get(flow.tobytes(), ()):
            for k, x in enumerate(product.operands if product.shape == node.shape == flow.shape else ()):
                if not isinstance(x, Leaf) and x.shape == node.shape and product.place is not None:
                    passed = product.back(k, flow, product.value, [operand.value for operand in product.operands])
                    found.setdefault(node.number, {})[product.place.at, k] = (product, x), passed
    return found


def _any(recorded: Recorded, way: Way, told: str) -> Iterator[Edit]:
    """Yields edits in which any array, or its gradient, stands in for the gradient of the node or of one above it."""
    node, flows = recorded.node(way), recorded.backward.flows
    chain = [node]
    for top in (node, *(several[0] for several in above(recorded, chain))):
        chain = [*chain, top] if top is not node else chain
        if len(chain) > 1 and np.array_equal(flows[top.number], flows[chain[-2].number]):
            continue  # the gradient is the same, as above a sum
        for x in of_shape(recorded, top.shape):
            if not x.name or _is_probability(recorded, chain, x):
                continue
            if x is not node and not np.array_equal(x.value, np.rint(x.value)):  # whole numbers may fit by chance
                yield _edit(recorded, [way], [_down(recorded, chain, x.value)], told, called(x), called(top), 6)
            if top is not node and x is not top and x.number in flows:
                value = _down(recorded, chain, flows[x.number])
                yield _edit(recorded, [way], [value], told, f"the gradient of {called(x)}", called(top), 5)


def _is_probability(recorded: Recorded, chain: Sequence[Assignment], x: Assignment) -> bool:
    """Returns whether x is p or 1 − p where an array of the chain has the gradient w (p − y): `targets` says more."""
    probabilities = [error.p for error in errors(recorded) if error.x in chain and error.p.shape == x.shape]
    return any(np.allclose(x.value, p) or np.allclose(x.value, 1 - p) for p in probabilities)


def _down(recorded: Recorded, chain: Sequence[Assignment], flow: Array) -> Array:
    """Returns what the last array of a chain passes back to the first one, if this gradient arrives at it.

    Each array of the chain has one use, in the next one.
    """
    for below, top in zip(chain[-2::-1], chain[:0:-1], strict=True):
        flow = recorded.backward.through(Way(top.number, top.operands.index(below)), flow)
    return flow


def _edit(
    recorded: Recorded, ways: Sequence[Way], values: Sequence[Array], told: str, of: str, of_right: str, rank: int
) -> Edit:  # fmt: skip
    rules = {way: of_another(recorded, way, value) for way, value in zip(ways, values, strict=True)}
    text = f"{told} is computed from {of}, not from the gradient of {of_right}"
    return fixed(Change(rules=rules), text, rank, ways)
