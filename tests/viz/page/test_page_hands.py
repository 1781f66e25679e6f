"""Claims about input on a page in a real Chromium: leaves can be dragged and typed, and the whole page follows."""

import pytest

from autograd import Value, nodes
from demos import general_network, scalar_chain
from nn import compare
from tests.helpers.pages import TEXTS, data_of, holds, leaf
from viz import play
from viz.look import number


def short(x):
    """Returns the text of a number in a leaf's field."""
    return repr(float(f"{x:.6g}"))


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
    assert opened.input_value(f"#leaf-{values['w¹']}") == short(w1)
    opened.click("#reset")
    assert opened.evaluate("page.values") == before


def test_cards_out_of_sight_wait_until_a_drag_ends(tab, tmp_path):
    """Only they: the picture follows at once, and in sight the cards do too."""
    play(compare(general_network.network(), general_network.x, general_network.y)).save(tmp_path / "page.html")
    for height in (500, 1600):
        opened = tab.open(tmp_path / "page.html")
        opened.set_viewport_size({"width": 1300, "height": height})
        opened.click("#fit")
        w = leaf(opened, "w¹₁₁")
        w.scroll_into_view_if_needed()
        opened.wait_for_function("() => new Promise(done => requestAnimationFrame(() => setTimeout(() => done(true))))")
        node = opened.evaluate("page.names.indexOf('w¹₁₁')")
        typed, told = opened.input_value(f"#leaf-{node}"), opened.inner_text("#nudging")
        box = w.bounding_box()
        opened.mouse.move(box["x"] + 10, box["y"] + box["height"] / 2)
        opened.mouse.down()
        opened.mouse.move(box["x"] + 130, box["y"] + 5)
        x = opened.evaluate("page.values")[node]
        assert short(x) != typed
        assert w.locator(".number").text_content() == number(x)
        assert (opened.input_value(f"#leaf-{node}") == typed, opened.inner_text("#nudging") == told) == (
            (True, True) if height == 500 else (False, False)
        )
        opened.mouse.up()
        assert opened.input_value(f"#leaf-{node}") == short(x)
        assert opened.inner_text("#nudging") != told
    opened.set_viewport_size({"width": 1280, "height": 900})


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


def test_a_decimal_comma_is_a_decimal_point_and_other_texts_are_marked(chain):
    C, opened = chain
    field = f"#leaf-{[value.label for value in nodes(C)].index('y')}"
    opened.focus(field)
    opened.keyboard.press("Control+a")
    opened.keyboard.type("0,75")
    holds(opened, scalar_chain.chain(y=0.75)["C"])
    for text in ("1.234,5", "0,7,5", "1/2", "0x10", "Infinity", "1e999"):
        opened.fill(field, text)
        assert opened.get_attribute(field, "aria-invalid") == "true", text
        holds(opened, scalar_chain.chain(y=0.75)["C"])
    for text, y in (("−2", -2.0), (" .5 ", 0.5), ("1e-3", 1e-3), ("+4,", 4.0)):
        opened.fill(field, text)
        assert opened.get_attribute(field, "aria-invalid") is None
        holds(opened, scalar_chain.chain(y=y)["C"])


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
    """Note 2's Δz, with the numbers of `demos.general_network`, which nudges the biases."""
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
    links = data_of(page)["picture"]["links"]
    looks = tab.open(tmp_path / "page.html").eval_on_selector_all(
        "g.link", "all => all.map(one => one.getAttribute('class'))"
    )
    where = nodes(both.graph)
    for link, look in zip(links, looks, strict=True):
        if link["flow"] is not None:
            assert look == ("link up" if where[link["flow"]].grad > 0 else "link down")


def test_the_sign_of_a_line_is_seen_without_its_colour(chain):
    """Dashed below 0, as in pictures; also while a step has it in amber, and on paper."""
    _, opened = chain
    dashes = "all => [...new Set(all.map(one => getComputedStyle(one).strokeDasharray))]"

    def told():
        return [opened.eval_on_selector_all(f"g.link.{way} .shaft", dashes) for way in ("up", "down")]

    assert told() == [["none"], ["7px, 4px"]]
    opened.emulate_media(media="print")
    assert told() == [["none"], ["7px, 4px"]]
    opened.emulate_media(media="screen")
    opened.evaluate("page.set('y', 2)")
    while not opened.locator("g.link.active.down").count():
        opened.keyboard.press("ArrowLeft")
    assert told() == [["none"], ["7px, 4px"]]


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


def test_a_field_shows_as_many_digits_as_it_is_wide_and_all_of_them_to_whoever_types(tab, tmp_path):
    x = Value(-0.12345678901234568, "x")
    play(x.tanh()).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    assert opened.input_value("#leaf-0") == "-0.123457"
    opened.focus("#leaf-0")
    assert opened.input_value("#leaf-0") == repr(x.data)
    opened.keyboard.press("Tab")
    assert opened.input_value("#leaf-0") == "-0.123457"
    assert opened.evaluate("page.values")[0] == x.data, "looking at a number does not change it"


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
