"""The Python side of a page of cells: runs a cell, shows its result, completes names.

It runs in a browser tab, where Pyodide has put it beside the library. Its answers are JSON.
"""

import json
import linecache
import random
import sys
import traceback
from typing import Any

from pyodide.code import CodeRunner
from pyodide.console import Console

import autograd.formulas.derivation  # noqa: F401  imported when the site is made, so that a page need not
import viz  # noqa: F401

__all__ = ["begin", "complete", "run"]

names: dict[str, Any] = {"__name__": "__main__"}
console = Console(names)
NO_NUMPY = "This cell needs NumPy, which is not part of this site. Values, networks and their pictures do without it."
# ways to show an object, the preferred ones first
SHOWN = (("mathml", "html"), ("_repr_html_", "html"), ("_repr_svg_", "html"))


def begin() -> None:
    """Seeds what was imported when the site was made: otherwise every page would draw the same numbers."""
    random.seed()


def run(source: str, name: str) -> str:
    """Runs a cell called `name`; answers {"html": …} or {"text": …} of its last expression, {"error": …}, or {}.

    If the cell needs NumPy, the answer has {"numpy": true} too.
    """
    lines = source.splitlines(keepends=True)
    linecache.cache[name] = len(source), None, lines, name  # so that errors and warnings quote the line
    try:
        result = CodeRunner(source, filename=name).compile().run(names)
        return json.dumps({} if result is None else shown(result))
    except BaseException as error:  # SystemExit too, so that it does not end the page's Python
        if isinstance(error, ImportError) and error.name == "numpy":
            return json.dumps({"error": NO_NUMPY, "numpy": True})
        return json.dumps({"error": told(error, name)})
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def shown(result: Any) -> dict[str, str]:
    """Returns a result as a notebook would show it, for a browser."""
    names["_"] = result
    if hasattr(type(result), "_repr_mimebundle_"):
        bundle = result._repr_mimebundle_()
        if "text/html" in bundle:
            return {"html": bundle["text/html"]}
        return {"text": bundle.get("text/plain", repr(result))}
    for attribute, kind in SHOWN:
        if hasattr(type(result), attribute):
            found = getattr(result, attribute)
            return {kind: found() if callable(found) else found}
    return {"text": repr(result)}


def told(error: BaseException, name: str) -> str:
    """Returns the error as Python prints it, with the traceback from the cell on."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != name:
        trace = trace.tb_next
    return "".join(traceback.format_exception(type(error), error, trace))


def complete(source: str) -> str:
    """Completes the last name of a line: {"words": […], "start": the index at which the name begins}."""
    words, start = console.complete(source)
    return json.dumps({"words": [word.strip("(") for word in words][:200], "start": start})
