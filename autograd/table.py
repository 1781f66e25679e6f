"""The operations, each defined once; every other part of the library reads this table.

Throughout:

    a, b   an operation's inputs
    y      its output
    m      the mathematics a rule speaks: of floats and it computes, of arrays and it computes all of
           them at once, of Values and it can be differentiated again

A rule never says `if` about its data: it says `m.where`. The words of `m` are in `autograd.vocabulary`.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

__all__ = ["LETTERS", "OPERATIONS", "TABLE", "Op", "operation", "partner_of", "parts"]

Rule = Callable[..., Any]
Points = tuple[tuple[float, ...], ...]
Inputs = Sequence[str | float]  # as they are written: the name of a Value, or a constant

LETTERS = "abcdefghijklmnopqrstuvwx"  # what short forms call the inputs; y is the output


class Op(NamedTuple):
    """One operation: what it computes, how steep it is in each input, and how people write it."""

    name: str  # what it is called, in code and in errors
    forward: Rule  # (m, a, b) -> y
    slopes: tuple[Rule, ...]  # by each input, (m, y, a, b) -> the local derivative; none, if it takes any number
    short: tuple[str, ...]  # the same for the eye; {a} {b} … and {y} stand for names
    samples: Points  # inputs at which tests hold the slopes against the rise over the run
    symbol: str  # in a picture
    written: str = ""  # a call of it in Python; name(a, b), if nothing is said
    needs: str = ""  # where it is defined; everywhere, if nothing is said
    edges: Points = ()  # corners, ties and extremes: it has a value there, and a slope by convention
    branches: bool = False  # it chooses: a slope of 0 passes nothing on, whatever arrives; a choice by nan is nan
    called: str = ""  # what formulas call it, where they do not write its rule out
    formulas: tuple[Rule | None, ...] = ()  # the slopes as formulas write them; without, a call (tanh′), or as above
    about: str = ""  # what it is, for those who ask for help

    def slope(self, m: Any, y: Any, inputs: Any, position: int) -> Any:
        """The local derivative by the input at `position`, in the mathematics `m`."""
        return self.slopes[position](m, y, *inputs)

    def is_untaken(self, slope: float) -> bool:
        """Whether a slope is that of a branch which was not taken: what arrives there goes no further."""
        return self.branches and slope == 0.0

    def is_undecided(self, y: float) -> bool:
        """Whether it would have to choose by nan, so that its slopes are nan too."""
        return self.branches and y != y

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
        from .writing import raised

        if position == 1:
            return super().write_slope(inputs, y, position)
        exponent, (a, b) = inputs[1], _names(inputs)
        return f"{b}·{a}{raised(exponent - 1) if isinstance(exponent, float) else f'^({exponent}−1)'}"


class WeightedSum(Op):
    """z = Σ w a + b. Its inputs come as w₁ … wₙ, a₁ … aₙ and, if there is one, b: see `parts`."""

    def slope(self, m: Any, y: Any, inputs: Any, position: int) -> Any:
        """∂z/∂wₖ = aₖ, ∂z/∂aₖ = wₖ, ∂z/∂b = 1."""
        partner = partner_of(position, len(inputs))
        return 1.0 if partner is None else inputs[partner]

    def write_slope(self, inputs: Inputs, y: str, position: int) -> str:
        """The name of the weight's input, of the input's weight, or 1."""
        partner = partner_of(position, len(inputs))
        return "1" if partner is None else _names(inputs)[partner]


class LogSumExp(Op):
    """ln Σ eᵃ. Its slopes are the softmax of its inputs."""

    def slope(self, m: Any, y: Any, inputs: Any, position: int) -> Any:
        """∂y/∂aₖ = eᵃᵏ / Σ eᵃ = eᵃᵏ⁻ʸ."""
        return m.exp(inputs[position] - y)

    def write_slope(self, inputs: Inputs, y: str, position: int) -> str:
        """The exponential of the input less the output; the softmax, of an only input, which may stand for an array."""
        name = _names(inputs)[position]
        return f"softmax({name})" if len(inputs) == 1 else f"exp({name} − {y})"


class Where(Op):
    """One of two inputs, by a third: it is chosen by a condition, not by the inputs, which may be nan."""

    def is_undecided(self, y: float) -> bool:
        """Never: the result may be nan, as the input is that was chosen."""
        return False


def parts(inputs: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any], Sequence[Any]]:
    """The weights w₁ … wₙ among a weighted sum's inputs, what they are multiplied with, a₁ … aₙ, and b or nothing."""
    n = len(inputs) // 2
    return inputs[:n], inputs[n : 2 * n], inputs[2 * n :]


