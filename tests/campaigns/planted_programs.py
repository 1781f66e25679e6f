"""Random programs for `planted`: a forward pass and three right backward passes, each as lines of NumPy code.

The third one uses formulas that lose digits where a function is saturated, as 1 − e⁻ʸ for the slope of softplus.

A layer takes the name of an array of shape (n, d), and gives that of another one. Its ways back are hand-written: none
comes of a library. `g` in a line back stands for what arrives, d and the name of the layer's result.
"""

import linecache
from dataclasses import dataclass, field

import numpy as np

__all__ = ["Program", "compiled", "random_program"]


@dataclass
class Program:
    """The lines of a forward pass, those of its three backward passes in their order, and how to draw the inputs."""

    rng: np.random.Generator
    n: int = 1
    draw: dict = field(default_factory=dict)  # the name of an input: a function that draws it with a generator
    forward: list = field(default_factory=list)
    back: tuple = field(default_factory=lambda: ([], [], []))
    kinds: list = field(default_factory=list)
    result: str = ""
    scale: float = 1.0

    def input(self, name, *shape, scale=1.0):
        self.draw[name] = lambda rng: rng.normal(size=shape) * scale
        return name

    def floats(self):
        return [name for name in self.draw if not name.startswith("ids")]

    def add(self, forward, one, other=None, lossy=None):
        """Adds lines to the forward pass, and puts lines at the beginning of the three backward passes."""
        self.forward += forward
        for lines, new in zip(self.back, (one, other or one, lossy or one), strict=True):
            lines[:0] = new

    def source(self, form, lines=None, forward=None):
        names = ", ".join(self.draw)
        given = f", d{self.result}" if self.result != "C" else ", dC=1.0"
        back = self.back[form] if lines is None else lines
        found = ", ".join(f"{name!r}: d{name}" for name in self.floats())
        body = [*(forward or self.forward), *back, f"return {{{found}}}"]
        return "\n    ".join([f"def backward({names}{given}):", *body]) + "\n"

    def forward_source(self):
        return "\n    ".join([f"def forward({', '.join(self.draw)}):", *self.forward, f"return {self.result}"]) + "\n"


def compiled(source, name, where):
    """Returns the function of this name in a source text, and makes the text known to `linecache`."""
    linecache.cache[where] = (len(source), None, source.splitlines(keepends=True), where)
    space = {"np": np}
    exec(compile(source, where, "exec"), space)
    return space[name]


# ---- layers: (program, number, name of an array, its width) -> (name, width)


def affine(p, k, x, d):
    m = int(p.rng.integers(1, 5))
    W, b = p.input(f"W{k}", d, m, scale=p.scale / np.sqrt(d)), p.input(f"b{k}", m, scale=0.5)
    z = f"z{k}"
    one = [f"d{W} = {x}.T @ d{z}", f"d{b} = d{z}.sum(axis=0)", f"d{x} = d{z} @ {W}.T"]
    other = [f"d{b} = np.einsum('ij->j', d{z})", f"d{x} = ({W} @ d{z}.T).T",
             f"d{W} = sum(np.outer({x}[i], d{z}[i]) for i in range(len({x})))"]  # fmt: skip
    p.add([f"{z} = {x} @ {W} + {b}"], one, other)
    return z, m


ACTIVATIONS = {
    "sigmoid": ("1 / (1 + np.exp(-{x}))", "{g} * {y} * (1 - {y})",
                "{g} * np.exp(-{x}) / (1 + np.exp(-{x})) ** 2"),
    "tanh": ("np.tanh({x})", "{g} * (1 - {y} ** 2)", "{g} / np.cosh({x}) ** 2"),
    "relu": ("np.maximum({x}, 0)", "{g} * ({x} > 0)", "np.where({x} > 0, {g}, 0)"),
    "softplus": ("np.log(1 + np.exp({x}))", "{g} / (1 + np.exp(-{x}))", "{g} * np.exp({x}) / (1 + np.exp({x}))",
                 "{g} * (1 - np.exp(-{y}))"),
    "swish": ("{x} / (1 + np.exp(-{x}))", "{g} * ({y} + (1 - {y}) / (1 + np.exp(-{x})))",
              "{g} * (1 + np.exp(-{x}) + {x} * np.exp(-{x})) / (1 + np.exp(-{x})) ** 2"),
    "square": ("{x} ** 2", "2 * {g} * {x}", "{g} * {x} + {x} * {g}"),
    "abs": ("np.abs({x})", "{g} * np.sign({x})", "np.where({x} == 0, 0, np.where({x} > 0, {g}, -{g}))"),
}  # fmt: skip


