"""A plain Value, as a good programmer writes it in ten minutes, and networks of it. The engine is timed beside it.

There is one node for each operation. A node keeps a tuple of its children and a tuple of the local gradients, in slots
and without closures. The backward walk first collects the nodes in topological order.
"""

import math
import random


class Plain:
    """A number that remembers its children and the local gradients."""

    __slots__ = ("children", "data", "grad", "local_grads")

    def __init__(self, data, children=(), local_grads=()):
        self.data = data
        self.grad = 0.0
        self.children = children
        self.local_grads = local_grads

    def __add__(self, other):
        other = other if isinstance(other, Plain) else Plain(other)
        return Plain(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Plain) else Plain(other)
        return Plain(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, exponent):
        return Plain(self.data**exponent, (self,), (exponent * self.data ** (exponent - 1),))

    def exp(self):
        y = math.exp(self.data)
        return Plain(y, (self,), (y,))

    def log(self):
        return Plain(math.log(self.data), (self,), (1.0 / self.data,))

    def relu(self):
        return Plain(max(self.data, 0.0), (self,), (1.0 if self.data > 0 else 0.0,))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -other

    def __truediv__(self, other):
        return self * other**-1.0

    __radd__, __rmul__ = __add__, __mul__

    def backward(self):
        """Adds the gradients of everything below; they accumulate unless they are cleared."""
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for child in node.children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for child, local in zip(node.children, node.local_grads, strict=True):
                child.grad += local * node.grad


class PlainMLP:
    """micrograd's network, with the same numbers, of plain Values: relu in all layers but the last."""

    def __init__(self, nin, nouts, seed):
        rng = random.Random(seed)
        self.layers = []
        for n in nouts:
            neurons = [([Plain(rng.uniform(-1, 1)) for _ in range(nin)], Plain(0.0)) for _ in range(n)]
            self.layers.append(neurons)
            nin = n

    def __call__(self, a):
        for neurons in self.layers:
            z = [sum((w * x for w, x in zip(weights, a, strict=True)), bias) for weights, bias in neurons]
            a = z if neurons is self.layers[-1] else [v.relu() for v in z]
        return a[0]

    def parameters(self):
        return [v for neurons in self.layers for weights, bias in neurons for v in (*weights, bias)]

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0.0


def dot(weights, inputs):
    """Returns Σ w a, built of single products and sums."""
    return sum(w * a for w, a in zip(weights, inputs, strict=True))


def dots(neurons, inputs):
    """Returns a dot product for each row."""
    return [dot(weights, inputs) for weights, _ in neurons]


def softmax(scores):
    """Returns eᶻ / Σ eᶻ, with the largest z subtracted to avoid overflow."""
    largest = max(score.data for score in scores)
    powers = [(score + -largest).exp() for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def log_sum_exp(scores):
    """Returns ln Σ eᶻ, with the largest z subtracted to avoid overflow."""
    largest = max(score.data for score in scores)
    return sum((score + -largest).exp() for score in scores).log() + largest


def mean(costs):
    """Returns the mean, computed as a product."""
    return sum(costs) * (1.0 / len(costs))


class PlainAdam:
    """Adam, one parameter at a time."""

    def __init__(self, parameters, learning_rate, betas):
        self.parameters, self.learning_rate, self.betas, self.steps = parameters, learning_rate, betas, 0
        self.means, self.squares = [0.0] * len(parameters), [0.0] * len(parameters)

    def step(self):
        """Takes one step, and clears the gradients."""
        rate, (b1, b2) = self.learning_rate(self.steps), self.betas
        self.steps += 1
        for i, p in enumerate(self.parameters):
            self.means[i] = b1 * self.means[i] + (1 - b1) * p.grad
            self.squares[i] = b2 * self.squares[i] + (1 - b2) * p.grad**2
            mean, square = self.means[i] / (1 - b1**self.steps), self.squares[i] / (1 - b2**self.steps)
            p.data -= rate * mean / (math.sqrt(square) + 1e-8)
            p.grad = 0.0
