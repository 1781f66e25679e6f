"""Claims about the page in a real Chromium: its arithmetic is Python's, it has no errors, and it is accessible."""

import random
import re

import pytest

from autograd import Value, apply, floats, nodes, where
from autograd.table import TABLE
from demos import general_network, scalar_chain
from nn import MLP, compare
from tests.helpers.branch_points import INDETERMINATE, NANS, NOT_TAKEN
from tests.helpers.browser import Watched
from tests.helpers.pages import close, holds, numbers
from tests.helpers.programs import BINARY, UNARY, build
from viz import Style, play
from viz.look import number


def test_every_operation_at_every_sample(tab, tmp_path):
    """One page has the sum of all operations, at the table's sample points, at corners and at extremes."""
    y = Value(0.0)
    for op in TABLE:
        for at in (*op.samples, *op.edges):
            inputs = [Value(x) for x in at]
            slopes = [op.slope(floats, op.forward(floats, *at), at, i) for i in range(len(at))]
            y = y + apply(op, *(v if slope == slope else v.data for v, slope in zip(inputs, slopes, strict=True)))
    size = len(nodes(y))
    play(y, max_nodes=size).save(tmp_path / "page.html")
    holds(tab.open(tmp_path / "page.html"), y)
    assert size > 300


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_each_operation_by_itself_and_with_other_inputs(tab, tmp_path, op):
    start, *others = op.samples
    inputs = [Value(x, f"x{i}") for i, x in enumerate(start)]
    y = apply(op, *inputs)
    play(y).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    holds(opened, y)
    for at in others:
        if len(at) == len(start):
            for i, x in enumerate(at):
                opened.evaluate(f"page.set('x{i}', {x!r})")
            holds(opened, apply(op, *map(Value, at)))


@pytest.mark.parametrize(
    ("f", "at"), [*((f, at) for f, at, _ in NOT_TAKEN + NANS), *((f, (0.0,)) for f in INDETERMINATE)]
)
def test_branches_not_taken_zeros_and_nans(tab, tmp_path, f, at):
    leaves = [Value(x, f"x{i}") for i, x in enumerate(at)]
    root = f(*leaves)
    root.backward()
    play(root).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    assert close(numbers(opened, "page.values"), [value.data for value in nodes(root)])
    assert close(numbers(opened, "page.gradients"), [value.grad for value in nodes(root)])


def test_a_condition_chooses_even_nan(tab, tmp_path):
    """The slopes of where are not nan; those of maximum are, as it would have to choose by nan."""
    c, x, y = Value(1.0, "c"), Value(float("nan"), "x"), Value(2.0, "y")
    chosen = where(c, x, y)
    chosen.backward()
    assert [v.grad for v in (c, x, y)] == [0.0, 1.0, 0.0]
    play(chosen).save(tmp_path / "page.html")
    holds(tab.open(tmp_path / "page.html"), chosen)


@pytest.mark.no_cover  # under coverage it takes several times as long
@pytest.mark.parametrize("block", range(5))
def test_50_random_graphs(tab, tmp_path, block):
    for seed in range(10 * block, 10 * block + 10):
        chosen = random.Random(seed)
        program = [
            (chosen.choice(UNARY + BINARY), chosen.randrange(30), chosen.randrange(30))
            for _ in range(chosen.randint(3, 20))
        ]
        leaves = [Value(chosen.uniform(-3, 3)) for _ in range(chosen.randint(1, 4))]
        root, _ = build(program, leaves, Value)
        play(root, max_nodes=1000).save(tmp_path / "page.html")
        opened = tab.open(tmp_path / "page.html")
        holds(opened, root)
        moved = [chosen.uniform(-3, 3) for _ in leaves]
        where = nodes(root)
        for leaf, x in zip(leaves, moved, strict=True):
            if leaf in where:
                opened.evaluate(f"page.set({where.index(leaf)}, {x!r})")
        again, _ = build(program, [Value(x) for x in moved], Value)
        holds(opened, again)


@pytest.mark.parametrize("size", [1, 3])
def test_delta_by_the_equations_and_the_agreement_mark(tab, tmp_path, size):
    """Every activation is tried in hidden and output layers; inputs, weights and targets are changed."""
    for i, activation in enumerate(["linear", "sigmoid", "tanh", "relu", "leaky_relu", "softplus"]):
        model = MLP(2, [3, 2], activation, ["sigmoid", "linear"][i % 2], seed=i)
        chosen = random.Random(i)
        X = [[chosen.uniform(-1, 1) for _ in range(2)] for _ in range(size)]
        Y = [[chosen.uniform(0, 1) for _ in range(2)] for _ in range(size)]
        both = compare(model, X if size > 1 else X[0], Y if size > 1 else Y[0])
        play(both).save(tmp_path / "page.html")
        opened = tab.open(tmp_path / "page.html")
        X[0][1], Y[-1][0] = 0.625, 0.375
        weight = model.layers[0].neurons[1].weights[0]
        weight.data = -0.75
        where = nodes(both.graph)
        for value, x in ((both.traces[0].inputs[1], 0.625), (both.targets[-1][0], 0.375), (weight, -0.75)):
            opened.evaluate(f"page.set({where.index(value)}, {x!r})")
        again = compare(model, X if size > 1 else X[0], Y if size > 1 else Y[0])
        holds(opened, again.graph)
        found = opened.evaluate("page.errors")
        for l in range(2):
            by_equations = again.closed_form.delta[l].T
            z = [where.index(v) for trace in both.traces for v in trace.z[l]]
            assert close([found[str(v)] for v in z], by_equations.ravel())
        count = sum(row.graph.size for row in again.rows)
        assert opened.inner_text("#verdict") == f"graph and equations agree on all {count} numbers"


