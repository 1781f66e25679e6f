"""Graphs of repeated steps: random recurrences, and recurrences that people write."""

import random

from autograd import Value, dot, log_sum_exp, maximum, softmax
from tests.helpers.lifting import flat, leaves_of, linear, values

CHANGES = [
    lambda v: v.tanh(),
    lambda v: v.sigmoid(),
    lambda v: v.sin(),
    lambda v: v.softplus(),
    lambda v: v * 0.5,
    lambda v: v.relu(),
    lambda v: maximum(v, 0.1),
    lambda v: (v * v + 1.0).sqrt(),
    lambda v: abs(v),
    lambda v: (v * v + 0.5) ** 0.5,
    lambda v: 1.0 / (v * v + 1.0),
]


def random_recurrence(seed, steps=None):
    """Returns (output, its leaves, rng): one to three sequences of equal steps.

    A step reads the results of one to three earlier steps, leaves that all steps share, and its own leaves and numbers.
    """
    rng = random.Random(seed)
    width, lag, is_layer = rng.choice([1, 1, 2, 3, 6]), rng.choice([0, 0, 1, 2]), rng.random() < 0.6
    code, sequences = rng.randint(0, 10**9), rng.choice([1, 1, 1, 2, 3])
    steps = rng.choice([6, 7, 12, 20]) if steps is None else steps
    shared, weights = values(rng, 3), values(rng, width, width)
    own = [values(rng, rng.choice([1, width])) for _ in range(steps)]
    numbers, others = [rng.uniform(-1, 1) for _ in range(steps)], values(rng, steps)
    costs = []
    for _ in range(sequences):
        h = [Value(rng.uniform(-1, 1)) for _ in range(width)]
        history, along = [h] * 3, []
        for t in range(steps):
            draw = random.Random(code)  # the same for each step
            h = [_next(draw, h, i, dot(weights[i], h) if is_layer else h[i] * draw.choice(shared),
                       own[t][i % len(own[t])], numbers[t], others[t], shared, history[lag - 1] if lag else None)
                 for i in range(width)]  # fmt: skip
            history = [h, *history[:2]]
            if draw.random() < 0.5:
                along.append((draw.choice(CHANGES)(h[0] - numbers[t])) ** 2)
            if draw.random() < 0.2 and t % 3 == 2:
                along.append(h[-1] * h[0])
        costs.append(sum(along, sum((v * v for v in h), 0.0)))
    output = sum(costs[1:], costs[0] * 1.0)
    return output, leaves_of(output), rng


def _next(draw, h, i, s, own, number, other, shared, before):
    kind = draw.random()
    if kind < 0.3:
        s = s + own * draw.choice([0.5, shared[0]])
    elif kind < 0.5:
        s = s + number * (h[i - 1] * draw.choice(shared) if draw.random() < 0.5 else h[i - 1])
    elif kind < 0.7:
        s = s * draw.choice([1.0, 0.5]) + other
    elif kind < 0.8:
        s = s / (1.5 + h[i - 1] * h[i - 1])
    if before is not None and draw.random() < 0.5:
        s = s - 0.3 * before[i]
    s = draw.choice(CHANGES)(s)
    if draw.random() < 0.3:
        s = draw.choice(CHANGES)(s * draw.choice(shared))
    return s.tanh() if draw.random() < 0.5 else 0.9 * h[i] + 0.1 * s.tanh()


class Tangled:
    """A recurrence of random expressions, in which each number of a step may read others of the same step.

    `uniform` steps have one expression for all their numbers, as layers have.
    """

    def __init__(self, seed):
        self.rng = rng = random.Random(seed)
        self.width, steps, self.uniform = rng.randint(1, 6), rng.randint(7, 15), rng.random() < 0.5
        self.weights, self.own = values(rng, rng.randint(2, 12)), values(rng, steps, self.width)
        self.states = values(rng, 2, self.width)
        one = self.draw(4)
        plan = [one if self.uniform else self.draw(rng.randint(2, 4)) for _ in range(self.width)]
        for t in range(steps):
            self.new = []
            for k, expression in enumerate(plan):
                kept = self.weights[0] * self.states[-1][k]
                self.new.append((0.7 * self.value(expression, t, k if self.uniform else 0) + kept).tanh())
            self.states.append(self.new)
        ends = [*self.states[-2], *self.states[-1]]
        everything = [v for row in self.states[2:] for v in row]
        self.output = rng.choice([log_sum_exp(ends), sum(v * v for v in ends), sum(v * v for v in everything)])

    def draw(self, depth):
        """Returns a random expression, as a tuple."""
        rng = self.rng
        kind = rng.choice(["state", "own", "weight", "new", "map", "product", "fold", "sum"] if depth else ["state"])
        if kind in ("state", "own", "weight", "new"):
            return (
                kind,
                rng.randrange(self.width if kind in ("state", "own") else len(self.weights)),
                rng.choice([1, 1, 2]),
            )
        if kind == "map":
            return kind, rng.choice(CHANGES), self.draw(depth - 1)
        return kind, *(self.draw(depth - 1) for _ in range(rng.randint(2, 4)))

    def value(self, expression, t, k):
        """Returns the expression's Value for number k of step t."""
        kind, *rest = expression
        if kind in ("state", "own"):
            return (self.states[-rest[1]] if kind == "state" else self.own[t])[(rest[0] + k) % self.width]
        if kind == "weight":
            return self.weights[rest[0]]
        if kind == "new":
            return self.new[-1] if self.new else self.states[-1][0]
        if kind == "map":
            return rest[0](self.value(rest[1], t, k))
        inner = [self.value(x, t, k) for x in rest]
        if kind == "fold":
            return log_sum_exp([v + 0.0 for v in inner])
        return inner[0] * inner[1] if kind == "product" else 0.5 * sum(inner)


