"""The reference for reading offline: docstrings, how-tos, the glossary and the table of operations, as web pages.

    python -m demos.reference        writes reference/index.html

pdoc (the extra `docs`) makes a page of each module. It gets each page of demos/guide, and the glossary of
demos/README.md, as a module with a docstring only. The pages load nothing from the internet.
"""

import importlib
import inspect
import json
import re
import sys
import textwrap
import warnings
from pathlib import Path
from types import GenericAlias, ModuleType

import numpy.typing
import pdoc.doc
import pdoc.docstrings
import pdoc.render
import pdoc.render_helpers
import pygments
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

import autograd
from autograd.table import TABLE
from demos.passages import passages
from demos.printing import tell

__all__ = ["MODULES", "PAGES", "write"]

HERE = Path(__file__).parent
GUIDE = HERE / "guide"
ENGINE = Path(autograd.__file__).parent
MODULES = ("autograd", "autograd.table", "autograd.formulas.algebra", "autograd.checking.verdict", "autograd.lifting",
           "nn", "nn.closed_form", "viz")  # fmt: skip
PAGES = {"install": "Install", "values": "Values and their gradients", "derivatives": "Derivatives as functions",
         "arrays": "Work with arrays", "questions": "Questions learners ask",
         "check": "Check a backward pass", "check_engine": "Check an engine",
         "networks": "Networks", "costs": "Costs and activations", "lift": "Lift a graph",
         "devices": "Go to a GPU and to a cluster",
         "slides": "Draw for slides", "pages": "Play in class", "homework": "Set homework for thirty",
         "site": "Run it in a browser",
         "engine": "Read the engine", "operation": "Add an operation", "contributing": "Contribute",
         "glossary": "Glossary and equations", "operations": "The operations",
         "differences": "From PyTorch or micrograd", "speed": "How fast it is",
         "changes": "What is new, what has moved"}  # fmt: skip
# Marks in the Markdown of a page that are replaced by content made from the library.
TABLE_GOES_HERE = re.compile(r"<!-- the table of (\w+) -->")
SOURCES_GO_HERE = "<!-- the sources -->"
ON_A_PHONE = (
    '<p class="narrow">Lines of code are longer than this screen is wide: push them sideways, or turn it.</p>\n'
)
SOURCE_GOES_HERE = re.compile(r"<!-- the source of (\w+) -->")
# Classes that only the library constructs: their constructors are left out.
GIVEN = ("ClosedForm", "Comparison", "Derivation", "DivergedError", "Entry", "Epoch", "Formula", "History",
         "NoRendererError", "OwnOperation", "Page", "Program", "Row", "Step", "Trace", "Verdict", "Worksheet",
         "WrongEntry", "only_finite")  # fmt: skip
# Public names that only other parts of the library, or NumPy, call.
UNCALLED = ("Formula.calls", "Formula.joined", "Formula.key", "Formula.parts", "Formula.piece", "Formula.size",
            "LETTERS", "Neuron.named", "OwnOperation.home", "OwnOperation.slope", "Value.conjugate",
            "Verdict.equations", "Verdict.givens", "Verdict.reasons", "Verdict.recorded", "Verdict.whereabouts",
            "no_grad.pauses", "only_finite.check", "only_finite.check_backward", "only_finite.check_step",
            "real_array")  # fmt: skip
VALUES_OWN = dir(autograd.Value(0.0))  # without names from other libraries, whose errors suggest ours
# The search ignores words without a Latin letter, so a symbol of the glossary is searched by its name.
SPOKEN = """const said = %s;
const spoken = term => term.split(/\\s+/).map(word => said[word.replace(/[⁰¹²³⁻⁺ˡᴸ₀-₉ₐⱼₖ]+C?$/, "")] || word).join(" ");
"""
STYLE = re.compile(r"<style>(.*?)</style>", re.S)
SECTIONS = "Args|Returns|Yields|Raises"  # of a docstring, as pdoc reads them; an example is a block of code
# The only names that are shown of a module.
ONLY = {"autograd.formulas.algebra": ["Formula"], "autograd.checking.verdict": ["Verdict", "WrongEntry", "Row"]}


