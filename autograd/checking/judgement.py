"""Judges given gradients: compares them with the graph's, and searches for mistakes that explain them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from inspect import Parameter, signature
from typing import Any

import numpy as np

from ..mistakes.judged import Given
from ..mistakes.search.reasons import find_reasons
from ..programs.assignments import Array, Assignment, Constant, View
from ..programs.rounding import SMALLEST, allowed
from ..programs.variables import joined
from .conditions import forgotten_conditions
from .forward_pass import LESS, ForwardPass, forward_pass
from .inputs import Inputs, parts_of, real_numbers
from .verdict import Verdict

__all__ = ["judgement"]

# Relative to the largest number: the allowed difference if the rounding of the recorded arrays is not known.
UNKNOWN = 1e-9
UNKNOWN_SINGLES = 1e-4
BY_POSITION = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


def judgement(forward: Callable[..., Any], inputs: Mapping[str, Any], gradients: Any, upstream: Any) -> Verdict:
    """Compares given gradients with the graph's, and returns the Verdict of `check_backward`."""
    if not isinstance(inputs, Mapping) or not all(isinstance(name, str) for name in inputs):
        raise TypeError(
            f"inputs are arrays by their names, as {{'x': x, 'W': W}}, in the order in which forward takes them; got "
            f"{type(inputs).__name__}"
        )
    _check_order(forward, inputs)
    given: dict[str, Any] = {}
    for name, part in _given(gradients, inputs):
        if name in given:
            raise ValueError(f"two gradients are given for {name}: give one")
        if str(dtype := getattr(part, "dtype", "")).endswith("float16"):
            raise TypeError(
                f"the gradient of {name} is {dtype}, which rounds too much: compute it in float32 or float64"
            )
        given[name] = part
    takes = Inputs(inputs, {*given, *(name[1:] for name in given if name.startswith("d"))})
    arrays = {name: real_numbers(part, f"the gradient of {name}") for name, part in given.items()}
    passed = forward_pass(forward, takes, upstream)
    bounds = _Bounds(passed, takes.is_single)
    givens: list[Given] = []
    for name, array in arrays.items():
        assignment = _found(name, passed, inputs)
        called = assignment.name
        if any(other.name == called for other in givens):
            raise ValueError(f"two gradients are given for {called}: give one")
        right = passed.right(assignment)
        bound = bounds.of(assignment, array.dtype.kind == "f" and array.dtype.itemsize < 8)
        givens.append(Given(called, assignment, array.astype(float), right, bound))
    reached = [each for each in givens if each.assignment.number in passed.recorded.backward.flows]
    is_explicable = bounds.hold and all(each.is_right for each in givens if each not in reached)
    is_explicable = is_explicable and not any(passed.overflows(each.assignment).any() for each in givens)
    if is_explicable and not all(each.is_right for each in reached):
        reasons = forgotten_conditions(forward, takes, upstream, reached) or find_reasons(passed.recorded, reached)
    else:
        reasons = []
    of_all = [reason for reason in reasons if not reason.of]
    return Verdict(passed.recorded, givens, of_all, next((reason for reason in reasons if reason.of), None))


def _check_order(forward: Callable[..., Any], inputs: Mapping[str, Any]) -> None:
    """Raises ValueError if the names of the inputs are those of forward's parameters, but in another order."""
    try:
        takes = [name for name, each in signature(forward).parameters.items() if each.kind in BY_POSITION][
            : len(inputs)
        ]
    except (TypeError, ValueError):  # a function in C has no signature
        return
    if takes != [*inputs] and sorted(takes) == sorted(inputs):
        raise ValueError(
            f"inputs come in the order in which forward takes them, {', '.join(takes)}; got {', '.join(inputs)}: bring "
            "them into that order"
        )


class _Bounds:
    """The allowed difference between each entry of a gradient and the graph's."""

    def __init__(self, passed: ForwardPass, is_single: bool, smallest: float = SMALLEST) -> None:
        self._passed, self._is_single = passed, is_single
        self._known: dict[bool, dict[int, Array]] = {}
        self.hold = self._are_those_of_the_graph()
        self._smallest = smallest
        less = passed.with_less
        self._with_less = _Bounds(less, is_single, smallest * LESS) if less else None

    def of(self, assignment: Assignment, is_single: bool) -> Array:
        """Returns the bounds for the gradient of one array; for float32 if the gradient or any input is float32."""
        is_single = is_single or self._is_single
        bound = self._bound(assignment, is_single)
        if self._with_less is None or is_single:
            return bound
        return np.where(self._passed.overflows(assignment), self._with_less.of(assignment, is_single) / LESS, bound)

    def _bound(self, assignment: Assignment, is_single: bool) -> Array:
        if not self.hold:
            near = UNKNOWN_SINGLES if is_single else UNKNOWN
            return np.full(assignment.shape, near * _size([self._passed.right(assignment)]))
        if is_single not in self._known:
            self._known[is_single] = allowed(self._passed.recorded.backward, is_single, self._smallest)
        return self._of(assignment, self._known[is_single])

    def _of(self, assignment: Assignment, known: dict[int, Array]) -> Array:
        if assignment.number in known:
            return known[assignment.number]
        if not isinstance(assignment, View):
            return np.zeros(assignment.shape)
        parts = [self._of(operand, known) for operand in assignment.operands]
        largest = max((float(part.max(initial=0.0)) for part in parts), default=0.0)
        parts = [np.full(operand.shape, largest) if isinstance(operand, Constant) else part
                 for operand, part in zip(assignment.operands, parts, strict=True)]  # fmt: skip
        return assignment.forward(parts)

    def _are_those_of_the_graph(self) -> bool:
        """Returns whether the backward pass of the recorded arrays gives the gradients of the graph.

        Only then are the rounding bounds valid, and the reasons that are found with it.
        """
        flows = self._passed.recorded.backward.flows
        allowed = UNKNOWN * _size(flows.values())
        leaves = self._passed.recorded.inputs.values()
        return all(
            Given("", leaf, flows.get(leaf.number, np.zeros(leaf.shape)), right, np.full(leaf.shape, allowed)).is_right
            for leaf in leaves
            for right in [self._passed.right(leaf)]
        )


