"""More mistakes in the engines of `strangers`: each with its text change and the pattern of its reason ("": none).

The naming was developed on FIRST. SECOND was written before that, and run only afterwards. On that first run 30 of its
38 mistakes were named; without the new naming, 18 were.
"""

# ruff: noqa: E501  a change and its reason belong beside each other

PUSH = "            self.grad += other.data * out.grad\n            other.grad += self.data * out.grad"
SUM = "            self.grad += 1.0 * out.grad\n            other.grad += 1.0 * out.grad"
SUB = """    def __sub__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data - other.data, (self, other), '-')
        def _backward():
            self.grad += out.grad
            other.grad += %s * out.grad
        out._backward = _backward
        return out
"""
MINUS = "    def __sub__(self, other):\n        return self + (-other)\n"
VISITED = "            if v not in visited:\n                visited.add(v)\n                for child in v._prev:\n                    build_topo(child)\n                topo.append(v)"
WALK = "        for node in reversed(topo):\n            node._backward()\n"
BY_VALUE = "    def __eq__(self, other):\n        return self.data == other.data\n\n    def __hash__(self):\n        return hash(self.data)\n\n    def __radd__(self, other):"
READY = "            for p in n.args:\n                waiting[id(p)] -= 1\n                if waiting[id(p)] == 0:\n                    ready.append(p)\n"
# name: (style, changes, the pattern of the reason)
FIRST = {
    "− passes 1 on": ("lecture", [(MINUS, SUB % "1.0")], "− passes a gradient of the wrong sign on to its right operand"),
    "(1 − y)² for tanh": ("lecture", [("(1 - t ** 2)", "(1 - t) ** 2")], r"derivative of tanh by its operand is \(1 − y\)²"),
    "n xⁿ − 1": ("lecture", [("other * self.data ** (other - 1) * out.grad", "(other * self.data ** other - 1) * out.grad")], r"derivative of \*\* by its left operand is .*− 1"),
    "tanh, precedence": ("lecture", [("(1 - t ** 2) * out.grad", "1 - t ** 2 * out.grad")], "tanh passes 1 − q·g, as brackets are missing"),
    "sigmoid of −x": ("lecture", [("1 / (1 + math.exp(-self.data))", "1 / (1 + math.exp(self.data))")], r"sigmoid .*−x"),
    "log10": ("lecture", [("math.log(self.data)", "math.log10(self.data)")], "log .*10"),
    "equal numbers are one": ("lecture", [("    def __radd__(self, other):", BY_VALUE)], "equal"),
    "visited is never filled": ("lecture", [("                visited.add(v)\n", "")], "once for each path"),
    "never called": ("lecture", [("node._backward()", "node._backward")], "no operation passes on what arrives"),
    "gradients begin at 1": ("lecture", [("        self.grad = 0.0\n", "        self.grad = 1.0\n")], "gradient of every number is 1 before the backward pass"),
    "each begins with 1": ("lecture", [(WALK, "        self._backward()\n        for child in self._prev:\n            child.backward()\n")], "gradient of every number is set to 1"),
    "number + is the number": ("lecture", [("        return self + other\n", "        return self\n")], r"\+ .*gives"),
    "its own gradient for *": ("lecture", [(PUSH, PUSH.replace("self.data * out.grad", "self.data * other.grad").replace("other.data * out.grad", "other.data * self.grad"))], r"\* multiplies by the gradient of its"),
    "number for gradient": ("lecture", [("out.data * out.grad", "out.data * out.data")], "exp multiplies by the number of its result"),
    "int": ("strings", [("float(data)", "float(int(data))")], "they are made whole"),
    "− falls through to **": ("strings", [("elif self.op == 'sub':", "elif self.op == 'subtract':")], r"− .*\*\*"),
    "counts an operand once": ("strings", [("                waiting[id(p)] = waiting.get(id(p), 0) + 1\n                if id(p) not in met:\n                    met.add(id(p))\n", "                if id(p) not in met:\n                    met.add(id(p))\n                    waiting[id(p)] = 1\n")], "no topological order"),
    "sqrt is y / 2": ("strings", [("g / (2 * y)", "g * y / 2")], r"derivative of sqrt"),
    "log of base 2 in **": ("strings", [("g * y * math.log(a.data)", "g * y * math.log2(a.data)")], r"\*\* .*right operand"),
    "a − b is b − a": ("strings", [("self.data - o.data", "o.data - self.data")], "− .*other way round|− .*b − a"),
    "cos is sin": ("strings", [("math.cos(self.data), 'cos'", "math.sin(self.data), 'cos'")], "cos .*sin"),
    "−1/b²": ("places", [("-DATA[self.i] / DATA[j] ** 2", "-1 / DATA[j] ** 2")], "derivative of / by its right operand is −1/b²"),
    "places of / swapped": ("places", [("((self.i, 1 / DATA[j]), (j, -DATA[self.i] / DATA[j] ** 2))", "((j, 1 / DATA[j]), (self.i, -DATA[self.i] / DATA[j] ** 2))")], "/ .*by the other operand"),
    "y (1 − x)": ("places", [("y * (1 - y)", "y * (1 - DATA[self.i])")], r"derivative of sigmoid by its operand is \(1 − x\)·y"),
    "relu is min": ("places", [("max(x, 0.0)", "min(x, 0.0)")], "relu gives the smaller of x and 0"),
    "the wrong end of the list": ("places", [("range(self.i, -1, -1)", "range(0, self.i + 1)")], "wrong end"),
    "the oldest first": ("records", [("[-self.born]", "[self.born]"), ("born = -heapq.heappop(heap)", "born = heapq.heappop(heap)"), ("heapq.heappush(heap, -parent.born)", "heapq.heappush(heap, parent.born)")], "topological order"),
    "log is 1/x²": ("records", [("lambda g: g / x)", "lambda g: g / x ** 2)")], "log multiplies by its derivative twice"),
    "softplus of −x": ("records", [("g / (1 + math.exp(-x))", "g / (1 + math.exp(x))")], "derivative of softplus"),
    "a/b gives a b": ("functions", [("def forward(a, b): return a / b", "def forward(a, b): return a * b")], r"/ .*\*"),
    "sin is −cos": ("functions", [("g * math.cos(a)", "-g * math.cos(a)")], "sin passes a gradient of the wrong sign"),
    "/ turned": ("functions", [("return Div.apply(self, o)", "return Div.apply(o, self)")], "/ .*other way round|/ .*b / a"),
    "+ counts once": ("functions", [("x.grad = g if x.grad is None else x.grad + g", "x.grad = x.grad if x.grad is not None else g")], ""),
    "all functions are the last": ("table", [("method(f, slope))", "lambda self: method(f, slope)(self))")], "exp, .* gives what sigmoid should give"),
    "all pairs are reflected": ("table", [("apply=apply: apply(b, a)", "apply=apply: apply(a, b)")], "other way round"),
    "√ is 1/(2x)": ("table", [("0.5 / y", "0.5 / x")], "derivative of sqrt"),
}  # fmt: skip

