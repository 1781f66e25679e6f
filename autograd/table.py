"""The operations, each defined once. Every other part of the library reads this table.

Throughout:

    a, b   an operation's inputs
    y      its output
    m      the mathematics in which a rule computes. That of floats gives a number, that of arrays all
           elements at once, that of Values a node, which can be differentiated again

A rule has no `if` about its data: it calls `m.where`. The functions of `m` are listed in `autograd.vocabulary`.
"""

from typing import Any

from .operation import LETTERS, LogSumExp, Op, Power, WeightedSum, Where, partner_of, parts

__all__ = ["COMPARISONS", "LETTERS", "OPERATIONS", "TABLE", "Op", "operation", "partner_of", "parts"]


def weighted_sum(m: Any, *inputs: Any) -> Any:
    """Returns Σ w a + b, in any mathematics."""
    weights, others, bias = parts(inputs)
    z = sum((w * a for w, a in zip(weights, others, strict=True)), 0.0)
    return z + bias[0] if bias else z


def sigmoid(m: Any, a: Any) -> Any:
    """Returns 1 / (1 + e⁻ᵃ), in any mathematics. Where e⁻ᵃ overflows to inf, the result is 0."""
    return m.divide(1.0, 1 + m.exp(-a))


def by_squares(m: Any, x: Any, a: Any, b: Any) -> Any:
    """Returns x / (a² + b²). The inputs are scaled by a power of 2 where the squares would overflow or underflow."""
    size = m.abs(a) + m.abs(b)
    unit = m.where(size > 1e150, 2.0**-600, m.where(size < 1e-150, 2.0**600, 1.0))
    a, b = a * unit, b * unit
    return m.divide(x * unit, a * a + b * b) * unit


def comparison(name: str, rule: Any, symbol: str, written: str) -> Op:
    """Makes an operation that compares: 1 if it holds, else 0. Its slopes are 0. `where` chooses by its result."""
    return Op(name, rule, FLAT, ("0", "0"), PAIRS, symbol, written, edges=TIE, branches=True)


FLAT = (lambda m, y, a, b: 0.0,) * 2
PAIRS = ((2.0, 3.0), (-1.5, 0.5), (0.25, -4.0), (-3.0, -0.7))
POWERS = ((2.0, 3.0), (0.3, -1.5), (1.7, 0.0), (4.0, 0.5))
ANY = ((-30.0,), (-2.5,), (-0.3,), (0.0,), (0.7,), (1.9,), (30.0,))
POSITIVE, ABOVE_MINUS_1 = ((1e-3,), (0.4,), (1.0,), (2.5,), (300.0,)), ((-0.9,), (-0.3,), (0.0,), (1e-3,), (300.0,))
WITHIN_1, TURNS = ((-0.9,), (-0.3,), (0.0,), (0.5,), (0.8,)), ((-1.2,), (-0.3,), (0.0,), (0.7,), (1.9,))
MODERATE, CORNERED = ((-2.5,), (-0.3,), (0.0,), (0.7,), (1.9,), (20.0,)), tuple(at for at in ANY if at != (0.0,))
QUOTIENTS = ((2.0, 3.0), (-1.7, 0.5), (7.3, -2.0), (-3.0, -0.7))
TERMS = ((2.0,), (2.0, 3.0), (0.5, -1.0, 4.0), (-30.0, 1.0, 2.0, 1.5))
SUMS = ((2.0, 3.0), (0.5, -1.0, 4.0, 0.1), (0.5, -1.0, 4.0, 0.1, -2.0))
ZERO, TIE, FAR, YES_NO = ((0.0,),), ((1.0, 1.0),), ((-1000.0,), (1000.0,)), ((1.0, 2.0, 3.0), (-0.5, 2.0, 3.0))
UP_TO_709 = "an input below 709.79, as its result is more than a float can hold otherwise"
WITHIN_710 = "an input between −710.47 and 710.47, as its result is more than a float can hold otherwise"
BEYOND = "DomainError, if that is more than a float can hold"
LEAK = 0.01  # leaky_relu's slope below 0, unless another is given

# Aligned columns make the table readable, so the formatter is off.
# fmt: off
ADD = Op("add", lambda m, a, b: a + b, (lambda m, y, a, b: 1.0,) * 2, ("1", "1"),  PAIRS, "+", "{} + {}")
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
         FLAT,                                           ("0", "0"),          QUOTIENTS, "//", "{} // {}",
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
         needs=f"exp needs {UP_TO_709}",  about=f"eˣ. {BEYOND}")
