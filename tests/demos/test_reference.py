"""Claims about the reference that `make docs` writes: it is complete and linked, and its pages request nothing."""

import html
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
import nn
import viz
from autograd.table import TABLE
from demos.passages import passages
from nn import closed_form
from tests.helpers.browser import Watched
from tests.helpers.sites import Page, Site

pdoc = pytest.importorskip("pdoc", reason="pdoc (the extra 'docs') is not installed")
reference_page = importlib.import_module("demos.reference")

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """Makes the folder of the reference in a separate process, as pdoc changes the modules that it reads."""
    folder = tmp_path_factory.mktemp("docs") / "reference"
    command = [sys.executable, "-m", "demos.reference", str(folder)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert (ran.stdout, ran.stderr) == (f"The reference: {folder / 'index.html'}\n", "")
    return folder


def test_every_link_leads_somewhere(reference):
    site = Site(reference)
    assert len(site.pages) > 10
    assert [*site.broken("https://pdoc.dev")] == []


def test_every_page_can_be_reached(reference):
    linked = {(reference / link).resolve() for link in Page(reference / "index.html").links}
    assert {path for path in reference.rglob("*.html") if path.name != "index.html"} <= linked


def test_nothing_is_loaded_from_anywhere(reference):
    assert [*Site(reference).outside()] == []


@pytest.mark.parametrize("module", [autograd, nn, closed_form, viz], ids=lambda m: m.__name__)
def test_every_public_name_has_its_place(reference, module):
    anchors = Page(reference / f"{module.__name__.replace('.', '/')}.html").anchors
    page = (reference / f"{module.__name__.replace('.', '/')}.html").read_text(encoding="utf-8")
    for name in set(module.__all__) - {"real_array"}:  # other modules of nn call it
        assert name in anchors or f'href="{module.__name__}/{name}.html"' in page, name


def test_types_of_arrays_have_their_names(reference):
    shown = words(reference / "nn.html")
    assert re.search(r"x:\s+ArrayLike", shown)
    assert re.search(r"data:\s+SupportsFloat", words(reference / "autograd.html"))
    for path in reference.rglob("*.html"):
        assert not re.search(r"_SupportsArray|<class '|ForwardRef| at 0x", words(path)), path


def test_sections_of_docstrings_have_heads_and_maps_of_files_have_none():
    docstring = """Squares a number.

    The parts:

        rule  x · x

    Args:
        x: The number,
            of any size.
        exactly: Whether to round.
    Returns:
        Its square.
    Raises:
        TypeError: If x is no number.
    Example:
        >>> square(2)
        4
    """
    written = pdoc.docstrings.convert(reference_page.prepared(inspect.cleandoc(docstring)), "google", None)
    page = str(pdoc.render_helpers.to_html(written))
    assert re.findall(r"<h6.*?>(.*?)</h6>", page) == ["Arguments:", "Returns:", "Raises:", "Example:"]
    assert "<p>The parts: </p>\n\n<pre><code>rule  x · x\n</code></pre>" in page
    assert re.findall(r"<li><strong>(.*?)</strong>", page) == ["x:", "exactly:", "TypeError:"]
    assert 'class="pdoc-code codehilite"' in page.split("Example:")[1]


def test_formulas_in_docstrings_come_out_as_they_stand(reference):
    text = words(reference / "nn" / "closed_form.html")
    assert "BP2  δˡ = ((wˡ⁺¹)ᵀ δˡ⁺¹) ∘ σ′(zˡ)     BP4  ∂C/∂wˡⱼₖ = δˡⱼ aˡ⁻¹ₖ" in text
    assert "One example, shape (n₀,), or a batch, shape (n₀, n)." in text


def test_fields_are_described_by_the_comments_beside_them(reference):
    assert "∂root/∂node, complete when the step is taken" in words(reference / "autograd.html")
    assert "how the arrays were read" in words(reference / "nn.html")
    assert "Alias for field number" not in words(reference / "autograd.html")
    assert "the lines in Unicode" in words(reference / "autograd.html")  # an attribute that the constructor sets
    assert "may be assigned" in words(reference / "nn.html")  # inherited


def test_every_part_of_a_public_class_is_described(reference):
    for path in reference.rglob("*.html"):
        _, *parts = re.split(r'<div id="([\w.]+)" class="classattr">', path.read_text(encoding="utf-8"))
        for name, shown in zip(parts[::2], parts[1::2], strict=True):
            assert name.endswith("__init__") or 'class="docstring"' in shown.split("</section>")[0], name


def test_the_glossary_is_that_of_the_demos(reference):
    source = (ROOT / "demos" / "README.md").read_text(encoding="utf-8")
    kept = source[source.index("## Glossary") : source.index("## Slips")]
    cells = [cell.strip(" `*") for line in kept.splitlines() if line.startswith("| ") for cell in line.split("|")]
    shown = words(reference / "guide" / "glossary.html")
    assert len(cells) > 60
    for cell in cells:
        assert cell.replace("`", "") in shown, cell


def test_the_table_has_every_operation(reference):
    page = (reference / "guide" / "operations.html").read_text(encoding="utf-8")
    for op in TABLE:
        row = html.unescape(re.search(rf'<tr id="{op.name}">(.*?)</tr>', page, re.S)[1])
        assert row.count("∂y/∂") >= max(1, len(op.slopes))
        assert (op.needs or "everywhere") in row
        assert op.symbol in row or op.symbol.replace(" ", "_") == op.name


ENGINE = [f"autograd/{name}.py" for name in re.findall(r"^\d+\. \[`(\w+)\.py`\]", (ROOT / "demos" / "guide" /
          "engine.md").read_text(encoding="utf-8"), re.M)]  # fmt: skip


@pytest.mark.parametrize("name", ENGINE)
def test_the_engine_can_be_read_on_one_page(reference, name):
    """The page itself has every line of its code in order, so that no script is needed to read it."""
    page = words(reference / "guide" / "engine.html")
    own = page[page.index(f"\n{Path(name).name}\n") :]
    assert [part.code for part in passages((ROOT / name).read_text(encoding="utf-8")) if part.code not in own] == []
    assert re.findall(r"^(\w+\.py)$", page, re.M) == [Path(file).name for file in ENGINE]


def test_prose_stands_left_of_the_code_and_on_a_phone_above_it(reference, browser):
    for width, beside in ((1440, True), (390, False)):
        watched = Watched(browser, viewport={"width": width, "height": 800})
        tab = watched.open(reference / "guide" / "engine.html")
        places = tab.evaluate(
            "() => [...document.querySelectorAll('.passage:has(> .docstring > *)')].map(p => [...p.children]"
            ".map(part => [part.getBoundingClientRect().x, part.getBoundingClientRect().y]))"
        )
        assert len(places) > 100
        for (x, y), (code_x, code_y) in places:
            assert (code_x > x + 200 and code_y == y) if beside else (code_x == x and code_y > y)
        assert watched.complaints == []
        watched.tab.close()


def test_a_narrow_screen_is_told_that_code_goes_on(reference, browser):
    for width, told in ((1440, False), (390, True)):
        watched = Watched(browser, viewport={"width": width, "height": 800})
        tab = watched.open(reference / "guide" / "engine.html")
        assert tab.locator("text=push them sideways").is_visible() == told
        watched.tab.close()


def words(path):
    """Returns the text of a page, without tags."""
    return html.unescape(re.sub(r"<[^>]*>", "", path.read_text(encoding="utf-8")))


# ---- in a browser


@pytest.fixture(params=["light", "dark"])
def shown(request, browser):
    """A tab as wide as a phone, light or dark; the test fails if a page has an error or requests anything."""
    watched = Watched(browser, viewport={"width": 390, "height": 800}, color_scheme=request.param)
    yield watched, request.param
    assert watched.complaints == []
    watched.tab.close()


def test_pages_fit_a_phone_and_follow_its_scheme(reference, shown):
    watched, scheme = shown
    for path in sorted(reference.rglob("*.html")):
        tab = watched.open(path)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390, path.name
        red = int(re.search(r"\d+", tab.evaluate("getComputedStyle(document.body).backgroundColor"))[0])
        assert red < 60 if scheme == "dark" else red > 240


def test_tables_of_operations_fit_a_laptop(reference, browser):
    for width in (1024, 1271, 1280):
        watched = Watched(browser, viewport={"width": width, "height": 800})
        for page in ("operations", "costs"):
            tab = watched.open(reference / "guide" / f"{page}.html")
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, page
        watched.tab.close()


def test_on_paper_there_is_no_menu_and_nothing_is_cut(reference, browser):
    """Lines of code, too, are whole on A4."""
    watched = Watched(browser, viewport={"width": 680, "height": 1000})  # 180 mm, the width between the margins
    watched.tab.emulate_media(media="print")
    for page in ("index", "viz", "guide/slides", "guide/engine", "guide/operations", "guide/differences"):
        tab = watched.open(reference / f"{page}.html")
        assert tab.evaluate("document.documentElement.scrollWidth") <= 680, page
        cut = """all => all.filter(e => e.getBoundingClientRect().right > innerWidth + 1
            || (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== "visible")).length"""
        assert tab.eval_on_selector_all("main pre, main td, main .signature, main p", cut) == 0, page
        assert not tab.locator("nav.pdoc, #navtoggle").filter(visible=True).count()
    assert watched.complaints == []
    watched.tab.close()


def test_maps_of_files_are_in_columns(reference):
    for package in ("autograd", "nn", "viz"):
        page = (reference / f"{package}.html").read_text(encoding="utf-8")
        assert re.search(r"in reading order:</p>\s*<pre><code>", page), package


SEARCHES = [("index", "jacobian", "autograd.html#jacobian"), ("guide/slides", "micrograd", "guide/differences.html"),
            ("index", "δ", "guide/glossary.html"), ("nn", "δˡⱼ", "closed_form.html#ClosedForm.delta")]  # fmt: skip


@pytest.mark.parametrize(("start", "sought", "found"), SEARCHES)
def test_the_search_works_without_a_server(reference, browser, start, sought, found):
    watched = Watched(browser, viewport={"width": 1280, "height": 800})
    tab = watched.open(reference / f"{start}.html")
    tab.fill("input[type=search]", sought)
    tab.wait_for_selector(".search-result")
    results = tab.eval_on_selector_all(".search-result > a", "all => all.map(a => a.href)")
    assert [result for result in results if result.endswith(found)]
    # pdoc writes to the console how long the index took
    assert [said for said in watched.complaints if not said.startswith("timeEnd: building search index")] == []
    watched.tab.close()
