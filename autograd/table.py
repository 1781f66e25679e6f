"""The operations, each defined once; every other part of the library reads this table.

Throughout:

    a, b   an operation's inputs
    y      its output
    m      the mathematics a rule speaks: `autograd.floats` and it computes, NumPy and it computes
           whole arrays, `autograd.functions` and it can be differentiated again

A rule therefore never says `if` about its data; it says `m.where`. `m` has NumPy's names: abs cos divide exp
floor_divide log log1p maximum minimum mod power sign sin sqrt tanh where.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from .writing import constant, raised

__all__ = ["LETTERS", "OPERATIONS", "TABLE", "Op", "operation"]

Rule = Callable[..., Any]
Points = tuple[tuple[float, ...], ...]
Inputs = Sequence[str | float]  # as they are written: the name of a Value, or a constant

LETTERS = "abcdefghijklmnopqrstuvwx"  # what short forms call the inputs; y is the output


class Op(NamedTuple):
    """One operation: what it computes, how steep it is in each input, and how people write it."""

    name: str  # what it is called, in code and in errors
    forward: Rule  # (m, a, b) -> y
    slopes: tuple[Rule, ...]  # by each input, (m, y, a, b) -> the local derivative
    short: tuple[str, ...]  # the same for the eye; {a} {b} … and {y} stand for names
    samples: Points  # inputs at which tests hold the slopes against the rise over the run
    symbol: str  # in a picture
    written: str = ""  # a call of it in Python; name(a, b), if nothing is said
    needs: str = ""  # where it is defined; everywhere, if nothing is said
    edges: Points = ()  # corners, ties and extremes: it has a value there, and a slope by convention
    branches: bool = False  # it chooses: a slope of 0 passes nothing on, whatever arrives; a choice by nan is nan

    def slope(self, m: Any, y: Any, inputs: Any, position: int) -> Any:
        """The local derivative by the input at `position`, in the mathematics `m`."""
        return self.slopes[position](m, y, *inputs)

    def is_untaken(self, slope: float) -> bool:
        """Whether a slope is that of a branch which was not taken: what arrives there goes no further."""
        return self.branches and slope == 0.0

    def has_second_slopes(self, operands: Sequence[Any]) -> bool:
        """Whether the slopes can be differentiated again at these operands: Values, and floats for those that stay."""
        return True

    def write(self, inputs: Inputs) -> str:
        """A call of this operation on these inputs: names of Values, and constants."""
        names = _names(inputs)
        return self.written.format(*names) if self.written else f"{self.name}({', '.join(names)})"

    def write_slope(self, inputs: Inputs, y: str, position: int) -> str:
        """The short form of the slope by the input at `position`; the output is called `y`."""
        return self.short[position].format(**dict(zip(LETTERS, _names(inputs), strict=False)), y=y)

    def __repr__(self) -> str:
        return f"<operation {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return operation, (self.name,)  # rules are code: a pickle holds the name alone


class Power(Op):
    """aᵇ. Its slope by a is written 3·x² where the exponent is the constant 3, n·x^(n−1) where it is called n."""

    def has_second_slopes(self, operands: Sequence[Any]) -> bool:
        """Not by base and exponent where the base is 0 and the exponent at most 1: aᵇ ln a has no limit there."""
        a, b = operands
        return type(a) is float or type(b) is float or a.data != 0.0 or b.data > 1.0

    def write_slope(self, inputs: Inputs, y: str, position: int) -> str:
        """The short form, with the exponent lowered by one."""
        if position == 1:
            return super().write_slope(inputs, y, position)
        exponent, (a, b) = inputs[1], _names(inputs)
        return f"{b}·{a}{raised(exponent - 1) if isinstance(exponent, float) else f'^({exponent}−1)'}"


class WeightedSum(Op):
    """z = Σ w a + b. Its inputs come as w₁ … wₙ, a₁ … aₙ and, if there is one, b."""

    def slope(self, m: Any, y: Any, inputs: Any, position: int) -> Any:
        """∂z/∂wₖ = aₖ, ∂z/∂aₖ = wₖ, ∂z/∂b = 1."""
        n = len(inputs) // 2
        return 1.0 if position == 2 * n else inputs[(position + n) % (2 * n)]

    def write_slope(self, inputs: Inputs, y: str, position: int) -> str:
        """The name of the weight's input, of the input's weight, or 1."""
        n = len(inputs) // 2
        return "1" if position == 2 * n else _names(inputs)[(position + n) % (2 * n)]


def weighted_sum(m: Any, *inputs: Any) -> Any:
    """Σ w a + b, in any mathematics."""
    n = len(inputs) // 2
    z = sum((w * a for w, a in zip(inputs[:n], inputs[n : 2 * n], strict=True)), 0.0)
    return z + inputs[-1] if len(inputs) % 2 else z


def sigmoid(m: Any, a: Any) -> Any:
    """1 / (1 + e⁻ᵃ), in any mathematics; where e⁻ᵃ is more than a float can hold it is inf, and this is 0."""
    return m.divide(1.0, 1 + m.exp(-a))


def _names(inputs: Inputs) -> list[str]:
    return [v if isinstance(v, str) else constant(v) for v in inputs]


PAIRS = ((2.0, 3.0), (-1.5, 0.5), (0.25, -4.0), (-3.0, -0.7))
POWERS = ((2.0, 3.0), (0.3, -1.5), (1.7, 0.0), (4.0, 0.5))
ANY = ((-30.0,), (-2.5,), (-0.3,), (0.0,), (0.7,), (1.9,), (30.0,))
CORNERED = tuple(point for point in ANY if point != (0.0,))
POSITIVE = ((1e-3,), (0.4,), (1.0,), (2.5,), (300.0,))
QUOTIENTS = ((2.0, 3.0), (-1.7, 0.5), (7.3, -2.0), (-3.0, -0.7))
SUMS = ((2.0, 3.0), (0.5, -1.0, 4.0, 0.1), (0.5, -1.0, 4.0, 0.1, -2.0))
ZERO, TIE, FAR = ((0.0,),), ((1.0, 1.0),), ((-1000.0,), (1000.0,))

# The columns are the point, so the formatter keeps out.
# fmt: off
ADD = Op("add", lambda m, a, b: a + b,
         (lambda m, y, a, b: 1.0,
          lambda m, y, a, b: 1.0),                    ("1", "1"),             PAIRS, "+", "{} + {}")
SUB = Op("sub", lambda m, a, b: a - b,
         (lambda m, y, a, b: 1.0,
          lambda m, y, a, b: -1.0),                   ("1", "−1"),            PAIRS, "−", "{} - {}")
MUL = Op("mul", lambda m, a, b: a * b,
         (lambda m, y, a, b: b,
          lambda m, y, a, b: a),                      ("{b}", "{a}"),         PAIRS, "×", "{} * {}")
DIV = Op("div", lambda m, a, b: m.divide(a, b),
         (lambda m, y, a, b: m.divide(1.0, b),
          lambda m, y, a, b: m.divide(-y, b)),        ("1/{b}", "−{y}/{b}"),  PAIRS, "÷", "{} / {}",
         needs="/ needs a divisor other than 0, and a quotient that a float can hold")
POW = Power("pow", lambda m, a, b: m.power(a, b),                          # x**0 is flat at 0, and so is 0**x
         (lambda m, y, a, b: b * m.power(m.where(m.abs(b) <= 0, m.where(m.abs(a) > 1e-300, a, 1.0), a), b - 1),
          lambda m, y, a, b: y * m.log(m.where(m.abs(a) <= 0, 1.0, a))),
                                         ("{b}·{a}^({b}−1)", "{y}·ln({a})"),    POWERS, "^", "{} ** {}",
         needs="** needs a base above 0 (or below 0 with a whole exponent, or 0 with one that is not negative), "
               "and a power that a float can hold",   edges=((0.0, 0.0), (0.0, 1.0), (0.0, 2.0), (0.0, 0.5)))
MOD = Op("mod", lambda m, a, b: m.mod(a, b),                            # the sign of b, as Python's
         (lambda m, y, a, b: 1.0,
          lambda m, y, a, b: -m.floor_divide(a, b)),     ("1", "−floor({a}/{b})"), QUOTIENTS, "mod", "{} % {}",
         needs="% needs a divisor other than 0, and an input that is not infinite", edges=((4.0, 2.0), (0.0, 3.0)))
FLOOR_DIVIDE = Op("floor_divide", lambda m, a, b: m.floor_divide(a, b),
         (lambda m, y, a, b: 0.0,
          lambda m, y, a, b: 0.0),                       ("0", "0"),          QUOTIENTS, "//", "{} // {}",
         needs="// needs a divisor other than 0, and an input that is not infinite",
         edges=((4.0, 2.0), (0.0, 3.0)), branches=True)
MAX = Op("maximum", lambda m, a, b: m.maximum(a, b),                    # a tie is shared, as in PyTorch
         (lambda m, y, a, b: m.where(a > b, 1.0, m.where(a < b, 0.0, 0.5)),
          lambda m, y, a, b: m.where(b > a, 1.0, m.where(b < a, 0.0, 0.5))),
                                         ("[{a} > {b}]", "[{b} > {a}]"),      PAIRS, "max", edges=TIE, branches=True)
MIN = Op("minimum", lambda m, a, b: m.minimum(a, b),
         (lambda m, y, a, b: m.where(a < b, 1.0, m.where(a > b, 0.0, 0.5)),
          lambda m, y, a, b: m.where(b < a, 1.0, m.where(b > a, 0.0, 0.5))),
                                         ("[{a} < {b}]", "[{b} < {a}]"),      PAIRS, "min", edges=TIE, branches=True)
NEG = Op("neg",  lambda m, a: -a,        (lambda m, y, a: -1.0,),             ("−1",),         ANY, "−", "-{}")
ABS = Op("abs",  lambda m, a: m.abs(a),  (lambda m, y, a: m.sign(a),),      ("sign({a})",), CORNERED, "|·|", edges=ZERO)
EXP = Op("exp",  lambda m, a: m.exp(a),  (lambda m, y, a: y,),                ("exp({a})",),   ANY, "exp",
         needs="exp needs an input below 709.79, as its result is more than a float can hold otherwise")
LOG = Op("log",  lambda m, a: m.log(a),  (lambda m, y, a: m.divide(1.0, a),),          ("1/{a}",),      POSITIVE, "ln",
         needs="log needs a positive input")
SQRT = Op("sqrt", lambda m, a: m.sqrt(a), (lambda m, y, a: m.divide(0.5, y),), ("1/(2√{a})",), POSITIVE, "√",
         needs="sqrt needs an input that is not negative", edges=ZERO)
SIN = Op("sin",  lambda m, a: m.sin(a),  (lambda m, y, a: m.cos(a),),         ("cos({a})",),   ANY, "sin",
         needs="sin needs a finite input")
COS = Op("cos",  lambda m, a: m.cos(a),  (lambda m, y, a: -m.sin(a),),        ("−sin({a})",),  ANY, "cos",
         needs="cos needs a finite input")
TANH = Op("tanh", lambda m, a: m.tanh(a), (lambda m, y, a: 1 - y * y,),       ("tanh′({a})",), ANY, "tanh", edges=FAR)
SIGMOID = Op("sigmoid", sigmoid,         (lambda m, y, a: y * (1 - y),),      ("σ′({a})",),    ANY, "σ", edges=FAR)
RELU = Op("relu", lambda m, a: m.maximum(a, 0.0),
         (lambda m, y, a: m.where(a > 0, 1.0, 0.0),),                    ("relu′({a})",), CORNERED, "relu", edges=ZERO,
         branches=True)
LEAKY_RELU = Op("leaky_relu", lambda m, a, b: m.where(a > 0, a, b * a),  # b: the slope on the left
         (lambda m, y, a, b: m.where(a > 0, 1.0, b),
          lambda m, y, a, b: m.where(a > 0, 0.0, a)),
                              ("leaky_relu′({a})", "min({a}, 0)"),            PAIRS, "leaky relu", edges=((0.0, 0.01),),
                  branches=True)
SOFTPLUS = Op("softplus", lambda m, a: m.maximum(a, 0.0) + m.log1p(m.exp(-m.abs(a))),
         (lambda m, y, a: m.where(a >= y, 1.0, m.exp(a - y)),),                ("σ({a})",), ANY, "softplus", edges=FAR)
DOT = WeightedSum("dot", weighted_sum,   (), (),                              SUMS, "Σ w·a")
# fmt: on

TABLE = (ADD, SUB, MUL, DIV, POW, MOD, FLOOR_DIVIDE, MAX, MIN, NEG, ABS, EXP, LOG, SQRT, SIN, COS, TANH,
         SIGMOID, RELU, LEAKY_RELU, SOFTPLUS, DOT)  # fmt: skip
OPERATIONS = {op.name: op for op in TABLE}


def operation(name: str) -> Op:
    """The row of this name; a KeyError that lists the names there are, otherwise."""
    if name not in OPERATIONS:
        raise KeyError(f"no operation is called {name!r}; there are {', '.join(OPERATIONS)}")
    return OPERATIONS[name]
