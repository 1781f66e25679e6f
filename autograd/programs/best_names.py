"""Chooses the best name of each array among the variables that held it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .assignments import Assignment, Constant
from .variables import Variable

__all__ = ["Binding", "Call", "best_names"]

HELPERS = 3  # added to the rank of a helper's variables: they rank below all names of the function itself


@dataclass(eq=False)
class Call:
    """A running call of one of the user's functions."""

    label: str
    held: dict[str, tuple[Any, bytes]] = field(default_factory=dict)  # what its variables held at the last reading
    named: dict[str, bytes] = field(default_factory=dict)  # the elements of the arrays when they were named


@dataclass(eq=False)
class Binding:
    """The fact that a variable of a call held an array."""

    call: Call
    variable: Variable
    assignment: Assignment | None  # None for plain numbers: whether the program uses them is known at the end


def best_names(
    bindings: list[tuple[Binding, Assignment]], around: list[Call], inputs: Mapping[str, Assignment]
) -> dict[str, Assignment]:
    """Gives each array its best name, and returns a dict from all names to the arrays.

    The values of a variable that was assigned several times are numbered: h(1), h(2).
    """
    own = set(inputs.values())
    inside = own | {array for binding, array in bindings if _is_inside(binding, around)}
    found: dict[str, Assignment] = dict(inputs)
    ranked: list[tuple[int, str, Assignment]] = []
    for (prefix, name), several in _grouped(bindings, around).items():
        ranks = {array: binding.variable.rank for binding, array in reversed(several)}
        held = [array for binding, array in several if _is_inside(binding, around) or array not in inside]
        arrays = [array for array in dict.fromkeys(held) if array not in own]
        given = [array for _, array in several if array in own]
        if given and not (prefix and arrays):
            found.setdefault(f"{prefix}{name}", given[0])
        results = [array for array in arrays if not isinstance(array, Constant)]
        is_numbered = len(results or arrays) > 1 or f"{prefix}{name}" in found
        if results and is_numbered:  # the zeros before a loop do not count as a value of the variable
            for array in arrays:
                is_named = isinstance(array, Constant) and (array.shape or array.value)  # but any 0 may be meant
                array.name = array.name or f"{prefix}{name}" * bool(is_named)
        for k, array in enumerate(results or arrays, 1):
            rank = ranks[array] + HELPERS * bool(prefix)
            ranked.append((rank, f"{prefix}{name}({k})" if is_numbered else f"{prefix}{name}", array))
    for _, called, array in sorted(ranked, key=lambda each: each[0]):
        if called not in found:
            found[called] = array
            array.name = array.name or called
    return found


def _is_inside(binding: Binding, around: list[Call]) -> bool:
    """Returns whether the variable belongs to the function itself, or is a helper's local variable and no argument."""
    return binding.call in around or not binding.variable.is_from_outside


def _grouped(
    bindings: Iterable[tuple[Binding, Assignment]], around: list[Call]
) -> dict[tuple[str, str], list[tuple[Binding, Assignment]]]:
    """Returns a dict from a function's prefix and a variable to the arrays it held, in order, over all calls."""
    grouped: dict[tuple[str, str], list[tuple[Binding, Assignment]]] = {}
    for binding, array in bindings:
        is_helpers = binding.call not in around and not binding.variable.is_global
        prefix = f"{binding.call.label}." if is_helpers else ""
        grouped.setdefault((prefix, binding.variable.name), []).append((binding, array))
    return grouped
