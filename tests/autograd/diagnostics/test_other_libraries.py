"""Claims about code for other libraries: it runs, or an error says what to use."""

import math

import pytest

import autograd
from autograd import Value
from autograd.diagnostics.other_libraries import REMEDIES, remedy
from autograd.table import TABLE
from autograd.value import ELSEWHERE


def test_draw_dot_of_the_lecture_runs():
    """The function that viewers of the lecture about micrograd have typed: it reads _prev and _op."""
    from graphviz import Digraph

    def trace(root):
        nodes, edges = set(), set()

        def build(v):
            if v not in nodes:
                nodes.add(v)
                for child in v._prev:
                    edges.add((child, v))
                    build(child)

        build(root)
        return nodes, edges

    def draw_dot(root):
        dot = Digraph(format="svg", graph_attr={"rankdir": "LR"})
        nodes, edges = trace(root)
        for n in nodes:
            uid = str(id(n))
            dot.node(name=uid, label=f"{{ {n.label} | data {n.data:.4f} | grad {n.grad:.4f} }}", shape="record")
            if n._op:
                dot.node(name=uid + n._op, label=n._op)
                dot.edge(uid + n._op, uid)
        for one, other in edges:
            dot.edge(str(id(one)), str(id(other)) + other._op)
        return dot

    a, b = Value(2.0, "a"), Value(-3.0, "b")
    o = (a * b + a).tanh()
    o.backward()
    source = draw_dot(o).source
    assert source.count("shape=record") == 5
    for sign in ("*", "+", "tanh"):
        assert f"label={sign}" in source or f'label="{sign}"' in source


@pytest.mark.parametrize(
    ("made", "op"),
    [
        (lambda a, b: a + b, "+"), (lambda a, b: a - b, "-"), (lambda a, b: a * b, "*"), (lambda a, b: a / b, "/"),
        (lambda a, b: a**b, "**"), (lambda a, b: -a, "-"), (lambda a, b: a % b, "%"), (lambda a, b: a // b, "//"),
        (lambda a, b: a.relu(), "relu"), (lambda a, b: a.exp(), "exp"), (lambda a, b: autograd.dot([a], [b]), "dot"),
    ],
)  # fmt: skip
def test_operations_as_micrograd_writes_them(made, op):
    a, b = Value(2.0), Value(3.0)
    assert made(a, b)._op == op
    assert made(a, b)._prev <= {a, b}
    assert (a._op, a._prev) == ("", set())
    assert (a * a)._prev == {a}


def test_they_are_read_only():
    y = Value(2.0) * 3
    for name in ("_op", "_prev"):
        with pytest.raises(AttributeError):
            setattr(y, name, "x")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("_backward", "backward_steps"), ("_children", "parents"), ("item", "use data"), ("value", "use data"),
        ("numpy", "autograd.numbers"), ("requires_grad", "detach"), ("clamp", "autograd.maximum"),
        ("logaddexp", "autograd.log_sum_exp"), ("isfinite", "math.isfinite"), ("erf", "define_operation"),
        ("softmax", "autograd.softmax"), ("zero_", "zero_grad"), ("shape", "autograd.array"),
        ("sum", "autograd.array"), ("where", "autograd.where"), ("atan2", "autograd.arctan2"),
    ],
)  # fmt: skip
def test_an_attribute_of_other_libraries_is_told_what_to_use(name, told):
    with pytest.raises(AttributeError, match=f"^a Value has no {name}: .*{told}"):
        getattr(Value(2.0), name)


FORMULAS = {  # what the errors say to write, and what it ought to be worth
    "arcsinh": math.asinh, "asinh": math.asinh, "log2": math.log2, "log10": math.log10, "exp2": lambda x: 2.0**x,
    "atan": math.atan, "logsigmoid": lambda x: -math.log1p(math.exp(-x)), "silu": lambda x: x / (1 + math.exp(-x)),
    "square": lambda x: x * x, "reciprocal": lambda x: 1 / x, "rsqrt": lambda x: 1 / math.sqrt(x),
    "cbrt": math.cbrt, "elu": lambda x: x if x > 0 else math.expm1(x), "abs": abs, "neg": lambda x: -x,
    "clone": lambda x: x,
}  # fmt: skip


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("x", [0.3, 1.7])
def test_the_formula_it_tells_is_right(name, x):
    told = eval(told_of(name).split(", for")[0].split(", or")[0], {"v": Value(x), **NAMES})
    assert told.data == pytest.approx(FORMULAS[name](x), rel=1e-12)
    assert isinstance(told, Value)


