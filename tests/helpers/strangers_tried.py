"""Mistakes that people report in their own engines, planted in those of `strangers`. check_engine was developed on them."""

# ruff: noqa: E501  a change and its reason belong beside each other

# name: (style, changes, the reason)
TRIED = {
    "c − a is a − c": ("lecture", [("return other + (-self)", "return self + (-other)")], "a constant − a number takes its operands the other way round"),
    "1 is added in +": ("lecture", [("other.grad += 1.0 * out.grad", "other.grad += 1.0 + out.grad"), ("self.grad += 1.0 * out.grad", "self.grad += 1.0 + out.grad")], "+ adds its derivative to the gradient that arrives"),
    "the operand's own gradient in *": ("lecture", [("self.grad += other.data * out.grad", "self.grad += other.data * self.grad")], "* multiplies by the gradient of its left operand where it passes a gradient on to its left operand"),
    "tanh of half": ("lecture", [("(math.exp(2 * self.data) - 1) / (math.exp(2 * self.data) + 1)", "(math.exp(self.data) - 1) / (math.exp(self.data) + 1)")], "tanh is computed at x/2"),
    "the sign change has no parents": ("lecture", [("return self * -1\n", "return Value(-self.data)\n")], "the sign change passes nothing on to its operand"),
    "gradients begin with 1": ("lecture", [("self.grad = 0.0", "self.grad = 1.0")], "the gradient of every number is 1 before the backward pass begins"),
    "the seed comes after the walk": ("lecture", [("        self.grad = 1.0\n        for node in reversed(topo):\n            node._backward()\n", "        for node in reversed(topo):\n            node._backward()\n        self.grad = 1.0\n")], "the result's own gradient is set after the backward pass"),
    "brackets lost in a power": ("lecture", [("self.data ** (other - 1) * out.grad", "(self.data ** other - 1) * out.grad")], "the derivative of ** by its left operand is b·(a^b − 1) in yours"),
    "exp changes its operand": ("lecture", [("        out = Value(math.exp(self.data), (self,), 'exp')", "        self.data = math.exp(self.data)\n        out = Value(self.data, (self,), 'exp')")], "exp changes the number of its operand"),
    "a is missing in /": ("strings", [("b.grad -= g * a.data / b.data ** 2", "b.grad -= g / b.data ** 2")], "the derivative of / by its right operand is −1/b² in yours"),
    "the logarithm of the exponent": ("strings", [("math.log(a.data)\n        else", "math.log(b.data)\n        else")], "the derivative of ** by its right operand is y·ln(b) in yours"),
    "brackets lost in a root": ("strings", [("g / (2 * y)", "g / 2 * y")], "the derivative of sqrt by its operand is ½·y in yours"),
    "uses by other results are waited for": ("strings", [
        ("        self.grad = 0.0\n\n    def _lift", "        self.grad = 0.0\n        self.uses = 0\n        for a in self.args:\n            a.uses += 1\n\n    def _lift"),
        ("        self.grad = 1.0\n        ready = [self]", "        waiting = {id(n): n.uses for n in everything}\n        self.grad = 1.0\n        ready = [self]"),
        ("todo, met = [self], {id(self)}", "todo, met, everything = [self], {id(self)}, [self]"),
        ("                    todo.append(p)\n", "                    todo.append(p)\n                    everything.append(p)\n")], "a number waits for a gradient from each of its uses"),
    "whole numbers": ("strings", [("self.data = float(data)", "self.data = float(int(data))")], "numbers lose the digits after the point"),
    "a − b is b − a": ("strings", [("self.data - o.data, 'sub', [self, o]", "o.data - self.data, 'sub', [self, o]")], "− takes its operands the other way round, and its derivative is not the derivative of that"),
    "− passes the same on to both": ("strings", [("a.grad += g\n                b.grad -= g", "a.grad += g\n                b.grad += g")], "− passes a gradient of the wrong sign on to its right operand"),
    "rounded numbers": ("places", [("DATA.append(number)", "DATA.append(round(number, 2))")], "numbers are rounded to 2 places"),
    "the derivative of / of the wrong side": ("places", [("(self.i, 1 / DATA[j]), (j, -DATA[self.i] / DATA[j] ** 2)", "(self.i, 1 / DATA[j]), (j, -1 / DATA[j])")], "the derivative of / by its right operand is −1/b in yours"),
    "softplus of the other sign": ("records", [("g / (1 + math.exp(-x))", "g / (1 + math.exp(x))")], "the derivative of softplus by its operand is 1/exp(y) in yours"),
    "the oldest first": ("records", [("[-self.born]", "[self.born]"), ("-heapq.heappop(heap)", "heapq.heappop(heap)"), ("heapq.heappush(heap, -parent.born)", "heapq.heappush(heap, parent.born)")], "the backward pass has no topological order"),
    "the power is missing for the exponent": ("functions", [("g * y * math.log(abs(a))", "g * math.log(abs(a))")], "the derivative of ** by its right operand is ln(a) in yours"),
    "a leak on the way back": ("functions", [("(g if a > 0 else 0.0,)", "(g if a > 0 else 0.01 * g,)")], "the derivative of relu by its operand is wrong: 0.01 at -0.6"),
    "/ rounds down": ("functions", [("return a / b\n", "return a // b\n")], "/ gives what // should give"),
    "all functions are the last": ("table", [("setattr(Node, name, method(f, slope))", "setattr(Node, name, lambda self: method(f, slope)(self))")], "each of cos, exp, log, relu, sin, sqrt and tanh gives what sigmoid should give"),
    "all reflected operations are the last": ("table", [("lambda a, b, apply=apply: apply(b, a)", "lambda a, b: apply(b, a)")], "each of a constant + a number, a constant * a number and a constant − a number gives what / should give"),
    "equal numbers are one": ("table", [("    def __neg__", "    def __eq__(self, other):\n        return self.data == other.data\n\n    def __hash__(self):\n        return hash(self.data)\n\n    def __neg__"), ("if id(n) in done:", "if n in done:"), ("done[id(n)] = n", "done[n] = n")], "two numbers of the graph that are equal count as one"),
    "all is cleared after the seed": ("table", [("        for n in order:\n            n.grad = 0.0\n        self.grad = 1.0\n", "        self.grad = 1.0\n        for n in order:\n            n.grad = 0.0\n")], "or clears all of them as it goes"),
}  # fmt: skip
