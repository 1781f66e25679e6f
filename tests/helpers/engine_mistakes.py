"""Mistakes in the engines of `engines`, each with its text change, the smallest graph that shows it, and the reason."""

# ruff: noqa: E501  a change and its reason belong beside each other

from tests.helpers.engines import CLOSURES, TAPE, TUPLES

ALONE, ITSELF, TIMES_ITSELF = "a product", "a number added to itself", "a number times itself"
DIAMOND, LONG_LEFT, LONG_RIGHT = "a diamond", "a diamond with a long left side", "a diamond with a long right side"
AGAIN = "backward again after every gradient was cleared"
UNORDERED, REPLACED = "no topological order", "replaces what has arrived before"

# Mistakes in the engine of closures.
VISIT = CLOSURES[CLOSURES.index("        order, seen = [], set()\n        def visit") :]
BACK = "        order, seen = [], set()"
CLOSURE_WALKS = {
    "recursive": """        def go(v):
            v._backward()
            for parent in v._parents:
                go(parent)
        self.grad = 1.0
        go(self)
""",
    "breadth": """        self.grad = 1.0
        queue, seen = [self], {self}
        for v in queue:
            v._backward()
            for parent in v._parents:
                if parent not in seen:
                    seen.add(parent)
                    queue.append(parent)
""",
    "depth": """        self.grad = 1.0
        seen = set()
        def go(v):
            if v not in seen:
                seen.add(v)
                v._backward()
                for parent in v._parents:
                    go(parent)
        go(self)
""",
    "one": "        self.grad = 1.0\n        self._backward()\n",
    "endless": "        self.grad = 1.0\n        while True:\n            self._backward()\n",
    "swallowed": "        while True:\n            try:\n                pass\n            except Exception:\n                pass\n",
}
KEEP_SEEN = [
    (
        "    def backward(self):\n        order, seen = [], set()",
        "    def backward(self, seen=set()):\n        order = []",
    )
]
KEEP_ORDER = [
    (
        "    def backward(self):\n        order, seen = [], set()",
        "    def backward(self, order=[]):\n        seen = set()",
    )
]
# name: (changes, the graph that shows it, the reason)
IN_CLOSURES = {
    "= in +": ([("self.grad += out.grad\n            other.grad += out.grad",
                 "self.grad = out.grad\n            other.grad = out.grad")], ITSELF, f"{REPLACED} in + (=)"),
    "= in *": ([("self.grad += other.data * out.grad", "self.grad = other.data * out.grad"),
                ("other.grad += self.data * out.grad", "other.grad = self.data * out.grad")],
               TIMES_ITSELF, f"{REPLACED} in * (=)"),
    "= for the left of *": ([("self.grad += other.data * out.grad", "self.grad = other.data * out.grad")],
                            "a number used by two operations", f"{REPLACED} in *, for its left operand (=)"),
    "all is cleared": ([("            v._backward()\n", "            v._backward()\n            v.grad = 0.0\n")],
                       "a sum", "or clears all of them as it goes"),
    "= everywhere": ([(".grad += ", ".grad = ")], ITSELF, f"{REPLACED} (=)"),
    "= in functions": ([("self.grad += slope", "self.grad = slope")], "relu of a number that is used again",
                       f"{REPLACED} in exp, relu and tanh (=)"),
    "recursive": ([(VISIT, CLOSURE_WALKS["recursive"])], DIAMOND, f"{UNORDERED}, it visits a number once for each path to it"),
    "breadth first": ([(VISIT, CLOSURE_WALKS["breadth"])], LONG_LEFT, f"{UNORDERED}, it goes breadth first"),
    "depth first": ([(VISIT, CLOSURE_WALKS["depth"])], DIAMOND, f"{UNORDERED}, it goes depth first"),
    "wrong end": ([("reversed(order)", "order")], "a chain", "begins at the wrong end"),
    "one step": ([(VISIT, CLOSURE_WALKS["one"])], "a chain", "the backward pass stops there"),
    "before its operands": ([("                order.append(v)\n", ""),
                             ("seen.add(v)\n", "seen.add(v)\n                order.insert(0, v)\n")],
                            DIAMOND, f"{UNORDERED}, it goes depth first"),
    "no seed": ([("        self.grad = 1.0\n", "")], "a sum", "the backward pass begins with 0"),
    "seed is the number": ([("self.grad = 1.0", "self.grad = self.data")], "a sum", "begins with the result's number"),
    "seed adds": ([("        self.grad = 1.0\n", "        self.grad += 1.0\n")], "backward twice on one product",
                  "the result's own gradient is added"),
    "slopes of * swapped": ([("self.grad += other.data * out", "self.grad += self.data * out"),
                             ("other.grad += self.data * out", "other.grad += other.data * out")],
                            ALONE, "the derivative of * by each of its operands is the number of that same operand"),
    "exponent kept": ([("(n - 1) * out", "n * out")], "a quotient", "the exponent is not lowered"),
    "tanh not squared": ([("1 - y * y", "1 - y")], "tanh alone", "the derivative of tanh by its operand is 1 − y"),
    "exp of its input": ([('"exp": lambda: y', '"exp": lambda: self.data')], "exp alone",
                         "the derivative of exp by its operand is the number of that same operand"),
    "relu always open": ([("float(self.data > 0)", "1.0")], "relu of another number", "the derivative of relu by its operand is 1"),
    "relu asks the gradient": ([("slope * out.grad", "slope * out.grad"), ("float(self.data > 0)", "float(out.grad > 0)")],
                               "relu of another number", "relu looks at the sign of the gradient that arrives"),
    "no upstream in *": ([("other.data * out.grad", "other.data"), ("self.data * out.grad", "self.data")], "a chain",
                         "* passes on its own derivative alone"),
    "+ forgets the right": ([("            other.grad += out.grad\n", "")], "a sum", "+ passes nothing on to its right operand"),
    "c − a turned": ([("return (-self) + other", "return self - other")], "a constant less a number",
                     "a constant − a number takes its operands the other way round"),
    "c / a turned": ([("return other * self ** -1", "return self / other")], "a constant divided by a number",
                     "a constant / a number takes its operands the other way round"),
    "seen is kept": (KEEP_SEEN, AGAIN, "counts as visited in the next one"),
    "order is kept": (KEEP_ORDER, AGAIN, "goes through the graphs of the earlier ones again"),
    "one gradient": ([("        self.grad = 0.0\n", ""), ("class Value:\n", "class Value:\n    grad = 0.0\n"),
                      ("self.grad", "Value.grad"), ("other.grad", "Value.grad"), ("out.grad", "Value.grad")],
                     "a sum", "all numbers share one gradient"),
    "one list of operands": ([("        self._parents = parents\n", "        self._parents += parents\n"),
                              ("class Value:\n", "class Value:\n    _parents = []\n")], "a chain", "all numbers share one list of operands"),
    "* forgets to remember": ([("Value(self.data * other.data, (self, other))", "Value(self.data * other.data, (self,))")],
                              "a number used by two operations", "* does not remember its right operand"),
    "an odd slope": ([("1 - y * y", "0.9 - y * y * y")], "tanh alone", "the derivative of tanh by its operand is wrong: "),
    "two at once": ([("1 - y * y", "1 - y"), ("self.grad += out.grad\n            other.grad += out.grad",
                     "self.grad = out.grad\n            other.grad = out.grad")], ITSELF, "is 1 − y in yours"),
}  # fmt: skip

