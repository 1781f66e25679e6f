"""Claims about check_engine: right engines of every kind pass, and every class gets a verdict, whatever it does."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograd import Value, check_engine
from autograd.engines.running import LINES
from tests.benchmarks.plain_value import Plain
from tests.helpers.engine_mistakes import CLOSURE_WALKS, VISIT
from tests.helpers.engines import CLOSURES, RIGHT, TUPLES, engine

ROOT = Path(__file__).parents[3]
CLEARING = "            if v.inputs:\n                v.grad = 0.0\n"
WRAP = "        other = other if isinstance(other, Value) else Value(other)\n"


@pytest.mark.parametrize("way", RIGHT)
def test_right_engines_are_accepted(way):
    verdict = check_engine(engine(RIGHT[way]))
    assert verdict.agrees(), verdict.text
    assert verdict.why == ""
    assert len(verdict.passed) >= 48
    assert str(verdict).startswith("Value is right on ")


def test_our_own_is_accepted_without_a_difference():
    verdict = check_engine(Value)
    assert verdict
    assert verdict.skipped == verdict.differences == []
    assert verdict.passed[-1] == "a deep chain"


def test_micrograds_is_accepted_and_its_differences_are_said():
    verdict = check_engine(pytest.importorskip("micrograd.engine").Value)
    assert verdict
    mixed, deep = verdict.differences
    assert mixed.startswith("gradients of inner numbers add up over calls of backward() too")
    assert deep == "a deep chain ends in a RecursionError: the backward pass calls itself at each number"
    assert {"tanh", "__rpow__", "a Value to the power of a Value"} <= set(verdict.skipped)


def test_a_plain_engine_without_constants_on_every_side_is_told_what_was_skipped():
    verdict = check_engine(Plain)
    assert verdict.skipped[:2] == ["__rsub__", "__rtruediv__"]
    assert verdict.skipped[-1] == "a Value to the power of a Value"
    assert verdict


@pytest.mark.parametrize(("change", "said"), [
    ((CLEARING, "            v.grad = 0.0\n"),
     "each backward() starts over: gradients do not add up over calls"),
    ((CLEARING, "            pass\n"), "gradients of inner numbers add up"),
])  # fmt: skip
def test_what_becomes_of_earlier_gradients_is_a_matter_of_taste(change, said):
    verdict = check_engine(engine(TUPLES, change))
    assert verdict
    (difference,) = verdict.differences
    assert difference.startswith(said)


def test_gradients_that_all_add_up_are_right_too():
    walk = TUPLES[TUPLES.index("        for v in order:\n            if v.inputs") :]
    fresh = """        now = dict.fromkeys(map(id, order), 0.0)
        now[id(self)] = 1.0
        while order:
            v = order.pop()
            v.grad += now[id(v)]
            for p, slope in zip(v.inputs, v.slopes() if v.inputs else ()):
                now[id(p)] += slope * now[id(v)]
