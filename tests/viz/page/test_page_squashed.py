"""Claims about a page whose cost applies softmax or σ itself, in a real Chromium: it shows the probabilities."""

import math

import pytest

from nn import MLP, Cost, compare
from viz import play
from viz.look import number

X, CLASSES = [[0.5, -1.0], [1.0, 2.0]], [1, 2]
NETWORK = {"nin": 2, "nouts": [3, 3], "activation": "tanh", "seed": 1}


def opened(tab, tmp_path, **how):
    both = compare(MLP(**NETWORK), **how)
    play(both).save(tmp_path / "page.html")
    return both, tab.open(tmp_path / "page.html")


def softmax(z):
    powers = [math.exp(x) for x in z]
    return [power / sum(powers) for power in powers]


def shown(page, symbol):
    return page.locator(f"g.row:has(text:text-is('{symbol}')) .number").text_content()


def results(page):
    """Returns the text of each step after it was taken."""
    page.evaluate("page.pace('step')")
    steps = range(1, page.evaluate("page.steps") + 1)
    return [page.evaluate(f"(page.go({i}), document.getElementById('result').textContent)") for i in steps]


def test_the_outputs_softmax_stands_beside_them_with_a_bar(tab, tmp_path):
    both, page = opened(tab, tmp_path, x=X[0], y=[0.0, 1.0, 0.0], cost="softmax_cross_entropy")
    expected = softmax([z.data for z in both.traces[0].z[-1]])
    assert [shown(page, f"softmax(z²){j}") for j in "₁₂₃"] == [number(p) for p in expected]
    widths = [float(bar.get_attribute("width")) for bar in page.locator("rect.bar").all()]
    assert [width / sum(widths) for width in widths] == pytest.approx(expected, abs=1e-3)


def test_it_follows_a_leaf_and_waits_for_all_outputs(tab, tmp_path):
    both, page = opened(tab, tmp_path, x=X[0], y=[0.0, 1.0, 0.0], cost="softmax_cross_entropy")
    z = [z.data for z in both.traces[0].z[-1]]
    page.fill(f"#leaf-{page.evaluate('page.names').index('b²₁')}", "1")
    assert shown(page, "softmax(z²)₁") == number(softmax([z[0] + 1, *z[1:]])[0])
    page.evaluate(f"page.go({2 * 3 + 2})")  # two of the three outputs
    assert shown(page, "softmax(z²)₁") == ""
    page.evaluate(f"page.go({2 * 3 + 3})")
    assert shown(page, "softmax(z²)₁") != ""


def test_the_step_that_completes_an_error_says_that_it_is_softmax_less_the_target(tab, tmp_path):
    both, page = opened(tab, tmp_path, x=X[0], y=[0.0, 1.0, 0.0], cost="softmax_cross_entropy")
    p = softmax([z.data for z in both.traces[0].z[-1]])
    said = [line for line in results(page) if "BP1 has it" in line]
    assert said == [
        f"δ²₁ = 0 + {number(p[0])} = {number(p[0])}, as BP1 has it: softmax(z²)₁ − y₁ = {number(p[0])} − 0",
        f"δ²₂ = −1 + {number(p[1])} = {number(p[1] - 1)}, as BP1 has it: softmax(z²)₂ − y₂ = {number(p[1])} − 1",
        f"δ²₃ = 0 + {number(p[2])} = {number(p[2])}, as BP1 has it: softmax(z²)₃ − y₃ = {number(p[2])} − 0",
    ]


def test_in_a_batch_it_has_a_share_and_the_example(tab, tmp_path):
    both, page = opened(tab, tmp_path, x=X, y=CLASSES, cost="softmax_cross_entropy")
    p = softmax([z.data for z in both.traces[1].z[-1]])
    said = [line for line in results(page) if "BP1 has it" in line]
    assert len(said) == 2 * 3
    assert any(f"(softmax(z²)₃ − y₃(2)) / 2 = ({number(p[2])} − 1) / 2" in line for line in said)


def test_targets_that_are_no_probabilities_have_another_error(tab, tmp_path):
    _, page = opened(tab, tmp_path, x=X[0], y=[0.0, 3.0, 0.0], cost="softmax_cross_entropy")
    assert not any("BP1 has it" in line for line in results(page))


def test_sigmoids_are_shown_too_and_costs_that_squash_nothing_show_nothing(tab, tmp_path):
    both, page = opened(tab, tmp_path, x=X[0], y=[0.0, 1.0, 0.0], cost="binary_cross_entropy")
    z = both.traces[0].z[-1][0].data
    assert shown(page, "σ(z²₁)") == number(1 / (1 + math.exp(-z)))
    assert any(line.endswith(f"σ(z²₁) − y₁ = {number(1 / (1 + math.exp(-z)))} − 0") for line in results(page))
    _, page = opened(tab, tmp_path, x=X[0], y=[0.0, 1.0, 0.0])
    assert page.locator("rect.bar").count() == 0
    assert not any("BP1 has it" in line for line in results(page))


def test_a_name_in_the_costs_box_keeps_clear_of_its_number(tab, tmp_path):
    def of(m, a, y):
        terms = [(aj - yj) ** 2 for aj, yj in zip(a, y, strict=True)]
        for term in terms:
            if hasattr(term, "label"):
                term.label = "squared difference"
        return sum(terms[1:], terms[0])

    cost = Cost("labelled", of, lambda m, a, y: [2 * (aj - yj) for aj, yj in zip(a, y, strict=True)])
    _, page = opened(tab, tmp_path, x=X[0], y=[0.0, 1.0, 0.0], cost=cost)
    room = """() => {
      const row = document.querySelector("g.row.step"), [text, number] = row.querySelectorAll("text");
      return !text.textContent ? null : 
        [text.textContent, number.getBBox().x - text.getBBox().x - text.getBBox().width];
    }"""
    gaps = [page.evaluate(f"(page.go({i}), ({room})())") for i in range(1, page.evaluate("page.steps") + 1)]
    gaps = [gap for gap in gaps if gap]
    assert any("squared difference" in name for name, _ in gaps)
    assert all(gap > 3 for _, gap in gaps), min(gap for _, gap in gaps)
