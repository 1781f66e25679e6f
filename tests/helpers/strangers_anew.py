"""Mistakes of further kinds, in the engines of `strangers_third`: each with its text change and the pattern of its reason."""

# ruff: noqa: E501  a change and its reason belong beside each other

MUL = "        return Var(self.data * o.data, (self.at, o.data), (o.at, self.data))"
# name: (style, changes, the pattern of the reason)
ANEW = {
    "/ has no sign": ("grad_fn", [("-g * a / (b * b)", "g * a / (b * b)")], "/ passes a gradient of the wrong sign on to its right operand"),
    "the sum of gradients is the last": ("grad_fn", [("grads[n] = grads.get(n, 0.0) + passed", "grads[n] = passed")], "replaces what has arrived"),
    "tanh of what was saved": ("grad_fn", [("1 - self.y ** 2", "1 - self.saved[0] ** 2")], r"derivative of tanh by its operand is 1 − x² in yours \(x is its operand\)"),
    "brackets lost": ("grad_fn", [("g * b * a ** (b - 1)", "g * b * a ** b - 1")], r"\*\* passes b·a\^b·g − 1, as brackets are missing"),
    "the seed is 2": ("grad_fn", [("{self.grad_fn: 1.0}", "{self.grad_fn: 2.0}")], "the backward pass begins with 2"),
    "c − a is a − c": ("grad_fn", [("return Tensor.of(o) - self", "return self - o")], "a constant − a number takes its operands the other way round"),
    "a and b are exchanged": ("grad_fn", [("zip(f.next, f.apply(grads[f]))", "zip(f.next, f.apply(grads[f])[::-1])")], r"every operation passes the gradients of its two operands on the other way round"),
    "from the wrong end": ("grad_fn", [("for f in reversed(order):", "for f in order:"), ("f.apply(grads[f])", "f.apply(grads.get(f, 0.0))")], "or begins at the wrong end"),
    "no generations": ("generations", [("functions.sort(key=lambda f: f.generation)", "pass")], "no topological order"),
    "the oldest input counts": ("generations", [("max(x.generation for", "min(x.generation for")], "no topological order"),
    "one object for all uses": ("generations", [("Add()(self, o)", "ADD(self, o)"), ("Variable.__add__", "ADD = Add()\nVariable.__add__")], r"all uses of \+ keep their operands and results in one place"),
    "one exp": ("generations", [("Exp()(self)", "EXP(self)"), ("Variable.exp =", "EXP = Exp()\nVariable.exp =")], "all uses of exp keep their operands and results in one place"),
    "brackets in /": ("generations", [("(-self.data()[0] / self.data()[1] ** 2)", "(-self.data()[0] / self.data()[1]) ** 2")], "derivative of / by its right operand is y² in yours .y is its result"),
    "a relu that no mistake explains": ("generations", [("g * (self.data()[0] > 0)", "self.output.data * (g > 0) + 0.1 * g")], "something is wrong with relu, and no mistake is known that gives all its numbers: the graphs without it are right"),
    "two at once, one unknown": ("generations", [("g * (self.data()[0] > 0)", "self.output.data * (g > 0) + 0.1 * g"), ("self.output.data * g", "self.output.data")], "exp passes on its own derivative alone.* something is wrong with relu, .* only the graphs without it are explained"),
    "c − a has the sign of a": ("apart", [("Var(o - self.data, (self.at, -1.0))", "Var(o - self.data, (self.at, 1.0))")], "^a constant − a number passes a gradient of the wrong sign on to its right operand$"),
    "a / c is multiplied": ("apart", [("(self.at, 1 / o))", "(self.at, o))")], "^the derivative of a number / a constant by its left operand is the number of the other operand in yours$"),
    "c / a without c": ("apart", [("-o / self.data ** 2", "-1 / self.data ** 2")], "^the derivative of a constant / a number by its right operand is −1/b² in yours"),
    "a · b has the numbers of a and b": ("apart", [(MUL, MUL.replace("(self.at, o.data), (o.at, self.data)", "(self.at, self.data), (o.at, o.data)"))], r"^the derivative of \* by each of its operands is the number of that same operand in yours$"),
    "a + c is forgotten": ("apart", [("return Var(self.data + o, (self.at, 1.0))", "return Var(self.data + o)")], r"a number \+ a constant passes nothing on to its left operand"),
    "only results": ("apart", [("            var.grad = passed[i]", "            var.grad = passed[i] if NODES[i] else 0.0")], "the gradients of the numbers that one begins with stay 0"),
    "only leaves": ("apart", [("            var.grad = passed[i]", "            var.grad = 0.0 if NODES[i] else passed[i]")], "only the numbers one begins with get a gradient"),
    "too early by one": ("waiting", [("if waiting[id(child)] == 0:", "if waiting[id(child)] <= 1:")], "it does not wait for the last of its uses"),
    "all pairs are turned": ("waiting", [("zip(node.prev, node.vjps)", "zip(node.prev, node.vjps[::-1])")], "^every operation passes the gradients of its two operands on the other way round$"),
    "the last of the loop": ("waiting", [("self.data, self.grad, self.prev, self.vjps = data, 0.0, prev, vjps", "self.data, self.grad, self.prev = data, 0.0, prev\n        self.vjps = [lambda g: vjp(g) for vjp in vjps]")], "^every operation passes the gradient of its right operand to both operands$"),
}  # fmt: skip
