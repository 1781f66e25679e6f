"""Claims about keys on a page in a real Chromium: the picture is one stop of Tab, and other keys move inside."""

from demos import scalar_chain
from tests.helpers.pages import holds, leaf

FOCUSED = """(() => {
    const one = document.activeElement;
    return one.id || one.getAttribute("aria-label") || one.textContent;
})()"""


def test_the_tab_key_reaches_the_controls_the_picture_and_the_leaves(chain):
    """The picture is one stop, at the part of it that was visited last."""
    _, opened = chain
    reached = []
    while not reached or reached[-1] != "by-slider":
        opened.keyboard.press("Tab")
        reached.append(opened.evaluate(FOCUSED))
        assert len(reached) < 40
    assert reached[:3] == ["Steps", "Descent", "Fill in"]
    assert reached[3:10] == ["start", "back", "play", "next", "end", "slider", "pace"]
    assert reached[10:14] == ["closer", "farther", "fit", "reset"]
    assert reached[14:] == ["w¹", "nudged", "by", "by-slider"]
    opened.keyboard.press("Tab")
    assert opened.evaluate(FOCUSED) == "leaf-0"
    opened.locator("g.row.data", has_text="z¹").focus()
    opened.keyboard.press("Tab")
    assert opened.evaluate(FOCUSED) == "nudged"
    opened.keyboard.press("Shift+Tab")
    assert opened.evaluate(FOCUSED).startswith("z¹ = ")
    assert opened.eval_on_selector_all("button, input, select", """all => all.every(one =>
        one.textContent || one.labels.length || one.getAttribute('aria-label'))""")  # fmt: skip


def test_shift_and_arrow_keys_lead_through_the_picture(chain):
    _, opened = chain
    leaf(opened, "w¹").focus()
    frame = opened.locator("#picture").bounding_box()
    reached, middles, middle = [], [], frame["y"] + frame["height"] / 2
    for _ in range(40):
        reached.append(opened.evaluate(FOCUSED))
        box = opened.locator(":focus").locator("xpath=ancestor-or-self::*[@transform]").bounding_box()
        middles.append((box["y"] > middle, round(box["x"] + box["width"] / 2)))
        opened.keyboard.press("Shift+ArrowRight")
        if opened.evaluate(FOCUSED) == reached[-1]:
            break
    names = {name.split(" = ")[0] for name in reached}
    assert {"w¹", "a⁰", "z¹", "a¹", "w²", "z²", "a²", "y", "v1", "v2", "C"} <= names
    assert sum(name.startswith("from ") for name in reached) == 10, "every local derivative"
    assert len(set(reached)) == len(reached) == 21
    assert middles == sorted(middles), "line by line from left to right"
    assert {is_below for is_below, _ in middles} == {False, True}
    back = []
    for key in ["Shift+ArrowLeft", "Shift+ArrowUp", "Shift+ArrowDown", "Shift+Home", "Shift+ArrowLeft", "Shift+End"]:
        opened.keyboard.press(key)
        back.append(reached.index(opened.evaluate(FOCUSED)))
    assert back == [19, 18, 19, 0, 0, 20]
    assert opened.locator("svg [tabindex='0']").count() == 1


def test_in_the_picture_the_other_keys_are_as_anywhere(chain):
    _, opened = chain
    where, w1 = opened.inner_text("#where"), leaf(opened, "w¹")
    w1.focus()
    opened.keyboard.press("Shift+ArrowRight")
    assert opened.inner_text("#where") == where, "nothing was stepped"
    holds(opened, scalar_chain.chain()["C"])
    w1.focus()
    opened.keyboard.press("ArrowRight")
    holds(opened, scalar_chain.chain(w1=0.16)["C"])
    opened.locator("g.row.data", has_text="z¹").focus()
    opened.keyboard.press("Home")
    opened.keyboard.press("ArrowRight")
    assert opened.inner_text("#where") == "step 1 of 18 · forward"
    assert opened.evaluate(FOCUSED).startswith("z¹ = "), "and the focus stays"
