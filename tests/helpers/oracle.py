"""Derivatives that are independent of the library: rise over run, and dual numbers with formulas of their own."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise


def rise_over_run(f: Callable[[float], float], x: float) -> float:
    """Returns df/dx by central differences, extrapolated twice (Ridders); its error is about 1e-9 of the terms."""
    h = 1e-2 * max(1.0, abs(x)) if abs(x) > 1e-2 or x == 0 else abs(x) / 8
    estimates = [(f(x + h / 2**k) - f(x - h / 2**k)) / (2 * h / 2**k) for k in range(4)]
    for order in (4, 16, 64):
        estimates = [(order * fine - rough) / (order - 1) for rough, fine in pairwise(estimates)]
    return estimates[0]


class Dual:
    """x + x′ε: forward-mode differentiation, written from a calculus book, not from the table."""

    def __init__(self, x: float, dx: float = 0.0) -> None:
        self.x, self.dx = x, dx

    def __add__(self, o: "Dual") -> "Dual":
        return Dual(self.x + o.x, self.dx + o.dx)

    def __sub__(self, o: "Dual") -> "Dual":
        return Dual(self.x - o.x, self.dx - o.dx)

    def __mul__(self, o: "Dual") -> "Dual":
        return Dual(self.x * o.x, self.dx * o.x + self.x * o.dx)

    def __truediv__(self, o: "Dual") -> "Dual":
        return Dual(self.x / o.x, (self.dx * o.x - self.x * o.dx) / (o.x * o.x))

    def __neg__(self) -> "Dual":
        return Dual(-self.x, -self.dx)

    def __abs__(self) -> "Dual":
        return Dual(abs(self.x), self.dx * math.copysign(1.0, self.x))

    def __pow__(self, n: "float | Dual") -> "Dual":
        if isinstance(n, Dual):
            y = self.x**n.x
            return Dual(y, y * (n.dx * math.log(self.x) + n.x * self.dx / self.x))
        return Dual(self.x**n, n * self.x ** (n - 1) * self.dx)

    def exp(self) -> "Dual":
        return Dual(math.exp(self.x), math.exp(self.x) * self.dx)

    def log(self) -> "Dual":
        return Dual(math.log(self.x), self.dx / self.x)

    def sqrt(self) -> "Dual":
        return Dual(math.sqrt(self.x), self.dx / (2 * math.sqrt(self.x)))

    def sin(self) -> "Dual":
        return Dual(math.sin(self.x), math.cos(self.x) * self.dx)

    def cos(self) -> "Dual":
        return Dual(math.cos(self.x), -math.sin(self.x) * self.dx)

    def tan(self) -> "Dual":
        return Dual(math.tan(self.x), self.dx / math.cos(self.x) ** 2)

    def arcsin(self) -> "Dual":
        return Dual(math.asin(self.x), self.dx / math.sqrt(1 - self.x**2))

    def arccos(self) -> "Dual":
        return Dual(math.acos(self.x), -self.dx / math.sqrt(1 - self.x**2))

    def arctan(self) -> "Dual":
        return Dual(math.atan(self.x), self.dx / (1 + self.x**2))

    def sinh(self) -> "Dual":
        return Dual(math.sinh(self.x), math.cosh(self.x) * self.dx)

    def cosh(self) -> "Dual":
        return Dual(math.cosh(self.x), math.sinh(self.x) * self.dx)

    def log1p(self) -> "Dual":
        return Dual(math.log1p(self.x), self.dx / (1 + self.x))

    def expm1(self) -> "Dual":
        return Dual(math.expm1(self.x), math.exp(self.x) * self.dx)

    def tanh(self) -> "Dual":
        t = math.exp(-2 * abs(self.x))  # sech² x = 4 t / (1 + t)², without overflow
        return Dual(math.tanh(self.x), self.dx * 4 * t / (1 + t) ** 2)

    def sigmoid(self) -> "Dual":
        t = math.exp(-abs(self.x))
        return Dual((1 if self.x > 0 else t) / (1 + t), self.dx * t / (1 + t) ** 2)

    def relu(self) -> "Dual":
        return Dual(self.x, self.dx) if self.x > 0 else Dual(0.0)

    def leaky_relu(self) -> "Dual":
        return Dual(self.x, self.dx) if self.x > 0 else Dual(0.01 * self.x, 0.01 * self.dx)

    def softplus(self) -> "Dual":
        t = math.exp(-abs(self.x))
        return Dual(max(self.x, 0.0) + math.log1p(t), self.dx * (1 if self.x > 0 else t) / (1 + t))

    @staticmethod
    def maximum(a: "Dual", b: "Dual") -> "Dual":
        return a if a.x > b.x else b

    @staticmethod
    def minimum(a: "Dual", b: "Dual") -> "Dual":
        return a if a.x < b.x else b

    @staticmethod
    def arctan2(a: "Dual", b: "Dual") -> "Dual":
        square = a.x**2 + b.x**2
        return Dual(math.atan2(a.x, b.x), (b.x * a.dx - a.x * b.dx) / square)

    @staticmethod
    def where(condition: "Dual", a: "Dual", b: "Dual") -> "Dual":
        return a if condition.x != 0.0 else b

    @staticmethod
    def log_sum_exp(terms: Sequence["Dual"]) -> "Dual":
        top = max(a.x for a in terms)
        powers = [math.exp(a.x - top) for a in terms]
        slope = sum(p * a.dx for p, a in zip(powers, terms, strict=True)) / sum(powers)
        return Dual(top + math.log(sum(powers)), slope)

    @staticmethod
    def dot(weights: Sequence["Dual"], inputs: Sequence["Dual"], bias: "Dual") -> "Dual":
        total = bias
        for w, a in zip(weights, inputs, strict=True):
            total = total + w * a
        return total
