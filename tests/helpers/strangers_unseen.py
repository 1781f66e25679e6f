"""More mistakes of the same kind, held out: written before check_engine was developed on those of `strangers_tried`.

They were run only afterwards. On that first run 26 of the 27 were found, 16 were named rightly and 2 wrongly. Since
then check_engine has been developed on these too.
"""

# ruff: noqa: E501  a change and its reason belong beside each other

# name: (style, changes, the reason)
UNSEEN = {
    "a / b is b / a": ("lecture", [("return self * other ** -1 if isinstance(other, Value) else self * (1 / other)", "return other * self ** -1")], "/ takes its operands the other way round"),
    "the result for its gradient in *": ("lecture", [("self.grad += other.data * out.grad", "self.grad += other.data * out.data"), ("other.grad += self.data * out.grad", "other.grad += self.data * out.data")], "* multiplies by the number of its result where it passes a gradient on to its left operand"),
    "sigmoid has no parents": ("lecture", [("Value(s, (self,), 'sigmoid')", "Value(s)")], "sigmoid does not remember its operand"),
    "relu is a step": ("lecture", [("0 if self.data < 0 else self.data", "0 if self.data < 0 else 1")], "relu computes something else: 1 at 0.7"),
    "log to the base 10": ("lecture", [("math.log(self.data)", "math.log10(self.data)")], "log is taken to the base 10, and its derivative is not the derivative of that"),
    "exp twice": ("lecture", [("self.grad += out.data * out.grad\n", "self.grad += math.exp(out.data) * out.grad\n")], "the derivative of exp by its operand is taken at the output y"),
    "brackets lost in tanh": ("lecture", [("(1 - t ** 2) * out.grad", "1 - t ** 2 * out.grad")], "tanh passes 1 − q·g, as brackets are missing"),
    "nothing is marked as visited": ("lecture", [("                visited.add(v)\n", "")], "it visits a number once for each path to it"),
    "each begins with 1 again": ("lecture", [("            node._backward()\n", "            node.grad = 1.0\n            node._backward()\n")], "the gradient of every number is set to 1 when the backward pass comes to it"),
    "+ changes its left operand": ("lecture", [("        out = Value(self.data + other.data, (self, other), '+')\n        def _backward():\n            self.grad += 1.0 * out.grad\n            other.grad += 1.0 * out.grad\n        out._backward = _backward\n        return out\n", "        self.data += other.data\n        return self\n")], "+ gives back its own operand with another number in it"),
    "a power is a product": ("strings", [("self.data ** o.data, 'pow'", "self.data * o.data, 'pow'")], "** gives what * should give"),
    "sigmoid without its sign": ("strings", [("1 / (1 + math.exp(-self.data)), 'sigmoid'", "1 / (1 + math.exp(self.data)), 'sigmoid'")], "sigmoid is computed at −x"),
    "= in the sign change": ("strings", [("                a.grad -= g\n            elif self.op == 'relu'", "                a.grad = -g\n            elif self.op == 'relu'")], "replaces what has arrived before in the sign change (=)"),
    "operands turned in /": ("strings", [("b.grad -= g * a.data / b.data ** 2", "b.grad -= g * b.data / a.data ** 2")], "the derivative of / by its right operand is −b/a² in yours"),
    "cos has minus itself": ("strings", [("a.grad -= g * math.sin(a.data)", "a.grad -= g * math.cos(a.data)")], "the derivative of cos by its operand is −y"),
    "too early by one": ("strings", [("if waiting[id(p)] == 0:", "if waiting[id(p)] <= 1:")], "it does not wait for the last of its uses"),
    "rounded gradients": ("places", [("passed[j] += slope * passed[i]", "passed[j] += round(slope * passed[i], 3)")], "gradients are rounded to 3 places"),
    "both to the left in +": ("places", [("((self.i, 1.0), (j, 1.0)))\n\n    def __mul__", "((self.i, 1.0), (self.i, 1.0)))\n\n    def __mul__")], "+ passes nothing on to its right operand; and + passes twice its gradient on to its left operand"),
    "the exponent in the wrong places": ("records", [("g * k * x ** (k - 1)", "g * (k - 1) * x ** k")], "the derivative of ** by its left operand is (b − 1)·a^b in yours"),
    "relu passes its number on": ("records", [("lambda g: g if x > 0 else 0.0", "lambda g: x if x > 0 else 0.0")], "relu multiplies by the number of its result"),
    "every pair is turned": ("functions", [("zip(node.inputs, passed)", "zip(node.inputs, passed[::-1])")], "passes the gradients of its two operands on the other way round"),
    "tanh has 1 / cosh": ("functions", [("g * (1 - y ** 2)", "g / math.cosh(a)")], "the derivative of tanh by its operand is 1/cosh(x) in yours"),
    "sin at its own result": ("functions", [("g * math.cos(a)", "g * math.cos(y)")], "the derivative of sin by its operand is taken at the output y"),
    "a root multiplied": ("table", [('"sqrt": (math.sqrt, lambda x, y: 0.5 / y)', '"sqrt": (math.sqrt, lambda x, y: 0.5 * y)')], "the derivative of sqrt by its operand is ½·y in yours"),
    "a quotient squared": ("table", [("lambda a, b: -a / b / b", "lambda a, b: -(a / b) ** 2")], "the derivative of / by its right operand is −y² in yours"),
    "the sign change is the number": ("table", [("return Node(-self.data, ((self, -1.0),))", "return self")], "the sign change gives back its own operand as it is"),
    "operands clear the gradients of those before": ("table", [("            for m, d in n.up:\n                m.grad += n.grad * d", "            for m, d in n.up:\n                m.grad = n.grad * d")], "a gradient replaces what has arrived before (=)"),
}  # fmt: skip
