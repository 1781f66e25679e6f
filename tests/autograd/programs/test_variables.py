"""Claims about variables: the arrays that a running function holds, and their names."""

import math
import sys
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

from autograd import Value
from autograd.programs.assignments import Constant
from autograd.programs.variables import INDEXED, KEYED, LOCAL, PLACED, global_variables, joined, variables
from tests.helpers.recorded import X, recorded

KEPT = np.ones(2)
SETTINGS = {"scale": np.full(2, 3.0), "name": "x"}
V = Value(1.0)


def names_of(forward, **inputs):
    """Returns the best names of all arrays except inputs, in the order of the program."""
    run = recorded(forward, **inputs)
    return [a.name for a in run.program.assignments if a.name and a.name not in inputs and not isinstance(a, Constant)]


def test_arrays_in_lists_and_dicts_and_attributes():
    class Layer:
        def __call__(self, x):
            self.z = x * 2
            return np.exp(self.z)

    def in_dicts(x):
        cache = {"z1": x * 2}
        cache["a1"] = np.exp(cache["z1"])
        return cache["a1"] * 1

    def in_lists(x):
        hs = [x * 2]
        hs.append(np.exp(hs[-1]))
        return hs[-1] * 1

    def nested(x):
        caches = [{"z": x * 2}, {"z": x * 3}]
        return caches[0]["z"] + caches[1]["z"]

    layer = Layer()
    assert names_of(in_dicts, x=X) == ["z1", "a1"]
    assert names_of(in_lists, x=X) == ["hs[0]", "hs[1]"]
    assert names_of(nested, x=X) == ["caches[0].z", "caches[1].z"]
    assert names_of(layer, x=X) == ["z"]
    assert names_of(lambda x: layer(x) + layer(x), x=X) == ["z(1)", "z(2)"]


class Pair(NamedTuple):
    W: object
    b: object


@dataclass
class Layer:
    W: object
    next: object = None


class Awkward:
    """An object that raises an error when its attributes are read."""

    def __getattribute__(self, name):
        if name == "__dict__":
            raise RuntimeError(name)
        return super().__getattribute__(name)


class Slots:
    __slots__ = ("W",)


def held(function, *arguments):
    """Returns the variables of a running function, by name, at the moment when it calls `sys._getframe`."""
    return {found.name: found for found in function(*arguments)}


def own():
    return list(variables(sys._getframe(1)))


def test_arrays_values_and_floats_are_found_and_nothing_else():
    def function(x, v):
        rate, count, text, flag = 0.5, 3, "x", True  # noqa: F841  they are looked at
        return own()

    found = held(function, KEPT, V)
    assert list(found) == ["x", "v", "rate"]
    assert found["x"].held is KEPT
    assert found["v"].held is V
    assert {variable.rank for variable in found.values()} == {LOCAL}


def test_arguments_and_variables_around_are_from_outside():
    around = np.zeros(2)

    def function(x, *rest, key, **named):
        inner = around * 2  # noqa: F841  it is looked at
        return own()

    found = {v.name: v.is_from_outside for v in function(KEPT, KEPT, key=KEPT, more=KEPT)}
    assert found == {"x": True, "key": True, "rest[0]": True, "more": True, "inner": False, "around": True}


def test_parts_of_lists_and_dicts_are_called_by_their_keys():
    def function():
        params = {"W1": KEPT, "deep": {"b": KEPT, 3: KEPT}, "not a name": KEPT}  # noqa: F841  they are looked at
        hs = [KEPT, (V, [KEPT])]  # noqa: F841
        return own()

    found = held(function)
    assert {name: variable.rank for name, variable in found.items()} == {
        "W1": KEYED, "deep.b": KEYED, "deep[3]": KEYED, "params['not a name']": INDEXED,
        "hs[0]": INDEXED, "hs[1][0]": PLACED, "hs[1][1][0]": PLACED,
    }  # fmt: skip


def test_attributes_and_fields_are_called_by_their_names():
    def function():
        pair, layer = Pair(KEPT, V), Layer(KEPT, Layer(V))  # noqa: F841  they are looked at
        return own()

    assert [v.name for v in function()] == ["W", "b", "W", "next.W"]


def test_what_goes_in_a_circle_or_deep_is_left():
    def function():
        circle = [KEPT]
        circle.append(circle)
        deep = [[[[KEPT]]]]  # noqa: F841  it is looked at
        return own()

    assert [v.name for v in function()] == ["circle[0]"]


def test_what_is_no_holder_of_arrays_is_left():
    def function():
        modules, classes, functions = np, Layer, math.exp  # noqa: F841  they are looked at
        random, awkward, slots, ranges = np.random.default_rng(0), Awkward(), Slots(), range(3)  # noqa: F841
        return own()

    assert function() == []


def test_a_long_list_is_looked_at_in_part():
    def function():
        many = [KEPT] * 5000  # noqa: F841  it is looked at
        return own()

    assert len(function()) == 1000


def test_comprehensions_hold_no_variables_that_have_no_name():
    def function():
        return [list(variables(sys._getframe()))[:1] for _ in range(1) if KEPT is not None]

    assert all(variable.name.isidentifier() for several in function() for variable in several)


def test_globals_are_those_that_the_code_speaks_of():
    def function():
        return KEPT, SETTINGS, list(global_variables(sys._getframe()))

    *_, found = function()
    assert {v.name: v.rank for v in found} == {"KEPT": LOCAL, "scale": KEYED}
    assert all(v.is_from_outside for v in found)


@pytest.mark.parametrize(
    ("name", "key", "expected"),
    [("params", "W1", "params.W1"), ("hs", 0, "hs[0]"), ("", "W1", "W1"), ("p", "two words", "p['two words']"),
     ("p", (1, 2), "p[(1, 2)]")],
)  # fmt: skip
def test_what_a_part_is_called(name, key, expected):
    assert joined(name, key) == expected


def test_a_variable_for_what_is_not_used_gives_no_name():
    def forward(x):
        y, _ = x * 2, x * 3
        return np.exp(y) + _

    assert names_of(forward, x=X) == ["y"]
