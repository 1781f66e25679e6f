"""`play`: a graph as a page in which its passes are stepped, and any leaf dragged."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from autograd import Value, nodes
from autograd.diagnostics.changes import warn_of_changes
from nn import Module
from nn.arguments import whole

from ..kinds import is_comparison
from ..rendering import IMAGES
from ..style import STYLE, Palette, Style, styled
from .javascript import cost_rules, mathematics
from .page_graph import PageGraph
from .value_page import value_page

if TYPE_CHECKING:
    from nn import Comparison

__all__ = ["Page", "play"]

HERE = Path(__file__).parent
SCRIPT = ("engine", "closed_form", "numbers", "state", "picture", "reach", "steps", "controls", "view", "start")
FRAME = 720  # px: the height of the frame in which a notebook shows a page


class Page:
    """A page of one file: `.save("page.html")` writes it, `.html` is its text, a notebook shows it in a frame.

    It asks nothing of any network. Scripts in a page may call `window.page`: `page.go(step)`, `page.set(name, number)`.
    """

    def __init__(self, html: str, told: str) -> None:
        self.html = html  # the whole file
        self._told = told

    def save(self, path: str | os.PathLike[str]) -> str:
        """Write the page into a file, making its folder if there is none, and return the path.

        Raises ValueError where the file's name is an image's: a page is HTML.
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


def play(what: Value | Comparison, *, max_nodes: int = 200, digits: int = 4, style: Style = STYLE) -> Page:
    """A page in which the forward and the backward pass can be stepped, and every leaf dragged.

    `what` is a Value, or what `nn.compare` returned: then the page shows the network, and beside the graph's δ the
    equations'. The steps are the engine's own, in its order. The page begins with the numbers of the recording; once a
    leaf is moved, it works everything out anew, by the table's rules. `digits` are decimals; `style` has the colours
    and sizes. Raises ValueError for more than `max_nodes` values, and NoRendererError where no Graphviz is found to
    lay the picture out.
    """
    if not (isinstance(what, Value) or is_comparison(what)):
        instead = ": play(model(x)) shows one example's graph" if isinstance(what, Module) else ""
        raise TypeError(
            f"play shows a Value, or what compare(model, x, y) returned; got {type(what).__name__}{instead}"
        )
    most, digits, style = whole(max_nodes, "max_nodes"), whole(digits, "digits", 0, 17), styled(style)
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
        graph, data = page.graph, page.data(style, digits)
        cost = cost_rules(what.closed_form.formula, len(what.targets[0]))
    else:
        graph, cost = PageGraph(root, {}, lambda node, parent: {}), "null"
        data = value_page(graph, style, digits) | ({"changed": changed, **graph.recorded()} if changed else {})
    data |= {"nodes": graph.nodes(), "steps": graph.steps, "root": graph.number[graph.root], "digits": digits}
    rules = f"{mathematics()}\nconst RULES = {graph.rules()};\nconst COST = {cost};\n"
    return Page(_page(data, rules, style), f"{size} values, {len(graph.steps)} steps")


def _page(data: dict[str, Any], rules: str, style: Style) -> str:
    """The template filled in: styles and script with the hashes under which alone a browser may use them."""
    css = _properties(style) + _read("page.css")
    script = '"use strict";\n' + rules + "\n".join(_read(f"script/{name}.js") for name in SCRIPT)
    return Template(_read("page.html")).substitute(
        title=html.escape(data["title"]),
        style=css,
        style_hash=_hash(css),
        script=script,
        script_hash=_hash(script),
        data=_data(data),
    )


def _properties(style: Style) -> str:
    """The style in CSS: paper has the colours of a light screen."""

    def colours(palette: Palette) -> str:
        return " ".join(f"--{name}: {colour};" for name, colour in palette.colours().items())

    font = f"--font: {style.font}, Helvetica, Arial, Liberation Sans, sans-serif;"
    sizes = f"--size: {style.size:g}px; --small: {style.small:g}px;"
    return (
        f":root {{ color-scheme: light dark; {colours(style)} {font} {sizes} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {colours(style.on_dark())} }} }}\n\n"
    )


def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _data(data: dict[str, Any]) -> str:
    """JSON in which no text can end the element it stands in."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
