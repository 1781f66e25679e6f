"""Claims about warnings after `v.data = …`: they name the right Values, and say the same in every place."""

import math
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import (
    ChangedValueWarning,
    Value,
    define_operation,
    dot,
    dots,
    explain,
    expression,
    functions,
    label,
    lift,
    nodes,
)
from autograd.diagnostics.changes import changed
from nn import MLP, SGD, compare
from tests.helpers.operations import ROWS, TYPED, name
from tests.helpers.programs import build, instructions
from viz import draw, draw_network, play

VOICE = r"w \(now 5\.0\) has been given another number since this graph was recorded; {}: record the graph again"
SHOWN = "{} shows the results and slopes of the recording, as backward\\(\\) does"
LIFTED = r"lift takes the numbers that leaves have now, while backward\(\) keeps those of the recording"


def neuron():
    w, x, b = Value(2.0, "w"), Value(3.0, "x"), Value(0.5, "b")
    z = w * x + b
    C = (z.tanh() + z) ** 2
    label(z=z, C=C)
    C.backward()
    return C, w, x, b, z


# ---- the same message everywhere


@pytest.mark.parametrize("show", [draw, play, lambda C: draw(C, melt=True), lambda C: explain(C, nodes(C)[0])],
                         ids=["draw", "play", "draw melted", "explain"])  # fmt: skip
def test_whatever_shows_the_graph_warns_with_one_sentence(show):
    C, w, *_ = neuron()
    show(C)  # warnings are errors in these tests
    w.data = 5.0
    with pytest.warns(ChangedValueWarning, match=VOICE.format(SHOWN.format("(draw|play|explain)"))) as told:
        show(C)
    assert [warning.filename for warning in told] == [__file__]
    w.data = 2.0
    show(C)


def test_lift_warns_of_a_constant_in_the_same_voice():
    C, w, x, b, _ = neuron()
    w.data = 5.0
    with pytest.warns(ChangedValueWarning, match=VOICE.format(LIFTED)) as told:
        program = lift(C, [b], inputs=[x])
    assert [warning.filename for warning in told] == [__file__]
    again = (z := 5.0 * 3.0 + 0.5) + math.tanh(z)
    assert program([[3.0]])[0] == pytest.approx(again**2, rel=1e-12)


def test_new_numbers_of_parameters_and_inputs_are_what_a_program_is_for():
    C, w, x, b, z = neuron()
    w.data, b.data, x.data = 5.0, -1.0, 0.25
    assert lift(C, [w, b], inputs=[x])([[3.0]])[0] == pytest.approx((14 + math.tanh(14)) ** 2, rel=1e-12)
    assert lift([C, z], [w, b, x]).forward()[1] == pytest.approx(0.25)
    with pytest.warns(ChangedValueWarning, match=r"^x \(now 0\.25\) has .*; lift takes"):
        lift(C, [w, b])  # the slope by the parameter b has the number of the constant x
    x.data, z.data = 3.0, 7.0
    with pytest.warns(ChangedValueWarning, match=r"^z \(now 7\.0\) has .*; lift takes"):
        lift(C, [w, b, x])


def test_a_training_lifts_its_old_graph_without_a_word():
    model = MLP(2, [3, 2, 1], "tanh", seed=0)
    C = compare(model, [[0.5, -1.0], [0.25, 2.0]], [[1.0], [0.0]]).graph
    for _ in range(3):
        SGD(model.parameters(), 0.1).step()
        lift(C, model.parameters())


def test_an_expression_shows_no_numbers_that_could_be_old():
    C, w, *_ = neuron()
    w.data = 5.0
    assert str(expression(C)) == "(tanh(z) + z)²"


def test_a_picture_says_it_too():
    C, w, *_ = neuron()
    w.data = 5.0
    for melt in (False, True):
        with pytest.warns(ChangedValueWarning):
            source = draw(C, melt=melt).source
        assert "w (now 5.0) has been given another number since this graph was recorded; draw<" in source
        assert {">3<", ">2<"} <= set(re.findall(r">[23]<", source))  # on the edges, where w = 2 would be false
        assert "w = 2" not in source


# ---- what is shown


@pytest.fixture
def changed_page(tab, tmp_path):
    """Returns a page of a graph with changed data, the graph, and the changed Value."""
    C, w, *_ = neuron()
    w.data = 5.0
    with pytest.warns(ChangedValueWarning):
        play(C).save(tmp_path / "page.html")
    return tab.open(tmp_path / "page.html"), C, w


def test_a_page_begins_with_what_backward_has(changed_page):
    opened, C, _ = changed_page
    assert opened.evaluate("page.values") == [v.data for v in nodes(C)]
    assert opened.evaluate("page.gradients") == pytest.approx([v.grad or 1.0 for v in nodes(C)], rel=1e-12)
    assert opened.inner_text("#changed").startswith("w (now 5.0) has been given another number")
    assert opened.locator("#nudge").is_hidden()


def test_a_page_works_out_anew_once_a_leaf_is_moved_and_goes_back(changed_page):
    opened, C, _ = changed_page
    opened.evaluate("page.set('x', 0.25)")
    again, *_ = neuron_at(5.0, 0.25)
    assert opened.evaluate("page.values") == pytest.approx([v.data for v in nodes(again)], rel=1e-14)
    assert opened.locator("#changed").is_hidden()
    assert opened.locator("#nudge").is_visible()
    opened.click("#reset")
    assert opened.evaluate("page.values") == [v.data for v in nodes(C)]


def neuron_at(w, x):
    z = Value(w) * Value(x) + Value(0.5)
    return (z.tanh() + z) ** 2, z


