"""Turning DOT into an image with whatever Graphviz there is.

The order: what CHALKGRAD_DOT names, then `graphviz-pure` (a wheel with the program inside, installed with chalkgrad),
then a `dot` on the PATH. One that fails makes way for the next.
"""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sysconfig
from collections.abc import Iterable, Iterator
from importlib import metadata
from typing import Any

import graphviz

from .in_browser import drawing

__all__ = ["IMAGES", "NoRendererError", "Picture", "render"]

PURE_FORMATS = {"svg", "png", "jpg", "jpeg", "json", "json0", "plain", "plain-ext", "xdot", "dot", "gv", "canon"}
# DOT has to name one font; a viewer that lacks it should take one of the same widths, or texts outgrow their boxes.
FAMILY = b'font-family="Helvetica,sans-Serif"'
FAMILIES = b'font-family="Helvetica,Arial,Liberation Sans,Arimo,Nimbus Sans,sans-serif"'
IMAGES = graphviz.FORMATS - {"canon", "cmap", "dot", "gv", "imap", "ismap", "xdot"}  # suffixes that name an image
SECONDS = 300  # after which a renderer counts as failed


class NoRendererError(graphviz.ExecutableNotFound):  # type: ignore[misc]  # graphviz comes without types
    """No renderer could draw the picture; the message says what was tried."""

    def __init__(self, format: str, tried: list[str]) -> None:
        RuntimeError.__init__(
            self,
            f"could not draw this picture as {format}: {'; '.join(tried)}. Install graphviz-pure (pip install "
            "graphviz-pure; svg, png, jpg) or Graphviz itself (apt, brew or winget install graphviz; pdf too). "
            "The picture's .source, its DOT text, needs neither.",
        )


class Picture(graphviz.Digraph):  # type: ignore[misc]  # graphviz comes without types
    """A `graphviz.Digraph` that any renderer on the machine may draw.

    `.source` is its DOT text, `.pipe(format="svg")` or `"png"` the image as bytes; `.render("graph.svg")` writes a
    file. In a notebook it shows itself. Attributes of Graphviz go in by `.attr("graph", size="6,4!")`; drawing raises
    NoRendererError where nothing on the machine can draw the format.
    """

    def save(self, filename: Any = None, directory: Any = None, **kwargs: Any) -> str:
        """Write the DOT text into a file and return its path, as `graphviz.Digraph.save` does.

        Raises ValueError where the file's name is an image's, as no viewer would show it: `.render` draws.
        """
        if _suffix(filename) in IMAGES:
            name = os.fspath(filename)
            raise ValueError(f"save writes the DOT text, and {name!r} names an image: render({name!r}) draws it")
        return str(super().save(filename, directory=directory, **kwargs))

    def pipe(
        self, format: Any = None, renderer: Any = None, formatter: Any = None, neato_no_op: Any = None, *,
        engine: Any = None, encoding: Any = None
    ) -> Any:  # fmt: skip
        """The image as bytes, or as text if an encoding is given. Raises NoRendererError if nothing can draw it."""
        via = tuple(part for part in (renderer, formatter) if part is not None)
        flags = (f"-n{int(neato_no_op)}",) if neato_no_op else ()
        image = render(self.source, format or self.format, engine or self.engine, via, flags)
        return image.decode(encoding) if encoding else image

    def render(
        self,
        filename: Any = None,
        directory: Any = None,
        *,
        outfile: Any = None,
        format: str | None = None,
        view: bool = False,
        cleanup: bool = False,
        raise_if_result_exists: bool = False,
        **how: Any,
    ) -> str:
        """Write the picture into a file and return its path.

        The file's name, or `outfile`, is the image's; its suffix (svg, png, jpg, pdf, …) is the format. With no suffix,
        or one that is no image's, the DOT text gets that name and the image stands beside it (unless `cleanup`, which
        leaves the image alone), as `graphviz.Digraph.render` has it. ValueError if format= contradicts the suffix,
        NoRendererError if nothing can draw it: pdf needs a system Graphviz.
        """
        if None not in (filename, outfile):
            raise ValueError(f"filename and outfile name the same image; got {filename!r} and {outfile!r}: give one")
        named = filename if outfile is None else outfile
        suffix, text = _suffix(named), None
        if suffix in IMAGES:
            if format not in (None, suffix):
                name = os.path.basename(named)
                raise ValueError(f"the suffix of {name!r} says {suffix}, and format= something else: give one of them")
            format, path = suffix, pathlib.Path(directory or self.directory, named)
        else:
            format, text = format or self.format, self.save(named, directory)
            path = pathlib.Path(".".join(filter(None, [text, how.get("formatter"), how.get("renderer"), format])))
        if raise_if_result_exists and path.exists():
            raise graphviz.FileExistsError(f"output file exists: {str(path)!r}")
        image = self.pipe(format, **how)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(image)
        if cleanup and text is not None:
            os.remove(text)
        if view:
            graphviz.view(str(path))
        return str(path)

    def __repr__(self) -> str:
        lines = self.source.count("\n")
        return f"<Picture, {lines} lines of DOT: .render('graph.svg') writes it, .source is the DOT>"

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None, **_: Any
    ) -> dict[str, Any]:
        """What a notebook shows: the picture and, for front ends without pictures, a line of text."""
        try:
            return {**super()._repr_mimebundle_(include, exclude), "text/plain": repr(self)}
        except (graphviz.ExecutableNotFound, graphviz.CalledProcessError) as error:
            return {"text/plain": str(error)}


