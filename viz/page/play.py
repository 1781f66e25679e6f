"""`play`: a graph as a web page on which readers step through its passes and drag any leaf."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from autograd import Value, nodes
from autograd.diagnostics.changes import warn_of_changes
from nn import Module
from nn.arguments import not_negative, whole

from ..kinds import is_comparison
from ..rendering import IMAGES
from ..style import STYLE, Palette, Style, styled
from .folding import PLANE
from .javascript import mathematics
from .layout import remark
from .packing import packed
from .page_graph import PageGraph
from .value_page import value_page

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from nn import Comparison, Cost

__all__ = ["Page", "play"]

# fmt: off
SCRIPT = ("engine", "closed_form", "numbers", "state", "picture", "reach", "pace", "steps", "controls", "view", "paper",
          "curve", "descent", "blanks", "modes", "address", "start")
OF_PLAYGROUND = ("learning", "plane", "examples")
# fmt: on
FRAME = 720  # px: the height of the frame in which a notebook shows a page


class Page:
    """A page in one file: `.save("page.html")` writes it, `.html` is its text, a notebook shows it in a frame.

    It loads nothing from the internet. Scripts on the page may call `page.go(step)` and `page.set(name, number)`.
    """

    def __init__(self, html: str, told: str) -> None:
        self.html = html  # the whole file
        self._told = told

    def save(self, path: str | os.PathLike[str]) -> str:
        """Writes the page into a file, makes its folder if there is none, and returns the path.

        Raises:
            ValueError: If the path is a folder, or has an image's suffix: a page is HTML.
        """
        if not isinstance(path, str | os.PathLike):
            raise TypeError(f"save writes a file; got {type(path).__name__} {path!r:.40}: save('page.html')")
        target = Path(path)
        if not target.name or target.is_dir():
            raise ValueError(f"save writes one file; got {os.fspath(path)!r}: save('page.html')")
        if target.suffix[1:].lower() in IMAGES:
            raise ValueError(f"save writes a page, which is HTML; got {os.fspath(path)!r}: save('page.html')")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(self.html, encoding="utf-8")
        return str(path)

    def __repr__(self) -> str:
        return f"<Page, {self._told}: .save('page.html') writes it>"

    def _repr_html_(self) -> str:
        page = html.escape(self.html, quote=True)
        style = f"width: 100%; height: {FRAME}px; border: 0"
        return f'<iframe sandbox="allow-scripts" srcdoc="{page}" style="{style}" title="chalkgrad"></iframe>'


def play(
    what: Value | Comparison | Module,
    X: ArrayLike | None = None,
    y: ArrayLike | None = None,
    *,
    cost: str | Cost = "quadratic",
    parameters: Iterable[Value] | None = None,
    learning_rate: float = 0.1,
    max_nodes: int = 200,
    digits: int = 4,
    style: Style = STYLE,
) -> Page:
    """Makes a page on which readers step through both passes, drag leaves, fill in gradients, and let the leaves learn.

    A Value's steps are the engine's, in its order; a network's go layer by layer. The page begins with the recorded
    numbers. Once a leaf is moved, it computes everything again, by the table's rules.

    Args:
        what: A Value; a comparison that `nn.compare` returned, shown as a network with δ from the graph and from the
            equations; or an MLP of two inputs, which learns on the page beside the graph of one example.
        X: The examples from which an MLP learns, shape (n, 2).
        y: Their targets, as `fit` takes them.
        cost: The cost under which an MLP learns, as for `fit`.
        parameters: The leaves of a Value that learn; by default those named like weights and biases, or all if there
            are none. A network's are its own.
        learning_rate: The step size with which descent begins.
        max_nodes: The largest number of values that is shown.
        digits: Decimals of the numbers.
        style: The colours and sizes.
    Returns:
        The page.
    Raises:
        ValueError: If there are more than `max_nodes` values.
        NoRendererError: If there is no Graphviz to lay the picture out.
    """
    space: Any = None
    if X is not None:
        from .playground import Playground  # here, as it needs NumPy

        space = Playground(what, X, y, cost)
        what = space.comparison
    if not (isinstance(what, Value) or is_comparison(what)):
        instead = ": play(model(x)) shows one example's graph, play(model, X, y) a network that learns"
        raise TypeError(
            f"play shows a Value, or what compare(model, x, y) returned; got {type(what).__name__}"
            + (instead if isinstance(what, Module) else "")
        )
    most, digits, style = whole(max_nodes, "max_nodes"), whole(digits, "digits", 0, 17), styled(style)
    rate = not_negative(learning_rate, "learning_rate")
    root = what.graph if is_comparison(what) else what
    size = len(nodes(root))
    if size > most:
        raise ValueError(
            f"this graph has {size} values, more than max_nodes={most}: play an earlier value, compare fewer examples, "
            "or pass a larger max_nodes"
        )
    changed = warn_of_changes("play", root)
    if is_comparison(what):
        from .network_page import NetworkPage  # here, as it needs NumPy

        if what.closed_form.over != "mean" or what.closed_form.l2:
            raise ValueError("the page works out the mean of the costs: compare without over=... and l2=...")
        page = NetworkPage(what)
        graph, data, own = page.graph, page.data(style, digits, PLANE if space else 0.0), page.rules()
    else:
        graph, own = PageGraph(root, {}, lambda node, parent: {}), "const SIGMA = [], COST = null;\n"
        data = value_page(graph, style, digits, None if parameters is None else set(parameters))
        data |= {"changed": changed, **graph.recorded()} if changed else {}
    data |= {"nodes": packed(graph.nodes()), "steps": packed(graph.steps), "root": graph.number[graph.root]}
    data |= {"digits": digits, "rate": rate, "playground": space and space.data()}
    rules = f"{mathematics()}\nconst RULES = {graph.rules()};\n{own}"
    return Page(_page(data, rules, style), f"{size} values, {len(graph.steps)} steps")


def _page(data: dict[str, Any], rules: str, style: Style) -> str:
    """Fills in the template. Its policy names hashes of the styles and the script, so a browser uses no others."""
    css = _properties(style) + _read("page.css")
    names = (*SCRIPT[:-1], *(OF_PLAYGROUND if data["playground"] else ()), SCRIPT[-1])
    script = '"use strict";\n' + rules + "".join(map(_program, names))
    return Template(_read("page.html")).substitute(
        title=html.escape(data["title"]),
        style=css,
        style_hash=_hash(css),
        script=script,
        script_hash=_hash(script),
        data=_data(data),
    )


def _program(name: str) -> str:
    """Returns a file of the script without indentation and without lines that are comments."""
    lines = (line.strip() for line in _read(f"script/{name}.js").splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith(("//", "/**")))


def _properties(style: Style) -> str:
    """Writes the style as CSS, with colours for light and dark screens. Print has those of a light screen."""

    def colours(palette: Palette) -> str:
        return " ".join(f"--{name}: {colour};" for name, colour in palette.colours().items())

    font = f"--font: {style.font}, Helvetica, Arial, Liberation Sans, sans-serif;"
    sizes = f"--size: {style.size:g}px; --small: {remark(style):g}px;"
    return (
        f":root {{ color-scheme: light dark; {colours(style)} {font} {sizes} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {colours(style.on_dark())} }} }}\n\n"
    )


def _read(name: str) -> str:
    """Returns the text of a file of this folder, even if the package is in a zip file."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _data(data: dict[str, Any]) -> str:
    """Writes JSON in which no text can end the HTML element around it."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