def _size(arrays: Iterable[Array]) -> float:
    """Returns the largest finite |x| in several arrays; 0 if there is none."""
    return max((float(np.abs(x).max(initial=0.0, where=np.isfinite(x))) for x in arrays), default=0.0)


def _given(gradients: Any, inputs: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yields pairs of a name and a gradient. Nested gradients are taken apart as the inputs are."""
    if isinstance(gradients, Mapping):
        named = gradients
    elif isinstance(gradients, list | tuple):
        named = _in_order(gradients, inputs)
    else:
        raise TypeError(
            f"gradients are arrays by the names of the inputs, {{'x': dx}}, or a tuple in their order; got "
            f"{type(gradients).__name__}"
        )
    if not named:
        raise ValueError(f"there is no gradient to judge: give those of some inputs, by name ({', '.join(inputs)})")
    for name, part in named.items():
        if not isinstance(name, str):
            raise TypeError(f"gradients are given by names; got {type(name).__name__} {name!r:.40}")
        of = name if name in inputs else name[1:] if name.startswith("d") and name[1:] in inputs else ""
        yield from _apart(part, inputs[of], of) if of else ((name, part),)


def _in_order(gradients: Any, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a dict from the names of inputs to their gradients, which are given in order. None is left out.

    There is one for each input, or one for each input that may take a gradient. Raises ValueError for another number.
    """
    names = list(inputs)
    if len(gradients) != len(names):
        names = [name for name in names if _may_take_one(inputs[name])]
    if len(gradients) != len(names):
        raise ValueError(
            f"gradients in the order of the inputs are one for each of {', '.join(names)}; got {len(gradients)}: give "
            "them by name, {'x': dx}, if some are left out"
        )
    return {name: part for name, part in zip(names, gradients, strict=True) if part is not None}


def _may_take_one(part: Any) -> bool:
    if isinstance(part, dict | list | tuple):
        return True
    return hasattr(part, "dtype") and "int" not in str(part.dtype) and "bool" not in str(part.dtype)


def _apart(gradient: Any, part: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(part, dict) and isinstance(gradient, Mapping):
        for key, each in gradient.items():
            of = key[1:] if key not in part and isinstance(key, str) and key[:1] == "d" and key[1:] in part else key
            yield from _apart(each, part[of], joined(name, of)) if of in part else ((joined(name, key), each),)
    elif isinstance(part, list | tuple) and isinstance(gradient, list | tuple | np.ndarray):
        if len(gradient) != len(part):
            raise ValueError(f"{name} has {len(part)} parts, and its gradient as many; got {len(gradient)}")
        for each, (key, of) in zip(gradient, (parts_of(part) or {}).items(), strict=True):
            yield from _apart(each, of, joined(name, key)) if each is not None else ()
    else:
        yield name, gradient


def _found(name: str, passed: ForwardPass, inputs: Mapping[str, Any]) -> Assignment:
    """Returns the recorded array of this name, which may begin with the d of dx. Raises ValueError if there is none."""
    names = passed.names
    for called in (name, name[1:] if name.startswith("d") else name):
        ends = [full for full in passed.recorded.inputs if full.endswith(f".{called}")]
        for known in (called, *ends[:1]) if len(ends) < 2 else (called,):
            if known in names:
                return _that_takes_one(known, names[known])
    of = name[1:] if name.startswith("d") and name not in inputs else name
    if of in inputs:
        raise ValueError(f"the input {of} takes no gradient: it is no array of floats")
    takes = [known for known, array in names.items() if not isinstance(array, Constant)]
    near = [known for known in takes if known.startswith((f"{name}(", f"{of}("))]
    near = near or get_close_matches(name, takes, 3) or get_close_matches(of, takes, 3)
    hint = f" (did you mean {' or '.join(near[:3])}?)" if near else ""
    raise ValueError(f"no array of forward is called {name}{hint}; there are {', '.join(takes)}")


def _that_takes_one(name: str, assignment: Assignment) -> Assignment:
    if isinstance(assignment, Constant):
        raise ValueError(f"{name} holds plain numbers in forward: make it an input, so that its gradient can be judged")
    return assignment
