"""Turning DOT into an image with whatever Graphviz there is.

The order: what CHALKGRAD_DOT names, then `graphviz-pure` (a wheel with the program inside, installed with chalkgrad),
then a `dot` on the PATH. One that fails makes way for the next.
"""

import os
import pathlib
import shutil
import subprocess
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from typing import Any

import graphviz

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
        rendering = "skip_existing" in kwargs and kwargs["skip_existing"] is None  # graphviz's render calls it so
        if filename is not None and not rendering and _suffix(filename) in IMAGES:
            name = os.fspath(filename)
            raise ValueError(f"save writes the DOT text, and {name!r} names an image: render({name!r}) draws it")
        return str(super().save(filename, directory=directory, **kwargs))

    def render(self, filename: Any = None, directory: Any = None, **kwargs: Any) -> str:
        """Write the picture into a file and return its path.

        The file's name is the image's, its suffix (svg, png, jpg, pdf, …) the format. With no suffix, or one that is
        no image's, this is `graphviz.Digraph.render`, which writes the DOT text under that name and the image beside
        it. ValueError if format= contradicts the suffix, NoRendererError if nothing can draw it: pdf needs a system
        Graphviz.
        """
        suffix = _suffix(filename) if filename is not None else ""
        if suffix not in IMAGES or "outfile" in kwargs:
            return str(super().render(filename, directory=directory, **kwargs))
        path = pathlib.Path(directory or self.directory or "", filename)
        if kwargs.pop("format", None) not in (None, suffix):
            raise ValueError(f"the suffix of {path.name!r} says {suffix}, and format= something else: give one of them")
        if kwargs.pop("raise_if_result_exists", False) and path.exists():
            raise graphviz.FileExistsError(f"output file exists: {str(path)!r}")
        view = kwargs.pop("view", False)
        for about_the_source in ("cleanup", "overwrite_source"):
            kwargs.pop(about_the_source, None)  # no DOT text is written
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.pipe(format=suffix, **kwargs))
        if view:
            self._view(str(path), format=suffix, quiet=False)
        return str(path)

    # graphviz (>= 0.21, < 0.22) looks the three functions that run `dot` up here, each time.

    @property
    def _pipe_lines(self) -> Any:
        def pipe_lines(engine: str, format: str, lines: Iterable[str], **kwargs: Any) -> bytes:
            return render("".join(lines), format, **_settings(engine, kwargs))

        return pipe_lines

    @property
    def _pipe_lines_string(self) -> Any:
        def pipe_lines_string(engine: str, format: str, lines: Iterable[str], *, encoding: str, **kwargs: Any) -> str:
            return render("".join(lines), format, **_settings(engine, kwargs)).decode(encoding)

        return pipe_lines_string

    @property
    def _render(self) -> Any:
        def render_file(
            engine: str,
            format: str,
            filepath: str,
            *,
            outfile: str | None = None,
            raise_if_result_exists: bool = False,
            overwrite_filepath: bool = False,
            **kwargs: Any,
        ) -> str:
            settings = _settings(engine, kwargs)
            suffix = ".".join(reversed([format, *settings["via"]]))
            written = pathlib.Path(outfile if outfile is not None else f"{os.fspath(filepath)}.{suffix}")
            if raise_if_result_exists and written.exists():
                raise graphviz.FileExistsError(f"output file exists: {str(written)!r}")
            if not overwrite_filepath and written.resolve() == pathlib.Path(filepath).resolve():
                raise ValueError(f"outfile {written.name!r} would overwrite the DOT text: give it another name")
            image = render(pathlib.Path(filepath).read_text(encoding="utf-8"), format, **settings)
            written.write_bytes(image)
            return str(written)

        return render_file

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
    return pathlib.Path(filename).suffix[1:].lower()


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
    scripts = sysconfig.get_path("scripts")
    usual = shutil.which("graphviz-pure", path=scripts)
    if usual is not None:
        return usual
    try:
        wheel = metadata.distribution("graphviz-pure")
    except metadata.PackageNotFoundError:
        return shutil.which("graphviz-pure")
    for file in wheel.files or []:
        if file.stem == "graphviz-pure":
            # what pip installs with --target stands in bin/ beside the packages, whatever the wheel's record says
            for place in (file.locate(), wheel.locate_file("bin") / file.name):
                if os.path.isfile(str(place)):
                    return os.path.realpath(str(place))
    return shutil.which("graphviz-pure")


def _settings(engine: str, kwargs: Mapping[str, Any]) -> dict[str, Any]:
    via = tuple(kwargs[key] for key in ("renderer", "formatter") if kwargs.get(key) is not None)
    no_op = kwargs.get("neato_no_op")
    return {"engine": engine, "via": via, "flags": (f"-n{int(no_op)}",) if no_op else ()}
