"""Claims about the length of a step by Next, and about the state in a page's address, in a real Chromium."""

import pytest

from demos import batch_network, general_network, scalar_chain
from nn import compare
from tests.helpers.pages import TEXTS, holds
from viz import play


@pytest.fixture
def network(tab, tmp_path):
    both = compare(general_network.network(), general_network.x, general_network.y)
    play(both).save(tmp_path / "page.html")
    return tab.open(tmp_path / "page.html")


def presses(opened, pace):
    """Returns the number of presses of Next for both passes, and the text after each."""
    opened.evaluate(f"page.pace('{pace}')")
    opened.keyboard.press("Home")
    said = []
    while opened.get_attribute("#next", "aria-disabled") != "true":
        opened.click("#next")
        said.append((opened.inner_text("#where"), opened.inner_text("#rule")))
    return said


def test_a_pass_is_two_presses_and_a_layer_few(network):
    assert [len(presses(network, pace)) for pace in ("step", "pass")] == [80, 2]
    layers = presses(network, "layer")
    assert len(layers) == 3 + 1 + 3
    assert any("BP2" in where and "δˡ = ((wˡ⁺¹)ᵀ δˡ⁺¹) ∘ σ′(zˡ)" in rule for where, rule in layers)
    operations = presses(network, "operation")
    assert len(operations) == 18 + 1 + 18 + 4, (
        "what is passed back by the last layer is BP2's, the rest BP3's and BP4's"
    )


def test_a_long_page_begins_layer_by_layer_a_short_one_step_by_step(network, tmp_path):
    assert network.input_value("#pace") == "layer"
    play(scalar_chain.chain()["C"]).save(tmp_path / "chain.html")
    network.goto((tmp_path / "chain.html").as_uri())
    assert network.input_value("#pace") == "step"
    assert network.locator("#pace option").all_inner_texts() == ["contribution", "operation", "pass"]


def test_a_layer_is_marked_as_a_whole(network):
    network.evaluate("page.pace('layer')")
    network.keyboard.press("Home")
    network.click("#next")
    assert network.eval_on_selector_all("g.row.target", TEXTS)[:8] == [
        "z¹₁",
        "a¹₁",
        "z¹₂",
        "a¹₂",
        "z¹₃",
        "a¹₃",
        "z¹₄",
        "a¹₄",
    ]
    network.click("#back")
    assert network.inner_text("#where").startswith("step 0 of")


def test_back_takes_back_what_next_did(network):
    for pace in ("layer", "operation", "pass"):
        network.evaluate(f"page.pace('{pace}')")
        network.keyboard.press("Home")
        places = [network.inner_text("#where")]
        for _ in range(2):
            network.click("#next")
            places.append(network.inner_text("#where"))
        for place in reversed(places[:-1]):
            network.click("#back")
            assert network.inner_text("#where") == place


def test_a_layer_is_taken_for_all_examples_of_a_batch(tab, tmp_path):
    play(compare(batch_network.network(), batch_network.X, batch_network.Y)).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    assert len(presses(opened, "layer")) == 3 + 1 + 3


def test_an_address_leads_to_a_moment(tab, tmp_path):
    play(scalar_chain.chain()["C"]).save(tmp_path / "page.html")
    tab.open(tmp_path / "page.html")
    address = (tmp_path / "page.html").as_uri()
    tab.tab.goto("about:blank")
    tab.tab.goto(f"{address}#step=5&w1=0.3&hide=leaves,nudge")
    opened = tab.tab
    assert opened.inner_text("#where").startswith("step 5 of 18")
    holds(opened, scalar_chain.chain(w1=0.3)["C"])
    assert not opened.locator("#leaves, #nudge").filter(visible=True).count()
    opened.evaluate("location.hash = '#mode=descent&rate=0,5&y=0,75&step=oops&who=%zz&<img>=1'")
    opened.wait_for_timeout(100)
    holds(opened, scalar_chain.chain(y=0.75)["C"])
    assert opened.input_value("#rate") == "0.5"
    assert opened.locator("#leaves").is_visible()
    assert opened.locator("img").count() == 0


def test_the_address_says_what_is_on_show_and_leads_back_to_it(chain):
    _, opened = chain
    opened.evaluate("page.set('w²', -0.25)")
    opened.evaluate("page.go(7)")
    opened.select_option("#pace", "operation")
    opened.wait_for_timeout(600)
    assert opened.evaluate("location.hash") == "#step=7&by=operation&w2=-0.25"
    opened.reload()
    assert opened.inner_text("#where").startswith("step 7 of 18")
    holds(opened, scalar_chain.chain(w2=-0.25)["C"])
    opened.click("#reset")
    opened.click("text=Fill in")
    opened.select_option("#ask", "all")
    opened.wait_for_timeout(600)
    assert opened.evaluate("location.hash") == "#by=operation&mode=blanks&ask=all"


@pytest.mark.parametrize(
    "what", ["values", "gradients", "slopes", "equations", "rule", "legend", "descent", "blanks", "steps"]
)
def test_what_can_be_hidden(network, what):
    """Numbers in the picture, a card beside it, and one of the modes above it can each be hidden."""
    found = {
        "values": "svg .data .number", "gradients": "svg .gradient .number, svg .gradient .tint",
        "slopes": "svg .label text",
        "equations": "#equations", "rule": "#look", "legend": "#legend",
    }  # fmt: skip
    selector = found.get(what, f"#modes [data-mode={what}]")
    read = "all => all.map(one => getComputedStyle(one).display + getComputedStyle(one).visibility)"
    network.evaluate(f"location.hash = '#hide={what}'")
    network.wait_for_timeout(100)
    assert all("none" in look or "hidden" in look for look in network.eval_on_selector_all(selector, read))