def lstm(steps, width=8, inputs=3):
    """Returns (output, parameters) of a network with gates, with plain numbers as inputs."""
    rng = random.Random(5)
    w, b = values(rng, 4 * width, inputs + width), values(rng, 4 * width)
    h, c = [Value(0.0)] * width, [Value(0.0)] * width
    for _ in range(steps):
        z = linear(w, [*(Value(rng.uniform(-1, 1)) for _ in range(inputs)), *h], b)
        i, f, o, g = (z[k * width : (k + 1) * width] for k in range(4))
        c = [f.sigmoid() * c + i.sigmoid() * g.tanh() for f, c, i, g in zip(f, c, i, g, strict=True)]
        h = [o.sigmoid() * c.tanh() for o, c in zip(o, c, strict=True)]
    return sum(v * v for v in h), [*flat(w), *b]


def random_field(steps, labels=6):
    """Returns ln Z of a linear-chain conditional random field, and its scores for each step and each transition."""
    rng = random.Random(6)
    scores, transitions = values(rng, steps, labels), values(rng, labels, labels)
    a = scores[0]
    for row in scores[1:]:
        a = [e + log_sum_exp([p + q[k] for p, q in zip(a, transitions, strict=True)]) for k, e in enumerate(row)]
    return log_sum_exp(a), [*flat(scores), *flat(transitions)]


def hidden_markov_model(steps, states=5):
    """Returns (output, parameters): the negative log-likelihood of random observations, by the forward algorithm."""
    rng = random.Random(7)
    rows, emissions, start = values(rng, states, states), values(rng, states, 4), values(rng, states)
    transitions, seen = ([[v - log_sum_exp(row) for v in row] for row in part] for part in (rows, emissions))
    a = [v.log() + row[0] for v, row in zip(softmax(start), seen, strict=True)]
    for _ in range(steps - 1):
        o = rng.randrange(4)
        a = [log_sum_exp([p + q[k] for p, q in zip(a, transitions, strict=True)]) + seen[k][o] for k in range(states)]
    return -log_sum_exp(a), [*flat(rows), *flat(emissions), *start]


def lotka_volterra(steps, step_of="euler", h=0.02):
    """Returns (output, parameters) of the predator–prey equations, by Euler's or the classical Runge–Kutta method."""
    x, y, a, b = parameters = [Value(v) for v in (1.0, 0.3, 0.8, 0.5)]
    change = lambda x, y: (a * x - b * x * y, b * x * y - y)  # noqa: E731
    for _ in range(steps):
        k1 = change(x, y)
        if step_of == "euler":
            x, y = x + h * k1[0], y + h * k1[1]
            continue
        k2 = change(x + h / 2 * k1[0], y + h / 2 * k1[1])
        k3 = change(x + h / 2 * k2[0], y + h / 2 * k2[1])
        k4 = change(x + h * k3[0], y + h * k3[1])
        x, y = (v + h / 6 * (p + 2 * q + 2 * r + s) for v, p, q, r, s in zip((x, y), k1, k2, k3, k4, strict=True))
    return x * x + y * y, parameters


def kalman(steps):
    """Returns (output, parameters): the negative log-likelihood of a one-dimensional Kalman filter."""
    rng = random.Random(1)
    q, r, f, h = parameters = [Value(v) for v in (0.1, 0.4, 0.95, 1.1)]
    x, p, cost = Value(0.0), Value(1.0), 0.0
    for _ in range(steps):
        x, p = f * x, f * f * p + q
        error, s = rng.uniform(-1, 1) - h * x, h * h * p + r
        gain = p * h / s
        x, p = x + gain * error, (1 - gain * h) * p
        cost = cost + error * error / s + s.log()
    return cost, parameters


def triangular(unknowns):
    """Returns ‖x‖², and L and b, where L x = b is solved by forward substitution."""
    rng = random.Random(2)
    rows = [[*values(rng, i), Value(1.5)] for i in range(unknowns)]
    b, x = values(rng, unknowns), []
    for row, right in zip(rows, b, strict=True):
        for weight, known in zip(row, x, strict=False):
            right = right - weight * known
        x.append(right / row[-1])
    return sum(v * v for v in x), [v for row in rows for v in row] + b


def recurrent_network(steps, width=12, inputs=6):
    """Returns (output, parameters): the same layer at each step, with plain numbers as inputs."""
    rng = random.Random(3)
    wx, wh, b = values(rng, width, inputs), values(rng, width, width), values(rng, width)
    h = [Value(0.0)] * width
    for _ in range(steps):
        x = [rng.uniform(-1, 1) for _ in range(inputs)]
        h = [(dot(p, x) + dot(q, h) + c).tanh() for p, q, c in zip(wx, wh, b, strict=True)]
    return sum(v * v for v in h), [v for row in (*wx, *wh, b) for v in row]


def equal_layers(layers, width=5):
    """Returns (output, weights, x): layers of equal width, each with its own weights."""
    rng = random.Random(4)
    weights, x = values(rng, layers, width, width), values(rng, width)
    h = x
    for rows in weights:
        h = [dot(row, h).tanh() for row in rows]
    return sum(v * v for v in h), [v for rows in weights for row in rows for v in row], x
