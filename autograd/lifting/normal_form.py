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

from .. import table
from ..table import Op, parts
from ..value import Value
from ..walk import topological
from .multiplying_out import SMALLEST, multiply_out

__all__ = ["Applied", "NormalForm", "Sum", "normal_form"]


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
    sums = {node for node in order if id(node.op) in SUMS and SUMS[id(node.op)](node)}
    melting = {node for node in sums if uses[node] == 1 and node not in kept}
    _keep_products_whole(order, sums, melting)
    scaled = {node for node in melting if _scaled(node) is not None}
    melter = _Melter(number, melting, scaled)
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


def _always(node: Value) -> bool:
    return True


def _by_a_constant(node: Value) -> bool:
    divisor = node.operands[1]
    return type(divisor) is float and SMALLEST < abs(divisor) < 1 / SMALLEST  # 1/c is as exact as c


def _square(node: Value) -> bool:
    return type(node.operands[1]) is float and node.operands[1] == 2.0


# the operations that are sums of products, and when
SUMS: dict[int, Callable[[Value], bool]] = {
    id(op): when  # rows compare slowly
    for op, when in (
        (table.ADD, _always), (table.SUB, _always), (table.NEG, _always), (table.MUL, _always), (table.DOT, _always),
        (table.DIV, _by_a_constant), (table.POW, _square),
    )
}  # fmt: skip


def _keep_products_whole(order: list[Value], sums: set[Value], melting: set[Value]) -> None:
    """Which sums of products stay whole, though what they are used in is a sum too.

    One that is multiplied by a number: −y·(Σ w a + b) is no sum of −y·w·a. In a batch each example has its own y, and
    what is one matrix product for all of them would fall apart. And one that is taken from something else, as in a
    cost's y − z, or negated for something that is no sum, as in e⁻ᶻ: what the notes call z is Σ w a + b.
    """
    with_products: set[Value] = set()
    squared = {node.operands[0] for node in order if node in sums and _is_square(node)}
    for node in order:
        if node not in sums:
            negated = {v.operands[0] for v in node.parents if v.op is table.NEG}
            melting -= negated & with_products
            continue
        op = node.op
        if op is table.DOT:
            weights, others, _ = parts(node.operands)
            if any(type(a) is not float is not type(b) for a, b in zip(weights, others, strict=True)):
                with_products.add(node)
        elif op is table.MUL or op is table.DIV:
            a, b = node.operands
            inner = b if type(a) is float else a
            if inner is a and type(b) is not float:
                if a is not b:
                    with_products.add(node)
            elif inner in with_products:
                melting.discard(inner)
        elif op is not table.POW:
            inside = [v for v in node.operands if v in with_products and v in melting]
            taken = op is table.SUB and len(inside) == 1 and (
                node in squared or (inside[0] is node.operands[1] and inside[0].op is not table.MUL)
            )  # fmt: skip
            if taken:
                melting.difference_update(inside)
            elif inside:
                with_products.add(node)


def _is_square(node: Value) -> bool:
    return node.op is table.POW or (node.op is table.MUL and node.operands[0] is node.operands[1])


def _scaled(node: Value) -> tuple[Any, float] | None:
    """(v, c) if the node is c·v with a plain number c."""
    operands = node.operands
    if node.op is table.NEG:
        return operands[0], -1.0
    if node.op is table.MUL:
        a, b = operands
        return (a, b) if type(b) is float else (b, a) if type(a) is float else None
    if node.op is table.DIV and _by_a_constant(node):
        return operands[0], 1.0 / operands[1]
    return None


