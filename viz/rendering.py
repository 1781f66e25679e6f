"""Turns DOT into an image with any Graphviz on the machine.

The order: the program that CHALKGRAD_DOT names, then `graphviz-pure` (a wheel that contains the program, installed
with chalkgrad), then a `dot` on the PATH. If one fails, the next is tried.
"""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sysconfig
import time
from collections.abc import Iterable, Iterator
from importlib import metadata
from typing import Any

import graphviz

from .in_browser import drawing
from .notebook import in_a_cell
from .svg import tidied

__all__ = ["IMAGES", "NoRendererError", "Picture", "render", "write_whole"]

PURE_FORMATS = {"svg", "png", "jpg", "jpeg", "json", "json0", "plain", "plain-ext", "xdot", "dot", "gv", "canon"}
SMALLER = (
    "Graphviz takes long for many edges between distant values: draw an earlier value, label the values that matter "
    "and draw with melt=True, wrap it, or give it more time: picture.seconds = 60."
)
INSTALL = (
    "Install graphviz-pure (pip install graphviz-pure; svg, png, jpg) or Graphviz itself (apt, brew or winget install "
    "graphviz; pdf too)."
)
IMAGES = graphviz.FORMATS - {"canon", "cmap", "dot", "gv", "imap", "ismap", "xdot"}  # suffixes that name an image
BEGINNINGS = {"svg": (b"<?xml", b"<svg"), "png": (b"\x89PNG",), "jpg": (b"\xff\xd8",), "jpeg": (b"\xff\xd8",),
              "gif": (b"GIF8",), "pdf": (b"%PDF",), "ps": (b"%!PS",), "eps": (b"%!PS",)}  # fmt: skip


class NoRendererError(graphviz.ExecutableNotFound):  # type: ignore[misc]  # graphviz comes without types
    """No renderer could draw the picture. The message lists what was tried, and the remedy."""

    def __init__(self, format: str, tried: list[str], remedy: str) -> None:
        message = f"could not draw this picture as {format}: {'; '.join(tried)}. {remedy} "
        RuntimeError.__init__(self, f"{message}The picture's .source, its DOT text, is there all the same.")


class Picture(graphviz.Digraph):  # type: ignore[misc]  # graphviz comes without types
    """A `graphviz.Digraph` that any renderer on the machine can draw.

    `.source` is its DOT text. `.pipe(format="svg")` or `.pipe(format="png")` returns the image as bytes, and
    `.render("graph.svg")` writes a file. A notebook shows the picture. `.attr("graph", size="6,4!")` and
    `.attr("node", fontname="Times")` set attributes of Graphviz. Drawing raises NoRendererError if nothing on the
    machine can draw the format within `.seconds`, 10 by default.
    """

    seconds = 10.0  # the limit for all renderers together

    steps = 0  # how many steps the computation has, in a picture of one step

    def attr(self, kw: Any = None, _attributes: Any = None, **attrs: Any) -> None:
        """Sets attributes of the graph, or of all its nodes or edges, including those added before the call."""
        before = len(self.body)
        super().attr(kw, _attributes=_attributes, **attrs)
        if kw in ("node", "edge"):  # DOT applies defaults to later lines only
            added = self.body[before:]
            del self.body[before:]
            place = next((i for i, line in enumerate(self.body) if not _is_default(line)), len(self.body))
            self.body[place:place] = added

    def save(self, filename: Any = None, directory: Any = None, **kwargs: Any) -> str:
        """Writes the DOT text into a file and returns its path, as `graphviz.Digraph.save` does.

        Raises:
            ValueError: If the suffix is an image's, since no viewer would show DOT text: `.render` writes images.
        """
        if _suffix(filename) in IMAGES:
            name = os.fspath(filename)
            raise ValueError(f"save writes the DOT text, and {name!r} names an image: render({name!r}) draws it")
        return str(super().save(filename, directory=directory, **kwargs))

    def pipe(
        self, format: Any = None, renderer: Any = None, formatter: Any = None, neato_no_op: Any = None, *,
        engine: Any = None, encoding: Any = None
    ) -> Any:  # fmt: skip
        """Returns the image as bytes, or as text if an encoding is given.

        Raises:
            NoRendererError: If nothing can draw it.
        """
        via = tuple(part for part in (renderer, formatter) if part is not None)
        flags = (f"-n{int(neato_no_op)}",) if neato_no_op else ()
        image = render(self.source, format or self.format, engine or self.engine, via, flags, self.seconds)
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
        """Writes the picture into a file and returns its path.

        No other file is written, so `cleanup`, an argument of `graphviz.Digraph.render`, has no effect. An existing
        file is replaced only when the new image is complete.

        Args:
            filename: The image's name (or `outfile`). Its suffix (svg, png, jpg, pdf, …) is the format. If it has no
                suffix of an image, the format is added.
        Raises:
            ValueError: If format= contradicts the suffix.
            NoRendererError: If nothing can draw it. A pdf needs a system Graphviz.
        """
        if None not in (filename, outfile):
            raise ValueError(f"filename and outfile name the same image; got {filename!r} and {outfile!r}: give one")
        named = filename if outfile is None else outfile
        suffix = _suffix(named)
        if suffix in IMAGES:
            if format not in (None, suffix):
                name = os.path.basename(named)
                raise ValueError(f"the suffix of {name!r} says {suffix}, and format= something else: give one of them")
            format = suffix
        else:
            format = format or self.format
            stem = os.fspath(named or self.filename)
            named = ".".join(filter(None, [stem, how.get("formatter"), how.get("renderer"), format]))
        path = pathlib.Path(directory or self.directory, named)
        if raise_if_result_exists and path.exists():
            raise graphviz.FileExistsError(f"output file exists: {str(path)!r}")
        image = self.pipe(format, **how)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, image)
        if view:
            graphviz.view(str(path))
        return str(path)

    def __repr__(self) -> str:
        lines = self.source.count("\n")
        return f"<Picture, {lines} lines of DOT: .render('graph.svg') writes it, .source is the DOT>"

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None, **_: Any
    ) -> dict[str, Any]:
        """Returns what a notebook shows: the picture and, for front ends without pictures, a line of text."""
        try:
            shown = super()._repr_mimebundle_(include, exclude)
            if "image/svg+xml" in shown:
                shown["text/html"] = in_a_cell(shown["image/svg+xml"])
            return {**shown, "text/plain": repr(self)}
        except (graphviz.ExecutableNotFound, graphviz.CalledProcessError) as error:
            return {"text/plain": str(error)}