def write(folder: Path) -> Path:
    """Writes the reference into the folder; returns the path of its first page."""
    name_types()
    pdoc.render.configure(docformat="google", template_directory=GUIDE / "templates")
    for package in map(importlib.import_module, ("autograd", "nn", "viz")):  # pdoc reads the names that are loaded
        for name in package.__all__:
            getattr(package, name)
    vars(autograd.lifting)["Program"] = autograd.lifting.Program
    gather(autograd.Value)
    for name in MODULES:
        in_reading_order(importlib.import_module(name), ONLY.get(name))
    modules = {name: pdoc.doc.Module.from_name(name) for name in MODULES}
    places = {place.qualname: place for module in reversed(modules.values()) for place in described(module)}
    dark = HtmlFormatter(style="github-dark").get_style_defs(".pdoc-code")
    welcome = linked(source("README"), places, "guide/", "")
    from demos.book import look  # imports nn, so it comes after name_types

    has_book = (folder.parent / "gallery" / "index.html").exists()
    pdoc.render.env.globals.update(pages=PAGES, dark_code=dark, welcome=welcome, look=look(),
                                   book="../gallery/index.html" if has_book else "")  # fmt: skip
    pdoc.render.env.filters.update(shown=shown, prepared=prepared)
    pages = {f"guide.{name}": pdoc.doc.Module(ModuleType(f"guide.{name}", text(name, places))) for name in PAGES}
    every = {**pages, **modules}
    written = {f"{name.replace('.', '/')}.html": plain(pdoc.render.html_module(every[name], every)) for name in every}
    written = {name: SOURCE_GOES_HERE.sub(lambda found: side_by_side(found[1]), page) for name, page in written.items()}
    written["index.html"] = pdoc.render.html_index(every)
    for name, page in with_one_look(folder, written).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(page, encoding="utf-8")
    (folder / "search.js").write_text(speaking(plain(pdoc.render.search_index(every))), encoding="utf-8")
    return folder / "index.html"


def with_one_look(folder: Path, pages: dict[str, str]) -> dict[str, str]:
    """Writes the style sheets that all pages have in common to look.css; returns the pages, which link to it."""
    folder.mkdir(parents=True, exist_ok=True)
    shared = [style for style in dict.fromkeys(STYLE.findall(pages["index.html"]))
              if all(f"<style>{style}</style>" in page for page in pages.values())]  # fmt: skip
    (folder / "look.css").write_text("\n".join(shared), encoding="utf-8")
    first, *others = [f"<style>{style}</style>" for style in shared]
    for name, page in pages.items():
        link = f'<link rel="stylesheet" href="{"../" * name.count("/")}look.css">'
        for style in others:
            page = page.replace(style, "")
        pages[name] = page.replace(first, link)
    return pages


def name_types() -> None:
    """Makes signatures show ArrayLike and NDArray[…], which pdoc would expand. Must run before nn is imported."""
    for name in ("ArrayLike", "NDArray"):
        body = {"__module__": "builtins", "__class_getitem__": classmethod(GenericAlias)}  # pdoc omits this module
        setattr(numpy.typing, name, type(name, (), body))
    # a named tuple's constructor has no module in which pdoc could look up names
    autograd.Step.__new__.__annotations__.update(node=autograd.Value, parent=autograd.Value)


def gather(kind: type) -> None:
    """Copies inherited methods into a class, because their files have no page: Value's are in several files."""
    inherited = [part for base in kind.__mro__[1:-1] for part in vars(base).items()]
    for name, part in inherited:
        if (name == "__init__" or not name.startswith("__")) and name not in vars(kind):
            setattr(kind, name, part)


def plain(page: str) -> str:
    """Shortens types of `typing` in a page to their names, where inspect.formatannotation writes a representation."""
    page = re.sub(r"&lt;class &#x27;(\w+)&#x27;&gt;", r"\1", page)
    return re.sub(r'\btyping\.(?=\w)|<span class="n">typing</span><span class="o">\.</span>', "", page)


def in_reading_order(module: ModuleType, only: list[str] | None) -> None:
    """Sorts a module's names, or those in `only`, as its docstring mentions them, the others last."""
    told = re.findall(r"`(\w+)`", inspect.getdoc(module) or "")
    found = only or module.__all__
    vars(module)["__all__"] = sorted(found, key=lambda name: told.index(name) if name in told else len(told))


def described(module: pdoc.doc.Module) -> list[pdoc.doc.Doc[object]]:
    """Returns the members that a module's page shows. Fields without a docstring get the comment beside them."""
    found: list[pdoc.doc.Doc[object]] = []
    for member in filter(shown, module.members.values()):
        found.append(member)
        for part in filter(shown, member.own_members if isinstance(member, pdoc.doc.Class) else ()):
            found.append(part)
            if part.kind == "variable" and (not part.docstring or part.docstring.startswith("Alias for field number")):
                part.docstring = beside(part)
    return found


def beside(field: pdoc.doc.Doc[object]) -> str:
    """Returns the comment beside a field, in the source of its class or of a base class."""
    for owner in getattr(sys.modules[field.modulename], field.qualname.split(".")[0]).__mro__[:-1]:
        if owner.__module__.split(".")[0] in ("autograd", "nn", "viz"):
            found = re.search(rf"^ +(?:self\.)?{field.name}(?::| =).*?  # (.+)$", inspect.getsource(owner), re.M)
            if found:
                return found[1]
    return ""


def shown(part: pdoc.doc.Doc[object]) -> bool:
    """Returns whether a page shows this part."""
    owner, _, name = part.qualname.rpartition(".")
    if isinstance(part, pdoc.doc.Module):
        return part.modulename in (*MODULES, *(f"guide.{name}" for name in PAGES))
    if name == "__init__":
        return (
            owner not in GIVEN and isinstance(part, pdoc.doc.Function) and bool(part.signature_without_self.parameters)
        )
    if owner == "Value" and name not in VALUES_OWN:
        return False
    return part.qualname not in UNCALLED and (not name.startswith("_") or (name == "__call__" and bool(part.docstring)))


