"""Calls of the public API with all that people pass by mistake: `python -m tests.fuzz 100000`.

Each call is made from a seed. It ends in a right number (its own check says which), or in one of the errors that are
documented; anything else (an AttributeError from the depths, a warning, a changed bystander) is a finding.
"""

import copy
import math
import pickle
import random
import sys
import traceback
import warnings
from collections import Counter
from decimal import Decimal
from fractions import Fraction

import numpy as np

import autograd
import nn
import viz
from autograd import Value, apply, floats
from autograd.table import TABLE
from tests.edges import EDGES, expected, is_outside, same

DOCUMENTED = (TypeError, ValueError)  # DomainError is a ValueError


class Awkward:
    """A number, until it is asked for."""

    def __float__(self):
        raise RuntimeError("no number")


class Sized:
    def __len__(self):
        return 2


REALS = (
    2,
    -3,
    True,
    17,
    0.5,
    Fraction(1, 3),
    Decimal("1.25"),
    np.float32(0.5),
    np.int64(4),
    np.array(1.5),
    np.bool_(True),
)
TEXTS = (
    "",
    "x",
    "w¹₂₁",
    "<b>&\"'",
    "a\nb",
    "\\N|{}",
    "\x00",
    "\ud800",
    "{a}",
    "%s",
    "∂C/∂x",
    "x" * 300,
    "</script>",
    "$",
    "2",
)
ODD = (
    None, "2", b"2", 2j, float, len, object(), Ellipsis, NotImplemented, 10**400, -(10**400), Decimal("sNaN"),
    Decimal("1e999"), Decimal("NaN"), [], (), {}, {"a": 1.0}, {1.0}, range(3), [1.0, "2"], [[1.0], [2.0, 3.0]], [None],
    np.array([]), np.array([1.0, 2.0]), np.array("x"), np.array(None, object), np.zeros((2, 0)), np.ones((2, 2)),
    np.array([1j]), np.datetime64("2026-01-01"), np.array([Value(1.0), 2.0], object), np.array(["1"]), Awkward(),
    Sized(), Exception("x"), np.ma.masked, memoryview(b"12"), bytearray(b"1"), slice(1), np.float64(math.nan),
    lambda *a: a, Value, autograd, -1, 0, 1e9,
)  # fmt: skip


def number(rng):
    return rng.choice(REALS) if rng.random() < 0.3 else rng.choice(EDGES) if rng.random() < 0.5 else rng.uniform(-3, 3)


def value(rng):
    made = Value(number(rng), rng.choice(TEXTS) if rng.random() < 0.5 else "")
    for _ in range(rng.randrange(4)):
        try:
            made = rng.choice(
                [made * 2, made + made, made.tanh(), made.relu(), made * made, -made, made.exp(), made**2]
            )
        except autograd.DomainError:
            break
    if rng.random() < 0.3:
        made.label = rng.choice(TEXTS)
    return made


def anything(rng):
    kind = rng.random()
    if kind < 0.35:
        return rng.choice(ODD)
    if kind < 0.5:
        return rng.choice(TEXTS)
    if kind < 0.65:
        return value(rng)
    if kind < 0.85:
        return number(rng)
    if kind < 0.95:
        return [anything(rng) for _ in range(rng.randrange(4))]
    return {"a": anything(rng), 2: anything(rng)}


def mostly(rng, *good):
    return rng.choice(good) if rng.random() < 0.75 else anything(rng)


def size(rng, *good):
    """As `mostly`, but for whole numbers that a network would faithfully try to be as large as."""
    while True:
        made = mostly(rng, *good)
        numbers = made if isinstance(made, list | tuple) else [made]
        if not any(isinstance(n, int | np.integer) and n > 100 for n in numbers):
            return made


# ---- the calls


