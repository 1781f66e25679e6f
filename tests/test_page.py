"""Claims about the page in a real Chromium: its arithmetic is Python's, its steps are the engine's, it stays quiet."""

import json
import random
import re

import pytest

from autograd import Value, apply, backward_steps, floats, nodes
from autograd.table import TABLE
from demos import batch_network, general_network, scalar_chain
from nn import MLP, compare
from tests.browser import Watched
from tests.programs import BINARY, UNARY, build
from viz import play
from viz.look import number


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


def tampered(page, before, after):
    """The page with one thing changed in its script, and without the policy that would notice."""
    assert page.html.count(before) == 1
    return re.sub(r'<meta http-equiv="Content-Security-Policy".*?>', "", page.html.replace(before, after))


def test_the_equations_know_nothing_of_the_graphs_gradients(tab, tmp_path):
    """One gradient on its way back through the graph is spoilt: what comes after it differs, and nothing else."""
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
    opened.evaluate("page.go(20)")  # nothing has differed yet
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


TEXTS = "nodes => nodes.map(node => node.querySelector('text').textContent)"


def test_what_each_kind_of_step_of_a_network_touches(tab, tmp_path):
    both = compare(general_network.network(), general_network.x, general_network.y)
    play(both).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")

    def touched():
        target = opened.eval_on_selector_all("g.row.target", TEXTS)
        return target, opened.eval_on_selector_all("g.from", TEXTS), opened.locator("g.link.active").count()

    steps = {}
    for i in range(1, opened.evaluate("page.steps") + 1):
        opened.evaluate(f"page.go({i})")
        rule = opened.inner_text("#rule").split(" = ")[0]
        steps[rule] = touched()
    assert steps["∂C/∂w¹₂₃ += δ¹₂ · x₃"] == (["∂C/∂w¹₂₃"], ["z¹₂"], 1)
    assert steps["∂C/∂a¹₂ += δ²₁ · w²₁₂"] == (["∂C/∂a¹₂"], ["z²₁"], 2)
    assert steps["δ¹₂ += ∂C/∂a¹₂ · tanh′(z¹₂)"] == (["δ¹₂"], [], 0)
    assert steps["∂C/∂b¹₂ += δ¹₂ · 1"] == (["∂C/∂b¹₂"], [], 0)
    assert steps["z²₁"][0] == ["z²₁"]
    assert sorted(steps["z²₁"][1]) == ["w²₁₁", "w²₁₂", "w²₁₃", "w²₁₄", *("z¹₁", "z¹₂", "z¹₃", "z¹₄")]
    assert steps["a²₁"] == (["a²₁"], [], 0)
    assert steps["v1"] == (["v1"], ["z²₁"], 1), "what has no row of its own is told in the box of C"
    assert steps["∂C/∂a²₁ += ∂C/∂v1 · (−1)"] == (["∂C/∂a²₁"], ["C"], 1)
    assert steps["∂C/∂y₁ += ∂C/∂v1 · 1"][0] == ["∂C/∂y₁"]


def test_another_example_is_shown_at_its_own_step(tab, tmp_path):
    play(compare(batch_network.network(), batch_network.X, batch_network.Y)).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    opened.evaluate("page.go(1)")
    assert opened.inner_text("#rule").startswith("z¹₁(1) = ")
    opened.select_option("#example", "2")
    assert opened.inner_text("#rule").startswith("z¹₁(3) = w¹₁₁ · x₁(3) + b¹₁")
    assert opened.eval_on_selector_all("g.row.target", TEXTS) == ["z¹₁"]


def test_what_is_to_come_is_not_told(chain):
    _, opened = chain
    opened.evaluate("page.go(0)")
    opened.locator("g.row.data", has_text="z¹").focus()
    assert opened.locator("#looked p").all_inner_texts() == ["z¹ = w¹ · a⁰", "∂C/∂z¹ = ∂C/∂a¹ · σ′(z¹)"]


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
    assert leaf(opened, "y").get_attribute("aria-valuetext") == "0.7400, ∂C/∂y = 0.1900"


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