def test_no_equation_on_such_a_page_is_false(changed_page):
    """v1 = w · x is 6, computed with w = 2, and w is 5 now."""
    opened, *_ = changed_page
    opened.evaluate("page.go(1)")
    assert opened.inner_text("#step").count("5 × 3") == 0
    assert "w · x = 6" in opened.inner_text("#step")


def test_a_comparison_stays_as_it_was_compared(tab, tmp_path):
    model = MLP(2, [3, 1], "tanh", seed=0)
    both = compare(model, [[0.5, -1.0], [0.25, 2.0]], [[1.0], [0.0]])
    before = play(both).html
    SGD(model.parameters(), 0.1).step()
    both.traces[1].inputs[0].data = 9.0
    both.targets[0][0].data = -9.0
    voice = r"have been given other numbers since this graph was recorded; {} shows"
    with pytest.warns(ChangedValueWarning, match=voice.format("play")):
        assert play(both).html == before
    with pytest.warns(ChangedValueWarning, match=voice.format("draw_network")):
        draw_network(both)


# ---- the Values that are named


def anew(op, leaves):
    """Returns the result of the operation for the leaves' present numbers; nan if it has no value."""
    try:
        return TYPED[op.name](*(Value(v.data) for v in leaves)).data
    except ValueError:
        return math.nan


@pytest.mark.parametrize("op", ROWS, ids=name)
def test_each_operation_tells_of_a_changed_operand(op):
    for at in op.samples:
        leaves = [Value(x) for x in at]
        y = TYPED[op.name](*leaves)
        assert changed(y) == []
        for v, x in zip(leaves, at, strict=True):
            v.data = x + 1.75
            if anew(op, leaves) != y.data:
                assert any(v in alternatives for alternatives in changed(y))
            v.data = x


def test_the_factors_of_products_and_dots_are_known_for_certain():
    a, b, c, d = (Value(x, name) for x, name in zip((2.0, 3.0, 4.0, 5.0), "abcd", strict=True))
    z = dot([a, b], [c, d], 0.5)
    w = a * d + b / c
    y = z * w
    b.data, d.data = -3.0, 7.0
    assert set(changed(y)) == {(b,), (d,)}
    z.data = 1.0
    assert set(changed(y)) == {(b,), (d,), (z,)}


def test_a_sum_cannot_tell_which_of_its_terms_it_was():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    y = a + b
    label(y=y)
    a.data = 7.0
    assert [set(found) for found in changed(y)] == [{a, b, y}]
    told = r"^a \(now 7\.0\) or b \(now 3\.0\) or y \(now 5\.0\) has been given another number"
    with pytest.warns(ChangedValueWarning, match=told):
        explain(y, a)
    z = y * b  # z was computed with b and y, so that only a can be changed
    assert changed(z) == [(a,)]


def test_the_result_may_stay_while_slopes_do_not():
    for made, number in ((lambda v: v**2, -2.0), (lambda v: v * Value(0.0), 5.0), (abs, -2.0)):
        v = Value(2.0)
        y = made(v)
        v.data = number
        assert changed(y) == [(v,)]


def test_an_inner_node_is_named_where_its_operands_are_sound():
    x = Value(0.5, "x")
    h = x * x
    y = h.tanh() * h
    h.data = 3.0
    assert changed(y) == [(h,)]


def test_few_are_named_and_the_others_counted():
    leaves = [Value(float(i), f"x{i}") for i in range(1, 8)]
    (y,) = dots([(leaves, None)], leaves)
    for v in leaves:
        v.data += 1
    told = r"^x1 \(now 2\.0\), x2 \(now 3\.0\), x3 \(now 4\.0\) and 4 more have been given other numbers"
    with pytest.warns(ChangedValueWarning, match=told):
        draw(y)


def test_what_has_no_label_is_told_by_its_number():
    v = Value(2.0)
    y = v * v
    v.data = 0.1
    with pytest.warns(ChangedValueWarning, match=r"^a Value without a label \(now 0\.1\) has"):
        draw(y)


def test_an_operation_of_ones_own_may_have_no_value_by_now():
    root = define_operation("root", forward=lambda m, a: math.sqrt(a), slopes=lambda m, y, a: 0.5 / y)
    v = Value(4.0)
    y = root(v)
    v.data = -1.0
    assert changed(y) == [(v,)]


def test_rounding_is_no_change():
    """Terms that cancel, added in another order than in the table."""
    rng = random.Random(0)
    for _ in range(200):
        numbers = [rng.uniform(-1e8, 1e8) for _ in range(5)]
        w = [Value(x) for x in [*numbers, *(-x for x in reversed(numbers))]]
        a = [Value(1.0 + rng.choice([0.0, 1e-9])) for _ in w]
        assert changed(*dots([(w, Value(0.1))], a), functions.maximum(w[0], a[0])) == []


def test_values_that_are_nan_or_infinite_fit():
    nan, inf = Value(math.nan), Value(math.inf)
    y = (nan * inf + inf - inf).relu() + functions.maximum(nan, 1.0) + inf.tanh()
    assert changed(y) == []
    inf.data = 2.0
    assert (inf,) in changed(y)


@given(st.lists(instructions, min_size=1, max_size=15), st.integers(0, 2), st.floats(0.1, 1.0))
@settings(max_examples=300)
def test_in_random_programs_the_leaf_that_was_changed_is_among_those_named(program, which, by):
    leaves = [Value(x) for x in (0.7, -0.4, 1.3)]
    y, _ = build(program, leaves, Value)
    assert changed(y) == []
    leaves[which].data += by
    again, _ = build(program, [Value(v.data) for v in leaves], Value)
    pairs = zip(nodes(y), nodes(again), strict=True)
    if any(v.op is not None and abs(v.data - w.data) > 1e-6 * abs(w.data) for v, w in pairs):
        assert changed(y)
    for alternatives in changed(y):
        assert leaves[which] in alternatives
