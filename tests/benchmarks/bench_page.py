"""How soon a page shows a drag: from the pointer's event to after the paint that follows it, in Chromium."""

import random
import statistics

from autograd import Value, nodes
from demos import general_network
from nn import compare
from tests.benchmarks.bench_engines import report
from tests.helpers.browser import Watched
from tests.helpers.programs import BINARY, UNARY, build
from viz import play

MOVES = 120
CLOCK = """() => {
  window.times = [];
  const channel = new MessageChannel();
  let start = 0;
  channel.port1.onmessage = () => times.push(performance.now() - start);
  addEventListener("pointermove", () => {
    start = performance.now();
    requestAnimationFrame(() => channel.port2.postMessage(0));
  }, true);
}"""


def drag(browser, page, path, moves=MOVES):
    """Milliseconds from each move of the first leaf on show to after its paint."""
    watched = Watched(browser, viewport={"width": 1280, "height": 900})
    page.save(path)
    tab = watched.open(path)
    tab.click("#fit")
    tab.evaluate(CLOCK)
    box = tab.locator("g.knob").first.bounding_box()
    tab.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.mouse.down()
    before = tab.evaluate("page.values")
    tab.evaluate("times.length = 0")
    for i in range(moves):
        tab.mouse.move(box["x"] + box["width"] / 2 + i % 40 + 1, box["y"] + box["height"] / 2)
    tab.mouse.up()
    assert tab.evaluate("page.values") != before
    times = tab.evaluate("times")
    tab.close()
    assert watched.complaints == []
    return times


def graph_of(size):
    """A random graph of about that many values."""
    chosen = random.Random(7)
    program = []
    while True:
        program.append((chosen.choice(UNARY + BINARY), chosen.randrange(60), chosen.randrange(60)))
        root, _ = build(program, [Value(chosen.uniform(-2, 2)) for _ in range(4)], Value)
        if len(nodes(root)) >= size:
            return root


def test_drag_of_200_nodes(benchmark, browser, tmp_path):
    root = graph_of(200)
    page = play(root, max_nodes=len(nodes(root)))
    times = benchmark.pedantic(lambda: drag(browser, page, tmp_path / "page.html"))
    report(benchmark, nodes=len(nodes(root)), median_ms=statistics.median(times), worst_ms=max(times))


def test_drag_of_note_2s_network(benchmark, browser, tmp_path):
    page = play(compare(general_network.network(), general_network.x, general_network.y))
    times = benchmark.pedantic(lambda: drag(browser, page, tmp_path / "page.html"))
    report(benchmark, median_ms=statistics.median(times), worst_ms=max(times))