def activation(p, k, x, d, name=None):
    name = name or str(p.rng.choice(list(ACTIVATIONS)))
    y = f"a{k}"
    forward, *back = (text.format(x=x, y=y, g=f"d{y}") for text in ACTIVATIONS[name])
    p.kinds.append(name)
    p.add([f"{y} = {forward}"], *([f"d{x} = {text}"] for text in back))
    return y, d


def softmax(p, k, x, d):
    e, y = f"e{k}", f"p{k}"
    one = [f"d{x} = {y} * (d{y} - (d{y} * {y}).sum(axis=1, keepdims=True))"]
    other = [f"d{x} = np.stack([(np.diag(q) - np.outer(q, q)) @ r for q, r in zip({y}, d{y})])"]
    total = f"{e}.sum(axis=1, keepdims=True)"
    lossy = [f"d{e} = d{y} / {total} - (d{y} * ({y} / {total})).sum(axis=1, keepdims=True)", f"d{x} = d{e} * {e}"]
    shift = f" - {x}.max(axis=1, keepdims=True)" if p.rng.random() < 0.5 else ""
    p.add([f"{e} = np.exp({x}{shift})", f"{y} = {e} / {total}"], one, other, lossy)
    return y, d


def normalisation(p, k, x, d):
    axis = int(p.rng.integers(2))
    g, b, y = p.input(f"gamma{k}", d), p.input(f"beta{k}", d), f"y{k}"
    mu, c, v, s, h = (f"{name}{k}" for name in ("mu", "xc", "var", "std", "xhat"))
    along = f"axis={axis}, keepdims=True"
    forward = [f"{mu} = {x}.mean({along})", f"{c} = {x} - {mu}", f"{v} = ({c} ** 2).mean({along})",
               f"{s} = np.sqrt({v} + 1e-5)", f"{h} = {c} / {s}", f"{y} = {g} * {h} + {b}"]  # fmt: skip
    outer = [f"d{g} = (d{y} * {h}).sum(axis=0)", f"d{b} = d{y}.sum(axis=0)", f"d{h} = d{y} * {g}"]
    closed = [f"d{x} = (d{h} - d{h}.mean({along}) - {h} * (d{h} * {h}).mean({along})) / {s}"]
    staged = [f"d{s} = -(d{h} * {c}).sum({along}) / {s} ** 2", f"d{v} = d{s} / (2 * {s})",
              f"d{c} = d{h} / {s} + 2 * {c} * d{v} / {x}.shape[{axis}]",
              f"d{mu} = -d{c}.sum({along})", f"d{x} = d{c} + d{mu} / {x}.shape[{axis}]"]  # fmt: skip
    p.add(forward, outer + closed, outer + staged)
    return y, d


def attention(p, k, x, d):
    m = int(p.rng.integers(1, 4))
    Wq, Wk, Wv = (p.input(f"W{part}{k}", d, m, scale=p.scale) for part in "qkv")
    Q, K, V, S, e, P, O = (f"{name}{k}" for name in ("Q", "K", "V", "S", "e", "P", "O"))
    forward = [f"{Q} = {x} @ {Wq}", f"{K} = {x} @ {Wk}", f"{V} = {x} @ {Wv}", f"{S} = {Q} @ {K}.T / np.sqrt({m})",
               f"{e} = np.exp({S} - {S}.max(axis=1, keepdims=True))", f"{P} = {e} / {e}.sum(axis=1, keepdims=True)",
               f"{O} = {P} @ {V}"]  # fmt: skip
    weights = [f"d{W} = {x}.T @ d{part}" for W, part in ((Wq, Q), (Wk, K), (Wv, V))]
    end = [*weights, f"d{x} = d{Q} @ {Wq}.T + d{K} @ {Wk}.T + d{V} @ {Wv}.T"]
    one = [f"d{V} = {P}.T @ d{O}", f"d{P} = d{O} @ {V}.T",
           f"d{S} = {P} * (d{P} - (d{P} * {P}).sum(axis=1, keepdims=True))",
           f"d{Q} = d{S} @ {K} / np.sqrt({m})", f"d{K} = d{S}.T @ {Q} / np.sqrt({m})", *end]  # fmt: skip
    other = [f"d{P} = np.einsum('ik,jk->ij', d{O}, {V})",
             f"d{S} = ({P} * d{P} - {P} * (d{O} * {O}).sum(axis=1, keepdims=True)) / np.sqrt({m})",
             f"d{V} = np.einsum('ji,jk->ik', {P}, d{O})", f"d{Q} = d{S} @ {K}",
             f"d{K} = ({Q}.T @ d{S}).T", *end]  # fmt: skip
    p.add(forward, one, other)
    return O, m