def operations(rng):
    """Any operation on any operands: NumPy's number, or DomainError exactly where there is none."""
    op = rng.choice(TABLE)
    count = 2 if op.name == "dot" else len(op.slopes)
    at = [float(rng.choice(EDGES)) for _ in range(count)]
    as_values = [rng.random() < 0.5 for _ in at]
    operands = [Value(x) if wrapped else x for x, wrapped in zip(at, as_values, strict=True)]
    y, slopes = expected(op, tuple(at))
    wanted = [slope for slope, wrapped in zip(slopes, as_values, strict=True) if wrapped]
    if is_outside(op, at, y, wanted):
        try:
            made = apply(op, *operands)
        except autograd.DomainError:
            return
        raise AssertionError(f"{op.name}{tuple(at)} is {made}, where DomainError is due")
    made = apply(op, *operands)
    made.backward()
    assert same(made.data, y), (op.name, at, made.data, y)
    for leaf, slope in zip([v for v in operands if isinstance(v, Value)], wanted, strict=True):
        assert same(leaf.grad, slope, 1e-300), (op.name, at, leaf.grad, slope)


def operators(rng):
    """Whatever stands beside a Value: a Value, an array of Values, or TypeError; the Value itself stays as it was."""
    v, other = value(rng), anything(rng)
    before = (v.data, v.grad, v.label, v.operands)
    try:
        made = rng.choice(
            [
                lambda: v + other,
                lambda: other + v,
                lambda: v - other,
                lambda: other - v,
                lambda: v * other,
                lambda: v / other,
                lambda: other / v,
                lambda: v**other,
                lambda: other**v,
                lambda: v < other,
                lambda: other >= v,
                lambda: v == other,
                lambda: autograd.maximum(v, other),
                lambda: autograd.minimum(other, v),
                lambda: v.leaky_relu(other),
                lambda: v.backward(other),
            ]
        )()
        if isinstance(made, Value):
            assert made.op is not None or v.op is None
            assert all(isinstance(x, Value | float) for x in made.operands)
    finally:
        assert repr((v.data, v.label, v.operands)) == repr((before[0], before[2], before[3]))


def leaves(rng):
    wrong = anything(rng)
    made = Value(wrong, mostly(rng, *TEXTS))
    assert type(made.data) is float
    assert made.data == floats.as_float(wrong) or math.isnan(made.data)
    v = Value(1.0)
    try:
        if rng.random() < 0.5:
            v.data = anything(rng)
        else:
            v.grad = anything(rng)
    finally:
        assert type(v.data) is type(v.grad) is float


def functions(rng):
    f = rng.choice(
        [
            autograd.sin,
            autograd.cos,
            autograd.exp,
            autograd.log,
            autograd.relu,
            autograd.sigmoid,
            autograd.softplus,
            autograd.sqrt,
            autograd.tanh,
            autograd.leaky_relu,
        ]
    )
    f(anything(rng))


def dots(rng):
    w, a = [[number(rng) if rng.random() < 0.5 else value(rng) for _ in range(rng.randrange(4))] for _ in range(2)]
    z = autograd.dot(mostly(rng, w, tuple(w)), mostly(rng, a, w, iter(a)), mostly(rng, None, number(rng), value(rng)))
    assert isinstance(z, Value)


def graphs(rng):
    """Whatever asks for a graph gets one, or says that it wants a Value."""
    v = mostly(rng, value(rng))
    call = rng.choice(
        [
            autograd.nodes,
            autograd.topological,
            lambda x: list(autograd.backward_steps(x)),
            autograd.expression,
            lambda x: autograd.explain(
                x, mostly(rng, x, value(rng), *getattr(x, "operands", ())) if rng.random() < 0.7 else anything(rng)
            ),
            lambda x: autograd.label(a=x, b=anything(rng)),
        ]
    )
    made = call(v)
    for text in ("text", "latex", "mathml", "__str__", "__repr__", "_repr_latex_"):
        if hasattr(made, text):
            found = getattr(made, text)
            found = found() if callable(found) else found
            assert found is None or isinstance(found, str)