def partner_of(position: int, count: int) -> int | None:
    """Where the factor stands that a weighted sum of that many inputs has beside this one; None for b."""
    n = count // 2
    return None if position == 2 * n else (position + n) % (2 * n)


def weighted_sum(m: Any, *inputs: Any) -> Any:
    """Σ w a + b, in any mathematics."""
    weights, others, bias = parts(inputs)
    z = sum((w * a for w, a in zip(weights, others, strict=True)), 0.0)
    return z + bias[0] if bias else z


def sigmoid(m: Any, a: Any) -> Any:
    """1 / (1 + e⁻ᵃ), in any mathematics; where e⁻ᵃ is more than a float can hold it is inf, and this is 0."""
    return m.divide(1.0, 1 + m.exp(-a))


def by_squares(m: Any, x: Any, a: Any, b: Any) -> Any:
    """x / (a² + b²), in units of a power of 2 where these squares would overflow or vanish."""
    size = m.abs(a) + m.abs(b)
    unit = m.where(size > 1e150, 2.0**-600, m.where(size < 1e-150, 2.0**600, 1.0))
    a, b = a * unit, b * unit
    return m.divide(x * unit, a * a + b * b) * unit


def _names(inputs: Inputs) -> list[str]:
    from .writing import constant

    return [v if isinstance(v, str) else constant(v) for v in inputs]


PAIRS = ((2.0, 3.0), (-1.5, 0.5), (0.25, -4.0), (-3.0, -0.7))
POWERS = ((2.0, 3.0), (0.3, -1.5), (1.7, 0.0), (4.0, 0.5))
ANY = ((-30.0,), (-2.5,), (-0.3,), (0.0,), (0.7,), (1.9,), (30.0,))
CORNERED = tuple(point for point in ANY if point != (0.0,))
POSITIVE, ABOVE_MINUS_1 = ((1e-3,), (0.4,), (1.0,), (2.5,), (300.0,)), ((-0.9,), (-0.3,), (0.0,), (1e-3,), (300.0,))
WITHIN_1, TURNS = ((-0.9,), (-0.3,), (0.0,), (0.5,), (0.8,)), ((-1.2,), (-0.3,), (0.0,), (0.7,), (1.9,))
MODERATE = ((-2.5,), (-0.3,), (0.0,), (0.7,), (1.9,), (20.0,))
QUOTIENTS = ((2.0, 3.0), (-1.7, 0.5), (7.3, -2.0), (-3.0, -0.7))
TERMS = ((2.0,), (2.0, 3.0), (0.5, -1.0, 4.0), (-30.0, 1.0, 2.0, 1.5))
SUMS = ((2.0, 3.0), (0.5, -1.0, 4.0, 0.1), (0.5, -1.0, 4.0, 0.1, -2.0))
ZERO, TIE, FAR, YES_NO = ((0.0,),), ((1.0, 1.0),), ((-1000.0,), (1000.0,)), ((1.0, 2.0, 3.0), (-0.5, 2.0, 3.0))

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
         formulas=(lambda m, y, a, b: b * m.power(a, b - 1), lambda m, y, a, b: y * m.log(a)),
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
                                         ("[{a} > {b}]", "[{b} > {a}]"),      PAIRS, "max", edges=TIE, branches=True,
         formulas=(lambda m, y, a, b: m.bracket(a, ">", b), lambda m, y, a, b: m.bracket(b, ">", a)))
MIN = Op("minimum", lambda m, a, b: m.minimum(a, b),
         (lambda m, y, a, b: m.where(a < b, 1.0, m.where(a > b, 0.0, 0.5)),
          lambda m, y, a, b: m.where(b < a, 1.0, m.where(b > a, 0.0, 0.5))),
                                         ("[{a} < {b}]", "[{b} < {a}]"),      PAIRS, "min", edges=TIE, branches=True,
         formulas=(lambda m, y, a, b: m.bracket(a, "<", b), lambda m, y, a, b: m.bracket(b, "<", a)))
NEG = Op("neg",  lambda m, a: -a,        (lambda m, y, a: -1.0,),             ("−1",),         ANY, "−", "-{}")
ABS = Op("abs",  lambda m, a: m.abs(a),  (lambda m, y, a: m.sign(a),),      ("sign({a})",), CORNERED, "|·|", edges=ZERO,
         about="|x|; its slope at 0 is taken as 0")
