"""Graphviz in a browser tab: no program can be started there, so the page that runs Python provides a module."""

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

__all__ = ["drawing"]

MODULE = "graphviz_in_browser"


def drawing() -> Any:
    """Returns the module, whose draw(source, format, engine) returns the image as text; None outside a browser."""
    return import_module(MODULE) if sys.platform == "emscripten" and find_spec(MODULE) else None
