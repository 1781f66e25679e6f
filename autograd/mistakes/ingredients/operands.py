"""Makes edits of the factors of a gradient: one is missing, is another array, is transposed, or is too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from ... import table
from ...programs.assignments import Array, Assignment, Constant, Contraction, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, called, fixed, gradient_told, groups, leading, listed, number, uses
from ..judged import largest
from ..operations.functions import functions, inner
from ..relatives import reached
from ..rules import of_another, stopped, with_operands
from .replacements import Data, Values, of_shape, replacements

__all__ = ["factors_at", "in_one_run", "missing", "substitutes"]

INSIDE = 2  # added to the rank inside a function that is written out, whose slope people take as one step
Group = tuple[tuple[Way, ...], int, str, int]  # ways, a factor's position, what they pass back, an addition to ranks
DIGITS = 9  # the digits of factors that are compared
FEW = 20  # the largest number of arrays of one shape that are tried as a factor too many


def missing(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits that leave out a factor of a gradient in a product or quotient, or apply it twice."""
    for group in _groups(recorded, in_one_run=False):
        yield from _missing(recorded, *group)


def substitutes(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits that replace a factor of a gradient in a product or quotient by another array."""
    for group in _groups(recorded, in_one_run=False):
        yield from _replaced(recorded, *group)


def in_one_run(recorded: Recorded) -> Iterator[Edit]:
    """Yields the edits of both kinds that change one run of a source line, of several runs: rare, and many."""
    for group in _groups(recorded, in_one_run=True):
        yield from _missing(recorded, *group)
        yield from _replaced(recorded, *group)


def _groups(recorded: Recorded, in_one_run: bool) -> Iterator[Group]:
    products = [way for way in recorded.backward.passed if _others(recorded, way)]
    places = {way: recorded.node(way).place for way in products}
    runs = Counter((place.at, way.position) for way, place in places.items() if place is not None)
    to, hidden = uses(recorded), _inside(recorded)
    for ways in groups(recorded, products):
        place = places[ways[0]]
        if in_one_run == (len(ways) == 1 and place is not None and runs[place.at, ways[0].position] > 1):
            where = f"in {gradient_told(recorded, to, sorted(ways))}"
            more = INSIDE if all(way.number in hidden for way in ways) else 0
            yield from ((ways, other, where, more) for other in _others(recorded, ways[0]))


def _missing(recorded: Recorded, ways: tuple[Way, ...], other: int, where: str, more: int) -> Iterator[Edit]:
    first = recorded.node(ways[0])
    rights = {way: recorded.node(way).operands[other] for way in ways}
    name = listed(called(rights[way]) for way in sorted(ways))
    divides = isinstance(first, Map) and first.op is table.DIV
    factor, is_ = f"the factor {name}".replace("the factor an array of", "a factor of"), "is"
    if not divides and len({called(array) for array in rights.values()}) > 1:
        factor, is_ = f"the factors {name}", "are"
    if isinstance(first, Map) and first.op is table.MUL:
        alone = {way: of_another(recorded, way, np.ones(recorded.node(way).shape)) for way in ways}
        said = f"{name} alone {is_} passed back, not multiplied by the incoming gradient, {where}"
        yield fixed(Change(rules=alone), said, 4 + more + (len(ways) > 1), ways)
    if isinstance(first, Map) and any(np.any(array.value != 1.0) for array in rights.values()):
        ones = {way: np.ones(array.shape) for way, array in rights.items()}
        what = f"the division by {name}" if divides else factor
        yield _edit(recorded, ones, other, f"{what} {is_} missing {where}", 2 + more, ways)
        negative = {way: -one for way, one in ones.items()}
        if name.startswith("`-"):  # the minus stays
            yield _edit(recorded, negative, other, f"{what.replace('`-', '`')} {is_} missing {where}", 2 + more, ways)
        elif all(np.all(np.abs(array.value) == 1.0) for array in rights.values()):  # signs, such as labels of ±1
            yield _edit(
                recorded, negative, other, f"{what} {is_} missing {where}, and the sign is wrong", 2 + more, ways
            )
        with np.errstate(all="ignore"):
            inverse = {way: 1 / array.value for way, array in rights.items()}
        wrong, right = ("multiplies", "divide") if divides else ("divides", "multiply")
        yield _edit(recorded, inverse, other, f"{name} {wrong}, but should {right}, {where}", 3 + more, ways)
        squared = {way: array.value**2 for way, array in rights.items()}
        yield _edit(recorded, squared, other, f"{what} {is_} applied twice {where}", 3 + more, ways)
        numbers = {float(array.value) for array in rights.values() if isinstance(array, Constant) and not array.shape}
        if len(numbers) > 1 and not divides:
            yield _one_number(recorded, ways, other, name, where, more)
    elif isinstance(first, Contraction):
        yield from _missing_in_sums(recorded, ways, other, f"{factor} {is_} missing {where}", more)
        with np.errstate(all="ignore"):
            inverse = {way: 1 / array.value for way, array in rights.items()}
        yield _edit(recorded, inverse, other, f"{name} divides, but should multiply, {where}", 4 + more, ways)
        squared = {way: array.value**2 for way, array in rights.items()}
        yield _edit(recorded, squared, other, f"{factor} {is_} applied twice {where}", 4 + more, ways)


def _missing_in_sums(recorded: Recorded, ways: tuple[Way, ...], other: int, said: str, more: int) -> Iterator[Edit]:
    """Yields edits that leave a factor of a sum of products out: what arrives goes back unchanged, or is summed.

    What arrives may also be the gradient of the function that follows, so that its slope is missing too.
    """
    first, more = recorded.node(ways[0]), more + (len(ways) > 1)
    assert isinstance(first, Contraction)
    ones = {way: with_operands(recorded, way, {other: np.ones(recorded.node(way).operands[other].shape)})
            for way in ways}  # fmt: skip
    is_same = set(first.letters[other]) <= set(first.letters[ways[0].position])
    left_out = [(ones, said if is_same else f"{said}: every entry gets a sum", 2 if is_same else 3)]
    if _may_be_left_out(recorded, ways):
        left_out = [(dict.fromkeys(ways, np.positive), said, 2), *([] if is_same else left_out)]
    made = {function.x.number: function.y for function in functions(recorded)}
    for rules, text, rank in left_out:
        yield fixed(Change(rules=rules), text, rank + more, ways, "operand", ("missing",))
        for above in _of_these_shapes(recorded, ways, made):
            jumps = {(y.number, recorded.target(way).number): rules[way] for way, y in zip(ways, above, strict=True)}
            of = f"what goes back is the gradient of {listed(map(called, above))}: its derivative is missing too"
            change = Change(rules=stopped(recorded, ways), jumps=jumps)
            yield fixed(change, f"{said}, and {of}", 4 + more, ways, "operand", ("missing", "slope"))


def _of_these_shapes(
    recorded: Recorded, ways: Sequence[Way], made: Mapping[int, Assignment]
) -> Iterator[Sequence[Assignment]]:
    """Yields the list of the functions that products lead to, if each has the shape of its product."""
    nodes = [recorded.node(way) for way in ways]
    for above in reached(recorded, nodes, made):
        if all(y.shape == node.shape for y, node in zip(above, nodes, strict=True)):
            yield above


def _replaced(recorded: Recorded, ways: tuple[Way, ...], other: int, where: str, more: int) -> Iterator[Edit]:
    rights = {way: recorded.node(way).operands[other] for way in ways}
    name = listed(called(rights[way]) for way in sorted(ways))
    for wrong, instead, data in replacements(recorded, ways, rights):
        others = {called(array) for array in data if isinstance(array, Assignment)}
        turned = len({called(array) for array in rights.values()}) > 1 and wrong.startswith(f"{name}, ")
        are = "are" if turned or (len(others) > 1 and wrong.startswith(tuple(others))) else "is"
        text = f"{wrong} {are} used instead of {name} {where}"
        if wrong == f"{called(rights[ways[0]])}, transposed,":
            text = _untransposed([called(rights[way]) for way in sorted(ways)], where)
        if data == ("rotated by 180°",):
            text += f": a full convolution of the gradient with {name} must rotate it first"
        yield _edit(recorded, instead, other, text, 4 + more, ways, data)


def _untransposed(names: Sequence[str], where: str) -> str:
    """Returns a text about matrices without a transpose: the backward pass of x @ W has W.T, that of x @ W.T has W."""
    given, other = list(dict.fromkeys(names)), [name[:-2] if name.endswith(".T") else f"{name}.T" for name in names]
    are, them = ("are", "them") if len(given) > 1 else ("is", "it")
    return f"{listed(given)} {are} used instead of {listed(other)} {where}: transpose {them}"


def _one_number(recorded: Recorded, ways: tuple[Way, ...], other: int, name: str, where: str, more: int) -> Edit:
    """Returns a fitted edit: one number in the place of the numbers of the turns, such as ½ for ½ w[i]."""

    def change(t: float) -> Change:
        return Change(rules={way: with_operands(recorded, way, {other: np.asarray(t)}) for way in ways})

    text = f"is used instead of {name} in every turn, {where}"
    return Edit(change, lambda t: f"{number(t)} {text}", 4 + more, ways, fitted=True)


def _inside(recorded: Recorded) -> set[int]:
    """Returns the numbers of the arrays of which functions that are written out are made, and of their results."""
    return inner(recorded) | {each.y.number for each in functions(recorded) if each.op is not None and each.between()}


def _edit(
    recorded: Recorded, values: Values, other: int, text: str, rank: int, ways: tuple[Way, ...], data: Data = ()
) -> Edit:
    rules = {way: with_operands(recorded, way, {other: value}) for way, value in values.items()}
    return fixed(Change(rules=rules), text, rank + (len(ways) > 1), ways, "operand", data)


def _may_be_left_out(recorded: Recorded, ways: tuple[Way, ...]) -> bool:
    """Returns whether each product has the shape of its operand, so that its gradient may be passed back unchanged."""
    nodes = [recorded.node(way) for way in ways]
    return all(
        node.shape and node.shape == node.operands[way.position].shape for node, way in zip(nodes, ways, strict=True)
    )


def _others(recorded: Recorded, way: Way) -> list[int]:
    """Returns the positions of the operands by which a gradient is multiplied or divided on this way."""
    node = recorded.node(way)
    if isinstance(node, Contraction) or (isinstance(node, Map) and node.op is table.MUL):
        return [k for k in range(len(node.operands)) if k != way.position]
    if isinstance(node, Map) and node.op is table.DIV:
        return [1] if way.position == 0 else [0, 1]
    return []


# ---- a factor too many


def factors_at(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits that multiply the gradient of a named array or of the result by an array u of its shape.

    Other edits multiply it by a common function of u, such as 1 − u.
    """
    for node in recorded.backward.order:
        if (node.name or node is recorded.result) and not isinstance(node, Constant):
            arrays, seen = of_shape(recorded, node.shape)[:FEW], set[bytes]()
            plain = [(f"is multiplied by {called(array)}", array.value) for array in arrays]
            for text, value in (*plain, *(each for array in arrays for each in _factors(called(array), array.value))):
                if (numbers := np.round(value / (largest(value) or 1.0), DIGITS).tobytes()) not in seen:
                    seen.add(numbers)
                    said = f"the gradient of {called(node)} {text}, which does not belong there"
                    if text == f"is divided by {called(node)}":
                        said += f", as if a factor {called(node)} were missing"
                    change = Change(at={node.number: partial(np.multiply, value)})
                    yield fixed(change, said, 5, leading(recorded, node))
    yield from _inputs_at(recorded)


def _inputs_at(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits that multiply the gradient of an array by a smaller input, such as gamma, wherever its line runs."""
    lines: dict[object, list[Assignment]] = {}
    for node in recorded.backward.order:
        if isinstance(node, Map) and node.place is not None:
            lines.setdefault((node.place.at, node.shape), []).append(node)
    inputs = [array for array in recorded.inputs.values() if array.value.size > 1]
    for nodes in lines.values():
        shape, names = nodes[0].shape, listed(map(called, nodes))
        for array in inputs:
            if array.shape == shape[len(shape) - len(array.shape) :] and array.shape != shape:
                change = Change(at={node.number: partial(np.multiply, array.value) for node in nodes})
                said = f"the gradient of {names} is multiplied by {called(array)}, which does not belong there"
                yield fixed(change, said, 5, [way for node in nodes for way in leading(recorded, node)])


def _factors(name: str, u: Array) -> Iterator[tuple[str, Array]]:
    with np.errstate(all="ignore"):
        for text, value in ((f"1 − {name}", 1 - u), (f"{name} (1 − {name})", u * (1 - u)), (f"1 − {name}²", 1 - u * u),
                            (f"({name} > 0)", np.where(u > 0, 1.0, 0.0))):  # fmt: skip
            yield f"is multiplied by {text}", value
        yield f"is divided by {name}", 1 / u
