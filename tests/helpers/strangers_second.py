"""Engines as strangers write them: the texts of three more right engines, after those of `strangers_first`."""

# A node is a record with the time at which it was made; the youngest passes its gradient on first.
RECORDS = """
CLOCK = itertools.count()


@dataclass(eq=False)
class Num:
    data: float
    edges: tuple = ()
    grad: float = 0.0
    born: int = field(default_factory=lambda: next(CLOCK))

    @classmethod
    def of(cls, x):
        return x if isinstance(x, cls) else cls(x)

    def __add__(self, other):
        other = Num.of(other)
        return Num(self.data + other.data, ((self, lambda g: g), (other, lambda g: g)))

    def __mul__(self, other):
        other = Num.of(other)
        a, b = self.data, other.data
        return Num(a * b, ((self, lambda g: g * b), (other, lambda g: g * a)))

    def __pow__(self, k):
        if isinstance(k, Num):
            raise TypeError("the exponent is a constant")
        x = self.data
        return Num(x ** k, ((self, lambda g: g * k * x ** (k - 1)),))

    def __neg__(self):
        return Num(-self.data, ((self, lambda g: -g),))

    def __sub__(self, other):
        return self + -Num.of(other)

    def __truediv__(self, other):
        return self * Num.of(other) ** -1

    def __rsub__(self, other):
        return Num.of(other) - self

    def __rtruediv__(self, other):
        return Num.of(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def tanh(self):
        y = math.tanh(self.data)
        return Num(y, ((self, lambda g: g * (1 - y ** 2)),))

    def exp(self):
        y = math.exp(self.data)
        return Num(y, ((self, lambda g: g * y),))

    def log(self):
        x = self.data
        return Num(math.log(x), ((self, lambda g: g / x),))

    def relu(self):
        x = self.data
        return Num(x if x > 0 else 0.0, ((self, lambda g: g if x > 0 else 0.0),))

    def softplus(self):
        x = self.data
        return Num(math.log(1 + math.exp(x)), ((self, lambda g: g / (1 + math.exp(-x))),))

    def backward(self):
        heap, grads, nodes = [-self.born], {self.born: 1.0}, {self.born: self}
        while heap:
            born = -heapq.heappop(heap)
            node, g = nodes[born], grads[born]
            if node.edges:
                node.grad = 0.0
            node.grad += g
            for parent, push in node.edges:
                if parent.born not in nodes:
                    heapq.heappush(heap, -parent.born)
                    nodes[parent.born] = parent
                    grads[parent.born] = 0.0
                grads[parent.born] += push(g)
"""