def recurrent(p, k, x, d):
    m, steps = int(p.rng.integers(1, 4)), int(p.rng.integers(2, 4))
    W, U, b = p.input(f"W{k}", d, m, scale=p.scale), p.input(f"U{k}", m, m, scale=p.scale), p.input(f"b{k}", m)
    h, s = f"h{k}", f"s{k}"
    forward = [f"{h} = np.zeros(({p.n}, {m}), dtype={x}.dtype)", f"{s} = [{h}]", f"for t in range({steps}):",
               f"    {h} = np.tanh({x} @ {W} + {h} @ {U} + {b})", f"    {s}.append({h})"]  # fmt: skip
    zeros = [f"d{name} = np.zeros_like({name})" for name in (W, U, b, x)]
    loop = [f"for t in reversed(range({steps})):"]
    end = [f"    d{W} += {x}.T @ dz", f"    d{U} += {s}[t].T @ dz", f"    d{b} += dz.sum(axis=0)",
           f"    d{x} += dz @ {W}.T", f"    d{h} = dz @ {U}.T"]  # fmt: skip
    one = [*zeros, *loop, f"    dz = d{h} * (1 - {s}[t + 1] ** 2)", *end]
    other = [*zeros, *loop, f"    dz = d{h} * (1 - {s}[t + 1]) * (1 + {s}[t + 1])", *end]
    p.add(forward, one, other)
    return h, m


def convolution(p, k, x, d):
    size = int(p.rng.integers(1, d + 1))
    w, y, m = p.input(f"w{k}", size), f"c{k}", d - size + 1
    forward = [f"{y} = np.stack([({x}[:, i:i + {size}] * {w}).sum(axis=1) for i in range({m})], axis=1)"]
    zeros = [f"d{x} = np.zeros_like({x})", f"d{w} = np.zeros_like({w})", f"for i in range({m}):"]
    one = [*zeros, f"    d{x}[:, i:i + {size}] += d{y}[:, i:i + 1] * {w}",
           f"    d{w} += (d{y}[:, i:i + 1] * {x}[:, i:i + {size}]).sum(axis=0)"]  # fmt: skip
    other = [*zeros, f"    d{x}[:, i:i + {size}] += np.outer(d{y}[:, i], {w})",
             f"    d{w} += {x}[:, i:i + {size}].T @ d{y}[:, i]"]  # fmt: skip
    p.add(forward, one, other)
    return y, m


def largest(p, k, x, d):
    """A layer that subtracts the largest number of each row, or takes the larger of two halves."""
    y, m = f"m{k}", f"top{k}"
    if d % 2 == 0 and p.rng.random() < 0.5:
        half = d // 2
        p.add([f"{y} = np.maximum({x}[:, :{half}], {x}[:, {half}:])"],
              [f"left = {x}[:, :{half}] > {x}[:, {half}:]",
               f"d{x} = np.concatenate([d{y} * left, d{y} * (1 - left)], axis=1)"],
              [f"left = {x}[:, :{half}] >= {x}[:, {half}:]",
               f"d{x} = np.hstack([np.where(left, d{y}, 0), np.where(left, 0, d{y})])"])  # fmt: skip
        return y, half
    one = [f"d{m} = -d{y}.sum(axis=1, keepdims=True)", f"d{x} = d{y} + ({x} == {m}) * d{m}"]
    other = [f"d{x} = d{y} - np.eye({d})[{x}.argmax(axis=1)] * d{y}.sum(axis=1, keepdims=True)"]
    p.add([f"{m} = {x}.max(axis=1, keepdims=True)", f"{y} = {x} - {m}"], one, other)
    return y, d


def gate(p, k, x, d):
    W, y, s = p.input(f"W{k}", d, d, scale=p.scale), f"y{k}", f"g{k}"
    one = [f"d{s} = d{y} * {x}", f"du{k} = d{s} * {s} * (1 - {s})", f"d{W} = {x}.T @ du{k}",
           f"d{x} = d{y} * {s} + du{k} @ {W}.T"]  # fmt: skip
    other = [f"du{k} = d{y} * {x} * ({s} - {s} ** 2)", f"d{x} = np.einsum('ij,kj->ik', du{k}, {W}) + {s} * d{y}",
             f"d{W} = np.einsum('ij,ik->jk', {x}, du{k})"]  # fmt: skip
    p.add([f"{s} = 1 / (1 + np.exp(-({x} @ {W})))", f"{y} = {x} * {s}"], one, other)
    return y, d


