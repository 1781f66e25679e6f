"""Graphs for the tests of lift: random ones with every operation, and structured ones that people build."""

import random
from functools import cache

import numpy as np

from autograd import DomainError, Value, apply, dot, log_sum_exp, topological
from autograd.table import TABLE
from nn import MLP, mean, quadratic

TOLERANCE = 1e-12  # relative to the sum of the terms' magnitudes


def leaves_of(*outputs):
    """Returns the leaves of the graph, in order of first use."""
    return list(dict.fromkeys(v for node in topological(*outputs)[::-1] for v in node.parents if v.op is None))


def random_graph(seed):
    """Returns a random output and its leaves: up to 40 operations, with operands drawn from all earlier nodes.

    Some operands are plain numbers, and some nodes are used twice. Results and slopes stay where rounding is small.
    """
    rng = random.Random(seed)
    nodes = [Value(rng.uniform(-1.5, 1.5)) for _ in range(rng.randint(2, 10))]
    first, wanted = len(nodes), len(nodes) + rng.randint(1, 40)

    def operand():
        return rng.choice(nodes) if rng.random() < 0.85 else rng.uniform(-2, 2)

    while len(nodes) < wanted:
        op = rng.choice(TABLE)
        try:
            if op.name == "dot":
                weights = [operand() for _ in range(rng.randint(1, 5))]
                inputs = weights if rng.random() < 0.2 else [operand() for _ in weights]
                made = dot(weights, inputs, operand() if rng.random() < 0.5 else None)
            elif op.name == "pow":
                made = apply(op, operand(), rng.choice([2.0, 2.0, 3.0, 0.5, -1.0, operand()]))
            elif op.name == "where":
                made = apply(op, rng.choice([0.0, 1.0, operand()]), operand(), operand())
            elif op.name == "log_sum_exp":
                made = apply(op, *(operand() for _ in range(rng.randint(1, 6))))
            elif len(op.slopes) == 2:
                a = operand()
                made = apply(op, a, a if rng.random() < 0.15 else operand())
            else:
                made = apply(op, operand())
        except DomainError:
            continue
        if made.op is not None and 1e-3 < abs(made.data) < 20 and all(abs(slope) < 50 for slope in made.local_grads):
            nodes.append(made)
    made = nodes[first:]
    ends = [v for v in made if rng.random() < 0.3] or [made[-1]]
    output = rng.choice([made[-1], sum(ends[1:], ends[0] * 1.0), sum((v * v for v in ends), 0.5 * nodes[0])])
    return output, leaves_of(output), rng


def magnitudes(output):
    """Returns, for each Value of the graph, the sum of the magnitudes of its gradient's terms; a term is one path.

    A slope that is a sum counts with the magnitudes of its terms: tanh′ = 1 − y² and σ′ = y − y² lose digits
    where y is near 1.
    """
    found = {output: 1.0}
    for node in topological(output):
        y = node.data
        own = {"tanh": 1 + y * y, "sigmoid": y + y * y}.get(node.op.name)
        for parent, slope in zip(node.parents, node.local_grads, strict=True):
            found[parent] = found.get(parent, 0.0) + (abs(slope) if own is None else own) * found[node]
    return found


def worked_out(outputs, numbers):
    """Returns the outputs of the graph for other numbers of its leaves, given as {leaf: Value}."""
    made = dict(numbers)
    for node in topological(*outputs)[::-1]:
        made[node] = apply(node.op, *(made.get(v, v) if isinstance(v, Value) else v for v in node.operands))
    return [made[output] for output in outputs]


def eager(output, parameters):
    """Returns the output's number, its gradient, and the sums of the magnitudes of the terms of both."""
    for parameter in parameters:
        parameter.grad = 0.0
    output.backward()
    terms = magnitudes(output)
    size = abs(output.data) + sum(abs(v.data) * terms[v] for v in leaves_of(output))
    gradient = np.array([parameter.grad for parameter in parameters])
    return output.data, gradient, size, np.array([terms.get(parameter, 0.0) for parameter in parameters])


def assert_equal(result, expected):
    (cost, gradient), (number, slopes, size, sizes) = result, expected
    assert abs(cost - number) <= TOLERANCE * size
    assert gradient.shape == slopes.shape
    off = np.abs(gradient - slopes)
    assert (off <= TOLERANCE * sizes).all(), (gradient, slopes)


