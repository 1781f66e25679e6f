"""Operations that a user might define: with rules for any m, or for floats alone."""

import math

from autograd import Value, define_operation

arsinh = define_operation(
    "arsinh",
    lambda m, a: m.log(a + m.sqrt(a * a + 1)),
    lambda m, y, a: 1 / m.sqrt(a**2 + 1),
    short="1/√({a}²+1)",
)
length = define_operation(
    "length",
    lambda m, a, b, c: (a * a + b * b + c * c) ** 0.5,
    [lambda m, y, a, b, c: a / y, lambda m, y, a, b, c: b / y, lambda m, y, a, b, c: c / y],
    symbol="‖·‖",
)
erf = define_operation(
    "erf", lambda m, a: math.erf(a), lambda m, y, a: 2 / math.sqrt(math.pi) * m.exp(-a * a), symbol="erf"
)
root = define_operation(
    "root", lambda m, a: math.sqrt(a), lambda m, y, a: 0.5 / y, needs="root needs an input that is not negative"
)


positive_rules = lambda m, a: m.log(a), lambda m, y, a: m.divide(1.0, a)
positive = define_operation("positive", *positive_rules, needs="positive needs an input above 0")


def graph():
    x, z = Value(0.3, "x"), Value(2.0, "z")
    C = arsinh(x * z) * length(x, z, 1.0) + erf(x)
    C.label = "C"
    return x, z, C
