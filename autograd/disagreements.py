"""Where derivatives and finite differences disagree: found one by one, and told with the likely cause."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from itertools import product
from math import isfinite, prod
from operator import truediv
from typing import Any, NamedTuple

from .derivatives import jacobian
from .differences import FAR, Estimate, Size, corner, estimates
from .errors import DomainError
from .leaving import number_of
from .recording import enable_grad, no_grad
from .runs import real
from .structures import flatten, leaves, paths
from .sweeps import backward_steps
from .value import Value, apply
from .walk import nodes
from .writing import superscript

__all__ = ["Disagreement", "Point", "disagreements", "told"]

MOST_SHOWN = 8  # wrong derivatives that are written out
MOST_BLAMED = 1000  # operations that are held against finite differences to find the wrong one

Function = Callable[..., Any]
Flat = Callable[[list[Any]], list[Any]]


class Point:
    """A function at a point, as one of a flat list of numbers that returns a flat list."""

    def __init__(self, f: Function, args: tuple[Any, ...]) -> None:
        self.parts, self.rebuild = flatten(args)
        called = zip(args, _parameters(f, len(args)), strict=True)
        names = [path for arg, name in called for path in paths(arg, name)]
        self.varied = [i for i, part in enumerate(self.parts) if _is_number(part)]
        self.inputs = [names[i] for i in self.varied]
        self.at = [_float(self.parts[i], name) for i, name in zip(self.varied, self.inputs, strict=True)]
        self.outputs: list[str] = []  # known once it has been called
        self.called = False
        self.f = f

    def flat(self, numbers: list[Any]) -> list[Any]:
        """The function of the varied numbers."""
        moved = list(self.parts)
        for i, number in zip(self.varied, numbers, strict=True):
            moved[i] = number
        result = self.f(*self.rebuild(moved))
        outputs = paths(result, _name(self.f))
        if self.called and outputs != self.outputs:
            raise TypeError(
                f"{_name(self.f)} returns as many numbers wherever it is called; got {len(outputs)} of them at "
                f"{', '.join(f'{_float(x)!r:.20}' for x in numbers[:MOST_SHOWN])}, and {len(self.outputs)} before"
            )
        self.outputs, self.called = outputs, True
        return leaves(result)

    def values(self) -> list[float]:
        """What the function gives at the point."""
        with no_grad():
            results = self.flat([Value(x) for x in self.at])
        return [_float(y, name) for y, name in zip(results, self.outputs, strict=True)]

    def sizes(self) -> list[float]:
        """How large the numbers are from which each result is made, as far as they count in it: what is rounded."""
        with enable_grad():
            results = self.flat([Value(x) for x in self.at])
        return [max(abs(_float(y)), *_counting(y)) if isinstance(y, Value) else abs(_float(y)) for y in results]


class Disagreement(NamedTuple):
    """One derivative that is not what it ought to be."""

    modes: tuple[str, ...]
    derivative: str
    analytic: float
    numeric: Estimate
    sides: tuple[float, float] | None  # the slopes on the left and on the right, if this is a corner


def disagreements(point: Point, degree: int, modes: tuple[str, ...], tol: float) -> Iterator[Disagreement]:
    """The derivatives of this degree that differ from the rise over the run of those one degree lower."""
    lower: Flat = point.flat
    for _ in range(degree - 1):
        lower = _derived(lower, modes[0])

    def numbers(x: list[float]) -> list[float]:
        if degree > 1:
            return [_float(y) for y in lower(x)]
        with no_grad():
            return [_float(y) for y in lower([Value(number) for number in x])]

    values, sizes = [abs(y) for y in point.values()], point.sizes()
    n = len(point.at)
    lower_by = list(product(range(n), repeat=degree - 1))  # what each output of `numbers` has been differentiated by

    def seen(i: int, terms: list[float]) -> Size:
        """Derivatives may be small differences: f over the run, once for each time it has been differentiated."""
        ratios = [_ratio(point.at, i, k) for k in range(n)]
        shares = [prod(ratios[k] for k in by) for by in lower_by]
        return lambda j, run: reduce(truediv, [run] * (degree - 1), terms[j // len(shares)] / shares[j % len(shares)])

    measured = [estimates(numbers, point.at, i, seen(i, values), seen(i, sizes)) for i in range(n)]
    names = [(output, *by) for output in point.outputs for by in product(point.inputs, repeat=degree - 1)]
    for chosen in product(modes, repeat=degree):
        derived: Flat = point.flat
        for mode in chosen:
            derived = _derived(derived, mode)
        analytic = iter(derived(point.at))
        for (j, name), i in product(enumerate(names), range(n)):
            here = _float(next(analytic))
            estimate = measured[i][j]
            if not _agree(here, estimate, tol):
                sides = corner(numbers, point.at, i, j)
                yield Disagreement(chosen, _quotient(*name, point.inputs[i]), here, estimate, sides)


def _ratio(at: list[float], i: int, k: int) -> float:
    """How much longer a run along xₖ is than one along xᵢ: as often as it is larger, if that is far larger."""
    larger = abs(at[k]) / (abs(at[i]) or 0.4)
    return larger if larger > FAR else 1.0


def _derived(flat: Flat, mode: str) -> Flat:
    """The Jacobian of a function of a list, row after row, as such a function."""
    rows = jacobian(flat, mode=mode)
    return lambda x: [entry for row in rows(x) for entry in row]


def _agree(analytic: float, numeric: Estimate, tol: float) -> bool:
    if not numeric.settled:
        return False
    return abs(analytic - numeric.value) <= tol * max(abs(analytic), abs(numeric.value)) + 4 * numeric.error


def told(
    f: Function, args: tuple[Any, ...], wrong: list[Disagreement], degree: int, modes: tuple[str, ...], tol: float
) -> str:
    """The message: the derivatives, both numbers of each, the point, and what is known of the cause."""
    lines = [f"derivatives of {_name(f)} that are not the rise over the run:"]
    alike: dict[tuple[str, str, str], list[str]] = {}
    for one in wrong:
        numeric = f"{one.numeric.value:.9g} ± {one.numeric.error:.0e}" if one.numeric.settled else "does not settle"
        alike.setdefault((one.derivative, f"{one.analytic:.12g}", numeric), []).append(" over ".join(one.modes[::-1]))
    for (derivative, analytic, numeric), how in list(alike.items())[:MOST_SHOWN]:
        told = "in every mode" if len(how) == len(modes) ** degree > 1 else ", ".join(how)
        lines.append(f"  {derivative}: analytic {analytic}, numeric {numeric}  ({told})")
    if len(alike) > MOST_SHOWN:
        lines.append(f"  and {len(alike) - MOST_SHOWN} more")
    point = Point(f, args)
    lines.append("at " + ", ".join(f"{name} = {number!r}" for name, number in zip(point.inputs, point.at, strict=True)))
    if point.values() != point.values():
        lines.append(f"{_name(f)} gives other numbers each time it is called: fix its random numbers, or what it keeps")
    elif wrong[0].sides is not None:
        left, right = wrong[0].sides
        what = f"slope {left:.6g} on its left, {right:.6g} on its right"
        lines.append(f"{wrong[0].derivative} is asked for at a corner or an end ({what}): check beside it")
    elif not wrong[0].numeric.settled:
        lines.append("differences that do not settle mean a jump, or a function too rough for floats")
    else:
        lines += [f"the rule of {blamed}" for blamed in _blamed(f, args, degree, modes, tol)] or [
            "each operation in it is right by itself: does part of it leave the graph, by float(x), x.data, "
            "x.detach(), math.sin(x) or no_grad? Or does it change too fast here for differences?"
        ]
    return "\n".join(lines)


def _blamed(f: Function, args: tuple[Any, ...], degree: int, modes: tuple[str, ...], tol: float) -> Iterator[str]:
    """Operations in f's graph that fail by themselves, with the inputs they have there."""
    point = Point(f, args)
    results = [y for y in point.flat([Value(x) for x in point.at]) if isinstance(y, Value)]
    made = [node for node in dict.fromkeys(n for y in results for n in nodes(y)) if node.op is not None]
    told = set()
    for node in made[:MOST_BLAMED]:
        op, operands = node.op, node.operands
        places = [i for i, operand in enumerate(operands) if isinstance(operand, Value)]

        def alone(inputs: list[Any], op: Any = op, operands: Any = operands, places: Any = places) -> Any:
            given = list(operands)
            for i, x in zip(places, inputs, strict=True):
                given[i] = x
            return apply(op, *given)

        if op is None or op.name in told:
            continue
        try:
            failed = next(disagreements(Point(alone, ([operands[i].data for i in places],)), degree, modes, tol), None)
        except DomainError:
            continue
        if failed is not None:
            told.add(op.name)
            call = op.write([f"{number_of(operand)!r}" for operand in operands])
            by = f"{failed.analytic:.12g}, where the rise over the run is {failed.numeric.value:.9g}"
            yield f"{op.name} is wrong at {call}: it gives {by}"


