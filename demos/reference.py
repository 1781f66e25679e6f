"""The reference, to be read offline: docstrings, how-tos, the glossary and the table of operations, as web pages.

    python -m demos.reference        writes reference/index.html

pdoc (the extra `docs`) makes a page of each module; the pages of demos/guide and the glossary of demos/README.md come
to it as modules that have nothing but a docstring. The pages ask nothing of any network.
"""

import inspect
import re
import sys
import warnings
from pathlib import Path
from types import GenericAlias, ModuleType

import numpy.typing
import pdoc.doc
import pdoc.render
from pygments.formatters import HtmlFormatter

import autograd
from autograd.table import TABLE
from demos import operation_table

__all__ = ["MODULES", "PAGES", "write"]

HERE = Path(__file__).parent
GUIDE = HERE / "guide"
MODULES = ("autograd", "autograd.table", "autograd.algebra", "autograd.lifting", "nn", "nn.closed_form", "viz")
PAGES = {"check": "Check your own matrix code", "slides": "Draw for slides", "operation": "Add an operation",
         "differences": "From PyTorch or micrograd", "glossary": "Glossary and equations",
         "operations": "The operations"}  # fmt: skip
TABLE_GOES_HERE = "<!-- the table -->"


def write(folder: Path) -> Path:
    """Write the reference into the folder; returns the path of its first page."""
    name_types()
    pdoc.render.configure(docformat="markdown", template_directory=GUIDE / "templates")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".pdoc-code")
    pdoc.render.env.globals.update(pages=PAGES, dark_code=dark, welcome=linked(source("README"), "guide/", ""))
    pdoc.render.env.filters["beside"] = beside
    vars(autograd)["lift"] = autograd.lift  # it comes late, and pdoc reads what a module holds
    pages = {f"guide.{name}": pdoc.doc.Module(ModuleType(f"guide.{name}", text(name))) for name in PAGES}
    modules = {name: pdoc.doc.Module.from_name(name) for name in MODULES}
    for name, module in (every := {**pages, **modules}).items():
        file = folder / f"{name.replace('.', '/')}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(plain(pdoc.render.html_module(module, every)), encoding="utf-8")
    (folder / "search.js").write_text(plain(pdoc.render.search_index(every)), encoding="utf-8")
    first = folder / "index.html"
    first.write_text(pdoc.render.html_index(every), encoding="utf-8")
    return first


def name_types() -> None:
    """Let signatures say ArrayLike and NDArray[…], which pdoc would spell out in five lines; before nn is imported."""
    for name in ("ArrayLike", "NDArray"):
        body = {"__module__": "numpy.typing", "__class_getitem__": classmethod(GenericAlias)}
        setattr(numpy.typing, name, type(name, (), body))
    # the constructor of a named tuple belongs to no module in which pdoc could look names up
    autograd.Step.__new__.__annotations__.update(node=autograd.Value, parent=autograd.Value)


def plain(page: str) -> str:
    """The page, with types of `typing` by their names, where inspect.formatannotation gives a representation."""
    return re.sub(r"&lt;class &#x27;(\w+)&#x27;&gt;", r"\1", page)


def beside(field: pdoc.doc.Doc[object]) -> str:
    """The comment that stands beside a field of a class, as fields have no docstrings of their own."""
    owner = getattr(sys.modules.get(field.modulename), field.qualname.rpartition(".")[0], None)
    if field.kind != "variable" or not isinstance(owner, type):
        return ""
    found = re.search(rf"^ +{field.name}: .*?  # (.+)$", inspect.getsource(owner), re.M)
    return found[1] if found else ""


def text(name: str) -> str:
    """What stands on a page, in Markdown."""
    if name == "glossary":
        return linked(glossary(), "", "../")
    return linked(source(name), "", "../").replace(TABLE_GOES_HERE, operation_table.html(TABLE))


def source(name: str) -> str:
    """A file of the guide."""
    return (GUIDE / f"{name}.md").read_text(encoding="utf-8")


def glossary() -> str:
    """The glossary and the equations, as demos/README.md has them."""
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    kept = [part for part in re.split(r"^(?=## )", readme, flags=re.M) if part.startswith(("## Gloss", "## Equa"))]
    return f"# {PAGES['glossary']}\n\n{''.join(kept)}"


def linked(markdown: str, guide: str, top: str) -> str:
    """Links between Markdown files as links between pages; `guide` and `top` lead to the how-tos and to the first."""
    markdown = markdown.replace("](../README.md#glossary)", "](glossary.md)")
    markdown = markdown.replace("](README.md)", f"]({top}index.html)")
    return re.sub(r"\]\((\w+)\.md\)", rf"]({guide}\1.html)", markdown)


def main(arguments: list[str]) -> None:
    """Write it into the folder that is named, or into reference/; a warning of pdoc's is an error."""
    warnings.simplefilter("error")
    print(f"The reference: {write(Path(*arguments or ['reference'])).resolve()}")


if __name__ == "__main__":
    main(sys.argv[1:])
