"""Claims about drawing without a system Graphviz, and about the next renderer if one fails."""

import gc
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import graphviz
import pytest

from autograd import Value
from nn import MLP, compare
from viz import NoRendererError, Picture, draw, draw_network, rendering


@pytest.fixture
def picture():
    y = Value(2.0, "x") * 3
    y.backward()
    return draw(y)


@pytest.fixture
def no_dot(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHALKGRAD_DOT", raising=False)
    return tmp_path


@pytest.fixture
def no_pure(monkeypatch):
    monkeypatch.setattr(rendering, "_graphviz_pure", lambda: None)


def program(folder: Path, name: str, says: str = "", status: int = 0, complains: str = "") -> Path:
    """Makes a program that reads its input, prints `says`, writes an error, and ends with `status`."""
    path = folder / name
    path.write_text(
        f"#!{sys.executable}\nimport sys\nsys.stdin.read()\n"
        f"sys.stdout.write({says!r})\nsys.stderr.write({complains!r})\nsys.exit({status})\n"
    )
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return path


def test_without_a_dot_on_the_path(picture, no_dot):
    assert shutil.which("dot") is None
    assert picture.pipe(format="svg").startswith(b"<?xml")
    assert picture.pipe(format="png").startswith(b"\x89PNG\r\n")
    assert picture.pipe(encoding="utf-8").startswith("<?xml")
    assert "∂v1/∂x" in picture.pipe(format="svg", encoding="utf-8")


def test_a_viewer_without_helvetica_takes_a_font_of_the_same_widths(picture):
    image = picture.pipe(format="svg")
    assert b'font-family="Helvetica,Arial,Liberation Sans,' in image
    assert b'font-family="Helvetica,sans-Serif"' not in image


def test_into_a_file(picture, no_dot, tmp_path):
    for name, start in (("a.svg", b"<?xml"), ("a.png", b"\x89PNG")):
        written = picture.render(outfile=tmp_path / name, cleanup=True)
        assert Path(written).read_bytes().startswith(start)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.png", "a.svg"]
    written = picture.render("graph", directory=tmp_path)
    assert Path(written).name == "graph.svg"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.png", "a.svg", "graph.svg"], "and no stray file"
    with pytest.raises(graphviz.FileExistsError, match="output file exists"):
        picture.render(outfile=tmp_path / "a.svg", raise_if_result_exists=True)
    with pytest.raises(ValueError, match=r"filename and outfile name the same image; .*: give one"):
        picture.render(filename="same.svg", directory=tmp_path, outfile=tmp_path / "same.svg")


def test_a_file_name_with_an_images_suffix_is_the_images(picture, tmp_path):
    for name, start in (("a.svg", b"<?xml"), ("b.png", b"\x89PNG")):
        assert picture.render(tmp_path / name) == str(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(start)
    assert picture.render("c.PNG", directory=tmp_path, format="png", cleanup=True) == str(tmp_path / "c.PNG")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.svg", "b.png", "c.PNG"]
    with pytest.raises(ValueError, match=r"the suffix of 'a\.svg' says svg, and format= something else"):
        picture.render(tmp_path / "a.svg", format="png")
    with pytest.raises(graphviz.FileExistsError):
        picture.render(tmp_path / "a.svg", raise_if_result_exists=True)


def test_save_writes_dot_and_nothing_that_is_called_an_image(picture, tmp_path):
    """Pages are saved and pictures rendered. A mix-up is an error, so that no broken image is written."""
    assert picture.save("graph.gv", directory=tmp_path) == str(tmp_path / "graph.gv")
    assert (tmp_path / "graph.gv").read_text(encoding="utf-8") == picture.source
    with pytest.raises(ValueError, match=r"save writes the DOT text, and 'a\.SVG' names an image: render\('a\.SVG'\)"):
        picture.save("a.SVG", directory=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["graph.gv"]


def test_what_a_renderer_is_asked_for(picture, no_dot, monkeypatch, tmp_path):
    """renderer, formatter and neato_no_op reach the program in Graphviz's form."""
    echo = tmp_path / "echo"
    echo.write_text(f"#!{sys.executable}\nimport sys\nsys.stdin.read()\nprint('<?xml', *sys.argv[1:])\n")
    echo.chmod(echo.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("CHALKGRAD_DOT", str(echo))
    asked = picture.pipe(format="svg", renderer="cairo", formatter="core", engine="neato", neato_no_op=2)
    assert asked.decode().split() == ["<?xml", "-Kneato", "-Tsvg:cairo:core", "-n2"]
    written = picture.render("graph", directory=tmp_path, format="svg", renderer="cairo")
    assert Path(written).name == "graph.cairo.svg"


def test_drawing_leaves_nothing_for_the_collector(picture):
    picture.pipe(format="svg")
    gc.collect()
    picture.pipe(format="svg")
    assert gc.collect() == 0


def test_svg_is_the_default_format(picture):
    assert picture.format == "svg"
    assert isinstance(picture, graphviz.Digraph)


def test_a_failing_renderer_makes_way_for_the_next(picture, no_dot, monkeypatch, tmp_path):
    failing = program(tmp_path, "failing", says="half an image", status=1, complains="lost an edge\n")
    program(tmp_path, "dot", says="<svg from dot/>")
    monkeypatch.setattr(rendering, "_graphviz_pure", lambda: str(failing))
    assert picture.pipe() == b"<svg from dot/>"


def test_when_all_fail_the_error_says_what_was_tried(picture, no_dot, monkeypatch, tmp_path):
    failing = program(tmp_path, "failing", status=1, complains="lost an edge\nand more\n")
    program(tmp_path, "dot", status=3)
    monkeypatch.setattr(rendering, "_graphviz_pure", lambda: str(failing))
    with pytest.raises(NoRendererError) as caught:
        picture.pipe()
    message = str(caught.value)
    assert (
        "could not draw this picture as svg: graphviz-pure failed (lost an edge); dot failed (exit status 3)" in message
    )
    assert "pip install graphviz-pure" in message
    assert ".source" in message
    assert isinstance(caught.value, graphviz.ExecutableNotFound)


def test_drawing_ends_after_ten_seconds_and_then_says_why(picture, no_dot, monkeypatch, tmp_path):
    """All renderers share the time; the remedy is for a graph that is hard to lay out, not for a missing program."""
    assert picture.seconds == 10
    picture.seconds = 0.3
    slow = tmp_path / "slow"
    slow.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(60)\n")
    slow.chmod(slow.stat().st_mode | stat.S_IEXEC)
    program(tmp_path, "dot", says="<svg from dot/>")
    monkeypatch.setattr(rendering, "_graphviz_pure", lambda: str(slow))
    with pytest.raises(NoRendererError, match=r"graphviz-pure had not finished after 0 seconds.*melt=True") as caught:
        picture.pipe()
    assert "nstall" not in str(caught.value)
    assert "dot failed" not in str(caught.value)


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_what_is_no_image_of_the_format_is_not_taken_for_one(kind, picture, no_dot, no_pure, monkeypatch, tmp_path):
    monkeypatch.setenv("CHALKGRAD_DOT", str(program(tmp_path, "echo", says="-Kdot -Tsvg\n")))
    with pytest.raises(NoRendererError, match=rf"echo gave something else than {kind}; graphviz-pure"):
        picture.pipe(format=kind)


def test_onto_a_full_disk_the_old_file_stays(picture, tmp_path):
    """A child process with a small limit for file sizes stands for a full disk."""
    (tmp_path / "a.svg").write_bytes(b"the old picture")
    code = (
        "import resource, signal; from autograd import Value; from viz import draw; "
        "picture = draw(Value(2.0, 'x') * 3); image = picture.pipe(); "
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)); "
        "picture.pipe = lambda *how, **more: image; picture.render('a.svg')"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "File too large" in run.stderr
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.svg", b"the old picture")]


def test_attributes_of_nodes_and_edges_reach_those_that_there_are(picture):
    """The type of a finished picture becomes larger, also in subgraphs."""
    small = picture.pipe(encoding="utf-8")
    picture.attr("node", fontsize="40")
    picture.attr("edge", penwidth="9", color="#00ff00")
    large = picture.pipe(encoding="utf-8")
    assert 'font-size="40.00"' in large
    assert 'font-size="40.00"' not in small
    assert 'stroke="#00ff00"' in large, "the edge that has no colour of its own"
    model = MLP(1, [1], seed=1)
    network = draw_network(compare(model, [1.0], [1.0]))
    network.attr("node", fontsize="40")
    image = network.pipe(encoding="utf-8")
    assert re.search('<g id="graph0"[^>]* font-size="40.00"', image), "of most texts"
    assert len(re.findall("<text (?![^>]*font-size)", image)) > 8


def test_when_there_is_none(picture, no_dot, no_pure):
    with pytest.raises(NoRendererError, match="graphviz-pure is not installed; there is no dot on the PATH"):
        picture.pipe()
    assert picture.source.startswith("digraph {")


def test_pdf_needs_a_system_graphviz(picture, no_dot):
    with pytest.raises(NoRendererError, match=r"as pdf: graphviz-pure does not draw pdf with dot; there is no dot"):
        picture.pipe(format="pdf")
    program(no_dot, "dot", says="%PDF")
    assert picture.pipe(format="pdf") == b"%PDF"


def test_choosing_a_renderer(picture, no_dot, monkeypatch, tmp_path):
    program(tmp_path, "dot", says="<svg from dot>")
    mine = program(tmp_path, "mine", says="<svg mine>")
    for chosen, expected in (("", b"<?xml"), ("graphviz-pure", b"<?xml"), ("system", b"<svg from dot>"), 
                             (str(mine), b"<svg mine>"), ("/no/such/program", b"<?xml")):  # fmt: skip
        monkeypatch.setenv("CHALKGRAD_DOT", chosen)
        assert picture.pipe().startswith(expected)


def test_the_program_is_found_beside_the_wheel_wherever_that_is(monkeypatch, tmp_path):
    found = rendering._graphviz_pure()
    assert found is not None
    assert os.access(found, os.X_OK)
    monkeypatch.setattr(rendering.sysconfig, "get_path", lambda name: str(tmp_path))  # as after pip --user or --target
    assert rendering._graphviz_pure() == found


def test_a_notebook_shows_the_picture_and_a_line_of_text(picture, no_dot):
    bundle = picture._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/svg+xml", "text/plain"}
    assert bundle["image/svg+xml"] == picture.pipe(encoding="utf-8")
    assert bundle["text/plain"] == repr(picture)


def test_a_repr_says_what_to_do(picture):
    lines = len(picture.source.splitlines())
    assert repr(picture) == f"<Picture, {lines} lines of DOT: .render('graph.svg') writes it, .source is the DOT>"


def test_a_notebook_cell_never_fails(picture, no_dot, no_pure):
    bundle = picture._repr_mimebundle_()
    assert set(bundle) == {"text/plain"}
    assert "could not draw this picture as svg" in bundle["text/plain"]


def test_bad_dot_is_an_error():
    broken = Picture(format="svg")
    broken.body.append("a -> [")
    with pytest.raises(NoRendererError, match="syntax error"):
        broken.pipe()


def test_a_system_graphviz_draws_the_same_pictures(picture, monkeypatch):
    if shutil.which("dot") is None:
        pytest.skip("there is no system Graphviz (dot) on the PATH to draw with")
    monkeypatch.setenv("CHALKGRAD_DOT", "system")
    assert picture.pipe(format="svg").startswith(b"<?xml")
    assert picture.pipe(format="pdf").startswith(b"%PDF")


def test_of_graphviz_nothing_private_is_used():
    """Any later version can be used, as only documented methods of its classes are overridden."""
    inherited = {name for name in vars(rendering.Picture) if hasattr(graphviz.Digraph, name)}
    own = {name for name in inherited - {*dir(object)} if not re.fullmatch("__[a-z_]+__", name)}  # Python adds some
    assert own == {"attr", "save", "pipe", "render", "_repr_mimebundle_"}  # notebooks call the last one
    text = Path(rendering.__file__).read_text(encoding="utf-8")
    assert set(re.findall(r"graphviz\.(\w+)", text)) <= set(dir(graphviz))
    assert re.findall(r"graphviz\._\w+|super\(\)\._(?!repr_mimebundle_)\w+", text) == []