# Each operation is a class with a forward and a backward, as in PyTorch.
FUNCTIONS = """
class Function:
    @classmethod
    def apply(cls, *xs):
        xs = [x if isinstance(x, Variable) else Variable(x) for x in xs]
        out = Variable(cls.forward(*[x.data for x in xs]))
        out.function, out.inputs = cls, xs
        return out


class Add(Function):
    def forward(a, b): return a + b
    def backward(g, y, a, b): return g, g


class Mul(Function):
    def forward(a, b): return a * b
    def backward(g, y, a, b): return g * b, g * a


class Div(Function):
    def forward(a, b): return a / b
    def backward(g, y, a, b): return g / b, -g * a / (b * b)


class Pow(Function):
    def forward(a, b): return a ** b
    def backward(g, y, a, b): return g * b * a ** (b - 1), g * y * math.log(abs(a))


class Exp(Function):
    def forward(a): return math.exp(a)
    def backward(g, y, a): return (g * y,)


class Tanh(Function):
    def forward(a): return math.tanh(a)
    def backward(g, y, a): return (g * (1 - y ** 2),)


class Relu(Function):
    def forward(a): return max(a, 0.0)
    def backward(g, y, a): return (g if a > 0 else 0.0,)


class Sigmoid(Function):
    def forward(a): return 1 / (1 + math.exp(-a))
    def backward(g, y, a): return (g * y * (1 - y),)


class Sin(Function):
    def forward(a): return math.sin(a)
    def backward(g, y, a): return (g * math.cos(a),)


class Variable:
    def __init__(self, data):
        self.data = data
        self.grad = None
        self.function, self.inputs = None, []

    def __add__(self, o): return Add.apply(self, o)
    def __radd__(self, o): return Add.apply(o, self)
    def __mul__(self, o): return Mul.apply(self, o)
    def __rmul__(self, o): return Mul.apply(o, self)
    def __truediv__(self, o): return Div.apply(self, o)
    def __rtruediv__(self, o): return Div.apply(o, self)
    def __pow__(self, o): return Pow.apply(self, o)
    def __neg__(self): return Mul.apply(self, -1.0)
    def __sub__(self, o): return Add.apply(self, Mul.apply(o, -1.0))
    def __rsub__(self, o): return Add.apply(o, -self)
    def exp(self): return Exp.apply(self)
    def tanh(self): return Tanh.apply(self)
    def relu(self): return Relu.apply(self)
    def sigmoid(self): return Sigmoid.apply(self)
    def sin(self): return Sin.apply(self)

    def backward(self):
        seen, order = set(), []
        stack = [(self, iter(self.inputs))]
        seen.add(id(self))
        while stack:
            node, rest = stack[-1]
            for x in rest:
                if id(x) not in seen:
                    seen.add(id(x))
                    stack.append((x, iter(x.inputs)))
                    break
            else:
                order.append(node)
                stack.pop()
        for node in order:
            if node.function:
                node.grad = None
        self.grad = 1.0
        for node in order[::-1]:
            if node.function is None:
                continue
            passed = node.function.backward(node.grad, node.data, *[x.data for x in node.inputs])
            for x, g in zip(node.inputs, passed):
                x.grad = g if x.grad is None else x.grad + g
"""

# One table has every function with its derivative; the methods are made in a loop.
TABLE = """
FUNCTIONS = {
    "exp": (math.exp, lambda x, y: y),
    "log": (math.log, lambda x, y: 1 / x),
    "sqrt": (math.sqrt, lambda x, y: 0.5 / y),
    "sin": (math.sin, lambda x, y: math.cos(x)),
    "cos": (math.cos, lambda x, y: -math.sin(x)),
    "tanh": (math.tanh, lambda x, y: 1 - y * y),
    "relu": (lambda x: x if x > 0 else 0.0, lambda x, y: 1.0 if x > 0 else 0.0),
    "sigmoid": (lambda x: 1 / (1 + math.exp(-x)), lambda x, y: y * (1 - y)),
}
PAIRS = {
    "add": (lambda a, b: a + b, lambda a, b: 1.0, lambda a, b: 1.0),
    "sub": (lambda a, b: a - b, lambda a, b: 1.0, lambda a, b: -1.0),
    "mul": (lambda a, b: a * b, lambda a, b: b, lambda a, b: a),
    "truediv": (lambda a, b: a / b, lambda a, b: 1 / b, lambda a, b: -a / b / b),
}


class Node:
    def __init__(self, data, up=()):
        self.data, self.up, self.grad = data, up, 0.0

    def __neg__(self):
        return Node(-self.data, ((self, -1.0),))

    def backward(self):
        order, done = [], {}
        def go(n):
            if id(n) in done:
                return
            done[id(n)] = n
            for m, _ in n.up:
                go(m)
            order.append(n)
        go(self)
        for n in order:
            n.grad = 0.0
        self.grad = 1.0
        for n in order[::-1]:
            for m, d in n.up:
                m.grad += n.grad * d


def method(f, slope):
    def apply(self):
        y = f(self.data)
        return Node(y, ((self, slope(self.data, y)),))
    return apply


def pair(f, left, right):
    def apply(a, b):
        a, b = (x if isinstance(x, Node) else Node(x) for x in (a, b))
        return Node(f(a.data, b.data), ((a, left(a.data, b.data)), (b, right(a.data, b.data))))
    return apply


for name, (f, slope) in FUNCTIONS.items():
    setattr(Node, name, method(f, slope))
for name, three in PAIRS.items():
    apply = pair(*three)
    setattr(Node, f"__{name}__", apply)
    setattr(Node, f"__r{name}__", lambda a, b, apply=apply: apply(b, a))
"""
