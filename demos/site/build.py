"""Builds a folder for any web server: the book, the reference, and pages of cells."""

import base64
import hashlib
import json
import shutil
from pathlib import Path
from string import Template

from demos.site.notebooks import cells_of, stub
from demos.site.packages import NO_NPM, Packages
from demos.site.python import archive, memory
from viz.style import STYLE, Palette

__all__ = ["build"]

HERE = Path(__file__).parent
DEMOS = HERE.parent
PAGES = {  # file, title, notebook
    "index.html": ("Try it", None),
    "tour.html": ("The tour", "tour.ipynb"),
    "exercises.html": ("Exercises", "exercises.ipynb"),
}
GREETING = '<div class="text"><h1>Try it</h1><p>Python runs in this page. Change the code, and run it again.</p></div>'
FIRST = (
    "from autograd import Value, explain, label\n\n"
    "x, w, b = Value(2.0), Value(-3.0), Value(6.5)\n"
    "z = w * x + b\na = z.tanh()\nlabel(x=x, w=w, b=b, z=z, a=a)\na.backward()\nexplain(a, w)",
    "from viz import draw\n\ndraw(a)",
)


def build(root: Path, folder: Path) -> list[str]:
    """Writes the site into `folder`, with the output of `make demo` and `make docs` in `root`; lists missing parts."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    missing = []
    for part, command in (("gallery", "make demo"), ("reference", "make docs")):
        if (root / part / "index.html").exists():
            shutil.copytree(root / part, folder / part)
        else:
            missing.append(f"There is no {part}: {command} makes it.")
    if shutil.which("npm") is None:
        missing.append(NO_NPM)
    else:
        cells(folder / "try", Packages(root / "build" / "site"))
    parts = {"gallery": "The book", "reference": "The reference", "try": "Try it: cells that run here"}
    links = "\n".join(
        f'<li><a href="{part}/index.html">{told}</a></li>' for part, told in parts.items() if (folder / part).exists()
    )
    (folder / "site.css").write_text(_look(), encoding="utf-8")
    start = Template(_read("start.html")).substitute(links=links)
    (folder / "index.html").write_text(start, encoding="utf-8")
    return missing


def cells(folder: Path, packages: Packages) -> None:
    """Writes the pages of cells, and all files that they load."""
    folder.mkdir()
    modules = json.dumps({"imports": packages.put(folder)})
    (folder / "licences.txt").write_text(packages.licences(), encoding="utf-8")
    for name in ("book.js", "cell.js", "link.js", "memory.mjs", "python.js", "worker.js", "frame.html"):
        shutil.copy(HERE / "pages" / name, folder)
    (folder / "page.css").write_text(_look(), encoding="utf-8")
    archive(packages.pyodide / "python_stdlib.zip", folder / "python.zip")
    memory(packages.pyodide, folder / "python.zip", folder / "memory.bin")
    there = {file: (title, DEMOS / notebook if notebook else None) for file, (title, notebook) in PAGES.items()}
    there = {file: page for file, page in there.items() if page[1] is None or page[1].exists()}
    for file, (title, notebook) in there.items():
        links = "".join(
            f' <a href="{other}"{" aria-current=page" * (other == file)}>{told}</a>'
            for other, (told, _) in there.items()
        )
        page = Template(_read("page.html")).substitute(
            title=title,
            map=modules,
            map_hash="sha256-" + base64.b64encode(hashlib.sha256(modules.encode()).digest()).decode(),
            pages=links,
            cells=cells_of(notebook) if notebook else "\n".join([GREETING, *map(stub, FIRST)]),
        )
        (folder / file).write_text(page, encoding="utf-8")


def _look() -> str:
    """Returns the style sheet, with the colours of the pictures."""

    def colours(palette: Palette) -> str:
        return " ".join(f"--{name}: {colour};" for name, colour in palette.colours().items())

    font = f"--font: {STYLE.font}, Arial, Liberation Sans, sans-serif;"
    dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {colours(STYLE.on_dark())} }} }}"
    return f":root {{ color-scheme: light dark; {colours(STYLE)} {font} }}\n{dark}\n\n{_read('page.css')}"


def _read(name: str) -> str:
    return (HERE / "pages" / name).read_text(encoding="utf-8")
