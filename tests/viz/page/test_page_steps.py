"""Claims about the steps of a page in a real Chromium: they are the engine's, and each shows the numbers it uses."""

from autograd import backward_steps, nodes
from demos import batch_network, general_network
from nn import compare
from tests.helpers.pages import TEXTS, close, data_of
from viz import play


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


def test_a_page_begins_with_its_first_step_and_shows_where_it_ends(chain):
    _, opened = chain

    def useless():
        return opened.eval_on_selector_all("button[aria-disabled=true]", "found => found.map(button => button.id)")

    assert useless() == []
    opened.keyboard.press("ArrowRight")
    assert opened.inner_text("#where").startswith("step 1 of 18")
    opened.click("#end")
    assert useless() == ["next", "end"]
    opened.click("#start")
    assert useless() == ["start", "back"]
    opened.keyboard.press("ArrowRight")
    assert useless() == []


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
    assert opened.locator("g.link.active").count() == 3  # to the local derivative, to the circle and to the box


def test_what_each_kind_of_step_of_a_network_touches(tab, tmp_path):
    both = compare(general_network.network(), general_network.x, general_network.y)
    play(both).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")

    def touched():
        target = opened.eval_on_selector_all("g.row.target", TEXTS)
        return target, opened.eval_on_selector_all("g.from", TEXTS), opened.locator("g.link.active").count()

    steps = {}
    opened.evaluate("page.pace('step')")
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
    opened.evaluate("page.pace('step')")
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
    steps = data_of(page)["steps"]
    opened = tab.open(tmp_path / "page.html")
    opened.evaluate("page.pace('step')")
    for i, step in enumerate(steps, 1):
        opened.evaluate(f"page.go({i})")
        current = opened.locator("#listed [aria-current]")
        equation = step.get("equation")
        assert [item.get_attribute("data-name") for item in current.all()] == ([equation] if equation else [])
        if "example" in step:
            assert opened.input_value("#example") == str(step["example"])
    assert {"BP1", "BP2", "BP3", "BP4"} <= {step.get("equation") for step in steps}


def test_a_constant_slope_is_written_once(chain):
    """In C = 0.5 v2 the slope is a number, so it is not written a second time, as 2·v1 is with −1.0800."""
    _, opened = chain
    labels = [
        [text.text_content() for text in label.locator("text").all()] for label in opened.locator("g.label").all()
    ]
    assert sorted(label for label in labels if not label[1]) == [["0.5", ""], ["1", ""], ["−1", ""]]
    assert ["2·v1", "−1.0800"] in labels
