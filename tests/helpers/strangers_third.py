"""Engines as strangers write them: the texts of four more right engines, after those of `strangers_second`."""

# As in PyTorch: a result has a function, which passes gradients on to functions. Only leaves keep a gradient.
GRAD_FN = """
class Leaf:
    def __init__(self, tensor):
        self.tensor, self.next = tensor, ()

    def apply(self, g):
        self.tensor.grad = g if self.tensor.grad is None else self.tensor.grad + g
        return ()


class Fn:
    def __init__(self, y, *tensors):
        self.y, self.saved = y, [t.data for t in tensors]
        self.next = [t.edge() for t in tensors]


class AddBackward(Fn):
    def apply(self, g): return g, g


class MulBackward(Fn):
    def apply(self, g):
        a, b = self.saved
        return g * b, g * a


class DivBackward(Fn):
    def apply(self, g):
        a, b = self.saved
        return g / b, -g * a / (b * b)


class PowBackward(Fn):
    def apply(self, g):
        a, b = self.saved
        return g * b * a ** (b - 1), g * self.y * math.log(a) if a > 0 else 0.0


class TanhBackward(Fn):
    def apply(self, g): return (g * (1 - self.y ** 2),)


class LogBackward(Fn):
    def apply(self, g): return (g / self.saved[0],)


class ExpBackward(Fn):
    def apply(self, g): return (g * self.y,)


class Tensor:
    def __init__(self, data, requires_grad=True, grad_fn=None):
        self.data, self.requires_grad, self.grad_fn = data, requires_grad, grad_fn
        self.grad = self.leaf = None

    def edge(self):
        if self.grad_fn is None and self.requires_grad:
            self.leaf = self.leaf or Leaf(self)
        return self.grad_fn or self.leaf

    def make(kind, y, *tensors):
        return Tensor(y, grad_fn=kind(y, *tensors))

    def of(x):
        return x if isinstance(x, Tensor) else Tensor(x, requires_grad=False)

    def __add__(self, o): return Tensor.make(AddBackward, self.data + Tensor.of(o).data, self, Tensor.of(o))
    def __mul__(self, o): return Tensor.make(MulBackward, self.data * Tensor.of(o).data, self, Tensor.of(o))
    def __truediv__(self, o): return Tensor.make(DivBackward, self.data / Tensor.of(o).data, self, Tensor.of(o))
    def __pow__(self, o): return Tensor.make(PowBackward, self.data ** Tensor.of(o).data, self, Tensor.of(o))
    def __neg__(self): return self * -1.0
    def __sub__(self, o): return self + -Tensor.of(o)
    def __rsub__(self, o): return Tensor.of(o) - self
    def __rtruediv__(self, o): return Tensor.of(o) / self
    def tanh(self): return Tensor.make(TanhBackward, math.tanh(self.data), self)
    def log(self): return Tensor.make(LogBackward, math.log(self.data), self)
    def exp(self): return Tensor.make(ExpBackward, math.exp(self.data), self)
    __radd__, __rmul__ = __add__, __mul__

    def backward(self):
        order, seen, stack = [], set(), [(self.grad_fn, False)]
        while stack:
            f, done = stack.pop()
            if done:
                order.append(f)
            elif f not in seen:
                seen.add(f)
                stack.append((f, True))
                stack += [(n, False) for n in f.next if n]
        grads = {self.grad_fn: 1.0}
        for f in reversed(order):
            for n, passed in zip(f.next, f.apply(grads[f])):
                if n:
                    grads[n] = grads.get(n, 0.0) + passed
"""

# Each operation is an object of a class. Those of the youngest generation pass their gradients on first.
GENERATIONS = """
class Variable:
    def __init__(self, data):
        self.data, self.grad, self.creator, self.generation = data, None, None, 0

    def backward(self):
        if self.grad is None:
            self.grad = 1.0
        functions, seen = [], set()
        def add(f):
            if f is not None and f not in seen:
                functions.append(f)
                seen.add(f)
                functions.sort(key=lambda f: f.generation)
        add(self.creator)
        while functions:
            f = functions.pop()
            passed = f.backward(f.output.grad)
            for x, g in zip(f.inputs, passed if isinstance(passed, tuple) else (passed,)):
                x.grad = g if x.grad is None else x.grad + g
                add(x.creator)


class Function:
    def __call__(self, *inputs):
        self.inputs = [x if isinstance(x, Variable) else Variable(x) for x in inputs]
        self.output = Variable(self.forward(*self.data()))
        self.generation = max(x.generation for x in self.inputs)
        self.output.creator, self.output.generation = self, self.generation + 1
        return self.output

    def data(self):
        return [x.data for x in self.inputs]


class Add(Function):
    def forward(self, a, b): return a + b
    def backward(self, g): return g, g


class Mul(Function):
    def forward(self, a, b): return a * b
    def backward(self, g): return g * self.data()[1], g * self.data()[0]


class Sub(Function):
    def forward(self, a, b): return a - b
    def backward(self, g): return g, -g


class Div(Function):
    def forward(self, a, b): return a / b
    def backward(self, g): return g / self.data()[1], g * (-self.data()[0] / self.data()[1] ** 2)


class Exp(Function):
    def forward(self, x): return math.exp(x)
    def backward(self, g): return self.output.data * g


class Relu(Function):
    def forward(self, x): return max(x, 0.0)
    def backward(self, g): return g * (self.data()[0] > 0)


Variable.__add__ = Variable.__radd__ = lambda self, o: Add()(self, o)
Variable.__mul__ = Variable.__rmul__ = lambda self, o: Mul()(self, o)
Variable.__neg__ = lambda self: Sub()(0.0, self)
Variable.__sub__ = lambda self, o: Sub()(self, o)
Variable.__rsub__ = lambda self, o: Sub()(o, self)
Variable.__truediv__ = lambda self, o: Div()(self, o)
Variable.__rtruediv__ = lambda self, o: Div()(o, self)
Variable.exp = lambda self: Exp()(self)
Variable.relu = lambda self: Relu()(self)
"""