def fill_of(opened, name):
    style = "tint => [getComputedStyle(tint).fill, Number(tint.getAttribute('fill-opacity'))]"
    return opened.locator(f"g.row.gradient:has(text:text-is('{name}')) .tint").evaluate(style)


def test_red_is_above_zero_blue_below_and_the_larger_the_stronger(chain):
    _, opened = chain
    red, strong = fill_of(opened, "∂C/∂a²")
    blue, as_strong = fill_of(opened, "∂C/∂y")
    _, weak = fill_of(opened, "∂C/∂w¹")
    assert (red, blue) == ("rgb(201, 48, 44)", "rgb(31, 95, 180)")
    assert strong == as_strong > weak > 0
    strokes = opened.eval_on_selector_all("g.link.down .shaft", "all => all.map(one => getComputedStyle(one).stroke)")
    assert set(strokes) == {"rgb(31, 95, 180)"}
    opened.evaluate("page.set('y', 2)")
    assert fill_of(opened, "∂C/∂y")[0] == "rgb(201, 48, 44)"


def test_links_of_a_network_are_coloured_by_the_weights_gradients(tab, tmp_path):
    both = compare(general_network.network(), general_network.x, general_network.y)
    page = play(both)
    page.save(tmp_path / "page.html")
    links = json.loads(re.search(r'id="data">(.*?)</script>', page.html, re.S)[1])["picture"]["links"]
    looks = tab.open(tmp_path / "page.html").eval_on_selector_all(
        "g.link", "all => all.map(one => one.getAttribute('class'))"
    )
    where = nodes(both.graph)
    for link, look in zip(links, looks, strict=True):
        if link["flow"] is not None:
            assert look == ("link up" if where[link["flow"]].grad > 0 else "link down")


def test_reset_takes_back_numbers_and_nudge(chain):
    _, opened = chain
    assert opened.locator("g.nudged").count() == 0
    opened.fill("#by", "0.5")
    assert opened.eval_on_selector_all("g.nudged", TEXTS) == ["z¹"]
    opened.evaluate("page.set('y', 3)")
    opened.click("#reset")
    assert opened.input_value("#by") == "0.1"
    assert opened.locator("g.nudged").count() == 0
    holds(opened, scalar_chain.chain()["C"])


def test_a_drag_with_shift_is_finer_and_other_buttons_do_nothing(chain):
    C, opened = chain
    at = [value.label for value in nodes(C)].index("w¹")
    box = leaf(opened, "w¹").bounding_box()

    def drag(button="left"):
        opened.mouse.move(box["x"] + 10, box["y"] + 5)
        opened.mouse.down(button=button)
        opened.mouse.move(box["x"] + 30, box["y"] + 5)
        opened.mouse.up(button=button)
        return opened.evaluate("page.values")[at]

    assert drag("right") == 0.15
    opened.keyboard.down("Shift")
    assert drag() == pytest.approx(0.16)
    opened.keyboard.up("Shift")
    assert drag() == pytest.approx(0.26)


def test_what_is_typed_is_not_taken_for_steps(chain):
    C, opened = chain
    at = [value.label for value in nodes(C)].index("y")
    opened.focus(f"#leaf-{at}")
    where = opened.inner_text("#where")
    for key in ("ArrowLeft", "Home", " "):
        opened.keyboard.press(key)
    assert opened.inner_text("#where") == where
    assert opened.inner_text("#play") == "Play"
    opened.fill(f"#leaf-{at}", "")
    opened.keyboard.press("Tab")
    assert opened.input_value(f"#leaf-{at}") == "0.01", "an empty field shows its number again"


def test_a_leaf_that_is_not_finite_can_be_moved_back(tab, tmp_path):
    x = Value(float("nan"), "x")
    y = x * 2
    y.label = "y"
    play(y).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    leaf(opened, "x").focus()
    opened.keyboard.press("ArrowUp")
    holds(opened, Value(0.01) * 2)