EXP = Op("exp",  lambda m, a: m.exp(a),  (lambda m, y, a: y,),                ("exp({a})",),   ANY, "exp",
         needs="exp needs an input below 709.79, as its result is more than a float can hold otherwise",
         about="eˣ. DomainError, if that is more than a float can hold, from about x = 709.78 on")
LOG = Op("log",  lambda m, a: m.log(a),  (lambda m, y, a: m.divide(1.0, a),),          ("1/{a}",),      POSITIVE, "ln",
         needs="log needs a positive input",  about="The natural logarithm ln x. DomainError, unless x is above 0")
SQRT = Op("sqrt", lambda m, a: m.sqrt(a), (lambda m, y, a: m.divide(0.5, y),), ("1/(2√{a})",), POSITIVE, "√",
         needs="sqrt needs an input that is not negative", edges=ZERO,
         about="√x; at 0 its slope is inf, at −0.0 −inf. DomainError, if x is below 0")
LOG1P = Op("log1p", lambda m, a: m.log1p(a), (lambda m, y, a: m.divide(1.0, 1 + a),), ("1/(1 + {a})",), ABOVE_MINUS_1,
         "ln(1 + ·)", needs="log1p needs an input above −1",
         about="ln(1 + x), exact near 0. DomainError, unless x is above −1")
EXPM1 = Op("expm1", lambda m, a: m.expm1(a), (lambda m, y, a: m.exp(a),), ("exp({a})",), ANY, "exp(·) − 1",
         needs="expm1 needs an input below 709.79, as its result is more than a float can hold otherwise",
         about="eˣ − 1, exact near 0. DomainError, if that is more than a float can hold")
SIN = Op("sin",  lambda m, a: m.sin(a),  (lambda m, y, a: m.cos(a),),         ("cos({a})",),   ANY, "sin",
         needs="sin needs a finite input",  about="sin x, x in radians. DomainError, if x is infinite")
COS = Op("cos",  lambda m, a: m.cos(a),  (lambda m, y, a: -m.sin(a),),        ("−sin({a})",),  ANY, "cos",
         needs="cos needs a finite input",  about="cos x, x in radians. DomainError, if x is infinite")
TAN = Op("tan",  lambda m, a: m.tan(a),  (lambda m, y, a: 1 + y * y,),        ("1 + {y}²",),   TURNS, "tan",
         needs="tan needs a finite input",  about="tan x, x in radians. DomainError, if x is infinite")
ARCSIN = Op("arcsin", lambda m, a: m.arcsin(a), (lambda m, y, a: m.divide(1.0, m.sqrt((1 - a) * (1 + a))),),
         ("1/√(1 − {a}²)",), WITHIN_1, "arcsin", needs="arcsin needs an input from −1 to 1", edges=((-1.0,), (1.0,)),
         formulas=(lambda m, y, a: m.divide(1.0, m.sqrt(1 - a * a)),),
         about="arcsin x, in radians; at −1 and 1 its slope is inf. DomainError, unless x is from −1 to 1")
ARCCOS = Op("arccos", lambda m, a: m.arccos(a), (lambda m, y, a: m.divide(-1.0, m.sqrt((1 - a) * (1 + a))),),
         ("−1/√(1 − {a}²)",), WITHIN_1, "arccos", needs="arccos needs an input from −1 to 1", edges=((-1.0,), (1.0,)),
         formulas=(lambda m, y, a: m.divide(-1.0, m.sqrt(1 - a * a)),),
         about="arccos x, in radians; at −1 and 1 its slope is −inf. DomainError, unless x is from −1 to 1")
ARCTAN = Op("arctan", lambda m, a: m.arctan(a), (lambda m, y, a: m.divide(1.0, 1 + a * a),), ("1/(1 + {a}²)",), ANY,
         "arctan", edges=FAR, about="arctan x, in radians, between −π/2 and π/2")
ARCTAN2 = Op("arctan2", lambda m, a, b: m.arctan2(a, b),                  # the angle of the point (b, a)
         (lambda m, y, a, b: by_squares(m, b, a, b),
          lambda m, y, a, b: by_squares(m, -a, a, b)),
                              ("{b}/({a}² + {b}²)", "−{a}/({a}² + {b}²)"),    PAIRS, "arctan2",
         formulas=(lambda m, y, a, b: m.divide(b, a * a + b * b), lambda m, y, a, b: m.divide(-a, a * a + b * b)),
         needs="arctan2 has no slope where both inputs are 0",  edges=((0.0, 2.0), (3.0, 0.0)))