WALK = TUPLES[TUPLES.index("        order, seen, stack = [], set()") :]
SORTED = """        self.grad = 1.0
        while order:"""
IN_TUPLES = {
    "= for all": ([("p.grad += ", "p.grad = ")], ITSELF, f"{REPLACED} (=)"),
    "operands in a dict": ([("in zip(v.inputs, v.slopes() if v.inputs else ())",
                             "in dict(zip(v.inputs, v.slopes() if v.inputs else ())).items()")],
                           ITSELF, "is kept once, as in a set"),
    "from a stack": ([(WALK, """        self.grad = 1.0
        stack, seen = [self], {self}
        while stack:
            v = stack.pop()
            for p, slope in zip(v.inputs, v.slopes() if v.inputs else ()):
                p.grad += slope * v.grad
                if p not in seen:
                    seen.add(p)
                    stack.append(p)
""")], DIAMOND, f"{UNORDERED}, it goes depth first"),
    "every path": ([(WALK, """        self.grad = 1.0
        queue = [self]
        for v in queue:
            for p, slope in zip(v.inputs, v.slopes() if v.inputs else ()):
                p.grad += slope * v.grad
                queue.append(p)
""")], DIAMOND, "it visits a number once for each path to it"),
    "every path by itself": ([(WALK, """        def go(v, arrived):
            v.grad += arrived
            for p, slope in zip(v.inputs, v.slopes() if v.inputs else ()):
                go(p, slope * arrived)
        go(self, 1.0)
""")], "a ladder, which has millions of ways through it", "follows every path by itself"),
    "wrong end": ([("v = order.pop()", "v = order.pop(0)")], "a chain", "begins at the wrong end"),
    "seed 2": ([("self.grad = 1.0", "self.grad = 2.0")], "a sum", "the backward pass begins with 2"),
    "no seed": ([("        self.grad = 1.0\n", "")], "a sum", "the backward pass begins with 0"),
    "seed is the number": ([("self.grad = 1.0", "self.grad = self.data")], "a sum", "begins with the result's number"),
    "slopes of * swapped": ([("return x[1], x[0]", "return x[0], x[1]")], ALONE,
                            "the derivative of * by each of its operands is the number of that same operand"),
    "* has the slopes of +": ([("return x[1], x[0]", "return 1.0, 1.0")], ALONE, "the derivative of * by each of its operands is 1 in yours"),
    "* forgets the left": ([("return x[1], x[0]", "return 0.0, x[0]")], ALONE, "* passes nothing on to its left operand"),
    "− has the wrong sign": ([("return self + (-other)", "return Value(self.data - Value.wrap(other).data, '+', (self, Value.wrap(other)))")],
                             "a difference", "− passes a gradient of the wrong sign on to its right operand"),
    "no exponent": ([("x[1] * x[0] ** (x[1] - 1)", "x[0] ** (x[1] - 1)")], "a quotient", "the factor b is missing"),
    "no logarithm": ([("self.data * math.log(x[0]) if x[0] > 0 else 0.0", "self.data")], "a Value to the power of a Value",
                     "the derivative of ** by its right operand is the output y"),
    "exp is 1": ([('if self.op == "exp":\n            return (self.data,)', 'if self.op == "exp":\n            return (1.0,)')],
                 "exp alone", "the derivative of exp by its operand is 1 in yours"),
    "tanh by its input": ([("(1 - self.data ** 2,)", "(1 - x[0] ** 2,)")], "tanh alone", "is 1 − x² in yours (x is its operand)"),
    "tanh with a plus": ([("(1 - self.data ** 2,)", "(1 + self.data ** 2,)")], "tanh alone", "is 1 + y²"),
    "relu closed": ([("1.0 if x[0] > 0 else 0.0", "0.0")], "relu alone", "relu passes nothing on to its operand"),
    "no upstream": ([("slope * v.grad", "slope")], "a chain", "passes on its own derivative alone"),
    "upstream squared": ([("slope * v.grad", "slope * v.grad ** 2")], "a chain", "multiplies by the gradient that arrives twice"),
    "seen is kept": ([("    def backward(self):\n        order, seen, stack = [], set(), [(self, False)]",
                       "    seen = set()\n\n    def backward(self):\n        order, seen, stack = [], Value.seen, [(self, False)]"),
                      ("id(v) not in seen", "v not in seen"), ("seen.add(id(v))", "seen.add(v)")], AGAIN, "counts as visited in the next one"),
    "c / a turned": ([("return other * self ** -1", "return self / other")], "a constant divided by a number",
                     "a constant / a number takes its operands the other way round"),
}  # fmt: skip

