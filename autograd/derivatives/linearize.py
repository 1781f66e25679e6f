"""Linearization: a function that was run once at a point, and the sweeps over its graph that give its derivatives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from functools import partial
from math import inf, isfinite
from types import SimpleNamespace
from typing import Any

from .. import floats
from ..diagnostics.leaving import varying
from ..diagnostics.refusals import no_derivative
from ..errors import DomainError
from ..functions import is_array
from ..grad_mode import blocks, differentiating, is_differentiating, paused, varied
from ..table import ADD
from ..value import Value, number_of, record
from ..vocabulary import VALUES
from ..walk import positions, topological
from .finite_mode import check_seeds, take
from .pytrees import flatten, leaves, paths
from .sweeps import Slope, recorded, sweep_back, sweep_forward

__all__ = ["Linearization", "real"]


class Linearization:
    """A function that was run once at a point, with its inputs and outputs, and the sweeps between them."""

    def __init__(
        self,
        f: Callable[..., Any],
        argnum: int | tuple[int, ...],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        also: Any = None,
    ) -> None:
        self.several = isinstance(argnum, tuple)
        places = _places(argnum if isinstance(argnum, tuple) else (argnum,), args)
        self.paused = bool(blocks) and paused()
        self.as_values = is_differentiating() or _any_values((args, dict(kwargs), also))
        given = list(args)
        with differentiating():
            parts, self.like_arguments = flatten(tuple(args[i] for i in places))
            names = [path for i in places for path in paths(args[i], f"argument {i}")]
            self.inputs = [_fresh(part, name) for part, name in zip(parts, names, strict=True)]
            for i, argument in zip(places, self.like_arguments(self.inputs), strict=True):
                given[i] = argument
            with varying(self.inputs):
                raw = _called(f, given, kwargs)
        self.outputs, self.like_output = flatten(raw)
        self.shown = f"{type(raw).__name__} of {len(self.outputs)}"
        self.places = paths(raw, "")  # read now, as f may keep the list that it returned, and append to it later
        self.is_single = self.places == [""] or (is_array(raw) and len(self.outputs) == 1)
        for output, place in zip(self.outputs, self.places, strict=True):
            real(output, f"its result{place}")
        self.roots = [output for output in self.outputs if isinstance(output, Value)]
        self.as_values = self.as_values or self._is_inside_another()
        self.numbers: dict[Value, float] = {}  # the numbers of the graph when f ran, after `keep_numbers`

    def keep_numbers(self) -> None:
        """Stores the graph's numbers, so that a later sweep uses the point at which f ran, even after `v.data = …`."""
        for node in topological(*self.roots):
            for value in (node, *node.parents):
                self.numbers[value] = value.data

    def now(self, also: Any) -> Linearization:
        """Returns a copy with the mode flags read again. `also` are further inputs, which may be Values."""
        again = copy(self)
        again.paused = bool(blocks) and paused()
        again.as_values = self.as_values or is_differentiating() or _any_values(also)
        return again

    def single(self) -> Any:
        """Returns the one number that the function returned, by itself or in an array; TypeError if there are more."""
        if not self.is_single:
            raise TypeError(
                f"a gradient needs a function that returns one number; got a {self.shown}: jacobian(f) has the "
                "derivatives of all"
            )
        return self.outputs[0]

    def output(self) -> Any:
        """Returns the function's result, with Values in it, or with numbers if its inputs were numbers."""
        return self.like_output(self.finished(self.outputs))

    def like_inputs(self, numbers: list[Any]) -> Any:
        """Returns the given numbers, one for each input, nested as the inputs are."""
        made = self.like_arguments(self.finished(numbers))
        return made if self.several else made[0]

    def finished(self, results: list[Any]) -> list[Any]:
        """Converts results for the caller: to floats, or to Values, which are leaves inside `no_grad`."""
        if not self.as_values:
            return [number_of(x) for x in results]
        values = [x if isinstance(x, Value) else Value(x) for x in results]
        return [x.detach() for x in values] if self.paused else values

    def seeds(self, given: Any, places: list[str], what: str) -> list[Any]:
        """Returns the given numbers as a flat list in the order of `places`; keys of dicts may be in any order.

        Raises ValueError if they do not have the structure of `places`; `what` is their name in the error.
        """
        numbers, found, wanted = leaves(given), paths(given, what), [what + place for place in places]
        if found != wanted:
            by_place = dict(zip(found, numbers, strict=True))
            if sorted(by_place) != sorted(wanted):
                raise ValueError(f"{what} are one number for each of {_listed(wanted)}; got {_listed(found)}")
            numbers = [by_place[at] for at in wanted]
        return [x if isinstance(x, Value) else real(x, at) for x, at in zip(numbers, wanted, strict=True)]

    def pullback(self, seeds: list[tuple[Any, Any]]) -> list[Any]:
        """Returns the gradient of Σ output · seed by each input, by a reverse sweep."""
        grads: dict[Value, Any] = {}
        for output, seed in seeds:
            if isinstance(output, Value) and not _is_none(seed):
                grads[output] = grads[output] + seed if output in grads else seed
        check_seeds(grads)
        with differentiating():
            order, between = self._between(list(grads))
            take(sweep_back(order, grads, self._slope(between), between), "parent")
        return [grads.get(x, 0.0) for x in self.inputs]

    def pushforward(self, seeds: list[tuple[Value, Any]]) -> list[Any]:
        """Returns the derivative of each output along one direction: a seed for each input, by a forward sweep."""
        return self.pushforwards([seeds])[0]

    def pushforwards(self, directions: list[list[tuple[Value, Any]]]) -> list[list[Any]]:
        """Returns the derivatives of the outputs along each of several directions."""
        made = []
        with differentiating():
            order, between = self._between(self.roots)
            for seeds in directions:
                tangents = {x: seed for x, seed in seeds if not _is_none(seed)}
                check_seeds(tangents)
                take(sweep_forward(order, tangents, self._slope(between)), "node")
                made.append([tangents.get(y, 0.0) if isinstance(y, Value) else 0.0 for y in self.outputs])
        return made

    def _slope(self, between: set[Value]) -> Slope:
        """Returns the function that gives local derivatives: recorded floats, or Values to be differentiated again."""
        return partial(self._differentiable, between) if self.as_values and not self.paused else _recorded

    def _is_inside_another(self) -> bool:
        """Returns whether the outputs depend on inputs of another function that is now differentiated in any thread."""
        if not varied:
            return False
        order = topological(*self.roots, ends=self.inputs)
        return any(not varied.isdisjoint((node, *node.parents)) for node in order)

    def _between(self, roots: list[Value]) -> tuple[list[Value], set[Value]]:
        """Returns the nodes on paths from the inputs to the roots, roots first; and the set of these and the inputs."""
        between = set(self.inputs)
        order = topological(*roots, ends=self.inputs)
        for node in reversed(order):
            if not between.isdisjoint(node.parents) and _is_taken(node, between):
                between.add(node)
        return [node for node in order if node in between], between

    def _differentiable(self, between: set[Value], node: Value, i: int, position: int) -> Any:
        """Returns the local derivative by the table's rule, run on Values."""
        slope, op, operands = _recorded(node, i, position), node.op, node.operands
        assert op is not None, "leaves have no operands"
        if slope != slope and op.branches:
            return slope
        try:
            if not op.has_second_slopes([v if v in between else number_of(v) for v in operands]):
                raise DomainError("it has no limit there")
            if self.numbers:
                node, operands = self._then(node), tuple(map(self._then, operands))
            return op.slope(SATURATING if isfinite(slope) else VALUES, node, operands, position)
        except DomainError as error:
            raise DomainError(
                f"the slope of {op.name} by operand {position + 1} at {number_of(operands[position])!r} cannot be "
                f"differentiated again ({error})"
            ) from None

    def _then(self, v: Any) -> Any:
        """Returns an operand with the number that it had when the function ran, and with the same derivatives."""
        then = self.numbers.get(v, 0.0) if isinstance(v, Value) else v
        return v if v is then or v.data == then else record(ADD, then, v, 1.0, then - v.data)


