"""Answers to the exercises in demos/exercises.ipynb: right ones, and wrong ones with the text of their verdict."""

RIGHT = {
    "numbers": """
class Value:
    def __init__(self, data, op="", operands=()):
        self.data, self.op, self.operands = data, op, operands
        self.grad = 0.0
    def __add__(self, other):
        return Value(self.data + other.data, "+", (self, other))
    def __mul__(self, other):
        return Value(self.data * other.data, "*", (self, other))
""",
    "back": """
class Value(Value):
    def slopes(self):
        left, right = (operand.data for operand in self.operands)
        if self.op == "+":
            return 1.0, 1.0
        return right, left
    def backward(self):
        self.grad = 1.0
        for operand, slope in zip(self.operands, self.slopes()):
            operand.grad = slope * self.grad
""",
    "twice": """
class Value(Value):
    def backward(self):
        self.grad = 1.0
        for operand, slope in zip(self.operands, self.slopes()):
            operand.grad += slope * self.grad
""",
    "order": """
class Value(Value):
    def backward(self):
        order, seen = [], set()
        def visit(v):
            if v not in seen:
                seen.add(v)
                for operand in v.operands:
                    visit(operand)
                order.append(v)
        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            for operand, slope in zip(v.operands, v.slopes() if v.operands else ()):
                operand.grad += slope * v.grad
""",
    "constants": """
class Value(Value):
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, "+", (self, other))
    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, "*", (self, other))
    __radd__, __rmul__ = __add__, __mul__
""",
    "rest": """
import math

class Value(Value):
    def __neg__(self):
        return self * -1
    def __sub__(self, other):
        return self + (-other)
    def __pow__(self, exponent):
        made = Value(self.data ** exponent, "**", (self,))
        made.exponent = exponent
        return made
    def tanh(self):
        return Value(math.tanh(self.data), "tanh", (self,))
    def slopes(self):
        if self.op == "**":
            return (self.exponent * self.operands[0].data ** (self.exponent - 1),)
        if self.op == "tanh":
            return (1 - self.data ** 2,)
        return super(Value, self).slopes()
""",
    "equations": """
delta2 = (a2 - y) * a2 * (1 - a2)
delta1 = (W2.T @ delta2) * (1 - a1 ** 2)
db2, db1 = delta2, delta1
dW2, dW1 = np.outer(delta2, a1), np.outer(delta1, x)
""",
    "norm-back": """
dbeta = dout.sum(axis=0)
dgamma = (dout * xhat).sum(axis=0)
dxhat = dout * gamma
dX = (dxhat - dxhat.mean(axis=0) - xhat * (dxhat * xhat).mean(axis=0)) / std
""",
}

# (cell, a part of the right answer, what replaces it, the text of the verdict)
WRONG = [
    ("numbers", "self.data + other.data", "self.data * other.data", "a sum: + gives what * should give"),
    ("numbers", "self.data * other.data", "self.data + other.data", "a product: * gives what + should give"),
    ("numbers", "__mul__", "mul", "has no __mul__"),
    ("numbers", "return Value(self.data + other.data", "Value(self.data + other.data", "this one gives None"),
    ("numbers", "self.data * other.data", "self.data * other", "raises TypeError"),
    ("back", "self.grad = 1.0", "self.grad = 0.0", "the backward pass begins with 0"),
    ("back", "self.grad = 1.0", "self.grad = self.data", "begins with the result's number"),
    ("back", "return right, left", "return left, right", "is the number of that same operand"),
    ("back", "return right, left", "return right, 0.0", "* passes nothing on to its right operand"),
    ("back", "return 1.0, 1.0", "return left, right", "the derivative of + by each of its operands is the number"),
    ("twice", "operand.grad += ", "operand.grad = ", "replaces what has arrived before"),
    ("twice", "zip(self.operands, self.slopes())", "dict(zip(self.operands, self.slopes())).items()", "is kept once"),
    ("order", "reversed(order)", "order", "begins at the wrong end"),
    ("order", "operand.grad += ", "operand.grad = ", "replaces what has arrived before"),
    ("order", "slope * v.grad", "slope", "passes on its own derivative alone"),
    ("order", "for operand in v.operands:\n                    visit(operand)\n                order.append(v)",
     "order.insert(0, v)\n                for operand in v.operands:\n                    visit(operand)",
     "no topological order"),
    ("constants", "__radd__, __rmul__", "__radd__, rmul", "has no __rmul__"),
    ("constants", "other = other if isinstance(other, Value) else Value(other)\n        return Value(self.data + ",
     "return Value(self.data + ", "a constant among the operands is used as if it were a number of the class"),
    ("rest", "return self * -1", "return self", "gives back its own operand as it is"),
    ("rest", "1 - self.data ** 2", "1 - self.data", "the derivative of tanh by its operand is 1 − y"),
    ("rest", "1 - self.data ** 2", "1 - self.operands[0].data ** 2", "1 − x² in yours (x is its operand)"),
    ("rest", "(self.exponent - 1)", "self.exponent", "the exponent is not lowered"),
    ("rest", "self + (-other)", "self + other", "a difference: − gives what + should give"),
    ("equations", " * a2 * (1 - a2)", "", "dz2"),
    ("equations", "W2.T @ delta2", "(W2.T @ delta2) * 2", "dz1"),
    ("equations", "(1 - a1 ** 2)", "(1 - z1 ** 2)", "dz1"),
    ("equations", "np.outer(delta2, a1)", "np.outer(delta2, z1)", "dW2"),
    ("norm-back", "dxhat - dxhat.mean(axis=0) - ", "dxhat - ", "mu"),
    ("norm-back", "(dout * xhat).sum(axis=0)", "(dout * xc).sum(axis=0)", "dgamma"),
    ("norm-back", "dout.sum(axis=0)", "dout.mean(axis=0)", "dbeta is wrong"),
    ("norm-back", " - xhat * (dxhat * xhat).mean(axis=0)", "", "var"),
]  # fmt: skip
