"""Engines as learners write them, in three styles: the source text of each, and a function that changes the text."""

import math
import random

FUNCTIONS = """
    def relu(self):
        return self._one("relu", max(self.data, 0.0))

    def exp(self):
        return self._one("exp", math.exp(self.data))

    def tanh(self):
        return self._one("tanh", math.tanh(self.data))
"""
ARITHMETIC = """
    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return (-self) + other

    def __truediv__(self, other):
        return self * other ** -1

    def __rtruediv__(self, other):
        return other * self ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other
"""

CLOSURES = (
    """
class Value:
    def __init__(self, data, parents=()):
        self.data = data
        self.grad = 0.0
        self._parents = parents
        self._backward = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))
        def back():
            self.grad += out.grad
            other.grad += out.grad
        out._backward = back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))
        def back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._backward = back
        return out

    def __pow__(self, n):
        assert isinstance(n, (int, float))
        out = Value(self.data ** n, (self,))
        def back():
            self.grad += n * self.data ** (n - 1) * out.grad
        out._backward = back
        return out

    def _one(self, name, y):
        out = Value(y, (self,))
        def back():
            slope = {"relu": lambda: float(self.data > 0), "exp": lambda: y, "tanh": lambda: 1 - y * y}[name]()
            self.grad += slope * out.grad
        out._backward = back
        return out
"""
    + FUNCTIONS
    + ARITHMETIC
    + """
    def backward(self):
        order, seen = [], set()
        def visit(v):
            if v not in seen:
                seen.add(v)
                for parent in v._parents:
                    visit(parent)
                order.append(v)
        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            v._backward()
"""
)

TUPLES = (
    """
class Value:
    def __init__(self, data, op="", inputs=()):
        self.data, self.op, self.inputs, self.grad = data, op, inputs, 0.0

    @staticmethod
    def wrap(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.wrap(other)
        return Value(self.data + other.data, "+", (self, other))

    def __mul__(self, other):
        other = Value.wrap(other)
        return Value(self.data * other.data, "*", (self, other))

    def __pow__(self, other):
        other = Value.wrap(other)
        return Value(self.data ** other.data, "**", (self, other))

    def _one(self, name, y):
        return Value(y, name, (self,))
"""
    + FUNCTIONS
    + ARITHMETIC
    + """
    def slopes(self):
        x = [v.data for v in self.inputs]
        if self.op == "+":
            return 1.0, 1.0
        if self.op == "*":
            return x[1], x[0]
        if self.op == "**":
            return x[1] * x[0] ** (x[1] - 1), self.data * math.log(x[0]) if x[0] > 0 else 0.0
        if self.op == "relu":
            return (1.0 if x[0] > 0 else 0.0,)
        if self.op == "exp":
            return (self.data,)
        return (1 - self.data ** 2,)

    def backward(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            v, done = stack.pop()
            if done:
                order.append(v)
            elif id(v) not in seen:
                seen.add(id(v))
                stack.append((v, True))
                stack.extend((p, False) for p in v.inputs)
        for v in order:
            if v.inputs:
                v.grad = 0.0
        self.grad = 1.0
        while order:
            v = order.pop()
            for p, slope in zip(v.inputs, v.slopes() if v.inputs else ()):
                p.grad += slope * v.grad
"""
)

TAPE = (
    """
TAPE = []


class Value:
    def __init__(self, data):
        self.data = float(data)
        self.grad = 0.0

    @classmethod
    def record(cls, data, *steps):
        out = cls(data)
        TAPE.append((out, steps))
        return out

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value.record(self.data + other.data, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value.record(self.data * other.data, (self, other.data), (other, self.data))

    def __sub__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value.record(self.data - other.data, (self, 1.0), (other, -1.0))

    def __truediv__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value.record(self.data / other.data, (self, 1 / other.data), (other, -self.data / other.data ** 2))

    def __pow__(self, n):
        return Value.record(self.data ** n, (self, n * self.data ** (n - 1)))

    def __neg__(self):
        return Value.record(-self.data, (self, -1.0))

    def __rsub__(self, other):
        return Value(other) - self

    def __rtruediv__(self, other):
        return Value(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def _one(self, name, y):
        slope = {"relu": lambda: float(self.data > 0), "exp": lambda: y, "tanh": lambda: 1 - y ** 2}[name]()
        return Value.record(y, (self, slope))
"""
    + FUNCTIONS
    + """
    def backward(self):
        for out, steps in TAPE:
            out.grad = 0.0
            for v, _ in steps:
                v.grad = 0.0
        self.grad = 1.0
        for out, steps in reversed(TAPE):
            for v, slope in steps:
                v.grad += slope * out.grad
"""
)

RIGHT = {"closures": CLOSURES, "tuples": TUPLES, "tape": TAPE}


def engine(text, *changes):
    """Returns the class that a text defines, after the changes (old text, new text)."""
    for what, by in changes:
        assert what in text, what
        text = text.replace(what, by)
    space = {"math": math, "random": random}
    exec(compile(text, "<engine>", "exec"), space)
    return space["Value"]
