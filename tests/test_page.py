"""Claims about the page in a real Chromium: its arithmetic is Python's, its steps are the engine's, it stays quiet."""

import json
import random
import re

import pytest

from autograd import Value, apply, backward_steps, floats, nodes
from autograd.table import TABLE
from demos import batch_network, general_network, scalar_chain
from nn import MLP, compare
from tests.test_backward import BINARY, UNARY, build
from viz import play
from viz.look import number

LEAVES = "page.names.map((name, i) => [name, page.values[i]])"


def close(found, expected, scale=1.0):
    """Within 1e-12 of the largest magnitude there is, or of `scale`."""
    found, expected = ([float(x) for x in side] for side in (found, expected))
    return found == pytest.approx(expected, rel=1e-12, abs=1e-12 * scale, nan_ok=True)


def numbers(tab, of):
    """Floats of the page; JSON, by which they travel, knows no infinity."""
    return [float(x) for x in tab.evaluate(f"{of}.map(String)")]


def gradients(root):
    """∂root/∂ each node, and the largest sum of magnitudes that any of them is made of."""
    total, size = {**dict.fromkeys(nodes(root), 0.0), root: 1.0}, dict.fromkeys(nodes(root), 1.0)
    for step in backward_steps(root):
        total[step.parent] += step.contribution
        size[step.parent] += abs(step.contribution)
    return list(total.values()), max(size.values())


def holds(tab, root):
    """Whether the page that is open has the values and gradients of this graph."""
    expected, size = gradients(root)
    assert close(numbers(tab, "page.values"), [value.data for value in nodes(root)])
    assert close(numbers(tab, "page.gradients"), expected, size)


# ---- arithmetic


def test_every_operation_at_every_sample(tab, tmp_path):
    """In one page, as a sum of all of them; where the table probes its rules, and at corners and extremes."""
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
    """Every activation there is, in both places; inputs, weights and targets are moved."""
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


def test_a_disagreement_would_be_seen(tab, tmp_path):
    """A page whose graph has been tampered with: its σ is off by a little, its slope is not."""
    page = play(compare(general_network.network(), general_network.x, general_network.y))
    assert "slopes: {0: (y, x) => 1 - (y * y)}" in page.html
    script = page.html.replace("sum + w * A[l][k], 0)", "sum + w * A[l][k] * (1 + 1e-9), 0)")
    assert script != page.html
    (tmp_path / "page.html").write_text(re.sub(r'<meta http-equiv="Content-Security-Policy".*?>', "", script))
    opened = tab.open(tmp_path / "page.html")
    assert re.fullmatch(r"graph and equations differ in \d+ of 45 numbers", opened.inner_text("#verdict"))
    assert opened.locator("g.equations.differs").count() > 0


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


# ---- steps


@pytest.fixture
def chain(tab, tmp_path):
    C = scalar_chain.chain()["C"]
    play(C).save(tmp_path / "page.html")
    return C, tab.open(tmp_path / "page.html")


def test_stepping_with_keys_buttons_and_slider(chain):
    _, opened = chain
    assert opened.inner_text("#rule") == "C = 0.145811"
    opened.keyboard.press("Home")
    assert opened.inner_text("#where") == "step 0 of 18 · at the start, only the leaves have numbers"
    opened.keyboard.press("ArrowRight")
    assert opened.inner_text("#rule") == "z¹ = w¹ · a⁰ = 0.1500 × 0.0500 = 0.0075"
    opened.click("#next")
    assert opened.inner_text("#rule") == "a¹ = σ(z¹) = σ(0.0075) = 0.5019"
    opened.keyboard.press("ArrowLeft")
    assert opened.inner_text("#where").startswith("step 1 of 18")
    opened.click("#end")
    assert opened.inner_text("#where") == "step 18 of 18 · backward"
    opened.fill("#slider", "17")
    assert opened.inner_text("#rule") == "∂C/∂w¹ += ∂C/∂z¹ · a⁰ = 0.0134 × 0.0500 = 0.000668"
    assert opened.inner_text("#result") == "∂C/∂w¹ = 0.000668"
    opened.click("#start")
    opened.keyboard.press("ArrowLeft")
    assert opened.inner_text("#where").startswith("step 0 of 18")


