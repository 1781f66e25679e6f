"""Engines as strangers write them, in other styles than those of `engines`: the texts of three right engines."""

# The class of the lecture: closures, operands in a set, operations composed of others.
LECTURE = """
class Value:
    def __init__(self, data, _children=(), _op='', label=''):
        self.data = data
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = set(_children)
        self._op = _op
        self.label = label

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), '+')
        def _backward():
            self.grad += 1.0 * out.grad
            other.grad += 1.0 * out.grad
        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), '*')
        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._backward = _backward
        return out

    def __pow__(self, other):
        assert isinstance(other, (int, float)), "only supporting int/float powers for now"
        out = Value(self.data ** other, (self,), f'**{other}')
        def _backward():
            self.grad += other * self.data ** (other - 1) * out.grad
        out._backward = _backward
        return out

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        return self * other ** -1 if isinstance(other, Value) else self * (1 / other)

    def __rtruediv__(self, other):
        return other * self ** -1

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def tanh(self):
        t = (math.exp(2 * self.data) - 1) / (math.exp(2 * self.data) + 1)
        out = Value(t, (self,), 'tanh')
        def _backward():
            self.grad += (1 - t ** 2) * out.grad
        out._backward = _backward
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), 'exp')
        def _backward():
            self.grad += out.data * out.grad
        out._backward = _backward
        return out

    def relu(self):
        out = Value(0 if self.data < 0 else self.data, (self,), 'relu')
        def _backward():
            self.grad += (out.data > 0) * out.grad
        out._backward = _backward
        return out

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        out = Value(s, (self,), 'sigmoid')
        def _backward():
            self.grad += s * (1 - s) * out.grad
        out._backward = _backward
        return out

    def log(self):
        out = Value(math.log(self.data), (self,), 'log')
        def _backward():
            self.grad += 1 / self.data * out.grad
        out._backward = _backward
        return out

    def backward(self):
        topo = []
        visited = set()
        def build_topo(v):
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build_topo(child)
                topo.append(v)
        build_topo(self)
        self.grad = 1.0
        for node in reversed(topo):
            node._backward()
"""

# The operation is a string, tested in one place. A number waits until all its uses have passed their gradients on.
STRINGS = """
class Scalar:
    def __init__(self, data, op=None, args=()):
        self.data = float(data)
        self.op = op
        self.args = list(args)
        self.grad = 0.0

    def _lift(x):
        return x if isinstance(x, Scalar) else Scalar(x)

    def __add__(self, o):
        o = Scalar._lift(o)
        return Scalar(self.data + o.data, 'add', [self, o])

    def __sub__(self, o):
        o = Scalar._lift(o)
        return Scalar(self.data - o.data, 'sub', [self, o])

    def __mul__(self, o):
        o = Scalar._lift(o)
        return Scalar(self.data * o.data, 'mul', [self, o])

    def __truediv__(self, o):
        o = Scalar._lift(o)
        return Scalar(self.data / o.data, 'div', [self, o])

    def __pow__(self, o):
        o = Scalar._lift(o)
        return Scalar(self.data ** o.data, 'pow', [self, o])

    def __neg__(self):
        return Scalar(-self.data, 'neg', [self])

    def __radd__(self, o): return Scalar._lift(o) + self
    def __rsub__(self, o): return Scalar._lift(o) - self
    def __rmul__(self, o): return Scalar._lift(o) * self
    def __rtruediv__(self, o): return Scalar._lift(o) / self
    def __rpow__(self, o): return Scalar._lift(o) ** self

    def relu(self): return Scalar(max(0.0, self.data), 'relu', [self])
    def tanh(self): return Scalar(math.tanh(self.data), 'tanh', [self])
    def sigmoid(self): return Scalar(1 / (1 + math.exp(-self.data)), 'sigmoid', [self])
    def exp(self): return Scalar(math.exp(self.data), 'exp', [self])
    def log(self): return Scalar(math.log(self.data), 'log', [self])
    def sqrt(self): return Scalar(self.data ** 0.5, 'sqrt', [self])
    def sin(self): return Scalar(math.sin(self.data), 'sin', [self])
    def cos(self): return Scalar(math.cos(self.data), 'cos', [self])

    def _pass_on(self):
        g, y = self.grad, self.data
        if self.op in ('add', 'sub', 'mul', 'div', 'pow'):
            a, b = self.args
            if self.op == 'add':
                a.grad += g
                b.grad += g
            elif self.op == 'sub':
                a.grad += g
                b.grad -= g
            elif self.op == 'mul':
                a.grad += g * b.data
                b.grad += g * a.data
            elif self.op == 'div':
                a.grad += g / b.data
                b.grad -= g * a.data / b.data ** 2
            else:
                a.grad += g * b.data * a.data ** (b.data - 1)
                if a.data > 0:
                    b.grad += g * y * math.log(a.data)
        else:
            a = self.args[0]
            if self.op == 'neg':
                a.grad -= g
            elif self.op == 'relu':
                a.grad += g * (a.data > 0)
            elif self.op == 'tanh':
                a.grad += g * (1 - y * y)
            elif self.op == 'sigmoid':
                a.grad += g * y * (1 - y)
            elif self.op == 'exp':
                a.grad += g * y
            elif self.op == 'log':
                a.grad += g / a.data
            elif self.op == 'sqrt':
                a.grad += g / (2 * y)
            elif self.op == 'sin':
                a.grad += g * math.cos(a.data)
            elif self.op == 'cos':
                a.grad -= g * math.sin(a.data)

    def backward(self):
        waiting = {}
        todo, met = [self], {id(self)}
        while todo:
            n = todo.pop()
            for p in n.args:
                waiting[id(p)] = waiting.get(id(p), 0) + 1
                if id(p) not in met:
                    met.add(id(p))
                    todo.append(p)
                    if p.args:
                        p.grad = 0.0
        self.grad = 1.0
        ready = [self]
        while ready:
            n = ready.pop()
            if n.args:
                n._pass_on()
            for p in n.args:
                waiting[id(p)] -= 1
                if waiting[id(p)] == 0:
                    ready.append(p)
"""