SECOND = {
    "sigmoid by its input": ("lecture", [("s * (1 - s)", "self.data * (1 - self.data)")], "derivative of sigmoid by its operand is x · .1 − x"),
    "sigmoid, precedence": ("lecture", [("s * (1 - s) * out.grad", "s * (1 - s * out.grad)")], "sigmoid"),
    "relu turned": ("lecture", [("0 if self.data < 0 else self.data", "0 if self.data > 0 else self.data")], "something is wrong with relu, .*: the graphs without it are right"),
    "−a is a": ("lecture", [("return self * -1", "return self")], "sign change .*gives|sign change"),
    "1/y for log": ("lecture", [("1 / self.data * out.grad", "1 / out.data * out.grad")], "derivative of log by its operand is taken at the output y"),
    "tanh upside down": ("lecture", [("(math.exp(2 * self.data) - 1) / (math.exp(2 * self.data) + 1)", "(math.exp(2 * self.data) + 1) / (math.exp(2 * self.data) - 1)")], "tanh"),
    "the gradient of the other for *": ("lecture", [("other.data * out.grad", "other.grad * out.grad")], r"\* .*gradient"),
    "out.data for out.grad in *": ("lecture", [("self.data * out.grad", "self.data * out.data")], r"\* .*right operand"),
    "operands are cleared on the way": ("lecture", [(WALK, "        for node in reversed(topo):\n            for child in node._prev:\n                child.grad = 0.0\n            node._backward()\n")], "clear|replaces"),
    "uses are counted over all": ("lecture", [("        self.grad = 0.0\n", "        self.grad = 0.0\n        self.uses = 0\n        for child in _children:\n            child.uses += 1\n"), (WALK, "        def go(v):\n            v._backward()\n            for child in v._prev:\n                child.uses -= 1\n                if child.uses == 0:\n                    go(child)\n        go(self)\n")], ""),
    "sets of operands only": ("lecture", [("other.grad += 1.0 * out.grad", "other.grad += 1.0 * out.grad if other is not self else 0.0")], r"both operands of \+ a gradient is lost"),
    "c · a is c + a": ("lecture", [("return self * other\n", "return self + other\n")], r"\* .*\+"),
    "1/a forgotten": ("lecture", [("return other * self ** -1", "return self ** -1")], "/ "),
    "pre-order": ("lecture", [(VISITED, VISITED.replace("                topo.append(v)", "").replace("                visited.add(v)\n", "                visited.add(v)\n                topo.append(v)\n"))], "wrong end"),
    "(n − 1) xⁿ": ("lecture", [("other * self.data ** (other - 1)", "(other - 1) * self.data ** other")], r"derivative of \*\* by its left operand"),
    "a relu that keeps x": ("strings", [("max(0.0, self.data)", "self.data")], "relu .*gives"),
    "neg is forgotten on the way back": ("strings", [("if self.op == 'neg':", "if self.op == 'minus':")], "sign change passes nothing on"),
    "1/b for both": ("strings", [("b.grad -= g * a.data / b.data ** 2", "b.grad += g / b.data")], "derivative of / by its right operand"),
    "ready at the first use": ("strings", [("if waiting[id(p)] == 0:", "if p.args:")], "once for each path|topological"),
    "cos has sin": ("strings", [("a.grad -= g * math.sin", "a.grad += g * math.sin")], "cos passes a gradient of the wrong sign"),
    "rounded": ("strings", [("float(data)", "round(float(data), 2)")], "round"),
    "10ˣ": ("strings", [("math.exp(self.data), 'exp'", "10 ** self.data, 'exp'")], "exp .*10"),
    "sqrt is a square": ("strings", [("self.data ** 0.5", "self.data ** 2")], "sqrt"),
    "all gradients in one step": ("places", [("passed[j] += slope * passed[i]", "passed[j] += slope")], "left out"),
    "exp is 1 − y": ("places", [("return V(y, ((self.i, y),))", "return V(y, ((self.i, 1 - y),))")], "derivative of exp by its operand is 1 − y"),
    "(x − 1) for relu": ("places", [("((self.i, 1.0 if x > 0 else 0.0),)", "((self.i, x if x > 0 else 0.0),)")], "relu"),
    "− with both positive": ("places", [("((self.i, 1.0), (j, -1.0))", "((self.i, 1.0), (j, 1.0))")], "− passes a gradient of the wrong sign on to its right operand"),
    "the last arrives": ("records", [("grads[parent.born] += push(g)", "grads[parent.born] = push(g)")], "replaces what has arrived"),
    "sech": ("records", [("g * (1 - y ** 2)", "g * (1 - y ** 2) ** 0.5")], "derivative of tanh"),
    "k xᵏ⁺¹": ("records", [("g * k * x ** (k - 1)", "g * k * x ** (k + 1)")], r"derivative of \*\* by its left operand"),
    "softplus with log(eˣ)": ("records", [("math.log(1 + math.exp(x))", "math.log(math.exp(x))")], "softplus"),
    "0.5 for half of *": ("functions", [("return g * b, g * a", "return g * b, g")], r"derivative of \* by its right operand is 1"),
    "no ln in **": ("functions", [("g * y * math.log(abs(a))", "g * y")], r"\*\* by its right operand is the output y"),
    "sums instead of +=": ("functions", [("x.grad = g if x.grad is None else x.grad + g", "x.grad = g")], "replaces what has arrived"),
    "tanh with tanh′ of its derivative": ("functions", [("g * (1 - y ** 2)", "g * (1 - math.tanh(y) ** 2)")], "derivative of tanh by its operand is taken at the output"),
    "slopes by the wrong name": ("table", [("lambda x, y: y)", "lambda x, y: 1 / x)")], "derivative of exp"),
    "a · b with |b|": ("table", [("lambda a, b: b, lambda a, b: a)", "lambda a, b: abs(b), lambda a, b: a)")], r"\* "),
    "ln x is log1p": ("table", [("math.log, ", "math.log1p, ")], "log .*1"),
}  # fmt: skip