def test_it_plays_by_itself_and_pauses(chain):
    _, opened = chain
    opened.clock.install()
    opened.reload()
    opened.keyboard.press("Space")
    assert opened.inner_text("#play") == "Pause"
    opened.clock.run_for(2800)
    assert opened.inner_text("#where").startswith("step 3 of 18")
    opened.keyboard.press("Space")
    opened.clock.run_for(2800)
    assert opened.inner_text("#where").startswith("step 3 of 18")
    opened.click("#play")
    opened.clock.run_for(60_000)
    assert opened.inner_text("#where").startswith("step 18 of 18")
    assert opened.inner_text("#play") == "Play"


def test_gradients_fill_in_step_by_step(chain):
    C, opened = chain
    values = nodes(C)
    forward = sum(value.op is not None for value in values)
    so_far = {C: 1.0}
    opened.evaluate(f"page.go({forward})")
    assert opened.evaluate("page.shown.every(x => x === undefined)")
    for i, step in enumerate(backward_steps(C), forward + 2):
        so_far[step.parent] = so_far.get(step.parent, 0.0) + step.contribution
        opened.evaluate(f"page.go({i})")
        shown = opened.evaluate("page.shown.map(x => x === undefined ? null : x)")
        for value, x in zip(values, shown, strict=True):
            assert (x is None) == (value not in so_far)
            assert x is None or close([x], [so_far[value]])


def test_a_step_is_coloured_and_nothing_else(chain):
    _, opened = chain
    opened.evaluate("page.go(17)")  # ∂C/∂w¹ += ∂C/∂z¹ · a⁰
    texts = "nodes => nodes.map(node => node.querySelector('text').textContent)"
    assert opened.eval_on_selector_all("g.to", texts) == ["w¹"]
    assert opened.eval_on_selector_all("g.from", texts) == ["z¹", "×", "a⁰"]
    assert opened.eval_on_selector_all("g.row.target", texts) == ["∂C/∂w¹"]
    assert opened.locator("g.link.active").count() == 3  # to the local derivative, to the circle, to the box


def test_each_step_of_a_network_shows_its_equation_and_example(tab, tmp_path):
    both = compare(batch_network.network(), batch_network.X, batch_network.Y)
    page = play(both)
    page.save(tmp_path / "page.html")
    steps = json.loads(re.search(r'id="data">(.*?)</script>', page.html, re.S)[1])["steps"]
    opened = tab.open(tmp_path / "page.html")
    for i, step in enumerate(steps, 1):
        opened.evaluate(f"page.go({i})")
        current = opened.locator("#listed [aria-current]")
        equation = step.get("equation")
        assert [item.get_attribute("data-name") for item in current.all()] == ([equation] if equation else [])
        if "example" in step:
            assert opened.input_value("#example") == str(step["example"])
    assert {"BP1", "BP2", "BP3", "BP4"} <= {step.get("equation") for step in steps}


# ---- hands on


def leaf(opened, name):
    return opened.locator(f"g.knob:has(text:text-is('{name}'))")


def test_a_leaf_is_dragged(chain):
    C, opened = chain
    values = {value.label: i for i, value in enumerate(nodes(C))}
    before = opened.evaluate("page.values")
    leaf(opened, "w¹").scroll_into_view_if_needed()
    box = leaf(opened, "w¹").bounding_box()
    opened.mouse.move(box["x"] + 30, box["y"] + 5)
    opened.mouse.down()
    opened.mouse.move(box["x"] + 130, box["y"] + 5, steps=4)
    opened.mouse.up()
    opened.mouse.move(box["x"] + 400, box["y"] + 5)
    w1 = opened.evaluate("page.values")[values["w¹"]]
    assert w1 == pytest.approx(before[values["w¹"]] + 0.5)
    again = scalar_chain.chain(w1=w1)["C"]
    holds(opened, again)
    assert leaf(opened, "w¹").locator(".number").text_content() == number(w1)
    assert opened.input_value(f"#leaf-{values['w¹']}") == repr(w1)
    opened.click("#reset")
    assert opened.evaluate("page.values") == before


def test_a_leaf_is_typed_and_turned_with_keys(chain):
    C, opened = chain
    values = {value.label: i for i, value in enumerate(nodes(C))}
    opened.fill(f"#leaf-{values['y']}", "0.75")
    holds(opened, scalar_chain.chain(y=0.75)["C"])
    opened.fill(f"#leaf-{values['y']}", "")
    holds(opened, scalar_chain.chain(y=0.75)["C"])
    leaf(opened, "y").focus()
    opened.keyboard.press("ArrowDown")
    holds(opened, scalar_chain.chain(y=0.74)["C"])
    assert leaf(opened, "y").get_attribute("aria-valuetext").startswith("y = 0.7400, ∂C/∂y = ")