# The numbers are in lists, and a V is an index into them.
PLACES = """
DATA, GRAD, CAME = [], [], []


class V:
    def __init__(self, number, came=()):
        self.i = len(DATA)
        DATA.append(number)
        GRAD.append(0.0)
        CAME.append(came)

    data = property(lambda self: DATA[self.i])
    grad = property(lambda self: GRAD[self.i], lambda self, g: GRAD.__setitem__(self.i, g))

    def __add__(self, other):
        j = place(other)
        return V(DATA[self.i] + DATA[j], ((self.i, 1.0), (j, 1.0)))

    def __mul__(self, other):
        j = place(other)
        return V(DATA[self.i] * DATA[j], ((self.i, DATA[j]), (j, DATA[self.i])))

    def __sub__(self, other):
        j = place(other)
        return V(DATA[self.i] - DATA[j], ((self.i, 1.0), (j, -1.0)))

    def __truediv__(self, other):
        j = place(other)
        return V(DATA[self.i] / DATA[j], ((self.i, 1 / DATA[j]), (j, -DATA[self.i] / DATA[j] ** 2)))

    def __pow__(self, k):
        x = DATA[self.i]
        return V(x ** k, ((self.i, k * x ** (k - 1)),))

    def __neg__(self):
        return V(-DATA[self.i], ((self.i, -1.0),))

    def __radd__(self, other): return self + other
    def __rmul__(self, other): return self * other
    def __rsub__(self, other): return V(other) - self
    def __rtruediv__(self, other): return V(other) / self

    def exp(self):
        y = math.exp(DATA[self.i])
        return V(y, ((self.i, y),))

    def tanh(self):
        y = math.tanh(DATA[self.i])
        return V(y, ((self.i, 1 - y * y),))

    def relu(self):
        x = DATA[self.i]
        return V(max(x, 0.0), ((self.i, 1.0 if x > 0 else 0.0),))

    def sigmoid(self):
        y = 1 / (1 + math.exp(-DATA[self.i]))
        return V(y, ((self.i, y * (1 - y)),))

    def backward(self):
        passed = [0.0] * len(DATA)
        passed[self.i] = 1.0
        for i in range(self.i, -1, -1):
            if passed[i]:
                for j, slope in CAME[i]:
                    passed[j] += slope * passed[i]
        for i, g in enumerate(passed):
            GRAD[i] += g


def place(x):
    return x.i if isinstance(x, V) else V(x).i
"""