LOG = Op("log",  lambda m, a: m.log(a),  (lambda m, y, a: m.divide(1.0, a),),          ("1/{a}",),      POSITIVE, "ln",
         needs="log needs a positive input",  about="The natural logarithm ln x. DomainError, unless x is above 0")
SQRT = Op("sqrt", lambda m, a: m.sqrt(a), (lambda m, y, a: m.divide(0.5, y),), ("1/(2√{a})",), POSITIVE, "√",
         needs="sqrt needs an input that is not negative", edges=ZERO,
         about="√x; at 0 its slope is inf, at −0.0 −inf. DomainError, if x is below 0")
LOG1P = Op("log1p", lambda m, a: m.log1p(a), (lambda m, y, a: m.divide(1.0, 1 + a),), ("1/(1 + {a})",), ABOVE_MINUS_1,
         "ln(1 + ·)", needs="log1p needs an input above −1",
         about="ln(1 + x), exact near 0. DomainError, unless x is above −1")
EXPM1 = Op("expm1", lambda m, a: m.expm1(a), (lambda m, y, a: m.exp(a),), ("exp({a})",), ANY, "exp(·) − 1",
         needs=f"expm1 needs {UP_TO_709}",  about=f"eˣ − 1, exact near 0. {BEYOND}")
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
         needs=f"sinh needs {WITHIN_710}",  about=f"sinh x = (eˣ − e⁻ˣ) / 2. {BEYOND}")
COSH = Op("cosh", lambda m, a: m.cosh(a), (lambda m, y, a: m.sinh(a),),       ("sinh({a})",),  MODERATE, "cosh",
         needs=f"cosh needs {WITHIN_710}",  about=f"cosh x = (eˣ + e⁻ˣ) / 2. {BEYOND}")
TANH = Op("tanh", lambda m, a: m.tanh(a), (lambda m, y, a: 1 - y * y,),       ("tanh′({a})",), ANY, "tanh", edges=FAR,
         called="tanh", about="tanh x = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)")
SIGMOID = Op("sigmoid", sigmoid,         (lambda m, y, a: y * (1 - y),),      ("σ′({a})",),    ANY, "σ", edges=FAR,
         called="σ",  about="σ(x) = 1 / (1 + e⁻ˣ), for any x, without overflow")
RELU = Op("relu", lambda m, a: m.maximum(a, 0.0), (lambda m, y, a: m.where(a > 0, 1.0, 0.0),), ("relu′({a})",),
         CORNERED, "relu", edges=ZERO, branches=True, called="relu", about="max(x, 0); its slope at 0 is taken as 0")
LEAKY_RELU = Op("leaky_relu", lambda m, a, b: m.where(a > 0, a, b * a),  # b: the slope on the left
         (lambda m, y, a, b: m.where(a > 0, 1.0, b),
          lambda m, y, a, b: m.where(a > 0, 0.0, a)),
                              ("leaky_relu′({a})", "min({a}, 0)"),            PAIRS, "leaky relu", edges=((0.0, LEAK),),
         branches=True, called="leaky_relu", formulas=(None, lambda m, y, a, b: m.minimum(a, 0.0)))
SOFTPLUS = Op("softplus", lambda m, a: m.maximum(a, 0.0) + m.log1p(m.exp(-m.abs(a))),
         (lambda m, y, a: m.where(a >= y, 1.0, m.exp(a - y)),), ("σ({a})",), ANY, "softplus", called="softplus",
         edges=FAR, formulas=(lambda m, y, a: m.call(SIGMOID, a),), about="ln(1 + eˣ), a smooth relu, without overflow")
LESS = comparison("less",                   lambda m, a, b: m.where(a < b, 1.0, 0.0),         "<", "{} < {}")
LESS_EQUAL = comparison("less_equal",       lambda m, a, b: m.where(a <= b, 1.0, 0.0),        "≤", "{} <= {}")
GREATER = comparison("greater",             lambda m, a, b: m.where(a > b, 1.0, 0.0),         ">", "{} > {}")
GREATER_EQUAL = comparison("greater_equal", lambda m, a, b: m.where(a >= b, 1.0, 0.0),        "≥", "{} >= {}")
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

COMPARISONS = LESS, LESS_EQUAL, GREATER, GREATER_EQUAL
TABLE = tuple(row for row in globals().values() if isinstance(row, Op))  # every row above, in this order
OPERATIONS = {op.name: op for op in TABLE}


def operation(name: str) -> Op:
    """Returns the row of this name. Raises KeyError, with the known names and the nearest one, if there is none."""
    if name not in OPERATIONS:
        from .diagnostics.refusals import unknown

        raise KeyError(unknown(name, "operation", OPERATIONS))
    return OPERATIONS[name]