def tied(p, k, x, d):
    W, y, z = p.input(f"W{k}", d, d, scale=p.scale), f"y{k}", f"u{k}"
    one = [f"d{z} = d{y} @ {W}", f"dv{k} = d{z} * (1 - {z} ** 2)", f"d{W} = {x}.T @ dv{k} + d{y}.T @ {z}",
           f"d{x} = dv{k} @ {W}.T"]  # fmt: skip
    p.add([f"{z} = np.tanh({x} @ {W})", f"{y} = {z} @ {W}.T"], one)
    return y, d


def residual(p, k, x, d):
    W, y, z = p.input(f"W{k}", d, d, scale=p.scale), f"y{k}", f"r{k}"
    one = [f"dv{k} = d{y} * ({z} > 0)", f"d{W} = {x}.T @ dv{k}", f"d{x} = d{y} + dv{k} @ {W}.T"]
    p.add([f"{z} = np.maximum({x} @ {W}, 0)", f"{y} = {x} + {z}"], one)
    return y, d


def einsum(p, k, x, d):
    A, y, m = p.input(f"A{k}", d, d, 2, scale=p.scale), f"y{k}", 2
    one = [f"d{A} = np.einsum('ni,nj,nk->ijk', {x}, {x}, d{y})",
           f"left{k} = np.einsum('ijk,nj,nk->ni', {A}, {x}, d{y})",
           f"d{x} = left{k} + np.einsum('ijk,ni,nk->nj', {A}, {x}, d{y})"]  # fmt: skip
    p.add([f"{y} = np.einsum('ni,ijk,nj->nk', {x}, {A}, {x})"], one)
    return y, m


LAYERS = (affine, activation, activation, softmax, normalisation, attention, recurrent, convolution, largest, gate,
          tied, residual, einsum)  # fmt: skip


# ---- the code before the layers and after them


def first(p, d):
    if p.rng.random() < 0.15:
        p.input("E", 3, d)
        p.draw["ids"] = lambda rng: rng.integers(3, size=p.n)
        p.add(["x = E[ids]"], ["dE = np.zeros_like(E)", "np.add.at(dE, ids, dx)"],
              ["dE = np.eye(3)[ids].T @ dx"])  # fmt: skip
    else:
        p.input("x", p.n, d, scale=float(p.rng.choice([1.0, 1.0, 1e-3, 30.0])))
    return "x", d


def cost(p, x, d):
    n, kind = p.n, int(p.rng.integers(4))
    if kind == 0:
        p.result = x
        return
    p.result = "C"
    if kind == 1:
        p.draw["ids_t"] = lambda rng: rng.integers(d, size=n)
        x, _ = softmax(p, "out", x, d)
        p.add([f"C = -np.log({x}[np.arange({n}), ids_t]).mean()"],
              [f"d{x} = np.zeros_like({x})", f"d{x}[np.arange({n}), ids_t] = -dC / ({n} * {x}[np.arange({n}), ids_t])"],
              [f"d{x} = -dC * np.eye({d})[ids_t] / {x} / {n}"])  # fmt: skip
        return
    p.draw["ids_y"] = lambda rng: rng.integers(2, size=(n, d)).astype(float) * 0.8
    if kind == 2:
        p.add([f"C = (({x} - ids_y) ** 2).sum() / (2 * {n})"], [f"d{x} = dC * ({x} - ids_y) / {n}"])
    else:
        x, _ = activation(p, "out", x, d, "sigmoid")
        p.add([f"C = -(ids_y * np.log({x}) + (1 - ids_y) * np.log(1 - {x})).mean()"],
              [f"d{x} = dC * ({x} - ids_y) / ({x} * (1 - {x})) / {x}.size"],
              [f"d{x} = dC * ((1 - ids_y) / (1 - {x}) - ids_y / {x}) / ({n} * {d})"])  # fmt: skip


def random_program(seed, most=4):
    """Returns a program of a few layers; one in ten is an MLP of up to 20 layers."""
    rng = np.random.default_rng(seed)
    p = Program(rng, n=int(rng.choice([1, 2, 3, 4, 8])), scale=float(rng.choice([1.0, 1.0, 1.0, 0.1, 3.0, 30.0, 1e-4])))
    x, d = first(p, int(rng.integers(1, 5)))
    if rng.random() < 0.15:
        for k in range(1, int(rng.choice([1, 2, 3, 5, 8, 20])) + 1):
            x, d = affine(p, k, x, d)
            x, d = activation(p, k, x, d, str(rng.choice(["sigmoid", "tanh", "relu", "softplus"])))
        p.kinds.append("mlp")
    else:
        for k in range(1, int(rng.integers(1, most)) + 1):
            layer = LAYERS[int(rng.integers(len(LAYERS)))]
            p.kinds.append(layer.__name__)
            x, d = layer(p, k, x, d)
    cost(p, x, d)
    return p
