"""Claims about user-defined operations in pictures, formulas, pages, arrays and pickles."""

import copy
import math
import pickle
import subprocess
import sys

import numpy as np
import pytest

from autograd import DomainError, Value, define_operation, explain, expression, lift, nodes
from autograd.formulas.to_sympy import CALLED, OPERATIONS
from tests.helpers.own_operations import arsinh, erf, graph, length, positive, positive_rules
from tests.helpers.pages import data_of
from tests.viz.test_value_graph import labels_of
from viz import draw, play
from viz.page.javascript import rule


def test_pictures_show_them():
    _, _, C = graph()
    source = draw(C).source
    assert "label=<‖·‖(·, ·, 1)>" in source
    assert "label=<arsinh>" in source
    found = labels_of(draw(C)).values()
    assert {"1/√(v1²+1) = 0.8575", "∂₁length(x, z, 1) = 0.1330", "erf′(x) = 1.0313"} <= set(found)


def test_explanations_write_them():
    x, _, C = graph()
    assert expression(C).text == "ln(x · z + √(x² · z² + 1)) · √(x² + z² + 1) + erf(x)"
    text = explain(C, x).text
    assert "1.12838 · exp(−x²) + x · ln(x · z + √(x² · z² + 1))/√(x² + z² + 1) + z ·" in text
    C.backward()
    assert explain(C, x).value == pytest.approx(x.grad, rel=1e-14)


def test_rules_for_floats_alone_stand_in_formulas_by_name():
    x, y = Value(0.5, "x"), Value(0.25, "y")
    bare = define_operation("bare", lambda m, a: math.erf(a), lambda m, y, a: math.exp(-a))
    assert expression(bare(x)).text == "bare(x)"
    assert explain(bare(x), x).text.splitlines()[0] == "∂v1/∂x = bare′(x)"
    slopes = [lambda m, y, a, b: math.cos(a), lambda m, y, a, b: math.cos(b)]
    two = define_operation("two", lambda m, a, b: math.sin(a) + math.sin(b), slopes)
    C = two(x, y)
    C.label = "C"
    assert explain(C, y).text.splitlines()[0] == "∂C/∂y = ∂₂two(x, y)"
    assert r"\partial_{2}\operatorname{two}(x, y)" in explain(C, y).latex
    assert "<msub><mi>∂</mi><mn>2</mn></msub><mi>two</mi>" in explain(C, y).mathml


def test_two_of_one_name_are_two_functions():
    x = Value(0.5, "x")
    f = define_operation("f", lambda m, a: math.sin(a), lambda m, y, a: math.cos(a))
    g = define_operation("f", lambda m, a: math.tan(a), lambda m, y, a: 1 + y * y)
    form = expression(f(x) - g(x) + f(x))
    assert form.text == "2 · f(x) − f(x)"
    assert form.value == pytest.approx(2 * math.sin(0.5) - math.tan(0.5), rel=1e-15)
    pytest.importorskip("sympy", reason="sympy (the extra 'sympy') is not installed")
    assert str(form.sympy()) == "2*f(x) - f_2(x)"


def test_no_name_is_taken_for_another():
    for name in {*CALLED, *OPERATIONS}:
        with pytest.raises(ValueError, match=f"the name {name} is taken, by an operation or by a function in formulas"):
            define_operation(name, lambda m, a: a, lambda m, y, a: 1.0)


def test_pages_work_them_out():
    x, z = Value(0.3, "x"), Value(2.0, "z")
    page = play(arsinh(x * z) * length(x, z, 1.0))
    data = data_of(page)
    assert "‖x, z, 1‖" in [node.get("text") for node in data["nodes"]]
    assert "∂₁length(x, z, 1)" in [step.get("slope") for step in data["steps"]]
    forward = "(x) => m.log((x[0] + m.sqrt(((x[0] * x[0]) + 1))))"
    slope = "(y, x) => 1 / m.sqrt((m.power(x[0], 2) + 1))"
    assert (
        rule(arsinh, 1, {0}) == f"{{forward: {forward}, branches: false, undecided: false,\n   slopes: {{0: {slope}}}}}"
    )
    with pytest.raises(
        TypeError,
        match=r"a page works erf out in JavaScript by its rules; .*forward of erf is for floats alone \(.*not Code\)",
    ):
        play(erf(x))


def test_arrays_work_them_out():
    x = np.array([0.1, 2.0])
    np.testing.assert_allclose(arsinh.forward(np, x), np.arcsinh(x), rtol=1e-15)
    np.testing.assert_allclose(arsinh.slope(np, np.arcsinh(x), [x], 0), 1 / np.sqrt(1 + x * x), rtol=1e-15)
    with pytest.raises(TypeError, match=r"forward of erf is for floats alone .*: written in nothing but m and \+"):
        erf.forward(np, x)


def test_a_page_gives_their_numbers(tab, tmp_path):
    x, z = Value(0.3, "x"), Value(2.0, "z")
    C = arsinh(x * z) * length(x, z, 1.0)
    C.label = "C"
    play(C).save(tmp_path / "own.html")
    opened = tab.open(tmp_path / "own.html")
    opened.evaluate("page.set('x', 0.5)")
    shown = opened.evaluate("document.body.innerText")
    assert f"{math.asinh(1.0) * math.hypot(0.5, 2, 1):.4f}" in shown


def test_pickles_hold_their_names():
    x, _, C = graph()
    again = pickle.loads(pickle.dumps(C))
    assert [node.op for node in nodes(again)] == [node.op for node in nodes(C)]
    assert copy.deepcopy(arsinh) is copy.copy(arsinh) is arsinh
    inner = define_operation("inner", lambda m, a: a, lambda m, y, a: 1.0)
    with pytest.raises(pickle.PicklingError, match=r"module, write inner = define_operation\('inner'"):
        pickle.dumps(inner(x))
    copied = copy.deepcopy(inner(x))
    assert copied.op is inner


def test_pickles_of_programs_hold_what_is_asked_outside_the_domain():
    x = Value(4.0, "x")
    again = pickle.loads(pickle.dumps(lift(positive(x), parameters=[x])))
    assert again()[0] == math.log(4.0)
    again.parameters[:] = -1.0
    with pytest.raises(DomainError, match=r"positive\(-1\.0\) has no value: positive needs an input above 0"):
        again()
    inner = define_operation("inner", *positive_rules, needs="inner needs an input above 0")
    with pytest.raises(pickle.PicklingError, match="module, write inner ="):
        pickle.dumps(lift(inner(x), parameters=[x]))
    with pytest.raises(pickle.PicklingError, match="module, write positive ="):
        pickle.dumps(positive._replace(symbol="ln"))


def test_a_pickle_whose_operation_is_gone_says_so(tmp_path):
    (tmp_path / "mine.py").write_text(
        "from autograd import Value, define_operation\n"
        "double = define_operation('double', lambda m, a: 2 * a, lambda m, y, a: 2.0)\n"
    )
    code = "import mine, pickle, sys; sys.stdout.buffer.write(pickle.dumps(mine.double(mine.Value(3.0))))"
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"]
    pickled = subprocess.run(command, capture_output=True, check=True).stdout
    sys.path.insert(0, str(tmp_path))
    try:
        again = pickle.loads(pickled)
        assert (again.data, again.op.name) == (6.0, "double")
        del sys.modules["mine"].double
        with pytest.raises(LookupError, match=r"needs the operation mine\.double, which is not defined there"):
            pickle.loads(pickled)
    finally:
        sys.path.remove(str(tmp_path))
        sys.modules.pop("mine", None)