def _quotient(output: str, *by: str) -> str:
    """∂²f/∂x∂y."""
    degree = superscript(len(by)) if len(by) > 1 else ""
    return f"∂{degree}{output}/" + "".join(f"∂{name}" for name in by)


def _name(f: Function) -> str:
    name = getattr(f, "__name__", "f")
    return name if name.isidentifier() else "f"


def _parameters(f: Function, count: int) -> list[str]:
    """What f calls its arguments; x1, x2, … if it does not say, x if there is one."""
    code = getattr(f, "__code__", None)
    names = list(code.co_varnames[: code.co_argcount]) if code is not None else []
    names = names[1:] if getattr(f, "__self__", None) is not None else names  # a method's first is not asked for
    if len(names) >= count:
        return names[:count]
    return ["x"] if count == 1 else [f"x{i + 1}" for i in range(count)]


def _counting(y: Value) -> Iterator[float]:
    """The numbers that a value is made from, each times the derivative by it; 0 first."""
    yield 0.0
    for step in backward_steps(y):
        if isfinite(size := abs(step.upstream * step.node.data)):
            yield size


def _float(y: Any, name: str = "a derivative") -> float:
    return y._data if isinstance(y, Value) else real(y, name)


def _is_number(x: Any) -> bool:
    if isinstance(x, bool | str | bytes | complex) or x is None:
        return False
    return isinstance(x, Value) or (getattr(x, "shape", ()) == () and hasattr(type(x), "__float__"))