def render(
    source: str, format: str, engine: str = "dot", via: tuple[str, ...] = (), flags: tuple[str, ...] = ()
) -> bytes:
    """DOT text drawn as `format`, by the first renderer that manages. Raises NoRendererError if none does."""
    tried: list[str] = []
    if (tab := drawing()) is not None:
        return str(tab.draw(source, format, engine)).encode()
    for title, program in _programs(format, engine, tried):
        command = [program, f"-K{engine}", f"-T{':'.join((format, *via))}", *flags]
        if title == "graphviz-pure":
            command.append("-q")
        try:
            run = subprocess.run(command, input=source.encode(), capture_output=True, timeout=SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            tried.append(f"{title} did not run ({error})")
            continue
        if run.returncode == 0 and run.stdout:
            return run.stdout.replace(FAMILY, FAMILIES) if format == "svg" else run.stdout
        said = run.stderr.decode(errors="replace").strip().splitlines()
        tried.append(f"{title} failed ({said[0] if said else f'exit status {run.returncode}'})")
    raise NoRendererError(format, tried)


def _suffix(filename: Any) -> str:
    """The format that a file's name asks for."""
    return pathlib.Path(filename or "").suffix[1:].lower()


def _programs(format: str, engine: str, tried: list[str]) -> Iterator[tuple[str, str]]:
    wanted = os.environ.get("CHALKGRAD_DOT", "")
    if wanted and wanted not in ("graphviz-pure", "system"):
        yield wanted, wanted
    pure = _graphviz_pure()
    if wanted != "system":
        if pure is None:
            tried.append("graphviz-pure is not installed")
        elif format not in PURE_FORMATS or engine != "dot":
            tried.append(f"graphviz-pure does not draw {format} with {engine}")
        else:
            yield "graphviz-pure", pure
    if wanted != "graphviz-pure":
        dot = shutil.which("dot")
        if dot is None:
            tried.append("there is no dot on the PATH")
        else:
            yield "dot", dot


def _graphviz_pure() -> str | None:
    """The program of the graphviz-pure wheel, wherever pip has put it."""
    usual = shutil.which("graphviz-pure", path=sysconfig.get_path("scripts"))
    if usual is not None:
        return usual
    places: list[Any] = []
    with contextlib.suppress(metadata.PackageNotFoundError):
        wheel = metadata.distribution("graphviz-pure")
        # what pip installs with --target stands in bin/ beside the packages, whatever the wheel's record says
        files = [file.locate() for file in wheel.files or [] if file.stem == "graphviz-pure"]
        places += [*(pathlib.Path(str(file)).parent.resolve() for file in files), wheel.locate_file("bin")]
    places.append(os.environ.get("PATH", ""))
    return shutil.which("graphviz-pure", path=os.pathsep.join(map(str, places)))
