"""Graphviz in a browser tab, where no program can be started: the page that runs Python brings a module that draws."""

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

__all__ = ["drawing"]

MODULE = "graphviz_in_browser"


def drawing() -> Any:
    """The module, with draw(source, format, engine) that gives a text; None where Python runs elsewhere."""
    return import_module(MODULE) if sys.platform == "emscripten" and find_spec(MODULE) else None