def copies(rng):
    """A copy and a pickle have the same numbers, and lead to the same gradients."""
    v = value(rng)
    for made in (copy.copy(v), copy.deepcopy(v), pickle.loads(pickle.dumps(v))):
        assert repr(made) == repr(v)
        assert [n.data for n in autograd.nodes(made)] == [n.data for n in autograd.nodes(v)] or math.isnan(v.data)


SQUARES = {
    "squares": lambda x: sum((v * v for v in _numbers(x)), Value(0.0) * 1),
    "cubes": lambda x: sum((v**3 for v in _numbers(x)), Value(0.0) * 1),
}


def _numbers(x):
    if isinstance(x, dict):
        x = list(x.values())
    if isinstance(x, list | tuple) or (isinstance(x, np.ndarray) and x.ndim):
        return [v for part in x for v in _numbers(part)]
    return [x]


def structure(rng, depth=2):
    kind = rng.random()
    if depth == 0 or kind < 0.4:
        return rng.uniform(-2, 2)
    if kind < 0.8:
        return [structure(rng, depth - 1) for _ in range(rng.randrange(1, 4))]
    if kind < 0.9:
        return {"a": structure(rng, depth - 1), "b": structure(rng, depth - 1)}
    return np.array([rng.uniform(-2, 2) for _ in range(3)])


def derivatives(rng):
    """∂Σx² = 2x and ∂Σx³ = 3x², in whatever structure x comes."""
    which = rng.choice(list(SQUARES))
    x = structure(rng) if rng.random() < 0.7 else anything(rng)
    f = SQUARES[which]
    steep = (lambda v: 2 * v) if which == "squares" else (lambda v: 3 * v * v)
    call = rng.choice(["grad", "value_and_grad", "jvp", "vjp", "jacobian", "hessian", "check_grads"])
    if isinstance(x, tuple) and call in ("jvp", "vjp", "check_grads"):
        x = list(x)  # there a tuple would be several arguments
    if call == "jvp":
        autograd.jvp(f, x, mostly(rng, x))
        return
    if call == "check_grads":
        autograd.check_grads(f, x, order=mostly(rng, 1, 2), tol=1e-7, modes=mostly(rng, "forward", ("reverse",)))
        return
    if call == "vjp":
        _, pull = autograd.vjp(f, x)
        found = pull(1.0)
    elif call == "hessian":
        autograd.hessian(f, mostly(rng, 0))(x)
        return
    elif call == "jacobian":
        found = autograd.jacobian(f, mostly(rng, 0), mostly(rng, "forward", "reverse"))(x)
    elif call == "grad":
        found = autograd.grad(f, mostly(rng, 0, (0,)))(x)
    else:
        _, found = autograd.value_and_grad(f)(x)
    if not any(isinstance(v, Value) for v in _numbers(x)):
        for d, at in zip(_numbers(found), _numbers(x), strict=True):
            wanted = float(steep(float(at)))
            assert same(float(d), wanted, 1e-15) or not math.isfinite(wanted), (call, which, x, found)


def strange_functions(rng):
    """Functions that return what has no derivative."""
    result = anything(rng)
    call = rng.choice([autograd.grad, autograd.jacobian, autograd.hessian, autograd.value_and_grad])
    call(rng.choice([lambda x: result, lambda x: [x, result], lambda x: {"a": result, "b": x}]))(structure(rng))


def own_operations(rng):
    name = mostly(rng, *(f"own{i}" for i in range(9)), "add")
    forward, slopes = rng.choice(
        [
            (lambda m, a: a * a, lambda m, y, a: 2 * a),
            (lambda m, a, b: a * b, [lambda m, y, a, b: b, lambda m, y, a, b: a]),
            (lambda m, a: m.exp(a), lambda m, y, a: y),
            (mostly(rng, lambda m: 1.0), mostly(rng, lambda m, y, a: "text", ())),
        ]
    )
    made = autograd.define_operation(
        name,
        forward,
        slopes,
        symbol=mostly(rng, "", "□"),
        needs=mostly(rng, "", "it needs"),
        short=mostly(rng, "", "", "", "2·{a}", "{nothing}", "{", ("{b}", "{a}")),
    )
    result = made(mostly(rng, 0.5, value(rng)))
    assert isinstance(result, Value | np.ndarray)