def eager_mean(output, parameters, inputs, examples):
    """Returns the mean of `eager` over examples, which are rows of numbers for the inputs."""
    parts = []
    for row in examples:
        (made,) = worked_out([output], {x: Value(number) for x, number in zip(inputs, row, strict=True)})
        parts.append(eager(made, parameters))
    return tuple(sum(part) / len(parts) for part in zip(*parts, strict=True))


# ---- graphs that people build; each function returns (output, parameters, inputs)


def values(rng, *shape):
    if len(shape) == 1:
        return [Value(rng.uniform(-1, 1)) for _ in range(shape[0])]
    return [values(rng, *shape[1:]) for _ in range(shape[0])]


def flat(nested):
    return [v for part in nested for v in (flat(part) if isinstance(part, list) else [part])]


def linear(weights, x, biases=None):
    return [dot(row, x, None if biases is None else biases[j]) for j, row in enumerate(weights)]


def softmax(scores):
    powers = [score.exp() for score in scores]
    whole = sum(powers)
    return [power / whole for power in powers]


def attention(rng, tokens=4, width=6, causal=False):
    """Softmax attention, which has products of activations with activations."""
    x, (wq, wk, wv) = values(rng, tokens, width), (values(rng, width, width) for _ in range(3))
    q, k, v = ([linear(w, token) for token in x] for w in (wq, wk, wv))
    outputs = []
    for t in range(tokens):
        seen = range(t + 1 if causal else tokens)
        shares = softmax([dot(q[t], k[u]) * 0.4 for u in seen])
        outputs.append([dot(shares, [v[u][j] for u in seen]) for j in range(width)])
    return sum(quadratic(o, [0.1] * width) for o in outputs), flat([wq, wk, wv]), flat(x)


def causal_attention(rng):
    return attention(rng, causal=True)


def convolution(rng):
    """Three 3 × 3 kernels on an 8 × 8 picture, then a layer. Each weight of a kernel is used 36 times."""
    picture, kernels, b, w = values(rng, 8, 8), values(rng, 3, 9), values(rng, 3), values(rng, 4, 108)
    patches = [[picture[i + di][j + dj] for di in range(3) for dj in range(3)] for i in range(6) for j in range(6)]
    maps = [dot(kernel, patch, bias).relu() for kernel, bias in zip(kernels, b, strict=True) for patch in patches]
    return quadratic([z.tanh() for z in linear(w, maps)], [0.1] * 4), flat([kernels, b, w]), flat(picture)


def recurrent(rng):
    """A recurrent network of five steps, which all use the same two matrices."""
    wx, wh, b, x = values(rng, 4, 3), values(rng, 4, 4), values(rng, 4), values(rng, 5, 3)
    h = [Value(0.1) * 0.5 for _ in range(4)]
    for moment in x:
        h = [(p + q).tanh() for p, q in zip(linear(wx, moment, b), linear(wh, h), strict=True)]
    return quadratic(h, [0.1] * 4), flat([wx, wh, b]), flat(x)


def gates(rng, width=4):
    """Three steps of an LSTM: (cost, parameters)."""
    W, U, b, x = values(rng, 4 * width, 3), values(rng, 4 * width, width), values(rng, 4 * width), values(rng, 3, 3)
    h, c = ([Value(0.1) * 0.5 for _ in range(width)] for _ in range(2))
    for moment in x:
        z = [p + q for p, q in zip(linear(W, moment, b), linear(U, h), strict=True)]
        inner, forget, outer = ([v.sigmoid() for v in z[k * width : (k + 1) * width]] for k in range(3))
        c = [f * old + i * v.tanh() for f, old, i, v in zip(forget, c, inner, z[3 * width :], strict=True)]
        h = [o * v.tanh() for o, v in zip(outer, c, strict=True)]
    return quadratic(h, [0.1] * width), flat([W, U, b])


def soft_k_means():
    """−Σ ln Σ e^(−‖x − c‖²/2): (cost, centres)."""
    rng = random.Random(1)
    centres, points = values(rng, 3, 2), [[rng.uniform(-1, 1) for _ in range(2)] for _ in range(7)]
    cost = Value(0.0)
    for point in points:
        gaps = [sum((a - v) ** 2 for a, v in zip(centre, point, strict=True)) for centre in centres]
        cost = cost - log_sum_exp([-0.5 * gap for gap in gaps])
    return cost, flat(centres)