IN_TAPE = {
    "= for all": ([("v.grad += ", "v.grad = ")], ITSELF, f"{REPLACED} (=)"),
    "in a dict": ([("in steps:\n                v.grad += slope * out.grad", "in dict(steps).items():\n                v.grad += slope * out.grad")],
                  ITSELF, "is kept once, as in a set"),
    "from the beginning": ([("in reversed(TAPE)", "in TAPE")], "a chain", "begins at the wrong end"),
    "no seed": ([("        self.grad = 1.0\n", "")], "a sum", "the backward pass begins with 0"),
    "seed −1": ([("self.grad = 1.0", "self.grad = -1.0")], "a sum", "the backward pass begins with -1"),
    "slopes of * swapped": ([("(self, other.data), (other, self.data)", "(self, self.data), (other, other.data)")],
                            ALONE, "the derivative of * by each of its operands is the number of that same operand"),
    "+ forgets the left": ([("data + other.data, (self, 1.0), (other, 1.0)", "data + other.data, (other, 1.0)")], "a sum",
                           "+ passes nothing on to its left operand"),
    "− forgets its sign": ([("(other, -1.0)", "(other, 1.0)")], "a difference", "of the wrong sign on to its right operand"),
    "/ forgets the sign": ([("-self.data / other.data ** 2", "self.data / other.data ** 2")], "a quotient",
                           "/ passes a gradient of the wrong sign on to its right operand"),
    "/ forgets the square": ([("-self.data / other.data ** 2", "-self.data / other.data")], "a quotient",
                             "the derivative of / by its right operand is −y"),
    "/ forgets the divisor": ([("1 / other.data), (other, -self.data / other.data ** 2)", "1 / other.data)")], "a quotient",
                              "/ passes nothing on to its right operand"),
    "exponent kept": ([("n * self.data ** (n - 1)", "n * self.data ** n")], "a square", "the exponent is not lowered"),
    "exponent lowered twice": ([("n * self.data ** (n - 1)", "(n - 1) * self.data ** (n - 1)")], "a square",
                               "the derivative of ** by its left operand is"),
    "− is +": ([("(self, -1.0))\n\n    def __rsub__", "(self, 1.0))\n\n    def __rsub__")], "a number with its sign changed",
               "the sign change passes a gradient of the wrong sign on"),
    "c − a turned": ([("return Value(other) - self", "return self - other")], "a constant less a number", "takes its operands the other way round"),
    "tanh not squared": ([("1 - y ** 2", "1 - y")], "tanh alone", "is 1 − y in yours"),
    "tanh halved": ([("1 - y ** 2", "(1 - y ** 2) / 2")], "tanh alone", "tanh passes half its gradient on"),
    "exp by its input": ([('"exp": lambda: y', '"exp": lambda: self.data')], "exp alone", "the number of that same operand"),
    "relu backwards": ([("float(self.data > 0)", "float(self.data < 0)")], "relu alone", "the derivative of relu by its operand is wrong"),
    "no upstream": ([("slope * out.grad", "slope")], "a chain", ""),
    "doubled": ([("slope * out.grad", "2 * slope * out.grad")], "a sum", "passes twice its gradient on"),
    "sums, not products": ([("slope * out.grad", "(slope + out.grad)")], "a sum", ""),
}  # fmt: skip

MISTAKES = [(CLOSURES, "closures", IN_CLOSURES), (TUPLES, "tuples", IN_TUPLES), (TAPE, "tape", IN_TAPE)]
PLANTED = [
    (f"{way}: {name}", text, *case) for text, way, cases in MISTAKES for name, case in cases.items()
]  # (id, text, changes, graph, reason)