def _saturating_exp(x: Any) -> Any:
    """Returns eˣ; on overflow the plain number inf: if a slope with inf in it is finite, x does not change it."""
    number = number_of(x)
    return inf if isfinite(number) and floats.exp(number) == inf else VALUES.exp(x)


# The mathematics of Values for slopes that are finite, such as one that contains 1/(1 + e⁻ᵃ) for a far below 0.
SATURATING = SimpleNamespace(**vars(VALUES) | {"exp": _saturating_exp})


def _called(f: Callable[..., Any], args: list[Any], kwargs: Mapping[str, Any]) -> Any:
    """Calls the function. If NumPy refuses a plain array of Values, a note in the error suggests autograd.array."""
    try:
        return f(*args, **kwargs)
    except TypeError as error:
        if "ufunc" in str(error):
            error.add_note("a plain array of objects? autograd.array(x) makes it an array of Values, which can do more")
        raise


def _is_taken(node: Value, between: set[Value]) -> bool:
    """Returns whether a path from `between` leads through the node. A branch that was not taken is no path."""
    op = node.op
    assert op is not None, "leaves have no parents"
    if not op.branches:
        return True
    edges = zip(node.parents, positions(node), node.local_grads, strict=True)
    return any(
        parent in between and not (slope == 0.0 and type(op.slope(VALUES, node, node.operands, position)) is float)
        for parent, position, slope in edges
    )


def _recorded(node: Value, i: int, position: int) -> float:
    """Returns the local derivative that was recorded when the node was made; DomainError if there is none."""
    slope, op = recorded(node, i, position), node.op
    if slope != slope and op is not None and op.needs and all(map(isfinite, map(number_of, node.operands))):
        raise no_derivative(op, node.operands, position)
    return slope


def _is_none(seed: Any) -> bool:
    """Returns whether a seed is the plain number 0, so that its input or output may be left out of the sweep."""
    return not isinstance(seed, Value) and seed == 0.0


def _fresh(x: Any, name: str) -> Value:
    """Returns a new Value for an input. If the given Value occurs elsewhere in f, it counts as a constant there."""
    return x * 1.0 if isinstance(x, Value) else Value(real(x, name))


def real(x: Any, name: str) -> float:
    """Returns the number of a Value or of a plain number. Raises TypeError with the `name` if it is no number."""
    try:
        return number_of(x)
    except TypeError as error:
        raise TypeError(f"{name} is no number: {error}") from None


def _any_values(structure: Any) -> bool:
    return any(isinstance(x, Value) for x in leaves(structure))


def _places(argnums: tuple[int, ...], args: tuple[Any, ...]) -> list[int]:
    for argnum in argnums:
        if not -len(args) <= argnum < len(args):
            raise TypeError(
                f"argnum says which positional argument, counted from 0; got {argnum}, and the function was called "
                f"with {len(args)}"
            )
    places = [argnum % len(args) for argnum in argnums]
    if len(set(places)) < len(places):
        raise ValueError(f"argnum names each argument once; got {argnums!r} of {len(args)} arguments")
    return places


def _listed(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" … ({len(names)})" if len(names) > 8 else "") if names else "nothing"
