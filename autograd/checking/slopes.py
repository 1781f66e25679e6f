"""Edits of slopes: left out, taken at the output, of the incoming gradient, another function's; a softmax's halves."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from .. import table
from ..programs.assignments import ARRAYS, Array, Map, summed_to
from ..programs.reverse import Change, Rule
from .edits import Edit, called, listed
from .functions import Function, functions, softmax
from .judged import Recorded
from .relatives import relatives

__all__ = ["slopes"]

# f: (flow, x, y, the right slope) -> what stands in the slope's place
Slope = Callable[[Array, Array, Array, Function], Array]


def slopes(recorded: Recorded) -> Iterator[Edit]:
    """Each function with each mistake in its slope; functions of one line together, and each alone."""
    found = list(functions(recorded))
    together: dict[object, dict[Function, None]] = {}
    for function in found:
        if function.y.place is not None:
            for key in (function.y.place.at, function.y.place.path):
                for op in (function.op, function.op is None):
                    together.setdefault((key, function.position, op), {})[function] = None
    teams = [[function] for function in found]
    teams += [list(team) for team in {tuple(team) for team in together.values() if len(team) > 1}]
    for team in teams:
        for rank, kind, text, slope in _mistakes(team[0]):
            yield _edit(team, rank, text, slope, kind)
        yield from _at_relatives(team)
        if len(team) == 1:
            yield from _at_others(recorded, team[0]) if team[0].op is not None else _other_axis(team[0])


def _at_others(recorded: Recorded, function: Function) -> Iterator[Edit]:
    """The slope at any other array of this shape, and by its formula for the output; at a difference, a − y, too."""
    arrays = [a for a in recorded.program.assignments if a.shape == function.x.shape and (a.name or not a.operands)]
    others = [(called(a), a.value) for a in arrays if a not in (function.x, function.y)]
    others += [(f"{called(a)} − {called(b)}", a.value - b.value) for a in arrays for b in arrays
               if a is function.y and not b.operands]  # fmt: skip
    for name, value in others:
        again = _again(function, value)
        yield _edit([function], 3, f"{{d}} is taken at {_data(name)}",
                    lambda flow, x, y, f, again=again, value=value: f.slope(again, value))  # fmt: skip
        yield _edit([function], 3, f"the formula of {{d}} is applied to {_data(name)}",
                    lambda flow, x, y, f, value=value: f.slope(value, value))  # fmt: skip


def _other_axis(function: Function) -> Iterator[Edit]:
    """A softmax along another axis than that of the forward pass, in p − y: its gradient differs by t (p′ − p)."""
    for axis in range(-1, -function.x.value.ndim - 1, -1):
        if axis != function.axis and function.x.shape[axis] > 1:
            more = softmax(function.x.value, axis) - function.y.value
            yield Edit(
                lambda t, more=more: Change(at={function.x.number: lambda flow: flow + t * more}),
                lambda t, axis=axis: (
                    f"the softmax {called(function.y)} is taken along axis {axis % function.x.value.ndim} on the way back, "
                    f"and along axis {function.axis % function.x.value.ndim} in the forward pass"
                ),
                3,
                function.inside,
                fitted=True,
            )


def _at_relatives(team: list[Function]) -> Iterator[Edit]:
    """The slope at another array: of the step before, of another layer."""
    if team[0].op is None:
        return
    for several in relatives([f.x for f in team], [f.x.shape for f in team]):
        at = {f.x.number: (_again(f, other.value), other.value) for f, other in zip(team, several, strict=True)}
        names = listed(map(called, several))
        yield _edit(team, 3, f"{{d}} is taken at {_data(names)}", lambda flow, x, y, f, at=at: f.slope(*at[f.x.number]))
        outputs = {f.x.number: other.value for f, other in zip(team, several, strict=True)}
        yield _edit(team, 3, f"{{d}} is taken of the output {_data(names)}, another one than {{y}}",
                    lambda flow, x, y, f, at=outputs: f.slope(at[f.x.number], x))  # fmt: skip


def _data(text: str) -> str:
    """A text that stands for itself in a template."""
    return text.replace("{", "{{").replace("}", "}}")


def _edit(team: list[Function], rank: int, text: str, slope: Slope, kind: str = "") -> Edit:
    def change(t: float) -> Change:
        made = Change()
        for function in team:
            made = made.and_also(function.passing(_rule(function, slope)))
        return made

    names = {"x": " and ".join(dict.fromkeys(called(f.x) for f in team[:3])),
             "y": " and ".join(dict.fromkeys(called(f.y) for f in team[:3]))}  # fmt: skip
    said = text.format(**names, d=_prime(team[0], names["x"], names["y"]))
    ways = tuple(way for f in team for way in f.inside)
    return Edit(change, lambda t: said, rank + (len(team) > 1), ways, kind="slope", data=(team, kind, text))


def _rule(function: Function, slope: Slope) -> Rule:
    if function.op is None:
        return lambda flow: slope(flow, function.x.value, function.y.value, function)

    def rule(flow: Array) -> Array:
        with np.errstate(all="ignore"):
            return summed_to(flow * slope(flow, function.x.value, function.y.value, function), function.x.shape)

    return rule


def _prime(function: Function, x: str, y: str) -> str:
    """The slope as people write it: tanh′(z), σ′(z), softmax′(z); of others the short form of the table."""
    op = function.op
    if op is None:
        return f"softmax′({x})"
    if op.called or op is table.MAX:
        return f"{op.called or 'max'}′({x})"
    node = function.y
    names = [called(operand) for operand in node.operands] if isinstance(node, Map) and node.op is op else [x]
    return op.write_slope(names, y, function.position)


def _mistakes(function: Function) -> Iterator[tuple[int, str, str, Slope]]:
    if function.op is None:
        yield from ((2, "softmax", text, slope) for text, slope in _softmax_mistakes(function))
        return
    yield 2, "missing", "{d} is missing: the slope of {y} is taken as 1", lambda flow, x, y, f: np.ones_like(y)
    yield (
        2,
        "at output",
        "{d} is taken at {y}, the output, instead of {x}",
        lambda flow, x, y, f: f.slope(_again(f, y), y),
    )
    yield 2, "of input", "{d} is taken of {x}, where its rule wants the output {y}", lambda flow, x, y, f: f.slope(x, x)
    yield (
        2,
        "of gradient",
        "{d} is worked out of the incoming gradient, not of {x}",
        lambda flow, x, y, f: f.slope(flow, flow),
    )
    yield 2, "output", "{y} itself stands where its slope {d} belongs", lambda flow, x, y, f: y
    yield 3, "input", "{x} itself stands where the slope {d} belongs", lambda flow, x, y, f: x
    yield (
        3,
        "divided",
        "the incoming gradient is divided by {d}, not multiplied with it",
        lambda flow, x, y, f: 1 / f.slope(y, x),
    )
    yield 3, "twice", "{d} is applied twice", lambda flow, x, y, f: f.slope(y, x) ** 2
    if function.op.branches:
        yield 2, "reversed", "{d} is taken the wrong way round", lambda flow, x, y, f: 1 - f.slope(y, x)
    for written, other, op in OTHERS:
        if op is not function.op:
            yield 3, written, f"{written.replace('x', '{x}')} stands where the slope {{d}} belongs", _at_x(other)
            yield 3, written, f"{written.replace('x', '{y}')} stands where the slope {{d}} belongs", _at_y(other)
            yield (4, written, f"{written.replace('x', 'e')}, of the incoming gradient e, stands where the slope {{d}} belongs",
                   _at_flow(other))  # fmt: skip


def _again(function: Function, y: Array) -> Array:
    """f(y): the output of the function at its own output."""
    assert function.op is not None
    values = [y]
    if isinstance(function.y, Map) and function.y.op is function.op:
        values = [operand.value for operand in function.y.operands]
        values[function.position] = y
    return np.broadcast_to(function.op.forward(ARRAYS, *values), function.y.shape)


def _at_x(other: Callable[[Array], Array]) -> Slope:
    return lambda flow, x, y, f: other(x)


def _at_y(other: Callable[[Array], Array]) -> Slope:
    return lambda flow, x, y, f: other(y)


def _at_flow(other: Callable[[Array], Array]) -> Slope:
    return lambda flow, x, y, f: other(flow)


# slopes of other functions, as people write them
OTHERS: tuple[tuple[str, Callable[[Array], Array], object], ...] = (
    ("x (1 − x)", lambda u: u * (1 - u), table.SIGMOID),
    ("1 − x²", lambda u: 1 - u * u, table.TANH),
    ("(x > 0)", lambda u: (u > 0) * 1.0, table.RELU),
    ("(x ≥ 0)", lambda u: (u >= 0) * 1.0, None),
    ("σ(x)", lambda u: table.SIGMOID.forward(ARRAYS, u), table.SOFTPLUS),
    ("σ(x) (1 − σ(x))", lambda u: _sigmoid_slope(u), table.SIGMOID),
    ("1 − tanh(x)²", lambda u: 1 - np.tanh(u) ** 2, table.TANH),
    ("tanh(x)", np.tanh, None),
    ("e^x", np.exp, table.EXP),
    ("1 + x²", lambda u: 1 + u * u, None),
    ("1 − x", lambda u: 1 - u, None),
    ("1/x", lambda u: 1 / u, table.LOG),
    ("x²", lambda u: u * u, None),
    ("√x", np.sqrt, None),
    ("1/x²", lambda u: 1 / (u * u), None),
    ("sign(x)", np.sign, table.ABS),
    ("the slope of a leaky ReLU (0.01) of x", lambda u: np.where(u > 0, 1.0, 0.01), table.LEAKY_RELU),
    ("the slope of a leaky ReLU (0.1) of x", lambda u: np.where(u > 0, 1.0, 0.1), None),
    ("the slope of a leaky ReLU (0.2) of x", lambda u: np.where(u > 0, 1.0, 0.2), None),
    ("1/√x", lambda u: 1 / np.sqrt(u), None),
    ("−1/x²", lambda u: -1 / (u * u), None),
)


def _sigmoid_slope(u: Array) -> Array:
    s: Array = table.SIGMOID.forward(ARRAYS, u)
    return s * (1 - s)


def _softmax_mistakes(function: Function) -> Iterator[tuple[str, Slope]]:
    axis = function.axis

    def total(values: Array) -> Array:
        summed: Array = values.sum(axis=axis, keepdims=True)
        return summed

    yield ("the softmax {y} is taken as a sigmoid, with the slope {y} (1 − {y}) alone: each of its outputs depends on "
           "every input, −pᵢ pⱼ", lambda flow, x, y, f: flow * y * (1 - y))  # fmt: skip
    yield (
        "the sum over the outputs is missing in the softmax's slope: {y} (g − Σ g {y}) wants − Σ",
        lambda flow, x, y, f: flow * y,
    )
    yield (
        "the slope of the softmax {y} is missing: the gradient of {y} is taken for that of {x}",
        lambda flow, x, y, f: flow,
    )
    yield "the factor {y} is missing before the softmax's (g − Σ g {y})", lambda flow, x, y, f: flow - total(flow * y)
    yield (
        "the sum in the softmax's slope lacks its factor {y}: Σ g in the place of Σ g {y}",
        lambda flow, x, y, f: y * (flow - total(flow)),
    )
    yield "the sum in the softmax's slope is added, not subtracted", lambda flow, x, y, f: y * (flow + total(flow * y))
    yield "the softmax's slope has only −pᵢ pⱼ: the diagonal pᵢ is missing", lambda flow, x, y, f: -y * total(flow * y)
    yield ("the sum in the softmax's slope runs over all of the array, not along its axis",
           lambda flow, x, y, f: y * (flow - (flow * y).sum()))  # fmt: skip
    for other in range(-1, -function.y.value.ndim - 1, -1):
        if other != axis:
            yield ("the sum in the softmax's slope runs along another axis",
                   lambda flow, x, y, f, other=other: y * (flow - (flow * y).sum(axis=other, keepdims=True)))  # fmt: skip
    yield (
        "the mean stands for the sum in the softmax's slope",
        lambda flow, x, y, f: y * (flow - total(flow * y) / y.shape[axis]),
    )
    yield (
        "the slope of the softmax is applied twice",
        lambda flow, x, y, f: _jacobian(_jacobian(flow, y, total), y, total),
    )


def _jacobian(flow: Array, y: Array, total: Callable[[Array], Array]) -> Array:
    return y * (flow - total(flow * y))
