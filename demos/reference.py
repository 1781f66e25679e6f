"""The reference, to be read offline: docstrings, how-tos, the glossary and the table of operations, as web pages.

    python -m demos.reference        writes reference/index.html

pdoc (the extra `docs`) makes a page of each module; the pages of demos/guide and the glossary of demos/README.md come
to it as modules that have nothing but a docstring. The pages ask nothing of any network.
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
# What stands in the Markdown of a page where something is put in that is made of the library itself.
TABLE_GOES_HERE = re.compile(r"<!-- the table of (\w+) -->")
SOURCES_GO_HERE = "<!-- the sources -->"
ON_A_PHONE = (
    '<p class="narrow">Lines of code are longer than this screen is wide: push them sideways, or turn it.</p>\n'
)
SOURCE_GOES_HERE = re.compile(r"<!-- the source of (\w+) -->")
# What the library makes, and nobody else: their constructors are left out.
GIVEN = ("ClosedForm", "Comparison", "Derivation", "DivergedError", "Entry", "Epoch", "Formula", "History",
         "NoRendererError", "OwnOperation", "Page", "Program", "Row", "Step", "Trace", "Verdict", "Worksheet",
         "WrongEntry", "only_finite")  # fmt: skip
# What stands in the open because other parts of the library, or NumPy, call it.
UNCALLED = ("Formula.calls", "Formula.joined", "Formula.key", "Formula.parts", "Formula.piece", "Formula.size",
            "LETTERS", "Neuron.named", "OwnOperation.home", "OwnOperation.slope", "Value.conjugate",
            "Verdict.equations", "Verdict.givens", "Verdict.reasons", "Verdict.recorded", "Verdict.whereabouts",
            "no_grad.pauses", "only_finite.check", "only_finite.check_backward", "only_finite.check_step",
            "only_finite.watches", "real_array")  # fmt: skip
VALUES_OWN = dir(autograd.Value(0.0))  # without the names of other libraries, which say what to use instead
# The search keeps no word without a Latin letter: a symbol of the glossary is looked for by its name.
SPOKEN = """const said = %s;
const spoken = term => term.split(/\\s+/).map(word => said[word.replace(/[⁰¹²³⁻⁺ˡᴸ₀-₉ₐⱼₖ]+C?$/, "")] || word).join(" ");
"""
SECTIONS = "Args|Returns|Yields|Raises"  # of a docstring, as pdoc reads them; an example is a block of code
# All that anybody is given of a module.
ONLY = {"autograd.formulas.algebra": ["Formula"], "autograd.checking.verdict": ["Verdict", "WrongEntry", "Row"]}


def write(folder: Path) -> Path:
    """Write the reference into the folder; returns the path of its first page."""
    name_types()
    pdoc.render.configure(docformat="google", template_directory=GUIDE / "templates")
    for package in map(importlib.import_module, ("autograd", "nn", "viz")):  # pdoc reads what a module holds by now
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
    from demos.book import look  # it imports nn, whose types must have their names before

    has_book = (folder.parent / "gallery" / "index.html").exists()
    pdoc.render.env.globals.update(pages=PAGES, dark_code=dark, welcome=welcome, look=look(),
                                   book="../gallery/index.html" if has_book else "")  # fmt: skip
    pdoc.render.env.filters.update(shown=shown, prepared=prepared)
    pages = {f"guide.{name}": pdoc.doc.Module(ModuleType(f"guide.{name}", text(name, places))) for name in PAGES}
    for name, module in (every := {**pages, **modules}).items():
        file = folder / f"{name.replace('.', '/')}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        page = plain(pdoc.render.html_module(module, every))
        file.write_text(SOURCE_GOES_HERE.sub(lambda found: side_by_side(found[1]), page), encoding="utf-8")
    (folder / "search.js").write_text(speaking(plain(pdoc.render.search_index(every))), encoding="utf-8")
    first = folder / "index.html"
    first.write_text(pdoc.render.html_index(every), encoding="utf-8")
    return first


def name_types() -> None:
    """Let signatures say ArrayLike and NDArray[…], which pdoc would spell out in five lines; before nn is imported."""
    for name in ("ArrayLike", "NDArray"):
        body = {"__module__": "builtins", "__class_getitem__": classmethod(GenericAlias)}  # which goes without saying
        setattr(numpy.typing, name, type(name, (), body))
    # the constructor of a named tuple belongs to no module in which pdoc could look names up
    autograd.Step.__new__.__annotations__.update(node=autograd.Value, parent=autograd.Value)


def gather(kind: type) -> None:
    """Let a class hold what it inherits from files that have no page of their own: a Value is all that a node is."""
    inherited = [part for base in kind.__mro__[1:-1] for part in vars(base).items()]
    for name, part in inherited:
        if (name == "__init__" or not name.startswith("__")) and name not in vars(kind):
            setattr(kind, name, part)


def plain(page: str) -> str:
    """The page, with types of `typing` by their names, where inspect.formatannotation gives a representation."""
    page = re.sub(r"&lt;class &#x27;(\w+)&#x27;&gt;", r"\1", page)
    return re.sub(r'\btyping\.(?=\w)|<span class="n">typing</span><span class="o">\.</span>', "", page)


def in_reading_order(module: ModuleType, only: list[str] | None) -> None:
    """Let a module's names, or these, come in the order in which its docstring speaks of them, the others last."""
    told = re.findall(r"`(\w+)`", inspect.getdoc(module) or "")
    found = only or module.__all__
    vars(module)["__all__"] = sorted(found, key=lambda name: told.index(name) if name in told else len(told))