def modes(rng):
    with rng.choice([autograd.no_grad, autograd.only_finite])():
        try:
            operators(rng)
            value(rng).backward()
        except autograd.NotFiniteError:
            return  # what it is there for


def networks(rng):
    sizes = size(rng, [1], [2, 1], (3, 2), [2, 2, 2])
    model = nn.MLP(
        size(rng, 1, 2, 3),
        sizes,
        mostly(rng, "relu", "tanh", "softplus"),
        mostly(rng, "linear", "sigmoid"),
        mostly(rng, None, 1, random.Random(1)),
    )
    out = model(mostly(rng, [1.0] * model.sizes[0]))
    assert len([out] if isinstance(out, Value) else out) == model.sizes[-1]
    model.load_state(mostly(rng, model.state()))
    return model


def parts_of_networks(rng):
    choice = rng.randrange(5)
    if choice == 0:
        nn.Neuron(size(rng, 1, 2), mostly(rng, "tanh"), seed=mostly(rng, 1))(mostly(rng, [1.0, 2.0]))
    elif choice == 1:
        nn.Layer(size(rng, 1, 2), size(rng, 1, 2), mostly(rng, "tanh"))(mostly(rng, [1.0], [1.0, 2.0]))
    elif choice == 2:
        weights = mostly(rng, [np.ones((2, 2))], [[[1.0, 2.0]], [[1.0]]])
        nn.MLP.from_arrays(
            weights, mostly(rng, [[1.0, 2.0]], [[1.0], [2.0]]), mostly(rng, "tanh"), mostly(rng, "linear")
        )
    elif choice == 3:
        nn.mean(mostly(rng, [value(rng), value(rng)]))
        nn.quadratic(mostly(rng, value(rng), [value(rng)]), mostly(rng, 1.0, [1.0]))
    else:
        descent = nn.SGD(mostly(rng, [value(rng)], value(rng)), mostly(rng, 0.1))
        descent.step()
        descent.zero_grad()


def comparisons(rng):
    """compare and what holds a user's arrays to it; a refusal leaves the gradients as they were."""
    model = nn.MLP(2, rng.choice([[1], [2, 2], [3, 1]]), rng.choice(["tanh", "relu"]), seed=rng.randrange(9))
    n = model.sizes[-1]
    for p in model.parameters():
        p.grad = 7.0
    try:
        both = nn.compare(
            mostly(rng, model),
            mostly(rng, [0.5, -0.2], [[0.1, 0.2], [0.3, 0.4]], [1e200, 1.0]),
            mostly(rng, [0.5] * n, [[0.5] * n] * 2),
            mostly(rng, "quadratic"),
        )
    except DOCUMENTED:
        assert all(p.grad == 7.0 for p in model.parameters())
        raise
    assert both.agrees(1e-9) or not math.isfinite(both.cost) or both.cost > 1e100
    for text in (repr(both), str(both.rows[0])):
        assert isinstance(text, str)
    call = rng.randrange(4)
    if call == 0:
        both.agrees(anything(rng))
    elif call == 1:
        given = {
            key: mostly(rng, getattr(both.closed_form, key)) for key in ("dW", "db", "delta") if rng.random() < 0.6
        }
        repr(both.against(**given, tol=mostly(rng, 1e-9), convention=mostly(rng, None, "rows", "columns")))
    elif call == 2:
        viz.draw_network(
            both,
            example=mostly(rng, None, 1),
            max_neurons=mostly(rng, 8, 2),
            digits=mostly(rng, 4),
            tol=mostly(rng, 1e-9),
        )
    else:
        both.disagreements(mostly(rng, 1e-9))


