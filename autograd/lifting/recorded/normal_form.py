"""The graph in its normal form: sums of products, and operations on what they give.

Sums, differences, products, multiples, quotients by a constant, squares and `dot` are all one thing here,
Σ c·u·v + Σ d·w + constant. What only such a sum uses, and only once, melts into it, so that a neuron's weighted
input is the same whether it was one `dot` or forty products and sums.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple

from ... import table
from ...operation import Op
from ...value import Value
from ...walk import topological
from .multiplying_out import SMALLEST, multiply_out

__all__ = ["Applied", "NormalForm", "Sum", "normal_form", "products"]


Products = Sequence[tuple[Any, Any]]  # pairs of Values and plain numbers: a node is the sum of their products


class Sum(NamedTuple):
    """Σ c·u·v + Σ d·w + constant; u, v, w are the numbers of nodes."""

    u: list[int]
    v: list[int]
    c: list[float]
    w: list[int]
    d: list[float]
    constant: float


class Applied(NamedTuple):
    """Any other operation on nodes."""

    op: Op
    inputs: list[int]


class NormalForm(NamedTuple):
    """A graph, its nodes numbered: the leaves first, in order of first use."""

    leaves: list[Value]
    outputs: list[int]
    nodes: dict[int, Sum | Applied]  # each after what it is made of
    constants: dict[int, float]  # plain numbers among the operands; they are numbered like nodes
    size: int  # every number of a node is below it
    apart: "NormalForm | None" = None  # the same before nodes that say the same were made one, if any were


def normal_form(outputs: Sequence[Value], also: Iterable[Value] = ()) -> NormalForm:
    """The normal form of the graph below the outputs, which are inner nodes.

    The leaves in `also` are among its leaves, whether the graph uses them or not.
    """
    order = topological(*outputs)[::-1]
    uses = Counter(chain.from_iterable([node.parents for node in order]))
    leaves = [value for value in dict.fromkeys(chain(uses, also)) if value.op is None]
    number = {value: i for i, value in enumerate(chain(leaves, order))}
    kept = set(outputs)
    sums, squared, multiples = _sums(order)
    melting = {node for node in sums if uses[node] == 1 and node not in kept}
    _keep_products_whole(order, melting, squared)
    melter = _Melter(number, melting, {node: multiples[node] for node in melting & multiples.keys()})
    nodes: dict[int, Sum | Applied] = {}
    constants: dict[int, float] = {}
    named: dict[str, int] = {}  # the constants' numbers, by how they are written, which tells 0.0 from −0.0
    for node in reversed(order):  # from the outputs, so that a sum takes in what melts before that is asked itself
        if node in melter.gone:
            continue
        if node in sums:
            nodes[number[node]] = melter.sum(node)
            continue
        inputs = []
        for operand in node.operands:
            if type(operand) is float:
                plain = named.setdefault(repr(operand), len(number) + len(named))
                constants[plain] = operand
                inputs.append(plain)
            else:
                inputs.append(number[operand])
        nodes[number[node]] = Applied(node.op, inputs)  # type: ignore[arg-type]  # an inner node has one
    found, same = _each_once(nodes)
    ends = [number[value] for value in outputs]
    apart = NormalForm(leaves, ends, dict(reversed(nodes.items())), constants, len(number) + len(constants))
    if not same:
        return apart
    return apart._replace(outputs=[same.get(end, end) for end in ends], nodes=found, apart=apart)


def _each_once(nodes: dict[int, Sum | Applied]) -> tuple[dict[int, Sum | Applied], dict[int, int]]:
    """The nodes from the leaves up, without those that only say again what another says; and which other that is."""
    found: dict[int, Sum | Applied] = {}
    first: dict[tuple[Any, ...], int] = {}
    same: dict[int, int] = {}

    def renamed(numbers: list[int]) -> list[int]:
        return [same.get(number, number) for number in numbers] if same else numbers

    for number, node in reversed(nodes.items()):
        key: tuple[Any, ...]
        if isinstance(node, Sum):
            node = node._replace(u=renamed(node.u), v=renamed(node.v), w=renamed(node.w)) if same else node
            key = (tuple(node.u), tuple(node.v), tuple(node.c), tuple(node.w), tuple(node.d), node.constant)
        else:
            node = Applied(node.op, renamed(node.inputs))
            key = (id(node.op), *node.inputs)
        other = first.setdefault(key, number)
        if other == number:
            found[number] = node
        else:
            same[number] = other
    return found, same


def _of_dot(*operands: Any) -> Products:
    weights, others, bias = table.parts(operands)
    return [*zip(weights, others, strict=True), *((1.0, b) for b in bias)]


PRODUCTS: dict[int, Callable[..., Products | None]] = {
    id(op): rule  # rows compare slowly
    for op, rule in (
        (table.ADD, lambda a, b: ((1.0, a), (1.0, b))),
        (table.SUB, lambda a, b: ((1.0, a), (-1.0, b))),
        (table.NEG, lambda a: ((-1.0, a),)),
        (table.MUL, lambda a, b: ((a, b),)),
        (table.DIV, lambda a, b: ((1.0 / b, a),) if type(b) is float and SMALLEST < abs(b) < 1 / SMALLEST else None),
        (table.POW, lambda a, b: ((a, a),) if type(b) is float and b == 2.0 else None),
        (table.DOT, _of_dot),
    )
}


def products(node: Value) -> Products | None:
    """The pairs whose products a node is the sum of, if it is one; made anew each time, as to keep them is slower."""
    rule = PRODUCTS.get(id(node.op))
    return None if rule is None else rule(*node.operands)


def _sums(order: list[Value]) -> tuple[set[Value], set[Value], dict[Value, tuple[Value, float]]]:
    """The nodes that are sums of products; what is squared in one; and (v, c) for those that are c·v."""
    sums, squared, multiples = set(), set(), {}
    for node in order:
        pairs = products(node)
        if pairs:
            sums.add(node)
            if len(pairs) == 1:
                a, b = pairs[0]
                if a is b:
                    squared.add(a)
                elif type(a) is float:
                    multiples[node] = b, a
                elif type(b) is float:
                    multiples[node] = a, b
    return sums, squared, multiples


def _keep_products_whole(order: list[Value], melting: set[Value], squared: set[Value]) -> None:
    """Which sums of products stay whole, though what they are used in is a sum too.

    One that is multiplied by a number: −y·(Σ w a + b) is no sum of −y·w·a. In a batch each example has its own y, and
    what is one matrix product for all of them would fall apart. And one that is taken from something else, as in a
    cost's y − z, or negated for something that is no sum, as in e⁻ᶻ: what the notes call z is Σ w a + b.
    """
    with_products: set[Value] = set()
    for node in order:
        pairs = products(node)
        if not pairs:
            negated = {v.operands[0] for v in node.parents if v.op is table.NEG}
            melting -= negated & with_products
        elif any(type(a) is not float is not type(b) and a is not b for a, b in pairs):
            with_products.add(node)
        elif len(pairs) == 1 and node.op is not table.NEG:
            melting -= with_products.intersection(node.parents)
        else:
            inside = [v for v in node.parents if v in with_products and v in melting]
            taken = node.op is table.SUB and len(inside) == 1 and (
                node in squared or (inside[0] is node.operands[1] and inside[0].op is not table.MUL)
            )  # fmt: skip
            if taken:
                melting.difference_update(inside)
            elif inside:
                with_products.add(node)


class _Melter:
    """Takes sums apart into their terms; `gone` collects what has melted into one."""

    def __init__(
        self, number: dict[Value, int], melting: set[Value], multiples: dict[Value, tuple[Value, float]]
    ) -> None:
        self.number, self.melting, self.multiples = number, melting, multiples
        self.gone: set[Value] = set()

    def sum(self, root: Value) -> Sum:
        """The terms of a node, and of those that melt into it, from left to right."""
        found = Sum([], [], [], [], [], 0.0)
        u, v, c, w, d, constant = found
        number, stack = self.number, [(root, 1.0)]
        while stack:
            node, scale = stack.pop()
            if node in self.melting and ((abs(scale) == 1.0 and constant == 0.0) or self._melts(node, scale, constant)):
                self.gone.add(node)
            elif node is not root:
                w.append(number[node])
                d.append(scale)
                continue
            later = []
            for a, b in products(node) or ():
                if type(a) is float:
                    if type(b) is float:
                        constant += scale * a * b
                    else:
                        later.append((b, scale * a))
                elif type(b) is float:
                    later.append((a, scale * b))
                else:
                    coefficient = scale
                    if a in self.multiples or b in self.multiples:
                        a, b, coefficient = self._pulled(a, b, scale)
                    u.append(number[a])
                    v.append(number[b])
                    c.append(coefficient)
            stack += reversed(later)
        return found._replace(constant=constant)

    def _melts(self, node: Value, scale: float, constant: float) -> bool:
        """Whether floats hold what its plain numbers become, multiplied by the scale and added to the constant."""
        for a, b in products(node) or ():
            if type(a) is type(b) is float:
                if not math.isfinite(constant + scale * a * b):
                    return False
            elif any(type(x) is float and not multiply_out(scale, x) for x in (a, b)):
                return False
        return True

    def _pulled(self, a: Value, b: Value, scale: float) -> tuple[Value, Value, float]:
        """The factors of a product without the numbers that they are multiplied by."""
        if a is b:
            a, scale = self._inner(a, scale, squared=True)
            return a, a, scale
        a, scale = self._inner(a, scale)
        b, scale = self._inner(b, scale)
        return a, b, scale

    def _inner(self, factor: Value, scale: float, squared: bool = False) -> tuple[Value, float]:
        """A factor without the numbers it is multiplied by, as long as they can be multiplied out."""
        while factor in self.multiples:
            inner, number = self.multiples[factor]
            times = number * number if squared else number
            if not multiply_out(scale, times) or (squared and not multiply_out(number, number)):
                break
            self.gone.add(factor)
            factor, scale = inner, scale * times
        return factor, scale