def classifier(rng):
    """A classifier with softmax cross-entropy and an L2 penalty."""
    model, x = MLP(3, [5, 4], activation="tanh", seed=rng.randint(0, 99)), values(rng, 7, 3)
    outputs = [model(example) for example in x]
    costs = [sum(z.exp() for z in zs).log() - zs[i % 4] for i, zs in enumerate(outputs)]
    return mean(costs) + 1e-3 * sum(p**2 for p in model.parameters()), model.parameters(), flat(x)


def residual(rng):
    layers, x = values(rng, 3, 4, 4), values(rng, 6, 4)
    costs = []
    for h in x:
        for w in layers:
            h = [a + z.tanh() for a, z in zip(h, linear(w, h), strict=True)]
        costs.append(quadratic(h, [0.3] * 4))
    return mean(costs), flat(layers), flat(x)


def normalised(rng):
    """Layer normalisation: (x − mean) / √variance of each example."""
    gain, b, w, x = values(rng, 4), values(rng, 4), values(rng, 4, 4), values(rng, 5, 4)
    costs = []
    for example in x:
        z = linear(w, example)
        middle = sum(z) / 4
        spread = (sum((v - middle) ** 2 for v in z) / 4 + 1e-5).sqrt()
        h = [g * ((v - middle) / spread) + c for v, g, c in zip(z, gain, b, strict=True)]
        costs.append(quadratic(h, [0.3] * 4))
    return mean(costs), flat([gain, b, w]), flat(x)


def embedded(rng):
    """Rows of a table of parameters, chosen at random, some of them several times."""
    table, w = values(rng, 6, 4), values(rng, 6, 4)
    costs = []
    for _ in range(12):
        i, j = rng.randrange(6), rng.randrange(6)
        scores = linear(w, [a + b for a, b in zip(table[i], table[j], strict=True)])
        costs.append(-softmax(scores)[j].log())
    output = mean(costs)
    return output, [v for v in flat([table, w]) if v in set(leaves_of(output))], []


def plain_numbers(rng):
    """A batch of plain numbers, and neurons built of single products and sums."""
    model = MLP(3, [4, 2], activation="tanh", output="sigmoid", seed=3)
    costs = []
    for _ in range(5):
        a = [rng.uniform(-1, 1) for _ in range(3)]
        for layer in model.layers:
            z = [sum((w * v for w, v in zip(n.weights, a, strict=True)), n.bias) for n in layer.neurons]
            a = layer.activate(z)
        costs.append(quadratic(a, [0.2, 0.9]))
    return mean(costs), model.parameters(), []


def narrow(rng):
    """Layers of one neuron each, as in note 3, on a batch."""
    model, x = MLP(1, [1, 1], activation="tanh", seed=1), values(rng, 6, 1)
    return mean(quadratic(model(example), 0.3) for example in x), model.parameters(), flat(x)


STRUCTURES = [attention, causal_attention, convolution, recurrent, classifier, residual, normalised, embedded,
              plain_numbers, narrow]  # fmt: skip


def note_2(elementary=False, output="sigmoid"):
    """Returns note 2's network, 3 → 4 → 2: its cost, its parameters, and x and y."""
    model = MLP(3, [4, 2], activation="tanh", output=output, seed=2)
    x, y = [Value(v) for v in (0.5, -0.3, 0.8)], [Value(v) for v in (0.2, 0.9)]
    a = x
    for layer in model.layers:
        z = layer.weighted_inputs(a)
        if elementary:
            z = [sum((w * v for w, v in zip(n.weights, a, strict=True)), n.bias) for n in layer.neurons]
        a = layer.activate(z)
    return quadratic(a, y), model.parameters(), [*x, *y]


# ---- W2, the training step of micrograd's demo


@cache
def w2(kind="fused", samples=100):
    """Returns the cost and the parameters of W2: MLP(2, [16, 16, 1]), hinge loss of 100 samples, and L2."""
    model = MLP(2, [16, 16, 1], seed=1337)
    rng = random.Random(0)
    points = [[rng.uniform(-1, 1), rng.uniform(-1, 1)] for _ in range(samples)]
    wanted = [1 if x * y > 0 else -1 for x, y in points]
    scores = [_score(model, list(map(Value, point)), kind) for point in points]
    losses = [(1 + -y * score).relu() for y, score in zip(wanted, scores, strict=True)]
    cost = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
    return cost, model.parameters()


def _score(model, a, kind):
    if kind == "fused":
        return model(a)
    for layer in model.layers:
        z = [sum((w * x for w, x in zip(n.weights, a, strict=True)), n.bias) for n in layer.neurons]
        a = z if layer is model.layers[-1] else [v.relu() for v in z]
    return a[0]