def test_what_a_console_may_not_set(chain):
    _, opened = chain
    for call, message in (("'y', ''", "a leaf holds a number; got "), ("'y', NaN", "a leaf holds a number; got NaN"),
                          ("'z¹', 1", r"a leaf is one of w¹ \(0\), a⁰ \(1\), .*; got z¹")):  # fmt: skip
        with pytest.raises(Exception, match=message):
            opened.evaluate(f"page.set({call})")
    holds(opened, scalar_chain.chain()["C"])


def test_the_slider_stops_what_plays(chain):
    _, opened = chain
    opened.click("#play")
    assert opened.inner_text("#play") == "Pause"
    opened.fill("#slider", "4")
    assert opened.inner_text("#play") == "Play"


def test_labels_for_a_screen_reader_follow(chain):
    _, opened = chain
    a2 = opened.locator("g.row.data", has_text="a²")
    before = a2.get_attribute("aria-label")
    opened.evaluate("page.set('w²', 3)")
    opened.wait_for_timeout(300)
    assert a2.get_attribute("aria-label") != before
    assert a2.get_attribute("aria-label").startswith(f"a² = {number(scalar_chain.chain(w2=3.0)['a²'].data)}, ∂C/∂a² = ")


# ---- the view

VIEW = "document.getElementById('picture').getAttribute('viewBox').split(' ').map(Number)"


def on_screen(opened, selector):
    """Whether all that the selector finds is within the picture's frame."""
    frame = opened.locator("#picture").bounding_box()
    boxes = [found.bounding_box() for found in opened.locator(selector).all()]
    return bool(boxes) and all(
        frame[start] <= box[start] and box[start] + box[size] <= frame[start] + frame[size]
        for box in boxes
        for start, size in (("x", "width"), ("y", "height"))
    )


@pytest.fixture
def phone(browser, tmp_path):
    """The scalar chain on a screen that has no room for all of it."""
    watched = Watched(browser, viewport={"width": 390, "height": 800})
    play(scalar_chain.chain()["C"]).save(tmp_path / "page.html")
    yield watched.open(tmp_path / "page.html")
    watched.tab.close()
    assert watched.complaints == []


def test_it_begins_at_the_result_and_follows_the_steps(phone):
    assert on_screen(phone, "g.box:has(text:text-is('C'))")
    assert phone.locator("#picture.more-left").count() == 1
    for i in range(1, 19):
        phone.evaluate(f"page.go({i})")
        assert on_screen(phone, "g.to"), i
        assert phone.locator("g.to text").first.is_visible(), "what comes into view is drawn"
    assert phone.locator("#picture.more-right").count() == 1


def test_focus_brings_into_view(phone):
    phone.keyboard.press("Tab")
    phone.locator("g.row.data", has_text="z¹").focus()
    assert on_screen(phone, "g.box:has(text:text-is('z¹'))")


def test_zoom_and_pan(chain):
    _, opened = chain
    start = opened.evaluate(VIEW)
    opened.click("#closer")
    closer = opened.evaluate(VIEW)
    assert closer[2] == pytest.approx(0.8 * start[2])
    assert closer[0] + closer[2] / 2 == pytest.approx(start[0] + start[2] / 2)
    box = opened.locator("#picture").bounding_box()
    opened.mouse.move(box["x"] + 200, box["y"] + 4)
    opened.mouse.down()
    opened.mouse.move(box["x"] + 300, box["y"] + 4)
    opened.mouse.up()
    moved = opened.evaluate(VIEW)
    assert moved[0] == pytest.approx(closer[0] - 100 * closer[2] / box["width"])
    opened.keyboard.press("-")
    assert opened.evaluate(VIEW)[2] == pytest.approx(start[2])
    opened.keyboard.press("0")
    assert on_screen(opened, "g.box")
    opened.mouse.move(box["x"] + 200, box["y"] + 50)
    opened.keyboard.down("Control")
    opened.mouse.wheel(0, -300)
    opened.keyboard.up("Control")
    assert opened.evaluate(VIEW)[2] < start[2]


