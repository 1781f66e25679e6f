"""Claims about descent on a page in a real Chromium: its steps are those of `fit`, and the whole page shows them."""

import pytest

from autograd import Value, nodes
from demos import scalar_chain, update_order
from nn import MLP, SGD, compare, fit
from tests.helpers.pages import close, holds, leaf, numbers
from viz import play

X = [[0.5, -1.0], [1.0, 0.25], [-0.75, 0.5]]
NETWORKS = [
    ([2], "linear", "linear"),
    ([3, 2], "tanh", "linear"),
    ([4, 3], "relu", "linear"),
    ([2, 3, 2], "sigmoid", "softplus"),
    ([3, 2], "leaky_relu", "tanh"),
]


def targets(cost, width):
    if cost == "softmax_cross_entropy":
        return [[1.0, *[0.0] * (width - 1)], [*[0.0] * (width - 1), 1.0], [1 / width] * width]
    return [[(i + j) % 2 for j in range(width)] for i in range(3)]


@pytest.mark.filterwarnings("ignore::nn.OutputWarning", "ignore::nn.NotLearningWarning")
@pytest.mark.parametrize("cost", ["quadratic", "binary_cross_entropy", "softmax_cross_entropy"])
@pytest.mark.parametrize("network", NETWORKS, ids=str)
def test_50_steps_are_those_of_fit(tab, tmp_path, network, cost):
    nouts, hidden, output = network
    model, Y = MLP(2, nouts, hidden, output, seed=3), targets(cost, nouts[-1])
    play(compare(model, X, Y, cost=cost), max_nodes=500, learning_rate=0.05).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    opened.evaluate("for (let i = 0; i < 50; i++) page.descend()")
    fit(model, X, Y, cost=cost, optimizer=SGD(model.parameters(), 0.05), epochs=50, batch_size=None)
    where = opened.evaluate("page.learning")
    names = opened.evaluate("page.names")
    found = {names[i]: x for i, x in zip(where, numbers(opened, "page.learning.map(i => page.values[i])"), strict=True)}
    expected = {p.label: p.data for p in model.parameters()}
    assert close([found[name] for name in expected], list(expected.values()))
    after = compare(model, X, Y, cost=cost)
    assert close([opened.evaluate("page.cost")], [after.graph.data])


def test_a_chain_descends_by_what_is_called_a_weight_and_back_again(chain):
    C, opened = chain
    values = {value.label: i for i, value in enumerate(nodes(C))}
    opened.click("text=Descent")
    assert [opened.evaluate("page.names")[i] for i in opened.evaluate("page.learning")] == ["w¹", "w²"]
    opened.fill("#rate", "0,5")
    C.backward()
    weights = {value.label: (value.data, value.grad) for value in nodes(C) if value.label in ("w¹", "w²")}
    assert opened.inner_text("#update") == "w¹ ← w¹ − η · ∂C/∂w¹ = 0.1500 − 0.5000 × 0.000668 = 0.1497"
    opened.click("#descend")
    (w1, d1), (w2, d2) = weights["w¹"], weights["w²"]
    holds(opened, scalar_chain.chain(w1=w1 - 0.5 * d1, w2=w2 - 0.5 * d2)["C"])
    assert opened.inner_text("#descended").startswith("after 1 step: C = 0.1")
    leaf(opened, "w²").hover()
    opened.keyboard.press("ArrowRight")
    assert opened.inner_text("#update").startswith("w² ← ")
    opened.keyboard.press("ArrowLeft")
    opened.click("#ascend")
    holds(opened, C)
    opened.uncheck("input[aria-label='descent moves w²']")
    opened.click("#descend")
    assert opened.evaluate("page.values")[values["w²"]] == w2


def test_which_leaves_learn_can_be_said(tab, tmp_path):
    x, t = Value(3.0, "x"), Value(1.0, "t")
    C = (x - t) ** 2
    for given, expected in (({}, ["x", "t"]), ({"parameters": [x]}, ["x"])):
        play(C, **given, learning_rate=0.25).save(tmp_path / "page.html")
        opened = tab.open(tmp_path / "page.html")
        names = opened.evaluate("page.learning.map(i => page.names[i])")
        assert names == expected
    opened.evaluate("page.descend()")
    assert opened.evaluate("page.values")[:2] == [2.0, 1.0]


def test_layer_after_layer_gives_the_printed_numbers_of_a_published_example(tab, tmp_path):
    """The output's weights are updated first, and δ¹ is computed with the new ones."""
    play(compare(update_order.network(), update_order.X, update_order.Y), learning_rate=1.0).save(
        tmp_path / "page.html"
    )
    for sequential in (True, False):
        opened = tab.open(tmp_path / "page.html")
        opened.click("text=Descent")
        opened.set_checked("#sequential", sequential)
        opened.click("#descend")
        found = dict(zip(opened.evaluate("page.names"), opened.evaluate("page.values"), strict=True))
        _, expected = update_order.step(sequential)
        weights = [name for name in expected if name.startswith("w")]
        assert close([found[name] for name in weights], [expected[name] for name in weights])
        printed = [update_order.PRINTED[name] for name in weights]
        assert [found[name] for name in weights] == pytest.approx(printed, abs=2e-4)


def test_it_runs_slower_faster_and_stops_where_the_cost_has_no_number(chain):
    _, opened = chain
    opened.clock.install()
    opened.reload()
    opened.click("text=Descent")
    opened.click("#run")
    assert opened.inner_text("#run") == "Stop"
    opened.clock.run_for(2100)
    assert opened.inner_text("#descended").startswith("after 5 steps: ")
    opened.click("#slower")
    opened.clock.run_for(1300)
    assert opened.inner_text("#descended").startswith("after 7 steps: ")
    opened.click("#faster")
    opened.clock.run_for(800)
    opened.click("#run")
    opened.clock.run_for(800)
    assert opened.inner_text("#descended").startswith("after 9 steps: ")
    assert opened.eval_on_selector("#curve polyline", "line => line.points.numberOfItems") == 10
    opened.click("#reset")
    assert opened.inner_text("#descended").startswith("after 0 steps: C = 0.145811")


def test_a_learning_rate_far_too_high_stops_and_says_so(tab, tmp_path):
    w = Value(1.0, "w")
    play(w**4, learning_rate=1e200).save(tmp_path / "page.html")
    opened = tab.open(tmp_path / "page.html")
    opened.clock.install()
    opened.reload()
    opened.click("text=Descent")
    opened.click("#run")
    opened.clock.run_for(10_000)
    assert opened.inner_text("#run") == "Run"
    assert opened.inner_text("#descended").endswith("a smaller learning rate may do")
    opened.click("#ascend")
    assert opened.inner_text("#descended") == "after 0 steps: v1 = 1"