"""
    verdict = check_engine(engine(TUPLES, (walk, fresh)))
    assert verdict
    assert verdict.differences[0].startswith("the gradients of all numbers add up")


def test_gradients_that_can_be_differentiated_again_are_right():
    assert check_engine(engine(TUPLES, ("self.grad = 1.0", "self.grad = Value(1.0)")))
    verdict = check_engine(engine(TUPLES, ("self.grad = 1.0", "self.grad = Value(2.0)")))
    assert "the backward pass begins with 2" in verdict.why


class Forward:
    """An engine without a backward pass."""

    def __init__(self, data):
        self.data = data

    def __add__(self, other):
        return Forward(self.data + getattr(other, "data", other))

    def __mul__(self, other):
        return Forward(self.data * getattr(other, "data", other))


def test_without_backward_the_numbers_alone_are_judged():
    verdict = check_engine(Forward)
    assert verdict
    assert (
        str(verdict) == f"Forward is right on {len(verdict.passed)} graphs, going forward; there is no backward() yet"
    )

    class Wrong(Forward):
        def __mul__(self, other):
            return Forward(self.data + 2 * getattr(other, "data", other))

    verdict = check_engine(Wrong)
    assert str(verdict) == "Wrong is wrong on a product: the number C itself is wrong"
    assert "backward" not in verdict.text.partition("Not judged")[0]


def test_arrays_of_one_number_are_numbers():
    class Arrays(Forward):
        def __init__(self, data):
            self.data = np.reshape(data, (1,))

    verdict = check_engine(Arrays)
    assert len(verdict.passed) == len(check_engine(Forward).passed)
    assert verdict, verdict.text


def test_what_is_needed_is_missing_and_not_skipped():
    verdict = check_engine(Forward, needs=["__add__", "backward", "tanh"])
    assert not verdict
    assert str(verdict) == verdict.why == "Forward has no backward and no tanh"
    assert not check_engine(type("Nothing", (), {"__init__": lambda self, data: None}))


def test_until_ends_with_a_graph():
    verdict = check_engine(Value, until="a diamond")
    assert verdict.passed[-1] == "a diamond"
    assert len(verdict.passed) == 8
    with pytest.raises(ValueError, match=r"until is the name of a graph: a sum, a product, .*; got 'a loop'"):
        check_engine(Value, until="a loop")


@pytest.mark.parametrize("given", [Forward(3.0), None, "Value", len])
def test_it_takes_a_class(given):
    with pytest.raises(
        TypeError, match=r"check_engine takes the class of your numbers, as check_engine\(Value\); got "
    ):
        check_engine(given)


LOOP = "        while True:\n            self.data\n"
BADLY = {
    "raises": ([(VISIT, "        raise KeyError('lost')\n")], "a sum: `C.backward()` raises KeyError: 'lost'"),
    "leaves": ([(VISIT, "        raise SystemExit(3)\n")], "a sum: `C.backward()` raises SystemExit: 3"),
    "never ends": ([(VISIT, CLOSURE_WALKS["endless"])], f"has not come to an end after {LINES:,} lines of Python"),
    "never ends, whatever comes": ([(VISIT, CLOSURE_WALKS["swallowed"])], "has not come to an end after"),
    "calls itself": ([(VISIT, "        self.backward()\n")], "something calls itself without an end"),
    "gives None": ([("        out._backward = back\n        return out\n", "        out._backward = back\n")],
                   "an operation gives a new number of the class; this one gives None"),
    "knows no constants": ([(WRAP, "")],
                           "a constant on the right: a constant among the operands is used as if it were a number"),
    "has no grad": ([("        self.grad = 0.0\n", ""), ("self.grad = 1.0", "pass")], "raises AttributeError"),
    "has words for numbers": ([("self.grad = 1.0", "self.grad = 'one'")], "a sum: "),
    "has None for a gradient": ([("self.grad = 0.0", "self.grad = None")], "raises TypeError: unsupported operand"),
    "takes nothing": ([("def __init__(self, data, parents=())", "def __init__(self)")],
                      "`a = Value(1.3)` raises TypeError"),
    "calls None": ([("out._backward = back\n", "out._backward = back()\n")], "'NoneType' object is not callable"),
    "has lists": ([("self.data = data", "self.data = [data]")], "a sum: "),
    "is lost in nan": ([("self.grad = 1.0", "self.grad = float('nan')")], "a sum: "),
}  # fmt: skip


@pytest.mark.parametrize("way", BADLY)
def test_whatever_a_class_does_ends_in_a_verdict(way):
    changes, said = BADLY[way]
    verdict = check_engine(engine(CLOSURES, *changes))
    assert not verdict
    assert str(verdict).startswith("Value is wrong on ")
    assert said in str(verdict)
    assert verdict.text.startswith(str(verdict))
    assert verdict._repr_html_()


def test_what_a_class_prints_is_not_shown(capsys):
    assert check_engine(
        engine(CLOSURES, ("        self.grad = 1.0\n", "        self.grad = 1.0\n        print('here')\n"))
    )
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("kind", [np.float64, np.float32, int, str, complex])
def test_numbers_of_other_kinds(kind):
    """float32 is accepted with its own rounding errors; other objects than real numbers are refused and named."""
    made = engine(CLOSURES, ("        self.data = data\n", "        self.data = kind(data)\n"))
    made.__init__.__globals__["kind"] = kind
    assert check_engine(made).agrees() is (kind in (np.float64, np.float32))


def test_it_runs_without_numpy_and_without_threads():
    """A browser has neither, and an endless loop must still be stopped there."""
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "import threading\n"
        'def start(self): raise RuntimeError("can\'t start new thread")\n'
        "threading.Thread.start = start\n"
        "from autograd import Value, check_engine\n"
        "class Endless(Value):\n"
        "    def __add__(self, other): return Endless(self.data + other.data)\n"
        "    def backward(self):\n"
        "        while True: pass\n"
        "print(check_engine(Value))\n"
        "print(check_engine(Endless))\n"
        "assert sys.gettrace() is None\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    right, endless = ran.stdout.splitlines()
    assert right.startswith("Value is right on ")
    assert endless.startswith("Endless is wrong on a sum: `C.backward()` has not come to an end")
