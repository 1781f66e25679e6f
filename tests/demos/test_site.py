"""Claims about the site: Python runs in its pages, requests nothing from other sites, and can always be stopped."""

import gzip
import re
import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen

import pytest

from demos.site.packages import NO_NPM
from tests.test_structure import ROOT

pytest.importorskip("pdoc", reason="pdoc is not installed")  # the site has the reference

from demos.site.build import build
from demos.site.notebooks import cells_of

SECONDS = 60_000  # ms, for a busy machine


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Serves a site, and yields its address."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("site") / "site"
    build(ROOT, folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Cells:
    """A page of cells in a tab, in which every request to another host fails."""

    def __init__(self, browser, site):
        self.site, self.elsewhere = site, []
        self.tab = browser.new_page()
        self.tab.set_default_timeout(SECONDS)
        self.tab.context.route("**", self._asked)
        self.open("")

    def _asked(self, route):
        if route.request.url.startswith(self.site):
            route.continue_()
        else:
            self.elsewhere.append(route.request.url)
            route.abort()

    def open(self, after, page="index.html"):
        self.tab.goto("about:blank")  # a page is not loaded again if its address differs only after the #
        self.tab.goto(f"{self.site}/try/{page}{after}")
        self.ready()

    def ready(self):
        self.tab.wait_for_selector("#status.ready")

    def sources(self):
        return [cell.inner_text() for cell in self.tab.query_selector_all(".cm-content")]

    def run(self, source):
        """Runs a new cell, and returns it when it is done."""
        self.begin(source)
        self.tab.wait_for_selector(".cell.running", state="detached")
        return self.last

    def begin(self, source):
        self.tab.dispatch_event("#add", "click")  # a mouse would miss it, while a picture above is still growing
        self.tab.keyboard.insert_text(source)
        self.last = self.tab.query_selector_all(".cell")[-1]
        self.last.query_selector(".run").dispatch_event("click")

    def frame(self):
        """The document in the frame of the last cell."""
        return self.last.wait_for_selector("iframe").content_frame()


@pytest.fixture(scope="module")
def cells(browser, site):
    page = Cells(browser, site)
    yield page
    assert page.elsewhere == []


def output(cell, kind):
    return cell.wait_for_selector(kind).inner_text()


def test_the_first_cells_give_a_derivation_and_a_picture(cells):
    cells.tab.click("#all")
    cells.tab.wait_for_selector(".cell.running", state="detached")
    shown = [cell.wait_for_selector("iframe").content_frame() for cell in cells.tab.query_selector_all(".cell")[:2]]
    assert "0.786448" in shown[0].wait_for_selector("math").text_content()
    assert shown[1].wait_for_selector(".chalkgrad-picture img").bounding_box()["height"] > 100


def test_xor_is_learnt(cells):
    source = """
from nn import MLP, SGD, mean, quadratic
model = MLP(2, [4, 1], activation="tanh", output="sigmoid", seed=3)
pairs = [((0, 0), 0), ((0, 1), 1), ((1, 0), 1), ((1, 1), 0)]
descent = SGD(model.parameters(), 2.0)
for _ in range(500):
    C = mean(quadratic(model(x), y) for x, y in pairs)
    model.zero_grad()
    C.backward()
    descent.step()
[round(model(x).data) for x, _ in pairs]"""
    assert output(cells.run(source.strip()), ".result") == "[0, 1, 1, 0]"


def test_an_engine_of_ones_own_is_judged(cells):
    source = """
class MyValue:
    def __init__(self, data, parents=()):
        self.data, self.grad, self.parents = data, 0.0, parents
    def __mul__(self, other):
        return MyValue(self.data * other.data, ((self, other.data), (other, self.data)))
    def __add__(self, other):
        return MyValue(self.data + other.data, ((self, 1.0), (other, 1.0)))
    def backward(self, grad=1.0):
        self.grad = grad
        for parent, slope in self.parents:
            parent.backward(grad * slope)
from autograd import check_engine
print(check_engine(MyValue).text)"""
    assert "a gradient replaces what has arrived before" in output(cells.run(source.strip()), ".stdout")


def test_a_page_plays_in_a_cell(cells):
    cells.run("from autograd import Value\nfrom viz import play\nx = Value(3.0, 'x')\ny = (x * x).tanh()\nplay(y)")
    page = cells.frame().wait_for_selector("iframe").content_frame()
    assert page.wait_for_selector("#picture").bounding_box()["width"] > 200


def test_errors_speak_as_the_library_does_and_name_the_line(cells):
    told = output(cells.run("from autograd import Value\n\nValue('three')"), ".error")
    assert "line 3" in told
    assert "Value('three')" in told
    assert "TypeError" in told
    assert "pyodide" not in told
    assert "SyntaxError" in output(cells.run("x = = 3"), ".error")


def test_an_endless_loop_is_stopped_and_the_page_goes_on(cells):
    cells.begin("while True:\n    pass")
    cells.tab.wait_for_selector(".cell.running")
    cells.last.query_selector(".run").dispatch_event("click")
    assert "Stopped" in output(cells.last, ".stopped")
    cells.ready()
    assert output(cells.run("1 + 1"), ".result") == "2"


def test_no_cell_runs_after_an_error(cells):
    cells.open("")
    cells.run("count = globals().get('count', 0)\n1 / 0")
    after = cells.run("count += 1\ncount")
    cells.tab.dispatch_event("#all", "click")
    cells.tab.wait_for_selector(".cell.running", state="detached")
    after.query_selector(".run").dispatch_event("click")
    after.wait_for_selector(".result >> text=2")


def test_a_long_graph_is_freed(cells):
    """Python in a browser assumes a larger stack than it has."""
    source = """
from autograd import Value
x = y = Value(1.0)
for _ in range(100_000):
    y = y * 1.0
y.backward()
del y
x.grad"""
    assert output(cells.run(source.strip()), ".result") == "1.0"


def test_recursion_without_end_is_an_error(cells):
    assert "RecursionError" in output(
        cells.run("def again(): return max([1], key=lambda _: again())\nagain()"), ".error"
    )
    assert output(cells.run("1 + 1"), ".result") == "2"


def test_each_start_draws_other_random_numbers(cells):
    """The memory with which Python begins has imported `random`."""
    source = "import random\nfrom nn import MLP\nrandom.random(), MLP(2, [1]).parameters()[0].data"
    drawn = []
    for _ in range(2):
        cells.open("")
        drawn += output(cells.run(source), ".result").strip("()").split(", ")
    assert len(set(drawn)) == 4


@pytest.mark.parametrize("file", ["memory.bin", "pyodide/pyodide.asm.wasm.bin"])
def test_a_missing_file_is_named(browser, site, file):
    tab = browser.new_page()
    tab.route(f"**/{file}", lambda route: route.fulfill(status=404))
    tab.goto(f"{site}/try/index.html")
    assert file in tab.wait_for_selector("#status.failed", timeout=SECONDS).inner_text()
    tab.close()


def test_a_browser_that_cannot_begin_with_the_memory_starts_python_without_it(browser, site):
    memory = bytearray(gzip.decompress(urlopen(f"{site}/try/memory.bin").read()))
    words = 1 + int.from_bytes(memory[:4], "little")
    memory[4 * words : 4 * words + 8] = bytes(8)  # no snapshot begins like this
    page, told = Cells(browser, site), []
    page.tab.on("console", lambda message: told.append(message.text))
    page.tab.route("**/memory.bin", lambda route: route.fulfill(body=gzip.compress(memory)))
    page.open("")
    assert output(page.run("1 + 1"), ".result") == "2"
    assert any("without the stored memory" in text for text in told)


def test_names_are_completed(cells):
    cells.run("from autograd import Value\nheight = Value(2.0)")
    cells.tab.dispatch_event("#add", "click")
    cells.tab.keyboard.insert_text("hei")
    cells.tab.keyboard.press("Tab")
    cells.tab.wait_for_selector(".cm-tooltip-autocomplete >> text=height")


def test_what_needs_numpy_says_so_and_offers_to_fetch_it(cells):
    assert cells.run("numpy").query_selector("button.numpy") is None  # a name that is not defined
    cell = cells.run("from nn import compare")
    assert "Traceback" not in output(cell, ".error")
    assert "needs NumPy" in output(cell, ".error")
    cell.query_selector("button.numpy").click()
    assert "did not answer" in output(cell, ".stopped")
    assert [url.split("/")[2] for url in cells.elsewhere] == ["cdn.jsdelivr.net"]
    cells.elsewhere.clear()


def test_a_link_holds_the_cells_and_nothing_of_it_runs_by_itself(cells):
    hostile = "<img src=x onerror=alert(1)></pre><script>alert(2)</script>\nprint('ran')"
    cells.open("")
    cells.tab.click("#add")
    cells.tab.keyboard.insert_text(hostile)
    cells.tab.click("#share")
    cells.tab.wait_for_selector("#shared:has-text('address')")
    kept, address = cells.sources(), cells.tab.url.partition("#")[2]
    dialogs = []
    cells.tab.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    cells.open(f"#{address}")
    assert cells.sources() == kept
    assert cells.tab.is_visible("#linked")
    assert [cell.inner_text() for cell in cells.tab.query_selector_all(".output")] == [""] * len(kept)
    assert dialogs == []


def test_a_link_that_is_damaged_shows_the_page_as_it_is(cells):
    cells.open("#cells=never")
    assert "explain(a, w)" in cells.sources()[0]


def test_what_a_cell_shows_reaches_neither_the_page_nor_the_cells(cells):
    attack = "parent.document.title = 'taken'"
    shown = f'<p>here</p><img src=x onerror="{attack}">'
    cells.run(f"class Hostile:\n_repr_html_ = lambda self: {shown!r}\nHostile()".replace("\n_", "\n    _"))
    assert cells.frame().wait_for_selector("p").inner_text() == "here"
    assert cells.tab.title() == "Try it – chalkgrad"


def test_the_tour_is_a_page_of_cells(cells, site):
    cells.open("", "tour.html")
    assert cells.tab.inner_text("h1") == "From one product to backpropagation"
    assert len(cells.sources()) == cells_of(ROOT / "demos" / "tour.ipynb").count('<pre class="code">')


def test_a_page_of_cells_links_to_pages_of_cells_alone():
    page = cells_of(ROOT / "demos" / "tour.ipynb")
    assert re.findall(r'href="(.*?)"', page) == ["exercises.html"]
    assert "Check a backward pass and networks show how" in page


def test_links_between_pages_lead_somewhere(cells, site):
    for page in ("index.html", "tour.html", "exercises.html"):
        cells.open("", page)
        for link in cells.tab.eval_on_selector_all("a", "found => found.map(a => a.href)"):
            assert cells.tab.request.get(link).ok, link


def test_without_npm_the_command_says_what_is_missing(monkeypatch, tmp_path):
    monkeypatch.setattr("shutil.which", lambda name: None)
    missing = build(tmp_path, tmp_path / "site")
    assert missing == ["There is no gallery: make demo makes it.", "There is no reference: make docs makes it.", NO_NPM]
    assert (tmp_path / "site" / "index.html").exists()
