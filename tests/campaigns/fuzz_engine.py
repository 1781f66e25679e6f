"""The calls of the engine that fuzz.py makes; each checks that it ends rightly."""

import copy
import math
import pickle
import warnings

import numpy as np

import autograd
from autograd import Value, apply, floats
from autograd import functions as functions_of
from tests.helpers.edges import EDGES, expected, is_outside, same
from tests.helpers.mistakes import TEXTS, anything, mostly, number, value
from tests.helpers.operations import ROWS


def operations(rng):
    """Any operation on any operands gives NumPy's number, or a DomainError exactly where there is none."""
    op = rng.choice(ROWS)
    count = len(op.slopes) or rng.randint(1, 5)
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
    """A Value with any operand gives a Value, an array of Values, or a TypeError; the Value itself does not change."""
    v, other = value(rng), anything(rng)
    before = repr(v.data), v.label, list(map(id, v.operands))
    calls = (
        lambda: v + other, lambda: other + v, lambda: v - other, lambda: other - v, lambda: v * other,
        lambda: v / other, lambda: other / v, lambda: v**other, lambda: other**v, lambda: v < other,
        lambda: other >= v, lambda: v == other, lambda: autograd.maximum(v, other), lambda: autograd.minimum(other, v),
        lambda: v.leaky_relu(other), lambda: v.backward(other),
    )  # fmt: skip
    try:
        made = rng.choice(calls)()
        if isinstance(made, Value):
            assert made.op is not None or v.op is None
            assert all(isinstance(x, Value | float) for x in made.operands)
    finally:
        assert (repr(v.data), v.label, list(map(id, v.operands))) == before


def leaves(rng):
    """A leaf holds its number as a float, and always holds a float, whatever is assigned to it."""
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
    """A function of anything gives a Value or an array of Values; of a number, it gives NumPy's number."""
    op, x = rng.choice([op for op in ROWS if hasattr(functions_of, op.name) and len(op.slopes) == 1]), anything(rng)
    made = getattr(functions_of, op.name)(x)
    if isinstance(x, Value | float):
        assert same(made.data, expected(op, (float(x),))[0]), (op.name, x, made)
    assert isinstance(made, Value | np.ndarray)


def dots(rng):
    w, a = [[number(rng) if rng.random() < 0.5 else value(rng) for _ in range(rng.randrange(4))] for _ in range(2)]
    z = autograd.dot(mostly(rng, w, tuple(w)), mostly(rng, a, w, iter(a)), mostly(rng, None, number(rng), value(rng)))
    assert isinstance(z, Value)


def exponentials(rng):
    """log_sum_exp and softmax of a list or an array are NumPy's sum, or shares of 1."""
    given = [
        anything(rng) if rng.random() < 0.05 else mostly(rng, number(rng), value(rng)) for _ in range(rng.randrange(5))
    ]
    given = mostly(rng, given, tuple(given), iter(list(given)), np.array(given, dtype=object))
    listed = list(given) if isinstance(given, list | tuple | np.ndarray) else None
    y = autograd.log_sum_exp(given)
    assert isinstance(y, Value)
    if listed is None:
        return
    at = [x.data if isinstance(x, Value) else float(x) for x in np.ravel(np.array(listed, dtype=object)).tolist()]
    with np.errstate(all="ignore"):
        assert same(y.data, float(np.logaddexp.reduce(at)), 1e-15 * max(map(abs, at))), (at, y)
    shares = [p.data if isinstance(p, Value) else float(p) for p in np.ravel(autograd.softmax(given)).tolist()]
    assert all(0.0 <= p <= 1.0 + 1e-12 for p in shares) or not math.isfinite(y.data), (at, shares)


def choices(rng):
    """where gives the chosen operand, whatever the other one is."""
    condition, a, b = (mostly(rng, number(rng), value(rng), rng.random() < 0.5) for _ in range(3))
    made = autograd.where(condition, a, b)
    if all(isinstance(x, Value | float | bool) for x in (condition, a, b)):
        chosen = a if condition else b
        assert same(made.data, float(chosen)), (condition, a, b, made)
    assert isinstance(made, Value | np.ndarray)


def graphs(rng):
    """Every function of a graph works, or its error asks for a Value."""
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
    copies = copy.copy(v), copy.deepcopy(v), pickle.loads(pickle.dumps(v))
    assert all(repr(made) == repr(v) for made in copies)
    v.backward()
    for made in copies[1:]:  # the first copy shares the leaves
        made.backward()
        assert list(map(repr, autograd.nodes(made))) == list(map(repr, autograd.nodes(v)))


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
    """∂Σx² = 2x and ∂Σx³ = 3x², for x in any structure."""
    which = rng.choice(list(SQUARES))
    x = structure(rng) if rng.random() < 0.7 else anything(rng)
    f = SQUARES[which]
    steep = (lambda v: 2 * v) if which == "squares" else (lambda v: 3 * v * v)
    call = rng.choice(["grad", "value_and_grad", "jvp", "vjp", "jacobian", "hessian", "check_grads"])
    if isinstance(x, tuple) and call in ("jvp", "vjp", "check_grads"):
        x = list(x)  # a tuple would be several arguments here
    if call == "jvp":
        along = mostly(rng, x)
        _, moved = autograd.jvp(f, x, along)
        terms = [float(steep(float(at))) * float(v) for at, v in zip(_numbers(x), _numbers(along), strict=True)]
        size = sum(map(abs, terms))
        assert same(float(moved), sum(terms), 1e-14 * size) or not math.isfinite(size), (which, x, along, moved)
        return
    if call == "check_grads":
        autograd.check_grads(f, x, order=mostly(rng, 1, 2), tol=1e-7, modes=mostly(rng, "forward", ("reverse",)))
        return
    if call == "vjp":
        _, pull = autograd.vjp(f, x)
        found = pull(1.0)
    elif call == "hessian":
        rows = autograd.hessian(f, mostly(rng, 0))(x)
        twice = [2.0 if which == "squares" else 6.0 * float(at) for at in _numbers(x)]
        wanted = [d if i == j else 0.0 for i, d in enumerate(twice) for j in range(len(twice))]
        for d, at in zip(_numbers(rows), wanted, strict=True):
            assert same(float(d), at) or not all(map(math.isfinite, twice)), (which, x, rows)
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
    """Functions whose results have no derivative."""
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
            return  # the documented error


def lifted(rng):
    v = mostly(rng, value(rng))
    leaf = next((n for n in autograd.nodes(v) if n.op is None), None) if isinstance(v, Value) else None
    named = [leaf] if leaf is not None else []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        program = autograd.lift(v, parameters=mostly(rng, named, ()), inputs=mostly(rng, (), (), named))
    if rng.random() < 0.6:
        for made, root in zip(np.atleast_1d(program.forward()), _numbers(v), strict=True):
            assert same(made, root.data) or not abs(root.data) < 1e100, (v, program.forward())
    else:
        program(*([] if rng.random() < 0.5 else [mostly(rng, [[1.0]], [1.0])]))
    assert isinstance(str(program), str)
