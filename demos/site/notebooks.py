"""A notebook as a page of cells: its texts as they read, its code to be run, none of its outputs."""

import json
import re
from html import escape
from pathlib import Path
from typing import Any

import markdown2

__all__ = ["cells_of", "stub"]

EXTRAS = ["tables", "fenced-code-blocks", "code-friendly"]


def cells_of(notebook: Path) -> str:
    """Its cells in HTML, in order."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return "\n".join(_shown(cell) for cell in cells)


def stub(source: str) -> str:
    """Code that the page makes a cell of, and that can be read where no script runs."""
    return f'<pre class="code">{escape(source)}</pre>'


def _shown(cell: Any) -> str:
    source = "".join(cell["source"])
    if cell["cell_type"] == "code":
        return stub(source)
    html = markdown2.markdown(source, extras=EXTRAS, safe_mode="escape")
    html = html.replace('.ipynb"', '.html"')  # another notebook is another page
    html = re.sub(r'<a href="[^"]+\.md[^"]*">(.*?)</a>', r"\1", html)  # the guide is not here, but in the reference
    return f'<div class="text">{html}</div>'