# A list of nodes, each with the places and derivatives of its operands. Constants are no nodes: they have code apart.
APART = """
NODES, VARS = [], {}


class Var:
    def __init__(self, data, *uses):
        NODES.append(uses)
        self.data, self.at, self.grad = data, len(NODES) - 1, 0.0
        VARS[self.at] = self

    def __add__(self, o):
        if not isinstance(o, Var):
            return Var(self.data + o, (self.at, 1.0))
        return Var(self.data + o.data, (self.at, 1.0), (o.at, 1.0))

    def __mul__(self, o):
        if not isinstance(o, Var):
            return Var(self.data * o, (self.at, o))
        return Var(self.data * o.data, (self.at, o.data), (o.at, self.data))

    def __sub__(self, o):
        if not isinstance(o, Var):
            return Var(self.data - o, (self.at, 1.0))
        return Var(self.data - o.data, (self.at, 1.0), (o.at, -1.0))

    def __rsub__(self, o):
        return Var(o - self.data, (self.at, -1.0))

    def __truediv__(self, o):
        if not isinstance(o, Var):
            return Var(self.data / o, (self.at, 1 / o))
        return Var(self.data / o.data, (self.at, 1 / o.data), (o.at, -self.data / o.data ** 2))

    def __rtruediv__(self, o):
        return Var(o / self.data, (self.at, -o / self.data ** 2))

    def tanh(self):
        return Var(math.tanh(self.data), (self.at, 1 / math.cosh(self.data) ** 2))

    def log(self):
        return Var(math.log(self.data), (self.at, 1 / self.data))

    __radd__, __rmul__ = __add__, __mul__

    def backward(self):
        passed = [0.0] * len(NODES)
        passed[self.at] = 1.0
        for i in reversed(range(self.at + 1)):
            for j, slope in NODES[i]:
                passed[j] += slope * passed[i]
        for i, var in VARS.items():
            var.grad = passed[i]
"""

# A number waits until all its uses have passed on. Its gradients come from functions beside its operands.
WAITING = """
class Node:
    __slots__ = ("data", "grad", "prev", "vjps")

    def __init__(self, data, prev=(), vjps=()):
        self.data, self.grad, self.prev, self.vjps = data, 0.0, prev, vjps

    def of(x):
        return x if isinstance(x, Node) else Node(x)

    def __add__(self, o):
        o = Node.of(o)
        return Node(self.data + o.data, (self, o), (lambda g: g, lambda g: g))

    def __mul__(self, o):
        o = Node.of(o)
        return Node(self.data * o.data, (self, o), (lambda g: g * o.data, lambda g: g * self.data))

    def __pow__(self, o):
        o, y = Node.of(o), self.data ** Node.of(o).data
        return Node(y, (self, o), (lambda g: g * o.data * self.data ** (o.data - 1),
                                   lambda g: g * y * math.log(self.data) if self.data > 0 else 0.0))

    def __neg__(self): return self * -1.0
    def __sub__(self, o): return self + -Node.of(o)
    def __truediv__(self, o): return self * Node.of(o) ** -1.0
    __radd__, __rmul__ = __add__, __mul__

    def tanh(self):
        y = math.tanh(self.data)
        return Node(y, (self,), (lambda g: g * (1 - y * y),))

    def backward(self):
        waiting, found = {}, {id(self): self}
        for node in (queue := [self]):
            for child in node.prev:
                waiting[id(child)] = waiting.get(id(child), 0) + 1
                if id(child) not in found:
                    found[id(child)] = child
                    queue.append(child)
        self.grad, ready = 1.0, [self]
        while ready:
            node = ready.pop(0)
            for child, vjp in zip(node.prev, node.vjps):
                child.grad = child.grad + vjp(node.grad)
                waiting[id(child)] -= 1
                if waiting[id(child)] == 0:
                    ready.append(child)
"""