def closed_forms(rng):
    side = rng.choice([nn.closed_form.columns, nn.closed_form.rows])
    found = side(
        mostly(rng, [np.ones((2, 2))]),
        mostly(rng, [[0.0, 1.0]]),
        mostly(rng, [0.5, 0.5], np.ones((2, 2))),
        mostly(rng, [1.0, 0.0], np.ones((2, 2))),
        mostly(rng, "tanh", ["tanh"]),
        mostly(rng, "linear"),
    )
    assert isinstance(found.cost, float)


def pictures(rng):
    v = mostly(rng, value(rng))
    if isinstance(v, Value) and rng.random() < 0.6:
        v.backward()
    options = {}
    for name, good in (
        ("melt", [True, False]),
        ("max_nodes", [150, 3]),
        ("direction", ["LR", "TB"]),
        ("digits", [4, 0, 17]),
    ):
        if rng.random() < 0.3:
            options[name] = mostly(rng, *good)
    picture = viz.draw(v, **options)
    assert picture.source.startswith("digraph")
    picture._repr_mimebundle_ if rng.random() < 0.5 else None


def pages(rng):
    v = mostly(rng, value(rng))
    page = viz.play(v, max_nodes=mostly(rng, 200), digits=mostly(rng, 4))
    assert page.html.lower().startswith("<!doctype html>")
    assert page.html.count("</script>") <= 3
    page._repr_html_()
    if rng.random() < 0.5:
        page.save(rng.choice([None, 3, "", "/", [], 2.5, b"\xff", {}]))


def lifted(rng):
    v = mostly(rng, value(rng))
    leaf = next((n for n in autograd.nodes(v) if n.op is None), None) if isinstance(v, Value) else None
    named = [leaf] if leaf is not None else []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        program = autograd.lift(v, parameters=mostly(rng, named, ()), inputs=mostly(rng, (), (), named))
    out = program(*([] if rng.random() < 0.6 else [mostly(rng, [[1.0]], [1.0])]))
    assert out is not None
    assert isinstance(str(program), str)


CALLS = {
    call.__name__: call
    for call in (
        operations,
        operators,
        leaves,
        functions,
        dots,
        graphs,
        copies,
        derivatives,
        strange_functions,
        own_operations,
        modes,
        networks,
        parts_of_networks,
        comparisons,
        closed_forms,
        pictures,
        pages,
        lifted,
    )
}
RARE = {"pages": 0.15, "pictures": 0.5, "comparisons": 0.4, "lifted": 0.3}  # they take longer than the rest


def attempt(seed, only=""):
    """One call: its name, how it ended, and the finding, if it is one."""
    rng = random.Random(seed)
    name = only or rng.choices(list(CALLS), [RARE.get(name, 1.0) for name in CALLS])[0]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            CALLS[name](rng)
    except DOCUMENTED as error:
        if len(str(error)) > 8:
            return name, type(error).__name__, None
        return name, "without a message", traceback.format_exc()
    except Exception as error:
        if isinstance(error, OverflowError) and "a Value holds a float" in str(error):
            return name, "OverflowError", None  # as `Value` documents
        return name, type(error).__name__, traceback.format_exc()
    return name, "a right number", None


def survey(count, first=0, only=""):
    """The findings, by the line they come from, with a seed for each; and how the calls ended."""
    findings, ends = {}, Counter()
    for seed in range(first, first + count):
        name, end, finding = attempt(seed, only)
        ends[name, end] += 1
        if finding:
            places = [line.strip() for line in finding.splitlines() if line.startswith("  File")]
            findings.setdefault((name, end, places[-1]), (seed, finding))
    return findings, ends


def main(count="100000", first="0", only=""):
    findings, ends = survey(int(count), int(first), only)
    for name in CALLS:
        print(f"{name}: " + ", ".join(f"{end} {n}" for (call, end), n in ends.most_common() if call == name))
    for (name, end, place), (seed, finding) in findings.items():
        print(f"\nseed {seed}: {name} ended in {end}, {place}\n{finding}")
    print(f"{count} calls, {len(findings)} findings")
    return bool(findings)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
