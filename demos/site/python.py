"""Python for the pages of cells: the modules to import, and the memory of a Python that has imported them."""

import shutil
import subprocess
import zipfile
from pathlib import Path

import graphviz

import autograd
import nn
import viz

__all__ = ["archive", "memory"]

HERE = Path(__file__).parent


def archive(standard: Path, path: Path) -> None:
    """Writes the modules that a page imports: the standard library, this library, and graphviz, which writes DOT."""
    shutil.copyfile(standard, path)
    with zipfile.ZipFile(path, "a") as modules:
        for package in (autograd, nn, viz, graphviz):
            top = Path(str(package.__file__)).parent
            for file in sorted(top.rglob("*")):
                if file.suffix in (".py", ".js", ".css", ".html"):
                    _add(modules, file, str(file.relative_to(top.parent)))
        _add(modules, HERE / "pages" / "cells.py", "cells.py")


def memory(pyodide: Path, modules: Path, path: Path) -> None:
    """Writes the memory of a Python that has imported `cells`. A page that begins with it imports nothing."""
    subprocess.run(["node", HERE / "memory.mjs", pyodide, modules, path], check=True)


def _add(modules: zipfile.ZipFile, file: Path, name: str) -> None:
    """Adds a file, without its date: the same library gives the same archive."""
    modules.writestr(zipfile.ZipInfo(name), file.read_bytes(), zipfile.ZIP_DEFLATED, 9)