def test_whatever_is_on_the_screen_is_drawn(tab, tmp_path):
    """Also beside a picture that is narrower than its frame."""
    play(compare(general_network.network(), general_network.x, general_network.y)).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    opened.click("#fit")
    for _ in range(3):
        opened.click("#closer")
    frame = opened.locator("#picture").bounding_box()
    for box in opened.locator("g.box").all():
        tint = box.locator(".tint").first.bounding_box()
        inside = frame["x"] < tint["x"] < frame["x"] + frame["width"] - 20 and frame["y"] < tint["y"] < frame["y"] + 500
        assert not (inside and "away" in box.get_attribute("class"))


def test_a_resized_window_keeps_its_place(chain):
    _, opened = chain
    opened.click("#closer")
    opened.click("#closer")
    before, width = opened.evaluate(VIEW), opened.locator("#picture").bounding_box()["width"]
    opened.set_viewport_size({"width": 900, "height": 700})
    opened.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    after, narrower = opened.evaluate(VIEW), opened.locator("#picture").bounding_box()["width"]
    opened.set_viewport_size({"width": 1280, "height": 900})
    assert after[2] / narrower == pytest.approx(before[2] / width, rel=0.1), "as large as before"
    assert after[0] + after[2] / 2 == pytest.approx(before[0] + before[2] / 2, abs=40)


def test_on_paper_it_is_whole_and_without_controls(chain):
    _, opened = chain
    for _ in range(4):
        opened.click("#closer")
    before = opened.evaluate(VIEW)
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    printed = opened.evaluate(VIEW)
    assert printed[2] > 2 * before[2]
    assert opened.locator("g.away").count() == 0
    opened.emulate_media(media="print", color_scheme="dark")
    assert not opened.locator("#controls, #leaves, #nudge, .hands").filter(visible=True).count()
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    opened.emulate_media(media="screen", color_scheme="light")
    opened.evaluate("dispatchEvent(new Event('afterprint'))")
    assert opened.evaluate(VIEW) == before


def test_it_is_dark_where_that_is_wanted(browser, tmp_path):
    dark = browser.new_page(color_scheme="dark")
    play(scalar_chain.chain()["C"]).save(tmp_path / "page.html")
    dark.goto((tmp_path / "page.html").as_uri())
    assert dark.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 24, 28)"
    assert dark.eval_on_selector("svg .border", "border => getComputedStyle(border).fill") == "rgb(21, 24, 28)"
    dark.close()


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
            if (row.textContent === "") return [];
            const [label, number] = [...row.querySelectorAll("text")].map(text => text.getBBox());
            return label.x + label.width > number.x - 2 ? [row.textContent] : [];
          })"""
        assert opened.eval_on_selector_all("g.row", overlap) == []
    watched.tab.close()
    assert watched.complaints == []


def test_everything_is_reached_with_the_tab_key(chain):
    """Controls first, then every value and every line of the picture, then the leaves; a link leads past it."""
    _, opened = chain
    reached = []
    for _ in range(80):
        opened.keyboard.press("Tab")
        reached.append(opened.evaluate("""(() => {
            const one = document.activeElement;
            return one.id || one.getAttribute("aria-label") || one.textContent;
        })()"""))  # fmt: skip
        if reached[-1] == "by-slider":
            break
    assert reached[:6] == ["start", "back", "play", "next", "end", "slider"]
    values = [name.split(" = ")[0] for name in reached]
    assert {"w¹", "a⁰", "z¹", "a¹", "w²", "z²", "a²", "y", "v1", "v2", "C"} <= set(values)
    assert sum(name.startswith("from ") for name in reached) == 10, "every local derivative"
    assert values.index("Past the picture") < values.index("w¹") < values.index("leaf-0") < values.index("nudged")
    opened.evaluate("document.querySelector('.skip').focus()")
    opened.keyboard.press("Enter")
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.id") == "leaf-0"
    assert opened.eval_on_selector_all("button, input, select", """all => all.every(one =>
        one.textContent || one.labels.length || one.getAttribute('aria-label'))""")  # fmt: skip