def described(module: pdoc.doc.Module) -> list[pdoc.doc.Doc[object]]:
    """What the module's page shows, its fields with the comments that stand beside them: they have no docstrings."""
    found: list[pdoc.doc.Doc[object]] = []
    for member in filter(shown, module.members.values()):
        found.append(member)
        for part in filter(shown, member.own_members if isinstance(member, pdoc.doc.Class) else ()):
            found.append(part)
            if part.kind == "variable" and (not part.docstring or part.docstring.startswith("Alias for field number")):
                part.docstring = beside(part)
    return found


def beside(field: pdoc.doc.Doc[object]) -> str:
    """The comment that stands beside a field of a class, or of the class that it is inherited from."""
    for owner in getattr(sys.modules[field.modulename], field.qualname.split(".")[0]).__mro__[:-1]:
        if owner.__module__.split(".")[0] in ("autograd", "nn", "viz"):
            found = re.search(rf"^ +(?:self\.)?{field.name}(?::| =).*?  # (.+)$", inspect.getsource(owner), re.M)
            if found:
                return found[1]
    return ""


def shown(part: pdoc.doc.Doc[object]) -> bool:
    """Whether a reader has any use for it."""
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
    """A docstring with its examples as blocks of code, and with no sections but Google's.

    Markdown would show examples without colours. pdoc takes every line that ends in a colon, with indented lines below
    it, for a section; a space after the colon tells it that a map of files, or a formula, is none.
    """
    docstring = docstring.replace("\nExample:\n", "\n###### Example:\n\n")
    docstring = re.sub(rf"^(?!(?:{SECTIONS}):)([A-Z][A-Z a-z]+:)$", r"\1 ", docstring, flags=re.M)
    block = re.compile(r"^    >>> .*\n?(?:    .*\n?)*", re.M)
    return block.sub(lambda found: f"```pycon\n{textwrap.dedent(found[0]).rstrip()}\n```\n", docstring)


