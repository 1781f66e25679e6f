"""Claims about blanks on a page in a real Chromium: they come in order from the cost back, are checked and counted."""

import pytest

from autograd import Value, backward_steps, nodes
from demos import general_network, scalar_chain
from nn import compare
from viz import play
from viz.look import number


@pytest.fixture
def blanks(chain):
    C, opened = chain
    opened.click("text=Fill in")
    return C, opened


def answer(opened, text):
    opened.fill("#answer", text)
    opened.keyboard.press("Enter")
    return opened.inner_text("#told")


def test_they_are_asked_for_from_the_cost_back(blanks):
    C, opened = blanks
    C.backward()
    grads = dict(zip(opened.evaluate("page.names"), (value.grad for value in nodes(C)), strict=True))
    asked = []
    while opened.inner_text("#question") != "all filled in":
        asked.append(opened.inner_text("#question").removeprefix("∂C/∂").removesuffix(" ="))
        assert opened.locator("g.row.blank .number").all_text_contents() == ["?"] * (11 - len(asked) + 1)
        assert answer(opened, number(grads[asked[-1]])).startswith("right: ")
    assert sorted(asked) == sorted(grads)
    behind = {}
    for step in backward_steps(C):
        behind.setdefault(step.parent.label, []).append(step.node.label)
    for name, users in behind.items():
        assert all(asked.index(user) < asked.index(name) for user in users if name and user)
    assert opened.inner_text("#asked") == "11 of 11 filled in · 33 of 33 points"
    assert opened.locator("g.row.blank").count() == 0


def test_what_is_blank_is_told_nowhere(blanks):
    _, opened = blanks
    assert opened.locator("g.link.up, g.link.down").count() == 0
    assert opened.locator(".tint.up, .tint.down").count() == 0
    opened.locator("g.row.data", has_text="a²").hover()
    assert opened.locator("#looked p").all_inner_texts()[1] == "∂C/∂a² = ∂C/∂v1 · (−1)"


def test_a_wrong_answer_gets_the_rule_then_its_numbers_and_costs_points(blanks):
    _, opened = blanks
    answer(opened, "1")
    assert opened.inner_text("#question") == "∂C/∂v2 ="
    assert answer(opened, "7") == "not 7: ∂C/∂C · 0.5"
    assert answer(opened, "8") == "not 8: ∂C/∂C · 0.5 = 1 × 0.5000"
    assert answer(opened, "0,5") == "right: ∂C/∂v2 = 0.5000"
    assert opened.inner_text("#asked") == "2 of 11 filled in · 4 of 6 points"
    opened.click("#hint")
    assert opened.inner_text("#told") == "∂C/∂v2 · 2·v1"
    answer(opened, "0.5 × −1.08")
    assert opened.inner_text("#asked") == "3 of 11 filled in · 6 of 9 points"
    opened.click("#tell")
    assert opened.inner_text("#asked") == "4 of 11 filled in · 6 of 12 points"
    assert answer(opened, "nought") == "nought is no number: 0.25, or 0.54 × 0.4"
    assert opened.inner_text("#asked") == "4 of 11 filled in · 6 of 12 points"


def test_it_tells_a_wrong_sign_a_lost_way_and_a_lost_factor(tab, tmp_path):
    x = Value(3.0, "x")
    y = x * x * 2
    y.label = "y"
    play(y).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    opened.click("text=Fill in")
    answer(opened, "1")
    assert answer(opened, "-2").startswith("not -2: the sign is the other one.")
    assert answer(opened, "1").startswith("not 1: the local derivative is missing.")
    answer(opened, "2")
    assert answer(opened, "6").startswith("not 6: that is one of 2 ways: add them.")
    assert answer(opened, "2*3 + 2*3") == "right: ∂y/∂x = 12"


def test_values_are_asked_for_first_where_they_are_blank_too(blanks):
    _, opened = blanks
    opened.select_option("#ask", "all")
    assert opened.inner_text("#question") == "z¹ ="
    assert answer(opened, "1") == "not 1: w¹ · a⁰"
    assert answer(opened, "2") == "not 2: w¹ · a⁰ = 0.1500 × 0.0500"
    values = [v.data for v in nodes(scalar_chain.chain()["C"]) if v.op is not None]
    for x in values:
        assert answer(opened, number(x).replace("−", "-")).startswith("right: ")
    assert opened.inner_text("#question") == "∂C/∂C ="


def test_a_network_can_be_filled_in(tab, tmp_path):
    play(compare(general_network.network(), general_network.x, general_network.y)).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    opened.click("text=Fill in")
    assert opened.locator("g.row.differs, g.row.agrees").count() == 0
    assert opened.locator("g.row.step").text_content() == "∂C/∂C?", (
        "what has no row of its own is blank in the box of C"
    )
    for _ in range(70):
        if opened.inner_text("#question") == "all filled in":
            break
        opened.click("#tell")
    assert opened.inner_text("#question") == "all filled in"
    assert opened.locator("g.row.blank").count() == 0
    assert opened.locator("g.row.agrees").count() == 6