def test_pointing_and_focus_show_the_chain_rule(chain):
    _, opened = chain
    leaf(opened, "w²").focus()
    assert opened.locator("#looked p").all_inner_texts() == [
        "w² = 0.4000, a leaf", "∂C/∂w² = ∂C/∂z² · a¹ = 0.1337 × 0.5019 = 0.0671"]  # fmt: skip
    opened.locator("g.label", has_text="σ′(z²)").focus()
    assert opened.locator("#looked p").all_inner_texts() == [
        "∂a²/∂z² = σ′(z²) = 0.2475", "∂C/∂z² = ∂C/∂a² · σ′(z²) = 0.5400 × 0.2475 = 0.1337"]  # fmt: skip
    opened.locator("g.row.data", has_text="v1").hover()
    assert opened.locator("#looked p").all_inner_texts()[0] == "v1 = y − a² = 0.0100 − 0.5500 = −0.5400"


def test_a_value_used_twice_has_a_sum(tab, tmp_path):
    x = Value(3.0, "x")
    y = x * x
    y.label = "y"
    play(y).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    leaf(opened, "x").focus()
    assert opened.locator("#looked p").all_inner_texts()[1] == "∂y/∂x = ∂y/∂y · x + ∂y/∂y · x = 1 × 3 + 1 × 3 = 6"
    opened.evaluate("page.go(page.steps - 1)")
    assert opened.inner_text("#result") == "∂y/∂x = 3, and more to come"


def test_a_nudge_beside_what_delta_foretells(tab, tmp_path):
    """Note 2's Δz: the numbers of `demos.general_network`, which nudges the biases."""
    model = general_network.network()
    both = compare(model, general_network.x, general_network.y)
    play(both, digits=8).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    where = nodes(both.graph)
    nudges = general_network.nudges(model, 0.1)
    z = [v for layer in both.traces[0].z for v in layer]
    for value, (name, _, foretold, change) in zip(z, nudges, strict=True):
        opened.select_option("#nudged", str(where.index(value)))
        opened.fill("#by", "0.1")
        cells = opened.locator("#nudging td").all_inner_texts()
        assert cells[2:4] == [number(change, 8), number(foretold, 8)], name
    rows = opened.locator("#nudging th").all_inner_texts()
    assert rows == ["z²₂", "C", "ΔC", "δ²₂ · Δz²₂", "their ratio"]


def test_outside_an_operations_domain_it_says_why(tab, tmp_path):
    x = Value(2.0, "x")
    y = x.log()
    y.label = "y"
    play(y).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    opened.evaluate("page.set('x', -1)")
    opened.evaluate("page.go(1)")
    assert opened.inner_text("#rule") == "y = ln(x) = ln(−1) = nan"
    assert opened.inner_text("#result") == "log needs a positive input"
    opened.evaluate("page.set('x', 4)")
    holds(opened, Value(4.0).log())


# ---- manners


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
    """At a phone's width and a laptop's: the page does not scroll sideways, texts stay within their boxes."""
    from tests.browser import Watched

    pages = [play(scalar_chain.chain()["C"])]
    pages.append(play(compare(general_network.network(), general_network.x, general_network.y)))
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
            const [label, number] = [...row.querySelectorAll("text")].map(text => text.getBBox());
            return label.x + label.width > number.x - 2 ? [row.textContent] : [];
          })"""
        assert opened.eval_on_selector_all("g.row", overlap) == []
    watched.tab.close()
    assert watched.complaints == []


def test_everything_is_reached_with_the_tab_key(chain):
    """Controls first, then every value and every line of the picture, each with something to be read out."""
    _, opened = chain
    assert opened.eval_on_selector_all("svg [tabindex]", "all => all.every(one => one.getAttribute('aria-label'))")
    assert opened.eval_on_selector_all("button, input, select", """all => all.every(one =>
        one.textContent || one.labels.length || one.getAttribute('aria-label'))""")  # fmt: skip
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.id") == "start"


def test_with_reduced_motion_nothing_moves(browser, tmp_path):
    tab = browser.new_page(reduced_motion="reduce")
    play(scalar_chain.chain()["C"]).save(tmp_path / "page.html")
    tab.goto((tmp_path / "page.html").as_uri())
    assert tab.eval_on_selector("svg .border", "border => getComputedStyle(border).transitionDuration") == "0s"
    tab.close()