def speaking(search: str) -> str:
    """The script of the search, to which δ is said as delta."""
    rows = re.findall(r"^\| ([^|]+) \| `(\w+)`", glossary(), re.M)
    said = {symbol[0]: f"{name} glossary" for cell, name in rows for symbol in cell.split(", ") if symbol[0] in "δσ∇η"}
    before, call, after = search.partition("searchIndex.search(term,")
    assert call, "pdoc searches in another way now"
    return f"{SPOKEN % json.dumps(said)}{before}searchIndex.search(spoken(term),{after}"


def text(name: str, places: dict[str, pdoc.doc.Doc[object]]) -> str:
    """What stands on a page, in Markdown."""
    written = glossary() if name == "glossary" else source(name)
    if name == "engine":
        parts = (f"## {file}.py\n\n<!-- the source of {file} -->\n" for file in engine_files())
        written = written.replace(SOURCES_GO_HERE, "\n".join([ON_A_PHONE, *parts]))
    return TABLE_GOES_HERE.sub(lambda found: table(found[1]), linked(written, places, "", "../"))


def table(name: str) -> str:
    """A table made of the library's records, in HTML."""
    from demos import operation_table, record_tables  # they import nn, whose types must have their names before

    return operation_table.html(TABLE) if name == "operations" else str(getattr(record_tables, name)())


def engine_files() -> list[str]:
    """The files of the engine in reading order, as the list in guide/engine.md has them."""
    return re.findall(r"^\d+\. \[`(\w+)\.py`\]", source("engine"), re.M)


def side_by_side(name: str) -> str:
    """A file of the engine: each passage's prose, and its code beside it."""
    rows = []
    for prose, code in passages((ENGINE / f"{name}.py").read_text(encoding="utf-8")):
        told = pdoc.render_helpers.to_html(pdoc.docstrings.convert(prepared(prose), "google", None))
        shown = pygments.highlight(code, PythonLexer(), HtmlFormatter(cssclass="pdoc-code"))
        rows.append(f'<div class="passage"><div class="docstring">{told}</div>\n{shown}</div>\n')
    return "".join(rows)


def source(name: str) -> str:
    """A file of the guide."""
    return (GUIDE / f"{name}.md").read_text(encoding="utf-8")


def glossary() -> str:
    """The glossary, the equations and the notes, as demos/README.md has them."""
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    parts = re.split(r"^(?=## )", readme, flags=re.M)
    kept = [part for part in parts if part.startswith(("## Glossary", "## Equations", "## Notes"))]
    return f"# {PAGES['glossary']}\n\n{''.join(kept)}"


def linked(markdown: str, places: dict[str, pdoc.doc.Doc[object]], guide: str, top: str) -> str:
    """Links between Markdown files as links between pages, and public names in code as links to their places.

    `guide` and `top` lead to the how-tos and to the first page.
    """

    def link(found: re.Match[str]) -> str:
        place = places.get(found[1].removesuffix("()"))
        page = place and f"{top}{place.modulename.replace('.', '/')}.html#{place.qualname}"
        return f"[{found[0]}]({page})" if page else found[0]

    markdown = re.sub(r"(?<![`\[])`([\w.]+(?:\(\))?)`(?!`)", link, markdown)
    markdown = re.sub(r"\[README\]\(\.\./\.\./README\.md[^)]*\)", "README", markdown)  # which is no page here
    markdown = markdown.replace("](../README.md", "](glossary.md")
    markdown = markdown.replace("](README.md)", f"]({top}index.html)")
    markdown = re.sub(r"\]\(\.\./\.\./autograd/(\w+)\.py\)", r"](#\1py)", markdown)
    return re.sub(r"\]\((\w+)\.md(#[\w-]+)?\)", rf"]({guide}\1.html\2)", markdown)


def main(arguments: list[str]) -> None:
    """Write it into the folder that is named, or into reference/; a warning of pdoc's is an error."""
    warnings.simplefilter("error")
    tell(f"The reference: {write(Path(*arguments or ['reference'])).resolve()}")


if __name__ == "__main__":
    main(sys.argv[1:])