def render(
    source: str,
    format: str,
    engine: str = "dot",
    via: tuple[str, ...] = (),
    flags: tuple[str, ...] = (),
    seconds: float = Picture.seconds,
) -> bytes:
    """Draws DOT text as `format`, with the first renderer that succeeds. Raises NoRendererError if none does."""
    tried: list[str] = []
    if (tab := drawing()) is not None:
        return _ready(str(tab.draw(source, format, engine)).encode(), format)
    begun, late = time.monotonic(), False
    for title, program in _programs(format, engine, tried):
        left = seconds - (time.monotonic() - begun)
        if left <= 0:
            break
        command = [program, f"-K{engine}", f"-T{':'.join((format, *via))}", *flags]
        if title == "graphviz-pure":
            command.append("-q")
        try:
            run = subprocess.run(command, input=source.encode(), capture_output=True, timeout=left, check=False)
        except subprocess.TimeoutExpired:
            late = True
            tried.append(f"{title} had not finished after {left:.0f} seconds")
            continue
        except OSError as error:
            tried.append(f"{title} did not run ({error})")
            continue
        if run.returncode == 0 and run.stdout:
            if not run.stdout.startswith(BEGINNINGS.get(format, b"")):
                tried.append(f"{title} gave something else than {format}")
                continue
            return _ready(run.stdout, format)
        said = run.stderr.decode(errors="replace").strip().splitlines()
        tried.append(f"{title} failed ({said[0] if said else f'exit status {run.returncode}'})")
    raise NoRendererError(format, tried, SMALLER if late else INSTALL)


def write_whole(path: pathlib.Path, content: bytes) -> None:
    """Writes a file in one step: at any time its name holds the complete old content or the complete new content."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _ready(image: bytes, format: str) -> bytes:
    """Makes an image ready for viewers."""
    return tidied(image.decode()).encode() if format == "svg" else image


def _is_default(line: str) -> bool:
    """Returns whether a line of DOT sets default attributes."""
    return line.lstrip().startswith(("graph [", "node [", "edge ["))


def _suffix(filename: Any) -> str:
    """Returns a file name's suffix in lower case, without the dot."""
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
    """Finds the program of the graphviz-pure wheel in the places where pip may install it."""
    usual = shutil.which("graphviz-pure", path=sysconfig.get_path("scripts"))
    if usual is not None:
        return usual
    places: list[Any] = []
    with contextlib.suppress(metadata.PackageNotFoundError):
        wheel = metadata.distribution("graphviz-pure")
        # with --target, pip installs into bin/ beside the packages, though the wheel's record says otherwise
        files = [file.locate() for file in wheel.files or [] if file.stem == "graphviz-pure"]
        places += [*(pathlib.Path(str(file)).parent.resolve() for file in files), wheel.locate_file("bin")]
    places.append(os.environ.get("PATH", ""))
    return shutil.which("graphviz-pure", path=os.pathsep.join(map(str, places)))
