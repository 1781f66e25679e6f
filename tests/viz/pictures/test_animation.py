"""Claims about frames: a picture for each step, as files and as a GIF."""

import builtins
import importlib

import pytest

from autograd import Value
from nn import MLP, compare
from viz import draw, draw_network, frames


def graph():
    x = Value(3.0, "x")
    return (x * x + 1).tanh()


def test_there_is_a_picture_for_each_step():
    C = graph()
    steps = frames(C, size=20, style="grey")
    assert [picture.source for picture in steps] == [
        draw(C, step=k, size=20, style="grey").source for k in range(len(steps))
    ]
    assert len(steps) == 1 + draw(C, step=0).steps == 1 + 3 + 1 + 4  # nothing, three operations, the seed, four edges
    both = compare(MLP(1, [1], seed=1), [1.0], [1.0])
    assert frames(both)[-1].source == draw_network(both, step=4).source
    assert [picture.source for picture in steps[2:4]] == [steps[2].source, steps[3].source]


def test_numbered_files(tmp_path):
    paths = frames(graph()).save(tmp_path / "new", format="png")
    assert [path.removeprefix(f"{tmp_path}/new/") for path in paths] == [f"0{k}.png" for k in range(9)]
    assert all((tmp_path / "new" / f"0{k}.png").read_bytes().startswith(b"\x89PNG") for k in range(9))


def test_one_animated_gif(tmp_path):
    Image = pytest.importorskip("PIL.Image", reason="a GIF needs Pillow, which is not installed")
    steps = frames(graph())
    assert steps.gif(tmp_path / "new" / "a.gif", seconds=0.5) == str(tmp_path / "new" / "a.gif")
    with Image.open(tmp_path / "new" / "a.gif") as image:
        assert image.n_frames == len(steps)
        shown = []
        for k in range(image.n_frames):
            image.seek(k)
            shown.append((image.info["duration"], image.convert("RGB").tobytes()))
    assert [ms for ms, _ in shown] == [500] * 8 + [1500]
    assert len({pixels for _, pixels in shown}) == len(steps), "each shows something new"


def test_without_pillow_the_error_names_the_extra(monkeypatch, tmp_path):
    def no_pillow(name, *rest, **how):
        if name.startswith("PIL"):
            raise ImportError(name)
        return real(name, *rest, **how)

    real = builtins.__import__
    monkeypatch.setattr(builtins, "__import__", no_pillow)
    with pytest.raises(ImportError, match=r"pip install pillow \(or chalkgrad's extra, gif\)"):
        frames(graph()).gif(tmp_path / "a.gif")
    assert importlib.import_module("viz.pictures.animation")
    assert not list(tmp_path.iterdir())


def test_what_frames_takes(tmp_path):
    with pytest.raises(TypeError, match=r"frames shows a Value, or what compare\(model, x, y\) returned; got MLP"):
        frames(MLP(1, [1]))
    with pytest.raises(TypeError, match=r"frames\(C\)\[step\] is one"):
        frames(graph(), step=3)
    with pytest.raises(ValueError, match=r"gif writes a GIF; got 'a\.png'"):
        frames(graph()).gif("a.png")
    with pytest.raises(ValueError, match=r"seconds is how long a picture stands, 0\.02 to 600; got 0"):
        frames(graph()).gif(tmp_path / "a.gif", seconds=0)