def prepared(docstring: str) -> str:
    """Turns the examples of a docstring into blocks of code, and keeps pdoc from finding other sections than Google's.

    Markdown would show examples without colours. pdoc reads a line that ends in a colon, with indented lines below it,
    as a section. A space after the colon prevents this for a map of files, or a formula.
    """
    docstring = docstring.replace("\nExample:\n", "\n###### Example:\n\n")
    docstring = re.sub(rf"^(?!(?:{SECTIONS}):)([A-Z][A-Z a-z]+:)$", r"\1 ", docstring, flags=re.M)
    block = re.compile(r"^    >>> .*\n?(?:    .*\n?)*", re.M)
    return block.sub(lambda found: f"```pycon\n{textwrap.dedent(found[0]).rstrip()}\n```\n", docstring)


def speaking(search: str) -> str:
    """Returns the script of the search, changed to search for a symbol by its name, such as delta for δ."""
    rows = re.findall(r"^\| ([^|]+) \| `(\w+)`", glossary(), re.M)
    said = {symbol[0]: f"{name} glossary" for cell, name in rows for symbol in cell.split(", ") if symbol[0] in "δσ∇η"}
    before, call, after = search.partition("searchIndex.search(term,")
    assert call, "pdoc searches in another way now"
    return f"{SPOKEN % json.dumps(said)}{before}searchIndex.search(spoken(term),{after}"


def text(name: str, places: dict[str, pdoc.doc.Doc[object]]) -> str:
    """Returns the Markdown of a page."""
    written = glossary() if name == "glossary" else source(name)
    if name == "engine":
        parts = (f"## {file}.py\n\n<!-- the source of {file} -->\n" for file in engine_files())
        written = written.replace(SOURCES_GO_HERE, "\n".join([ON_A_PHONE, *parts]))
    return TABLE_GOES_HERE.sub(lambda found: table(found[1]), linked(written, places, "", "../"))


def table(name: str) -> str:
    """Returns a table of the library's records, in HTML."""
    from demos import operation_table, record_tables  # they import nn, so they come after name_types

    return operation_table.html(TABLE) if name == "operations" else str(getattr(record_tables, name)())


def engine_files() -> list[str]:
    """Returns the engine's files in reading order, from the list in guide/engine.md."""
    return re.findall(r"^\d+\. \[`(\w+)\.py`\]", source("engine"), re.M)


def side_by_side(name: str) -> str:
    """Returns a file of the engine in HTML: each passage's prose, and its code beside it."""
    rows = []
    for prose, code in passages((ENGINE / f"{name}.py").read_text(encoding="utf-8")):
        told = pdoc.render_helpers.to_html(pdoc.docstrings.convert(prepared(prose), "google", None))
        shown = pygments.highlight(code, PythonLexer(), HtmlFormatter(cssclass="pdoc-code"))
        rows.append(f'<div class="passage"><div class="docstring">{told}</div>\n{shown}</div>\n')
    return "".join(rows)


def source(name: str) -> str:
    """Returns the text of a page of the guide."""
    return (GUIDE / f"{name}.md").read_text(encoding="utf-8")


def glossary() -> str:
    """Returns the glossary, the equations and the notes from demos/README.md."""
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    parts = re.split(r"^(?=## )", readme, flags=re.M)
    kept = [part for part in parts if part.startswith(("## Glossary", "## Equations", "## Notes"))]
    return f"# {PAGES['glossary']}\n\n{''.join(kept)}"


def linked(markdown: str, places: dict[str, pdoc.doc.Doc[object]], guide: str, top: str) -> str:
    """Turns links between Markdown files into links between pages, and public names in code into links.

    `guide` and `top` are the paths to the how-tos and to the first page.
    """

    def link(found: re.Match[str]) -> str:
        place = places.get(found[1].removesuffix("()"))
        page = place and f"{top}{place.modulename.replace('.', '/')}.html#{place.qualname}"
        return f"[{found[0]}]({page})" if page else found[0]

    markdown = re.sub(r"(?<![`\[])`([\w.]+(?:\(\))?)`(?!`)", link, markdown)
    markdown = re.sub(r"\[README\]\(\.\./\.\./README\.md[^)]*\)", "README", markdown)  # it has no page here
    markdown = markdown.replace("](../README.md", "](glossary.md")
    markdown = markdown.replace("](README.md)", f"]({top}index.html)")
    markdown = re.sub(r"\]\(\.\./\.\./autograd/(\w+)\.py\)", r"](#\1py)", markdown)
    return re.sub(r"\]\((\w+)\.md(#[\w-]+)?\)", rf"]({guide}\1.html\2)", markdown)


def main(arguments: list[str]) -> None:
    """Writes the reference into the given folder, or into reference/. A warning from pdoc is an error."""
    warnings.simplefilter("error")
    tell(f"The reference: {write(Path(*arguments or ['reference'])).resolve()}")


if __name__ == "__main__":
    main(sys.argv[1:])