def tampered(page, before, after):
    """Returns the page with one change in its script, and without the policy that would block it."""
    assert page.html.count(before) == 1
    return re.sub(r'<meta http-equiv="Content-Security-Policy".*?>', "", page.html.replace(before, after))


def test_the_equations_know_nothing_of_the_graphs_gradients(tab, tmp_path):
    """One gradient in the graph's backward pass is made wrong: only later gradients differ from the equations."""
    page = play(compare(general_network.network(), general_network.x, general_network.y))
    spoilt = 'added[i] * (step.slope === "w²₁₁" ? 1.0000001 : 1);'
    (tmp_path / "page.html").write_text(
        tampered(page, "gradients[step.parent] += added[i];", f"gradients[step.parent] += {spoilt}")
    )
    opened = tab.open(tmp_path / "page.html")
    differ = "graph and equations differ in 5 of 45 numbers: δ¹₁, ∂C/∂b¹₁, ∂C/∂w¹₁₁, …"
    assert opened.inner_text("#verdict") == differ
    names = "rows => rows.map(row => row.querySelector('text').textContent).sort()"
    wrong = ["BP2 differs", "δ¹₁", "∂C/∂b¹₁", "∂C/∂w¹₁₁", "∂C/∂w¹₁₂", "∂C/∂w¹₁₃"]
    assert opened.eval_on_selector_all("g.row.differs", names) == sorted(wrong)
    opened.evaluate("page.go(20)")  # before the wrong gradient
    assert opened.locator("g.row.differs").count() == 0


def test_the_graph_knows_nothing_of_the_equations(tab, tmp_path):
    page = play(compare(general_network.network(), general_network.x, general_network.y))
    (tmp_path / "page.html").write_text(tampered(page, "sum + w * A[l][k], 0)", "sum + w * A[l][k] * (1 + 1e-9), 0)"))
    opened = tab.open(tmp_path / "page.html")
    assert re.match(r"graph and equations differ in \d+ of 45 numbers: z¹₁, ", opened.inner_text("#verdict"))
    both = compare(general_network.network(), general_network.x, general_network.y)
    holds(opened, both.graph)


def test_numbers_are_written_as_in_the_pictures(tab, tmp_path):
    chosen = random.Random(1)
    xs = [chosen.uniform(-1, 1) * 10.0 ** chosen.randint(-14, 14) for _ in range(300)]
    xs += [0.0, -0.0, 1.0, -3.0, 9999.0, 10000.0, 1e22, -1e-300, 5e-324, 0.001, 0.00001, float("inf"), float("-inf")]
    play(Value(1.0)).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    texts = [str(x).replace("inf", "Infinity") for x in xs]
    for digits in (0, 2, 4, 9):
        written = opened.evaluate("([xs, n]) => xs.map(x => page.written(Number(x), n))", [texts, digits])
        assert written == [number(x, digits) for x in xs]


def test_a_hostile_label_stays_text(tab, tmp_path):
    x = Value(2.0, "</script><img src=x onerror=alert(1)>")
    y = x * Value(3.0, "<b>&amp;</b>")
    y.label = "<!-- y"
    play(y).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    assert opened.evaluate("page.names") == [v.label for v in nodes(y)]
    assert opened.locator("img, b").count() == 0
    assert opened.inner_text("h1") == "How <!-- y was made, and how its gradient flows back"


def test_its_policy_lets_nothing_else_in(chain, tab):
    _, opened = chain
    opened.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=\"https://example.org/x.png\">')")
    opened.wait_for_timeout(100)
    blocked, tab.complaints[:] = list(tab.complaints), []
    assert any("Content Security Policy" in said and "blocked" in said for said in blocked)


def test_a_notebook_frame_runs(tab, tmp_path):
    (tmp_path / "frame.html").write_text(f"<!doctype html>{play(scalar_chain.chain()['C'])._repr_html_()}")
    opened = tab.open(tmp_path / "frame.html")
    inside = opened.frames[1]
    inside.wait_for_selector("g.box")
    assert inside.inner_text("#rule") == "C = 0.145811"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_overflows(browser, tmp_path, scheme, width):
    """At the widths of a phone and a laptop, the page does not scroll sideways, and texts stay in their boxes."""
    both = compare(general_network.network(), general_network.x, general_network.y)
    shown = [scalar_chain.chain()["C"], both]
    pages = [play(what, style=style) for what in shown for style in (Style(), Style(size=17, small=14, font="Arial"))]
    watched = Watched(browser, viewport={"width": width, "height": 800}, color_scheme=scheme)
    for i, page in enumerate(pages):
        page.save(tmp_path / f"{i}.html")
        opened = watched.open(tmp_path / f"{i}.html")
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
        opened.evaluate("document.getElementById('fit').click()")
        opened.evaluate("document.getElementById('picture').classList.remove('far')")
        outside = """boxes => boxes.flatMap(box => {
            const border = box.querySelector(".border").getBBox();
            return [...box.querySelectorAll("text")].filter(text => {
              const t = text.getBBox();
              return t.x < border.x - 0.5 || t.x + t.width > border.x + border.width + 0.5;
            }).map(text => text.textContent);
          })"""
        assert opened.eval_on_selector_all("g.box, g.circle, g.label", outside) == []
        overlap = """rows => rows.flatMap(row => {
            if (row.textContent === "") return [];
            const [label, number] = [...row.querySelectorAll("text")].map(text => text.getBBox());
            return label.x + label.width > number.x - 2 ? [row.textContent] : [];
          })"""
        assert opened.eval_on_selector_all("g.row", overlap) == []
    watched.tab.close()
    assert watched.complaints == []