SINH = Op("sinh", lambda m, a: m.sinh(a), (lambda m, y, a: m.cosh(a),),       ("cosh({a})",),  MODERATE, "sinh",
         needs="sinh needs an input between −710.47 and 710.47, as its result is more than a float can hold otherwise",
         about="sinh x = (eˣ − e⁻ˣ) / 2. DomainError, if that is more than a float can hold")
COSH = Op("cosh", lambda m, a: m.cosh(a), (lambda m, y, a: m.sinh(a),),       ("sinh({a})",),  MODERATE, "cosh",
         needs="cosh needs an input between −710.47 and 710.47, as its result is more than a float can hold otherwise",
         about="cosh x = (eˣ + e⁻ˣ) / 2. DomainError, if that is more than a float can hold")
TANH = Op("tanh", lambda m, a: m.tanh(a), (lambda m, y, a: 1 - y * y,),       ("tanh′({a})",), ANY, "tanh", edges=FAR,
         called="tanh", about="tanh x = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)")
SIGMOID = Op("sigmoid", sigmoid,         (lambda m, y, a: y * (1 - y),),      ("σ′({a})",),    ANY, "σ", edges=FAR,
         called="σ",  about="σ(x) = 1 / (1 + e⁻ˣ), for any x, without overflow")
RELU = Op("relu", lambda m, a: m.maximum(a, 0.0),
         (lambda m, y, a: m.where(a > 0, 1.0, 0.0),),                    ("relu′({a})",), CORNERED, "relu", edges=ZERO,
         branches=True, called="relu", about="max(x, 0); its slope at 0 is taken as 0")
LEAKY_RELU = Op("leaky_relu", lambda m, a, b: m.where(a > 0, a, b * a),  # b: the slope on the left
         (lambda m, y, a, b: m.where(a > 0, 1.0, b),
          lambda m, y, a, b: m.where(a > 0, 0.0, a)),
                              ("leaky_relu′({a})", "min({a}, 0)"),            PAIRS, "leaky relu", edges=((0.0, 0.01),),
         branches=True, called="leaky_relu", formulas=(None, lambda m, y, a, b: m.minimum(a, 0.0)))
SOFTPLUS = Op("softplus", lambda m, a: m.maximum(a, 0.0) + m.log1p(m.exp(-m.abs(a))),
         (lambda m, y, a: m.where(a >= y, 1.0, m.exp(a - y)),), ("σ({a})",), ANY, "softplus", called="softplus",
         edges=FAR, formulas=(lambda m, y, a: m.call(SIGMOID, a),), about="ln(1 + eˣ), a smooth relu, without overflow")
WHERE = Where("where", lambda m, c, a, b: m.where(m.abs(c) <= 0, b, a),    # c: the condition, 0 for no
         (lambda m, y, c, a, b: 0.0,
          lambda m, y, c, a, b: m.where(m.abs(c) <= 0, 0.0, 1.0),
          lambda m, y, c, a, b: m.where(m.abs(c) <= 0, 1.0, 0.0)),
                              ("0", "[{a} ≠ 0]", "[{a} = 0]"),  YES_NO, "where", edges=((0.0, 2.0, 3.0),),
         branches=True, called="where", formulas=(lambda m, y, c, a, b: 0.0,
             lambda m, y, c, a, b: m.bracket(c, "≠", 0.0), lambda m, y, c, a, b: m.bracket(c, "=", 0.0)))
LOG_SUM_EXP = LogSumExp("log_sum_exp", lambda m, *inputs: m.log_sum_exp(*inputs), (), (), TERMS, "ln Σ exp",
         formulas=(lambda m, position, *inputs: m.softmax(position, *inputs),))  # one rule, for any number of inputs
DOT = WeightedSum("dot", weighted_sum,   (), (),                              SUMS, "Σ w·a")
# fmt: on

TABLE = (ADD, SUB, MUL, DIV, POW, MOD, FLOOR_DIVIDE, MAX, MIN, NEG, ABS, EXP, LOG, SQRT, LOG1P, EXPM1, SIN, COS, TAN,
         ARCSIN, ARCCOS, ARCTAN, ARCTAN2, SINH, COSH, TANH, SIGMOID, RELU, LEAKY_RELU, SOFTPLUS, WHERE, LOG_SUM_EXP,
         DOT)  # fmt: skip
OPERATIONS = {op.name: op for op in TABLE}


def operation(name: str) -> Op:
    """The row of this name; a KeyError that lists the names there are, otherwise."""
    if name not in OPERATIONS:
        raise KeyError(f"no operation is called {name!r}; there are {', '.join(OPERATIONS)}")
    return OPERATIONS[name]