def _melts(node: Value, scale: float, constant: float) -> bool:
    """Whether floats hold what its plain numbers become, multiplied by the scale and added to the constant."""
    op, operands = node.op, node.operands
    plain = [x for x in operands if type(x) is float]
    if op is table.DOT:
        n = len(operands) // 2
        pairs = zip(operands[:n], operands[n : 2 * n], strict=True)
        numbers = [x for x in operands[: 2 * n] if type(x) is float]
        added = plain[len(numbers) :] + [a * b for a, b in pairs if type(a) is type(b) is float]
    elif op is table.ADD or op is table.SUB:
        numbers, added = [], plain
    else:
        scaled = _scaled(node)
        numbers, added = [scaled[1]] if scaled else [], []
    return all(multiply_out(scale, x) for x in numbers) and all(math.isfinite(constant + scale * x) for x in added)


class _Melter:
    """Takes sums apart into their terms; `gone` collects what has melted into one."""

    def __init__(self, number: dict[Value, int], melting: set[Value], scaled: set[Value]) -> None:
        self.number, self.melting, self.scaled = number, melting, scaled
        self.gone: set[Value] = set()

    def sum(self, root: Value) -> Sum:
        """The terms of a node, and of those that melt into it, from left to right."""
        u: list[int] = []
        v: list[int] = []
        c: list[float] = []
        w: list[int] = []
        d: list[float] = []
        constant = 0.0
        number, melting = self.number, self.melting
        stack: list[tuple[Any, float]] = [(root, 1.0)]
        while stack:
            node, scale = stack.pop()
            if type(node) is float:
                constant += scale * node
                continue
            if node in melting and ((abs(scale) == 1.0 and constant == 0.0) or _melts(node, scale, constant)):
                self.gone.add(node)
            elif node is not root:
                w.append(number[node])
                d.append(scale)
                continue
            op, operands = node.op, node.operands
            if op is table.ADD or op is table.SUB:
                left, right = (operands[0], scale), (operands[1], -scale if op is table.SUB else scale)
                stack += (left, right) if type(operands[1]) is float else (right, left)  # a plain number comes first
            elif op is table.DOT:
                n = len(operands) // 2
                if len(operands) % 2:
                    stack.append((operands[-1], scale))
                if float not in map(type, operands) and self.scaled.isdisjoint(operands):
                    u += map(number.__getitem__, operands[:n])
                    v += map(number.__getitem__, operands[n : 2 * n])
                    c += [scale] * n
                else:
                    for a, b in zip(operands[:n], operands[n : 2 * n], strict=True):
                        self._product(a, b, scale, u, v, c, stack)
            elif op is table.POW:
                self._product(operands[0], operands[0], scale, u, v, c, stack)
            elif op is table.MUL and float not in map(type, operands):
                self._product(operands[0], operands[1], scale, u, v, c, stack)
            else:
                inner, factor = _scaled(node)  # type: ignore[misc]  # the only kinds left
                stack.append((inner, scale * factor))
        return Sum(u, v, c, w, d, constant)

    def _product(
        self, a: Any, b: Any, scale: float, u: list[int], v: list[int], c: list[float], stack: list[tuple[Any, float]]
    ) -> None:
        """One product more; where a factor is a plain number, a multiple of the other is put off instead."""
        if type(a) is float or type(b) is float:
            plain, other = (a, b) if type(a) is float else (b, a)
            stack.append((other, scale * plain))
            return
        if a is b:
            a, scale = self._pulled(a, scale, squared=True)
            b = a
        else:
            a, scale = self._pulled(a, scale)
            b, scale = self._pulled(b, scale)
        u.append(self.number[a])
        v.append(self.number[b])
        c.append(scale)

    def _pulled(self, factor: Any, scale: float, squared: bool = False) -> tuple[Any, float]:
        """The factor without the numbers it is multiplied by, as long as they can be multiplied out."""
        while factor in self.scaled:
            inner, number = _scaled(factor)  # type: ignore[misc]  # that is what is collected there
            times = number * number if squared else number
            if not multiply_out(scale, times) or (squared and not multiply_out(number, number)):
                break
            self.gone.add(factor)
            factor, scale = inner, scale * times
        return factor, scale
