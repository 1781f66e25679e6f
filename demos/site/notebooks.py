"""A notebook as a page of cells: its texts, and its code for readers to run, without outputs."""

import json
import re
from html import escape
from pathlib import Path
from typing import Any

import markdown2

__all__ = ["cells_of", "stub"]

EXTRAS = ["tables", "fenced-code-blocks", "code-friendly"]


def cells_of(notebook: Path) -> str:
    """Returns a notebook's cells in HTML, in order."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return "\n".join(_shown(cell) for cell in cells)


def stub(source: str) -> str:
    """Returns code as HTML. The page's script makes a cell of it; without scripts it is still legible."""
    return f'<pre class="code">{escape(source)}</pre>'


def _shown(cell: Any) -> str:
    source = "".join(cell["source"])
    if cell["cell_type"] == "code":
        return stub(source)
    html = markdown2.markdown(source, extras=EXTRAS, safe_mode="escape")
    html = html.replace('.ipynb"', '.html"')  # another notebook is another page
    html = re.sub(r'<a href="[^"]+\.md[^"]*">(.*?)</a>', r"\1", html)  # the guide is in the reference
    return f'<div class="text">{html}</div>'
