"""Claims of demos/guide/contributing.md: its map, its places and its commands are there."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "demos" / "guide" / "contributing.md").read_text(encoding="utf-8")


def test_its_map_shows_every_room():
    """Those within a room are on that room's own map."""
    shown, outer = set(), ""
    for indent, name in re.findall(r"^    ( *)(\w+)/ ", PAGE, re.M):
        shown.add(f"{outer}/{name}" if indent else name)
        outer = outer if indent else name
    packages = ("autograd", "nn", "viz")
    rooms = {path.parent.relative_to(ROOT) for name in packages for path in (ROOT / name).rglob("__init__.py")}
    assert shown == {*(str(room) for room in rooms if len(room.parts) < 3), "demos", "tests"}


@pytest.mark.parametrize("place", sorted(set(re.findall(r"`((?:autograd|nn|viz|tests|demos|\.ci)/[\w./]*)`", PAGE))))
def test_its_places_are_there(place):
    assert (ROOT / place).exists()


def test_its_commands_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:^|`)make (\w+)", PAGE, re.M):
        assert re.search(rf"^{target}:", makefile, re.M), target
    modules = re.findall(r"python -m ((?:demos|tests)[\w.]*)", PAGE)
    assert len(modules) > 5
    assert [module for module in modules if not importlib.util.find_spec(module)] == []


def test_tables_that_it_names_are_in_the_files_that_hold_them():
    for name, file in (("ROOMS", "tests/test_structure.py"), ("LATE", "tests/test_structure.py"),
                       ("WITH_NUMPY", "tests/test_structure.py"), ("LATE", "autograd/__init__.py"),
                       ("RULES", "autograd/lifting/passes/reverse.py"),
                       ("RULES", "autograd/lifting/passes/tangents.py"),
                       ("KINDS", "autograd/lifting/printing/expressions.py"),
                       ("KINDS", "autograd/lifting/equations/equations.py")):  # fmt: skip
        assert f"`{name}`" in PAGE
        assert re.search(rf"^{name}\b.* = ", (ROOT / file).read_text(encoding="utf-8"), re.M), (name, file)
