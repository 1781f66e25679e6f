"""Graphviz in a browser tab, where no program can be started: the page that runs Python brings a module that draws."""

import sys
from typing import Any

__all__ = ["drawing"]


def drawing() -> Any:
    """The module, with draw(source, format, engine) that gives a text; None where Python runs elsewhere."""
    if sys.platform != "emscripten":
        return None
    try:
        import graphviz_in_browser
    except ImportError:
        return None
    return graphviz_in_browser