def test_formulas_of_the_others():
    x = 0.4
    for name in ("arctanh", "atanh"):
        assert grad_of(name, x) == pytest.approx(1 / (1 - x * x))
    assert grad_of("acosh", 1.5) == pytest.approx(1 / math.sqrt(1.5**2 - 1))
    assert grad_of("asin", x) == -grad_of("acos", x) == pytest.approx(1 / math.sqrt(1 - x * x))
    gelu = eval(told_of("gelu"), {"v": Value(x)})
    assert gelu.data == pytest.approx(0.5 * x * (1 + math.erf(x / math.sqrt(2))), abs=1e-3)
    v, w = Value(3.0), Value(4.0)
    two = {"v": v, "w": w, "values": [v, w], "condition": v < w, "low": 3.5, "high": 5.0, **NAMES}
    total = math.log(math.exp(3) + math.exp(4))
    angle = math.atan2(3, 4)
    worth = {"hypot": 5.0, "logaddexp": total, "logsumexp": total, "log_softmax": 3 - total, "arctan2": angle,
             "atan2": angle, "maximum": 4.0, "min": 3.0, "where": 3.0, "clamp": 3.5}  # fmt: skip
    for name, number in worth.items():
        assert eval(told_of(name), two).data == pytest.approx(number, rel=1e-12)
    assert [p.data for p in eval(told_of("softmax"), two)] == pytest.approx([math.exp(3 - total), math.exp(4 - total)])


NAMES = {"autograd": autograd, "math": math, "abs": abs}


def told_of(name):
    with pytest.raises(AttributeError) as caught:
        getattr(Value(1.0), name)
    return str(caught.value).split(": use ")[1]


def grad_of(name, x):
    v = Value(x)
    eval(told_of(name), {"v": v}).backward()
    return v.grad


def test_a_mistyped_name_is_told_the_near_one():
    with pytest.raises(AttributeError, match="'Value' object has no attribute 'tahn'") as caught:
        Value(2.0).tahn()
    assert (caught.value.name, type(caught.value.obj)) == ("tahn", Value)  # what Python makes its suggestion of


def test_a_function_of_numpy_that_fails_on_plain_object_arrays_names_ours():
    np = pytest.importorskip("numpy")
    with pytest.raises(AttributeError, match=r"autograd\.array\(\.\.\.\)"):
        np.linalg.norm([Value(3.0), Value(4.0)], 3)


def test_the_names_of_others_are_not_offered():
    """To a REPL that completes names; and what is looked up in vain, as NumPy does, costs no call of Python."""
    assert not {"asin", "_backward", "item", "shape"} & set(dir(Value(2.0)))
    assert {"tanh", "tan", "data", "backward"} <= set(dir(Value(2.0)))
    assert not hasattr(Value, "__getattr__")


def test_each_name_has_a_remedy_and_each_remedy_is_told():
    assert set(ELSEWHERE.split()) == set(REMEDIES)
    assert not set(REMEDIES) & {op.name for op in TABLE if hasattr(Value, op.name)}


@pytest.mark.parametrize("name", ["value", "requires_grad", "grad_fn", "shape"])
def test_to_assign_such_a_name_is_told_the_same(name):
    with pytest.raises(AttributeError) as caught:
        setattr(Value(2.0), name, True)
    assert str(caught.value) == f"a Value has no {name}: {remedy(name)}"


def test_an_operation_as_the_lecture_writes_one_is_told_define_operation():
    x = Value(2.0)
    with pytest.raises(TypeError, match=r"a label is text; got tuple .* define_operation"):
        Value(4.0, (x,))
    out = Value(4.0)
    with pytest.raises(AttributeError, match=r"a Value has no _backward: .* define_operation"):
        out._backward = lambda: None


def test_what_other_code_probes_for_is_not_there():
    v = Value(2.0)
    for name in ("__array__", "__array_interface__", "__len__", "__iter__", "shape", "dtype"):
        assert not hasattr(v, name)
