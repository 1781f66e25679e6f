"""Functions at special points: a branch is not taken, a zero meets an infinite slope, or a nan is compared."""

import math

from autograd import Value, dot
from autograd.functions import leaky_relu, log1p, maximum, minimum, relu, sqrt, where

inf, nan = math.inf, math.nan

NOT_TAKEN = [  # (a function, a point, its gradient there)
    (lambda x, z: sqrt(maximum(0, x * x - z * z)), (1.0, 2.0), (0.0, 0.0)),
    (lambda x: sqrt(relu(x)), (-1.0,), (0.0,)),
    (lambda x: sqrt(leaky_relu(x, 0.0)), (-1.0,), (0.0,)),
    (lambda x: sqrt(minimum(x, 0.0)), (2.0,), (0.0,)),
    (lambda x: relu(x) ** 0.5, (-1.0,), (0.0,)),
    (lambda x: sqrt(x // 4), (3.0,), (0.0,)),
    (lambda x: relu(sqrt(x) - 1), (0.0,), (0.0,)),  # no gradient arrives at √0, so its infinite slope does not matter
    (lambda x: maximum(sqrt(x), 1.0), (0.0,), (0.0,)),
    (lambda x: maximum(x, minimum(sqrt(x), -1.0)), (0.0,), (1.0,)),
    (lambda x, y: maximum(x.sqrt() * y, 1.0) + y, (0.0, 3.0), (0.0, 1.0)),
    (lambda x, y, z: sqrt(relu(dot([x, y], [z, 1.0]))), (1.0, -5.0, 2.0), (0.0, 0.0, 0.0)),
    (lambda x, b: leaky_relu(sqrt(x), b) + x, (4.0, 0.1), (1.25, 0.0)),
    (lambda x: where(x > 1, sqrt(x), x * 3), (0.0,), (3.0,)),
    (lambda x: where(x > 1, x, x * 3) * inf, (0.5,), (inf,)),
    (lambda x: where(x.data < 1, 2.0, sqrt(x)), (0.0,), (0.0,)),
    (lambda c, x: where(c, x * x, sqrt(x)), (-0.5, 0.0), (0.0, 0.0)),
    (lambda c, x: where(c, x, c), (0.0, 4.0), (1.0, 0.0)),
    (lambda c, x: where(sqrt(c), x, 2.0), (0.0, 4.0), (0.0, 0.0)),
    (lambda c, x: where(c, x * 2, nan) * inf, (nan, 1.0), (0.0, inf)),
    (lambda x: where(x, x * 2, log1p(nan * x)), (3.0,), (2.0,)),
]
INDETERMINATE = [  # functions whose derivative at 0 is nan by the rules
    lambda x: sqrt(x) * sqrt(x),
    lambda x: sqrt(x * x),
    lambda x: sqrt(x) * 0.0,
    lambda x: sqrt(abs(x)),
    lambda x: sqrt(x).tanh() * (x - x),
    lambda x: dot([sqrt(x)], [Value(0.0)]),
]
NANS = [
    (relu, (nan,), (nan,)),
    (maximum, (nan, 1.0), (nan, nan)),
    (maximum, (1.0, nan), (nan, nan)),
    (minimum, (nan, 1.0), (nan, nan)),
    (lambda x: maximum(x, 0.0), (nan,), (nan,)),
    (leaky_relu, (nan, 0.1), (nan, nan)),
    (leaky_relu, (nan,), (nan,)),
    (lambda x: x // 2, (nan,), (nan,)),
    (lambda x: relu(x) + x, (nan,), (nan,)),
    (abs, (nan,), (nan,)),
]
