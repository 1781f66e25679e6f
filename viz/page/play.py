"""`play`: a graph as a page in which its passes are stepped, and any leaf dragged."""

import base64
import hashlib
import html
import json
import os
from pathlib import Path
from string import Template
from typing import Any

from autograd import Value, nodes
from autograd.diagnostics.changes import warn_of_changes
from nn import Comparison, Module
from nn.arguments import whole

from ..rendering import IMAGES
from ..value_graph import symbol
from .layout import Box, Link, Row, lay_out
from .network_page import NetworkStage
from .steps import Score

__all__ = ["Page", "play"]

HERE = Path(__file__).parent
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


def play(what: Value | Comparison, *, max_nodes: int = 200, digits: int = 4) -> Page:
    """A page in which the forward and the backward pass can be stepped, and every leaf dragged.

    `what` is a Value, or what `nn.compare` returned: then the page shows the network, and beside the graph's δ the
    equations'. The steps are the engine's own, in its order. The page begins with the numbers of the recording; once a
    leaf is moved, it works everything out anew, by the table's rules. `digits` are decimals. Raises ValueError for more
    than `max_nodes` values, and NoRendererError where no Graphviz is found to lay the picture out.
    """
    if not isinstance(what, Value | Comparison):
        instead = ": play(model(x)) shows one example's graph" if isinstance(what, Module) else ""
        raise TypeError(
            f"play shows a Value, or what compare(model, x, y) returned; got {type(what).__name__}{instead}"
        )
    most, digits = whole(max_nodes, "max_nodes"), whole(digits, "digits", 0, 17)
    size = len(nodes(what.graph if isinstance(what, Comparison) else what))
    if size > most:
        raise ValueError(
            f"this graph has {size} values, more than max_nodes={most}: play an earlier value, compare fewer examples, "
            "or pass a larger max_nodes"
        )
    changed = warn_of_changes("play", what.graph if isinstance(what, Comparison) else what)
    if isinstance(what, Comparison):
        stage = NetworkStage(what, digits)
        score, data = stage.score, stage.data()
    else:
        score = Score(what, {}, lambda node, parent: {})
        data = _expression(score, digits) | ({"changed": changed, **score.recorded()} if changed else {})
    data |= {"nodes": score.nodes(), "steps": score.steps, "root": score.number[score.root], "digits": digits}
    return Page(_page(data, score.rules()), f"{size} values, {len(score.steps)} steps")


def _expression(score: Score, digits: int) -> dict[str, Any]:
    """A box for each value, a circle for each operation, and on each link its local derivative."""
    values = {
        value: Box(
            [Row(score.names[value], [i], "data"), Row(score.derivatives[value], [i], "gradient")],
            leaf=value.op is None,
            digits=digits,
        )
        for i, value in enumerate(score.values)
    }
    boxes, links = list(values.values()), []
    slopes = {(step["node"], step["position"]): step["slope"] for step in score.steps if step["phase"] == "backward"}
    for value, box in values.items():
        if value.op is None:
            continue
        number = score.number[value]
        circle = Box([Row(symbol(value, value.op), [number], "operation")], "circle")
        boxes.append(circle)
        into = [i for i, operand in enumerate(value.operands) if isinstance(operand, Value)]
        for i in into:
            edges = [[(number, i)]]
            label = Box([Row(slopes[number, i], [], "local", edges[0])], "label", digits=digits)
            boxes.append(label)
            links.append(Link(values[value.operands[i]], label, edges, arrow=False))
            links.append(Link(label, circle, edges))
        links.append(Link(circle, box, [[(number, i) for i in into]], flow=number))
    title = f"How {score.names[score.root]} was made, and how its gradient flows back"
    return {
        "title": title,
        "picture": lay_out(boxes, links),
        "home": list(range(len(values))),
        "examples": 1,
        "equations": [],
        "network": None,
    }


def _page(data: dict[str, Any], rules: str) -> str:
    """The template filled in: styles and script with the hashes under which alone a browser may use them."""
    style = (HERE / "page.css").read_text(encoding="utf-8")
    script = f'"use strict";\nconst RULES = {rules};\n{(HERE / "page.js").read_text(encoding="utf-8")}'
    return Template((HERE / "page.html").read_text(encoding="utf-8")).substitute(
        title=html.escape(data["title"]),
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        data=_data(data),
    )


def _data(data: dict[str, Any]) -> str:
    """JSON in which no text can end the element it stands in."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
